//! One row per opportunity: each column from the newest version that has it.
//!
//! ```text
//!   versions, oldest first      stage   segment  title       canonical row
//!   a.csv  2026-01-31           yes     –        yes    ──▶  title of a? no: b is newer and has it
//!   b.csv  2026-06-30           yes     –        yes    ──▶  main source (newest with `stage`): stage, title
//!   t.csv  2026-08-15 (table)   –       yes      –      ──▶  segment; b's row names t in `provenance`
//! ```
//!
//! *a* is superseded, *b* accepted, *t* merged. A version counts as merged when it supplies a known value, or a blank
//! that overrides the main source's own; a version that merely has a column without a value in it does not.

use crate::corrections::{Correction, Corrections, Settled, note_excluded};
use crate::frame::Frame;
use crate::moves::Moves;
use crate::notes::{Earlier, Notes};
use crate::opportunities::exports::Exports;
use crate::opportunities::history::{Stages, contradiction, part_before};
use crate::partners::Partners;
use crate::pile::{Amounts, Dates, Exchanges, Pile, RowAt, Texts, known_snapshot};
use crate::published::ProvenanceRow;
use crate::undated::Undated;
use aceq_model::{FileRecord, FindingCode, Reject, RejectReason, TableId, stage_rank};
use arrow::array::{Int32Array, RecordBatch};
use rayon::slice::ParallelSliceMut;
use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

/// The merged rows, and what became of the versions by the rank of their file.
pub(crate) struct Merged {
    pub(crate) frame: Frame,
    pub(crate) history: History,
    pub(crate) moves: Vec<Moves>,
    pub(crate) rejects: Vec<Reject>,
    pub(crate) provenance: Vec<ProvenanceRow>,
    /// Rows of `stage_history`.
    pub(crate) stages: RecordBatch,
}

/// What is only known while the versions are at hand.
pub(crate) struct History {
    /// What the versions of a row told, in words.
    pub(crate) found: Vec<(u32, FindingCode, String)>,
    /// Opportunities whose versions name their customer in several ways.
    pub(crate) renamed: Vec<Renamed>,
    /// Per row whether any file has the column with the customer's account.
    pub(crate) account_given: Vec<bool>,
    /// Of rows that several snapshots say are launched, the day of the first of them and its target date.
    pub(crate) launched_since: HashMap<u32, (i32, i32)>,
    pub(crate) exports: Exports,
}

/// The names that the versions of one opportunity give its customer.
pub(crate) struct Renamed {
    pub(crate) partner: u32,
    /// Its row, which has the name of today.
    pub(crate) row: u32,
    pub(crate) opportunity_id: String,
    /// At least two, as written.
    pub(crate) names: Vec<String>,
}

/// A row with the first bytes of its id, so that most comparisons need no look at the text.
struct Identified {
    at: RowAt,
    prefix: u64,
}

/// Merges all versions of all opportunities.
pub(crate) fn merge(
    pile: &mut Pile,
    partners: &Partners,
    earlier: &Earlier<'_>,
    corrections: &mut Corrections<'_>,
    notes: &mut Notes,
) -> Merged {
    let mut moves = vec![Moves::default(); pile.files.len()];
    let (rows, rejects) = usable_rows(pile, &mut moves);
    let exports = Exports::of(pile, &rows, partners);
    let mut merging = Merging::new(pile, partners, earlier, moves);
    let rows = sorted_versions(pile, &merging.ids, rows);
    let ids = pile.texts("opportunity_id");
    for versions in rows.chunk_by(|a, b| a.partner == b.partner && ids.get(*a) == ids.get(*b)) {
        if let Some(correction) = merging.excluding(versions, corrections) {
            merging.exclude(versions, correction, notes);
            continue;
        }
        if let Some(reason) = exports.gone(pile, versions) {
            merging.found.push((merging.base.len() as u32, FindingCode::GoneFromExport, reason));
        }
        merging.add(versions, &corrections.settled, notes);
    }
    notes.findings.extend(merging.undated.told(pile, partners));
    let Merging { base, exchanges, furthest, moves, provenance, found, renamed, account_given, .. } = merging;
    let (launched_since, history) = (merging.launched_since, merging.history);
    let stages = history.finish();
    drop(rows);
    let mut frame = pile.gather(&base, &exchanges);
    frame.set("furthest_stage_rank", Arc::new(Int32Array::from(furthest)));
    Merged {
        frame,
        history: History { found, renamed, account_given, launched_since, exports },
        moves,
        rejects,
        provenance,
        stages,
    }
}

