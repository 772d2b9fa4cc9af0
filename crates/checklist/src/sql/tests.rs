//! Every requirement of every checklist as text that the engines' grammars take; the same text every time.

use super::{Dialect, SqlQuestion, status_query};
use crate::{Checklist, Rule, load};
use aceq_model::{AsOf, Picklists};
use sqlparser::ast::Statement;
use sqlparser::dialect::{Dialect as Grammar, DuckDbDialect, SparkSqlDialect};
use sqlparser::parser::Parser;

const CHECKLISTS: [&str; 5] = [
    include_str!("../../../../checklists/amazon-connect-customer/2026-02.toml"),
    include_str!("../../../../checklists/amazon-connect-delivery/4.1.toml"),
    include_str!("../../../../checklists/data-analytics/7.1.toml"),
    include_str!("../../../../checklists/dcx-technology/2.0.toml"),
    include_str!("../../../../checklists/smb/2025-08.toml"),
];

const ENGINES: [(Dialect, &dyn Grammar); 2] =
    [(Dialect::DuckDb, &DuckDbDialect {}), (Dialect::Spark, &SparkSqlDialect {})];

fn checklists() -> Vec<Checklist> {
    CHECKLISTS.iter().map(|text| load("checklist.toml", text, &Picklists::default()).unwrap()).collect()
}

fn on(dates: &[&str]) -> Vec<AsOf> {
    dates.iter().map(|date| date.parse().unwrap()).collect()
}

fn question<'c>(checklist: &'c Checklist, requirement: Option<&'c str>) -> SqlQuestion<'c> {
    SqlQuestion { checklist, requirement, as_of: on(&["2026-12-31"]) }
}

fn parsed(query: &str, grammar: &dyn Grammar) {
    let statements = Parser::parse_sql(grammar, query).unwrap_or_else(|error| panic!("{error}\n{query}"));
    assert!(matches!(statements.as_slice(), [Statement::Query(_)]), "one query");
}

/// A checklist of every kind of count that no published checklist has together.
fn demo() -> Checklist {
    let text = r#"
[checklist]
program = "demo"
version = "1"
title = "Demo"
partner_types = ["services"]
released = 2026-01-01
accepted = { from = 2026-01-01 }
source = { document = "Demo checklist", checked = 2026-11-20 }

[[requirement]]
id = "sum"
title = "Revenue of $10,000.50, of which half is launched"
section = "1"
kind = "count"
table = "opportunities"
count = "sum mrr_usd"
at_least = "10000.50"
of_which = [{ id = "launched", where = "stage = 'Launched'", at_least = 5000 }]

[[requirement]]
id = "big"
title = "Customers with much revenue"
section = "2"
kind = "count"
table = "opportunities"
count = "distinct customer_key"
having = { sum = "mrr_usd", at_least = 100 }
at_least = 2
of_which = [{ id = "launched", where = "stage = 'Launched'", at_least = 1 }]

[[requirement]]
id = "either"
title = "One of both"
section = "3"
kind = "at_least_of"
of = ["sum", "big"]
at_least = 1
"#;
    load("demo.toml", text, &Picklists::default()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn every_requirement_is_a_query() {
    for checklist in checklists().iter().chain([&demo()]) {
        for (dialect, grammar) in ENGINES {
            let whole = status_query(&[question(checklist, None)], dialect);
            parsed(&whole, grammar);
            for requirement in &checklist.requirements {
                let query = status_query(&[question(checklist, Some(&requirement.id))], dialect);
                parsed(&query, grammar);
                assert!(query.contains(&format!("l.requirement_id = '{}'", requirement.id)));
                assert!(query.len() < whole.len());
            }
        }
    }
}

#[test]
fn the_same_question_gives_the_same_text() {
    let (first, second) = (checklists(), checklists());
    let all = |checklists: &[Checklist]| -> String {
        let questions: Vec<SqlQuestion<'_>> = checklists.iter().map(|checklist| question(checklist, None)).collect();
        status_query(&questions, Dialect::DuckDb)
    };
    assert_eq!(all(&first), all(&second));
}

#[test]
fn a_rule_names_its_source_and_its_conditions() {
    let checklists = checklists();
    let query = status_query(&[question(&checklists[4], Some("4.2"))], Dialect::DuckDb);
    let expected = [
        "-- smb 4.2: Launched SMB opportunities of 50 customers, each over $1K ARR, in 24 months\n\
         -- AWS SMB Competency, Service Offering Validation Checklist, August 2025, section 4.2.\n",
        "    stage = 'Launched'\n      AND registered\n      AND arr_usd > 1000.00\n      AND COALESCE(",
        "-- Counts distinct customer_key of opportunities, launch_date within 24 months.\n",
        "      WHEN launch_date = last_day(launch_date) THEN last_day(CAST(launch_date + INTERVAL 24 MONTH AS DATE))\n",
        "  FROM opportunities\n",
    ];
    for text in expected {
        assert!(query.contains(text), "{text}\n\nis not in\n\n{query}");
    }
    assert!(!query.contains("attestations"), "a requirement brings only what it needs");
}

#[test]
fn no_name_is_given_twice() {
    for checklist in &checklists() {
        let query = status_query(&[question(checklist, None)], Dialect::Spark);
        let name = |line: &str| Some(line.strip_suffix(" AS (")?.split(' ').next()?.to_owned());
        let mut names: Vec<String> =
            query.lines().filter(|line| !line.starts_with([' ', '-'])).filter_map(name).collect();
        let counted = checklist.requirements.iter().flat_map(crate::Requirement::readings);
        let counted = counted.filter(|(_, rule)| matches!(rule, Rule::Count(_))).count();
        // 4.3 of smb names no course, so that it has nothing to count.
        assert!(names.iter().filter(|name| name.starts_with("rule_")).count() >= counted - 2);
        names.sort();
        let all = names.len();
        names.dedup();
        assert_eq!(all, names.len());
    }
}

#[test]
fn dates_differ_by_checklist_where_another_version_answers() {
    let checklists = checklists();
    let mut questions = vec![question(&checklists[2], None), question(&checklists[4], None)];
    let shared = status_query(&questions, Dialect::DuckDb);
    assert!(shared.contains("application_dates (as_of)") && !shared.contains("d.program"));
    questions[0].as_of = on(&["2025-12-31"]);
    let apart = status_query(&questions, Dialect::DuckDb);
    assert!(apart.contains("('data-analytics', '7.1', DATE '2025-12-31'),\n    ('smb', '2025-08', DATE '2026-12-31')"));
    parsed(&apart, &DuckDbDialect {});
}

#[test]
fn dates_can_stay_in_a_table() {
    let checklists = checklists();
    let query = status_query(&[SqlQuestion { as_of: vec![], ..question(&checklists[4], None) }], Dialect::Spark);
    assert!(query.contains("JOIN application_dates AS d") && !query.contains("application_dates (as_of) AS ("));
    parsed(&query, &SparkSqlDialect {});
}

#[test]
fn a_checklist_without_requirements_is_met() {
    let mut empty = demo();
    empty.requirements.clear();
    parsed(&status_query(&[question(&empty, None)], Dialect::Spark), &SparkSqlDialect {});
}
