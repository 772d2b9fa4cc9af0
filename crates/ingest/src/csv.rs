//! CSV: where records and fields end, told exactly and fast.
//!
//! ```text
//!  TextReader ──▶ Cutter (in order: cuts between records) ──▶ Piece ──▶ Splitter (side by side: records, fields)
//! ```
//!
//! The reading is that of the `csv` crate, against which a property test holds it: a quote opens a field only at its
//! start, a doubled quote inside is a quote, text after the closing quote belongs to the field, `\n`, `\r` and `\r\n`
//! all end a record, and lines with nothing on them are no records. Own code, because the crate counts only `\n` as
//! line ends and copies every field, of which most are never looked at.

mod cut;
mod marks;
mod split;
mod swallowed;

pub(crate) use cut::{Content, Cutter, Piece, Segment, segments};
pub(crate) use marks::Marks;
pub(crate) use split::{Splitter, without_quotes};
pub(crate) use swallowed::lines_below;

/// Separator and quote of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dialect {
    pub delimiter: u8,
    pub quote: u8,
}

/// Line ends in `text`: `\n`, `\r\n` and lone `\r` count one each.
pub(crate) fn line_ends(text: &[u8]) -> u64 {
    let feeds = memchr::memchr_iter(b'\n', text).count();
    let lone = memchr::memchr_iter(b'\r', text).filter(|at| text.get(at + 1) != Some(&b'\n')).count();
    (feeds + lone) as u64
}
