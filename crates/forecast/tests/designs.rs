//! Which design forecasts best where deals move from stage to stage: the evidence behind `docs/forecasting.md`.
//!
//! Worlds with known chances (see `world`): every design learns from the same snapshots, forecasts every deal that is open
//! at the end, and is held against the true probabilities, which 400 continuations of each deal give.
//! `cargo test --release -p aceq-forecast --test designs -- --nocapture` prints the table of the page.

mod world;

use aceq_forecast::{
    Cell, Defaults, End, Episode, Exposures, Hazards, Ignored, Known, Landmarks, LaunchCurve, LaunchModel, Outcome,
    PERIOD_DAYS,
};
use world::{Recipe, World};

/// Forecast horizons, in weeks.
const WEEKS: [i32; 4] = [13, 26, 39, 52];

/// Forecasts of all open deals by one design, at each horizon.
struct Forecasts {
    design: &'static str,
    probabilities: Vec<[f64; 4]>,
}

/// A world, what snapshots told of it, and the deals to forecast.
struct Case {
    world: World,
    /// One per history.
    episodes: Vec<Option<Episode>>,
    open: Vec<(u32, Known)>,
    truth: Vec<Vec<f64>>,
}

/// What is known of a deal that is open at the end of a world.
fn observed(episode: &Option<Episode>, end: i32) -> Known {
    let known = episode.as_ref().and_then(|episode| episode.known_on(end));
    known.expect("the newest snapshot of a world shows every open deal")
}

impl Case {
    fn new(recipe: Recipe) -> Self {
        let world = World::new(recipe);
        let mut ignored = Ignored::default();
        let episodes: Vec<Option<Episode>> =
            world.histories.iter().map(|history| Episode::new(history, &mut ignored)).collect();
        let known = |index: usize| observed(&episodes[index], world.end);
        let open = world.open.iter().map(|(index, deal)| (deal.partner, known(*index))).collect();
        let truth = world.truth(&WEEKS, 400);
        Self { world, episodes, open, truth }
    }

    fn model(&self, landmarks: Landmarks) -> LaunchModel {
        let episodes: Vec<Episode> = self.episodes.iter().flatten().cloned().collect();
        LaunchModel::fitted(&Exposures::new(&episodes, &self.world.snapshots, landmarks), &Defaults::default())
    }

    fn forecasts(&self, design: &'static str, curve: impl Fn(u32, &Known) -> LaunchCurve) -> Forecasts {
        let at = |curve: LaunchCurve| WEEKS.map(|week| curve.launched_by(self.world.end + 7 * week));
        let probabilities = self.open.iter().map(|(partner, known)| at(curve(*partner, known))).collect();
        Forecasts { design, probabilities }
    }

    /// Per horizon the mean squared distance to the truth in thousandths, and forecast launches over true ones.
    fn errors(&self, forecasts: &Forecasts) -> [(f64, f64); 4] {
        [0, 1, 2, 3].map(|horizon| {
            let pairs = || forecasts.probabilities.iter().zip(&self.truth).map(|(f, t)| (f[horizon], t[horizon]));
            let squares: f64 = pairs().map(|(forecast, truth)| (forecast - truth).powi(2)).sum();
            let totals = pairs().fold((0.0, 0.0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1));
            (1000.0 * squares / self.truth.len() as f64, totals.0 / totals.1)
        })
    }
}

/// The chosen design.
fn landmarks(case: &Case) -> Forecasts {
    let model = case.model(Landmarks::default());
    case.forecasts("landmarks", |partner, known| LaunchCurve::new(&model, partner, known, known.day + 364))
}

/// Its beginning: no data at all.
fn defaults(case: &Case) -> Forecasts {
    let model = LaunchModel::of_defaults(&Defaults::default());
    case.forecasts("defaults, no data", |partner, known| LaunchCurve::new(&model, partner, known, known.day + 364))
}

/// The hazard of the coming week at today's stage and age, stepped on: age grows, the target comes nearer, the stage stays.
fn held_stage(case: &Case) -> Forecasts {
    let model = case.model(Landmarks { days_apart: 7, weeks: 1 });
    case.forecasts("hazards, stage held", |partner, known| {
        let weeks = (0..52).map(|week| {
            let (day, age) = (known.day + week * PERIOD_DAYS, known.age.map(|age| age + week * PERIOD_DAYS));
            model.hazards(Cell::new(&Known { day, age, ..*known }, 0), model.factors(partner))
        });
        LaunchCurve::of_hazards(known.day, weeks)
    })
}

/// Moves from stage to stage between snapshots, counted over all deals, stepped on.
fn chain_of_stages(case: &Case) -> Forecasts {
    let days = &case.world.snapshots[&0];
    let mut counts = [[0.5; 7]; 5];
    for (known, episode, later) in case.episodes.iter().flatten().flat_map(|episode| {
        days.windows(2).filter_map(move |pair| Some((episode.known_on(pair[0])?, episode, episode.known_on(pair[1]))))
    }) {
        let to = match (later, episode.end) {
            (Some(later), _) => later.stage.rank(),
            (None, End::Closed(Outcome::Launched, _)) => 5,
            (None, End::Closed(Outcome::Lost, _)) => 6,
            (None, End::Open) => continue,
        };
        counts[known.stage.rank()][to] += 1.0;
    }
    let moves = counts.map(|row| row.map(|count| count / row.iter().sum::<f64>()));
    let step = days[1] - days[0];
    case.forecasts("chain of stages", |_, known| stepped(&moves, step, known))
}

