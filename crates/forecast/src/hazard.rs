//! The launch model: discrete-time competing risks, fitted to counted periods.
//!
//! In a week that begins open, with design vector `x` (see [`Cell::design`]), an opportunity stays open (0), is launched
//! (1) or lost (2):
//!
//! ```text
//!   ln(h_k / h_0) = b_k · x          k = launched, lost          h_0 + h_1 + h_2 = 1
//! ```
//!
//! `b` maximises the log likelihood of the counted periods minus `Σ (b − m)² / 2s²`, with the documented defaults `m` and
//! their standard deviations `s` ([`Prior`]). Without data `b = m` exactly; with much data the sum no longer matters. The
//! function is strictly concave, so Newton's method with halved steps finds its one maximum.
//!
//! A partner's own hazards are these times a factor, see [`Factors`].

use crate::cell::{Cell, Design, PARAMETERS};
use crate::defaults::{Defaults, Prior};
use crate::episode::Outcome;
use crate::exposure::{Exposures, Periods};
use crate::frailty::{Factors, Shrinkage};
use nalgebra::{DMatrix, DVector};
use std::collections::BTreeMap;

/// Probabilities of a week: launched, lost. What remains is open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hazards {
    /// Launched within the week.
    pub launched: f64,
    /// Lost within the week.
    pub lost: f64,
}

/// A fitted launch model.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchModel {
    coefficients: Coefficients,
    /// How fitting went.
    pub fit: Fit,
    /// How far partners differ from each other.
    pub shrinkage: Shrinkage,
    factors: BTreeMap<u32, Factors>,
}

/// What fitting went through, and how the model agrees with its data.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit {
    /// Opportunity-weeks at risk.
    pub weeks: f64,
    /// Launched and lost, as observed.
    pub observed: [f64; 2],
    /// Launched and lost, as the model expects in the same weeks. Near the observed ones when there is much data.
    pub expected: [f64; 2],
    /// Newton steps taken.
    pub steps: usize,
    /// Whether the last step no longer moved anything.
    pub end: FitEnd,
}

/// How fitting ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FitEnd {
    /// At the maximum.
    Converged,
    /// After the greatest number of steps; the coefficients are the best found.
    StepsExhausted,
}

/// Coefficients of launched and lost, by place.
#[derive(Clone, Debug, PartialEq)]
struct Coefficients([Vec<f64>; 2]);

/// One distinct cell with its data.
struct Row {
    design: Design,
    weights: [f64; 3],
}

const MOST_STEPS: usize = 50;
const MOST_HALVINGS: usize = 30;
/// A step that promises less than this gain of log likelihood is the last.
const STILL: f64 = 1e-9;

impl LaunchModel {
    /// The documented defaults, without data.
    pub fn of_defaults(defaults: &Defaults) -> Self {
        Self::fitted(&Exposures::default(), defaults)
    }

    /// The model that `exposures` and `defaults` give together.
    pub fn fitted(exposures: &Exposures, defaults: &Defaults) -> Self {
        let priors = [Outcome::Launched, Outcome::Lost].map(|outcome| defaults.prior(outcome));
        let rows = exposures.total().into_iter().map(|(cell, periods)| Row::new(cell, periods)).collect::<Vec<_>>();
        let (coefficients, steps, end) = maximise(&rows, &priors);
        let totals: Vec<(u32, Totals)> =
            exposures.partners().map(|(partner, cells)| (partner, Totals::of(&coefficients, cells))).collect();
        let all = totals.iter().fold(Totals::default(), |all, (_, one)| all.plus(one));
        let shrinkage = Shrinkage::by_moments(totals.iter().map(|(_, one)| (one.observed, one.expected)));
        let factors = totals.iter().map(|(partner, one)| (*partner, shrinkage.factors(one.observed, one.expected)));
        Self {
            fit: Fit { weeks: all.weeks, observed: all.observed, expected: all.expected, steps, end },
            shrinkage,
            factors: factors.collect(),
            coefficients,
        }
    }

    /// The factors of a partner; 1 and 1 for one that the data do not know.
    pub fn factors(&self, partner: u32) -> Factors {
        self.factors.get(&partner).copied().unwrap_or(Factors::NONE)
    }

    /// The hazards of a week in this cell, for a partner with these factors.
    pub fn hazards(&self, cell: Cell, factors: Factors) -> Hazards {
        let odds = self.coefficients.odds(&cell.design());
        of_odds([odds[0] * factors.launched, odds[1] * factors.lost])
    }

    /// Coefficient of a parameter; with the defaults' for comparison see [`Defaults::prior`].
    pub fn coefficient(&self, parameter: crate::Parameter, outcome: Outcome) -> f64 {
        self.coefficients.0[outcome as usize][parameter.place()]
    }
}

impl Coefficients {
    /// h_k / h_0 of launched and lost.
    fn odds(&self, design: &Design) -> [f64; 2] {
        [0, 1].map(|k| {
            let logit: f64 = design.entries().map(|(place, factor)| self.0[k][place] * factor).sum();
            // e^±30 is certain enough, and keeps odds finite whatever the data.
            logit.clamp(-30.0, 30.0).exp()
        })
    }
}

fn of_odds(odds: [f64; 2]) -> Hazards {
    let total = 1.0 + odds[0] + odds[1];
    Hazards { launched: odds[0] / total, lost: odds[1] / total }
}

impl Row {
    fn new(cell: Cell, periods: Periods) -> Self {
        Self { design: cell.design(), weights: periods.weights() }
    }
}

/// Observed and expected ends of some periods.
#[derive(Clone, Copy, Default)]
struct Totals {
    weeks: f64,
    observed: [f64; 2],
    expected: [f64; 2],
}

impl Totals {
    fn of(coefficients: &Coefficients, cells: impl Iterator<Item = (Cell, Periods)>) -> Self {
        cells.fold(Self::default(), |sum, (cell, periods)| {
            let [open, launched, lost] = periods.weights();
            let weeks = open + launched + lost;
            let hazards = of_odds(coefficients.odds(&cell.design()));
            let expected = [weeks * hazards.launched, weeks * hazards.lost];
            sum.plus(&Self { weeks, observed: [launched, lost], expected })
        })
    }

    fn plus(self, other: &Self) -> Self {
        let add = |left: [f64; 2], right: [f64; 2]| [left[0] + right[0], left[1] + right[1]];
        Self {
            weeks: self.weeks + other.weeks,
            observed: add(self.observed, other.observed),
            expected: add(self.expected, other.expected),
        }
    }
}

/// Newton's method from the prior means.
fn maximise(rows: &[Row], priors: &[Prior; 2]) -> (Coefficients, usize, FitEnd) {
    let mut at = Coefficients([priors[0].mean.clone(), priors[1].mean.clone()]);
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
            let odds = at.odds(&row.design);
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
    let Hazards { launched, lost } = of_odds(at.odds(&row.design));
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

#[cfg(test)]
mod tests;
