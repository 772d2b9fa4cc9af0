//! Forecasts: how likely each requirement is to be met on each quarter end, and which open opportunities decide it.

mod json;
mod sheet;
mod table;

use crate::amount::Measure;
use crate::format::Format;
use crate::order;
use crate::status_table::RequirementInfos;
use aceq_model::{DriverRow, ForecastBasis, ForecastRow};
use std::collections::BTreeMap;

pub use json::{FORECAST_SCHEMA_ID, forecast_schema};

/// A forecast and what a reader needs to judge it.
///
/// ```
/// use aceq_report::{Forecast, Format, RequirementInfos};
/// let notes = ["no snapshot has a day".to_owned()];
/// let forecast = Forecast {
///     rows: &[],
///     drivers: &[],
///     titles: &RequirementInfos::new(),
///     settings: &Default::default(),
///     notes: &notes,
///     verdict: None,
///     color: false,
///     width: 80,
/// };
/// assert_eq!(forecast.in_format(Format::Table), "nothing was forecast\n\nno snapshot has a day\n");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Forecast<'f> {
    /// The rows, in any order.
    pub rows: &'f [ForecastRow],
    /// What moves them, in any order.
    pub drivers: &'f [DriverRow],
    /// Titles; of a checklist, that of its requirement `*`.
    pub titles: &'f RequirementInfos,
    /// Seed, number of draws and the like, by name: texts, numbers or flags, for the JSON form.
    pub settings: &'f BTreeMap<String, serde_json::Value>,
    /// Inputs left aside, defaults that were used: one sentence each, at the end.
    pub notes: &'f [String],
    /// What the backtest says, as of [`verdict`](crate::verdict); `None` = it was not asked.
    pub verdict: Option<&'f str>,
    /// Whether to colour. Nothing is said by colour alone.
    pub color: bool,
    /// Width of the terminal in columns; less than 40 counts as 40.
    pub width: u16,
}

impl Forecast<'_> {
    /// The forecast in `format`. CSV and Markdown hold the forecast rows alone; [`drivers_csv`] has the others.
    pub fn in_format(&self, format: Format) -> String {
        match format {
            Format::Table => self.table(),
            Format::Json => forecast_json(self),
            Format::Csv => forecast_csv(self.rows),
            Format::Markdown => forecast_markdown(self.rows),
        }
    }
}

/// One object: schema, settings, notes, verdict, forecast and drivers. Probabilities have four decimals.
pub fn forecast_json(forecast: &Forecast<'_>) -> String {
    json::document(forecast)
}

/// The forecast rows as RFC 4180 with a header line; null is an empty field.
pub fn forecast_csv(rows: &[ForecastRow]) -> String {
    sheet::forecast(rows).csv()
}

/// The forecast rows as a Markdown table.
pub fn forecast_markdown(rows: &[ForecastRow]) -> String {
    sheet::forecast(rows).markdown()
}

/// The drivers as RFC 4180 with a header line.
pub fn drivers_csv(rows: &[DriverRow]) -> String {
    sheet::drivers(rows).csv()
}

/// As the statuses, then by quarter end.
pub(crate) fn in_order(rows: &[ForecastRow]) -> Vec<&ForecastRow> {
    order::sorted(rows, |row| (order::key(&row.key), row.as_of))
}

/// As the statuses, then by quarter end and rank.
fn drivers_in_order(rows: &[DriverRow]) -> Vec<&DriverRow> {
    order::sorted(rows, |row| (order::key(&row.key), row.as_of, row.rank))
}

/// Whether chance has a say in a row.
pub(crate) fn is_uncertain(row: &ForecastRow) -> bool {
    let open = |p: f64| p > 0.0 && p < 1.0;
    row.basis != ForecastBasis::Calendar && (open(row.p_met) || open(row.p_met_at_most) || is_wide(row))
}

fn is_wide(row: &ForecastRow) -> bool {
    row.quantiles.is_some_and(|[low, _, high]| low < high)
}

/// A count for a narrow place: `48`; sums as `1.25M`, `12.5k`, `900`.
pub(crate) fn short(measure: Measure, hundredths: i64) -> String {
    let scaled = |unit: f64, sign: &str| {
        let text = format!("{:.2}", hundredths as f64 / 100.0 / unit);
        text.trim_end_matches('0').trim_end_matches('.').to_owned() + sign
    };
    match (measure, hundredths.abs()) {
        (Measure::Count, _) => measure.text(hundredths),
        (Measure::Sum, 100_000_000..) => scaled(1_000_000.0, "M"),
        (Measure::Sum, 100_000..) => scaled(1_000.0, "k"),
        (Measure::Sum, _) => format!("{:.0}", hundredths as f64 / 100.0),
    }
}

/// An expected count: one decimal of a count, a short sum.
pub(crate) fn expected(measure: Measure, count: f64) -> String {
    match measure {
        Measure::Count => format!("{count:.1}"),
        Measure::Sum => short(measure, (count * 100.0).round() as i64),
    }
}

#[cfg(test)]
mod tests;