fn stepped(moves: &[[f64; 7]; 5], step: i32, known: &Known) -> LaunchCurve {
    let mut at = [0.0; 7];
    at[known.stage.rank()] = 1.0;
    let mut weeks = Vec::new();
    for _ in 0..364 / step + 1 {
        let mut next = [0.0; 7];
        (next[5], next[6]) = (at[5], at[6]);
        for (share, row) in at.iter().zip(moves) {
            next.iter_mut().zip(row).for_each(|(next, probability)| *next += share * probability);
        }
        let (open, still_open) = (at[..5].iter().sum::<f64>(), next[..5].iter().sum::<f64>());
        // The same launches, spread over the weeks of the step by a constant hazard.
        let ended = 1.0 - (still_open / open).powf(7.0 / f64::from(step));
        let launched = (next[5] - at[5]) / (open - still_open);
        let hazards = Hazards { launched: ended * launched, lost: ended * (1.0 - launched) };
        weeks.extend(std::iter::repeat_n(hazards, step as usize / 7));
        at = next;
    }
    LaunchCurve::of_hazards(known.day, weeks.into_iter())
}

/// Aalen and Johansen's estimate by weeks since a snapshot, over all open deals alike.
fn plain_competing_risks(case: &Case) -> Forecasts {
    let (mut at_risk, mut ends) = ([0.0; 52], [[0.0; 2]; 52]);
    for episode in case.episodes.iter().flatten() {
        for day in case.world.snapshots[&0].iter().filter(|day| episode.known_on(**day).is_some()) {
            for week in 0..52 {
                let until = day + 7 * (week as i32 + 1);
                match episode.end {
                    End::Open if until > episode.open_until => break,
                    End::Closed(outcome, when) if when.on.unwrap_or(when.until) <= until => {
                        at_risk[week] += 1.0;
                        ends[week][outcome as usize] += 1.0;
                        break;
                    }
                    _ => at_risk[week] += 1.0,
                }
            }
        }
    }
    let hazard =
        |week: usize, outcome: usize| if at_risk[week] > 0.0 { ends[week][outcome] / at_risk[week] } else { 0.0 };
    let curve = LaunchCurve::of_hazards(
        case.world.end,
        (0..52).map(|week| Hazards { launched: hazard(week, 0), lost: hazard(week, 1) }),
    );
    case.forecasts("plain competing risks", |_, _| curve.clone())
}

/// Every open deal launches, some time, with the share of launches among deals that ended.
fn win_rate(case: &Case) -> Forecasts {
    let ended = |wanted: Outcome| {
        let of = |episode: &&Episode| matches!(episode.end, End::Closed(outcome, _) if outcome == wanted);
        case.episodes.iter().flatten().filter(of).count() as f64
    };
    let rate = ended(Outcome::Launched) / (ended(Outcome::Launched) + ended(Outcome::Lost));
    Forecasts { design: "win rate × open", probabilities: vec![[rate; 4]; case.open.len()] }
}

fn show(case: &Case, forecasts: &Forecasts) {
    let cells = case.errors(forecasts).map(|(error, ratio)| format!("{error:6.1} ×{ratio:.2}"));
    println!("{:<22} {}", forecasts.design, cells.join("  "));
}

/// Beats every other design at every horizon, by the factor given, and misses the total by at most a twentieth.
fn holds(recipe: Recipe, by: f64) {
    let case = Case::new(recipe);
    println!(
        "\n{} partners, {} weeks, snapshots every {} days: {} deals, {} open",
        recipe.partners,
        recipe.weeks,
        recipe.snapshot_days,
        case.world.histories.len(),
        case.open.len()
    );
    let chosen = landmarks(&case);
    show(&case, &chosen);
    let own = case.errors(&chosen);
    for other in [defaults, held_stage, chain_of_stages, plain_competing_risks, win_rate].map(|design| design(&case)) {
        show(&case, &other);
        for (horizon, (error, _)) in case.errors(&other).iter().enumerate() {
            assert!(own[horizon].0 * by < *error, "{} at {} weeks", other.design, WEEKS[horizon]);
        }
    }
    assert!(own.iter().all(|(_, ratio)| (0.95..1.05).contains(ratio)), "{own:?}");
}

const MANY: Recipe = Recipe { seed: 5, partners: 40, weeks: 156, deals_a_year: 60, snapshot_days: 28 };

#[test]
fn many_partners_and_monthly_snapshots() {
    holds(MANY, 3.5);
}

#[test]
fn many_partners_and_weekly_snapshots() {
    holds(Recipe { snapshot_days: 7, ..MANY }, 3.5);
}

#[test]
fn many_partners_and_quarterly_snapshots() {
    holds(Recipe { snapshot_days: 91, ..MANY }, 3.5);
}

#[test]
fn few_partners_and_two_years() {
    holds(Recipe { partners: 8, weeks: 104, ..MANY }, 2.0);
}
