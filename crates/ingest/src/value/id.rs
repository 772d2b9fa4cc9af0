//! Identifiers: ACE opportunities, AWS accounts, DUNS numbers.

use crate::blank_space::is_space;
use std::borrow::Cow;

/// An ACE opportunity id: `O` and 1 to 19 digits. A small `o` is read as a capital.
pub(crate) fn opportunity(cell: &str) -> Option<Cow<'_, str>> {
    let digits = cell.strip_prefix(['O', 'o'])?;
    let fits = (1..=19).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then(|| if cell.starts_with('O') { Cow::Borrowed(cell) } else { Cow::Owned(format!("O{digits}")) })
}

/// An AWS account id without spaces, unseen marks and hyphens where 12 digits remain, else as written. `None` where a spreadsheet
/// has turned it into a rounded number (`1.23457E+11`): those digits are gone.
pub(crate) fn aws_account(cell: &str) -> Option<Cow<'_, str>> {
    if is_rounded(cell) {
        return None;
    }
    Some(digits_only(cell, 12).unwrap_or(Cow::Borrowed(cell)))
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
    let bare: String = cell.chars().filter(|letter| !is_space(*letter) && *letter != '-').collect();
    all_digits(&bare).then_some(Cow::Owned(bare))
}

fn is_rounded(cell: &str) -> bool {
    let Some((mantissa, exponent)) = cell.split_once(['E', 'e']) else { return false };
    let number =
        |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || b".,+".contains(&byte));
    number(mantissa) && number(exponent) && mantissa.starts_with(|letter: char| letter.is_ascii_digit())
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
            ("12345678901", Some("12345678901")),
            ("acme-main", Some("acme-main")),
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
