//! Deeds: what can be done, each once however many counts it serves.

use crate::view::{TableView, date_at};
use aceq_checklist::{Checklist, CountRule, Members, Predicate, Requirement};
use aceq_model::{AsOf, Column, PlanAction, TableId, stage_rank};
use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::CandidateCount;

/// Something that can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deed {
    /// Its kind.
    pub kind: PlanAction,
    /// Table of the row.
    pub table: &'static str,
    /// The row's own id; empty for a row that does not exist yet.
    pub row_id: String,
    /// What a person would call the row.
    pub label: String,
    /// What is to be done, such as `launch by 2027-03-31`.
    pub what: String,
    /// File of the row; empty for one that does not exist yet.
    pub source_file: String,
    /// Worksheet.
    pub source_sheet: String,
    /// Line.
    pub source_line: i64,
}

/// What tells one deed from another; the order is the order of preference among equals.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    kind: PlanAction,
    /// Stages still to go, then the target date: what is nearest to its launch comes first.
    nearness: (Reverse<i32>, i32),
    table: TableId,
    /// Program and requirement of what does not exist yet.
    place: String,
    row: usize,
    columns: Vec<&'static str>,
    copy: i64,
}

/// A deed with what tells it from others.
pub(super) struct Subject {
    key: Key,
    deed: Deed,
}

/// All deeds of a search.
#[derive(Default)]
pub(super) struct Deeds {
    known: BTreeMap<Key, usize>,
    deeds: Vec<Deed>,
}

impl Deeds {
    /// The number of the deed.
    pub(super) fn of(&mut self, subject: Subject) -> usize {
        *self.known.entry(subject.key).or_insert_with(|| {
            self.deeds.push(subject.deed);
            self.deeds.len() - 1
        })
    }

    /// The deeds in the order of preference; `counts` are renumbered with them.
    pub(super) fn in_order(self, counts: &mut [CandidateCount]) -> Vec<Deed> {
        let Self { known, mut deeds } = self;
        let order: Vec<usize> = known.into_values().collect();
        let mut place = vec![0; order.len()];
        for (new, old) in order.iter().enumerate() {
            place[*old] = new;
        }
        for way in counts.iter_mut().flat_map(|count| &mut count.units).flatten() {
            way.iter_mut().for_each(|deed| *deed = place[*deed]);
            way.sort_unstable();
        }
        let mut sorted: Vec<Option<Deed>> = deeds.drain(..).map(Some).collect();
        order.iter().filter_map(|old| sorted[*old].take()).collect()
    }
}

impl Subject {
    fn of_row(view: &TableView, row: usize, kind: PlanAction, columns: Vec<&'static str>, what: String) -> Self {
        Self {
            key: Key { kind, nearness: (Reverse(0), 0), table: view.id, place: String::new(), row, columns, copy: 0 },
            deed: Deed {
                kind,
                table: view.id.name(),
                row_id: view.row_id(row),
                label: view.label(row).to_owned(),
                what,
                source_file: view.text_at("source_file", row).to_owned(),
                source_sheet: view.text_at("source_sheet", row).to_owned(),
                source_line: view.longs("source_line").value(row),
            },
        }
    }

    /// An open opportunity is launched.
    pub(super) fn launch(view: &TableView, row: usize, by: AsOf) -> Self {
        let mut subject = Self::of_row(view, row, PlanAction::Launch, Vec::new(), format!("launch by {by}"));
        let target = date_at(view.dates("target_close_date"), row).map_or(i32::MAX, aceq_model::days_from_date);
        subject.key.nearness = (Reverse(stage_rank(view.text_at("stage", row)).unwrap_or(-1)), target);
        subject
    }

