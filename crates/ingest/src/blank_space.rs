//! What surrounds a value and is none of it: white space, and the marks that nobody sees.

/// White space, or a mark without width that copying from web pages, chats and joined files leaves behind: the byte order
/// mark, the space and the joiner of no width, the marks of writing direction. Overrides of the direction are no such
/// mark: they change what the reader sees.
pub(crate) fn is_space(letter: char) -> bool {
    letter.is_whitespace() || matches!(letter, '\u{feff}' | '\u{200b}' | '\u{2060}' | '\u{200e}' | '\u{200f}')
}

/// The text without what surrounds it.
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(is_space)
}

#[cfg(test)]
mod tests {
    use super::trimmed;

    #[test]
    fn only_the_ends_are_trimmed() {
        let cases = [
            (" O1\u{a0}", "O1"),
            ("\u{feff}O2\u{200b}", "O2"),
            ("\u{200e}O3\u{200f}\u{2060}", "O3"),
            ("O\u{200b}4", "O\u{200b}4"),
            ("\u{202e}O5", "\u{202e}O5"),
            ("\u{200b} \u{feff}", ""),
        ];
        for (raw, expected) in cases {
            assert_eq!(trimmed(raw), expected, "{raw:?}");
        }
    }
}
