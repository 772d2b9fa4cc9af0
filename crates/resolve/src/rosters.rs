//! Every table but opportunities: older rosters give way, repeated rows are told once.

use crate::corrections::{Correction, Corrections, note_excluded};
use crate::frame::Frame;
use crate::moves::Moves;
use crate::notes::Notes;
use crate::partners::Partners;
use crate::pile::{Exchanges, Pile, RowAt, known_snapshot};
use crate::published::ProvenanceRow;
use crate::repeats::{Gathering, Repeats, repeats};
use aceq_model::{Reject, RejectReason, person_key};
use arrow::array::{Array, StringArray};
use rayon::slice::ParallelSliceMut;
use std::collections::HashMap;
use std::sync::Arc;

/// The canonical rows of one table, and what became of the others by the rank of their file.
pub(crate) struct Settled {
    pub(crate) frame: Frame,
    pub(crate) moves: Vec<Moves>,
    pub(crate) rejects: Vec<Reject>,
    pub(crate) provenance: Vec<ProvenanceRow>,
}

/// Settles one table.
pub(crate) fn settle(
    pile: &mut Pile,
    partners: &Partners,
    default_partner: Option<&str>,
    corrections: &mut Corrections<'_>,
    notes: &mut Notes,
) -> Settled {
    let rule = repeats(pile.id);
    let mut moves = vec![Moves::default(); pile.files.len()];
    let (mut rows, strays) = pile.rows();
    strays.iter().for_each(|at| moves[pile.file_of(*at)].rejected += 1);
    let rejects = strays.iter().map(|at| pile.reject(*at, RejectReason::MissingPartner)).collect();
    if rule.gathering == Gathering::Replace {
        let newest = newest_snapshots(pile, &rows, partners, default_partner);
        let current = |at: &RowAt| known_snapshot(&pile.files[pile.file_of(*at)]) == newest[at.partner as usize];
        rows.iter().filter(|at| !current(at)).for_each(|at| moves[pile.file_of(*at)].superseded += 1);
        rows.retain(current);
    }
    rows.par_sort_unstable_by(|a, b| a.partner.cmp(&b.partner).then_with(|| pile.compare_versions(*a, *b)));
    let mut frame = pile.gather(&rows, &Exchanges::new());
    add_person_key(&mut frame);
    let excluded = excluded(&frame, corrections);
    corrections.supply(&mut frame);
    add_person_key(&mut frame);
    let provenance = corrections.trace(&frame);
    let mut kept = newest_of_each(&frame, &rule);
    for (row, correction) in excluded {
        if std::mem::take(&mut kept[row]) {
            let partner_id = frame.text("partner_id").value(row);
            note_excluded(notes, partner_id, &frame.row_id(row), &frame.position(row), correction);
        }
    }
    rows.iter().zip(&kept).filter(|(_, kept)| !**kept).for_each(|(at, _)| moves[pile.file_of(*at)].superseded += 1);
    Settled { frame: sorted(frame, &kept), moves, rejects, provenance }
}

/// Rows that a correction excludes; corrections that supply values are noted.
fn excluded<'c>(frame: &Frame, corrections: &mut Corrections<'c>) -> Vec<(usize, &'c Correction)> {
    if corrections.is_empty() {
        return Vec::new();
    }
    let excluding = |row: usize| {
        let position = frame.position(row);
        let place = (position.file.as_str(), position.sheet.as_str(), frame.lines().value(row));
        let partner_id = frame.text("partner_id").value(row);
        let correction = corrections.meet(row as u32, partner_id, Some(&frame.row_id(row)), std::iter::once(place));
        correction.map(|correction| (row, correction))
    };
    (0..frame.len()).filter_map(excluding).collect()
}

/// Per partner rank the newest known snapshot of its rosters; unknown is older than any known day.
fn newest_snapshots(pile: &Pile, rows: &[RowAt], partners: &Partners, default: Option<&str>) -> Vec<Option<i32>> {
    let mut newest = vec![None; partners.len()];
    for at in rows {
        let snapshot = known_snapshot(&pile.files[pile.file_of(*at)]);
        newest[at.partner as usize] = snapshot.max(newest[at.partner as usize]);
    }
    if let Some(default) = default.and_then(|default| partners.rank(default)) {
        let silent = pile.empty_files().filter(|file| !file.has("partner_id")).map(known_snapshot);
        newest[default as usize] = silent.max().flatten().max(newest[default as usize]);
    }
    newest
}

fn add_person_key(frame: &mut Frame) {
    if frame.table.column("person_key").is_none() {
        return;
    }
    let (emails, names) = (frame.text("email"), frame.text("person_name"));
    let masked = |row| frame.has("masked") && frame.flag("masked").is_valid(row) && frame.flag("masked").value(row);
    let cell = |texts: &'_ StringArray, row| texts.is_valid(row).then(|| texts.value(row).to_owned());
    let key = |row| person_key(cell(emails, row).as_deref(), cell(names, row).as_deref(), masked(row));
    let keys: StringArray = (0..frame.len()).map(key).collect();
    frame.set("person_key", Arc::new(keys));
}

/// Per row whether it is the newest of those that repeat each other; `frame` must be in order of version.
fn newest_of_each(frame: &Frame, rule: &Repeats) -> Vec<bool> {
    let every: Vec<_> = frame.table.ingested_columns().map(|column| column.name).collect();
    let bytes = frame.comparable(if rule.key.is_empty() { &every } else { rule.key });
    let single = |row: usize| rule.unless_null.is_some_and(|name| frame.column(name).is_null(row));
    let mut newest = HashMap::new();
    let mut kept = vec![true; frame.len()];
    for row in (0..frame.len()).filter(|row| !single(*row)) {
        if let Some(older) = newest.insert(bytes.row(row), row) {
            kept[older] = false;
        }
    }
    kept
}

/// The kept rows by partner, then the table's key, then everything else.
fn sorted(frame: Frame, kept: &[bool]) -> Frame {
    let columns = frame.table.columns.iter().map(|column| column.name);
    let rest = columns.filter(|name| frame.has(name) && *name != "partner_id");
    let names: Vec<_> = frame.table.key.iter().copied().chain(rest).collect();
    let bytes = frame.comparable(&names);
    let mut order: Vec<_> = (0..).zip(kept).filter(|(_, kept)| **kept).map(|(row, _): (u32, _)| row).collect();
    order.par_sort_unstable_by(|a, b| bytes.row(*a as usize).cmp(&bytes.row(*b as usize)));
    drop(bytes);
    frame.reordered(order)
}
