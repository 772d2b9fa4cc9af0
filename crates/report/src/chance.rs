//! Probabilities as people read them.

/// `62 %`; `0 %` and `100 %` only where it is exactly that, else `<1 %` and `>99 %`.
pub(crate) fn percent(probability: f64) -> String {
    bare(probability) + " %"
}

/// `62 %`, or `35–60 %` where what is unknown could help.
pub(crate) fn percents(least: f64, most: f64) -> String {
    let (from, to) = (bare(least), bare(most));
    if most <= least || from == to { from + " %" } else { format!("{from}–{to} %") }
}

/// Percent points, `+31`, of a difference of probabilities.
pub(crate) fn points(difference: f64) -> String {
    let sign = if difference < 0.0 { "−" } else { "+" };
    let size = difference.abs();
    let points = if size > 0.0 && size < 0.01 { "<1".to_owned() } else { format!("{:.0}", size * 100.0) };
    format!("{sign}{points}")
}

/// `.081`: a score between 0 and 1 with three decimals.
pub(crate) fn score(score: f64) -> String {
    let text = format!("{score:.3}");
    text.strip_prefix('0').map_or(text.clone(), str::to_owned)
}

fn bare(probability: f64) -> String {
    match probability {
        p if p <= 0.0 => "0".to_owned(),
        p if p >= 1.0 => "100".to_owned(),
        p if p < 0.01 => "<1".to_owned(),
        p if p > 0.99 => ">99".to_owned(),
        p => format!("{:.0}", p * 100.0),
    }
}

#[cfg(test)]
mod tests {
    use super::{percent, percents, points, score};

    #[test]
    fn certainty_is_never_claimed_by_rounding() {
        let said = [0.0, 0.0001, 0.0099, 0.01, 0.625, 0.99, 0.9901, 0.9999, 1.0].map(percent);
        assert_eq!(said, ["0 %", "<1 %", "<1 %", "1 %", "62 %", "99 %", ">99 %", ">99 %", "100 %"]);
    }

    #[test]
    fn doubt_is_a_range() {
        assert_eq!(percents(0.35, 0.6), "35–60 %");
        assert_eq!(percents(0.35, 0.35), "35 %");
        assert_eq!(percents(0.351, 0.352), "35 %");
        assert_eq!(percents(0.0, 1.0), "0–100 %");
        assert_eq!(percents(0.002, 0.999), "<1–>99 %");
    }

    #[test]
    fn differences_and_scores_are_short() {
        assert_eq!([0.31, -0.02, 0.004, 0.0].map(points), ["+31", "−2", "+<1", "+0"]);
        assert_eq!([0.0812, 1.25, 0.0].map(score), [".081", "1.250", ".000"]);
    }
}
