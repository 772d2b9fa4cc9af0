//! Months, and the as-of dates on which a row counts, straight from the definition.

use super::truth::{Truth, and};
use chrono::{Datelike, NaiveDate};

/// `date − months`: the same day of the month, or the month's last day where the month is too short.
pub fn months_before(date: NaiveDate, months: u32) -> NaiveDate {
    let month_number = date.year() * 12 + date.month0() as i32 - months as i32;
    let (year, month) = (month_number.div_euclid(12), month_number.rem_euclid(12) as u32 + 1);
    (1..=date.day())
        .rev()
        .find_map(|day| NaiveDate::from_ymd_opt(year, month, day))
        .expect("every month has a first day")
}

/// The dates of one row that decide on which as-of dates it counts. `None` inside = not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dates {
    /// Every as-of date.
    Always,
    /// `as-of − months ≤ date ≤ as-of`; without months `date ≤ as-of`.
    Window {
        /// The row's date.
        date: Option<NaiveDate>,
        /// Length of the window.
        months: Option<u32>,
    },
    /// `[start, ∞)`.
    From(Option<NaiveDate>),
    /// `[start, end)`.
    Before(Option<NaiveDate>, Option<NaiveDate>),
    /// `[start, end]`.
    Through(Option<NaiveDate>, Option<NaiveDate>),
}

impl Dates {
    /// Whether the row counts on `as_of`, as far as its dates are concerned.
    pub fn truth(&self, as_of: NaiveDate) -> Truth {
        match *self {
            Self::Always => Some(true),
            Self::Window { date, months } => date.map(|date| in_window(date, months, as_of)),
            Self::From(start) => start.map(|start| start <= as_of),
            Self::Before(start, end) => and(start.map(|start| start <= as_of), end.map(|end| as_of < end)),
            Self::Through(start, end) => and(start.map(|start| start <= as_of), end.map(|end| as_of <= end)),
        }
    }
}

fn in_window(date: NaiveDate, months: Option<u32>, as_of: NaiveDate) -> bool {
    match months {
        Some(months) => months_before(as_of, months) <= date && date <= as_of,
        None => date <= as_of,
    }
}

#[cfg(test)]
mod tests {
    use super::{Dates, months_before};
    use chrono::{Days, Months, NaiveDate};

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn months_clamp_to_the_last_day() {
        for (date, months, expected) in [
            ("2026-08-31", 18, "2025-02-28"),
            ("2026-03-31", 1, "2026-02-28"),
            ("2024-03-30", 1, "2024-02-29"),
            ("2026-01-15", 1, "2025-12-15"),
            ("2026-12-31", 12, "2025-12-31"),
            ("2028-02-29", 12, "2027-02-28"),
            ("2026-05-05", 0, "2026-05-05"),
        ] {
            assert_eq!(months_before(day(date), months), day(expected), "{date} − {months} months");
        }
    }

    #[test]
    fn a_calendar_library_agrees_on_every_day_of_eight_years() {
        for offset in 0..8 * 366 {
            let date = day("2020-01-01") + Days::new(offset);
            for months in [0, 1, 6, 11, 12, 18, 24, 36] {
                assert_eq!(Some(months_before(date, months)), date.checked_sub_months(Months::new(months)));
            }
        }
    }

    #[test]
    fn both_ends_of_a_window_count_and_clamping_makes_it_longer() {
        let window = Dates::Window { date: Some(day("2025-02-28")), months: Some(18) };
        for (as_of, expected) in [
            ("2025-02-27", false),
            ("2025-02-28", true),
            ("2026-08-28", true),
            ("2026-08-31", true),
            ("2026-09-01", false),
        ] {
            assert_eq!(window.truth(day(as_of)), Some(expected), "{as_of}");
        }
    }

    #[test]
    fn a_window_without_months_has_no_end() {
        let window = Dates::Window { date: Some(day("2025-02-28")), months: None };
        assert_eq!(window.truth(day("2025-02-27")), Some(false));
        assert_eq!(window.truth(day("2099-01-01")), Some(true));
    }

    #[test]
    fn an_unknown_date_in_a_window_is_unknown_for_ever() {
        for months in [None, Some(12)] {
            assert_eq!(Dates::Window { date: None, months }.truth(day("2025-02-27")), None);
        }
    }

    /// Start 2025-01-10, end 2025-01-20; asked the day before the start, on it, the day before the end, on it, after.
    #[test]
    fn unknown_ends_leave_the_other_end_deciding() {
        let (start, end) = (Some(day("2025-01-10")), Some(day("2025-01-20")));
        let (yes, no, unknown) = (Some(true), Some(false), None);
        for (dates, expected) in [
            (Dates::Before(start, end), [no, yes, yes, no, no]),
            (Dates::Before(None, end), [unknown, unknown, unknown, no, no]),
            (Dates::Before(start, None), [no, unknown, unknown, unknown, unknown]),
            (Dates::Before(None, None), [unknown; 5]),
            (Dates::Through(start, end), [no, yes, yes, yes, no]),
            (Dates::Through(None, end), [unknown, unknown, unknown, unknown, no]),
            (Dates::Through(start, None), [no, unknown, unknown, unknown, unknown]),
            (Dates::Through(None, None), [unknown; 5]),
            (Dates::From(start), [no, yes, yes, yes, yes]),
            (Dates::From(None), [unknown; 5]),
            (Dates::Always, [yes; 5]),
        ] {
            let asked = ["2025-01-09", "2025-01-10", "2025-01-19", "2025-01-20", "2025-01-21"];
            assert_eq!(asked.map(|as_of| dates.truth(day(as_of))), expected, "{dates:?}");
        }
    }
}
