//! What changed between two evaluations: per count the rows and units that came, went or changed, and why.

use crate::Status;
use crate::ledger::codes;
use chrono::NaiveDate;

codes! {
    /// The one main reason why something came, went or changed.
    ChangeReason {
        LeftWindow => "left_window", "Went: on the later as-of date its date lies too far back. Every condition holds on both sides.";
        EnteredWindow => "entered_window", "Came: its date lies in the window of this as-of date, and not in that of the other. Every condition holds on both sides.";
        Expired => "expired", "Went: its expiration date has been reached.";
        NoLongerValid => "no_longer_valid", "Went: its last day has passed.";
        BecameValid => "became_valid", "Came: its first day has come, or (comparing backwards) its last day has not passed yet.";
        NotYet => "not_yet", "Went: its first day lies after the as-of date.";
        NotAnswered => "not_answered", "Went: by the as-of date nobody has answered.";
        Answered => "answered", "Came: it has been answered with yes by now, and had not been answered before.";
        DateMoved => "date_moved", "Its date is another one: it moved out of the window or the validity, or into it.";
        NotInData => "not_in_data", "Went: the later data does not hold the row.";
        NewInData => "new_in_data", "Came: the earlier data does not hold the row.";
        TableNotGiven => "table_not_given", "Went: no file of this kind was given, so nothing is known about such rows.";
        TableGiven => "table_given", "Came: the earlier data had no file of this kind.";
        Excluded => "excluded", "Went: a correction says that the row is not to be used.";
        ExclusionLifted => "exclusion_lifted", "Came: a correction had said that the row is not to be used, and does not any more.";
        ConditionFails => "condition_fails", "Went: a value changed, and a condition no longer holds.";
        ConditionHolds => "condition_holds", "Came: a value changed, and a condition holds now.";
        BecameUnknown => "became_unknown", "Went: a value is no longer known, so nobody can tell whether it counts. Of what only may count: a value is no longer known that ruled it out.";
        BecameKnown => "became_known", "Came: a value is known now that decides. Of what only may count: a value is known now that rules it out.";
        Merged => "merged", "Went: its rows still count, for another unit (two names are one customer now).";
        Split => "split", "Came: its rows counted before, for another unit (one customer is two now).";
        SumFell => "sum_fell", "Went: the amounts of its rows no longer add up to what is asked for.";
        SumReached => "sum_reached", "Came: the amounts of its rows now add up to what is asked for.";
        RuleChanged => "rule_changed", "The rule is another one: under the rule of the other side this would be as it is there.";
        StatusChanged => "status_changed", "A part of a combination has another status.";
        OtherRow => "other_row", "Changed: the unit still counts, by another row.";
        ValuesChanged => "values_changed", "Changed: it still counts, and values that the rule reads are others.";
        NewFinding => "new_finding", "Changed: it still counts, and carries a finding that it did not carry before.";
    }
}

/// What became of a row or unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ChangeKind {
    /// It counted before, and does not count now.
    Went,
    /// It did not count before, and counts now.
    Came,
    /// It counts as before, and something about it is different.
    Changed,
    /// It may have counted before, and cannot count now: the upper bound alone moves.
    DoubtWent,
    /// It could not count before, and may count now: the upper bound alone moves.
    DoubtCame,
}

/// A column with another value (or, where a date decides, the date itself).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueChange {
    /// The column.
    pub column: String,
    /// Its value before, in words; `None` = there was no such row.
    pub before: Option<String>,
    /// Its value after, in words; `None` = there is no such row.
    pub after: Option<String>,
}

/// Where a row was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowPlace {
    /// The file.
    pub file: String,
    /// Worksheet, empty for formats without sheets.
    pub sheet: String,
    /// Line of the row.
    pub line: i64,
}

/// One row or unit that came, went or changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What became of it.
    pub kind: ChangeKind,
    /// Why.
    pub reason: ChangeReason,
    /// By how much the confirmed count moves, in hundredths: positive for what came, negative for what went.
    pub amount: i64,
    /// The counted unit: customer key, person key, row id, case study, or requirement of a combination.
    pub unit: String,
    /// Table of the row; empty for parts of a combination.
    pub table: String,
    /// The row's own id; of a unit, the row that stands (or stood) for it.
    pub row_id: String,
    /// What a person would call it.
    pub label: String,
    /// The condition or window that decides, as written in the checklist.
    pub condition: Option<String>,
    /// The values that decide.
    pub values: Vec<ValueChange>,
    /// The first day on which it counts no longer (went), or counts (came), where a date decides.
    pub on: Option<NaiveDate>,
    /// What else there is to say: the correction, the unit that it counts with.
    pub note: Option<String>,
    /// Where the row was read, before.
    pub before: Option<RowPlace>,
    /// Where the row was read, after.
    pub after: Option<RowPlace>,
}

