//! Seeds changed by chance: the same changes for the same seed, on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// Longest input made.
const LONGEST: usize = 1 << 16;

/// What means something to one reader or another.
const TOKENS: [&[u8]; 40] = [
    b"\"",
    b"'",
    b",",
    b";",
    b"\t",
    b"|",
    b"\r\n",
    b"\n",
    b"\r",
    b"\0",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\xC3",
    b"sep=;\n",
    b"<",
    b">",
    b"</",
    b"/>",
    b"<!--",
    b"<![CDATA[",
    b"&amp;",
    b"&#1114112;",
    b"<table>",
    b"</td>",
    b"<!DOCTYPE a [",
    b"{",
    b"}",
    b"[",
    b"]",
    b"[[",
    b":",
    b"\\",
    b"\\ud800",
    b"null",
    b"-",
    b"1e999",
    b"99999999999999999999",
    b"(",
    b")",
    b"NOT ",
];

/// An endless row of changed seeds.
pub struct Mutations<'s> {
    seeds: &'s [Vec<u8>],
    dice: ChaCha8Rng,
}

impl<'s> Mutations<'s> {
    /// Changes of `seeds`, by the number `seed`.
    ///
    /// # Panics
    /// When there is no seed.
    pub fn new(seeds: &'s [Vec<u8>], seed: u64) -> Self {
        assert!(!seeds.is_empty(), "something to change");
        Self { seeds, dice: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// A seed with one to four changes.
    pub fn change(&mut self) -> Vec<u8> {
        let mut bytes = self.any_seed().to_vec();
        for _ in 0..=self.below(4) {
            match self.below(8) {
                0 => self.flip(&mut bytes),
                1 => self.cut(&mut bytes),
                2 => self.splice(&mut bytes),
                3 => self.repeat(&mut bytes),
                4 => self.tweak(&mut bytes),
                5 => self.overwrite(&mut bytes),
                _ => self.insert(&mut bytes),
            }
        }
        bytes.truncate(LONGEST);
        bytes
    }

    fn any_seed(&mut self) -> &'s [u8] {
        let index = self.below(self.seeds.len());
        &self.seeds[index]
    }

    fn below(&mut self, end: usize) -> usize {
        (self.dice.next_u64() % end.max(1) as u64) as usize
    }

    fn stretch(&mut self, bytes: &[u8], longest: usize) -> std::ops::Range<usize> {
        let start = self.below(bytes.len() + 1);
        let length = self.below(longest.min(bytes.len() - start) + 1);
        start..start + length
    }

    fn flip(&mut self, bytes: &mut [u8]) {
        if let Some(index) = self.below(bytes.len()).checked_rem(bytes.len()) {
            bytes[index] ^= 1 << self.below(8);
        }
    }

    fn cut(&mut self, bytes: &mut Vec<u8>) {
        match self.below(3) {
            0 => bytes.truncate(self.below(bytes.len() + 1)),
            _ => _ = bytes.drain(self.stretch(bytes, 200)),
        }
    }

    fn splice(&mut self, bytes: &mut Vec<u8>) {
        let other = self.any_seed();
        let taken = self.stretch(other, 2000);
        let place = self.stretch(bytes, 200);
        bytes.splice(place, other[taken].iter().copied());
    }

    fn repeat(&mut self, bytes: &mut Vec<u8>) {
        let stretch = self.stretch(bytes, 300);
        let times = 1 << self.below(10);
        let copies = bytes[stretch.clone()].repeat(times);
        bytes.splice(stretch.end..stretch.end, copies.into_iter().take(LONGEST));
    }

    /// Another digit for a digit.
    fn tweak(&mut self, bytes: &mut [u8]) {
        let digits: Vec<usize> = (0..bytes.len()).filter(|index| bytes[*index].is_ascii_digit()).collect();
        for _ in 0..digits.len().min(3) {
            bytes[digits[self.below(digits.len())]] = b'0' + self.below(10) as u8;
        }
    }

    fn overwrite(&mut self, bytes: &mut [u8]) {
        let with = [0, 0xFF, 0x7F, 0x80, b'"', b'9'][self.below(6)];
        let place = self.stretch(bytes, 8);
        bytes[place].fill(with);
    }

    fn insert(&mut self, bytes: &mut Vec<u8>) {
        let token = TOKENS[self.below(TOKENS.len())];
        let at = self.below(bytes.len() + 1);
        bytes.splice(at..at, token.iter().copied());
    }
}
