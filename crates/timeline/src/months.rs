//! Windows of months, with the month ends that make them subtle.
//!
//! `a − n months` keeps the day of the month and clamps it to the month's last day. Several as-of dates can
//! therefore reach back to the same day, and the last as-of date on which a row counts is not simply
//! `date + n months`:
//!
//! ```text
//!   a            2026-08-28  08-29  08-30  08-31 │ 09-01
//!   a − 18 m     2025-02-28  02-28  02-28  02-28 │ 03-01
//!                └──────── all reach 2025-02-28 ─┘
//! ```
//!
//! Whoever changes this: the property test below holds [`Window::interval`] against the definition, day by day.

use crate::{Interval, LAST_DAY};
use aceq_model::days_from_date;
use chrono::{Datelike, NaiveDate};

/// A number of months, 1 to 1,200.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Months(u32);

impl Months {
    /// `count` months; values outside 1 to 1,200 are cut to that range.
    pub const fn new(count: u32) -> Self {
        match count {
            0 => Self(1),
            1..=1200 => Self(count),
            _ => Self(1200),
        }
    }

    /// How many.
    pub const fn get(self) -> u32 {
        self.0
    }
}

/// The months before the as-of date in which a row's date must lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Window {
    /// `as_of − n months ≤ date ≤ as_of`, both ends included.
    Months(Months),
    /// `date ≤ as_of`.
    UpToAsOf,
}

impl Window {
    /// The as-of dates on which a row with `date` lies in the window; `None` outside the calendar.
    pub fn interval(self, date: NaiveDate) -> Option<Interval> {
        let until = match self {
            Self::Months(months) => last_as_of(date, months).map_or(LAST_DAY, days_from_date),
            Self::UpToAsOf => LAST_DAY,
        };
        Interval::new(days_from_date(date), until)
    }

    /// Whether a row with `date` lies in the window on `as_of`: the definition itself.
    pub fn contains(self, date: NaiveDate, as_of: NaiveDate) -> bool {
        date <= as_of
            && match self {
                Self::Months(months) => months_before(as_of, months).is_none_or(|start| start <= date),
                Self::UpToAsOf => true,
            }
    }
}

/// `date − months`, the day clamped to the month's last day; `None` before the calendar begins.
pub fn months_before(date: NaiveDate, months: Months) -> Option<NaiveDate> {
    date.checked_sub_months(chrono::Months::new(months.0))
}

/// The last `a` with `a − months ≤ date`; `None` after the calendar ends.
fn last_as_of(date: NaiveDate, months: Months) -> Option<NaiveDate> {
    let clamped = date.checked_add_months(chrono::Months::new(months.0))?;
    if is_month_end(date) { Some(month_end(clamped)) } else { Some(clamped) }
}

fn is_month_end(date: NaiveDate) -> bool {
    date.day() == u32::from(date.num_days_in_month())
}

fn month_end(date: NaiveDate) -> NaiveDate {
    date.with_day(u32::from(date.num_days_in_month())).expect("a month has its last day")
}

#[cfg(test)]
mod tests {
    use super::{Months, Window};
    use aceq_model::days_from_date;
    use chrono::NaiveDate;
    use proptest::prelude::{prop_assert_eq, proptest};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn month_ends() {
        // date, months, last as-of date
        let cases = [
            ("2025-02-28", 18, "2026-08-31"), // month end stretches to the month end
            ("2024-02-28", 18, "2025-08-28"), // 2024-02-29 exists, so the 28th is no month end
            ("2024-02-29", 24, "2026-02-28"),
            ("2025-01-30", 1, "2025-02-28"),
            ("2025-01-31", 1, "2025-02-28"),
            ("2025-04-30", 1, "2025-05-31"),
            ("2025-02-13", 24, "2027-02-13"),
        ];
        for (date, months, last) in cases {
            let interval = Window::Months(Months::new(months)).interval(day(date)).unwrap();
            assert_eq!(interval.last_date(), Some(day(last)), "{date} + {months}");
        }
    }

    /// Every date of four years against every as-of date of eight years, from the definition.
    #[test]
    fn intervals_equal_the_definition_for_every_day() {
        let first = day("2023-01-01");
        for months in [1, 12, 18, 24] {
            let window = Window::Months(Months::new(months));
            for date in first.iter_days().take(4 * 366) {
                let interval = window.interval(date).unwrap();
                for as_of in first.iter_days().take(8 * 366).step_by(1) {
                    let expected = window.contains(date, as_of);
                    assert_eq!(interval.contains(days_from_date(as_of)), expected, "{date} {months} {as_of}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn intervals_equal_the_definition(date in 0i32..40_000, offset in -40i32..2_000, months in 1u32..60) {
            let date = aceq_model::date_from_days(date).unwrap();
            let as_of = aceq_model::date_from_days(days_from_date(date) + offset).unwrap();
            let window = Window::Months(Months::new(months));
            let interval = window.interval(date).unwrap();
            prop_assert_eq!(interval.contains(days_from_date(as_of)), window.contains(date, as_of));
        }
    }
}
