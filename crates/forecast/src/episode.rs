//! From what snapshots showed to one clean episode per opportunity: entered, moved, and how it ended.
//!
//! ```text
//!   snapshots      |        |        |        |
//!   shows        Prospect Prospect Qualified Launched (close date c)
//!                  ├─────────────────┤        │
//!   episode     entered          open_until   └ seen first here: it happened in (open_until, here];
//!                                               on c where c lies in there, else on any of these days
//! ```
//!
//! Decisions, each counted in [`Ignored`] where it drops something:
//! - An opportunity enters when it is first *seen* open, never earlier (left truncation). One that every snapshot
//!   shows closed is left out: such opportunities are known only because they closed.
//! - States without a day, or that are not known, say nothing about when.
//! - Snapshots are sorted by day. Of two states of one day the later in the given order is believed.
//! - Launched and lost are final in ACE. Where a later snapshot shows the opportunity open again, the earlier end was a
//!   mistake. Where both ends are shown, the newest is believed.
//! - An opportunity that snapshots stop showing is not lost: it is observed until last seen.

use crate::opportunity::{History, Origin, Seen, Stage, State};

/// What is known of one opportunity's way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Episode {
    /// Number of the partner.
    pub partner: u32,
    /// Who brought it.
    pub origin: Origin,
    /// Day it was created; `None` = not known.
    created: Option<i32>,
    /// Stages, ascending by day; the first is where it entered.
    moves: Vec<Move>,
    /// Target dates as they became known: day known, target; ascending by day.
    targets: Vec<(i32, i32)>,
    /// Last day it was seen open.
    pub open_until: i32,
    /// How it ended.
    pub end: End,
}

/// A stage, from the day it was first seen in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Move {
    seen: i32,
    stage: Stage,
    /// Day since which age in stage counts.
    since: Option<i32>,
}

/// How an episode ended, as far as it was observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Open when last seen.
    Open,
    /// Launched or lost.
    Closed(Outcome, When),
}

/// The two ways to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Launched.
    Launched,
    /// Closed Lost.
    Lost,
}

/// When an end happened: after `after`, by `until`, and on `on` where that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// Last day seen open.
    pub after: i32,
    /// First day seen closed.
    pub until: i32,
    /// The recorded day, where it lies between the two.
    pub on: Option<i32>,
}

/// What is known of an open opportunity on one day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The day it is known on; every distance is counted from here.
    pub day: i32,
    /// Stage.
    pub stage: Stage,
    /// Who brought it.
    pub origin: Origin,
    /// Days in the stage; `None` = not known.
    pub age: Option<i32>,
    /// Target close date; `None` = not known.
    pub target: Option<i32>,
    /// How often the target was put off.
    pub slips: u32,
    /// Day of creation; `None` = not known, or said to lie after `day`.
    pub created: Option<i32>,
}

/// What was left out, and how often.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ignored {
    /// States without a day.
    pub undated_states: usize,
    /// States that are not known.
    pub unknown_states: usize,
    /// States replaced by a later one of the same day.
    pub contradicting_states: usize,
    /// Ends after which the opportunity was seen open again.
    pub taken_back: usize,
    /// Opportunities never seen open on a known day.
    pub never_seen_open: usize,
    /// Ends whose recorded day is missing, or not between the snapshots that enclose it.
    pub ends_without_day: usize,
}

/// One day's state, cleaned.
#[derive(Clone, Copy)]
struct Sighting {
    day: i32,
    state: State,
    target: Option<i32>,
}

impl Episode {
    /// The episode that `history` tells; `None` when it was never seen open on a known day.
    pub fn new(history: &History, ignored: &mut Ignored) -> Option<Self> {
        let sightings = sightings(&history.seen, ignored);
        let is_open = |sighting: &Sighting| matches!(sighting.state, State::Open(_));
        let Some(last_open) = sightings.iter().rposition(is_open) else {
            ignored.never_seen_open += 1;
            return None;
        };
        let (open, after) = sightings.split_at(last_open + 1);
        ignored.taken_back += open.iter().filter(|sighting| !is_open(sighting)).count();
        let open: Vec<Sighting> = open.iter().copied().filter(is_open).collect();
        let open_until = open[open.len() - 1].day;
        let end = end_of(after, open_until);
        ignored.ends_without_day += usize::from(matches!(end, End::Closed(_, When { on: None, .. })));
        Some(Self {
            partner: history.partner,
            origin: history.origin,
            created: history.created,
            moves: moves(&open, history.created),
            targets: targets(&open),
            open_until,
            end,
        })
    }

