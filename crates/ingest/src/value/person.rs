//! What a cell says of a person: an address, a name, or that nobody is known yet.

use super::nobody;

/// Words that stand where no person is named, beside those for nobody at all.
const NOBODY: [&str; 9] =
    ["tbh", "vacant", "vacancy", "hidden", "nobody", "noemail", "openposition", "openseat", "tobehired"];

/// Whether a trimmed cell names no person. `Na` is a family name.
pub(crate) fn is_nobody(cell: &str) -> bool {
    cell != "Na" && nobody::is_nobody(cell, &NOBODY)
}

/// The one e-mail address that a trimmed cell holds, whatever stands around it: `ada@partner.example;`,
/// `Ada <ada@partner.example>`, `mailto:ada@partner.example`. A word without `@` is the name by which a roster knows somebody, such
/// as a staff number or a hash; several words, or several addresses, are none.
pub(crate) fn address(cell: &str) -> Option<&str> {
    let apart = |letter: char| letter.is_whitespace() || ",;<>()[]\"".contains(letter);
    let mut words = cell.split(apart).filter(|word| !word.is_empty());
    let mut addresses = words.clone().filter(|word| word.contains('@'));
    let (found, another) = (addresses.next(), addresses.next());
    let Some(found) = found else {
        let (only, more) = (words.next(), words.next());
        return only.filter(|_| more.is_none());
    };
    let bare = match found.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &found[7..],
        _ => found,
    };
    let (local, domain) = bare.split_once('@')?;
    (another.is_none() && !local.is_empty() && !domain.is_empty() && !domain.contains('@')).then_some(bare)
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
            ("bob@partner.example;", Some("bob@partner.example")),
            ("Cy Cee (cy@partner.example)", Some("cy@partner.example")),
            ("E12345", Some("E12345")),
            ("Ada Lace", None),
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
        for cell in [
            "n/a",
            "N.A.",
            "-",
            "—",
            "TBD",
            "none",
            "to be hired",
            "xxx",
            "*****",
            "(vacant)",
            "?",
            "****************************",
        ] {
            assert!(is_nobody(cell), "{cell}");
        }
        for cell in ["Ada", "Nil Nandan", "X Æ", "李", "Tba Tbd", "no.email@partner.example", "Xavier", "X", "Na"] {
            assert!(!is_nobody(cell), "{cell}");
        }
    }
}
