//! The preferred plan: the least cost, then the fewest actions, then the earliest.
//!
//! Which actions are the earliest is settled action by action, with the plan at hand as a witness:
//!
//! ```text
//!  plan at hand          3 8         actions 0 1 2 3 … ; 0 and 3 alike, 1 and 2 alike
//!  0  swap with 3        0 8         alike and not yet settled: no question asked
//!  1  not in it          open
//!  2  not in it          open
//!  8  in it              is there a plan with 0 and (1 or 2)?  no: 8 is settled, and 1, 2 are out, as is all that is alike
//! ```
//!
//! An action that is out stays out: with more settled, fewer plans are left. So is one that is alike, as long as nothing
//! of its island is settled: swapping the two islands would make a plan with the first.

use super::Preference;
use super::alike::{Folded, Settled};
use super::model::{Aim, Answer, Pool, Question, Stop, Wanted, ask};
use std::collections::{BTreeMap, BTreeSet};

/// A folded problem, and how it may be asked.
pub(super) struct Asker<'a> {
    pub(super) folded: &'a Folded,
    /// Points in which costs are counted: their greatest common divisor.
    pub(super) unit: u64,
    /// Nodes for the least cost.
    pub(super) nodes: u64,
    /// Nodes for a question about equals.
    pub(super) ties: u64,
}

/// So many questions about the order may use up their nodes before no more are asked.
const MOST_UNPROVEN: usize = 3;

/// Why there is no plan in answer to a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The nodes are used up; perhaps a plan was found that is not known to be the best.
    Nodes(Option<Settled>),
    /// The solver failed, or its answer does not hold.
    Solver,
}

impl Asker<'_> {
    /// The plan that answers a question, if any; evaluated again in whole numbers.
    pub(super) fn ask(&self, question: &Question<'_>, place: &Place) -> Result<Option<Settled>, Trouble> {
        let nodes = match question.aim {
            Aim::Cost => self.nodes,
            // Asked once, and worth more than the order.
            Aim::Actions => self.ties.saturating_mul(10),
            Aim::Any => self.ties,
        };
        match ask(self.folded, question, self.unit, nodes) {
            Ok(None) => Ok(None),
            Ok(Some(answer)) => self.checked(question, place, &answer).map(Some).ok_or(Trouble::Solver),
            Err(Stop::Failed) => Err(Trouble::Solver),
            Err(Stop::Nodes(found)) => {
                Err(Trouble::Nodes(found.and_then(|answer| self.checked(question, place, &answer))))
            }
        }
    }

    fn checked(&self, question: &Question<'_>, place: &Place, answer: &Answer) -> Option<Settled> {
        let plan = place.settled(&question.pools, answer)?;
        let actions = self.folded.actions(&plan);
        let cheap = question.most_cost.is_none_or(|most| self.folded.cost(&actions) <= most);
        let short = question.most_actions.is_none_or(|most| actions.len() <= most);
        (cheap && short && self.folded.holds(&actions)).then_some(plan)
    }

    /// The preferred plan; `None` where the goal cannot be met for at most so many points.
    pub(super) fn first(&self, most_cost: Option<u64>) -> Result<Option<(Settled, Preference)>, Trouble> {
        let place = Place::all(self.folded);
        let mut question = Question { pools: place.pools(self.folded), most_cost, ..Question::default() };
        let Some(cheapest) = self.ask(&question, &place)? else { return Ok(None) };
        question.most_cost = Some(self.folded.cost(&self.folded.actions(&cheapest)));
        question.aim = Aim::Actions;
        let shortest =
            if self.folded.costs_are_equal() { Ok(Some(cheapest.clone())) } else { self.ask(&question, &place) };
        let shortest = match shortest {
            Err(Trouble::Nodes(found)) => return Ok(Some((found.unwrap_or(cheapest), Preference::Unproven))),
            found => found?.ok_or(Trouble::Solver)?,
        };
        let length = self.folded.actions(&shortest).len();
        question.most_actions = Some(length);
        Earliest::new(self, question, shortest, length).found().map(Some)
    }
}

/// Which islands stand together in a pool, and which alone.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    /// Per kind: islands of which nothing is settled.
    together: Vec<Vec<usize>>,
    /// Kind and island, and the choices that contain what is settled of it.
    alone: BTreeMap<(usize, usize), Vec<usize>>,
}

impl Place {
    /// All islands together.
    pub(super) fn all(folded: &Folded) -> Self {
        let together = folded.kinds.iter().map(|kind| (0..kind.islands.len()).collect()).collect();
        Self { together, alone: BTreeMap::new() }
    }

