//! Remembers which canonical value a text meant. Columns repeat a few texts; looking one up takes work.

use crate::mappings::{Meaning, ValueList};

/// A small table of recent look-ups, at most one per slot.
pub(crate) struct Memo<'p> {
    slots: Vec<Option<(Box<str>, Option<Meaning<'p>>)>>,
}

const SLOTS: usize = 256;

impl<'p> Memo<'p> {
    pub fn new() -> Self {
        Self { slots: Vec::new() }
    }

    /// The canonical value that `raw` means in `list`. One memo serves one list.
    pub fn find(&mut self, list: &'p ValueList, raw: &str) -> Option<Meaning<'p>> {
        if self.slots.is_empty() {
            self.slots.resize(SLOTS, None);
        }
        let slot = &mut self.slots[slot(raw)];
        if let Some((known, value)) = slot
            && **known == *raw
        {
            return *value;
        }
        let value = list.meaning(raw);
        *slot = Some((raw.into(), value));
        value
    }
}

/// Length, first and last bytes of a text, mixed: enough to tell the values of a picklist apart.
fn slot(raw: &str) -> usize {
    let bytes = raw.as_bytes();
    let word = |part: Option<&[u8; 8]>| part.map(|part| u64::from_le_bytes(*part));
    let (first, last) = match (word(bytes.first_chunk()), word(bytes.last_chunk())) {
        (Some(first), Some(last)) => (first, last),
        _ => (bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
    };
    let mixed = (first ^ last.rotate_left(23) ^ bytes.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 56) as usize % SLOTS
}
