//! Counts and their bounds.

use super::{Bounds, Population};
use crate::literal::bucket;
use crate::naive::row::rows_of;
use crate::naive::rules::{Count, Selection, Window};
use aceq_model::{Status, TableId};
use chrono::NaiveDate;

/// Counts opportunities whose flag `registered` is the predicate, on 2026-06-30.
fn opportunities(count: &Count, rows: &str) -> Bounds {
    let selection = Selection {
        table: TableId::Opportunities,
        conditions: vec![super::super::predicate::parse("registered", &Default::default())],
        window: Some(Window { column: "created_date".to_owned(), months: Some(12) }),
    };
    let bucket = bucket(&format!("opportunities = [{rows}]"));
    Population::new(&rows_of(&bucket, "self"), &selection, None, count).bounds(day())
}

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 6, 30).expect("June has 30 days")
}

fn expect(count: &Count, rows: &str, confirmed: i64, possible: Option<i64>) {
    assert_eq!(opportunities(count, rows), Bounds { confirmed, possible }, "{count:?} over {rows}");
}

fn customers() -> Count {
    Count::Distinct("customer_key".to_owned())
}

fn customers_with_5000() -> Count {
    Count::DistinctHaving { unit: "customer_key".to_owned(), sum: "arr_usd".to_owned(), at_least: 500_000 }
}

/// TRUE rows begin with `yes(…)`, UNKNOWN ones with `maybe(…)`; a key of `-` is null.
fn row(registered: &str, key: &str, strict: &str, arr: &str) -> String {
    let cell = |name: &str, text: &str| if text == "-" { String::new() } else { format!("{name} = \"{text}\", ") };
    let keys = cell("customer_key", key) + &cell("customer_key_strict", strict) + &cell("arr_usd", arr);
    format!("{{ {registered}{keys}created_date = 2026-01-01 }},")
}

fn yes(key: &str, strict: &str, arr: &str) -> String {
    row("registered = true, ", key, strict, arr)
}

fn maybe(key: &str, strict: &str, arr: &str) -> String {
    row("", key, strict, arr)
}

fn no(key: &str, strict: &str, arr: &str) -> String {
    row("registered = false, ", key, strict, arr)
}

#[test]
fn rows_are_true_unknown_or_neither() {
    expect(&Count::Rows, "", 0, Some(0));
    expect(
        &Count::Rows,
        &(yes("a", "a", "1") + &yes("a", "a", "1") + &maybe("a", "a", "1") + &no("b", "b", "1")),
        200,
        Some(300),
    );
}

#[test]
fn dates_and_predicate_must_both_hold() {
    let late = "{ registered = true, created_date = 2026-07-01 }";
    let early = "{ registered = true, created_date = 2025-06-29 }";
    let first = "{ registered = true, created_date = 2025-06-30 }";
    let undated = "{ registered = true }";
    let undated_not = "{ registered = false }";
    for (rows, confirmed, possible) in
        [(late, 0, 0), (early, 0, 0), (first, 100, 100), (undated, 0, 100), (undated_not, 0, 0)]
    {
        expect(&Count::Rows, rows, confirmed, Some(possible));
    }
}

#[test]
fn distinct_customers_join_for_confirmed_and_part_for_possible() {
    // One customer by weak evidence, two by strong.
    expect(&customers(), &(yes("a", "a1", "1") + &yes("a", "a2", "1")), 100, Some(200));
    expect(&customers(), &(yes("a", "a1", "1") + &maybe("a", "a1", "1")), 100, Some(100));
    expect(&customers(), &(yes("a", "a1", "1") + &maybe("b", "b1", "1") + &no("c", "c1", "1")), 100, Some(200));
}

#[test]
fn a_masked_customer_is_nobody_or_one_more() {
    expect(
        &customers(),
        &(yes("-", "-", "1") + &yes("-", "-", "1") + &yes("a", "a", "1") + &maybe("-", "-", "1")),
        100,
        Some(400),
    );
}

#[test]
fn sums_lose_their_bound_with_an_unknown_amount() {
    let sum = Count::Sum("arr_usd".to_owned());
    expect(&sum, "", 0, Some(0));
    expect(&sum, &(yes("a", "a", "1.50") + &maybe("a", "a", "2.25") + &no("a", "a", "9")), 150, Some(375));
    expect(&sum, &(yes("a", "a", "1.50") + &maybe("a", "a", "-")), 150, None);
    expect(&sum, &(yes("a", "a", "1.50") + &yes("a", "a", "-")), 150, None);
    expect(&sum, &(yes("a", "a", "1.50") + &no("a", "a", "-")), 150, Some(150));
}

#[test]
fn having_adds_up_per_customer() {
    let count = customers_with_5000();
    expect(&count, &(yes("a", "a", "2000") + &yes("a", "a", "3000") + &yes("b", "b", "4999.99")), 100, Some(100));
    expect(&count, &(yes("a", "a", "2000") + &maybe("a", "a", "3000")), 0, Some(100));
    expect(&count, &(yes("a", "a", "2000") + &no("a", "a", "3000")), 0, Some(0));
}

#[test]
fn having_possible_is_limited_by_strict_keys_and_by_the_total() {
    let count = customers_with_5000();
    // Two strict customers; together 9,999.99 lift one of them, 10,000 both.
    expect(&count, &(yes("a", "a1", "5000") + &yes("a", "a2", "4999.99")), 100, Some(100));
    expect(&count, &(yes("a", "a1", "5000") + &yes("a", "a2", "5000")), 100, Some(200));
    expect(&count, &(yes("a", "a1", "50000") + &yes("a", "a1", "5000")), 100, Some(100));
    expect(&count, &(yes("a", "a1", "1") + &maybe("a", "a2", "-")), 0, Some(200));
    expect(&count, &(yes("a", "a1", "1") + &yes("a", "a1", "-")), 0, Some(100));
}

/// Even one that is too small by itself: it may belong to a customer whom it lifts to the sum.
#[test]
fn having_takes_every_masked_row_for_one_more() {
    let count = customers_with_5000();
    expect(&count, &(yes("-", "-", "5000") + &yes("-", "-", "4999") + &yes("-", "-", "-")), 0, Some(300));
}

#[test]
fn tables_never_given_are_unbounded() {
    let selection = Selection { table: TableId::Offerings, conditions: vec![], window: None };
    let rows = rows_of(&bucket("opportunities = []"), "self");
    let population = Population::new(&rows, &selection, None, &Count::Rows);
    assert_eq!(population.bounds(day()), Bounds { confirmed: 0, possible: None });
    assert_eq!(population.any(day()), None);
}

#[test]
fn bounds_against_a_number() {
    for (confirmed, possible, required, status) in [
        (100, Some(100), 100, Status::Met),
        (100, None, 100, Status::Met),
        (0, Some(0), 100, Status::NotMet),
        (0, Some(100), 100, Status::Unknown),
        (0, None, 100, Status::Unknown),
        (0, Some(0), 0, Status::Met),
    ] {
        assert_eq!(
            Bounds { confirmed, possible }.against(required).status,
            status,
            "{confirmed} {possible:?} {required}"
        );
    }
}
