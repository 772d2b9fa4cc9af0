//! From episodes to counted periods at risk: the data that the launch model is fitted to.
//!
//! At each *landmark* (a snapshot day) every opportunity that is open and observed is put into the place of a forecast:
//! its covariates as known on that day, and then week by week what happened until it ended or was last seen.
//!
//! ```text
//!   landmarks      ℓ1              ℓ2              ℓ3
//!   opportunity  ───●───────────────●───────────────●────────X launched
//!   rows of ℓ1      |o|o|o|o|o|o|o|o|o|o|o|o|o|o|o|o|o|o|o|o|L|      o = open at the end of the week
//!   rows of ℓ2                      |o|o|o|o|o|o|o|o|o|o|o|o|L|
//!   weight          1               ½               ⅓
//! ```
//!
//! The same week is seen from every landmark before it. Each row weighs one over the number of those, so that a week of
//! an opportunity weighs one altogether and the defaults are not drowned by repetition.
//!
//! An end whose day is not known, between two snapshots, is spread evenly over the days between: the week gets its share
//! of the end, and what is left stays at risk. Weights are whole multiples of 2⁻³², so that their sums are exact in any
//! order.

use crate::cell::{CELLS, Cell, PERIOD_DAYS, Profile};
use crate::episode::{End, Episode, Outcome, When};
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use std::collections::BTreeMap;

/// Which days serve as landmarks, and how far each looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Landmarks {
    /// Least number of days from one landmark to the next.
    pub days_apart: i32,
    /// Number of weeks observed after each.
    pub weeks: i32,
}

/// Periods at risk of one cell, by how they ended; sums of weights in units of 2⁻³².
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Periods {
    open: u64,
    launched: u64,
    lost: u64,
}

/// Periods at risk by partner and cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exposures {
    /// Per partner the cells that occur, ascending.
    by_partner: BTreeMap<u32, Vec<(u32, Periods)>>,
}

const ONE: f64 = 4_294_967_296.0;

impl Default for Landmarks {
    /// Every four weeks, looking four years ahead.
    fn default() -> Self {
        Self { days_apart: 28, weeks: 208 }
    }
}

impl Periods {
    /// Weight of the periods that ended open, launched, lost.
    pub fn weights(self) -> [f64; 3] {
        [self.open, self.launched, self.lost].map(|weight| weight as f64 / ONE)
    }

    fn add(&mut self, other: Self) {
        self.open = self.open.saturating_add(other.open);
        self.launched = self.launched.saturating_add(other.launched);
        self.lost = self.lost.saturating_add(other.lost);
    }
}

impl Exposures {
    /// The periods at risk of all episodes. `snapshots` holds the days of each partner's snapshots, in any order; thinned
    /// to `landmarks.days_apart` from the newest back they are its landmarks. A partner without has no periods.
    ///
    /// They must be all days on which that partner's opportunities were exported. Days taken from what happened to
    /// opportunities would mislead: the last day on which one is seen open tells that it is about to end.
    pub fn new(episodes: &[Episode], snapshots: &BTreeMap<u32, Vec<i32>>, landmarks: Landmarks) -> Self {
        let mut grouped: BTreeMap<u32, Vec<&Episode>> = BTreeMap::new();
        for episode in episodes {
            grouped.entry(episode.partner).or_default().push(episode);
        }
        let grouped: Vec<(u32, Vec<&Episode>)> = grouped.into_iter().collect();
        let by_partner = grouped.par_iter().map(|(partner, episodes)| {
            let days = snapshots.get(partner).map_or(Vec::new(), |days| thinned(days, landmarks.days_apart));
            (*partner, of_partner(episodes, &days, landmarks.weeks))
        });
        Self { by_partner: by_partner.collect() }
    }

    /// Both together; partners must not be in both.
    pub fn merge(&mut self, other: Self) {
        self.by_partner.extend(other.by_partner);
    }

    /// All partners' periods of each cell, cells ascending.
    pub fn total(&self) -> Vec<(Cell, Periods)> {
        let mut sums = vec![Periods::default(); CELLS];
        for (cell, periods) in self.by_partner.values().flatten() {
            sums[*cell as usize].add(*periods);
        }
        let occurring = sums.into_iter().enumerate().filter(|(_, periods)| *periods != Periods::default());
        occurring.map(|(index, periods)| (Cell::from_index(index), periods)).collect()
    }

