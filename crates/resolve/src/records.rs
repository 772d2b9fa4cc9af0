//! Records that the user has corrected where they were read: from there on it is as though the file had said so. Newer
//! versions of the row win over them as over any other record.

use crate::corrections::{Change, Correction, Corrections, Place, note_excluded, provenance};
use crate::frame::Frame;
use crate::notes::Notes;
use crate::partners::{NO_PARTNER, Partners};
use crate::pile::{Pile, RowAt};
use crate::published::ProvenanceRow;
use arrow::array::ArrayRef;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Cells that were corrected, by the place of their record.
pub(crate) struct CorrectedCells<'a>(HashMap<Place<'a>, BTreeMap<&'static str, &'a Correction>>);

/// Corrects the records of a pile, before any version is compared.
pub(crate) fn correct<'a>(
    pile: &mut Pile,
    partners: &Partners,
    corrections: &mut Corrections<'a>,
    notes: &mut Notes,
) -> CorrectedCells<'a> {
    let mut corrected = CorrectedCells(HashMap::new());
    if !corrections.has_records() {
        return corrected;
    }
    let mut excluded: Vec<(RowAt, &Correction)> = Vec::new();
    let mut supplied: BTreeMap<&'static str, Vec<(RowAt, ArrayRef)>> = BTreeMap::new();
    let (rows, strays) = pile.rows();
    for at in rows.into_iter().chain(strays) {
        let file = pile.file_of(at);
        let place = (pile.path(file).as_ref(), pile.sheet(file).as_ref(), pile.line(at));
        for correction in corrections.of_record(partner(partners, at), place) {
            match &correction.change {
                Change::Exclude => excluded.push((at, correction)),
                Change::Supply { column, value } => {
                    supplied.entry(*column).or_default().push((at, Arc::clone(value)));
                    corrected.0.entry(correction.place()).or_default().insert(*column, correction);
                }
            }
        }
    }
    for (column, cells) in supplied {
        pile.supply(column, cells);
    }
    for (at, by) in &excluded {
        let id = pile.place("opportunity_id").and_then(|_| pile.texts("opportunity_id").get(*at)).unwrap_or_default();
        note_excluded(notes, partner(partners, *at).unwrap_or_default(), id, &pile.position(*at), by);
    }
    pile.exclude(excluded.into_iter().map(|(at, _)| at));
    corrected
}

fn partner(partners: &Partners, at: RowAt) -> Option<&str> {
    (at.partner != NO_PARTNER).then(|| partners.name(at.partner).as_ref())
}

impl CorrectedCells<'_> {
    /// Adds where corrected cells come from to the provenance of a settled table, and puts it right where it names the
    /// record of one.
    pub(crate) fn trace(&self, frame: &Frame, traced: &mut Vec<ProvenanceRow>) {
        if self.0.is_empty() {
            return;
        }
        let mut elsewhere: BTreeSet<(Arc<str>, Arc<str>, &str)> = BTreeSet::new();
        for row in traced.iter_mut() {
            elsewhere.insert((Arc::clone(&row.partner_id), Arc::clone(&row.row_id), row.column_name));
            let place = (row.source_file.as_ref(), row.source_sheet.as_ref(), row.source_line);
            if let Some(by) = self.0.get(&place).and_then(|cells| cells.get(row.column_name)) {
                let line = i64::try_from(by.line).unwrap_or(i64::MAX);
                (row.source_file, row.source_sheet, row.source_line) = (Arc::clone(&by.file), Arc::from(""), line);
            }
        }
        for row in 0..frame.len() {
            let text = |name| frame.text(name).value(row);
            let place = (text("source_file"), text("source_sheet"), frame.lines().value(row));
            for (column, by) in self.0.get(&place).into_iter().flatten() {
                let own = provenance(frame, column, row, by);
                if !elsewhere.contains(&(Arc::clone(&own.partner_id), Arc::clone(&own.row_id), *column)) {
                    traced.push(own);
                }
            }
        }
    }
}
