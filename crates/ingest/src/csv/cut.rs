//! Cuts a text into pieces that start and end between records, reading it once and in order.

use super::marks::{BLOCK, Marker, Marks};
use super::{Dialect, line_ends};
use crate::text::TextReader;
use aceq_model::RejectReason;
use memchr::{memchr, memchr2, memchr2_iter, memrchr2};
use std::io;

/// A piece of the text, with its place in the whole.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    pub text: Vec<u8>,
    /// Line on which it starts, 1-based.
    pub line: u64,
    /// Offset in the decoded text.
    pub byte: u64,
    /// What the text holds, in order; the segments fill it.
    pub segments: Vec<Segment>,
    /// The marks of its blocks, where they tell all its records apart; else it holds none.
    pub marks: Vec<Marks>,
}

/// A stretch of a piece, up to `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub end: usize,
    pub content: Content,
}

/// What a segment holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Whole records.
    Records,
    /// The first line of a record that cannot be trusted. Reading goes on with its next line, so that one stray
    /// quote costs one line and not the rest of the file.
    Broken(RejectReason),
}

/// Cuts the text of a reader.
pub(crate) struct Cutter {
    reader: TextReader,
    dialect: Dialect,
    chunk: usize,
    longest: usize,
    buffer: Vec<u8>,
    line: u64,
    byte: u64,
    ended: bool,
}

/// Where the text so far can be cut.
#[derive(Debug, PartialEq, Eq)]
enum Cut {
    /// After this many bytes; 0 = nowhere yet.
    At(usize),
    /// The record that starts here is broken.
    Broken(usize, RejectReason),
}

impl Cutter {
    /// Pieces of about `chunk` bytes; records longer than `longest` bytes are broken.
    pub fn new(reader: TextReader, dialect: Dialect, chunk: usize, longest: usize) -> Self {
        Self { reader, dialect, chunk: chunk.max(1), longest, buffer: Vec::new(), line: 1, byte: 0, ended: false }
    }

    /// The next piece.
    pub fn next_piece(&mut self) -> io::Result<Option<Piece>> {
        let mut want = self.chunk;
        loop {
            self.fill(want)?;
            if self.buffer.is_empty() {
                return Ok(None);
            }
            if let Some(Regular { end, lines, marks }) = regular(&self.buffer, self.dialect, self.longest, self.ended) {
                if end > 0 {
                    let piece = self.take(vec![Segment { end, content: Content::Records }], lines);
                    return Ok(Some(Piece { marks, ..piece }));
                }
                want = self.buffer.len() * 2;
                continue;
            }
            let (segments, unfinished) = segments(&self.buffer, self.dialect, self.longest, self.ended);
            match (segments.last(), unfinished) {
                (Some(last), _) => {
                    let lines = line_ends(&self.buffer[..last.end]);
                    return Ok(Some(self.take(segments, lines)));
                }
                (None, Some(reason)) => return self.long_line(reason).map(Some),
                (None, None) => want = self.buffer.len() * 2,
            }
        }
    }

    /// Bytes of the file read so far.
    pub fn bytes(&self) -> u64 {
        self.reader.bytes()
    }

    /// The reader, once every piece was taken.
    pub fn into_reader(self) -> TextReader {
        self.reader
    }

    fn fill(&mut self, want: usize) -> io::Result<()> {
        while !self.ended && self.buffer.len() < want {
            let missing = want - self.buffer.len();
            self.ended = !self.reader.read(&mut self.buffer, missing)?;
        }
        Ok(())
    }

    /// The text of the segments, which holds so many line ends.
    fn take(&mut self, segments: Vec<Segment>, lines: u64) -> Piece {
        let end = segments.last().map_or(0, |last| last.end);
        let mut rest = Vec::with_capacity(self.buffer.len() - end + self.chunk);
        rest.extend_from_slice(&self.buffer[end..]);
        self.buffer.truncate(end);
        let text = std::mem::replace(&mut self.buffer, rest);
        let piece = Piece { line: self.line, byte: self.byte, segments, text, marks: Vec::new() };
        self.line += lines;
        self.byte += piece.text.len() as u64;
        piece
    }

    /// Takes the first line, however long it is; what is kept of it is bounded.
    fn long_line(&mut self, reason: RejectReason) -> io::Result<Piece> {
        let (mut from, byte) = (0, self.byte);
        loop {
            if let Some(end) = line_end(&self.buffer, from, self.ended) {
                let segment = Segment { end, content: Content::Broken(reason) };
                let lines = line_ends(&self.buffer[..end]);
                return Ok(Piece { byte, ..self.take(vec![segment], lines) });
            }
            // No line end yet: let go of the middle, keep enough for the reject and for a `\r` at the edge.
            let keep = self.longest.clamp(32 << 10, 1 << 20);
            if self.buffer.len() > 2 * keep {
                let excess = self.buffer.len() - keep;
                self.buffer.drain(keep / 2..keep / 2 + excess);
                self.byte += excess as u64;
            }
            from = self.buffer.len().saturating_sub(1);
            self.fill(self.buffer.len() + self.chunk)?;
        }
    }
}

