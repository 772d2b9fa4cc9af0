//! Seeded Monte Carlo for joint conditions, 64 draws to a machine word.
//!
//! The exact distribution of one count says nothing about two that share deals ("50 launched, of which 10 in the public
//! sector", the whole checklist). So the launches of all open opportunities of a partner are drawn together, and every
//! condition is judged on the same draws. A draw is one bit of a word:
//!
//! ```text
//!   launched by 2026-Q4   opportunity 1   0110 0000 1…     one bit per draw, 64 draws per word
//!                         opportunity 2   0000 0100 1…
//!   unit = 1 OR 2                         0110 0100 1…
//!   count                 plane 2⁰        0010 …           one word per binary digit of the count:
//!                         plane 2¹        0110 …           a whole adder per word, no branch per draw
//!   count ≥ required      one word; AND, OR over requirements; a population count at the end
//! ```
//!
//! Each opportunity has a stream of random numbers of its own, chosen by (seed, partner, program, its number): an
//! opportunity more or less, or another probability, leaves the draws of the others as they were, so that two forecasts
//! that differ in one assumption differ by that alone.

mod condition;
mod counter;
mod launches;

pub use condition::Condition;

use aceq_model::{AsOf, days_from_date};
use counter::Counter;
use launches::Launches;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

/// Draws of one partner and program.
#[derive(Clone, Debug, Default)]
pub struct DrawPlan {
    /// Partner and program, which with the seed choose the random numbers.
    pub key: DrawKey,
    /// Days at which launches are told apart, ascending: the as-of dates, and the last day too early for each window.
    pub cuts: Vec<i32>,
    /// The as-of dates, as positions in `cuts`.
    pub dates: Vec<usize>,
    /// Open opportunities.
    pub open: Vec<OpenOpportunity>,
    /// Counts over units.
    pub counts: Vec<DrawnCount>,
    /// What is asked.
    pub conditions: Vec<Condition>,
}

/// What chooses the random numbers, with the number of each opportunity.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrawKey {
    /// The seed that the user gave.
    pub seed: u64,
    /// Partner.
    pub partner_id: String,
    /// Program.
    pub program: String,
}

/// An open opportunity in a draw.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OpenOpportunity {
    /// The digits of its id; chooses its random numbers.
    pub number: u64,
    /// Probability of having launched by each cut. Made to rise where it does not.
    pub launched_by: Vec<f64>,
}

/// A count over units.
#[derive(Clone, Debug, Default)]
pub struct DrawnCount {
    /// Per date: units that count whatever happens and are not among `units`.
    pub certain: Vec<i64>,
    /// Per date: the cut by which a launch is too early for the window; `None` where none is.
    pub too_early: Vec<Option<usize>>,
    /// Units that may come to count by launches.
    pub units: Vec<DrawnUnit>,
}

/// A unit of a count.
#[derive(Clone, Debug, Default)]
pub struct DrawnUnit {
    /// Open opportunities, any of which makes it count.
    pub open: Vec<DrawnLaunch>,
    /// Dates (positions in [`DrawPlan::dates`]) on which rows that exist make it count anyway.
    pub sure_on: Vec<usize>,
}

/// An open opportunity that makes a unit count once launched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DrawnLaunch {
    /// Position in [`DrawPlan::open`].
    pub open: usize,
    /// Dates (positions in [`DrawPlan::dates`]) on which it would count; `None` = on all.
    pub only_on: Option<Vec<usize>>,
}

/// How draws came out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Drawn {
    /// Number of draws.
    pub draws: u32,
    /// Per condition and date: draws in which it held.
    pub held: Vec<Vec<u32>>,
    /// Per count and date: sum over draws of the units that count, the certain ones left out.
    pub totals: Vec<Vec<u64>>,
    /// Per condition, opportunity and date: how launching by then goes with the condition.
    pub drivers: Vec<Vec<Vec<Together>>>,
}

/// Draws in which an opportunity had launched by a date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Together {
    /// Draws in which it had.
    pub launched: u32,
    /// Those among them in which the condition held.
    pub held: u32,
}

/// Draws per word.
const LANES: u32 = u64::BITS;

impl From<usize> for DrawnLaunch {
    /// Counts on all dates.
    fn from(open: usize) -> Self {
        Self { open, only_on: None }
    }
}

