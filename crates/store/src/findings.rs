//! Findings of all files and partners: small in memory; while they are sorted, those about one table of one partner are whole.
//!
//! ```text
//!  Finding { partner, table, position, row_id, column, code, detail } ──▶ Held: numbers alone, some 70 bytes
//!                                         └───────────────┴─────────▶ ids and details end to end, a temporary file once
//!                                                              they outgrow a budget
//! ```

use crate::StoreError;
use crate::names::{Names, Place, Places};
use crate::texts::Texts;
use aceq_model::{Finding, FindingAt, FindingCode, TableId, Tally};
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Findings that are handed back at a time.
const AT_A_TIME: usize = 8192;

/// Findings, in the order in which they came until they are sorted. A copy shares the texts.
#[derive(Clone, Debug)]
pub struct Findings {
    texts: Arc<Mutex<Texts>>,
    partners: Names<String>,
    places: Places,
    held: Vec<Held>,
}

/// A finding without its texts.
#[derive(Clone, Copy, Debug)]
struct Held {
    partner: u32,
    at: Place,
    table: TableId,
    column: Option<&'static str>,
    code: FindingCode,
    /// Where the id of its row begins; its detail follows.
    start: u64,
    id_bytes: u32,
    detail_bytes: u32,
}

impl Held {
    fn texts(&self) -> Range<u64> {
        self.start..self.start + u64::from(self.id_bytes) + u64::from(self.detail_bytes)
    }
}

impl Findings {
    /// No findings. Up to `budget` bytes of text stay in memory; more go to a temporary file in `folder`, which has no
    /// name and vanishes with the process.
    pub fn new(folder: &Path, budget: usize) -> Self {
        Self::with(Texts::new(folder, budget))
    }

    fn with(texts: Texts) -> Self {
        Self {
            texts: Arc::new(Mutex::new(texts)),
            partners: Names::default(),
            places: Places::default(),
            held: Vec::new(),
        }
    }

    /// Adds findings.
    ///
    /// # Errors
    /// When the texts have outgrown the budget and the temporary file cannot be written.
    pub fn extend(&mut self, findings: impl IntoIterator<Item = Finding>) -> Result<(), StoreError> {
        let mut texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = String::new();
        for Finding { partner_id, table, position, row_id, column, code, detail } in findings {
            let (partner, at) = (self.partners.number(partner_id), self.places.place(position));
            let start = texts.end() + all.len() as u64;
            let bytes = |text: &str| u32::try_from(text.len()).expect("a cell has less than 4 GB");
            let (id_bytes, detail_bytes) = (bytes(&row_id), bytes(&detail));
            self.held.push(Held { partner, at, table, column, code, start, id_bytes, detail_bytes });
            all.push_str(&row_id);
            all.push_str(&detail);
        }
        texts.push(&all)
    }

    /// Adds those that `other` holds, in their order.
    ///
    /// # Errors
    /// As [`Self::extend`], and when the texts of `other` cannot be read.
    pub fn append(&mut self, other: &Self) -> Result<(), StoreError> {
        other.for_each_some(|some| self.extend(some))
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Forgets all but the first `len`. Their texts keep their room.
    pub fn truncate(&mut self, len: usize) {
        self.held.truncate(len);
    }

    /// Says anew which partner each of them is about. `partner_of` gets the partner so far, and whether the finding is
    /// about a row.
    pub fn assign(&mut self, partner_of: impl Fn(&str, bool) -> String) {
        let mut partners = Names::default();
        for held in &mut self.held {
            held.partner = partners.number(partner_of(self.partners.name(held.partner), held.at.line > 0));
        }
        self.partners = partners;
    }

    /// Where they are, without their words.
    pub fn places(&self) -> impl Iterator<Item = FindingAt<'_>> {
        self.held.iter().map(|held| {
            let (file, sheet) = self.places.file(held.at);
            FindingAt { table: held.table, file, sheet, line: held.at.line, column: held.column, code: held.code }
        })
    }

