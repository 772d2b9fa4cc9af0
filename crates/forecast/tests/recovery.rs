//! Known chances are recovered, and intervals cover as often as they say.

mod world;

use aceq_forecast::{
    CountDistribution, Defaults, Episode, Exposures, Happened, Ignored, Judged, JudgedInterval, Landmarks, LaunchCurve,
    LaunchModel, brier, calibration, coverage, log_score, skill,
};
use std::collections::BTreeMap;
use std::sync::LazyLock;
use world::{Dice, Recipe, World};

const WEEKS: [i32; 4] = [13, 26, 39, 52];
const WORLDS: u64 = 10;

/// What was forecast, was true, and happened, over ten worlds of 40 partners; per horizon.
struct Record {
    forecast: [f64; 4],
    truth: [f64; 4],
    deals: Vec<Vec<Judged>>,
    win_rate: Vec<Vec<Judged>>,
    counts: Vec<Vec<JudgedInterval>>,
}

static RECORD: LazyLock<Record> = LazyLock::new(record);

fn record() -> Record {
    let mut record = Record {
        forecast: [0.0; 4],
        truth: [0.0; 4],
        deals: vec![Vec::new(); 4],
        win_rate: vec![Vec::new(); 4],
        counts: vec![Vec::new(); 4],
    };
    for seed in 1..=WORLDS {
        let world = World::new(Recipe { seed, partners: 40, weeks: 156, deals_a_year: 60, snapshot_days: 28 });
        add(&mut record, &world, seed);
    }
    record
}

fn add(record: &mut Record, world: &World, seed: u64) {
    let mut ignored = Ignored::default();
    let episodes: Vec<Option<Episode>> =
        world.histories.iter().map(|history| Episode::new(history, &mut ignored)).collect();
    let model = model(world, &episodes);
    let truth = world.truth(&WEEKS, 100);
    let mut dice = Dice::new(1000 + seed);
    // Per partner and horizon: probabilities of its deals, and how many launched.
    let mut partners: BTreeMap<(u32, usize), (Vec<f64>, i64)> = BTreeMap::new();
    for ((index, deal), truth) in world.open.iter().zip(&truth) {
        let known = episodes[*index].as_ref().and_then(|episode| episode.known_on(world.end));
        let known = known.expect("the newest snapshot of a world shows every open deal");
        let curve = LaunchCurve::new(&model, deal.partner, &known, world.end + 364);
        let launch = deal.launch_within(world.end, 52, &mut dice);
        for (horizon, week) in WEEKS.iter().enumerate() {
            let day = world.end + 7 * week;
            let probability = curve.launched_by(day);
            let launched = launch.is_some_and(|launch| launch <= day);
            record.forecast[horizon] += probability;
            record.truth[horizon] += truth[horizon];
            record.deals[horizon].push(Judged { probability, outcome: launched.into() });
            // Some 28 % of all deals that ended had launched.
            record.win_rate[horizon].push(Judged { probability: 0.28, outcome: launched.into() });
            let partner = partners.entry((deal.partner, horizon)).or_default();
            partner.0.push(probability);
            partner.1 += i64::from(launched);
        }
    }
    for ((_, horizon), (probabilities, count)) in partners {
        let distribution = CountDistribution::new(0, probabilities);
        let (low, high) = (distribution.quantile(0.1), distribution.quantile(0.9));
        record.counts[horizon].push(JudgedInterval { low, high, count });
    }
}

fn model(world: &World, episodes: &[Option<Episode>]) -> LaunchModel {
    let episodes: Vec<Episode> = episodes.iter().flatten().cloned().collect();
    let exposures = Exposures::new(&episodes, &world.snapshots, Landmarks::default());
    LaunchModel::fitted(&exposures, &Defaults::default())
}

#[test]
fn known_chances_are_recovered_and_intervals_cover() {
    let record = &*RECORD;
    for (horizon, weeks) in WEEKS.iter().enumerate() {
        let ratio = record.forecast[horizon] / record.truth[horizon];
        let (own, base) = (brier(&record.deals[horizon]).unwrap(), brier(&record.win_rate[horizon]).unwrap());
        let covered = coverage(&record.counts[horizon]).unwrap();
        println!(
            "{weeks} weeks: forecast over truth {ratio:.3}, Brier {own:.4} (win rate {base:.4}, skill {:.2}), log {:.3}, 80 % \
             interval covers {covered:.3} of {}",
            skill(own, base).unwrap(),
            log_score(&record.deals[horizon]).unwrap(),
            record.counts[horizon].len()
        );
        assert!((0.96..1.03).contains(&ratio), "{ratio}");
        assert!(skill(own, base).unwrap() > 0.3);
        // Counts are whole, so that an interval of 80 % holds at least that; it may hold up to some 90 %.
        assert!((0.78..0.93).contains(&covered), "{covered}");
    }
}

#[test]
fn what_is_forecast_at_70_percent_happens_7_times_in_10() {
    let record = &*RECORD;
    for bin in record.deals.iter().flat_map(|deals| calibration(deals, 10)) {
        if let (Some(forecast), Some(observed)) = (bin.forecast, bin.observed) {
            let noise = 3.0 * (forecast * (1.0 - forecast) / bin.forecasts as f64).sqrt();
            println!("{:.2} {observed:.2} ({} forecasts)", forecast, bin.forecasts);
            assert!((forecast - observed).abs() < 0.06 + noise, "{bin:?}");
        }
    }
    assert!(record.deals[3].iter().any(|judged| judged.outcome == Happened::Yes));
}
