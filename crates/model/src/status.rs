//! What `aceq` answers about a requirement.

use std::fmt;

/// The status of a requirement on one as-of date (design: three-valued counts).
///
/// ```text
///   confirmed ≥ required            → Met
///   possible < required             → NotMet
///   otherwise                       → Unknown      data that could settle it is missing
///   waived_when holds               → Waived       counts as satisfied
///   applies_when does not hold      → NotApplicable, counts as satisfied
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Proven by confirmed rows.
    Met,
    /// Not reachable even if every doubtful row counted.
    NotMet,
    /// The data cannot tell.
    Unknown,
    /// Satisfied because the program waives it.
    Waived,
    /// Satisfied because it does not concern this partner.
    NotApplicable,
}

impl Status {
    /// Every status, in the order reports show them.
    pub const ALL: [Self; 5] = [Self::Met, Self::NotMet, Self::Unknown, Self::Waived, Self::NotApplicable];

    /// The name used in every output: `met`, `not_met`, `unknown`, `waived`, `not_applicable`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::NotMet => "not_met",
            Self::Unknown => "unknown",
            Self::Waived => "waived",
            Self::NotApplicable => "not_applicable",
        }
    }

    /// Whether the status satisfies the requirement when several are combined: yes, no or unknown.
    pub fn satisfied(self) -> Option<bool> {
        match self {
            Self::Met | Self::Waived | Self::NotApplicable => Some(true),
            Self::NotMet => Some(false),
            Self::Unknown => None,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
