//! What was noticed: rejects, findings, the ledger, links and provenance.

use super::corrections::Used;
use crate::error::CliError;
use aceq_model::{FindingAt, FindingCode, LedgerEntry, TableId};
use aceq_resolve::{CustomerLink, LedgerMoves, ProvenanceRow, SettledCell};
use aceq_store::{Findings, Rejects};
use arrow::array::RecordBatch;
use std::collections::BTreeSet;

/// What was noticed about some files or some partners.
#[derive(Clone, Debug, Default)]
pub struct Quality {
    /// Rows and cells that could not be read.
    pub rejects: Rejects,
    /// Suspicious rows.
    pub findings: Findings,
    /// Where each file's records went.
    pub ledger: Vec<(TableId, LedgerEntry)>,
    /// Records to be moved out of `accepted`.
    pub moves: LedgerMoves,
    /// Why customers were joined.
    pub links: Vec<CustomerLink>,
    /// Columns from other files.
    pub provenance: Vec<ProvenanceRow>,
    /// States of the opportunities of one bucket; not kept when qualities are added.
    pub stage_history: Option<RecordBatch>,
    /// What corrections have settled.
    pub settled: BTreeSet<SettledCell>,
    /// Corrections that one bucket used; not kept when qualities are added.
    pub used: Used,
    /// What was noticed when the dataset that is read was published.
    pub published: Noticed,
}

/// How much was noticed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Noticed {
    /// Rows and cells that could not be read.
    pub rejects: u64,
    /// Suspicious rows.
    pub findings: u64,
}

impl Quality {
    /// Adds `other`; call [`Self::settle`] once everything is there.
    ///
    /// # Errors
    /// When rejects or findings have outgrown their memory and the disk fails.
    pub fn add(&mut self, other: Self) -> Result<(), CliError> {
        self.rejects.append(&other.rejects)?;
        self.findings.append(&other.findings)?;
        self.ledger.extend(other.ledger);
        for (place, moves) in other.moves {
            let total = self.moves.entry(place).or_default();
            total.merged += moves.merged;
            total.superseded += moves.superseded;
            total.rejected += moves.rejected;
        }
        self.published.rejects += other.published.rejects;
        self.published.findings += other.published.findings;
        self.links.extend(other.links);
        self.provenance.extend(other.provenance);
        self.settled.extend(other.settled);
        Ok(())
    }

    /// How much was noticed, now or when the dataset was published.
    pub fn noticed(&self) -> Noticed {
        Noticed {
            rejects: self.published.rejects + self.rejects.len() as u64,
            findings: self.published.findings + self.findings.len() as u64,
        }
    }

    /// Moves merged, superseded and rejected records out of `accepted`, forgets the findings that corrections have settled,
    /// and sorts everything.
    ///
    /// # Errors
    /// When findings have outgrown their memory and the disk fails. When a file's records do not add up: no data can cause
    /// that, a bug can; an answer that may have lost rows is none, so nothing is shown or published.
    pub fn settle(&mut self) -> Result<(), CliError> {
        let mut moves = std::mem::take(&mut self.moves);
        for (_, entry) in &mut self.ledger {
            let moved = moves.remove(&(entry.file.clone(), entry.sheet.clone())).unwrap_or_default();
            let left = entry.accepted.checked_sub(moved.merged + moved.superseded + moved.rejected);
            entry.accepted = left.ok_or_else(|| unbalanced(&entry.file))?;
            entry.merged += moved.merged;
            entry.superseded += moved.superseded;
            entry.rejected += moved.rejected;
            if !entry.balances() {
                return Err(unbalanced(&entry.file));
            }
        }
        if let Some((file, _)) = moves.keys().next() {
            return Err(unbalanced(file));
        }
        self.rejects.sort();
        let settled = std::mem::take(&mut self.settled);
        if !settled.is_empty() {
            self.findings.retain(|found| !is_settled(found, &settled));
        }
        self.findings.sort()?;
        self.ledger.sort_by(|a, b| a.1.cmp(&b.1));
        self.links.sort();
        self.provenance.sort();
        Ok(())
    }
}

/// Whether a correction has settled what was found: it is about a cell that was supplied, or a record that was left out.
/// That a record was left out stays told.
fn is_settled(found: FindingAt<'_>, settled: &BTreeSet<SettledCell>) -> bool {
    let FindingAt { table, file, sheet, line, column, code } = found;
    let cell = |column| {
        let (file, sheet) = (file.to_owned(), sheet.to_owned());
        SettledCell { table, file, sheet, line: i64::try_from(line).unwrap_or(i64::MAX), column }
    };
    let is_told = matches!(code, FindingCode::ExcludedRow | FindingCode::SuppliedRecord);
    !is_told && ((column.is_some() && settled.contains(&cell(column))) || settled.contains(&cell(None)))
}

fn unbalanced(file: &str) -> CliError {
    CliError::Unbalanced { file: file.to_owned() }
}
