//! Money as whole cents. Decimals, never floats.

use std::fmt;
use std::str::FromStr;

/// An amount in hundredths of a unit (US cents; hundredths of a percent point for allocations).
///
/// The physical form of the `DECIMAL(18,2)` columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cents(pub i64);

/// A text that is no plain decimal with at most two decimals, or an amount that does not fit `DECIMAL(18,2)`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no amount with at most two decimals, such as 1250 or 1250.50")]
pub struct MoneyError(pub String);

impl Cents {
    /// The largest amount that `DECIMAL(18,2)` holds.
    pub const MAX: Self = Self(999_999_999_999_999_999);

    /// `self × factor`, or `None` where the product does not fit `DECIMAL(18,2)`.
    pub fn times(self, factor: i64) -> Option<Self> {
        self.0.checked_mul(factor).map(Self).filter(|product| *product <= Self::MAX)
    }
}

impl FromStr for Cents {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let error = || MoneyError(text.to_owned());
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || fraction.len() > 2 || !all_digits(whole) || !all_digits(fraction) {
            return Err(error());
        }
        let whole: i64 = whole.parse().map_err(|_| error())?;
        let fraction: i64 = format!("{fraction:0<2}").parse().map_err(|_| error())?;
        let cents = whole.checked_mul(100).and_then(|c| c.checked_add(fraction)).ok_or_else(error)?;
        if cents > Self::MAX.0 {
            return Err(error());
        }
        Ok(Self(if negative { -cents } else { cents }))
    }
}

impl fmt::Display for Cents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let cents = self.0.unsigned_abs();
        write!(f, "{sign}{}.{:02}", cents / 100, cents % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::Cents;

    #[test]
    fn reads_and_prints_plain_decimals() {
        for (text, cents) in [("0", 0), ("5000", 500_000), ("416.6", 41_660), ("-1.05", -105)] {
            assert_eq!(text.parse(), Ok(Cents(cents)), "{text}");
        }
        assert_eq!(Cents(-105).to_string(), "-1.05");
    }

    #[test]
    fn refuses_what_is_no_plain_decimal() {
        for text in ["", "-", ".5", "1.005", "1,000", "1e3", "9999999999999999999", "10000000000000000"] {
            assert!(text.parse::<Cents>().is_err(), "{text}");
        }
    }
}
