//! What joins customers, and how strongly.

use std::borrow::Cow;

/// A reason to hold two customer records for one customer, strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Evidence {
    /// The user says so.
    Stated,
    /// Same name up to case, spaces and punctuation.
    Name,
    /// Same AWS account id.
    Account,
    /// Same DUNS.
    Duns,
    /// Same registrable domain.
    Website,
    /// Same name without accents and legal suffixes.
    SimilarName,
    /// One opportunity has had both names.
    Opportunity,
}

impl Evidence {
    /// Whether it joins `customer_key_strict` too.
    pub(crate) fn is_strong(self) -> bool {
        self < Self::Website
    }

    /// As published: `strong` or `weak`.
    pub(crate) fn strength(self) -> &'static str {
        if self.is_strong() { "strong" } else { "weak" }
    }

    /// As published.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Stated => "stated",
            Self::Name => "name",
            Self::Account => "aws_account_id",
            Self::Duns => "duns",
            Self::Website => "website",
            Self::SimilarName => "similar_name",
            Self::Opportunity => "opportunity",
        }
    }
}

/// Why the text of an AWS account id says less than it seems to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccountDoubt {
    /// It stands for no account.
    Placeholder,
    /// A spreadsheet took its leading zeros.
    LostZeros,
    /// A spreadsheet kept six digits and wrote zeros for the others. Of true ids one in a million ends so.
    Rounded,
    /// Something else: a name, a remark, two ids.
    NotAnId,
}

/// Words that are written where there is no account, as [`super::tidy`] leaves them.
const NO_ACCOUNT: [&str; 11] =
    ["na", "none", "null", "nil", "tbd", "tba", "tbc", "unknown", "pending", "notavailable", "notapplicable"];

/// What is doubtful about a filled cell; `None` for 12 digits.
pub(crate) fn account_doubt(cell: &str) -> Option<AccountDoubt> {
    if is_whole_account(cell.as_bytes()) {
        return cell.ends_with("000000").then_some(AccountDoubt::Rounded);
    }
    let text = super::tidy(cell);
    let first = text.bytes().next();
    let same = text.bytes().all(|byte| Some(byte) == first);
    let zeros = same && first == Some(b'0');
    let all_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    match text.len() {
        0 => Some(AccountDoubt::Placeholder),
        _ if zeros || NO_ACCOUNT.contains(&text.as_str()) => Some(AccountDoubt::Placeholder),
        12 if same && all_digits => Some(AccountDoubt::Placeholder),
        1..12 if all_digits => Some(AccountDoubt::LostZeros),
        12 if all_digits && digits(cell, 12).is_some() => text.ends_with("000000").then_some(AccountDoubt::Rounded),
        _ => Some(AccountDoubt::NotAnId),
    }
}

/// Twelve digits that are not all the same.
fn is_whole_account(cell: &[u8]) -> bool {
    cell.len() == 12 && cell.iter().all(u8::is_ascii_digit) && cell.iter().any(|digit| *digit != cell[0])
}

/// The AWS account id in a cell: exactly 12 digits (hyphens and spaces do not matter) that are not all the same.
pub(crate) fn account_id(cell: &str) -> Option<Cow<'_, str>> {
    digits(cell, 12).filter(|id| account_doubt(id).is_none())
}

/// The DUNS in a cell: exactly 9 digits (hyphens and spaces do not matter), not all zero.
pub(crate) fn duns(cell: &str) -> Option<Cow<'_, str>> {
    digits(cell, 9)
}

fn digits(cell: &str, wanted: usize) -> Option<Cow<'_, str>> {
    let fits = |text: &str| {
        text.len() == wanted && text.bytes().all(|byte| byte.is_ascii_digit()) && text.bytes().any(|byte| byte != b'0')
    };
    if fits(cell) {
        return Some(Cow::Borrowed(cell));
    }
    // A hyphen in front is a sign.
    if !cell.trim_start().starts_with(|letter: char| letter.is_ascii_digit()) {
        return None;
    }
    let text: String = cell.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
    fits(&text).then_some(Cow::Owned(text))
}

#[cfg(test)]
mod tests {
    use super::{AccountDoubt, account_doubt, account_id, duns};

    #[test]
    fn what_stands_for_an_account_is_told_from_one() {
        for cell in ["000000000000", "0", "999999999999", "1111-1111-1111", "N/A", "none", "TBD", "-", "not available"]
        {
            assert_eq!(account_doubt(cell), Some(AccountDoubt::Placeholder), "{cell}");
            assert_eq!(account_id(cell), None, "{cell}");
        }
        for cell in ["12345678901", "1111", "7", "1234-5678-901"] {
            assert_eq!(account_doubt(cell), Some(AccountDoubt::LostZeros), "{cell}");
        }
        for cell in ["123457000000", "1234-5700-0000", "100000000000"] {
            assert_eq!(account_doubt(cell), Some(AccountDoubt::Rounded), "{cell}");
            assert_eq!(account_id(cell), None, "{cell}");
        }
        for cell in [
            "acme-main",
            "1234567890123",
            "see notes",
            "111122223333, 444455556666",
            "1.23457E+11",
            "1,234,5678,9012",
            "-123456789012",
            "１２３４５６７８９０１２",
        ] {
            assert_eq!(account_doubt(cell), Some(AccountDoubt::NotAnId), "{cell}");
            assert_eq!(account_id(cell), None, "{cell}");
        }
        for cell in ["111122223333", "001122223333", "1111 2222 3333", "123456700000"] {
            assert_eq!(account_doubt(cell), None, "{cell}");
        }
    }

    #[test]
    fn identifiers_are_whole_or_nothing() {
        assert_eq!(account_id("1234-5678-9012").as_deref(), Some("123456789012"));
        assert_eq!(account_id("12345678901"), None, "a lost leading zero is not put back here");
        assert_eq!(account_id("1.23457E+11"), None);
        assert_eq!(account_id("000000000000"), None);
        assert_eq!(duns("12-345-6789").as_deref(), Some("123456789"));
    }
}
