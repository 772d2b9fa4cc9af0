//! Parts of a goal that share no action: each is a problem of its own.
//!
//! ```text
//!  all of [customers, public customers, persons, answers]
//!            └── share deals ──┘           │        │
//!  ──▶ [customers, public customers]   [persons]   [answers]
//! ```
//!
//! The least of each is the least of all, and a choice among equals in one is independent of the others. Branch and bound
//! would try every choice of the one with every choice of the other.

use super::goal::{Need, Row};
use super::island::Joined;
use std::collections::BTreeMap;

/// The parts that share nothing, in the order of the goal.
pub(super) fn apart(rows: &[Row], need: Need, actions: usize) -> Vec<(Vec<Row>, Need)> {
    let mut parts = vec![];
    must(need, &mut parts);
    let mut joined = Joined::new(actions + rows.len());
    for (row, of) in rows.iter().enumerate() {
        for action in of.units.iter().flatten().flatten() {
            joined.join(actions + row, *action);
        }
    }
    for part in &parts {
        let rows = rows_of(part);
        rows.iter().for_each(|row| joined.join(actions + rows[0], actions + row));
    }
    let mut order: Vec<usize> = vec![];
    let mut together: BTreeMap<usize, Vec<Need>> = BTreeMap::new();
    for part in parts {
        let root = joined.root(actions + rows_of(&part)[0]);
        if !order.contains(&root) {
            order.push(root);
        }
        together.entry(root).or_default().push(part);
    }
    order.iter().filter_map(|root| together.remove(root)).map(|parts| alone(rows, parts)).collect()
}

/// What must all hold.
fn must(need: Need, parts: &mut Vec<Need>) {
    match need {
        Need::Some(least, of) if least == of.len() => of.into_iter().for_each(|part| must(part, parts)),
        part => parts.push(part),
    }
}

/// The rows of a part; at least one.
fn rows_of(need: &Need) -> Vec<usize> {
    match need {
        Need::Row(row) => vec![*row],
        Need::Some(_, parts) => parts.iter().flat_map(rows_of).collect(),
    }
}

/// Parts with their rows alone.
fn alone(rows: &[Row], parts: Vec<Need>) -> (Vec<Row>, Need) {
    let all = if parts.len() == 1 { parts.into_iter().next() } else { Some(Need::Some(parts.len(), parts)) };
    let need = all.unwrap_or(Need::Some(0, vec![]));
    let mut used = rows_of(&need);
    used.sort_unstable();
    used.dedup();
    let need = renumbered(&need, &used);
    (used.into_iter().map(|row| rows[row].clone()).collect(), need)
}

fn renumbered(need: &Need, used: &[usize]) -> Need {
    match need {
        Need::Row(row) => Need::Row(used.binary_search(row).unwrap_or(0)),
        Need::Some(least, parts) => Need::Some(*least, parts.iter().map(|part| renumbered(part, used)).collect()),
    }
}