/// A text of which the marks tell everything.
struct Regular {
    /// Where it can be cut last; 0 = nowhere yet.
    end: usize,
    /// The number of line ends before.
    lines: u64,
    /// The marks of the blocks before.
    marks: Vec<Marks>,
}

/// Where a text that starts at a record can be cut, if all its quotes stand where they should and no record is too
/// long; else each record has to be looked at.
fn regular(text: &[u8], dialect: Dialect, longest: usize, ended: bool) -> Option<Regular> {
    if longest < BLOCK {
        return None;
    }
    // A `\r` at the edge may be half of a `\r\n`.
    let edge = if ended || text.last() != Some(&b'\r') { usize::MAX } else { text.len() - 1 };
    let mut marker = Marker::new(text, dialect);
    let mut all = Vec::with_capacity(text.len().div_ceil(BLOCK));
    let (mut cut, mut lines_before_cut, mut lines) = (0, 0, 0);
    while let Some((start, marks)) = marker.next() {
        all.push(marks);
        let mut ends = marks.line_ends;
        if edge - start < BLOCK {
            ends &= !(1 << (edge - start));
        }
        if ends != 0 {
            if start + ends.trailing_zeros() as usize - cut > longest {
                return None;
            }
            let last = 63 - ends.leading_zeros();
            cut = start + last as usize + 1;
            lines_before_cut = lines + u64::from((marks.lines & (u64::MAX >> (63 - last))).count_ones());
        }
        lines += u64::from(marks.lines.count_ones());
    }
    if !marker.is_regular() || (ended && marker.is_inside()) || text.len() - cut > longest {
        return None;
    }
    if ended {
        return Some(Regular { end: text.len(), lines, marks: all });
    }
    all.truncate(cut.div_ceil(BLOCK));
    if let Some(last) = all.last_mut() {
        *last = last.first((cut - 1) % BLOCK + 1);
    }
    Some(Regular { end: cut, lines: lines_before_cut, marks: all })
}

/// The segments of a text that starts at a record, and why the line after them is broken if it has not ended yet.
pub(crate) fn segments(
    text: &[u8],
    dialect: Dialect,
    longest: usize,
    ended: bool,
) -> (Vec<Segment>, Option<RejectReason>) {
    let (mut segments, mut done) = (Vec::new(), 0);
    while done < text.len() {
        let (end, broken) = match scan(&text[done..], dialect, longest, ended) {
            Cut::At(length) => (done + length, None),
            Cut::Broken(length, reason) => (done + length, Some(reason)),
        };
        if end > done {
            segments.push(Segment { end, content: Content::Records });
        }
        let Some(reason) = broken else { break };
        let Some(line_end) = line_end(text, end, ended) else { return (segments, Some(reason)) };
        segments.push(Segment { end: line_end, content: Content::Broken(reason) });
        done = line_end;
    }
    (segments, None)
}

/// The place after the first line end, searched from `from` on; the end of the text where it has ended.
fn line_end(text: &[u8], from: usize, ended: bool) -> Option<usize> {
    let Some(at) = memchr2(b'\n', b'\r', &text[from..]).map(|at| from + at) else {
        return ended.then_some(text.len());
    };
    match (text[at], text.get(at + 1)) {
        (b'\r', Some(b'\n')) => Some(at + 2),
        (b'\r', None) if !ended => None,
        _ => Some(at + 1),
    }
}

/// Looks for the last place between records. `text` starts at a record.
///
/// Only quotes are looked for one by one: a quote opens a field only after a separator or a line end, and between
/// a closing and the next opening quote every line end ends a record.
fn scan(text: &[u8], dialect: Dialect, longest: usize, ended: bool) -> Cut {
    // A `\r` at the edge may be half of a `\r\n`.
    let usable = if ended || text.last() != Some(&b'\r') { text.len() } else { text.len() - 1 };
    let mut record = 0;
    let mut from = 0;
    loop {
        let open = opening_quote(text, from, dialect);
        let outside = from..open.unwrap_or(usable).min(usable);
        match last_record(text, outside, record, longest) {
            Cut::At(start) => record = start,
            broken @ Cut::Broken(..) => return broken,
        }
        let Some(open) = open else { break };
        match closing_quote(text, open + 1, dialect, ended) {
            Quoted::Until(close) => from = close + 1,
            Quoted::Stray(seen) => {
                return unless_too_long(&text[..seen], record, longest, Cut::Broken(record, RejectReason::OpenQuote));
            }
            Quoted::Open => return unless_too_long(text, record, longest, Cut::At(record)),
        }
    }
    unless_too_long(text, record, longest, Cut::At(if ended { text.len() } else { record }))
}

