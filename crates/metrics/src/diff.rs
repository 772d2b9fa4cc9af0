//! Two evaluations of one partner compared: per count what came, went or changed, each with one main reason.
//!
//! ```text
//!  before ─┐  the same engine, which knows the rules of both sides: what would the other rule say of this row?
//!          ├▶ timelines paired by requirement, reading, member
//!  after ──┘    counts: units matched by key, then by the rows they share; rows by table and id
//!               combinations: parts whose status differs        answers: units that are attested on one side
//!             ▶ went, came, changed: confirmed before + their amounts = confirmed after
//! ```
//!
//! Why something *came* is why it *would go* if the sides were exchanged: one explanation serves both directions.

mod answers;
mod counts;
mod end;
mod pairs;
mod parts;
mod units;
mod why;

use crate::engine::{Evaluation, Timeline};
use crate::plan::members;
use crate::rows::Rows;
use crate::status::requirement_id;
use aceq_checklist::{AttestedRule, Checklist, CountRule, Members, Rule, Term, Unit};
use aceq_model::{AsOf, ChangeKind, CountDiff, SideCount, TableId};
use aceq_timeline::Truth;
use pairs::AllPairs;
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::collections::{BTreeMap, BTreeSet};

/// Rows that corrections exclude: partner, table and row id, with the correction and its reason.
pub type Excluded = BTreeMap<(String, TableId, String), String>;

/// One side of a comparison.
#[derive(Clone, Copy)]
pub struct Side<'e> {
    /// The rows and timelines, of an engine that knows the checklists of both sides.
    pub evaluation: &'e Evaluation<'e>,
    /// Which of the engine's checklists answers; `None` = this side has none of the program.
    pub checklist: Option<usize>,
    /// The application date.
    pub as_of: AsOf,
    /// Rows that corrections exclude.
    pub excluded: &'e Excluded,
}

/// Every count of one program on both sides, whether or not it changed. Both evaluations must have been made by one
/// engine, of buckets with the same partners.
pub fn compare(before: Side<'_>, after: Side<'_>) -> Vec<CountDiff> {
    let partners = (0..after.evaluation.partners.len()).into_par_iter();
    partners.flat_map_iter(|partner| compare_partner(before, after, partner)).collect()
}

fn compare_partner(before: Side<'_>, after: Side<'_>, partner: usize) -> Vec<CountDiff> {
    debug_assert_eq!(
        before.evaluation.partners[partner].partner_id, after.evaluation.partners[partner].partner_id,
        "both buckets hold the same partners"
    );
    let (from, to) = (PartnerSide::new(before, partner), PartnerSide::new(after, partner));
    let tables: BTreeSet<TableId> = from.checklist.into_iter().chain(to.checklist).flat_map(counted_tables).collect();
    let pairs = AllPairs::new(&before.evaluation.views, &after.evaluation.views, partner, &tables);
    let ends = Ends { from: &from, to: &to, pairs: &pairs };
    let mut keys: Vec<Key<'_>> = to.timelines.iter().map(|(key, _)| *key).collect();
    let known: BTreeSet<Key<'_>> = keys.iter().copied().collect();
    keys.extend(from.timelines.iter().map(|(key, _)| *key).filter(|key| !known.contains(key)));
    let (from_by_key, to_by_key) = (from.by_key(), to.by_key());
    keys.into_iter()
        .map(|key| count_diff(key, &ends, from_by_key.get(&key).copied(), to_by_key.get(&key).copied()))
        .collect()
}

/// The tables whose rows the checklist counts.
fn counted_tables(checklist: &Checklist) -> impl Iterator<Item = TableId> {
    let rules = checklist.requirements.iter().flat_map(|requirement| requirement.readings().map(|(_, rule)| rule));
    rules.flat_map(|rule| match rule {
        Rule::Count(rule) => vec![rule.table],
        Rule::Combine(..) => Vec::new(),
        Rule::Attested(_) => vec![TableId::CaseStudies, TableId::Attestations],
    })
}

/// What names a count within a program: requirement, reading, member.
type Key<'e> = (&'e str, &'e str, Option<&'e str>);

/// One side, for one partner.
struct PartnerSide<'e> {
    side: Side<'e>,
    partner: usize,
    checklist: Option<&'e Checklist>,
    timelines: Vec<(Key<'e>, &'e Timeline)>,
}

/// Both sides of one partner.
struct Ends<'e> {
    from: &'e PartnerSide<'e>,
    to: &'e PartnerSide<'e>,
    pairs: &'e AllPairs,
}

