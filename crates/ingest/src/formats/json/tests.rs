//! Records of JSON texts: what is one, where it begins, what its fields are, and what a broken one leaves whole.

use super::super::Want;
use super::flatten::without_exponent;
use super::{Document, decode};
use crate::grid::Grid;
use crate::{IngestError, Input, Limits, Mappings};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::io::Write;

fn grids(text: &[u8], want: Want<'_>, limits: &Limits) -> Result<Vec<Grid>, IngestError> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text).unwrap();
    let mut grids = Vec::new();
    decode(&Input::file(file.path()), want, limits, Mappings::builtin(), &mut grids).map(|()| grids)
}

/// Every record as `line@byte name=cell …`; broken parts as `line@byte! raw`.
fn told(text: &str) -> Vec<String> {
    let grids = grids(text.as_bytes(), Want::Heads, &Limits::default()).unwrap();
    let named = |grid: &Grid| if grid.name.is_empty() { String::new() } else { format!("{}: ", grid.name) };
    grids.iter().flat_map(|grid| rows(grid).into_iter().map(|row| named(grid) + &row)).collect()
}

fn rows(grid: &Grid) -> Vec<String> {
    let header = grid.header.as_ref().unwrap();
    let told = |row: usize| {
        let record = grid.record(row);
        let place = format!("{}@{}", record.line, record.byte.unwrap());
        if record.fault.is_some() {
            return format!("{place}! {}", record.text);
        }
        let filled = header.iter().enumerate().filter(|(at, _)| !record.is_absent(*at));
        let cells = filled.map(|(at, name)| format!(" {name}={}", record.decoded(at, &mut String::new())));
        place + &cells.collect::<String>()
    };
    (0..grid.len()).map(told).collect()
}

