//! What hangs together: the actions that units join, and what doing some of them gives.
//!
//! ```text
//!  customer with deals 0, 1, 2 in two counts          states while going through the actions
//!    unit of row 0: [0] or [1] or [2]                   before   {}
//!    unit of row 1: [1] or [2]                          after 0  {}, {row 0} by 0
//!                                                       after 1  {}, {row 0} by 0, {row 0, row 1} by 1
//!                                                       after 2  {}, {row 0} by 0, {row 0, row 1} by 1 or by 2
//! ```
//!
//! Two ways of reaching one state differ in nothing that follows, so only the cheapest are kept: a customer with 30 deals
//! in one count has two states, not 2³⁰. A state is the units that count, and the actions done whose ways are not complete
//! yet but may become so.

use super::PlanAction;
use super::goal::Row;
use std::collections::BTreeMap;

/// Actions joined by units.
#[derive(Clone, Debug)]
pub(super) struct Island {
    /// Ascending.
    pub(super) actions: Vec<usize>,
    /// Row, and ways.
    pub(super) units: Vec<(usize, Vec<Vec<usize>>)>,
}

/// What one way of dealing with an island gives.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Gain {
    pub(super) cost: u64,
    /// Number of actions.
    pub(super) length: usize,
    /// Row and units, by row, no zeros.
    pub(super) units: Vec<(usize, usize)>,
}

/// The sets of actions that give the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ways {
    /// Each ascending, all of one length; the earliest first.
    pub(super) sets: Vec<Vec<usize>>,
    /// Whether there are more, left out as too many.
    pub(super) cut: bool,
}

/// What can be made of an island: all that no other choice beats.
pub(super) type Choices = Vec<(Gain, Ways)>;

/// How far folding goes. The answer does not depend on it, only the time and how many plans one entry stands for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Folding {
    /// Beyond so many states an island is left to the solver as it is.
    pub(super) states: usize,
    /// Beyond so many choices, too.
    pub(super) choices: usize,
    /// Ways listed of one choice; the others are told as "more".
    pub(super) ways: usize,
    /// Hubs settled before; each doubles the number of problems.
    pub(super) hubs: usize,
}

impl Default for Folding {
    fn default() -> Self {
        Self { states: 512, choices: 48, ways: 64, hubs: 5 }
    }
}

/// The islands of some rows, by their first actions.
pub(super) fn islands(rows: &[Row], actions: usize) -> Vec<Island> {
    let mut joined = Joined::new(actions);
    let units = || rows.iter().enumerate().flat_map(|(row, of)| of.units.iter().map(move |ways| (row, ways)));
    for (_, ways) in units() {
        for action in ways.iter().flatten() {
            joined.join(ways[0][0], *action);
        }
    }
    let mut islands: BTreeMap<usize, Island> = BTreeMap::new();
    for (row, ways) in units() {
        let root = joined.root(ways[0][0]);
        let island = islands.entry(root).or_insert_with(|| Island { actions: vec![], units: vec![] });
        island.units.push((row, ways.clone()));
        island.actions.extend(ways.iter().flatten());
    }
    for island in islands.values_mut() {
        island.actions.sort_unstable();
        island.actions.dedup();
    }
    // A root is the least of its actions.
    islands.into_values().collect()
}

/// What is joined: each points to an earlier one that it is joined with, or to itself.
pub(super) struct Joined {
    parent: Vec<usize>,
}

impl Joined {
    pub(super) fn new(size: usize) -> Self {
        Self { parent: (0..size).collect() }
    }

    /// The first of those joined with it.
    pub(super) fn root(&mut self, mut action: usize) -> usize {
        while self.parent[action] != action {
            self.parent[action] = self.parent[self.parent[action]];
            action = self.parent[action];
        }
        action
    }

    pub(super) fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.parent[a.max(b)] = a.min(b);
    }
}

/// Where going through an island stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct State {
    /// Units that count.
    counting: u128,
    /// Actions done that ways still wait for.
    waiting: u128,
}

/// A way that needs several actions.
struct Joint {
    unit: u128,
    needs: u128,
    /// The position of the last of them.
    last: usize,
}

/// The cheapest ways to a state, by length.
#[derive(Clone, Debug, Default)]
struct Cheapest {
    cost: u64,
    by_length: BTreeMap<usize, Ways>,
}

