//! Records and fields of a piece of text.

use super::{Dialect, line_ends};
use memchr::{memchr, memchr2, memchr3};

/// Where a field lies in the text.
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
}

impl Span {
    /// A field that the record does not have.
    pub const ABSENT: Self = Self { start: usize::MAX, end: usize::MAX, quoted: false };

    /// The field of a span that still holds quotes: the opening quote goes, doubled ones become one, and what
    /// follows the closing one is taken as it is.
    pub fn unquote(raw: &str, quote: u8, field: &mut String) {
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
        Self { text, dialect, at: 0, line }
    }

    /// The line on which the next record starts, blank lines before it not counted.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// The next record: its line and its place; its fields replace those in `spans`.
    pub fn next_record(&mut self, spans: &mut Vec<Span>) -> Option<(u64, std::ops::Range<usize>)> {
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
    use super::{Span, Splitter};
    use crate::csv::Dialect;
    use proptest::prelude::*;

    type Records = Vec<(u64, Vec<String>)>;

    fn ours(text: &str, dialect: Dialect) -> Records {
        let mut splitter = Splitter::new(text.as_bytes(), dialect, 1);
        let (mut spans, mut records) = (Vec::new(), Vec::new());
        while let Some((line, _)) = splitter.next_record(&mut spans) {
            let field = |span: &Span| {
                let mut field = text[span.start..span.end].to_owned();
                if span.quoted {
                    Span::unquote(&text[span.start..span.end], dialect.quote, &mut field);
                }
                field
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn records_and_fields_are_those_of_the_csv_crate(text in "[a\",;\n\r é]{0,40}", semicolon: bool) {
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
