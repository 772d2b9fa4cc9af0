//! Bridges hold exactly the items of the lists; dimensions hold every key once.

use super::{FiscalYearStart, Years, customers, days, items, partners};
use crate::sample;
use aceq_model::{Bucket, TableId, tables};
use arrow::array::{Array, AsArray, ListBuilder, RecordBatch, StringArray, StringBuilder};
use arrow::datatypes::{DataType, Date32Type, Field, Int32Type};
use chrono::NaiveDate;
use proptest::prelude::{prop_assert_eq, proptest};
use std::collections::BTreeSet;
use std::sync::Arc;

fn texts<'a>(rows: &'a RecordBatch, name: &str) -> Vec<Option<&'a str>> {
    rows[name].as_string::<i32>().iter().collect()
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Opportunities with these lists of products, one a row.
fn with_products(lists: &[Option<Vec<String>>]) -> RecordBatch {
    let table = TableId::Opportunities.schema();
    let rows = sample::batch(table, &["P1"], lists.len());
    let mut products = ListBuilder::new(StringBuilder::new()).with_field(Field::new("item", DataType::Utf8, false));
    for list in lists {
        list.iter().flatten().for_each(|item| products.values().append_value(item));
        products.append(list.is_some());
    }
    let ids: StringArray = (0..lists.len()).map(|row| Some(format!("O{row}"))).collect();
    let mut columns = rows.columns().to_vec();
    columns[table.index("aws_products").expect("a column")] = Arc::new(products.finish());
    columns[table.index("opportunity_id").expect("a column")] = Arc::new(ids);
    RecordBatch::try_new(rows.schema(), columns).expect("the table's own columns")
}

proptest! {
    #[test]
    fn a_bridge_holds_exactly_the_items_of_the_lists(
        lists in proptest::collection::vec(proptest::option::of(proptest::collection::vec("[a-c]{1,2}", 0..5)), 0..20),
        from in 0_usize..5,
        rows in 0_usize..20,
    ) {
        let all = with_products(&lists);
        let from = from.min(lists.len());
        let rows = rows.min(lists.len() - from);
        let bridge = items(&tables::BRIDGES[0], &all.slice(from, rows));
        let expected: Vec<(String, String)> = (from..from + rows)
            .flat_map(|row| lists[row].iter().flatten().map(move |item| (format!("O{row}"), item.clone())))
            .collect();
        let found = texts(&bridge, "opportunity_id").into_iter().zip(texts(&bridge, "aws_product"));
        let found: Vec<(String, String)> =
            found.map(|(id, item)| (id.expect("an id").to_owned(), item.expect("an item").to_owned())).collect();
        prop_assert_eq!(found, expected);
        prop_assert_eq!(bridge.num_columns(), 3);
    }
}

/// A list may be null and cover values all the same; those belong to nobody.
#[test]
fn items_below_an_unknown_list_are_no_items() {
    let values = StringArray::from(vec!["a", "b", "c"]);
    let lists = arrow::array::ListArray::new(
        Arc::new(Field::new("item", DataType::Utf8, false)),
        arrow::buffer::OffsetBuffer::new(vec![0, 1, 2, 3].into()),
        Arc::new(values),
        Some(vec![true, false, true].into()),
    );
    let table = TableId::Opportunities.schema();
    let rows = with_products(&[None, None, None]);
    let mut columns = rows.columns().to_vec();
    columns[table.index("aws_products").expect("a column")] = Arc::new(lists);
    let rows = RecordBatch::try_new(rows.schema(), columns).expect("the table's own columns");
    let bridge = items(&tables::BRIDGES[0], &rows);
    assert_eq!(texts(&bridge, "aws_product"), [Some("a"), Some("c")]);
    assert_eq!(texts(&bridge, "opportunity_id"), [Some("O0"), Some("O2")]);
}

#[test]
fn every_customer_key_of_a_partner_is_one_row() {
    let bucket = &sample::buckets(&["P1", "P2"], 60, 1)[0];
    let found = customers(bucket).expect("tables that speak of customers");
    let keys = |rows: &RecordBatch| -> BTreeSet<(String, String)> {
        let pairs = texts(rows, "partner_id").into_iter().zip(texts(rows, "customer_key"));
        pairs.filter_map(|(partner, key)| Some((partner?.to_owned(), key?.to_owned()))).collect()
    };
    let sources = [TableId::Customers, TableId::Opportunities, TableId::CaseStudies];
    let expected: BTreeSet<_> = sources.iter().flat_map(|id| keys(&bucket.tables[id])).collect();
    assert_eq!(keys(&found), expected);
    assert_eq!(found.num_rows(), expected.len(), "each once");
}

