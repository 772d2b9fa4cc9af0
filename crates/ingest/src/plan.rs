//! What is to be done with each cell of a recognised file.

use crate::header::{header_cell, indexes_of, key};
use crate::mappings::{Mappings, ValueList};
use crate::recognise::{FieldRole, MappedHeader, OnlyWhen};
use crate::source::Record;
use crate::value::{customer, person};
use crate::{Options, Pseudonyms, Recognised};
use aceq_model::{Blank, Column, ColumnType, DateOrder, RejectReason, TableId};
use arrow::datatypes::{Field, Schema};
use std::sync::Arc;

/// Suffix of the column that holds the day-first reading of a date column whose order is open.
pub(crate) const DAY_FIRST: &str = "#day_first";
/// Suffix of the column that holds the decimal-comma reading of doubtful amounts.
pub(crate) const COMMA: &str = "#comma";

/// The work on one file.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    pub file: &'a str,
    pub sheet: &'a str,
    pub table: TableId,
    /// Schema of the batches: the ingested columns, each followed by its second reading if it has one.
    pub schema: Arc<Schema>,
    pub columns: Vec<ColumnPlan<'a>>,
    /// Line of the header; what comes before is a preamble.
    pub header_line: u64,
    /// Header cells, trimmed.
    pub headers: &'a [String],
    /// Fields that tell whether a record is a row at all.
    pub only_when: &'a [OnlyWhen],
    /// Columns that must be filled in every row.
    pub required: Vec<Required>,
    /// Place of the partner column among `columns`, where the file has one.
    pub partner: Option<usize>,
    /// Place of the column that names a row in findings.
    pub row_id: Option<usize>,
    /// Place of the currency column, where the file has one.
    pub currency: Option<usize>,
    /// The headers, reduced to what is compared.
    pub header_keys: Vec<String>,
    /// Whether serial dates count from 1904.
    pub from_1904: bool,
    /// Fields that records may have, blank ones beyond the header included, which some files have as a habit. One more is the
    /// trace of a separator within a text: what stands behind that stands one column too far right.
    pub most_fields: usize,
    /// Whether fields are separated as they are where a comma is the decimal mark.
    pub is_semicolon: bool,
    pub options: &'a Options,
}

/// The work on one column.
#[derive(Debug)]
pub(crate) struct ColumnPlan<'a> {
    pub name: &'static str,
    pub kind: Kind<'a>,
    /// Fields that mean the column, in the order of the mapping: the first that is not blank counts.
    pub sources: Vec<SourceField>,
    pub blank: Blank,
    /// Whether a second column holds the other reading of open cells.
    pub two_readings: bool,
    /// Whether it says who the customer or the person is.
    pub identity: bool,
    /// Whether a record that does not name the column says that it is blank.
    pub blank_when_absent: bool,
    /// What a blank field says in this source, where that is not what it says everywhere.
    pub when_blank: Option<&'a str>,
}

/// A field of the file that means a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SourceField {
    pub index: usize,
    /// The order of its slash dates, where stated.
    pub date_order: Option<DateOrder>,
    /// What it is of the column's value.
    pub role: FieldRole,
    /// Whether its amounts are US dollars, whatever a currency column says.
    pub in_usd: bool,
    /// Whether its header names US dollars: then its amounts are, unless the currency column says otherwise.
    pub names_usd: bool,
    /// Whether it holds numbers as such: then the decimal mark is a point.
    pub is_number: bool,
    /// Whether its header is the column's own name: its shares are in percent, however small.
    pub is_canonical: bool,
    /// Fields that must hold a value (reduced) for this one to count.
    pub only_if: Vec<(usize, String)>,
}

impl SourceField {
    /// Whether the fields on which it depends say what they must.
    #[inline]
    pub fn counts(&self, record: &Record<'_>, scratch: &mut String) -> bool {
        self.unmet(record, scratch).is_none()
    }

    /// The first field on which it depends that says something else, and what it should say.
    #[inline]
    pub fn unmet(&self, record: &Record<'_>, scratch: &mut String) -> Option<&(usize, String)> {
        self.only_if.iter().find(|(place, value)| key(record.field(*place, scratch)) != *value)
    }
}

/// A column without which a row is not used.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Required {
    pub column: usize,
    pub reason: RejectReason,
}

