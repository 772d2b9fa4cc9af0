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

/// Length, ends and middle of a text, mixed: enough to tell the values of a picklist apart.
fn slot(raw: &str) -> usize {
    let bytes = raw.as_bytes();
    let at = |place: usize| bytes.get(place).map_or(0, |byte| usize::from(*byte));
    let (length, half) = (bytes.len(), bytes.len() / 2);
    let mixed = [at(0), at(1), at(half), at(half + 1), at(length.wrapping_sub(1)), at(length.wrapping_sub(2)), length]
        .into_iter()
        .fold(0_usize, |mixed, part| mixed.wrapping_mul(31).wrapping_add(part));
    (mixed ^ (mixed >> 8)) % SLOTS
}
