//! Where records come from: one small trait, one implementation per format.
//!
//! A source hands out blocks in file order; the records of a block are told apart when it is visited, side by side
//! with other blocks. Another format joins by turning its rows into [`Record`]s: text and spans.

use crate::assessment::{About, unpivoted};
use crate::blank_space;
use crate::csv::{Content, Cutter, Dialect, Piece, Segment, Span, Splitter, line_ends};
use crate::format::Format;
use crate::formats::{Want, decode, parquet};
use crate::grid::GridSource;
use crate::input::unreadable;
use crate::snapshot::snapshot;
use crate::text::{Detected, TextReader};
use crate::{IngestError, Input, Mappings, Options, Recognised};
use aceq_model::{RejectReason, Sha256Hex};
use std::ops::Range;
use std::path::PathBuf;

/// A file of one format, read in order.
pub(crate) trait Source: Send {
    /// The next block; `None` at the end of the file.
    fn next_block(&mut self) -> Result<Option<Box<dyn Block>>, IngestError>;
    /// Bytes of the file read so far.
    fn bytes(&self) -> u64;
    /// Rows that the file hides and that were read like the others.
    fn hidden_rows(&self) -> u64 {
        0
    }
    /// The identity of the file, once it was read to its end.
    fn hash(self: Box<Self>) -> Sha256Hex;
}

/// Some records of a file, whole and in order.
pub(crate) trait Block: Send + Sync {
    /// Calls `each` with every record.
    fn visit(&self, each: &mut dyn FnMut(Record<'_>));
}

/// One record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record<'a> {
    /// Line on which it starts, 1-based.
    pub line: u64,
    /// Its offset in the decoded text, where there is one.
    pub byte: Option<u64>,
    /// Its text.
    pub text: &'a str,
    /// Its fields within `text`.
    pub spans: &'a [Span],
    /// The quote of spans that still hold quotes.
    pub quote: u8,
    /// Why it cannot be used at all, if so.
    pub fault: Option<RejectReason>,
    /// How it ends.
    pub end: End,
}

/// How a record ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// As every record does.
    Whole,
    /// With the file, where a text has no last line end: it may have been cut off.
    File,
}

impl Record<'_> {
    /// The field at `index` without surrounding white space; blank beyond the end. `scratch` serves quoted fields.
    #[inline]
    pub fn field<'s>(&'s self, index: usize, scratch: &'s mut String) -> &'s str {
        trimmed(self.decoded(index, scratch))
    }

    /// The field at `index` with its white space.
    #[inline]
    pub fn decoded<'s>(&'s self, index: usize, scratch: &'s mut String) -> &'s str {
        let Some(span) = self.spans.get(index).filter(|span| **span != Span::ABSENT) else { return "" };
        span.field(self.text, self.quote, scratch)
    }

    /// Whether the field at `index` holds nothing but white space.
    #[inline]
    pub fn is_blank(&self, index: usize) -> bool {
        let Some(span) = self.spans.get(index) else { return true };
        let first = || self.text.as_bytes().get(span.start + usize::from(span.quoted));
        let starts_with_ink = || first().is_some_and(u8::is_ascii_alphanumeric);
        span.start == span.end || (!starts_with_ink() && self.field(index, &mut String::new()).is_empty())
    }

    /// Whether the record has no field at `index`: it ends before it, or its format names fields and this one is not
    /// among them. That says nothing, where a blank field may say something.
    pub fn is_absent(&self, index: usize) -> bool {
        self.spans.get(index).is_none_or(|span| *span == Span::ABSENT)
    }
}

/// The text without surrounding white space and unseen marks. Few cells have any: both ends are looked at before the work is done.
#[inline]
fn trimmed(raw: &str) -> &str {
    match raw.as_bytes() {
        [first, .., last] if first.is_ascii_graphic() && last.is_ascii_graphic() => raw,
        _ => blank_space::trimmed(raw),
    }
}

