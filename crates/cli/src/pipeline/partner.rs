//! The partner of files that have no partner column.

use aceq_model::{FileRecord, Finding, FindingCode, Position, Reject, RejectReason, TableId, TypedRows};
use arrow::array::{Array, ArrayRef, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Int64Type;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

/// The partner that rows without one belong to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum DefaultPartner {
    /// This one.
    Known(String),
    /// Several are known, so none can be chosen.
    Undecided,
}

/// The partner where no file names one.
const SELF: &str = "self";

/// Which partners files name.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    /// In `partners` files.
    pub in_partners: BTreeSet<String>,
    /// In any file: the first [`MOST`] of them. It matters whether there is one, and which look alike.
    pub anywhere: HashSet<String>,
}

/// Partners of a file that are kept. A column with more of them holds something else.
const MOST: usize = 100_000;

impl Named {
    /// Takes note of the partners of a batch.
    pub(super) fn note(&mut self, table: TableId, batch: &RecordBatch) {
        let Some(column) = batch.column_by_name("partner_id").and_then(|column| column.as_string_opt::<i32>()) else {
            return;
        };
        let mut last = None;
        // Rows of our own tables that name nobody say `self`.
        for partner in column.iter().flatten().filter(|partner| *partner != SELF) {
            // Rows of one partner often stand together.
            if last != Some(partner) && self.anywhere.len() < MOST && !self.anywhere.contains(partner) {
                self.anywhere.insert(partner.to_owned());
            }
            last = Some(partner);
        }
        if table == TableId::Partners {
            self.in_partners.extend(column.iter().flatten().map(str::to_owned));
        }
    }

    /// Adds what other files name.
    pub(super) fn add(&mut self, other: &Self) {
        self.in_partners.extend(other.in_partners.iter().cloned());
        self.anywhere.extend(other.anywhere.iter().cloned());
    }

    /// The stated partner, else the only one of `partners`, else `self` when no file names any.
    pub(super) fn fallback(&self, stated: Option<&str>) -> DefaultPartner {
        if let Some(stated) = stated {
            return DefaultPartner::Known(stated.to_owned());
        }
        let mut known = self.in_partners.iter();
        match (known.next(), known.next(), self.anywhere.is_empty()) {
            (Some(only), None, _) => DefaultPartner::Known(only.clone()),
            (None, None, true) => DefaultPartner::Known(SELF.to_owned()),
            _ => DefaultPartner::Undecided,
        }
    }
}

/// Partner ids that differ only in case or spaces: whoever types one into a spreadsheet splits a partner in two. Told once per
/// pair, about the first file that names the later of the two.
pub(super) fn similar<'f>(named: impl Iterator<Item = (&'f FileRecord, &'f Named)>) -> Vec<Finding> {
    let key = |id: &str| id.split_whitespace().collect::<String>().to_lowercase();
    let mut alike: BTreeMap<String, BTreeMap<&str, &FileRecord>> = BTreeMap::new();
    for (record, named) in named {
        for id in &named.anywhere {
            alike.entry(key(id)).or_default().entry(id).or_insert(record);
        }
    }
    let pairs = alike.values().flat_map(|ids| ids.iter().zip(ids.iter().skip(1)));
    let finding = |((first, _), (second, record)): ((&&str, _), (&&str, &&FileRecord))| Finding {
        partner_id: (*second).to_owned(),
        table: record.table,
        position: Position { file: record.path.clone(), sheet: record.sheet.clone(), ..Position::default() },
        row_id: String::new(),
        column: None,
        code: FindingCode::SimilarPartners,
        detail: format!("`{first}` and `{second}` are counted as two partners"),
    };
    pairs.map(finding).collect()
}

/// Sources that call a partner by the name of its account, or by an id of their own.
const BY_NAME: [&str; 2] = ["aws-side-report", "crm-integration"];

/// Partners that a finding names, at most.
const SHOWN: usize = 5;

/// Files of such sources with partners that none of the others names, where others name any; `stated` is the partner that files
/// without a column for it are said to be of. Names that a `partners` file lists stand for ids already.
pub(super) fn unmatched<'f>(
    named: impl Iterator<Item = (&'f FileRecord, &'f Named)>,
    stated: Option<&str>,
) -> Vec<Finding> {
    let by_name = |record: &FileRecord| BY_NAME.iter().any(|source| record.mapping.starts_with(source));
    let (reports, others): (Vec<_>, Vec<_>) = named.partition(|(record, _)| by_name(record));
    let mut known: BTreeSet<&str> = others.iter().flat_map(|(_, named)| &named.anywhere).map(String::as_str).collect();
    known.extend(stated.filter(|_| !others.is_empty()));
    let finding = |(record, named): (&FileRecord, &Named)| {
        let alone: BTreeSet<&str> =
            named.anywhere.iter().map(String::as_str).filter(|id| !known.contains(id)).collect();
        let shown: Vec<String> = alone.iter().take(SHOWN).map(|id| format!("`{id}`")).collect();
        let more = if alone.len() > SHOWN { format!(" and {} more", alone.len() - SHOWN) } else { String::new() };
        (!alone.is_empty()).then(|| Finding {
            partner_id: String::new(),
            table: record.table,
            position: Position { file: record.path.clone(), sheet: record.sheet.clone(), ..Position::default() },
            row_id: String::new(),
            column: Some("partner_id"),
            code: FindingCode::UnmatchedPartners,
            detail: format!(
                "no other file names {}{more}: list ids beside names in a `partners` file",
                shown.join(", ")
            ),
        })
    };
    reports.into_iter().filter(|_| !known.is_empty()).filter_map(finding).collect()
}

/// Fills blank partners; where none can be chosen, the rows become rejects.
pub(super) fn fill(file: &Arc<FileRecord>, batch: RecordBatch, partner: &DefaultPartner) -> (TypedRows, Vec<Reject>) {
    let column = batch["partner_id"].as_string::<i32>();
    if column.null_count() == 0 {
        return (TypedRows { file: Arc::clone(file), batch }, Vec::new());
    }
    match partner {
        DefaultPartner::Known(id) => {
            let filled: StringArray = column.iter().map(|cell| Some(cell.unwrap_or(id))).collect();
            (TypedRows { file: Arc::clone(file), batch: with_partner(&batch, Arc::new(filled)) }, Vec::new())
        }
        DefaultPartner::Undecided => {
            let lines = batch["source_line"].as_primitive::<Int64Type>();
            let blank = (0..column.len()).filter(|row| column.is_null(*row));
            let rejects = blank.map(|row| reject(file, lines.value(row))).collect();
            let known: BooleanArray = column.iter().map(|cell| Some(cell.is_some())).collect();
            let kept = filter_record_batch(&batch, &known).expect("the mask has the batch's length");
            (TypedRows { file: Arc::clone(file), batch: kept }, rejects)
        }
    }
}

fn with_partner(batch: &RecordBatch, partner: ArrayRef) -> RecordBatch {
    let schema = batch.schema();
    let index = schema.index_of("partner_id").expect("typed rows have a partner column");
    let mut columns = batch.columns().to_vec();
    columns[index] = partner;
    RecordBatch::try_new(schema, columns).expect("the column keeps its type and length")
}

fn reject(file: &FileRecord, line: i64) -> Reject {
    Reject {
        position: Position {
            file: file.path.clone(),
            sheet: file.sheet.clone(),
            line: line.unsigned_abs(),
            byte: None,
        },
        column: None,
        raw: String::new(),
        reason: RejectReason::MissingPartner,
    }
}
