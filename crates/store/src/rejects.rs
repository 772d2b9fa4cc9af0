//! Rejects of all files: small in memory, however many there are and however long the records that they quote.
//!
//! ```text
//!  Reject { position, column, raw, reason } ──▶ Held: numbers alone, some 60 bytes
//!                                  └──────────▶ raw texts end to end, a temporary file once they outgrow a budget
//! ```

use crate::StoreError;
use crate::names::{Names, Place, Places};
use crate::texts::Texts;
use aceq_model::{Position, Reject, RejectReason, Tally};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Rejects that are handed back at a time.
const AT_A_TIME: usize = 4096;

/// Rejects, in the order in which they came until they are sorted. A copy shares the raw texts.
#[derive(Clone, Debug)]
pub struct Rejects {
    texts: Arc<Mutex<Texts>>,
    places: Places,
    columns: Names<String>,
    held: Vec<Held>,
}

/// A reject without its texts.
#[derive(Clone, Copy, Debug)]
struct Held {
    at: Place,
    column: Option<u32>,
    reason: RejectReason,
    start: u64,
    bytes: usize,
}

impl Held {
    fn raw(&self) -> Range<u64> {
        self.start..self.start + self.bytes as u64
    }
}

impl Rejects {
    /// No rejects. Up to `budget` bytes of raw text stay in memory; more go to a temporary file in `folder`, which has
    /// no name and vanishes with the process.
    pub fn new(folder: &Path, budget: usize) -> Self {
        Self {
            texts: Arc::new(Mutex::new(Texts::new(folder, budget))),
            places: Places::default(),
            columns: Names::default(),
            held: Vec::new(),
        }
    }

