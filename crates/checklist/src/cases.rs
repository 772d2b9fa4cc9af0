//! Given/expected cases that stand beside a checklist: an analyst can read them, `aceq checklist test` runs them.

use crate::diagnostic::{Diagnostic, suggest};
use crate::load::toml_diagnostic;
use aceq_model::{Column, ColumnType, TableId};
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::value::Datetime;
use toml::{Spanned, Value};

/// All cases of one file, with the checked rows.
#[derive(Clone, Debug)]
pub struct Cases {
    /// The cases, in file order.
    pub cases: Vec<Case>,
}

/// One case.
#[derive(Clone, Debug)]
pub struct Case {
    /// Requirement it is about.
    pub requirement: String,
    /// `adopted`, or an alternative.
    pub reading: String,
    /// What it shows.
    pub name: String,
    /// The application date.
    pub as_of: NaiveDate,
    /// The arithmetic, or the trap.
    pub why: String,
    /// Rows of the tables that are given; a table that is not here was never given.
    pub given: BTreeMap<TableId, Vec<CaseRow>>,
    /// What must come out.
    pub expect: Expectation,
    /// Line of the case in the file, 1-based.
    pub line: usize,
}

/// A row: ingested columns by name. A column that is not there is absent from the "file".
pub type CaseRow = BTreeMap<String, CaseValue>;

/// A cell.
#[derive(Clone, Debug, PartialEq)]
pub enum CaseValue {
    /// A blank cell of a present column.
    Blank,
    /// Text.
    Text(String),
    /// Whole number.
    Integer(i64),
    /// Flag.
    Flag(bool),
    /// Date.
    Date(NaiveDate),
    /// List of texts.
    List(Vec<String>),
}

/// What a case expects of the requirement's own row; what is not named is not compared.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// Status name.
    pub status: Option<String>,
    /// Lower bound, as a number or `"12.50"`.
    pub confirmed: Option<Value>,
    /// Upper bound, or `"unbounded"`.
    pub possible: Option<Value>,
    /// The count asked for.
    pub required: Option<Value>,
    /// What is missing.
    pub shortfall: Option<Value>,
    /// First day of the met run.
    pub met_from: Option<Datetime>,
    /// Last day of the met run.
    pub met_until: Option<Datetime>,
    /// Expectations about sub-minimums, by member.
    #[serde(default)]
    pub member: BTreeMap<String, MemberExpectation>,
}

/// What a case expects of a sub-minimum.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MemberExpectation {
    /// Status name.
    pub status: Option<String>,
    /// Lower bound.
    pub confirmed: Option<Value>,
    /// Upper bound, or `"unbounded"`.
    pub possible: Option<Value>,
    /// The count asked for.
    pub required: Option<Value>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CasesFile {
    #[serde(default)]
    defaults: BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Spanned<Value>>>,
    #[serde(default)]
    case: Vec<Spanned<CaseFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CaseFile {
    requirement: String,
    reading: Option<String>,
    name: String,
    as_of: Spanned<Datetime>,
    #[serde(default)]
    why: String,
    #[serde(default)]
    given: BTreeMap<Spanned<String>, Vec<Cells>>,
    expect: Expectation,
}

/// Reads and checks a case file. `file` is the name used in messages.
///
/// # Errors
/// The first mistake, with its place.
pub fn load_cases(file: &str, text: &str) -> Result<Cases, Diagnostic> {
    let read: CasesFile = toml::from_str(text).map_err(|error| toml_diagnostic(file, text, &error))?;
    let reader = Reader { file, text, defaults: &read.defaults };
    let cases = read.case.iter().map(|case| reader.case(case)).collect::<Result<_, _>>()?;
    Ok(Cases { cases })
}

type Cells = BTreeMap<Spanned<String>, Spanned<Value>>;

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
    defaults: &'a BTreeMap<Spanned<String>, Cells>,
}