    /// Forgets those that `stays` does not want.
    pub fn retain(&mut self, stays: impl Fn(FindingAt<'_>) -> bool) {
        let stay: Vec<bool> = self.places().map(stays).collect();
        let mut stay = stay.into_iter();
        self.held.retain(|_| stay.next().unwrap_or(true));
    }

    /// Sorts as the published table is sorted. Memory holds what is said about one table of one partner.
    ///
    /// # Errors
    /// When a temporary file cannot be read or written.
    pub fn sort(&mut self) -> Result<(), StoreError> {
        let partners = self.partners.ranks();
        let group = |held: &Held| (partners[held.partner as usize], held.table.name());
        self.held.sort_unstable_by_key(|held| (group(held), held.start));
        let empty = self.texts.lock().unwrap_or_else(PoisonError::into_inner).like();
        // The texts are put into the same order: who reads them all reads from one end to the other.
        let mut sorted = Self::with(empty);
        for held in self.held.chunk_by(|a, b| group(a) == group(b)) {
            let mut some = self.read(held)?;
            some.sort_unstable_by(|a, b| a.published_order().cmp(&b.published_order()));
            sorted.extend(some)?;
        }
        *self = sorted;
        Ok(())
    }

    /// Hands over all of them, some at a time, as they are sorted.
    ///
    /// # Errors
    /// When the temporary file cannot be read, and those of `use_some`.
    pub fn for_each_some<E: From<StoreError>>(
        &self,
        mut use_some: impl FnMut(Vec<Finding>) -> Result<(), E>,
    ) -> Result<(), E> {
        self.held.chunks(AT_A_TIME).try_for_each(|held| use_some(self.read(held)?))
    }

    /// How many there are of each code.
    pub fn tallies(&self) -> Vec<Tally<FindingCode>> {
        self.places.tallies(self.held.iter().map(|held| (held.code.code(), held.code, held.at)))
    }

    fn read(&self, some: &[Held]) -> Result<Vec<Finding>, StoreError> {
        let places: Vec<Range<u64>> = some.iter().map(Held::texts).collect();
        let texts = self.texts.lock().unwrap_or_else(PoisonError::into_inner).read_each(&places)?;
        let finding = |(held, mut row_id): (&Held, String)| {
            let detail = row_id.split_off(held.id_bytes as usize);
            let partner_id = self.partners.name(held.partner).clone();
            Finding {
                partner_id,
                table: held.table,
                position: self.places.position(held.at),
                row_id,
                column: held.column,
                code: held.code,
                detail,
            }
        };
        Ok(some.iter().zip(texts).map(finding).collect())
    }
}

impl Default for Findings {
    /// In memory alone: for the few of one bucket.
    fn default() -> Self {
        Self::new(Path::new(""), usize::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::Findings;
    use crate::StoreError;
    use aceq_model::{Finding, FindingCode, Position, TableId};
    use proptest::collection::vec;
    use proptest::prelude::{Strategy, any, prop_assert_eq, proptest};
    use proptest::sample::select;
    use std::collections::BTreeMap;

    fn all(findings: &Findings) -> Vec<Finding> {
        let mut all = Vec::new();
        let read = findings.for_each_some(|some| {
            all.extend(some);
            Ok::<(), StoreError>(())
        });
        read.expect("readable");
        all
    }

    fn any_finding() -> impl Strategy<Value = Finding> {
        let code = select(vec![FindingCode::ZeroAmount, FindingCode::CutOff, FindingCode::MaybeAnnual]);
        let table = select(vec![TableId::Opportunities, TableId::Completions]);
        let position = (select(vec!["a", "b"]), 0_u64..4, any::<Option<u64>>());
        let about = ("[a-c€\n]{0,3}", select(vec![None, Some("stage"), Some("mrr_usd")]));
        ("[pq]{0,1}", table, position, about, code, "[a-c€\n]{0,20}").prop_map(
            |(partner_id, table, (file, line, byte), (row_id, column), code, detail)| Finding {
                partner_id,
                table,
                position: Position { file: file.to_owned(), sheet: String::new(), line, byte },
                row_id,
                column,
                code,
                detail,
            },
        )
    }

    fn without_byte(finding: &Finding) -> Finding {
        Finding { position: Position { byte: None, ..finding.position.clone() }, ..finding.clone() }
    }

    proptest! {
        #[test]
        fn nothing_is_lost_whatever_the_budget(
            findings in vec(any_finding(), 0..40),
            more in vec(any_finding(), 0..5),
            budget in 0_usize..200,
        ) {
            let folder = tempfile::tempdir().expect("a folder");
            let mut held = Findings::new(folder.path(), budget);
            held.extend(findings.clone()).expect("room");
            prop_assert_eq!(&all(&held), &findings);
            prop_assert_eq!(held.places().collect::<Vec<_>>(), findings.iter().map(Finding::at).collect::<Vec<_>>());
            let mut others = Findings::default();
            others.extend(more.clone()).expect("memory");
            let before = held.clone();
            held.append(&others).expect("room");
            prop_assert_eq!(&all(&before), &findings, "a copy is left alone");
            let mut sorted = [findings, more].concat();
            prop_assert_eq!(&all(&held), &sorted);
            held.sort().expect("room");
            sorted.sort_by(|a, b| a.published_order().cmp(&b.published_order()));
            // Nobody is told the byte of a finding, so it has no say in the order.
            let shown = |findings: &[Finding]| findings.iter().map(without_byte).collect::<Vec<_>>();
            prop_assert_eq!(shown(&all(&held)), shown(&sorted));
            let mut counted: BTreeMap<&str, (usize, (&str, u64))> = BTreeMap::new();
            for finding in &sorted {
                let place = (finding.position.file.as_str(), finding.position.line);
                let (count, first) = counted.entry(finding.code.code()).or_insert((0, place));
                *count += 1;
                *first = place.min(*first);
            }
            let tallies = held.tallies();
            let told = tallies.iter().map(|t| (t.kind.code(), (t.count, (t.first.file.as_str(), t.first.line))));
            prop_assert_eq!(told.collect::<BTreeMap<_, _>>(), counted);
        }
    }

    #[test]
    fn partners_are_said_anew_and_the_last_are_forgotten() {
        let finding = |partner: &str, line| Finding {
            partner_id: partner.to_owned(),
            table: TableId::Opportunities,
            position: Position { line, ..Position::default() },
            row_id: format!("O{line}"),
            column: (line > 2).then_some("mrr_usd"),
            code: FindingCode::ZeroAmount,
            detail: "0.00".to_owned(),
        };
        let folder = tempfile::tempdir().expect("a folder");
        let mut findings = Findings::new(folder.path(), 0);
        findings.extend([finding("", 0), finding("", 2), finding("Harbour", 3), finding("", 4)]).expect("room");
        findings.truncate(3);
        findings.assign(|partner, of_row| match partner {
            "" if of_row => "P-1".to_owned(),
            "Harbour" => "P-2".to_owned(),
            other => other.to_owned(),
        });
        assert_eq!(all(&findings), [finding("", 0), finding("P-1", 2), finding("P-2", 3)]);
        findings.retain(|at| at.column.is_none());
        assert_eq!(all(&findings), [finding("", 0), finding("P-1", 2)]);
    }
}
