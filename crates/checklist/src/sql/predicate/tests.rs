//! `constructs.md`, held: what each construct becomes, and that the engine's own grammar takes it.

use super::all_of;
use crate::Term;
use crate::predicate::{Scope, parse};
use crate::sql::Dialect;
use aceq_model::{Picklists, TableId};
use sqlparser::dialect::{DatabricksDialect, Dialect as Grammar, DuckDbDialect};
use sqlparser::parser::Parser;
use std::collections::BTreeMap;

const PAGE: &str = include_str!("constructs.md");

/// The fenced text of a section that is marked with `language`.
fn fenced<'p>(section: &'p str, language: &str) -> &'p str {
    let start = section.split_once(&format!("```{language}\n")).unwrap_or_else(|| panic!("no {language}: {section}"));
    start.1.split_once("\n```").expect("a fence that closes").0
}

fn written(text: &str, dialect: Dialect) -> String {
    let sets = BTreeMap::from([("not_smb".to_owned(), vec!["Startup".to_owned(), "ISV".to_owned()])]);
    let picklists = Picklists::default();
    let scope = Scope { table: TableId::Opportunities.schema(), sets: &sets, picklists: &picklists };
    let terms = parse(text, &scope).unwrap_or_else(|mistake| panic!("{text}: {}", mistake.message));
    all_of(&terms.iter().collect::<Vec<&Term>>(), dialect)
}

#[test]
fn constructs() {
    let sections: Vec<&str> = PAGE.split("\n## ").skip(1).collect();
    assert_eq!(sections.len(), 13);
    for section in sections {
        let text = fenced(section, "text");
        let engines: [(_, _, &dyn Grammar); 2] =
            [("duckdb", Dialect::DuckDb, &DuckDbDialect {}), ("spark", Dialect::Spark, &DatabricksDialect {})];
        for (name, dialect, grammar) in engines {
            let sql = written(text, dialect);
            assert_eq!(sql, fenced(section, name), "{name}: {text}");
            let query = format!("SELECT {sql} AS counts FROM opportunities");
            Parser::parse_sql(grammar, &query).unwrap_or_else(|error| panic!("{name}: {error}\n{query}"));
        }
    }
}

#[test]
fn line_ends_in_texts_stay_on_one_line() {
    assert_eq!(written("title = 'a\nb'", Dialect::DuckDb), r"title = E'a\nb'");
    assert_eq!(written("title = 'a\nb'", Dialect::Spark), r"title = 'a\nb'");
    assert_eq!(written("title = 'a\r\\''b\n'", Dialect::DuckDb), r"title = E'a\r\\''b\n'");
}
