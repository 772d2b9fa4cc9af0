//! Newton's method for the penalised likelihood of the launch model.

use super::{Coefficients, FitEnd, Hazards, of_odds};
use crate::cell::{Cell, Design, PARAMETERS};
use crate::defaults::Prior;
use crate::exposure::Periods;
use nalgebra::{DMatrix, DVector};

/// One distinct cell with its data.
pub(super) struct Row {
    /// Number of the cell.
    pub(super) cell: usize,
    design: Design,
    /// Weeks that ended open, launched, lost.
    pub(super) weights: [f64; 3],
    /// Added to the logits of launched and lost.
    pub(super) offset: [f64; 2],
}

const MOST_STEPS: usize = 50;
const MOST_HALVINGS: usize = 30;
/// A step that promises less than this gain of log likelihood is the last.
const STILL: f64 = 1e-9;

impl Row {
    pub(super) fn new(cell: Cell, periods: Periods) -> Self {
        Self { cell: cell.index(), design: cell.design(), weights: periods.weights(), offset: [0.0; 2] }
    }
}

/// Newton's method from `at` on. Without rows nothing moves.
pub(super) fn maximise(rows: &[Row], priors: &[Prior; 2], mut at: Coefficients) -> (Coefficients, usize, FitEnd) {
    if rows.is_empty() {
        return (at, 0, FitEnd::Converged);
    }
    let mut value = objective(rows, priors, &at);
    for step in 1..=MOST_STEPS {
        let (direction, gain) = newton_direction(rows, priors, &at);
        let Some((next, next_value)) = improved(rows, priors, &at, &direction, value) else {
            return (at, step, FitEnd::Converged);
        };
        (at, value) = (next, next_value);
        if gain < STILL {
            return (at, step, FitEnd::Converged);
        }
    }
    (at, MOST_STEPS, FitEnd::StepsExhausted)
}

/// The first of the full step, half of it, a quarter … that does not make things worse.
fn improved(
    rows: &[Row],
    priors: &[Prior; 2],
    at: &Coefficients,
    direction: &DVector<f64>,
    value: f64,
) -> Option<(Coefficients, f64)> {
    (0..MOST_HALVINGS).find_map(|halvings| {
        let length = 0.5f64.powi(halvings as i32);
        let moved = [0, 1].map(|k| {
            let own = at.0[k].iter().enumerate();
            own.map(|(place, old)| old + length * direction[k * PARAMETERS + place]).collect::<Vec<f64>>()
        });
        let next = Coefficients(moved);
        let next_value = objective(rows, priors, &next);
        (next_value >= value).then_some((next, next_value))
    })
}

/// Log likelihood minus the distance from the defaults.
fn objective(rows: &[Row], priors: &[Prior; 2], at: &Coefficients) -> f64 {
    let likelihood: f64 = rows
        .iter()
        .map(|row| {
            let odds = at.odds(&row.design, row.offset);
            let [open, launched, lost] = row.weights;
            launched * odds[0].ln() + lost * odds[1].ln() - (open + launched + lost) * (1.0 + odds[0] + odds[1]).ln()
        })
        .sum();
    likelihood - priors.iter().zip(&at.0).map(|(prior, own)| distance(prior, own)).sum::<f64>()
}

fn distance(prior: &Prior, own: &[f64]) -> f64 {
    let scaled = own.iter().zip(&prior.mean).zip(&prior.deviation).map(|((b, m), s)| (b - m) / s);
    scaled.map(|z| z * z / 2.0).sum()
}

/// Solves H · d = g for the gradient `g` and the negative Hessian `H`, both with the prior's part. With `d` comes the
/// gain that it promises, ½ g · d.
fn newton_direction(rows: &[Row], priors: &[Prior; 2], at: &Coefficients) -> (DVector<f64>, f64) {
    let mut gradient = DVector::zeros(2 * PARAMETERS);
    let mut hessian = DMatrix::zeros(2 * PARAMETERS, 2 * PARAMETERS);
    for (k, prior) in priors.iter().enumerate() {
        for place in 0..PARAMETERS {
            let precision = prior.deviation[place].powi(-2);
            gradient[k * PARAMETERS + place] = precision * (prior.mean[place] - at.0[k][place]);
            hessian[(k * PARAMETERS + place, k * PARAMETERS + place)] = precision;
        }
    }
    for row in rows {
        add_row(row, at, &mut gradient, &mut hessian);
    }
    // A positive prior precision on the diagonal makes the matrix positive definite, whatever the data.
    let factored = hessian.cholesky().expect("the prior keeps the matrix positive definite");
    let direction = factored.solve(&gradient);
    let gain = gradient.dot(&direction) / 2.0;
    (direction, gain)
}

fn add_row(row: &Row, at: &Coefficients, gradient: &mut DVector<f64>, hessian: &mut DMatrix<f64>) {
    let Hazards { launched, lost } = of_odds(at.odds(&row.design, row.offset));
    let weeks: f64 = row.weights.iter().sum();
    let residual = [row.weights[1] - weeks * launched, row.weights[2] - weeks * lost];
    let across = -weeks * launched * lost;
    let curvature = [[weeks * launched * (1.0 - launched), across], [across, weeks * lost * (1.0 - lost)]];
    for (place, factor) in row.design.entries() {
        for k in [0, 1] {
            gradient[k * PARAMETERS + place] += factor * residual[k];
        }
        for (other, other_factor) in row.design.entries() {
            for (k, l) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                hessian[(k * PARAMETERS + place, l * PARAMETERS + other)] += factor * other_factor * curvature[k][l];
            }
        }
    }
}