    /// First a pool per kind, then one per island that stands alone.
    pub(super) fn pools(&self, folded: &Folded) -> Vec<Pool> {
        let together = self.together.iter().enumerate().map(|(kind, islands)| Pool {
            kind,
            islands: islands.len(),
            choices: (0..folded.kinds[kind].gains.len()).collect(),
            all: false,
        });
        let alone = self.alone.iter().map(|((kind, _), choices)| Pool {
            kind: *kind,
            islands: 1,
            choices: choices.clone(),
            all: true,
        });
        together.chain(alone).collect()
    }

    /// Gives choices to islands: of those together, the first take the first. `None` where an answer has more than there are.
    fn settled(&self, pools: &[Pool], answer: &Answer) -> Option<Settled> {
        let mut plan = Settled { choice: BTreeMap::new(), loose: answer.loose.clone() };
        let alone = self.alone.keys().map(|key| vec![*key]);
        let together = self.together.iter().enumerate().map(|(kind, all)| all.iter().map(|i| (kind, *i)).collect());
        for ((islands, pool), taken) in together.chain(alone).zip(pools).zip(&answer.taken) {
            let mut islands = islands.into_iter();
            for (choice, n) in pool.choices.iter().zip(taken) {
                for _ in 0..*n {
                    plan.choice.insert(islands.next()?, *choice);
                }
            }
        }
        Some(plan)
    }

    /// Takes an island out of its pool, or narrows its choices, to those that contain an action.
    fn settle(&mut self, folded: &Folded, kind: usize, island: usize, action: usize) {
        self.together[kind].retain(|other| *other != island);
        let all = || (0..folded.kinds[kind].gains.len()).collect();
        let choices = self.alone.entry((kind, island)).or_insert_with(all);
        choices.retain(|choice| folded.first_way(kind, island, *choice).contains(&action));
    }
}

/// Where an action stands.
#[derive(Clone, Copy, Debug)]
enum Stands {
    /// In an island: kind and island.
    In(usize, usize),
    Loose,
}

/// The search for the earliest actions.
struct Earliest<'a> {
    asker: &'a Asker<'a>,
    question: Question<'a>,
    place: Place,
    plan: Settled,
    length: usize,
    stands: BTreeMap<usize, Stands>,
    settled: BTreeSet<usize>,
    /// Single actions that are out.
    out: BTreeSet<usize>,
    /// Kinds and choices that are out for islands of which nothing is settled.
    choices_out: BTreeSet<(usize, usize)>,
    /// Questions that used up their nodes; what they were about is taken to be out.
    unproven: usize,
}

impl<'a> Earliest<'a> {
    fn new(asker: &'a Asker<'a>, question: Question<'a>, plan: Settled, length: usize) -> Self {
        let mut stands: BTreeMap<usize, Stands> =
            asker.folded.loose_actions().map(|action| (action, Stands::Loose)).collect();
        for (kind, of) in asker.folded.kinds.iter().enumerate() {
            for (island, ways) in of.islands.iter().enumerate() {
                stands.extend(ways.iter().flat_map(|ways| &ways.sets[0]).map(|a| (*a, Stands::In(kind, island))));
            }
        }
        Self {
            asker,
            question: Question { aim: Aim::Any, ..question },
            place: Place::all(asker.folded),
            plan,
            length,
            stands,
            settled: BTreeSet::new(),
            out: BTreeSet::new(),
            choices_out: BTreeSet::new(),
            unproven: 0,
        }
    }

    fn found(mut self) -> Result<(Settled, Preference), Trouble> {
        while self.settled.len() < self.length {
            self.pass()?;
        }
        let preference = if self.unproven == 0 { Preference::Proven } else { Preference::Unproven };
        Ok((self.plan, preference))
    }

    /// Goes through the actions once, until another plan is at hand or all of this one are settled.
    fn pass(&mut self) -> Result<(), Trouble> {
        let actions: Vec<(usize, Stands)> = self.stands.iter().map(|(action, stands)| (*action, *stands)).collect();
        let mut open = vec![];
        for (action, stands) in actions {
            if self.settled.contains(&action) {
                continue;
            }
            let swap = self.swap_for(action, stands);
            if !self.is_done(action, stands) && swap.is_none() {
                if !self.is_out(action, stands) {
                    open.push((action, stands));
                }
                continue;
            }
            if let Some(earlier) = self.earlier(&open)? {
                self.plan = earlier;
                return Ok(());
            }
            self.close(&open);
            open.clear();
            self.swap(stands, swap);
            self.settle(action, stands);
            if self.settled.len() == self.length {
                break;
            }
        }
        Ok(())
    }

