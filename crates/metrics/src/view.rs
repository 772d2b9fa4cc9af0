//! One table of a bucket, ready to be read row by row: truths, partners' ranges, unit codes.

use crate::MetricsError;
use crate::answers::AnswerIndex;
use crate::plan::{Places, Plan, TablePlan};
use crate::truths::truths;
use aceq_checklist::Term;
use aceq_model::{Bucket, Cents, Column, ColumnType, TableId, date_from_days};
use aceq_timeline::Truth;
use arrow::array::{
    Array, AsArray, BooleanArray, Date32Array, Decimal128Array, Int32Array, Int64Array, ListArray, RecordBatch,
    StringArray,
};
use arrow::datatypes::{Date32Type, Decimal128Type, Int32Type, Int64Type};
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};
use std::ops::Range;
use std::sync::Arc;

/// No unit: the key is null.
pub(crate) const NO_UNIT: u32 = u32::MAX;

/// All tables of a bucket.
pub(crate) struct Views {
    /// Only tables that were given.
    pub tables: BTreeMap<TableId, TableView>,
    /// The rows of `attestations` by what they answer; `None` = none were given.
    pub answers: Option<AnswerIndex>,
}

/// One table of a bucket.
pub(crate) struct TableView {
    pub id: TableId,
    batch: RecordBatch,
    /// Truth of each planned condition on each row.
    truths: Vec<Vec<Truth>>,
    /// Place of each term's condition in `truths`.
    places: Arc<Places>,
    /// Whether each row carries a finding.
    flagged: Vec<bool>,
    /// Rows of each partner, in the order of the bucket's partners.
    ranges: Vec<Range<usize>>,
    /// Unit codes of text columns that rules count; equal text, equal code.
    codes: BTreeMap<&'static str, Vec<u32>>,
}

