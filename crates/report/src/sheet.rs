//! Rows for programs: the same columns and values as JSON, CSV or Markdown.

use crate::amount::Measure;
use aceq_model::{Column, ColumnType, CountKey, Table, formula};
use chrono::NaiveDate;
use serde_json::json;

/// A column of rows for programs; `doc` for the JSON Schema, where there is one.
pub(crate) const fn column(name: &'static str, doc: &'static str) -> Column {
    Column { name, ty: ColumnType::Text, doc, picklist: "", ingested: false, strict: "" }
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// Unknown, or none.
    Null,
    /// Text.
    Text(String),
    /// A whole number.
    Integer(i64),
    /// Yes or no.
    Flag(bool),
    /// Hundredths of a count or of an amount of money.
    Hundredths(Measure, i64),
    /// A number with four decimals, such as a probability, in ten-thousandths.
    TenThousandths(i64),
    /// What is a list or an object in JSON, and a text elsewhere.
    Nested {
        /// JSON.
        json: String,
        /// The same in words.
        text: String,
    },
}

/// Rows with the columns of a published table.
#[derive(Clone, Debug)]
pub(crate) struct Sheet {
    columns: Vec<&'static str>,
    rows: Vec<Vec<Value>>,
}

impl Sheet {
    /// Rows whose values stand in the order of the columns that the engine hands over.
    pub(crate) fn new(table: &'static Table, rows: Vec<Vec<Value>>) -> Self {
        let columns: Vec<&str> = table.answer_columns().iter().map(|column| column.name).collect();
        debug_assert!(rows.iter().all(|row| row.len() == columns.len()), "one value per column of {}", table.name);
        Self { columns, rows }
    }

    /// One array, one object per line, keys in the order of the columns.
    pub(crate) fn json(&self) -> String {
        let object = |row: &Vec<Value>| {
            let pair = |(name, value): (&&str, &Value)| format!("{}:{}", json!(name), value.json());
            format!("  {{{}}}", self.columns.iter().zip(row).map(pair).collect::<Vec<_>>().join(","))
        };
        let objects: Vec<String> = self.rows.iter().map(object).collect();
        if objects.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", objects.join(",\n")) }
    }

    /// RFC 4180 with a header line. Texts that a spreadsheet would run as a formula get an apostrophe in front.
    pub(crate) fn csv(&self) -> String {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(&self.columns).expect("writing to memory cannot fail");
        for row in &self.rows {
            writer.write_record(row.iter().map(Value::csv)).expect("every row has the columns of the header");
        }
        let bytes = writer.into_inner().expect("writing to memory cannot fail");
        String::from_utf8(bytes).expect("only texts were written")
    }

    /// A Markdown table.
    pub(crate) fn markdown(&self) -> String {
        let rows = self.rows.iter().map(|row| row.iter().map(|value| escape_markdown(&value.plain())).collect());
        markdown_table(&self.columns, rows)
    }
}

impl Value {
    /// A text.
    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    /// The six columns that say which count a row is about.
    pub(crate) fn key(key: &CountKey) -> [Self; 6] {
        let CountKey { partner_id, program, version, requirement_id, reading, member } = key;
        let [partner, program, version, id, reading] =
            [partner_id, program, version, requirement_id, reading].map(|text| Self::text(text));
        [partner, program, version, id, reading, Self::maybe(member.as_deref())]
    }

    /// A number of things.
    pub(crate) fn count(things: usize) -> Self {
        Self::Integer(i64::try_from(things).unwrap_or(i64::MAX))
    }

    /// Text, or null.
    pub(crate) fn maybe(text: Option<&str>) -> Self {
        text.map_or(Self::Null, |text| Self::Text(text.to_owned()))
    }

    /// An ISO date, or null.
    pub(crate) fn date(date: Option<NaiveDate>) -> Self {
        date.map_or(Self::Null, |date| Self::Text(date.to_string()))
    }

    /// A probability, or another number of which four decimals are told; null for what is no number.
    pub(crate) fn decimal(number: f64) -> Self {
        if number.is_finite() { Self::TenThousandths((number * 10_000.0).round() as i64) } else { Self::Null }
    }

