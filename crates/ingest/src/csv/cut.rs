//! Cuts a text into pieces that start and end between records, reading it once and in order.

use super::{Dialect, line_ends};
use crate::text::TextReader;
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
    pub content: Content,
}

/// What a piece holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// Whole records.
    Records,
    /// The first line of a record that is too long or whose quote is never closed. Reading goes on with its next
    /// line, so that one stray quote costs one line and not the rest of the file.
    Broken,
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
    Broken(usize),
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
            match scan(&self.buffer, self.dialect, self.longest, self.ended) {
                Cut::At(0) => want = self.buffer.len() * 2,
                Cut::Broken(0) => return self.broken().map(Some),
                Cut::At(end) | Cut::Broken(end) => return Ok(Some(self.take(end, Content::Records))),
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

    fn take(&mut self, end: usize, content: Content) -> Piece {
        let mut rest = Vec::with_capacity(self.buffer.len() - end + self.chunk);
        rest.extend_from_slice(&self.buffer[end..]);
        self.buffer.truncate(end);
        let text = std::mem::replace(&mut self.buffer, rest);
        let piece = Piece { line: self.line, byte: self.byte, content, text };
        self.line += line_ends(&piece.text);
        self.byte += piece.text.len() as u64;
        piece
    }

    /// Takes the first line, however long it is; what is kept of it is bounded.
    fn broken(&mut self) -> io::Result<Piece> {
        let (mut from, byte) = (0, self.byte);
        loop {
            if let Some(end) = line_end(&self.buffer, from, self.ended) {
                return Ok(Piece { byte, ..self.take(end, Content::Broken) });
            }
            // No line end yet: let go of the middle, keep enough for the reject and for a `\r` at the edge.
            let keep = self.longest.clamp(8192, 1 << 20);
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
            broken @ Cut::Broken(_) => return broken,
        }
        let Some(open) = open else { break };
        match closing_quote(text, open + 1, dialect.quote, ended) {
            Some(close) => from = close + 1,
            None if ended => return Cut::Broken(record),
            None => return unless_too_long(text, record, longest, Cut::At(record)),
        }
    }
    unless_too_long(text, record, longest, Cut::At(if ended { text.len() } else { record }))
}

fn unless_too_long(text: &[u8], record: usize, longest: usize, cut: Cut) -> Cut {
    let open_end = text.len() - record;
    let line_end = usize::from(matches!(text.last(), Some(b'\r')));
    if open_end - line_end.min(open_end) > longest { Cut::Broken(record) } else { cut }
}

/// The start of the last record that begins in `outside`, a stretch without quoted fields; `record` if none does.
fn last_record(text: &[u8], outside: std::ops::Range<usize>, record: usize, longest: usize) -> Cut {
    let stretch = text.get(outside.clone()).unwrap_or_default();
    let (Some(first), Some(last)) = (memchr2(b'\n', b'\r', stretch), memrchr2(b'\n', b'\r', stretch)) else {
        return Cut::At(record);
    };
    if outside.start + first - record > longest {
        return Cut::Broken(record);
    }
    if last - first > longest {
        let mut start = outside.start + first + 1;
        for end in memchr2_iter(b'\n', b'\r', &stretch[first + 1..]) {
            let end = outside.start + first + 1 + end;
            if end - start > longest {
                return Cut::Broken(start);
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

/// The closing quote; `None` where the text ends before it is certain.
fn closing_quote(text: &[u8], mut from: usize, quote: u8, ended: bool) -> Option<usize> {
    loop {
        let at = from + memchr(quote, text.get(from..)?)?;
        match text.get(at + 1) {
            Some(next) if *next == quote => from = at + 2,
            None if !ended => return None,
            _ => return Some(at),
        }
    }
}
