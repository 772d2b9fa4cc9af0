//! Collects findings, and the codes that end up in each row's `findings` column.

use crate::corrections::{self, Settled};
use crate::frame::Frame;
use aceq_model::{Finding, FindingAt, FindingCode, TableId};
use arrow::array::{ArrayRef, ListBuilder, StringBuilder};
use arrow::datatypes::{DataType, Field};
use rayon::slice::ParallelSliceMut;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Findings so far.
#[derive(Default)]
pub(crate) struct Notes {
    /// In the order they were raised.
    pub(crate) findings: Vec<Finding>,
    codes: BTreeMap<TableId, Vec<(u32, &'static str)>>,
}

/// File and sheet.
type Place<'a> = (&'a str, &'a str);

/// What was found, with the column where it is about a cell, by line.
type Lines = HashMap<u64, BTreeSet<(FindingCode, Option<&'static str>)>>;

/// Codes of findings raised while reading, by table, file, sheet and line.
pub(crate) struct Earlier<'a> {
    by_place: HashMap<TableId, HashMap<Place<'a>, Lines>>,
}

impl Notes {
    /// Raises a finding about one row of a frame.
    pub(crate) fn raise(&mut self, frame: &Frame, row: usize, code: FindingCode, detail: String) {
        self.findings.push(Finding {
            partner_id: frame.text("partner_id").value(row).to_owned(),
            table: frame.id,
            position: frame.position(row),
            row_id: frame.row_id(row),
            column: None,
            code,
            detail,
        });
        self.mark(frame.id, row as u32, code);
    }

    /// Notes a code on a row without raising a finding.
    pub(crate) fn mark(&mut self, table: TableId, row: u32, code: FindingCode) {
        self.codes.entry(table).or_default().push((row, code.code()));
    }

    /// Notes what was found about the rows while they were read, and has not been settled.
    pub(crate) fn mark_earlier(&mut self, frame: &Frame, earlier: &Earlier<'_>, settled: &Settled) {
        let Some(places) = earlier.by_place.get(&frame.id) else { return };
        let (files, sheets, lines) = (frame.text("source_file"), frame.text("source_sheet"), frame.lines());
        // Neighbours mostly come from one file.
        let mut last: Option<(Place<'_>, Option<&Lines>)> = None;
        for row in 0..frame.len() {
            let place = (files.value(row), sheets.value(row));
            let found = match last {
                Some((known, found)) if known == place => found,
                _ => places.get(&place),
            };
            last = Some((place, found));
            let line = u64::try_from(lines.value(row)).unwrap_or(0);
            for (code, column) in found.and_then(|lines| lines.get(&line)).into_iter().flatten() {
                if !settled.covers((place.0, place.1, lines.value(row)), *column) {
                    self.mark(frame.id, row as u32, *code);
                }
            }
        }
    }

    /// The `findings` column of a table: per row the sorted codes, an empty list where there is none.
    pub(crate) fn column(&mut self, table: TableId, rows: usize) -> ArrayRef {
        let mut codes = self.codes.remove(&table).unwrap_or_default();
        codes.sort_unstable();
        codes.dedup();
        let item = Field::new("item", DataType::Utf8, false);
        let mut lists = ListBuilder::new(StringBuilder::new()).with_field(item);
        let mut rest = codes.as_slice();
        for row in 0..rows as u32 {
            let own = rest.iter().take_while(|(noted, _)| *noted == row).count();
            rest[..own].iter().for_each(|(_, code)| lists.values().append_value(code));
            lists.append(true);
            rest = &rest[own..];
        }
        Arc::new(lists.finish())
    }

    /// All findings in the order of the published table.
    pub(crate) fn into_sorted(mut self) -> Vec<Finding> {
        self.findings.par_sort_unstable_by(|a, b| a.published_order().cmp(&b.published_order()));
        self.findings.dedup();
        self.findings
    }
}

impl<'a> Earlier<'a> {
    /// The findings about single rows; those about a whole column or file (line 0) are nobody's.
    pub(crate) fn new(findings: &[FindingAt<'a>]) -> Self {
        let mut by_place: HashMap<_, HashMap<_, HashMap<_, BTreeSet<_>>>> = HashMap::new();
        for finding in findings.iter().filter(|finding| finding.line > 0) {
            let lines = by_place.entry(finding.table).or_default().entry((finding.file, finding.sheet)).or_default();
            lines.entry(finding.line).or_default().insert((finding.code, finding.column));
        }
        Self { by_place }
    }

    /// The codes noted at one line that have not been settled.
    pub(crate) fn at<'s>(
        &'s self,
        table: TableId,
        (file, sheet, line): corrections::Place<'s>,
        settled: &'s Settled,
    ) -> impl Iterator<Item = FindingCode> + 's {
        let lines = self.by_place.get(&table).and_then(|files| files.get(&(file, sheet)));
        let found = lines.and_then(|lines| lines.get(&u64::try_from(line).unwrap_or(0))).into_iter().flatten();
        found.filter(move |(_, column)| !settled.covers((file, sheet, line), *column)).map(|(code, _)| *code)
    }
}
