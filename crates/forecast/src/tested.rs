//! A backtest in numbers: per horizon and over all, the forecast beside its two baselines.

use crate::score::{Happened, Judged, JudgedInterval, brier, calibration, coverage, log_score, skill};
use aceq_model::{BacktestRow, BacktestScore, CalibrationRow};
use std::collections::BTreeSet;

/// Classes of the calibration table.
const CLASSES: usize = 10;

/// Scores of each horizon that occurs, ascending, then of all together; nothing without rows.
pub fn backtest_scores(rows: &[BacktestRow]) -> Vec<BacktestScore> {
    let horizons: BTreeSet<u32> = rows.iter().map(|row| row.horizon).collect();
    let of = |horizon: Option<u32>| {
        let of_it: Vec<&BacktestRow> =
            rows.iter().filter(|row| horizon.is_none_or(|horizon| row.horizon == horizon)).collect();
        score(horizon, &of_it)
    };
    horizons.into_iter().map(Some).chain([None]).filter_map(of).collect()
}

/// How often what was given some probability happened, in ten classes.
pub fn backtest_calibration(rows: &[BacktestRow]) -> Vec<CalibrationRow> {
    let judged: Vec<Judged> = rows.iter().map(|row| judge(row, row.p_met)).collect();
    let bins = calibration(&judged, CLASSES).into_iter();
    let row = |bin: crate::CalibrationBin| CalibrationRow {
        from: bin.from,
        until: bin.until,
        forecasts: bin.forecasts,
        forecast: bin.forecast.map(crate::rounded),
        observed: bin.observed.map(crate::rounded),
    };
    bins.map(row).collect()
}

fn judge(row: &BacktestRow, probability: f64) -> Judged {
    Judged { probability, outcome: Happened::from(row.met) }
}

fn score(horizon: Option<u32>, rows: &[&BacktestRow]) -> Option<BacktestScore> {
    let of = |probability: fn(&BacktestRow) -> f64| -> Vec<Judged> {
        rows.iter().map(|row| judge(row, probability(row))).collect()
    };
    let forecast = of(|row| row.p_met);
    let brier_forecast = brier(&forecast)?;
    let brier_held = brier(&of(|row| row.p_held))?;
    let brier_win_rate = brier(&of(|row| row.p_win_rate))?;
    let counted: Vec<&&BacktestRow> = rows.iter().filter(|row| row.expected.is_some()).collect();
    let intervals: Vec<JudgedInterval> = counted
        .iter()
        .map(|row| JudgedInterval { low: row.interval.0, high: row.interval.1, count: row.count })
        .collect();
    Some(BacktestScore {
        horizon,
        forecasts: rows.len(),
        origins: rows.iter().map(|row| row.from).collect::<BTreeSet<_>>().len(),
        brier: crate::rounded(brier_forecast),
        brier_held: crate::rounded(brier_held),
        brier_win_rate: crate::rounded(brier_win_rate),
        skill_held: skill(brier_forecast, brier_held).map(crate::rounded),
        skill_win_rate: skill(brier_forecast, brier_win_rate).map(crate::rounded),
        log_score: crate::rounded(log_score(&forecast)?),
        coverage: crate::rounded(coverage(&intervals).unwrap_or(0.0)),
        expected_over_actual: newly_counting(&counted).map(crate::rounded),
    })
}

/// Units expected to come beside those that roll off, over those that came.
fn newly_counting(rows: &[&&BacktestRow]) -> Option<f64> {
    let units = |hundredths: i64| hundredths as f64 / 100.0;
    let expected: f64 = rows.iter().filter_map(|row| Some(row.expected? - units(row.held))).sum();
    let actual: f64 = rows.iter().map(|row| units(row.count - row.held)).sum();
    (actual > 0.0).then(|| expected / actual)
}

#[cfg(test)]
mod tests {
    use super::{backtest_calibration, backtest_scores};
    use aceq_model::{BacktestRow, CountKey};
    use chrono::NaiveDate;

    fn row(horizon: u32, p: (f64, f64, f64), met: bool, count: i64) -> BacktestRow {
        let text = |text: &str| text.to_owned();
        BacktestRow {
            key: CountKey {
                partner_id: text("P1"),
                program: text("smb"),
                version: text("2025-08"),
                requirement_id: text("4.2"),
                reading: text("adopted"),
                member: None,
            },
            from: NaiveDate::from_ymd_opt(2026, 3, 31).unwrap(),
            as_of: NaiveDate::from_ymd_opt(2026, 6, 30).unwrap(),
            horizon,
            p_met: p.0,
            p_held: p.1,
            p_win_rate: p.2,
            met,
            interval: (4900, 5100),
            count,
            held: 4800,
            expected: Some(50.0),
        }
    }

    /// One quarter ahead: .8 said, met (.04); .4 said, not met (.16): .1. Held said 0 and 1: both wrong, 1. The win rate
    /// said 1 and .5: 0 and .25, .125. Counts 51 and 48, expected 50 each over 48 that stay: 4 expected, 3 came.
    #[test]
    fn a_score_by_hand() {
        let rows = [row(1, (0.8, 0.0, 1.0), true, 5100), row(1, (0.4, 1.0, 0.5), false, 4800)];
        let scores = backtest_scores(&rows);
        assert_eq!(scores.iter().map(|score| score.horizon).collect::<Vec<_>>(), [Some(1), None]);
        let score = &scores[0];
        assert_eq!((score.brier, score.brier_held, score.brier_win_rate), (0.1, 1.0, 0.125));
        assert_eq!((score.skill_held, score.skill_win_rate), (Some(0.9), Some(0.2)));
        assert_eq!((score.forecasts, score.origins, score.coverage), (2, 1, 0.5));
        assert_eq!(score.expected_over_actual, Some(1.3333));
        let filled: Vec<_> = backtest_calibration(&rows).into_iter().filter(|class| class.forecasts > 0).collect();
        assert_eq!(
            filled.iter().map(|class| (class.from, class.observed)).collect::<Vec<_>>(),
            [(0.4, Some(0.0)), (0.8, Some(1.0))]
        );
    }

    #[test]
    fn nothing_was_tested() {
        assert_eq!(backtest_scores(&[]), []);
    }
}
