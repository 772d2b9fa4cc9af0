//! One partner against one checklist: every requirement, its readings and members, and the whole.

use crate::attested::attested;
use crate::count::{Counted, count};
use crate::engine::Timeline;
use crate::rows::Rows;
use crate::view::Views;
use aceq_checklist::{Checklist, Combination, Condition, CountRule, Members, Requirement, Role, Rule, Term};
use aceq_model::Status;
use aceq_timeline::{Bounds, Outcome, Steps, Truth, combine};

/// All timelines of one partner and one checklist: per requirement the adopted reading, its members, the alternatives
/// with theirs; the whole checklist first.
pub(crate) fn evaluate(views: &Views, checklist: &Checklist, partner: usize) -> Vec<Timeline> {
    let conditions = checklist.conditions.iter().map(|c| condition(views, c, partner)).collect();
    let evaluator = Evaluator { views, checklist, partner, conditions };
    let mut own: Vec<Option<Vec<Timeline>>> = vec![None; checklist.requirements.len()];
    for index in 0..checklist.requirements.len() {
        evaluator.requirement(index, &mut own);
    }
    let own: Vec<Vec<Timeline>> = own.into_iter().flatten().collect();
    let required =
        checklist.requirements.iter().zip(&own).filter(|(requirement, _)| requirement.role == Role::Required);
    let whole = combined(Combination::All, required.map(|(_, timelines)| &timelines[0].steps));
    let whole = Timeline {
        requirement: None,
        reading: "adopted".to_owned(),
        member: None,
        required: whole.required,
        is_sum: false,
        steps: whole.steps,
        flagged: None,
    };
    std::iter::once(whole).chain(own.into_iter().flatten()).collect()
}

struct Evaluator<'e> {
    views: &'e Views,
    checklist: &'e Checklist,
    partner: usize,
    conditions: Vec<Steps<Truth>>,
}

struct Combined {
    steps: Steps<Outcome>,
    required: i64,
}

impl Evaluator<'_> {
    /// Fills `own[index]`, and before it whatever the requirement combines. Circles were refused at loading.
    fn requirement(&self, index: usize, own: &mut Vec<Option<Vec<Timeline>>>) {
        if own[index].is_some() {
            return;
        }
        let requirement = &self.checklist.requirements[index];
        let mut timelines = Vec::new();
        for (reading, rule) in requirement.readings() {
            if let Rule::Combine(_, parts) = rule {
                parts.iter().for_each(|part| self.requirement(*part, own));
            }
            timelines.extend(self.reading(index, requirement, reading, rule, own));
        }
        own[index] = Some(timelines);
    }

    fn reading(
        &self,
        index: usize,
        requirement: &Requirement,
        reading: &str,
        rule: &Rule,
        own: &[Option<Vec<Timeline>>],
    ) -> Vec<Timeline> {
        let mut timelines = match rule {
            Rule::Count(rule) => self.count(index, reading, rule),
            Rule::Combine(combination, parts) => {
                let steps = parts.iter().filter_map(|part| own[*part].as_ref()).map(|timelines| &timelines[0].steps);
                let Combined { steps, required } = combined(*combination, steps);
                vec![timeline(index, reading, None, required, steps)]
            }
            Rule::Attested(rule) => {
                let bounds = attested(self.views, &self.checklist.program, rule, self.partner);
                vec![timeline(index, reading, None, rule.at_least, with_status(&bounds, rule.at_least))]
            }
        };
        if !requirement.applies_when.is_empty() || !requirement.waived_when.is_empty() {
            timelines[0].steps = self.with_conditions(requirement, &timelines[0].steps);
        }
        timelines
    }

    fn with_conditions(&self, requirement: &Requirement, steps: &Steps<Outcome>) -> Steps<Outcome> {
        let any = |indices: &[usize]| {
            indices
                .iter()
                .fold(Steps::constant(Truth::False), |any, index| any.zip(&self.conditions[*index], |a, b| a.or(*b)))
        };
        let applies = match requirement.applies_when.as_slice() {
            [] => Steps::constant(Truth::True),
            indices => any(indices),
        };
        let gates = applies.zip(&any(&requirement.waived_when), |applies, waived| (*applies, *waived));
        steps.zip(&gates, |outcome, (applies, waived)| Outcome {
            status: combine(outcome.status, *applies, *waived),
            ..*outcome
        })
    }

    fn count(&self, index: usize, reading: &str, rule: &CountRule) -> Vec<Timeline> {
        let is_sum = matches!(rule.unit, aceq_checklist::Unit::Sum(_));
        let counted = |extra: &[Term], at_least| {
            let Counted { bounds, flagged } = count(self.views, rule, extra, self.partner);
            (with_status(&bounds, at_least), flagged)
        };
        let make = |member: Option<&str>, required, (steps, flagged)| Timeline {
            is_sum,
            flagged: Some(flagged),
            ..timeline(index, reading, member, required, steps)
        };
        let members = |list: &[aceq_checklist::Member]| -> Vec<Timeline> {
            list.iter().map(|m| make(Some(&m.id), m.at_least, counted(&m.terms, m.at_least))).collect()
        };
        match &rule.members {
            Members::None => vec![make(None, rule.at_least, counted(&[], rule.at_least))],
            Members::OfWhich(list) => {
                let members = members(list);
                let mut main = make(None, rule.at_least, counted(&[], rule.at_least));
                for member in &members {
                    main.steps = main
                        .steps
                        .zip(&member.steps, |own, member| Outcome { status: both(own.status, member.status), ..*own });
                }
                std::iter::once(main).chain(members).collect()
            }
            Members::Each { members: list, unnamed } => {
                let members = members(list);
                let main = each(index, reading, &members, *unnamed);
                std::iter::once(main).chain(members).collect()
            }
        }
    }
}

