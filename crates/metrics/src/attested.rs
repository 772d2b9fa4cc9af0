//! Self-assessment answers over time.
//!
//! ```text
//!  answers   ── yes 2026-01-10 ───────── no 2026-05-02 ─────▶
//!  as-of     no answer │      yes        │      no
//! ```
//! An answer without a date could have been given on any date: it leaves the outcome undecided unless the dated
//! outcome says the same.

use crate::rows::Rows;
use crate::view::{TableView, Views, date_at};
use aceq_checklist::{AttestedRule, AttestedUnit, RuleWindow, Term};
use aceq_model::{TableId, days_from_date, tables::WHOLE_PARTNER};
use aceq_timeline::{Bounds, FIRST_DAY, Steps, Truth};
use arrow::array::Array;
use std::collections::{BTreeMap, BTreeSet};

/// The outcome of the answers of one unit on one date; `None` = not answered.
type Answer = Option<Truth>;

/// The bounds of an attested requirement, in hundredths, for the bucket's `partner`-th partner.
pub(crate) fn attested(views: &Views, program: &str, rule: &AttestedRule, partner: usize) -> Steps<Bounds> {
    let Some(answers) = views.table(TableId::Attestations) else { return Steps::constant(Bounds::UNKNOWN) };
    let rows = answer_rows(views, program, &rule.answers_of, partner);
    match &rule.unit {
        AttestedUnit::Partner => answer_steps(answers, rows).map(|answer| match answer {
            Some(Truth::True) => Bounds { confirmed: 100, possible: Some(100) },
            Some(Truth::False) => Bounds { confirmed: 0, possible: Some(0) },
            Some(Truth::Unknown) | None => Bounds { confirmed: 0, possible: Some(100) },
        }),
        AttestedUnit::CaseStudy { base_terms, base_window, satisfied_when } => {
            let base = Base { terms: base_terms, window: *base_window, satisfied_when };
            case_studies(views, answers, rows, &base, partner)
        }
    }
}

/// The partner's answers to one requirement.
pub(crate) fn answer_rows<'v>(views: &'v Views, program: &str, id: &str, partner: usize) -> &'v [usize] {
    match (views.table(TableId::Attestations), &views.answers) {
        (Some(view), Some(index)) => index.rows(&view.range(partner), program, id),
        _ => &[],
    }
}

/// What proves an attested unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// An answer.
    Answer,
    /// This row of `case_studies`, which needs no answer.
    CaseStudy(usize),
}

/// The units that are certainly attested on `day`: `*` for the partner as a whole, or ids of case studies.
pub(crate) fn proven(
    views: &Views,
    program: &str,
    rule: &AttestedRule,
    partner: usize,
    day: i32,
) -> BTreeMap<String, Proof> {
    let Some(answers) = views.table(TableId::Attestations) else { return BTreeMap::new() };
    let rows = answer_rows(views, program, &rule.answers_of, partner);
    match &rule.unit {
        AttestedUnit::Partner => {
            let answered = *answer_steps(answers, rows).at(day) == Some(Truth::True);
            answered.then(|| (WHOLE_PARTNER.to_owned(), Proof::Answer)).into_iter().collect()
        }
        AttestedUnit::CaseStudy { base_terms, base_window, satisfied_when } => {
            let mut proven = BTreeMap::new();
            let named = rows.iter().filter(|row| !answers.is_unknown("case_study_id", **row));
            let mut by_case: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
            named.for_each(|row| by_case.entry(answers.text_at("case_study_id", *row)).or_default().push(*row));
            for (id, rows) in by_case {
                if *answer_steps(answers, &rows).at(day) == Some(Truth::True) {
                    proven.insert(id.to_owned(), Proof::Answer);
                }
            }
            let Some(cases) = views.table(TableId::CaseStudies).filter(|_| !satisfied_when.is_empty()) else {
                return proven;
            };
            let needs_none = Rows::new(cases, base_terms.iter().chain(satisfied_when), *base_window);
            let named = cases.range(partner).filter(|row| !cases.is_unknown("case_study_id", *row));
            for row in named.filter(|row| needs_none.span(*row).at(day) == Truth::True) {
                let id = cases.text_at("case_study_id", row);
                proven.insert(id.to_owned(), Proof::CaseStudy(row));
            }
            proven
        }
    }
}

/// Whether the answer is about this case study.
pub(crate) fn is_about(answers: &TableView, row: usize, case_study: &str) -> bool {
    !answers.is_unknown("case_study_id", row) && answers.text_at("case_study_id", row) == case_study
}

/// The outcome of some answers for every as-of date.
pub(crate) fn answer_steps(answers: &TableView, rows: &[usize]) -> Steps<Answer> {
    let mets = answers.flags("met");
    let met = |row: usize| Truth::from((!mets.is_null(row)).then(|| mets.value(row)));
    let mut dated: BTreeMap<i32, Truth> = BTreeMap::new();
    let mut undated: Vec<Truth> = Vec::new();
    for row in rows {
        match date_at(answers.dates("answer_date"), *row) {
            None => undated.push(met(*row)),
            Some(date) => {
                let answer = dated.entry(days_from_date(date)).or_insert_with(|| met(*row));
                if *answer != met(*row) {
                    *answer = Truth::Unknown;
                }
            }
        }
    }
    let outcome = |dated: Answer| match undated.as_slice() {
        [] => dated,
        others if others.iter().all(|other| Some(*other) == dated) => dated,
        _ => Some(Truth::Unknown),
    };
    let steps = dated.into_iter().map(|(day, answer)| (day.max(FIRST_DAY), outcome(Some(answer))));
    Steps::from_pairs(std::iter::once((FIRST_DAY, outcome(None))).chain(steps))
}

