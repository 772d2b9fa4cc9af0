//! What a blank cell of a present column says. NULL means unknown, so a blank that says something is a value.

use crate::{Column, ColumnType, OPEN_END, OPEN_START, TableId, tables::WHOLE_PARTNER};
use chrono::NaiveDate;

/// What a blank cell says. A column that a file does not have says nothing at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blank {
    /// Nothing: the value is unknown.
    Unknown,
    /// This text.
    Text(&'static str),
    /// This date: an open start or end.
    Date(NaiveDate),
    /// An empty list.
    EmptyList,
}

impl Blank {
    /// What a blank cell of `column` in a file of `table` says.
    pub fn of(table: TableId, column: &Column) -> Self {
        match (table, column.name) {
            (TableId::Opportunities, "review_status") => Self::Text("None"),
            (TableId::Personnel, "end_date")
            | (TableId::Partners, "valid_until")
            | (TableId::Designations, "expiration_date") => Self::Date(OPEN_END),
            (TableId::Partners, "valid_from") => Self::Date(OPEN_START),
            (TableId::Attestations, "case_study_id") => Self::Text(WHOLE_PARTNER),
            (TableId::CaseStudies, "url" | "ace_opportunity_id") | (TableId::Offerings, "description") => {
                Self::Text("")
            }
            _ if column.ty == ColumnType::TextList => Self::EmptyList,
            _ => Self::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Blank;
    use crate::TableId;

    #[test]
    fn blanks_fit_the_type_of_their_column() {
        use crate::ColumnType::{Date, Text, TextList};
        for table in TableId::ALL {
            for column in table.schema().ingested_columns() {
                let fits = match Blank::of(table, column) {
                    Blank::Unknown => column.ty != TextList,
                    Blank::Text(_) => column.ty == Text,
                    Blank::Date(_) => column.ty == Date,
                    Blank::EmptyList => column.ty == TextList,
                };
                assert!(fits, "{}.{}", table.name(), column.name);
            }
        }
    }
}
