//! Whether a goal holds once some actions are done, in whole numbers: what every answer of the solver is held against.

use super::{PlanCount, PlanGoal, PlanProblem};

/// Whether the goal of `problem` holds once the actions `chosen` are done. Their order and repetitions are of no matter.
pub fn holds(problem: &PlanProblem, chosen: &[usize]) -> bool {
    let done = Done::new(problem, chosen);
    done.holds(&problem.goal)
}

/// A problem with some actions done.
pub(super) struct Done<'a> {
    problem: &'a PlanProblem,
    done: Vec<bool>,
}

impl<'a> Done<'a> {
    pub(super) fn new(problem: &'a PlanProblem, chosen: &[usize]) -> Self {
        let mut done = vec![false; problem.actions.len()];
        for action in chosen {
            if let Some(done) = done.get_mut(*action) {
                *done = true;
            }
        }
        Self { problem, done }
    }

    pub(super) fn holds(&self, goal: &PlanGoal) -> bool {
        match goal {
            PlanGoal::Always => true,
            PlanGoal::Never => false,
            PlanGoal::Count(count) => {
                self.problem.counts.get(*count).is_some_and(|count| self.reached(count) >= count.required)
            }
            PlanGoal::Action(action) => self.is_done(*action),
            PlanGoal::All(parts) => parts.iter().all(|part| self.holds(part)),
            PlanGoal::Any(parts) => parts.iter().any(|part| self.holds(part)),
            PlanGoal::AtLeast(least, parts) => parts.iter().filter(|part| self.holds(part)).count() >= *least,
        }
    }

    /// Units of a count that count.
    pub(super) fn reached(&self, count: &PlanCount) -> i64 {
        let complete = |way: &Vec<usize>| way.iter().all(|action| self.is_done(*action));
        let reached = count.units.iter().filter(|unit| unit.ways.iter().any(complete)).count();
        count.certain.saturating_add(reached as i64)
    }

    fn is_done(&self, action: usize) -> bool {
        self.done.get(action).copied().unwrap_or(false)
    }
}
