//! The command line as it is typed. What is used is in `settings`, converted once.

mod ahead;
mod dataset;
mod diff;

pub use ahead::{BacktestArgs, ForecastArgs, ForecastFormat, PlanArgs};
pub use dataset::{CodecArg, EngineArg, ExportArgs, ExportFormat, LayoutArg, SchemaArgs, SchemaFormat};
pub use diff::{DiffArgs, DiffFailOn};

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Do we qualify? Answers every requirement of AWS Partner validation checklists from exports, for any application date.
#[derive(Debug, Parser)]
#[command(name = "aceq", version, max_term_width = 80)]
#[command(after_help = "Exit codes: 0 done, 1 done and --fail-on found something, 2 could not run.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Settings file; without it, `aceq.toml` in the current folder is used where there is one
    #[arg(short, long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Colours on a terminal
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: ColorChoice,
    /// Threads to use (default: all cores); never changes a result
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub threads: Option<u16>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Status of every requirement, for one or many application dates
    Assess(AssessArgs),
    /// One requirement: its rule, what counts, what almost counts, what to bring
    Explain(ExplainArgs),
    /// The rows that prove a requirement, as a list for a reviewer
    Evidence(EvidenceArgs),
    /// Why the answer changed between two runs: the rows that came, went or changed
    Diff(DiffArgs),
    /// When: the calendar of a qualification, and its probability at quarter ends
    Forecast(ForecastArgs),
    /// The cheapest set of actions that makes checklists met by a day
    Plan(PlanArgs),
    /// How good the forecast would have been in the past
    Backtest(BacktestArgs),
    /// Read exports and publish a Parquet dataset: canonical and quality tables
    Ingest(IngestArgs),
    /// All steps of aceq.toml: ingest, assess, publish results
    Run(RunArgs),
    /// What a file is recognised as, and why
    Sniff(SniffArgs),
    /// The header line of one of our own templates
    Template(TemplateArgs),
    /// The rules: list, show, check, test, diff
    #[command(subcommand)]
    Checklist(ChecklistCommand),
    /// The tables and contracts that a run publishes
    Schema(SchemaArgs),
    /// A dataset for spreadsheets (CSV, XLSX), or as Parquet folders for Spark and Athena
    Export(ExportArgs),
    /// The rules as one SQL query over a dataset, for DuckDB or Spark
    Sql(SqlArgs),
    /// Make a synthetic world of exports
    Generate(GenerateArgs),
    /// Completion script for a shell
    Completions(CompletionsArgs),
    /// The manual page
    Man,
}

/// Where rows come from, and how doubtful files are read.
#[derive(Debug, Args)]
pub struct InputArgs {
    /// Files, folders of exports, or one published dataset
    #[arg(value_name = "IN")]
    pub inputs: Vec<PathBuf>,
    /// Partner of files that have no partner column
    #[arg(long, value_name = "ID", help_heading = "Reading")]
    pub partner_id: Option<String>,
    /// Order of dates like 03/04/2026 where a column fits both
    #[arg(long, value_name = "ORDER", help_heading = "Reading")]
    pub date_order: Option<DateOrderArg>,
    /// Date column that stands for the launch date
    #[arg(long, value_name = "COLUMN", help_heading = "Reading")]
    pub launch_date: Option<LaunchDateArg>,
    /// Mapping file of a source of your own; may be given several times
    #[arg(long, value_name = "FILE", help_heading = "Reading")]
    pub mapping: Vec<PathBuf>,
    /// Use only snapshots up to this day
    #[arg(long, value_name = "DATE", help_heading = "Reading")]
    pub known_at: Option<String>,
    /// Corrections, or an edited rejects.csv; may be given several times
    #[arg(long, value_name = "FILE", help_heading = "Reading")]
    pub corrections: Vec<PathBuf>,
    /// Rename persons by a keyed hash; the file holds the key
    #[arg(long, value_name = "KEYFILE", help_heading = "Reading")]
    pub pseudonymise: Option<PathBuf>,
}

/// How much may be unreadable.
#[derive(Clone, Copy, Debug, Default, Args)]
pub struct ToleranceArgs {
    /// Stop at the first row or cell that cannot be read
    #[arg(long, conflicts_with = "max_rejects", help_heading = "Reading")]
    pub strict: bool,
    /// Stop when more rows and cells than this cannot be read
    #[arg(long, value_name = "N", help_heading = "Reading")]
    pub max_rejects: Option<u64>,
}

/// Which rules, and for whom.
#[derive(Debug, Args)]
pub struct RuleArgs {
    /// Folder of checklists to use instead of the built-in ones
    #[arg(long, value_name = "DIR", help_heading = "Rules")]
    pub checklists: Option<PathBuf>,
    /// Version of the checklist instead of the one in force (with one --program)
    #[arg(long = "checklist-version", value_name = "VERSION", help_heading = "Rules")]
    pub version: Option<String>,
}

