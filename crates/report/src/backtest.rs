//! Backtests: what would have been forecast on past quarter ends, against what happened.

mod plot;
mod sheet;
mod table;
mod verdict;

use crate::format::Format;
use aceq_model::{BacktestRow, BacktestScore, CalibrationRow};
use serde_json::json;

pub use plot::calibration_plot;
pub use verdict::verdict;

/// Identity of the JSON form. The number rises when a reader of the old form would misread the new one.
pub const BACKTEST_SCHEMA_ID: &str = "aceq-backtest-1";

/// A backtest and how to show it.
#[derive(Clone, Copy, Debug)]
pub struct Backtest<'b> {
    /// The forecasts that were judged, for the JSON form.
    pub rows: &'b [BacktestRow],
    /// Scores of each horizon and of all together.
    pub scores: &'b [BacktestScore],
    /// How often what was given some probability happened, in the order of probabilities.
    pub calibration: &'b [CalibrationRow],
    /// The verdict in one sentence, as of [`verdict`].
    pub verdict: &'b str,
    /// Whether to colour. Nothing is said by colour alone.
    pub color: bool,
    /// Width of the terminal in columns; less than 40 counts as 40.
    pub width: u16,
}

impl Backtest<'_> {
    /// The backtest in `format`. CSV holds the scores; [`backtest_rows_csv`] has every forecast.
    pub fn in_format(&self, format: Format) -> String {
        match format {
            Format::Table => self.table(),
            Format::Json => backtest_json(self),
            Format::Csv => backtest_csv(self.scores),
            Format::Markdown => self.markdown(),
        }
    }

    /// The verdict, then both tables.
    fn markdown(&self) -> String {
        let verdict = crate::sheet::escape_markdown(self.verdict);
        let (scores, calibration) = (sheet::scores(self.scores), sheet::calibration(self.calibration));
        format!("{verdict}\n\n{}\n{}", scores.markdown(), calibration.markdown())
    }
}

/// One object: schema, verdict, scores, calibration and every forecast. Probabilities and scores have four decimals.
pub fn backtest_json(backtest: &Backtest<'_>) -> String {
    let list = |json: String| json.trim_end().replace('\n', "\n  ");
    let parts = [
        ("schema", json!(BACKTEST_SCHEMA_ID).to_string()),
        ("verdict", json!(backtest.verdict).to_string()),
        ("scores", list(sheet::scores(backtest.scores).json())),
        ("calibration", list(sheet::calibration(backtest.calibration).json())),
        ("forecasts", list(sheet::rows(backtest.rows).json())),
    ];
    let lines: Vec<String> = parts.iter().map(|(name, json)| format!("  \"{name}\": {json}")).collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

/// The scores as RFC 4180 with a header line; the horizon of all together is empty.
pub fn backtest_csv(scores: &[BacktestScore]) -> String {
    sheet::scores(scores).csv()
}

/// Every forecast that was judged as RFC 4180 with a header line.
pub fn backtest_rows_csv(rows: &[BacktestRow]) -> String {
    sheet::rows(rows).csv()
}

/// The interval of a share of which `share` of `trials` was seen (Wilson's, 95 %): between 0 and 1.
pub(crate) fn wilson(share: f64, trials: usize) -> (f64, f64) {
    const Z: f64 = 1.96;
    let n = trials as f64;
    let middle = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((middle - half).max(0.0), (middle + half).min(1.0))
}

#[cfg(test)]
mod tests;
