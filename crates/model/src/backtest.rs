//! Rows of a backtest: what would have been forecast, against what happened.

use crate::outlook::CountKey;
use chrono::NaiveDate;

/// One forecast that could have been made, and what came.
#[derive(Clone, Debug, PartialEq)]
pub struct BacktestRow {
    /// The count.
    pub key: CountKey,
    /// The past quarter end on which the forecast would have been made.
    pub from: NaiveDate,
    /// The quarter end that it was about.
    pub as_of: NaiveDate,
    /// Quarters between the two, 1 to 4.
    pub horizon: u32,
    /// Probability of being met that was forecast.
    pub p_met: f64,
    /// What the baseline "today's count held" said: 0 or 1.
    pub p_held: f64,
    /// What the baseline "win rate × open" said.
    pub p_win_rate: f64,
    /// Whether it was met.
    pub met: bool,
    /// 10 and 90 % points that were forecast, in hundredths.
    pub interval: (i64, i64),
    /// The count that came, in hundredths.
    pub count: i64,
    /// The count that today's rows, rolled on, would have given, in hundredths.
    pub held: i64,
    /// Expected count that was forecast; `None` for rows without a count of their own.
    pub expected: Option<f64>,
}

/// Scores of one horizon, or of all of them.
#[derive(Clone, Debug, PartialEq)]
pub struct BacktestScore {
    /// Quarters ahead; `None` = all horizons together.
    pub horizon: Option<u32>,
    /// Forecasts judged.
    pub forecasts: usize,
    /// Quarter ends on which they were made.
    pub origins: usize,
    /// Brier score of the forecast.
    pub brier: f64,
    /// Brier score of "today's count held".
    pub brier_held: f64,
    /// Brier score of "win rate × open".
    pub brier_win_rate: f64,
    /// `1 − brier / brier_held`; `None` where that baseline was perfect.
    pub skill_held: Option<f64>,
    /// `1 − brier / brier_win_rate`; `None` where that baseline was perfect.
    pub skill_win_rate: Option<f64>,
    /// Mean surprise in nats.
    pub log_score: f64,
    /// Share of counts within their 80 % interval.
    pub coverage: f64,
    /// Forecast over actual number of units that newly came to count; `None` where none came.
    pub expected_over_actual: Option<f64>,
}

/// One class of a calibration table: what was given some probability, and how often it happened.
#[derive(Clone, Debug, PartialEq)]
pub struct CalibrationRow {
    /// Least probability of the class, inclusive.
    pub from: f64,
    /// End of the class, exclusive (inclusive at 1).
    pub until: f64,
    /// Forecasts in it.
    pub forecasts: usize,
    /// Mean probability; `None` without any.
    pub forecast: Option<f64>,
    /// Share that happened; `None` without any.
    pub observed: Option<f64>,
}
