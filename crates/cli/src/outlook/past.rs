//! The backtest: at each past quarter end the forecast that could have been made then, and what came.
//!
//! ```text
//!  snapshots  ●──●──●──●──●──●──●──●──●──●──●        newest
//!  origin q      └─ known then ─┘
//!                               ├──1──┼──2──┼──3──┤  quarter ends after q, up to the newest snapshot
//! ```
//!
//! The rules are those of today, asked of the past. What came is what the newest snapshot knows of the quarter end.

use super::{Arrivals, Chances, Forecasting, Gathered, Gathering};
use crate::error::CliError;
use crate::pipeline::Source;
use crate::rules::Assigned;
use aceq_checklist::{Checklist, Rule};
use aceq_forecast::FiscalYearStart;
use aceq_metrics::Engine;
use aceq_model::{AsOf, BacktestRow, CountKey, ForecastRow, Status, TableId, date_from_days};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Quarters ahead that are tested.
const HORIZONS: usize = 4;

/// What is tested.
#[derive(Clone, Copy)]
pub struct Testing<'t> {
    /// Checklists; their dates play no part.
    pub checklists: &'t [&'t Checklist],
    /// Partners to look at; all for an empty list.
    pub partners: &'t [String],
    /// When fiscal years begin.
    pub fiscal: FiscalYearStart,
    /// Whether forecasts count on deals that do not exist yet.
    pub arrivals: Arrivals,
    /// Past quarter ends at most, the newest.
    pub quarters: Option<usize>,
    /// Draws for joint conditions.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
}

/// A tested past.
#[derive(Clone, Debug, Default)]
pub struct Past {
    /// Every forecast that could have been made.
    pub rows: Vec<BacktestRow>,
    /// Quarter ends on which they could have been.
    pub origins: usize,
}

/// What came: status and confirmed count.
type Came = BTreeMap<(CountKey, NaiveDate), (Status, i64)>;

