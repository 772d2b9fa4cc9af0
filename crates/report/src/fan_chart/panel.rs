//! One panel: the fan of a count, or the chances of the whole checklist.

use super::scale::Scale;
use crate::amount::Measure;
use crate::chance::percents;
use crate::forecast::short;
use crate::picture::{BLUE, Beside, Canvas, FAINT, INK, Lettering, Place, RULE, VERMILION, fitting, room, spread};
use aceq_model::ForecastRow;

/// Size of a panel with its labels.
pub(super) const WIDTH: i32 = 480;
pub(super) const HEIGHT: i32 = 300;

/// Room left and right of the plot, above and below it.
const LEFT: i32 = 58;
const RIGHT: i32 = 110;
const ABOVE: i32 = 70;
const BELOW: i32 = 44;

const SIZE: i32 = 11;
const HEADING: Lettering = Lettering::new(13, INK).bold();
const CHANCE: Lettering = Lettering::new(12, INK).bold();
const AXIS: Lettering = Lettering::new(SIZE, FAINT);
/// Labels at the right end stand this far apart.
const APART: i32 = 15;
/// Ticks of a scale at most.
const TICKS: usize = 6;

/// The rows of one count by quarter end, and where they are drawn.
pub(super) struct Panel<'p> {
    pub(super) rows: &'p [&'p ForecastRow],
    pub(super) title: String,
    /// Upper left corner.
    pub(super) corner: Place,
}