/// What a count counts.
enum Counted<'c> {
    Rows(&'c CountRule, &'c [Term]),
    Parts(Vec<Key<'c>>),
    Answers(&'c AttestedRule),
}

impl<'e> PartnerSide<'e> {
    fn new(side: Side<'e>, partner: usize) -> Self {
        let checklist = side.checklist.map(|index| side.evaluation.checklists[index]);
        let timelines = side.checklist.map_or(&[][..], |index| &side.evaluation.partners[partner].checklists[index]);
        let key = |timeline: &'e Timeline| {
            let id = checklist.map_or("*", |checklist| requirement_id(checklist, timeline));
            ((id, timeline.reading.as_str(), timeline.member.as_deref()), timeline)
        };
        Self { side, partner, checklist, timelines: timelines.iter().map(key).collect() }
    }

    fn by_key(&self) -> BTreeMap<Key<'e>, &'e Timeline> {
        self.timelines.iter().copied().collect()
    }

    fn partner_id(&self) -> &'e str {
        &self.side.evaluation.partners[self.partner].partner_id
    }

    fn day(&self) -> i32 {
        self.side.as_of.days()
    }

    fn count(&self, timeline: &Timeline) -> SideCount {
        let outcome = timeline.steps.at(self.day());
        SideCount {
            status: outcome.status,
            confirmed: outcome.bounds.confirmed,
            possible: outcome.bounds.possible,
            required: timeline.required,
        }
    }

    /// What the timeline counts.
    fn counted(&self, timeline: &'e Timeline) -> Option<Counted<'e>> {
        let checklist = self.checklist?;
        let Some(index) = timeline.requirement else { return Some(Counted::Parts(required_parts(checklist))) };
        let requirement = &checklist.requirements[index];
        let (reading, rule) = requirement.readings().find(|(reading, _)| *reading == timeline.reading)?;
        Some(match (rule, timeline.member.as_deref()) {
            (Rule::Count(rule), Some(id)) => {
                let member = members(&rule.members).iter().find(|member| member.id == id)?;
                Counted::Rows(rule, &member.terms)
            }
            (Rule::Count(CountRule { members: Members::Each { members, .. }, .. }), None) => {
                let part =
                    |member: &'e aceq_checklist::Member| (requirement.id.as_str(), reading, Some(member.id.as_str()));
                Counted::Parts(members.iter().map(part).collect())
            }
            (Rule::Count(rule), None) => Counted::Rows(rule, &[]),
            (Rule::Combine(_, parts), _) => {
                Counted::Parts(parts.iter().map(|part| own_key(&checklist.requirements[*part].id)).collect())
            }
            (Rule::Attested(rule), _) => Counted::Answers(rule),
        })
    }
}

fn own_key(id: &str) -> Key<'_> {
    (id, "adopted", None)
}

fn required_parts(checklist: &Checklist) -> Vec<Key<'_>> {
    let required =
        checklist.requirements.iter().filter(|requirement| requirement.role == aceq_checklist::Role::Required);
    required.map(|requirement| own_key(&requirement.id)).collect()
}

fn count_diff(key: Key<'_>, ends: &Ends<'_>, from: Option<&Timeline>, to: Option<&Timeline>) -> CountDiff {
    let before = from.and_then(|timeline| ends.from.counted(timeline));
    let after = to.and_then(|timeline| ends.to.counted(timeline));
    let mut changes = match (&before, &after) {
        (Some(Counted::Parts(before)), Some(Counted::Parts(after))) => parts::changes(ends, before, after),
        (Some(Counted::Answers(before)), Some(Counted::Answers(after))) => {
            answers::changes(ends, Some(before), Some(after))
        }
        (Some(Counted::Rows(before, _)), Some(Counted::Rows(after, _))) if !comparable(before, after) => {
            replaced(ends, from.and_then(|t| ends.from.counted(t)), to.and_then(|t| ends.to.counted(t)))
        }
        (Some(Counted::Rows(before, before_terms)), Some(Counted::Rows(after, after_terms))) => {
            counts::changes(ends, Some((before, before_terms)), Some((after, after_terms)))
        }
        _ => replaced(ends, from.and_then(|t| ends.from.counted(t)), to.and_then(|t| ends.to.counted(t))),
    };
    changes.sort_by(|a, b| (a.kind, a.reason, &a.unit, &a.row_id).cmp(&(b.kind, b.reason, &b.unit, &b.row_id)));
    let program =
        ends.from.checklist.or(ends.to.checklist).map_or_else(String::new, |checklist| checklist.program.clone());
    CountDiff {
        partner_id: ends.to.partner_id().to_owned(),
        program,
        requirement_id: key.0.to_owned(),
        reading: key.1.to_owned(),
        member: key.2.map(str::to_owned),
        counted: after.as_ref().or(before.as_ref()).map_or("requirements", noun),
        is_sum: to.or(from).is_some_and(|timeline| timeline.is_sum),
        before: from.map(|timeline| ends.from.count(timeline)),
        after: to.map(|timeline| ends.to.count(timeline)),
        notes: if key.2.is_none() { gates(key, ends) } else { Vec::new() },
        changes,
    }
}

