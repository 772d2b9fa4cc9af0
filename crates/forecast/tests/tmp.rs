//! temporary experiments
mod world;
use aceq_forecast::*;
use world::{Recipe, World};
const WEEKS: [i32; 4] = [13, 26, 39, 52];
#[test]
fn seeds() {
    let mut tot = vec![[0.0; 3]; 4];
    for seed in 1..=8 {
        let world = World::new(Recipe { seed, partners: 40, weeks: 156, deals_a_year: 60, snapshot_days: 28 });
        let mut ignored = Ignored::default();
        let eps: Vec<Option<Episode>> = world.histories.iter().map(|h| Episode::new(h, &mut ignored)).collect();
        let flat: Vec<Episode> = eps.iter().flatten().cloned().collect();
        let model =
            LaunchModel::fitted(&Exposures::new(&flat, &world.snapshots, Landmarks::default()), &Defaults::default());
        let truth = world.truth(&WEEKS, 200);
        for ((i, deal), t) in world.open.iter().zip(&truth) {
            let known = eps[*i].as_ref().unwrap().known_on(world.end).unwrap();
            let c = LaunchCurve::new(&model, deal.partner, &known, world.end + 366);
            for h in 0..4 {
                let f = c.launched_by(world.end + 7 * WEEKS[h]);
                tot[h][0] += f;
                tot[h][1] += t[h];
                tot[h][2] += (f - t[h]).powi(2);
            }
        }
        eprintln!(
            "{seed} {:?} {:?} {:?}",
            model.fit.steps,
            model.shrinkage,
            tot.iter().map(|t| ((t[0] / t[1]) * 1000.).round() / 1000.).collect::<Vec<_>>()
        );
    }
    eprintln!("{:?}", tot.iter().map(|t| t[2]).collect::<Vec<_>>());
}
