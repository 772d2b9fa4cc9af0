//! Quarter ends for a fiscal year that may begin in any month, and their labels.
//!
//! ```text
//!  fiscal year begins in    quarters end on the last day of     2026-11-20 lies in
//!  January (1)              March, June, September, December    2026-Q4
//!  February (2)             April, July, October, January       FY2027-Q4
//!  October (10)             December, March, June, September    FY2027-Q1
//! ```
//!
//! A fiscal year that does not begin in January is named for the calendar year in which it ends.

use chrono::{Datelike, Months, NaiveDate};
use std::fmt;

/// The month in which fiscal years begin, 1 (January) to 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FiscalYearStart(u32);

/// A month that no calendar has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a fiscal year cannot begin in month {0}: give a month from 1 (January) to 12 (December)")]
pub struct MonthError(u32);

/// A quarter of the fiscal year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Quarter {
    end: NaiveDate,
    start: FiscalYearStart,
}

impl FiscalYearStart {
    /// The calendar year.
    pub const JANUARY: Self = Self(1);

    /// Fiscal years that begin in `month`.
    ///
    /// # Errors
    /// When `month` is not 1 to 12.
    pub fn new(month: u32) -> Result<Self, MonthError> {
        if (1..=12).contains(&month) { Ok(Self(month)) } else { Err(MonthError(month)) }
    }

    /// The quarter in which `date` lies; `None` where the calendar ends before the quarter does.
    pub fn quarter_of(self, date: NaiveDate) -> Option<Quarter> {
        let into_year = (date.month() + 12 - self.0) % 12;
        let months_left = 2 - into_year % 3;
        let in_last_month = date.with_day(1)?.checked_add_months(Months::new(months_left))?;
        let end = in_last_month.with_day(u32::from(in_last_month.num_days_in_month()))?;
        Some(Quarter { end, start: self })
    }

    /// The `count` quarters that end on or after `date`, the earliest first.
    ///
    /// ```
    /// use aceq_forecast::FiscalYearStart;
    /// use chrono::NaiveDate;
    /// let date = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a date");
    /// let labels: Vec<String> =
    ///     FiscalYearStart::JANUARY.quarters_from(date, 2).iter().map(ToString::to_string).collect();
    /// assert_eq!(labels, ["2026-Q4", "2027-Q1"]);
    /// ```
    pub fn quarters_from(self, date: NaiveDate, count: usize) -> Vec<Quarter> {
        let first = self.quarter_of(date);
        std::iter::successors(first, |quarter| self.quarter_of(quarter.end.succ_opt()?)).take(count).collect()
    }
}

impl Quarter {
    /// The last day, inclusive.
    pub fn end(self) -> NaiveDate {
        self.end
    }

    /// Number of the quarter within its fiscal year, 1 to 4.
    pub fn number(self) -> u32 {
        (self.end.month() + 12 - self.start.0) % 12 / 3 + 1
    }

    /// The year that names it: the calendar year in which its fiscal year ends.
    pub fn year(self) -> i32 {
        let ends_next_year = self.start.0 > 1 && self.end.month() >= self.start.0;
        self.end.year() + i32::from(ends_next_year)
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fiscal = if self.start == FiscalYearStart::JANUARY { "" } else { "FY" };
        write!(f, "{fiscal}{:04}-Q{}", self.year(), self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::FiscalYearStart;
    use chrono::{Datelike, NaiveDate};
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn quarters_of_several_fiscal_years() {
        // first month, date, end of its quarter, label
        let cases = [
            (1, "2026-11-20", "2026-12-31", "2026-Q4"),
            (1, "2026-12-31", "2026-12-31", "2026-Q4"),
            (1, "2027-01-01", "2027-03-31", "2027-Q1"),
            (2, "2026-11-20", "2027-01-31", "FY2027-Q4"),
            (2, "2027-02-01", "2027-04-30", "FY2028-Q1"),
            (4, "2027-03-31", "2027-03-31", "FY2027-Q4"),
            (10, "2026-11-20", "2026-12-31", "FY2027-Q1"),
            (12, "2027-12-01", "2028-02-29", "FY2028-Q1"),
            (12, "2027-11-30", "2027-11-30", "FY2027-Q4"),
        ];
        for (month, date, end, label) in cases {
            let quarter = FiscalYearStart::new(month).unwrap().quarter_of(day(date)).unwrap();
            assert_eq!((quarter.end(), quarter.to_string().as_str()), (day(end), label), "{month} {date}");
        }
    }

    #[test]
    fn there_is_no_thirteenth_month() {
        let message = FiscalYearStart::new(13).unwrap_err().to_string();
        assert_eq!(message, "a fiscal year cannot begin in month 13: give a month from 1 (January) to 12 (December)");
        assert!(FiscalYearStart::new(0).is_err());
    }

    #[test]
    fn the_end_of_the_calendar_ends_the_list() {
        assert_eq!(FiscalYearStart::JANUARY.quarters_from(NaiveDate::MAX, 3).len(), 1);
    }

    proptest! {
        #[test]
        fn quarters_tile_the_calendar(month in 1u32..=12, days in 0i32..60_000) {
            let date = aceq_model::date_from_days(days).unwrap();
            let quarters = FiscalYearStart::new(month).unwrap().quarters_from(date, 5);
            prop_assert_eq!(quarters.len(), 5);
            prop_assert!(quarters[0].end() >= date && (quarters[0].end() - date).num_days() < 92);
            for pair in quarters.windows(2) {
                let length = (pair[1].end() - pair[0].end()).num_days();
                prop_assert!((89..=92).contains(&length));
                prop_assert_eq!(pair[1].number(), pair[0].number() % 4 + 1);
                prop_assert_eq!(pair[1].year(), pair[0].year() + i32::from(pair[0].number() == 4));
                prop_assert_eq!(pair[1].end().succ_opt().unwrap().day(), 1);
            }
        }
    }
}
