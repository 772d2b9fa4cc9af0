//! Application dates from what was typed: single dates, or the ends of periods. The only place that reads the clock.

use crate::error::CliError;
use aceq_model::AsOf;
use chrono::{Datelike, Months, NaiveDate};

/// Ends of periods between two days, both included.
#[derive(Clone, Copy, Debug)]
pub struct Every {
    /// Months in a period: 1, 3 or 12.
    pub months: u32,
    /// First day.
    pub from: NaiveDate,
    /// Last day.
    pub to: NaiveDate,
}

/// A typed date.
pub fn parse_date(text: &str) -> Result<NaiveDate, CliError> {
    Ok(text.parse::<AsOf>().map_err(CliError::AsOf)?.date())
}

/// The last day of each period that lies between `from` and `to`.
pub fn period_ends(every: Every) -> Result<Vec<AsOf>, CliError> {
    let mut ends = Vec::new();
    let mut end = period_end(every.from, every.months);
    while let Some(date) = end.filter(|date| *date <= every.to) {
        ends.push(AsOf::new(date).map_err(CliError::AsOf)?);
        end = date.succ_opt().and_then(|next| period_end(next, every.months));
    }
    if ends.is_empty() {
        return Err(CliError::NoPeriodEnd { from: every.from, to: every.to });
    }
    Ok(ends)
}

fn period_end(date: NaiveDate, months: u32) -> Option<NaiveDate> {
    let first_month = date.month0() / months * months + 1;
    let start = NaiveDate::from_ymd_opt(date.year(), first_month, 1)?;
    start.checked_add_months(Months::new(months))?.pred_opt()
}

/// Today in UTC.
#[expect(clippy::disallowed_methods, reason = "an as-of date that is not given is today; results name it")]
pub fn today() -> AsOf {
    let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let days = i32::try_from(seconds / 86_400).unwrap_or(0);
    let date = aceq_model::date_from_days(days).unwrap_or(aceq_model::OPEN_START);
    AsOf::new(date).expect("today lies between 1970 and 9999")
}

#[cfg(test)]
mod tests {
    use super::{Every, parse_date, period_ends};

    #[test]
    fn quarter_ends_are_within_both_days() {
        let every = |from, to| Every { months: 3, from: parse_date(from).unwrap(), to: parse_date(to).unwrap() };
        let shown = |every| period_ends(every).unwrap().iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(shown(every("2026-11-20", "2027-06-30")), ["2026-12-31", "2027-03-31", "2027-06-30"]);
        assert_eq!(shown(every("2026-12-31", "2026-12-31")), ["2026-12-31"]);
        assert!(period_ends(every("2026-10-01", "2026-12-30")).is_err());
    }
}
