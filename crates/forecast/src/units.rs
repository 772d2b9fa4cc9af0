//! The probability that a unit counts, and the count of many: windows roll, one customer counts once.
//!
//! A unit (a customer, say) counts on as-of date `q` when at least one of its rows does. Rows that exist already say
//! so exactly, by their intervals; an open opportunity counts when it launches on a day of the window:
//!
//! ```text
//!                as_of                   q
//!  ──────────────┼───────────────────────┼──▶
//!          ├─────────── window of q ─────┤
//!                 ├── launch here counts ┤        p_i(q) = F_i(q) − F_i(start of window − 1)
//!  ├─ base row ──────┤                            has rolled off by q
//!
//!  P(unit counts on q) = 1                    where a base row counts on q
//!                      = 1 − Π (1 − p_i(q))   else
//! ```
//!
//! The product takes the launches of one unit as independent once what the model knows of them is known.

use crate::launch::LaunchCurve;
use crate::poisson_binomial::CountDistribution;
use aceq_model::days_from_date;
use aceq_timeline::{Interval, Window, months_before};
use chrono::NaiveDate;

/// What may make one unit count.
#[derive(Clone, Debug, Default)]
pub struct UnitChances<'a> {
    /// As-of dates on which rows that exist already count.
    pub base: Vec<Interval>,
    /// Open opportunities that would count for the unit once launched.
    pub open: Vec<&'a LaunchCurve>,
}

/// Probability that an open opportunity, once launched, counts on `as_of`.
pub fn row_probability(curve: &LaunchCurve, window: Window, as_of: NaiveDate) -> f64 {
    let by_then = curve.launched_by(days_from_date(as_of));
    let before = day_before_window(window, as_of).map_or(0.0, |day| curve.launched_by(day));
    (by_then - before).max(0.0)
}

/// The last day that is too early for the window of `as_of`; `None` where none is.
pub fn day_before_window(window: Window, as_of: NaiveDate) -> Option<i32> {
    match window {
        Window::Months(months) => months_before(as_of, months).map(|first| days_from_date(first) - 1),
        Window::UpToAsOf => None,
    }
}

/// Probability that the unit counts on `as_of`.
pub fn unit_probability(unit: &UnitChances<'_>, window: Window, as_of: NaiveDate) -> f64 {
    let day = days_from_date(as_of);
    if unit.base.iter().any(|interval| interval.contains(day)) {
        return 1.0;
    }
    1.0 - unit.open.iter().map(|curve| 1.0 - row_probability(curve, window, as_of)).product::<f64>()
}

/// The distribution of how many units count on `as_of`. Units are independent of each other.
pub fn count_distribution(units: &[UnitChances<'_>], window: Window, as_of: NaiveDate) -> CountDistribution {
    CountDistribution::new(0, units.iter().map(|unit| unit_probability(unit, window, as_of)))
}

/// For each unit how much it moves the probability of at least `required`: P(met, were it sure) − P(met, were it lost).
///
/// The other units keep their probabilities. In the order of `probabilities`; by the fact that
/// `P(met) = p · P(met, sure) + (1 − p) · P(met, lost)`, this is also the slope of P(met) in `p`.
pub fn leverage(certain: i64, probabilities: &[f64], required: i64) -> Vec<f64> {
    let all = CountDistribution::new(certain, probabilities.iter().copied());
    // Sure and lost differ exactly where the others are one short.
    probabilities.iter().map(|p| all.without(p.clamp(0.0, 1.0)).exactly(required - 1)).collect()
}
