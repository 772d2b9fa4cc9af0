//! Partners that a newer list leaves out. Of each partner the newest list counts, and a list of some partners says nothing of
//! others: what an older one says of them stays, and is told.

use super::exports::ReadFile;
use super::partner::Named;
use aceq_model::{Finding, FindingCode, Position, TableId};
use chrono::NaiveDate;
use std::collections::{BTreeSet, HashMap};

/// Tables of which the newest list replaces the older ones.
const REPLACED: [TableId; 6] = [
    TableId::Certifications,
    TableId::Personnel,
    TableId::Partners,
    TableId::Offerings,
    TableId::Designations,
    TableId::Customers,
];

/// A list with its day.
struct List<'f> {
    file: &'f ReadFile,
    named: &'f Named,
    day: NaiveDate,
}

/// Partners of older lists that no newer one has, though one has others of the same list, or no row at all.
pub(super) fn gone_from_lists<'f>(used: impl Iterator<Item = (&'f ReadFile, &'f Named)>) -> Vec<Finding> {
    let mut lists: Vec<List<'f>> =
        used.filter_map(|(file, named)| Some(List { file, named, day: file.record.known_snapshot()? })).collect();
    lists.sort_by(|a, b| a.day.cmp(&b.day).then_with(|| a.file.record.path.cmp(&b.file.record.path)));
    let of_table = |table: TableId| lists.iter().filter(move |list| list.file.record.table == table);
    REPLACED.into_iter().flat_map(|table| gone(&of_table(table).collect::<Vec<_>>())).collect()
}

/// The same among lists of one table, in the order of their days.
fn gone(lists: &[&List<'_>]) -> Vec<Finding> {
    // Of each partner the newest list that has it.
    let newest: HashMap<&str, usize> =
        (0..lists.len()).flat_map(|at| named(lists[at]).map(move |one| (one, at))).collect();
    let is_empty = |list: &List<'_>| list.file.ledger.accepted + list.file.ledger.rejected == 0;
    let empty = lists.iter().rposition(|list| is_empty(list));
    let mut found = Vec::new();
    for (at, list) in lists.iter().enumerate() {
        let partners: BTreeSet<&str> = named(list).collect();
        let of_others = partners.iter().map(|partner| newest[partner]).max();
        let Some(newer) = of_others.max(empty).map(|at| lists[at]).filter(|newer| newer.day > list.day) else {
            continue;
        };
        for partner in partners.into_iter().filter(|partner| newest[partner] == at) {
            let record = &list.file.record;
            found.push(Finding {
                partner_id: partner.to_owned(),
                table: record.table,
                position: Position { file: record.path.clone(), sheet: record.sheet.clone(), ..Position::default() },
                row_id: String::new(),
                column: None,
                code: FindingCode::GoneFromList,
                detail: format!(
                    "its rows of {} were kept; {} of {} has none of it",
                    list.day, newer.file.record.path, newer.day
                ),
            });
        }
    }
    found
}

fn named<'l>(list: &'l List<'_>) -> impl Iterator<Item = &'l str> {
    list.named.anywhere.iter().map(String::as_str)
}
