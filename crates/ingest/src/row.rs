//! One row on its way into columns: what is known about it, and what there is to say about its cells.

use crate::plan::{Kind, Plan, SourceField};
use crate::pseudonym::without_persons;
use crate::source::Record;
use crate::value::mask::is_masked;
use aceq_model::{FileDecisions, Finding, FindingCode, Position, Reject, RejectReason};
use std::borrow::Cow;

/// What ends a raw text of which more stands in the file.
pub(crate) const CUT: &str = " […]";

/// Longest raw text that a reject keeps, in characters.
const RAW: usize = 2000;

/// The first time a file is read, every verdict that one cell allows is given. Some cells can only be judged once the
/// whole column was seen; where such verdicts are due, the file is read a second time and gives those alone. So no
/// cell needs to be remembered, however large the file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pass<'a> {
    First,
    Second(&'a FileDecisions),
}

/// Rejects and findings of a block.
#[derive(Debug)]
pub(crate) struct Notes<'a> {
    pub pass: Pass<'a>,
    pub rejects: Vec<Reject>,
    pub findings: Vec<Finding>,
}

/// The row being read.
pub(crate) struct Row<'r, 'p> {
    pub plan: &'r Plan<'p>,
    pub record: &'r Record<'r>,
    /// Whether a cell is masked.
    pub has_mask: bool,
    /// Whether a cell says who the customer or the person is.
    pub identified: bool,
    /// Whether the opportunity is classified.
    pub classified: bool,
    /// Whether the file itself marks the row as masked.
    pub marked: bool,
    /// Currency column of the row; empty where there is none or it is blank.
    pub currency_cell: String,
    /// Currency of the row's amounts; empty before the first.
    pub currency: Cow<'static, str>,
}

impl<'a> Notes<'a> {
    pub fn new(pass: Pass<'a>) -> Self {
        Self { pass, rejects: Vec::new(), findings: Vec::new() }
    }

    fn is_first(&self) -> bool {
        matches!(self.pass, Pass::First)
    }

    /// The decisions, once they are known.
    pub fn decisions(&self) -> Option<&'a FileDecisions> {
        match self.pass {
            Pass::First => None,
            Pass::Second(decisions) => Some(decisions),
        }
    }

    /// Rejects a whole record.
    pub fn reject_row(&mut self, plan: &Plan<'_>, record: &Record<'_>, reason: RejectReason) {
        if self.is_first() {
            match record.fault.is_none() && plan.header_line == 0 {
                true => self.push_reject(plan, record, None, &named_fields(plan, record), reason),
                false => self.push_reject(plan, record, None, record.text, reason),
            }
        }
    }

    /// Rejects a cell, at once.
    pub fn reject_cell(&mut self, row: &Row<'_, '_>, column: &'static str, raw: &str, reason: RejectReason) {
        if self.is_first() {
            self.push_reject(row.plan, row.record, Some(column), raw, reason);
        }
    }

    /// Rejects a cell for what the rest of its column says.
    pub fn reject_cell_late(&mut self, row: &Row<'_, '_>, column: &'static str, raw: &str, reason: RejectReason) {
        if !self.is_first() {
            self.push_reject(row.plan, row.record, Some(column), raw, reason);
        }
    }

    /// Remarks on a row.
    pub fn find(&mut self, row: &Row<'_, '_>, code: FindingCode, detail: impl FnOnce() -> String) {
        if self.is_first() {
            self.findings.push(row.finding(None, code, detail()));
        }
    }

    /// Remarks on a cell, at once.
    pub fn find_cell(
        &mut self,
        row: &Row<'_, '_>,
        column: &'static str,
        code: FindingCode,
        detail: impl FnOnce() -> String,
    ) {
        if self.is_first() {
            self.findings.push(row.finding(Some(column), code, detail()));
        }
    }

    /// Remarks on a cell for what the rest of its column says.
    pub fn find_cell_late(
        &mut self,
        row: &Row<'_, '_>,
        column: &'static str,
        code: FindingCode,
        detail: impl FnOnce() -> String,
    ) {
        if !self.is_first() {
            self.findings.push(row.finding(Some(column), code, detail()));
        }
    }

    fn push_reject(
        &mut self,
        plan: &Plan<'_>,
        record: &Record<'_>,
        column: Option<&str>,
        raw: &str,
        reason: RejectReason,
    ) {
        let raw = if plan.options.pseudonyms.is_some() { without_persons(raw) } else { raw };
        let end = raw.char_indices().nth(RAW).map_or(raw.len(), |(at, _)| at);
        self.rejects.push(Reject {
            position: position(plan, record),
            column: column.map(str::to_owned),
            raw: if end < raw.len() { format!("{}{CUT}", &raw[..end]) } else { raw.to_owned() },
            reason,
        });
    }
}

impl<'r, 'p> Row<'r, 'p> {
    pub fn new(plan: &'r Plan<'p>, record: &'r Record<'r>) -> Self {
        let mut row = Self {
            plan,
            record,
            has_mask: false,
            identified: false,
            classified: false,
            marked: false,
            currency_cell: String::new(),
            currency: Cow::Borrowed(""),
        };
        if plan.currency.is_some() {
            row.currency_cell = row.text_of(plan.currency).to_ascii_uppercase();
        }
        row
    }

    /// Whether the source hides who the row is about: it names nobody, and it masks a cell or is classified.
    pub fn is_masked(&self) -> bool {
        self.marked || (!self.identified && (self.has_mask || self.classified))
    }

    fn finding(&self, column: Option<&'static str>, code: FindingCode, detail: String) -> Finding {
        Finding {
            partner_id: self.text_of(self.plan.partner),
            table: self.plan.table,
            position: position(self.plan, self.record),
            row_id: self.row_id(),
            column,
            code,
            detail,
        }
    }

    /// What names the row in findings.
    fn row_id(&self) -> String {
        let id = self.text_of(self.plan.row_id);
        match self.plan.row_id.map(|at| self.plan.columns[at].kind) {
            Some(Kind::PersonName(Some(pseudonyms))) if !id.is_empty() && !is_masked(&id) => pseudonyms.of(&id),
            _ => id,
        }
    }

    fn text_of(&self, column: Option<usize>) -> String {
        let mut scratch = String::new();
        let sources = column.map_or(&[][..], |at| self.plan.columns[at].sources.as_slice());
        let counts = |source: &&SourceField| {
            !self.record.is_blank(source.index) && source.counts(self.record, &mut String::new())
        };
        let filled = sources.iter().find(counts);
        filled.map(|source| self.record.field(source.index, &mut scratch).to_owned()).unwrap_or_default()
    }
}

/// The fields of a record that names its own, as people read them.
fn named_fields(plan: &Plan<'_>, record: &Record<'_>) -> String {
    let (mut text, mut scratch) = (String::new(), String::new());
    for (index, header) in plan.headers.iter().enumerate().filter(|(index, _)| !record.is_absent(*index)) {
        let separator = if text.is_empty() { "" } else { ", " };
        text.push_str(&format!("{separator}{header}: {}", record.field(index, &mut scratch)));
        if text.len() > 4 * RAW {
            break;
        }
    }
    text
}

fn position(plan: &Plan<'_>, record: &Record<'_>) -> Position {
    Position { file: plan.file.to_owned(), sheet: plan.sheet.to_owned(), line: record.line, byte: record.byte }
}
