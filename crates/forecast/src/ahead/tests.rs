//! Against going through all outcomes: every combination of launches, with its probability.

use super::{AheadRow, Looking, look_ahead};
use crate::draws::DrawKey;
use crate::hazard::Hazards;
use crate::launch::LaunchCurve;
use aceq_model::{AsOf, ForecastBasis};
use aceq_timeline::{
    CountOutlook, Doubt, Interval, LaunchDates, LaunchPart, Level, Logic, Months, Outlook, RowOutlook, StakeUnit,
    Steps, Truth, Window,
};
use proptest::prelude::{Just, Strategy, prop, prop_assert, prop_assert_eq, proptest};

const DRAWS: u32 = 20_000;

fn day(text: &str) -> AsOf {
    text.parse().unwrap()
}

/// Launches in the week after 2027-01-04 with probability `p`, and never after.
fn once(p: f64) -> LaunchCurve {
    LaunchCurve::of_hazards(day("2027-01-04").days(), std::iter::once(Hazards { launched: p, lost: 1.0 - p }))
}

fn unit(launches: &[usize]) -> StakeUnit {
    let dates = LaunchDates::Window(Window::Months(Months::new(24)));
    StakeUnit { sure: vec![], launches: launches.iter().map(|open| (*open, dates)).collect() }
}

fn count(required: i64, certain: i64, units: Vec<StakeUnit>) -> CountOutlook {
    let level = Level { sure: Steps::constant(certain), units };
    CountOutlook { required, possible: level.clone(), confirmed: level }
}

fn row(logic: Logic, count: Option<usize>) -> RowOutlook {
    RowOutlook { logic, count, part: LaunchPart::Followed }
}

fn look(outlook: &Outlook, ps: &[f64], dates: &[AsOf]) -> Vec<Vec<AheadRow>> {
    let curves: Vec<LaunchCurve> = ps.iter().copied().map(once).collect();
    let numbers: Vec<u64> = (0..ps.len() as u64).collect();
    let key = DrawKey { seed: 5, partner_id: "P1".to_owned(), program: "smb".to_owned() };
    look_ahead(&Looking {
        outlook,
        curves: &curves,
        numbers: &numbers,
        dates,
        draws: DRAWS,
        key,
        drivers: 9,
        existing: ps.len(),
    })
}

/// 48 customers count, 50 are required; one customer has two deals (.5 and .2), one a deal of .5. Counted once, the first
/// comes with 1 − .5 · .8 = .6; both with .6 · .5 = .3.
#[test]
fn a_customer_with_two_deals_counts_once() {
    let outlook = Outlook {
        counts: vec![count(50, 48, vec![unit(&[0, 1]), unit(&[2])])],
        rows: vec![row(Logic::Count(0), Some(0))],
    };
    let ahead = &look(&outlook, &[0.5, 0.2, 0.5], &[day("2027-03-31")])[0][0];
    assert_eq!((ahead.p_met, ahead.basis), (0.3, ForecastBasis::Exact));
    assert_eq!((ahead.expected, ahead.quantiles), (Some(49.1), Some([48, 49, 50])));
    // The third deal: .6 with, 0 without. The first: .5 with, .2 · .5 = .1 without. The second: .5 and .25.
    let moves: Vec<(usize, f64)> = ahead.drivers.iter().map(|driver| (driver.open, driver.moves)).collect();
    assert_eq!(moves, [(2, 0.6), (0, 0.4), (1, 0.25)]);
}

/// What dates decide is no forecast, and a launch rolls off again: 24 months after 2027-01-11 nothing counts.
#[test]
fn dates_alone_and_launches_that_roll_off() {
    let expires =
        Steps::from_pairs([(aceq_timeline::FIRST_DAY, Truth::True), (day("2027-06-01").days(), Truth::Unknown)]);
    let outlook = Outlook {
        counts: vec![count(1, 0, vec![unit(&[0])])],
        rows: vec![
            row(Logic::all(vec![Logic::Decided(expires.clone()), Logic::Count(0)]), None),
            row(Logic::Decided(expires), None),
            row(Logic::Count(0), Some(0)),
        ],
    };
    let ahead = look(&outlook, &[0.7], &[day("2027-03-31"), day("2027-09-30"), day("2029-06-30")]);
    let shown = |row: usize| ahead[row].iter().map(|one| (one.p_met, one.p_met_at_most)).collect::<Vec<_>>();
    assert_eq!(shown(0), [(0.7, 0.7), (0.0, 0.7), (0.0, 0.0)]);
    assert_eq!(shown(1), [(1.0, 1.0), (0.0, 1.0), (0.0, 1.0)]);
    assert_eq!(shown(2), [(0.7, 0.7), (0.7, 0.7), (0.0, 0.0)]);
    assert_eq!(ahead[1][0].basis, ForecastBasis::Calendar);
}

