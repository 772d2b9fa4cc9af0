//! How a deal goes on, one week after the other.
//!
//! Only what is exact on every machine is used (sums, products, quotients), so that the same seed gives the same world.

use crate::calendar::Day;
use crate::dice::Dice;

/// Stages of an open deal, as places in `STAGES`.
pub(super) const OPEN: usize = 5;
/// Weeks in a stage after which nothing changes any more.
pub(super) const OLD: usize = 52;
/// Weeks up to the target date beyond which no target lies.
pub(super) const FARTHEST: i32 = 42;
/// Weeks past the target date after which nothing changes any more.
pub(super) const OVERDUE: i32 = -5;
/// Weeks ahead, of the first and of the last new date of a deal that is put off.
pub(super) const PUT_OFF_TO: (i32, i32) = (7, 18);
/// Chance in a week that an overdue deal is put off.
pub(super) const PUT_OFF: f64 = 0.25;

/// How fast the deals of a partner with one origin move; 1 is usual.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pace(f64);

impl Pace {
    /// Log-normal with σ = 0.35, nearly.
    pub(super) fn draw(dice: &mut Dice) -> Self {
        let normal = (0..12).map(|_| dice.unit()).sum::<f64>() - 6.0;
        // e^x as (1 + x/1024)^1024: `exp` may differ in its last bit between machines.
        let root = 1.0 + 0.35 * normal / 1024.0;
        Self((0..10).fold(root, |power, _| power * power))
    }

    /// That of deals which AWS brought.
    pub(super) fn referred(self) -> Self {
        Self(self.0 * 1.3)
    }
}

/// An open deal at the beginning of a week. With its pace it decides the chances of all that follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Deal {
    /// Place in `STAGES`, below [`OPEN`].
    pub(super) stage: usize,
    /// Whole weeks in the stage, at most [`OLD`].
    pub(super) age: usize,
    pub(super) target: Day,
}

/// What became of a deal in a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Open(Deal),
    Launched,
    Lost,
}

/// Chances of one week; the deal stays in its stage otherwise.
#[derive(Clone, Copy)]
pub(super) struct Week {
    pub(super) lost: f64,
    pub(super) advances: f64,
}

impl Week {
    /// For a deal in `stage` for `age` weeks whose target is `left` weeks ahead.
    pub(super) fn new(stage: usize, age: usize, left: i32, Pace(pace): Pace) -> Self {
        let age = age as f64;
        // Nothing moves at once; what lies about cools down.
        let warm = (age / 3.0).min(1.0) * 30.0 / (30.0 + age);
        let due = match left {
            _ if stage < 3 => 1.0,
            7.. => 0.4,
            -4..=6 => 1.8,
            _ => 0.6,
        };
        Self {
            lost: [0.010, 0.008, 0.006, 0.005, 0.003][stage] * (1.0 + age / 20.0),
            advances: ([0.085, 0.085, 0.095, 0.11, 0.15][stage] * warm * due * pace).min(0.8),
        }
    }
}

impl Deal {
    /// A deal that begins on `day`.
    pub(super) fn new(day: Day, dice: &mut Dice) -> Self {
        Self { stage: usize::from(dice.happens(200)), age: 0, target: day + dice.between(60, 299) }
    }

    /// Whole weeks up to the target date, seen from `day`: 0 on the date itself and the 6 days before, −1 once it is past.
    pub(super) fn left(self, day: Day) -> i32 {
        (self.target - day).div_euclid(7).clamp(OVERDUE, FARTHEST)
    }

    /// The week after `day`.
    pub(super) fn step(mut self, day: Day, pace: Pace, dice: &mut Dice) -> Outcome {
        let left = self.left(day);
        let week = Week::new(self.stage, self.age, left, pace);
        let draw = dice.unit();
        self.age = (self.age + 1).min(OLD);
        if draw < week.lost {
            return Outcome::Lost;
        }
        if draw < week.lost + week.advances {
            if self.stage + 1 == OPEN {
                return Outcome::Launched;
            }
            (self.stage, self.age) = (self.stage + 1, 0);
        }
        if left < 0 && dice.unit() < PUT_OFF {
            self.target = day + dice.between(7 * PUT_OFF_TO.0, 7 * PUT_OFF_TO.1 + 6);
        }
        Outcome::Open(self)
    }

    /// How and when the deal ends by `until`, from the beginning of the week of `day`; `None` while it is open.
    pub(super) fn end(self, mut day: Day, until: Day, pace: Pace, dice: &mut Dice) -> Option<(Outcome, Day)> {
        let mut deal = self;
        while day < until {
            let outcome = deal.step(day, pace, dice);
            let on = day_of_week(day, dice);
            match outcome {
                Outcome::Open(next) => deal = next,
                ended => return (on <= until).then_some((ended, on)),
            }
            day += 7;
        }
        None
    }
}

/// The day on which what happens in the week after `day` happens.
pub(super) fn day_of_week(day: Day, dice: &mut Dice) -> Day {
    day + dice.between(1, 7)
}