impl Reader<'_> {
    fn case(&self, case: &Spanned<CaseFile>) -> Result<Case, Diagnostic> {
        let file = case.get_ref();
        let mut given = BTreeMap::new();
        for (name, rows) in &file.given {
            let table = self.table(name)?;
            given.insert(table, self.rows(table, rows)?);
        }
        let as_of = calendar_date(file.as_of.get_ref())
            .ok_or_else(|| self.error(file.as_of.span(), "expected a date", "write it as 2026-11-20"))?;
        Ok(Case {
            requirement: file.requirement.clone(),
            reading: file.reading.clone().unwrap_or_else(|| "adopted".to_owned()),
            name: file.name.clone(),
            as_of,
            why: file.why.clone(),
            given,
            expect: file.expect.clone(),
            line: self.text[..case.span().start].matches('\n').count() + 1,
        })
    }

    fn table(&self, name: &Spanned<String>) -> Result<TableId, Diagnostic> {
        TableId::from_name(name.get_ref()).ok_or_else(|| {
            let help = suggest(name.get_ref(), TableId::ALL.map(TableId::name));
            self.error(name.span(), &format!("there is no table `{}`", name.get_ref()), &help)
        })
    }

    fn rows(&self, table: TableId, rows: &[Cells]) -> Result<Vec<CaseRow>, Diagnostic> {
        let defaults = self.defaults.iter().find(|(name, _)| name.get_ref() == table.name()).map(|(_, cells)| cells);
        let mut expanded = Vec::new();
        for cells in rows {
            let repeat = cells.iter().find(|(key, _)| key.get_ref() == "repeat").map(|(_, value)| value);
            let times = match repeat.map(Spanned::get_ref) {
                None => 1,
                Some(Value::Integer(times)) if (0..=10_000).contains(times) => *times,
                Some(_) => return Err(self.error(span_of(repeat), "repeat is a number from 0 to 10000", "")),
            };
            for _ in 0..times {
                expanded.push(self.row(table, defaults, cells, expanded.len() + 1)?);
            }
        }
        Ok(expanded)
    }

    fn row(
        &self,
        table: TableId,
        defaults: Option<&Cells>,
        cells: &Cells,
        number: usize,
    ) -> Result<CaseRow, Diagnostic> {
        let mut row = CaseRow::new();
        for (key, value) in defaults.into_iter().flatten().chain(cells) {
            if key.get_ref() == "repeat" {
                continue;
            }
            let column = self.column(table, key)?;
            row.insert(key.get_ref().clone(), self.cell(column, value, number)?);
        }
        Ok(row)
    }

    fn column(&self, table: TableId, key: &Spanned<String>) -> Result<&'static Column, Diagnostic> {
        let schema = table.schema();
        schema.ingested_columns().find(|column| column.name == key.get_ref()).ok_or_else(|| {
            let message = format!("`{}` is no column that an export of {} can have", key.get_ref(), schema.name);
            let help = suggest(key.get_ref(), schema.ingested_columns().map(|column| column.name));
            self.error(key.span(), &message, &help)
        })
    }

    fn cell(&self, column: &Column, value: &Spanned<Value>, number: usize) -> Result<CaseValue, Diagnostic> {
        let fill = |text: &str| text.replace("{n}", &number.to_string());
        let cell = match (column.ty, value.get_ref()) {
            (_, Value::String(text)) if text.is_empty() => Some(CaseValue::Blank),
            (ColumnType::Text | ColumnType::Decimal, Value::String(text)) => Some(CaseValue::Text(fill(text))),
            (ColumnType::Integer, Value::Integer(number)) => Some(CaseValue::Integer(*number)),
            (ColumnType::Flag, Value::Boolean(flag)) => Some(CaseValue::Flag(*flag)),
            (ColumnType::Date | ColumnType::Timestamp, Value::Datetime(date)) => {
                calendar_date(date).map(CaseValue::Date)
            }
            (ColumnType::TextList, Value::Array(items)) => {
                let texts: Option<Vec<String>> = items.iter().map(|item| item.as_str().map(&fill)).collect();
                texts.map(CaseValue::List)
            }
            _ => None,
        };
        cell.ok_or_else(|| {
            let message = format!("`{}` is of type {}", column.name, column.ty.name());
            let help = "decimals stand in quotes, dates do not, lists in brackets, \"\" is a blank cell";
            self.error(value.span(), &message, help)
        })
    }

    fn error(&self, span: Range<usize>, message: &str, help: &str) -> Diagnostic {
        Diagnostic {
            file: self.file.to_owned(),
            text: self.text.to_owned(),
            span,
            message: message.to_owned(),
            help: help.to_owned(),
        }
    }
}

fn span_of(value: Option<&Spanned<Value>>) -> Range<usize> {
    value.map_or(0..0, Spanned::span)
}

fn calendar_date(value: &Datetime) -> Option<NaiveDate> {
    let date = value.date?;
    NaiveDate::from_ymd_opt(date.year.into(), date.month.into(), date.day.into())
}
