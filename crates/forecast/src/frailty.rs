//! Partners differ: one factor on the hazard of launching and one on that of being lost, shrunk towards 1.
//!
//! With `O` ends of a kind observed at a partner and `E` expected by the model of all partners, the factor is taken from
//! a gamma distribution with mean 1 and variance `1/k`. Given `O ~ Poisson(factor · E)` its expected value is
//!
//! ```text
//!   factor = (O + k) / (E + k)
//! ```
//!
//! so a partner with nothing has 1, one with much has O / E. `k` follows from how much partners differ beyond chance,
//! by moments over all partners:
//!
//! ```text
//!   1/k = Σ ((O − E)² − E) / Σ E²          kept within 1/1000 and 1/2; 1/10 with fewer than 5 partners
//! ```

/// Fewest partners from which their differences are learnt.
const FEWEST_PARTNERS: usize = 5;
/// `k` with fewer partners.
const USUAL: f64 = 10.0;
/// Range of `k`.
const LEAST: f64 = 2.0;
const MOST: f64 = 1000.0;

/// A partner's factors on the odds of a week.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Factors {
    /// On launching.
    pub launched: f64,
    /// On being lost.
    pub lost: f64,
}

/// How strongly partners are drawn towards the model of all, for launched and lost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shrinkage {
    /// `k` of launched and of lost: the number of ends of one's own that weigh as much as the model.
    pub k: [f64; 2],
}

impl Factors {
    /// No difference.
    pub const NONE: Self = Self { launched: 1.0, lost: 1.0 };
}

impl Shrinkage {
    /// Without anything known of how partners differ.
    pub const USUAL: Self = Self { k: [USUAL; 2] };

    /// From the observed and expected ends (launched, lost) of each partner.
    pub fn by_moments(partners: impl Iterator<Item = ([f64; 2], [f64; 2])>) -> Self {
        let partners: Vec<([f64; 2], [f64; 2])> = partners.collect();
        Self { k: [0, 1].map(|outcome| moments(partners.iter().map(|(o, e)| (o[outcome], e[outcome])))) }
    }

    /// The factors of a partner with these observed and expected ends.
    pub fn factors(&self, observed: [f64; 2], expected: [f64; 2]) -> Factors {
        let [launched, lost] = [0, 1].map(|k| (observed[k] + self.k[k]) / (expected[k] + self.k[k]));
        Factors { launched, lost }
    }
}

fn moments(partners: impl Iterator<Item = (f64, f64)>) -> f64 {
    let (mut count, mut excess, mut squares) = (0, 0.0, 0.0);
    for (observed, expected) in partners.filter(|(_, expected)| *expected > 0.0) {
        count += 1;
        excess += (observed - expected).powi(2) - expected;
        squares += expected * expected;
    }
    if count < FEWEST_PARTNERS {
        return USUAL;
    }
    if excess <= 0.0 { MOST } else { (squares / excess).clamp(LEAST, MOST) }
}

#[cfg(test)]
mod tests {
    use super::{Factors, Shrinkage};

    const MODERATE: Shrinkage = Shrinkage { k: [10.0, 10.0] };

    /// Eight deals of which 4 launched where 2 were expected: (4 + 10) / (2 + 10) = 1.17, not 2.
    #[test]
    fn few_deals_say_little_and_many_say_all() {
        assert_eq!(MODERATE.factors([0.0; 2], [0.0; 2]), Factors::NONE);
        assert!((MODERATE.factors([4.0, 0.0], [2.0, 0.0]).launched - 14.0 / 12.0).abs() < 1e-12);
        assert!((MODERATE.factors([4000.0, 0.0], [2000.0, 0.0]).launched - 2.0).abs() < 0.01);
    }

    #[test]
    fn a_few_partners_cannot_say_how_partners_differ() {
        let shrinkage = Shrinkage::by_moments([([9.0, 1.0], [3.0, 1.0]); 4].into_iter());
        assert_eq!(shrinkage, MODERATE);
    }

    /// O = 20 or 0 where 10 are expected: Σ (100 − 10) / Σ 100 = 0.9, so k = 1.1, kept at 2.
    /// O = E on average up to chance, (O − E)² = E: no difference beyond chance, k = 1000.
    #[test]
    fn differences_beyond_chance_make_the_factors_free() {
        let apart = (0..10).map(|i| ([if i % 2 == 0 { 20.0 } else { 0.0 }, 10.0 + 10f64.sqrt()], [10.0, 10.0]));
        assert_eq!(Shrinkage::by_moments(apart).k[0], 2.0);
        let alike = (0..10).map(|_| ([13.0, 13.0], [10.0, 10.0]));
        assert_eq!(Shrinkage::by_moments(alike).k[0], 1000.0);
    }
}
