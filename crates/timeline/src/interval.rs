//! Closed intervals of as-of dates.

use aceq_model::{OPEN_END, OPEN_START, date_from_days};
use chrono::NaiveDate;

/// First as-of date that timelines cover: 1900-01-01. An interval from here on holds "since ever".
pub const FIRST_DAY: i32 = OPEN_START.to_epoch_days();

/// Last day that timelines cover: 9999-12-31. An interval up to here holds "for good".
pub const LAST_DAY: i32 = OPEN_END.to_epoch_days();

/// The as-of dates from `from` to `until`, both included, within [`FIRST_DAY`] and [`LAST_DAY`]. Never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    from: i32,
    until: i32,
}

impl Interval {
    /// All as-of dates.
    pub const ALWAYS: Self = Self { from: FIRST_DAY, until: LAST_DAY };

    /// The days from `from` to `until`, cut to the calendar; `None` when nothing remains.
    pub fn new(from: i32, until: i32) -> Option<Self> {
        let (from, until) = (from.max(FIRST_DAY), until.min(LAST_DAY));
        (from <= until).then_some(Self { from, until })
    }

    /// First day, inclusive.
    pub fn from(self) -> i32 {
        self.from
    }

    /// Last day, inclusive.
    pub fn until(self) -> i32 {
        self.until
    }

    /// First date; `None` = since ever.
    pub fn first_date(self) -> Option<NaiveDate> {
        if self.from == FIRST_DAY { None } else { date_from_days(self.from) }
    }

    /// Last date; `None` = for good.
    pub fn last_date(self) -> Option<NaiveDate> {
        if self.until == LAST_DAY { None } else { date_from_days(self.until) }
    }

    /// Whether the day lies in the interval.
    pub fn contains(self, day: i32) -> bool {
        (self.from..=self.until).contains(&day)
    }

    /// The days in both.
    pub fn intersect(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.until.min(other.until))
    }
}
