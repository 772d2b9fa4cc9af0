//! Plans as documents: what is there, what may be done, what is the least, with the arithmetic.

use super::{
    Blocking, Chosen, Listed, NotProven, Obstacle, PlanAction, PlanCount, PlanGoal, PlanLimits, PlanProblem, PlanUnit,
    Planned, Plans, holds, plan,
};

const LIMITS: PlanLimits = PlanLimits { alternatives: 20, nodes: 20_000, ties: 20_000 };

fn unit<const N: usize>(ways: [&[usize]; N]) -> PlanUnit {
    PlanUnit { ways: ways.map(<[usize]>::to_vec).to_vec() }
}

/// So many units with a deal of their own, from this action on.
fn deals(first: usize, units: usize) -> Vec<PlanUnit> {
    (first..first + units).map(|action| unit([&[action]])).collect()
}

fn count(required: i64, certain: i64, units: Vec<PlanUnit>) -> PlanCount {
    PlanCount { required, certain, units }
}

fn costs(costs: &[u32]) -> Vec<PlanAction> {
    costs.iter().map(|cost| PlanAction { cost: *cost, group: 0 }).collect()
}

fn all(counts: usize) -> PlanGoal {
    PlanGoal::All((0..counts).map(PlanGoal::Count).collect())
}

fn plans(problem: &PlanProblem) -> Plans {
    match plan(problem, &LIMITS) {
        Planned::Plans(plans) => plans,
        other => panic!("{other:?}"),
    }
}

fn first(problem: &PlanProblem) -> (u64, Vec<usize>) {
    let plans = plans(problem);
    (plans.cost, plans.best[0].actions.clone())
}

/// 47 of 50 customers. Two deals of customer A (0, 1), one each of B, C and D (2, 3, 4).
/// Two deals of one customer count once: 0, 1 and 2 make 49. Any 3 of 4 customers: B C D by 1, A with two of them by 3 · 2.
#[test]
fn two_deals_of_one_customer_count_once() {
    let units = vec![unit([&[0], &[1]]), unit([&[2]]), unit([&[3]]), unit([&[4]])];
    let problem = PlanProblem { actions: costs(&[1; 5]), counts: vec![count(50, 47, units)], goal: PlanGoal::Count(0) };
    assert!(!holds(&problem, &[0, 1, 2]));
    let plans = plans(&problem);
    assert_eq!((plans.cost, plans.best.len(), plans.listed), (3, 1, Listed::All));
    let Chosen { actions, fixed, swaps } = &plans.best[0];
    assert_eq!((&actions[..], fixed.len()), (&[0, 2, 3][..], 0));
    assert_eq!((swaps[0].take, &swaps[0].of[0]), (3, &unit([&[0], &[1]])));
    assert_eq!(plans.best[0].plans(), 1 + 3 * 2);
}

/// 48 of 50, fifteen equal deals: 15 · 14 / 2 = 105 plans, one line.
#[test]
fn any_two_of_fifteen_are_one_line() {
    let problem =
        PlanProblem { actions: costs(&[1; 15]), counts: vec![count(50, 48, deals(0, 15))], goal: PlanGoal::Count(0) };
    let plans = plans(&problem);
    assert_eq!((plans.best.len(), plans.best[0].plans(), plans.listed), (1, 105, Listed::All));
    assert_eq!(plans.best[0].actions, [0, 1]);
}

/// 1 of 10 in one program, 1 of 5 in another. Deal 2 counts in both for 3 points; deals 0 and 1 in one each for 2.
/// 3 < 2 + 2: the deal that serves both, though each alone is cheaper.
#[test]
fn one_deal_serves_two_programs() {
    let mut problem = PlanProblem {
        actions: costs(&[2, 2, 3]),
        counts: vec![count(10, 9, vec![unit([&[0]]), unit([&[2]])]), count(5, 4, vec![unit([&[1]]), unit([&[2]])])],
        goal: all(2),
    };
    assert_eq!(first(&problem), (3, vec![2]));
    // For 4 points it is as good as the two: fewer actions come first.
    problem.actions[2].cost = 4;
    let plans = plans(&problem);
    let best: Vec<&[usize]> = plans.best.iter().map(|chosen| &chosen.actions[..]).collect();
    assert_eq!((plans.cost, &best[..]), (4, &[&[2][..], &[0, 1]][..]));
}

/// Lacking two in each of two counts: A and B count in both, C and D in one each. A and B do; so would no other two.
#[test]
fn what_counts_twice_is_seen() {
    let problem = PlanProblem {
        // C, D, A, B
        actions: costs(&[1; 4]),
        counts: vec![
            count(2, 0, vec![unit([&[0]]), unit([&[2]]), unit([&[3]])]),
            count(2, 0, vec![unit([&[1]]), unit([&[2]]), unit([&[3]])]),
        ],
        goal: all(2),
    };
    let plans = plans(&problem);
    assert_eq!((plans.cost, &plans.best[0].fixed[..], plans.listed), (2, &[2, 3][..], Listed::All));
}

/// Two persons need badges: Ada one of two, Bob both of two. Ada and Bob: 1 + 2 = 3 points; a new person costs 2 and stands in
/// for Bob at the same cost.
#[test]
fn a_way_needs_all_of_its_actions() {
    let units = vec![unit([&[0]]), unit([&[1, 2]]), unit([&[3]])];
    let problem =
        PlanProblem { actions: costs(&[1, 1, 1, 2]), counts: vec![count(2, 0, units)], goal: PlanGoal::Count(0) };
    let plans = plans(&problem);
    let best: Vec<&[usize]> = plans.best.iter().map(|chosen| &chosen.actions[..]).collect();
    assert_eq!((plans.cost, &best[..]), (3, &[&[0, 3][..], &[0, 1, 2]][..]));
}

