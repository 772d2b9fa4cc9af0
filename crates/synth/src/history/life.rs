//! The life of a deal up to the newest snapshot, as a list of changes: what any day shows of it follows.

use crate::calendar::Day;
use crate::dice::Dice;
use crate::history::deal::{Deal, Outcome, Pace, day_of_week};
use crate::opportunity::{AWS_REFERRAL, CLOSED_LOST, LAUNCHED, PARTNER_REFERRAL, STAGES};

/// What is known of a deal from a day on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    pub(super) day: Day,
    pub(super) stage: &'static str,
    /// Once launched or lost, the day of it.
    pub(super) target: Day,
}

/// A deal from its creation on.
pub(super) struct Life {
    pub(super) created: Day,
    pub(super) origin: &'static str,
    /// Oldest first; never empty.
    changes: Vec<Shown>,
    /// Its true state at the newest snapshot, if it is open then.
    pub(super) open: Option<Deal>,
    pub(super) pace: Pace,
}

impl Life {
    /// A deal created in the week up to `begins`, lived until `newest`, which is whole weeks later.
    pub(super) fn new(begins: Day, newest: Day, pace: Pace, dice: &mut Dice) -> Self {
        let created = begins - dice.between(0, 6);
        let origin = if dice.happens(300) { AWS_REFERRAL } else { PARTNER_REFERRAL };
        let pace = if origin == AWS_REFERRAL { pace.referred() } else { pace };
        let deal = Deal::new(created, dice);
        let changes = vec![Shown { day: created, stage: STAGES[deal.stage], target: deal.target }];
        let mut life = Self { created, origin, changes, open: Some(deal), pace };
        (begins..newest).step_by(7).for_each(|day| life.week(day, dice));
        life
    }

    fn week(&mut self, day: Day, dice: &mut Dice) {
        let Some(deal) = self.open else { return };
        let outcome = deal.step(day, self.pace, dice);
        let on = day_of_week(day, dice);
        let shown = match outcome {
            Outcome::Open(next) => Shown { day: on, stage: STAGES[next.stage], target: next.target },
            Outcome::Launched => Shown { day: on, stage: LAUNCHED, target: on },
            Outcome::Lost => Shown { day: on, stage: CLOSED_LOST, target: on },
        };
        if self.changes.last().is_none_or(|last| (last.stage, last.target) != (shown.stage, shown.target)) {
            self.changes.push(shown);
        }
        self.open = if let Outcome::Open(next) = outcome { Some(next) } else { None };
    }

    /// What was known on `day`; `None` before it was created.
    pub(super) fn on(&self, day: Day) -> Option<Shown> {
        self.changes.iter().rev().find(|shown| shown.day <= day).copied()
    }
}
