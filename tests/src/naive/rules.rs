//! A checklist as the evaluator needs it: what is counted, over which rows, and what is asked for.

mod fields;
mod read;

pub use read::read;

use super::predicate::Expr;
use aceq_model::TableId;
use std::collections::BTreeMap;

/// One version of one program's requirements.
#[derive(Clone, Debug)]
pub struct Checklist {
    /// Program id.
    pub program: String,
    /// Version.
    pub version: String,
    /// Statements about the partner: at least one such row.
    pub conditions: BTreeMap<String, Selection>,
    /// Requirements, in the order of the file.
    pub requirements: Vec<Requirement>,
}

/// Rows of one table.
#[derive(Clone, Debug)]
pub struct Selection {
    /// The table.
    pub table: TableId,
    /// What must hold for a row, all of it.
    pub conditions: Vec<Expr>,
    /// The window; `None` = the table's natural dates.
    pub window: Option<Window>,
}

/// A date column and how far back it may lie.
#[derive(Clone, Debug)]
pub struct Window {
    /// The date column.
    pub column: String,
    /// Length; `None` = any date up to the as-of date.
    pub months: Option<u32>,
}

/// One numbered item.
#[derive(Clone, Debug)]
pub struct Requirement {
    /// Id as in the document.
    pub id: String,
    /// Whether the whole checklist asks for it.
    pub place: Place,
    /// It applies when one of these conditions holds; `None` = always.
    pub applies_when: Option<Vec<String>>,
    /// It is waived when one of these conditions holds.
    pub waived_when: Vec<String>,
    /// Name and rule of every reading, the adopted one first.
    pub readings: Vec<(String, Rule)>,
}

/// Whether the whole checklist asks for a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Part of the whole checklist.
    Whole,
    /// Advice, or only a part of another requirement.
    Beside,
}

/// How a requirement is decided.
#[derive(Clone, Debug)]
pub enum Rule {
    /// Count rows, units or money.
    Count(CountRule),
    /// Count satisfied requirements.
    Combine {
        /// Their ids.
        of: Vec<String>,
        /// How many must be satisfied, in hundredths.
        required: i64,
    },
    /// Look up the answers of the self-assessment.
    Attested(AttestedRule),
}

/// A count over selected rows.
#[derive(Clone, Debug)]
pub struct CountRule {
    /// The rows.
    pub selection: Selection,
    /// What is counted.
    pub count: Count,
    /// What is asked for.
    pub goal: Goal,
}

/// What is counted.
#[derive(Clone, Debug)]
pub enum Count {
    /// Rows.
    Rows,
    /// Different values of a column.
    Distinct(String),
    /// Different values of a column whose rows add up to an amount.
    DistinctHaving {
        /// The column whose values are counted.
        unit: String,
        /// The column that is added up.
        sum: String,
        /// The amount, in hundredths.
        at_least: i64,
    },
    /// The sum of a column.
    Sum(String),
}

/// What a count is held against.
#[derive(Clone, Debug)]
pub enum Goal {
    /// A number, and further numbers among the same rows.
    AtLeast {
        /// The number, in hundredths.
        required: i64,
        /// The sub-minimums.
        of_which: Vec<Member>,
    },
    /// A number for every listed value.
    Each(Vec<Member>),
    /// A number for every value of a list that the document does not give.
    Unnamed {
        /// How many values the list has.
        values: i64,
    },
}

/// A number asked for among some of the rows.
#[derive(Clone, Debug)]
pub struct Member {
    /// Name of the sub-minimum, or the value.
    pub id: String,
    /// What tells these rows from the others.
    pub condition: Expr,
    /// The number, in hundredths.
    pub required: i64,
}

/// A requirement that no data can show.
#[derive(Clone, Debug)]
pub struct AttestedRule {
    /// The requirement id under which the answers stand: its own, or the one of `answers_of`.
    pub asked: String,
    /// What an answer is about.
    pub per: Per,
    /// How many answers are needed, in hundredths.
    pub required: i64,
}

/// What an answer is about.
#[derive(Clone, Debug)]
pub enum Per {
    /// The partner as a whole.
    Partner,
    /// One case study.
    CaseStudy {
        /// The case studies of the program.
        base: Selection,
        /// A case study of which this holds needs no answer.
        satisfied_when: Option<Expr>,
    },
}
