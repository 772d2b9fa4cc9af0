//! Words that stand where nobody is named yet.

/// Words for nobody in any column, letters and digits alone.
const WORDS: [&str; 13] = [
    "na",
    "none",
    "null",
    "nil",
    "tbd",
    "tba",
    "tbc",
    "unknown",
    "notavailable",
    "notapplicable",
    "tobeconfirmed",
    "tobedefined",
    "tobedetermined",
];

/// The longest cell that is looked at: the longest of the words, and some marks.
const LONGEST: usize = 24;

/// Whether a trimmed cell names nobody: such a word, or one of `more` (`n/a`, `TBD`), or nothing but marks or x.
pub(crate) fn is_nobody(cell: &str, more: &[&str]) -> bool {
    let letters = || cell.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase);
    match letters().next() {
        None => true,
        _ if cell.len() > LONGEST => false,
        Some('x') => letters().count() > 2 && letters().all(|letter| letter == 'x'),
        Some(first) => WORDS.iter().chain(more).any(|word| word.starts_with(first) && letters().eq(word.chars())),
    }
}
