//! A world with a past: the same deals in one snapshot a month, and the true chances of those still open.
//!
//! ```text
//!   weeks before           snapshots, one a month                    newest   quarter ends
//!   ···|···|···|···|···|····S····|····S····|····S····|····S····|····S   ·   Q   ·   Q   ·   Q
//!   deals begin every week; each moves from stage to stage, is put off,   └ truth: chance of having launched by
//!   launches or is lost; a snapshot shows what was known on its day         each Q, and one course of events
//! ```
//!
//! What aceq reads is in `exports/`, what it must not see in `truth/`.

mod chances;
mod deal;
mod life;
mod rows;
mod truth;

use crate::calendar::{Calendar, Day};
use crate::dice::{Dice, Topic};
use crate::partner::{Partner, Practice};
use crate::sheet::{Naming, Sheet};
use crate::world::{finish, open_tables, stem};
use crate::{Create, Spec, Summary, SynthError};
use aceq_model::{date_from_days, days_from_date};
use chrono::{Datelike, Months, NaiveDate};
use deal::Pace;
use life::Life;
use rows::Rows;
use truth::Truth;

/// Weeks of deals before the first snapshot: 24 months of a window and a year for deals to get through.
const WEEKS_BEFORE: i32 = 156;

/// Quarter ends for which the truth is told.
const QUARTERS: usize = 8;

/// The days of a world.
struct Plan {
    /// Oldest first.
    snapshots: Vec<Day>,
    /// After the newest snapshot.
    quarter_ends: Vec<Day>,
    /// Weeks in which deals begin, up to the newest snapshot.
    weeks: i32,
    /// Deals that begin at a partner of the usual size in a week.
    deals_a_week: f64,
}

/// A partner and its ways.
struct Seller {
    partner: Partner,
    pace: Pace,
    deals_a_week: f64,
    /// The stream of its past.
    dice: Dice,
}

/// Writes the world.
pub(crate) fn write(spec: &Spec, snapshots: u32, create: &mut Create<'_>) -> Result<Summary, SynthError> {
    let calendar = Calendar::new(spec.as_of);
    let plan = Plan::new(spec, snapshots, calendar.snapshot);
    let mut exports = open_exports(&plan, &calendar, create)?;
    let mut tables = open_tables(&|folder, name| plan.stem(folder, name, &calendar), create)?;
    let mut truth = Truth::new(&plan, &calendar, create)?;
    for number in 1..=spec.partners {
        let mut seller = Seller::new(spec, &plan, number);
        let lives = seller.lives(&plan);
        seller.partner.opportunities = lives.len() as u64;
        let rows = Rows::new(&seller.partner, &lives, &calendar);
        for (day, sheet) in plan.snapshots.iter().zip(&mut exports) {
            let written = rows.on(*day, sheet.room(create)?);
            sheet.rows_added(written)?;
        }
        for (sheet, rows) in &mut tables {
            let written = rows(&seller.partner, &calendar, sheet.room(create)?);
            sheet.rows_added(written)?;
        }
        truth.write(&seller.partner, &lives, create)?;
    }
    let tables = tables.into_iter().map(|(sheet, _)| sheet);
    finish(exports.into_iter().chain(tables).chain(truth.sheets()))
}

fn open_exports(plan: &Plan, calendar: &Calendar, create: &mut Create<'_>) -> Result<Vec<Sheet>, SynthError> {
    let open = |day: &Day| {
        let stem = stem("exports/partner-central", calendar.iso(*day), "opportunities");
        Sheet::new(stem, Naming::Single, rows::HEADER.to_owned(), create)
    };
    plan.snapshots.iter().map(open).collect()
}

impl Plan {
    fn new(spec: &Spec, snapshots: u32, newest: Day) -> Self {
        let date = date_from_days(newest).expect("the as-of date was checked to lie well inside the calendar");
        let back = |months: u32| date.checked_sub_months(Months::new(months)).map(days_from_date);
        // A snapshot stands for the month before it, so that one alone has a span too.
        let span = back(snapshots).map_or(0, |first| newest - first);
        let deals_a_week = spec.opportunities as f64 * 7.0 / f64::from(span.max(1));
        Self {
            snapshots: (0..snapshots).rev().filter_map(back).collect(),
            quarter_ends: quarter_ends(date).take(QUARTERS).map(days_from_date).collect(),
            weeks: WEEKS_BEFORE + span / 7,
            deals_a_week,
        }
    }

