//! Records that a quote without its partner has made one.
//!
//! `"Title 9` opens a field that ends at the next quote, however many rows further down; where a separator or a line end
//! follows that quote, nothing is wrong by the rules of CSV, and the rows between are text in a cell.

use super::{Dialect, Splitter};
use memchr::{memchr_iter, memchr2};

/// Fields from which on lines of the header's width cannot be text by chance.
const WIDE: usize = 8;
/// Fields below which separators tell nothing.
const NARROW: usize = 4;

/// Where the lines below a record's first one start, if each line of the record is a record of its own: with as many
/// fields as the header has when the first line's quote is taken for a letter. `ends` are those of its fields.
pub(crate) fn lines_below(record: &[u8], ends: &[u32], dialect: Dialect, width: usize) -> Option<usize> {
    let feed = memchr2(b'\n', b'\r', record).filter(|_| width >= NARROW)?;
    let before = ends.partition_point(|end| (*end as usize) < feed);
    let open = before.checked_sub(1).map_or(0, |last| ends[last] as usize + 1);
    if before + 1 + memchr_iter(dialect.delimiter, &record[open..feed]).count() != width {
        return None;
    }
    let below = feed + if record[feed..].starts_with(b"\r\n") { 2 } else { 1 };
    let first = shape(&record[..feed], dialect);
    let rest = &record[below..];
    let mut splitter = Splitter::new(rest, dialect, 1, &[]);
    let (mut fields, mut is_any) = (Vec::new(), false);
    while let Some((_, place)) = splitter.next_record(&mut fields) {
        let is_alike = || shape(&rest[place], dialect) == first;
        if fields.len() != width || !(width >= WIDE || is_alike()) {
            return None;
        }
        is_any = true;
    }
    is_any.then_some(below)
}

/// The kinds of letters of a line's first field, each run of them once: `A9` of `O1234`.
fn shape(line: &[u8], dialect: Dialect) -> Vec<u8> {
    let line = line.strip_prefix(&[dialect.quote]).unwrap_or(line);
    let field = line.split(|byte| *byte == dialect.delimiter || *byte == dialect.quote).next().unwrap_or_default();
    let mut kinds: Vec<u8> = field
        .iter()
        .map(|byte| match byte {
            b'0'..=b'9' => b'9',
            b'A'..=b'Z' => b'A',
            b'a'..=b'z' | 0x80.. => b'a',
            other => *other,
        })
        .collect();
    kinds.dedup();
    kinds
}

#[cfg(test)]
mod tests {
    use super::lines_below;
    use crate::csv::{Dialect, Splitter};
    use proptest::prelude::*;

    const COMMA: Dialect = Dialect { delimiter: b',', quote: b'"' };

    /// The text below the first line of the first record, if it was swallowed.
    fn below(text: &str, width: usize) -> Option<&str> {
        let (mut splitter, mut ends) = (Splitter::new(text.as_bytes(), COMMA, 1, &[]), Vec::new());
        let (_, place) = splitter.next_record(&mut ends)?;
        lines_below(&text.as_bytes()[place.clone()], &ends, COMMA, width).map(|at| &text[place.start + at..place.end])
    }

    #[test]
    fn rows_between_two_lonely_quotes_are_rows() {
        let text = "O1,\"Roof,Won,5\nO2,Wall,Won,6\r\nO3,Door 13\",Won,7\nO4,x,Won,8";
        assert_eq!(below(text, 4), Some("O2,Wall,Won,6\r\nO3,Door 13\",Won,7"));
        assert_eq!(below("O1,a,b,\"5\nO2,c,d,6\"\n", 4), Some("O2,c,d,6\""));
    }

    #[test]
    fn text_of_several_lines_is_text() {
        assert_eq!(below("O1,\"Roof, high\nand wide\",Won,7\n", 4), None);
        // As many commas as rows would have, but nothing like an id before the first.
        assert_eq!(below("O1,\"Roof, high, red\nand wide, round\",Won,7\n", 4), None);
        assert_eq!(below("a,\"b\nc\"\n", 2), None);
    }

    proptest! {
        /// Whatever the rows say, as long as none of them has a quote.
        #[test]
        fn no_row_is_lost_to_a_quote(rows in proptest::collection::vec("[a-z ]{0,5}(,[a-z ]{0,5}){8}", 2..9), at in 0..9_usize) {
            let (first, rest) = rows.split_first().unwrap();
            let mut cells: Vec<String> = first.split(',').map(str::to_owned).collect();
            cells[at].insert(0, '"');
            let rest = rest.join("\n");
            let text = format!("{}\n{rest}\"", cells.join(","));
            let expected = format!("{rest}\"");
            prop_assert_eq!(below(&text, 9), Some(expected.as_str()));
        }
    }
}
