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

/// What else stands in a page: about the list, never about a record.
const ABOUT: [&str; 12] = [
    "nexttoken",
    "responsemetadata",
    "version",
    "spmsid",
    "metadata",
    "paging",
    "pagination",
    "totalsize",
    "done",
    "nextrecordsurl",
    "total",
    "count",
];

/// Whether an object is a page without records: a list without any, and nothing beside it that is not about the list.
pub(super) fn is_empty_page(members: &[(String, &RawValue)]) -> bool {
    let is_empty = |value: &RawValue| {
        let items = value.get().strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        value.get() == "null" || items.is_some_and(|items| items.trim().is_empty())
    };
    let is_list = |(name, value): &(String, &RawValue)| LISTS.contains(&&*key(name)) && is_empty(value);
    let is_about = |(name, _): &(String, &RawValue)| ABOUT.contains(&&*key(name));
    members.iter().any(is_list) && members.iter().all(|member| is_list(member) || is_about(member))
}
