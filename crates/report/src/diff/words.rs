//! A comparison in sentences.

use crate::amount::Measure;
use crate::evidence::source;
use crate::order::ADOPTED;
use aceq_model::{Change, ChangeKind, ChangeReason, CountDiff, RowPlace, SideCount, ValueChange};
use std::collections::BTreeMap;

/// `4.2`, `4.2 · architect`, `4.2, reading no-window`.
pub(super) fn name(count: &CountDiff) -> String {
    let reading = if count.reading == ADOPTED { String::new() } else { format!(", reading {}", count.reading) };
    let member = count.member.as_ref().map(|member| format!(" · {member}")).unwrap_or_default();
    let id = if count.requirement_id == "*" { "the whole checklist" } else { &count.requirement_id };
    format!("{id}{reading}{member}")
}

/// `4.2: 51 became 48 customers (required 50, met → not met): −3 left the window`.
pub(super) fn summary(count: &CountDiff) -> String {
    let measure = Measure::of(count.is_sum);
    let happened = happened(count);
    let happened = if happened.is_empty() { String::new() } else { format!(": {happened}") };
    format!("{}: {} ({}){happened}", name(count), numbers(count, measure), answer(count, measure))
}

fn numbers(count: &CountDiff, measure: Measure) -> String {
    let number = |side: Option<&SideCount>| side.map_or(0, |side| side.confirmed);
    let (before, after) = (number(count.before.as_ref()), number(count.after.as_ref()));
    let counted = noun(count.counted, if count.after.is_some() { after } else { before });
    let counts = match (&count.before, &count.after) {
        (None, Some(_)) => format!("new, {} {counted}", measure.text(after)),
        (Some(_), None) => format!("no longer asked for; it had {} {counted}", measure.text(before)),
        _ if before == after => format!("still {} {counted}", measure.text(after)),
        _ => format!("{} became {} {counted}", measure.text(before), measure.text(after)),
    };
    counts + &possible(count, measure)
}

/// `customers`, or `customer` of one.
fn noun(plural: &str, hundredths: i64) -> String {
    match (hundredths, plural) {
        (100, "people") => "person".to_owned(),
        (100, plural) => match plural.strip_suffix("ies") {
            Some(stem) => format!("{stem}y"),
            None => plural.strip_suffix('s').unwrap_or(plural).to_owned(),
        },
        (_, plural) => plural.to_owned(),
    }
}

/// The upper bound, where it says more than the count or moved otherwise than it.
fn possible(count: &CountDiff, measure: Measure) -> String {
    let (Some(before), Some(after)) = (&count.before, &count.after) else { return String::new() };
    let doubt = |side: &SideCount| side.possible.map(|possible| possible - side.confirmed);
    if doubt(before) == doubt(after) || before.possible == after.possible {
        return String::new();
    }
    let bound = |side: &SideCount| side.possible.map_or_else(|| "any number".to_owned(), |most| measure.text(most));
    format!(", at most {} → {}", bound(before), bound(after))
}

fn answer(count: &CountDiff, measure: Measure) -> String {
    let status = |side: &SideCount| side.status.as_str().replace('_', " ");
    let required = |side: &SideCount| measure.text(side.required);
    match (&count.before, &count.after) {
        (Some(before), Some(after)) => {
            let required = match before.required == after.required {
                true => format!("required {}", required(after)),
                false => format!("required {} → {}", required(before), required(after)),
            };
            match before.status == after.status {
                true => format!("{required}, {} as before", status(after)),
                false => format!("{required}, {} → {}", status(before), status(after)),
            }
        }
        (Some(side), None) => format!("required {}, was {}", required(side), status(side)),
        (None, Some(side)) => format!("required {}, {}", required(side), status(side)),
        (None, None) => String::new(),
    }
}

/// How much moved for which reason: `−3 left the window, −1 no longer in the data, +1 new in the data`.
fn happened(count: &CountDiff) -> String {
    let mut groups: BTreeMap<(ChangeKind, ChangeReason), (usize, i64)> = BTreeMap::new();
    for change in &count.changes {
        let group = groups.entry((change.kind, change.reason)).or_default();
        group.0 += 1;
        group.1 += change.amount;
    }
    let measure = Measure::of(count.is_sum);
    let told = |((kind, reason), (changes, amount)): ((ChangeKind, ChangeReason), (usize, i64))| {
        let signed =
            || if amount < 0 { format!("−{}", measure.text(-amount)) } else { format!("+{}", measure.text(amount)) };
        let phrase = phrase(kind, reason);
        match kind {
            ChangeKind::Went | ChangeKind::Came => format!("{} {phrase}", signed()),
            ChangeKind::Changed if amount != 0 => format!("{} in {changes} that {phrase}", signed()),
            ChangeKind::Changed => format!("{changes} that count as before: {phrase}"),
            ChangeKind::DoubtWent => format!("{changes} doubtful: {phrase}"),
            ChangeKind::DoubtCame => format!("{changes} doubtful now: {phrase}"),
        }
    };
    groups.into_iter().map(told).collect::<Vec<_>>().join(", ")
}

