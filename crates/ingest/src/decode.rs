//! The records of a block: which are data, and what each says, column by column.

use crate::column::ColumnOut;
use crate::evidence::Evidence;
use crate::footer::looks_like_footer;
use crate::header::{header_cell, key};
use crate::plan::{ColumnPlan, Kind, Plan, Required, SourceField};
use crate::recognise::OnlyWhen;
use crate::row::{Notes, Pass, Row};
use crate::source::{Block, End, Fields, Record};
use crate::value::date::{Clock, date_cell};
use crate::value::error_value::is_error;
use crate::value::id;
use crate::value::mask::is_masked;
use crate::value::money::money_cell;
use aceq_model::{Finding, FindingCode, LedgerEntry, Reject, RejectReason, TableId};
use arrow::array::{Array, ArrayRef, Int64Array, RecordBatch};
use std::sync::Arc;

/// What came out of a block.
pub(crate) struct Decoded {
    pub batch: RecordBatch,
    pub rejects: Vec<Reject>,
    pub findings: Vec<Finding>,
    /// Records by where they went; file and sheet are left blank.
    pub counts: LedgerEntry,
    /// Whether every record is text in the file's encoding.
    pub is_text: bool,
    /// Line of another header, under which the columns stand in another order.
    pub other_header: Option<u64>,
    /// Per column of the plan.
    pub evidence: Vec<Evidence>,
}

/// Where a record goes.
enum Place {
    Data,
    NotData,
    OtherHeader,
    Rejected(RejectReason),
}

/// Reads every record of a block.
pub(crate) fn decode(plan: &Plan<'_>, block: &dyn Block, pass: Pass<'_>) -> Decoded {
    let mut columns: Vec<ColumnOut<'_, '_>> =
        plan.columns.iter().zip(plan.table.schema().ingested_columns()).map(|(p, c)| ColumnOut::new(p, c.ty)).collect();
    let given: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].is_read()).collect();
    let derived: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].is_derived()).collect();
    let mut notes = Notes::new(pass);
    let mut lines: Vec<i64> = Vec::new();
    let mut counts = LedgerEntry::default();
    let mut scratch = String::new();
    let (mut is_text, mut other_header) = (true, None);
    block.visit(&mut |record| {
        counts.decoded += 1;
        is_text &= record.fault != Some(RejectReason::NotText);
        let place = place(plan, &record, &mut scratch);
        let (place, record, half) = match place {
            Place::Data => without_half_a_cell(plan, &record, &mut scratch),
            other => (other, record, None),
        };
        match place {
            Place::NotData => counts.not_data += 1,
            Place::OtherHeader => other_header = other_header.or(Some(record.line)),
            Place::Rejected(reason) => {
                counts.rejected += 1;
                notes.reject_row(plan, &record, reason);
                find_lead(plan, &record, reason, &mut notes, &mut scratch);
            }
            Place::Data => {
                counts.accepted += 1;
                lines.push(record.line as i64);
                read_row(plan, &record, &mut columns, (&given, &derived), &mut notes, &mut scratch);
                if let Some(half) = half {
                    reject_half(plan, &record, &half, &mut notes);
                }
            }
        }
    });
    let evidence = columns.iter().map(|column| column.evidence.clone()).collect();
    let batch = finish(plan, columns, lines);
    Decoded { batch, rejects: notes.rejects, findings: notes.findings, counts, is_text, other_header, evidence }
}

/// The last record of a text that ends early and without a line end is cut off, perhaps in the middle of its last cell. What
/// is left of that is no value, unless a quote ends it; a row that needs it is a reject.
fn without_half_a_cell<'r>(
    plan: &Plan<'_>,
    record: &Record<'r>,
    scratch: &mut String,
) -> (Place, Record<'r>, Option<String>) {
    let Fields::Separated { ends: [ends @ .., _], quote } = record.fields else { return (Place::Data, *record, None) };
    if !is_cut_off(plan, record) || record.text.as_bytes().last() == Some(&quote) {
        return (Place::Data, *record, None);
    }
    let half = record.field(ends.len(), scratch).to_owned();
    let whole = Record { fields: Fields::Separated { ends, quote }, ..*record };
    match ends.is_empty() || lacking(plan, &whole, scratch).is_some() {
        true => (Place::Rejected(RejectReason::TooFewFields), *record, None),
        false => (Place::Data, whole, Some(half).filter(|half| !half.is_empty())),
    }
}

