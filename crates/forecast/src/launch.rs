//! When an open opportunity will have launched: cumulative incidence by day.
//!
//! Week by week after the day on which it is known, with hazards `h` of the week's cell and `S` the probability of still
//! being open at its start:
//!
//! ```text
//!   F_launched += S · h_launched        F_lost += S · h_lost        S = 1 − F_launched − F_lost
//! ```
//!
//! Within a week an end is equally likely on each of its days. What is known on the day stays as it was then (stage, age,
//! origin, slips, target date); what changes with time is the number of weeks since, and the distance of the target. The
//! stages that the opportunity will go through are in the effect of the weeks since: that is what landmarks learn.

use crate::cell::{Cell, PERIOD_DAYS, Profile};
use crate::episode::Known;
use crate::hazard::{Hazards, LaunchModel};

/// Greatest number of weeks that a curve covers: ten years.
pub const MOST_WEEKS: i32 = 522;

/// Cumulative probabilities of one open opportunity.
#[derive(Clone, Debug, PartialEq)]
pub struct LaunchCurve {
    day: i32,
    /// Probability of having launched, and of having been lost, after so many weeks; 0 first.
    launched: Vec<f64>,
    lost: Vec<f64>,
}

impl LaunchCurve {
    /// The curve of an opportunity of `partner`, from the day on which it is `known` up to `until` (at most ten years).
    pub fn new(model: &LaunchModel, partner: u32, known: &Known, until: i32) -> Self {
        let factors = model.factors(partner);
        let profile = Profile::new(known);
        let days = i64::from(until) - i64::from(known.day);
        let weeks =
            ((days + i64::from(PERIOD_DAYS) - 1) / i64::from(PERIOD_DAYS)).clamp(0, i64::from(MOST_WEEKS)) as i32;
        let mut last: Option<(Cell, Hazards)> = None;
        Self::of_hazards(
            known.day,
            (0..weeks).map(|week| {
                let cell = Cell::of_profile(profile, known, week);
                let hazards = match last {
                    Some((same, hazards)) if same == cell => hazards,
                    _ => model.hazards(cell, factors),
                };
                last = Some((cell, hazards));
                hazards
            }),
        )
    }

    /// The curve that these hazards give, week after week from `day` on.
    pub fn of_hazards(day: i32, weeks: impl Iterator<Item = Hazards>) -> Self {
        let (mut launched, mut lost) = (vec![0.0], vec![0.0]);
        let (mut by_launch, mut by_loss) = (0.0f64, 0.0f64);
        for hazards in weeks {
            let open = (1.0 - by_launch - by_loss).max(0.0);
            by_launch += open * hazards.launched;
            by_loss += open * hazards.lost;
            launched.push(by_launch);
            lost.push(by_loss);
        }
        Self { day, launched, lost }
    }

    /// The curve of what begins at all with this probability.
    #[must_use]
    pub fn scaled(mut self, probability: f64) -> Self {
        self.launched.iter_mut().chain(&mut self.lost).for_each(|share| *share *= probability);
        self
    }

    /// Probability of having launched on or before `day`; beyond the curve's end, that of its end.
    pub fn launched_by(&self, day: i32) -> f64 {
        self.by(&self.launched, day)
    }

    /// Probability of having been lost on or before `day`.
    pub fn lost_by(&self, day: i32) -> f64 {
        self.by(&self.lost, day)
    }

    /// Last day that the curve covers.
    pub fn end(&self) -> i32 {
        self.day.saturating_add((self.launched.len() as i32 - 1) * PERIOD_DAYS)
    }

    /// The day by which it has launched with probability `share`, given that it launches within the curve.
    /// `None` where it never does.
    pub fn launch_day(&self, share: f64) -> Option<i32> {
        let total = self.launched[self.launched.len() - 1];
        if total <= 0.0 {
            return None;
        }
        let wanted = share.clamp(0.0, 1.0) * total;
        let week = self.launched.partition_point(|by| *by < wanted).clamp(1, self.launched.len() - 1);
        let (before, after) = (self.launched[week - 1], self.launched[week]);
        let part = if after > before { ((wanted - before) / (after - before)).clamp(0.0, 1.0) } else { 1.0 };
        let days = (part * f64::from(PERIOD_DAYS)).ceil().max(1.0) as i32;
        Some(self.day + (week as i32 - 1) * PERIOD_DAYS + days)
    }

    fn by(&self, cumulative: &[f64], day: i32) -> f64 {
        let days = i64::from(day) - i64::from(self.day);
        if days <= 0 {
            return 0.0;
        }
        let (week, within) = ((days / i64::from(PERIOD_DAYS)) as usize, (days % i64::from(PERIOD_DAYS)) as f64);
        let last = cumulative.len() - 1;
        if week >= last {
            return cumulative[last];
        }
        cumulative[week] + (cumulative[week + 1] - cumulative[week]) * within / f64::from(PERIOD_DAYS)
    }
}

#[cfg(test)]
mod tests {
    use super::LaunchCurve;
    use crate::hazard::Hazards;
    use proptest::prelude::{prop, prop_assert, proptest};

    fn constant(launched: f64, lost: f64, weeks: usize) -> LaunchCurve {
        LaunchCurve::of_hazards(1000, std::iter::repeat_n(Hazards { launched, lost }, weeks))
    }

    /// Hazards .1 and .1: launched by week 1 .1, week 2 .1 + .8 · .1 = .18, week 3 .18 + .64 · .1 = .244.
    #[test]
    fn two_risks_compete() {
        let curve = constant(0.1, 0.1, 3);
        let launched = [999, 1000, 1007, 1014, 1021, 5000].map(|day| (curve.launched_by(day) * 1e6).round() / 1e6);
        assert_eq!(launched, [0.0, 0.0, 0.1, 0.18, 0.244, 0.244]);
        assert!((curve.launched_by(1010) - (0.1 + 0.08 * 3.0 / 7.0)).abs() < 1e-12);
        assert_eq!(curve.end(), 1021);
    }

    #[test]
    fn the_day_of_launch_given_launch() {
        let curve = constant(0.1, 0.1, 3);
        // Half of .244 is .122: .022 of the second week's .08, that is day 1.93 of it.
        assert_eq!(curve.launch_day(0.5), Some(1007 + 2));
        assert_eq!((curve.launch_day(0.0), curve.launch_day(1.0)), (Some(1001), Some(1021)));
        assert_eq!(constant(0.0, 0.1, 3).launch_day(0.5), None);
        assert_eq!(constant(0.1, 0.1, 0).launch_day(0.5), None);
    }

    proptest! {
        #[test]
        fn curves_rise_and_stay_below_one(hazards in prop::collection::vec((0.0f64..0.6, 0.0f64..0.4), 0..80)) {
            let weeks = hazards.iter().map(|(launched, lost)| Hazards { launched: *launched, lost: *lost });
            let curve = LaunchCurve::of_hazards(0, weeks);
            for day in 0..600 {
                prop_assert!(curve.launched_by(day) <= curve.launched_by(day + 1));
                prop_assert!(curve.launched_by(day) + curve.lost_by(day) <= 1.0 + 1e-9);
            }
            if let Some(median) = curve.launch_day(0.5) {
                prop_assert!(curve.launched_by(median) >= curve.launched_by(i32::MAX) / 2.0 - 1e-9);
                prop_assert!(curve.launched_by(median - 1) <= curve.launched_by(i32::MAX) / 2.0 + 1e-9);
            }
        }
    }
}
