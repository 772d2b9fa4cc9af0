//! The first part of a file, told apart into records that may be the header.

use super::dialect::usual_dialects;
use crate::csv::{Content, Dialect, Segment, Splitter, line_ends, segments};
use crate::source::{End, Fields, Record};
use crate::text::{Detected, TextReader};
use crate::{Input, Options};

/// Records that are looked at for a header.
pub(super) const CANDIDATES: usize = 40;
/// Bytes of the head. A header line of 70 columns in HTML spans takes 6 KB.
const HEAD: usize = 256 << 10;

/// The first part of the text.
pub(super) struct Head {
    pub text: String,
    /// Longest record in bytes.
    longest: usize,
    /// Whether it is the whole file.
    whole: bool,
}

impl Head {
    pub fn read(input: &Input, detected: Detected, options: &Options) -> std::io::Result<Self> {
        let mut reader = TextReader::open(&input.path, detected)?;
        let mut text = Vec::new();
        let whole = !reader.read(&mut text, HEAD)?;
        Ok(Self { text: String::from_utf8_lossy(&text).into_owned(), longest: options.max_record_bytes, whole })
    }

    /// Fields of the first line that is not blank, by the usual separator of which it has most.
    pub fn first_line_fields(&self) -> usize {
        let line = self.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        let counts = usual_dialects().map(|dialect| memchr::memchr_iter(dialect.delimiter, line.as_bytes()).count());
        counts.into_iter().max().unwrap_or(0) + 1
    }

    /// The first records, told apart as they will be when the file is read.
    pub fn candidates(&self, dialect: Dialect) -> Vec<Candidate> {
        let (mut candidates, mut start, mut line) = (Vec::new(), 0, 1);
        for Segment { end, content } in segments(self.text.as_bytes(), dialect, self.longest, self.whole).0 {
            let text = &self.text[start..end];
            let mut splitter = Splitter::new(text.as_bytes(), dialect, line, &[]);
            let mut ends = Vec::new();
            while let (Content::Records, Some((line, place))) = (content, splitter.next_record(&mut ends)) {
                let fields = Fields::Separated { ends: &ends, quote: dialect.quote };
                let record = Record { line, byte: None, text: &text[place], fields, fault: None, end: End::Whole };
                let cell = |at| record.decoded(at, &mut String::new()).trim().to_owned();
                candidates.push(Candidate { line, cells: (0..fields.len()).map(cell).collect() });
                if candidates.len() == CANDIDATES {
                    return candidates;
                }
            }
            line += line_ends(text.as_bytes());
            start = end;
        }
        candidates
    }
}

/// A record that may be the header.
#[derive(Clone, Debug)]
pub(super) struct Candidate {
    pub line: u64,
    pub cells: Vec<String>,
}