    /// Where a table other than the opportunities goes. Customers are known from the oldest snapshot on, so that who is a
    /// small business does not depend on how far back one looks.
    fn stem(&self, folder: &str, name: &str, calendar: &Calendar) -> String {
        let day = if name == "customers" { self.snapshots[0] } else { self.newest() };
        stem(&format!("exports/{folder}"), calendar.iso(day), name)
    }

    fn newest(&self) -> Day {
        self.snapshots.last().copied().expect("a world has at least one snapshot")
    }
}

/// The ends of calendar quarters after `date`.
fn quarter_ends(date: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let first_of_quarter = NaiveDate::from_ymd_opt(date.year(), date.month0() / 3 * 3 + 1, 1);
    let first_of_quarter = first_of_quarter.expect("every quarter has a first day");
    let ends =
        (1..).map_while(move |quarter| first_of_quarter.checked_add_months(Months::new(3 * quarter))?.pred_opt());
    ends.filter(move |end| *end > date)
}

/// Largest size of a partner, in thousandths of the usual.
const LARGEST: i32 = 1200;

impl Seller {
    fn new(spec: &Spec, plan: &Plan, number: u32) -> Self {
        let mut dice = Dice::new(spec.seed, number, Topic::History);
        let practices = [Practice::SmallBusiness, Practice::SmallBusiness, Practice::ContactCenter];
        let practice = dice.pick(&practices);
        let deals_a_week = plan.deals_a_week * f64::from(dice.between(900, LARGEST)) / 1000.0;
        let pace = Pace::draw(&mut dice);
        let most_a_week = (plan.deals_a_week * f64::from(LARGEST) / 1000.0).ceil() as u64;
        let plain = Partner::new(spec, number);
        let partner = Partner {
            practice,
            small: 960,
            customers: (deals_a_week * f64::from(plan.weeks)) as u64 + 3,
            first_opportunity: 10_000_000 + u64::from(number - 1) * most_a_week * (plan.weeks as u64 + 1),
            ..plain
        };
        Self { partner, pace, deals_a_week, dice }
    }

    /// Its deals up to the newest snapshot, in the order in which they began.
    fn lives(&mut self, plan: &Plan) -> Vec<Life> {
        let mut lives = Vec::new();
        for week in (0..=plan.weeks).rev() {
            let monday = plan.newest() - 7 * week;
            let another = self.dice.unit() < self.deals_a_week.fract();
            for _ in 0..self.deals_a_week as u64 + u64::from(another) {
                lives.push(Life::new(monday, plan.newest(), self.pace, &mut self.dice));
            }
        }
        lives
    }
}

#[cfg(test)]
mod tests {
    use super::{Plan, quarter_ends};
    use crate::Spec;
    use aceq_model::{date_from_days, days_from_date};
    use chrono::NaiveDate;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn quarter_ends_come_after_the_day() {
        let ends = |day| quarter_ends(date(day)).take(3).map(|end| end.to_string()).collect::<Vec<_>>();
        assert_eq!(ends("2026-11-15"), ["2026-12-31", "2027-03-31", "2027-06-30"]);
        assert_eq!(ends("2026-12-31"), ["2027-03-31", "2027-06-30", "2027-09-30"], "the day itself is past");
        assert_eq!(ends("2027-01-01"), ["2027-03-31", "2027-06-30", "2027-09-30"]);
    }

    #[test]
    fn snapshots_are_a_month_apart_and_end_with_the_newest() {
        let spec = Spec { partners: 1, opportunities: 120, seed: 1, as_of: date("2026-04-05"), row_bytes: None };
        let plan = Plan::new(&spec, 3, days_from_date(date("2026-03-31")));
        let days: Vec<_> = plan.snapshots.iter().map(|day| date_from_days(*day).unwrap().to_string()).collect();
        assert_eq!(days, ["2026-01-31", "2026-02-28", "2026-03-31"]);
        // From 2025-12-31 to 2026-03-31 are 90 days: 120 deals in 12.86 weeks.
        assert!((plan.deals_a_week - 120.0 * 7.0 / 90.0).abs() < 1e-9);
    }
}