    /// The cells and periods of each partner, both ascending.
    pub fn partners(&self) -> impl Iterator<Item = (u32, impl Iterator<Item = (Cell, Periods)>)> {
        self.by_partner.iter().map(|(partner, cells)| {
            (*partner, cells.iter().map(|(index, periods)| (Cell::from_index(*index as usize), *periods)))
        })
    }
}

fn of_partner(episodes: &[&Episode], landmarks: &[i32], weeks: i32) -> Vec<(u32, Periods)> {
    let mut cells: BTreeMap<u32, Periods> = BTreeMap::new();
    for episode in episodes {
        let within = |day: &i32| (episode.entered()..=episode.open_until).contains(day);
        let own: Vec<i32> = landmarks.iter().copied().filter(within).collect();
        for landmark in &own {
            // Neighbouring weeks are mostly of one cell, and are added up before the look-up.
            let mut run: Option<(Cell, Periods)> = None;
            for (cell, periods) in rows(episode, *landmark, &own, weeks) {
                match &mut run {
                    Some((same, sum)) if *same == cell => sum.add(periods),
                    _ => add_run(&mut cells, run.replace((cell, periods))),
                }
            }
            add_run(&mut cells, run);
        }
    }
    cells.into_iter().collect()
}

fn add_run(cells: &mut BTreeMap<u32, Periods>, run: Option<(Cell, Periods)>) {
    if let Some((cell, periods)) = run {
        cells.entry(cell.index() as u32).or_default().add(periods);
    }
}

/// Some of the days, at least `apart` days from each other, the newest among them; ascending.
fn thinned(days: &[i32], apart: i32) -> Vec<i32> {
    let mut days = days.to_vec();
    days.sort_unstable();
    days.dedup();
    let mut kept: Vec<i32> = Vec::new();
    for day in days.into_iter().rev() {
        if kept.last().is_none_or(|later| later.saturating_sub(day) >= apart) {
            kept.push(day);
        }
    }
    kept.reverse();
    kept
}

/// The weeks after `landmark` until the episode ends or is no longer observed.
fn rows(episode: &Episode, landmark: i32, landmarks: &[i32], weeks: i32) -> impl Iterator<Item = (Cell, Periods)> {
    let known = episode.known_on(landmark);
    let profile = known.as_ref().map(Profile::new);
    let observed = last_week(episode, landmark).min(weeks);
    (0..observed).filter_map(move |week| {
        let (known, profile) = (known.as_ref()?, profile?);
        let start = landmark + week * PERIOD_DAYS;
        let views = landmarks.partition_point(|day| *day <= start).max(1);
        let periods = periods(episode.end, start, 1.0 / views as f64);
        (periods != Periods::default()).then(|| (Cell::of_profile(profile, known, week), periods))
    })
}

/// Number of whole weeks observed, the one in which it ended included.
fn last_week(episode: &Episode, landmark: i32) -> i32 {
    match episode.end {
        End::Open => (episode.open_until - landmark) / PERIOD_DAYS,
        End::Closed(_, when) => (when.on.unwrap_or(when.until) - landmark - 1) / PERIOD_DAYS + 1,
    }
}

/// What the week after `start` contributes: days `start + 1` to `start + 7`.
fn periods(end: End, start: i32, weight: f64) -> Periods {
    let End::Closed(outcome, when) = end else { return Periods { open: fixed(weight), ..Periods::default() } };
    let (before, by_end) = (ended_by(when, start), ended_by(when, start + PERIOD_DAYS));
    let (ended, open) = (fixed(weight * (by_end - before)), fixed(weight * (1.0 - by_end)));
    match outcome {
        Outcome::Launched => Periods { open, launched: ended, lost: 0 },
        Outcome::Lost => Periods { open, launched: 0, lost: ended },
    }
}

/// Share of the end that lies on or before `day`: all or nothing where its day is known, else spread evenly.
fn ended_by(when: When, day: i32) -> f64 {
    match when.on {
        Some(on) => f64::from(u8::from(on <= day)),
        None => (f64::from(day - when.after) / f64::from((when.until - when.after).max(1))).clamp(0.0, 1.0),
    }
}

fn fixed(weight: f64) -> u64 {
    (weight * ONE).round() as u64
}

#[cfg(test)]
mod tests;
