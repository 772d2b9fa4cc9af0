//! Where records come from: one small trait, one implementation per format.
//!
//! A source hands out blocks in file order; the records of a block are told apart when it is visited, side by side
//! with other blocks. Another format joins by turning its rows into [`Record`]s: text and where its fields lie.

use crate::assessment::{About, unpivoted};
use crate::blank_space;
use crate::csv::{Content, Cutter, Dialect, Marks, Piece, Segment, Splitter, line_ends, lines_below, without_quotes};
use crate::format::Format;
use crate::formats::{Want, decode, parquet};
use crate::grid::GridSource;
use crate::input::unreadable;
use crate::snapshot::snapshot;
use crate::text::{Detected, TextReader};
use crate::{IngestError, Input, Mappings, Options, Recognised};
use aceq_model::{Pages, RejectReason, Sha256Hex};
use std::ops::Range;
use std::path::PathBuf;

/// A file of one format, read in order.
pub(crate) trait Source: Send {
    /// The next block; `None` at the end of the file.
    fn next_block(&mut self) -> Result<Option<Box<dyn Block>>, IngestError>;
    /// Bytes of the file read so far.
    fn bytes(&self) -> u64;
    /// What the format says of the table beside its rows.
    fn remarks(&self) -> Remarks {
        Remarks::default()
    }
    /// The identity of the file, once it was read to its end.
    fn hash(self: Box<Self>) -> Sha256Hex;
}

/// What a format says of a table beside its rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Remarks {
    /// Rows that the file hides and that say something. They are read like the others.
    pub hidden_rows: u64,
    /// Whether the file ends before the table does.
    pub is_cut_off: bool,
    /// Pages of a listing that the table was put together from.
    pub pages: Pages,
    /// Formulas of which the file holds no result.
    pub never_calculated: u64,
    /// Line of the first of them.
    pub first_never_calculated: u64,
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
    pub fields: Fields<'a>,
    /// Why it cannot be used at all, if so.
    pub fault: Option<RejectReason>,
    /// How it ends.
    pub end: End,
}

/// Where the fields of a record lie in its text.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fields<'a> {
    /// One after the other, with a byte between them, some of them in quotes: where each ends.
    Separated { ends: &'a [u32], quote: u8 },
    /// Anywhere.
    Spans(&'a [Span]),
}

/// Where a field lies in its record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub start: usize,
    pub end: usize,
    /// Bytes of the words that its format shows before its number.
    pub words: u32,
    /// Whether the cell holds a number as such, not as text: then its decimal mark is a point.
    pub is_number: bool,
}

impl Span {
    /// A field that the record does not have.
    pub const ABSENT: Self = Self { start: usize::MAX, end: usize::MAX, words: 0, is_number: false };
}

impl Fields<'_> {
    /// No fields.
    pub const NONE: Self = Self::Spans(&[]);

    /// How many there are, absent ones included.
    #[inline]
    pub fn len(&self) -> usize {
        match self {
            Self::Separated { ends, .. } => ends.len(),
            Self::Spans(spans) => spans.len(),
        }
    }
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

    /// The field at `index` as [`Self::field`], with the currency or the words that its format shows before a number.
    #[inline]
    pub fn shown<'s>(&'s self, index: usize, scratch: &'s mut String) -> &'s str {
        trimmed(self.written(index, scratch))
    }

    /// The field at `index` with its white space, and with the currency or the words that its format shows before a number.
    #[inline]
    pub fn written<'s>(&'s self, index: usize, scratch: &'s mut String) -> &'s str {
        match self.fields {
            Fields::Spans(spans) => match spans.get(index) {
                Some(span) if *span != Span::ABSENT => &self.text[span.start..span.end],
                _ => "",
            },
            Fields::Separated { .. } => self.decoded(index, scratch),
        }
    }

    /// The field at `index` with its white space; of a number, the number alone.
    #[inline]
    pub fn decoded<'s>(&'s self, index: usize, scratch: &'s mut String) -> &'s str {
        match self.fields {
            Fields::Separated { ends, quote } => match separated(ends, index) {
                Some((start, end)) => without_quotes(&self.text[start..end], quote, scratch),
                None => "",
            },
            Fields::Spans(spans) => match spans.get(index) {
                Some(span) if *span != Span::ABSENT => &self.text[span.start + span.words as usize..span.end],
                _ => "",
            },
        }
    }

    /// Whether the field at `index` holds nothing but white space.
    #[inline]
    pub fn is_blank(&self, index: usize) -> bool {
        let is_letter = |at: usize| self.text.as_bytes().get(at).is_some_and(u8::is_ascii_alphanumeric);
        if let Fields::Separated { ends, quote } = self.fields {
            let Some((start, end)) = separated(ends, index) else { return true };
            if start == end {
                return true;
            }
            // Most fields are told by their first byte or two.
            let quoted = self.text.as_bytes().get(start) == Some(&quote);
            if is_letter(start + usize::from(quoted)) {
                return false;
            }
        }
        self.field(index, &mut String::new()).is_empty()
    }

    /// Whether the field at `index` holds a number as such.
    #[inline]
    pub fn is_number(&self, index: usize) -> bool {
        match self.fields {
            Fields::Separated { .. } => false,
            Fields::Spans(spans) => spans.get(index).is_some_and(|span| span.is_number),
        }
    }

    /// Whether the record has no field at `index`: it ends before it, or its format names fields and this one is not
    /// among them. That says nothing, where a blank field may say something.
    #[inline]
    pub fn is_absent(&self, index: usize) -> bool {
        match self.fields {
            Fields::Separated { ends, .. } => index >= ends.len(),
            Fields::Spans(spans) => spans.get(index).is_none_or(|span| *span == Span::ABSENT),
        }
    }
}

