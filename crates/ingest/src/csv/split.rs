//! Records and fields of a piece of text.

use super::marks::{Marker, Marks};
use super::{Dialect, line_ends};
use memchr::{memchr, memchr2, memchr3};
use std::ops::Range;

/// Where a field lies in its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub start: usize,
    pub end: usize,
    /// Whether the span still holds quotes: then it starts at the opening one, and [`Span::unquote`] is needed.
    pub quoted: bool,
}

/// Walks over the records of a text that starts and ends between records.
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
    marker: Marker<'a>,
    start: usize,
    marks: Marks,
    /// Of the ends of fields those that were not used yet.
    ends: u64,
    /// The line on which the block starts.
    line: u64,
}

/// What the marks say next.
enum Next {
    Record(u64, Range<usize>),
    End,
    /// A quote stands where it means nothing: the bytes have to be looked at.
    Stray,
}

impl Span {
    /// A field that the record does not have.
    pub const ABSENT: Self = Self { start: usize::MAX, end: usize::MAX, quoted: false };

    /// The field, without its quotes. Few hold doubled ones: only for those `scratch` is needed.
    #[inline]
    pub fn field<'s>(&self, record: &'s str, quote: u8, scratch: &'s mut String) -> &'s str {
        let raw = &record[self.start..self.end];
        if !self.quoted {
            return raw;
        }
        let inside = raw.strip_prefix(char::from(quote)).and_then(|rest| rest.strip_suffix(char::from(quote)));
        match inside {
            Some(inside) if memchr(quote, inside.as_bytes()).is_none() => inside,
            _ => {
                Self::unquote(raw, quote, scratch);
                scratch
            }
        }
    }

    /// The field of a span that still holds quotes: the opening quote goes, doubled ones become one, and what
    /// follows the closing one is taken as it is.
    fn unquote(raw: &str, quote: u8, field: &mut String) {
        field.clear();
        let quote = char::from(quote);
        let mut rest = raw.strip_prefix(quote).unwrap_or(raw);
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
}

impl<'a> Splitter<'a> {
    /// Starts at the beginning of `text`, which is line `line` of the file.
    pub fn new(text: &'a [u8], dialect: Dialect, line: u64) -> Self {
        let marks = Marks::default();
        let way = Way::Marks(Marked { marker: Marker::new(text, dialect), start: 0, marks, ends: 0, line });
        Self { text, dialect, at: 0, line, way }
    }

