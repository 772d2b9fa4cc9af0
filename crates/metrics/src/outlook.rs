//! What launches of open opportunities would change: each open row is judged once more as if it had launched.
//!
//! ```text
//!  opportunities as they are ──▶ truths ─┐
//!            │ open rows: stage := Launched, stage ranks with it
//!            ▼                           ├──▶ per rule and row: counts now? would count, once launched?
//!  opportunities as if launched ─▶ truths ┘            │
//!                                                     ▼
//!                                      Outlook: sure units, units at stake, logic of every row
//! ```
//!
//! Every row is judged so, the open ones to forecast them, the others as models of deals that may still come: those of
//! the last year are taken to come again, if that is asked for.
//!
//! Nothing else of the row changes: revenue, review, products stay as the newest snapshot has them. Stages short of a
//! launch are not looked ahead to; a launch brings them with it.

mod arrivals;
mod launches;

pub use arrivals::{ArrivalRow, PLACES_PER_ARRIVAL};
pub use launches::Launches;

use crate::count::strict_name;
use crate::engine::{Evaluation, Timeline};
use crate::plan::members;
use crate::rows::Rows;
use crate::units::unit_of;
use crate::view::{NO_UNIT, TableView, date_at};
use aceq_checklist::{
    Checklist, Combination, CountRule, Member, Members, Requirement, Role, Rule, RuleWindow, Term, Unit,
};
use aceq_model::TableId;
use aceq_timeline::{
    CountOutlook, Interval, LaunchDates, LaunchPart, Level, Logic, Outcome, Outlook, RowOutlook, Span, StakeUnit,
    Steps, Truth, count_units,
};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// An open opportunity of a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRow {
    /// ACE id.
    pub opportunity_id: String,
    /// What a person would call it: the customer.
    pub label: String,
    /// Stage, by its canonical name.
    pub stage: String,
    /// Origin, by its canonical name.
    pub origin: Option<String>,
    /// Day of creation.
    pub created: Option<NaiveDate>,
    /// Target close date.
    pub target: Option<NaiveDate>,
    /// Day of the newest snapshot that decided the row.
    pub snapshot: Option<NaiveDate>,
    /// File of the row.
    pub source_file: String,
    /// Worksheet; empty for formats without.
    pub source_sheet: String,
    /// Line.
    pub source_line: i64,
}

impl Evaluation<'_> {
    /// The open opportunities of the `partner`-th partner, in the order of its rows.
    pub fn open_rows(&self, launches: &Launches, partner: usize) -> Vec<OpenRow> {
        let Some(view) = self.views.table(TableId::Opportunities) else { return Vec::new() };
        let rows = view.range(partner).filter(|row| launches.open[*row]);
        rows.map(|row| open_row(view, row)).collect()
    }

    /// What launches would change in the engine's `checklist`-th checklist for the `partner`-th partner. Launches are
    /// named by their place in [`Self::open_rows`]; after those come [`PLACES_PER_ARRIVAL`] for each of `arrivals`.
    pub fn outlook(&self, launches: &Launches, checklist: usize, partner: usize, arrivals: &[ArrivalRow]) -> Outlook {
        let rules = self.checklists[checklist];
        let timelines = &self.partners[partner].checklists[checklist];
        let builder = Builder { evaluation: self, launches, checklist: rules, partner, timelines, arrivals };
        builder.outlook()
    }
}

fn open_row(view: &TableView, row: usize) -> OpenRow {
    let text = |column: &str| Some(view.text_at(column, row).to_owned()).filter(|text| !text.is_empty());
    OpenRow {
        opportunity_id: view.row_id(row),
        label: view.label(row).to_owned(),
        stage: view.text_at("stage", row).to_owned(),
        origin: text("origin"),
        created: date_at(view.dates("created_date"), row),
        target: date_at(view.dates("target_close_date"), row),
        snapshot: date_at(view.dates("snapshot_date"), row),
        source_file: view.text_at("source_file", row).to_owned(),
        source_sheet: view.text_at("source_sheet", row).to_owned(),
        source_line: view.longs("source_line").value(row),
    }
}

