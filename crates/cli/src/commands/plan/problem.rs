//! From candidates and costs to the problem that is solved, and from its solution back to rows.

use super::costs::Costs;
use crate::rules::Assigned;
use aceq_checklist::Role;
use aceq_forecast::{
    Chosen, PlanAction, PlanCount, PlanGoal, PlanLimits, PlanProblem, PlanUnit, Planned, Preference, holds, plan,
};
use aceq_metrics::{CandidateGoal, CandidateRow, Candidates, Deed};
use aceq_model::Status;
use std::collections::BTreeSet;

/// The problem of one partner.
pub struct Problem<'p> {
    candidates: &'p Candidates,
    /// The deeds that can be done, and for each what it costs.
    deeds: Vec<(&'p Deed, u32)>,
    problem: PlanProblem,
    /// Required rows that nothing of what can be done would satisfy.
    unreachable: Vec<&'p CandidateRow>,
    /// Program and id of what the checklists stand on.
    required: BTreeSet<(&'p str, &'p str)>,
}

/// What is done, and what it leads to.
pub enum Solved {
    /// The cheapest plan first.
    Plans {
        /// The plans.
        best: Vec<Chosen>,
        /// Whether there are plans that are not among them.
        others: Others,
        /// Whether the first is known to be the preferred one among equals.
        preference: Preference,
    },
    /// Nothing has to be done.
    Already,
    /// The cheapest plan could not be found for certain.
    NotProven(String),
}

/// Plans of the same cost that are not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Others {
    /// There are none.
    None,
    /// There are, or there may be.
    Some,
}

