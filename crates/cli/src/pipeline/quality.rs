//! What was noticed: rejects, findings, the ledger, links and provenance.

use aceq_model::{Finding, LedgerEntry, Reject, TableId};
use aceq_resolve::{CustomerLink, LedgerMoves, ProvenanceRow};

/// What was noticed about some files or some partners.
#[derive(Clone, Debug, Default)]
pub struct Quality {
    /// Rows and cells that could not be read.
    pub rejects: Vec<Reject>,
    /// Suspicious rows.
    pub findings: Vec<Finding>,
    /// Where each file's records went.
    pub ledger: Vec<(TableId, LedgerEntry)>,
    /// Records to be moved out of `accepted`.
    pub moves: LedgerMoves,
    /// Why customers were joined.
    pub links: Vec<CustomerLink>,
    /// Columns from other files.
    pub provenance: Vec<ProvenanceRow>,
}

impl Quality {
    /// Adds `other`; call [`Self::settle`] once everything is there.
    pub fn add(&mut self, other: Self) {
        self.rejects.extend(other.rejects);
        self.findings.extend(other.findings);
        self.ledger.extend(other.ledger);
        for (place, moves) in other.moves {
            let total = self.moves.entry(place).or_default();
            total.merged += moves.merged;
            total.superseded += moves.superseded;
            total.rejected += moves.rejected;
        }
        self.links.extend(other.links);
        self.provenance.extend(other.provenance);
    }

    /// Moves merged, superseded and rejected records out of `accepted`, and sorts everything.
    pub fn settle(&mut self) {
        for (_, entry) in &mut self.ledger {
            let Some(moves) = self.moves.get(&(entry.file.clone(), entry.sheet.clone())) else { continue };
            entry.accepted -= moves.merged + moves.superseded + moves.rejected;
            entry.merged += moves.merged;
            entry.superseded += moves.superseded;
            entry.rejected += moves.rejected;
            assert!(entry.balances(), "every record of {} is accounted for: {entry:?}", entry.file);
        }
        self.moves.clear();
        self.rejects.sort();
        self.findings.sort_by(|a, b| {
            (&a.partner_id, a.table, &a.row_id, a.code, &a.position).cmp(&(
                &b.partner_id,
                b.table,
                &b.row_id,
                b.code,
                &b.position,
            ))
        });
        self.ledger.sort_by(|a, b| a.1.cmp(&b.1));
        self.links.sort();
        self.provenance.sort();
    }
}
