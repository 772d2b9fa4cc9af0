//! Distinct values of one kind of evidence, as numbers that sort like the values.

use foldhash::{HashMap, HashMapExt};
use std::borrow::Cow;
use std::cmp::Ordering;

/// The number of a value that is not known.
pub(crate) const NONE: u32 = u32::MAX;

/// Values for which there is room from the beginning.
pub(crate) const ROOM: usize = 4096;

/// What is made of a cell. Most cells are their own value.
pub(crate) type Reading = for<'c> fn(&'c str) -> Option<Cow<'c, str>>;

/// Collects values; each cell as written is looked at once.
pub(crate) struct Collecting<'a> {
    read: Reading,
    written: HashMap<&'a str, u32>,
    numbers: HashMap<Cow<'a, str>, u32>,
}

/// What was collected.
pub(crate) struct Collected<'a> {
    pub(crate) values: Values<'a>,
    /// Per preliminary number the final one.
    pub(crate) finals: Vec<u32>,
    /// Cells as written, each with the final number of its value.
    pub(crate) written: Vec<(u32, &'a str)>,
}

/// Sorted distinct values.
pub(crate) struct Values<'a>(Vec<Cow<'a, str>>);

/// How each value was written.
pub(crate) struct Spellings<'a> {
    /// By value, and sorted.
    cells: Vec<(u32, &'a str)>,
    /// Per value where its cells begin; one more at the end.
    starts: Vec<u32>,
}

impl<'a> Collecting<'a> {
    /// Collects what `read` makes of at most so many cells.
    pub(crate) fn new(read: Reading, cells: usize) -> Self {
        // Many rows of one partner repeat the customers of the others.
        let room = cells.min(ROOM);
        Self { read, written: HashMap::with_capacity(room), numbers: HashMap::with_capacity(room) }
    }

    /// The preliminary number of a cell's value.
    pub(crate) fn number(&mut self, cell: Option<&'a str>) -> u32 {
        let Some(cell) = cell else { return NONE };
        let (read, numbers) = (self.read, &mut self.numbers);
        *self.written.entry(cell).or_insert_with(|| {
            read(cell).map_or(NONE, |value| {
                let next = numbers.len() as u32;
                *numbers.entry(value).or_insert(next)
            })
        })
    }

    /// The values, sorted.
    pub(crate) fn finish(self) -> Collected<'a> {
        let mut sorted: Vec<_> = self.numbers.into_iter().collect();
        sorted.sort_unstable_by(|a, b| by_first_bytes(&a.0, &b.0));
        let mut finals = vec![NONE; sorted.len()];
        (0..).zip(&sorted).for_each(|(rank, (_, number))| finals[*number as usize] = rank);
        let known = self.written.into_iter().filter(|(_, number)| *number != NONE);
        let written = known.map(|(cell, number)| (finals[number as usize], cell)).collect();
        let values = Values(sorted.into_iter().map(|(value, _)| value).collect());
        Collected { values, finals, written }
    }
}

/// The order of two texts. Most differ in their first eight bytes, which are compared at once.
pub(crate) fn by_first_bytes(left: &str, right: &str) -> Ordering {
    let first = |text: &str| text.as_bytes().first_chunk().map(|bytes| u64::from_be_bytes(*bytes));
    match (first(left), first(right)) {
        (Some(a), Some(b)) if a != b => a.cmp(&b),
        _ => left.cmp(right),
    }
}

impl Values<'_> {
    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The value with this number.
    pub(crate) fn get(&self, number: u32) -> &str {
        &self.0[number as usize]
    }

    /// The number of a value, if it occurs.
    pub(crate) fn find(&self, value: &str) -> Option<u32> {
        self.0.binary_search_by(|known| known.as_ref().cmp(value)).ok().map(|place| place as u32)
    }
}

impl<'a> Spellings<'a> {
    /// The spellings of so many values; each was written somewhere.
    pub(crate) fn new(mut cells: Vec<(u32, &'a str)>, values: usize) -> Self {
        cells.sort_unstable();
        let mut starts = Vec::with_capacity(values + 1);
        for (place, (value, _)) in cells.iter().enumerate() {
            if starts.len() == *value as usize {
                starts.push(place as u32);
            }
        }
        starts.push(cells.len() as u32);
        Self { cells, starts }
    }

    /// The first spelling of a value.
    pub(crate) fn first(&self, value: u32) -> &'a str {
        self.cells[self.starts[value as usize] as usize].1
    }

    /// The other spellings of a value.
    pub(crate) fn others(&self, value: u32) -> impl Iterator<Item = &'a str> + '_ {
        let (start, end) = (self.starts[value as usize] as usize, self.starts[value as usize + 1] as usize);
        self.cells[start + 1..end].iter().map(|(_, cell)| *cell)
    }

    /// How many values there are.
    pub(crate) fn values(&self) -> u32 {
        self.starts.len() as u32 - 1
    }
}

#[cfg(test)]
mod tests {
    use super::{Collecting, Spellings, by_first_bytes};
    use proptest::prelude::*;
    use std::borrow::Cow;

    #[test]
    fn values_are_sorted_and_know_their_spellings() {
        let mut collecting = Collecting::new(|cell| Some(Cow::Owned(cell.to_lowercase())), 4);
        let cells = ["Nova", "acme", "ACME", "nova", "Acme"];
        let numbers = cells.map(|cell| collecting.number(Some(cell)));
        let collected = collecting.finish();
        let finals = numbers.map(|number| collected.finals[number as usize]);
        assert_eq!(finals, [1, 0, 0, 1, 0]);
        assert_eq!((collected.values.get(0), collected.values.find("nova")), ("acme", Some(1)));
        let spellings = Spellings::new(collected.written, 2);
        assert_eq!((spellings.first(0), spellings.others(0).collect::<Vec<_>>()), ("ACME", vec!["Acme", "acme"]));
        assert_eq!((spellings.first(1), spellings.others(1).collect::<Vec<_>>()), ("Nova", vec!["nova"]));
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_texts(left in "[abé]{0,12}", right in "[abé]{0,12}") {
            prop_assert_eq!(by_first_bytes(&left, &right), left.cmp(&right));
        }
    }
}