/// Start and end of a field.
#[inline]
fn separated(ends: &[u32], index: usize) -> Option<(usize, usize)> {
    let end = *ends.get(index)?;
    let start = index.checked_sub(1).map_or(0, |before| ends[before] + 1);
    Some((start as usize, end as usize))
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
        return Ok(Box::new(CsvSource::new(
            input,
            recognised.detected,
            recognised.dialect,
            recognised.headers.len(),
            options,
        )?));
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
    width: usize,
    read: u64,
}

impl CsvSource {
    /// Reads `input`, whose header has `width` cells; 0 where it is not known.
    pub fn new(
        input: &Input,
        detected: Detected,
        dialect: Dialect,
        width: usize,
        options: &Options,
    ) -> Result<Self, IngestError> {
        let reader = TextReader::open(&input.path, detected).map_err(|source| unreadable(&input.path, source))?;
        let cutter = Cutter::new(reader, dialect, options.chunk_bytes, options.max_record_bytes);
        Ok(Self { cutter, path: input.path.clone(), dialect, width, read: 0 })
    }
}

impl Source for CsvSource {
    fn next_block(&mut self) -> Result<Option<Box<dyn Block>>, IngestError> {
        let piece = self.cutter.next_piece().map_err(|source| unreadable(&self.path, source))?;
        self.read = self.cutter.bytes();
        let (dialect, width) = (self.dialect, self.width);
        Ok(piece.map(|piece| Box::new(CsvBlock { piece, dialect, width }) as Box<dyn Block>))
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
    width: usize,
}

impl Block for CsvBlock {
    fn visit(&self, each: &mut dyn FnMut(Record<'_>)) {
        let (mut start, mut line) = (0, self.piece.line);
        for Segment { end, content } in &self.piece.segments {
            line = match content {
                Content::Records => {
                    let is_end = *end == self.piece.text.len();
                    self.records(start..*end, is_end, line, &self.piece.marks, each)
                }
                Content::Broken(reason) => self.broken(start..*end, line, *reason, each),
            };
            start = *end;
        }
    }
}

impl CsvBlock {
    /// Visits the records of a segment that starts on `line`; returns the line after it. `is_end` tells whether the file may
    /// end with it.
    fn records(
        &self,
        segment: Range<usize>,
        is_end: bool,
        line: u64,
        marks: &[Marks],
        each: &mut dyn FnMut(Record<'_>),
    ) -> u64 {
        let bytes = &self.piece.text[segment.clone()];
        let whole = simdutf8::basic::from_utf8(bytes).ok();
        let mut splitter = Splitter::new(bytes, self.dialect, line, marks);
        let mut ends = Vec::new();
        while let Some((line, place)) = splitter.next_record(&mut ends) {
            let start = segment.start + place.start;
            let is_last = is_end && place.end == bytes.len();
            if splitter.line() > line + 1
                && let Some(below) = lines_below(&bytes[place.clone()], &ends, self.dialect, self.width)
            {
                let below = start + below;
                self.broken(start..below, line, RejectReason::OpenQuote, each);
                self.records(below..segment.start + place.end, is_last, line + 1, &[], each);
                continue;
            }
            let text = match whole {
                Some(whole) => whole.get(place.clone()),
                None => std::str::from_utf8(&bytes[place.clone()]).ok(),
            };
            match text {
                Some(text) => {
                    let fields = Fields::Separated { ends: &ends, quote: self.dialect.quote };
                    let end = if is_last { End::File } else { End::Whole };
                    each(Record { end, ..self.record(line, start, text, fields, None) });
                }
                None => {
                    let text = String::from_utf8_lossy(&bytes[place]);
                    each(self.record(line, start, &text, Fields::NONE, Some(RejectReason::NotText)));
                }
            }
        }
        splitter.line()
    }

    fn broken(&self, line_of: Range<usize>, line: u64, reason: RejectReason, each: &mut dyn FnMut(Record<'_>)) -> u64 {
        let bytes = &self.piece.text[line_of.clone()];
        let text = String::from_utf8_lossy(bytes);
        each(self.record(line, line_of.start, text.trim_end_matches(['\n', '\r']), Fields::NONE, Some(reason)));
        line + line_ends(bytes)
    }

    fn record<'a>(
        &self,
        line: u64,
        start: usize,
        text: &'a str,
        fields: Fields<'a>,
        fault: Option<RejectReason>,
    ) -> Record<'a> {
        let byte = Some(self.piece.byte + start as u64);
        Record { line, byte, text, fields, fault, end: End::Whole }
    }
}