/// Application dates.
#[derive(Debug, Args)]
pub struct DateArgs {
    /// Application date, YYYY-MM-DD; may be given several times (default: today)
    #[arg(long = "as-of", value_name = "DATE", help_heading = "Dates")]
    pub as_of: Vec<String>,
    /// Last day of every month, quarter or year between --from and --to
    #[arg(long, value_name = "PERIOD", requires_all = ["from", "to"], help_heading = "Dates")]
    pub every: Option<Period>,
    /// First day for --every
    #[arg(long, value_name = "DATE", requires = "every", help_heading = "Dates")]
    pub from: Option<String>,
    /// Last day for --every
    #[arg(long, value_name = "DATE", requires = "every", help_heading = "Dates")]
    pub to: Option<String>,
}

/// `aceq assess`
#[derive(Debug, Args)]
pub struct AssessArgs {
    /// Rows.
    #[command(flatten)]
    pub input: InputArgs,
    /// Dates.
    #[command(flatten)]
    pub dates: DateArgs,
    /// Rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// Program to assess; may be given several times (default: all)
    #[arg(long, value_name = "ID", help_heading = "Rules")]
    pub program: Vec<String>,
    /// Partner to show; may be given several times (default: all)
    #[arg(long, value_name = "ID")]
    pub partner: Vec<String>,
    /// Tolerance.
    #[command(flatten)]
    pub tolerance: ToleranceArgs,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    pub format: FormatArg,
    /// Show attested controls and alternative readings one by one
    #[arg(short, long)]
    pub verbose: bool,
    /// Exit with 1 when something of this kind is there
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub fail_on: Vec<FailOn>,
}

/// `aceq explain`
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// Program, such as smb
    pub program: String,
    /// Requirement, such as SIBUS-002
    pub requirement: String,
    /// Rows.
    #[command(flatten)]
    pub input: InputArgs,
    /// Rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// Application date, YYYY-MM-DD (default: today)
    #[arg(long = "as-of", value_name = "DATE")]
    pub as_of: Option<String>,
    /// Partner to explain; may be given several times (default: all)
    #[arg(long, value_name = "ID")]
    pub partner: Vec<String>,
    /// Rows to list in each section
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub rows: usize,
}

/// `aceq evidence`
#[derive(Debug, Args)]
pub struct EvidenceArgs {
    /// Program, such as smb
    pub program: String,
    /// Requirement, such as SIBUS-002
    pub requirement: String,
    /// Rows.
    #[command(flatten)]
    pub input: InputArgs,
    /// Rules.
    #[command(flatten)]
    pub rules: RuleArgs,
    /// Application date, YYYY-MM-DD (default: today)
    #[arg(long = "as-of", value_name = "DATE")]
    pub as_of: Option<String>,
    /// Partner; may be given several times (default: all)
    #[arg(long, value_name = "ID")]
    pub partner: Vec<String>,
    /// Reading whose evidence is listed
    #[arg(long, value_name = "NAME", default_value = "adopted")]
    pub reading: String,
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value = "csv")]
    pub format: EvidenceFormat,
    /// File to write; stdout without it
    #[arg(long, value_name = "FILE", required_if_eq("format", "xlsx"))]
    pub out: Option<PathBuf>,
}

/// `aceq ingest`
#[derive(Debug, Args)]
#[command(mut_arg("inputs", |arg| arg.help("Files, and folders of exports")))]
pub struct IngestArgs {
    /// Rows.
    #[command(flatten)]
    pub input: InputArgs,
    /// Folder of the dataset
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Tolerance.
    #[command(flatten)]
    pub tolerance: ToleranceArgs,
    /// Exit with 1 when something of this kind is there
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub fail_on: Vec<IngestFailOn>,
}

/// `aceq run`
#[derive(Debug, Args)]
pub struct RunArgs {
    /// Keep the results of earlier runs in the dataset
    #[arg(long)]
    pub append: bool,
    /// Corrections, or an edited rejects.csv; may be given several times
    #[arg(long, value_name = "FILE")]
    pub corrections: Vec<PathBuf>,
    /// Rename persons by a keyed hash; the file holds the key
    #[arg(long, value_name = "KEYFILE")]
    pub pseudonymise: Option<PathBuf>,
    /// Tolerance.
    #[command(flatten)]
    pub tolerance: ToleranceArgs,
    /// Exit with 1 when something of this kind is there
    #[arg(long, value_name = "KIND", value_delimiter = ',')]
    pub fail_on: Vec<FailOn>,
}

/// `aceq sniff`
#[derive(Debug, Args)]
pub struct SniffArgs {
    /// Files to look at
    #[arg(required = true, value_name = "FILE")]
    pub files: Vec<PathBuf>,
    /// Print the table exactly as decoded, before any mapping, as CSV
    #[arg(long, conflicts_with = "write_mapping")]
    pub rows: bool,
    /// Print the draft of a mapping file for a source of your own
    #[arg(long)]
    pub write_mapping: bool,
    /// Sheet to print or to draft for, where the file holds several
    #[arg(long, value_name = "NAME")]
    pub sheet: Option<String>,
    /// Kind of rows to draft for, such as opportunities (default: the most likely one)
    #[arg(long, value_name = "KIND", requires = "write_mapping")]
    pub kind: Option<String>,
    /// Mapping file of a source of your own; may be given several times
    #[arg(long, value_name = "FILE")]
    pub mapping: Vec<PathBuf>,
}

