//! When two rows of a kind are the same row told twice.

use aceq_model::TableId;

/// How the files of a kind relate to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Gathering {
    /// A roster: the newest snapshot replaces the older ones.
    Replace,
    /// Every file adds its rows.
    AddUp,
}

/// When rows of a kind repeat each other.
pub(crate) struct Repeats {
    pub(crate) gathering: Gathering,
    /// Rows equal in these columns are one row; empty = in all columns that a file supplies.
    pub(crate) key: &'static [&'static str],
    /// Rows with null in this column are never repeats: two people who are not named may be two.
    pub(crate) unless_null: Option<&'static str>,
}

/// The rule of a kind other than opportunities; the crate's front page has them as a table.
pub(crate) fn repeats(table: TableId) -> Repeats {
    let (gathering, key, unless_null): (_, &[&str], _) = match table {
        TableId::Certifications | TableId::Personnel => (Gathering::Replace, &[], Some("person_key")),
        TableId::Completions => (Gathering::AddUp, &["person_key", "credential", "completed_date"], Some("person_key")),
        TableId::CaseStudies | TableId::Opportunities => {
            (Gathering::AddUp, table.schema().key, table.schema().key.first().copied())
        }
        TableId::Activities => {
            (Gathering::AddUp, &["activity_type", "activity_date", "title", "practice", "person_name"], None)
        }
        TableId::Attestations => {
            (Gathering::AddUp, &["program", "requirement_id", "case_study_id", "answer_date", "met"], None)
        }
        TableId::Partners | TableId::Offerings | TableId::Designations | TableId::Customers => {
            (Gathering::Replace, &[], None)
        }
    };
    Repeats { gathering, key, unless_null }
}