fn usable_rows(pile: &Pile, moves: &mut [Moves]) -> (Vec<RowAt>, Vec<Reject>) {
    let (rows, strays) = pile.rows();
    let ids = pile.texts("opportunity_id");
    let (rows, nameless): (Vec<_>, Vec<_>) = rows.into_iter().partition(|at| ids.get(*at).is_some());
    strays.iter().chain(&nameless).for_each(|at| moves[pile.file_of(*at)].rejected += 1);
    let strays = strays.iter().map(|at| pile.reject(*at, RejectReason::MissingPartner));
    let nameless = nameless.iter().map(|at| pile.reject(*at, RejectReason::MissingId));
    (rows, strays.chain(nameless).collect())
}

fn sorted_versions(pile: &Pile, ids: &Texts<'_>, rows: Vec<RowAt>) -> Vec<RowAt> {
    let id = |at| ids.get(at).unwrap_or_default();
    let mut rows: Vec<_> = rows.into_iter().map(|at| Identified { at, prefix: prefix(id(at)) }).collect();
    rows.par_sort_unstable_by(|a, b| {
        let ids = || id(a.at).cmp(id(b.at));
        let same = a.at.partner.cmp(&b.at.partner).then(a.prefix.cmp(&b.prefix)).then_with(ids);
        if same == Ordering::Equal { pile.compare_versions(a.at, b.at) } else { same }
    });
    rows.into_iter().map(|row| row.at).collect()
}

fn prefix(id: &str) -> u64 {
    let mut bytes = [0; 8];
    let length = id.len().min(8);
    bytes[..length].copy_from_slice(&id.as_bytes()[..length]);
    u64::from_be_bytes(bytes)
}

struct Merging<'a> {
    pile: &'a Pile,
    partners: &'a Partners,
    earlier: &'a Earlier<'a>,
    ids: Texts<'a>,
    stages: Texts<'a>,
    /// Columns that are merged: place in the pile and name.
    columns: Vec<(usize, &'static str)>,
    /// Per file rank and merged column.
    supplied: Vec<Vec<bool>>,
    /// Which of the merged columns is the stage.
    stage: usize,
    /// Which of them is the AWS account.
    account: usize,
    /// Which of them is the monthly amount.
    monthly: usize,
    /// Those that AWS decides: how it takes part, and whose opportunity it is.
    decided_by_aws: [usize; 2],
    /// Per file rank, whether it holds AWS's side of the partner's opportunities: AWS's stage without theirs.
    of_aws: Vec<bool>,
    base: Vec<RowAt>,
    exchanges: Exchanges,
    furthest: Vec<Option<i32>>,
    moves: Vec<Moves>,
    provenance: Vec<ProvenanceRow>,
    found: Vec<(u32, FindingCode, String)>,
    names: Texts<'a>,
    renamed: Vec<Renamed>,
    account_given: Vec<bool>,
    launched_since: HashMap<u32, (i32, i32)>,
    targets: Dates<'a>,
    history: Stages<'a>,
    amounts: Amounts<'a>,
    undated: Undated,
}