    /// The line on which the next record starts, blank lines before it not counted.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The next record: its line and its place; its fields, which replace those in `spans`, lie within it.
    pub fn next_record(&mut self, spans: &mut Vec<Span>) -> Option<(u64, Range<usize>)> {
        if let Way::Marks(_) = self.way {
            match self.marked_record(spans) {
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
        let (line, place) = self.record(spans)?;
        for span in &mut *spans {
            (span.start, span.end) = (span.start - place.start, span.end - place.start);
        }
        Some((line, place))
    }

    /// The next record by its marks.
    fn marked_record(&mut self, spans: &mut Vec<Span>) -> Next {
        let Way::Marks(marked) = &mut self.way else { return Next::Stray };
        spans.clear();
        let (text, quote) = (self.text, self.dialect.quote);
        let is_quoted = |start: usize| text.get(start) == Some(&quote);
        let mut field = self.at;
        loop {
            while marked.ends == 0 {
                match marked.advance() {
                    Some(true) => {}
                    Some(false) => return Next::Stray,
                    None if marked.marker.is_inside() => return Next::Stray,
                    None if self.at == text.len() => return Next::End,
                    None => {
                        let (line, place) = (self.line, self.at..text.len());
                        let (start, end) = (field - place.start, place.len());
                        spans.push(Span { start, end, quoted: is_quoted(field) });
                        (self.at, self.line) = (text.len(), marked.line);
                        return Next::Record(line, place);
                    }
                }
            }
            // Separators up to the next line end, without a question per field.
            let line_ends = marked.ends & marked.marks.line_ends;
            let before = line_ends.wrapping_sub(1) & !line_ends;
            let mut separators = marked.ends & before;
            while separators != 0 {
                let end = marked.start + separators.trailing_zeros() as usize;
                separators &= separators - 1;
                spans.push(Span { start: field - self.at, end: end - self.at, quoted: is_quoted(field) });
                field = end + 1;
            }
            if line_ends == 0 {
                marked.ends = 0;
                continue;
            }
            let bit = line_ends.trailing_zeros();
            marked.ends &= !(before | 1 << bit);
            let end = marked.start + bit as usize;
            // A line with nothing on it is no record; nor is what stands between `\r` and `\n`.
            let is_record = end > self.at;
            if is_record {
                spans.push(Span { start: field - self.at, end: end - self.at, quoted: is_quoted(field) });
            }
            let (line, place) = (self.line, self.at..end);
            field = end + 1;
            (self.at, self.line) = (field, marked.line_after(bit));
            if is_record {
                return Next::Record(line, place);
            }
        }
    }

    /// The next record byte by byte; its spans are places in the text.
    fn record(&mut self, spans: &mut Vec<Span>) -> Option<(u64, Range<usize>)> {
        spans.clear();
        while matches!(self.text.get(self.at), Some(b'\n' | b'\r')) {
            self.end_line();
        }
        let (line, start) = (self.line, self.at);
        if start == self.text.len() {
            return None;
        }
        loop {
            let span = if self.text.get(self.at) == Some(&self.dialect.quote) { self.quoted() } else { self.plain() };
            spans.push(span);
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

    fn plain(&mut self) -> Span {
        let start = self.at;
        self.at = self.field_end(start);
        Span { start, end: self.at, quoted: false }
    }

    fn quoted(&mut self) -> Span {
        let open = self.at;
        let (close, doubled) = closing_quote(self.text, open + 1, self.dialect.quote);
        let inside = &self.text[open + 1..close];
        if memchr2(b'\n', b'\r', inside).is_some() {
            self.line += line_ends(inside);
        }
        let after = (close + 1).min(self.text.len());
        self.at = self.field_end(after);
        let plain = !doubled && self.at == after && close < self.text.len();
        if plain {
            Span { start: open + 1, end: close, quoted: false }
        } else {
            Span { start: open, end: self.at, quoted: true }
        }
    }
}

impl Marked<'_> {
    /// Takes the next block; whether all its quotes stand where they should.
    fn advance(&mut self) -> Option<bool> {
        self.line += u64::from(self.marks.lines.count_ones());
        self.marks = Marks::default();
        let (start, marks) = self.marker.next()?;
        (self.start, self.marks, self.ends) = (start, marks, marks.ends);
        Some(marks.regular)
    }

    /// The line that starts after this bit.
    fn line_after(&self, bit: u32) -> u64 {
        self.line + u64::from((self.marks.lines & (u64::MAX >> (63 - bit))).count_ones())
    }
}

/// The closing quote from `from` on, or the end of the text; and whether a doubled quote lies before it.
fn closing_quote(text: &[u8], mut from: usize, quote: u8) -> (usize, bool) {
    let mut doubled = false;
    while let Some(at) = memchr(quote, &text[from..]) {
        let at = from + at;
        if text.get(at + 1) != Some(&quote) {
            return (at, doubled);
        }
        doubled = true;
        from = at + 2;
    }
    (text.len(), doubled)
}

#[cfg(test)]
mod tests {
    use super::{Span, Splitter, Way};
    use crate::csv::Dialect;
    use proptest::prelude::*;

    type Records = Vec<(u64, Vec<String>)>;

    fn ours(text: &str, dialect: Dialect) -> Records {
        let mut splitter = Splitter::new(text.as_bytes(), dialect, 1);
        let (mut spans, mut records) = (Vec::new(), Vec::new());
        while let Some((line, place)) = splitter.next_record(&mut spans) {
            let record = &text[place];
            let field = |span: &Span| {
                let mut scratch = String::new();
                span.field(record, dialect.quote, &mut scratch).to_owned()
            };
            records.push((line, spans.iter().map(field).collect()));
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
                let mut splitter = Splitter::new(text.as_bytes(), COMMA, 1);
                if bytewise {
                    splitter.way = Way::Bytes;
                }
                let (mut spans, mut records) = (Vec::new(), Vec::new());
                while let Some((line, place)) = splitter.next_record(&mut spans) {
                    let fields: Vec<String> = spans
                        .iter()
                        .map(|span| span.field(&text[place.clone()], b'"', &mut String::new()).to_owned())
                        .collect();
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
