//! How many of independent units count: the exact Poisson-binomial distribution.
//!
//! Unit `i` counts with probability `p_i`; `K` is their number. Adding one unit to the distribution of the others is
//!
//! ```text
//!  f'(k) = f(k) · (1 − p) + f(k − 1) · p
//! ```
//!
//! Each step adds products of numbers in [0, 1] and subtracts nothing, so errors do not grow: the relative error after
//! `n` units is below `2n` units in the last place. `n` units cost `n²/2` steps (12.5 million for 5,000 units).
//! Units that count surely are an offset and cost nothing.

/// The distribution of a count.
#[derive(Clone, Debug, PartialEq)]
pub struct CountDistribution {
    /// Least count with a probability.
    offset: i64,
    /// Probability of `offset + index`.
    mass: Vec<f64>,
}

impl CountDistribution {
    /// `certain` units count for sure, the others each with its probability, independently.
    ///
    /// Probabilities outside 0 to 1 are cut to that range; one that is no number counts as 0.
    ///
    /// ```
    /// use aceq_forecast::CountDistribution;
    /// let count = CountDistribution::new(48, [0.5, 0.5]);
    /// assert_eq!((count.mean(), count.at_least(49), count.at_least(50)), (49.0, 0.75, 0.25));
    /// ```
    pub fn new(certain: i64, probabilities: impl IntoIterator<Item = f64>) -> Self {
        let (mut offset, mut mass) = (certain, vec![1.0]);
        for p in probabilities {
            if p >= 1.0 {
                offset += 1;
            } else if p > 0.0 {
                add_unit(&mut mass, p);
            }
        }
        Self { offset, mass }
    }

    /// Probability that exactly `count` units count.
    pub fn exactly(&self, count: i64) -> f64 {
        let index = usize::try_from(count - self.offset).ok();
        index.and_then(|index| self.mass.get(index)).copied().unwrap_or(0.0)
    }

    /// Probability that at least `required` units count.
    pub fn at_least(&self, required: i64) -> f64 {
        let first = usize::try_from(required - self.offset).unwrap_or(0).min(self.mass.len());
        // The shorter tail is summed, and from its small end: no digit is lost.
        let above: f64 = self.mass[first..].iter().rev().sum();
        let below: f64 = self.mass[..first].iter().sum();
        if below < above { (1.0 - below).max(0.0) } else { above.min(1.0) }
    }

    /// Expected count.
    pub fn mean(&self) -> f64 {
        let uncertain: f64 = self.mass.iter().enumerate().map(|(index, p)| index as f64 * p).sum();
        self.offset as f64 + uncertain
    }

    /// Standard deviation of the count.
    pub fn deviation(&self) -> f64 {
        let mean = self.mean() - self.offset as f64;
        let squares: f64 = self.mass.iter().enumerate().map(|(index, p)| (index as f64 - mean).powi(2) * p).sum();
        squares.sqrt()
    }

    /// The least count `k` with `P(K ≤ k) ≥ share`, for a share in (0, 1).
    ///
    /// A billionth is allowed for rounding, so that equal halves give the lower one on any machine.
    pub fn quantile(&self, share: f64) -> i64 {
        let mut below = 0.0;
        for (index, p) in self.mass.iter().enumerate() {
            below += p;
            if below >= share - 1e-9 {
                return self.offset + index as i64;
            }
        }
        self.offset + self.mass.len() as i64 - 1
    }

    /// The distribution without one unit of probability `p` that is in it; in time linear in the number of units.
    ///
    /// The recursion is turned round from the end at which it damps errors: from below for p ≤ ½, from above else.
    #[must_use]
    pub fn without(&self, p: f64) -> Self {
        if p >= 1.0 {
            return Self { offset: self.offset - 1, mass: self.mass.clone() };
        }
        if p.is_nan() || p <= 0.0 || self.mass.len() < 2 {
            return self.clone();
        }
        let mut mass = vec![0.0; self.mass.len() - 1];
        let mut last = 0.0;
        if p <= 0.5 {
            for (k, others) in mass.iter_mut().enumerate() {
                last = ((self.mass[k] - p * last) / (1.0 - p)).max(0.0);
                *others = last;
            }
        } else {
            for (k, others) in mass.iter_mut().enumerate().rev() {
                last = ((self.mass[k + 1] - (1.0 - p) * last) / p).max(0.0);
                *others = last;
            }
        }
        Self { offset: self.offset, mass }
    }

    /// Every count with its probability, ascending.
    pub fn iter(&self) -> impl Iterator<Item = (i64, f64)> {
        self.mass.iter().enumerate().map(|(index, p)| (self.offset + index as i64, *p))
    }
}

/// One more unit with probability `p`, in place, from the largest count down.
fn add_unit(mass: &mut Vec<f64>, p: f64) {
    let q = 1.0 - p;
    mass.push(0.0);
    for k in (1..mass.len()).rev() {
        mass[k] = mass[k] * q + mass[k - 1] * p;
    }
    mass[0] *= q;
}

