//! Rows for tests: every column type, with nulls, empty and filled lists, negative and large decimals.

use crate::manifest::{ChecklistRecord, RunFacts};
use aceq_model::{
    Bucket, Column, ColumnType, DateOrder, FileDecisions, FileRecord, Pages, Sha256Hex, SnapshotSource, Table, TableId,
    bucket_of,
};
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int32Array, Int64Array, ListBuilder, RecordBatch,
    StringArray, StringBuilder, TimestampMicrosecondArray,
};
use arrow::datatypes::{DataType, Field};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `rows` rows of each partner, in the order given; every value depends on its row and column only.
pub(crate) fn batch(table: &Table, partners: &[&str], rows: usize) -> RecordBatch {
    let ids: Vec<&str> = partners.iter().flat_map(|partner| std::iter::repeat_n(*partner, rows)).collect();
    let arrays = table.columns.iter().enumerate().map(|(at, column)| match column.name {
        "partner_id" => Arc::new(StringArray::from(ids.clone())) as ArrayRef,
        _ => array(column, at, ids.len()),
    });
    RecordBatch::try_new(table.arrow_schema(), arrays.collect()).expect("the table's own columns")
}

fn array(column: &Column, at: usize, rows: usize) -> ArrayRef {
    let seeds = (0..rows as i64).map(|row| row * 31 + at as i64);
    let some = |seed: i64| (seed % 3 != 0).then_some(seed);
    let text =
        |seed| some(seed).map(|seed| if seed % 7 == 0 { String::new() } else { format!("wert-é-{}", seed % 50) });
    match column.ty {
        ColumnType::Text => Arc::new(seeds.map(text).collect::<StringArray>()),
        ColumnType::Flag => Arc::new(seeds.map(|seed| some(seed).map(|seed| seed % 2 == 0)).collect::<BooleanArray>()),
        ColumnType::Integer => Arc::new(seeds.map(|seed| some(seed).map(|seed| seed as i32)).collect::<Int32Array>()),
        ColumnType::Long => Arc::new(seeds.map(|seed| some(seed).map(|seed| seed << 33)).collect::<Int64Array>()),
        ColumnType::Decimal => {
            let cents = seeds.map(|seed| some(seed).map(|seed| i128::from(seed - 50) * 9_999_999_999_999));
            Arc::new(cents.collect::<Decimal128Array>().with_data_type(column.ty.arrow()))
        }
        ColumnType::Date => {
            Arc::new(seeds.map(|seed| some(seed).map(|seed| (seed as i32 - 100) * 300)).collect::<Date32Array>())
        }
        ColumnType::Timestamp => {
            let micros: TimestampMicrosecondArray = seeds.map(|seed| some(seed).map(|seed| seed * 1_000_003)).collect();
            Arc::new(micros.with_timezone("UTC"))
        }
        ColumnType::TextList => text_lists(seeds),
    }
}

fn text_lists(seeds: impl Iterator<Item = i64>) -> ArrayRef {
    let item = Field::new("item", DataType::Utf8, false);
    let mut lists = ListBuilder::new(StringBuilder::new()).with_field(item);
    for seed in seeds {
        (0..seed % 4).for_each(|item| lists.values().append_value(format!("item {item}")));
        lists.append(seed % 5 != 0 || seed % 4 != 0);
    }
    Arc::new(lists.finish())
}

/// Buckets of all tables for some partners, ascending.
pub(crate) fn buckets(partners: &[&str], rows: usize, count: u32) -> Vec<Bucket> {
    let mut by_bucket: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for partner in partners {
        by_bucket.entry(bucket_of(partner, count)).or_default().push(partner);
    }
    let bucket = |mut partners: Vec<&str>| {
        partners.sort_unstable();
        let tables = TableId::ALL.map(|id| (id, batch(id.schema(), &partners, rows))).into();
        Bucket { partners: partners.into_iter().map(str::to_owned).collect(), tables }
    };
    by_bucket.into_values().map(bucket).collect()
}

/// An input file named `path`.
pub(crate) fn file(path: &str, hash: &str) -> FileRecord {
    let date_orders = [("created_date".to_owned(), Some(DateOrder::DayFirst)), ("award_date".to_owned(), None)].into();
    FileRecord {
        path: path.to_owned(),
        content_hash: Sha256Hex(hash.to_owned()),
        bytes: 7,
        sheet: String::new(),
        format: "csv".to_owned(),
        table: TableId::CaseStudies,
        mapping: "template".to_owned(),
        encoding: "UTF-8".to_owned(),
        delimiter: Some(';'),
        header_line: 2,
        present: ["title".to_owned()].into(),
        unmapped: vec!["Colour".to_owned()],
        snapshot_date: Some("2026-01-31".parse().expect("a date")),
        snapshot_source: SnapshotSource::Folder,
        decisions: FileDecisions { date_orders, decimal_commas: BTreeMap::new() },
        floor: None,
        pages: Pages::default(),
    }
}

/// Facts about a run over two files.
pub(crate) fn facts() -> RunFacts {
    RunFacts {
        tool_version: "0.1.0".to_owned(),
        inputs: vec![file("b.csv", "bb"), file("a.csv", "aa")],
        checklists: vec![ChecklistRecord {
            program: "smb".to_owned(),
            version: "2025-08".to_owned(),
            rules_hash: Sha256Hex("cc".to_owned()),
        }],
        as_of: vec!["2026-11-20".parse().expect("a date")],
        settings: serde_json::json!({ "b": 1, "a": { "d": true, "c": null } }),
    }
}
