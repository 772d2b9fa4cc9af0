//! The cheapest plans for a large partner of two programs: how long does it take?
//!
//! `cargo run --release -p aceq-forecast --example plan_speed`

#[path = "../tests/world/dice.rs"]
mod dice;
#[path = "../tests/world/programs.rs"]
mod programs;

use aceq_forecast::{PlanLimits, PlanProblem, Planned, plan};
use programs::World;

#[expect(clippy::disallowed_methods, reason = "an example that measures time")]
fn main() {
    for actions in [200, 1_000, 2_000] {
        for seed in 1..=3 {
            let problem = World::joint(seed, actions);
            let started = std::time::Instant::now();
            let planned = plan(&problem, &PlanLimits::default());
            let took = started.elapsed();
            let first = plan(&problem, &PlanLimits { alternatives: 1, ..PlanLimits::default() });
            let alone = started.elapsed() - took;
            println!("{}; all {took:.0?}, the first alone {alone:.0?}", told(&problem, &planned));
            assert_eq!(cost(&planned), cost(&first));
        }
    }
}

fn cost(planned: &Planned) -> Option<u64> {
    match planned {
        Planned::Plans(plans) => Some(plans.cost),
        _ => None,
    }
}

fn told(problem: &PlanProblem, planned: &Planned) -> String {
    let size = format!("{} actions, {} counts", problem.actions.len(), problem.counts.len());
    match planned {
        Planned::Plans(plans) => {
            let (first, number) = (&plans.best[0], plans.best.len());
            let stands_for: u64 = plans.best.iter().map(|chosen| chosen.plans()).fold(0, u64::saturating_add);
            let length = first.actions.len();
            format!(
                "{size}: {} points, {length} actions, {number} entries ({:?}) for {stands_for:.0} plans",
                plans.cost, plans.listed
            )
        }
        other => format!("{size}: {other:?}"),
    }
}
