//! Names by number, for what is held by the million and says the same few names over and over.

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

/// Of each kind, how many there are and the one whose `place` is the first. `kind` comes with its code.
pub(crate) fn tally<H, K: Copy, P: Ord>(
    held: &[H],
    kind: impl Fn(&H) -> (&'static str, K),
    place: impl Fn(&H) -> P,
) -> Vec<(K, usize, &H)> {
    let mut counted: BTreeMap<&str, (K, usize, &H)> = BTreeMap::new();
    for one in held {
        let (code, kind) = kind(one);
        let (_, count, first) = counted.entry(code).or_insert((kind, 0, one));
        *count += 1;
        if place(one) < place(first) {
            *first = one;
        }
    }
    counted.into_values().collect()
}
