//! Draws against a scalar simulation on the same bits, and against exact distributions.

use super::launches::Launches;
use super::{Condition, DrawKey, DrawPlan, Drawn, DrawnCount, DrawnUnit, OpenOpportunity, cuts_for, draw, draw_all};
use crate::poisson_binomial::CountDistribution;
use aceq_timeline::Truth;
use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_assert_eq, proptest};

fn open(number: u64, launched_by: &[f64]) -> OpenOpportunity {
    OpenOpportunity { number, launched_by: launched_by.to_vec() }
}

fn unit(open: &[usize], sure_on: &[usize]) -> DrawnUnit {
    DrawnUnit { open: open.iter().map(|open| (*open).into()).collect(), sure_on: sure_on.to_vec() }
}

/// 5 standard errors of a share of `draws` that truly is `p`, and a bit for the precision of a probability.
fn slack(p: f64, draws: u32) -> f64 {
    5.0 * (p * (1.0 - p) / f64::from(draws)).sqrt() + 1e-9
}

/// One count of ten deals, at two dates, asked for every number.
fn ten_deals() -> (DrawPlan, [Vec<f64>; 2]) {
    let by = |deal: u32| [0.02 + 0.05 * f64::from(deal), 0.1 + 0.08 * f64::from(deal)];
    let plan = DrawPlan {
        key: DrawKey { seed: 11, partner_id: "P1".to_owned(), program: "smb".to_owned() },
        cuts: vec![10, 20],
        dates: vec![0, 1],
        open: (0..10).map(|deal| open(u64::from(deal), &by(deal))).collect(),
        counts: vec![DrawnCount {
            certain: vec![3, 3],
            too_early: vec![None, None],
            units: (0..10).map(|deal| unit(&[deal], &[])).collect(),
        }],
        conditions: (0..15).map(|required| Condition::AtLeast(0, required)).collect(),
    };
    (plan, [0, 1].map(|date| (0..10).map(|deal| by(deal)[date]).collect()))
}

#[test]
fn counts_agree_with_the_exact_distribution() {
    let (plan, probabilities) = ten_deals();
    let drawn = draw(&plan, 50_000);
    for (date, probabilities) in probabilities.iter().enumerate() {
        let exact = CountDistribution::new(3, probabilities.iter().copied());
        for required in 0..15 {
            let p = exact.at_least(required);
            let share = drawn.probability(required as usize, date);
            assert!((share - p).abs() <= slack(p, drawn.draws), "{date} {required}: {share} {p}");
        }
        let mean = drawn.totals[0][date] as f64 / 50_000.0 + 3.0;
        assert!((mean - exact.mean()).abs() < 5.0 * exact.deviation() / 50_000f64.sqrt());
    }
}

/// P(both of two deals) = .3 · .4; the first moves that by .4 − 0, the second by .3.
#[test]
fn drivers_are_how_much_a_launch_moves_the_condition() {
    let mut plan = ten_deals().0;
    plan.open = vec![open(1, &[0.3, 0.3]), open(2, &[0.4, 0.4])];
    plan.counts[0].units.truncate(2);
    plan.conditions = vec![Condition::AtLeast(0, 5)];
    let drawn = draw(&plan, 100_000);
    let moves = |deal: usize| drawn.drivers[0][deal][1].moves(drawn.draws, drawn.held[0][1]).unwrap();
    assert!((moves(0) - 0.4).abs() < 0.02 && (moves(1) - 0.3).abs() < 0.02, "{} {}", moves(0), moves(1));
}

/// A launch between the cuts 10 and 20 is inside the window of the second date, one before 10 is not.
#[test]
fn what_launched_too_early_has_rolled_off() {
    let plan = DrawPlan {
        cuts: vec![10, 20],
        dates: vec![1],
        open: vec![open(1, &[0.25, 0.75])],
        counts: vec![DrawnCount { certain: vec![0], too_early: vec![Some(0)], units: vec![unit(&[0], &[])] }],
        conditions: vec![Condition::AtLeast(0, 1)],
        ..DrawPlan::default()
    };
    assert!((draw(&plan, 100_000).probability(0, 0) - 0.5).abs() < slack(0.5, 100_000));
}