    /// Adds rejects.
    ///
    /// # Errors
    /// When the raw texts have outgrown the budget and the temporary file cannot be written.
    pub fn extend(&mut self, rejects: impl IntoIterator<Item = Reject>) -> Result<(), StoreError> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = String::new();
        for Reject { position, column, raw, reason } in rejects {
            let (at, column) = (self.places.place(position), column.map(|name| self.columns.number(name)));
            let start = texts.end() + all.len() as u64;
            self.held.push(Held { at, column, reason, start, bytes: raw.len() });
            all.push_str(&raw);
        }
        texts.push(&all)
    }

    /// Adds those that `other` holds, in their order.
    ///
    /// # Errors
    /// As [`Self::extend`], and when the raw texts of `other` cannot be read.
    pub fn append(&mut self, other: &Self) -> Result<(), StoreError> {
        other.for_each_some(|some| self.extend(some.iter().cloned()))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// How many of them are whole rows; the others are cells.
    pub fn rows(&self) -> usize {
        self.held.iter().filter(|held| held.column.is_none()).count()
    }

    /// Forgets all but the first `len`. Their texts keep their room.
    pub fn truncate(&mut self, len: usize) {
        self.held.truncate(len);
    }

    /// Forgets those of files and sheets that `stays` does not want.
    pub fn retain(&mut self, stays: impl Fn(&str, &str) -> bool) {
        let places = &self.places;
        self.held.retain(|held| {
            let (file, sheet) = places.file(held.at);
            stays(file, sheet)
        });
    }

    /// Sorts by line those after the first `from`, which come from one file: verdicts on whole columns come last, and a
    /// reader looks for the first line.
    pub fn sort_by_line(&mut self, from: usize) {
        self.held[from..].sort_by_key(|held| held.at.line);
    }

    /// The whole row that was rejected on `line`, among those after the first `from`.
    pub fn row_at(&self, from: usize, line: u64) -> Option<Position> {
        let held = self.held[from..].iter().find(|held| held.at.line == line && held.column.is_none())?;
        Some(self.places.position(held.at))
    }

    /// The raw texts of what was rejected on `line`: the whole row, or its cell in `column`; among those after the first
    /// `from`.
    ///
    /// # Errors
    /// When the temporary file cannot be read.
    pub fn raw_at(&self, from: usize, line: u64, column: Option<&str>) -> Result<Vec<String>, StoreError> {
        let number = column.and_then(|name| self.columns.number_of(name));
        if column.is_some() && number.is_none() {
            return Ok(Vec::new());
        }
        let found = self.held[from..].iter().filter(|held| held.at.line == line && held.column == number).copied();
        Ok(self.read(&found.collect::<Vec<_>>())?.into_iter().map(|reject| reject.raw).collect())
    }

    /// Forgets what was rejected on `line`, or of its cell in `column`, among those after the first `from`.
    pub fn settle(&mut self, from: usize, line: u64, column: Option<&str>) {
        let column = column.map(|name| self.columns.number_of(name));
        let is_other = |held: &Held| column.is_some_and(|column| column.is_none() || held.column != column);
        let own = self.held.split_off(from);
        self.held.extend(own.into_iter().filter(|held| held.at.line != line || is_other(held)));
    }

    /// The first of them, as they stand now.
    ///
    /// # Errors
    /// When the temporary file cannot be read.
    pub fn first(&self) -> Result<Option<Reject>, StoreError> {
        Ok(self.read(&self.held[..self.held.len().min(1)])?.pop())
    }

    /// Sorts by file, sheet, line, place in the line, column and reason.
    pub fn sort(&mut self) {
        let (places, columns) = (self.places.ranks(), self.columns.ranks());
        self.held.sort_by_key(|held| {
            let column = held.column.map(|column| columns[column as usize]);
            (places[held.at.file as usize], held.at.line, held.at.byte, column, held.reason.code())
        });
    }

    /// Hands over all of them, some at a time, as they are sorted.
    ///
    /// # Errors
    /// When the temporary file cannot be read, and those of `use_some`.
    pub fn for_each_some<E: From<StoreError>>(
        &self,
        mut use_some: impl FnMut(&[Reject]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.held.chunks(AT_A_TIME).try_for_each(|held| use_some(&self.read(held)?))
    }

    /// How many there are of each reason.
    pub fn tallies(&self) -> Vec<Tally<RejectReason>> {
        self.places.tallies(self.held.iter().map(|held| (held.reason.code(), held.reason, held.at)))
    }

    fn read(&self, some: &[Held]) -> Result<Vec<Reject>, StoreError> {
        let places: Vec<Range<u64>> = some.iter().map(Held::raw).collect();
        let raw = self.texts.lock().unwrap_or_else(PoisonError::into_inner).read_each(&places)?;
        let reject = |(held, raw): (&Held, String)| Reject {
            position: self.places.position(held.at),
            column: held.column.map(|column| self.columns.name(column).clone()),
            raw,
            reason: held.reason,
        };
        Ok(some.iter().zip(raw).map(reject).collect())
    }
}

impl Default for Rejects {
    /// In memory alone: for the few that are found when rows are compared.
    fn default() -> Self {
        Self::new(Path::new(""), usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::Rejects;
    use crate::StoreError;
    use aceq_model::{Position, Reject, RejectReason};
    use proptest::collection::vec;
    use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};
    use proptest::sample::select;

    fn reject(file: &str, line: u64, column: Option<&str>, raw: &str) -> Reject {
        let position = Position { file: file.to_owned(), sheet: String::new(), line, byte: None };
        Reject { position, column: column.map(str::to_owned), raw: raw.to_owned(), reason: RejectReason::BadDate }
    }

    fn all(rejects: &Rejects) -> Vec<Reject> {
        let mut all = Vec::new();
        let read = rejects.for_each_some(|some| {
            all.extend_from_slice(some);
            Ok::<(), StoreError>(())
        });
        read.expect("readable");
        all
    }

    fn any_reject() -> impl Strategy<Value = Reject> {
        let column = select(vec![None, Some("mrr_usd"), Some("created_date")]);
        let reason = select(vec![RejectReason::BadDate, RejectReason::BadMoney]);
        let raw = "[a-c€\n]{0,20}";
        (select(vec!["a", "b"]), 0_u64..4, any::<Option<u64>>(), column, raw, reason).prop_map(
            |(file, line, byte, column, raw, reason)| Reject {
                position: Position { file: file.to_owned(), sheet: String::new(), line, byte },
                column: column.map(str::to_owned),
                raw,
                reason,
            },
        )
    }

    proptest! {
        #[test]
        fn nothing_is_lost_whatever_the_budget(
            rejects in vec(any_reject(), 0..40),
            more in vec(any_reject(), 0..5),
            budget in 0_usize..200,
        ) {
            let folder = tempfile::tempdir().expect("a folder");
            let mut held = Rejects::new(folder.path(), budget);
            held.extend(rejects.clone()).expect("room");
            prop_assert_eq!(&all(&held), &rejects);
            let mut copy = held.clone();
            let mut others = Rejects::default();
            others.extend(more.clone()).expect("memory");
            copy.append(&others).expect("room");
            prop_assert_eq!(all(&copy), [rejects.clone(), more].concat());
            prop_assert_eq!(held.first().expect("readable"), rejects.first().cloned());
            prop_assert_eq!(held.rows(), rejects.iter().filter(|reject| reject.column.is_none()).count());
            let mut sorted = rejects;
            sorted.sort_by_key(|reject| {
                let Position { file, line, byte, .. } = reject.position.clone();
                (file, line, byte, reject.column.clone(), reject.reason.code())
            });
            held.sort();
            prop_assert_eq!(all(&held), sorted.clone());
            for tally in held.tallies() {
                let mut alike = sorted.iter().filter(|reject| reject.reason == tally.kind);
                prop_assert_eq!(alike.clone().count(), tally.count);
                let first = alike.next().expect("one at least").position.clone();
                prop_assert_eq!((tally.first.file, tally.first.line), (first.file, first.line));
            }
        }
    }

    #[test]
    fn what_is_settled_is_forgotten_in_its_file_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut rejects = Rejects::new(folder.path(), 0);
        rejects.extend([reject("a", 2, None, "old")]).expect("room");
        let from = rejects.len();
        let date = Some("created_date");
        let new = [reject("b", 3, date, "x"), reject("b", 2, None, "row"), reject("b", 3, Some("mrr_usd"), "y")];
        rejects.extend(new.clone()).expect("room");
        rejects.sort_by_line(from);
        assert_eq!(rejects.row_at(from, 2), Some(new[1].position.clone()));
        assert_eq!(rejects.row_at(from, 3), None, "its cells were rejected, not the row");
        let raw = |line, column| rejects.raw_at(from, line, column).expect("readable");
        assert_eq!((raw(2, None), raw(3, date)), (vec!["row".to_owned()], vec!["x".to_owned()]));
        assert_eq!((raw(3, None), raw(2, date), raw(3, Some("title"))), (vec![], vec![], vec![]));
        rejects.settle(from, 3, Some("title"));
        assert_eq!(rejects.len(), 4, "there is no such reject");
        rejects.settle(from, 3, date);
        rejects.settle(from, 2, None);
        assert_eq!(all(&rejects), [reject("a", 2, None, "old"), new[2].clone()]);
        rejects.truncate(from);
        assert_eq!(all(&rejects), [reject("a", 2, None, "old")]);
    }
}
