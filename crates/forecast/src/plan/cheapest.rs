//! The cheapest plans over all ways of settling the hubs.

use super::branch::{Branch, Search};
use super::hubs::hubs;
use super::island::Folding;
use super::{Chosen, Listed, MOST_POINTS, NotProven, PlanLimits, PlanProblem, Plans, Preference, holds};
use std::cmp::Ordering;

/// The cheapest plans of a problem that can be met, and is not.
pub(super) fn cheapest(problem: &PlanProblem, limits: &PlanLimits, folding: &Folding) -> Result<Plans, NotProven> {
    let search = Search { problem, unit: unit(problem)?, limits, folding };
    let hubs = hubs(problem, folding);
    let mut best: Vec<Branch> = vec![];
    for doing in 0..1u32 << hubs.len() {
        let (done, left) = split(&hubs, |hub| doing >> hub & 1 == 1);
        let most = best.first().map(|branch| branch.cost);
        let Some(branch) = search.branch(&done, &left, most)? else { continue };
        best.retain(|other| other.cost <= branch.cost);
        best.push(branch);
    }
    best.sort_by(Branch::preferred);
    plans(&search, &best)
}

/// Those at positions that are done, and the others; each ascending.
fn split(hubs: &[usize], is_done: impl Fn(usize) -> bool) -> (Vec<usize>, Vec<usize>) {
    let (mut done, mut left) = (vec![], vec![]);
    for (position, hub) in hubs.iter().enumerate() {
        if is_done(position) { done.push(*hub) } else { left.push(*hub) }
    }
    done.sort_unstable();
    left.sort_unstable();
    (done, left)
}

/// The points in which costs are counted, if the solver can tell them apart.
fn unit(problem: &PlanProblem) -> Result<u64, NotProven> {
    let unit = problem.actions.iter().map(|action| u64::from(action.cost)).fold(0, gcd).max(1);
    let total = problem.actions.iter().map(|action| u64::from(action.cost) / unit).sum();
    if total > MOST_POINTS { Err(NotProven::Costs { total }) } else { Ok(unit) }
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The plans of the branches that cost least, the preferred branch first.
fn plans(search: &Search<'_>, best: &[Branch]) -> Result<Plans, NotProven> {
    let most = search.limits.alternatives.max(1);
    let (mut chosen, mut listed): (Vec<Chosen>, Listed) = (vec![], Listed::All);
    for branch in best {
        let (of_branch, all) = search.equals(branch)?;
        chosen.extend(of_branch);
        listed = listed.worse(all);
    }
    let first = chosen.first().cloned().unwrap_or_default();
    chosen.retain(|chosen| *chosen == first || !could_do_without(search.problem, &chosen.actions));
    if chosen.len() > most {
        listed = listed.worse(Listed::Some);
    }
    // Where the order is proven the first comes first by itself; where it is not, it may even have a free action too many.
    chosen.sort_by(|a, b| (*b == first).cmp(&(*a == first)).then_with(|| a.preferred(b)));
    chosen.truncate(most);
    let preference = if best.iter().all(Branch::is_proven) { Preference::Proven } else { Preference::Unproven };
    let sound = !chosen.is_empty() && chosen.iter().all(|chosen| holds(search.problem, &chosen.actions));
    if sound { Ok(Plans { cost: best[0].cost, best: chosen, preference, listed }) } else { Err(NotProven::Solver) }
}

/// Whether the goal holds without some free action of a plan.
fn could_do_without(problem: &PlanProblem, actions: &[usize]) -> bool {
    let free = actions.iter().filter(|action| problem.actions[**action].cost == 0);
    free.into_iter().any(|free| {
        let rest: Vec<usize> = actions.iter().copied().filter(|action| action != free).collect();
        holds(problem, &rest)
    })
}

impl Chosen {
    fn preferred(&self, other: &Self) -> Ordering {
        self.actions.len().cmp(&other.actions.len()).then_with(|| self.actions.cmp(&other.actions))
    }
}

impl Listed {
    /// What is known of two lists together.
    pub(super) fn worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Some, _) | (_, Self::Some) => Self::Some,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            _ => Self::All,
        }
    }
}
