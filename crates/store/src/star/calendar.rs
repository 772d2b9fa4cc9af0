//! `dim_date`: one row per day of the years that a dataset speaks about.
//!
//! A typing error is no reason for a calendar of ten thousand years: dates of the data count from 1970 to 2100, which
//! also leaves out the open ends 1900-01-01 and 9999-12-31. As-of dates are asked for, so their years are always there.

use crate::rows::Columns;
use aceq_model::{date_from_days, tables};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, TimestampMicrosecondType};
use chrono::{Datelike, Months, NaiveDate};
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

/// Days since 1970-01-01 that stretch the calendar: 1970-01-01 to 2100-12-31.
const STRETCHING: RangeInclusive<i32> = 0..=47_846;

const MICROSECONDS_PER_DAY: i64 = 86_400_000_000;

/// The month in which the fiscal year begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FiscalYearStart(u32);

impl FiscalYearStart {
    /// The month, 1 to 12; `None` for any other number.
    pub fn new(month: u32) -> Option<Self> {
        (1..=12).contains(&month).then_some(Self(month))
    }

    /// The month, 1 to 12.
    pub fn month(self) -> u32 {
        self.0
    }

    /// Fiscal year and quarter of a day. A year that begins in October 2026 ends in 2027 and is called 2027.
    fn year_and_quarter(self, date: NaiveDate) -> (i32, u32) {
        let months_in = (date.month() + 12 - self.0) % 12;
        let ends_next_year = self.0 > 1 && date.month() >= self.0;
        (date.year() + i32::from(ends_next_year), months_in / 3 + 1)
    }
}

impl Default for FiscalYearStart {
    /// January: fiscal years are calendar years.
    fn default() -> Self {
        Self(1)
    }
}

/// The years that the rows of a dataset speak about.
#[derive(Clone, Debug, Default)]
pub(crate) struct Years {
    /// First and last day seen.
    days: Option<(i32, i32)>,
}

impl Years {
    /// Takes note of every date of some rows.
    pub(crate) fn note(&mut self, rows: &RecordBatch) {
        for column in rows.columns() {
            match column.data_type() {
                DataType::Date32 => self.stretch(column.as_primitive::<Date32Type>().iter().flatten()),
                DataType::Timestamp(..) => {
                    let instants = column.as_primitive::<TimestampMicrosecondType>().iter().flatten();
                    self.stretch(instants.map(|at| at.div_euclid(MICROSECONDS_PER_DAY).try_into().unwrap_or(i32::MAX)));
                }
                _ => {}
            }
        }
    }

    /// Takes note of what other rows speak about.
    pub(crate) fn add(&mut self, other: &Self) {
        self.stretch(other.days.into_iter().flat_map(|(first, last)| [first, last]));
    }

    fn stretch(&mut self, days: impl Iterator<Item = i32>) {
        let (mut first, mut last) = self.days.unwrap_or((i32::MAX, i32::MIN));
        for day in days.filter(|day| STRETCHING.contains(day)) {
            first = first.min(day);
            last = last.max(day);
        }
        self.days = (first <= last).then_some((first, last));
    }

    /// The years, ascending: all from the first to the last date, and those of `as_of`.
    fn with(&self, as_of: &[NaiveDate]) -> BTreeSet<i32> {
        let in_range = |date: &NaiveDate| STRETCHING.contains(&aceq_model::days_from_date(*date));
        let mut seen = self.clone();
        seen.stretch(as_of.iter().map(|date| aceq_model::days_from_date(*date)));
        let year = |day| date_from_days(day).expect("a day of this calendar").year();
        let stretch = seen.days.map(|(first, last)| year(first)..=year(last));
        let beyond = as_of.iter().filter(|date| !in_range(date)).map(NaiveDate::year);
        stretch.into_iter().flatten().chain(beyond).collect()
    }
}

/// Rows of `dim_date`.
pub(crate) fn days(years: &Years, as_of: &[NaiveDate], fiscal: FiscalYearStart) -> RecordBatch {
    let days_of = |year: i32| NaiveDate::from_ymd_opt(year, 1, 1).into_iter().flat_map(year_from);
    let days: Vec<NaiveDate> = years.with(as_of).into_iter().flat_map(days_of).collect();
    let label = |of: fn(&NaiveDate) -> String| days.iter().map(of).collect::<Vec<String>>();
    let (quarters, months) = (label(|day| quarter_label(*day)), label(|day| day.format("%Y-%m").to_string()));
    let fiscal: Vec<(i32, u32)> = days.iter().map(|day| fiscal.year_and_quarter(*day)).collect();
    let fiscal_labels: Vec<String> = fiscal.iter().map(|(year, quarter)| format!("FY{year:04}-Q{quarter}")).collect();
    let number = |of: fn(&NaiveDate) -> u32| days.iter().map(move |day| of(day) as i32);
    Columns::of(&tables::DIM_DATE)
        .date("date", days.iter().copied())
        .integer("year", days.iter().map(NaiveDate::year))
        .integer("quarter", number(NaiveDate::quarter))
        .text("quarter_label", quarters.iter().map(String::as_str))
        .date("quarter_start", days.iter().map(|day| first_of(*day, 3)))
        .date("quarter_end", days.iter().map(|day| last_of(*day, 3)))
        .integer("month", number(NaiveDate::month))
        .text("month_label", months.iter().map(String::as_str))
        .date("month_start", days.iter().map(|day| first_of(*day, 1)))
        .date("month_end", days.iter().map(|day| last_of(*day, 1)))
        .integer("iso_week", number(|day| day.iso_week().week()))
        .integer("iso_weekday", number(|day| day.weekday().number_from_monday()))
        .flag("is_quarter_end", days.iter().map(|day| last_of(*day, 3) == *day))
        .integer("fiscal_year", fiscal.iter().map(|(year, _)| *year))
        .integer("fiscal_quarter", fiscal.iter().map(|(_, quarter)| *quarter as i32))
        .text("fiscal_quarter_label", fiscal_labels.iter().map(String::as_str))
        .finish()
}

fn quarter_label(day: NaiveDate) -> String {
    format!("{:04}-Q{}", day.year(), day.quarter())
}

fn year_from(first: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    first.iter_days().take_while(move |day| day.year() == first.year())
}

/// The first day of the period of `months` months, counted from January, that `day` lies in.
fn first_of(day: NaiveDate, months: u32) -> NaiveDate {
    let month = day.month0() / months * months + 1;
    NaiveDate::from_ymd_opt(day.year(), month, 1).expect("the first of a month")
}

fn last_of(day: NaiveDate, months: u32) -> NaiveDate {
    (first_of(day, months) + Months::new(months)).pred_opt().expect("a day before the next period")
}
