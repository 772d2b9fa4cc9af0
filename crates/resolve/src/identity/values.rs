//! Distinct values of one kind of evidence, as numbers that sort like the values.

use foldhash::{HashMap, HashMapExt};

/// The number of a value that is not known.
pub(crate) const NONE: u32 = u32::MAX;

/// Collects values; each cell as written is looked at once.
pub(crate) struct Collecting<'a> {
    read: fn(&str) -> Option<String>,
    written: HashMap<&'a str, u32>,
    numbers: HashMap<String, u32>,
}

/// Sorted distinct values.
pub(crate) struct Values<'a> {
    /// The values.
    pub(crate) values: Vec<String>,
    /// Per value how it was written, sorted.
    pub(crate) spellings: Vec<Vec<&'a str>>,
}

impl<'a> Collecting<'a> {
    /// Collects what `read` makes of the cells.
    pub(crate) fn new(read: fn(&str) -> Option<String>) -> Self {
        Self { read, written: HashMap::new(), numbers: HashMap::new() }
    }

    /// The preliminary number of a cell's value.
    pub(crate) fn number(&mut self, cell: Option<&'a str>) -> u32 {
        let Some(cell) = cell else { return NONE };
        if let Some(number) = self.written.get(cell) {
            return *number;
        }
        let number = (self.read)(cell).map_or(NONE, |value| {
            let next = self.numbers.len() as u32;
            *self.numbers.entry(value).or_insert(next)
        });
        self.written.insert(cell, number);
        number
    }

    /// The sorted values, and for each preliminary number the final one.
    pub(crate) fn finish(self) -> (Values<'a>, Vec<u32>) {
        let mut sorted: Vec<_> = self.numbers.into_iter().collect();
        sorted.sort_unstable();
        let mut finals = vec![NONE; sorted.len()];
        (0..).zip(&sorted).for_each(|(rank, (_, number))| finals[*number as usize] = rank);
        let mut spellings = vec![Vec::new(); sorted.len()];
        for (cell, number) in self.written.into_iter().filter(|(_, number)| *number != NONE) {
            spellings[finals[number as usize] as usize].push(cell);
        }
        spellings.iter_mut().for_each(|cells: &mut Vec<&str>| cells.sort_unstable());
        (Values { values: sorted.into_iter().map(|(value, _)| value).collect(), spellings }, finals)
    }
}

impl Values<'_> {
    /// How many.
    pub(crate) fn len(&self) -> usize {
        self.values.len()
    }

    /// The number of a value, if it occurs.
    pub(crate) fn find(&self, value: &str) -> Option<u32> {
        self.values.binary_search_by(|known| known.as_str().cmp(value)).ok().map(|place| place as u32)
    }
}