#[cfg(test)]
mod tests {
    use super::CountDistribution;
    use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};

    /// 48 customers count already, three deals have 0.5, 0.2 and 0.1; 50 are required.
    /// P(at least two) = .5·.2·.9 + .5·.8·.1 + .5·.2·.1 + .5·.2·.1 = .09 + .04 + .01 + .01 = 0.15
    #[test]
    fn a_checklist_of_fifty() {
        let count = CountDistribution::new(48, [0.5, 0.2, 0.1]);
        assert!((count.at_least(50) - 0.15).abs() < 1e-15);
        assert!((count.mean() - 48.8).abs() < 1e-12);
        assert_eq!((count.quantile(0.1), count.quantile(0.5), count.quantile(0.9)), (48, 49, 50));
        assert_eq!((count.at_least(48), count.at_least(52), count.at_least(-3)), (1.0, 0.0, 1.0));
    }

    #[test]
    fn what_is_no_probability_is_cut() {
        let count = CountDistribution::new(0, [f64::NAN, -1.0, 7.0, 1.0, 0.0]);
        assert_eq!(count.iter().collect::<Vec<_>>(), [(2, 1.0)]);
    }

    /// Binomial(n, p) by its own recursion f(k+1) = f(k) · (n−k)/(k+1) · p/(1−p).
    #[test]
    fn equal_units_are_binomial() {
        for (n, p) in [(1, 0.3), (10, 0.5), (200, 0.037), (5_000, 0.01)] {
            let count = CountDistribution::new(0, vec![p; n]);
            let mut expected = (1.0 - p).powi(n as i32);
            for k in 0..n.min(120) {
                let actual = count.exactly(k as i64);
                assert!((actual - expected).abs() <= 1e-11 * expected.max(1e-9), "{n} {p} {k}: {actual} {expected}");
                expected *= (n - k) as f64 / (k + 1) as f64 * p / (1.0 - p);
            }
        }
    }

    #[test]
    fn five_thousand_units_keep_their_total() {
        let probabilities = (0..5_000).map(|i| f64::from(i) / 5_000.0);
        let count = CountDistribution::new(0, probabilities.clone());
        assert!((count.at_least(0) - 1.0).abs() < 1e-12);
        assert!((count.mean() - probabilities.clone().sum::<f64>()).abs() < 1e-8);
        let variance: f64 = probabilities.map(|p| p * (1.0 - p)).sum();
        assert!((count.deviation() - variance.sqrt()).abs() < 1e-8);
    }

    proptest! {
        #[test]
        fn equals_going_through_all_outcomes(ps in prop::collection::vec(0.0f64..=1.0, 0..11), certain in 0i64..5) {
            let count = CountDistribution::new(certain, ps.iter().copied());
            let mut expected = vec![0.0; ps.len() + 1];
            for outcome in 0u32..1 << ps.len() {
                let probability: f64 =
                    ps.iter().enumerate().map(|(i, p)| if outcome >> i & 1 == 1 { *p } else { 1.0 - p }).product();
                expected[outcome.count_ones() as usize] += probability;
            }
            for (k, expected) in expected.iter().enumerate() {
                prop_assert!((count.exactly(certain + k as i64) - expected).abs() < 1e-12);
            }
            let tail: f64 = expected.iter().skip(3).sum();
            prop_assert!((count.at_least(certain + 3) - tail).abs() < 1e-12);
        }

        #[test]
        fn quantiles_are_where_the_sum_passes(ps in prop::collection::vec(0.01f64..0.99, 1..40), share in 0.05f64..0.95) {
            let count = CountDistribution::new(0, ps);
            let quantile = count.quantile(share);
            prop_assert!(1.0 - count.at_least(quantile + 1) >= share - 1e-8);
            prop_assert!(1.0 - count.at_least(quantile) <= share + 1e-8);
        }

        #[test]
        fn a_unit_taken_out_leaves_the_others(ps in prop::collection::vec(0.0f64..=1.0, 1..60), index in 0usize..60) {
            let index = index % ps.len();
            let all = CountDistribution::new(2, ps.iter().copied());
            let others = ps.iter().enumerate().filter(|(other, _)| *other != index).map(|(_, p)| *p);
            let (expected, actual) = (CountDistribution::new(2, others), all.without(ps[index]));
            for count in 0..70 {
                prop_assert!((expected.exactly(count) - actual.exactly(count)).abs() < 1e-9);
            }
        }

        #[test]
        fn the_order_of_units_is_of_no_matter(mut ps in prop::collection::vec(0.0f64..1.0, 0..60)) {
            let forward = CountDistribution::new(0, ps.iter().copied());
            ps.reverse();
            let backward = CountDistribution::new(0, ps);
            for (k, p) in forward.iter() {
                prop_assert!((p - backward.exactly(k)).abs() < 1e-14);
            }
            prop_assert_eq!(forward.iter().count(), backward.iter().count());
        }
    }
}
