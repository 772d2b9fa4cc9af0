//! Counts with a lower and an upper bound, and the status they give.

use crate::Truth;
use aceq_model::Status;

/// How many count certainly, and how many may.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Lower bound.
    pub confirmed: i64,
    /// Upper bound; `None` = unbounded.
    pub possible: Option<i64>,
}

/// What a requirement answers on one date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The requirement's own count.
    pub bounds: Bounds,
    /// The answer, after sub-minimums, waivers and applicability.
    pub status: Status,
}

impl Bounds {
    /// Nothing is known: zero for certain, no upper bound.
    pub const UNKNOWN: Self = Self { confirmed: 0, possible: None };

    /// The status against a required count.
    ///
    /// ```
    /// use aceq_model::Status;
    /// use aceq_timeline::Bounds;
    /// assert_eq!(Bounds { confirmed: 50, possible: Some(60) }.status(50), Status::Met);
    /// assert_eq!(Bounds { confirmed: 40, possible: Some(49) }.status(50), Status::NotMet);
    /// assert_eq!(Bounds { confirmed: 40, possible: None }.status(50), Status::Unknown);
    /// ```
    pub fn status(self, required: i64) -> Status {
        if self.confirmed >= required {
            Status::Met
        } else if self.possible.is_some_and(|possible| possible < required) {
            Status::NotMet
        } else {
            Status::Unknown
        }
    }
}

/// Applicability and waiver on top of a rule's own status.
///
/// An unknown applicability or waiver gives OR(it, rule): it can only help, and a rule that is met stays met.
pub fn combine(rule: Status, applies: Truth, waived: Truth) -> Status {
    match (applies, waived) {
        (Truth::False, _) => Status::NotApplicable,
        (_, Truth::True) => Status::Waived,
        _ if rule == Status::Met => Status::Met,
        (Truth::Unknown, _) | (_, Truth::Unknown) => Status::Unknown,
        _ => rule,
    }
}