/// A rule whose window looks at the day of creation: it counts from the launch on, until the window is over.
#[test]
fn a_window_over_another_date() {
    let dates = LaunchDates::From(Interval::new(day("2026-06-01").days(), day("2027-11-30").days()).unwrap());
    let stake = StakeUnit { sure: vec![], launches: vec![(0, dates)] };
    let both = Logic::all(vec![Logic::Count(0), Logic::Count(1)]);
    let outlook = Outlook {
        counts: vec![count(1, 0, vec![stake]), count(1, 0, vec![unit(&[1])])],
        rows: vec![row(Logic::Count(0), Some(0)), row(both, None)],
    };
    let ahead = look(&outlook, &[0.5, 0.5], &[day("2026-12-31"), day("2027-03-31"), day("2027-12-31")]);
    assert_eq!(ahead[0].iter().map(|one| one.p_met).collect::<Vec<_>>(), [0.0, 0.5, 0.0]);
    let joint: Vec<f64> = ahead[1].iter().map(|one| one.p_met).collect();
    assert_eq!((joint[0], joint[2]), (0.0, 0.0));
    assert!((joint[1] - 0.25).abs() < 0.02, "{joint:?}");
    assert_eq!(ahead[1][1].basis, ForecastBasis::Drawn);
}

/// The probability that a row holds, by going through every combination of launches.
fn by_hand(outlook: &Outlook, row: usize, ps: &[f64], date: AsOf, doubt: Doubt) -> f64 {
    (0u32..1 << ps.len())
        .map(|launched| {
            let has = |open: usize| launched >> open & 1 == 1;
            let p: f64 = ps.iter().enumerate().map(|(open, p)| if has(open) { *p } else { 1.0 - p }).product();
            let reached = |count: usize| {
                let count = &outlook.counts[count];
                let level = count.level(doubt);
                let units = level.units.iter().filter(|unit| unit.launches.iter().any(|(open, _)| has(*open))).count();
                *level.sure.at(date.days()) + units as i64 >= count.required
            };
            if outlook.rows[row].logic.holds(date.days(), doubt, &reached) { p } else { 0.0 }
        })
        .sum()
}

fn logics(counts: usize) -> impl Strategy<Value = Logic> {
    let leaf = prop::strategy::Union::new([
        (0..counts).prop_map(Logic::Count).boxed(),
        (0..counts).prop_map(Logic::Count).boxed(),
        prop::sample::select(vec![Truth::True, Truth::Unknown, Truth::False]).prop_map(Logic::decided).boxed(),
    ]);
    leaf.prop_recursive(2, 6, 3, |inner| {
        let parts = prop::collection::vec(inner.clone(), 1..4);
        prop::strategy::Union::new([
            parts.clone().prop_map(Logic::all).boxed(),
            (1usize..3, parts).prop_map(|(least, parts)| Logic::at_least(least, parts)).boxed(),
            inner
                .prop_map(|rule| Logic::gated(Steps::constant(Truth::True), Steps::constant(Truth::Unknown), rule))
                .boxed(),
        ])
    })
}

type World = (Vec<f64>, Vec<(i64, i64, Vec<Vec<usize>>)>, Vec<Logic>);

fn worlds() -> impl Strategy<Value = World> {
    let ps = prop::collection::vec(0.05f64..0.95, 6);
    let units = prop::collection::vec(prop::collection::vec(0usize..6, 1..3), 1..5);
    let counts = prop::collection::vec((1i64..5, 0i64..3, units), 3);
    (ps, counts, prop::collection::vec(logics(3), 4), Just(()))
        .prop_map(|(ps, counts, logics, ())| (ps, counts, logics))
}

proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(200))]
    #[test]
    fn equals_going_through_all_outcomes((ps, counts, logics) in worlds()) {
        let counts = counts.into_iter().map(|(required, certain, units)| {
            let units: Vec<StakeUnit> = units.iter().map(|launches| {
                let mut launches = launches.clone();
                launches.sort_unstable();
                launches.dedup();
                unit(&launches)
            }).collect();
            // Deals shared by two units of one count are not what rules do: each row has one customer.
            let mut used = std::collections::BTreeSet::new();
            let units = units.into_iter().filter(|unit| unit.launches.iter().all(|(open, _)| used.insert(*open)));
            count(required, certain, units.collect())
        });
        let rows = (0..3).map(|count| row(Logic::Count(count), Some(count))).chain(logics.into_iter().map(|one| row(one, None)));
        let outlook = Outlook { counts: counts.collect(), rows: rows.collect() };
        let date = day("2027-03-31");
        for (place, ahead) in look(&outlook, &ps, &[date]).into_iter().enumerate() {
            let ahead = &ahead[0];
            let against = by_hand(&outlook, place, &ps, date, Doubt::Against);
            let in_favour = by_hand(&outlook, place, &ps, date, Doubt::InFavour);
            let slack = match ahead.basis {
                ForecastBasis::Drawn => 5.0 * (0.25 / f64::from(DRAWS)).sqrt() + 1e-4,
                _ => 1e-4,
            };
            prop_assert!((ahead.p_met - against).abs() < slack, "row {place}: {} {against} {:?}", ahead.p_met, ahead.basis);
            let loose = 5.0 * (0.25 / f64::from(DRAWS)).sqrt() + 1e-4;
            prop_assert!((ahead.p_met_at_most - in_favour).abs() < loose, "row {place}: {} {in_favour}", ahead.p_met_at_most);
            prop_assert!(ahead.p_met <= ahead.p_met_at_most);
            if outlook.rows[place].logic.is_decided() {
                prop_assert_eq!(ahead.basis, ForecastBasis::Calendar);
            }
        }
    }
}
