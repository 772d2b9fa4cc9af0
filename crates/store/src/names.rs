//! Names by number, for what is held by the million and says the same few names over and over.

use aceq_model::{Position, Tally};
use std::collections::BTreeMap;

/// Names by number: few of them, said often.
#[derive(Clone, Debug)]
pub(crate) struct Names<T> {
    all: Vec<T>,
    numbers: BTreeMap<T, u32>,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Self { all: Vec::new(), numbers: BTreeMap::new() }
    }
}

impl<T: Ord + Clone> Names<T> {
    /// The number of a name, which may be new.
    pub(crate) fn number(&mut self, name: T) -> u32 {
        if let Some(number) = self.numbers.get(&name) {
            return *number;
        }
        let number = self.all.len() as u32;
        self.all.push(name.clone());
        self.numbers.insert(name, number);
        number
    }

    /// The number of a name that has one.
    pub(crate) fn number_of<Q: Ord + ?Sized>(&self, name: &Q) -> Option<u32>
    where
        T: std::borrow::Borrow<Q>,
    {
        self.numbers.get(name).copied()
    }

    /// The name with this number.
    pub(crate) fn name(&self, number: u32) -> &T {
        &self.all[number as usize]
    }

    /// Per number, the place of its name among all names.
    pub(crate) fn ranks(&self) -> Vec<usize> {
        let mut ranks = vec![0; self.all.len()];
        self.numbers.values().enumerate().for_each(|(rank, number)| ranks[*number as usize] = rank);
        ranks
    }
}

/// A position whose file and sheet are a number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub file: u32,
    pub line: u64,
    pub byte: Option<u64>,
}

/// Files and sheets by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Places(Names<(String, String)>);

impl Places {
    /// A position, with its file and sheet by number.
    pub(crate) fn place(&mut self, position: Position) -> Place {
        let Position { file, sheet, line, byte } = position;
        Place { file: self.0.number((file, sheet)), line, byte }
    }

    /// File and sheet of a place.
    pub(crate) fn file(&self, place: Place) -> &(String, String) {
        self.0.name(place.file)
    }

    /// The position that became a place.
    pub(crate) fn position(&self, place: Place) -> Position {
        let (file, sheet) = self.file(place).clone();
        Position { file, sheet, line: place.line, byte: place.byte }
    }

    /// Per number, the rank of its file and sheet.
    pub(crate) fn ranks(&self) -> Vec<usize> {
        self.0.ranks()
    }

    /// Of each kind, how many there are and where the first is, by file, sheet and line. Kinds come with their codes.
    pub(crate) fn tallies<K: Copy>(&self, kinds: impl Iterator<Item = (&'static str, K, Place)>) -> Vec<Tally<K>> {
        let ranks = self.ranks();
        let order = |place: Place| (ranks[place.file as usize], place.line);
        let mut counted: BTreeMap<&str, (K, usize, Place)> = BTreeMap::new();
        for (code, kind, place) in kinds {
            let (_, count, first) = counted.entry(code).or_insert((kind, 0, place));
            *count += 1;
            if order(place) < order(*first) {
                *first = place;
            }
        }
        let tally = |(kind, count, first)| Tally { kind, count, first: self.position(first) };
        counted.into_values().map(tally).collect()
    }
}