impl Testing<'_> {
    /// Replays the past. Afterwards the source shows what was known on the last day that was replayed.
    ///
    /// # Errors
    /// When the source is a dataset, or rows cannot be read or evaluated.
    pub fn run(&self, source: &mut Source, engine: &Engine<'_>) -> Result<Past, CliError> {
        let days = super::snapshot_days(source);
        let ends = self.quarter_ends(&days);
        // The last end has nothing after it that is known.
        let origins = ends.len().saturating_sub(1);
        let first = origins.saturating_sub(self.quarters.unwrap_or(usize::MAX));
        let mut past = Past { rows: Vec::new(), origins: origins - first };
        if past.origins == 0 {
            return Ok(past);
        }
        if let (Source::Exports(_), Some(newest)) = (&*source, days.last().copied().and_then(date_from_days)) {
            source.replay(newest)?;
        }
        let came = self.came(source, engine, &ends)?;
        for origin in first..origins {
            let (from, targets) = (ends[origin], &ends[origin + 1..(origin + 1 + HORIZONS).min(ends.len())]);
            source.replay(from.date())?;
            self.replayed(source, engine, from, targets, &came, &mut past.rows)?;
        }
        Ok(past)
    }

    /// Quarter ends from the oldest snapshot to the newest.
    fn quarter_ends(&self, days: &[i32]) -> Vec<AsOf> {
        let (Some(oldest), Some(newest)) = (days.first().copied(), days.last().copied()) else { return Vec::new() };
        let Some(oldest) = date_from_days(oldest) else { return Vec::new() };
        let count = usize::try_from((newest - days[0]) / 89 + 2).unwrap_or(0);
        let ends = self.fiscal.quarters_from(oldest, count).into_iter().filter_map(|one| AsOf::new(one.end()).ok());
        ends.filter(|end| end.days() <= newest).collect()
    }

    fn assigned(&self, dates: &[AsOf]) -> Vec<Assigned<'_>> {
        let checklists = self.checklists.iter();
        checklists.map(|checklist| Assigned { checklist, as_of: dates.to_vec(), warnings: BTreeMap::new() }).collect()
    }

    fn came(&self, source: &Source, engine: &Engine<'_>, ends: &[AsOf]) -> Result<Came, CliError> {
        let assigned = self.assigned(ends);
        let gathering = Gathering {
            assigned: &assigned,
            partners: self.partners,
            from: ends[ends.len() - 1],
            arrivals: Arrivals::None,
        };
        let gathered = Gathered::gather(source, engine, gathering)?;
        let mut came = Came::new();
        for facts in gathered.partners.iter().flat_map(|partner| &partner.checklists).flat_map(|one| &one.rows) {
            for (end, held) in ends.iter().zip(&facts.held) {
                came.insert((facts.key.clone(), end.date()), *held);
            }
        }
        Ok(came)
    }

    fn replayed(
        &self,
        source: &Source,
        engine: &Engine<'_>,
        from: AsOf,
        targets: &[AsOf],
        came: &Came,
        into: &mut Vec<BacktestRow>,
    ) -> Result<(), CliError> {
        let dates: Vec<AsOf> = std::iter::once(from).chain(targets.iter().copied()).collect();
        let assigned = self.assigned(&dates);
        // A partner that comes later was not there to be forecast.
        let gathering = Gathering { assigned: &assigned, partners: &[], from, arrivals: self.arrivals };
        let mut gathered = Gathered::gather(source, engine, gathering)?;
        gathered.partners.retain(|one| self.partners.is_empty() || self.partners.contains(&one.partner_id));
        let quarters = BTreeMap::new();
        let forecasting = Forecasting {
            assigned: &assigned,
            quarters: &quarters,
            from,
            draws: self.draws,
            seed: self.seed,
            drivers: 0,
        };
        let model = gathered.model();
        let forecast = forecasting.of(&gathered, Chances::Model(&model)).rows;
        let baseline = forecasting.of(&gathered, Chances::WinRate).rows;
        // Rows come date by date: the first of each group is the origin itself.
        let groups = forecast.chunks(dates.len()).zip(baseline.chunks(dates.len()));
        for (forecast, baseline) in groups {
            if self.is_judged(&forecast[0].key) {
                into.extend(judged(forecast, baseline, came));
            }
        }
        Ok(())
    }

    /// Counts of opportunities in the adopted reading, and what is made of them.
    fn is_judged(&self, key: &CountKey) -> bool {
        let checklist = self.checklists.iter().find(|one| one.program == key.program && one.version == key.version);
        let Some(checklist) = checklist.filter(|_| key.reading == "adopted") else { return false };
        match checklist.requirement(&key.requirement_id) {
            None => checklist.requirements.iter().any(|one| counts_opportunities(checklist, &one.rule)),
            Some(requirement) => counts_opportunities(checklist, &requirement.rule),
        }
    }
}

fn counts_opportunities(checklist: &Checklist, rule: &Rule) -> bool {
    match rule {
        Rule::Count(rule) => rule.table == TableId::Opportunities,
        Rule::Combine(_, parts) => {
            parts.iter().any(|part| counts_opportunities(checklist, &checklist.requirements[*part].rule))
        }
        Rule::Attested(_) => false,
    }
}

fn judged<'j>(
    forecast: &'j [ForecastRow],
    baseline: &'j [ForecastRow],
    came: &'j Came,
) -> impl Iterator<Item = BacktestRow> + 'j {
    let today = &forecast[0];
    let holds = |status: Status| status.satisfied() == Some(true);
    forecast.iter().zip(baseline).zip(0u32..).skip(1).filter_map(move |((row, baseline), horizon)| {
        let (status, count) = came.get(&(row.key.clone(), row.as_of))?;
        let interval = row.quantiles.map_or((row.held, row.held), |[low, _, high]| (low, high));
        Some(BacktestRow {
            key: row.key.clone(),
            from: today.as_of,
            as_of: row.as_of,
            horizon,
            p_met: row.p_met,
            p_held: if holds(today.held_status) { 1.0 } else { 0.0 },
            p_win_rate: baseline.p_met,
            met: holds(*status),
            interval,
            count: *count,
            held: row.held,
            expected: row.expected,
        })
    })
}
