//! Days around the as-of date, written out once, and the days on which windows begin and end.

use aceq_model::{date_from_days, days_from_date};
use chrono::{Months, NaiveDate};

/// Days since 1970-01-01.
pub(crate) type Day = i32;

const BEFORE: Day = 4500;
const AFTER: Day = 2000;

/// Every day that an export can hold, as text.
pub(crate) struct Calendar {
    pub(crate) as_of: Day,
    /// The day of the newest exports.
    pub(crate) snapshot: Day,
    /// The day of the older export of open opportunities.
    pub(crate) older: Day,
    /// Days at, just inside and just outside the usual windows, and ends of months.
    pub(crate) edges: Vec<Day>,
    iso: Vec<[u8; 10]>,
    slashes: Vec<[u8; 10]>,
}

impl Calendar {
    pub(crate) fn new(as_of: NaiveDate) -> Self {
        let day = days_from_date(as_of);
        let texts = |format: &str| (day - BEFORE..=day + AFTER).map(|d| ten_bytes(d, format)).collect();
        Self {
            as_of: day,
            snapshot: day - 5,
            older: day - 97,
            edges: edges(as_of),
            iso: texts("%Y-%m-%d"),
            slashes: texts("%m/%d/%Y"),
        }
    }

    /// `2026-08-31`
    pub(crate) fn iso(&self, day: Day) -> &[u8] {
        &self.iso[self.index(day)]
    }

    /// `08/31/2026`
    pub(crate) fn slashes(&self, day: Day) -> &[u8] {
        &self.slashes[self.index(day)]
    }

    fn index(&self, day: Day) -> usize {
        (day - self.as_of).clamp(-BEFORE, AFTER).wrapping_add(BEFORE) as usize
    }
}

fn ten_bytes(day: Day, format: &str) -> [u8; 10] {
    let date = date_from_days(day).expect("the as-of date was checked to lie well inside the calendar");
    let text = date.format(format).to_string();
    text.as_bytes().try_into().expect("four digits of year, two of month, two of day")
}

/// Window starts are clamped to the end of a month, which is where off-by-one errors live.
fn edges(as_of: NaiveDate) -> Vec<Day> {
    let windows = [12, 18, 24].into_iter().filter_map(|months| as_of.checked_sub_months(Months::new(months)));
    let around = windows.map(days_from_date).flat_map(|day| [day - 1, day, day + 1]);
    around.chain(month_ends(as_of)).collect()
}

/// The last days of the 36 months before the month of the as-of date.
fn month_ends(as_of: NaiveDate) -> impl Iterator<Item = Day> {
    use chrono::Datelike;
    let first = as_of.with_day(1).expect("every month has a first day");
    (0..36).filter_map(move |back| first.checked_sub_months(Months::new(back))).map(|day| days_from_date(day) - 1)
}

#[cfg(test)]
mod tests {
    use super::Calendar;
    use aceq_model::days_from_date;
    use chrono::NaiveDate;

    #[test]
    fn edges_hold_window_starts_and_ends_of_months() {
        let date = |text: &str| text.parse::<NaiveDate>().map(days_from_date).unwrap();
        let calendar = Calendar::new("2026-11-20".parse().unwrap());
        for edge in ["2024-11-19", "2024-11-20", "2025-05-20", "2024-02-29", "2025-02-28", "2026-08-31"] {
            assert!(calendar.edges.contains(&date(edge)), "{edge}");
        }
        assert_eq!(calendar.slashes(date("2024-02-29")), b"02/29/2024");
        assert_eq!(calendar.iso(date("2026-11-15")), b"2026-11-15");
    }
}