/// How the cells of a column are read.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind<'a> {
    Text,
    /// The e-mail address of a person, who may be renamed.
    Email(Option<&'a Pseudonyms>),
    /// The name of a person, who may be renamed.
    PersonName(Option<&'a Pseudonyms>),
    /// Whose opportunity or case study it is.
    CustomerName,
    /// ACE id; other texts are kept.
    OpportunityId,
    AwsAccount,
    Duns,
    Pick(&'a ValueList),
    /// `Co-Sell` as soon as one need begins with it.
    Involvement(&'a ValueList),
    List(Option<&'a ValueList>),
    Money,
    Percent,
    Integer,
    Flag,
    Date,
    Timestamp,
    /// Filled from the other cells of the row.
    Masked,
    Currency,
}

impl<'a> Plan<'a> {
    pub fn new(recognised: &'a Recognised, mappings: &'a Mappings, options: &'a Options) -> Self {
        let table = recognised.table;
        let column = |column| ColumnPlan::new(table, column, recognised, mappings).naming_somebody(table, options);
        let columns: Vec<ColumnPlan<'a>> = table.schema().ingested_columns().map(column).collect();
        let place = |name: &str| columns.iter().position(|column| column.name == name);
        let with_source = |name: &str| place(name).filter(|at| !columns[*at].sources.is_empty());
        let required = required_cells(table)
            .iter()
            .filter_map(|(name, reason)| place(name).map(|column| Required { column, reason: *reason }));
        Self {
            file: &recognised.file,
            sheet: &recognised.sheet,
            header_keys: recognised.headers.iter().map(|header| header_cell(header).key).collect(),
            from_1904: recognised.from_1904,
            most_fields: recognised.most_fields,
            is_semicolon: recognised.delimiter == Some(';'),
            table,
            schema: chunk_schema(table, &columns),
            header_line: recognised.header_line,
            headers: &recognised.headers,
            only_when: &recognised.only_when,
            required: required.collect(),
            partner: with_source("partner_id"),
            row_id: place(row_id_column(table)),
            currency: with_source("currency"),
            options,
            columns,
        }
    }
}

impl<'a> ColumnPlan<'a> {
    fn new(table: TableId, column: &'static Column, recognised: &'a Recognised, mappings: &'a Mappings) -> Self {
        let mut fields: Vec<&MappedHeader> =
            recognised.mapped.iter().filter(|field| field.column == column.name).collect();
        if let Some(source) = mappings.source(&recognised.mapping).filter(|_| fields.len() > 1) {
            let rank = |field: &&MappedHeader| source.rank(column.name, &header_cell(&field.header).key);
            fields.sort_by_cached_key(|field| (rank(field), indexes_of(&field.header)));
        }
        let source = |field: &MappedHeader| SourceField {
            index: field.index,
            date_order: field.date_order,
            role: field.role,
            in_usd: field.in_usd || (column.name.ends_with("_usd") && key(&field.header) == key(column.name)),
            names_usd: key(&field.header).ends_with("usd"),
            is_number: field.is_number,
            is_canonical: key(&field.header) == key(column.name),
            only_if: field.only_if.clone(),
        };
        let sources: Vec<SourceField> = fields.into_iter().map(source).collect();
        let kind = Kind::of(column, mappings);
        let two_readings = match kind {
            Kind::Date | Kind::Timestamp => sources.iter().any(|source| source.date_order.is_none()),
            Kind::Money | Kind::Percent => !sources.is_empty(),
            _ => false,
        };
        let identity = matches!(column.name, "customer_name" | "person_name" | "email");
        let blank_when_absent = recognised.blank_when_absent.contains(column.name);
        let is_silent = sources.is_empty() && !blank_when_absent;
        let blank = if is_silent { Blank::Unknown } else { Blank::of(table, column) };
        let when_blank = recognised.when_blank.get(column.name).map(String::as_str);
        Self { name: column.name, kind, sources, blank, two_readings, identity, blank_when_absent, when_blank }
    }
}

impl<'a> ColumnPlan<'a> {
    /// A column that names somebody. Persons may be renamed. A list of customers is about the names as they stand.
    fn naming_somebody(self, table: TableId, options: &'a Options) -> Self {
        let kind = match self.name {
            "email" => Kind::Email(options.pseudonyms.as_ref()),
            "person_name" => Kind::PersonName(options.pseudonyms.as_ref()),
            "customer_name" if table != TableId::Customers => Kind::CustomerName,
            _ => self.kind,
        };
        Self { kind, ..self }
    }
}

impl ColumnPlan<'_> {
    /// Whether a record without a filled field of this column says nothing about it: it has none of the fields, or one
    /// that does not count.
    pub fn is_silent(&self, record: &Record<'_>) -> bool {
        let all_absent = self.sources.iter().all(|source| record.is_absent(source.index));
        let filled = self.sources.iter().any(|source| !record.is_blank(source.index));
        (all_absent && !self.blank_when_absent) || filled
    }

    /// Whether a record speaks of the column at all.
    pub fn is_given(&self) -> bool {
        !self.sources.is_empty() || self.blank_when_absent
    }

    /// Whether the record has a blank where the whole value would stand. Blank fields of items say only that there are
    /// fewer items than another record has.
    pub fn is_blank_as_a_whole(&self, record: &Record<'_>) -> bool {
        let blank = |source: &SourceField| !record.is_absent(source.index) && record.is_blank(source.index);
        self.sources.iter().any(|source| source.role == FieldRole::Whole && blank(source))
    }

    /// The filled fields that are the items of a list, or the parts of a text in their order.
    pub fn pieces(&self, record: &Record<'_>, scratch: &mut String) -> Vec<String> {
        let mut pieces: Vec<(FieldRole, String)> = Vec::new();
        for source in self.sources.iter().filter(|source| source.role != FieldRole::Whole) {
            if !record.is_blank(source.index) && source.counts(record, scratch) {
                pieces.push((source.role, record.field(source.index, scratch).to_owned()));
            }
        }
        pieces.sort_by_key(|(role, _)| *role);
        pieces.into_iter().map(|(_, piece)| piece).collect()
    }
}

impl Kind<'_> {
    /// Whether cells of the column name somebody, or say that nobody is known.
    pub fn names_somebody(&self) -> bool {
        matches!(self, Self::Email(_) | Self::PersonName(_) | Self::CustomerName)
    }

    /// What a field says: of an amount also in which currency its format shows it.
    #[inline(always)]
    pub fn cell<'s>(&self, record: &'s Record<'_>, index: usize, scratch: &'s mut String) -> &'s str {
        match self {
            Self::Money => record.shown(index, scratch),
            _ => record.field(index, scratch),
        }
    }

    /// Whether a trimmed cell that should name somebody says that nobody is known.
    pub fn is_nobody(&self, cell: &str) -> bool {
        match self {
            Self::Email(_) | Self::PersonName(_) => person::is_nobody(cell),
            Self::CustomerName => customer::is_nobody(cell),
            _ => false,
        }
    }
}

