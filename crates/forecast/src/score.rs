//! How good forecasts were: Brier score, skill, log score, calibration, coverage of intervals.
//!
//! With forecast probabilities `p_i` and what happened `o_i` (1 or 0):
//!
//! ```text
//!  Brier   B = mean (p_i − o_i)²                      0 is perfect, 0.25 is "fifty-fifty, always"
//!  skill   1 − B / B_baseline                         above 0: better than the baseline
//!  log     mean −ln(probability given to what happened), that probability cut below at 0.001
//! ```
//!
//! The cut keeps one certain forecast that failed from making the mean infinite; it costs 6.9.

/// Least probability that the log score takes seriously.
pub const LOG_SCORE_FLOOR: f64 = 0.001;

/// A forecast probability and whether it happened.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judged {
    /// Probability that was forecast, 0 to 1.
    pub probability: f64,
    /// What happened.
    pub outcome: Happened,
}

/// Whether what was forecast happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happened {
    /// It did.
    Yes,
    /// It did not.
    No,
}

/// Forecasts of one range of probabilities, against how often they came true.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrationBin {
    /// Least probability of the bin, inclusive.
    pub from: f64,
    /// End of the bin, exclusive (inclusive at 1).
    pub until: f64,
    /// Forecasts in the bin.
    pub forecasts: usize,
    /// Mean probability of those; `None` without any.
    pub forecast: Option<f64>,
    /// Share of those that happened; `None` without any.
    pub observed: Option<f64>,
}

/// A count and the interval that was forecast for it, both ends included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JudgedInterval {
    /// Least count of the interval.
    pub low: i64,
    /// Largest count of the interval.
    pub high: i64,
    /// The count that came.
    pub count: i64,
}

impl Happened {
    fn as_number(self) -> f64 {
        match self {
            Self::Yes => 1.0,
            Self::No => 0.0,
        }
    }
}

impl From<bool> for Happened {
    fn from(happened: bool) -> Self {
        if happened { Self::Yes } else { Self::No }
    }
}

/// Mean squared distance between probability and outcome; `None` without forecasts.
///
/// ```
/// use aceq_forecast::{Happened, Judged, brier};
/// let judged = [
///     Judged { probability: 0.8, outcome: Happened::Yes }, // 0.04
///     Judged { probability: 0.3, outcome: Happened::No },  // 0.09
/// ];
/// assert!((brier(&judged).expect("two forecasts") - 0.065).abs() < 1e-12);
/// ```
pub fn brier(judged: &[Judged]) -> Option<f64> {
    mean(judged.iter().map(|judged| (judged.probability - judged.outcome.as_number()).powi(2)))
}

/// The part of the baseline's Brier score that the forecast saves; `None` where the baseline was perfect.
pub fn skill(forecast: f64, baseline: f64) -> Option<f64> {
    (baseline > 0.0).then(|| 1.0 - forecast / baseline)
}

/// Mean surprise, in nats; probabilities are cut at [`LOG_SCORE_FLOOR`]; `None` without forecasts.
pub fn log_score(judged: &[Judged]) -> Option<f64> {
    mean(judged.iter().map(|judged| {
        let given = match judged.outcome {
            Happened::Yes => judged.probability,
            Happened::No => 1.0 - judged.probability,
        };
        -given.max(LOG_SCORE_FLOOR).ln()
    }))
}

/// Forecasts in `bins` ranges of equal width, against how often they came true. No bins for `bins` = 0.
pub fn calibration(judged: &[Judged], bins: usize) -> Vec<CalibrationBin> {
    let bin_of = |judged: &Judged| ((judged.probability * bins as f64) as usize).min(bins.saturating_sub(1));
    let bin = |index: usize| {
        let within = || judged.iter().filter(|judged| bin_of(judged) == index);
        CalibrationBin {
            from: index as f64 / bins as f64,
            until: (index + 1) as f64 / bins as f64,
            forecasts: within().count(),
            forecast: mean(within().map(|judged| judged.probability)),
            observed: mean(within().map(|judged| judged.outcome.as_number())),
        }
    };
    (0..bins).map(bin).collect()
}

