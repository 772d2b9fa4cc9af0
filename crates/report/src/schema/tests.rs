//! Definitions name every table and column; what engines make of them is tested in `tests/interop`.

use super::{Dialect, Layout, Place, dbt_sources, ddl, tables_json};
use aceq_model::tables;

fn place(given: Option<&[&str]>) -> Place {
    let given = given.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
    Place { location: "s3://bucket/it's/".to_owned(), layout: Layout::Files, given }
}

#[test]
fn every_dialect_defines_every_table_and_describes_every_column() {
    for dialect in [Dialect::DuckDb, Dialect::Athena, Dialect::Spark] {
        let sql = ddl(dialect, &place(None));
        for (_, table) in tables::all() {
            for column in table.columns {
                let escaped = [column.doc.replace('\'', "''"), column.doc.replace('\'', "\\'")];
                assert!(escaped.iter().any(|doc| sql.contains(doc)), "{dialect:?} {}.{}", table.name, column.name);
            }
        }
    }
}

#[test]
fn paths_are_quoted_and_tables_that_are_not_there_are_empty() {
    let sql = ddl(Dialect::DuckDb, &place(Some(&["opportunities"])));
    assert!(sql.contains("read_parquet('s3://bucket/it''s/canonical/opportunities.parquet')"), "{sql}");
    assert_eq!(sql.matches("read_parquet").count(), 1);
    assert_eq!(sql.matches("WHERE FALSE").count(), tables::all().count() - 1);
    let folders = Place { layout: Layout::Folders, ..place(None) };
    assert!(ddl(Dialect::Athena, &folders).contains("LOCATION 's3://bucket/it\\'s/canonical/opportunities/'"));
}

#[test]
fn a_source_tests_its_keys() {
    let yaml = dbt_sources(&place(None));
    let run = yaml.split("- name: dim_run\n").nth(1).expect("the table");
    assert!(run.contains("- name: run_id"), "{run}");
    assert!(run.contains("- not_null\n              - unique\n"), "{run}");
    assert!(yaml.contains("to: source('aceq', 'dim_requirement')\n                    field: requirement_key"));
    assert!(!dbt_sources(&place(Some(&["opportunities"]))).contains("relationships"), "no dimension, no join");
}

#[test]
fn json_names_every_column_in_order() {
    let json: serde_json::Value = serde_json::from_str(&tables_json()).expect("JSON");
    let names = json["tables"].as_array().expect("tables").iter().map(|table| {
        table["columns"].as_array().expect("columns").iter().map(|c| c["name"].clone()).collect::<Vec<_>>()
    });
    let expected = tables::all()
        .map(|(_, table)| table.columns.iter().map(|c| serde_json::Value::from(c.name)).collect::<Vec<_>>());
    assert!(names.eq(expected));
}
