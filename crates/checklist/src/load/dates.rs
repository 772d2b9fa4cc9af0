//! Dates of a rule file. TOML's own dates are richer than calendar dates: times and offsets are refused.

use super::{Loaded, Loader};
use crate::checklist::Until;
use chrono::{Months, NaiveDate};
use toml::value::Datetime;
use toml::{Spanned, Value};

pub(super) fn date(loader: &Loader<'_>, value: &Spanned<Datetime>) -> Loaded<NaiveDate> {
    calendar_date(value.get_ref())
        .ok_or_else(|| loader.error(value.span(), "expected a date without a time", "write it as 2026-11-20"))
}

fn calendar_date(value: &Datetime) -> Option<NaiveDate> {
    match (value.date, value.time) {
        (Some(date), None) => NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into()),
        _ => None,
    }
}

/// A day (`2026-05-31`) or a month (`"2026-05"`), as precise as the document.
pub(super) fn until(loader: &Loader<'_>, value: &Spanned<Value>) -> Loaded<Until> {
    let end = match value.get_ref() {
        Value::Datetime(datetime) => calendar_date(datetime).map(Until::Day),
        Value::String(text) => month(text),
        _ => None,
    };
    let help = "write a day as 2026-05-31 or, where the document names only a month, \"2026-05\"";
    end.ok_or_else(|| loader.error(value.span(), "expected a day or a month", help))
}

fn month(text: &str) -> Option<Until> {
    let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok()?;
    let last = first.checked_add_months(Months::new(1))?.pred_opt()?;
    Some(Until::Month(first, last))
}
