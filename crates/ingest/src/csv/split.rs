//! Records and fields of a piece of text.

use super::marks::{BLOCK, Marker, Marks};
use super::{Dialect, line_ends};
use memchr::{memchr, memchr3};
use std::ops::Range;
use std::slice;

/// Walks over the records of a text that starts and ends between records.
///
/// Fields follow each other with a byte between them, so a record is told by where each of its fields ends.
pub(crate) struct Splitter<'a> {
    text: &'a [u8],
    dialect: Dialect,
    at: usize,
    line: u64,
    way: Way<'a>,
}

/// How records are told apart.
enum Way<'a> {
    /// By the marks of whole blocks, as long as every quote stands where it should.
    Marks(Marked<'a>),
    /// Byte by byte, to the end of the text.
    Bytes,
}

/// The block at hand.
struct Marked<'a> {
    blocks: Blocks<'a>,
    start: usize,
    /// Where the next block starts.
    next: usize,
    marks: Marks,
    /// Of the ends of fields those that were not used yet.
    ends: u64,
    /// The line on which the block starts.
    line: u64,
}

/// Where the marks come from.
enum Blocks<'a> {
    /// Whoever cut the text made them, and all quotes stand where they should.
    Known(slice::Iter<'a, Marks>),
    Made(Marker<'a>),
}

/// What the marks say next.
enum Next {
    Record(u64, Range<usize>),
    End,
    /// A quote stands where it means nothing: the bytes have to be looked at.
    Stray,
}

/// A field without its quotes. Few hold doubled ones: only for those `scratch` is needed.
#[inline]
pub(crate) fn without_quotes<'s>(raw: &'s str, quote: u8, scratch: &'s mut String) -> &'s str {
    let Some(inside) = raw.as_bytes().first().filter(|first| **first == quote).map(|_| &raw[1..]) else { return raw };
    match inside.strip_suffix(char::from(quote)) {
        Some(inside) if memchr(quote, inside.as_bytes()).is_none() => inside,
        _ => {
            unquote(inside, quote, scratch);
            scratch
        }
    }
}

/// What follows an opening quote: doubled quotes become one, and what follows the closing one is taken as it is.
fn unquote(mut rest: &str, quote: u8, field: &mut String) {
    field.clear();
    let quote = char::from(quote);
    while let Some(at) = rest.find(quote) {
        field.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.strip_prefix(quote) {
            Some(after) => {
                field.push(quote);
                rest = after;
            }
            None => break,
        }
    }
    field.push_str(rest);
}

impl<'a> Splitter<'a> {
    /// Starts at the beginning of `text`, which is line `line` of the file. `marks` are those of its blocks, or none:
    /// then they are made on the way.
    pub fn new(text: &'a [u8], dialect: Dialect, line: u64, marks: &'a [Marks]) -> Self {
        let blocks = match marks {
            [] => Blocks::Made(Marker::new(text, dialect)),
            marks => Blocks::Known(marks.iter()),
        };
        let marked = Marked { blocks, start: 0, next: 0, marks: Marks::default(), ends: 0, line };
        Self { text, dialect, at: 0, line, way: Way::Marks(marked) }
    }

    /// The line on which the next record starts, blank lines before it not counted.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The next record: its line and its place. Where its fields end, within it, replaces what is in `ends`.
    pub fn next_record(&mut self, ends: &mut Vec<u32>) -> Option<(u64, Range<usize>)> {
        if let Way::Marks(_) = self.way {
            match self.marked_record(ends) {
                Next::Record(line, place) => return Some((line, place)),
                Next::End => return None,
                Next::Stray => {
                    self.way = Way::Bytes;
                    // The rest of the line end before, which was counted.
                    let half = self.at.checked_sub(1).and_then(|before| self.text.get(before..before + 2));
                    self.at += usize::from(half == Some(b"\r\n"));
                }
            }
        }
        self.record(ends)
    }

    /// The next record by its marks.
    fn marked_record(&mut self, ends: &mut Vec<u32>) -> Next {
        let Way::Marks(marked) = &mut self.way else { return Next::Stray };
        ends.clear();
        loop {
            while marked.ends == 0 {
                match marked.advance() {
                    Some(true) => {}
                    Some(false) => return Next::Stray,
                    None if marked.is_inside() => return Next::Stray,
                    None if self.at == self.text.len() => return Next::End,
                    None => {
                        let (line, place) = (self.line, self.at..self.text.len());
                        ends.push(place.len() as u32);
                        (self.at, self.line) = (self.text.len(), marked.line);
                        return Next::Record(line, place);
                    }
                }
            }
            // Up to the next line end, without a question per field.
            let line_ends = marked.ends & marked.marks.line_ends;
            let until = line_ends ^ line_ends.wrapping_sub(1);
            let mut fields = marked.ends & until;
            marked.ends &= !until;
            // The record may have begun in a block before.
            let start = (marked.start as u32).wrapping_sub(self.at as u32);
            ends.extend((0..fields.count_ones()).map(|_| {
                let end = start.wrapping_add(fields.trailing_zeros());
                fields &= fields.wrapping_sub(1);
                end
            }));
            if line_ends == 0 {
                continue;
            }
            let bit = line_ends.trailing_zeros();
            let (line, place) = (self.line, self.at..marked.start + bit as usize);
            (self.at, self.line) = (place.end + 1, marked.line_after(bit));
            // A line with nothing on it is no record; nor is what stands between `\r` and `\n`.
            if place.is_empty() {
                ends.clear();
            } else {
                return Next::Record(line, place);
            }
        }
    }

    /// The next record byte by byte.
    fn record(&mut self, ends: &mut Vec<u32>) -> Option<(u64, Range<usize>)> {
        ends.clear();
        while matches!(self.text.get(self.at), Some(b'\n' | b'\r')) {
            self.end_line();
        }
        let (line, start) = (self.line, self.at);
        if start == self.text.len() {
            return None;
        }
        loop {
            if self.text.get(self.at) == Some(&self.dialect.quote) {
                self.skip_quoted();
            } else {
                self.at = self.field_end(self.at);
            }
            ends.push((self.at - start) as u32);
            match self.text.get(self.at) {
                Some(byte) if *byte == self.dialect.delimiter => self.at += 1,
                _ => break,
            }
        }
        let end = self.at;
        if end < self.text.len() {
            self.end_line();
        }
        Some((line, start..end))
    }

    fn end_line(&mut self) {
        let both = self.text[self.at] == b'\r' && self.text.get(self.at + 1) == Some(&b'\n');
        self.at += if both { 2 } else { 1 };
        self.line += 1;
    }

    /// The first separator or line end from `from` on.
    fn field_end(&self, from: usize) -> usize {
        // Most cells of an export are blank: look before calling out.
        if self.text.get(from).is_some_and(|byte| *byte == self.dialect.delimiter) {
            return from;
        }
        memchr3(self.dialect.delimiter, b'\n', b'\r', &self.text[from..]).map_or(self.text.len(), |at| from + at)
    }

    /// Goes to the end of a field that starts with a quote.
    fn skip_quoted(&mut self) {
        let inside = self.at + 1;
        let close = closing_quote(self.text, inside, self.dialect.quote);
        self.line += line_ends(&self.text[inside..close]);
        self.at = self.field_end((close + 1).min(self.text.len()));
    }
}

impl Marked<'_> {
    /// Takes the next block; whether all its quotes stand where they should.
    fn advance(&mut self) -> Option<bool> {
        self.line += u64::from(self.marks.lines.count_ones());
        self.marks = Marks::default();
        let is_regular = match &mut self.blocks {
            Blocks::Known(blocks) => {
                self.marks = *blocks.next()?;
                self.start = self.next;
                true
            }
            Blocks::Made(marker) => {
                (self.start, self.marks) = marker.next()?;
                marker.is_regular()
            }
        };
        self.next = self.start + BLOCK;
        self.ends = self.marks.ends;
        Some(is_regular)
    }

    /// Whether the text so far ends inside quotes.
    fn is_inside(&self) -> bool {
        matches!(&self.blocks, Blocks::Made(marker) if marker.is_inside())
    }

    /// The line that starts after this bit.
    fn line_after(&self, bit: u32) -> u64 {
        self.line + u64::from((self.marks.lines & (u64::MAX >> (63 - bit))).count_ones())
    }
}