struct Base<'r> {
    terms: &'r [Term],
    window: Option<RuleWindow>,
    satisfied_when: &'r [Term],
}

/// One case study on one date.
#[derive(Clone, Copy, PartialEq)]
struct CaseState {
    answered: bool,
    /// `None`: neither answered nor in the base set.
    outcome: Option<Truth>,
}

#[derive(Clone, Copy, PartialEq, Default)]
struct Tally {
    answered: i64,
    yes: i64,
    not_no: i64,
}

fn case_studies(views: &Views, answers: &TableView, rows: &[usize], base: &Base<'_>, partner: usize) -> Steps<Bounds> {
    if rows.is_empty() && base.satisfied_when.is_empty() {
        // Nothing answers it and nothing stands in for an answer: the case studies need not be looked at.
        return Steps::constant(Bounds::UNKNOWN);
    }
    let cases = views.table(TableId::CaseStudies);
    let mut by_case: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for row in rows.iter().filter(|row| !answers.is_unknown("case_study_id", **row)) {
        by_case.entry(answers.text_at("case_study_id", *row)).or_default().push(*row);
    }
    let ids: BTreeSet<&str> =
        by_case.keys().copied().chain(cases.into_iter().flat_map(|c| case_ids(c, partner))).collect();
    let mut tally = Steps::constant(Tally::default());
    for state in nameless(cases, answers, rows, base, partner) {
        tally = tally.zip(&state, |tally, state| tally.plus(*state));
    }
    for id in ids {
        let given = answer_steps(answers, by_case.get(id).map_or(&[], Vec::as_slice));
        let state = case_state(cases, base, partner, id, &given);
        tally = tally.zip(&state, |tally, state| tally.plus(*state));
    }
    let bounded = cases.is_some();
    tally.map(|tally| Bounds {
        confirmed: tally.yes * 100,
        possible: (bounded && tally.answered > 0).then_some(tally.not_no * 100),
    })
}

fn case_ids(cases: &TableView, partner: usize) -> impl Iterator<Item = &str> {
    let named = cases.range(partner).filter(|row| !cases.is_unknown("case_study_id", *row));
    named.map(|row| cases.text_at("case_study_id", row))
}

/// An answer or a case study without an id is about nobody knows what: it confirms nothing, and may be one more. A no
/// is never one more, whenever it was given.
fn nameless(
    cases: Option<&TableView>,
    answers: &TableView,
    rows: &[usize],
    base: &Base<'_>,
    partner: usize,
) -> Vec<Steps<CaseState>> {
    let nothing = CaseState { answered: false, outcome: None };
    let unnamed_answers = rows.iter().filter(|row| answers.is_unknown("case_study_id", **row));
    let mets = answers.flags("met");
    let answer = |row: &usize| {
        let outcome = if mets.is_valid(*row) && !mets.value(*row) { None } else { Some(Truth::Unknown) };
        answer_steps(answers, &[*row]).map(|answer| match answer {
            None => nothing,
            Some(_) => CaseState { answered: true, outcome },
        })
    };
    let mut states: Vec<Steps<CaseState>> = unnamed_answers.map(answer).collect();
    let Some(cases) = cases else { return states };
    let in_base = Rows::new(cases, base.terms, base.window);
    for row in cases.range(partner).filter(|row| cases.is_unknown("case_study_id", *row)) {
        let member = in_base.any(row..row + 1);
        states.push(
            member.map(|member| CaseState { answered: false, outcome: member.is_possible().then_some(Truth::Unknown) }),
        );
    }
    states
}

fn case_state(
    cases: Option<&TableView>,
    base: &Base<'_>,
    partner: usize,
    id: &str,
    answer: &Steps<Answer>,
) -> Steps<CaseState> {
    let (member, satisfied) = match cases {
        None => (Steps::constant(Truth::False), Steps::constant(Truth::False)),
        Some(cases) => membership(cases, base, partner, id),
    };
    let state = answer.zip(&member, |answer, member| (*answer, *member));
    state.zip(&satisfied, |(answer, member), satisfied| {
        let outcome = match (*satisfied, *answer) {
            (Truth::True, _) | (_, Some(Truth::True)) => Some(Truth::True),
            (Truth::Unknown, _) | (_, Some(Truth::Unknown)) => Some(Truth::Unknown),
            (_, Some(Truth::False)) => Some(Truth::False),
            (_, None) => member.is_possible().then_some(Truth::Unknown),
        };
        CaseState { answered: answer.is_some(), outcome }
    })
}

/// Whether the case study belongs to the base set, and whether it needs no answer.
fn membership(cases: &TableView, base: &Base<'_>, partner: usize, id: &str) -> (Steps<Truth>, Steps<Truth>) {
    let is_named = |row: &usize| !cases.is_unknown("case_study_id", *row);
    let of_case = cases.range(partner).filter(is_named).filter(|row| cases.text_at("case_study_id", *row) == id);
    let (mut member, mut satisfied) = (Steps::constant(Truth::False), Steps::constant(Truth::False));
    let in_base = Rows::new(cases, base.terms, base.window);
    let needs_none = Rows::new(cases, base.terms.iter().chain(base.satisfied_when), base.window);
    for row in of_case {
        member = member.zip(&in_base.any(row..row + 1), |a, b| a.or(*b));
        if !base.satisfied_when.is_empty() {
            satisfied = satisfied.zip(&needs_none.any(row..row + 1), |a, b| a.or(*b));
        }
    }
    (member, satisfied)
}

impl Tally {
    fn plus(self, state: CaseState) -> Self {
        Self {
            answered: self.answered + i64::from(state.answered),
            yes: self.yes + i64::from(state.outcome == Some(Truth::True)),
            not_no: self.not_no + i64::from(state.outcome.is_some_and(Truth::is_possible)),
        }
    }
}
