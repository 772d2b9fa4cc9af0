//! Random buckets: any rows at all over the values that rules speak of, and real rows with holes in them.

use crate::rulebook::Rules;
use aceq_checklist::Rule;
use aceq_ingest::Mappings;
use aceq_model::{Bucket, Column, ColumnType, TableId, tables::WHOLE_PARTNER};
use arrow::array::{Array, ArrayRef, RecordBatch, UInt32Array, new_null_array};
use arrow::compute::{interleave, take_record_batch};
use chrono::{Datelike, Days, Months, NaiveDate};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// One number per column of a row: 0 is null, anything else picks a value.
type Picks = Vec<u16>;

/// The values that random cells are taken from.
pub struct Pools {
    /// Canonical values per picklist: those that rules name, and two that they don't.
    picklists: BTreeMap<&'static str, Vec<String>>,
    /// Whole numbers in the rules, and their neighbours.
    numbers: Vec<i64>,
    /// Program and id of every attested requirement.
    attested: Vec<(String, String)>,
}

impl Pools {
    /// The values of `rules`.
    ///
    /// # Panics
    /// When a checklist names no number.
    pub fn new(rules: &[Rules]) -> Self {
        let texts: String = rules.iter().map(|rules| rules.text.as_str()).collect();
        let columns = TableId::ALL.into_iter().flat_map(|table| table.schema().columns);
        let names: BTreeSet<&'static str> =
            columns.map(|column| column.picklist).filter(|name| !name.is_empty()).collect();
        Self {
            picklists: names.into_iter().map(|name| (name, named_values(name, &texts))).collect(),
            numbers: numbers(&texts),
            attested: rules.iter().flat_map(attested_ids).collect(),
        }
    }

    /// Random buckets of two partners, as [`crate::literal`] reads them: a table in six is absent, the others have up
    /// to seven rows.
    pub fn buckets(&self) -> impl Strategy<Value = String> {
        let table = |table: TableId| {
            let row = vec(any::<u16>(), table.schema().columns.len());
            (0u8..6, vec(row, 0..8)).prop_map(move |(given, rows)| (given > 0).then_some((table, rows)))
        };
        let tables: Vec<_> = TableId::ALL.into_iter().map(table).collect();
        tables.prop_map(|tables| self.text(&tables.into_iter().flatten().collect::<Vec<_>>()))
    }

    fn text(&self, tables: &[(TableId, Vec<Picks>)]) -> String {
        let mut text = "partner_ids = [\"P1\", \"P2\"]\n".to_owned();
        for (table, rows) in tables {
            let rows: Vec<String> = rows.iter().map(|picks| self.row(*table, picks)).collect();
            writeln!(text, "{} = [\n{}\n]", table.name(), rows.join(",\n")).expect("a String takes everything");
        }
        text
    }

    fn row(&self, table: TableId, picks: &Picks) -> String {
        let columns = table.schema().columns;
        let about = &self.attested[usize::from(picks[0]) % self.attested.len()];
        let customer = picks[columns.len() - 1];
        let cell = |(column, pick): (&Column, &u16)| {
            let value = match (table, column.name) {
                (_, "partner_id") => Some(one_of(&["P1", "P2"], *pick)),
                (TableId::Attestations, "program") => Some(quoted(&about.0)),
                (TableId::Attestations, "requirement_id") => Some(quoted(&about.1)),
                // By strong evidence a customer is one of the two that weak evidence joins.
                (_, "customer_key") => (!customer.is_multiple_of(7)).then(|| format!("\"c{}\"", customer % 7)),
                (_, "customer_key_strict") => {
                    (!customer.is_multiple_of(7) && pick % 5 > 0).then(|| format!("\"c{}/{}\"", customer % 7, pick % 2))
                }
                _ => (pick % 6 > 0).then(|| self.value(column, *pick)),
            };
            value.map(|value| format!("{} = {value}", column.name))
        };
        let cells: Vec<String> = columns.iter().zip(picks).filter_map(cell).collect();
        format!("  {{ {} }}", cells.join(", "))
    }

    fn value(&self, column: &Column, pick: u16) -> String {
        let number = || self.numbers[usize::from(pick) % self.numbers.len()];
        match column.ty {
            ColumnType::Text if column.name == "case_study_id" => one_of(&[WHOLE_PARTNER, "CS1", "CS2", "CS3"], pick),
            ColumnType::Text => self.word(column, pick),
            ColumnType::Flag => pick.is_multiple_of(2).to_string(),
            ColumnType::Integer | ColumnType::Long => number().min(i64::from(i32::MAX)).to_string(),
            ColumnType::Decimal => format!("\"{}.{}\"", number(), ["00", "01", "99"][usize::from(pick) % 3]),
            ColumnType::Date | ColumnType::Timestamp => date(pick).to_string(),
            ColumnType::TextList => {
                let items = (0..pick % 3).map(|item| self.word(column, pick / 3 + item)).collect::<Vec<_>>();
                format!("[{}]", items.join(", "))
            }
        }
    }

