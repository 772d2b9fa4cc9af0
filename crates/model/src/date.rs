//! Dates as the engine uses them: days since 1970-01-01, and the as-of date of a question.

use chrono::{Datelike, NaiveDate};
use std::fmt;
use std::str::FromStr;

/// The end of something that has none: still employed, still held. A value of its own, not "unknown".
pub const OPEN_END: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).expect("a valid date");

/// The start of something that has none. AWS had no partners before; Spark would rebase dates before 1582.
pub const OPEN_START: NaiveDate = NaiveDate::from_ymd_opt(1900, 1, 1).expect("a valid date");

const EPOCH: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).expect("a valid date");

/// Days since 1970-01-01, the physical form of Arrow's `Date32`.
pub fn days_from_date(date: NaiveDate) -> i32 {
    // Both count from the same day, and a NaiveDate lies within ±262,143 years, far inside an i32 of days.
    date.num_days_from_ce() - EPOCH.num_days_from_ce()
}

/// The date `days` after 1970-01-01, or `None` outside the calendar.
pub fn date_from_days(days: i32) -> Option<NaiveDate> {
    EPOCH.checked_add_signed(chrono::TimeDelta::days(i64::from(days)))
}

/// The application date for which a question is asked.
///
/// ```
/// use aceq_model::AsOf;
/// assert_eq!("2026-11-20".parse::<AsOf>()?.to_string(), "2026-11-20");
/// assert!("20/11/2026".parse::<AsOf>().is_err());
/// # Ok::<(), aceq_model::AsOfError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AsOf(NaiveDate);

/// An as-of date that is no date between [`OPEN_START`] and [`OPEN_END`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no date between 1900-01-01 and 9999-12-30: write it as YYYY-MM-DD, for example 2026-11-20")]
pub struct AsOfError(String);

impl AsOf {
    /// The as-of date `date`.
    ///
    /// # Errors
    /// When the date lies outside the calendar that timelines cover, 1900-01-01 to 9999-12-30.
    pub fn new(date: NaiveDate) -> Result<Self, AsOfError> {
        if (OPEN_START..OPEN_END).contains(&date) { Ok(Self(date)) } else { Err(AsOfError(date.to_string())) }
    }

    /// The calendar date.
    pub fn date(self) -> NaiveDate {
        self.0
    }

    /// Days since 1970-01-01.
    pub fn days(self) -> i32 {
        days_from_date(self.0)
    }
}

impl FromStr for AsOf {
    type Err = AsOfError;

    fn from_str(text: &str) -> Result<Self, AsOfError> {
        let date = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(|_| AsOfError(text.to_owned()))?;
        Self::new(date).map_err(|_| AsOfError(text.to_owned()))
    }
}

impl fmt::Display for AsOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::{OPEN_END, date_from_days, days_from_date};

    #[test]
    fn days_and_dates_are_inverse() {
        assert_eq!(date_from_days(days_from_date(OPEN_END)), Some(OPEN_END));
        assert_eq!(date_from_days(i32::MAX), None);
    }
}