impl Panel<'_> {
    pub(super) fn draw(&self, canvas: &Canvas<'_>) {
        let (x, y) = self.corner;
        canvas.text(&fitting(&self.title, WIDTH - 16, HEADING), (x, y + 12), Beside::Right, HEADING);
        if self.rows.iter().any(|row| row.quantiles.is_some()) {
            self.fan(canvas);
        } else {
            self.chances(canvas);
        }
        self.quarters(canvas);
    }

    /// Edges of the plot: left, right, top, bottom.
    fn edges(&self) -> (i32, i32, i32, i32) {
        let (x, y) = self.corner;
        (x + LEFT, x + WIDTH - RIGHT, y + ABOVE, y + HEIGHT - BELOW)
    }

    /// The pixel of the quarter with this number, in the middle of its share of the width.
    fn column(&self, at: usize) -> i32 {
        let (left, right, ..) = self.edges();
        let quarters = self.rows.len() as i32;
        left + (right - left) * (2 * at as i32 + 1) / (2 * quarters)
    }

    /// Points of a line over the quarters; a single quarter gets some width.
    fn across(&self, heights: &[i32]) -> Vec<Place> {
        match heights {
            [one] => vec![(self.column(0) - 20, *one), (self.column(0) + 20, *one)],
            several => several.iter().enumerate().map(|(at, height)| (self.column(at), *height)).collect(),
        }
    }

    fn fan(&self, canvas: &Canvas<'_>) {
        let (left, right, top, bottom) = self.edges();
        let shown: Vec<&ForecastRow> = self.rows.to_vec();
        let measure = Measure::of(shown[0].is_sum);
        let number = |hundredths: i64| hundredths as f64 / 100.0;
        let quantile = |row: &ForecastRow, at: usize| row.quantiles.map_or(row.held, |quantiles| quantiles[at]);
        let all = shown.iter().flat_map(|row| [row.held, row.required, quantile(row, 0), quantile(row, 2)]);
        let all: Vec<f64> = all.map(number).collect();
        let scale = Scale::around(all.iter().copied(), (bottom, top));
        self.grid(canvas, &scale, |tick| tick_text(measure, tick));

        let heights = |tell: &dyn Fn(&ForecastRow) -> i64| -> Vec<i32> {
            shown.iter().map(|row| scale.at(number(tell(row)))).collect()
        };
        let [low, middle, high] = [0, 1, 2].map(|at| self.across(&heights(&|row| quantile(row, at))));
        let band: Vec<Place> = high.iter().copied().chain(low.iter().rev().copied()).collect();
        canvas.area(&band, BLUE, 0.22);
        let held = self.across(&heights(&|row| row.held));
        let required: Vec<i32> = heights(&|row| row.required);
        let mut asked = self.across(&required);
        // What is asked for holds on the days between as well.
        asked.insert(0, (left, required[0]));
        asked.push((right, required[required.len() - 1]));
        canvas.line(&asked, INK, 1);
        canvas.dashes(&held, VERMILION, 2);
        canvas.line(&middle, BLUE, 3);
        for point in &middle {
            canvas.disc(*point, 3, BLUE);
        }
        self.chances_above(canvas);

        let last = shown[shown.len() - 1];
        let ends = |points: &[Place]| points[points.len() - 1].1;
        let [low_count, median, high_count] = [0, 1, 2].map(|at| quantile(last, at));
        let mut labels = vec![
            (ends(&middle), format!("median {}", short(measure, median)), BLUE),
            (required[required.len() - 1], format!("asked for {}", short(measure, last.required)), INK),
            (ends(&held), format!("held {}", short(measure, last.held)), VERMILION),
        ];
        if low_count < high_count {
            labels.push((ends(&high), format!("90 %: {}", short(measure, high_count)), FAINT));
            labels.push((ends(&low), format!("10 %: {}", short(measure, low_count)), FAINT));
        }
        self.labels(canvas, &labels);
    }

    /// The chances of what has no count: a bar up to P(met), and on to P(met) at most.
    fn chances(&self, canvas: &Canvas<'_>) {
        let (_, _, top, bottom) = self.edges();
        let scale = Scale::new(0.0, 1.0, (bottom, top));
        self.grid(canvas, &scale, |tick| format!("{:.0} %", tick * 100.0));
        let half = ((self.column(1.min(self.rows.len() - 1)) - self.column(0)) / 4).clamp(8, 22);
        for (at, row) in self.rows.iter().enumerate() {
            let (x, height) = (self.column(at), scale.at(row.p_met));
            let bar = |from: i32, to: i32| [(x - half, from), (x + half, from), (x + half, to), (x - half, to)];
            canvas.area(&bar(bottom, height), BLUE, 0.85);
            if row.p_met_at_most > row.p_met {
                let most = scale.at(row.p_met_at_most);
                canvas.area(&bar(height, most), BLUE, 0.22);
            }
            let held = if row.held_status.satisfied() == Some(true) { bottom } else { continue };
            canvas.line(&[(x - half, held + 3), (x + half, held + 3)], VERMILION, 3);
        }
        self.chances_above(canvas);
        let mut notes: Vec<(&str, _)> = Vec::new();
        if self.rows.iter().any(|row| row.p_met_at_most > row.p_met) {
            notes.extend(["pale: if what is", "unknown turns", "out well"].map(|text| (text, FAINT)));
        }
        if self.rows.iter().any(|row| row.held_status.satisfied() == Some(true)) {
            notes.extend(["underlined:", "holds if nothing", "launches"].map(|text| (text, VERMILION)));
        }
        let (_, right, ..) = self.edges();
        for (line, (text, color)) in notes.into_iter().enumerate() {
            let at = (right + 8, top + 8 + line as i32 * APART);
            canvas.text(text, at, Beside::Right, Lettering::new(SIZE, color));
        }
    }

    /// P(met) above each quarter.
    fn chances_above(&self, canvas: &Canvas<'_>) {
        let (left, _, top, _) = self.edges();
        canvas.text("P(met) %", (left - 6, top - 20), Beside::Left, AXIS);
        let chance = |row: &&ForecastRow| percents(row.p_met, row.p_met_at_most).trim_end_matches(" %").to_owned();
        let chances: Vec<String> = self.rows.iter().map(chance).collect();
        for (at, level) in self.levels(&chances, CHANCE) {
            canvas.text(&chances[at], (self.column(at), top - 14 - 14 * level), Beside::Above, CHANCE);
        }
    }

    /// Pixels between two quarters.
    fn step(&self) -> i32 {
        let (left, right, ..) = self.edges();
        (right - left) / self.rows.len() as i32
    }

    /// Which texts over or below the quarters are shown, and on which of two levels: where they do not fit side by side,
    /// every other one gives way by one level, the first of all, beside which the axis is named; where that is not enough,
    /// only some are shown.
    fn levels(&self, texts: &[String], lettering: Lettering) -> Vec<(usize, i32)> {
        let widest = texts.iter().map(|text| room(text, lettering)).max().unwrap_or(0) + 2;
        let step = self.step().max(1);
        let every = match widest {
            one if one <= step => return (0..texts.len()).map(|at| (at, 0)).collect(),
            two if two <= 2 * step => return (0..texts.len()).map(|at| (at, (at as i32 + 1) % 2)).collect(),
            more => ((more + step - 1) / step) as usize,
        };
        (every / 2..texts.len()).step_by(every).map(|at| (at, 0)).collect()
    }

    fn quarters(&self, canvas: &Canvas<'_>) {
        let (.., bottom) = self.edges();
        let names: Vec<String> = self.rows.iter().map(|row| row.quarter.clone()).collect();
        for (at, level) in self.levels(&names, AXIS) {
            canvas.text(&names[at], (self.column(at), bottom + 10 + 14 * level), Beside::Below, AXIS);
        }
    }

    fn grid(&self, canvas: &Canvas<'_>, scale: &Scale, say: impl Fn(f64) -> String) {
        let (left, right, top, bottom) = self.edges();
        let mut said = String::new();
        for tick in scale.ticks(TICKS) {
            let (y, text) = (scale.at(tick), say(tick));
            // Between whole counts there is nothing, and short sums may not tell two ticks apart.
            if text.is_empty() || text == said {
                continue;
            }
            canvas.line(&[(left, y), (right, y)], RULE, 1);
            canvas.text(&text, (left - 6, y), Beside::Left, AXIS);
            said = text;
        }
        canvas.frame((left, top), (right, bottom), RULE);
    }

    /// Labels at the right end of what they name.
    fn labels(&self, canvas: &Canvas<'_>, labels: &[(i32, String, plotters::style::RGBColor)]) {
        let (_, right, top, bottom) = self.edges();
        let wanted: Vec<i32> = labels.iter().map(|(height, ..)| *height).collect();
        let heights = spread(&wanted, APART, (top, bottom));
        for ((wanted, text, color), height) in labels.iter().zip(heights) {
            let x = right + 18;
            canvas.line(&[(right + 2, *wanted), (x - 3, height)], *color, 1);
            let lettering = Lettering::new(SIZE, *color);
            canvas.text(&fitting(text, RIGHT - 22, lettering), (x, height), Beside::Right, lettering);
        }
    }
}

/// A tick of a scale; nothing for a part of a count.
fn tick_text(measure: Measure, tick: f64) -> String {
    let hundredths = (tick * 100.0).round() as i64;
    if measure == Measure::Count && hundredths % 100 != 0 { String::new() } else { short(measure, hundredths) }
}