/// Share of counts that lie in their interval; `None` without any.
pub fn coverage(judged: &[JudgedInterval]) -> Option<f64> {
    mean(judged.iter().map(|judged| f64::from(u8::from((judged.low..=judged.high).contains(&judged.count)))))
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, count) = values.fold((0.0, 0u64), |(sum, count), value| (sum + value, count + 1));
    (count > 0).then(|| sum / count as f64)
}

#[cfg(test)]
mod tests {
    use super::{Judged, JudgedInterval, brier, calibration, coverage, log_score, skill};
    use proptest::prelude::{prop, prop_assert, proptest};

    const FORECASTS: [(f64, bool); 8] = [
        (0.05, false),
        (0.10, false),
        (0.35, true),
        (0.40, false),
        (0.65, true),
        (0.70, false),
        (0.90, true),
        (1.00, true),
    ];

    fn judged(pairs: &[(f64, bool)]) -> Vec<Judged> {
        pairs
            .iter()
            .map(|(probability, happened)| Judged { probability: *probability, outcome: (*happened).into() })
            .collect()
    }

    /// .0025 + .01 + .4225 + .16 + .1225 + .49 + .01 + 0 = 1.2175, over 8.
    #[test]
    fn brier_by_hand() {
        assert!((brier(&judged(&FORECASTS)).unwrap() - 1.2175 / 8.0).abs() < 1e-12);
        assert_eq!(brier(&[]), None);
    }

    /// `brier_score_loss` and `log_loss` of scikit-learn 1.9.1 on the same eight, the last with 0.99 in place of 1.
    #[test]
    fn scores_equal_those_of_scikit_learn() {
        let mut pairs = FORECASTS;
        pairs[7].0 = 0.99;
        assert!((brier(&judged(&pairs)).unwrap() - 0.1522).abs() < 1e-9);
        assert!((log_score(&judged(&pairs)).unwrap() - 0.433_433_516_279_970_4).abs() < 1e-12);
    }

    #[test]
    fn a_certain_forecast_that_failed_costs_the_floor() {
        assert!((log_score(&judged(&[(1.0, false)])).unwrap() - 1000f64.ln()).abs() < 1e-9);
    }

    #[test]
    fn skill_compares_with_a_baseline() {
        assert_eq!(skill(0.1, 0.2), Some(0.5));
        assert_eq!(skill(0.3, 0.2).map(|skill| (skill * 10.0).round()), Some(-5.0));
        assert_eq!(skill(0.1, 0.0), None);
    }

    #[test]
    fn calibration_in_four_bins() {
        let bins = calibration(&judged(&FORECASTS), 4);
        let shown: Vec<String> = bins
            .iter()
            .map(|bin| format!("{}-{} {} {:?} {:?}", bin.from, bin.until, bin.forecasts, bin.forecast, bin.observed))
            .collect();
        assert_eq!(
            shown,
            [
                "0-0.25 2 Some(0.07500000000000001) Some(0.0)",
                "0.25-0.5 2 Some(0.375) Some(0.5)",
                "0.5-0.75 2 Some(0.675) Some(0.5)",
                "0.75-1 2 Some(0.95) Some(1.0)",
            ]
        );
        assert_eq!(calibration(&[], 2)[1].observed, None);
    }

    #[test]
    fn both_ends_of_an_interval_are_inside() {
        let interval = |count| JudgedInterval { low: 3, high: 5, count };
        assert_eq!(coverage(&[interval(2), interval(3), interval(5), interval(6)]), Some(0.5));
    }

    proptest! {
        #[test]
        fn the_true_probability_is_the_best_forecast(truth in 0.05f64..0.95, other in 0.0f64..=1.0) {
            // Expected Brier score of a forecast `p` where it happens with `truth`.
            let expected = |p: f64| truth * (1.0 - p).powi(2) + (1.0 - truth) * p * p;
            prop_assert!(expected(truth) <= expected(other) + 1e-12);
        }

        #[test]
        fn scores_lie_in_their_range(pairs in prop::collection::vec((0.0f64..=1.0, prop::bool::ANY), 1..50)) {
            let judged = judged(&pairs);
            prop_assert!((0.0..=1.0).contains(&brier(&judged).unwrap()));
            prop_assert!((0.0..=6.91).contains(&log_score(&judged).unwrap()));
            let total: usize = calibration(&judged, 10).iter().map(|bin| bin.forecasts).sum();
            prop_assert!(total == pairs.len());
        }
    }
}
