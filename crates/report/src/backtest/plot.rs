//! The calibration of a backtest as a picture: what was given some probability, against how often it happened.

use super::wilson;
use crate::picture::{BLUE, Beside, Canvas, FAINT, INK, Lettering, RULE, fitting, picture, room};
use aceq_model::CalibrationRow;

const WIDTH: i32 = 544;
const HEIGHT: i32 = 560;
/// Edges of the plot, a square.
const LEFT: i32 = 76;
const RIGHT: i32 = 496;
const TOP: i32 = 76;
const BOTTOM: i32 = 496;
const TITLE: Lettering = Lettering::new(17, INK).bold();
const AXIS: Lettering = Lettering::new(11, FAINT);
/// Radius of the largest disc.
const RADIUS: f64 = 15.0;

/// The calibration as an SVG document: a disc for each class with forecasts, on the diagonal where what was given 70 % happened in
/// 70 % of cases; its area and the number beside it say how many forecasts there were, the bar is Wilson's 95 % interval.
pub fn calibration_plot(rows: &[CalibrationRow], title: &str) -> String {
    let description = description(rows);
    picture((WIDTH as u32, HEIGHT as u32), title, &description, |canvas| {
        canvas.text(&fitting(title, WIDTH - 32, TITLE), (16, 24), Beside::Right, TITLE);
        canvas.text("Share that happened", (16, 52), Beside::Right, Lettering::new(12, FAINT));
        axes(canvas);
        points(canvas, rows);
    })
}

fn across(share: f64) -> i32 {
    LEFT + (f64::from(RIGHT - LEFT) * share).round() as i32
}

fn up(share: f64) -> i32 {
    BOTTOM - (f64::from(BOTTOM - TOP) * share).round() as i32
}

fn axes(canvas: &Canvas<'_>) {
    for fifth in 0..=5 {
        let share = f64::from(fifth) / 5.0;
        let text = format!("{} %", fifth * 20);
        canvas.line(&[(LEFT, up(share)), (RIGHT, up(share))], RULE, 1);
        canvas.line(&[(across(share), TOP), (across(share), BOTTOM)], RULE, 1);
        canvas.text(&text, (LEFT - 8, up(share)), Beside::Left, AXIS);
        canvas.text(&text, (across(share), BOTTOM + 8), Beside::Below, AXIS);
    }
    canvas.frame((LEFT, TOP), (RIGHT, BOTTOM), RULE);
    canvas.dashes(&[(LEFT, BOTTOM), (RIGHT, TOP)], FAINT, 1);
    let middle = (LEFT + RIGHT) / 2;
    canvas.text("Probability that was forecast", (middle, BOTTOM + 30), Beside::Below, Lettering::new(12, FAINT));
}

fn points(canvas: &Canvas<'_>, rows: &[CalibrationRow]) {
    let most = rows.iter().map(|row| row.forecasts).max().unwrap_or(0);
    for row in rows {
        let (Some(forecast), Some(observed)) = (row.forecast, row.observed) else { continue };
        let (x, y) = (across(forecast), up(observed));
        let (low, high) = wilson(observed, row.forecasts);
        canvas.line(&[(x, up(low)), (x, up(high))], BLUE, 2);
        for end in [low, high] {
            canvas.line(&[(x - 4, up(end)), (x + 4, up(end))], BLUE, 2);
        }
        // Areas are compared, not widths.
        let radius = ((row.forecasts as f64 / most as f64).sqrt() * RADIUS).round().max(3.0) as i32;
        canvas.disc((x, y), radius, BLUE);
        let text = row.forecasts.to_string();
        let lettering = Lettering::new(11, INK).bold();
        // Beside the bar, and inside the picture.
        let fits = x + radius + 5 + room(&text, lettering) <= WIDTH - 4;
        let (at, beside) =
            if fits { ((x + radius + 5, y), Beside::Right) } else { ((x - radius - 5, y), Beside::Left) };
        canvas.ground(&text, at, beside, lettering);
        canvas.text(&text, at, beside, lettering);
    }
}

fn description(rows: &[CalibrationRow]) -> String {
    let class = |row: &CalibrationRow| {
        let (forecast, observed) = (row.forecast?, row.observed?);
        let told = format!("given {:.0} %, happened {:.0} %", forecast * 100.0, observed * 100.0);
        Some(format!("{told} of {} times", row.forecasts))
    };
    format!("Forecast against observed share: {}.", rows.iter().filter_map(class).collect::<Vec<_>>().join("; "))
}
