//! Counts of 64 draws at once: one word per binary digit of the count.

use super::launches::Launches;
use super::{DrawPlan, DrawnCount, DrawnUnit};

/// Counts the units of one requirement, date by date.
pub(super) struct Counter<'p> {
    count: &'p DrawnCount,
    dates: Vec<DateCuts>,
    units: Vec<Unit>,
    /// Per binary digit, lowest first, and date: the digits of 64 counts.
    planes: Vec<u64>,
    /// The unit being added, then what it carries on, by date.
    carry: Vec<u64>,
}

/// Launched by `until`, but not by `too_early`.
#[derive(Clone, Copy)]
struct DateCuts {
    until: usize,
    too_early: Option<usize>,
}

struct Unit {
    open: Vec<Launch>,
    /// By date: all ones where it counts anyway.
    sure: Vec<u64>,
}

struct Launch {
    open: usize,
    /// By date: all ones where it would count; `None` = everywhere.
    on: Option<Vec<u64>>,
}

impl<'p> Counter<'p> {
    pub(super) fn new(count: &'p DrawnCount, plan: &DrawPlan) -> Self {
        let cut = |(date, until): (usize, &usize)| DateCuts {
            until: *until,
            too_early: count.too_early.get(date).copied().flatten().filter(|cut| cut < until),
        };
        let dates: Vec<DateCuts> = plan.dates.iter().enumerate().map(cut).collect();
        let digits = usize::BITS - count.units.len().leading_zeros();
        Self {
            count,
            units: count.units.iter().map(|unit| Unit::new(unit, dates.len())).collect(),
            planes: vec![0; digits as usize * dates.len()],
            carry: vec![0; dates.len()],
            dates,
        }
    }

    /// Counts anew for a word.
    pub(super) fn count(&mut self, word: usize, launches: &[Launches]) {
        self.planes.fill(0);
        if self.dates.is_empty() {
            return;
        }
        for unit in &self.units {
            self.carry.copy_from_slice(&unit.sure);
            for launch in &unit.open {
                let Some(launches) = launches.get(launch.open) else { continue };
                let by_cut = launches.word(word);
                for (index, (counts, date)) in self.carry.iter_mut().zip(&self.dates).enumerate() {
                    let launched = by_cut.get(date.until).copied().unwrap_or(0);
                    let early = date.too_early.and_then(|cut| by_cut.get(cut)).copied().unwrap_or(0);
                    let on = launch.on.as_ref().map_or(u64::MAX, |on| on[index]);
                    *counts |= launched & !early & on;
                }
            }
            add(&mut self.planes, &mut self.carry);
        }
    }

    /// The draws in which at least `required` units count on a date.
    pub(super) fn at_least(&self, date: usize, required: i64) -> u64 {
        let missing = required.saturating_sub(self.count.certain.get(date).copied().unwrap_or(0));
        let Ok(missing) = u64::try_from(missing) else { return u64::MAX };
        let dates = self.dates.len();
        let digits = self.planes.len() / dates.max(1);
        if digits < u64::BITS as usize && missing >> digits != 0 {
            return 0;
        }
        // The borrow of `count − missing`, digit by digit from the lowest: none is left where count ≥ missing.
        let borrow = (0..digits).fold(0, |borrow, digit| {
            let plane = self.planes[digit * dates + date];
            if missing >> digit & 1 == 1 { !plane | borrow } else { !plane & borrow }
        });
        !borrow
    }

    /// Adds the counts of the draws in `lanes`, by date.
    pub(super) fn add_totals(&self, lanes: u64, totals: &mut [u64]) {
        for (digit, plane) in self.planes.chunks_exact(self.dates.len().max(1)).enumerate() {
            for (total, word) in totals.iter_mut().zip(plane) {
                *total += u64::from((word & lanes).count_ones()) << digit;
            }
        }
    }
}

impl Unit {
    fn new(unit: &DrawnUnit, dates: usize) -> Self {
        let sure = mask(&unit.sure_on, dates).into_iter();
        let open = unit
            .open
            .iter()
            .map(|launch| Launch { open: launch.open, on: launch.only_on.as_ref().map(|on| mask(on, dates)) });
        Self { open: open.collect(), sure: sure.collect() }
    }
}

/// By date: all ones on those that are listed.
fn mask(on: &[usize], dates: usize) -> Vec<u64> {
    (0..dates).map(|date| if on.contains(&date) { u64::MAX } else { 0 }).collect()
}

/// Adds one bit per draw and date: a half adder per digit, until nothing is carried.
fn add(planes: &mut [u64], carry: &mut [u64]) {
    for plane in planes.chunks_exact_mut(carry.len()) {
        let mut left = 0;
        for (digit, carry) in plane.iter_mut().zip(carry.iter_mut()) {
            let carried = *digit & *carry;
            *digit ^= *carry;
            *carry = carried;
            left |= carried;
        }
        if left == 0 {
            return;
        }
    }
}
