//! What the engine sees of a checklist. Everything is checked: columns exist, references resolve, literals fit.

use crate::Term;
use aceq_model::{Column, TableId};
use aceq_timeline::Window;
use chrono::NaiveDate;
use std::fmt;

/// One version of one program's requirements.
#[derive(Clone, Debug)]
pub struct Checklist {
    /// Program id, such as `smb`.
    pub program: String,
    /// Version as the document names it, such as `2025-08`.
    pub version: String,
    /// Title of the program.
    pub title: String,
    /// Who may apply: `services`, `technology`.
    pub partner_types: Vec<String>,
    /// First day on which the version was in force.
    pub released: NaiveDate,
    /// When applications on this version are accepted.
    pub accepted: Accepted,
    /// What the document leaves out.
    pub incomplete: Vec<String>,
    /// Where the rules come from.
    pub source: Source,
    /// Statements about the partner that requirements refer to.
    pub conditions: Vec<Condition>,
    /// Every numbered requirement, in document order.
    pub requirements: Vec<Requirement>,
    /// SHA-256 of the rule file's text, in hexadecimal.
    pub content_hash: String,
}

/// When applications on a version are accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// First day.
    pub from: NaiveDate,
    /// End, as precise as the document; `None` where it names none.
    pub until: Option<Until>,
}

/// The end of an acceptance period, as precise as the document states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Until {
    /// A day, inclusive.
    Day(NaiveDate),
    /// Some day of a month: first and last day of that month.
    Month(NaiveDate, NaiveDate),
}

/// The document that the rules come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Title and version of the document.
    pub document: String,
    /// Day on which the rules were last compared with it.
    pub checked: NaiveDate,
}

/// A statement about the partner: "at least one such row".
#[derive(Clone, Debug)]
pub struct Condition {
    /// Id within the checklist.
    pub id: String,
    /// In words.
    pub title: String,
    /// Section of the document.
    pub section: String,
    /// Table of the rows.
    pub table: TableId,
    /// What a row must satisfy.
    pub terms: Vec<Term>,
    /// The months in which its date must lie; `None` = the table's natural validity.
    pub window: Option<RuleWindow>,
}

/// One numbered item of a checklist.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Id as in the document.
    pub id: String,
    /// In words.
    pub title: String,
    /// Section of the document.
    pub section: String,
    /// Day on which it was last compared with the document.
    pub checked: NaiveDate,
    /// How an ambiguous text was understood.
    pub reading: Option<String>,
    /// Whether it stands for itself in the whole checklist.
    pub role: Role,
    /// It applies when any of these conditions holds (indices into [`Checklist::conditions`]); empty = always.
    pub applies_when: Vec<usize>,
    /// It is waived when any of these conditions holds; empty = never.
    pub waived_when: Vec<usize>,
    /// The adopted rule.
    pub rule: Rule,
    /// Other ways to read the text, evaluated beside it.
    pub alternatives: Vec<Alternative>,
}

/// The part a requirement plays in the whole checklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It must be satisfied.
    Required,
    /// It only serves another requirement that combines it.
    Part,
    /// It is shown, but the checklist holds without it.
    Advice,
}

/// Another way to read a requirement.
#[derive(Clone, Debug)]
pub struct Alternative {
    /// Short name, such as `no-window`.
    pub name: String,
    /// In words.
    pub reading: String,
    /// The rule under this reading.
    pub rule: Rule,
}

/// How a requirement is decided.
#[derive(Clone, Debug)]
pub enum Rule {
    /// Count rows of a table.
    Count(CountRule),
    /// Combine other requirements (indices into [`Checklist::requirements`]).
    Combine(Combination, Vec<usize>),
    /// Ask the self-assessment.
    Attested(AttestedRule),
}

/// How requirements are combined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Combination {
    /// Every one.
    All,
    /// At least one.
    Any,
    /// At least this many.
    AtLeast(u32),
}

/// Count rows of a table.
#[derive(Clone, Debug)]
pub struct CountRule {
    /// The table.
    pub table: TableId,
    /// What is counted.
    pub unit: Unit,
    /// Conditions, all of which a row must satisfy.
    pub terms: Vec<Term>,
    /// The months in which its date must lie; `None` = the table's natural validity.
    pub window: Option<RuleWindow>,
    /// The count required, in hundredths; 0 for `each`, where it is the number of values.
    pub at_least: i64,
    /// A unit counts once its rows add up to this.
    pub having: Option<Having>,
    /// Sub-minimums.
    pub members: Members,
}

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub enum Unit {
    /// Rows.
    Rows,
    /// Distinct values of a column.
    Distinct(&'static Column),
    /// The sum of a decimal column.
    Sum(&'static Column),
}

/// A window over a date column.
#[derive(Clone, Copy, Debug)]
pub struct RuleWindow {
    /// The date column.
    pub column: &'static Column,
    /// How far back it reaches.
    pub window: Window,
}

/// A unit counts once the column's amounts over its rows add up to `at_least` (cents).
#[derive(Clone, Copy, Debug)]
pub struct Having {
    /// The decimal column.
    pub column: &'static Column,
    /// The sum required, in cents.
    pub at_least: i64,
}

/// Sub-minimums over the same base rows.
#[derive(Clone, Debug)]
pub enum Members {
    /// None.
    None,
    /// Named conditions, each with a minimum of its own.
    OfWhich(Vec<Member>),
    /// Every value of a list must reach the minimum.
    Each {
        /// One member per value.
        members: Vec<Member>,
        /// Values that the document does not name; they can be neither met nor refuted.
        unnamed: u32,
    },
}

/// One sub-minimum.
#[derive(Clone, Debug)]
pub struct Member {
    /// Id, or the value of an `each`.
    pub id: String,
    /// In words.
    pub title: String,
    /// Conditions beside those of the base.
    pub terms: Vec<Term>,
    /// The count required, in hundredths.
    pub at_least: i64,
}

/// Ask the self-assessment.
#[derive(Clone, Debug)]
pub struct AttestedRule {
    /// About whom.
    pub unit: AttestedUnit,
    /// How many must be answered with yes, in hundredths.
    pub at_least: i64,
    /// The requirement id under which the self-assessment answers it.
    pub answers_of: String,
}

/// About whom the self-assessment is asked.
#[derive(Clone, Debug)]
pub enum AttestedUnit {
    /// The partner as a whole.
    Partner,
    /// Each case study of a base set.
    CaseStudy {
        /// Conditions of the base set over `case_studies`.
        base_terms: Vec<Term>,
        /// Window of the base set.
        base_window: Option<RuleWindow>,
        /// A case study with this needs no answer (a waiver, or a feature it does not use).
        satisfied_when: Vec<Term>,
    },
}

impl Checklist {
    /// The requirement with this id.
    pub fn requirement(&self, id: &str) -> Option<&Requirement> {
        self.requirements.iter().find(|requirement| requirement.id == id)
    }
}

impl Requirement {
    /// The adopted reading and the alternatives, by name.
    pub fn readings(&self) -> impl Iterator<Item = (&str, &Rule)> {
        let others = self.alternatives.iter().map(|alternative| (alternative.name.as_str(), &alternative.rule));
        std::iter::once(("adopted", &self.rule)).chain(others)
    }
}

impl Rule {
    /// Whether counts are sums of money.
    pub fn is_sum(&self) -> bool {
        matches!(self, Self::Count(CountRule { unit: Unit::Sum(_), .. }))
    }
}

impl fmt::Display for Until {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(day) => day.fmt(f),
            Self::Month(first, _) => write!(f, "{}", first.format("%B %Y")),
        }
    }
}
