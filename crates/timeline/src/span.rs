//! When one row counts: certainly, and possibly.

use crate::{FIRST_DAY, Interval, LAST_DAY, Truth, Window};
use aceq_model::days_from_date;
use chrono::NaiveDate;

/// The as-of dates on which a row certainly counts, and those on which it may count.
///
/// `certain` lies within `possible`. A known row has both equal; an unknown one has only `possible`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The row counts on these dates.
    pub certain: Option<Interval>,
    /// The row counts, or may count, on these dates.
    pub possible: Option<Interval>,
}

impl Span {
    /// On every date.
    pub const ALWAYS: Self = Self { certain: Some(Interval::ALWAYS), possible: Some(Interval::ALWAYS) };

    /// On no date.
    pub const NEVER: Self = Self { certain: None, possible: None };

    /// Perhaps, on every date.
    pub const PERHAPS: Self = Self { certain: None, possible: Some(Interval::ALWAYS) };

    /// Exactly on the dates of `interval`.
    pub fn known(interval: Option<Interval>) -> Self {
        Self { certain: interval, possible: interval }
    }

    /// While `date` lies in the window. An unknown date is possible on every as-of date.
    pub fn of_window(window: Window, date: Option<NaiveDate>) -> Self {
        date.map_or(Self::PERHAPS, |date| Self::known(window.interval(date)))
    }

    /// From `start` to `last`, both included. What is not known about an end makes the row possible, not certain,
    /// beyond what is known.
    pub fn between(start: Option<NaiveDate>, last: Option<NaiveDate>) -> Self {
        Self::between_days(start.map(days_from_date), last.map(days_from_date))
    }

    /// From `start` up to the day before `end`.
    pub fn until_before(start: Option<NaiveDate>, end: Option<NaiveDate>) -> Self {
        let last = |end| if end == aceq_model::OPEN_END { LAST_DAY } else { days_from_date(end) - 1 };
        Self::between_days(start.map(days_from_date), end.map(last))
    }

    fn between_days(start: Option<i32>, last: Option<i32>) -> Self {
        let possible = Interval::new(start.unwrap_or(FIRST_DAY), last.unwrap_or(LAST_DAY));
        let certain = if start.is_some() && last.is_some() { possible } else { None };
        Self { certain, possible }
    }

    /// The span of a row whose conditions have this truth.
    #[must_use]
    pub fn given(self, truth: Truth) -> Self {
        match truth {
            Truth::True => self,
            Truth::Unknown => Self { certain: None, possible: self.possible },
            Truth::False => Self::NEVER,
        }
    }

    /// Whether the row counts on `day`.
    pub fn at(self, day: i32) -> Truth {
        if self.certain.is_some_and(|interval| interval.contains(day)) {
            Truth::True
        } else if self.possible.is_some_and(|interval| interval.contains(day)) {
            Truth::Unknown
        } else {
            Truth::False
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Span;
    use crate::Truth;
    use aceq_model::days_from_date;
    use chrono::NaiveDate;

    fn at(span: Span, date: &str) -> Truth {
        span.at(days_from_date(date.parse().unwrap()))
    }

    #[test]
    fn certifications_end_before_their_expiration() {
        let day = |text: &str| text.parse::<NaiveDate>().ok();
        let held = Span::until_before(day("2024-01-01"), day("2027-01-01"));
        assert_eq!(at(held, "2026-12-31"), Truth::True);
        assert_eq!(at(held, "2027-01-01"), Truth::False);
        let unknown_end = Span::until_before(day("2024-01-01"), None);
        assert_eq!(at(unknown_end, "2023-12-31"), Truth::False);
        assert_eq!(at(unknown_end, "2024-01-01"), Truth::Unknown);
        let unknown_start = Span::until_before(None, day("2027-01-01"));
        assert_eq!(at(unknown_start, "2000-01-01"), Truth::Unknown);
        assert_eq!(at(unknown_start, "2027-01-01"), Truth::False);
    }
}