fn phrase(kind: ChangeKind, reason: ChangeReason) -> &'static str {
    match (kind, reason) {
        (ChangeKind::Went, ChangeReason::StatusChanged) => "no longer satisfied",
        (ChangeKind::Came, ChangeReason::StatusChanged) => "satisfied now",
        (ChangeKind::Changed, ChangeReason::StatusChanged) => "another status",
        (ChangeKind::Changed, ChangeReason::ValuesChanged) => "other values",
        (ChangeKind::Changed, ChangeReason::OtherRow) => "another row",
        (ChangeKind::Changed, ChangeReason::NewFinding) => "a new finding",
        (ChangeKind::Went, ChangeReason::DateMoved) => "moved out by another date",
        (ChangeKind::Came, ChangeReason::DateMoved) => "moved in by another date",
        _ => reason.phrase(),
    }
}

/// Why one row or unit came, went or changed.
pub(super) fn because(change: &Change) -> String {
    let values = change.values.iter().map(value).collect::<Vec<_>>().join(", ");
    let condition = change.condition.as_deref().unwrap_or("a condition");
    let on = change.on.map(|on| format!(" on {on}")).unwrap_or_default();
    let note = change.note.as_deref().map(|note| format!(": {note}")).unwrap_or_default();
    let in_brackets = if values.is_empty() { String::new() } else { format!(" ({values})") };
    use ChangeReason as R;
    match change.reason {
        R::ConditionFails | R::ConditionHolds | R::BecameUnknown | R::BecameKnown if !values.is_empty() => {
            let verb = match change.reason {
                R::ConditionFails => "fails",
                R::ConditionHolds => "satisfies",
                R::BecameUnknown => "may or may not satisfy",
                _ => "which decides",
            };
            format!("{values}: {verb} {condition}")
        }
        R::RuleChanged => match &change.condition {
            Some(condition) => format!("another rule: {condition}{in_brackets}"),
            None => format!("another rule{in_brackets}"),
        },
        R::SumFell | R::SumReached | R::DateMoved => format!("{values}: {condition}"),
        R::Merged | R::Split if !values.is_empty() => format!("{}: {values}", change.reason.phrase()),
        R::StatusChanged | R::ValuesChanged | R::NewFinding => values,
        R::NotYet => format!(
            "counts from {} only{in_brackets}",
            change.on.map_or_else(|| "later".to_owned(), |on| on.to_string())
        ),
        reason => format!("{}{on}{in_brackets}{note}", reason.phrase()),
    }
}

/// `stage Launched → Closed Lost`; a date that stayed the same stands alone.
fn value(value: &ValueChange) -> String {
    let name = &value.column;
    match (&value.before, &value.after) {
        (Some(before), Some(after)) if before == after => format!("{name} {after}"),
        (Some(before), Some(after)) => format!("{name} {before} → {after}"),
        (Some(one), None) => format!("{name} {one} → none"),
        (None, Some(one)) => format!("{name} none → {one}"),
        (None, None) => name.clone(),
    }
}

/// Where the row was read, on each side where it was.
pub(super) fn places(change: &Change) -> String {
    let at = |place: &RowPlace| source(&place.file, &place.sheet, place.line);
    match (&change.before, &change.after) {
        (Some(before), Some(after)) if before == after => at(after),
        (Some(before), Some(after)) => format!("before {}, after {}", at(before), at(after)),
        (Some(before), None) => format!("before {}", at(before)),
        (None, Some(after)) => format!("after {}", at(after)),
        (None, None) => String::new(),
    }
}

/// What the change is about: the row and its label, else the unit.
pub(super) fn subject(change: &Change) -> String {
    match (change.row_id.is_empty(), change.label.is_empty()) {
        (true, _) => change.unit.clone(),
        (false, true) => change.row_id.clone(),
        (false, false) => format!("{}  {}", change.row_id, change.label),
    }
}
