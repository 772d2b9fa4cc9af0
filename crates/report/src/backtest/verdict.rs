//! A backtest in one sentence.

use crate::chance::{percent, score};
use aceq_model::BacktestScore;

/// What a backtest says, in one sentence, from the score of all horizons together (`horizon` is `None`).
///
/// With forecasts made on fewer than `enough_quarters` quarter ends it says that nothing was tested: a share of three is no
/// evidence.
///
/// ```
/// assert_eq!(aceq_report::verdict(&[], 4), "Not tested: fewer than 4 past quarters.");
/// ```
pub fn verdict(scores: &[BacktestScore], enough_quarters: usize) -> String {
    let all = scores.iter().find(|score| score.horizon.is_none());
    let Some(all) = all.filter(|all| all.origins >= enough_quarters && all.forecasts > 0) else {
        return format!("Not tested: fewer than {enough_quarters} past quarters.");
    };
    let forecasts = if all.forecasts == 1 { "forecast" } else { "forecasts" };
    let held = compared(all.brier, all.skill_held, "holding today's count");
    let win_rate = compared(all.brier, all.skill_win_rate, "win rate × open");
    let coverage = if all.coverage.is_finite() {
        format!("; 80 % intervals held {}", percent(all.coverage))
    } else {
        String::new()
    };
    format!(
        "Tested on {} past quarters ({} {forecasts}): Brier {}, {held}, {win_rate}{coverage}.",
        all.origins,
        all.forecasts,
        score(all.brier)
    )
}

/// `34 % better than holding today's count`.
fn compared(brier: f64, skill: Option<f64>, baseline: &str) -> String {
    let Some(skill) = skill else {
        let verdict = if brier > 0.0 { "worse than" } else { "as good as" };
        return format!("{verdict} {baseline}, which was never wrong");
    };
    match (skill.abs() * 100.0).round() {
        0.0 => format!("no better than {baseline}"),
        size if skill > 0.0 => format!("{size:.0} % better than {baseline}"),
        size => format!("{size:.0} % worse than {baseline}"),
    }
}
