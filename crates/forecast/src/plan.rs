//! The cheapest actions that make a goal hold, exactly, with the plans that are equally good.
//!
//! ```text
//!  actions           units of a count                       goal
//!  0 launch deal A ──▶ customer 1: [0] or [1]  ┐
//!  1 launch deal B ──┘                         ├─▶ 50 customers ─┐
//!  2 launch deal C ──▶ customer 2: [2]         ┘                 ├─▶ all of
//!  3 badge of Ada  ──┬▶ person Ada: [3 and 4]  ──▶ 4 persons    ─┤
//!  4 badge of Ada  ──┘                                           │
//!  5 answer "yes"  ─────────────────────────────────────────────┘
//! ```
//!
//! A unit counts as soon as one of its ways is complete; a way needs all of its actions. One action may serve units of
//! many counts, of several programs. Doing more never hurts, so a goal can be met if it holds once everything is done.
//!
//! # Why exact
//!
//! A greedy choice (the cheapest first, or what serves most counts) is wrong as soon as counts share rows: of A (counts in
//! both of two requirements that lack two each), B (both), C and D (one each), it may take C and D before it sees
//! that A and B do. A plan is work for people, months of it; "the least that is needed" must be the least. So the problem is
//! handed to branch and bound over linear programs, and what comes back is evaluated again in whole numbers ([`holds`]):
//! an answer that does not hold is never returned. That nothing cheaper exists rests on the solver's own proof, which
//! the tests hold against going through all subsets.
//!
//! # Equal choices
//!
//! Two of fifteen equal deals are 105 plans of one cost, and branch and bound would visit them all. So they are folded:
//!
//! ```text
//!  actions ──joined by units──▶ islands ──what doing some of it gives──▶ choices ──same choices──▶ kinds
//!  0 1 2 3 4 5                  {0 1} {2} {3 4} {5}                                                {0 1} ~ {2}
//! ```
//!
//! An *island* is what hangs together through units: mostly one customer with all its deals, or one person. Its *choices*
//! are found by going through it: what it gives to each count, at what cost, in which ways. Islands of the same choices are of
//! one *kind*, and the solver decides how many islands of a kind take which choice: one whole number instead of 15 yes or no.
//! A plan in the answer is such a set of numbers, said as "these, and any 2 of those 15" ([`Swap`]).
//!
//! An action that ties a whole count together (a declaration that each of 500 deals needs) would make one huge island.
//! Such *hubs* are settled first: the problem is solved with and without each, and falls apart again.
//!
//! Parts of the goal that share no action (deals and badges) are planned apart. That nothing is cheaper is always proven; which of
//! millions of equals comes first, and whether they are all told, only within [`PlanLimits::ties`], and the answer says so.
//!
//! ```
//! use aceq_forecast::{Planned, PlanAction, PlanCount, PlanGoal, PlanLimits, PlanProblem, PlanUnit, plan};
//! // 48 of 50 customers; three have one open deal each, a fourth has two.
//! let one = |action| PlanUnit { ways: vec![vec![action]] };
//! let problem = PlanProblem {
//!     actions: vec![PlanAction::default(); 5],
//!     counts: vec![PlanCount {
//!         required: 50,
//!         certain: 48,
//!         units: vec![one(0), one(1), one(2), PlanUnit { ways: vec![vec![3], vec![4]] }],
//!     }],
//!     goal: PlanGoal::Count(0),
//! };
//! let Planned::Plans(plans) = plan(&problem, &PlanLimits::default()) else { panic!("two deals do") };
//! assert_eq!((plans.cost, plans.best.len()), (2, 1));
//! assert_eq!(plans.best[0].actions, [0, 1]);
//! // "Any 2 of these 4", the fourth by either deal: 3 pairs of the first three, and 3 · 2 with the fourth.
//! assert_eq!((plans.best[0].swaps[0].take, plans.best[0].swaps[0].of.len()), (2, 4));
//! assert_eq!(plans.best[0].plans(), 9);
//! ```

mod alike;
mod apart;
mod blocking;
mod branch;
mod cheapest;
mod equal;
mod first;
mod goal;
mod hold;
mod hubs;
mod island;
mod model;
mod number;

pub use blocking::{Blocking, Obstacle};
pub use hold::holds;

use island::Folding;

/// What a plan is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanProblem {
    /// What can be done, in order of preference: among plans of the same cost and length, the one with the earlier
    /// actions comes first.
    pub actions: Vec<PlanAction>,
    /// What is counted.
    pub counts: Vec<PlanCount>,
    /// What must hold.
    pub goal: PlanGoal,
}

/// Something that can be done or left, once. What can be done several times (win a new customer) is several actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlanAction {
    /// Whole points, as the user values them; 0 is free.
    pub cost: u32,
    /// What sort of action it is. Only actions of one group are told as interchangeable, so that "any 2 of these" never
    /// mixes launches with badges. The cost of a plan does not depend on it.
    pub group: u32,
}

/// A count of units, of which some are required.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlanCount {
    /// Units required.
    pub required: i64,
    /// Units that count without any action; they are not among `units`.
    pub certain: i64,
    /// Units that may come to count.
    pub units: Vec<PlanUnit>,
}

