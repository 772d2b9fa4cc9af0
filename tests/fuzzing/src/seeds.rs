//! Where each target starts from: the files of the repository, sorted by what they hold.

use crate::parts::{content_of_ods, parts_of_xlsx};
use aceq_ingest::{Input, Mappings, Options, write_rows};
use std::fs;
use std::path::{Path, PathBuf};

/// Inputs of the target `name` from the files of the repository, and from the folder `published` with Parquet files.
///
/// # Panics
/// When a folder is missing.
pub fn of(name: &str, repository: &Path, published: &Path) -> Vec<Vec<u8>> {
    let data = repository.join("crates/ingest/tests/data");
    let files = |folder: &str, endings: &[&str]| contents(&repository.join(folder), endings);
    let odd = |endings: &[&str]| contents(&data, endings);
    match name {
        "archives" => files("tests/cmd/in/packed", &["gz", "zip"]),
        "cases" => files("checklists", &["cases.toml"]),
        "checklists" => plain_checklists(repository),
        "corrections" => files("tests/cmd/in/corrections", &["csv"]),
        "csv" | "dialect" => [odd(&["csv", "tsv", "txt"]), files("data/sample", &["csv"])].concat(),
        "dates" => lines(DATES),
        "html" => odd(&["xls", "html", "html.csv"]).into_iter().filter(|bytes| has(bytes, b"<t")).collect(),
        "json" => odd(&["json", "ndjson", "json.txt"]),
        "mappings" => [files("mappings/sources", &["toml"]), files("tests/cmd/in/crm", &["toml"])].concat(),
        "money" => lines(MONEY),
        "ods" => with_parts(odd(&["ods"]), content_of_ods),
        "parquet" => contents(published, &["parquet"]),
        "predicates" => conditions(repository),
        "selfassessment" => self_assessments(&data),
        "spreadsheetml" => odd(&["xls"]).into_iter().filter(|bytes| has(bytes, b"<Workbook")).collect(),
        "xls" => odd(&["xls"]).into_iter().filter(|bytes| bytes.starts_with(b"\xD0\xCF")).collect(),
        "xlsx" => with_parts(odd(&["xlsx"]), parts_of_xlsx),
        other => panic!("there are no seeds for {other}"),
    }
}

const DATES: &str = "2026-11-20|31/12/2026|12/31/2026|1/2/2026|20 November 2026|Nov 20, 2026|20-Nov-26|45981|45981.5|
2026-11-20T10:11:12Z|2026-11-20 10:11:12.123456+05:30|20.11.2026|2026/11/20|11/20/2026 3:04 PM|1793145600|0000-00-00|
9999-12-31|1900-02-29|29/02/2023|2026-W47-5|20261120|２０２６-11-20|Friday, 20 November 2026|-1|1e5|N/A";
const MONEY: &str = "1234.56|1,234.56|1.234,56|1 234,56|$1,234|USD 1,234.00|1,234|1.234|(1,234.50)|-5|€ 12|12 EUR|1e3|
1'234.50|0.001|99999999999999999999.99|1,23,456.78|+7|1_000|$|.|1.2.3,4|１２３|12.345.678|1\u{a0}234,5|5%|NaN|inf";

fn lines(text: &str) -> Vec<Vec<u8>> {
    text.split('|').map(|line| line.trim_start_matches('\n').as_bytes().to_vec()).collect()
}

fn has(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

fn with_parts(whole: Vec<Vec<u8>>, parts: fn(&[u8]) -> Option<Vec<u8>>) -> Vec<Vec<u8>> {
    let apart: Vec<Vec<u8>> = whole.iter().filter_map(|bytes| parts(bytes)).collect();
    [whole, apart].concat()
}

fn plain_checklists(repository: &Path) -> Vec<Vec<u8>> {
    let files = paths(&repository.join("checklists"), &["toml"]);
    let plain = files.iter().filter(|path| !path.to_string_lossy().ends_with(".cases.toml"));
    plain.map(|path| content(path)).collect()
}

/// What the built-in checklists say of rows.
fn conditions(repository: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for text in plain_checklists(repository) {
        let text = String::from_utf8(text).expect("a checklist is text");
        collect_conditions(&text.parse().expect("a checklist is TOML"), &mut found);
    }
    found
}

fn collect_conditions(table: &toml::Table, found: &mut Vec<Vec<u8>>) {
    for (key, value) in table {
        match value {
            toml::Value::String(text) if key == "where" => found.push(text.as_bytes().to_vec()),
            toml::Value::Table(inner) => collect_conditions(inner, found),
            toml::Value::Array(items) => {
                items.iter().filter_map(toml::Value::as_table).for_each(|inner| collect_conditions(inner, found));
            }
            _ => {}
        }
    }
}

/// The rows of the self-assessments, with tabs between cells.
fn self_assessments(data: &Path) -> Vec<Vec<u8>> {
    let books = ["self-assessment.xlsx", "self-assessment-with-examples.xlsx"];
    books.into_iter().flat_map(|book| sheets(&data.join(book))).collect()
}

fn sheets(book: &Path) -> Vec<Vec<u8>> {
    let (input, mappings, options) = (Input::file(book), Mappings::builtin(), Options::default());
    let names = aceq_ingest::recognise(&input, mappings, &options).expect("a self-assessment").tables;
    let mut found = Vec::new();
    for name in names.iter().map(|recognised| recognised.sheet.as_str()) {
        let mut text = Vec::new();
        let sheet = (!name.is_empty()).then_some(name);
        write_rows(&input, sheet, mappings, &options, &mut text).expect("its rows can be printed");
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&text[..]);
        let rows =
            reader.records().map(|row| row.expect("CSV").iter().collect::<Vec<_>>().join("\t").replace('\n', " "));
        found.push(rows.collect::<Vec<_>>().join("\n").into_bytes());
    }
    found
}

fn contents(folder: &Path, endings: &[&str]) -> Vec<Vec<u8>> {
    paths(folder, endings).iter().map(|path| content(path)).collect()
}

fn content(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Files below a folder, by name.
fn paths(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut entries: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    entries.sort();
    let mut found = Vec::new();
    for path in entries {
        let name = path.file_name().expect("an entry has a name").to_string_lossy().into_owned();
        if path.is_dir() {
            found.extend(paths(&path, endings));
        } else if endings.iter().any(|ending| name == *ending || name.ends_with(&format!(".{ending}"))) {
            found.push(path);
        }
    }
    found
}
