//! What is asked of a draw: thresholds of counts, and what they combine to.

use super::counter::Counter;
use aceq_timeline::Truth;

/// A condition on one date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The count at this position of [`super::DrawPlan::counts`] is at least so many. A position that does not exist
    /// counts nothing.
    AtLeast(usize, i64),
    /// Known without drawing, per date: certifications, attestations. Holds where TRUE; unknown does not hold.
    Fixed(Vec<Truth>),
    /// All hold.
    All(Vec<Condition>),
    /// At least one holds.
    Any(Vec<Condition>),
    /// At least so many hold.
    SomeOf(usize, Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
}

impl Condition {
    /// The draws of the counted word in which it holds.
    pub(super) fn holds(&self, date: usize, counters: &[Counter<'_>]) -> u64 {
        match self {
            Self::AtLeast(count, required) => match counters.get(*count) {
                Some(counter) => counter.at_least(date, *required),
                None if *required <= 0 => u64::MAX,
                None => 0,
            },
            Self::Fixed(truths) => match truths.get(date) {
                Some(Truth::True) => u64::MAX,
                _ => 0,
            },
            Self::All(parts) => parts.iter().fold(u64::MAX, |all, part| all & part.holds(date, counters)),
            Self::Any(parts) => parts.iter().fold(0, |any, part| any | part.holds(date, counters)),
            Self::SomeOf(least, parts) => some_of(*least, parts.iter().map(|part| part.holds(date, counters))),
            Self::Not(part) => !part.holds(date, counters),
        }
    }
}

/// `reached[n]` = draws in which at least `n` of the parts so far hold.
fn some_of(least: usize, parts: impl Iterator<Item = u64>) -> u64 {
    let mut reached = vec![u64::MAX];
    for holds in parts {
        reached.push(0);
        for n in (1..reached.len()).rev() {
            reached[n] |= reached[n - 1] & holds;
        }
    }
    reached.get(least).copied().unwrap_or(0)
}
