//! A backtest for a terminal.
//!
//! ```text
//!  Tested on 11 past quarters (212 forecasts): Brier .081, …
//!
//!  ahead  forecasts  Brier  held  rate  vs held  vs rate   log  80 %  ratio
//!  1             53   .052  .080  .101     35 %     49 %  .181  84 %   1.02
//!  all          212   .081  .123  .103     34 %     21 %  .262  83 %    .98
//! ```

use super::{Backtest, sheet, wilson};
use crate::chance::{percent, score};
use crate::screen::{Cell, Column, Lines, Side, Tint, line, wrapped};
use aceq_model::{BacktestScore, CalibrationRow};

const LEGEND: [&str; 3] = [
    "Brier, held, rate: mean squared error of the forecast, of holding today's count and of win rate × open; 0 is best.",
    "vs held, vs rate: how much better the forecast is. log: mean surprise in nats. 80 %: counts within their interval.",
    "ratio: forecast over actual number of units that newly came to count.",
];

impl Backtest<'_> {
    pub(super) fn table(&self) -> String {
        let mut text = self.wrapped(self.verdict, Tint::Strong);
        if !self.scores.is_empty() {
            text += "\n";
            text += &self.scores();
            text.extend(LEGEND.iter().map(|legend| self.wrapped(legend, Tint::Faint)));
        }
        if self.calibration.iter().any(|row| row.forecasts > 0) {
            text += "\n";
            text += &line(
                "what was given some probability, and how often it happened",
                Tint::Strong,
                self.width,
                self.color,
            );
            text += &self.calibration();
        }
        text
    }

    fn scores(&self) -> String {
        let headings = ["ahead", "forecasts", "Brier", "held", "rate", "vs held", "vs rate", "log", "80 %", "ratio"];
        let column = |(at, heading): (usize, &'static str)| {
            Column::new(heading, if at == 0 { Side::Left } else { Side::Right }, 4)
        };
        let mut lines = Lines::new(headings.into_iter().enumerate().map(column).collect(), &[]);
        for score in sheet::in_order(self.scores) {
            lines.push(cells(score));
        }
        lines.render(self.width, self.color)
    }

    fn calibration(&self) -> String {
        let headings = [("given", Side::Left), ("forecasts", Side::Right), ("on average", Side::Right)];
        let happened = [("happened", Side::Right), ("95 % interval", Side::Right)];
        let columns = headings.iter().chain(&happened).map(|(heading, side)| Column::new(heading, *side, 6));
        let mut lines = Lines::new(columns.collect(), &[]);
        for row in self.calibration.iter().filter(|row| row.forecasts > 0) {
            lines.push(class(row));
        }
        lines.render(self.width, self.color)
    }

    fn wrapped(&self, text: &str, tint: Tint) -> String {
        wrapped(text, 2, tint, self.width, self.color)
    }
}

fn cells(row: &BacktestScore) -> Vec<Cell> {
    let skill = |skill: Option<f64>| skill.map_or_else(|| "–".to_owned(), signed);
    let texts = [
        row.horizon.map_or_else(|| "all".to_owned(), |quarters| quarters.to_string()),
        row.forecasts.to_string(),
        score(row.brier),
        score(row.brier_held),
        score(row.brier_win_rate),
        skill(row.skill_held),
        skill(row.skill_win_rate),
        score(row.log_score),
        if row.coverage.is_finite() { percent(row.coverage) } else { "–".to_owned() },
        row.expected_over_actual.map_or_else(|| "–".to_owned(), |ratio| format!("{ratio:.2}")),
    ];
    let tint = if row.horizon.is_none() { Tint::Strong } else { Tint::Plain };
    texts.map(|text| Cell::new(text, tint)).to_vec()
}

/// `34 %`, `−8 %`.
fn signed(skill: f64) -> String {
    let size = format!("{:.0} %", skill.abs() * 100.0);
    if skill < 0.0 && size != "0 %" { format!("−{size}") } else { size }
}

fn class(row: &CalibrationRow) -> Vec<Cell> {
    let share = |share: Option<f64>| share.map_or_else(String::new, percent);
    let interval = row.observed.map_or_else(String::new, |observed| {
        let (low, high) = wilson(observed, row.forecasts);
        format!("{:.0}–{:.0} %", low * 100.0, high * 100.0)
    });
    let texts = [
        format!("{:.0}–{:.0} %", row.from * 100.0, row.until * 100.0),
        row.forecasts.to_string(),
        share(row.forecast),
        share(row.observed),
        interval,
    ];
    texts.map(Cell::plain).to_vec()
}