/// Whether two rules count the same things, so that units can be matched.
fn comparable(before: &CountRule, after: &CountRule) -> bool {
    let unit = |rule: &CountRule| match rule.unit {
        Unit::Rows => (0, ""),
        Unit::Distinct(column) => (1, column.name),
        Unit::Sum(column) => (2, column.name),
    };
    before.table == after.table && unit(before) == unit(after)
}

/// Two counts of different things, or a count that only one side has: everything went, everything came.
fn replaced(ends: &Ends<'_>, before: Option<Counted<'_>>, after: Option<Counted<'_>>) -> Vec<aceq_model::Change> {
    let went = match before {
        None => Vec::new(),
        Some(Counted::Rows(rule, terms)) => counts::changes(ends, Some((rule, terms)), None),
        Some(Counted::Parts(parts)) => parts::changes(ends, &parts, &[]),
        Some(Counted::Answers(rule)) => answers::changes(ends, Some(rule), None),
    };
    let came = match after {
        None => Vec::new(),
        Some(Counted::Rows(rule, terms)) => counts::changes(ends, None, Some((rule, terms))),
        Some(Counted::Parts(parts)) => parts::changes(ends, &[], &parts),
        Some(Counted::Answers(rule)) => answers::changes(ends, None, Some(rule)),
    };
    went.into_iter().chain(came).collect()
}

fn noun(counted: &Counted<'_>) -> &'static str {
    match counted {
        Counted::Parts(parts) if parts.iter().all(|part| part.2.is_some()) && !parts.is_empty() => "values",
        Counted::Parts(_) => "requirements",
        Counted::Answers(AttestedRule { unit: aceq_checklist::AttestedUnit::Partner, .. }) => "answers",
        Counted::Answers(_) => "case studies",
        Counted::Rows(rule, _) => match rule.unit {
            Unit::Distinct(column) if column.name == "customer_key" => "customers",
            Unit::Distinct(column) if column.name == "person_key" => "people",
            Unit::Sum(_) => "USD",
            Unit::Rows | Unit::Distinct(_) => rows_noun(rule.table),
        },
    }
}

fn rows_noun(table: TableId) -> &'static str {
    match table {
        TableId::CaseStudies => "case studies",
        TableId::Personnel => "assignments",
        other => other.name(),
    }
}

/// Conditions on the partner (applicability, waivers) that hold on one side and not on the other.
fn gates(key: Key<'_>, ends: &Ends<'_>) -> Vec<String> {
    let mut notes = Vec::new();
    let (before, after) = (gate_truths(key, ends.from), gate_truths(key, ends.to));
    for (gate, now) in &after {
        let earlier = before.get(gate).copied();
        if earlier.is_some_and(|earlier| earlier != *now) {
            let earlier = in_words(earlier.unwrap_or(Truth::Unknown));
            notes.push(format!("{} when {}: {earlier} → {}", gate.0, gate.1, in_words(*now)));
        }
    }
    notes
}

fn gate_truths<'e>(key: Key<'_>, end: &PartnerSide<'e>) -> BTreeMap<(&'static str, &'e str), Truth> {
    let Some((checklist, requirement)) = end.checklist.and_then(|list| Some((list, list.requirement(key.0)?))) else {
        return BTreeMap::new();
    };
    let applies = requirement.applies_when.iter().map(|index| ("applies", *index));
    let waived = requirement.waived_when.iter().map(|index| ("waived", *index));
    let truth = |index: usize| {
        let condition = &checklist.conditions[index];
        end.side.evaluation.views.table(condition.table).map_or(Truth::Unknown, |view| {
            *Rows::new(view, &condition.terms, condition.window).any(view.range(end.partner)).at(end.day())
        })
    };
    applies
        .chain(waived)
        .map(|(gate, index)| ((gate, checklist.conditions[index].title.as_str()), truth(index)))
        .collect()
}

fn in_words(truth: Truth) -> &'static str {
    match truth {
        Truth::True => "yes",
        Truth::Unknown => "unknown",
        Truth::False => "no",
    }
}

/// Confirmed changes of the two directions of a comparison, `went` as explained from the first side to the second.
fn direction(kind: ChangeKind, mirrored: bool) -> ChangeKind {
    if mirrored { kind.mirrored() } else { kind }
}
