//! What forecasts, plans and backtests stand on: per partner its open opportunities, what is known of each, and the
//! outlook of every checklist; over all partners what the snapshots teach.
//!
//! ```text
//!  Source ─ bucket by bucket ─▶ evaluation ─▶ outlooks, open rows      ┐
//!                          └──▶ stage history ─▶ episodes ─▶ exposures ┴─▶ Gathered ─▶ launch model, curves
//! ```

mod assumptions;
mod histories;
mod notes;
mod past;
mod quarters;

pub use assumptions::Assumptions;
pub use notes::notes;
pub use past::Testing;
pub use quarters::{Chances, Forecasting};

use crate::commands::{check_partners, keep_partners};
use crate::error::CliError;
use crate::pipeline::{Quality, Source};
use crate::rules::Assigned;
use aceq_forecast::{
    Defaults, Episode, Exposures, Hazards, Ignored, Known, Landmarks, LaunchCurve, LaunchModel, Origin, Stage, State,
};
use aceq_metrics::{ArrivalRow, Engine, Evaluation, Launches, OpenRow, PLACES_PER_ARRIVAL, Timeline};
use aceq_model::{AsOf, Bucket, CountKey, Status, TableId, days_from_date};
use aceq_timeline::Outlook;
use chrono::NaiveDate;
use histories::{Histories, Id, OpportunityFacts};
use rayon::prelude::{IntoParallelIterator, IntoParallelRefIterator, ParallelIterator};
use std::collections::{BTreeMap, BTreeSet};

/// All that was gathered.
pub struct Gathered {
    /// The partners asked for, by id.
    pub partners: Vec<PartnerOutlook>,
    /// What the snapshots of all partners teach.
    pub exposures: Exposures,
    /// What of them could not be used.
    pub ignored: Ignored,
    /// Days of snapshots, ascending.
    pub snapshots: Vec<i32>,
    /// What was noticed about the rows.
    pub quality: Quality,
}

/// One partner.
pub struct PartnerOutlook {
    /// Its id.
    pub partner_id: String,
    /// Its number in the launch model.
    number: u32,
    /// Open opportunities.
    pub open: Vec<OpenRow>,
    /// What is known of each.
    pub known: Vec<Known>,
    /// Deals that may come, as they would be known on their first day.
    arrivals: Vec<Known>,
    /// Opportunities that are closed: launched, lost.
    pub closed: (usize, usize),
    /// Per assigned checklist.
    pub checklists: Vec<ChecklistOutlook>,
}

/// One partner and checklist.
pub struct ChecklistOutlook {
    /// What launches would change.
    pub outlook: Outlook,
    /// What each row of it is.
    pub rows: Vec<RowFacts>,
}

/// What a row is, and what it answers if nothing launches.
pub struct RowFacts {
    /// The count.
    pub key: CountKey,
    /// The count asked for, in hundredths.
    pub required: i64,
    /// Whether counts are sums of money.
    pub is_sum: bool,
    /// Status and confirmed count on each date of the checklist.
    pub held: Vec<(Status, i64)>,
}

/// What is gathered, and as of when.
#[derive(Clone, Copy)]
pub struct Gathering<'g> {
    /// Checklists and their dates.
    pub assigned: &'g [Assigned<'g>],
    /// Partners to look at; all for an empty list.
    pub partners: &'g [String],
    /// The day from which is looked ahead.
    pub from: AsOf,
    /// Whether deals come that do not exist yet.
    pub arrivals: Arrivals,
}

/// Deals that do not exist yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrivals {
    /// None are counted on.
    None,
    /// Those of the last year come again every year.
    AsLastYear,
}

impl From<bool> for Arrivals {
    fn from(asked: bool) -> Self {
        if asked { Self::AsLastYear } else { Self::None }
    }
}

impl Gathered {
    /// Goes through the source once.
    ///
    /// # Errors
    /// When rows cannot be read or evaluated, or a partner is not there.
    pub fn gather(source: &Source, engine: &Engine<'_>, gathering: Gathering<'_>) -> Result<Self, CliError> {
        let snapshots = snapshot_days(source);
        let published = Histories::published(source)?;
        let mut all = Self {
            partners: Vec::new(),
            exposures: Exposures::default(),
            ignored: Ignored::default(),
            snapshots,
            quality: source.file_quality()?,
        };
        let mut seen = BTreeSet::new();
        let mut first_number = 0u32;
        source.for_each_bucket(|bucket, mut noticed| {
            let histories = match noticed.stage_history.take() {
                Some(batch) => Histories::of_batch(&batch)?,
                None => published.of_partners(&bucket.partners),
            };
            all.quality.add(noticed)?;
            seen.extend(bucket.partners.iter().cloned());
            let past = all.learn(histories, &bucket, first_number);
            first_number += u32::try_from(bucket.partners.len()).unwrap_or(u32::MAX);
            let bucket = keep_partners(bucket, gathering.partners);
            let launches = engine.as_if_launched(&bucket)?;
            let evaluation = engine.evaluate(&bucket)?;
            let looking = Looking { evaluation: &evaluation, launches: &launches, gathering, past: &past };
            let partners = (0..evaluation.partners.len()).into_par_iter().map(|index| looking.partner(index));
            all.partners.extend(partners.collect::<Vec<_>>());
            Ok(())
        })?;
        check_partners(gathering.partners, &seen)?;
        all.partners.sort_by(|a, b| a.partner_id.cmp(&b.partner_id));
        Ok(all)
    }

