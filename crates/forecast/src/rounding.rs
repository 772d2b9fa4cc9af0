//! The one place where numbers are rounded on their way out.

/// A probability or score to four decimals, halves away from zero; what is no number becomes 0.
///
/// Sums of the last few bits may differ between machines; four decimals do not, but for one value in some billions.
///
/// ```
/// assert_eq!(aceq_forecast::rounded(0.123_449_99), 0.1234);
/// assert_eq!(aceq_forecast::rounded(f64::NAN), 0.0);
/// ```
pub fn rounded(probability: f64) -> f64 {
    if probability.is_nan() { 0.0 } else { (probability * 10_000.0).round() / 10_000.0 }
}

/// An expected count to two decimals.
pub fn rounded_count(count: f64) -> f64 {
    if count.is_nan() { 0.0 } else { (count * 100.0).round() / 100.0 }
}
