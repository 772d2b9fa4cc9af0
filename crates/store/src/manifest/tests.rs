//! The manifest is a pure function of what went in.

use super::{LAYOUT, Manifest, json_text, schema_hash};
use crate::sample;
use aceq_model::{Sha256Hex, TableId};
use std::collections::BTreeMap;

fn manifest(facts: super::RunFacts) -> Manifest {
    Manifest::new(facts, 4, vec![], BTreeMap::new())
}

#[test]
fn the_order_of_inputs_and_settings_says_nothing() {
    let facts = sample::facts();
    let mut other = sample::facts();
    other.inputs.reverse();
    other.as_of.push(other.as_of[0]);
    other.settings = serde_json::from_str(r#"{"a": {"c": null, "d": true}, "b": 1}"#).expect("JSON");
    assert_eq!(manifest(facts).to_json(), manifest(other).to_json());
}

#[test]
fn a_new_name_is_the_same_run_and_anything_else_is_another() {
    let id = |change: fn(&mut super::RunFacts)| {
        let mut facts = sample::facts();
        change(&mut facts);
        facts.run_id()
    };
    let same = id(|_| ());
    assert_eq!(same, id(|facts| facts.inputs[0].path = "renamed.csv".to_owned()));
    assert_eq!(same, id(|facts| facts.inputs.push(sample::file("copy.csv", "aa"))));
    assert_ne!(same, id(|facts| facts.inputs[0].content_hash = Sha256Hex("dd".to_owned())));
    assert_ne!(same, id(|facts| facts.checklists[0].rules_hash = Sha256Hex("dd".to_owned())));
    assert_ne!(same, id(|facts| facts.as_of.clear()));
    assert_ne!(same, id(|facts| facts.tool_version = "0.2.0".to_owned()));
    assert_ne!(same, id(|facts| facts.settings = serde_json::json!({})));
}

#[test]
fn it_reads_what_it_wrote() {
    let folder = tempfile::tempdir().expect("a folder");
    let written = manifest(sample::facts());
    std::fs::write(folder.path().join("manifest.json"), written.to_json()).expect("written");
    assert_eq!(Manifest::read(folder.path()).expect("readable"), written);
}

#[test]
fn keys_are_sorted_and_lists_keep_their_order() {
    let value = serde_json::json!({ "z": [3, 1], "a": { "y": 1, "b": 2 } });
    assert_eq!(json_text(&value).replace([' ', '\n'], ""), r#"{"a":{"b":2,"y":1},"z":[3,1]}"#);
}

#[test]
fn tables_with_different_columns_have_different_hashes() {
    let hashes: std::collections::BTreeSet<_> = TableId::ALL.map(|id| schema_hash(id.schema())).into();
    assert_eq!(hashes.len(), TableId::ALL.len());
}

/// Layout, table and hash of its columns, one a line: what readers of each layout rely on.
const STORED: &str = include_str!("../../schema_hashes.txt");

/// Columns change together with [`LAYOUT`], so that a dataset of other columns is told by its number.
#[test]
fn columns_are_those_that_were_stored_for_this_layout() {
    let prefix = format!("{LAYOUT} ");
    let stored: Vec<&str> = STORED.lines().filter(|line| line.starts_with(&prefix)).collect();
    let hash = |(_, table): (_, &aceq_model::Table)| format!("{LAYOUT} {} {}", table.name, schema_hash(table).0);
    let found: Vec<String> = aceq_model::tables::all().map(hash).collect();
    assert!(
        stored == found,
        "columns have changed: raise LAYOUT, add these lines to crates/store/schema_hashes.txt with the new number, and \
         tell about the layout in CHANGELOG.md:\n{}",
        found.join("\n")
    );
    let changelog = include_str!("../../../../CHANGELOG.md");
    assert!(changelog.contains(&format!("layout {LAYOUT}")), "CHANGELOG.md tells of layout {LAYOUT}");
}