/// Opens the table of a file that was recognised.
pub(crate) fn open(
    input: &Input,
    recognised: &Recognised,
    mappings: &Mappings,
    options: &Options,
) -> Result<Box<dyn Source>, IngestError> {
    if recognised.format == Format::Csv {
        return Ok(Box::new(CsvSource::new(input, recognised.detected, recognised.dialect, options)?));
    }
    if recognised.format == Format::Parquet {
        return parquet::open(input, &options.limits);
    }
    let grids = decode(input, recognised.format, Want::Table(&recognised.sheet), &options.limits, mappings)?;
    let grid = grids.into_iter().find(|grid| grid.name == recognised.sheet);
    let grid = grid.ok_or_else(|| IngestError::Changed { file: input.name.clone() })?;
    let grid = match &recognised.assessment {
        None => grid,
        Some(program) => {
            let date = snapshot(input, recognised, options).map(|(date, _)| date);
            unpivoted(grid, &About { program, date, file: &input.name, options })
        }
    };
    Ok(Box::new(GridSource::new(input, grid)?))
}

/// A CSV file.
pub(crate) struct CsvSource {
    cutter: Cutter,
    path: PathBuf,
    dialect: Dialect,
    read: u64,
}

impl CsvSource {
    pub fn new(input: &Input, detected: Detected, dialect: Dialect, options: &Options) -> Result<Self, IngestError> {
        let reader = TextReader::open(&input.path, detected).map_err(|source| unreadable(&input.path, source))?;
        let cutter = Cutter::new(reader, dialect, options.chunk_bytes, options.max_record_bytes);
        Ok(Self { cutter, path: input.path.clone(), dialect, read: 0 })
    }
}

impl Source for CsvSource {
    fn next_block(&mut self) -> Result<Option<Box<dyn Block>>, IngestError> {
        let piece = self.cutter.next_piece().map_err(|source| unreadable(&self.path, source))?;
        self.read = self.cutter.bytes();
        Ok(piece.map(|piece| Box::new(CsvBlock { piece, dialect: self.dialect }) as Box<dyn Block>))
    }

    fn bytes(&self) -> u64 {
        self.read
    }

    fn hash(self: Box<Self>) -> Sha256Hex {
        self.cutter.into_reader().hash()
    }
}

struct CsvBlock {
    piece: Piece,
    dialect: Dialect,
}

impl Block for CsvBlock {
    fn visit(&self, each: &mut dyn FnMut(Record<'_>)) {
        let (mut start, mut line) = (0, self.piece.line);
        for Segment { end, content } in &self.piece.segments {
            line = match content {
                Content::Records => self.records(start..*end, line, each),
                Content::Broken(reason) => self.broken(start..*end, line, *reason, each),
            };
            start = *end;
        }
    }
}

impl CsvBlock {
    /// Visits the records of a segment that starts on `line`; returns the line after it.
    fn records(&self, segment: Range<usize>, line: u64, each: &mut dyn FnMut(Record<'_>)) -> u64 {
        let bytes = &self.piece.text[segment.clone()];
        let whole = std::str::from_utf8(bytes).ok();
        let mut splitter = Splitter::new(bytes, self.dialect, line);
        let mut spans = Vec::new();
        while let Some((line, place)) = splitter.next_record(&mut spans) {
            let start = segment.start + place.start;
            let end = if place.end == bytes.len() { End::File } else { End::Whole };
            let text = match whole {
                Some(whole) => whole.get(place.clone()),
                None => std::str::from_utf8(&bytes[place.clone()]).ok(),
            };
            match text {
                Some(text) => each(Record { end, ..self.record(line, start, text, &spans, None) }),
                None => {
                    let text = String::from_utf8_lossy(&bytes[place]);
                    each(self.record(line, start, &text, &[], Some(RejectReason::NotText)));
                }
            }
        }
        splitter.line()
    }

    fn broken(&self, line_of: Range<usize>, line: u64, reason: RejectReason, each: &mut dyn FnMut(Record<'_>)) -> u64 {
        let bytes = &self.piece.text[line_of.clone()];
        let text = String::from_utf8_lossy(bytes);
        each(self.record(line, line_of.start, text.trim_end_matches(['\n', '\r']), &[], Some(reason)));
        line + line_ends(bytes)
    }

    fn record<'a>(
        &self,
        line: u64,
        start: usize,
        text: &'a str,
        spans: &'a [Span],
        fault: Option<RejectReason>,
    ) -> Record<'a> {
        let byte = Some(self.piece.byte + start as u64);
        Record { line, byte, text, spans, quote: self.dialect.quote, fault, end: End::Whole }
    }
}
