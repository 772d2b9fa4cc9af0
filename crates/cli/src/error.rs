//! Why a command could not run. Each message says what happened, where, and what to do.

use aceq_checklist::{Diagnostic, LibraryError};
use aceq_ingest::IngestError;
use aceq_metrics::MetricsError;
use aceq_model::{AsOfError, RejectReason};
use aceq_store::StoreError;
use chrono::NaiveDate;
use std::path::PathBuf;

/// Why a command could not run; the process ends with 2.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// A date that is none.
    #[error(transparent)]
    AsOf(AsOfError),
    /// No period ends between two days.
    #[error("no period ends between {from} and {to}: choose a later --to")]
    NoPeriodEnd {
        /// First day.
        from: NaiveDate,
        /// Last day.
        to: NaiveDate,
    },
    /// Nothing to read.
    #[error("nothing to read: name files, a folder of exports or a dataset, or `inputs` in aceq.toml")]
    NoInput,
    /// None of the files is an export.
    #[error("no export was recognised among {files} file(s) below {}; `aceq sniff FILE` says more{why}", list(.paths))]
    NothingRecognised {
        /// What was given.
        paths: Vec<PathBuf>,
        /// How many files were looked at.
        files: usize,
        /// Why not, for the first of them, a line each.
        why: String,
    },
    /// A dataset among other inputs.
    #[error("{} is a published dataset: give it alone, or give the exports it was made from", .0.display())]
    DatasetAmongFiles(PathBuf),
    /// A dataset where exports are needed.
    #[error("{} is a published dataset already: give the exports that it was made from", .0.display())]
    AlreadyDataset(PathBuf),
    /// Reading flags with a dataset.
    #[error("{flag} says how exports are read, and a dataset is read already: give the exports instead")]
    FlagNeedsExports {
        /// The flag.
        flag: &'static str,
    },
    /// A side of a comparison without a date.
    #[error(
        "{} holds no results, so it names no application date: add {flag} DATE, or --as-of DATE for both sides",
        path.display()
    )]
    NoAsOf {
        /// The side.
        path: PathBuf,
        /// The flag that names the date of this side.
        flag: &'static str,
    },
    /// Unknown partner.
    #[error("there is no partner `{partner}` in the data ({help})")]
    UnknownPartner {
        /// What was asked for.
        partner: String,
        /// The partners there are.
        help: String,
    },
    /// Unknown requirement.
    #[error("program `{program}` {version} has no requirement `{requirement}` ({help})")]
    UnknownRequirement {
        /// The program.
        program: String,
        /// Its version.
        version: String,
        /// What was asked for.
        requirement: String,
        /// The nearest ones.
        help: String,
    },
    /// Unknown reading.
    #[error("requirement `{requirement}` has no reading `{reading}` (known: {help})")]
    UnknownReading {
        /// The requirement.
        requirement: String,
        /// What was asked for.
        reading: String,
        /// The readings there are.
        help: String,
    },
    /// Unknown kind of template.
    #[error("there is no kind `{kind}` (known: {help})")]
    UnknownKind {
        /// What was asked for.
        kind: String,
        /// The kinds there are.
        help: String,
    },
    /// One table is printed, and there are several files.
    #[error("{flag} prints one table: name one file ({}); one of an archive is named as if that were a folder, archive.zip/name.csv", files.join(", "))]
    OneFileOnly {
        /// The flag.
        flag: &'static str,
        /// The files there are, or the first of them.
        files: Vec<String>,
    },
    /// A sheet is named, and nothing of it is printed.
    #[error("--sheet says which table --rows or --write-mapping is about: add one of them")]
    SheetOfNothing,
    /// `--checklist-version` without a single program.
    #[error("--checklist-version needs exactly one --program, since versions belong to programs")]
    VersionNeedsProgram,
    /// A rule or case file is wrong.
    #[error("{0}")]
    Rule(Box<Diagnostic>),
    /// Programs and versions.
    #[error(transparent)]
    Library(#[from] LibraryError),
    /// A file could not be read.
    #[error("{} could not be read: check that it exists and that you may read it", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// A file could not be written.
    #[error("{} could not be written: check that the folder exists, that you may write to it, and free space", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The cause.
        #[source]
        source: std::io::Error,
    },
    /// Output exists.
    #[error("{} is not empty: name a new folder", .0.display())]
    NotEmpty(PathBuf),
    /// A setting of aceq.toml is wrong.
    #[error("{}: {message}", path.display())]
    Config {
        /// The settings file.
        path: PathBuf,
        /// What is wrong, with the line.
        message: String,
    },
    /// The ledger of a file does not add up.
    #[error(
        "the records of {file} do not add up, so rows may be missing, and nothing was answered: this is a bug of aceq, please report it with the file"
    )]
    Unbalanced {
        /// The file.
        file: String,
    },
    /// No rule file.
    #[error("no rule file in {}: name the .toml of a checklist (not its .cases.toml), or a folder of them", list(.paths))]
    NoRules {
        /// What was given.
        paths: Vec<PathBuf>,
    },
    /// `run` without an output folder.
    #[error("aceq run needs a settings file with `inputs` and `out`: write aceq.toml, or name one with -c FILE")]
    RunNeedsConfig,
    /// A table that a dataset does not have.
    #[error("table `{table}` {given}; the dataset has: {known}")]
    NoSuchTable {
        /// The name that was given.
        table: String,
        /// Whether there could be one.
        given: &'static str,
        /// Tables that are there.
        known: String,
    },
    /// The folder to export to holds something.
    #[error("`{}` is there already and not empty; it was left alone: name a new folder with --out", .0.display())]
    OutTaken(PathBuf),
    /// The file to export to is a folder.
    #[error("`{}` is a folder: name a file with --out, such as `{}`", .0.display(), .0.join("aceq.xlsx").display())]
    OutIsFolder(PathBuf),
    /// A workbook without a file.
    #[error("a workbook is no text for the terminal: name its file with --out")]
    WorkbookNeedsOut,
    /// A workbook that cannot be written.
    #[error(transparent)]
    Workbook(#[from] aceq_report::export::WorkbookError),
    /// A file of corrections.
    #[error(transparent)]
    Corrections(#[from] aceq_ingest::CorrectionsError),
    /// A correction that cannot be applied.
    #[error("{file}:{line}: {what}")]
    Correction {
        /// The corrections file.
        file: String,
        /// The line.
        line: u64,
        /// What is wrong, and what to do.
        what: String,
    },
    /// Names that the settings make one customer and two.
    #[error(
        "[[different]] `{left}` and `{right}`: other statements make the two names one customer: leave one of them out"
    )]
    OneOrTwo {
        /// One name.
        left: String,
        /// The other.
        right: String,
    },
    /// Corrections that met no row.
    #[error(
        "{count} correction(s) meet no row, so they would do nothing: {list}. Correct their names, Table, Row Id, Source File or Source Line, or take them out"
    )]
    UnmetCorrections {
        /// How many.
        count: usize,
        /// Where the first of them are.
        list: String,
    },
    /// A dataset with more rejects than are accepted.
    #[error(
        "{}: {count} row(s), cell(s) or file(s) could not be read when the dataset was published, and --strict or --max-rejects accepts {most}: its folder `quality` lists them in rejects.csv",
        path.display()
    )]
    PublishedRejects {
        /// The dataset.
        path: PathBuf,
        /// How many.
        count: u64,
        /// How many are accepted.
        most: u64,
    },
    /// Runs that would name persons in different ways.
    #[error(
        "{}: runs published before name persons in another way, in clear or under another key, and one dataset names them in one way; use the same --pseudonymise, publish to another folder, or without append",
        path.display()
    )]
    OtherNames {
        /// The dataset.
        path: PathBuf,
    },
    /// A key that protects nobody.
    #[error("{}: {source}", path.display())]
    Key {
        /// The key file.
        path: PathBuf,
        /// Why.
        #[source]
        source: aceq_ingest::KeyTooShort,
    },
    /// More rejects than the user accepts.
    #[error("{}", too_many_rejects(*count, *most, first))]
    TooManyRejects {
        /// How many, as far as was read.
        count: u64,
        /// How many were accepted.
        most: u64,
        /// The first one.
        first: Box<aceq_model::Reject>,
    },
    /// A plan for a day that has passed.
    #[error(
        "--by {by} lies before {from}, the day on which you plan: nothing can be done any more. `aceq assess --as-of {by}` says what was the case"
    )]
    PlanInThePast {
        /// The day on which everything must hold.
        by: chrono::NaiveDate,
        /// The day on which is planned.
        from: chrono::NaiveDate,
    },
    /// Reminders are about days, not about probabilities.
    #[error("--format ics writes the calendar: add --calendar")]
    IcsNeedsCalendar,
    /// An assumption that nobody understands.
    #[error(
        "--assume `{text}` is neither a file nor a sentence: write \"O123 launched 2027-01-15\", \"O123 lost\", or the name of a corrections file (`aceq template corrections`)"
    )]
    Assumption {
        /// What was typed.
        text: String,
    },
    /// A dataset cannot tell what was known in the past.
    #[error("{}: a dataset holds the newest state of each row, so the past cannot be replayed: name the exports, each below a folder that says its day (2026-09-30)", .0.display())]
    BacktestNeedsExports(PathBuf),
    /// Reading exports.
    #[error(transparent)]
    Ingest(#[from] IngestError),
    /// The dataset.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The engine.
    #[error(transparent)]
    Metrics(#[from] MetricsError),
    /// The generator.
    #[error(transparent)]
    Synth(#[from] aceq_synth::SynthError),
    /// The table printer or the terminal.
    #[error("the output could not be written")]
    Output(#[source] std::io::Error),
}

impl From<Diagnostic> for CliError {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::Rule(Box::new(diagnostic))
    }
}

fn too_many_rejects(count: u64, most: u64, reject: &aceq_model::Reject) -> String {
    let what = match &reject.column {
        Some(column) => format!("{column}: `{}`", reject.raw),
        None if reject.reason == RejectReason::UnreadableFile => reject.raw.clone(),
        None => format!("the record `{}`", reject.raw),
    };
    let words = reject.reason.words().split_once(": ").map_or(reject.reason.words(), |(_, words)| words);
    let advice = aceq_report::reject_advice(reject);
    let why = match most {
        0 => "could not be read, and none is accepted (--strict, --max-rejects 0)".to_owned(),
        most => format!("is the first of {count} or more that could not be read, and --max-rejects accepts {most}"),
    };
    format!(
        "{}: {what} {why}: {} ({words}) Correct it at its source, or in the rejects.csv of a run without the limit: {advice}",
        reject.position, reject.reason
    )
}

fn list(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", ")
}