struct Builder<'b> {
    evaluation: &'b Evaluation<'b>,
    launches: &'b Launches,
    checklist: &'b Checklist,
    partner: usize,
    timelines: &'b [Timeline],
    arrivals: &'b [ArrivalRow],
}

/// What launches do to one count.
enum Stake {
    None,
    NotFollowed,
    Count(CountOutlook),
}

/// The rows of one reading: its own, then those of its members.
type Reading = Vec<RowOutlook>;

impl Builder<'_> {
    fn outlook(&self) -> Outlook {
        let mut outlook = Outlook::default();
        let mut own: Vec<Option<Vec<Reading>>> = (0..self.checklist.requirements.len()).map(|_| None).collect();
        for index in 0..own.len() {
            self.requirement(index, &mut own, &mut outlook.counts);
        }
        let own: Vec<Vec<Reading>> = own.into_iter().flatten().collect();
        let required = self.checklist.requirements.iter().zip(&own).filter(|(one, _)| one.role == Role::Required);
        let parts: Vec<&RowOutlook> = required.map(|(_, readings)| &readings[0][0]).collect();
        let whole = RowOutlook {
            logic: Logic::all(parts.iter().map(|part| part.logic.clone()).collect()),
            count: None,
            part: together(parts.iter().copied()),
        };
        outlook.rows.push(whole);
        outlook.rows.extend(own.into_iter().flatten().flatten());
        outlook
    }

    /// Fills `own[index]`, and before it whatever the requirement combines.
    fn requirement(&self, index: usize, own: &mut Vec<Option<Vec<Reading>>>, counts: &mut Vec<CountOutlook>) {
        if own[index].is_some() {
            return;
        }
        let requirement = &self.checklist.requirements[index];
        let mut readings = Vec::new();
        for (name, rule) in requirement.readings() {
            if let Rule::Combine(_, parts) = rule {
                parts.iter().for_each(|part| self.requirement(*part, own, counts));
            }
            let mut rows = self.reading(index, name, rule, own, counts);
            rows[0].logic = match rows[0].logic.is_decided() {
                // The timeline has it all: sub-minimums, gates, values that nobody named.
                true => decided(self.timeline(index, name, None)).logic,
                false => self.gated(requirement, rows[0].logic.clone()),
            };
            readings.push(rows);
        }
        own[index] = Some(readings);
    }

    fn reading(
        &self,
        index: usize,
        name: &str,
        rule: &Rule,
        own: &[Option<Vec<Reading>>],
        counts: &mut Vec<CountOutlook>,
    ) -> Vec<RowOutlook> {
        match rule {
            Rule::Count(rule) => self.count_rows(index, name, rule, counts),
            Rule::Combine(combination, parts) => {
                let parts: Vec<&RowOutlook> =
                    parts.iter().filter_map(|part| own[*part].as_ref()).map(|readings| &readings[0][0]).collect();
                vec![combined(*combination, &parts)]
            }
            Rule::Attested(_) => vec![decided(self.timeline(index, name, None))],
        }
    }

    /// The requirement's own row, then its members: as `combine.rs` makes them.
    fn count_rows(
        &self,
        index: usize,
        name: &str,
        rule: &CountRule,
        counts: &mut Vec<CountOutlook>,
    ) -> Vec<RowOutlook> {
        let mut row = |member: Option<&Member>| self.count_row((index, name, member), rule, counts);
        let members = members(&rule.members).iter();
        match &rule.members {
            Members::None => vec![row(None)],
            Members::OfWhich(_) => {
                let main = row(None);
                let members: Vec<RowOutlook> = members.map(|member| row(Some(member))).collect();
                // A main count that is decided has its members in its status; the count alone is what is wanted here.
                let own_logic = match main.count {
                    Some(_) => main.logic.clone(),
                    None => self.bare(index, name, rule.at_least),
                };
                let parts = std::iter::once(own_logic).chain(members.iter().map(|member| member.logic.clone()));
                let logic = Logic::all(parts.collect());
                let part = together(std::iter::once(&main).chain(&members));
                let own = RowOutlook { logic, count: main.count, part };
                std::iter::once(own).chain(members).collect()
            }
            Members::Each { unnamed, .. } => {
                let members: Vec<RowOutlook> = members.map(|member| row(Some(member))).collect();
                let mut own = combined(Combination::All, &members.iter().collect::<Vec<_>>());
                if *unnamed > 0 {
                    own.logic = Logic::all(vec![own.logic, Logic::decided(Truth::Unknown)]);
                }
                std::iter::once(own).chain(members).collect()
            }
        }
    }

    /// The row of a rule's own count, or of one of its members.
    fn count_row(
        &self,
        (index, name, member): (usize, &str, Option<&Member>),
        rule: &CountRule,
        counts: &mut Vec<CountOutlook>,
    ) -> RowOutlook {
        let (extra, at_least) = member.map_or((&[][..], rule.at_least), |member| (&member.terms, member.at_least));
        let as_it_is = || decided(self.timeline(index, name, member.map(|member| member.id.as_str())));
        match self.stake(rule, extra, at_least) {
            Stake::None => as_it_is(),
            Stake::NotFollowed => RowOutlook { part: LaunchPart::NotFollowed, ..as_it_is() },
            Stake::Count(count) => {
                counts.push(count);
                let count = counts.len() - 1;
                RowOutlook { logic: Logic::Count(count), count: Some(count), part: LaunchPart::Followed }
            }
        }
    }

    /// The status of the count alone, without members and gates.
    fn bare(&self, index: usize, name: &str, required: i64) -> Logic {
        let timeline = self.timeline(index, name, None);
        Logic::Decided(timeline.steps.map(|outcome| truth(outcome.bounds.status(required))))
    }

    fn gated(&self, requirement: &Requirement, logic: Logic) -> Logic {
        if requirement.applies_when.is_empty() && requirement.waived_when.is_empty() {
            return logic;
        }
        let any = |indices: &[usize]| {
            let conditions = indices.iter().map(|index| {
                crate::combine::condition(&self.evaluation.views, &self.checklist.conditions[*index], self.partner)
            });
            conditions.fold(Steps::constant(Truth::False), |any, one| any.zip(&one, |a, b| a.or(*b)))
        };
        let applies = match requirement.applies_when.as_slice() {
            [] => Steps::constant(Truth::True),
            indices => any(indices),
        };
        Logic::gated(applies, any(&requirement.waived_when), logic)
    }

    fn timeline(&self, index: usize, reading: &str, member: Option<&str>) -> &Timeline {
        let is_it = |timeline: &&Timeline| {
            timeline.requirement == Some(index) && timeline.reading == reading && timeline.member.as_deref() == member
        };
        self.timelines.iter().find(is_it).expect("every reading and member has a timeline")
    }

    fn stake(&self, rule: &CountRule, extra: &[Term], at_least: i64) -> Stake {
        let (Some(launched), Some(view)) = (&self.launches.view, self.evaluation.views.table(rule.table)) else {
            return Stake::None;
        };
        if rule.table != TableId::Opportunities {
            return Stake::None;
        }
        let terms = || rule.terms.iter().chain(extra);
        let now = Rows::new(view, terms(), rule.window);
        let then = Rows::new(launched, terms(), rule.window);
        let range = view.range(self.partner);
        let mut certain: Vec<(usize, LaunchDates)> = Vec::new();
        let mut possible: Vec<(usize, LaunchDates)> = Vec::new();
        for (open, row) in range.clone().filter(|row| self.launches.open[*row]).enumerate() {
            let span = now.span(row);
            let after = launch_dates(&then, rule.window, row);
            let adds = |now: Option<Interval>, then: Option<LaunchDates>| match (now, then) {
                (Some(now), Some(LaunchDates::From(then))) if now == then => None,
                (_, then) => then.map(|dates| (open, dates)),
            };
            certain.extend(adds(span.certain, after.0));
            possible.extend(adds(span.possible, after.1));
        }
        let rows: Vec<usize> = range.clone().filter(|row| self.launches.open[*row]).collect();
        let [new_certain, new_possible] = self.arriving(view, &then, rule, extra, rows.len());
        if certain.is_empty() && possible.is_empty() && new_certain.is_empty() && new_possible.is_empty() {
            return Stake::None;
        }
        if rule.having.is_some() || matches!(rule.unit, Unit::Sum(_)) {
            return Stake::NotFollowed;
        }
        let spans: Vec<(usize, Span)> = now.spans(range).collect();
        let mut confirmed = level(
            |row| unit_of(view, rule.unit, row),
            spans.iter().filter_map(|(row, span)| Some((*row, span.certain?))),
            certain.into_iter().map(|(open, dates)| (rows[open], open, dates)).chain(new_certain.again),
        );
        let mut possible = level(
            |row| Some(possible_unit(view, rule.unit, row)),
            spans.iter().filter_map(|(row, span)| Some((*row, span.possible?))),
            possible.into_iter().map(|(open, dates)| (rows[open], open, dates)).chain(new_possible.again),
        );
        confirmed.units.extend(new_certain.new.into_values());
        possible.units.extend(new_possible.new.into_values());
        Stake::Count(CountOutlook { required: at_least.div_euclid(100), confirmed, possible })
    }
}

