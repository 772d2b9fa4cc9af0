//! Islands alike: of one kind are those with the same choices, whatever their actions.
//!
//! ```text
//!  island {0 1}  choice: 1 unit of row 0 for 1 point, by 0 or by 1  ┐ kind 0: 2 islands
//!  island {2}    choice: 1 unit of row 0 for 1 point, by 2          ┘
//!  island {3 4}  choice: 1 unit of row 1 for 2 points, by 3 and 4     kind 1: 1 island
//! ```

use super::goal::{Need, Row};
use super::island::{Choices, Folding, Gain, Island, Ways, islands};
use super::{Chosen, Listed, PlanAction, PlanUnit, Swap};
use std::collections::{BTreeMap, BTreeSet};

/// A problem folded.
#[derive(Clone, Debug)]
pub(super) struct Folded {
    /// By their first actions.
    pub(super) kinds: Vec<Kind>,
    /// Islands too entangled to fold.
    pub(super) loose: Vec<Island>,
    pub(super) rows: Vec<Row>,
    pub(super) need: Need,
    pub(super) costs: Vec<u32>,
}

/// Islands of the same choices.
#[derive(Clone, Debug)]
pub(super) struct Kind {
    pub(super) gains: Vec<Gain>,
    /// Per island and choice, the sets of actions.
    pub(super) islands: Vec<Vec<Ways>>,
}

/// A plan and all its variants: how many islands of each kind take each choice, and the loose actions done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) taken: Vec<Vec<usize>>,
    pub(super) loose: BTreeSet<usize>,
}

/// A plan: the choice of each island that takes one, by kind and island, and the loose actions done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Settled {
    pub(super) choice: BTreeMap<(usize, usize), usize>,
    pub(super) loose: BTreeSet<usize>,
}

impl Folded {
    pub(super) fn new(rows: Vec<Row>, need: Need, actions: &[PlanAction], folding: &Folding) -> Self {
        let all = islands(&rows, actions.len());
        let mut folded = Self {
            kinds: vec![],
            loose: vec![],
            rows,
            need,
            costs: actions.iter().map(|action| action.cost).collect(),
        };
        let mut known = BTreeMap::new();
        for island in all {
            match island.choices(actions, folding) {
                Some(choices) => {
                    let alone = island.is_partly_free(actions).then(|| island.actions[0]);
                    folded.add((alone, shape(&choices, actions)), choices, &mut known);
                }
                None => folded.loose.push(island),
            }
        }
        folded
    }

    fn add(&mut self, shape: (Option<usize>, Shape), choices: Choices, known: &mut Known) {
        let (gains, ways): (Vec<Gain>, Vec<Ways>) = choices.into_iter().unzip();
        let kind = *known.entry(shape).or_insert_with(|| {
            self.kinds.push(Kind { gains, islands: vec![] });
            self.kinds.len() - 1
        });
        self.kinds[kind].islands.push(ways);
    }

    /// The loose actions.
    pub(super) fn loose_actions(&self) -> impl Iterator<Item = usize> {
        self.loose.iter().flat_map(|island| island.actions.iter().copied())
    }

    /// Every action that a row knows.
    pub(super) fn all_actions(&self) -> impl Iterator<Item = usize> {
        self.rows.iter().flat_map(|row| row.units.iter().flatten().flatten().copied())
    }

    /// Whether fewer points are fewer actions.
    pub(super) fn costs_are_equal(&self) -> bool {
        let mut costs = self.all_actions().map(|action| self.costs[action]);
        let first = costs.next().unwrap_or(0);
        first > 0 && costs.all(|cost| cost == first)
    }

    /// The numbers of a plan.
    pub(super) fn numbers(&self, plan: &Settled) -> Numbers {
        let mut taken: Vec<Vec<usize>> = self.kinds.iter().map(|kind| vec![0; kind.gains.len()]).collect();
        for ((kind, _), choice) in &plan.choice {
            taken[*kind][*choice] += 1;
        }
        Numbers { taken, loose: plan.loose.clone() }
    }

    /// A plan of these numbers that takes what comes first.
    pub(super) fn settled(&self, numbers: &Numbers) -> Settled {
        let mut settled = Settled { choice: BTreeMap::new(), loose: numbers.loose.clone() };
        for (kind, taken) in numbers.taken.iter().enumerate() {
            let mut left = taken.clone();
            let islands = &self.kinds[kind].islands;
            let mut by_first: Vec<(&Vec<usize>, usize, usize)> = vec![];
            for (island, ways) in islands.iter().enumerate() {
                by_first.extend(ways.iter().enumerate().map(|(choice, ways)| (&ways.sets[0], island, choice)));
            }
            by_first.sort_unstable();
            for (_, island, choice) in by_first {
                if left[choice] > 0 && !settled.choice.contains_key(&(kind, island)) {
                    left[choice] -= 1;
                    settled.choice.insert((kind, island), choice);
                }
            }
        }
        settled
    }