impl Island {
    /// What can be made of it, by cost, length and gain; `None` where that is too much to list.
    pub(super) fn choices(&self, actions: &[PlanAction], folding: &Folding) -> Option<Choices> {
        let (alone, joint) = self.ways_by_kind()?;
        let start = State { counting: 0, waiting: 0 };
        let mut states = BTreeMap::from([(start, Cheapest::nothing())]);
        for (position, action) in self.actions.iter().enumerate() {
            let mut next: BTreeMap<State, Cheapest> = BTreeMap::new();
            for (state, cheapest) in &states {
                let left = state.after(None, alone[position], &joint, position);
                let done = state.after(Some(position), alone[position], &joint, position);
                next.entry(left).or_default().merge(cheapest.clone(), folding);
                if done != left {
                    next.entry(done).or_default().merge(cheapest.with(*action, actions[*action].cost), folding);
                }
            }
            if next.len() > folding.states {
                return None;
            }
            states = next;
        }
        let choices = self.gains(states, actions, folding);
        (choices.len() <= folding.choices).then_some(choices)
    }

    /// Per action the units that it makes count alone, and the ways of several actions.
    fn ways_by_kind(&self) -> Option<(Vec<u128>, Vec<Joint>)> {
        if self.units.len() > 128 {
            return None;
        }
        let (mut alone, mut joint) = (vec![0; self.actions.len()], vec![]);
        for (unit, (_, ways)) in self.units.iter().enumerate() {
            for way in ways {
                let positions: Vec<usize> = way.iter().filter_map(|a| self.actions.binary_search(a).ok()).collect();
                match positions[..] {
                    [position] => alone[position] |= 1 << unit,
                    _ if self.actions.len() > 128 => return None,
                    _ => joint.push(Joint {
                        unit: 1 << unit,
                        needs: positions.iter().fold(0, |needs, position| needs | 1 << position),
                        last: positions.last().copied().unwrap_or(0),
                    }),
                }
            }
        }
        Some((alone, joint))
    }

    /// From what counts to what it gives to each row.
    fn gains(&self, states: BTreeMap<State, Cheapest>, actions: &[PlanAction], folding: &Folding) -> Choices {
        let mut by_units: BTreeMap<Vec<(usize, usize)>, Cheapest> = BTreeMap::new();
        for (state, cheapest) in states {
            by_units.entry(self.units_of(state.counting)).or_default().merge(cheapest, folding);
        }
        let partly_free = self.is_partly_free(actions);
        let mut choices: Choices = vec![];
        for (units, cheapest) in by_units.into_iter().filter(|(units, _)| !units.is_empty()) {
            let (begin, mut lost) = (choices.len(), false);
            for (length, mut ways) in cheapest.by_length {
                ways.sets.retain(|set| !self.could_do_without(set, &units, actions));
                lost |= ways.sets.is_empty() && ways.cut;
                let gain = Gain { cost: cheapest.cost, length, units: units.clone() };
                if partly_free {
                    let cut = ways.cut;
                    choices.extend(ways.sets.into_iter().map(|set| (gain.clone(), Ways { sets: vec![set], cut })));
                } else if !ways.sets.is_empty() {
                    choices.push((gain, ways));
                }
            }
            choices[begin..].iter_mut().for_each(|(_, ways)| ways.cut |= lost);
        }
        choices.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.sets.cmp(&b.1.sets)));
        let beaten: Vec<bool> = choices.iter().map(|(gain, _)| choices.iter().any(|(by, _)| by.beats(gain))).collect();
        let mut beaten = beaten.into_iter();
        choices.retain(|_| !beaten.next().unwrap_or(false));
        choices
    }

    /// Whether some of several actions are free. Which of those a plan can do without depends on what else is done, not on
    /// what a choice gives alone; so each of its ways is a choice of its own, and no other island is alike.
    pub(super) fn is_partly_free(&self, actions: &[PlanAction]) -> bool {
        self.actions.len() > 1 && self.actions.iter().any(|action| actions[*action].cost == 0)
    }

    fn units_of(&self, counting: u128) -> Vec<(usize, usize)> {
        let mut units: BTreeMap<usize, usize> = BTreeMap::new();
        for (unit, (row, _)) in self.units.iter().enumerate() {
            if counting >> unit & 1 == 1 {
                *units.entry(*row).or_default() += 1;
            }
        }
        units.into_iter().collect()
    }

    /// Whether a free action of a set adds nothing. One that costs has been left out already.
    fn could_do_without(&self, set: &[usize], units: &[(usize, usize)], actions: &[PlanAction]) -> bool {
        let free = set.iter().filter(|action| actions[**action].cost == 0);
        free.into_iter().any(|free| {
            let done = |action: &usize| action != free && set.contains(action);
            let counts = |ways: &[Vec<usize>]| ways.iter().any(|way| way.iter().all(done));
            let counting = self
                .units
                .iter()
                .enumerate()
                .filter(|(_, (_, ways))| counts(ways))
                .fold(0, |on, (unit, _)| on | 1 << unit);
            self.units_of(counting) == units
        })
    }
}

