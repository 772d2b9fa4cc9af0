//! What the answers would become if open opportunities launched: the hand-over from evaluation to forecast.
//!
//! A row that exists counts on known as-of dates. An open opportunity would count from its launch on, and as long as the
//! window of its rule says:
//!
//! ```text
//!  counts ──▶ units ──▶ sure: dates on which rows that exist make it count
//!                  └──▶ launches: open opportunities that would, and when
//!  rows of a checklist ──▶ Logic: decided by dates alone, a count, or what combines them
//! ```
//!
//! Every count is there twice: with what is confirmed, and with all that is unknown turned out well. Days are `i32` days
//! since 1970-01-01; counts are whole units.

use crate::{Interval, Steps, Truth, Window};

/// One partner and one checklist.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// The counts in which launches play a part.
    pub counts: Vec<CountOutlook>,
    /// One per timeline of the checklist, in the same order.
    pub rows: Vec<RowOutlook>,
}

/// How one row of a checklist is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowOutlook {
    /// What its status is made of.
    pub logic: Logic,
    /// Its own count, as a position in [`Outlook::counts`]; `None` where launches play no part in it.
    pub count: Option<usize>,
    /// Whether launches may change it in a way that is not followed: amounts that are added up.
    pub part: LaunchPart,
}

/// The part that launches play in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaunchPart {
    /// None, or all of it is followed.
    Followed,
    /// They may change it, and this is not followed.
    NotFollowed,
}

/// When a row is satisfied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Logic {
    /// Decided by rows that exist: satisfied, not satisfied, or not known.
    Decided(Steps<Truth>),
    /// The count at this position of [`Outlook::counts`] reaches its minimum.
    Count(usize),
    /// At least so many parts are satisfied.
    AtLeast(usize, Vec<Logic>),
    /// Satisfied where it does not apply, or where it is waived, or where the rule is.
    Gated {
        /// Whether it applies.
        applies: Steps<Truth>,
        /// Whether it is waived.
        waived: Steps<Truth>,
        /// The rule.
        rule: Box<Logic>,
    },
}

/// A count over units of which some may come by launches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountOutlook {
    /// Units asked for.
    pub required: i64,
    /// With what is confirmed.
    pub confirmed: Level,
    /// With all that is unknown turned out well.
    pub possible: Level,
}

/// The units of a count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Level {
    /// Units in which no launch plays a part: how many count, by as-of date.
    pub sure: Steps<i64>,
    /// The others.
    pub units: Vec<StakeUnit>,
}

/// A unit that a launch would make count, or keep counting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StakeUnit {
    /// As-of dates on which rows that exist make it count.
    pub sure: Vec<Interval>,
    /// Open opportunities, by their place among those of the partner, and when each would count.
    pub launches: Vec<(usize, LaunchDates)>,
}

/// When an opportunity counts, once launched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaunchDates {
    /// While the day of launch lies in the window.
    Window(Window),
    /// On these as-of dates, from the launch on: the rule's window looks at another date.
    From(Interval),
}

/// Which doubt is resolved which way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Doubt {
    /// What is unknown does not count.
    Against,
    /// What is unknown counts.
    InFavour,
}

impl CountOutlook {
    /// The units at one way to resolve doubt.
    pub fn level(&self, doubt: Doubt) -> &Level {
        match doubt {
            Doubt::Against => &self.confirmed,
            Doubt::InFavour => &self.possible,
        }
    }
}

impl Logic {
    /// Satisfied or not, whatever happens.
    pub fn decided(truth: Truth) -> Self {
        Self::Decided(Steps::constant(truth))
    }

