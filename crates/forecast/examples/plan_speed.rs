//! The cheapest plans for a large partner of two programs: how long does it take?
//!
//! `cargo run --release -p aceq-forecast --example plan_speed`

#[path = "../tests/world/dice.rs"]
mod dice;
#[path = "../tests/world/programs.rs"]
mod programs;

use aceq_forecast::{PlanLimits, PlanProblem, Planned, plan};
use programs::{Costs, World};

#[expect(clippy::disallowed_methods, reason = "an example that measures time")]
fn main() {
    for (costs, actions) in
        [Costs::Equal, Costs::Staged].into_iter().flat_map(|costs| [200, 1_000, 2_000].map(|n| (costs, n)))
    {
        for seed in 1..=3 {
            let problem = World::joint(seed, actions, costs);
            let started = std::time::Instant::now();
            let planned = plan(&problem, &PlanLimits::default());
            let took = started.elapsed();
            println!("{costs:?} costs, {} in {took:.0?}", told(&problem, &planned));
        }
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
                "{size}: {} points, {length} actions, {number} entries ({:?}, {:?}) for {stands_for:.0} plans",
                plans.cost, plans.listed, plans.preference
            )
        }
        other => format!("{size}: {other:?}"),
    }
}