/// When the row would count, once launched: certainly, and possibly.
fn launch_dates(then: &Rows<'_>, window: Option<RuleWindow>, row: usize) -> (Option<LaunchDates>, Option<LaunchDates>) {
    let truth = then.truth(row);
    match window {
        Some(window) if window.column.name == "launch_date" => {
            let dates = LaunchDates::Window(window.window);
            ((truth == Truth::True).then_some(dates), truth.is_possible().then_some(dates))
        }
        _ => {
            let span = then.date_span(row).given(truth);
            (span.certain.map(LaunchDates::From), span.possible.map(LaunchDates::From))
        }
    }
}

/// By the strict column; a row without a unit is one of its own.
fn possible_unit(view: &TableView, unit: Unit, row: usize) -> u32 {
    match unit {
        Unit::Distinct(column) => crate::count::own_unit(view.codes(strict_name(column)), row),
        Unit::Rows | Unit::Sum(_) => row as u32,
    }
}

/// Units with what makes them count; those without a launch are counted at once.
fn level(
    unit_of: impl Fn(usize) -> Option<u32>,
    sure: impl Iterator<Item = (usize, Interval)>,
    launches: impl Iterator<Item = (usize, usize, LaunchDates)>,
) -> Level {
    let mut stakes: BTreeMap<u32, StakeUnit> = BTreeMap::new();
    for (row, open, dates) in launches {
        if let Some(unit) = unit_of(row) {
            stakes.entry(unit).or_default().launches.push((open, dates));
        }
    }
    let mut others: Vec<(u32, Interval)> = Vec::new();
    for (row, interval) in sure {
        let Some(unit) = unit_of(row) else { continue };
        match stakes.get_mut(&unit) {
            Some(stake) => stake.sure.push(interval),
            None => others.push((unit, interval)),
        }
    }
    debug_assert!(!others.iter().any(|(unit, _)| *unit == NO_UNIT));
    Level { sure: count_units(&mut others), units: stakes.into_values().collect() }
}

fn decided(timeline: &Timeline) -> RowOutlook {
    let logic = Logic::Decided(timeline.steps.map(|outcome: &Outcome| truth(outcome.status)));
    RowOutlook { logic, count: None, part: LaunchPart::Followed }
}

fn combined(combination: Combination, parts: &[&RowOutlook]) -> RowOutlook {
    let logics: Vec<Logic> = parts.iter().map(|part| part.logic.clone()).collect();
    let logic = match combination {
        Combination::All => Logic::all(logics),
        Combination::Any => Logic::at_least(1, logics),
        Combination::AtLeast(least) => Logic::at_least(least as usize, logics),
    };
    RowOutlook { logic, count: None, part: together(parts.iter().copied()) }
}

fn together<'r>(parts: impl Iterator<Item = &'r RowOutlook>) -> LaunchPart {
    let mut parts = parts;
    match parts.any(|part| part.part == LaunchPart::NotFollowed) {
        true => LaunchPart::NotFollowed,
        false => LaunchPart::Followed,
    }
}

fn truth(status: aceq_model::Status) -> Truth {
    match status.satisfied() {
        Some(true) => Truth::True,
        Some(false) => Truth::False,
        None => Truth::Unknown,
    }
}