#[test]
fn what_is_certain_needs_no_luck() {
    let plan = DrawPlan {
        cuts: vec![10],
        dates: vec![0],
        open: vec![open(1, &[0.0]), open(2, &[1.0]), open(3, &[f64::NAN])],
        counts: vec![DrawnCount {
            certain: vec![-1],
            too_early: vec![],
            units: vec![unit(&[0], &[]), unit(&[1], &[]), unit(&[0], &[0]), unit(&[2, 99], &[])],
        }],
        conditions: vec![
            Condition::AtLeast(0, 1),
            Condition::AtLeast(0, 2),
            Condition::AtLeast(7, 1),
            Condition::AtLeast(7, 0),
            Condition::Fixed(vec![Truth::Unknown]),
            Condition::Fixed(vec![Truth::True]),
            Condition::Not(Box::new(Condition::Fixed(vec![]))),
            Condition::All(vec![]),
            Condition::Any(vec![]),
            Condition::AtLeast(0, i64::MIN),
            Condition::AtLeast(0, i64::MAX),
        ],
        ..DrawPlan::default()
    };
    let held: Vec<u32> = draw(&plan, 100).held.into_iter().map(|dates| dates[0]).collect();
    assert_eq!(held, [100, 0, 0, 100, 0, 100, 100, 100, 0, 100, 0]);
}

#[test]
fn empty_plans_and_no_draws() {
    assert_eq!(draw(&DrawPlan::default(), 1000), Drawn { draws: 1000, ..Drawn::default() });
    let (plan, _) = ten_deals();
    assert_eq!(draw(&plan, 0).probability(0, 0), 0.0);
}

/// The same seed gives the same bits for ever: who changes these numbers changes published forecasts.
#[test]
fn the_same_seed_gives_the_same_numbers() {
    let (plan, _) = ten_deals();
    let drawn = draw(&plan, 1_000);
    assert_eq!((drawn.held[5][0], drawn.held[5][1], drawn.totals[0][1]), (777, 988, 4589));
}

#[test]
fn an_assumption_about_one_deal_leaves_the_draws_of_others() {
    let (plan, _) = ten_deals();
    let mut assumed = plan.clone();
    assumed.open[0] = open(0, &[1.0, 1.0]);
    let (before, after) = (draw(&plan, 6_400), draw(&assumed, 6_400));
    for deal in 1..10 {
        let launched = |drawn: &Drawn| drawn.drivers[0][deal].iter().map(|both| both.launched).collect::<Vec<_>>();
        assert_eq!(launched(&before), launched(&after));
    }
    assert!(before.held.iter().zip(&after.held).all(|(before, after)| before[1] <= after[1]));
}

#[test]
fn threads_change_nothing() {
    let plans: Vec<DrawPlan> = (0..9)
        .map(|partner| {
            let (mut plan, _) = ten_deals();
            plan.key.partner_id = format!("P{partner}");
            plan
        })
        .collect();
    let with = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| draw_all(&plans, 1_000))
    };
    assert_eq!(with(1), with(4));
    assert!(with(2).windows(2).all(|pair| pair[0] != pair[1]), "partners have streams of their own");
}

#[test]
fn cuts_are_dates_and_window_starts() {
    let dates = ["2027-03-31", "2026-12-31"].map(|date| date.parse().unwrap());
    let (cuts, positions) = cuts_for(&dates, [20_000, 20_818]);
    assert_eq!((cuts, positions), (vec![20_000, 20_818, 20_908], vec![2, 1]));
}

const CUTS: usize = 5;

/// Any plan of some deals, units and conditions over five cuts, of which some are dates.
fn plans() -> impl Strategy<Value = DrawPlan> {
    let deals = prop::collection::vec(prop::collection::vec(0.0f64..=1.0, CUTS), 1..8);
    let units =
        prop::collection::vec((prop::collection::vec(0usize..9, 0..4), prop::collection::vec(0usize..3, 0..2)), 0..12);
    let early = prop::collection::vec(prop::option::of(0usize..CUTS), 3);
    let required = prop::collection::vec(0i64..14, 3);
    (any::<u64>(), deals, units, early, required, Just(vec![0, 2, 4])).prop_map(
        |(seed, deals, units, too_early, required, dates)| DrawPlan {
            key: DrawKey { seed, partner_id: "P".to_owned(), program: "x".to_owned() },
            cuts: (0..CUTS as i32).collect(),
            dates,
            open: deals.iter().enumerate().map(|(number, by)| open(number as u64, &risen(by))).collect(),
            counts: vec![DrawnCount {
                certain: vec![0, 1, 2],
                too_early,
                units: units.iter().map(|(open, sure)| unit(open, sure)).collect(),
            }],
            conditions: conditions(&required),
        },
    )
}

