//! Forecast and drivers for programs: one row per count and quarter end, one per opportunity that moves it.

use super::{drivers_in_order, in_order};
use crate::amount::Measure;
use crate::sheet::{Sheet, Value, column};
use aceq_model::{DriverRow, ForecastRow, Table};

/// Columns of the forecast.
pub(super) static FORECAST: Table = Table {
    name: "forecast",
    grain: "one row per count and quarter end",
    key: &[],
    columns: &[
        column("partner_id", "Partner."),
        column("program", "Program id."),
        column("version", "Checklist version."),
        column("requirement_id", "Requirement id; `*` is the whole checklist."),
        column("reading", "`adopted`, or the name of the alternative reading."),
        column("member", "The value or sub-minimum of an `each` or `of_which` count; null on the requirement's own."),
        column("from", "The day from which the forecast looks ahead."),
        column("known_at", "Day of the newest snapshot that it knows; null where no export has a day."),
        column("as_of", "The quarter end."),
        column("quarter", "Name of the quarter."),
        column("held_status", "Status on the quarter end if nothing launches."),
        column("held", "Confirmed count on the quarter end if nothing launches."),
        column("required", "The count asked for."),
        column("expected", "Expected count; null for rows that combine others."),
        column("p10", "The count is at most this with a probability of 10 %; null for rows that combine others."),
        column("p50", "Median of the count; null for rows that combine others."),
        column("p90", "The count is at most this with a probability of 90 %; null for rows that combine others."),
        column("p_met", "Probability of being met with what is confirmed."),
        column("p_met_at_most", "The same if all that is unknown turned out well."),
        column("basis", "How the probability was found."),
    ],
};

/// Columns of the drivers.
pub(super) static DRIVERS: Table = Table {
    name: "drivers",
    grain: "one row per count, quarter end and opportunity that moves it",
    key: &[],
    columns: &[
        column("partner_id", "Partner."),
        column("program", "Program id."),
        column("version", "Checklist version."),
        column("requirement_id", "Requirement id; `*` is the whole checklist."),
        column("reading", "`adopted`, or the name of the alternative reading."),
        column("member", "The value or sub-minimum of an `each` or `of_which` count; null on the requirement's own."),
        column("as_of", "The quarter end."),
        column("rank", "1 for the opportunity that moves most."),
        column("opportunity_id", "ACE id."),
        column("label", "What a person would call it."),
        column("stage", "Stage."),
        column("target_close_date", "Target close date; null where unknown."),
        column("p_counts", "Probability of launching such that it counts on the quarter end."),
        column("moves", "P(met, were it sure) − P(met, were it lost)."),
        column("source_file", "File of the row."),
        column("source_sheet", "Worksheet; empty for formats without."),
        column("source_line", "Line of the row."),
    ],
};

pub(super) fn forecast(rows: &[ForecastRow]) -> Sheet<'_> {
    Sheet::new(&FORECAST, in_order(rows).into_iter().map(values).collect())
}

pub(super) fn drivers(rows: &[DriverRow]) -> Sheet<'_> {
    Sheet::new(&DRIVERS, drivers_in_order(rows).into_iter().map(driver_values).collect())
}

fn values(row: &ForecastRow) -> Vec<Value<'_>> {
    let amount = |hundredths| Value::Hundredths(Measure::of(row.is_sum), hundredths);
    let quantile = |at: usize| row.quantiles.map_or(Value::Null, |quantiles| amount(quantiles[at]));
    let mut values = Value::key(&row.key).to_vec();
    values.extend([
        Value::date(Some(row.from)),
        Value::date(row.known_at),
        Value::date(Some(row.as_of)),
        Value::text(&row.quarter),
        Value::text(row.held_status.as_str()),
        amount(row.held),
        amount(row.required),
        row.expected.map_or(Value::Null, Value::decimal),
        quantile(0),
        quantile(1),
        quantile(2),
        Value::decimal(row.p_met),
        Value::decimal(row.p_met_at_most),
        Value::text(row.basis.name()),
    ]);
    values
}

fn driver_values(row: &DriverRow) -> Vec<Value<'_>> {
    let mut values = Value::key(&row.key).to_vec();
    values.extend([
        Value::date(Some(row.as_of)),
        Value::Integer(i64::from(row.rank)),
        Value::text(&row.opportunity_id),
        Value::text(&row.label),
        Value::text(&row.stage),
        Value::date(row.target_close_date),
        Value::decimal(row.p_counts),
        Value::decimal(row.moves),
        Value::text(&row.source_file),
        Value::text(&row.source_sheet),
        Value::Integer(row.source_line),
    ]);
    values
}
