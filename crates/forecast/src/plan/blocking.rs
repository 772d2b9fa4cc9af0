//! What no set of actions can meet.

use super::hold::Done;
use super::{PlanGoal, PlanProblem};

/// A part of a goal that does not hold though every action is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blocking {
    /// The way to it from the top of the goal: the position among the parts at each level. Empty for the goal itself.
    pub path: Vec<usize>,
    /// Why it does not hold.
    pub obstacle: Obstacle,
}

/// Why a part of a goal cannot hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It is [`PlanGoal::Never`].
    Never,
    /// It names a count or an action that does not exist.
    Absent,
    /// A count stays short.
    Count {
        /// Its position.
        count: usize,
        /// What it reaches once everything is done.
        reachable: i64,
        /// What is required.
        required: i64,
    },
    /// More parts must hold than there are.
    Parts {
        /// How many must hold.
        least: usize,
        /// How many there are.
        parts: usize,
    },
}

/// The lowest parts that keep a goal from holding, in the order of the goal. Where some of several parts must hold, all
/// that do not are listed: any of them may be the one to work on.
pub(super) fn blocking(problem: &PlanProblem) -> Vec<Blocking> {
    let everything: Vec<usize> = (0..problem.actions.len()).collect();
    let mut search = Search { problem, done: Done::new(problem, &everything), found: vec![], path: vec![] };
    search.look(&problem.goal);
    search.found
}

struct Search<'a> {
    problem: &'a PlanProblem,
    done: Done<'a>,
    found: Vec<Blocking>,
    path: Vec<usize>,
}

impl Search<'_> {
    fn look(&mut self, goal: &PlanGoal) {
        if self.done.holds(goal) {
            return;
        }
        match goal {
            PlanGoal::Always => {}
            PlanGoal::Never => self.found(Obstacle::Never),
            PlanGoal::Action(_) => self.found(Obstacle::Absent),
            PlanGoal::Count(count) => self.found(self.short(*count)),
            PlanGoal::All(parts) => self.look_at_parts(parts.len(), parts),
            PlanGoal::Any(parts) => self.look_at_parts(1, parts),
            PlanGoal::AtLeast(least, parts) => self.look_at_parts(*least, parts),
        }
    }

    fn look_at_parts(&mut self, least: usize, parts: &[PlanGoal]) {
        if least > parts.len() {
            return self.found(Obstacle::Parts { least, parts: parts.len() });
        }
        for (index, part) in parts.iter().enumerate() {
            self.path.push(index);
            self.look(part);
            self.path.pop();
        }
    }

    fn short(&self, count: usize) -> Obstacle {
        let Some(counted) = self.problem.counts.get(count) else { return Obstacle::Absent };
        Obstacle::Count { count, reachable: self.done.reached(counted), required: counted.required }
    }

    fn found(&mut self, obstacle: Obstacle) {
        self.found.push(Blocking { path: self.path.clone(), obstacle });
    }
}
