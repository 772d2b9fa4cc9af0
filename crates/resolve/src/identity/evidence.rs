//! What joins customers, and how strongly.

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
        }
    }
}

/// The AWS account id in a cell: exactly 12 digits (hyphens and spaces do not matter), not all zero.
pub(crate) fn account_id(cell: &str) -> Option<String> {
    digits(cell, 12)
}

/// The DUNS in a cell: exactly 9 digits (hyphens and spaces do not matter), not all zero.
pub(crate) fn duns(cell: &str) -> Option<String> {
    digits(cell, 9)
}

fn digits(cell: &str, wanted: usize) -> Option<String> {
    if cell.len() == wanted && cell.bytes().all(|byte| byte.is_ascii_digit()) {
        return cell.bytes().any(|byte| byte != b'0').then(|| cell.to_owned());
    }
    let text: String = cell.chars().filter(|letter| !letter.is_whitespace() && *letter != '-').collect();
    let fits = text.len() == wanted && text.bytes().all(|byte| byte.is_ascii_digit());
    (fits && text.bytes().any(|byte| byte != b'0')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{account_id, duns};

    #[test]
    fn identifiers_are_whole_or_nothing() {
        assert_eq!(account_id("1234-5678-9012").as_deref(), Some("123456789012"));
        assert_eq!(account_id("12345678901"), None, "a lost leading zero is not put back here");
        assert_eq!(account_id("1.23457E+11"), None);
        assert_eq!(account_id("000000000000"), None);
        assert_eq!(duns("12-345-6789").as_deref(), Some("123456789"));
    }
}