impl Views {
    pub(crate) fn new(
        bucket: &Bucket,
        plan: &Plan<'_>,
        counted: &[(TableId, &'static Column)],
    ) -> Result<Self, MetricsError> {
        let mut tables = BTreeMap::new();
        for (id, batch) in &bucket.tables {
            let empty = TablePlan::default();
            let table_plan = plan.table(*id).unwrap_or(&empty);
            let columns = counted.iter().filter(|(table, _)| table == id).map(|(_, column)| *column);
            tables.insert(*id, TableView::new(*id, batch, table_plan, columns, &bucket.partners)?);
        }
        let answers = tables.get(&TableId::Attestations).map(AnswerIndex::new);
        Ok(Self { tables, answers })
    }

    pub(crate) fn table(&self, id: TableId) -> Option<&TableView> {
        self.tables.get(&id)
    }
}

impl TableView {
    pub(crate) fn new(
        id: TableId,
        batch: &RecordBatch,
        plan: &TablePlan<'_>,
        counted: impl Iterator<Item = &'static Column>,
        partners: &[String],
    ) -> Result<Self, MetricsError> {
        check_schema(id, batch)?;
        let mut view = Self {
            id,
            batch: batch.clone(),
            truths: truths(id.name(), plan, batch)?,
            places: Arc::clone(&plan.places),
            flagged: flagged(batch),
            ranges: Vec::new(),
            codes: BTreeMap::new(),
        };
        view.ranges = partner_ranges(view.text("partner_id"), partners);
        for column in counted {
            view.encode(column.name);
            if !column.strict.is_empty() {
                view.encode(column.strict);
            }
        }
        Ok(view)
    }

    fn encode(&mut self, column: &'static str) {
        if self.codes.contains_key(column) {
            return;
        }
        let mut known: HashMap<&str, u32> = HashMap::new();
        let mut codes = Vec::with_capacity(self.batch.num_rows());
        for text in self.batch[column].as_string::<i32>() {
            let next = known.len() as u32;
            codes.push(text.map_or(NO_UNIT, |text| *known.entry(text).or_insert(next)));
        }
        self.codes.insert(column, codes);
    }

    /// Rows of the bucket's `partner`-th partner.
    pub(crate) fn range(&self, partner: usize) -> Range<usize> {
        self.ranges[partner].clone()
    }

    /// Truth of a term's condition on every row.
    pub(crate) fn truth(&self, term: &Term) -> &[Truth] {
        &self.truths[self.places.of(term)]
    }

    /// Unit codes of a counted column.
    pub(crate) fn codes(&self, column: &str) -> &[u32] {
        &self.codes[column]
    }

    pub(crate) fn text(&self, column: &str) -> &StringArray {
        self.batch[column].as_string()
    }

    pub(crate) fn flags(&self, column: &str) -> &BooleanArray {
        self.batch[column].as_boolean()
    }

    pub(crate) fn dates(&self, column: &str) -> &Date32Array {
        self.batch[column].as_primitive::<Date32Type>()
    }

    pub(crate) fn decimals(&self, column: &str) -> &Decimal128Array {
        self.batch[column].as_primitive::<Decimal128Type>()
    }

    pub(crate) fn lists(&self, column: &str) -> &ListArray {
        self.batch[column].as_list()
    }

    pub(crate) fn longs(&self, column: &str) -> &Int64Array {
        self.batch[column].as_primitive::<Int64Type>()
    }

    fn integers(&self, column: &str) -> &Int32Array {
        self.batch[column].as_primitive::<Int32Type>()
    }

    /// A text cell; empty where null.
    pub(crate) fn text_at(&self, column: &str, row: usize) -> &str {
        let column = self.text(column);
        if column.is_null(row) { "" } else { column.value(row) }
    }

    /// Whether the row carries a finding.
    pub(crate) fn is_flagged(&self, row: usize) -> bool {
        self.flagged[row]
    }

    /// A cell in words, for explanations.
    pub(crate) fn shown(&self, column: &Column, row: usize) -> String {
        if self.batch[column.name].is_null(row) {
            return "unknown".to_owned();
        }
        match column.ty {
            ColumnType::Text => self.text(column.name).value(row).to_owned(),
            ColumnType::Flag => if self.flags(column.name).value(row) { "yes" } else { "no" }.to_owned(),
            ColumnType::Integer => self.integers(column.name).value(row).to_string(),
            ColumnType::Long => self.longs(column.name).value(row).to_string(),
            ColumnType::Decimal => Cents(self.decimals(column.name).value(row) as i64).to_string(),
            ColumnType::Date => date_at(self.dates(column.name), row).map_or_else(String::new, |date| date.to_string()),
            ColumnType::Timestamp => "a time".to_owned(),
            ColumnType::TextList => {
                let items = self.lists(column.name).value(row);
                items.as_string::<i32>().iter().flatten().collect::<Vec<_>>().join("; ")
            }
        }
    }

    /// Whether a cell holds what the cell of another row of the same table holds.
    pub(crate) fn has_same(&self, column: &Column, row: usize, other: &Self, twin: usize) -> bool {
        let (one, two) = (&self.batch[column.name], &other.batch[column.name]);
        if one.is_null(row) || two.is_null(twin) {
            return one.is_null(row) == two.is_null(twin);
        }
        match column.ty {
            ColumnType::Text => one.as_string::<i32>().value(row) == two.as_string::<i32>().value(twin),
            ColumnType::Date => {
                one.as_primitive::<Date32Type>().value(row) == two.as_primitive::<Date32Type>().value(twin)
            }
            ColumnType::Flag => one.as_boolean().value(row) == two.as_boolean().value(twin),
            ColumnType::Decimal => {
                one.as_primitive::<Decimal128Type>().value(row) == two.as_primitive::<Decimal128Type>().value(twin)
            }
            ColumnType::Integer | ColumnType::Long | ColumnType::Timestamp | ColumnType::TextList => {
                one.slice(row, 1) == two.slice(twin, 1)
            }
        }
    }

    /// Whether the cell is null.
    pub(crate) fn is_unknown(&self, column: &str, row: usize) -> bool {
        self.batch[column].is_null(row)
    }

    /// The row's own id: the columns of the table's key that are known.
    pub(crate) fn row_id(&self, row: usize) -> String {
        let parts = self.id.schema().key.iter().filter_map(|name| {
            let column = self.id.schema().column(name)?;
            (!self.is_unknown(name, row)).then(|| self.shown(column, row))
        });
        parts.collect::<Vec<_>>().join(" / ")
    }

    /// What a person would call the row.
    pub(crate) fn label(&self, row: usize) -> &str {
        let columns = match self.id {
            TableId::Opportunities | TableId::CaseStudies | TableId::Customers => ["customer_name", "customer_name"],
            TableId::Certifications | TableId::Completions | TableId::Personnel => ["person_name", "email"],
            TableId::Activities | TableId::Offerings => ["title", "title"],
            TableId::Designations => ["designation", "designation"],
            TableId::Partners => ["name", "partner_id"],
            TableId::Attestations => ["evidence", "requirement_id"],
        };
        let label = self.text_at(columns[0], row);
        if label.is_empty() { self.text_at(columns[1], row) } else { label }
    }
}

/// A date cell.
pub(crate) fn date_at(dates: &Date32Array, row: usize) -> Option<NaiveDate> {
    if dates.is_null(row) { None } else { date_from_days(dates.value(row)) }
}

fn check_schema(id: TableId, batch: &RecordBatch) -> Result<(), MetricsError> {
    let wrong =
        id.schema().columns.iter().find(|column| {
            batch.column_by_name(column.name).is_none_or(|array| *array.data_type() != column.ty.arrow())
        });
    match wrong {
        None => Ok(()),
        Some(column) => Err(MetricsError::Schema { table: id.name(), column: column.name }),
    }
}

fn flagged(batch: &RecordBatch) -> Vec<bool> {
    let findings: &ListArray = batch["findings"].as_list();
    (0..findings.len()).map(|row| !findings.is_null(row) && findings.value_length(row) > 0).collect()
}

/// The rows of each partner; both are sorted, so one pass finds them.
fn partner_ranges(column: &StringArray, partners: &[String]) -> Vec<Range<usize>> {
    let mut row = 0;
    let range = |partner: &String| {
        while row < column.len() && column.value(row) < partner.as_str() {
            row += 1;
        }
        let start = row;
        while row < column.len() && column.value(row) == partner {
            row += 1;
        }
        start..row
    };
    partners.iter().map(range).collect()
}
