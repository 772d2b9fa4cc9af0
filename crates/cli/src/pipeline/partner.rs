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
