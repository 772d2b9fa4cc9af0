//! Where separators and line ends outside quotes are: 64 bytes at a time, without a branch per field.
//!
//! ```text
//!   text      a , " x , y " , z \n
//!   quotes    . . 1 . . . 1 . . .
//!   inside    . . 1 1 1 1 . . . .     parity of the quotes so far (prefix exclusive-or)
//!   ends      . 1 . . . . . 1 . 1     separators and line ends that are not inside
//! ```
//!
//! Parity tells the truth only where quotes stand as RFC 4180 wants them: opening ones at the start of a field, closing
//! ones at its end. Where any does not, the block says so, and whoever reads it goes on byte by byte.

use super::Dialect;
use wide::u8x16;

/// Bytes of a block.
pub(super) const BLOCK: usize = 64;

/// What one block holds; bit *n* is its byte *n*.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Marks {
    /// Separators and line ends outside quotes.
    pub(super) ends: u64,
    /// Of those, the line ends.
    pub(super) line_ends: u64,
    /// Bytes with which a line ends, inside quotes or not: `\n`, `\r`, and only the `\r` of `\r\n`.
    pub(super) lines: u64,
}

impl Marks {
    /// What the first `bytes` bytes of the block hold.
    pub(super) fn first(self, bytes: usize) -> Self {
        let kept = if bytes < BLOCK { (1 << bytes) - 1 } else { u64::MAX };
        Self { ends: self.ends & kept, line_ends: self.line_ends & kept, lines: self.lines & kept }
    }
}

/// Goes over a text that starts at a record.
pub(super) struct Marker<'a> {
    text: &'a [u8],
    dialect: Dialect,
    at: usize,
    /// All ones inside quotes.
    inside: u64,
    /// Whether the byte before may stand before an opening quote.
    may_open: u64,
    closed: u64,
    returned: u64,
    strays: u64,
}

impl<'a> Marker<'a> {
    pub fn new(text: &'a [u8], dialect: Dialect) -> Self {
        Self { text, dialect, at: 0, inside: 0, may_open: 1, closed: 0, returned: 0, strays: 0 }
    }

    /// Whether the text so far ends inside quotes.
    pub fn is_inside(&self) -> bool {
        self.inside != 0
    }

    /// Whether every quote so far opens or closes a whole field, or is doubled.
    pub fn is_regular(&self) -> bool {
        self.strays == 0
    }

    /// The next block: where it starts, and what it holds.
    pub fn next(&mut self) -> Option<(usize, Marks)> {
        let rest = &self.text[self.at..];
        let start = self.at;
        let marks = match rest.first_chunk::<BLOCK>() {
            Some(block) => self.marks(block, u64::MAX),
            None if rest.is_empty() => return None,
            None => {
                let mut block = [0; BLOCK];
                block[..rest.len()].copy_from_slice(rest);
                self.marks(&block, (1 << rest.len()) - 1)
            }
        };
        self.at = (start + BLOCK).min(self.text.len());
        Some((start, marks))
    }

    fn marks(&mut self, block: &[u8; BLOCK], used: u64) -> Marks {
        let [quotes, separators, feeds, returns] =
            places(block, [self.dialect.quote, self.dialect.delimiter, b'\n', b'\r']).map(|places| places & used);
        let inside = parity(quotes) ^ self.inside;
        let (opening, closing) = (quotes & inside, quotes & !inside);
        let edges = separators | feeds | returns | quotes;
        let after_close = (closing << 1) | self.closed;
        let strays = (opening & !((edges << 1) | self.may_open)) | (after_close & used & !edges);
        let marks = Marks {
            ends: (separators | feeds | returns) & !inside,
            line_ends: (feeds | returns) & !inside,
            lines: returns | (feeds & !((returns << 1) | self.returned)),
        };
        self.strays |= strays;
        // The last bit, spread over all or moved to the front of the next block.
        self.inside = ((inside as i64) >> 63) as u64;
        (self.may_open, self.closed, self.returned) = (edges >> 63, closing >> 63, returns >> 63);
        marks
    }
}

/// Per needle the places where it stands.
fn places(block: &[u8; BLOCK], needles: [u8; 4]) -> [u64; 4] {
    let (quarters, _) = block.as_chunks::<16>();
    let mut places = [0; 4];
    for (quarter, bytes) in quarters.iter().enumerate() {
        let bytes = u8x16::from(*bytes);
        for (places, needle) in places.iter_mut().zip(needles) {
            let found = bytes.cmp_eq(u8x16::splat(needle)).move_mask();
            *places |= u64::from(found as u16) << (16 * quarter);
        }
    }
    places
}

/// Bit *n* is the exclusive-or of the bits up to *n*.
fn parity(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

#[cfg(test)]
mod tests {
    use super::{Marker, parity};
    use crate::csv::Dialect;

    const COMMA: Dialect = Dialect { delimiter: b',', quote: b'"' };

    #[test]
    fn parity_counts_the_bits_so_far() {
        assert_eq!(parity(0b0010_0100), 0b0001_1100);
        assert_eq!(parity(0), 0);
        assert_eq!(parity(1 << 63), 1 << 63);
    }

    #[test]
    fn quotes_hide_what_is_inside() {
        let mut marker = Marker::new(b"a,\"x,\ny\",z\r\n", COMMA);
        let (start, marks) = marker.next().unwrap();
        assert_eq!(
            (start, marks.ends, marks.line_ends, marks.lines),
            (0, 0b1101_0000_0010, 0b1100_0000_0000, 0b0100_0010_0000)
        );
        assert!(marker.is_regular());
    }

    #[test]
    fn stray_quotes_are_told_even_at_the_edge_of_a_block() {
        for length in [1, 62, 63, 64, 65, 127] {
            let text = |tail: &str| format!("{}{tail}", "a".repeat(length));
            let regular = |text: &str| {
                let mut marker = Marker::new(text.as_bytes(), COMMA);
                while marker.next().is_some() {}
                marker.is_regular()
            };
            assert!(regular(&text(",\"b\",\"\"\"\"\r\n\"\"")), "{length}");
            assert!(!regular(&text("\"")), "{length}");
            assert!(!regular(&text(",\"b\"c")), "{length}");
            assert!(!regular(&text(",\"b\" ,")), "{length}");
        }
    }
}