/// Rejects what stands of the cell behind the last whole one, in the columns that it would be read for.
fn reject_half(plan: &Plan<'_>, record: &Record<'_>, half: &str, notes: &mut Notes<'_>) {
    let row = Row::new(plan, record);
    let index = record.fields.len();
    let is_read = |column: &&ColumnPlan<'_>| column.sources.iter().any(|source| source.index == index);
    for column in plan.columns.iter().filter(is_read) {
        notes.reject_cell(&row, column.name, half, RejectReason::HalfCell);
    }
}

fn is_cut_off(plan: &Plan<'_>, record: &Record<'_>) -> bool {
    record.end == End::File && record.line > plan.header_line && record.fields.len() < plan.headers.len()
}

fn read_row(
    plan: &Plan<'_>,
    record: &Record<'_>,
    columns: &mut [ColumnOut<'_, '_>],
    (given, derived): (&[usize], &[usize]),
    notes: &mut Notes<'_>,
    scratch: &mut String,
) {
    let mut row = Row::new(plan, record);
    if is_short(plan, record) {
        let (cells, columns) = (record.fields.len(), plan.headers.len());
        notes.find(&row, FindingCode::ShortRow, || format!("{cells} of {columns} cells"));
    }
    for index in plan.headers.len()..record.fields.len() {
        if !record.is_blank(index) {
            let cell: String = record.field(index, scratch).chars().take(200).collect();
            notes.find(&row, FindingCode::UnmappedColumn, || format!("`{cell}` stands beside the table"));
        }
    }
    for column in given {
        columns[*column].push(&mut row, notes, scratch);
    }
    for column in derived {
        columns[*column].push_derived(&row);
    }
    if is_cut_off(plan, record) {
        let detail = || format!("{} of {} whole cells, then the file ends", record.fields.len(), plan.headers.len());
        notes.find(&row, FindingCode::CutOff, detail);
    }
}

/// Whether a record of a text ends before its header does. Formats with places for cells leave blank ones out.
fn is_short(plan: &Plan<'_>, record: &Record<'_>) -> bool {
    plan.header_line > 0 && record.byte.is_some() && record.fields.len() < plan.headers.len()
}

/// A rejected row whose id is a lead's: `L` and digits, or the word.
fn find_lead(plan: &Plan<'_>, record: &Record<'_>, reason: RejectReason, notes: &mut Notes<'_>, scratch: &mut String) {
    if plan.table != TableId::Opportunities || reason != RejectReason::MissingId {
        return;
    }
    let sources = plan.row_id.map_or(&[][..], |at| plan.columns[at].sources.as_slice());
    let Some(source) = sources.iter().find(|source| !record.is_blank(source.index)) else { return };
    let cell = record.field(source.index, scratch);
    let id = cell.to_ascii_lowercase();
    let number =
        id.strip_prefix("lead").or_else(|| id.strip_prefix('l')).map(|rest| rest.trim_start_matches(['-', '_']));
    if number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())) {
        notes.find(&Row::new(plan, record), FindingCode::LeadAmongOpportunities, || format!("`{cell}` is a lead's id"));
    }
}

/// Rows below which a block lets go of what its columns do not need.
const ROOMY: usize = 512;

fn finish(plan: &Plan<'_>, columns: Vec<ColumnOut<'_, '_>>, lines: Vec<i64>) -> RecordBatch {
    let rows = lines.len();
    let types = plan.table.schema().ingested_columns().map(|column| column.ty.arrow());
    let mut arrays: Vec<ArrayRef> = Vec::with_capacity(plan.schema.fields().len());
    for (column, ty) in columns.into_iter().zip(types) {
        arrays.extend(column.finish(&ty, rows));
    }
    arrays.push(Arc::new(Int64Array::from(lines)));
    // Builders begin with room for a thousand rows: many small files would hold it many times.
    if rows < ROOMY {
        arrays.iter_mut().filter_map(Arc::get_mut).for_each(Array::shrink_to_fit);
    }
    RecordBatch::try_new(Arc::clone(&plan.schema), arrays).expect("builders were made from the schema's own types")
}

