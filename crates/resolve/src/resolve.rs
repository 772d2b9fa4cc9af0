//! The order of the steps.

use crate::attestations::{find_disagreements, find_unknown_case_studies};
use crate::case_studies::{find_similar_ids, look_up};
use crate::corrections::{Corrections, Settled, SettledCell, tell_doubts};
use crate::firmographics;
use crate::frame::Frame;
use crate::identity::{self, StatementsUsed};
use crate::moves::{LedgerMoves, book};
use crate::notes::{Earlier, Notes};
use crate::opportunities::{History, Renamed, derive, merge, suspect};
use crate::partners::Partners;
use crate::people::find_similar_people;
use crate::pile::Pile;
use crate::published::{CustomerLink, ProvenanceRow};
use crate::records;
use crate::rosters::{self, find_repeated_keys};
use crate::settings::Settings;
use crate::undated::undated_rosters;
use aceq_model::{Bucket, Finding, FindingAt, FindingCode, Reject, TableId, TypedRows, stage_rank};
use arrow::array::{AsArray, Int32Array, RecordBatch};
use arrow::datatypes::Int32Type;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What comparing rows across files comes to. Every list is sorted.
#[derive(Clone, Debug, Default)]
pub struct Resolved {
    /// The canonical rows.
    pub bucket: Bucket,
    /// Records to be moved out of `accepted` in the ledger of their file.
    pub ledger: LedgerMoves,
    /// Findings raised here; those handed in are not repeated.
    pub findings: Vec<Finding>,
    /// Rows that could not be used here: without a partner, opportunities without an id.
    pub rejects: Vec<Reject>,
    /// Why customer names were joined.
    pub links: Vec<CustomerLink>,
    /// Columns that come from another file than the row they stand in.
    pub provenance: Vec<ProvenanceRow>,
    /// Rows of `stage_history`, by partner, opportunity and step; `None` without opportunities.
    pub stage_history: Option<RecordBatch>,
    /// Places in [`Settings::corrections`] of those that met a row.
    pub corrections_used: BTreeSet<usize>,
    /// Places in [`Settings::corrections`] of those that mean a line on which several records stand.
    pub corrections_ambiguous: BTreeSet<usize>,
    /// Pairs of places in [`Settings::corrections`] that say different things about one row.
    pub corrections_contradicting: BTreeSet<(usize, usize)>,
    /// Statements about two customer names that met both.
    pub statements_used: StatementsUsed,
    /// What corrections settle: findings of reading about it say nothing any more.
    pub settled: Vec<SettledCell>,
}

/// A stage that the user supplies has been reached.
fn correct_furthest_stage(frame: &mut Frame, corrections: &Corrections<'_>) {
    if corrections.supplies("stage") {
        let ranks = frame.text("stage").iter().map(|stage| stage.and_then(stage_rank));
        let furthest = frame.column("furthest_stage_rank").as_primitive::<Int32Type>().iter();
        let furthest: Int32Array = furthest.zip(ranks).map(|(known, stated)| known.max(stated)).collect();
        frame.set("furthest_stage_rank", Arc::new(furthest));
    }
}

/// Compares all typed rows of some partners and returns their canonical rows.
///
/// `present` names the tables of which any file was given, for whichever partner; a table of it without rows here
/// becomes an empty batch. `rows` holds all rows of these partners, from files that differ in content, with the partner
/// filled in. `ingest_findings` are the findings raised while reading: those about single rows reach the `findings`
/// column of the canonical row they went into.
///
/// Pure: the order of `rows`, of rows within them and the number of threads change nothing.
pub fn resolve(
    present: &BTreeSet<TableId>,
    rows: Vec<TypedRows>,
    ingest_findings: &[FindingAt<'_>],
    settings: &Settings,
) -> Resolved {
    let partners = Partners::of(&rows);
    let mut resolving = Resolving::new(&partners, settings, Earlier::new(ingest_findings));
    for (table, rows) in by_table(present, rows) {
        resolving.settle(Pile::new(table, rows, &partners));
    }
    let renamed = resolving.history.as_ref().map_or(&[][..], |history| history.renamed.as_slice());
    let (links, used) = identity::assign(&mut resolving.frames, &partners, renamed, settings, &mut resolving.notes);
    resolving.resolved.statements_used = used;
    resolving.derive();
    resolving.compare_tables();
    resolving.finish(links)
}

fn by_table(present: &BTreeSet<TableId>, rows: Vec<TypedRows>) -> BTreeMap<TableId, Vec<TypedRows>> {
    let mut tables: BTreeMap<_, Vec<_>> = present.iter().map(|table| (*table, Vec::new())).collect();
    for rows in rows {
        tables.entry(rows.file.table).or_default().push(rows);
    }
    tables
}

/// What is collected on the way.
struct Resolving<'a> {
    partners: &'a Partners,
    settings: &'a Settings,
    earlier: Earlier<'a>,
    notes: Notes,
    frames: BTreeMap<TableId, Frame>,
    history: Option<History>,
    settled: BTreeMap<TableId, Settled>,
    resolved: Resolved,
}

impl<'a> Resolving<'a> {
    fn new(partners: &'a Partners, settings: &'a Settings, earlier: Earlier<'a>) -> Self {
        let (notes, frames, settled) = (Notes::default(), BTreeMap::new(), BTreeMap::new());
        Self { partners, settings, earlier, notes, frames, history: None, settled, resolved: Resolved::default() }
    }

