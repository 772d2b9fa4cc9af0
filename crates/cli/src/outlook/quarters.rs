//! Forecast rows of every partner, checklist and quarter end.

use super::{ChecklistOutlook, Gathered, PartnerOutlook, RowFacts};
use crate::rules::Assigned;
use aceq_forecast::{AheadDriver, AheadRow, DrawKey, LaunchCurve, LaunchModel, Looking, look_ahead, rounded_chance};
use aceq_model::{AsOf, DealRow, DriverRow, ForecastBasis, ForecastRow, date_from_days, days_from_date};
use chrono::NaiveDate;
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use std::collections::BTreeMap;

/// What is forecast, and how.
#[derive(Clone, Copy)]
pub struct Forecasting<'f> {
    /// Checklists and their dates, as they were gathered.
    pub assigned: &'f [Assigned<'f>],
    /// Names of the quarters by their last day.
    pub quarters: &'f BTreeMap<NaiveDate, String>,
    /// The day from which is looked ahead.
    pub from: AsOf,
    /// Draws for joint conditions.
    pub draws: u32,
    /// Seed of the draws.
    pub seed: u64,
    /// Drivers named per row and quarter.
    pub drivers: usize,
}

/// Where launch probabilities come from.
#[derive(Clone, Copy)]
pub enum Chances<'c> {
    /// The launch model.
    Model(&'c LaunchModel),
    /// The baseline that many use: each open deal is launched with the share of closed deals that were, at once.
    WinRate,
}

/// A forecast of everything.
#[derive(Default)]
pub struct Forecast {
    /// By partner, checklist, row and quarter.
    pub rows: Vec<ForecastRow>,
    /// What moves them, in the same order.
    pub drivers: Vec<DriverRow>,
}