    /// At least `least` of `parts`; those that are decided are counted at once where that leaves a simple rest.
    pub fn at_least(least: usize, parts: Vec<Logic>) -> Self {
        if !parts.iter().all(|part| matches!(part, Self::Decided(_))) {
            return Self::AtLeast(least, parts);
        }
        let steps = parts.iter().filter_map(|part| if let Self::Decided(steps) = part { Some(steps) } else { None });
        let counted = steps.fold(Steps::constant((0usize, 0usize)), |counted, steps| {
            counted.zip(steps, |(sure, possible), truth| {
                (sure + usize::from(*truth == Truth::True), possible + usize::from(truth.is_possible()))
            })
        });
        Self::Decided(counted.map(|(sure, possible)| match (*sure >= least, *possible >= least) {
            (true, _) => Truth::True,
            (false, true) => Truth::Unknown,
            (false, false) => Truth::False,
        }))
    }

    /// All of `parts`.
    pub fn all(parts: Vec<Logic>) -> Self {
        let (decided, mut rest): (Vec<Self>, Vec<Self>) =
            parts.into_iter().partition(|part| matches!(part, Self::Decided(_)));
        let decided = Self::at_least(decided.len(), decided);
        if rest.is_empty() {
            return decided;
        }
        if decided != Self::decided(Truth::True) {
            rest.push(decided);
        }
        if rest.len() == 1 { rest.remove(0) } else { Self::AtLeast(rest.len(), rest) }
    }

    /// `rule` where it applies and is not waived.
    pub fn gated(applies: Steps<Truth>, waived: Steps<Truth>, rule: Logic) -> Self {
        match rule {
            Self::Decided(steps) => {
                let gate = applies.zip(&waived, |applies, waived| (!*applies).or(*waived));
                Self::Decided(steps.zip(&gate, |truth, gate| truth.or(*gate)))
            }
            rule => Self::Gated { applies, waived, rule: Box::new(rule) },
        }
    }

    /// Whether it is decided by rows that exist.
    pub fn is_decided(&self) -> bool {
        matches!(self, Self::Decided(_))
    }

    /// Whether it holds on `day`, given which counts do.
    pub fn holds(&self, day: i32, doubt: Doubt, count_holds: &impl Fn(usize) -> bool) -> bool {
        let is = |truth: Truth| truth == Truth::True || doubt == Doubt::InFavour && truth == Truth::Unknown;
        match self {
            Self::Decided(steps) => is(*steps.at(day)),
            Self::Count(count) => count_holds(*count),
            Self::AtLeast(least, parts) => {
                parts.iter().filter(|part| part.holds(day, doubt, count_holds)).count() >= *least
            }
            Self::Gated { applies, waived, rule } => {
                is(!*applies.at(day)) || is(*waived.at(day)) || rule.holds(day, doubt, count_holds)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Doubt, Logic};
    use crate::{FIRST_DAY, Steps, Truth};

    fn from_day(day: i32, before: Truth, after: Truth) -> Steps<Truth> {
        Steps::from_pairs([(FIRST_DAY, before), (day, after)])
    }

    #[test]
    fn what_is_decided_is_folded() {
        let yes = Logic::decided(Truth::True);
        let later = Logic::Decided(from_day(10, Truth::Unknown, Truth::True));
        let all = Logic::all(vec![yes.clone(), later.clone()]);
        assert_eq!(all, later);
        assert_eq!(Logic::all(vec![yes.clone(), Logic::Count(3)]), Logic::Count(3));
        assert_eq!(Logic::at_least(1, vec![yes.clone(), later]), yes);
        let not_applicable =
            Logic::gated(Steps::constant(Truth::False), Steps::constant(Truth::False), Logic::Count(0));
        assert!(not_applicable.holds(0, Doubt::Against, &|_| false));
    }

    /// Applies for certain, the waiver is unknown: only the rule itself is certain.
    #[test]
    fn an_unknown_waiver_counts_in_favour_only() {
        let applies = Steps::constant(Truth::True);
        let gated = Logic::gated(applies, Steps::constant(Truth::Unknown), Logic::Count(0));
        let holds = |doubt, count: bool| gated.holds(0, doubt, &|_| count);
        assert_eq!([holds(Doubt::Against, false), holds(Doubt::Against, true)], [false, true]);
        assert!(holds(Doubt::InFavour, false));
    }
}
