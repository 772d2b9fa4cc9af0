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
use aceq_timeline::{LaunchDates, Level, StakeUnit, Window, months_before};
use chrono::NaiveDate;

/// Probability that an open opportunity, once launched, counts on `as_of`.
pub fn launch_probability(curve: &LaunchCurve, dates: LaunchDates, as_of: NaiveDate) -> f64 {
    let day = days_from_date(as_of);
    match dates {
        LaunchDates::From(interval) if interval.contains(day) => curve.launched_by(day),
        LaunchDates::From(_) => 0.0,
        LaunchDates::Window(window) => {
            let before = day_before_window(window, as_of).map_or(0.0, |day| curve.launched_by(day));
            (curve.launched_by(day) - before).max(0.0)
        }
    }
}

/// The last day that is too early for the window of `as_of`; `None` where none is.
pub fn day_before_window(window: Window, as_of: NaiveDate) -> Option<i32> {
    match window {
        Window::Months(months) => months_before(as_of, months).map(|first| days_from_date(first) - 1),
        Window::UpToAsOf => None,
    }
}

/// Probability that the unit counts on `as_of`; `curves` are those of the partner's open opportunities.
pub fn unit_probability(unit: &StakeUnit, curves: &[LaunchCurve], as_of: NaiveDate) -> f64 {
    let day = days_from_date(as_of);
    if unit.sure.iter().any(|interval| interval.contains(day)) {
        return 1.0;
    }
    let stays_out = |(open, dates): &(usize, LaunchDates)| 1.0 - launch_probability(&curves[*open], *dates, as_of);
    1.0 - unit.launches.iter().map(stays_out).product::<f64>()
}

/// The distribution of how many units count on `as_of`. Units are independent of each other.
pub fn count_distribution(level: &Level, curves: &[LaunchCurve], as_of: NaiveDate) -> CountDistribution {
    let certain = *level.sure.at(days_from_date(as_of));
    CountDistribution::new(certain, level.units.iter().map(|unit| unit_probability(unit, curves, as_of)))
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

#[cfg(test)]
mod tests {
    use super::{count_distribution, launch_probability, leverage, unit_probability};
    use crate::hazard::Hazards;
    use crate::launch::LaunchCurve;
    use crate::poisson_binomial::CountDistribution;
    use aceq_model::days_from_date;
    use aceq_timeline::{LaunchDates, Level, Months, StakeUnit, Steps, Window};
    use chrono::NaiveDate;
    use proptest::prelude::{prop, prop_assert, proptest};

    const TWELVE: Window = Window::Months(Months::new(12));
    const IN_TWELVE: LaunchDates = LaunchDates::Window(TWELVE);

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// One week at risk from `from` on: a launch with probability `p` in it, and never after.
    fn once(from: &str, p: f64) -> LaunchCurve {
        LaunchCurve::of_hazards(days_from_date(day(from)), std::iter::once(Hazards { launched: p, lost: 1.0 - p }))
    }

    /// Launches in the week after 2027-01-04, if ever. Twelve months later it has rolled off: the window of 2028-01-11
    /// begins on 2027-01-11, the last day of that week, which holds a seventh of the chance.
    #[test]
    fn a_launch_that_is_still_to_come_rolls_off_too() {
        let curve = once("2027-01-04", 0.7);
        let on = |date| (launch_probability(&curve, IN_TWELVE, day(date)) * 1e6).round() / 1e6;
        assert_eq!([on("2027-01-04"), on("2027-01-11"), on("2027-12-31")], [0.0, 0.7, 0.7]);
        assert_eq!([on("2028-01-11"), on("2028-01-12")], [0.1, 0.0]);
        assert!(
            (launch_probability(&curve, LaunchDates::Window(Window::UpToAsOf), day("2030-01-01")) - 0.7).abs() < 1e-12
        );
    }

    /// 1 − (1 − .5)(1 − .2) = .6, and 1 while a launch of 2026-03-01 is in the window, up to 2027-03-01.
    #[test]
    fn a_customer_counts_once_and_surely_by_what_it_has() {
        let (first, second) = (once("2027-01-04", 0.5), once("2027-01-04", 0.2));
        let base = TWELVE.interval(day("2026-03-01")).unwrap();
        let unit = StakeUnit { sure: vec![base], launches: vec![(0, IN_TWELVE), (1, IN_TWELVE)] };
        let curves = [first, second];
        let on = |date| (unit_probability(&unit, &curves, day(date)) * 1e6).round() / 1e6;
        assert_eq!([on("2027-03-01"), on("2027-03-02"), on("2028-06-30")], [1.0, 0.6, 0.0]);
    }

    /// Today's count of 2 falls to 1 by the end of March when one customer rolls off; two deals may replace it.
    #[test]
    fn departures_and_arrivals() {
        let (first, second) = (once("2027-01-04", 0.5), once("2027-01-04", 0.2));
        let has = |launch: &str| StakeUnit { sure: vec![TWELVE.interval(day(launch)).unwrap()], launches: vec![] };
        let may = |open| StakeUnit { sure: vec![], launches: vec![(open, IN_TWELVE)] };
        let units = vec![has("2026-03-01"), has("2026-08-01"), may(0), may(1)];
        let level = Level { sure: Steps::constant(0), units };
        let curves = [first, second];
        let count = count_distribution(&level, &curves, day("2027-03-31"));
        assert!((count.mean() - 1.7).abs() < 1e-12);
        assert!((count.at_least(2) - 0.6).abs() < 1e-12);
        assert!((count_distribution(&level, &curves, day("2026-12-31")).at_least(2) - 1.0).abs() < 1e-12);
    }

    proptest! {
        #[test]
        fn leverage_is_the_difference_that_a_unit_makes(ps in prop::collection::vec(0.0f64..=1.0, 1..12), required in 0i64..10) {
            for (index, leverage) in leverage(1, &ps, required).into_iter().enumerate() {
                let with = |p: f64| {
                    let mut ps = ps.clone();
                    ps[index] = p;
                    CountDistribution::new(1, ps).at_least(required)
                };
                prop_assert!((with(1.0) - with(0.0) - leverage).abs() < 1e-9);
            }
        }
    }
}