impl Forecasting<'_> {
    /// Every row of every partner. The result does not depend on the thread count.
    pub fn of(&self, gathered: &Gathered, chances: Chances<'_>) -> Forecast {
        self.of_partners(&gathered.partners, gathered, chances)
    }

    /// As [`Self::of`], of some of the partners that were gathered.
    pub fn of_partners(&self, partners: &[PartnerOutlook], gathered: &Gathered, chances: Chances<'_>) -> Forecast {
        let known_at = gathered.known_at();
        let until = self.assigned.iter().flat_map(|one| &one.as_of).map(|date| date.days()).max();
        let until = until.unwrap_or(self.from.days());
        let overall = gathered.win_rate();
        let of = |partner: &PartnerOutlook| {
            let curves = match chances {
                Chances::Model(model) => partner.curves(model, until),
                Chances::WinRate => partner.at_win_rate(overall),
            };
            self.of_partner(partner, &curves, known_at)
        };
        let parts: Vec<Forecast> = partners.par_iter().map(of).collect();
        let mut all = Forecast::default();
        for part in parts {
            all.rows.extend(part.rows);
            all.drivers.extend(part.drivers);
        }
        all
    }

    /// When each open opportunity is likely to have launched, the nearest to its launch first.
    pub fn deals(&self, gathered: &Gathered, model: &LaunchModel) -> Vec<DealRow> {
        let ends: Vec<(NaiveDate, &String)> = self.quarters.iter().map(|(end, name)| (*end, name)).collect();
        let until = ends.last().map_or(self.from.days(), |(end, _)| days_from_date(*end));
        let of = |partner: &PartnerOutlook| -> Vec<DealRow> {
            let curves = partner.curves(model, until);
            let mut deals: Vec<(f64, Vec<DealRow>)> = (0..partner.open.len())
                .map(|place| {
                    let rows =
                        ends.iter().map(|(end, quarter)| deal_row(partner, place, &curves[place], *end, quarter));
                    (curves[place].launched_by(until), rows.collect())
                })
                .collect();
            deals.sort_by(|a, b| b.0.total_cmp(&a.0));
            deals.into_iter().flat_map(|(_, rows)| rows).collect()
        };
        gathered.partners.par_iter().flat_map_iter(of).collect()
    }

    fn of_partner(&self, partner: &PartnerOutlook, curves: &[LaunchCurve], known_at: Option<NaiveDate>) -> Forecast {
        let numbers = partner.numbers();
        let mut forecast = Forecast::default();
        for (checklist, assigned) in partner.checklists.iter().zip(self.assigned) {
            let looking = Looking {
                outlook: &checklist.outlook,
                curves,
                numbers: &numbers,
                dates: &assigned.as_of,
                draws: self.draws,
                key: DrawKey {
                    seed: self.seed,
                    partner_id: partner.partner_id.clone(),
                    program: assigned.checklist.program.clone(),
                },
                drivers: self.drivers,
                existing: partner.open.len(),
            };
            self.add(&look_ahead(&looking), partner, checklist, (&assigned.as_of, known_at), &mut forecast);
        }
        forecast
    }

    fn add(
        &self,
        ahead: &[Vec<AheadRow>],
        partner: &PartnerOutlook,
        checklist: &ChecklistOutlook,
        (dates, known_at): (&[AsOf], Option<NaiveDate>),
        into: &mut Forecast,
    ) {
        for (facts, ahead) in checklist.rows.iter().zip(ahead) {
            for (place, (date, ahead)) in dates.iter().zip(ahead).enumerate() {
                into.rows.push(self.row(facts, ahead, place, *date, known_at));
                let drivers = ahead.drivers.iter().zip(1u32..);
                into.drivers.extend(drivers.map(|(driver, rank)| driver_row(facts, *date, rank, driver, partner)));
            }
        }
    }

    fn row(
        &self,
        facts: &RowFacts,
        ahead: &AheadRow,
        place: usize,
        date: AsOf,
        known_at: Option<NaiveDate>,
    ) -> ForecastRow {
        let (held_status, held) = facts.held[place];
        let by_chance = ahead.basis != ForecastBasis::Calendar && ahead.basis != ForecastBasis::Held;
        ForecastRow {
            key: facts.key.clone(),
            from: self.from.date(),
            known_at,
            as_of: date.date(),
            quarter: self.quarters.get(&date.date()).cloned().unwrap_or_default(),
            held_status,
            held,
            required: facts.required,
            expected: ahead.expected.filter(|_| by_chance),
            quantiles: ahead.quantiles.filter(|_| by_chance).map(|points| points.map(|units| units * 100)),
            p_met: ahead.p_met,
            p_met_at_most: ahead.p_met_at_most,
            basis: ahead.basis,
            is_sum: facts.is_sum,
        }
    }
}

fn deal_row(partner: &PartnerOutlook, place: usize, curve: &LaunchCurve, end: NaiveDate, quarter: &str) -> DealRow {
    let open = &partner.open[place];
    let day = days_from_date(end);
    DealRow {
        partner_id: partner.partner_id.clone(),
        opportunity_id: open.opportunity_id.clone(),
        label: open.label.clone(),
        stage: open.stage.clone(),
        target_close_date: open.target,
        known_on: date_from_days(partner.known[place].day),
        as_of: end,
        quarter: quarter.to_owned(),
        p_launched: rounded_chance(curve.launched_by(day)),
        p_lost: rounded_chance(curve.lost_by(day)),
        median_launch: curve.launch_day(0.5).and_then(date_from_days),
        source_file: open.source_file.clone(),
        source_sheet: open.source_sheet.clone(),
        source_line: open.source_line,
    }
}

fn driver_row(facts: &RowFacts, date: AsOf, rank: u32, driver: &AheadDriver, partner: &PartnerOutlook) -> DriverRow {
    let open = &partner.open[driver.open];
    DriverRow {
        key: facts.key.clone(),
        as_of: date.date(),
        rank,
        opportunity_id: open.opportunity_id.clone(),
        label: open.label.clone(),
        stage: open.stage.clone(),
        target_close_date: open.target,
        p_counts: driver.p_counts,
        moves: driver.moves,
        source_file: open.source_file.clone(),
        source_sheet: open.source_sheet.clone(),
        source_line: open.source_line,
    }
}