    /// Decides which rows of a table stay.
    fn settle(&mut self, mut pile: Pile) {
        let table = pile.id;
        self.notes.findings.extend(undated_rosters(&pile, self.partners));
        let mut corrections = Corrections::of(table, &self.settings.corrections);
        let records = records::correct(&mut pile, self.partners, &mut corrections, &mut self.notes);
        let (frame, moves, rejects) = if table == TableId::Opportunities {
            let mut merged = merge(&mut pile, self.partners, &self.earlier, &mut corrections, &mut self.notes);
            corrections.supply(&mut merged.frame);
            let supplied = corrections.trace(&merged.frame);
            correct_furthest_stage(&mut merged.frame, &corrections);
            records.trace(&merged.frame, &mut merged.provenance);
            // Where the user states the name, the exports' names tell nothing.
            let names = supplied.iter().filter(|cell| cell.column_name == "customer_name");
            let stated: BTreeSet<(&str, &str)> = names.map(|cell| (&*cell.partner_id, &*cell.row_id)).collect();
            let is_stated =
                |one: &Renamed| stated.contains(&(&**self.partners.name(one.partner), &*one.opportunity_id));
            merged.history.renamed.retain(|one| !is_stated(one));
            self.trace(merged.provenance, supplied);
            self.resolved.stage_history = Some(merged.stages);
            self.history = Some(merged.history);
            (merged.frame, merged.moves, merged.rejects)
        } else {
            let default_partner = self.settings.default_partner.as_deref();
            let mut settled =
                rosters::settle(&mut pile, self.partners, default_partner, &mut corrections, &mut self.notes);
            records.trace(&settled.frame, &mut settled.merged);
            self.trace(settled.merged, settled.supplied);
            (settled.frame, settled.moves, settled.rejects)
        };
        self.resolved.corrections_used.extend(corrections.used);
        self.resolved.corrections_contradicting.extend(corrections.contradicting);
        self.resolved.corrections_ambiguous.extend(corrections.ambiguous);
        let settled = corrections.settled.only_single(&pile);
        self.resolved.settled.extend(settled.cells(table));
        self.settled.insert(table, settled);
        book(&mut self.resolved.ledger, &pile, &moves);
        self.resolved.rejects.extend(rejects);
        self.frames.insert(table, frame);
    }

    /// Publishes where columns come from; a corrected cell comes from the correction.
    fn trace(&mut self, merged: Vec<ProvenanceRow>, supplied: Vec<ProvenanceRow>) {
        fn cell(row: &ProvenanceRow) -> (&str, &str, &str) {
            (&row.partner_id, &row.row_id, row.column_name)
        }
        let corrected: BTreeSet<_> = supplied.iter().map(cell).collect();
        self.resolved.provenance.extend(merged.into_iter().filter(|row| !corrected.contains(&cell(row))));
        self.resolved.provenance.extend(supplied);
    }

    /// Fills the derived columns of opportunities.
    fn derive(&mut self) {
        let Some(mut opportunities) = self.frames.remove(&TableId::Opportunities) else { return };
        let differ = firmographics::apply(&mut opportunities, self.frames.get(&TableId::Customers));
        derive(&mut opportunities, self.settings);
        for (row, detail) in differ {
            self.notes.raise(&opportunities, row, FindingCode::SegmentDisagrees, detail);
        }
        if let Some(history) = &self.history {
            suspect(&opportunities, history, self.settings, &mut self.notes);
        }
        self.frames.insert(TableId::Opportunities, opportunities);
    }

    /// Looks at what takes more than one row or table to see.
    fn compare_tables(&mut self) {
        identity::find_doubtful_accounts(&self.frames, &mut self.notes);
        if let Some(mut case_studies) = self.frames.remove(&TableId::CaseStudies) {
            look_up(&mut case_studies, self.frames.get(&TableId::Opportunities), &mut self.notes);
            find_similar_ids(&case_studies, &mut self.notes);
            self.frames.insert(TableId::CaseStudies, case_studies);
        }
        if let Some(customers) = self.frames.get(&TableId::Customers) {
            firmographics::find_conflicts(customers, &mut self.notes);
        }
        for frame in self.frames.values() {
            find_repeated_keys(frame, &mut self.notes);
        }
        find_similar_people(&self.frames, &mut self.notes);
        if let Some(attestations) = self.frames.get(&TableId::Attestations) {
            find_disagreements(attestations, &mut self.notes);
            find_unknown_case_studies(attestations, self.frames.get(&TableId::CaseStudies), &mut self.notes);
        }
    }

    fn finish(self, links: Vec<CustomerLink>) -> Resolved {
        let Self { partners, settings, earlier, mut notes, frames, settled, mut resolved, .. } = self;
        for (table, frame) in &frames {
            notes.mark_earlier(frame, &earlier, &settled[table]);
            tell_doubts(frame, &settings.corrections, &resolved.provenance, &mut notes);
        }
        let tables = frames.into_iter().map(|(table, mut frame)| {
            frame.set("findings", notes.column(table, frame.len()));
            (table, frame.finish())
        });
        resolved.bucket = Bucket { tables: tables.collect(), partners: partners.names() };
        resolved.rejects.sort_unstable();
        resolved.provenance.sort_unstable();
        // A correction that meets two versions of a row says one thing.
        resolved.provenance.dedup();
        Resolved { findings: notes.into_sorted(), links, ..resolved }
    }
}
