//! How two runs were made differently: inputs, settings, program, rules, partners; a sentence for each.

use super::rules::Judged;
use crate::pipeline::Source;
use aceq_model::{AsOf, FileRecord};
use aceq_report::DiffSide;
use aceq_store::Manifest;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Names told in one sentence, at most.
const NAMES: usize = 3;

/// One side, as it is told.
pub fn side(source: &Source, path: &Path, checklists: Vec<String>, as_of: AsOf) -> DiffSide {
    let manifest = manifest(source);
    DiffSide {
        name: path.display().to_string(),
        as_of: as_of.to_string(),
        checklists,
        run_id: manifest.map(|manifest| manifest.run_id.0.clone()),
        tool_version: manifest.map(|manifest| manifest.tool_version.clone()),
    }
}

/// Everything that differs between the two runs themselves.
pub fn differences(before: &Source, after: &Source, judged: &Judged<'_>) -> Vec<String> {
    let mut told = vec![inputs(&before.files(), &after.files())];
    if let (Some(before), Some(after)) = (manifest(before), manifest(after)) {
        if before.tool_version != after.tool_version {
            told.push(format!("made by aceq {} and {}", before.tool_version, after.tool_version));
        }
        told.extend(settings(&before.settings, &after.settings));
    }
    let sides = [("before", before, &judged.before), ("after", after, &judged.after)];
    for (name, source, assigned) in sides {
        let used = assigned.iter().map(|assigned| assigned.checklist);
        let recorded = manifest(source).map_or(&[][..], |manifest| &manifest.checklists);
        let other: Vec<String> = used
            .filter(|list| {
                let same_version = recorded.iter().find(|r| (&r.program, &r.version) == (&list.program, &list.version));
                same_version.is_some_and(|record| record.rules_hash.0 != list.content_hash)
            })
            .map(|list| format!("{} {}", list.program, list.version))
            .collect();
        if !other.is_empty() {
            told.push(format!(
                "{name} was assessed by another text of {}; here today's rules judge it",
                listed(&other)
            ));
        }
    }
    told
}

/// Partners that only one side has.
pub fn partners(before: &BTreeSet<String>, after: &BTreeSet<String>) -> Vec<String> {
    let only = |side: &BTreeSet<String>, other: &BTreeSet<String>, name: &str| {
        let alone: Vec<String> = side.difference(other).cloned().collect();
        (!alone.is_empty()).then(|| format!("partners only {name}: {}", listed(&alone)))
    };
    only(before, after, "before").into_iter().chain(only(after, before, "after")).collect()
}

fn manifest(source: &Source) -> Option<&Manifest> {
    match source {
        Source::Dataset(dataset, _) => Some(&dataset.manifest),
        Source::Exports(_) => None,
    }
}

fn inputs(before: &[FileRecord], after: &[FileRecord]) -> String {
    let names = |files: &[FileRecord]| -> BTreeMap<String, String> {
        files.iter().map(|file| (file.content_hash.0.clone(), file.path.clone())).collect()
    };
    let (before, after) = (names(before), names(after));
    let only = |side: &BTreeMap<String, String>, other: &BTreeMap<String, String>| -> Vec<String> {
        let alone: BTreeSet<String> =
            side.iter().filter(|(hash, _)| !other.contains_key(*hash)).map(|(_, name)| name.clone()).collect();
        alone.into_iter().collect()
    };
    let (mut gone, mut come) = (only(&before, &after), only(&after, &before));
    let changed: Vec<String> = gone.iter().filter(|name| come.contains(name)).cloned().collect();
    gone.retain(|name| !changed.contains(name));
    come.retain(|name| !changed.contains(name));
    let same = before.keys().filter(|hash| after.contains_key(*hash)).count();
    let mut parts = vec![match (same, changed.len() + gone.len() + come.len()) {
        (1, 0) => "the same file".to_owned(),
        (same, 0) => format!("the same {same} files"),
        (0, _) => "no file in common".to_owned(),
        (1, _) => "1 file in common".to_owned(),
        (same, _) => format!("{same} files in common"),
    }];
    for (what, names) in [("other content", &changed), ("only before", &gone), ("only after", &come)] {
        if !names.is_empty() {
            parts.push(format!("{what}: {}", listed(names)));
        }
    }
    format!("inputs: {}", parts.join("; "))
}

fn settings(before: &Value, after: &Value) -> Option<String> {
    let keys = |value: &Value| -> BTreeSet<String> {
        value.as_object().into_iter().flat_map(|map| map.keys().cloned()).collect()
    };
    let names: BTreeSet<String> = keys(before).union(&keys(after)).cloned().collect();
    let short = |value: Option<&Value>| match value {
        None | Some(Value::Null) => "none".to_owned(),
        Some(Value::Array(items)) if items.is_empty() => "none".to_owned(),
        Some(Value::Object(items)) if items.is_empty() => "none".to_owned(),
        Some(Value::Array(items)) => items.len().to_string(),
        Some(Value::Object(items)) => items.len().to_string(),
        Some(scalar) => scalar.to_string(),
    };
    let changed = |name: &String| {
        let (before, after) = (before.get(name), after.get(name));
        let (was, is) = (short(before), short(after));
        match (before == after, was == is) {
            (true, _) => None,
            (false, true) => Some(format!("{name} (others)")),
            (false, false) => Some(format!("{name} {was} → {is}")),
        }
    };
    let changed: Vec<String> = names.iter().filter_map(changed).collect();
    (!changed.is_empty()).then(|| format!("settings: {}", changed.join(", ")))
}

fn listed(names: &[String]) -> String {
    let shown = names.iter().take(NAMES).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMES) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
