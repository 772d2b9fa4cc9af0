//! What a cell says of a customer: a name, that nobody is known yet, or the names of several.

/// Words that stand where no customer is named, letters and digits alone.
const NOBODY: [&str; 15] = [
    "na",
    "none",
    "null",
    "nil",
    "tbd",
    "tba",
    "tbc",
    "unknown",
    "undisclosed",
    "unknowncustomer",
    "notavailable",
    "notapplicable",
    "tobeconfirmed",
    "tobedefined",
    "tobedetermined",
];

/// The longest cell that is looked at: the longest of the words, and some marks.
const LONGEST: usize = 20;

/// What follows the name of a company, whatever stands between.
const LEGAL_FORMS: [&str; 18] = [
    "inc",
    "incorporated",
    "llc",
    "llp",
    "lp",
    "ltd",
    "limited",
    "corp",
    "corporation",
    "co",
    "gmbh",
    "ag",
    "kg",
    "sa",
    "srl",
    "bv",
    "plc",
    "pty",
];

/// Whether a trimmed cell names no customer: a word such as `n/a` or `TBD`, or nothing but marks.
pub(crate) fn is_nobody(cell: &str) -> bool {
    if cell.len() > LONGEST {
        return false;
    }
    let letters = || cell.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase);
    match letters().next() {
        None => true,
        Some('n' | 't' | 'u') => NOBODY.iter().any(|word| letters().eq(word.chars())),
        Some('x') => letters().count() > 2 && letters().all(|letter| letter == 'x'),
        Some(_) => false,
    }
}

/// Whether a trimmed cell holds the names of several customers, as exports write associated records: `Nova; Acme`. The
/// semicolon of an entity (`AT&amp;T`) separates nothing.
pub(crate) fn are_several(cell: &str) -> bool {
    let is_entity = |before: &str| {
        let name = before.rsplit_once('&').map_or("", |(_, name)| name);
        !name.is_empty() && name.len() <= 8 && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#')
    };
    let has_letter = |text: &str| text.chars().any(char::is_alphanumeric);
    let is_legal_form = |text: &str| {
        let letters: String =
            text.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect();
        LEGAL_FORMS.contains(&letters.as_str())
    };
    cell.match_indices(';').any(|(at, _)| {
        let (before, after) = (&cell[..at], &cell[at + 1..]);
        !is_entity(before) && has_letter(before) && has_letter(after) && !is_legal_form(after)
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
        for cell in ["Nova", "Nova;", "AT&amp;T", "L&#39;Eau", ";Nova", "Nova;;", "Acme; Inc."] {
            assert!(!are_several(cell), "{cell}");
        }
    }
}
