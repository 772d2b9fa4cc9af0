//! Every requirement of one checklist for one partner, on one day.

use super::attested::Attested;
use super::count::{Answer, Bounds, Population, count_satisfied};
use super::row::{PartnerRows, rows_of};
use super::rules::{Checklist, Count, CountRule, Goal, Place, Requirement, Rule};
use super::truth::{Truth, any};
use aceq_model::{Bucket, Status};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// A checklist with the rows of one partner that may count for it.
pub struct PartnerChecklist<'a> {
    conditions: BTreeMap<&'a str, Population>,
    requirements: Vec<Prepared<'a>>,
}

/// A requirement with its rows, per reading; the adopted one first.
struct Prepared<'a> {
    requirement: &'a Requirement,
    readings: Vec<(&'a str, Evaluator<'a>)>,
}

enum Evaluator<'a> {
    Count { rows: Population, members: Vec<(&'a str, i64, Population)>, goal: &'a Goal },
    Combine { of: &'a [String], required: i64 },
    Attested { answers: Attested, required: i64 },
}

/// One row of the answer: requirement, reading, member, and what is known.
pub struct Line<'a> {
    /// Requirement id, or `*`.
    pub requirement_id: &'a str,
    /// Name of the reading.
    pub reading: &'a str,
    /// Sub-minimum or value.
    pub member: Option<&'a str>,
    /// The answer.
    pub answer: Answer,
}

impl<'a> PartnerChecklist<'a> {
    /// `checklist` with the rows of `partner`.
    pub fn new(checklist: &'a Checklist, bucket: &Bucket, partner: &str) -> Self {
        let rows = rows_of(bucket, partner);
        let conditions = checklist.conditions.iter();
        Self {
            conditions: conditions
                .map(|(id, selection)| (id.as_str(), Population::new(&rows, selection, None, &Count::Rows)))
                .collect(),
            requirements: checklist
                .requirements
                .iter()
                .map(|requirement| Prepared::new(requirement, &checklist.program, &rows))
                .collect(),
        }
    }

    /// Every row of the answer on `day`, in the order of the checklist, the whole checklist last.
    pub fn lines(&self, day: NaiveDate) -> Vec<Line<'_>> {
        let mut lines = Vec::new();
        let mut asked = Vec::new();
        for prepared in &self.requirements {
            let own = self.requirement_lines(prepared, day);
            if prepared.requirement.place == Place::Whole {
                asked.push(own[0].answer.status);
            }
            lines.extend(own);
        }
        let answer = count_satisfied(&asked).against(asked.len() as i64 * 100);
        lines.push(Line { requirement_id: "*", reading: "adopted", member: None, answer });
        lines
    }

    /// The adopted reading's own row first, then its members, then the alternatives.
    fn requirement_lines<'s>(&'s self, prepared: &'s Prepared, day: NaiveDate) -> Vec<Line<'s>> {
        let mut lines = Vec::new();
        for (reading, evaluator) in &prepared.readings {
            let line = |member, answer| Line { requirement_id: &prepared.requirement.id, reading, member, answer };
            lines.push(line(None, self.answer(prepared.requirement, evaluator, day)));
            lines.extend(evaluator.members(day).into_iter().map(|(member, answer)| line(Some(member), answer)));
        }
        lines
    }

    fn adopted(&self, prepared: &Prepared, day: NaiveDate) -> Answer {
        let (_, evaluator) = prepared.readings.first().expect("every requirement has its adopted reading");
        self.answer(prepared.requirement, evaluator, day)
    }

    fn status_of(&self, id: &str, day: NaiveDate) -> Status {
        let part = self.requirements.iter().find(|prepared| prepared.requirement.id == id);
        self.adopted(part.unwrap_or_else(|| panic!("there is no requirement {id}")), day).status
    }

    fn answer(&self, requirement: &Requirement, evaluator: &Evaluator, day: NaiveDate) -> Answer {
        let rule = self.rule_answer(evaluator, day);
        let applies = requirement.applies_when.as_ref().map_or(Some(true), |ids| self.any_condition(ids, day));
        let waived = self.any_condition(&requirement.waived_when, day);
        Answer { status: settle(rule.status, applies, waived), ..rule }
    }

    fn any_condition(&self, ids: &[String], day: NaiveDate) -> Truth {
        let condition = |id: &String| self.conditions.get(id.as_str()).unwrap_or_else(|| panic!("no condition {id}"));
        any(ids.iter().map(|id| condition(id).any(day)))
    }

    fn rule_answer(&self, evaluator: &Evaluator, day: NaiveDate) -> Answer {
        match evaluator {
            Evaluator::Count { rows, goal, .. } => count_answer(rows, goal, &evaluator.members(day), day),
            Evaluator::Combine { of, required } => {
                let parts: Vec<Status> = of.iter().map(|id| self.status_of(id, day)).collect();
                count_satisfied(&parts).against(*required)
            }
            Evaluator::Attested { answers, required } => answers.bounds(day).against(*required),
        }
    }
}

