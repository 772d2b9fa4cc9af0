//! Rows for programs: the same columns and values as JSON, CSV or Markdown.

use crate::amount::Measure;
use aceq_model::{Column, ColumnType, CountKey, Table, formula};
use chrono::NaiveDate;
use serde_json::json;
use std::borrow::Cow;
use std::fmt::Write;

/// A column of rows for programs; `doc` for the JSON Schema, where there is one.
pub(crate) const fn column(name: &'static str, doc: &'static str) -> Column {
    Column { name, ty: ColumnType::Text, doc, picklist: "", ingested: false, strict: "" }
}

/// One value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    /// Unknown, or none.
    Null,
    /// Text.
    Text(Cow<'a, str>),
    /// A calendar date.
    Date(NaiveDate),
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

/// How rows are written for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RowFormat {
    /// One array, one object per line, keys in the order of the columns.
    Json,
    /// RFC 4180 with a header line. Texts that a spreadsheet would run as a formula get an apostrophe in front.
    Csv,
    /// A Markdown table.
    Markdown,
}

/// What stands around texts that were made one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Before the first.
    pub begin: String,
    /// Between two.
    pub between: &'static str,
    /// After the last.
    pub end: String,
    /// Instead of all that, where there is none.
    pub none: String,
}

/// Rows with the columns of a published table.
#[derive(Clone, Debug)]
pub(crate) struct Sheet<'a> {
    columns: Vec<&'static str>,
    rows: Vec<Vec<Value<'a>>>,
}

impl<'a> Sheet<'a> {
    /// Rows whose values stand in the order of the columns that the engine hands over.
    pub(crate) fn new(table: &'static Table, rows: Vec<Vec<Value<'a>>>) -> Self {
        Self { columns: columns(table), rows }
    }

    /// As [`RowFormat::Json`].
    pub(crate) fn json(&self) -> String {
        self.text(RowFormat::Json)
    }

    /// As [`RowFormat::Csv`].
    pub(crate) fn csv(&self) -> String {
        self.text(RowFormat::Csv)
    }

    /// As [`RowFormat::Markdown`].
    pub(crate) fn markdown(&self) -> String {
        self.text(RowFormat::Markdown)
    }

    fn text(&self, format: RowFormat) -> String {
        let frame = format.frame(&self.columns);
        if self.rows.is_empty() {
            return frame.none;
        }
        frame.begin + &format.rows(&self.columns, self.rows.iter().map(Vec::as_slice)) + &frame.end
    }
}

/// The columns that the engine hands over.
pub(crate) fn columns(table: &Table) -> Vec<&'static str> {
    table.answer_columns().iter().map(|column| column.name).collect()
}

impl RowFormat {
    /// What stands around pages of rows.
    pub(crate) fn frame(self, columns: &[&str]) -> Frame {
        let (begin, between, end, none) = match self {
            Self::Json => ("[\n".to_owned(), ",\n", "\n]\n", Some("[]\n")),
            Self::Csv => (csv_text(|writer| writer.write_record(columns)), "", "", None),
            Self::Markdown => (markdown_header(columns), "", "", None),
        };
        let none = none.map_or_else(|| begin.clone(), str::to_owned);
        Frame { begin, between, end: end.to_owned(), none }
    }

    /// Some rows, without what stands around them.
    pub(crate) fn rows<'v, R: AsRef<[Value<'v>]>>(self, columns: &[&str], rows: impl Iterator<Item = R>) -> String {
        let rows = rows.inspect(|row| debug_assert_eq!(row.as_ref().len(), columns.len(), "one value per column"));
        match self {
            Self::Json => json_rows(columns, rows),
            Self::Csv => csv_rows(rows),
            Self::Markdown => {
                let cells = |row: R| row.as_ref().iter().map(|value| escape_markdown(&value.plain())).collect();
                markdown_rows(rows.map(cells))
            }
        }
    }
}

fn json_rows<'v, R: AsRef<[Value<'v>]>>(columns: &[&str], rows: impl Iterator<Item = R>) -> String {
    let keys: Vec<String> = columns.iter().map(|name| format!("{}:", json!(name))).collect();
    let mut text = String::new();
    for row in rows {
        text.push_str(if text.is_empty() { "  {" } else { ",\n  {" });
        for (index, (key, value)) in keys.iter().zip(row.as_ref()).enumerate() {
            text.push_str(if index == 0 { "" } else { "," });
            text.push_str(key);
            value.write_json(&mut text);
        }
        text.push('}');
    }
    text
}