/// `aceq template`
#[derive(Debug, Args)]
pub struct TemplateArgs {
    /// Kind of file, such as completions or corrections; without it, the kinds are listed
    pub kind: Option<String>,
}

/// `aceq checklist …`
#[derive(Debug, Subcommand)]
pub enum ChecklistCommand {
    /// Every checklist, its version and when it is accepted
    List(ChecklistSelection),
    /// One checklist, or one requirement of it
    Show {
        /// Program, such as smb
        program: String,
        /// Requirement, such as SIBUS-002
        requirement: Option<String>,
        /// Rules.
        #[command(flatten)]
        rules: RuleArgs,
    },
    /// Check rule files and their case files
    Check {
        /// Rule files or folders (default: the built-in checklists)
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Run the given/expected cases beside the rules
    Test {
        /// Rule files or folders (default: the built-in checklists)
        #[arg(value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// What changed between two rule files
    Diff {
        /// The earlier file
        old: PathBuf,
        /// The later file
        new: PathBuf,
    },
}

/// Which rules to list.
#[derive(Debug, Args)]
pub struct ChecklistSelection {
    /// Folder of checklists instead of the built-in ones
    #[arg(long, value_name = "DIR")]
    pub checklists: Option<PathBuf>,
}

/// `aceq sql`
#[derive(Debug, Args)]
pub struct SqlArgs {
    /// Program, such as smb (default: all)
    pub program: Option<String>,
    /// Requirement, such as SIBUS-002 (default: all, and the whole checklist)
    pub requirement: Option<String>,
    /// Engine that the query is for
    #[arg(long, value_name = "ENGINE")]
    pub dialect: DialectArg,
    /// Dates.
    #[command(flatten)]
    pub dates: DateArgs,
    /// Take the dates from a table `application_dates (as_of)` when the query runs
    #[arg(long, conflicts_with_all = ["as_of", "every"], help_heading = "Dates")]
    pub dates_from_table: bool,
    /// Rules.
    #[command(flatten)]
    pub rules: RuleArgs,
}

/// `aceq generate`
#[derive(Debug, Args)]
pub struct GenerateArgs {
    /// Number of partners
    #[arg(long, value_name = "N", default_value_t = 3)]
    pub partners: u32,
    /// Opportunities per partner; with --history, those that begin from the first snapshot to the last, on average
    #[arg(long, value_name = "M", default_value_t = 200)]
    pub opportunities: u64,
    /// Same seed, same bytes
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// The day around which the world lives
    #[arg(long = "as-of", value_name = "DATE", default_value = "2026-11-20")]
    pub as_of: String,
    /// One export of 68 columns with long texts instead of a world: a single file of partners × opportunities rows
    #[arg(long)]
    pub wide: bool,
    /// A world with a past: monthly snapshots in OUT/exports, and in OUT/truth the true chances of the deals still open
    #[arg(long, conflicts_with_all = ["wide", "row_bytes"])]
    pub history: bool,
    /// Number of monthly snapshots, 1 to 100; the newest is of five days before the as-of date
    #[arg(long, value_name = "K", default_value_t = 36, requires = "history")]
    pub snapshots: u32,
    /// About this many bytes a row of opportunities, by the length of the long texts [default with --wide: 1400]
    #[arg(long, value_name = "BYTES")]
    pub row_bytes: Option<u32>,
    /// New or empty folder
    #[arg(value_name = "OUT")]
    pub out: PathBuf,
}

/// `aceq completions`
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: clap_complete::Shell,
}

/// When to use colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless NO_COLOR is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Engines that `sql` writes for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DialectArg {
    /// DuckDB
    Duckdb,
    /// Spark SQL
    Spark,
}

/// Output of `assess`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FormatArg {
    /// For people
    Table,
    /// The versioned contract: one array of rows
    Json,
    /// The same rows for spreadsheets
    Csv,
    /// The same rows for documents
    Markdown,
}

/// Output of `evidence`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EvidenceFormat {
    /// For spreadsheets
    Csv,
    /// A workbook, written to --out
    Xlsx,
    /// For people
    Table,
}

/// What makes `assess` exit with 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// A requirement is not met
    Unmet,
    /// A requirement is unknown
    Unknown,
    /// A row or cell could not be read
    Rejects,
    /// A row is suspicious
    Findings,
}

/// What makes `ingest` exit with 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum IngestFailOn {
    /// A row or cell could not be read
    Rejects,
    /// A row is suspicious
    Findings,
}

/// Periods of `--every`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Period {
    /// Month ends
    Month,
    /// Quarter ends
    Quarter,
    /// Year ends
    Year,
}

/// Order of dates like 03/04/2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum DateOrderArg {
    /// 12/31/2026
    Mdy,
    /// 31/12/2026
    Dmy,
}

/// Date column that stands for the launch date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LaunchDateArg {
    /// The partner's target close date
    TargetCloseDate,
    /// AWS's close date
    AwsCloseDate,
    /// The day of the last modification
    LastModified,
}
