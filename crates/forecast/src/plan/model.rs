//! One question to the solver: whole numbers in, whole numbers out.
//!
//! ```text
//!  n[k,c]  how many islands of kind k take choice c      Σ_c n[k,c] ≤ islands of k
//!  x[a]    whether a loose action is done                y[unit] ≤ Σ ways, way ≤ each of its x
//!  z[r]    whether row r has what it needs               Σ units · n + Σ y ≥ need · z[r]
//!  z[node] whether so many of the parts hold             Σ z[part] ≥ least · z[node]
//!  least   Σ cost · n + Σ cost · x,  or  Σ length · n + Σ x
//! ```
//!
//! What must hold whatever else does has no z. A way and a unit need not be whole numbers: whole actions make them so.
//! Nothing that the solver says is believed but "nothing better": what it found is rounded and evaluated by the caller.

use super::alike::{Folded, Numbers};
use super::goal::Need;
use super::island::{Gain, Island};
use microlp::{
    ComparisonOp, Error, OptimizationDirection, Problem, Solution, SolveOptions, TerminationReason, Variable,
};
use std::collections::{BTreeMap, BTreeSet};

/// What is asked.
#[derive(Clone, Debug, Default)]
pub(super) struct Question<'a> {
    pub(super) pools: Vec<Pool>,
    /// Loose actions that must be done.
    pub(super) done: BTreeSet<usize>,
    pub(super) most_cost: Option<u64>,
    pub(super) most_actions: Option<usize>,
    pub(super) aim: Aim,
    /// At least one of these must be taken; empty for no such wish.
    pub(super) wanted: Vec<Wanted>,
    /// Plans that must not be contained.
    pub(super) without: &'a [Numbers],
}

/// Islands of one kind among which the solver does not tell.
#[derive(Clone, Debug)]
pub(super) struct Pool {
    pub(super) kind: usize,
    /// How many islands.
    pub(super) islands: usize,
    /// The choices open to them.
    pub(super) choices: Vec<usize>,
    /// Whether each must take one.
    pub(super) all: bool,
}

/// What is to be least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Aim {
    #[default]
    Cost,
    Actions,
    /// Nothing: any answer will do. Cost guides the search all the same.
    Any,
}

/// Something wanted of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wanted {
    /// That an island of this pool takes this choice.
    Choice(usize, usize),
    /// That this loose action is done.
    Loose(usize),
}

/// How many islands of each pool take each of its choices, as the pool lists them, and the loose actions done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) taken: Vec<Vec<usize>>,
    pub(super) loose: BTreeSet<usize>,
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// The nodes are used up; perhaps something was found that is not known to be the best.
    Nodes(Option<Answer>),
    /// The solver failed.
    Failed,
}

/// A gap so wide that the first answer will do.
const ANY: f64 = 1.0;

/// The best answer; `None` where there is none.
pub(super) fn ask(folded: &Folded, question: &Question<'_>, unit: u64, nodes: u64) -> Result<Option<Answer>, Stop> {
    let mut model = Model::new(folded, question, unit);
    model.goal();
    model.limits(question);
    model.wanted(&question.wanted);
    for numbers in question.without {
        model.without(numbers);
    }
    let mut options = SolveOptions::default();
    options.node_limit = Some(nodes);
    if question.aim == Aim::Any {
        options.mip_gap = ANY;
    }
    match model.problem.solve_with(options) {
        Err(Error::Infeasible) => Ok(None),
        Err(_) => Err(Stop::Failed),
        Ok(outcome) => match (outcome.termination_reason(), outcome.solution()) {
            (TerminationReason::ProvenOptimal | TerminationReason::MipGap, Some(solution)) => {
                Ok(Some(model.answer(solution)))
            }
            (_, solution) => Err(Stop::Nodes(solution.map(|solution| model.answer(solution)))),
        },
    }
}

/// A sum of variables.
type Sum = Vec<(Variable, f64)>;

struct Model<'a> {
    folded: &'a Folded,
    pools: &'a [Pool],
    problem: Problem,
    /// Per pool and choice of it.
    taken: Vec<Vec<Variable>>,
    loose: BTreeMap<usize, Variable>,
    /// Per row, the units gained.
    gained: Vec<Sum>,
    /// Per row, whether it has what it needs, where that was asked.
    reached: Vec<Option<Variable>>,
    /// Points in which costs are counted.
    unit: u64,
}

