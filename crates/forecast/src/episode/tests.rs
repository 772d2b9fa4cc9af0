//! Histories as snapshots show them, and the episodes they become.

use super::{End, Episode, Ignored, Outcome, When};
use crate::opportunity::{History, Origin, Seen, Stage, State};
use proptest::prelude::{prop, prop_assert, prop_assert_eq, proptest};

const PROSPECT: State = State::Open(Stage::Prospect);
const QUALIFIED: State = State::Open(Stage::Qualified);

fn seen(first: i32, last: i32, state: State, target: Option<i32>) -> Seen {
    Seen { first: Some(first), last: Some(last), state: Some(state), target }
}

fn on(day: i32, state: State) -> Seen {
    seen(day, day, state, None)
}

fn history(seen: Vec<Seen>) -> History {
    History { partner: 1, origin: Origin::Partner, created: Some(90), seen }
}

fn episode(seen: Vec<Seen>) -> (Option<Episode>, Ignored) {
    let mut ignored = Ignored::default();
    (Episode::new(&history(seen), &mut ignored), ignored)
}

fn end(seen: Vec<Seen>) -> End {
    episode(seen).0.unwrap().end
}

#[test]
fn a_launch_between_two_snapshots() {
    // Open on day 130, launched on day 160 with close date 150.
    let seen = vec![seen(100, 130, PROSPECT, Some(140)), seen(160, 190, State::Launched, Some(150))];
    assert_eq!(end(seen), End::Closed(Outcome::Launched, When { after: 130, until: 160, on: Some(150) }));
}

#[test]
fn a_close_date_outside_the_two_snapshots_is_not_believed() {
    for recorded in [None, Some(130), Some(99), Some(161), Some(400)] {
        let (episode, ignored) = episode(vec![on(130, PROSPECT), seen(160, 160, State::Lost, recorded)]);
        let when = When { after: 130, until: 160, on: None };
        assert_eq!(episode.unwrap().end, End::Closed(Outcome::Lost, when));
        assert_eq!(ignored.ends_without_day, 1);
    }
}

#[test]
fn what_was_never_seen_open_is_left_out() {
    let (none, ignored) = episode(vec![on(100, State::Launched), on(130, State::Launched)]);
    assert_eq!((none, ignored.never_seen_open), (None, 1));
}

#[test]
fn an_end_that_was_taken_back_is_a_mistake() {
    let (reopened, ignored) = episode(vec![on(100, PROSPECT), on(130, State::Lost), on(160, QUALIFIED)]);
    assert_eq!((reopened.unwrap().end, ignored.taken_back), (End::Open, 1));
}

#[test]
fn of_two_ends_the_newest_is_believed_and_the_first_dates_it() {
    let seen = vec![on(100, PROSPECT), on(130, State::Launched), on(160, State::Lost)];
    assert_eq!(end(seen), End::Closed(Outcome::Lost, When { after: 100, until: 130, on: None }));
}

#[test]
fn of_two_states_of_a_day_the_later_is_believed() {
    let (believed, ignored) = episode(vec![on(100, QUALIFIED), on(100, PROSPECT)]);
    assert_eq!(believed.unwrap().known_on(100).unwrap().stage, Stage::Prospect);
    assert_eq!(ignored.contradicting_states, 1);
}

#[test]
fn states_without_day_or_meaning_say_nothing() {
    let undated = Seen { first: None, last: None, ..on(0, State::Launched) };
    let unknown = Seen { state: None, ..on(400, PROSPECT) };
    let (only, ignored) = episode(vec![undated, on(100, PROSPECT), unknown]);
    assert_eq!(only.unwrap().open_until, 100);
    assert_eq!((ignored.undated_states, ignored.unknown_states), (1, 1));
}

#[test]
fn what_was_known_on_a_day() {
    // Created on day 90. Prospect 100–130 with target 200, put off to 260, then Qualified from 160 on, then to 300.
    let (episode, _) = episode(vec![
        seen(100, 115, PROSPECT, Some(200)),
        seen(130, 130, PROSPECT, Some(260)),
        seen(160, 190, QUALIFIED, Some(260)),
        seen(200, 220, QUALIFIED, Some(300)),
        seen(230, 240, QUALIFIED, Some(280)),
    ]);
    let episode = episode.unwrap();
    let known = |day| episode.known_on(day).map(|known| (known.stage, known.age, known.target, known.slips));
    assert_eq!(known(99), None);
    assert_eq!(known(100), Some((Stage::Prospect, Some(10), Some(200), 0)));
    assert_eq!(known(140), Some((Stage::Prospect, Some(50), Some(260), 1)));
    assert_eq!(known(190), Some((Stage::Qualified, Some(30), Some(260), 1)));
    // Brought forward to 280: no slip.
    assert_eq!(known(240), Some((Stage::Qualified, Some(80), Some(280), 2)));
    assert_eq!(known(241), None);
}

#[test]
fn created_after_it_was_first_seen_leaves_the_age_unknown() {
    let mut history = history(vec![on(80, PROSPECT), on(120, PROSPECT)]);
    let age = |history: &History| Episode::new(history, &mut Ignored::default()).unwrap().known_on(120).unwrap().age;
    assert_eq!(age(&history), None);
    history.created = None;
    assert_eq!(age(&history), None);
    history.created = Some(80);
    assert_eq!(age(&history), Some(40));
}

proptest! {
    /// Snapshots may arrive in any order; only states of one day need theirs.
    #[test]
    fn the_order_of_snapshots_is_of_no_matter(
        states in prop::collection::btree_map(0i32..400, (0usize..7, prop::option::of(0i32..500)), 1..12),
        swaps in prop::collection::vec((0usize..12, 0usize..12), 0..10),
    ) {
        let state = |index: usize| match index {
            5 => State::Launched,
            6 => State::Lost,
            open => State::Open(Stage::ALL[open]),
        };
        let sorted: Vec<Seen> = states.iter().map(|(day, (index, target))| seen(*day, *day, state(*index), *target)).collect();
        let mut shuffled = sorted.clone();
        for (left, right) in swaps {
            let len = shuffled.len();
            shuffled.swap(left % len, right % len);
        }
        let (expected, actual) = (episode(sorted), episode(shuffled));
        prop_assert_eq!(&expected, &actual);
        if let Some(episode) = expected.0 {
            prop_assert!(episode.entered() <= episode.open_until);
            if let End::Closed(_, when) = episode.end {
                prop_assert!(when.after == episode.open_until && when.until > when.after);
                prop_assert!(when.on.is_none_or(|on| on > when.after && on <= when.until));
            }
        }
    }
}
