//! The cheapest plans over all ways of settling the hubs.

use super::alike::{Folded, Settled};
use super::equal::{could_do_without, others};
use super::first::{Asker, Trouble};
use super::goal::Asked;
use super::hubs::{hubs, settled};
use super::island::Folding;
use super::{Chosen, Listed, MOST_POINTS, NotProven, PlanLimits, PlanProblem, Plans, Preference, holds};
use std::cmp::Ordering;

/// A problem with its hubs settled, and the preferred plan of it.
struct Branch {
    problem: PlanProblem,
    /// Hubs that are done, ascending.
    hubs: Vec<usize>,
    /// What is left to ask; `None` where the hubs do.
    folded: Option<Folded>,
    plan: Settled,
    preference: Preference,
    cost: u64,
    /// Ascending, hubs included.
    actions: Vec<usize>,
}

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
    search.plans(&best)
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

/// What stays the same over all branches.
struct Search<'a> {
    problem: &'a PlanProblem,
    unit: u64,
    limits: &'a PlanLimits,
    folding: &'a Folding,
}

impl Search<'_> {
    /// The preferred plan with some hubs done and the others left; `None` where none costs so little.
    fn branch(&self, done: &[usize], left: &[usize], most: Option<u64>) -> Result<Option<Branch>, NotProven> {
        let all_done = done.iter().fold(self.problem.clone(), |rest, hub| settled(&rest, *hub, true));
        let rest = left.iter().fold(all_done, |rest, hub| settled(&rest, *hub, false));
        let most = match most.map(|most| most.checked_sub(self.cost(done))) {
            Some(None) => return Ok(None),
            most => most.flatten(),
        };
        let (folded, (plan, preference)) = match Asked::new(&rest) {
            Asked::TooMuch => return Ok(None),
            Asked::Nothing => (None, (Settled::default(), Preference::Proven)),
            Asked::Rows(rows, need) => {
                let folded = Folded::new(&rows, need, &self.problem.actions, self.folding);
                let plan = self.asker(&rest, &folded).first(most);
                let plan = plan.map_err(|trouble| self.not_proven(trouble, &folded, done))?;
                let Some(plan) = plan else { return Ok(None) };
                (Some(folded), plan)
            }
        };
        let mut actions: Vec<usize> =
            folded.iter().flat_map(|folded| folded.actions(&plan)).chain(done.to_vec()).collect();
        actions.sort_unstable();
        let (cost, hubs) = (self.cost(&actions), done.to_vec());
        Ok(Some(Branch { problem: rest, hubs, folded, plan, preference, cost, actions }))
    }

    fn asker<'a>(&self, problem: &'a PlanProblem, folded: &'a Folded) -> Asker<'a> {
        Asker { problem, folded, unit: self.unit, nodes: self.limits.nodes }
    }

    fn cost(&self, actions: &[usize]) -> u64 {
        actions.iter().map(|action| u64::from(self.problem.actions[*action].cost)).sum()
    }

    /// The trouble of a branch, with what it found for the whole problem.
    fn not_proven(&self, trouble: Trouble, folded: &Folded, hubs: &[usize]) -> NotProven {
        let Trouble::Nodes(found) = trouble else { return NotProven::Solver };
        let mut found: Vec<usize> = found.iter().flat_map(|plan| folded.actions(plan)).chain(hubs.to_vec()).collect();
        found.sort_unstable();
        let everything = || (0..self.problem.actions.len()).collect();
        NotProven::Nodes { holds: if holds(self.problem, &found) { found } else { everything() } }
    }

    /// The plans of the branches that cost least, the preferred branch first.
    fn plans(&self, best: &[Branch]) -> Result<Plans, NotProven> {
        let most = self.limits.alternatives.max(1);
        let (mut chosen, mut listed): (Vec<Chosen>, Listed) = (vec![], Listed::All);
        for (index, branch) in best.iter().enumerate() {
            if index == 0 || !could_do_without(self.problem, &branch.actions) {
                chosen.push(branch.chosen(&branch.plan));
            }
            listed = listed.worse(self.others(branch, most, &mut chosen)?);
        }
        if chosen.len() > most {
            listed = listed.worse(Listed::Some);
        }
        chosen[1..].sort_by(Chosen::preferred);
        chosen.truncate(most);
        let sound = chosen.iter().all(|chosen| holds(self.problem, &chosen.actions));
        let proven = best.iter().all(|branch| branch.preference == Preference::Proven);
        let preference = if proven { Preference::Proven } else { Preference::Unproven };
        if sound { Ok(Plans { cost: best[0].cost, best: chosen, preference, listed }) } else { Err(NotProven::Solver) }
    }

    /// Adds the other plans of a branch, up to so many in all.
    fn others(&self, branch: &Branch, most: usize, chosen: &mut Vec<Chosen>) -> Result<Listed, NotProven> {
        let Some(folded) = &branch.folded else { return Ok(Listed::All) };
        let idle = |actions: &[usize]| {
            let whole: Vec<usize> = actions.iter().chain(&branch.hubs).copied().collect();
            could_do_without(self.problem, &whole)
        };
        let most = most.saturating_sub(chosen.len());
        let asker = self.asker(&branch.problem, folded);
        let found = others(&asker, &branch.plan, most, idle);
        let (others, listed) = found.map_err(|trouble| self.not_proven(trouble, folded, &branch.hubs))?;
        chosen.extend(others.iter().map(|plan| branch.chosen(plan)));
        Ok(listed)
    }
}

impl Branch {
    fn preferred(&self, other: &Self) -> Ordering {
        let order = |branch: &Self| (branch.cost, branch.actions.len());
        order(self).cmp(&order(other)).then_with(|| self.actions.cmp(&other.actions))
    }

    fn chosen(&self, plan: &Settled) -> Chosen {
        let mut chosen = self.folded.as_ref().map(|folded| folded.chosen(plan)).unwrap_or_default();
        for actions in [&mut chosen.actions, &mut chosen.fixed] {
            actions.extend(&self.hubs);
            actions.sort_unstable();
        }
        chosen
    }
}

impl Chosen {
    fn preferred(&self, other: &Self) -> Ordering {
        self.actions.len().cmp(&other.actions.len()).then_with(|| self.actions.cmp(&other.actions))
    }
}

impl Listed {
    fn worse(self, other: Self) -> Self {
        match (self, other) {
            (Self::Some, _) | (_, Self::Some) => Self::Some,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            _ => Self::All,
        }
    }
}
