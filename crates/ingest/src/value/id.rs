//! Identifiers: ACE opportunities, AWS accounts, DUNS numbers.

use crate::blank_space::is_space;
use std::borrow::Cow;

/// An ACE opportunity id: `O` and 1 to 19 digits. A small `o` is read as a capital.
pub(crate) fn opportunity(cell: &str) -> Option<Cow<'_, str>> {
    let digits = cell.strip_prefix(['O', 'o'])?;
    let fits = (1..=19).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| if cell.starts_with('O') { Cow::Borrowed(cell) } else { Cow::Owned(format!("O{digits}")) })
}

/// An AWS account id without spaces, unseen marks and hyphens where 12 digits remain, without the marks between thousands
/// (`123.456.789.012`), and without what programs put around it (`123456789012.0`, `="123456789012"`), also where digits
/// are missing then; else as written. `None` where a spreadsheet has turned it into a
/// rounded number (`1.23457E+11`): those digits are gone.
pub(crate) fn aws_account(cell: &str) -> Option<Cow<'_, str>> {
    if let Some(digits) = digits_only(cell, 12) {
        return Some(digits);
    }
    if let Some((mantissa, exponent)) = powers_of_ten(cell) {
        return exact(mantissa, exponent).map(Cow::Owned);
    }
    let quoted = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let bare = quoted.or_else(|| cell.strip_suffix(".0")).or_else(|| cell.strip_prefix('\''));
    if let Some(bare) = bare.filter(|bare| !bare.is_empty()) {
        let digits = bare.bytes().all(|byte| byte.is_ascii_digit()).then_some(Cow::Borrowed(bare));
        return Some(digits_only(bare, 12).or(digits).unwrap_or(Cow::Borrowed(cell)));
    }
    Some(by_thousands(cell).map_or(Cow::Borrowed(cell), Cow::Owned))
}

/// The twelve digits of `123.456.789.012`.
fn by_thousands(cell: &str) -> Option<String> {
    let mark = cell.chars().find(|letter| matches!(letter, '.' | ','))?;
    let mut groups = cell.split(mark);
    let is_group = |group: &str| group.len() == 3 && group.bytes().all(|byte| byte.is_ascii_digit());
    (cell.len() == 15 && groups.all(is_group)).then(|| cell.replace(mark, ""))
}

/// A DUNS number: 9 digits, spaces and hyphens don't count.
pub(crate) fn duns(cell: &str) -> Option<Cow<'_, str>> {
    digits_only(cell, 9)
}

fn digits_only(cell: &str, count: usize) -> Option<Cow<'_, str>> {
    let all_digits = |text: &str| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
    if all_digits(cell) {
        return Some(Cow::Borrowed(cell));
    }
    // A hyphen in front is a sign.
    if cell.starts_with('-') {
        return None;
    }
    let bare: String = cell.chars().filter(|letter| !is_space(*letter) && *letter != '-').collect();
    all_digits(&bare).then_some(Cow::Owned(bare))
}

/// The parts of `1.23457E+11`.
fn powers_of_ten(cell: &str) -> Option<(&str, &str)> {
    let (mantissa, exponent) = cell.split_once(['E', 'e'])?;
    let number =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || b".,+".contains(&byte));
    let is_number =
        number(mantissa) && number(exponent) && mantissa.starts_with(|letter: char| letter.is_ascii_digit());
    is_number.then_some((mantissa, exponent))
}

/// The twelve digits of `1.23456789012E+11`, of which none is lost.
fn exact(mantissa: &str, exponent: &str) -> Option<String> {
    let (first, rest) = mantissa.split_once(['.', ','])?;
    let fits = first.len() == 1 && rest.len() == 11 && exponent.trim_start_matches('+') == "11";
    let digits = format!("{first}{rest}");
    (fits && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

#[cfg(test)]
mod tests {
    use super::{aws_account, duns, opportunity};

    #[test]
    fn opportunities() {
        let cases = [
            ("O1", Some("O1")),
            ("o123", Some("O123")),
            ("O1234567890123456789", Some("O1234567890123456789")),
            ("O12345678901234567890", None),
            ("O", None),
            ("0123", None),
            ("O12a", None),
            ("", None),
        ];
        for (cell, value) in cases {
            assert_eq!(opportunity(cell).as_deref(), value, "{cell}");
        }
    }

    #[test]
    fn accounts() {
        let cases = [
            ("123456789012", Some("123456789012")),
            ("1234-5678-9012", Some("123456789012")),
            ("1234 5678 9012", Some("123456789012")),
            ("1234\u{200b}56789012", Some("123456789012")),
            ("-123456789012", Some("-123456789012")),
            ("12345678901", Some("12345678901")),
            ("acme-main", Some("acme-main")),
            ("123456789012.0", Some("123456789012")),
            ("=\"123456789012\"", Some("123456789012")),
            ("'023456789012", Some("023456789012")),
            ("12345678901.0", Some("12345678901")),
            ("=\"12345678901\"", Some("12345678901")),
            ("123.456.789.012", Some("123456789012")),
            ("023,456,789,012", Some("023456789012")),
            ("123.456.789,012", Some("123.456.789,012")),
            ("23.456.789.012", Some("23.456.789.012")),
            ("1.23456789012E+11", Some("123456789012")),
            ("1.2345678901E+11", None),
            ("1.23457E+11", None),
            ("1,23E+11", None),
            ("1E11", None),
        ];
        for (cell, value) in cases {
            assert_eq!(aws_account(cell).as_deref(), value, "{cell}");
        }
        assert_eq!(duns("12-345-6789").as_deref(), Some("123456789"));
        assert_eq!(duns("12345678"), None);
    }
}
