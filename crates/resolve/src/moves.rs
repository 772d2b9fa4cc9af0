//! What the comparison of rows moves in the ledger of their files.

use crate::pile::Pile;
use std::collections::BTreeMap;

/// Records of one sheet of one file that did not become a canonical row of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moves {
    /// Records that supplied values to another file's row.
    pub merged: u64,
    /// Records that a newer state or a duplicate replaced.
    pub superseded: u64,
    /// Records without a partner or an id, which cannot be compared with anything.
    pub rejected: u64,
}

/// Moves by (file, sheet). Sheets of which nothing moved are left out.
pub type LedgerMoves = BTreeMap<(String, String), Moves>;

/// Adds moves counted by the rank of the file to the ledger.
pub(crate) fn book(ledger: &mut LedgerMoves, pile: &Pile, counted: &[Moves]) {
    let excluded = |moves: &Moves, excluded: &u64| Moves { superseded: moves.superseded + excluded, ..*moves };
    let counted: Vec<Moves> = counted.iter().zip(&pile.excluded).map(|(moves, out)| excluded(moves, out)).collect();
    let moved = counted.iter().enumerate().filter(|(_, moves)| **moves != Moves::default());
    for (file, moves) in moved {
        let entry = ledger.entry((pile.path(file).to_string(), pile.sheet(file).to_string())).or_default();
        entry.merged += moves.merged;
        entry.superseded += moves.superseded;
        entry.rejected += moves.rejected;
    }
}