    /// Day it was first seen open.
    pub fn entered(&self) -> i32 {
        self.moves[0].seen
    }

    /// What was known on `day` of the then open opportunity; `None` when it was not under observation.
    pub fn known_on(&self, day: i32) -> Option<Known> {
        if !(self.entered()..=self.open_until).contains(&day) {
            return None;
        }
        let current = self.moves[self.moves.partition_point(|step| step.seen <= day) - 1];
        let targets = &self.targets[..self.targets.partition_point(|target| target.0 <= day)];
        Some(Known {
            day,
            stage: current.stage,
            origin: self.origin,
            age: current.since.map(|since| day - since),
            target: targets.last().map(|target| target.1),
            slips: targets.windows(2).filter(|pair| pair[1].1 > pair[0].1).count() as u32,
            created: self.created.filter(|created| *created <= day),
        })
    }
}

/// Dated, known states by day, one for each day.
fn sightings(seen: &[Seen], ignored: &mut Ignored) -> Vec<Sighting> {
    let mut sightings: Vec<Sighting> = Vec::with_capacity(2 * seen.len());
    for state in seen {
        match (state.state, state.first.or(state.last), state.last.or(state.first)) {
            (None, _, _) => ignored.unknown_states += 1,
            (Some(_), None, _) | (Some(_), _, None) => ignored.undated_states += 1,
            (Some(shown), Some(first), Some(last)) => {
                let (first, last) = (first.min(last), first.max(last));
                let on = |day| Sighting { day, state: shown, target: state.target };
                sightings.push(on(first));
                sightings.extend((last > first).then(|| on(last)));
            }
        }
    }
    sightings.sort_by_key(|sighting| sighting.day);
    let mut clean: Vec<Sighting> = Vec::with_capacity(sightings.len());
    for sighting in sightings {
        match clean.last_mut() {
            Some(last) if last.day == sighting.day => {
                ignored.contradicting_states += usize::from(last.state != sighting.state);
                *last = sighting;
            }
            _ => clean.push(sighting),
        }
    }
    clean
}

/// `after` holds what was seen after the last open day: ends only.
fn end_of(after: &[Sighting], open_until: i32) -> End {
    let (Some(first), Some(newest)) = (after.first(), after.last()) else { return End::Open };
    let outcome = if newest.state == State::Launched { Outcome::Launched } else { Outcome::Lost };
    let inside = |day: &i32| (open_until + 1..=first.day).contains(day);
    let when = When { after: open_until, until: first.day, on: newest.target.filter(inside) };
    End::Closed(outcome, when)
}

/// The stage of entry counts from the day of creation, a later one from the first day it was seen.
fn moves(open: &[Sighting], created: Option<i32>) -> Vec<Move> {
    let mut moves: Vec<Move> = Vec::new();
    for sighting in open {
        let State::Open(stage) = sighting.state else { continue };
        match moves.last() {
            Some(last) if last.stage == stage => {}
            None => moves.push(Move { seen: sighting.day, stage, since: created.filter(|day| *day <= sighting.day) }),
            Some(_) => moves.push(Move { seen: sighting.day, stage, since: Some(sighting.day) }),
        }
    }
    moves
}

fn targets(open: &[Sighting]) -> Vec<(i32, i32)> {
    let mut targets: Vec<(i32, i32)> = Vec::new();
    for (day, target) in open.iter().filter_map(|sighting| Some((sighting.day, sighting.target?))) {
        if targets.last().is_none_or(|last| last.1 != target) {
            targets.push((day, target));
        }
    }
    targets
}

impl Ignored {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            undated_states: self.undated_states + other.undated_states,
            unknown_states: self.unknown_states + other.unknown_states,
            contradicting_states: self.contradicting_states + other.contradicting_states,
            taken_back: self.taken_back + other.taken_back,
            never_seen_open: self.never_seen_open + other.never_seen_open,
            ends_without_day: self.ends_without_day + other.ends_without_day,
        }
    }
}

#[cfg(test)]
mod tests;
