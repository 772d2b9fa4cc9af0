//! The true chance of having launched, exactly: from the last week back to the first, for every state at once.
//!
//! The chances of a week depend on stage, weeks in it and weeks up to the target date, and on nothing else. So the chance
//! of launching within n weeks follows from that within n − 1:
//!
//! ```text
//!   V_n(stage, age, left) = advances · W(stage + 1, 0, left) + stays · W(stage, age + 1, left)
//!   W(stage, age, left)   = V_{n−1}(stage, age, left − 1), or, overdue, a mixture with the dates it is put off to
//! ```

use crate::calendar::Day;
use crate::history::deal::{Deal, FARTHEST, OLD, OPEN, OVERDUE, PUT_OFF, PUT_OFF_TO, Pace, Week};

const LEFTS: usize = (FARTHEST - OVERDUE + 1) as usize;
const AGES: usize = OLD + 1;

/// One number per state.
type Values = Vec<[f64; LEFTS]>;

/// The chance of launching within so many weeks, from every state.
pub(super) struct Chances {
    /// Chances of one week.
    weeks: Vec<[Week; LEFTS]>,
    values: Values,
    /// [`Values`] of the states in which a week ends, before the next one begins.
    moved: Values,
}

fn place(stage: usize, age: usize) -> usize {
    stage * AGES + age
}

fn column(left: i32) -> usize {
    (left.clamp(OVERDUE, FARTHEST) - OVERDUE) as usize
}

impl Chances {
    /// Within no week at all.
    pub(super) fn new(pace: Pace) -> Self {
        let week = |row: usize, at: usize| Week::new(row / AGES, row % AGES, OVERDUE + at as i32, pace);
        let weeks = (0..OPEN * AGES).map(|row| std::array::from_fn(|at| week(row, at))).collect();
        let zero = || vec![[0.0; LEFTS]; OPEN * AGES];
        Self { weeks, values: zero(), moved: zero() }
    }

    /// Of a deal at the beginning of the week of `day`.
    fn of(&self, deal: Deal, day: Day) -> f64 {
        self.values[place(deal.stage, deal.age)][column(deal.left(day))]
    }

    /// Allows one week more.
    fn lengthen(&mut self) {
        for (moved, values) in self.moved.iter_mut().zip(&self.values) {
            *moved = a_week_later(values);
        }
        for stage in 0..OPEN {
            for age in 0..AGES {
                let stays = &self.moved[place(stage, (age + 1).min(OLD))];
                let advances = if stage + 1 < OPEN { &self.moved[place(stage + 1, 0)] } else { &[1.0; LEFTS] };
                let weeks = &self.weeks[place(stage, age)];
                self.values[place(stage, age)] = std::array::from_fn(|at| {
                    let week = weeks[at];
                    week.advances * advances[at] + (1.0 - week.lost - week.advances) * stays[at]
                });
            }
        }
    }

    /// For each deal, open on `day`, the chance of having launched by each of `dates`, which ascend. Within a week every
    /// day is equally likely.
    pub(super) fn launched_by(mut self, deals: &[Deal], day: Day, dates: &[Day]) -> Vec<Vec<f64>> {
        let all = |chances: &Self| deals.iter().map(|deal| chances.of(*deal, day)).collect::<Vec<_>>();
        let mut known = vec![Vec::with_capacity(dates.len()); deals.len()];
        let mut before = all(&self);
        let (mut week, mut dates) = (0, dates.iter().peekable());
        while dates.peek().is_some() {
            self.lengthen();
            let after = all(&self);
            while let Some(date) = dates.next_if(|date| **date < day + 7 * (week + 1)) {
                let share = f64::from(date - day - 7 * week) / 7.0;
                let steps = before.iter().zip(&after).map(|(before, after)| before + (after - before) * share);
                known.iter_mut().zip(steps).for_each(|(known, chance)| known.push(chance));
            }
            (before, week) = (after, week + 1);
        }
        known
    }
}

/// The values at the end of a week by the weeks that were left at its beginning.
fn a_week_later(values: &[f64; LEFTS]) -> [f64; LEFTS] {
    let put_off_to = &values[column(PUT_OFF_TO.0 - 1)..=column(PUT_OFF_TO.1 - 1)];
    let put_off = put_off_to.iter().sum::<f64>() / put_off_to.len() as f64;
    std::array::from_fn(|at| {
        let left = OVERDUE + at as i32;
        let kept = values[column(left - 1)];
        if left < 0 { (1.0 - PUT_OFF) * kept + PUT_OFF * put_off } else { kept }
    })
}

#[cfg(test)]
mod tests {
    use super::Chances;
    use crate::dice::{Dice, Topic};
    use crate::history::deal::{Deal, Outcome, Pace};

    /// Some deals of all kinds, seen from day 0.
    const DEALS: [Deal; 6] = [
        Deal { stage: 0, age: 0, target: 250 },
        Deal { stage: 1, age: 7, target: 41 },
        Deal { stage: 2, age: 52, target: -1 },
        Deal { stage: 3, age: 3, target: 6 },
        Deal { stage: 4, age: 1, target: 120 },
        Deal { stage: 4, age: 20, target: -300 },
    ];

    #[test]
    fn the_exact_chance_is_that_of_many_courses_of_events() {
        const COURSES: u32 = 20_000;
        let dates = [0, 10, 48, 137, 730];
        let mut dice = Dice::new(5, 1, Topic::Future);
        let pace = Pace::draw(&mut dice);
        let exact = Chances::new(pace).launched_by(&DEALS, 0, &dates);
        for (deal, exact) in DEALS.into_iter().zip(exact) {
            let ends: Vec<_> = (0..COURSES).filter_map(|_| deal.end(0, 730, pace, &mut dice)).collect();
            for (date, exact) in dates.into_iter().zip(exact) {
                let launched = ends.iter().filter(|(how, day)| *how == Outcome::Launched && *day <= date).count();
                let share = launched as f64 / f64::from(COURSES);
                // Five standard errors; 30 comparisons.
                let error = 5.0 * (exact * (1.0 - exact) / f64::from(COURSES)).sqrt();
                assert!((share - exact).abs() <= error + 1e-9, "{deal:?} by {date}: {share} of {exact} ± {error}");
            }
        }
    }

    #[test]
    fn chances_rise_with_time_and_stay_chances() {
        let dates: Vec<_> = (0..800).collect();
        for pace in (1..20).map(|partner| Pace::draw(&mut Dice::new(1, partner, Topic::History))) {
            for chances in Chances::new(pace).launched_by(&DEALS, 0, &dates) {
                assert!(chances.is_sorted());
                assert!(chances.iter().all(|chance| (0.0..=1.0).contains(chance)));
            }
        }
    }
}