    /// Missing columns are filled in, such that the condition holds; `None` where none of them is missing.
    pub(super) fn supply(view: &TableView, row: usize, columns: &[&'static Column]) -> Option<Self> {
        let mut missing: Vec<&'static str> =
            columns.iter().map(|column| column.name).filter(|name| view.is_unknown(name, row)).collect();
        missing.sort_unstable();
        missing.dedup();
        let what = match missing.as_slice() {
            [] => return None,
            [one] => format!("supply {one}"),
            [first @ .., last] => format!("supply {} or {last}", first.join(", ")),
        };
        Some(Self::of_row(view, row, PlanAction::Supply, missing, what))
    }

    /// What ran out is done again.
    pub(super) fn renew(view: &TableView, row: usize, by: AsOf) -> Self {
        let what = match view.id {
            TableId::Completions => format!("complete once more by {by}"),
            _ => format!("renew, to be valid on {by}"),
        };
        Self::of_row(view, row, PlanAction::Renew, Vec::new(), what)
    }

    /// A false condition that a document or a step with AWS would make true; `None` where it states a fact that nobody
    /// can make otherwise.
    pub(super) fn cure(view: &TableView, row: usize, predicate: &Predicate) -> Option<Self> {
        let mut columns: Vec<&'static str> = predicate.columns().iter().map(|column| column.name).collect();
        columns.sort_unstable();
        columns.dedup();
        let within = |known: &[&str]| columns.iter().all(|column| known.contains(column)) && !columns.is_empty();
        let (kind, what) = match view.id {
            TableId::CaseStudies if within(&["public", "url"]) => {
                (PlanAction::Publish, "publish, with a URL".to_owned())
            }
            TableId::CaseStudies if within(&["architecture_diagram", "kpis", "ace_opportunity_id"]) => {
                (PlanAction::Complete, format!("complete {}", columns.join(", ")))
            }
            TableId::Offerings if within(&["active"]) => (PlanAction::Publish, "list it".to_owned()),
            TableId::Opportunities if within(&["registered"]) => {
                (PlanAction::Complete, "have it approved by AWS (review status)".to_owned())
            }
            _ => return None,
        };
        Some(Self::of_row(view, row, kind, columns, what))
    }

    /// A control is answered with yes.
    pub(super) fn answer(rules: &Checklist, requirement: &Requirement, copy: i64) -> Self {
        let what = format!("fulfil {} and answer it with yes: {}", requirement.id, requirement.title);
        let place = format!("{} {}", rules.program, requirement.id);
        Self::new_row(PlanAction::Answer, TableId::Attestations, place, copy, &requirement.id, what)
    }

    /// One more unit that a count asks for, as many kinds of it as there are.
    pub(super) fn additions(
        rules: &Checklist,
        requirement: &Requirement,
        rule: &CountRule,
        member: Option<&str>,
        copy: i64,
    ) -> Vec<Self> {
        let program = rules.program.as_str();
        let one = |member: Option<&str>| {
            let place = format!("{program} {} {}", requirement.id, member.unwrap_or_default());
            let of = member.map_or_else(String::new, |member| format!(" ({member})"));
            let (kind, what) = match rule.table {
                TableId::Completions => {
                    (PlanAction::Complete, format!("one more person completes{of}: {}", requirement.title))
                }
                TableId::Certifications => {
                    (PlanAction::Complete, format!("one more person is certified{of}: {}", requirement.title))
                }
                TableId::Partners => (PlanAction::Complete, format!("reach what is asked{of}: {}", requirement.title)),
                _ => (PlanAction::Add, format!("one more{of}: {}", requirement.title)),
            };
            Self::new_row(kind, rule.table, place, copy, &requirement.id, what)
        };
        match (rule.table, &rule.members) {
            // One new deal or case study is made such that it serves all counts of the checklist.
            (TableId::Opportunities, _) => {
                let what =
                    format!("win and launch one more deal, of a new customer, that fulfils all that {program} asks");
                vec![Self::new_row(PlanAction::Add, rule.table, program.to_owned(), copy, program, what)]
            }
            (TableId::CaseStudies, _) => {
                let what = format!(
                    "write one more case study, of a new customer, that fulfils all that {program} asks of each"
                );
                vec![Self::new_row(PlanAction::Add, rule.table, program.to_owned(), copy, program, what)]
            }
            // Whoever serves a sub-minimum serves the count as well.
            (_, Members::OfWhich(list)) if member.is_none() => {
                list.iter().map(|member| one(Some(&member.id))).collect()
            }
            _ => vec![one(member)],
        }
    }

    fn new_row(kind: PlanAction, table: TableId, place: String, copy: i64, label: &str, what: String) -> Self {
        Self {
            key: Key { kind, nearness: (Reverse(0), 0), table, place, row: 0, columns: Vec::new(), copy },
            deed: Deed {
                kind,
                table: table.name(),
                row_id: String::new(),
                label: label.to_owned(),
                what,
                source_file: String::new(),
                source_sheet: String::new(),
                source_line: 0,
            },
        }
    }
}
