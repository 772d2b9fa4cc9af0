//! Texts that a spreadsheet would run as a formula, made harmless on the way out and read back on the way in.
//!
//! The rule is OWASP's (ASVS 1.2.10 and its page on CSV injection): a cell that begins with `=`, `+`, `-`, `@`, a tab, a
//! line break or a null character, or with the full-width form of such a sign, gets an apostrophe in front. So does one that looks as if it had got one already:
//! [`as_written`] then gives back exactly what was handed to [`harmless`].

use std::borrow::Cow;

/// What a spreadsheet takes for the beginning of a formula, or skips before one.
const BEGINNINGS: [char; 12] =
    ['=', '+', '-', '@', '\t', '\r', '\n', '\0', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];

/// The text as a cell of a spreadsheet may hold it.
///
/// ```
/// use aceq_model::formula::{as_written, harmless};
/// assert_eq!(harmless("=1+1"), "'=1+1");
/// assert_eq!(harmless("Example Ltd"), "Example Ltd");
/// assert_eq!(as_written("'=1+1"), "=1+1");
/// ```
pub fn harmless(text: &str) -> Cow<'_, str> {
    if is_risky(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that became this cell.
pub fn as_written(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|rest| is_risky(rest)).unwrap_or(cell)
}

fn is_risky(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(BEGINNINGS)
}

#[cfg(test)]
mod tests {
    use super::{as_written, harmless};

    #[test]
    fn every_beginning_is_covered_and_every_text_comes_back() {
        let risky = ["=1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1", "＋1", "－1", "＠x", "'=1", "''-", "-"];
        for text in risky {
            assert_eq!(harmless(text), format!("'{text}"));
        }
        for text in ["", "'", "''", "a=1", "'quoted'", " =1", "1-2", "é"] {
            assert_eq!(harmless(text), text);
        }
        for text in risky.into_iter().chain(["", "'", "'quoted'", "a"]) {
            assert_eq!(as_written(&harmless(text)), text, "{text:?}");
        }
    }
}
