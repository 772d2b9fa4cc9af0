//! Which design forecasts best where stages move: the evidence for landmarks.

mod world;

use aceq_forecast::{
    BANDS, Cell, Defaults, End, Episode, Exposures, Hazards, Ignored, Known, Landmarks, LaunchCurve, LaunchModel,
    Outcome, PERIOD_DAYS, Stage,
};
use world::{Recipe, World};

const WEEKS: [i32; 4] = [13, 26, 39, 52];

fn episodes(world: &World) -> Vec<Option<Episode>> {
    let mut ignored = Ignored::default();
    world.histories.iter().map(|history| Episode::new(history, &mut ignored)).collect()
}

fn model(world: &World, landmarks: Landmarks) -> LaunchModel {
    let episodes: Vec<Episode> = episodes(world).into_iter().flatten().collect();
    LaunchModel::fitted(&Exposures::new(&episodes, &world.snapshots, landmarks), &Defaults::default())
}

/// The design that was not chosen: the hazard of the coming week at today's stage and age, stepped on with the stage held.
fn held(model: &LaunchModel, partner: u32, known: &Known) -> LaunchCurve {
    let factors = model.factors(partner);
    let hazards = (0..52).map(|week| {
        let later =
            Known { day: known.day + week * PERIOD_DAYS, age: known.age.map(|age| age + week * PERIOD_DAYS), ..*known };
        model.hazards(Cell::new(&later, 0), factors)
    });
    LaunchCurve::of_hazards(known.day, hazards)
}

/// The other: moves from stage to stage within 28 days, counted over all deals, stepped on.
fn chain(episodes: &[Option<Episode>], snapshots: &[i32]) -> [[f64; 7]; 5] {
    let mut counts = [[0.0; 7]; 5];
    let newest = snapshots.iter().copied().max().unwrap();
    for episode in episodes.iter().flatten() {
        for day in snapshots.iter().filter(|day| (newest - **day) % 28 == 0) {
            let Some(known) = episode.known_on(*day) else { continue };
            let to = match (episode.known_on(day + 28), episode.end) {
                (Some(next), _) => next.stage.rank(),
                (None, End::Closed(Outcome::Launched, _)) => 5,
                (None, End::Closed(Outcome::Lost, _)) => 6,
                (None, End::Open) => continue,
            };
            counts[known.stage.rank()][to] += 1.0;
        }
    }
    counts.map(|row| row.map(|count| count / row.iter().sum::<f64>()))
}

fn chain_probability(chain: &[[f64; 7]; 5], stage: Stage, weeks: i32) -> f64 {
    let mut at = [0.0; 7];
    at[stage.rank()] = 1.0;
    let mut before = 0.0;
    let mut steps = weeks as f64 / 4.0;
    loop {
        let mut next = [0.0; 7];
        next[5] = at[5];
        next[6] = at[6];
        for rank in 0..5 {
            for to in 0..7 {
                next[to] += at[rank] * chain[rank][to];
            }
        }
        if steps < 1.0 {
            return before + steps * (next[5] - before);
        }
        at = next;
        before = at[5];
        steps -= 1.0;
    }
}

/// Mean squared distance to the true probabilities, in thousandths, and forecast total over true total.
fn show(name: &str, forecast: &[Vec<f64>], truth: &[Vec<f64>]) -> Vec<f64> {
    let mut line = format!("{name:<22}");
    let mut errors = Vec::new();
    for horizon in 0..WEEKS.len() {
        let pairs = forecast.iter().zip(truth).map(|(f, t)| (f[horizon], t[horizon]));
        let error = pairs.clone().map(|(f, t)| (f - t).powi(2)).sum::<f64>() / truth.len() as f64 * 1000.0;
        let ratio = pairs.clone().map(|p| p.0).sum::<f64>() / pairs.map(|p| p.1).sum::<f64>();
        line += &format!("  {error:7.2} x{ratio:.2}");
        errors.push(error);
    }
    eprintln!("{line}");
    errors
}

