//! The goal as the solver is asked it: rows of units to be gained, and a tree over them without what is settled.
//!
//! ```text
//!  All[Count 0, Action 5, Action 7, AtLeast 2 [Action 8, Action 9, Action 10], Always, Any[Never, Count 1]]
//!   ──▶ All[row: 2 more of count 0, row: 2 of {5}, {7}, row: 2 of {8}, {9}, {10}, row: 1 more of count 1]
//! ```
//!
//! Actions side by side become units of one row, so that they fold like deals do.

use super::{PlanCount, PlanGoal, PlanProblem};

/// Units to be gained.
#[derive(Clone, Debug)]
pub(super) struct Row {
    /// How many, at least one and at most all.
    pub(super) need: usize,
    /// Their ways: sorted, none empty, none of them with all actions of another.
    pub(super) units: Vec<Vec<Vec<usize>>>,
}

/// What must hold of the rows.
#[derive(Clone, Debug)]
pub(super) enum Need {
    /// The row at this position has what it needs.
    Row(usize),
    /// At least so many hold; more than none, and no more than there are.
    Some(usize, Vec<Need>),
}

impl Need {
    /// Whether it holds, from whether each row has what it needs.
    pub(super) fn holds(&self, reached: &[bool]) -> bool {
        match self {
            Self::Row(row) => reached[*row],
            Self::Some(least, parts) => parts.iter().filter(|part| part.holds(reached)).count() >= *least,
        }
    }
}

/// What is left to ask of a goal.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    /// Nothing: it holds without any action.
    Nothing,
    /// Nothing: it does not hold with all of them.
    TooMuch,
    /// These rows.
    Rows(Vec<Row>, Need),
}

/// A part of the goal.
enum Part {
    /// Holds without any action.
    Met,
    /// Does not hold with all of them.
    Unreachable,
    /// Depends on them.
    Open(Need),
}

impl Asked {
    /// The goal of a problem.
    pub(super) fn new(problem: &PlanProblem) -> Self {
        let mut reading = Reading { problem, rows: vec![], of_count: vec![None; problem.counts.len()] };
        match reading.part(&problem.goal) {
            Part::Open(need) => Self::Rows(reading.rows, need),
            Part::Met => Self::Nothing,
            Part::Unreachable => Self::TooMuch,
        }
    }
}

struct Reading<'a> {
    problem: &'a PlanProblem,
    rows: Vec<Row>,
    /// The row of each count that has been read.
    of_count: Vec<Option<usize>>,
}