impl State {
    /// The state after the action at a position was done, or left.
    fn after(self, done: Option<usize>, alone: u128, joint: &[Joint], position: usize) -> Self {
        let Self { mut counting, mut waiting } = self;
        if let Some(position) = done {
            counting |= alone;
            // Positions beyond 128 occur where no way needs several actions.
            waiting |= 1u128.checked_shl(position as u32).unwrap_or(0);
        }
        let complete = |way: &&Joint| way.last == position && way.needs & !waiting == 0;
        counting |= joint.iter().filter(complete).fold(0, |units, way| units | way.unit);
        let past = u128::MAX >> (127 - position.min(127));
        let open = |way: &&Joint| way.last > position && way.unit & counting == 0 && way.needs & past & !waiting == 0;
        let awaited = joint.iter().filter(open).fold(0, |needs, way| needs | way.needs);
        Self { counting, waiting: waiting & awaited }
    }
}

impl Cheapest {
    fn nothing() -> Self {
        let nothing = Ways { sets: vec![vec![]], cut: false };
        Self { cost: 0, by_length: BTreeMap::from([(0, nothing)]) }
    }

    fn with(&self, action: usize, cost: u32) -> Self {
        let longer = |ways: &Ways| {
            let sets = ways.sets.iter().map(|set| set.iter().copied().chain([action]).collect()).collect();
            Ways { sets, cut: ways.cut }
        };
        let by_length = self.by_length.iter().map(|(length, ways)| (length + 1, longer(ways))).collect();
        Self { cost: self.cost + u64::from(cost), by_length }
    }

    fn merge(&mut self, other: Self, folding: &Folding) {
        if self.by_length.is_empty() || other.cost < self.cost {
            *self = other;
        } else if other.cost == self.cost {
            self.add(other.by_length, folding);
        }
    }

    /// Merges ways of the same cost, but for those that hold another and free actions on top.
    fn add(&mut self, others: BTreeMap<usize, Ways>, folding: &Folding) {
        for (length, ways) in others {
            self.by_length.entry(length).or_insert(Ways { sets: vec![], cut: false }).merge(ways, folding);
        }
        let lengths: Vec<usize> = self.by_length.keys().copied().collect();
        for (index, length) in lengths.iter().enumerate().skip(1) {
            let shorter: Vec<Vec<usize>> =
                lengths[..index].iter().flat_map(|length| self.by_length[length].sets.clone()).collect();
            let holds = |set: &Vec<usize>, short: &Vec<usize>| short.iter().all(|action| set.contains(action));
            if let Some(ways) = self.by_length.get_mut(length) {
                ways.sets.retain(|set| !shorter.iter().any(|short| holds(set, short)));
            }
        }
        // Where too many were left out, and those that were kept go, nobody knows what there was.
        let lost = self.by_length.values().any(|ways| ways.sets.is_empty() && ways.cut);
        self.by_length.retain(|_, ways| !ways.sets.is_empty());
        if let Some(shortest) = self.by_length.values_mut().next() {
            shortest.cut |= lost;
        }
    }
}

impl Ways {
    fn merge(&mut self, other: Self, folding: &Folding) {
        self.sets.extend(other.sets);
        self.sets.sort_unstable();
        self.cut |= other.cut || self.sets.len() > folding.ways;
        self.sets.truncate(folding.ways);
    }
}

impl Gain {
    /// Whether it gives as much for less.
    fn beats(&self, other: &Self) -> bool {
        let as_much = |(row, units): &(usize, usize)| {
            self.units.binary_search_by_key(row, |(row, _)| *row).is_ok_and(|index| self.units[index].1 >= *units)
        };
        self.cost < other.cost && other.units.iter().all(as_much)
    }
}