/// The row of an `each`: how many values reach their minimum.
fn each(index: usize, reading: &str, members: &[Timeline], unnamed: u32) -> Timeline {
    let Combined { steps, required } = combined(Combination::All, members.iter().map(|member| &member.steps));
    let required = required + i64::from(unnamed) * 100;
    let bounds =
        steps.map(|outcome| Bounds { possible: outcome.bounds.possible.filter(|_| unnamed == 0), ..outcome.bounds });
    timeline(index, reading, None, required, with_status(&bounds, required))
}

fn combined<'s>(combination: Combination, parts: impl Iterator<Item = &'s Steps<Outcome>>) -> Combined {
    let mut bounds = Steps::constant((0i64, 0i64));
    let mut count = 0i64;
    for part in parts {
        count += 1;
        bounds = bounds.zip(part, |(yes, not_no), outcome| match outcome.status.satisfied() {
            Some(true) => (yes + 100, not_no + 100),
            None => (*yes, not_no + 100),
            Some(false) => (*yes, *not_no),
        });
    }
    let required = match combination {
        Combination::All => count * 100,
        Combination::Any => 100,
        Combination::AtLeast(number) => i64::from(number) * 100,
    };
    let bounds = bounds.map(|(yes, not_no)| Bounds { confirmed: *yes, possible: Some(*not_no) });
    Combined { steps: with_status(&bounds, required), required }
}

/// Whether at least one row fulfils the condition, for every date.
pub(crate) fn condition(views: &Views, condition: &Condition, partner: usize) -> Steps<Truth> {
    match views.table(condition.table) {
        None => Steps::constant(Truth::Unknown),
        Some(view) => Rows::new(view, &condition.terms, condition.window).any(view.range(partner)),
    }
}

fn with_status(bounds: &Steps<Bounds>, required: i64) -> Steps<Outcome> {
    bounds.map(|bounds| Outcome { bounds: *bounds, status: bounds.status(required) })
}

fn both(a: Status, b: Status) -> Status {
    match (a.satisfied(), b.satisfied()) {
        (Some(false), _) | (_, Some(false)) => Status::NotMet,
        (Some(true), Some(true)) => Status::Met,
        _ => Status::Unknown,
    }
}

fn timeline(index: usize, reading: &str, member: Option<&str>, required: i64, steps: Steps<Outcome>) -> Timeline {
    Timeline {
        requirement: Some(index),
        reading: reading.to_owned(),
        member: member.map(str::to_owned),
        required,
        is_sum: false,
        steps,
        flagged: None,
    }
}
