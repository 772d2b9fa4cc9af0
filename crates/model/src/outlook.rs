//! Rows that say when: the calendar of a qualification, forecasts with their drivers, backtests, plans.
//!
//! Counts are in hundredths, as in [`StatusRow`](crate::StatusRow). Probabilities and expected counts have been rounded
//! (four decimals) before they come here, so that they print the same on every machine.

use crate::Status;
use chrono::NaiveDate;

/// Which count of which partner a row speaks of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CountKey {
    /// Partner.
    pub partner_id: String,
    /// Program id, such as `smb`.
    pub program: String,
    /// Checklist version.
    pub version: String,
    /// Requirement id; `*` is the whole checklist.
    pub requirement_id: String,
    /// `adopted`, or the name of the alternative reading.
    pub reading: String,
    /// As in [`StatusRow::member`](crate::StatusRow::member).
    pub member: Option<String>,
}

/// A day on which something about a qualification changes with today's data: exact, no statistics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarRow {
    /// The count. For [`CalendarEvent::VersionEnds`] the whole checklist.
    pub key: CountKey,
    /// First as-of date that the change concerns: a status lost on this day was still held the day before.
    pub date: NaiveDate,
    /// What changes.
    pub event: CalendarEvent,
    /// Confirmed count before and from the day on.
    pub confirmed: (i64, i64),
    /// The count asked for.
    pub required: i64,
    /// Status before and from the day on.
    pub status: (Status, Status),
    /// Last day (inclusive) on which what begins here holds; `None` = not lost on present data, or nothing begins.
    pub until: Option<NaiveDate>,
    /// The units that come or go on the day, sorted.
    pub units: Vec<CalendarUnit>,
    /// Whether counts are sums of money.
    pub is_sum: bool,
}

/// What happens on a day of the calendar, in the order of weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CalendarEvent {
    /// The status becomes met (or satisfied otherwise).
    Met,
    /// The status is no longer met.
    Lost,
    /// The status changes between unmet ones, such as unknown to not met.
    Changed,
    /// The count grows, the status stays.
    Up,
    /// The count falls, the status stays.
    Down,
    /// A row that counts stops counting; its unit still counts by another.
    Expires,
    /// Applications on this version of the checklist are no longer accepted from this day on.
    VersionEnds,
}

/// A unit that comes or goes, by the row that decides it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CalendarUnit {
    /// Name of the unit (a customer, a person), as `evidence` has it.
    pub unit: String,
    /// Table of the row.
    pub table: String,
    /// The row's own id.
    pub row_id: String,
    /// What a person would call the row.
    pub label: String,
    /// Whether it begins or ends to count.
    pub side: Comes,
    /// File, sheet and line of the row.
    pub source_file: String,
    /// Worksheet; empty for formats without.
    pub source_sheet: String,
    /// Line.
    pub source_line: i64,
}

/// Whether a unit begins or ends to count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Comes {
    /// It begins.
    In,
    /// It ends.
    Out,
}

/// The forecast of one count for one quarter end.
#[derive(Clone, Debug, PartialEq)]
pub struct ForecastRow {
    /// The count.
    pub key: CountKey,
    /// The day from which the forecast looks ahead.
    pub from: NaiveDate,
    /// Day of the newest snapshot that it knows; `None` where no export has a day.
    pub known_at: Option<NaiveDate>,
    /// The quarter end.
    pub as_of: NaiveDate,
    /// Name of the quarter, such as `2027-Q1` or `FY2027-Q4`.
    pub quarter: String,
    /// Status on the quarter end if nothing launches: today's rows, rolled on.
    pub held_status: Status,
    /// Confirmed count on the quarter end if nothing launches.
    pub held: i64,
    /// The count asked for.
    pub required: i64,
    /// Expected count; `None` for rows that combine others.
    pub expected: Option<f64>,
    /// 10, 50 and 90 % points of the count, in hundredths; `None` as above.
    pub quantiles: Option<[i64; 3]>,
    /// Probability of being met (or satisfied otherwise) with what is confirmed.
    pub p_met: f64,
    /// The same if all that is unknown turned out well; never below `p_met`.
    pub p_met_at_most: f64,
    /// How the probability was found.
    pub basis: ForecastBasis,
    /// Whether counts are sums of money.
    pub is_sum: bool,
}

/// How a probability was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ForecastBasis {
    /// No open opportunity plays a part: arithmetic on dates alone.
    Calendar,
    /// Exact distribution.
    Exact,
    /// Share of seeded draws.
    Drawn,
    /// Open opportunities may play a part, but this rule's counts are not forecast: today's rows, rolled on.
    Held,
}

/// An open opportunity that moves the probability of one count on one quarter end.
#[derive(Clone, Debug, PartialEq)]
pub struct DriverRow {
    /// The count.
    pub key: CountKey,
    /// The quarter end.
    pub as_of: NaiveDate,
    /// 1 for the one that moves most.
    pub rank: u32,
    /// ACE id.
    pub opportunity_id: String,
    /// What a person would call it.
    pub label: String,
    /// Stage.
    pub stage: String,
    /// Target close date.
    pub target_close_date: Option<NaiveDate>,
    /// Probability of launching such that it counts on the quarter end.
    pub p_counts: f64,
    /// P(met, were that sure) − P(met, were it lost).
    pub moves: f64,
    /// File, sheet and line.
    pub source_file: String,
    /// Worksheet; empty for formats without.
    pub source_sheet: String,
    /// Line.
    pub source_line: i64,
}

/// When one open opportunity is likely to have launched: one row per quarter end.
#[derive(Clone, Debug, PartialEq)]
pub struct DealRow {
    /// Partner.
    pub partner_id: String,
    /// ACE id.
    pub opportunity_id: String,
    /// What a person would call it.
    pub label: String,
    /// Stage.
    pub stage: String,
    /// Target close date.
    pub target_close_date: Option<NaiveDate>,
    /// The day on which it was last seen open, from which the probabilities are reckoned.
    pub known_on: Option<NaiveDate>,
    /// The quarter end.
    pub as_of: NaiveDate,
    /// Name of the quarter.
    pub quarter: String,
    /// Probability of having launched by then; four decimals.
    pub p_launched: f64,
    /// Probability of having been lost by then; four decimals.
    pub p_lost: f64,
    /// Median day of its launch, should it launch within the quarters that are looked at.
    pub median_launch: Option<NaiveDate>,
    /// File of the row.
    pub source_file: String,
    /// Worksheet; empty for formats without.
    pub source_sheet: String,
    /// Line.
    pub source_line: i64,
}

impl CalendarEvent {
    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Lost => "lost",
            Self::Changed => "changed",
            Self::Up => "up",
            Self::Down => "down",
            Self::Expires => "expires",
            Self::VersionEnds => "version_ends",
        }
    }
}

impl Comes {
    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::In => "in",
            Self::Out => "out",
        }
    }
}

impl ForecastBasis {
    /// Every basis.
    pub const ALL: [Self; 4] = [Self::Calendar, Self::Exact, Self::Drawn, Self::Held];

    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Calendar => "calendar",
            Self::Exact => "exact",
            Self::Drawn => "drawn",
            Self::Held => "held",
        }
    }
}
