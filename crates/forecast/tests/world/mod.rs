//! A world with known chances: deals move through stages week by week, snapshots show some of it.
//!
//! The truth is none of the shapes that the model fits: deals move from stage to stage, speed depends on the time in the
//! stage, launches crowd around the target date, targets are put off, partners differ.

mod dice;

use aceq_forecast::{History, Origin, Seen, Stage, State};
pub use dice::Dice;
use std::collections::BTreeMap;

/// What a world is made of.
#[derive(Clone, Copy)]
pub struct Recipe {
    pub seed: u64,
    pub partners: u32,
    pub weeks: i32,
    /// Deals that begin at a partner in a year.
    pub deals_a_year: u32,
    /// Days from one snapshot to the next; a multiple of 7.
    pub snapshot_days: i32,
}

/// The true state of one open deal.
#[derive(Clone, Copy)]
pub struct Deal {
    pub partner: u32,
    pub origin: Origin,
    pub created: i32,
    stage: Stage,
    weeks_in_stage: i32,
    target: i32,
    /// Factor on the pace of the partner.
    pace: f64,
}

pub struct World {
    pub histories: Vec<History>,
    pub snapshots: BTreeMap<u32, Vec<i32>>,
    /// Deals open at the end, with the number of their history.
    pub open: Vec<(usize, Deal)>,
    /// The day of the end, which is that of the newest snapshot.
    pub end: i32,
    pub dice: Dice,
}

/// Sum of twelve uniforms less six: nearly normal.
fn normal(dice: &mut Dice) -> f64 {
    (0..12).map(|_| dice.unit()).sum::<f64>() - 6.0
}

impl Deal {
    fn new(partner: u32, pace: f64, day: i32, dice: &mut Dice) -> Self {
        let origin = if dice.unit() < 0.3 { Origin::Aws } else { Origin::Partner };
        let stage = if dice.unit() < 0.8 { Stage::Prospect } else { Stage::Qualified };
        let target = day + 60 + dice.below(240);
        Self { partner, origin, created: day, stage, weeks_in_stage: 0, target, pace }
    }

    /// One week from `day` on; what it is afterwards.
    pub fn step(&mut self, day: i32, dice: &mut Dice) -> State {
        let rank = self.stage.rank();
        let age = f64::from(self.weeks_in_stage);
        let warm = (age / 3.0).min(1.0) * (-age / 30.0).exp();
        let origin = if self.origin == Origin::Aws { 1.3 } else { 1.0 };
        let due = match self.target - day {
            46.. => 0.4,
            -30..=45 => 1.8,
            _ => 0.6,
        };
        let due = if rank >= 3 { due } else { 1.0 };
        let advance = [0.13, 0.13, 0.14, 0.16, 0.22][rank] * warm * origin * due * self.pace;
        let lose = [0.035, 0.03, 0.025, 0.02, 0.012][rank] * (1.0 + age / 20.0);
        let draw = dice.unit();
        self.weeks_in_stage += 1;
        if draw < lose {
            return State::Lost;
        }
        if draw < lose + advance {
            if self.stage == Stage::Committed {
                return State::Launched;
            }
            self.stage = Stage::ALL[rank + 1];
            self.weeks_in_stage = 0;
        }
        if day > self.target && dice.unit() < 0.25 {
            self.target = day + 45 + dice.below(90);
        }
        State::Open(self.stage)
    }

    /// Day of the launch within `weeks` after `day`, if there is one.
    pub fn launch_within(mut self, day: i32, weeks: i32, dice: &mut Dice) -> Option<i32> {
        for week in 0..weeks {
            match self.step(day + 7 * week, dice) {
                State::Launched => return Some(day + 7 * week + 1 + dice.below(7)),
                State::Lost => return None,
                State::Open(_) => {}
            }
        }
        None
    }
}

impl World {
    pub fn new(recipe: Recipe) -> Self {
        let mut dice = Dice::new(recipe.seed);
        let end = recipe.weeks * 7;
        let mut snapshots: Vec<i32> = (0..=end).rev().step_by(recipe.snapshot_days as usize).collect();
        snapshots.reverse();
        let mut world =
            Self { histories: Vec::new(), snapshots: BTreeMap::new(), open: Vec::new(), end, dice: Dice::new(0) };
        for partner in 0..recipe.partners {
            let pace = (0.35 * normal(&mut dice)).exp();
            world.snapshots.insert(partner, snapshots.clone());
            for week in -60..recipe.weeks {
                let expected = f64::from(recipe.deals_a_year) / 52.0;
                let born = expected as i32 + i32::from(dice.unit() < expected.fract());
                for _ in 0..born {
                    world.live(Deal::new(partner, pace, week * 7, &mut dice), &snapshots, &mut dice);
                }
            }
        }
        world.dice = dice;
        world
    }

    /// Lives the deal until it ends or the world does, and notes what snapshots show.
    fn live(&mut self, mut deal: Deal, snapshots: &[i32], dice: &mut Dice) {
        let mut seen: Vec<Seen> = Vec::new();
        let (origin, created, partner) = (deal.origin, deal.created, deal.partner);
        let mut note = |day: i32, state: State, target: i32| {
            if snapshots.binary_search(&day).is_ok() {
                seen.push(Seen { first: Some(day), last: Some(day), state: Some(state), target: Some(target) });
            }
        };
        note(created, State::Open(deal.stage), deal.target);
        let mut day = created;
        let mut ended: Option<(State, i32)> = None;
        while day < self.end {
            let (state, on) = match ended {
                Some(ended) => ended,
                None => (deal.step(day, dice), day + 1 + dice.below(7)),
            };
            day += 7;
            match state {
                State::Open(_) => note(day, state, deal.target),
                State::Launched | State::Lost => {
                    ended = Some((state, on));
                    note(day, state, on);
                }
            }
        }
        if ended.is_none() {
            self.open.push((self.histories.len(), deal));
        }
        self.histories.push(History { partner, origin, created: Some(created), seen });
    }

    /// For each open deal the true probability of having launched after each number of weeks, by `paths` continuations.
    pub fn truth(&self, weeks: &[i32], paths: u32) -> Vec<Vec<f64>> {
        let mut dice = Dice::new(77);
        let horizon = weeks.iter().copied().max().unwrap_or(0);
        let of = |deal: &Deal, dice: &mut Dice| {
            let days: Vec<Option<i32>> = (0..paths).map(|_| deal.launch_within(self.end, horizon, dice)).collect();
            let by = |week: &i32| days.iter().flatten().filter(|day| **day <= self.end + 7 * week).count();
            weeks.iter().map(|week| by(week) as f64 / f64::from(paths)).collect()
        };
        self.open.iter().map(|(_, deal)| of(deal, &mut dice)).collect()
    }
}
