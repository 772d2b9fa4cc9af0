//! Rows of a plan: what to do, in which order, and what it changes.
//!
//! Counts are in hundredths, as in [`StatusRow`](crate::StatusRow).

use crate::Status;

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanStep {
    /// 1 for what should be done first.
    pub rank: u32,
    /// What it costs, in points of the plan's cost table.
    pub cost: i64,
    /// What kind of thing it is.
    pub action: PlanAction,
    /// Table of the row that it is about.
    pub table: String,
    /// The row's own id; empty for a row that does not exist yet.
    pub row_id: String,
    /// What a person would call the row.
    pub label: String,
    /// What is to be done to it, such as `launch by 2027-03-31`.
    pub what: String,
    /// Ids of the requirements that it brings nearer, in the order of the checklist.
    pub serves: Vec<String>,
    /// Rows that would do as well in its place: id and label.
    pub alternatives: Vec<(String, String)>,
    /// File of the row; empty for a row that does not exist yet.
    pub source_file: String,
    /// Worksheet; empty for formats without.
    pub source_sheet: String,
    /// Line.
    pub source_line: i64,
}

/// What kind of thing a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PlanAction {
    /// Bring an open opportunity to launch.
    Launch,
    /// Fill in a value that is missing from a row.
    Supply,
    /// Renew what expires.
    Renew,
    /// Publish what exists.
    Publish,
    /// Finish what has begun, or take a course or an exam.
    Complete,
    /// Answer a control of the self-assessment.
    Answer,
    /// Add a row that does not exist yet.
    Add,
}

/// What a plan does to one requirement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanStatus {
    /// Program id.
    pub program: String,
    /// Checklist version.
    pub version: String,
    /// Requirement id; `*` is the whole checklist.
    pub requirement_id: String,
    /// Short title; empty where there is none.
    pub title: String,
    /// Status and confirmed count without the plan.
    pub before: (Status, i64),
    /// Status and confirmed count with it.
    pub after: (Status, i64),
    /// The count asked for.
    pub required: i64,
    /// Whether counts are sums of money.
    pub is_sum: bool,
}

impl PlanAction {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Launch, Self::Supply, Self::Renew, Self::Publish, Self::Complete, Self::Answer, Self::Add];

    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Launch => "launch",
            Self::Supply => "supply",
            Self::Renew => "renew",
            Self::Publish => "publish",
            Self::Complete => "complete",
            Self::Answer => "answer",
            Self::Add => "add",
        }
    }
}
