//! Combinations: which parts are satisfied on one side only, or have another status.

use super::{Ends, Key, PartnerSide};
use aceq_model::{Change, ChangeKind, ChangeReason, Status, ValueChange};
use std::collections::BTreeSet;

/// Changes of the parts of a combination; a part that only one side has is a change of the rule.
pub(super) fn changes(ends: &Ends<'_>, before: &[Key<'_>], after: &[Key<'_>]) -> Vec<Change> {
    let keys: BTreeSet<Key<'_>> = before.iter().chain(after).copied().collect();
    let change = |key: Key<'_>| {
        let was = before.contains(&key).then(|| status(ends.from, key)).flatten();
        let is = after.contains(&key).then(|| status(ends.to, key)).flatten();
        part(key, was, is)
    };
    keys.into_iter().filter_map(change).collect()
}

fn status(side: &PartnerSide<'_>, key: Key<'_>) -> Option<Status> {
    let timeline = side.timelines.iter().find(|(known, _)| *known == key)?.1;
    Some(timeline.steps.at(side.day()).status)
}

fn part(key: Key<'_>, was: Option<Status>, is: Option<Status>) -> Option<Change> {
    if was == is {
        return None;
    }
    let counts = |status: Option<Status>| status.and_then(Status::satisfied) == Some(true);
    let (kind, amount) = match (counts(was), counts(is)) {
        (true, false) => (ChangeKind::Went, -100),
        (false, true) => (ChangeKind::Came, 100),
        _ => (ChangeKind::Changed, 0),
    };
    let one_sided = was.is_none() || is.is_none();
    let in_words = |status: Option<Status>| status.map(|status| status.as_str().to_owned());
    Some(Change {
        kind,
        reason: if one_sided { ChangeReason::RuleChanged } else { ChangeReason::StatusChanged },
        amount,
        unit: key.2.unwrap_or(key.0).to_owned(),
        table: String::new(),
        row_id: String::new(),
        label: String::new(),
        condition: None,
        values: vec![ValueChange { column: "status".to_owned(), before: in_words(was), after: in_words(is) }],
        on: None,
        note: None,
        before: None,
        after: None,
    })
}
