//! Plans for the largest problems that occur: two programs, some thirty counts over shared deals and people, 2,000 actions.

#[path = "world/dice.rs"]
mod dice;
#[path = "world/programs.rs"]
mod programs;

use aceq_forecast::{PlanGoal, PlanLimits, PlanProblem, Planned, holds, plan};
use programs::{Costs, World};

#[test]
fn a_joint_plan_for_two_programs() {
    let problem = World::joint(1, 2_000, Costs::Equal);
    let Planned::Plans(plans) = plan(&problem, &PlanLimits::default()) else { panic!("it can be met") };
    let first = &plans.best[0];
    assert!(holds(&problem, &first.actions));
    assert_eq!(first.actions.iter().map(|action| u64::from(problem.actions[*action].cost)).sum::<u64>(), plans.cost);
    for left in &first.actions {
        let rest: Vec<usize> = first.actions.iter().copied().filter(|action| action != left).collect();
        assert!(!holds(&problem, &rest), "{left} is done in vain");
    }
}

/// Where no one can go through all sets, two questions that must have one answer: the same problem with its actions in
/// another order, and with every cost times seven.
#[test]
fn order_and_unit_of_cost_are_of_no_matter() {
    for seed in 1..=6 {
        let problem = World::joint(seed, 150, Costs::Staged);
        let first = least(&problem);
        assert!(first.is_some(), "seed {seed} can be met");
        assert_eq!(least(&turned(&problem)), first, "seed {seed}, in another order");
        let mut dearer = problem.clone();
        dearer.actions.iter_mut().for_each(|action| action.cost *= 7);
        assert_eq!(least(&dearer), first.map(|cost| cost * 7), "seed {seed}, times seven");
    }
}

/// Points of the cheapest plans; equals are not told apart.
fn least(problem: &PlanProblem) -> Option<u64> {
    match plan(problem, &PlanLimits { alternatives: 1, ties: 0, ..PlanLimits::default() }) {
        Planned::Plans(plans) => Some(plans.cost),
        _ => None,
    }
}

/// The actions the other way round.
fn turned(problem: &PlanProblem) -> PlanProblem {
    let last = problem.actions.len() - 1;
    let mut turned = problem.clone();
    turned.actions.reverse();
    let units = turned.counts.iter_mut().flat_map(|count| &mut count.units);
    for action in units.flat_map(|unit| &mut unit.ways).flatten() {
        *action = last - *action;
    }
    turn(&mut turned.goal, last);
    turned
}

fn turn(goal: &mut PlanGoal, last: usize) {
    match goal {
        PlanGoal::Action(action) => *action = last - *action,
        PlanGoal::All(parts) | PlanGoal::Any(parts) | PlanGoal::AtLeast(_, parts) => {
            parts.iter_mut().for_each(|part| turn(part, last));
        }
        PlanGoal::Always | PlanGoal::Never | PlanGoal::Count(_) => {}
    }
}