impl<'p> Problem<'p> {
    /// The problem of making all checklists of `assigned` met.
    pub fn new(candidates: &'p Candidates, assigned: &[Assigned<'_>], costs: &Costs) -> Self {
        let mut deeds = Vec::new();
        let mut places = Vec::new();
        for deed in &candidates.deeds {
            places.push(costs.of(deed).map(|cost| {
                deeds.push((deed, cost));
                deeds.len() - 1
            }));
        }
        let way = |way: &Vec<usize>| way.iter().map(|deed| places[*deed]).collect::<Option<Vec<usize>>>();
        let unit = |unit: &Vec<Vec<usize>>| PlanUnit { ways: unit.iter().filter_map(way).collect() };
        let counts = candidates.counts.iter().map(|count| PlanCount {
            required: count.required,
            certain: count.certain,
            units: count.units.iter().map(unit).filter(|unit| !unit.ways.is_empty()).collect(),
        });
        let actions = deeds.iter().map(|(deed, cost)| PlanAction { cost: *cost, group: deed.kind as u32 }).collect();
        let mut problem = PlanProblem { actions, counts: counts.collect(), goal: PlanGoal::Always };
        let everything: Vec<usize> = (0..problem.actions.len()).collect();
        let (mut goals, mut unreachable) = (Vec::new(), Vec::new());
        let mut required = BTreeSet::new();
        for row in candidates.rows.iter().filter(|row| is_required(row, assigned)) {
            required.insert((row.key.program.as_str(), row.key.requirement_id.as_str()));
            problem.goal = goal(&row.goal);
            match holds(&problem, &everything) {
                true => goals.push(problem.goal.clone()),
                false => unreachable.push(row),
            }
        }
        problem.goal = PlanGoal::All(goals);
        Self { candidates, deeds, problem, unreachable, required }
    }

    /// The cheapest plans, `alternatives` of them at most.
    pub fn solve(&self, alternatives: usize) -> Solved {
        match plan(&self.problem, &PlanLimits { alternatives, ..PlanLimits::default() }) {
            Planned::Already => Solved::Already,
            Planned::Plans(plans) => Solved::Plans {
                others: if plans.listed == aceq_forecast::Listed::All { Others::None } else { Others::Some },
                preference: plans.preference,
                best: plans.best,
            },
            Planned::Impossible { .. } => Solved::NotProven("nothing that can be done meets it".to_owned()),
            Planned::NotProven(why) => Solved::NotProven(format!("the cheapest plan could not be found: {why:?}")),
        }
    }

    /// The deed behind an action, and its cost.
    pub fn deed(&self, action: usize) -> (&'p Deed, u32) {
        self.deeds[action]
    }

    /// Every row of the checklists.
    pub fn rows(&self) -> &'p [CandidateRow] {
        &self.candidates.rows
    }

    /// Required rows that nothing of what can be done would satisfy.
    pub fn unreachable(&self) -> &[&'p CandidateRow] {
        &self.unreachable
    }

    /// Whether a checklist stands on the row.
    pub fn is_required(&self, row: &CandidateRow) -> bool {
        self.required.contains(&(row.key.program.as_str(), row.key.requirement_id.as_str()))
    }

    /// Status and confirmed count (hundredths) of a row once the actions are done.
    pub fn after(&self, row: &CandidateRow, actions: &[usize]) -> (Status, i64) {
        let problem = PlanProblem { goal: goal(&row.goal), ..self.problem.clone() };
        let satisfied = row.status.satisfied() == Some(true);
        let status = if !satisfied && holds(&problem, actions) { Status::Met } else { row.status };
        let confirmed = row.count.map_or(row.confirmed, |count| 100 * self.reached(count, actions));
        (status, if satisfied { row.confirmed } else { confirmed })
    }

    fn reached(&self, count: usize, actions: &[usize]) -> i64 {
        let done: BTreeSet<usize> = actions.iter().copied().collect();
        let count = &self.problem.counts[count];
        let comes = |unit: &&PlanUnit| unit.ways.iter().any(|way| way.iter().all(|action| done.contains(action)));
        count.certain + count.units.iter().filter(comes).count() as i64
    }

    /// Requirements that an action serves: those whose own count or members it can raise.
    pub fn serves(&self, action: usize) -> Vec<String> {
        let raises = |count: usize| {
            self.problem.counts[count].units.iter().flat_map(|unit| &unit.ways).any(|way| way.contains(&action))
        };
        let mut ids: Vec<String> = Vec::new();
        for row in self.rows().iter().filter(|row| row.key.requirement_id != "*") {
            let mut counts = Vec::new();
            counts_of(&row.goal, &mut counts);
            let own = row.count.is_some() || !counts.is_empty();
            if own && counts.into_iter().any(raises) {
                let several = self.rows().iter().any(|other| other.key.program != row.key.program);
                let id = &row.key.requirement_id;
                ids.push(if several { format!("{} {id}", row.key.program) } else { id.clone() });
            }
        }
        ids
    }
}

fn counts_of(goal: &CandidateGoal, into: &mut Vec<usize>) {
    match goal {
        CandidateGoal::Always | CandidateGoal::Never => {}
        CandidateGoal::Count(count) => into.push(*count),
        CandidateGoal::AtLeast(_, parts) => parts.iter().for_each(|part| counts_of(part, into)),
    }
}

fn is_required(row: &CandidateRow, assigned: &[Assigned<'_>]) -> bool {
    let checklist = assigned.iter().map(|one| one.checklist).find(|one| one.program == row.key.program);
    let requirement = checklist.and_then(|checklist| checklist.requirement(&row.key.requirement_id));
    requirement.is_some_and(|requirement| requirement.role == Role::Required)
}

fn goal(goal_of_row: &CandidateGoal) -> PlanGoal {
    match goal_of_row {
        CandidateGoal::Always => PlanGoal::Always,
        CandidateGoal::Never => PlanGoal::Never,
        CandidateGoal::Count(count) => PlanGoal::Count(*count),
        CandidateGoal::AtLeast(least, parts) => PlanGoal::AtLeast(*least, parts.iter().map(goal).collect()),
    }
}
