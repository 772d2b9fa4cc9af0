//! Episodes as counted weeks.

use super::{Exposures, Landmarks};
use crate::episode::{Episode, Ignored};
use crate::opportunity::{History, Origin, Seen, Stage, State};
use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};
use std::collections::BTreeMap;

const OPEN: State = State::Open(Stage::Qualified);

fn seen(first: i32, last: i32, state: State, target: Option<i32>) -> Seen {
    Seen { first: Some(first), last: Some(last), state: Some(state), target }
}

fn episode(partner: u32, seen: Vec<Seen>) -> Episode {
    let history = History { partner, origin: Origin::Partner, created: None, seen };
    Episode::new(&history, &mut Ignored::default()).unwrap()
}

fn exposures(episodes: &[Episode], snapshots: &[i32]) -> Exposures {
    let days = episodes.iter().map(|episode| (episode.partner, snapshots.to_vec())).collect();
    Exposures::new(episodes, &days, Landmarks::default())
}

/// Open, launched and lost weeks over all cells.
fn sums(exposures: &Exposures) -> [f64; 3] {
    let add = |sum: [f64; 3], own: [f64; 3]| [sum[0] + own[0], sum[1] + own[1], sum[2] + own[2]];
    let sum = exposures.total().into_iter().fold([0.0; 3], |sum, (_, periods)| add(sum, periods.weights()));
    sum.map(|weeks| (weeks * 1e6).round() / 1e6)
}

/// From day 0 to day 56 are eight weeks; day 60 lies in the ninth.
#[test]
fn weeks_until_a_launch_on_a_known_day() {
    let launched = episode(1, vec![seen(0, 56, OPEN, None), seen(84, 84, State::Launched, Some(60))]);
    assert_eq!(sums(&exposures(&[launched], &[0, 84])), [8.0, 1.0, 0.0]);
}

/// Open until day 59: eight whole weeks, the rest of the ninth is not counted.
#[test]
fn weeks_of_what_is_still_open() {
    assert_eq!(sums(&exposures(&[episode(1, vec![seen(0, 59, OPEN, None)])], &[0, 59])), [8.0, 0.0, 0.0]);
}

/// Lost some time in the 14 days after day 14: half in the third week, half in the fourth. At risk: two weeks, then
/// one (half of which ends), then half (which ends). Open at the end: 1 + 1 + ½ + 0.
#[test]
fn an_end_without_day_is_spread_over_the_days_between() {
    let lost = episode(1, vec![seen(0, 14, OPEN, None), seen(28, 28, State::Lost, None)]);
    assert_eq!(sums(&exposures(&[lost], &[0, 28])), [2.5, 0.0, 1.0]);
}

/// Landmarks on 0, 28 and 56; every week weighs one, however many landmarks see it.
#[test]
fn a_week_weighs_one_however_often_it_is_seen() {
    let launched = episode(1, vec![seen(0, 70, OPEN, None), seen(84, 84, State::Launched, Some(84))]);
    assert_eq!(sums(&exposures(std::slice::from_ref(&launched), &[0, 28, 56, 84])), [11.0, 1.0, 0.0]);
    assert_eq!(sums(&exposures(&[launched], &[0])), [11.0, 1.0, 0.0]);
}

/// Seen first on day 30: nothing before counts, also not towards the landmark on day 28.
#[test]
fn nothing_is_at_risk_before_it_was_seen() {
    let late = episode(1, vec![seen(30, 58, OPEN, None)]);
    assert_eq!(sums(&exposures(std::slice::from_ref(&late), &[0, 28])), [0.0; 3]);
    assert_eq!(sums(&exposures(&[late], &[30])), [4.0, 0.0, 0.0]);
}

#[test]
fn one_snapshot_teaches_nothing() {
    assert!(exposures(&[episode(1, vec![seen(0, 0, OPEN, None)])], &[0]).total().is_empty());
    let empty: [Episode; 0] = [];
    assert!(exposures(&empty, &[]).total().is_empty());
}

/// Snapshots every week would be landmarks 7 days apart; they are thinned, from the newest back.
#[test]
fn landmarks_keep_their_distance() {
    let daily: Vec<i32> = (0..=100).collect();
    assert_eq!(super::thinned(&daily, 28), [16, 44, 72, 100]);
    assert_eq!(super::thinned(&[5, 1, 5], 0), [1, 5]);
}

proptest! {
    /// Weeks, ends and cells come out the same in any order of opportunities, and with any number of threads.
    #[test]
    fn order_and_threads_change_nothing(
        deals in prop::collection::vec((0u32..4, 0i32..200, 0i32..200, prop::option::of(0i32..300), 0usize..3), 1..30),
    ) {
        let episodes: Vec<Episode> = deals
            .iter()
            .map(|(partner, from, length, target, end)| {
                let mut states = vec![seen(*from, from + length, OPEN, *target)];
                match end {
                    1 => states.push(seen(from + length + 30, from + length + 30, State::Launched, *target)),
                    2 => states.push(seen(from + length + 30, from + length + 30, State::Lost, *target)),
                    _ => {}
                }
                episode(*partner, states)
            })
            .collect();
        let days: BTreeMap<u32, Vec<i32>> = (0..4).map(|partner| (partner, (0..20).map(|k| k * 20).collect())).collect();
        let of = |episodes: &[Episode], threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| Exposures::new(episodes, &days, Landmarks::default()))
        };
        let mut reversed = episodes.clone();
        reversed.reverse();
        let expected = of(&episodes, 1);
        prop_assert_eq!(&expected, &of(&reversed, 3));
        // Nobody ends more than once.
        let [_, launched, lost] = sums(&expected);
        prop_assert!(launched + lost <= deals.iter().filter(|deal| deal.4 > 0).count() as f64 * 1.2 + 1e-6);
    }
}
