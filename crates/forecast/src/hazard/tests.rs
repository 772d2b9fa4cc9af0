//! The launch model between its defaults and its data, and beside a published estimator.

use super::{FitEnd, LaunchModel};
use crate::cell::{Cell, Due, Parameter};
use crate::defaults::Defaults;
use crate::episode::{Episode, Ignored, Known, Outcome};
use crate::exposure::{Exposures, Landmarks};
use crate::frailty::Factors;
use crate::launch::LaunchCurve;
use crate::opportunity::{History, Origin, Seen, Stage, State};
use std::collections::BTreeMap;

/// An opportunity of partner `partner`, open from day 0, ended (or last seen open) on a day.
fn deal(partner: u32, origin: Origin, stage: Stage, end: Option<State>, day: i32) -> Episode {
    let seen = |first, last, state, target| Seen { first: Some(first), last: Some(last), state: Some(state), target };
    let states = match end {
        None => vec![seen(0, day, State::Open(stage), None)],
        Some(state) => vec![seen(0, 0, State::Open(stage), None), seen(1000, 1000, state, Some(day))],
    };
    Episode::new(&History { partner, origin, created: Some(0), seen: states }, &mut Ignored::default()).unwrap()
}

fn fitted(episodes: &[Episode]) -> LaunchModel {
    let snapshots: BTreeMap<u32, Vec<i32>> = episodes.iter().map(|episode| (episode.partner, vec![0])).collect();
    LaunchModel::fitted(&Exposures::new(episodes, &snapshots, Landmarks::default()), &Defaults::default())
}

fn new_in(stage: Stage) -> Known {
    Known { day: 0, stage, origin: Origin::Partner, age: Some(60), target: None, slips: 0, created: None }
}

fn percent(probability: f64) -> f64 {
    (probability * 100.0).round()
}

#[test]
fn without_data_the_defaults_hold_exactly() {
    let model = LaunchModel::of_defaults(&Defaults::default());
    for outcome in [Outcome::Launched, Outcome::Lost] {
        let prior = Defaults::default().prior(outcome);
        for parameter in Parameter::all() {
            assert_eq!(model.coefficient(parameter, outcome), prior.mean[parameter.place()], "{parameter:?}");
        }
    }
    assert_eq!((model.fit.weeks, model.fit.end, model.factors(7)), (0.0, FitEnd::Converged, Factors::NONE));
}

/// What the defaults say, as docs/forecasting.md prints it: launched after 13, 26, 52, 104 weeks, lost after 104, in %.
#[test]
fn what_the_defaults_say() {
    let model = LaunchModel::of_defaults(&Defaults::default());
    let says = |stage| {
        let curve = LaunchCurve::new(&model, 0, &new_in(stage), 728);
        let launched = [91, 182, 364, 728].map(|day| percent(curve.launched_by(day)));
        (launched, percent(curve.lost_by(728)))
    };
    let documented = [
        ([2.0, 6.0, 15.0, 18.0], 82.0),   // Prospect
        ([4.0, 13.0, 26.0, 29.0], 71.0),  // Qualified
        ([11.0, 30.0, 44.0, 46.0], 54.0), // Technical Validation
        ([32.0, 54.0, 63.0, 64.0], 36.0), // Business Validation
        ([69.0, 81.0, 84.0, 84.0], 16.0), // Committed
    ];
    assert_eq!(Stage::ALL.map(says), documented);
}

/// A target that is near doubles the odds of the coming weeks, a long overdue one halves them.
#[test]
fn a_target_date_moves_the_default() {
    let model = LaunchModel::of_defaults(&Defaults::default());
    let hazard = |target| model.hazards(Cell::new(&Known { target, ..new_in(Stage::Committed) }, 0), Factors::NONE);
    let odds = |target| {
        let hazards = hazard(target);
        hazards.launched / (1.0 - hazards.launched - hazards.lost)
    };
    assert!((odds(Some(20)) / odds(None) - 0.7f64.exp()).abs() < 1e-9);
    assert!((odds(Some(-200)) / odds(None) - (-0.7f64).exp()).abs() < 1e-9);
}

/// Numbers of lifelines 0.30.3, `AalenJohansenFitter`, on 2,000 deals made by this recipe (Python, the same constants):
/// `u, v, w` = fractions of `i · 0.6180339887498949`, `i · 0.4142135623730951`, `i · 0.7320508075688772`;
/// ends on day `ceil(200 · (−ln(1 − u))^(1/1.5))`, launched where `v < 0.45`, else lost; last seen on day
/// `100 + floor(600 w)` where that is earlier.
#[test]
fn agrees_with_the_aalen_johansen_estimate_of_lifelines() {
    let fraction = |x: f64| x - x.floor();
    let episodes: Vec<Episode> = (1..=2000)
        .map(|i| {
            let [u, v, w] = [0.618_033_988_749_894_9, 0.414_213_562_373_095_1, 0.732_050_807_568_877_2]
                .map(|c| fraction(f64::from(i) * c));
            let ends = (200.0 * (-(1.0 - u).ln()).powf(1.0 / 1.5)).ceil() as i32;
            let seen_until = 100 + (w * 600.0).floor() as i32;
            let state = if v < 0.45 { State::Launched } else { State::Lost };
            let (end, day) = if ends > seen_until { (None, seen_until) } else { (Some(state), ends) };
            deal(1, Origin::Partner, Stage::Qualified, end, day)
        })
        .collect();
    let model = fitted(&episodes);
    let known = Known {
        day: 0,
        stage: Stage::Qualified,
        origin: Origin::Partner,
        age: Some(0),
        target: None,
        slips: 0,
        created: Some(0),
    };
    let curve = LaunchCurve::new(&model, 1, &known, 400);
    //             day  launched  lost
    let lifelines = [
        (28, 0.0235, 0.0275),
        (91, 0.1190, 0.1450),
        (182, 0.2628, 0.3163),
        (273, 0.3584, 0.4390),
        (364, 0.4165, 0.4970),
    ];
    for (day, launched, lost) in lifelines {
        assert!((curve.launched_by(day) - launched).abs() < 0.012, "day {day}: {} {launched}", curve.launched_by(day));
        assert!((curve.lost_by(day) - lost).abs() < 0.012, "day {day}: {} {lost}", curve.lost_by(day));
    }
    assert!((model.fit.expected[0] - model.fit.observed[0]).abs() < 0.01 * model.fit.observed[0]);
}

