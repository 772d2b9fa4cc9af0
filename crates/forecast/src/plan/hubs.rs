//! Actions that tie many units together, settled one way or the other so that the rest falls apart.
//!
//! ```text
//!  unit 1: [0 and 9]   9 done     unit 1: [0]        9 left    unit 1: never
//!  unit 2: [1 and 9]   ───▶       unit 2: [1]        ───▶      unit 2: never
//!  unit 3: [2]                    unit 3: [2]                  unit 3: [2]
//! ```

use super::goal::Asked;
use super::island::{Folding, Island, islands};
use super::{PlanAction, PlanGoal, PlanProblem};

/// The actions to settle: none where everything folds without, or where these would not be enough.
pub(super) fn hubs(problem: &PlanProblem, folding: &Folding) -> Vec<usize> {
    let (mut hubs, mut rest) = (vec![], problem.clone());
    loop {
        let Asked::Rows(rows, _) = Asked::new(&rest) else { return hubs };
        let all = islands(&rows, rest.actions.len());
        let entangled = all.iter().find(|island| island.choices(&rest.actions, folding).is_none());
        let Some(entangled) = entangled else { return hubs };
        if hubs.len() == folding.hubs {
            return vec![];
        }
        let Some(hub) = hub(entangled, &rest.actions) else { return vec![] };
        rest = settled(&rest, hub, true);
        hubs.push(hub);
    }
}

/// The action in most units; the first of equals. A free one is none: which of several ways are plans that need it depends
/// on the way, and so the ways of a branch in which it is done would not be alike.
fn hub(island: &Island, actions: &[PlanAction]) -> Option<usize> {
    let paid = island.actions.iter().filter(|action| actions[**action].cost > 0);
    let mut units: Vec<(usize, usize)> = paid.map(|action| (*action, 0)).collect();
    for (_, ways) in &island.units {
        for (action, units) in &mut units {
            *units += usize::from(ways.iter().any(|way| way.contains(action)));
        }
    }
    units.iter().rev().max_by_key(|(_, units)| *units).map(|(action, _)| *action)
}

/// The problem once an action is done, or left.
pub(super) fn settled(problem: &PlanProblem, hub: usize, done: bool) -> PlanProblem {
    let mut problem = problem.clone();
    for unit in problem.counts.iter_mut().flat_map(|count| &mut count.units) {
        if done {
            unit.ways.iter_mut().for_each(|way| way.retain(|action| *action != hub));
        } else {
            unit.ways.retain(|way| !way.contains(&hub));
        }
    }
    problem.goal = goal(&problem.goal, hub, done);
    problem
}

fn goal(of: &PlanGoal, hub: usize, done: bool) -> PlanGoal {
    let parts = |parts: &[PlanGoal]| parts.iter().map(|part| goal(part, hub, done)).collect();
    match of {
        PlanGoal::Action(action) if *action == hub && done => PlanGoal::Always,
        PlanGoal::Action(action) if *action == hub => PlanGoal::Never,
        PlanGoal::All(of) => PlanGoal::All(parts(of)),
        PlanGoal::Any(of) => PlanGoal::Any(parts(of)),
        PlanGoal::AtLeast(least, of) => PlanGoal::AtLeast(*least, parts(of)),
        PlanGoal::Always | PlanGoal::Never | PlanGoal::Count(_) | PlanGoal::Action(_) => of.clone(),
    }
}
