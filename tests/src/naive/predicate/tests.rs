//! Predicates against one opportunity.

use super::{Sets, matches_pattern, parse};
use crate::literal::bucket;
use crate::naive::row::{Row, rows_of};
use crate::naive::truth::Truth;
use aceq_model::TableId;

const YES: Truth = Some(true);
const NO: Truth = Some(false);
const UNKNOWN: Truth = None;

/// Known: stage, registered, arr_usd, employees, aws_products, created_date. Unknown: segment, national_security,
/// annual_revenue_usd, solutions, customer_type, launch_date.
fn opportunity() -> Row {
    let bucket = bucket(
        r#"opportunities = [ { stage = "Launched", registered = true, masked = false, arr_usd = "1000.50", employees = 499,
           aws_products = ["AmazonConnect", "AmazonLex"], delivery_models = [], created_date = 2026-01-31,
           title = "O'Neill 100% a_b\nend", use_case = "Big Data: Lake" } ]"#,
    );
    rows_of(&bucket, "self").remove(&TableId::Opportunities).expect("one table").remove(0)
}

fn truth(predicate: &str) -> Truth {
    let sets = Sets::from([
        ("connect".to_owned(), vec!["AmazonConnect".to_owned(), "AmazonConnectVoice".to_owned()]),
        ("startups".to_owned(), vec!["Startup".to_owned(), "ISV".to_owned()]),
        ("empty".to_owned(), vec![]),
    ]);
    parse(predicate, &sets).truth(&opportunity())
}

#[test]
fn predicates_follow_sql_logic() {
    for (predicate, expected) in [
        ("stage = 'Launched'", YES),
        ("stage <> 'Launched'", NO),
        ("stage = 'launched'", NO),
        ("segment = 'SMB'", UNKNOWN),
        ("NOT segment = 'SMB'", UNKNOWN),
        ("registered", YES),
        ("NOT registered", NO),
        ("national_security", UNKNOWN),
        ("registered = FALSE", NO),
        ("TRUE", YES),
        ("masked", NO),
        ("arr_usd > 1000", YES),
        ("arr_usd > 1000.5", NO),
        ("arr_usd >= 1000.50", YES),
        ("arr_usd < 1000.51 and employees <= 499", YES),
        ("annual_revenue_usd < 100000000", UNKNOWN),
        ("employees < 500", YES),
        ("employees BETWEEN 499 AND 500", YES),
        ("employees BETWEEN 500 AND 600", NO),
        ("employees NOT BETWEEN 500 AND 600", YES),
        ("annual_revenue_usd BETWEEN 1 AND 2", UNKNOWN),
        ("segment IS NULL", YES),
        ("segment IS NOT NULL", NO),
        ("stage IS NULL", NO),
        ("launch_date IS NULL", YES),
        ("created_date IS NOT NULL", YES),
        ("stage IN ('Committed', 'Launched')", YES),
        ("stage NOT IN ('Committed', 'Launched')", NO),
        ("segment IN ('SMB')", UNKNOWN),
        ("segment NOT IN ('SMB')", UNKNOWN),
        ("customer_type IN (:startups)", UNKNOWN),
        ("stage IN (:startups)", NO),
        ("employees IN (1, 499)", YES),
    ] {
        assert_eq!(truth(predicate), expected, "{predicate}");
    }
}