    fn is_done(&self, action: usize, stands: Stands) -> bool {
        match stands {
            Stands::Loose => self.plan.loose.contains(&action),
            Stands::In(kind, island) => {
                let way = |choice: &usize| self.asker.folded.first_way(kind, island, *choice);
                self.plan.choice.get(&(kind, island)).is_some_and(|choice| way(choice).contains(&action))
            }
        }
    }

    fn is_out(&self, action: usize, stands: Stands) -> bool {
        let all_out = |kind, island| {
            let mut with = self.choices_with(kind, island, action);
            self.is_together(kind, island) && with.all(|choice| self.choices_out.contains(&(kind, choice)))
        };
        self.out.contains(&action) || matches!(stands, Stands::In(kind, island) if all_out(kind, island))
    }

    fn is_together(&self, kind: usize, island: usize) -> bool {
        !self.place.alone.contains_key(&(kind, island))
    }

    fn choices_with(&self, kind: usize, island: usize, action: usize) -> impl Iterator<Item = usize> {
        let folded = self.asker.folded;
        let choices = 0..folded.kinds[kind].gains.len();
        choices.filter(move |choice| folded.first_way(kind, island, *choice).contains(&action))
    }

    /// An island alike that takes a choice with which this one would do the action.
    fn swap_for(&self, action: usize, stands: Stands) -> Option<usize> {
        let Stands::In(kind, island) = stands else { return None };
        if self.is_done(action, stands) || !self.is_together(kind, island) {
            return None;
        }
        let with: Vec<usize> = self.choices_with(kind, island, action).collect();
        let takes = |other: &usize| self.plan.choice.get(&(kind, *other)).is_some_and(|choice| with.contains(choice));
        self.place.together[kind].iter().copied().find(takes)
    }

    fn swap(&mut self, stands: Stands, other: Option<usize>) {
        if let (Stands::In(kind, island), Some(other)) = (stands, other) {
            let (own, others) = (self.plan.choice.remove(&(kind, island)), self.plan.choice.remove(&(kind, other)));
            self.plan.choice.extend(others.map(|choice| ((kind, island), choice)));
            self.plan.choice.extend(own.map(|choice| ((kind, other), choice)));
        }
    }

    fn settle(&mut self, action: usize, stands: Stands) {
        self.settled.insert(action);
        match stands {
            Stands::Loose => {
                self.question.done.insert(action);
            }
            Stands::In(kind, island) => self.place.settle(self.asker.folded, kind, island, action),
        }
    }

    /// A plan with what is settled and one of the open actions.
    fn earlier(&mut self, open: &[(usize, Stands)]) -> Result<Option<Settled>, Trouble> {
        if open.is_empty() || self.unproven == MOST_UNPROVEN {
            return Ok(None);
        }
        self.question.pools = self.place.pools(self.asker.folded);
        let mut wanted: Vec<Wanted> = vec![];
        for (action, stands) in open {
            wanted.extend(self.wanted(*action, *stands));
        }
        let mut seen = BTreeSet::new();
        wanted.retain(|wanted| seen.insert(*wanted));
        if wanted.is_empty() {
            return Ok(None);
        }
        self.question.wanted = wanted;
        match self.asker.ask(&self.question, &self.place) {
            Err(Trouble::Nodes(found)) => {
                self.unproven += usize::from(found.is_none());
                Ok(found)
            }
            answered => answered,
        }
    }

    fn wanted(&self, action: usize, stands: Stands) -> Vec<Wanted> {
        let Stands::In(kind, island) = stands else { return vec![Wanted::Loose(action)] };
        let alone = self.place.alone.keys().position(|key| *key == (kind, island));
        let pool = alone.map_or(kind, |index| self.place.together.len() + index);
        let open = |choice: &usize| self.question.pools[pool].choices.contains(choice);
        self.choices_with(kind, island, action).filter(open).map(|choice| Wanted::Choice(pool, choice)).collect()
    }

    /// None of the open actions is in any plan with what is settled.
    fn close(&mut self, open: &[(usize, Stands)]) {
        for (action, stands) in open {
            match stands {
                Stands::In(kind, island) if self.is_together(*kind, *island) => {
                    let with: Vec<(usize, usize)> =
                        self.choices_with(*kind, *island, *action).map(|choice| (*kind, choice)).collect();
                    self.choices_out.extend(with);
                }
                _ => {
                    self.out.insert(*action);
                }
            }
        }
    }
}
