//! What the launch model believes before it has seen data: a small chain of stages, and effects by convention.
//!
//! None of these numbers was measured on AWS data. They say: each stage lasts some two months, a deal in Prospect ends up
//! launched one time in six, one that is Committed five times in six, much as the stage probabilities that CRM tools
//! come with. Data replaces them, the sooner the more of it there is; the standard deviations below say how soon.
//!
//! Each week an opportunity in a stage moves on, is lost, or stays; a few are launched without the stages between
//! having been reported:
//!
//! ```text
//!   Prospect ──▶ Qualified ──▶ Technical ──▶ Business ──▶ Committed ──▶ Launched
//!      │             │         Validation    Validation       │            ▲
//!      ▼             ▼             ▼             ▼            ▼            │ straight, .002 a week from any stage
//!     lost          lost          lost          lost         lost
//! ```
//!
//! The hazards of week `s` after a landmark in stage `r` follow by stepping that chain `s` weeks from `r`.

use crate::Due;
use crate::cell::{BANDS, PARAMETERS, Parameter};
use crate::episode::Outcome;
use crate::opportunity::Stage;

/// What happens to an opportunity in a stage within a week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StageRates {
    /// Probability of moving on to the next stage; for Committed, of launching.
    pub advance: f64,
    /// Probability of being lost.
    pub lose: f64,
}

/// What is believed before data.
#[derive(Clone, Debug, PartialEq)]
pub struct Defaults {
    /// Weekly rates of the stages, Prospect first.
    pub rates: [StageRates; 5],
    /// Probability per week of launching straight from any stage.
    pub straight: f64,
}

/// Prior of the parameters of one outcome: means and standard deviations, by place.
#[derive(Clone, Debug, PartialEq)]
pub struct Prior {
    /// Means: the documented defaults.
    pub mean: Vec<f64>,
    /// Standard deviations: how far data is expected to lead away from them.
    pub deviation: Vec<f64>,
}

/// Weeks of the last band that its default hazard is averaged over.
const LAST_BAND_WEEKS: i32 = 52;

impl Default for Defaults {
    fn default() -> Self {
        let rates = [(0.075, 0.050), (0.075, 0.050), (0.085, 0.035), (0.095, 0.030), (0.105, 0.020)];
        Self { rates: rates.map(|(advance, lose)| StageRates { advance, lose }), straight: 0.002 }
    }
}

impl Defaults {
    /// The prior of the parameters of `outcome`.
    pub fn prior(&self, outcome: Outcome) -> Prior {
        let logits = Stage::ALL.map(|stage| self.logits(stage, outcome));
        let level = logits.iter().map(|bands| bands[0]).sum::<f64>() / logits.len() as f64;
        let mut prior = Prior { mean: vec![0.0; PARAMETERS], deviation: vec![0.0; PARAMETERS] };
        for parameter in Parameter::all() {
            let mean = match parameter {
                Parameter::Level => level,
                Parameter::Stage(stage) => logits[stage.rank()][0] - level,
                Parameter::Increment(stage, band) => logits[stage.rank()][band] - logits[stage.rank()][band - 1],
                other => effect(other, outcome),
            };
            prior.mean[parameter.place()] = mean;
            prior.deviation[parameter.place()] = deviation(parameter);
        }
        prior
    }

    /// ln(h / h_open) of a week of each band, for an opportunity that was in `stage` on the landmark.
    fn logits(&self, stage: Stage, outcome: Outcome) -> [f64; BANDS.len()] {
        let mut open = [0.0; Stage::ALL.len()];
        open[stage.rank()] = 1.0;
        // Per band: probability of ending this way, and of staying open, over its weeks.
        let mut sums = [(0.0, 0.0); BANDS.len()];
        for week in 0..BANDS[BANDS.len() - 1] + LAST_BAND_WEEKS {
            let [launched, lost] = self.step(&mut open);
            let sum = &mut sums[crate::cell::band_of(week)];
            sum.0 += if outcome == Outcome::Launched { launched } else { lost };
            sum.1 += open.iter().sum::<f64>();
        }
        sums.map(|(ended, open)| (ended / open).ln())
    }

    /// One week: who launches, who is lost; `open` is who remains, by stage.
    fn step(&self, open: &mut [f64; Stage::ALL.len()]) -> [f64; 2] {
        let (mut launched, mut lost, mut moving) = (0.0, 0.0, 0.0);
        for (rank, share) in open.iter_mut().enumerate() {
            let StageRates { advance, lose } = self.rates[rank];
            let arriving = moving;
            moving = *share * advance;
            lost += *share * lose;
            launched += *share * self.straight;
            *share *= 1.0 - advance - lose - self.straight;
            *share += arriving;
        }
        [launched + moving, lost]
    }
}

/// Factors on the odds of a week, as logarithms: −0.2 is 18 % less, 0.7 is twice, −0.7 half.
fn effect(parameter: Parameter, outcome: Outcome) -> f64 {
    match (parameter, outcome) {
        (Parameter::Age, Outcome::Launched) => -0.2,
        (Parameter::Slips, Outcome::Launched) => -0.15,
        (Parameter::Slips, Outcome::Lost) => 0.05,
        (Parameter::Due(Due::LongOverdue), Outcome::Launched) => -0.7,
        (Parameter::Due(Due::LongOverdue), Outcome::Lost) => 0.3,
        (Parameter::Due(Due::Within30), Outcome::Launched) => 0.7,
        (Parameter::Due(Due::Within180), Outcome::Launched) => -0.5,
        (Parameter::Due(Due::Later), Outcome::Launched) => -1.0,
        _ => 0.0,
    }
}

fn deviation(parameter: Parameter) -> f64 {
    match parameter {
        Parameter::Level | Parameter::Old(_) => 1.0,
        Parameter::Stage(_) | Parameter::AgeUnknown | Parameter::Aws | Parameter::OriginUnknown => 0.5,
        Parameter::Increment(..) => 0.4,
        Parameter::Age | Parameter::Slips => 0.3,
        Parameter::Due(_) => 0.7,
    }
}
