//! A partner of two programs that share deals and people, as large as they come.
//!
//! ```text
//!  actions   deals (1 point, or 1 to 5 by stage) · references (1) · badges (2) · answers (1) · new customers (8)
//!  counts    program 1: 50 customers, each of 8 workloads, each of 4 regions, large ones, 5 levels of people
//!            program 2: 12 customers of one workload, 6 of them with a reference, recent ones, 5 levels of people
//!  goal      all of: the counts, most answers, 5 of the 8 workloads, 3 of the 4 regions
//! ```

use crate::dice::Dice;
use aceq_forecast::{PlanAction, PlanCount, PlanGoal, PlanProblem, PlanUnit};

const WORKLOADS: usize = 8;
const REGIONS: usize = 4;
const BADGES: usize = 5;

/// What is open and may launch.
struct Deal {
    action: usize,
    /// With which it may be told in public.
    reference: usize,
    workload: u64,
    region: usize,
    large: bool,
    recent: bool,
}

/// What deals cost.
#[derive(Clone, Copy, Debug)]
pub enum Costs {
    /// One point each.
    Equal,
    /// One to five, by stage.
    Staged,
}

/// Builds a problem.
pub struct World {
    dice: Dice,
    costs: Costs,
    pub problem: PlanProblem,
}

/// Sort of action.
const DEAL: u32 = 0;
const REFERENCE: u32 = 1;
const BADGE: u32 = 2;
const ANSWER: u32 = 3;
const NEW: u32 = 4;

impl World {
    /// A joint problem of two programs, with about so many actions.
    pub fn joint(seed: u64, actions: usize, costs: Costs) -> PlanProblem {
        let mut world = Self { dice: Dice::new(seed), costs, problem: PlanProblem::default() };
        let customers = world.customers(actions * 2 / 5);
        let mut goals = world.program_one(&customers);
        goals.extend(world.program_two(&customers));
        goals.extend(world.people(actions / 5));
        goals.extend(world.answers(40));
        world.problem.goal = PlanGoal::All(goals);
        world.problem
    }

    fn act(&mut self, cost: u32, group: u32) -> usize {
        self.problem.actions.push(PlanAction { cost, group });
        self.problem.actions.len() - 1
    }

    /// One to three deals each; the last twenty are yet to be won.
    fn customers(&mut self, deals: usize) -> Vec<Vec<Deal>> {
        let mut customers: Vec<Vec<Deal>> = vec![];
        let mut made = 0;
        while made < deals {
            let of_customer = [1, 1, 1, 2, 3][self.dice.below(5) as usize];
            let region = self.dice.below(REGIONS as i32) as usize;
            customers.push((0..of_customer).map(|_| self.deal(region)).collect());
            made += of_customer;
        }
        for _ in 0..20 {
            let action = self.act(8, NEW);
            let reference = self.act(1, REFERENCE);
            customers.push(vec![Deal { action, reference, workload: 1, region: 0, large: false, recent: true }]);
        }
        customers
    }

    fn deal(&mut self, region: usize) -> Deal {
        let staged = [1, 1, 2, 3, 5][self.dice.below(5) as usize];
        let cost = match self.costs {
            Costs::Equal => 1,
            Costs::Staged => staged,
        };
        let (action, reference) = (self.act(cost, DEAL), self.act(1, REFERENCE));
        let workload = 1 << self.dice.below(WORKLOADS as i32) | 1 << self.dice.below(WORKLOADS as i32);
        Deal { action, reference, workload, region, large: self.dice.below(5) == 0, recent: self.dice.below(3) > 0 }
    }

    /// A count of customers by the deals that fit.
    fn count(&mut self, lacking: i64, customers: &[Vec<Deal>], fits: impl Fn(&Deal) -> bool, told: bool) -> PlanGoal {
        let way = |deal: &Deal| if told { vec![deal.action, deal.reference] } else { vec![deal.action] };
        let unit = |deals: &Vec<Deal>| PlanUnit { ways: deals.iter().filter(|deal| fits(deal)).map(way).collect() };
        let units = customers.iter().map(unit).collect();
        self.problem.counts.push(PlanCount { required: 10 + lacking, certain: 10, units });
        PlanGoal::Count(self.problem.counts.len() - 1)
    }

    fn program_one(&mut self, customers: &[Vec<Deal>]) -> Vec<PlanGoal> {
        let mut goals =
            vec![self.count(22, customers, |_| true, false), self.count(7, customers, |deal| deal.large, false)];
        let workloads: Vec<PlanGoal> = (0..WORKLOADS)
            .map(|workload| {
                self.count(4 + workload as i64, customers, |deal| deal.workload >> workload & 1 == 1, false)
            })
            .collect();
        let regions: Vec<PlanGoal> = (0..REGIONS)
            .map(|region| self.count(3 + 2 * region as i64, customers, |deal| deal.region == region, false))
            .collect();
        goals.push(PlanGoal::AtLeast(5, workloads));
        goals.push(PlanGoal::AtLeast(3, regions));
        goals
    }

    fn program_two(&mut self, customers: &[Vec<Deal>]) -> Vec<PlanGoal> {
        let in_program = |deal: &Deal| deal.workload & 1 == 1;
        let told = self.count(6, customers, in_program, true);
        let recent = self.count(5, customers, |deal| in_program(deal) && deal.recent, false);
        vec![
            self.count(9, customers, in_program, false),
            told,
            PlanGoal::Any(vec![recent, self.count(4, customers, |deal| deal.large && deal.recent, true)]),
        ]
    }

    /// Persons lack some of five badges; levels ask for one badge, for two, for either.
    fn people(&mut self, actions: usize) -> Vec<PlanGoal> {
        let mut levels: Vec<Vec<PlanUnit>> = vec![vec![]; BADGES * 2];
        for _ in 0..actions / 3 {
            let badges: Vec<Option<usize>> =
                (0..BADGES).map(|_| (self.dice.below(5) < 3).then(|| self.act(2, BADGE))).collect();
            for badge in 0..BADGES {
                let (one, next) = (badges[badge], badges[(badge + 1) % BADGES]);
                let both: Vec<usize> = one.into_iter().chain(next).collect();
                let either = one.into_iter().chain(next).map(|action| vec![action]).collect();
                if one.is_some() {
                    levels[badge].push(PlanUnit { ways: vec![vec![both[0]]] });
                }
                if !both.is_empty() {
                    let ways = if badge % 2 == 0 { vec![both] } else { either };
                    levels[BADGES + badge].push(PlanUnit { ways });
                }
            }
        }
        let mut goals = vec![];
        for (level, units) in levels.into_iter().enumerate() {
            self.problem.counts.push(PlanCount { required: 4 + level as i64 % 4, certain: 2, units });
            goals.push(PlanGoal::Count(self.problem.counts.len() - 1));
        }
        goals
    }

    fn answers(&mut self, answers: usize) -> Vec<PlanGoal> {
        let answers: Vec<PlanGoal> = (0..answers).map(|_| PlanGoal::Action(self.act(1, ANSWER))).collect();
        let (all, some) = answers.split_at(10);
        vec![PlanGoal::All(all.to_vec()), PlanGoal::AtLeast(some.len() * 4 / 5, some.to_vec())]
    }
}
