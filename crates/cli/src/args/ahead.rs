//! The arguments of the commands that look ahead: forecast, plan, backtest.

use super::{FormatArg, InputArgs, RuleArgs};
use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `aceq forecast`
#[derive(Debug, Args)]
pub struct ForecastArgs {
    /// Rows.
    #[command(flatten)]
    pub input: InputArgs,
    /// Rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// Program to look at; may be given several times (default: all)
    #[arg(long, value_name = "ID", help_heading = "Rules")]
    pub program: Vec<String>,
    /// Partner to look at; may be given several times (default: all)
    #[arg(long, value_name = "ID")]
    pub partner: Vec<String>,
    /// The day from which to look ahead, YYYY-MM-DD (default: today)
    #[arg(long = "as-of", value_name = "DATE", help_heading = "Dates")]
    pub as_of: Option<String>,
    /// Quarter ends to forecast, the one of --as-of first
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=40), help_heading = "Dates")]
    pub quarters: u16,
    /// What changes on which day with today's rows: exact, no statistics
    #[arg(long)]
    pub calendar: bool,
    /// The open opportunities one by one: when each is likely to have launched
    #[arg(long, conflicts_with = "calendar")]
    pub deals: bool,
    /// Months that the calendar reaches ahead of --as-of
    #[arg(long, value_name = "N", default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=600), requires = "calendar", help_heading = "Dates")]
    pub months: u16,
    /// Months that the calendar reaches back
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = clap::value_parser!(u16).range(0..=600), requires = "calendar", help_heading = "Dates")]
    pub back: u16,
    /// Days before an event on which the calendar program reminds (--format ics)
    #[arg(long, value_name = "DAYS", default_value_t = 30, requires = "calendar")]
    pub remind: u16,
    /// How chance is reckoned with.
    #[command(flatten)]
    pub chance: ChanceArgs,
    /// Take something for granted: a file of corrections, or "O123 launched 2027-01-15"; may be given several times
    #[arg(long, value_name = "WHAT", help_heading = "Chance")]
    pub assume: Vec<String>,
    /// Do not test the forecast on past quarters
    #[arg(long, help_heading = "Chance")]
    pub no_backtest: bool,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: ForecastFormat,
    /// Folder for charts, one SVG per partner and program
    #[arg(long, value_name = "DIR")]
    pub charts: Option<PathBuf>,
    /// Alternative readings in the calendar as well
    #[arg(short, long)]
    pub verbose: bool,
}

/// How chance is reckoned with.
#[derive(Clone, Debug, Args)]
pub struct ChanceArgs {
    /// Draws for joint conditions
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(100..=1_000_000), help_heading = "Chance")]
    pub draws: u32,
    /// Same seed, same numbers
    #[arg(long, value_name = "S", default_value_t = 1, help_heading = "Chance")]
    pub seed: u64,
    /// Count on new deals coming as in the last year
    #[arg(long, help_heading = "Chance")]
    pub arrivals: bool,
}

/// `aceq backtest`
#[derive(Debug, Args)]
pub struct BacktestArgs {
    /// Rows.
    #[command(flatten)]
    pub input: InputArgs,
    /// Rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// Program to look at; may be given several times (default: all)
    #[arg(long, value_name = "ID", help_heading = "Rules")]
    pub program: Vec<String>,
    /// Partner to look at; may be given several times (default: all)
    #[arg(long, value_name = "ID")]
    pub partner: Vec<String>,
    /// Past quarter ends to test, newest first (default: all that the snapshots reach)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=200), help_heading = "Dates")]
    pub quarters: Option<u16>,
    /// How chance is reckoned with.
    #[command(flatten)]
    pub chance: ChanceArgs,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: FormatArg,
    /// File for the calibration chart, as SVG
    #[arg(long, value_name = "FILE")]
    pub chart: Option<PathBuf>,
}

/// `aceq plan`
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Program, such as smb; several, with commas, are planned together
    #[arg(value_name = "PROGRAM", value_delimiter = ',', required = true)]
    pub programs: Vec<String>,
    /// Rows.
    #[command(flatten)]
    pub input: InputArgs,
    /// Rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// The day on which the checklist must be met, YYYY-MM-DD
    #[arg(long, value_name = "DATE", help_heading = "Dates")]
    pub by: String,
    /// The day on which you plan: nothing can be done before it, YYYY-MM-DD (default: today)
    #[arg(long = "as-of", value_name = "DATE", help_heading = "Dates")]
    pub as_of: Option<String>,
    /// Partner to plan for; may be given several times (default: all)
    #[arg(long, value_name = "ID")]
    pub partner: Vec<String>,
    /// What may be done and at which cost, as TOML (`aceq template actions`)
    #[arg(long, value_name = "FILE")]
    pub actions: Option<PathBuf>,
    /// Take something for granted: a file of corrections, or "O123 launched 2027-01-15"; may be given several times
    #[arg(long, value_name = "WHAT")]
    pub assume: Vec<String>,
    /// Plans of the same cost to show
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=100))]
    pub alternatives: u16,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: FormatArg,
}

/// Formats of forecasts and calendars.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ForecastFormat {
    /// For a person
    Table,
    /// One JSON document
    Json,
    /// One line per row
    Csv,
    /// A table for a page
    Markdown,
    /// Reminders for a calendar program (--calendar)
    Ics,
}