impl<'a> Model<'a> {
    fn new(folded: &'a Folded, question: &'a Question<'_>, unit: u64) -> Self {
        let rows = folded.rows.len();
        let mut model = Self {
            folded,
            pools: &question.pools,
            problem: Problem::new(OptimizationDirection::Minimize),
            taken: vec![],
            loose: BTreeMap::new(),
            gained: vec![vec![]; rows],
            reached: vec![None; rows],
            unit,
        };
        for pool in &question.pools {
            model.pool(pool, |gain| match question.aim {
                Aim::Cost | Aim::Any => (gain.cost / unit) as f64,
                Aim::Actions => gain.length as f64,
            });
        }
        for island in &folded.loose {
            for action in &island.actions {
                let weight = match question.aim {
                    Aim::Cost | Aim::Any => (u64::from(folded.costs[*action]) / unit) as f64,
                    Aim::Actions => 1.0,
                };
                let least = i32::from(question.done.contains(action));
                model.loose.insert(*action, model.problem.add_integer_var(weight, (least, 1)));
            }
            model.island(island);
        }
        model
    }

    fn pool(&mut self, pool: &Pool, weight: impl Fn(&Gain) -> f64) {
        let most = i32::try_from(pool.islands).unwrap_or(i32::MAX);
        let mut taken = vec![];
        for choice in &pool.choices {
            let gain = &self.folded.kinds[pool.kind].gains[*choice];
            let variable = self.problem.add_integer_var(weight(gain), (0, most));
            for (row, units) in &gain.units {
                self.gained[*row].push((variable, *units as f64));
            }
            taken.push(variable);
        }
        let sum: Sum = taken.iter().map(|variable| (*variable, 1.0)).collect();
        let compare = if pool.all { ComparisonOp::Eq } else { ComparisonOp::Le };
        if pool.all || taken.len() > 1 {
            self.constrain(sum, compare, f64::from(most));
        }
        self.taken.push(taken);
    }

    /// A constraint on a sum in which a variable may occur several times: a part of the goal may stand in it twice.
    fn constrain(&mut self, sum: impl IntoIterator<Item = (Variable, f64)>, compare: ComparisonOp, than: f64) {
        let mut whole: BTreeMap<usize, (Variable, f64)> = BTreeMap::new();
        for (variable, factor) in sum {
            whole.entry(variable.idx()).or_insert((variable, 0.0)).1 += factor;
        }
        self.problem.add_constraint(whole.into_values(), compare, than);
    }

    /// The units of a loose island.
    fn island(&mut self, island: &Island) {
        for (row, ways) in &island.units {
            let ways: Sum = ways.iter().map(|way| (self.way(way), -1.0)).collect();
            let unit = match ways[..] {
                [(way, _)] => way,
                _ => {
                    let unit = self.problem.add_var(0.0, (0.0, 1.0));
                    self.constrain(ways.into_iter().chain([(unit, 1.0)]), ComparisonOp::Le, 0.0);
                    unit
                }
            };
            self.gained[*row].push((unit, 1.0));
        }
    }

    fn way(&mut self, way: &[usize]) -> Variable {
        if let [action] = way {
            return self.loose[action];
        }
        let whole = self.problem.add_var(0.0, (0.0, 1.0));
        for action in way {
            let done = self.loose[action];
            self.constrain([(whole, 1.0), (done, -1.0)], ComparisonOp::Le, 0.0);
        }
        whole
    }

    fn goal(&mut self) {
        let folded = self.folded;
        self.must(&folded.need);
    }

    /// What must hold.
    fn must(&mut self, need: &Need) {
        match need {
            Need::Row(row) => {
                let need = self.folded.rows[*row].need as f64;
                self.constrain(self.gained[*row].clone(), ComparisonOp::Ge, need);
            }
            Need::Some(least, parts) if *least == parts.len() => parts.iter().for_each(|part| self.must(part)),
            Need::Some(least, parts) => {
                let parts: Sum = parts.iter().map(|part| (self.may(part), 1.0)).collect();
                self.constrain(parts, ComparisonOp::Ge, *least as f64);
            }
        }
    }