fn unless_too_long(text: &[u8], record: usize, longest: usize, cut: Cut) -> Cut {
    let open_end = text.len() - record;
    let line_end = usize::from(matches!(text.last(), Some(b'\r')));
    if open_end - line_end.min(open_end) > longest { Cut::Broken(record, RejectReason::RowTooLong) } else { cut }
}

/// The start of the last record that begins in `outside`, a stretch without quoted fields; `record` if none does.
fn last_record(text: &[u8], outside: std::ops::Range<usize>, record: usize, longest: usize) -> Cut {
    let stretch = text.get(outside.clone()).unwrap_or_default();
    let (Some(first), Some(last)) = (memchr2(b'\n', b'\r', stretch), memrchr2(b'\n', b'\r', stretch)) else {
        return Cut::At(record);
    };
    if outside.start + first - record > longest {
        return Cut::Broken(record, RejectReason::RowTooLong);
    }
    if last - first > longest {
        let mut start = outside.start + first + 1;
        for end in memchr2_iter(b'\n', b'\r', &stretch[first + 1..]) {
            let end = outside.start + first + 1 + end;
            if end - start > longest {
                return Cut::Broken(start, RejectReason::RowTooLong);
            }
            start = end + 1;
        }
    }
    Cut::At(outside.start + last + 1)
}

fn opening_quote(text: &[u8], from: usize, dialect: Dialect) -> Option<usize> {
    let starts_field = |at: usize| match at.checked_sub(1).map(|before| text[before]) {
        None | Some(b'\n' | b'\r') => true,
        Some(byte) => byte == dialect.delimiter,
    };
    let mut from = from;
    while let Some(at) = memchr(dialect.quote, text.get(from..)?) {
        if starts_field(from + at) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

/// How a quoted field goes on.
enum Quoted {
    /// To the closing quote here.
    Until(usize),
    /// Beyond the text at hand.
    Open,
    /// To the end of the file, or over a line end to a quote that other text follows: its opening quote is stray.
    /// That is seen in this many bytes.
    Stray(usize),
}

fn closing_quote(text: &[u8], open: usize, dialect: Dialect, ended: bool) -> Quoted {
    let mut from = open;
    let close = loop {
        let Some(at) = text.get(from..).and_then(|rest| memchr(dialect.quote, rest)) else {
            return if ended { Quoted::Stray(text.len()) } else { Quoted::Open };
        };
        match text.get(from + at + 1) {
            Some(next) if *next == dialect.quote => from += at + 2,
            None if !ended => return Quoted::Open,
            _ => break from + at,
        }
    };
    let blanks =
        text[close + 1..].iter().take_while(|byte| matches!(byte, b' ' | b'\t') && **byte != dialect.delimiter);
    let next = close + 1 + blanks.count();
    match text.get(next) {
        None if !ended => Quoted::Open,
        None | Some(b'\n' | b'\r') => Quoted::Until(close),
        Some(byte) if *byte == dialect.delimiter => Quoted::Until(close),
        Some(_) if memchr2(b'\n', b'\r', &text[open..close]).is_some() => Quoted::Stray(next),
        Some(_) => Quoted::Until(close),
    }
}

#[cfg(test)]
mod tests {
    use super::{Content, Regular, Segment, regular, segments};
    use crate::csv::{Dialect, Marks, Splitter, line_ends};
    use proptest::prelude::*;

    const COMMA: Dialect = Dialect { delimiter: b',', quote: b'"' };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        /// Where the marks know a cut, it is the one that the bytes give.
        #[test]
        fn marks_cut_where_the_bytes_do(
            cells in proptest::collection::vec(
                ("[aé]{0,9}|\"([aé,\n\r]|\"\"){0,40}\"|[a\", ]{0,2}", ",|\r?\n|\r"),
                0..40,
            ),
            tail in "[a\"\r]{0,3}",
            longest in 0_usize..300,
            ended: bool,
        ) {
            let text = cells.into_iter().map(|(cell, end)| cell + &end).collect::<String>() + &tail;
            if let Some(Regular { end, lines, marks }) = regular(text.as_bytes(), COMMA, longest, ended) {
                let expected = if end > 0 { vec![Segment { end, content: Content::Records }] } else { Vec::new() };
                prop_assert_eq!(segments(text.as_bytes(), COMMA, longest, ended), (expected, None));
                let cut = &text.as_bytes()[..end];
                prop_assert_eq!(lines, line_ends(cut));
                let told = |marks: &[Marks]| {
                    let (mut splitter, mut ends, mut told) = (Splitter::new(cut, COMMA, 1, marks), Vec::new(), Vec::new());
                    while let Some((line, place)) = splitter.next_record(&mut ends) {
                        told.push((line, place, ends.clone()));
                    }
                    told
                };
                prop_assert_eq!(told(&marks), told(&[]));
            }
        }
    }
}
