//! The arguments of `aceq diff`.

use super::FormatArg;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `aceq diff`
#[derive(Debug, Args)]
pub struct DiffArgs {
    /// The earlier run: a published dataset, or exports
    #[arg(value_name = "A")]
    pub before: PathBuf,
    /// The later run; the same as A to see what time alone changes
    #[arg(value_name = "B")]
    pub after: PathBuf,
    /// Application date of both, YYYY-MM-DD (default: the newest of each dataset)
    #[arg(long = "as-of", value_name = "DATE", conflicts_with_all = ["as_of_a", "as_of_b"], help_heading = "Dates")]
    pub as_of: Option<String>,
    /// Application date of A
    #[arg(long, value_name = "DATE", help_heading = "Dates")]
    pub as_of_a: Option<String>,
    /// Application date of B
    #[arg(long, value_name = "DATE", help_heading = "Dates")]
    pub as_of_b: Option<String>,
    /// Program to compare; may be given several times (default: all)
    #[arg(long, value_name = "ID", help_heading = "Rules")]
    pub program: Vec<String>,
    /// Requirement to compare, such as SIBUS-002; may be given several times (default: all)
    #[arg(long, value_name = "ID", help_heading = "Rules")]
    pub requirement: Vec<String>,
    /// Folder of checklists to use instead of the built-in ones
    #[arg(long, value_name = "DIR", help_heading = "Rules")]
    pub checklists: Option<PathBuf>,
    /// The same, for A alone
    #[arg(long, value_name = "DIR", help_heading = "Rules")]
    pub checklists_a: Option<PathBuf>,
    /// The same, for B alone
    #[arg(long, value_name = "DIR", help_heading = "Rules")]
    pub checklists_b: Option<PathBuf>,
    /// Version of the checklist instead of the one in force (with one --program)
    #[arg(long = "checklist-version", value_name = "VERSION", help_heading = "Rules")]
    pub version: Option<String>,
    /// The same, for A alone
    #[arg(long = "checklist-version-a", value_name = "VERSION", help_heading = "Rules")]
    pub version_a: Option<String>,
    /// The same, for B alone
    #[arg(long = "checklist-version-b", value_name = "VERSION", help_heading = "Rules")]
    pub version_b: Option<String>,
    /// Partner to compare; may be given several times (default: all)
    #[arg(long, value_name = "ID")]
    pub partner: Vec<String>,
    /// Partner of exports that have no partner column
    #[arg(long, value_name = "ID")]
    pub partner_id: Option<String>,
    /// Show requirements without a change as well
    #[arg(long)]
    pub all: bool,
    /// Rows to list for each requirement in a table
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub rows: usize,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: FormatArg,
    /// Exit with 1 when something of this kind is there
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub fail_on: Vec<DiffFailOn>,
}

/// What makes `diff` exit with 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DiffFailOn {
    /// A requirement was satisfied, and is not any more
    Lost,
    /// Anything came, went or changed
    Changed,
}