/// A count on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SideCount {
    /// The answer.
    pub status: Status,
    /// Lower bound, in hundredths.
    pub confirmed: i64,
    /// Upper bound, in hundredths; `None` = unbounded.
    pub possible: Option<i64>,
    /// The count asked for, in hundredths.
    pub required: i64,
}

/// One count (requirement, reading, member) on both sides, and everything that moved it.
///
/// The changes add up: confirmed before + the amounts of all changes = confirmed after. A side without the requirement
/// counts as zero.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CountDiff {
    /// Partner assessed.
    pub partner_id: String,
    /// Program id.
    pub program: String,
    /// Requirement id; `*` is the whole checklist.
    pub requirement_id: String,
    /// `adopted`, or the name of the alternative reading.
    pub reading: String,
    /// The value or sub-minimum; `None` on the requirement's own row.
    pub member: Option<String>,
    /// What is counted, in plural: customers, people, opportunities, requirements.
    pub counted: &'static str,
    /// Whether the counts are sums of money.
    pub is_sum: bool,
    /// Before; `None` = the checklist had no such count.
    pub before: Option<SideCount>,
    /// After; `None` = the checklist has no such count any more.
    pub after: Option<SideCount>,
    /// Applicability and waivers that hold on one side only, and lines of the rule that differ, each in words.
    pub notes: Vec<String>,
    /// What moved it: what went, then what came, then what changed.
    pub changes: Vec<Change>,
}

impl ChangeKind {
    /// Every kind, in the order in which changes are listed.
    pub const ALL: [Self; 5] = [Self::Went, Self::Came, Self::Changed, Self::DoubtWent, Self::DoubtCame];

    /// The name used in every output: `went`, `came`, `changed`, `doubt_went`, `doubt_came`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Went => "went",
            Self::Came => "came",
            Self::Changed => "changed",
            Self::DoubtWent => "doubt_went",
            Self::DoubtCame => "doubt_came",
        }
    }

    /// The same change, read from after to before.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::Went => Self::Came,
            Self::Came => Self::Went,
            Self::Changed => Self::Changed,
            Self::DoubtWent => Self::DoubtCame,
            Self::DoubtCame => Self::DoubtWent,
        }
    }
}

impl ChangeReason {
    /// What happened, as said after a number or a name: `3 left the window`.
    pub fn phrase(self) -> &'static str {
        match self {
            Self::LeftWindow => "left the window",
            Self::EnteredWindow => "entered the window",
            Self::Expired => "expired",
            Self::NoLongerValid => "no longer valid",
            Self::BecameValid => "became valid",
            Self::NotYet => "not there yet",
            Self::NotAnswered => "not answered by then",
            Self::Answered => "answered with yes",
            Self::DateMoved => "has another date",
            Self::NotInData => "no longer in the data",
            Self::NewInData => "new in the data",
            Self::TableNotGiven => "no longer given",
            Self::TableGiven => "newly given",
            Self::Excluded => "excluded by a correction",
            Self::ExclusionLifted => "no longer excluded",
            Self::ConditionFails => "failing a condition",
            Self::ConditionHolds => "satisfying all conditions",
            Self::BecameUnknown => "became unknown",
            Self::BecameKnown => "became known",
            Self::Merged => "merged with another",
            Self::Split => "split from another",
            Self::SumFell => "fell below the sum",
            Self::SumReached => "reached the sum",
            Self::RuleChanged => "judged by another rule",
            Self::StatusChanged => "has another status",
            Self::OtherRow => "counts by another row",
            Self::ValuesChanged => "has other values",
            Self::NewFinding => "has a new finding",
        }
    }

    /// Why something came that would have gone for this reason, had both sides been exchanged.
    #[must_use]
    pub fn mirrored(self) -> Self {
        match self {
            Self::LeftWindow => Self::EnteredWindow,
            Self::Expired | Self::NoLongerValid | Self::NotYet => Self::BecameValid,
            Self::NotAnswered => Self::Answered,
            Self::NotInData => Self::NewInData,
            Self::TableNotGiven => Self::TableGiven,
            Self::Excluded => Self::ExclusionLifted,
            Self::ConditionFails => Self::ConditionHolds,
            Self::BecameUnknown => Self::BecameKnown,
            Self::BecameKnown => Self::BecameUnknown,
            Self::Merged => Self::Split,
            Self::SumFell => Self::SumReached,
            other => other,
        }
    }
}

impl CountDiff {
    /// Whether anything is different.
    pub fn is_change(&self) -> bool {
        self.before != self.after || !self.changes.is_empty() || !self.notes.is_empty()
    }
}
