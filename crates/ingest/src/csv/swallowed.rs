//! Records that a quote without its partner has made one.
//!
//! `"Title 9` opens a field that ends at the next quote, however many rows further down; where a separator or a line end
//! follows that quote, nothing is wrong by the rules of CSV, and the rows between are text in a cell.

use super::{Dialect, Splitter};
use memchr::{memchr_iter, memchr2};

/// Fields below which separators tell nothing.
const NARROW: usize = 4;

/// Where the lines below a record's first one start, if each line of the record is a record of its own: without the first line's
/// quote, each has as many fields as the header, and most ids, dates and amounts in the same columns. `ends` are those of its fields.
pub(crate) fn lines_below(record: &[u8], ends: &[u32], dialect: Dialect, width: usize) -> Option<usize> {
    let feed = memchr2(b'\n', b'\r', record).filter(|_| width >= NARROW)?;
    let before = ends.partition_point(|end| (*end as usize) < feed);
    let open = before.checked_sub(1).map_or(0, |last| ends[last] as usize + 1);
    if before + 1 + memchr_iter(dialect.delimiter, &record[open..feed]).count() != width {
        return None;
    }
    let below = feed + if record[feed..].starts_with(b"\r\n") { 2 } else { 1 };
    // Without its quote the line has no quoted field left that is open.
    let mut line = record[..feed].to_vec();
    line.remove(open);
    let first = Line::of(&line, dialect)?;
    let rest = &record[below..];
    let mut splitter = Splitter::new(rest, dialect, 1, &[]);
    let (mut fields, mut is_any) = (Vec::new(), false);
    while let Some((_, place)) = splitter.next_record(&mut fields) {
        let line = Line { text: &rest[place], ends: fields.clone() };
        if fields.len() != width || !(line.is_blank() || first.is_like(&line)) {
            return None;
        }
        is_any = true;
    }
    is_any.then_some(below)
}

/// A line with its fields.
struct Line<'l> {
    text: &'l [u8],
    ends: Vec<u32>,
}

impl<'l> Line<'l> {
    fn of(text: &'l [u8], dialect: Dialect) -> Option<Self> {
        let mut ends = Vec::new();
        Splitter::new(text, dialect, 1, &[]).next_record(&mut ends)?;
        Some(Self { text, ends })
    }

    fn fields(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().map(|end| end + 1));
        starts.zip(&self.ends).map(|(start, end)| &self.text[start as usize..*end as usize])
    }

    fn is_blank(&self) -> bool {
        self.fields().all(<[u8]>::is_empty)
    }

    /// Whether another line looks like one of the same table: where this one has an id, a date or an amount, it mostly has one too,
    /// and its fields do not begin with spaces as the words of a text do.
    fn is_like(&self, other: &Line<'_>) -> bool {
        let spaced = |line: &Line<'_>| line.fields().filter(|field| field.starts_with(b" ")).count();
        if 2 * spaced(other) > other.ends.len() && spaced(self) < spaced(other) {
            return false;
        }
        let data = || self.fields().zip(other.fields()).filter(|(own, field)| is_datum(own) && !field.is_empty());
        let alike = data().filter(|(_, field)| is_datum(field)).count();
        2 * alike > data().count()
    }
}

/// Whether a field is one word that is an id (`O1234`), a date or an amount (`$1200.00`).
fn is_datum(field: &[u8]) -> bool {
    let field = field.trim_ascii();
    let letters = field.iter().take_while(|byte| byte.is_ascii_uppercase()).count();
    let rest = field[letters..].strip_prefix(b"$").unwrap_or(&field[letters..]);
    let is_id = letters > 0 && rest.iter().all(u8::is_ascii_digit);
    let is_number = letters == 0 && !rest.contains(&b' ');
    rest.first().is_some_and(u8::is_ascii_digit) && (is_id || is_number)
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
        // Digits in names say nothing, nor do blank rows and single spaces.
        let text = "O3,P1,\"Route 66,Won,2026-05-04,1003\nO4,P1, Acme,Won,2026-05-05,1004\n,,,,,\nO6,P1,Gamma\",Won,2026-05-05,1004\n";
        assert!(below(text, 6).is_some());
    }

    #[test]
    fn text_of_several_lines_is_text() {
        assert_eq!(below("O1,\"Roof, high\nand wide\",Won,7\n", 4), None);
        // As many commas as rows would have, but words between them.
        for text in [
            "O1,\"Roof, high, red\nand wide, round\",Won,7\n",
            "Acme,Germany,SMB,\"Contacts:\nAnn, Bob, Eve, Joe\"\n",
            "Acme,Germany,SMB,\"Contacts:\nAnn,Bob,Eve,Joe\"\n",
            "O1,Won,2026-05-01,\"Services used:\nEC2,S3,RDS,Lambda\"\n",
        ] {
            assert_eq!(below(text, 4), None, "{text}");
        }
        assert_eq!(below("a,\"b\nc\"\n", 2), None);
    }

    proptest! {
        /// Whatever the rows say, as long as none of them has a quote.
        #[test]
        fn no_row_is_lost_to_a_quote(rows in proptest::collection::vec("O[0-9]{1,3}(,([a-z][a-z0-9 ]{0,5})?){6},[0-9]{2}/[0-9]{2},[0-9]{1,4}", 2..9), at in 0..9_usize) {
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