    /// Whether a part holds; 1 only if it does.
    fn may(&mut self, need: &Need) -> Variable {
        match need {
            Need::Row(row) => self.row(*row),
            Need::Some(least, parts) => {
                let mut sum: Sum = parts.iter().map(|part| (self.may(part), 1.0)).collect();
                let holds = self.problem.add_binary_var(0.0);
                sum.push((holds, -(*least as f64)));
                self.constrain(sum, ComparisonOp::Ge, 0.0);
                holds
            }
        }
    }

    fn row(&mut self, row: usize) -> Variable {
        if let Some(reached) = self.reached[row] {
            return reached;
        }
        let reached = self.problem.add_binary_var(0.0);
        let need = self.folded.rows[row].need as f64;
        let gained = self.gained[row].clone();
        self.constrain(gained.into_iter().chain([(reached, -need)]), ComparisonOp::Ge, 0.0);
        self.reached[row] = Some(reached);
        reached
    }

    fn limits(&mut self, question: &Question<'_>) {
        if let Some(most) = question.most_cost {
            let unit = self.unit;
            let costs = self.sum(|gain| gain.cost / unit, |cost| u64::from(cost) / unit);
            self.constrain(costs, ComparisonOp::Le, (most / self.unit) as f64);
        }
        if let Some(most) = question.most_actions {
            let lengths = self.sum(|gain| gain.length as u64, |_| 1);
            self.constrain(lengths, ComparisonOp::Le, most as f64);
        }
    }

    fn sum(&self, of_gain: impl Fn(&Gain) -> u64, of_loose: impl Fn(u32) -> u64) -> Sum {
        let mut sum = vec![];
        for (pool, taken) in self.pools.iter().zip(&self.taken) {
            let gains = &self.folded.kinds[pool.kind].gains;
            sum.extend(pool.choices.iter().zip(taken).map(|(choice, n)| (*n, of_gain(&gains[*choice]) as f64)));
        }
        sum.extend(self.loose.iter().map(|(action, x)| (*x, of_loose(self.folded.costs[*action]) as f64)));
        sum
    }

    fn wanted(&mut self, wanted: &[Wanted]) {
        if wanted.is_empty() {
            return;
        }
        let sum: Sum = wanted.iter().filter_map(|wanted| Some((self.variable(*wanted)?, 1.0))).collect();
        self.constrain(sum, ComparisonOp::Ge, 1.0);
    }

    fn variable(&self, wanted: Wanted) -> Option<Variable> {
        match wanted {
            Wanted::Loose(action) => self.loose.get(&action).copied(),
            Wanted::Choice(pool, choice) => {
                let index = self.pools[pool].choices.iter().position(|other| *other == choice)?;
                Some(self.taken[pool][index])
            }
        }
    }

    /// Some number of a plan must be lower. Pools are the kinds here, with all of their choices.
    fn without(&mut self, numbers: &Numbers) {
        let mut sum: Sum = numbers.loose.iter().map(|action| (self.loose[action], 1.0)).collect();
        for (pool, taken) in numbers.taken.iter().enumerate() {
            for (choice, n) in taken.iter().enumerate().filter(|(_, n)| **n > 0) {
                sum.push((self.as_many(pool, choice, *n), 1.0));
            }
        }
        let most = sum.len() as f64 - 1.0;
        self.constrain(sum, ComparisonOp::Le, most);
    }

    /// 1 wherever at least `n` take a choice.
    fn as_many(&mut self, pool: usize, choice: usize, n: usize) -> Variable {
        let (taken, islands) = (self.taken[pool][choice], self.pools[pool].islands);
        if islands == 1 {
            return taken;
        }
        let (fewer, more) = (n as f64 - 1.0, (islands - n) as f64 + 1.0);
        let as_many = self.problem.add_binary_var(0.0);
        self.constrain([(taken, 1.0), (as_many, -more)], ComparisonOp::Le, fewer);
        as_many
    }

    fn answer(&self, solution: &Solution) -> Answer {
        let whole = |variable: &Variable| solution.var_value(*variable).round().max(0.0) as usize;
        Answer {
            taken: self.taken.iter().map(|taken| taken.iter().map(whole).collect()).collect(),
            loose: self.loose.iter().filter(|(_, x)| whole(x) > 0).map(|(action, _)| *action).collect(),
        }
    }
}
