//! Flags and whole numbers.

/// A flag: Yes/No, true/false, Y/N, 1/0.
pub(crate) fn flag(cell: &str) -> Option<bool> {
    const YES: [&str; 4] = ["yes", "true", "y", "1"];
    const NO: [&str; 4] = ["no", "false", "n", "0"];
    let is_one_of = |words: [&str; 4]| words.iter().any(|word| cell.eq_ignore_ascii_case(word));
    if is_one_of(YES) {
        return Some(true);
    }
    is_one_of(NO).then_some(false)
}

/// A whole number from 0, with or without thousands separators (`,` or a space), and with or without a zero fraction.
pub(crate) fn integer(cell: &str) -> Option<i32> {
    let whole = cell.strip_suffix(".0").or_else(|| cell.strip_suffix(".00")).unwrap_or(cell);
    let separator = whole.chars().find(|letter| !letter.is_ascii_digit());
    let digits = match separator {
        None => whole.to_owned(),
        Some(separator @ (',' | ' ' | '\u{A0}' | '\u{202F}')) => {
            let groups: Vec<&str> = whole.split(separator).collect();
            let well_formed = (1..=3).contains(&groups[0].len()) && groups[1..].iter().all(|group| group.len() == 3);
            well_formed.then(|| groups.concat())?
        }
        Some(_) => return None,
    };
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::{flag, integer};

    #[test]
    fn flags() {
        let cases = [
            ("Yes", Some(true)),
            ("TRUE", Some(true)),
            ("1", Some(true)),
            ("n", Some(false)),
            ("0", Some(false)),
            ("x", None),
        ];
        for (cell, value) in cases {
            assert_eq!(flag(cell), value, "{cell}");
        }
    }

    #[test]
    fn integers() {
        let cases = [
            ("0", Some(0)),
            ("1,234", Some(1234)),
            ("1 234 567", Some(1_234_567)),
            ("12.0", Some(12)),
            ("12.5", None),
            ("12,34", None),
            ("-1", None),
            ("2147483648", None),
            ("1.234", None),
            ("1,2 345", None),
            ("", None),
            ("twelve", None),
        ];
        for (cell, value) in cases {
            assert_eq!(integer(cell), value, "{cell}");
        }
    }
}
