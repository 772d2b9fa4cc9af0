//! Pages: long lists are handed out in parts, and each part says whether another one follows.

use super::flatten::flatten;
use crate::header::key;
use serde_json::value::RawValue;

/// Fields beside the records that name the next page where there is one: AWS, Credly, Salesforce, HubSpot.
const NEXT: [&str; 4] = ["nexttoken", "metadatanextpageurl", "nextrecordsurl", "pagingnextafter"];

/// Names under which the same interfaces, and the CRM integration, list their records.
const LISTS: [&str; 6] = ["opportunitysummaries", "opportunities", "data", "records", "results", "items"];

/// Whether what stands around records says that another page follows.
pub(super) fn says_that_more_follows(members: &[(String, &RawValue)], depth: usize) -> bool {
    let mut follows = false;
    for (name, value) in members.iter().filter(|(_, value)| !value.get().starts_with('[')) {
        let mut note = |name: &str, cell: &str| follows |= !cell.trim().is_empty() && NEXT.contains(&&*key(name));
        match value.get() {
            // What is too deep names no page.
            object if object.starts_with('{') => {
                _ = flatten(object, depth, &mut |field| note(&format!("{name}.{}", field.name), field.cell));
            }
            "null" | "false" | "\"\"" => {}
            scalar => note(name, scalar),
        }
    }
    follows
}

/// Whether a field is a list of records without any.
pub(super) fn is_empty_list(name: &str, value: &RawValue) -> bool {
    let items = value.get().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    items.is_some_and(|items| items.trim().is_empty()) && LISTS.contains(&&*key(name))
}