impl<'a> Merging<'a> {
    fn new(pile: &'a Pile, partners: &'a Partners, earlier: &'a Earlier<'a>, moves: Vec<Moves>) -> Self {
        let names = pile.table.ingested_columns().map(|column| column.name).enumerate();
        let columns: Vec<_> = names.filter(|(_, name)| !["partner_id", "opportunity_id"].contains(name)).collect();
        let which = |wanted| columns.iter().position(|(_, name)| *name == wanted).expect("a column of opportunities");
        let (stage, account, monthly) = (which("stage"), which("customer_aws_account_id"), which("mrr_usd"));
        let decided_by_aws = ["involvement", "origin"].map(which);
        let of_file = |file: &Arc<FileRecord>| columns.iter().map(|(_, name)| file.has(name)).collect();
        let supplied = pile.files.iter().map(of_file).collect();
        let of_aws = pile.files.iter().map(|file| file.has("aws_stage") && !file.has("stage")).collect();
        Self {
            pile,
            partners,
            earlier,
            ids: pile.texts("opportunity_id"),
            stages: pile.texts("stage"),
            columns,
            supplied,
            stage,
            account,
            monthly,
            decided_by_aws,
            of_aws,
            base: Vec::new(),
            exchanges: Exchanges::new(),
            furthest: Vec::new(),
            moves,
            provenance: Vec::new(),
            found: Vec::new(),
            names: pile.texts("customer_name"),
            renamed: Vec::new(),
            account_given: Vec::new(),
            launched_since: HashMap::new(),
            targets: pile.dates("target_close_date"),
            history: Stages::new(pile),
            amounts: pile.amounts("mrr_usd"),
            undated: Undated::default(),
        }
    }