    fn word(&self, column: &Column, pick: u16) -> String {
        match self.picklists.get(column.picklist) {
            Some(values) => quoted(&values[usize::from(pick) % values.len()]),
            None => one_of(&["", "Amazon Connect Customer starter", "a", "b", "Other", "https://example.com/"], pick),
        }
    }
}

/// Rows of `bucket`, some repeated, some left out, with holes: a cell in `sparsity` becomes null.
///
/// # Panics
/// When the bucket does not have the canonical schema.
pub fn with_holes(bucket: &Bucket, seed: u64, sparsity: u64) -> Bucket {
    let mut state = seed;
    let mut next = move || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mixed(state)
    };
    let tables = bucket.tables.iter().filter_map(|(table, batch)| {
        let absent = next() % 16 == 0;
        let keep = (0..batch.num_rows() as u32).flat_map(|row| std::iter::repeat_n(row, (next() % 3) as usize));
        let rows = take_record_batch(batch, &UInt32Array::from_iter_values(keep)).expect("rows of the batch");
        let never_null = |name: &str| matches!(name, "partner_id" | "customer_key" | "masked" | "findings");
        let schema = rows.schema();
        let columns = schema.fields().iter().zip(rows.columns()).map(|(field, column)| {
            let hole = |_| next() % sparsity == 0;
            if never_null(field.name()) { column.clone() } else { punched((0..rows.num_rows()).map(hole), column) }
        });
        let columns = columns.collect();
        let rows = RecordBatch::try_new(rows.schema(), columns).expect("same types, same lengths");
        (!absent).then_some((*table, rows))
    });
    Bucket { partners: bucket.partners.clone(), tables: tables.collect() }
}

/// SplitMix64: every bit of the state reaches every bit of the result.
fn mixed(state: u64) -> u64 {
    let first = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let second = (first ^ (first >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    second ^ (second >> 31)
}

fn punched(holes: impl Iterator<Item = bool>, column: &ArrayRef) -> ArrayRef {
    let null = new_null_array(column.data_type(), 1);
    let indices: Vec<(usize, usize)> =
        holes.enumerate().map(|(row, hole)| if hole { (1, 0) } else { (0, row) }).collect();
    if indices.is_empty() {
        return column.clone();
    }
    interleave(&[column.as_ref() as &dyn Array, null.as_ref()], &indices).expect("arrays of one type")
}

fn named_values(picklist: &str, texts: &str) -> Vec<String> {
    let all = Mappings::builtin().picklists();
    let all = &all.get(picklist).unwrap_or_else(|| panic!("there is no picklist {picklist}")).values;
    let is_named = |value: &&String| texts.contains(&format!("'{value}'")) || texts.contains(&format!("\"{value}\""));
    // `use_case LIKE 'Big Data%'` names no value as a whole.
    let is_meant = |value: &&String| is_named(value) || value.starts_with("Big Data");
    let others = all.iter().filter(|value| !is_meant(value)).take(2);
    all.iter().filter(is_meant).chain(others).cloned().collect()
}

fn numbers(texts: &str) -> Vec<i64> {
    let words = texts.split(|character: char| !character.is_ascii_digit());
    let named: BTreeSet<i64> =
        words.filter(|word| word.len() < 10).filter_map(|word| word.parse::<i64>().ok()).collect();
    let near: BTreeSet<i64> = named.iter().flat_map(|n| [(n - 1).max(0), *n, n + 1]).collect();
    near.into_iter().collect()
}

fn attested_ids(rules: &Rules) -> Vec<(String, String)> {
    let asked = rules.checklist.requirements.iter().filter_map(|requirement| match &requirement.rule {
        Rule::Attested(rule) => Some((rules.checklist.program.clone(), rule.answers_of.clone())),
        Rule::Count(_) | Rule::Combine(..) => None,
    });
    asked.collect()
}

/// A day of 2023 to 2028: often the last of its month, or one beside it.
fn date(pick: u16) -> NaiveDate {
    let first = NaiveDate::from_ymd_opt(2023, 1, 1).expect("a date") + Months::new(u32::from(pick) % 72);
    let length = u64::from(first.num_days_in_month());
    let days = [0, 1, 13, 26, 27, length - 2, length - 1, length - 1];
    first + Days::new(days[usize::from(pick / 72) % days.len()])
}

fn one_of(words: &[&str], pick: u16) -> String {
    quoted(words[usize::from(pick) % words.len()])
}

fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}