/// A unit that does not count yet: any of the ways makes it count, once; a way needs all of its actions.
///
/// Ways are positions in [`PlanProblem::actions`]. An empty way is always complete, and one with an action that does not
/// exist never is.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlanUnit {
    /// Any one of these, all of its actions.
    pub ways: Vec<Vec<usize>>,
}

/// What must hold. A position that does not exist never holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PlanGoal {
    /// Holds whatever is done.
    #[default]
    Always,
    /// Holds whatever is done or not, never.
    Never,
    /// The count at this position reaches what is required of it.
    Count(usize),
    /// This action is done.
    Action(usize),
    /// All hold; true of none.
    All(Vec<PlanGoal>),
    /// At least one holds; false of none.
    Any(Vec<PlanGoal>),
    /// At least so many hold.
    AtLeast(usize, Vec<PlanGoal>),
}

/// How far to look. No limit of time: the same problem has the same answer on any machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PlanLimits {
    /// Most entries of [`Plans::best`]; at least one is given.
    pub alternatives: usize,
    /// Nodes of branch and bound for the least cost; beyond, nothing is proven.
    pub nodes: u64,
    /// Nodes for each question about plans of that cost: which comes first, and whether there is another; ten times as
    /// many for the fewest actions. Telling equals apart can take far longer than finding one, and matters less.
    pub ties: u64,
}

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Planned {
    /// The goal holds with no action.
    Already,
    /// No set of actions meets it.
    Impossible {
        /// What stands in the way, as the goal lists it. Not empty.
        blocking: Vec<Blocking>,
    },
    /// The cheapest plans.
    Plans(Plans),
    /// The cheapest plan is not known for certain.
    NotProven(NotProven),
}

/// Why the cheapest plan is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotProven {
    /// The solver used up [`PlanLimits::nodes`].
    Nodes {
        /// A set of actions with which the goal holds, ascending; perhaps not the cheapest.
        holds: Vec<usize>,
    },
    /// Costs differ by more than the solver's numbers tell apart: in units of their greatest common divisor, those of all
    /// actions that matter add up to more than [`MOST_POINTS`].
    Costs {
        /// What they add up to.
        total: u64,
    },
    /// The solver failed or gave an answer that does not stand up to whole numbers: a defect, of it or of ours.
    Solver,
}

/// Most points that all actions that matter may cost together, in units of their greatest common divisor. The solver tells
/// costs apart to a billionth of the total.
pub const MOST_POINTS: u64 = 100_000_000;

/// The cheapest plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plans {
    /// Points of each of them.
    pub cost: u64,
    /// The preferred plan first: among those of this cost the fewest actions, then the earliest. Then others of the same
    /// cost, by number of actions, then by their earliest actions. Each stands for all plans that its swaps make, and no
    /// plan stands in two. No plan has an action that it could do without; the first may have a free one where the order is
    /// unproven.
    pub best: Vec<Chosen>,
    /// Whether the first is known to be the preferred one. That nothing is cheaper always is.
    pub preference: Preference,
    /// Whether these are all.
    pub listed: Listed,
}

/// Whether the first of equally cheap plans is known to have the fewest actions, and the earliest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preference {
    /// It is.
    Proven,
    /// The solver used up [`PlanLimits::ties`] in telling equals apart; the order is as far as it came.
    Unproven,
}

/// Whether all plans of the least cost are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listed {
    /// All of them.
    All,
    /// There are others, more than were asked for.
    Some,
    /// There may be others: the solver used up [`PlanLimits::ties`] in looking for them, or those left out as too many
    /// may all have free actions in vain.
    Unknown,
}

/// A plan, and those that differ from it by swapping things alike.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// The plan itself, ascending.
    pub actions: Vec<usize>,
    /// Those of `actions` that all its variants share, ascending.
    pub fixed: Vec<usize>,
    /// Where the others come from: each variant is `fixed`, and what it takes by each swap.
    pub swaps: Vec<Swap>,
}

/// Things alike, of which a plan takes some: "any 2 of these 15".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Swap {
    /// How many things are taken.
    pub take: usize,
    /// The things, mostly one action each: [`PlanUnit::ways`] are the ways of taking it, of which any one does.
    pub of: Vec<PlanUnit>,
    /// Swaps of one plan with the same number are about the same things in the same order, and none is taken twice.
    pub pool: usize,
}

impl Default for PlanAction {
    /// One point, group 0.
    fn default() -> Self {
        Self { cost: 1, group: 0 }
    }
}

impl Default for PlanLimits {
    fn default() -> Self {
        Self { alternatives: 20, nodes: 20_000, ties: 100 }
    }
}

/// The cheapest plans for a problem.
pub fn plan(problem: &PlanProblem, limits: &PlanLimits) -> Planned {
    if holds(problem, &[]) {
        return Planned::Already;
    }
    let everything: Vec<usize> = (0..problem.actions.len()).collect();
    if !holds(problem, &everything) {
        return Planned::Impossible { blocking: blocking::blocking(problem) };
    }
    match cheapest::cheapest(problem, limits, &Folding::default()) {
        Ok(plans) => Planned::Plans(plans),
        Err(not_proven) => Planned::NotProven(not_proven),
    }
}

#[cfg(test)]
mod exhaustive;
#[cfg(test)]
mod tests;
