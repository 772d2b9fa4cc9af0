//! Plans for the largest problems that occur: two programs, some thirty counts over shared deals and people, 2,000 actions.

#[path = "world/dice.rs"]
mod dice;
#[path = "world/programs.rs"]
mod programs;

use aceq_forecast::{PlanLimits, Planned, holds, plan};
use programs::World;

#[test]
fn a_joint_plan_for_two_programs() {
    let problem = World::joint(1, 2_000);
    let Planned::Plans(plans) = plan(&problem, &PlanLimits::default()) else { panic!("it can be met") };
    let first = &plans.best[0];
    assert!(holds(&problem, &first.actions));
    assert_eq!(first.actions.iter().map(|action| u64::from(problem.actions[*action].cost)).sum::<u64>(), plans.cost);
    for left in &first.actions {
        let rest: Vec<usize> = first.actions.iter().copied().filter(|action| action != left).collect();
        assert!(!holds(&problem, &rest), "{left} is done in vain");
    }
}
