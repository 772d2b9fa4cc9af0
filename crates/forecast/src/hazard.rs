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
//! A partner's own odds are these times a factor, see [`Factors`]. Coefficients and factors are found in turns: partners
//! that are fast leave their deals behind sooner, so that the weeks long after a landmark are those of slow ones, and what
//! is due to the partners must not be taken for an effect of the weeks. In each turn the factors of the turn before enter
//! as an offset, per cell the logarithm of their mean over the weeks at risk.

mod newton;

use crate::cell::{Cell, Design};
use crate::defaults::Defaults;
use crate::episode::Outcome;
use crate::exposure::{Exposures, Periods};
use crate::frailty::{Factors, Shrinkage};
use newton::{Row, maximise};
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
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Fit {
    /// Opportunity-weeks at risk.
    pub weeks: f64,
    /// Launched and lost, as observed.
    pub observed: [f64; 2],
    /// Launched and lost, as the model expects in the same weeks. Near the observed ones when there is much data.
    pub expected: [f64; 2],
    /// Newton steps taken, over all turns.
    pub steps: usize,
    /// Whether the last step no longer moved anything.
    pub end: FitEnd,
}

/// How fitting ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FitEnd {
    /// At the maximum.
    #[default]
    Converged,
    /// After the greatest number of steps; the coefficients are the best found.
    StepsExhausted,
}

/// How often coefficients and factors are found in turn; four more move totals by a thousandth.
const TURNS: usize = 4;

/// Coefficients of launched and lost, by place.
#[derive(Clone, Debug, PartialEq)]
struct Coefficients([Vec<f64>; 2]);

impl LaunchModel {
    /// The documented defaults, without data.
    pub fn of_defaults(defaults: &Defaults) -> Self {
        Self::fitted(&Exposures::default(), defaults)
    }

    /// The model that `exposures` and `defaults` give together.
    pub fn fitted(exposures: &Exposures, defaults: &Defaults) -> Self {
        let priors = [Outcome::Launched, Outcome::Lost].map(|outcome| defaults.prior(outcome));
        let mut rows: Vec<Row> = exposures.total().into_iter().map(|(cell, periods)| Row::new(cell, periods)).collect();
        let mut model = Self {
            coefficients: Coefficients(priors.each_ref().map(|prior| prior.mean.clone())),
            fit: Fit::default(),
            shrinkage: Shrinkage::USUAL,
            factors: BTreeMap::new(),
        };
        for _ in 0..TURNS {
            let (coefficients, steps, end) = maximise(&rows, &priors, model.coefficients);
            model.coefficients = coefficients;
            model.learn_partners(exposures, steps, end);
            model.offset(exposures, &mut rows);
        }
        model
    }

    /// Factors, their shrinkage and the totals, from the present coefficients.
    fn learn_partners(&mut self, exposures: &Exposures, steps: usize, end: FitEnd) {
        let totals: Vec<(u32, Totals)> =
            exposures.partners().map(|(partner, cells)| (partner, Totals::of(&self.coefficients, cells))).collect();
        self.shrinkage = Shrinkage::by_moments(totals.iter().map(|(_, one)| (one.observed, one.expected)));
        let factors = |one: &Totals| self.shrinkage.factors(one.observed, one.expected);
        self.factors = totals.iter().map(|(partner, one)| (*partner, factors(one))).collect();
        let all = totals.iter().fold(Totals::default(), |all, (partner, one)| {
            let Factors { launched, lost } = self.factors(*partner);
            all.plus(&Totals { expected: [one.expected[0] * launched, one.expected[1] * lost], ..*one })
        });
        let steps = self.fit.steps + steps;
        self.fit = Fit { weeks: all.weeks, observed: all.observed, expected: all.expected, steps, end };
    }

    /// Sets the offset of each row to the mean of the partners' factors over its weeks. Rows are ascending by cell.
    fn offset(&self, exposures: &Exposures, rows: &mut [Row]) {
        let mut sums = vec![[0.0; 2]; rows.len()];
        for (partner, cells) in exposures.partners() {
            let Factors { launched, lost } = self.factors(partner);
            for (cell, periods) in cells {
                let weeks: f64 = periods.weights().iter().sum();
                let index = rows.partition_point(|row| row.cell < cell.index());
                sums[index][0] += weeks * launched;
                sums[index][1] += weeks * lost;
            }
        }
        for (row, sum) in rows.iter_mut().zip(sums) {
            let weeks: f64 = row.weights.iter().sum();
            row.offset = sum.map(|sum| (sum / weeks).ln());
        }
    }

    /// The factors of a partner; 1 and 1 for one that the data do not know.
    pub fn factors(&self, partner: u32) -> Factors {
        self.factors.get(&partner).copied().unwrap_or(Factors::NONE)
    }

    /// The hazards of a week in this cell, for a partner with these factors.
    pub fn hazards(&self, cell: Cell, factors: Factors) -> Hazards {
        let odds = self.coefficients.odds(&cell.design(), [0.0; 2]);
        of_odds([odds[0] * factors.launched, odds[1] * factors.lost])
    }

    /// Coefficient of a parameter; with the defaults' for comparison see [`Defaults::prior`].
    pub fn coefficient(&self, parameter: crate::Parameter, outcome: Outcome) -> f64 {
        self.coefficients.0[outcome as usize][parameter.place()]
    }
}

impl Coefficients {
    /// h_k / h_0 of launched and lost, with something added to their logarithms.
    fn odds(&self, design: &Design, offset: [f64; 2]) -> [f64; 2] {
        [0, 1].map(|k| {
            let logit: f64 = design.entries().map(|(place, factor)| self.0[k][place] * factor).sum();
            // e^±30 is certain enough, and keeps odds finite whatever the data.
            (logit + offset[k]).clamp(-30.0, 30.0).exp()
        })
    }
}

fn of_odds(odds: [f64; 2]) -> Hazards {
    let total = 1.0 + odds[0] + odds[1];
    Hazards { launched: odds[0] / total, lost: odds[1] / total }
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
            let hazards = of_odds(coefficients.odds(&cell.design(), [0.0; 2]));
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

#[cfg(test)]
mod tests;