impl<'a> Prepared<'a> {
    fn new(requirement: &'a Requirement, program: &str, rows: &PartnerRows) -> Self {
        let evaluator = |rule: &'a Rule| match rule {
            Rule::Count(rule) => Evaluator::count(rule, rows),
            Rule::Combine { of, required } => Evaluator::Combine { of, required: *required },
            Rule::Attested(rule) => {
                Evaluator::Attested { answers: Attested::new(rows, program, rule), required: rule.required }
            }
        };
        let readings = requirement.readings.iter().map(|(name, rule)| (name.as_str(), evaluator(rule))).collect();
        Self { requirement, readings }
    }
}

impl<'a> Evaluator<'a> {
    fn count(rule: &'a CountRule, rows: &PartnerRows) -> Self {
        let population = |further| Population::new(rows, &rule.selection, further, &rule.count);
        let members = match &rule.goal {
            Goal::AtLeast { of_which: members, .. } | Goal::Each(members) => members.as_slice(),
            Goal::Unnamed { .. } => &[],
        };
        Self::Count {
            rows: population(None),
            members: members
                .iter()
                .map(|member| (member.id.as_str(), member.required, population(Some(&member.condition))))
                .collect(),
            goal: &rule.goal,
        }
    }

    /// The answer for every member, in the order of the checklist.
    fn members(&self, day: NaiveDate) -> Vec<(&'a str, Answer)> {
        match self {
            Self::Count { members, .. } => {
                members.iter().map(|(id, required, rows)| (*id, rows.bounds(day).against(*required))).collect()
            }
            Self::Combine { .. } | Self::Attested { .. } => Vec::new(),
        }
    }
}

fn count_answer(rows: &Population, goal: &Goal, members: &[(&str, Answer)], day: NaiveDate) -> Answer {
    let statuses: Vec<Status> = members.iter().map(|(_, answer)| answer.status).collect();
    match goal {
        Goal::Each(_) => count_satisfied(&statuses).against(statuses.len() as i64 * 100),
        Goal::Unnamed { values } => Bounds::NOT_GIVEN.against(values * 100),
        Goal::AtLeast { required, .. } => {
            let own = rows.bounds(day).against(*required);
            Answer { status: all_satisfied(own.status, &statuses), ..own }
        }
    }
}

fn all_satisfied(own: Status, members: &[Status]) -> Status {
    match super::truth::all(members.iter().chain([&own]).map(|status| status.satisfied())) {
        Some(true) => Status::Met,
        Some(false) => Status::NotMet,
        None => Status::Unknown,
    }
}

/// The status of a requirement from that of its rule, whether it applies, and whether it is waived.
fn settle(rule: Status, applies: Truth, waived: Truth) -> Status {
    match (applies, waived) {
        (Some(false), _) => Status::NotApplicable,
        (_, Some(true)) => Status::Waived,
        _ if rule == Status::Met => Status::Met,
        (None, _) | (_, None) => Status::Unknown,
        _ => rule,
    }
}

#[cfg(test)]
mod tests;
