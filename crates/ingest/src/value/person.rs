//! What a cell says of a person: an address, a name, or that nobody is known yet.

/// Words that stand where nobody is named, as [`letters`] leaves them.
const NOBODY: [&str; 22] = [
    "na",
    "none",
    "null",
    "nil",
    "tbd",
    "tba",
    "tbc",
    "tbh",
    "unknown",
    "vacant",
    "vacancy",
    "hidden",
    "nobody",
    "noemail",
    "notavailable",
    "notapplicable",
    "openposition",
    "openseat",
    "tobeconfirmed",
    "tobedefined",
    "tobedetermined",
    "tobehired",
];

/// Whether a trimmed cell names nobody: a word such as `n/a` or `TBD`, or nothing but marks.
pub(crate) fn is_nobody(cell: &str) -> bool {
    // Names in other scripts are none of these words.
    cell.len() <= 24 && {
        let letters = letters(cell);
        letters.is_empty() || NOBODY.contains(&letters.as_str()) || letters.bytes().all(|byte| byte == b'x')
    }
}

fn letters(cell: &str) -> String {
    cell.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The one e-mail address that a trimmed cell holds: `ada@partner.example`, `Ada <ada@partner.example>`,
/// `mailto:ada@partner.example`, or the name that stands for one under a key.
pub(crate) fn address(cell: &str) -> Option<&str> {
    let inside = cell.strip_suffix('>').and_then(|rest| rest.rsplit_once('<')).map_or(cell, |(_, inside)| inside);
    let bare = match inside.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &inside[7..],
        _ => inside,
    };
    let bare = bare.trim();
    let keyed = bare
        .strip_prefix("person-")
        .is_some_and(|digits| digits.len() == 20 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    let (local, domain) = bare.split_once('@').unwrap_or_default();
    let is_part = |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "@,;<>".contains(c));
    (keyed || (is_part(local) && is_part(domain))).then_some(bare)
}

#[cfg(test)]
mod tests {
    use super::{address, is_nobody};

    #[test]
    fn addresses_are_told_from_what_stands_in_their_place() {
        for (cell, expected) in [
            ("ada@partner.example", Some("ada@partner.example")),
            ("mailto:ada@partner.example", Some("ada@partner.example")),
            ("Ada Lace <ada@partner.example>", Some("ada@partner.example")),
            ("ada+aws@partner.example", Some("ada+aws@partner.example")),
            ("josé@müller.example", Some("josé@müller.example")),
            ("person-0123456789abcdef0123", Some("person-0123456789abcdef0123")),
            ("person-ada", None),
            ("ada", None),
            ("ada@", None),
            ("@partner.example", None),
            ("a@x.example; b@x.example", None),
            ("a@x.example b@x.example", None),
            ("a@b@x.example", None),
            ("", None),
        ] {
            assert_eq!(address(cell), expected, "{cell}");
        }
    }

    #[test]
    fn nobody_is_told_from_somebody() {
        for cell in ["n/a", "N.A.", "-", "—", "TBD", "none", "to be hired", "xxx", "*****", "(vacant)", "?"] {
            assert!(is_nobody(cell), "{cell}");
        }
        for cell in ["Ada", "Nil Nandan", "X Æ", "李", "Tba Tbd", "no.email@partner.example", "Xavier"] {
            assert!(!is_nobody(cell), "{cell}");
        }
    }
}