#[test]
fn a_customer_is_known_by_whatever_table_was_given() {
    let mut bucket = sample::buckets(&["P1"], 10, 1).remove(0);
    bucket.tables.retain(|id, _| *id == TableId::CaseStudies);
    let found = customers(&bucket).expect("case studies speak of customers");
    assert_eq!(found.schema(), tables::DIM_CUSTOMER.arrow_schema());
    assert_eq!(found["segment"].null_count(), found.num_rows(), "case studies tell no segment");
    bucket.tables.clear();
    assert!(customers(&bucket).is_none());
}

#[test]
fn a_partner_without_rows_is_one_all_the_same() {
    let mut bucket = sample::buckets(&["P1", "P3"], 5, 1).remove(0);
    bucket.partners.insert(1, "P2".to_owned());
    let found = partners(&bucket);
    assert_eq!(texts(&found, "partner_id"), [Some("P1"), Some("P2"), Some("P3")]);
    assert!(found["name"].is_null(1));
    let nobody = Bucket { partners: vec!["self".to_owned()], ..Bucket::default() };
    assert_eq!(partners(&nobody).num_rows(), 1);
}

#[test]
fn a_calendar_holds_whole_years_and_no_nonsense() {
    let mut years = Years::default();
    let mut bucket = sample::batch(&tables::DIM_PARTNER, &["P1"], 3);
    let dates = |days: [&str; 3]| {
        let days = days.map(|day| Some(aceq_model::days_from_date(date(day))));
        Arc::new(days.into_iter().collect::<arrow::array::Date32Array>()) as arrow::array::ArrayRef
    };
    let mut columns = bucket.columns().to_vec();
    let at = |name| tables::DIM_PARTNER.index(name).expect("a column");
    columns[at("valid_from")] = dates(["1900-01-01", "2024-06-30", "2025-01-01"]);
    columns[at("valid_until")] = dates(["9999-12-31", "2206-01-01", "2024-07-01"]);
    bucket = RecordBatch::try_new(bucket.schema(), columns).expect("the table's own columns");
    years.note(&bucket);
    let calendar = days(&years, &[date("2026-11-20"), date("2150-01-01")], FiscalYearStart::default());
    let found: BTreeSet<i32> = calendar["year"].as_primitive::<Int32Type>().iter().flatten().collect();
    assert_eq!(found, [2024, 2025, 2026, 2150].into());
    assert_eq!(calendar.num_rows(), 366 + 365 + 365 + 365);
    let days: BTreeSet<i32> = calendar["date"].as_primitive::<Date32Type>().iter().flatten().collect();
    assert_eq!(days.len(), calendar.num_rows(), "each day once");
}

#[test]
fn a_day_knows_its_periods() {
    let calendar = days(&Years::default(), &[date("2026-11-20")], FiscalYearStart::new(10).expect("October"));
    let row = 365 - 31 - 10 - 1; // 2026-11-20 is the 324th day.
    let text = |name| calendar[name].as_string::<i32>().value(row);
    let number = |name| calendar[name].as_primitive::<Int32Type>().value(row);
    let day = |name| aceq_model::date_from_days(calendar[name].as_primitive::<Date32Type>().value(row));
    assert_eq!(day("date"), Some(date("2026-11-20")));
    assert_eq!((text("quarter_label"), text("month_label")), ("2026-Q4", "2026-11"));
    assert_eq!((day("quarter_start"), day("quarter_end")), (Some(date("2026-10-01")), Some(date("2026-12-31"))));
    assert_eq!((day("month_start"), day("month_end")), (Some(date("2026-11-01")), Some(date("2026-11-30"))));
    assert_eq!((number("iso_week"), number("iso_weekday")), (47, 5));
    assert_eq!((number("fiscal_year"), number("fiscal_quarter")), (2027, 1));
    assert_eq!(text("fiscal_quarter_label"), "FY2027-Q1");
    let ends = calendar["is_quarter_end"].as_boolean();
    assert_eq!((ends.true_count(), ends.value(row), ends.value(364)), (4, false, true));
}