    /// Adds what the histories of a bucket teach; its partners are numbered from `first` on.
    fn learn(&mut self, histories: Histories, bucket: &Bucket, first: u32) -> Past {
        let numbers: BTreeMap<String, u32> = bucket.partners.iter().cloned().zip(first..).collect();
        let facts = OpportunityFacts::of_bucket(bucket);
        let (episodes, ignored) = histories.episodes(&numbers, &facts);
        self.ignored = self.ignored.plus(ignored);
        let days = numbers.values().map(|number| (*number, self.snapshots.clone())).collect();
        let list: Vec<Episode> = episodes.values().cloned().collect();
        self.exposures.merge(Exposures::new(&list, &days, Landmarks::default()));
        Past { numbers, facts, episodes }
    }

    /// The launch model that the snapshots teach.
    pub fn model(&self) -> LaunchModel {
        LaunchModel::fitted(&self.exposures, &Defaults::default())
    }

    /// Launched among the closed opportunities of all partners.
    pub fn win_rate(&self) -> f64 {
        let closed = self.partners.iter().fold((0, 0), |sum, one| (sum.0 + one.closed.0, sum.1 + one.closed.1));
        share(closed.0, closed.1)
    }

    /// Day of the newest snapshot.
    pub fn known_at(&self) -> Option<NaiveDate> {
        self.snapshots.last().copied().and_then(aceq_model::date_from_days)
    }
}

impl PartnerOutlook {
    /// Launch curves of the open opportunities, up to `until`.
    pub fn curves(&self, model: &LaunchModel, until: i32) -> Vec<LaunchCurve> {
        let mut curves: Vec<LaunchCurve> =
            self.known.par_iter().map(|known| LaunchCurve::new(model, self.number, known, until)).collect();
        for arrival in &self.arrivals {
            let comes = LaunchCurve::of_hazards(arrival.day - 7, std::iter::once(Hazards { launched: 0.5, lost: 0.5 }));
            let launches = LaunchCurve::new(model, self.number, arrival, until).scaled(0.5);
            for _ in 0..PLACES_PER_ARRIVAL / 2 {
                curves.extend([comes.clone(), launches.clone()]);
            }
        }
        curves
    }

    /// Curves of the baseline "win rate × open": the share of the partner's closed deals that were launched, or
    /// `overall` where it has few, within the first week.
    pub fn at_win_rate(&self, overall: f64) -> Vec<LaunchCurve> {
        let (launched, lost) = self.closed;
        let rate = if launched + lost < FEW_CLOSED { overall } else { share(launched, lost) };
        let hazards = Hazards { launched: rate, lost: 1.0 - rate };
        let open = self.known.iter().map(|known| LaunchCurve::of_hazards(known.day, std::iter::once(hazards)));
        // The baseline knows only what exists.
        let never = LaunchCurve::of_hazards(0, std::iter::empty());
        open.chain(std::iter::repeat_n(never, self.arrivals.len() * PLACES_PER_ARRIVAL)).collect()
    }

    /// Numbers of the open opportunities: the digits of their ids.
    pub fn numbers(&self) -> Vec<u64> {
        let number = |row: &OpenRow| {
            let digits = row.opportunity_id.bytes().filter(u8::is_ascii_digit);
            digits.fold(0u64, |number, digit| number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')))
        };
        let arrivals = (0..(self.arrivals.len() * PLACES_PER_ARRIVAL) as u64).map(|place| u64::MAX - place);
        self.open.iter().map(number).chain(arrivals).collect()
    }
}

/// Closed opportunities below which a partner's own win rate says little.
const FEW_CLOSED: usize = 5;

/// Launched among closed; a half where nothing is closed.
fn share(launched: usize, lost: usize) -> f64 {
    if launched + lost == 0 { 0.5 } else { launched as f64 / (launched + lost) as f64 }
}

/// Days of the snapshots of opportunities that are used, ascending, each once.
fn snapshot_days(source: &Source) -> Vec<i32> {
    let dated = source.used_files().into_iter().filter(|file| file.table == TableId::Opportunities);
    let days: BTreeSet<i32> = dated.filter_map(|file| file.known_snapshot()).map(days_from_date).collect();
    days.into_iter().collect()
}

/// What is known of the past of a bucket's partners.
struct Past {
    numbers: BTreeMap<String, u32>,
    facts: OpportunityFacts,
    episodes: BTreeMap<Id, Episode>,
}

/// A bucket that is looked at partner by partner.
struct Looking<'l> {
    evaluation: &'l Evaluation<'l>,
    launches: &'l Launches,
    gathering: Gathering<'l>,
    past: &'l Past,
}