/// Either 3 more customers (3 points), or 1 more in the public sector and an answer (1 + 1).
#[test]
fn the_cheaper_branch_is_taken() {
    let public = PlanGoal::All(vec![PlanGoal::Count(1), PlanGoal::Action(5)]);
    let problem = PlanProblem {
        actions: costs(&[1; 6]),
        counts: vec![count(50, 47, deals(0, 5)), count(10, 9, deals(4, 1))],
        goal: PlanGoal::Any(vec![PlanGoal::Count(0), public]),
    };
    assert_eq!(first(&problem), (2, vec![4, 5]));
}

/// "At least 2 of 3 specialisations": lacking 1, 4 and 2, at one point each: 1 + 2.
#[test]
fn enough_of_several() {
    let problem = PlanProblem {
        actions: costs(&[1; 9]),
        counts: vec![count(1, 0, deals(0, 2)), count(4, 0, deals(2, 4)), count(2, 0, deals(6, 3))],
        goal: PlanGoal::AtLeast(2, vec![PlanGoal::Count(0), PlanGoal::Count(1), PlanGoal::Count(2)]),
    };
    let plans = plans(&problem);
    // 2 ways for the first, 3 for the last.
    assert_eq!((plans.cost, plans.best[0].plans(), plans.listed), (3, 6, Listed::All));
    assert_eq!(plans.best[0].actions, [0, 6, 7]);
}

/// Answers side by side fold like deals: any 2 of 4 controls.
#[test]
fn answers_are_interchangeable() {
    let problem = PlanProblem {
        actions: costs(&[1; 4]),
        counts: vec![],
        goal: PlanGoal::AtLeast(2, (0..4).map(PlanGoal::Action).collect()),
    };
    let plans = plans(&problem);
    assert_eq!((plans.best.len(), plans.best[0].plans()), (1, 6));
}

/// Forty customers, each counted if its deal launches and the partner has declared something once. Lacking 30:
/// the declaration and any 30 of 40, told in one line.
#[test]
fn a_shared_action_is_settled_first() {
    let units = (1..41).map(|deal| unit([&[0, deal]])).collect();
    let problem = PlanProblem { actions: costs(&[1; 41]), counts: vec![count(30, 0, units)], goal: PlanGoal::Count(0) };
    let plans = plans(&problem);
    assert_eq!((plans.cost, plans.best.len(), plans.listed), (31, 1, Listed::All));
    assert_eq!(plans.best[0].fixed, [0]);
    assert_eq!((plans.best[0].swaps[0].take, plans.best[0].swaps[0].of.len()), (30, 40));
}

#[test]
fn nothing_to_do() {
    let problem = |goal| PlanProblem { actions: costs(&[1]), counts: vec![count(3, 3, deals(0, 1))], goal };
    assert_eq!(plan(&problem(PlanGoal::Count(0)), &LIMITS), Planned::Already);
    assert_eq!(plan(&problem(PlanGoal::Always), &LIMITS), Planned::Already);
    assert_eq!(plan(&problem(PlanGoal::All(vec![])), &LIMITS), Planned::Already);
}

/// 47 certain and two deals: 49 < 50. The second count could be met; a choice names both of its parts.
#[test]
fn what_cannot_be_met_is_named() {
    let goal = PlanGoal::All(vec![
        PlanGoal::Count(1),
        PlanGoal::Any(vec![PlanGoal::Count(0), PlanGoal::Never]),
        PlanGoal::Action(7),
        PlanGoal::AtLeast(3, vec![PlanGoal::Always, PlanGoal::Count(0)]),
    ]);
    let counts = vec![count(50, 47, deals(0, 2)), count(1, 0, deals(0, 1))];
    let problem = PlanProblem { actions: costs(&[1; 2]), counts, goal };
    let at = |path: &[usize], obstacle| Blocking { path: path.to_vec(), obstacle };
    let blocking = vec![
        at(&[1, 0], Obstacle::Count { count: 0, reachable: 49, required: 50 }),
        at(&[1, 1], Obstacle::Never),
        at(&[2], Obstacle::Absent),
        at(&[3], Obstacle::Parts { least: 3, parts: 2 }),
    ];
    assert_eq!(plan(&problem, &LIMITS), Planned::Impossible { blocking });
}

/// Costs of a billion and of one: the solver could not tell them apart, so it is not asked. In hundreds of millions
/// they are 10 and 1.
#[test]
fn costs_too_far_apart_are_refused() {
    let problem = |costs_of: &[u32]| PlanProblem {
        actions: costs(costs_of),
        counts: vec![count(1, 0, deals(0, 2))],
        goal: PlanGoal::Count(0),
    };
    let refused = NotProven::Costs { total: 1_000_000_001 };
    assert_eq!(plan(&problem(&[1_000_000_000, 1]), &LIMITS), Planned::NotProven(refused));
    assert_eq!(first(&problem(&[1_000_000_000, 100_000_000])), (100_000_000, vec![1]));
}

/// A free action is done if it spares a point, and not else.
#[test]
fn free_actions_are_not_done_in_vain() {
    let problem = PlanProblem {
        actions: costs(&[1, 0, 0]),
        counts: vec![count(1, 0, vec![unit([&[0], &[1]])])],
        goal: PlanGoal::Count(0),
    };
    let plans = plans(&problem);
    assert_eq!((plans.cost, plans.best.len(), &plans.best[0].actions[..]), (0, 1, &[1][..]));
}