/// Eight deals, six of them launched: the forecast moves from the default, but not to 75 %.
#[test]
fn eight_deals_move_the_defaults_a_little() {
    let eight: Vec<Episode> = (0..8)
        .map(|i| {
            let state = if i < 6 { State::Launched } else { State::Lost };
            deal(1, Origin::Partner, Stage::Qualified, Some(state), 60 + 30 * i)
        })
        .collect();
    let launched =
        |model: &LaunchModel| percent(LaunchCurve::new(model, 1, &new_in(Stage::Qualified), 364).launched_by(364));
    let (before, after) = (launched(&LaunchModel::of_defaults(&Defaults::default())), launched(&fitted(&eight)));
    assert!(before < after && after < 65.0, "{before} {after}");
}

/// 4,000 deals, AWS referrals launch twice as fast, nothing else differs: ln 2 = 0.69 is found.
#[test]
fn an_effect_is_recovered() {
    let episodes: Vec<Episode> = (0..4000)
        .map(|i| {
            let origin = if i % 2 == 0 { Origin::Aws } else { Origin::Partner };
            // The (i / 2)-th of 2,000 quantiles of a geometric time with hazard 2 h or h, and of a loss with hazard h.
            let u = (f64::from(i / 2) + 0.5) / 2000.0;
            let v = (f64::from(i / 2) * 0.618_033_988_749_894_9).fract();
            let weekly = if i % 2 == 0 { 0.04 } else { 0.02 };
            let days = |share: f64, hazard: f64| (7.0 * (1.0 - share).ln() / (1.0f64 - hazard).ln()).ceil() as i32;
            let (launch, loss) = (days(u, weekly), days(v, 0.02));
            let (state, day) = if launch <= loss { (State::Launched, launch) } else { (State::Lost, loss) };
            deal(1, origin, Stage::Committed, Some(state), day.clamp(1, 999))
        })
        .collect();
    let model = fitted(&episodes);
    assert!((model.coefficient(Parameter::Aws, Outcome::Launched) - 2f64.ln()).abs() < 0.08);
    assert!(model.coefficient(Parameter::Aws, Outcome::Lost).abs() < 0.08);
    // No target date was ever seen: its effects stay as documented.
    assert!((model.coefficient(Parameter::Due(Due::Within30), Outcome::Launched) - 0.7).abs() < 1e-9);
}

/// Six partners of 60 deals; one launches all, one loses all, the others half.
#[test]
fn partners_keep_part_of_their_difference() {
    let episodes: Vec<Episode> = (0..6)
        .flat_map(|partner| {
            (0..60).map(move |i| {
                let launched = partner == 0 || (partner > 1 && i % 2 == 0);
                let state = if launched { State::Launched } else { State::Lost };
                deal(partner, Origin::Partner, Stage::Qualified, Some(state), 10 + 5 * i)
            })
        })
        .collect();
    let model = fitted(&episodes);
    let launched: Vec<f64> = (0..6).map(|partner| model.factors(partner).launched).collect();
    assert!(launched[0] > 1.4 && launched[1] < 0.3 && (0.8..1.2).contains(&launched[2]), "{launched:?}");
    assert_eq!(model.factors(99), Factors::NONE);
}

/// The order of opportunities cannot change a bit, since their weeks are summed exactly before anything is computed.
#[test]
fn order_changes_no_bit() {
    let mut episodes: Vec<Episode> = (0..50)
        .map(|i| {
            let state = [Some(State::Launched), Some(State::Lost), None][i as usize % 3];
            deal((i % 7) as u32, Origin::Unknown, Stage::ALL[i as usize % 5], state, 20 + 11 * i)
        })
        .collect();
    let forward = fitted(&episodes);
    episodes.reverse();
    assert_eq!(forward, fitted(&episodes));
}

/// A launch in the first week of every deal: hazards of one, coefficients far out, still numbers.
#[test]
fn data_that_separate_completely_stay_finite() {
    let all: Vec<Episode> =
        (0..500).map(|_| deal(1, Origin::Partner, Stage::Prospect, Some(State::Launched), 1)).collect();
    let model = fitted(&all);
    let known = Known { age: Some(0), created: Some(0), ..new_in(Stage::Prospect) };
    let week = LaunchCurve::new(&model, 1, &known, 7).launched_by(7);
    assert!(week > 0.95 && week <= 1.0, "{week}");
    assert_eq!(model.fit.end, FitEnd::Converged);
}