#[test]
fn a_record_is_an_object_wherever_it_stands() {
    let cases = [
        ("one object", r#"{"a": 1, "b": "x"}"#, vec!["1@0 a=1 b=x"]),
        ("an array", "[{\"a\": 1},\n {\"a\": 2}]", vec!["1@1 a=1", "2@12 a=2"]),
        ("one a line", "{\"a\": 1}\r\n{\"a\": 2}\r\n", vec!["1@0 a=1", "2@10 a=2"]),
        ("one after another", r#"{"a": 1}{"a": 2}"#, vec!["1@0 a=1", "2@8 a=2"]),
        (
            "in a wrapper, with what stands around them",
            "{\"version\": \"2\", \"n\": [1], \"list\": [{\"a\": 1},\n{\"a\": 2, \"version\": 9}],\n \"spmsId\": \"P-1\", \"m\": {\"x\": 1}}",
            vec!["1@36 a=1 version=2 spmsId=P-1", "2@46 a=2 version=9 spmsId=P-1"],
        ),
        ("in two lists of a wrapper", r#"{"x": [{"a": 1}], "y": [{"a": 2}]}"#, vec!["1@7 a=1", "2@24 a=2"]),
        (
            "in pages",
            "[{\"Items\": [{\"a\": 1}], \"NextToken\": \"t\"},\n{\"Items\": [{\"a\": 2}]}]",
            vec!["1@12 a=1 NextToken=t", "2@53 a=2"],
        ),
        (
            "and a mapping that knows its own fields makes it one in spite of its list",
            r#"{"Opportunity Id": "O1", "Stage": "Launched", "Team": [{"Name": "Ada"}]}"#,
            vec!["1@0 Opportunity Id=O1 Stage=Launched Team[0].Name=Ada"],
        ),
        (
            "in an envelope",
            r#"{"status": 0, "result": {"records": [{"a": 1}], "done": true}, "warnings": []}"#,
            vec!["1@37 a=1 done=true"],
        ),
        (
            "alone in an envelope",
            r#"{"data": {"Opportunity Id": "O1", "Stage": "Launched"}, "metadata": {"x": 1}}"#,
            vec!["1@9 Opportunity Id=O1 Stage=Launched"],
        ),
        (
            "in two envelopes that say whose they are",
            r#"{"spmsId": 47, "result": {"data": {"items": [{"a": 1}]}}}"#,
            vec!["1@45 a=1 spmsId=47"],
        ),
        (
            "in an envelope that says whose they are",
            r#"{"spmsId": "P-1", "Status": "ok", "data": {"opportunities": [{"a": 1}]}}"#,
            vec!["1@61 a=1 spmsId=P-1"],
        ),
        ("an object within one that nobody knows is a field", r#"{"a": {"b": 1}}"#, vec!["1@0 a.b=1"]),
        ("no wrapper within a wrapper", r#"{"x": [{"a": 1, "y": [{"b": 2}]}]}"#, vec!["1@7 a=1 y[0].b=2"]),
        ("none", "[]", vec![]),
        ("a name said twice is two fields", r#"{"a": 1, "a": 2}"#, vec!["1@0 a=1 a=2"]),
    ];
    for (what, text, records) in cases {
        assert_eq!(told(text), records, "{what}");
    }
}

#[test]
fn fields_are_named_by_their_path() {
    let text = r#"{"a": {"b": {"c": true}, "d": [], "e": {}}, "f": ["x", [1, 2], {"g": null}], "h": "a\"é\n", "": 0}"#;
    let expected = "1@0 a.b.c=true a.d= a.e= f[0]=x f[1][0]=1 f[1][1]=2 f[2].g= h=a\"é\n (no name)=0";
    assert_eq!(told(text), [expected]);
}

#[test]
fn numbers_are_exact() {
    let cases = [
        ("416.665", "416.665"),
        ("100.0", "100.0"),
        ("12345678901234567890.10", "12345678901234567890.10"),
        ("1e3", "1000"),
        ("1.5E+2", "150"),
        ("1.25e1", "12.5"),
        ("-2e-3", "-0.002"),
        ("0e9", "0"),
        ("1e999", "1e999"),
    ];
    for (number, text) in cases {
        assert_eq!(without_exponent(number), text);
    }
}

#[test]
fn what_is_broken_leaves_the_rest_whole() {
    let cases = [
        ("a line", "{\"a\": 1}\n{\"a\": oops\n{\"a\": 2}\n", vec!["1@0 a=1", "2@9! {\"a\": oops", "3@20 a=2"]),
        (
            "a line without its end",
            "{\"a\": 1}\n{\"a\": [\n{\"a\": 2}\n{\"a\": 3}",
            vec!["1@0 a=1", "2@9! {\"a\": [", "3@17 a=2", "4@26 a=3"],
        ),
        ("an item", "[\n  {\"a\": 1},\n  {\"a\" 7},\n  {\"a\": 2}\n]", vec!["2@4 a=1", "3@16! {\"a\" 7}", "4@27 a=2"]),
        (
            "an item that is no object",
            r#"[{"a": 1}, 7, null, {"a": 2}]"#,
            vec!["1@1 a=1", "2@11! 7", "3@14! null", "4@20 a=2"],
        ),
        ("the end", r#"[{"a": 1}, {"a": 2"#, vec!["1@1 a=1", "2@11! {\"a\": 2"]),
        ("the end, between records", "[{\"a\": 1},\n", vec!["1@1 a=1", "2@11! "]),
        (
            "the end of a wrapper",
            "{\"spmsId\": \"P-1\",\n\"list\": [\n {\"a\": 1},\n {\"a\": 2},\n {\"a\": [{\"b",
            vec!["3@29 a=1 spmsId=P-1", "4@40 a=2 spmsId=P-1", "5@51! {\"a\": [{\"b"],
        ),
        ("a wrapper behind its list", r#"{"list": [{"a": 1}], "next": tru}"#, vec!["1@10 a=1", "2@21! \"next\": tru}"]),
        ("what follows", "[{\"a\": 1}] and more", vec!["1@1 a=1", "2@11! and more"]),
        (
            "an item without line breaks, when a mapping knows the next",
            r#"[{"Opportunity Id": "O1", "Stage": "Launched"}, {"Opportunity Id": NaN, "l": [{"a": 1}, {"a": 2}]}, {"Opportunity Id": "O3", "Stage": "Launched"}]"#,
            vec![
                "1@1 Opportunity Id=O1 Stage=Launched",
                "2@48! {\"Opportunity Id\": NaN, \"l\": [{\"a\": 1}, {\"a\": 2}]}",
                "3@100 Opportunity Id=O3 Stage=Launched",
            ],
        ),
        ("half a letter", r#"[{"a": 1}, {"a": "\ud800"}]"#, vec!["1@1 a=1", "2@11! {\"a\": \"\\ud800\"}"]),
    ];
    for (what, text, records) in cases {
        assert_eq!(told(text), records, "{what}");
    }
}

#[test]
fn kinds_of_objects_become_tables() {
    let own = r#"{"Catalog": "AWS", "Id": "O1", "LifeCycle": {"Stage": "Launched"}}"#;
    let aws = r#"{"Catalog": "AWS", "RelatedOpportunityId": "O1", "Origin": "AWS Referral", "LifeCycle": {"Stage": "Launched"}}"#;
    let bad = r#"{"Catalog": "AWS", "LifeCycle": {"Stage": "Launched"}}"#;
    let other = r#"{"colour": "red"}"#;
    let text = [own, aws, bad, other].join("\n");
    let grids = grids(text.as_bytes(), Want::Heads, &Limits::default()).unwrap();
    let lines = |grid: &Grid| (0..grid.len()).map(|row| grid.record(row).line).collect::<Vec<_>>();
    let tables: Vec<(&str, Vec<u64>)> = grids.iter().map(|grid| (grid.name.as_str(), lines(grid))).collect();
    let expected = [("selling-api", vec![1, 3]), ("selling-api-aws-summary", vec![2]), ("other objects", vec![4])];
    assert_eq!(tables, expected);
}

#[test]
fn bytes_that_are_no_text_cost_their_record_only() {
    let grids =
        grids(b"{\"a\": \"\xC3\xA9\xC3\xA9\xC3\xA9\"}\n{\"a\": \"\xFF\"}\n{\"a\": 2}", Want::Heads, &Limits::default());
    let grids = grids.unwrap();
    let faults: Vec<bool> = (0..3).map(|row| grids[0].record(row).fault.is_some()).collect();
    assert_eq!(faults, [false, true, false]);
}

#[test]
fn limits_are_told() {
    let limits = Limits { document_bytes: 2000, columns: 10, depth: 5, ..Limits::default() };
    let wide: Map<String, Value> = (0..11).map(|n| (format!("c{n}"), json!(n))).collect();
    let widening: Vec<Value> = (0..11).map(|n| json!({format!("c{n}"): n})).collect();
    let sparse: Vec<Value> =
        std::iter::once(json!({"a": 1, "b": 1, "c": 1, "d": 1})).chain((0..100).map(|_| json!({"d": 1}))).collect();
    let cases = [
        (format!("{}1{}", "[".repeat(10), "]".repeat(10)), "within each other"),
        (format!("{{\"a\": {}{}}}", "[".repeat(5000 / 10), "]".repeat(500)), "within each other"),
        (json!({"a": {"b": {"c": {"d": {"e": {"f": 1}}}}}}).to_string(), "within each other"),
        (Value::Object(wide).to_string(), "fields of one object"),
        (Value::Array(widening).to_string(), "different fields"),
        (" ".repeat(2001) + "{}", "the JSON text has bytes"),
        (Value::Array(sparse).to_string(), "the table takes bytes"),
    ];
    for (text, what) in cases {
        let error = grids(text.as_bytes(), Want::Table(""), &limits).map(|_| ()).unwrap_err();
        assert!(matches!(error, IngestError::TooLarge { .. }) && error.to_string().contains(what), "{what}: {error}");
    }
}

#[test]
fn a_cell_that_no_sheet_could_hold_costs_its_record_only() {
    let long = format!("{{\"a\": \"{}\"}}", "x".repeat((1 << 20) + 1));
    let told = told(&format!("{{\"a\": 1}}\n{long}\n{{\"a\": 2}}"));
    assert_eq!((told.len(), &*told[0], &*told[2]), (3, "1@0 a=1", "3@1048596 a=2"));
    assert!(told[1].starts_with("2@9! {\"a\": \"xxx"), "{}", &told[1][..30]);
    let alone = grids(long.as_bytes(), Want::Heads, &Limits::default()).unwrap_err().to_string();
    assert!(alone.contains("a cell holds bytes beyond the limit of 1048576"), "{alone}");
}

#[test]
fn a_text_without_any_object_is_damaged() {
    for text in ["{\"a\": ", "[1, 2]", "{\"a\" 1}", "[[["] {
        let error = grids(text.as_bytes(), Want::Heads, &Limits::default()).map(|_| ()).unwrap_err();
        assert!(matches!(error, IngestError::Damaged { .. }), "{text}: {error}");
    }
}

/// Cells of a value, told by a walk over `serde_json::Value` that shares no code with the reader.
fn cells(name: &str, value: &Value, into: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) if !members.is_empty() => {
            members.iter().for_each(|(key, value)| cells(&format!("{name}.{key}"), value, into));
        }
        Value::Array(items) if !items.is_empty() => {
            items.iter().enumerate().for_each(|(at, value)| cells(&format!("{name}[{at}]"), value, into));
        }
        Value::Null | Value::Object(_) | Value::Array(_) => into.push((name.to_owned(), String::new())),
        Value::String(text) => into.push((name.to_owned(), text.clone())),
        other => into.push((name.to_owned(), other.to_string())),
    }
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        (-1_000_000_i64..1_000_000).prop_map(|n| Value::from(n as f64 / 1000.0)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z]{1,3}", inner, 0..4).prop_map(|m| Value::Object(m.into_iter().collect())),
        ]
    })
}

#[test]
fn pages_are_counted_and_an_empty_one_is_no_record() {
    let pages = |text: &str| {
        let grids = grids(text.as_bytes(), Want::Heads, &Limits::default()).unwrap();
        let told = |grid: &Grid| (grid.len(), grid.remarks.pages.open, grid.remarks.pages.last);
        grids.iter().map(told).collect::<Vec<_>>()
    };
    let record = r#"{"Id": "O1", "Catalog": "AWS"}"#;
    let page = |list: &str, more: &str| format!(r#"{{"OpportunitySummaries": [{list}]{more}}}"#);
    let open = page(record, r#", "NextToken": "abc""#);
    let cases = [
        (format!("[{record}]"), vec![(1, 0, 0)]),
        (open.clone(), vec![(1, 1, 0)]),
        (page(record, r#", "NextToken": """#), vec![(1, 0, 1)]),
        (format!("{open}\n{}", page(record, "")), vec![(2, 1, 1)]),
        (format!("{open}\n{}", page("", r#", "NextToken": null"#)), vec![(2, 1, 1)]),
        (format!("[{}, {open}, {open}]", page(" ", r#", "NextToken": "x""#)), vec![(3, 3, 0)]),
        (format!(r#"{{"data": [{record}], "metadata": {{"next_page_url": "https://x"}}}}"#), vec![(1, 1, 0)]),
        (format!(r#"{{"records": [{record}], "done": false, "nextRecordsUrl": "/x"}}"#), vec![(1, 1, 0)]),
        (format!(r#"{{"results": [{record}], "paging": {{"next": {{"after": "9"}}}}}}"#), vec![(1, 1, 0)]),
        (format!("{open}\n{}", r#"{"OpportunitySummaries": null, "NextToken": null}"#), vec![(2, 1, 1)]),
        // Whether a page is the last one cannot be read where it breaks off.
        (format!("{open}\n{{\"OpportunitySummaries\": [{record}"), vec![(3, 1, 0)]),
        // A list that nobody calls so is a field, and a record may have one that somebody calls so.
        (r#"{"colour": [], "a": 1}"#.to_owned(), vec![(1, 0, 0)]),
        (r#"{"items": [], "a": 1}"#.to_owned(), vec![(1, 0, 0)]),
    ];
    for (text, expected) in cases {
        assert_eq!(pages(&text), expected, "{text}");
    }
    for (text, is_last) in [(page("", ""), true), (page("", r#", "NextToken": "x""#), false)] {
        let error = grids(text.as_bytes(), Want::Heads, &Limits::default()).unwrap_err();
        assert!(matches!(error, IngestError::NoRecords { is_last: last, .. } if last == is_last), "{text}");
    }
}

proptest! {
    #[test]
    fn whatever_is_written_comes_back_cell_by_cell(
        records in prop::collection::vec(prop::collection::btree_map("[a-z]{1,3}", value(), 1..5), 1..6),
        pretty in any::<bool>(),
        lines in any::<bool>(),
    ) {
        let records: Vec<Value> = records.into_iter().map(|m| Value::Object(m.into_iter().collect())).collect();
        // A list of objects beside would make a wrapper of an object that stands alone.
        let wrapped = json!({"list": records});
        let text = match (lines, pretty) {
            (true, _) => records.iter().map(|record| format!("[[{record}]]\n")).collect(),
            (false, true) => serde_json::to_string_pretty(&wrapped).unwrap(),
            (false, false) => wrapped.to_string(),
        };
        let is_list = |value: &Value| value.as_array().and_then(|items| items.first()).is_some_and(Value::is_object);
        let is_envelope = |value: &Value| value.as_object().is_some_and(|inner| inner.values().any(is_list));
        let holds_lists = |record: &Value| {
            record.as_object().unwrap().values().any(|value| is_list(value) || is_envelope(value))
        };
        prop_assume!(!lines || !records.iter().any(holds_lists));
        let grids = grids(text.as_bytes(), Want::Table(""), &Limits::default()).unwrap();
        let grid = &grids[0];
        prop_assert_eq!(grid.len(), records.len());
        let header = grid.header.as_ref().unwrap();
        for (row, record) in records.iter().enumerate() {
            let mut expected = Vec::new();
            record.as_object().unwrap().iter().for_each(|(key, value)| cells(key, value, &mut expected));
            let read = grid.record(row);
            let mut found: Vec<(String, String)> = (0..header.len())
                .filter(|at| !read.is_absent(*at))
                .map(|at| (header[at].clone(), read.decoded(at, &mut String::new()).to_owned()))
                .collect();
            expected.sort();
            found.sort();
            prop_assert_eq!(found, expected);
        }
    }

    #[test]
    fn a_broken_text_is_told_apart_without_loss(
        text in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", "\"a\"", ":", ",", "1", "\n", " ", "{\"a\": 1}", "{\"l\": [{\"a\": 1}", "null", "\"", "x", "\u{e9}",
        ]), 0..40),
    ) {
        let text = format!("{{\"a\": 0}}\n{}", text.concat());
        let grids = grids(text.as_bytes(), Want::Table(""), &Limits::default()).unwrap();
        let first = grids[0].record(0);
        prop_assert_eq!((first.line, first.fault), (1, None), "what was whole stays whole");
        let mut lines = vec![(1, 1)];
        for row in 1..grids[0].len() {
            let record = grids[0].record(row);
            let byte = record.byte.unwrap() as usize;
            prop_assert!(record.fault.is_none() || text[byte..].starts_with(record.text));
            lines.push((record.line, 1 + text[..byte].matches('\n').count() as u64));
        }
        prop_assert!(lines.windows(2).all(|pair| pair[0].0 < pair[1].0), "a line names one record: {:?}", lines);
        let shared = lines.windows(2).any(|pair| pair[0].1 == pair[1].1);
        prop_assert!(shared || lines.iter().all(|(line, real)| line == real), "{:?}", lines);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let document = Document::of(bytes.clone());
        prop_assert!(document.text.len() >= bytes.len() || !document.not_text.is_empty());
        let _ = grids(&[b"{\"a\": 1}\n", bytes.as_slice()].concat(), Want::Heads, &Limits::default());
    }
}