    /// The correction that excludes the opportunity with these versions; others are noted.
    fn excluding<'c>(&self, versions: &[RowAt], corrections: &mut Corrections<'c>) -> Option<&'c Correction> {
        if corrections.is_empty() {
            return None;
        }
        let place = |at: &RowAt| {
            let file = self.pile.file_of(*at);
            (self.pile.path(file).as_ref(), self.pile.sheet(file).as_ref(), self.pile.line(*at))
        };
        let partner_id = self.partners.name(versions[0].partner);
        corrections.meet(self.base.len() as u32, partner_id, self.ids.get(versions[0]), versions.iter().map(place))
    }

    fn exclude(&mut self, versions: &[RowAt], by: &Correction, notes: &mut Notes) {
        versions.iter().for_each(|at| self.moves[self.pile.file_of(*at)].superseded += 1);
        let newest = versions[versions.len() - 1];
        let id = self.ids.get(newest).unwrap_or_default();
        note_excluded(notes, self.partners.name(newest.partner), id, &self.pile.position(newest), by);
    }

    /// Adds the opportunity with these versions, oldest first.
    fn add(&mut self, versions: &[RowAt], settled: &Settled, notes: &mut Notes) {
        let main = self.newest_with(versions, self.stage).unwrap_or(versions.len() - 1);
        let ranks = versions.iter().map(|at| self.stages.get(*at).and_then(stage_rank));
        self.furthest.push(ranks.max().flatten());
        self.account_given.push(self.newest_with(versions, self.account).is_some());
        let id = self.ids.get(versions[main]).unwrap_or_default();
        self.history.add(self.partners.name(versions[main].partner), id, versions);
        if versions.len() > 1 {
            if self.undated.note(self.pile, versions) {
                notes.mark(TableId::Opportunities, self.base.len() as u32, FindingCode::UndatedExport);
            }
            self.compare(versions);
            self.note_launch(versions);
            self.note_names(versions);
            self.exchange(versions, main, settled, notes);
        }
        self.base.push(versions[main]);
    }

    /// Notes what the versions tell about each other.
    fn compare(&mut self, versions: &[RowAt]) {
        let used = self.newest_with(versions, self.monthly);
        let part = used.and_then(|used| part_before(self.pile, &self.amounts, versions, used));
        let row = self.base.len() as u32;
        let told = contradiction(self.pile, versions).into_iter().chain(part);
        self.found.extend(told.map(|(code, detail)| (row, code, detail)));
    }

    /// Notes since when, without a break, the versions say that it is launched.
    fn note_launch(&mut self, versions: &[RowAt]) {
        let told = versions.iter().rev().filter_map(|at| Some((self.stages.get(*at)?, at)));
        let launched = told.take_while(|(stage, _)| *stage == "Launched");
        let day = |at: RowAt| known_snapshot(&self.pile.files[self.pile.file_of(at)]);
        let first = launched.filter_map(|(_, at)| Some((day(*at)?, self.targets.get(*at)?))).last();
        let newest = versions.iter().filter_map(|at| day(*at)).max();
        if let Some(first) = first.filter(|(day, _)| Some(*day) < newest) {
            self.launched_since.insert(self.base.len() as u32, first);
        }
    }

    /// Notes where the customer is named in several ways.
    fn note_names(&mut self, versions: &[RowAt]) {
        let mut names: Vec<&str> = versions.iter().filter_map(|at| self.names.get(*at)).collect();
        names.sort_unstable();
        names.dedup();
        if names.len() > 1 {
            let names = names.into_iter().map(str::to_owned).collect();
            let opportunity_id = self.ids.get(versions[0]).unwrap_or_default().to_owned();
            let (partner, row) = (versions[0].partner, self.base.len() as u32);
            self.renamed.push(Renamed { partner, row, opportunity_id, names });
        }
    }

    fn newest_with(&self, versions: &[RowAt], column: usize) -> Option<usize> {
        versions.iter().rposition(|at| self.supplied[self.pile.file_of(*at)][column])
    }

    /// The version whose value of a column counts: the newest that has the column. How AWS takes part and whose an opportunity
    /// is AWS itself knows: its side goes before the partner's of the same day.
    fn winner(&self, versions: &[RowAt], column: usize) -> Option<usize> {
        let newest = self.newest_with(versions, column)?;
        if !self.decided_by_aws.contains(&column) {
            return Some(newest);
        }
        let (place, _) = self.columns[column];
        let day = |at: &RowAt| self.pile.files[self.pile.file_of(*at)].known_snapshot();
        let of_aws = |at: &RowAt| {
            self.of_aws[self.pile.file_of(*at)] && !self.pile.is_null(place, *at) && day(at) == day(&versions[newest])
        };
        Some(versions.iter().rposition(of_aws).unwrap_or(newest))
    }

    fn exchange(&mut self, versions: &[RowAt], main: usize, settled: &Settled, notes: &mut Notes) {
        let mut merged = vec![false; versions.len()];
        let id = self.ids.get(versions[main]).unwrap_or_default();
        let names = (Arc::clone(self.partners.name(versions[main].partner)), Arc::from(id));
        for column in 0..self.columns.len() {
            let winner = self.winner(versions, column).filter(|winner| *winner != main);
            let Some(winner) = winner.filter(|winner| self.tells(versions[main], versions[*winner], column)) else {
                continue;
            };
            let row = (self.base.len() as u32, versions[winner]);
            self.exchanges.entry(self.columns[column].1).or_default().push(row);
            self.provenance.push(self.provenance_row(&names, column, versions[winner]));
            merged[winner] = true;
        }
        for (version, at) in versions.iter().enumerate().filter(|(version, _)| *version != main) {
            self.book(*at, merged[version], settled, notes);
        }
    }

    /// Whether `winner` has something to say in a column: a value, or a blank in place of one.
    fn tells(&self, main: RowAt, winner: RowAt, column: usize) -> bool {
        let (place, _) = self.columns[column];
        !self.pile.is_null(place, winner) || !self.pile.is_null(place, main)
    }

    fn provenance_row(&self, names: &(Arc<str>, Arc<str>), column: usize, at: RowAt) -> ProvenanceRow {
        let file = self.pile.file_of(at);
        ProvenanceRow {
            partner_id: Arc::clone(&names.0),
            table: TableId::Opportunities.name(),
            row_id: Arc::clone(&names.1),
            column_name: self.columns[column].1,
            source_file: Arc::clone(self.pile.path(file)),
            source_sheet: Arc::clone(self.pile.sheet(file)),
            source_line: self.pile.line(at),
        }
    }

    fn book(&mut self, at: RowAt, merged: bool, settled: &Settled, notes: &mut Notes) {
        let file = self.pile.file_of(at);
        if !merged {
            self.moves[file].superseded += 1;
            return;
        }
        self.moves[file].merged += 1;
        let place = (self.pile.path(file).as_ref(), self.pile.sheet(file).as_ref(), self.pile.line(at));
        let codes = self.earlier.at(TableId::Opportunities, place, settled);
        codes.for_each(|code: FindingCode| notes.mark(TableId::Opportunities, self.base.len() as u32, code));
    }
}
