//! Counts and sums as text. Both arrive in hundredths.

use aceq_model::Cents;

/// What a number of hundredths means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// A count of things: `5000` is `50`.
    Count,
    /// A sum of money: `125050` is `1250.50`.
    Sum,
}

impl Measure {
    /// The measure of a row that says whether it is a sum.
    pub(crate) fn of(is_sum: bool) -> Self {
        if is_sum { Self::Sum } else { Self::Count }
    }

    /// The number as contracts print it.
    pub(crate) fn text(self, hundredths: i64) -> String {
        match self {
            Self::Count if hundredths % 100 == 0 => (hundredths / 100).to_string(),
            _ => Cents(hundredths).to_string(),
        }
    }
}

/// `50`, `48–50` where doubtful rows could add to it, `12+` where nobody knows how many.
pub(crate) fn bounds(measure: Measure, confirmed: i64, possible: Option<i64>) -> String {
    let lower = measure.text(confirmed);
    match possible {
        None => format!("{lower}+"),
        Some(possible) if possible == confirmed => lower,
        Some(possible) => format!("{lower}–{}", measure.text(possible)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Measure, bounds};

    #[test]
    fn counts_are_whole_and_sums_have_cents() {
        assert_eq!(Measure::Count.text(5000), "50");
        assert_eq!(Measure::Sum.text(5000), "50.00");
        assert_eq!(Measure::Count.text(5050), "50.50");
        assert_eq!(bounds(Measure::Count, 4800, Some(5000)), "48–50");
        assert_eq!(bounds(Measure::Count, 4800, Some(4800)), "48");
        assert_eq!(bounds(Measure::Sum, 125_050, None), "1250.50+");
    }
}