fn risen(by: &[f64]) -> Vec<f64> {
    let mut by = by.to_vec();
    by.sort_by(f64::total_cmp);
    by
}

fn conditions(required: &[i64]) -> Vec<Condition> {
    let parts: Vec<Condition> = required.iter().map(|required| Condition::AtLeast(0, *required)).collect();
    vec![
        Condition::All(parts.clone()),
        Condition::Any(parts.clone()),
        Condition::SomeOf(2, parts.clone()),
        Condition::Not(Box::new(parts[0].clone())),
    ]
}

/// The plan, one draw after the other, on the bits that the words hold.
fn scalar(plan: &DrawPlan, draws: u32) -> (Vec<Vec<u32>>, Vec<u64>) {
    let words = draws.div_ceil(64) as usize;
    let launches: Vec<Launches> =
        plan.open.iter().map(|open| Launches::draw(plan.key.stream(open.number), &open.launched_by, words)).collect();
    let (mut held, mut totals) = (vec![vec![0; plan.dates.len()]; plan.conditions.len()], vec![0; plan.dates.len()]);
    for draw in 0..draws as usize {
        let launched = |deal: usize, cut: usize| {
            launches.get(deal).is_some_and(|launches| launches.by(draw / 64, cut) >> (draw % 64) & 1 == 1)
        };
        for (date, until) in plan.dates.iter().enumerate() {
            let early =
                |deal: usize| plan.counts[0].too_early[date].is_some_and(|cut| cut < *until && launched(deal, cut));
            let counts = |unit: &&DrawnUnit| {
                unit.sure_on.contains(&date)
                    || unit.open.iter().any(|deal| launched(deal.open, *until) && !early(deal.open))
            };
            let count = plan.counts[0].units.iter().filter(counts).count();
            totals[date] += count as u64;
            for (condition, held) in plan.conditions.iter().zip(&mut held) {
                held[date] += u32::from(judged(condition, count as i64 + plan.counts[0].certain[date]));
            }
        }
    }
    (held, totals)
}

fn judged(condition: &Condition, count: i64) -> bool {
    let all = |parts: &[Condition]| parts.iter().filter(|part| judged(part, count)).count();
    match condition {
        Condition::AtLeast(_, required) => count >= *required,
        Condition::Fixed(_) => false,
        Condition::All(parts) => all(parts) == parts.len(),
        Condition::Any(parts) => all(parts) > 0,
        Condition::SomeOf(least, parts) => all(parts) >= *least,
        Condition::Not(part) => !judged(part, count),
    }
}

proptest! {
    #[test]
    fn words_equal_draws_one_by_one(plan in plans(), draws in 0u32..200) {
        let drawn = draw(&plan, draws);
        let (held, totals) = scalar(&plan, draws);
        prop_assert_eq!(&drawn.held, &held);
        prop_assert_eq!(&drawn.totals[0], &totals);
    }

    #[test]
    fn what_has_launched_stays_launched(plan in plans()) {
        for open in &plan.open {
            let launches = Launches::draw(plan.key.stream(open.number), &open.launched_by, 4);
            for word in 0..4 {
                prop_assert!(launches.word(word).windows(2).all(|pair| pair[0] & !pair[1] == 0));
            }
        }
    }

    #[test]
    fn launches_have_their_probability(p in 0.01f64..=0.99, seed in any::<u64>()) {
        let key = DrawKey { seed, ..DrawKey::default() };
        let words = 200;
        let launches = Launches::draw(key.stream(1), &[p], words);
        let launched: u32 = (0..words).map(|word| launches.by(word, 0).count_ones()).sum();
        // 12,800 draws; 6 standard errors, since many values are tried.
        prop_assert!((f64::from(launched) / 12_800.0 - p).abs() <= 1.2 * slack(p, 12_800) + 1e-6);
    }
}
