//! Every table but opportunities: older rosters give way, repeated rows are told once.

mod contradictions;
mod versions;

pub(crate) use contradictions::find_repeated_keys;

use crate::corrections::{Correction, Corrections, note_excluded};
use crate::frame::Frame;
use crate::moves::Moves;
use crate::notes::Notes;
use crate::partners::Partners;
use crate::pile::{Exchanges, Pile, RowAt, known_snapshot};
use crate::published::ProvenanceRow;
use crate::repeats::{Gathering, Repeats, repeats};
use aceq_model::{Finding, FindingCode, Position, Reject, RejectReason, date_from_days, person_key};
use arrow::array::{Array, StringArray};
use rayon::slice::ParallelSliceMut;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use versions::{Merged, Supplied};

/// The canonical rows of one table, and what became of the others by the rank of their file.
pub(crate) struct Settled {
    pub(crate) frame: Frame,
    pub(crate) moves: Vec<Moves>,
    pub(crate) rejects: Vec<Reject>,
    /// Cells that come from an older version of their row.
    pub(crate) merged: Vec<ProvenanceRow>,
    /// Cells that come from corrections.
    pub(crate) supplied: Vec<ProvenanceRow>,
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
        notes.findings.extend(smaller_rosters(pile, &rows, partners, &newest));
        let current = |at: &RowAt| known_snapshot(&pile.files[pile.file_of(*at)]) == newest[at.partner as usize];
        rows.iter().filter(|at| !current(at)).for_each(|at| moves[pile.file_of(*at)].superseded += 1);
        rows.retain(current);
    }
    rows.par_sort_unstable_by(|a, b| a.partner.cmp(&b.partner).then_with(|| pile.compare_versions(*a, *b)));
    let mut frame = pile.gather(&rows, &Exchanges::new());
    add_person_key(&mut frame);
    let adds_up = rule.gathering == Gathering::AddUp;
    let mut newest = newest_of_each(&frame, &rule);
    let mut merged = Merged::default();
    if adds_up {
        merged = versions::merge(&mut frame, pile, &rows, &newest, &Supplied::new());
    }
    // A line of a list that is whole means that line.
    let meant = if adds_up { newest.clone() } else { (0..frame.len()).collect() };
    let excluded = excluded(&frame, &meant, corrections);
    corrections.supply(&mut frame);
    add_person_key(&mut frame);
    // A corrected row may repeat another one now: then the versions of both are those of one row.
    let stays = |row: &usize| !adds_up || newest[*row] == *row;
    let left_out: HashSet<usize> = excluded.iter().map(|(row, _)| *row).collect();
    let repeated = newest_among(&frame, &rule, (0..frame.len()).filter(|row| stays(row) && !left_out.contains(row)));
    let mut kept: Vec<bool> = (0..frame.len()).map(|row| stays(&row) && repeated[row] == row).collect();
    let supplied = corrections.supplied_by_row();
    if adds_up && (!supplied.is_empty() || (0..frame.len()).any(|row| repeated[row] != row)) {
        newest.iter_mut().for_each(|stays| *stays = repeated[*stays]);
        merged = versions::merge(&mut frame, pile, &rows, &newest, &supplied);
        add_person_key(&mut frame);
    }
    let supplied = corrections.trace(&frame);
    for (row, correction) in excluded {
        if std::mem::take(&mut kept[row]) {
            let partner_id = frame.text("partner_id").value(row);
            note_excluded(notes, partner_id, &frame.row_id(row), &frame.position(row), correction);
        }
    }
    let suppliers = merged.suppliers();
    for (row, at) in rows.iter().enumerate().filter(|(row, _)| !kept[*row]) {
        match suppliers.contains(&row) && kept[newest[row]] {
            true => moves[pile.file_of(*at)].merged += 1,
            false => moves[pile.file_of(*at)].superseded += 1,
        }
    }
    let provenance = merged.provenance(&frame, pile, &rows, &kept);
    let order = order(&frame, &kept);
    let mut contradicting: HashMap<usize, String> = merged.contradicting.into_iter().collect();
    let told: Vec<(usize, String)> =
        (0..).zip(&order).filter_map(|(place, row)| Some((place, contradicting.remove(&(*row as usize))?))).collect();
    let frame = frame.reordered(order);
    told.into_iter().for_each(|(row, detail)| notes.raise(&frame, row, FindingCode::ContradictingRows, detail));
    Settled { frame, moves, rejects, merged: provenance, supplied }
}