fn compare(recipe: Recipe) {
    let world = World::new(recipe);
    let episodes = episodes(&world);
    let truth = world.truth(&WEEKS, 400);
    eprintln!("open {} of {}", world.open.len(), world.histories.len());
    let knowns: Vec<(u32, Known)> = world
        .open
        .iter()
        .map(|(index, deal)| (deal.partner, episodes[*index].as_ref().unwrap().known_on(world.end).unwrap()))
        .collect();
    let at = |curve: LaunchCurve| WEEKS.map(|week| curve.launched_by(world.end + 7 * week)).to_vec();
    let until = world.end + 7 * 52;
    let default = LaunchModel::of_defaults(&Defaults::default());
    let landmark = model(&world, Landmarks::default());
    eprintln!("fit {:?} {:?}", landmark.fit, landmark.shrinkage);
    let of = |model: &LaunchModel| -> Vec<Vec<f64>> {
        knowns.iter().map(|(partner, known)| at(LaunchCurve::new(model, *partner, known, until))).collect()
    };
    show("defaults", &of(&default), &truth);
    show("landmarks", &of(&landmark), &truth);
    let apart = model(&world, Landmarks { days_apart: 91, ..Landmarks::default() });
    show("landmarks, 91 days", &of(&apart), &truth);
    let weekly = model(&world, Landmarks { days_apart: 7, weeks: 1 });
    let held: Vec<Vec<f64>> = knowns.iter().map(|(partner, known)| at(held(&weekly, *partner, known))).collect();
    show("held stage", &held, &truth);
    let matrix = chain(&episodes, &world.snapshots[&0]);
    let chained: Vec<Vec<f64>> = knowns
        .iter()
        .map(|(_, known)| WEEKS.map(|week| chain_probability(&matrix, known.stage, week)).to_vec())
        .collect();
    show("chain of stages", &chained, &truth);
    let plain = plain(&episodes, &world);
    show("plain competing risks", &vec![at(plain); truth.len()], &truth);
    let wins = episodes.iter().flatten().filter(|e| matches!(e.end, End::Closed(Outcome::Launched, _))).count() as f64;
    let losses = episodes.iter().flatten().filter(|e| matches!(e.end, End::Closed(Outcome::Lost, _))).count() as f64;
    show("win rate x open", &vec![vec![wins / (wins + losses); 4]; truth.len()], &truth);
    let mean = (0..4).map(|h| truth.iter().map(|t| t[h]).sum::<f64>() / truth.len() as f64).collect::<Vec<_>>();
    show("true mean", &vec![mean; truth.len()], &truth);
}

/// Aalen-Johansen by weeks since the landmark, no covariates.
fn plain(episodes: &[Option<Episode>], world: &World) -> LaunchCurve {
    let _ = (BANDS, Hazards { launched: 0.0, lost: 0.0 });
    let (mut risk, mut ends) = (vec![0.0; 60], vec![[0.0; 2]; 60]);
    for episode in episodes.iter().flatten() {
        for day in &world.snapshots[&0] {
            if episode.known_on(*day).is_none() {
                continue;
            }
            for week in 0..60 {
                let start = day + 7 * week;
                match episode.end {
                    End::Open if start + 7 > episode.open_until => break,
                    End::Closed(outcome, when) if when.on.unwrap() <= start + 7 => {
                        risk[week as usize] += 1.0;
                        ends[week as usize][outcome as usize] += 1.0;
                        break;
                    }
                    _ => risk[week as usize] += 1.0,
                }
            }
        }
    }
    let hazards =
        (0..52).map(|week| Hazards { launched: ends[week][0] / risk[week], lost: ends[week][1] / risk[week] });
    LaunchCurve::of_hazards(world.end, hazards)
}

#[test]
fn designs() {
    for (partners, weeks, snapshot_days) in [(40, 156, 7), (40, 156, 28), (8, 104, 28), (2, 52, 28), (40, 156, 91)] {
        eprintln!("== {partners} partners, {weeks} weeks, snapshots every {snapshot_days} days");
        compare(Recipe { seed: 5, partners, weeks, deals_a_year: 60, snapshot_days });
    }
}