    /// The actions of a plan, ascending: of each choice the earliest way.
    pub(super) fn actions(&self, plan: &Settled) -> Vec<usize> {
        let of_islands =
            plan.choice.iter().flat_map(|((kind, island), choice)| self.first_way(*kind, *island, *choice));
        let mut actions: Vec<usize> = of_islands.chain(&plan.loose).copied().collect();
        actions.sort_unstable();
        actions
    }

    pub(super) fn first_way(&self, kind: usize, island: usize, choice: usize) -> &[usize] {
        &self.kinds[kind].islands[island][choice].sets[0]
    }

    /// A plan with all its variants.
    pub(super) fn chosen(&self, plan: &Settled) -> Chosen {
        let numbers = self.numbers(plan);
        let (mut fixed, mut swaps): (Vec<usize>, Vec<Swap>) = (plan.loose.iter().copied().collect(), vec![]);
        for (pool, (kind, taken)) in self.kinds.iter().zip(&numbers.taken).enumerate() {
            for (choice, take) in taken.iter().enumerate().filter(|(_, take)| **take > 0) {
                let of: Vec<PlanUnit> =
                    kind.islands.iter().map(|ways| PlanUnit { ways: ways[choice].sets.clone() }).collect();
                if *take == of.len() && of.iter().all(|thing| thing.ways.len() == 1) {
                    fixed.extend(of.iter().flat_map(|thing| &thing.ways[0]));
                } else {
                    swaps.push(Swap { take: *take, of, pool });
                }
            }
        }
        fixed.sort_unstable();
        Chosen { actions: self.actions(plan), fixed, swaps }
    }

    /// Whether all ways of a plan are listed. Those left out as too many may all have free actions in vain.
    pub(super) fn ways_listed(&self, numbers: &Numbers) -> Listed {
        let cut = |kind: &Kind, choice: usize| kind.islands.iter().any(|ways| ways[choice].cut);
        let of_kind = |(kind, taken): (&Kind, &Vec<usize>)| {
            taken.iter().enumerate().any(|(choice, take)| *take > 0 && cut(kind, choice))
        };
        let free = || self.all_actions().any(|action| self.costs[action] == 0);
        match self.kinds.iter().zip(&numbers.taken).any(of_kind) {
            false => Listed::All,
            true if free() => Listed::Unknown,
            true => Listed::Some,
        }
    }

    /// Whether some actions, ascending, give what is needed; in whole numbers, from the units themselves.
    pub(super) fn holds(&self, actions: &[usize]) -> bool {
        let whole = |way: &Vec<usize>| way.iter().all(|action| actions.binary_search(action).is_ok());
        let counts = |ways: &&Vec<Vec<usize>>| ways.iter().any(whole);
        let reached: Vec<bool> =
            self.rows.iter().map(|row| row.units.iter().filter(counts).count() >= row.need).collect();
        self.need.holds(&reached)
    }

    /// Whether some free action of these is done in vain.
    pub(super) fn could_do_without(&self, actions: &[usize]) -> bool {
        let free = actions.iter().filter(|action| self.costs[**action] == 0);
        free.into_iter().any(|free| {
            let rest: Vec<usize> = actions.iter().copied().filter(|action| action != free).collect();
            self.holds(&rest)
        })
    }

    /// Points of a plan.
    pub(super) fn cost(&self, actions: &[usize]) -> u64 {
        actions.iter().map(|action| u64::from(self.costs[*action])).sum()
    }
}

/// What makes islands alike: the choices, and the groups of the actions that make them.
type Shape = Vec<(Gain, BTreeSet<Vec<u32>>)>;

/// The kind of each shape; an island that is like no other has its first action beside it.
type Known = BTreeMap<(Option<usize>, Shape), usize>;

fn shape(choices: &Choices, actions: &[PlanAction]) -> Shape {
    let groups = |set: &Vec<usize>| {
        let mut groups: Vec<u32> = set.iter().map(|action| actions[*action].group).collect();
        groups.sort_unstable();
        groups
    };
    choices.iter().map(|(gain, ways)| (gain.clone(), ways.sets.iter().map(groups).collect())).collect()
}