    /// What a column holds of each item: a list of objects in JSON, texts joined by `; ` elsewhere.
    pub(crate) fn list<T>(items: &[T], json: impl Fn(&T) -> serde_json::Value, text: impl Fn(&T) -> String) -> Self {
        let json = serde_json::Value::Array(items.iter().map(json).collect()).to_string();
        Self::Nested { json, text: items.iter().map(text).collect::<Vec<_>>().join("; ") }
    }

    fn json(&self) -> String {
        match self {
            Self::Null => "null".to_owned(),
            Self::Text(text) => json!(text).to_string(),
            Self::Integer(number) => number.to_string(),
            Self::TenThousandths(_) | Self::Flag(_) => self.plain(),
            Self::Nested { json, .. } => json.clone(),
            // Sums are texts: a JSON number passes through a float in most readers.
            Self::Hundredths(Measure::Sum, _) => format!("\"{}\"", self.plain()),
            Self::Hundredths(Measure::Count, value) if value % 100 == 0 => self.plain(),
            Self::Hundredths(Measure::Count, _) => format!("\"{}\"", self.plain()),
        }
    }

    pub(crate) fn csv(&self) -> String {
        match self {
            Self::Text(text) | Self::Nested { text, .. } => formula::harmless(text).into_owned(),
            other => other.plain(),
        }
    }

    fn plain(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Text(text) | Self::Nested { text, .. } => text.clone(),
            Self::Integer(number) => number.to_string(),
            Self::Flag(flag) => flag.to_string(),
            Self::TenThousandths(number) => {
                let sign = if *number < 0 { "-" } else { "" };
                format!("{sign}{}.{:04}", number.unsigned_abs() / 10_000, number.unsigned_abs() % 10_000)
            }
            Self::Hundredths(measure, value) => measure.text(*value),
        }
    }
}

/// A Markdown table of cells that are Markdown already.
pub(crate) fn markdown_table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let line = |cells: &[String]| format!("| {} |\n", cells.join(" | "));
    let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
    let rule = format!("|{}\n", "---|".repeat(header.len()));
    std::iter::once(line(&header) + &rule).chain(rows.map(|row| line(&row))).collect()
}

/// Text as a Markdown cell shows it, character by character.
pub(crate) fn escape_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => escaped.push(' '),
            '\\' | '|' | '*' | '_' | '`' | '[' | ']' | '<' | '>' | '#' => escaped.extend(['\\', c]),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::{Measure, Sheet, Value};
    use aceq_model::{Column, ColumnType, Table};

    const fn column(name: &'static str) -> Column {
        Column { name, ty: ColumnType::Text, doc: "", picklist: "", ingested: false, strict: "" }
    }

    static TWO: Table = Table { name: "two", grain: "", columns: &[column("name"), column("number")], key: &[] };

    fn sheet(name: &str, number: Value) -> Sheet {
        Sheet::new(&TWO, vec![vec![Value::Text(name.to_owned()), number]])
    }

    #[test]
    fn json_keeps_counts_as_numbers_and_sums_as_texts() {
        let count = sheet("a \"b\"", Value::Hundredths(Measure::Count, 5000)).json();
        assert_eq!(count, "[\n  {\"name\":\"a \\\"b\\\"\",\"number\":50}\n]\n");
        let sum = sheet("a", Value::Hundredths(Measure::Sum, 125_050)).json();
        assert_eq!(sum, "[\n  {\"name\":\"a\",\"number\":\"1250.50\"}\n]\n");
        assert_eq!(Sheet::new(&TWO, vec![]).json(), "[]\n");
    }

    #[test]
    fn csv_defuses_formulas_but_not_numbers() {
        for text in ["=1+1", "+1", "-1", "@SUM", "\tx", "＝1"] {
            let csv = sheet(text, Value::Integer(-5)).csv();
            assert_eq!(csv, format!("name,number\r\n'{text},-5\r\n"), "{text}");
        }
        assert_eq!(sheet("a, \"b\"", Value::Null).csv(), "name,number\r\n\"a, \"\"b\"\"\",\r\n");
    }

    #[test]
    fn markdown_shows_texts_as_they_are() {
        let markdown = sheet("*|\n<b>", Value::Null).markdown();
        assert_eq!(markdown, "| name | number |\n|---|---|\n| \\*\\| \\<b\\> |  |\n");
    }
}
