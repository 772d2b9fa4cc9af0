//! A backtest for programs: scores, calibration, and every forecast.

use crate::order;
use crate::sheet::{Sheet, Value, column};
use aceq_model::{BacktestRow, BacktestScore, CalibrationRow, Table};

static SCORES: Table = Table {
    name: "backtest_scores",
    grain: "one row per horizon, and one for all",
    key: &[],
    columns: &[
        column("horizon", ""),
        column("forecasts", ""),
        column("origins", ""),
        column("brier", ""),
        column("brier_held", ""),
        column("brier_win_rate", ""),
        column("skill_held", ""),
        column("skill_win_rate", ""),
        column("log_score", ""),
        column("coverage", ""),
        column("expected_over_actual", ""),
    ],
};

static CALIBRATION: Table = Table {
    name: "calibration",
    grain: "one row per class of probabilities",
    key: &[],
    columns: &[
        column("from", ""),
        column("until", ""),
        column("forecasts", ""),
        column("forecast", ""),
        column("observed", ""),
    ],
};

static FORECASTS: Table = Table {
    name: "backtest",
    grain: "one row per forecast",
    key: &[],
    columns: &[
        column("partner_id", ""),
        column("program", ""),
        column("version", ""),
        column("requirement_id", ""),
        column("reading", ""),
        column("member", ""),
        column("from", ""),
        column("as_of", ""),
        column("horizon", ""),
        column("p_met", ""),
        column("p_held", ""),
        column("p_win_rate", ""),
        column("met", ""),
        column("p10", ""),
        column("p90", ""),
        column("count", ""),
        column("held", ""),
        column("expected", ""),
    ],
};

/// By horizon, all together last.
pub(super) fn in_order(scores: &[BacktestScore]) -> Vec<&BacktestScore> {
    order::sorted(scores, |score| (score.horizon.is_none(), score.horizon))
}

pub(super) fn scores(scores: &[BacktestScore]) -> Sheet<'_> {
    Sheet::new(&SCORES, in_order(scores).into_iter().map(score_values).collect())
}

pub(super) fn calibration(rows: &[CalibrationRow]) -> Sheet<'_> {
    let values = |row: &CalibrationRow| {
        vec![
            Value::decimal(row.from),
            Value::decimal(row.until),
            Value::count(row.forecasts),
            row.forecast.map_or(Value::Null, Value::decimal),
            row.observed.map_or(Value::Null, Value::decimal),
        ]
    };
    Sheet::new(&CALIBRATION, rows.iter().map(values).collect())
}

pub(super) fn rows(rows: &[BacktestRow]) -> Sheet<'_> {
    let rows = order::sorted(rows, |row| (order::key(&row.key), row.from, row.as_of));
    Sheet::new(&FORECASTS, rows.into_iter().map(row_values).collect())
}

fn score_values(score: &BacktestScore) -> Vec<Value<'_>> {
    let maybe = |number: Option<f64>| number.map_or(Value::Null, Value::decimal);
    vec![
        score.horizon.map_or(Value::Null, |quarters| Value::Integer(i64::from(quarters))),
        Value::count(score.forecasts),
        Value::count(score.origins),
        Value::decimal(score.brier),
        Value::decimal(score.brier_held),
        Value::decimal(score.brier_win_rate),
        maybe(score.skill_held),
        maybe(score.skill_win_rate),
        Value::decimal(score.log_score),
        Value::decimal(score.coverage),
        maybe(score.expected_over_actual),
    ]
}

/// Rows of a backtest do not say whether they are sums: numbers have two decimals only where they need them.
fn row_values(row: &BacktestRow) -> Vec<Value<'_>> {
    let amount = |hundredths| Value::Hundredths(crate::amount::Measure::Count, hundredths);
    let mut values = Value::key(&row.key).to_vec();
    values.extend([
        Value::date(Some(row.from)),
        Value::date(Some(row.as_of)),
        Value::Integer(i64::from(row.horizon)),
        Value::decimal(row.p_met),
        Value::decimal(row.p_held),
        Value::decimal(row.p_win_rate),
        Value::Flag(row.met),
        amount(row.interval.0),
        amount(row.interval.1),
        amount(row.count),
        amount(row.held),
        row.expected.map_or(Value::Null, Value::decimal),
    ]);
    values
}