impl Reading<'_> {
    fn part(&mut self, goal: &PlanGoal) -> Part {
        match goal {
            PlanGoal::Always => Part::Met,
            PlanGoal::Never => Part::Unreachable,
            PlanGoal::Count(count) => self.count(*count),
            PlanGoal::Action(action) => self.actions(1, vec![*action]),
            PlanGoal::All(parts) => self.some(parts.len(), parts),
            PlanGoal::Any(parts) => self.some(1, parts),
            PlanGoal::AtLeast(least, parts) => self.some(*least, parts),
        }
    }

    fn count(&mut self, count: usize) -> Part {
        if let Some(row) = self.of_count.get(count).copied().flatten() {
            return Part::Open(Need::Row(row));
        }
        let Some(counted) = self.problem.counts.get(count) else { return Part::Unreachable };
        let part = self.row(row_of(counted, self.problem.actions.len()));
        if let Part::Open(Need::Row(row)) = &part {
            self.of_count[count] = Some(*row);
        }
        part
    }

    /// At least so many of these actions.
    fn actions(&mut self, least: usize, actions: Vec<usize>) -> Part {
        let exist = actions.into_iter().filter(|action| *action < self.problem.actions.len());
        self.row((least as i64, exist.map(|action| vec![vec![action]]).collect()))
    }

    fn row(&mut self, (need, units): (i64, Vec<Vec<Vec<usize>>>)) -> Part {
        match usize::try_from(need) {
            Err(_) | Ok(0) => Part::Met,
            Ok(need) if need > units.len() => Part::Unreachable,
            Ok(need) => {
                self.rows.push(Row { need, units });
                Part::Open(Need::Row(self.rows.len() - 1))
            }
        }
    }

    fn some(&mut self, least: usize, goals: &[PlanGoal]) -> Part {
        let mut open = vec![];
        let mut least = least;
        let (actions, others): (Vec<_>, Vec<_>) = goals.iter().partition(|goal| matches!(goal, PlanGoal::Action(_)));
        let actions: Vec<usize> = actions.into_iter().filter_map(action_of).collect();
        let together = self.together(least, goals.len(), actions, &others);
        let others = others.into_iter().map(|goal| (1, self.part(goal)));
        for part in together.into_iter().chain(others) {
            match part {
                (worth, Part::Met) => least = least.saturating_sub(worth),
                (_, Part::Unreachable) => {}
                (worth, Part::Open(need)) => open.push((worth, need)),
            }
        }
        combined(least, open)
    }

    /// The actions among the parts, as one part where that says the same, and how many parts it stands for.
    fn together(
        &mut self,
        least: usize,
        parts: usize,
        actions: Vec<usize>,
        others: &[&PlanGoal],
    ) -> Vec<(usize, Part)> {
        let worth = actions.len();
        if actions.is_empty() {
            vec![]
        } else if least == parts {
            vec![(worth, self.actions(worth, actions))]
        } else if least == 1 {
            vec![(1, self.actions(1, actions))]
        } else if others.is_empty() {
            vec![(least, self.actions(least, actions))]
        } else {
            actions.into_iter().map(|action| (1, self.actions(1, vec![action]))).collect()
        }
    }
}

fn action_of(goal: &PlanGoal) -> Option<usize> {
    match goal {
        PlanGoal::Action(action) => Some(*action),
        _ => None,
    }
}

/// Parts of which enough must hold that their worth adds up to `least`. A part worth more than one is only asked for
/// where all must hold, or where it stands alone.
fn combined(least: usize, mut open: Vec<(usize, Need)>) -> Part {
    let all: usize = open.iter().map(|(worth, _)| worth).sum();
    if least == 0 {
        return Part::Met;
    }
    if least > all {
        return Part::Unreachable;
    }
    if open.len() == 1 {
        return open.pop().map_or(Part::Met, |(_, need)| Part::Open(need));
    }
    let least = if least == all { open.len() } else { least };
    Part::Open(Need::Some(least, open.into_iter().map(|(_, need)| need).collect()))
}

/// The units of a count that are still needed, and the units that can come.
fn row_of(count: &PlanCount, actions: usize) -> (i64, Vec<Vec<Vec<usize>>>) {
    let units: Vec<Vec<Vec<usize>>> = count.units.iter().map(|unit| clean(&unit.ways, actions)).collect();
    let counting = units.iter().filter(|ways| ways.iter().any(Vec::is_empty)).count() as i64;
    let need = count.required.saturating_sub(count.certain).saturating_sub(counting);
    (need, units.into_iter().filter(|ways| !ways.is_empty() && ways.iter().all(|way| !way.is_empty())).collect())
}

/// The ways that can be completed and need not more than another way does, sorted.
fn clean(ways: &[Vec<usize>], actions: usize) -> Vec<Vec<usize>> {
    let mut sorted: Vec<Vec<usize>> =
        ways.iter().filter(|way| way.iter().all(|action| *action < actions)).cloned().collect();
    for way in &mut sorted {
        way.sort_unstable();
        way.dedup();
    }
    sorted.sort_by(|a, b| a.len().cmp(&b.len()).then_with(|| a.cmp(b)));
    let mut kept: Vec<Vec<usize>> = vec![];
    for way in sorted {
        let within = |short: &Vec<usize>| short.iter().all(|action| way.binary_search(action).is_ok());
        if !kept.iter().any(within) {
            kept.push(way);
        }
    }
    kept.sort_unstable();
    kept
}
