//! A problem with its hubs settled, and what is the least of it.

use super::alike::{Folded, Settled};
use super::apart::apart;
use super::equal::others;
use super::first::{Asker, Trouble};
use super::goal::Asked;
use super::hubs::settled;
use super::island::Folding;
use super::{Chosen, Listed, NotProven, PlanLimits, PlanProblem, Preference, holds};
use std::cmp::Ordering;

/// What stays the same over all branches.
pub(super) struct Search<'a> {
    pub(super) problem: &'a PlanProblem,
    /// Points in which costs are counted.
    pub(super) unit: u64,
    pub(super) limits: &'a PlanLimits,
    pub(super) folding: &'a Folding,
}

/// A branch with its preferred plan.
pub(super) struct Branch {
    /// Hubs that are done, ascending.
    hubs: Vec<usize>,
    /// What is left to ask, in parts that share nothing; none where the hubs do.
    parts: Vec<Part>,
    pub(super) cost: u64,
    /// Ascending, hubs included.
    pub(super) actions: Vec<usize>,
}

/// A part of what is left to ask, and its preferred plan.
struct Part {
    folded: Folded,
    plan: Settled,
    preference: Preference,
}

impl Search<'_> {
    /// The preferred plan with some hubs done and the others left; `None` where none costs at most so much.
    pub(super) fn branch(
        &self,
        done: &[usize],
        left: &[usize],
        most: Option<u64>,
    ) -> Result<Option<Branch>, NotProven> {
        let all_done = done.iter().fold(self.problem.clone(), |rest, hub| settled(&rest, *hub, true));
        let rest = left.iter().fold(all_done, |rest, hub| settled(&rest, *hub, false));
        let folded: Vec<Folded> = match Asked::new(&rest) {
            Asked::TooMuch => return Ok(None),
            Asked::Nothing => vec![],
            Asked::Rows(rows, need) => {
                let parts = apart(&rows, need, rest.actions.len()).into_iter();
                parts.map(|(rows, need)| Folded::new(rows, need, &rest.actions, self.folding)).collect()
            }
        };
        let mut branch = Branch { hubs: done.to_vec(), parts: vec![], cost: self.cost(done), actions: done.to_vec() };
        for (index, part) in folded.iter().enumerate() {
            let left = match most.map(|most| most.checked_sub(branch.cost)) {
                Some(None) => return Ok(None),
                left => left.flatten(),
            };
            let first = self.asker(part).first(left);
            let first = first.map_err(|trouble| self.not_proven(trouble, &branch.actions, &folded[index..]))?;
            let Some((plan, preference)) = first else { return Ok(None) };
            branch.actions.extend(part.actions(&plan));
            branch.cost = self.cost(&branch.actions);
            branch.parts.push(Part { folded: part.clone(), plan, preference });
        }
        branch.actions.sort_unstable();
        Ok(most.is_none_or(|most| branch.cost <= most).then_some(branch))
    }

    fn asker<'a>(&self, folded: &'a Folded) -> Asker<'a> {
        Asker { folded, unit: self.unit, nodes: self.limits.nodes, ties: self.limits.ties }
    }

    fn cost(&self, actions: &[usize]) -> u64 {
        actions.iter().map(|action| u64::from(self.problem.actions[*action].cost)).sum()
    }

    /// The trouble with the first of these parts, with a set of actions that holds: what is known of the parts before, what
    /// was found of this one, everything of those after.
    fn not_proven(&self, trouble: Trouble, known: &[usize], parts: &[Folded]) -> NotProven {
        let Trouble::Nodes(found) = trouble else { return NotProven::Solver };
        let mut actions = known.to_vec();
        actions.extend(found.iter().flat_map(|plan| parts[0].actions(plan)));
        let unknown = &parts[usize::from(found.is_some())..];
        actions.extend(unknown.iter().flat_map(Folded::all_actions));
        actions.sort_unstable();
        actions.dedup();
        if holds(self.problem, &actions) { NotProven::Nodes { holds: actions } } else { NotProven::Solver }
    }

    /// The plans of a branch that cost the same, its preferred one first, and whether they are all.
    pub(super) fn equals(&self, branch: &Branch) -> Result<(Vec<Chosen>, Listed), NotProven> {
        let most = self.limits.alternatives.max(1);
        let (mut listed, mut of_parts) = (Listed::All, vec![]);
        for part in &branch.parts {
            let found = others(&self.asker(&part.folded), &part.plan, most - 1);
            let (others, all) = found.map_err(|_| NotProven::Solver)?;
            listed = listed.worse(all);
            of_parts.push([&part.plan].into_iter().chain(&others).map(|plan| part.folded.chosen(plan)).collect());
        }
        let sizes: Vec<usize> = of_parts.iter().map(Vec::len).collect();
        let picks = picks(&sizes, most);
        if picks.len() > most {
            listed = listed.worse(Listed::Some);
        }
        let chosen = picks.iter().take(most).map(|pick| branch.chosen(&of_parts, pick));
        Ok((chosen.collect(), listed))
    }
}

/// One of each part, in all combinations: first those that differ from the first in one part, then in two, until there
/// are more than so many.
fn picks(sizes: &[usize], most: usize) -> Vec<Vec<usize>> {
    let mut picks = vec![vec![0; sizes.len()]];
    let mut next = 0;
    while next < picks.len() && picks.len() <= most {
        let pick = picks[next].clone();
        let after = pick.iter().rposition(|at| *at > 0).map_or(0, |last| last + 1);
        for part in after..sizes.len() {
            for at in 1..sizes[part] {
                let mut other = pick.clone();
                other[part] = at;
                picks.push(other);
            }
        }
        next += 1;
    }
    picks
}

impl Branch {
    pub(super) fn preferred(&self, other: &Self) -> Ordering {
        let order = |branch: &Self| (branch.cost, branch.actions.len());
        order(self).cmp(&order(other)).then_with(|| self.actions.cmp(&other.actions))
    }

    pub(super) fn is_proven(&self) -> bool {
        self.parts.iter().all(|part| part.preference == Preference::Proven)
    }

    /// Plans of its parts as one, with the hubs.
    fn chosen(&self, of_parts: &[Vec<Chosen>], pick: &[usize]) -> Chosen {
        let mut whole = Chosen { actions: self.hubs.clone(), fixed: self.hubs.clone(), swaps: vec![] };
        let mut pools = 0;
        for ((part, chosen), at) in self.parts.iter().zip(of_parts).zip(pick) {
            let mut chosen = chosen[*at].clone();
            chosen.swaps.iter_mut().for_each(|swap| swap.pool += pools);
            pools += part.folded.kinds.len();
            whole.actions.append(&mut chosen.actions);
            whole.fixed.append(&mut chosen.fixed);
            whole.swaps.append(&mut chosen.swaps);
        }
        whole.actions.sort_unstable();
        whole.fixed.sort_unstable();
        whole
    }
}