#[test]
fn and_or_not_follow_kleene() {
    let word = |truth: Truth| match truth {
        Some(true) => "TRUE",
        Some(false) => "FALSE",
        None => "national_security",
    };
    for (left, right, and, or) in [
        (YES, YES, YES, YES),
        (YES, NO, NO, YES),
        (YES, UNKNOWN, UNKNOWN, YES),
        (NO, NO, NO, NO),
        (NO, UNKNOWN, NO, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ] {
        for (left, right) in [(word(left), word(right)), (word(right), word(left))] {
            assert_eq!(truth(&format!("{left} AND {right}")), and, "{left} AND {right}");
            assert_eq!(truth(&format!("{left} OR {right}")), or, "{left} OR {right}");
        }
    }
}

#[test]
fn not_binds_tighter_than_and_and_and_tighter_than_or() {
    assert_eq!(truth("TRUE OR FALSE AND FALSE"), YES);
    assert_eq!(truth("(TRUE OR FALSE) AND FALSE"), NO);
    assert_eq!(truth("NOT FALSE AND FALSE"), NO);
    assert_eq!(truth("NOT (FALSE AND FALSE)"), YES);
    assert_eq!(truth("NOT stage = 'Committed' AND employees BETWEEN 1 AND 500 AND registered"), YES);
}

#[test]
fn coalesce_takes_the_first_that_is_known() {
    assert_eq!(truth("COALESCE(annual_revenue_usd < 100, employees < 500)"), YES);
    assert_eq!(truth("COALESCE(employees > 500, registered)"), NO);
    assert_eq!(truth("COALESCE(annual_revenue_usd < 100, segment = 'SMB')"), UNKNOWN);
    assert_eq!(truth("COALESCE(segment, stage) = 'Launched'"), YES);
    // FALSE AND UNKNOWN is known: the figures decide.
    assert_eq!(truth("COALESCE(employees > 500 AND annual_revenue_usd < 100, TRUE)"), NO);
}

#[test]
fn lists() {
    assert_eq!(truth("has_any(aws_products, :connect)"), YES);
    assert_eq!(truth("has_any(aws_products, (:connect))"), YES);
    assert_eq!(truth("has_any(aws_products, ('AmazonLex', 'Other'))"), YES);
    assert_eq!(truth("has_any(aws_products, ('Other'))"), NO);
    assert_eq!(truth("has_any(delivery_models, ('Other'))"), NO);
    assert_eq!(truth("has_any(solutions, ('Other'))"), UNKNOWN);
    assert_eq!(truth("list_length(aws_products) = 2"), YES);
    assert_eq!(truth("list_length(delivery_models) > 0"), NO);
    assert_eq!(truth("list_length(solutions) > 0"), UNKNOWN);
    assert_eq!(truth("solutions IS NULL AND delivery_models IS NOT NULL"), YES);
}

#[test]
fn maybe_weakens_yes_alone() {
    assert_eq!(truth("maybe(registered)"), UNKNOWN);
    assert_eq!(truth("maybe(masked)"), NO);
    assert_eq!(truth("maybe(national_security)"), UNKNOWN);
    assert_eq!(truth("has_any(aws_products, ('None')) OR maybe(list_length(aws_products) > 0)"), UNKNOWN);
}

#[test]
fn like_knows_two_wildcards() {
    for (text, pattern, expected) in [
        ("Big Data: Lake", "Big Data%", true),
        ("big data", "Big Data%", false),
        ("Big Data", "Big Data%", true),
        ("a Big Data", "Big Data%", false),
        ("abc", "a_c", true),
        ("ac", "a_c", false),
        ("äbc", "_bc", true),
        ("line\nbreak", "line%break", true),
        ("a.c", "a.c", true),
        ("abc", "a.c", false),
        ("", "%", true),
        ("", "_", false),
        ("xyzabcabd", "%ab_", true),
    ] {
        assert_eq!(matches_pattern(text, pattern), expected, "{text} LIKE {pattern}");
    }
    assert_eq!(truth("use_case LIKE 'Big Data%'"), YES);
    assert_eq!(truth("use_case NOT LIKE 'Big Data%'"), NO);
    assert_eq!(truth("segment LIKE '%'"), UNKNOWN);
    assert_eq!(truth("title LIKE 'O''Neill%'"), YES);
}

#[test]
fn what_is_no_predicate_is_refused() {
    for text in [
        "",
        "arr_usd >",
        "arr_usd > 1000 ANDD registered",
        "arr_usd > 1000.005",
        "stage = 'Launched",
        "stage IN ()",
        "stage IN (:nowhere)",
        "stage IN (:empty)",
        "stage NOT 'x'",
        "no_such_column = 1",
        "stage = 1",
        "stage",
        "registered; TRUE",
        "upper(stage) = 'X'",
        "arr_usd + 1 > 5",
        "(registered",
    ] {
        assert!(std::panic::catch_unwind(|| truth(text)).is_err(), "{text}");
    }
}