/// The closing quote from `from` on, or the end of the text.
fn closing_quote(text: &[u8], mut from: usize, quote: u8) -> usize {
    while let Some(at) = memchr(quote, &text[from..]) {
        let at = from + at;
        if text.get(at + 1) != Some(&quote) {
            return at;
        }
        from = at + 2;
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::{Splitter, Way, without_quotes};
    use crate::csv::Dialect;
    use proptest::prelude::*;

    type Records = Vec<(u64, Vec<String>)>;

    fn fields(record: &str, ends: &[u32], quote: u8) -> Vec<String> {
        let starts = std::iter::once(0).chain(ends.iter().map(|end| end + 1));
        let raw = starts.zip(ends).map(|(start, end)| &record[start as usize..*end as usize]);
        raw.map(|raw| without_quotes(raw, quote, &mut String::new()).to_owned()).collect()
    }

    fn ours(text: &str, dialect: Dialect) -> Records {
        let mut splitter = Splitter::new(text.as_bytes(), dialect, 1, &[]);
        let (mut ends, mut records) = (Vec::new(), Vec::new());
        while let Some((line, place)) = splitter.next_record(&mut ends) {
            records.push((line, fields(&text[place], &ends, dialect.quote)));
        }
        records
    }

    const COMMA: Dialect = Dialect { delimiter: b',', quote: b'"' };

    #[test]
    fn lines_are_counted_whatever_ends_them() {
        let text = "a,b\r\n\r\n1,\"x\ny\rz\r\nw\"\r2,\n3\"3,\"4\"4\"\n";
        let expected: Records = vec![
            (1, vec!["a".into(), "b".into()]),
            (3, vec!["1".into(), "x\ny\rz\r\nw".into()]),
            (7, vec!["2".into(), String::new()]),
            (8, vec!["3\"3".into(), "44\"".into()]),
        ];
        assert_eq!(ours(text, COMMA), expected);
    }

    /// Any mixture of marks; or whole fields, so that blocks of 64 bytes are passed before a quote goes astray.
    fn any_text() -> impl Strategy<Value = String> {
        let cell = "[aé]{0,9}|\"([aé,;\n\r]|\"\"){0,40}\"|[a\",; é]{0,3}";
        let line = proptest::collection::vec((cell, "[,;]|\r?\n|\r"), 0..30);
        let lines = line.prop_map(|cells| cells.into_iter().map(|(cell, end)| cell + &end).collect());
        prop_oneof!["[a\",;\n\r é]{0,40}", lines]
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        /// The two ways of telling records apart agree, lines and places included.
        #[test]
        fn marks_say_what_the_bytes_say(text in any_text()) {
            let walk = |bytewise: bool| {
                let mut splitter = Splitter::new(text.as_bytes(), COMMA, 1, &[]);
                if bytewise {
                    splitter.way = Way::Bytes;
                }
                let (mut ends, mut records) = (Vec::new(), Vec::new());
                while let Some((line, place)) = splitter.next_record(&mut ends) {
                    let fields = fields(&text[place.clone()], &ends, b'"');
                    records.push((line, place, fields));
                }
                (records, splitter.line())
            };
            prop_assert_eq!(walk(false), walk(true));
        }

        #[test]
        fn records_and_fields_are_those_of_the_csv_crate(text in any_text(), semicolon: bool) {
            let delimiter = if semicolon { b';' } else { b',' };
            let mut reader =
                csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text.as_bytes());
            let theirs: Vec<Vec<String>> =
                reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect();
            let ours: Vec<Vec<String>> =
                ours(&text, Dialect { delimiter, quote: b'"' }).into_iter().map(|(_, fields)| fields).collect();
            prop_assert_eq!(ours, theirs);
        }
    }
}