fn place(plan: &Plan<'_>, record: &Record<'_>, scratch: &mut String) -> Place {
    if record.line <= plan.header_line {
        return Place::NotData;
    }
    if let Some(fault) = record.fault {
        return Place::Rejected(fault);
    }
    if is_blank(record) || repeats_header(plan, record, scratch) {
        return Place::NotData;
    }
    let place = place_of_row(plan, record, scratch);
    // Where rows have ids a header is never taken for one; elsewhere names of columns pass for values.
    let may_be_header = plan.table != TableId::Opportunities || !matches!(place, Place::Data);
    match may_be_header.then(|| header_of(plan, record, scratch)).flatten() {
        None => place,
        Some(Headers::Same) => Place::NotData,
        Some(Headers::Other) => Place::OtherHeader,
    }
}

/// Where a record goes that says something, if it is no header.
fn place_of_row(plan: &Plan<'_>, record: &Record<'_>, scratch: &mut String) -> Place {
    if has_a_separator_too_many(plan, record, scratch) {
        return Place::Rejected(RejectReason::TooManyFields);
    }
    let no_row = |field: &OnlyWhen| match record.is_blank(field.index) {
        true => field.blank,
        false => {
            let is_listed = field.values.contains(&key(record.field(field.index, &mut String::new())));
            (is_listed == field.is_excluding).then_some(field.reason)
        }
    };
    if let Some(reason) = plan.only_when.iter().find_map(no_row) {
        return Place::Rejected(reason);
    }
    if has_two_ids(plan, record, scratch) {
        return Place::Rejected(RejectReason::TwoIds);
    }
    match lacking(plan, record, scratch) {
        None => Place::Data,
        Some(RejectReason::MissingPartner) => Place::Rejected(RejectReason::MissingPartner),
        Some(_) if looks_like_footer(record, scratch) => Place::NotData,
        Some(reason) => Place::Rejected(reason),
    }
}

/// Whether columns of one name hold ids of two opportunities.
fn has_two_ids(plan: &Plan<'_>, record: &Record<'_>, scratch: &mut String) -> bool {
    let sources = plan.row_id.map_or(&[][..], |at| plan.columns[at].sources.as_slice());
    if plan.table != TableId::Opportunities || sources.len() < 2 {
        return false;
    }
    let mut ids: Vec<(&str, String)> = Vec::new();
    for source in sources {
        let name = plan.header_keys.get(source.index).map_or("", String::as_str);
        let Some(id) = id::opportunity(record.field(source.index, scratch)) else { continue };
        if ids.iter().any(|(other, known)| *other == name && *known != id) {
            return true;
        }
        ids.push((name, id.into_owned()));
    }
    false
}

fn is_blank(record: &Record<'_>) -> bool {
    (0..record.fields.len()).all(|index| record.is_blank(index))
}

fn repeats_header(plan: &Plan<'_>, record: &Record<'_>, scratch: &mut String) -> bool {
    let mut cells = plan.headers.iter().enumerate();
    record.fields.len() >= plan.headers.len() && cells.all(|(index, header)| record.field(index, scratch) == header)
}

/// What a record is that begins with the name of a column.
enum Headers {
    /// The header once more, perhaps in other letters or without its last columns.
    Same,
    /// Another one: names of columns, in other places.
    Other,
}

/// Whether the record is a header: three cells at least, and most of them, are names of the file's columns.
fn header_of(plan: &Plan<'_>, record: &Record<'_>, scratch: &mut String) -> Option<Headers> {
    if plan.header_line == 0 {
        return None;
    }
    let first = (0..record.fields.len()).find(|index| !record.is_blank(*index))?;
    let mut cell = |index: usize| header_cell(record.field(index, scratch)).key;
    let is_name = |cell: &String| !cell.is_empty() && plan.header_keys.contains(cell);
    if !is_name(&cell(first)) {
        return None;
    }
    let cells: Vec<String> = (0..record.fields.len()).map(cell).collect();
    let (filled, known) = (cells.iter().filter(|cell| !cell.is_empty()), cells.iter().filter(|cell| is_name(cell)));
    let (filled, known) = (filled.count(), known.count());
    let same = cells.iter().zip(&plan.header_keys).all(|(cell, header)| cell == header);
    match known >= 3 && known * 2 > filled {
        true if same => Some(Headers::Same),
        true => Some(Headers::Other),
        false => None,
    }
}

