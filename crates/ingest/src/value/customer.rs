//! What a cell says of a customer: a name, that nobody is known yet, or the names of several.

use super::nobody;

/// Words that stand where no customer is named, beside those for nobody at all.
const NOBODY: [&str; 2] = ["undisclosed", "unknowncustomer"];

/// First words of what follows the name of a company, letters alone: its legal form.
const LEGAL_FORMS: [&str; 44] = [
    "inc",
    "incorporated",
    "llc",
    "llp",
    "lp",
    "pllc",
    "ltd",
    "ltda",
    "limited",
    "corp",
    "corporation",
    "co",
    "company",
    "gmbh",
    "ag",
    "kg",
    "kgaa",
    "ug",
    "se",
    "sa",
    "sas",
    "sarl",
    "srl",
    "sro",
    "spa",
    "bv",
    "nv",
    "ab",
    "as",
    "aps",
    "oy",
    "oyj",
    "plc",
    "pty",
    "pte",
    "pvt",
    "private",
    "doo",
    "kk",
    "sdn",
    "bhd",
    "eg",
    "ev",
    "dba",
];

/// Whether a trimmed cell names no customer.
pub(crate) fn is_nobody(cell: &str) -> bool {
    nobody::is_nobody(cell, &NOBODY)
}

/// Whether a trimmed cell holds the names of several customers, as exports write associated records: `Nova; Acme`. The
/// semicolon of an entity (`AT&amp;T`) separates nothing.
pub(crate) fn are_several(cell: &str) -> bool {
    const ENTITIES: [&str; 8] = ["amp", "quot", "apos", "lt", "gt", "nbsp", "#39", "#x27"];
    let is_entity = |before: &str| before.rsplit(['&', ';']).next().is_some_and(|name| ENTITIES.contains(&name));
    let has_letter = |text: &str| text.chars().any(char::is_alphanumeric);
    // `Acme; S.p.A.`, `Nova; a division of Acme`.
    let goes_on = |text: &str| {
        let first = text.split_whitespace().next().unwrap_or_default();
        let letters: String =
            first.chars().filter(|letter| letter.is_alphabetic()).flat_map(char::to_lowercase).collect();
        LEGAL_FORMS.contains(&letters.as_str()) || first.chars().next().is_some_and(char::is_lowercase)
    };
    cell.match_indices(';').any(|(at, _)| {
        let (before, after) = (&cell[..at], &cell[at + 1..]);
        !is_entity(before) && has_letter(before) && has_letter(after) && !goes_on(after)
    })
}

#[cfg(test)]
mod tests {
    use super::{are_several, is_nobody};

    #[test]
    fn words_for_nobody_are_no_names() {
        for cell in ["TBD", "tbd.", "N/A", "n.a.", "-", "?", "xxx", "Unknown", "To be confirmed", "(unknown customer)"]
        {
            assert!(is_nobody(cell), "{cell}");
        }
        for cell in ["Acme", "Nil & Sons", "XX", "X", "3M", "Unknown Worlds", "Na Na Foods", "TBD Bank", "株式会社"]
        {
            assert!(!is_nobody(cell), "{cell}");
        }
    }

    #[test]
    fn several_names_are_told_from_one() {
        for cell in ["Nova; Acme", "Nova;Acme;", "AT&amp;T;Nova"] {
            assert!(are_several(cell), "{cell}");
        }
        for cell in [
            "Nova",
            "Nova;",
            "AT&amp;T",
            "L&#39;Eau",
            ";Nova",
            "Nova;;",
            "Acme; Inc.",
            "Acme; S.p.A.",
            "A; a unit of B",
            "AT&amp;amp;T",
        ] {
            assert!(!are_several(cell), "{cell}");
        }
    }
}