fn csv_rows<'v, R: AsRef<[Value<'v>]>>(rows: impl Iterator<Item = R>) -> String {
    csv_text(|writer| {
        let mut field = String::new();
        for row in rows {
            for value in row.as_ref() {
                field.clear();
                match value {
                    Value::Text(text) => writer.write_field(formula::harmless(text).as_ref())?,
                    Value::Nested { text, .. } => writer.write_field(formula::harmless(text).as_ref())?,
                    other => {
                        other.write_plain(&mut field);
                        writer.write_field(&field)?;
                    }
                }
            }
            writer.write_record(None::<&[u8]>)?;
        }
        Ok(())
    })
}

/// RFC 4180 of what `write` writes.
pub(crate) fn csv_text(write: impl FnOnce(&mut csv::Writer<Vec<u8>>) -> Result<(), csv::Error>) -> String {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    write(&mut writer).expect("writing to memory cannot fail, and every row has the columns of the header");
    let bytes = writer.into_inner().expect("writing to memory cannot fail");
    String::from_utf8(bytes).expect("only texts were written")
}

impl<'a> Value<'a> {
    /// A text.
    pub(crate) fn text(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }

    /// The six columns that say which count a row is about.
    pub(crate) fn key(key: &'a CountKey) -> [Self; 6] {
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
    pub(crate) fn maybe(text: Option<&'a str>) -> Self {
        text.map_or(Self::Null, Self::text)
    }

    /// An ISO date, or null.
    pub(crate) fn date(date: Option<NaiveDate>) -> Self {
        date.map_or(Self::Null, Self::Date)
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

    fn write_json(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Text(text) => write_json_text(text, out),
            Self::Nested { json, .. } => out.push_str(json),
            Self::Integer(_) | Self::TenThousandths(_) | Self::Flag(_) => self.write_plain(out),
            Self::Hundredths(Measure::Count, value) if value % 100 == 0 => self.write_plain(out),
            // Sums are texts: a JSON number passes through a float in most readers.
            Self::Date(_) | Self::Hundredths(..) => {
                out.push('"');
                self.write_plain(out);
                out.push('"');
            }
        }
    }

    pub(crate) fn csv(&self) -> String {
        match self {
            Self::Text(text) => formula::harmless(text).into_owned(),
            Self::Nested { text, .. } => formula::harmless(text).into_owned(),
            other => other.plain(),
        }
    }

    fn plain(&self) -> String {
        let mut text = String::new();
        self.write_plain(&mut text);
        text
    }

    fn write_plain(&self, out: &mut String) {
        let written = match self {
            Self::Null => Ok(()),
            Self::Text(text) => out.write_str(text),
            Self::Nested { text, .. } => out.write_str(text),
            Self::Date(date) => write!(out, "{date}"),
            Self::Integer(number) => write!(out, "{number}"),
            Self::Flag(flag) => write!(out, "{flag}"),
            Self::TenThousandths(number) => {
                let sign = if *number < 0 { "-" } else { "" };
                write!(out, "{sign}{}.{:04}", number.unsigned_abs() / 10_000, number.unsigned_abs() % 10_000)
            }
            Self::Hundredths(measure, value) => out.write_str(&measure.text(*value)),
        };
        written.expect("writing to memory cannot fail");
    }
}

/// A JSON string.
fn write_json_text(text: &str, out: &mut String) {
    let is_plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().all(is_plain) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&json!(text).to_string());
    }
}

/// A Markdown table of cells that are Markdown already.
pub(crate) fn markdown_table(header: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    markdown_header(header) + &markdown_rows(rows)
}

fn markdown_header(columns: &[&str]) -> String {
    format!("| {} |\n|{}\n", columns.join(" | "), "---|".repeat(columns.len()))
}

fn markdown_rows(rows: impl Iterator<Item = Vec<String>>) -> String {
    rows.map(|cells| format!("| {} |\n", cells.join(" | "))).collect()
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

    fn sheet<'a>(name: &'a str, number: Value<'a>) -> Sheet<'a> {
        Sheet::new(&TWO, vec![vec![Value::text(name), number]])
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