/// Whether cells stand one column too far right, behind a separator within a text: a cell is filled that has no header, or the
/// record has more fields than the file's other records and looks like it. Cells of a sheet stand where they stand.
fn has_a_separator_too_many(plan: &Plan<'_>, record: &Record<'_>, scratch: &mut String) -> bool {
    let Fields::Separated { ends, .. } = record.fields else { return false };
    let is_beyond = (plan.headers.len()..ends.len()).any(|index| !record.is_blank(index));
    is_beyond
        || (ends.len() > plan.most_fields && (looks_split(plan, record, scratch) || !reads_well(plan, record, scratch)))
}

/// Whether two neighbouring cells look like one that a separator without quotes has split: a text that goes on with a space
/// (`Smith, Inc.`), digits before a group of three (`12,500`) or before decimals (`1234,50`).
fn looks_split(plan: &Plan<'_>, record: &Record<'_>, scratch: &mut String) -> bool {
    let mut before = String::new();
    let is_money = |index: usize| {
        let amounts = plan.columns.iter().filter(|column| matches!(column.kind, Kind::Money));
        amounts.flat_map(|column| &column.sources).any(|source| source.index == index)
    };
    (0..record.fields.len()).any(|index| {
        let cell = record.decoded(index, scratch).to_owned();
        let goes_on = cell.starts_with(' ') && !cell.trim().is_empty() && !before.trim().is_empty();
        let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let lead = before.trim_start_matches(['$', '-', '€', '£']);
        let whole = cell.split('.').next().unwrap_or_default();
        let is_thousands = lead.len() <= 3 && is_digits(whole) && whole.len() == 3;
        // `1234,50` in a column of amounts.
        let is_decimals = is_digits(&cell) && cell.len() <= 2 && index > 0 && is_money(index - 1);
        let is_amount = is_digits(lead) && (is_thousands || (is_decimals && lead.len() <= 9));
        before = cell;
        goes_on || is_amount
    })
}

/// Whether every picklist, date, amount and account of the record can be read where it stands.
fn reads_well(plan: &Plan<'_>, record: &Record<'_>, scratch: &mut String) -> bool {
    plan.columns.iter().all(|column| {
        column.sources.iter().filter(|source| !record.is_blank(source.index)).all(|source| {
            let cell = record.field(source.index, scratch);
            let digits = cell.bytes().filter(u8::is_ascii_digit).count();
            match column.kind {
                _ if is_masked(cell) => true,
                Kind::Pick(list) => list.find(cell).is_some() || list.says_nothing(cell),
                Kind::Date | Kind::Timestamp => date_cell(cell, Clock::Utc).is_some(),
                // Twelve digits are an account.
                Kind::Money => money_cell(cell).is_some() && !(digits == 12 && cell.len() == 12),
                Kind::AwsAccount => digits >= 9,
                Kind::OpportunityId => id::opportunity(cell).is_some(),
                _ => true,
            }
        })
    })
}

/// Why the row cannot be used: the first required cell that is not usable, else the partner.
fn lacking(plan: &Plan<'_>, record: &Record<'_>, scratch: &mut String) -> Option<RejectReason> {
    let unusable = plan.required.iter().find(|required| !is_usable(plan, record, required, scratch));
    if let Some(Required { column, reason }) = unusable {
        return Some(if is_beyond(plan, &plan.columns[*column], record) {
            RejectReason::TooFewFields
        } else {
            *reason
        });
    }
    let partner = &plan.columns[plan.partner?];
    let says_nothing =
        |source: &SourceField| record.is_blank(source.index) || is_error(record.field(source.index, scratch));
    let blank = partner.sources.iter().all(says_nothing);
    match blank {
        true if is_beyond(plan, partner, record) => Some(RejectReason::TooFewFields),
        true => Some(RejectReason::MissingPartner),
        false => None,
    }
}

/// Whether the record ends before the first field that could hold the column. One that names its own fields never does.
fn is_beyond(plan: &Plan<'_>, column: &ColumnPlan<'_>, record: &Record<'_>) -> bool {
    if plan.header_line == 0 {
        return false;
    }
    let first = column.sources.iter().map(|source| source.index).min();
    first.is_some_and(|first| first >= record.fields.len())
}

fn is_usable(plan: &Plan<'_>, record: &Record<'_>, required: &Required, scratch: &mut String) -> bool {
    let column = &plan.columns[required.column];
    let Some(source) = column.sources.iter().find(|source| !record.is_blank(source.index)) else { return false };
    let cell = record.field(source.index, scratch);
    match column.name {
        "opportunity_id" => id::opportunity(cell).is_some(),
        _ => !is_masked(cell) && !is_error(cell),
    }
}
