//! Values and records that a user supplies, read as though a file held them.

use crate::csv::{Dialect, Splitter};
use crate::decode::{Decoded, decode};
use crate::evidence::decide;
use crate::format::Format;
use crate::plan::Plan;
use crate::recognise::{FieldRole, MappedHeader};
use crate::row::Pass;
use crate::settle::settle;
use crate::source::{Block, End, Fields, Record, Span};
use crate::{Mappings, Options, Recognised};
use aceq_model::{FileDecisions, FileRecord, Finding, FindingCode, RejectReason, TableId};
use arrow::array::{Array, ArrayRef, RecordBatch};
use std::sync::Arc;

/// What is wrong with a supplied value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SupplyError {
    /// It cannot be read.
    #[error("{}", .0.words())]
    Rejected(RejectReason),
    /// It can be read in two ways, or is in no picklist.
    #[error("{0}")]
    Doubtful(String),
    /// It says nothing.
    #[error("the value is blank or masked")]
    Nothing,
    /// The record is not one record.
    #[error("the value is not one whole record with the columns of the file's header")]
    NotOneRecord,
    /// Records of such files have no text.
    #[error("whole records can be supplied for separated text only: supply the values of a {0} file at their source")]
    NoText(&'static str),
}

/// One record, in memory.
struct OneRecord<'t> {
    text: &'t str,
    line: u64,
    dialect: Option<Dialect>,
}

impl Block for OneRecord<'_> {
    fn visit(&self, each: &mut dyn FnMut(Record<'_>)) {
        let whole =
            Record { line: self.line, byte: None, text: self.text, fields: Fields::NONE, fault: None, end: End::Whole };
        let Some(dialect) = self.dialect else {
            return each(Record {
                fields: Fields::Spans(&[Span { start: 0, end: self.text.len(), words: 0, is_number: false }]),
                ..whole
            });
        };
        let mut splitter = Splitter::new(self.text.as_bytes(), dialect, self.line, &[]);
        let mut ends = Vec::new();
        while let Some((line, place)) = splitter.next_record(&mut ends) {
            let fields = Fields::Separated { ends: &ends, quote: dialect.quote };
            // A place in a text: a record that is too short is told from one that names its own fields.
            each(Record { line, byte: Some(place.start as u64), text: &self.text[place], fields, ..whole });
        }
    }
}

/// What a supplied text says, and what was found of it: a retired value, an amount that was cut.
pub type Supplied<T> = (T, Vec<Finding>);

/// One value of `table.column`, read like a cell of a file: the same picklists, dates and money. `like` is any
/// recognised file.
///
/// # Errors
/// When a cell with this text would be rejected or unknown, or kept though it is in no picklist.
pub fn read_value(
    like: &Recognised,
    table: TableId,
    column: &'static str,
    text: &str,
    mappings: &Mappings,
    options: &Options,
) -> Result<Supplied<ArrayRef>, SupplyError> {
    let header = MappedHeader {
        index: 0,
        header: column.to_owned(),
        column: column.to_owned(),
        date_order: None,
        role: FieldRole::Whole,
        only_if: Vec::new(),
        is_number: false,
        in_usd: false,
    };
    let recognised = Recognised {
        table,
        header_line: 0,
        headers: vec![format!("{column} (supplied)")],
        mapped: vec![header],
        blank_when_absent: Default::default(),
        when_blank: Default::default(),
        only_when: Vec::new(),
        ..like.clone()
    };
    let plan = Plan { required: Vec::new(), partner: None, row_id: None, ..Plan::new(&recognised, mappings, options) };
    let block = OneRecord { text, line: 1, dialect: None };
    let first = decode(&plan, &block, Pass::First);
    let verdict = decide(&plan, &first.evidence);
    if let Some(finding) = verdict.findings.first() {
        return Err(SupplyError::Doubtful(finding.code.words().to_owned()));
    }
    let (values, findings) = checked(&plan, &block, first, &verdict.decisions)?;
    let value = Arc::clone(&values[column]);
    if value.len() == 1 && value.is_valid(0) { Ok((value, findings)) } else { Err(SupplyError::Nothing) }
}

/// A whole record of a file, read again in another wording on the line where it stands.
///
/// # Errors
/// When the record would be rejected, or any of its cells.
pub fn read_record(
    recognised: &Recognised,
    file: &FileRecord,
    line: u64,
    text: &str,
    mappings: &Mappings,
    options: &Options,
) -> Result<Supplied<RecordBatch>, SupplyError> {
    if recognised.format != Format::Csv {
        return Err(SupplyError::NoText(recognised.format.name()));
    }
    let plan = Plan::new(recognised, mappings, options);
    let block = OneRecord { text, line, dialect: Some(recognised.dialect) };
    let first = decode(&plan, &block, Pass::First);
    let (values, findings) = checked(&plan, &block, first, &file.decisions)?;
    if values.num_rows() == 1 { Ok((values, findings)) } else { Err(SupplyError::NotOneRecord) }
}

/// The rows of a block of which nothing is rejected and no value is unknown, and what else was found of them.
fn checked(
    plan: &Plan<'_>,
    block: &OneRecord<'_>,
    first: Decoded,
    decisions: &FileDecisions,
) -> Result<Supplied<RecordBatch>, SupplyError> {
    let second = decode(plan, block, Pass::Second(decisions));
    if let Some(reject) = first.rejects.iter().chain(&second.rejects).next() {
        return Err(SupplyError::Rejected(reject.reason));
    }
    let doubts = [FindingCode::UnknownValue, FindingCode::ShortRow, FindingCode::AccountLostZeros];
    if let Some(finding) = first.findings.iter().find(|finding| doubts.contains(&finding.code)) {
        return Err(SupplyError::Doubtful(finding.detail.clone()));
    }
    let findings = first.findings.into_iter().chain(second.findings).collect();
    Ok((settle(plan.table, first.batch, decisions), findings))
}