/// Rows that a correction excludes; corrections that supply values are noted. What is stated of one version of a row holds for
/// the row.
fn excluded<'c>(frame: &Frame, meant: &[usize], corrections: &mut Corrections<'c>) -> Vec<(usize, &'c Correction)> {
    if corrections.is_empty() {
        return Vec::new();
    }
    let mut versions: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    meant.iter().enumerate().for_each(|(row, stays)| versions.entry(*stays).or_default().push(row));
    let excluding = |(stays, rows): (usize, Vec<usize>)| {
        let positions: Vec<Position> = rows.iter().map(|row| frame.position(*row)).collect();
        let line = |row: &usize| frame.lines().value(*row);
        let places = positions.iter().zip(&rows).map(|(at, row)| (at.file.as_str(), at.sheet.as_str(), line(row)));
        let partner_id = frame.text("partner_id").value(stays);
        let correction = corrections.meet(stays as u32, partner_id, Some(&frame.row_id(stays)), places);
        correction.map(|correction| (stays, correction))
    };
    versions.into_iter().filter_map(excluding).collect()
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

/// Where the newest list of a partner has fewer than half of the rows of the one before: an addendum, perhaps, that replaces what
/// it was meant to add to.
fn smaller_rosters(pile: &Pile, rows: &[RowAt], partners: &Partners, newest: &[Option<i32>]) -> Vec<Finding> {
    let mut counts: BTreeMap<(u32, Option<i32>), (u64, usize)> = BTreeMap::new();
    for at in rows {
        let file = pile.file_of(*at);
        let count = counts.entry((at.partner, known_snapshot(&pile.files[file]))).or_insert((0, file));
        count.0 += 1;
    }
    let of_partner = |(partner, day): (usize, &Option<i32>)| {
        let partner = partner as u32;
        let ((_, earlier), (before, old)) = counts.range((partner, None)..(partner, *day)).next_back()?;
        // The newest list may have no row at all.
        let (now, file) = counts.get(&(partner, *day)).copied().unwrap_or((0, *old));
        let name =
            |day: Option<i32>| day.and_then(date_from_days).map_or("no known day".to_owned(), |day| day.to_string());
        let detail = format!(
            "{now} rows of {}, {before} rows of {}; the newer list replaces the older one",
            name(*day),
            name(*earlier)
        );
        let position =
            Position { file: pile.path(file).to_string(), sheet: pile.sheet(file).to_string(), ..Position::default() };
        let finding = Finding {
            partner_id: partners.name(partner).to_string(),
            table: pile.id,
            position,
            row_id: String::new(),
            column: None,
            code: FindingCode::SmallerRoster,
            detail,
        };
        (now * 2 < *before).then_some(finding)
    };
    newest.iter().enumerate().filter_map(of_partner).collect()
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

/// Per row the newest of those that it repeats, perhaps itself; `frame` must be in order of version.
fn newest_of_each(frame: &Frame, rule: &Repeats) -> Vec<usize> {
    newest_among(frame, rule, 0..frame.len())
}

/// The same among some of the rows; the others stay what they are.
fn newest_among(frame: &Frame, rule: &Repeats, rows: impl Iterator<Item = usize>) -> Vec<usize> {
    let every: Vec<_> = frame.table.ingested_columns().map(|column| column.name).collect();
    let bytes = frame.comparable(if rule.key.is_empty() { &every } else { rule.key });
    let single = |row: usize| rule.unless_null.is_some_and(|name| frame.column(name).is_null(row));
    let mut newest = HashMap::new();
    let rows: Vec<usize> = rows.filter(|row| !single(*row)).collect();
    for row in &rows {
        newest.insert(bytes.row(*row), *row);
    }
    let mut stays: Vec<usize> = (0..frame.len()).collect();
    rows.iter().for_each(|row| stays[*row] = newest[&bytes.row(*row)]);
    stays
}

/// The kept rows by partner, then the table's key, then everything else.
fn order(frame: &Frame, kept: &[bool]) -> Vec<u32> {
    let columns = frame.table.columns.iter().map(|column| column.name);
    let rest = columns.filter(|name| frame.has(name) && *name != "partner_id");
    let names: Vec<_> = frame.table.key.iter().copied().chain(rest).collect();
    let bytes = frame.comparable(&names);
    let mut order: Vec<_> = (0..).zip(kept).filter(|(_, kept)| **kept).map(|(row, _): (u32, _)| row).collect();
    order.par_sort_unstable_by(|a, b| bytes.row(*a as usize).cmp(&bytes.row(*b as usize)));
    order
}