impl<'a> Kind<'a> {
    fn of(column: &Column, mappings: &'a Mappings) -> Self {
        let list = mappings.values(column.picklist);
        match (column.name, column.ty) {
            ("opportunity_id" | "parent_opportunity_id" | "ace_opportunity_id", _) => Self::OpportunityId,
            ("customer_aws_account_id", _) => Self::AwsAccount,
            ("customer_duns", _) => Self::Duns,
            ("masked", _) => Self::Masked,
            ("currency", _) => Self::Currency,
            ("allocation_pct", _) => Self::Percent,
            (name, ColumnType::Text) => match list {
                Some(list) if name == "involvement" => Self::Involvement(list),
                Some(list) => Self::Pick(list),
                None => Self::Text,
            },
            (_, ColumnType::TextList) => Self::List(list),
            (_, ColumnType::Flag) => Self::Flag,
            (_, ColumnType::Integer | ColumnType::Long) => Self::Integer,
            (_, ColumnType::Decimal) => Self::Money,
            (_, ColumnType::Date) => Self::Date,
            (_, ColumnType::Timestamp) => Self::Timestamp,
        }
    }
}

/// Cells without which a row of the table says nothing.
fn required_cells(table: TableId) -> &'static [(&'static str, RejectReason)] {
    use RejectReason::{MissingId, MissingValue};
    match table {
        TableId::Opportunities => &[("opportunity_id", MissingId)],
        TableId::CaseStudies => &[("case_study_id", MissingId)],
        TableId::Certifications => &[("certification", MissingValue)],
        TableId::Completions => &[("credential", MissingValue)],
        TableId::Customers => &[("customer_name", MissingValue)],
        TableId::Activities => &[("activity_type", MissingValue)],
        TableId::Designations => &[("designation", MissingValue)],
        TableId::Offerings => &[("title", MissingValue)],
        TableId::Attestations => &[("program", MissingValue), ("requirement_id", MissingValue)],
        // Anybody on a roster counts, named or not; a partner may be the only one.
        TableId::Personnel | TableId::Partners => &[],
    }
}

/// The column by which findings name a row.
pub(crate) fn row_id_column(table: TableId) -> &'static str {
    match table {
        TableId::Opportunities => "opportunity_id",
        TableId::CaseStudies => "case_study_id",
        TableId::Certifications => "certification",
        TableId::Completions => "credential",
        TableId::Customers => "customer_name",
        TableId::Personnel => "person_name",
        TableId::Activities | TableId::Offerings => "title",
        TableId::Designations => "designation",
        TableId::Partners => "name",
        TableId::Attestations => "requirement_id",
    }
}

fn chunk_schema(table: TableId, columns: &[ColumnPlan<'_>]) -> Arc<Schema> {
    let ingested = table.schema().ingested_schema();
    let mut fields: Vec<Arc<Field>> = Vec::with_capacity(ingested.fields().len() + 4);
    for field in ingested.fields() {
        fields.push(Arc::clone(field));
        if let Some(column) = columns.iter().find(|column| column.name == field.name() && column.two_readings) {
            let suffix = if matches!(column.kind, Kind::Money | Kind::Percent) { COMMA } else { DAY_FIRST };
            fields.push(Arc::new(Field::new(format!("{}{suffix}", column.name), field.data_type().clone(), true)));
        }
    }
    Arc::new(Schema::new(fields))
}
