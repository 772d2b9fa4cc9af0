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

/// A probability that is published: to four decimals, and 0 or 1 only where it is exactly that.
///
/// ```
/// use aceq_forecast::rounded_chance;
/// assert_eq!([0.0, 0.000_001, 0.123_46, 0.999_99, 1.0].map(rounded_chance), [0.0, 0.0001, 0.1235, 0.9999, 1.0]);
/// ```
pub fn rounded_chance(probability: f64) -> f64 {
    match probability {
        p if p <= 0.0 || p.is_nan() => 0.0,
        p if p >= 1.0 => 1.0,
        p => rounded(p).clamp(0.0001, 0.9999),
    }
}

/// An expected count to two decimals.
pub fn rounded_count(count: f64) -> f64 {
    if count.is_nan() { 0.0 } else { (count * 100.0).round() / 100.0 }
}
