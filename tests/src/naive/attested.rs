//! Answers of the self-assessment.

use super::calendar::Dates;
use super::count::Bounds;
use super::predicate::Expr;
use super::row::{PartnerRows, Row};
use super::rules::{AttestedRule, Per, Selection};
use super::truth::{Truth, and, any};
use aceq_model::TableId;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// The rows that decide one attested requirement of one partner.
#[derive(Clone, Debug)]
pub struct Attested {
    /// `None` = no self-assessment was given.
    answers: Option<Vec<Given>>,
    cases: Cases,
}

#[derive(Clone, Debug)]
struct Given {
    case_study: Option<String>,
    met: Option<bool>,
    date: Option<NaiveDate>,
}

#[derive(Clone, Debug)]
enum Cases {
    /// One answer for the partner.
    NotAsked,
    /// One answer per case study, but no case studies were given.
    NotGiven,
    Given(Vec<Case>),
}

/// A case study, with everything about it that does not depend on the day.
#[derive(Clone, Debug)]
struct Case {
    id: Option<String>,
    predicate: Truth,
    dates: Dates,
    satisfied: Truth,
}

/// What the answers about one case study, or about the partner, amount to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Yes,
    No,
    Undecided,
}

impl Attested {
    /// The answers that `rule` of `program` asks for.
    pub fn new(rows: &PartnerRows, program: &str, rule: &AttestedRule) -> Self {
        let is = |row: &Row, column, text: &str| row.text(column).as_deref() == Some(text);
        let about = |row: &&Row| is(row, "program", program) && is(row, "requirement_id", &rule.asked);
        let answers = rows.get(&TableId::Attestations).map(|rows| rows.iter().filter(about).map(Given::new).collect());
        Self { answers, cases: Cases::new(rows, &rule.per) }
    }

    /// How many answers are yes on `day`.
    pub fn bounds(&self, day: NaiveDate) -> Bounds {
        let Some(answers) = &self.answers else { return Bounds::NOT_GIVEN };
        let in_force: Vec<&Given> = answers.iter().filter(|given| given.date.is_none_or(|date| date <= day)).collect();
        match &self.cases {
            Cases::NotAsked => for_partner(verdict(&in_force)),
            Cases::NotGiven => Bounds { possible: None, ..per_case_study(&in_force, &[], day) },
            Cases::Given(cases) => per_case_study(&in_force, cases, day),
        }
    }
}

impl Given {
    fn new(row: &Row) -> Self {
        Self { case_study: row.text("case_study_id"), met: row.flag("met"), date: row.date("answer_date") }
    }
}

impl Cases {
    fn new(rows: &PartnerRows, per: &Per) -> Self {
        let Per::CaseStudy { base, satisfied_when } = per else { return Self::NotAsked };
        match rows.get(&TableId::CaseStudies) {
            None => Self::NotGiven,
            Some(rows) => Self::Given(rows.iter().map(|row| Case::new(row, base, satisfied_when.as_ref())).collect()),
        }
    }
}

impl Case {
    fn new(row: &Row, base: &Selection, satisfied_when: Option<&Expr>) -> Self {
        Self {
            id: row.text("case_study_id"),
            predicate: base.predicate(row, None),
            dates: base.dates(row),
            satisfied: satisfied_when.map_or(Some(false), |predicate| predicate.truth(row)),
        }
    }

    /// Whether the case study is one of the program on `day`.
    fn in_base(&self, day: NaiveDate) -> Truth {
        and(self.predicate, self.dates.truth(day))
    }

    fn satisfied_on(&self, day: NaiveDate) -> Truth {
        and(self.in_base(day), self.satisfied)
    }
}

/// The newest dated answers decide, if they agree and no undated answer says otherwise. Future answers are not
/// among `in_force`.
fn verdict(in_force: &[&Given]) -> Verdict {
    let newest = in_force.iter().filter_map(|given| given.date).max();
    let decisive = in_force.iter().filter(|given| given.date.is_none() || given.date == newest);
    let said: BTreeSet<Option<bool>> = decisive.map(|given| given.met).collect();
    match (newest, said.into_iter().collect::<Vec<_>>().as_slice()) {
        (Some(_), [Some(true)]) => Verdict::Yes,
        (Some(_), [Some(false)]) => Verdict::No,
        _ => Verdict::Undecided,
    }
}

fn for_partner(verdict: Verdict) -> Bounds {
    match verdict {
        Verdict::Yes => Bounds::of_units(1, Some(1)),
        Verdict::No => Bounds::of_units(0, Some(0)),
        Verdict::Undecided => Bounds::of_units(0, Some(1)),
    }
}

fn per_case_study(in_force: &[&Given], cases: &[Case], day: NaiveDate) -> Bounds {
    let cases: Vec<&Case> = cases.iter().filter(|case| case.in_base(day) != Some(false)).collect();
    let answered = in_force.iter().filter_map(|given| given.case_study.as_ref());
    let units: BTreeSet<&String> = answered.chain(cases.iter().filter_map(|case| case.id.as_ref())).collect();
    let named = units.into_iter().map(|unit| verdict_on(unit, in_force, &cases, day));
    let verdicts: Vec<Verdict> = named.chain(nameless(in_force, &cases)).collect();
    let confirmed = verdicts.iter().filter(|verdict| **verdict == Verdict::Yes).count();
    let possible = verdicts.iter().filter(|verdict| **verdict != Verdict::No).count();
    Bounds::of_units(confirmed, (!in_force.is_empty()).then_some(possible))
}

fn verdict_on(unit: &String, in_force: &[&Given], cases: &[&Case], day: NaiveDate) -> Verdict {
    let answers: Vec<&Given> =
        in_force.iter().copied().filter(|given| given.case_study.as_ref() == Some(unit)).collect();
    let of_unit = cases.iter().filter(|case| case.id.as_ref() == Some(unit));
    match (any(of_unit.map(|case| case.satisfied_on(day))), verdict(&answers)) {
        (Some(true), _) => Verdict::Yes,
        (None, Verdict::No) => Verdict::Undecided,
        (_, answered) => answered,
    }
}

/// An answer or a case study without an id is about nobody knows what: it confirms nothing, and may be one more.
fn nameless(in_force: &[&Given], cases: &[&Case]) -> Vec<Verdict> {
    let answers = in_force.iter().filter(|given| given.case_study.is_none() && given.met != Some(false));
    let cases = cases.iter().filter(|case| case.id.is_none());
    vec![Verdict::Undecided; answers.count() + cases.count()]
}

#[cfg(test)]
mod tests;