impl Looking<'_> {
    fn partner(&self, index: usize) -> PartnerOutlook {
        let partner_id = self.evaluation.partners[index].partner_id.clone();
        let open = self.evaluation.open_rows(self.launches, index);
        let arrivals = self.arrivals(index);
        let checklist = |(place, assigned): (usize, &Assigned<'_>)| ChecklistOutlook {
            outlook: self.evaluation.outlook(self.launches, place, index, &arrivals),
            rows: self.row_facts(place, index, assigned),
        };
        let known = |row: &OpenRow| {
            let episode = self.past.episodes.get(&(partner_id.clone(), row.opportunity_id.clone()));
            known(row, episode, self.gathering.from)
        };
        PartnerOutlook {
            number: self.past.numbers.get(&partner_id).copied().unwrap_or(u32::MAX),
            known: open.iter().map(known).collect(),
            checklists: self.gathering.assigned.iter().enumerate().map(checklist).collect(),
            closed: self.past.facts.closed(&partner_id),
            arrivals: arrivals.iter().map(|arrival| self.known_arrival(&partner_id, arrival)).collect(),
            open,
            partner_id,
        }
    }

    fn arrivals(&self, index: usize) -> Vec<ArrivalRow> {
        let Gathering { assigned, from, arrivals, .. } = self.gathering;
        match arrivals {
            Arrivals::None => Vec::new(),
            Arrivals::AsLastYear => {
                let until = assigned.iter().flat_map(|one| &one.as_of).max().unwrap_or(&from);
                self.evaluation.arrival_rows(index, from.date(), until.date())
            }
        }
    }

    /// On its first day: in the stage, and as far from its target, as the deal that it is like was when first seen.
    fn known_arrival(&self, partner_id: &str, arrival: &ArrivalRow) -> Known {
        let day = days_from_date(arrival.created);
        let model = self.past.episodes.get(&(partner_id.to_owned(), arrival.opportunity_id.clone()));
        let seen = model.and_then(|episode| episode.known_on(episode.entered()));
        Known {
            day,
            stage: seen.map_or(Stage::Prospect, |seen| seen.stage),
            origin: Origin::from_name(arrival.origin.as_deref()),
            age: Some(0),
            target: seen.and_then(|seen| Some(day + (seen.target? - seen.day))),
            slips: 0,
            created: Some(day),
        }
    }

    fn row_facts(&self, checklist: usize, partner: usize, assigned: &Assigned<'_>) -> Vec<RowFacts> {
        let evaluated = &self.evaluation.partners[partner];
        let rules = assigned.checklist;
        let held = |timeline: &Timeline, date: &AsOf| {
            let outcome = timeline.steps.at(date.days());
            (outcome.status, outcome.bounds.confirmed)
        };
        let facts = |timeline: &Timeline| RowFacts {
            key: CountKey {
                partner_id: evaluated.partner_id.clone(),
                program: rules.program.clone(),
                version: rules.version.clone(),
                requirement_id: timeline.requirement.map_or("*", |at| rules.requirements[at].id.as_str()).to_owned(),
                reading: timeline.reading.clone(),
                member: timeline.member.clone(),
            },
            required: timeline.required,
            is_sum: timeline.is_sum,
            held: assigned.as_of.iter().map(|date| held(timeline, date)).collect(),
        };
        evaluated.checklists[checklist].iter().map(facts).collect()
    }
}

/// What is known of an open opportunity: from its episode where snapshots show it, else from its row alone.
fn known(row: &OpenRow, episode: Option<&Episode>, from: AsOf) -> Known {
    let stage = match State::from_name(&row.stage) {
        Some(State::Open(stage)) => stage,
        Some(State::Launched | State::Lost) | None => Stage::Prospect,
    };
    let target = row.target.map(days_from_date);
    let seen = episode.and_then(|episode| episode.known_on(episode.open_until));
    match seen {
        Some(known) if known.stage == stage => Known { target: target.or(known.target), ..known },
        // What the user corrected is believed; since when it is so is not known.
        Some(known) => Known { stage, age: None, target: target.or(known.target), ..known },
        None => {
            let day = row.snapshot.map_or(from.days(), days_from_date);
            Known {
                day,
                stage,
                origin: Origin::from_name(row.origin.as_deref()),
                age: None,
                target,
                slips: 0,
                created: row.created.map(days_from_date).filter(|created| *created <= day),
            }
        }
    }
}
