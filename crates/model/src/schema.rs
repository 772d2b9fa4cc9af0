//! How a table is described: once, for Arrow, for Parquet and for the reference page.

use crate::tables;
use arrow::datatypes::{DataType, Field, Schema, TimeUnit};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, PoisonError, RwLock};

/// The type of a column, in the shapes that every BI reader takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// UTF-8 text.
    Text,
    /// TRUE or FALSE.
    Flag,
    /// Whole number, 32 bits signed.
    Integer,
    /// Whole number, 64 bits signed.
    Long,
    /// `DECIMAL(18,2)`: USD, or percent.
    Decimal,
    /// Calendar date, `DATE32`.
    Date,
    /// Instant in UTC, microseconds.
    Timestamp,
    /// List of non-null texts.
    TextList,
}

/// One column of a table.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name in every output.
    pub name: &'static str,
    /// Type.
    pub ty: ColumnType,
    /// One sentence: what it says, its unit, what null means where that is not just "unknown".
    pub doc: &'static str,
    /// Name of the picklist of its values, or `""`.
    pub picklist: &'static str,
    /// Whether ingest fills it from a file; the others are derived.
    pub ingested: bool,
    /// For a key that may join too much: the column that joins by strong evidence alone (or `""`).
    pub strict: &'static str,
}

/// The canonical tables and, with them, the kinds of input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableId {
    /// ACE opportunities.
    Opportunities,
    /// Certifications of people.
    Certifications,
    /// Badges, courses and accreditations of people.
    Completions,
    /// Case studies.
    CaseStudies,
    /// Firmographics per customer.
    Customers,
    /// Staffing roster.
    Personnel,
    /// Publications, events, tests and rehearsals.
    Activities,
    /// Specializations held.
    Designations,
    /// Marketplace listings and Partner Central solutions.
    Offerings,
    /// Path stage, tier and program answers of the partner.
    Partners,
    /// Self-assessment answers.
    Attestations,
}

/// A table: its columns, its grain and its order.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Name of the table and of its Parquet file.
    pub name: &'static str,
    /// What one row is.
    pub grain: &'static str,
    /// Columns, in published order.
    pub columns: &'static [Column],
    /// Sort key after `partner_id`, outermost first.
    pub key: &'static [&'static str],
}

impl TableId {
    /// Every canonical table.
    pub const ALL: [Self; 11] = [
        Self::Opportunities,
        Self::Certifications,
        Self::Completions,
        Self::CaseStudies,
        Self::Customers,
        Self::Personnel,
        Self::Activities,
        Self::Designations,
        Self::Offerings,
        Self::Partners,
        Self::Attestations,
    ];

    /// The table's description.
    pub fn schema(self) -> &'static Table {
        match self {
            Self::Opportunities => &tables::OPPORTUNITIES,
            Self::Certifications => &tables::CERTIFICATIONS,
            Self::Completions => &tables::COMPLETIONS,
            Self::CaseStudies => &tables::CASE_STUDIES,
            Self::Customers => &tables::CUSTOMERS,
            Self::Personnel => &tables::PERSONNEL,
            Self::Activities => &tables::ACTIVITIES,
            Self::Designations => &tables::DESIGNATIONS,
            Self::Offerings => &tables::OFFERINGS,
            Self::Partners => &tables::PARTNERS,
            Self::Attestations => &tables::ATTESTATIONS,
        }
    }

    /// Name of the table, as in rules and file names.
    pub fn name(self) -> &'static str {
        self.schema().name
    }

    /// The table called `name`.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }
}

impl ColumnType {
    /// The Arrow type.
    pub fn arrow(self) -> DataType {
        match self {
            Self::Text => DataType::Utf8,
            Self::Flag => DataType::Boolean,
            Self::Integer => DataType::Int32,
            Self::Long => DataType::Int64,
            Self::Decimal => DataType::Decimal128(18, 2),
            Self::Date => DataType::Date32,
            Self::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
            Self::TextList => DataType::List(Arc::new(Field::new("item", DataType::Utf8, false))),
        }
    }

    /// The name used in the reference.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Flag => "flag",
            Self::Integer => "integer",
            Self::Long => "long",
            Self::Decimal => "decimal(18,2)",
            Self::Date => "date",
            Self::Timestamp => "timestamp (UTC, µs)",
            Self::TextList => "list of text",
        }
    }
}

impl Column {
    /// The Arrow field, with the description as metadata. `partner_id` alone is never null.
    pub fn field(&self) -> Field {
        let doc = HashMap::from([("description".to_owned(), self.doc.to_owned())]);
        Field::new(self.name, self.ty.arrow(), self.name != "partner_id").with_metadata(doc)
    }
}

impl Table {
    /// The Arrow schema: every column, in published order.
    pub fn arrow_schema(&self) -> Arc<Schema> {
        Arc::new(Schema::new(self.columns.iter().map(Column::field).collect::<Vec<_>>()))
    }

    /// The schema in which ingest hands over rows: the ingested columns, all nullable, then `source_line`. Made once for
    /// each table: batches of many small files all hold it.
    pub fn ingested_schema(&self) -> Arc<Schema> {
        static MADE: RwLock<BTreeMap<&'static str, Arc<Schema>>> = RwLock::new(BTreeMap::new());
        if let Some(made) = MADE.read().unwrap_or_else(PoisonError::into_inner).get(self.name) {
            return Arc::clone(made);
        }
        let mut fields: Vec<Field> = self.ingested_columns().map(|column| column.field().with_nullable(true)).collect();
        fields.push(Field::new("source_line", DataType::Int64, false));
        let schema = Arc::new(Schema::new(fields));
        let mut made = MADE.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(made.entry(self.name).or_insert(schema))
    }

    /// The columns without those that a run adds to its results ([`tables::RUN_COLUMNS`]): what the engine hands over.
    pub fn answer_columns(&self) -> &'static [Column] {
        let added = self.columns.iter().rev().take_while(|column| tables::RUN_COLUMNS.contains(&column.name)).count();
        if added == tables::RUN_COLUMNS.len() { &self.columns[..self.columns.len() - added] } else { self.columns }
    }

    /// The columns that tell two rows apart: `partner_id` where the table has it, then the key.
    pub fn full_key(&self) -> Vec<&'static str> {
        let partner = Some("partner_id").filter(|name| self.column(name).is_some() && !self.key.contains(name));
        partner.into_iter().chain(self.key.iter().copied()).collect()
    }

    /// Columns that ingest fills.
    pub fn ingested_columns(&self) -> impl Iterator<Item = &'static Column> {
        self.columns.iter().filter(|column| column.ingested)
    }

    /// The column called `name`.
    pub fn column(&self, name: &str) -> Option<&'static Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The position of the column called `name`.
    pub fn index(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::TableId;

    #[test]
    fn every_table_is_well_formed() {
        for id in TableId::ALL {
            let table = id.schema();
            assert_eq!(TableId::from_name(table.name), Some(id));
            assert_eq!(table.columns[0].name, "partner_id", "{}", table.name);
            for key in table.key {
                assert!(table.column(key).is_some(), "{}.{key}", table.name);
            }
            for column in table.columns {
                assert!(column.doc.ends_with('.'), "{}.{}", table.name, column.name);
                assert!(column.strict.is_empty() || table.column(column.strict).is_some());
                let twins = table.columns.iter().filter(|other| other.name == column.name).count();
                assert_eq!(twins, 1, "{}.{} appears twice", table.name, column.name);
            }
        }
    }
}