impl Together {
    /// P(condition, given launched) − P(condition, given not), from `draws` in which the condition held `held` times.
    /// `None` where one of the two never occurred.
    pub fn moves(self, draws: u32, held: u32) -> Option<f64> {
        let without = draws - self.launched;
        let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole);
        (self.launched > 0 && without > 0).then(|| share(self.held, self.launched) - share(held - self.held, without))
    }
}

impl DrawKey {
    /// The stream of one opportunity: key from seed, partner and program, stream number from its own.
    fn stream(&self, number: u64) -> ChaCha8Rng {
        let mut bytes = [0; 32];
        bytes[..8].copy_from_slice(&self.seed.to_le_bytes());
        bytes[8..16].copy_from_slice(&fnv(self.partner_id.as_bytes()).to_le_bytes());
        bytes[16..24].copy_from_slice(&fnv(self.program.as_bytes()).to_le_bytes());
        bytes[24..].copy_from_slice(b"launches");
        let mut stream = ChaCha8Rng::from_seed(bytes);
        stream.set_stream(number);
        stream
    }
}

/// FNV-1a: the same on every machine and in every version.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Draws `draws` times for each plan, in parallel; the order and the numbers do not depend on threads.
pub fn draw_all(plans: &[DrawPlan], draws: u32) -> Vec<Drawn> {
    plans.par_iter().map(|plan| draw(plan, draws)).collect()
}

/// Draws `draws` times. Positions that do not exist in the plan count as never launched, never sure.
pub fn draw(plan: &DrawPlan, draws: u32) -> Drawn {
    let words = draws.div_ceil(LANES) as usize;
    let launches: Vec<Launches> =
        plan.open.iter().map(|open| Launches::draw(plan.key.stream(open.number), &open.launched_by, words)).collect();
    let mut drawn = Drawn::empty(plan, draws);
    let mut counters: Vec<Counter> = plan.counts.iter().map(|count| Counter::new(count, plan)).collect();
    for word in 0..words {
        let lanes = lanes_of(draws, word);
        for (counter, totals) in counters.iter_mut().zip(&mut drawn.totals) {
            counter.count(word, &launches);
            counter.add_totals(lanes, totals);
        }
        for (index, condition) in plan.conditions.iter().enumerate() {
            for date in 0..plan.dates.len() {
                let held = condition.holds(date, &counters) & lanes;
                drawn.held[index][date] += held.count_ones();
                let by = plan.dates[date];
                for (launches, drivers) in launches.iter().zip(&mut drawn.drivers[index]) {
                    let launched = launches.by(word, by) & lanes;
                    drivers[date].launched += launched.count_ones();
                    drivers[date].held += (launched & held).count_ones();
                }
            }
        }
    }
    drawn
}

/// The draws of a word that are asked for: all but in the last.
fn lanes_of(draws: u32, word: usize) -> u64 {
    match draws.saturating_sub(word as u32 * LANES) {
        LANES.. => u64::MAX,
        rest => (1 << rest) - 1,
    }
}

impl Drawn {
    fn empty(plan: &DrawPlan, draws: u32) -> Self {
        let dates = plan.dates.len();
        Self {
            draws,
            held: vec![vec![0; dates]; plan.conditions.len()],
            totals: vec![vec![0; dates]; plan.counts.len()],
            drivers: vec![vec![vec![Together::default(); dates]; plan.open.len()]; plan.conditions.len()],
        }
    }

    /// Share of draws in which a condition held on a date.
    pub fn probability(&self, condition: usize, date: usize) -> f64 {
        f64::from(self.held[condition][date]) / f64::from(self.draws.max(1))
    }
}

/// The cuts that as-of dates and windows need, ascending, and the position of each date.
pub fn cuts_for(dates: &[AsOf], too_early: impl IntoIterator<Item = i32>) -> (Vec<i32>, Vec<usize>) {
    let days: Vec<i32> = dates.iter().map(|date| days_from_date(date.date())).collect();
    let mut cuts: Vec<i32> = days.iter().copied().chain(too_early).collect();
    cuts.sort_unstable();
    cuts.dedup();
    let positions = days.iter().map(|day| cuts.partition_point(|cut| cut < day)).collect();
    (cuts, positions)
}

#[cfg(test)]
mod tests;
