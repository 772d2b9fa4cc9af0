//! What is used: the command line over `aceq.toml` over defaults, converted once.

use crate::args::{Cli, DateArgs, DateOrderArg, InputArgs, LaunchDateArg, Period, RuleArgs, ToleranceArgs};
use crate::config::{Config, DateOrderConfig, LaunchDateConfig, OverrideConfig, PeriodConfig};
use crate::dates::{Every, parse_date, period_ends, today};
use crate::error::CliError;
use aceq_ingest::{Corrections, Encoding, Mappings, Pseudonyms};
use aceq_model::{AsOf, DateOrder};
use aceq_resolve::{LaunchDateColumn, Override};
use aceq_store::{FiscalYearStart, Rejects};
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The settings file and where it is; paths in it are relative to its folder.
#[derive(Debug, Default)]
pub struct Loaded {
    /// Its content.
    pub config: Config,
    /// The file; `None` when there is none.
    pub path: Option<PathBuf>,
}

/// How exports are read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Files, folders, or a dataset.
    pub inputs: Vec<PathBuf>,
    /// Partner of files without a partner column.
    pub partner_id: Option<String>,
    /// Whether names of the settings may be missing: of two worlds one may not have them yet.
    pub names_may_be_missing: bool,
    /// Only snapshots up to this day.
    pub known_at: Option<NaiveDate>,
    /// For the reader.
    pub ingest: aceq_ingest::Options,
    /// What headers and values mean.
    pub mappings: Mappings,
    /// For comparing rows across files.
    pub resolve: aceq_resolve::Settings,
    /// What the user states about rows, in files.
    pub corrections: Vec<Corrections>,
    /// How much may be unreadable.
    pub tolerance: Tolerance,
    /// When fiscal years begin.
    pub fiscal_year: FiscalYearStart,
    /// Flags that only make sense for exports, as they were typed.
    pub export_flags: Vec<&'static str>,
}

/// How many rows and cells may be unreadable before nothing is answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tolerance {
    /// Any number.
    #[default]
    Any,
    /// As many as this.
    UpTo(u64),
}

/// Which rules are used.
#[derive(Clone, Debug)]
pub struct Rules {
    /// Folder instead of the built-in checklists.
    pub folder: Option<PathBuf>,
    /// Version instead of the one in force.
    pub version: Option<String>,
    /// Value lists by program and name.
    pub sets: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

impl Loaded {
    /// The file that was named, else `aceq.toml` in the current folder, else nothing.
    ///
    /// # Errors
    /// When the named file cannot be read, or a setting is wrong.
    pub fn find(cli: &Cli) -> Result<Self, CliError> {
        let default = PathBuf::from("aceq.toml");
        let path = match &cli.config {
            Some(path) => path.clone(),
            None if default.is_file() => default,
            None => return Ok(Self::default()),
        };
        let text = fs::read_to_string(&path).map_err(|source| CliError::Unreadable { path: path.clone(), source })?;
        let config = toml::from_str(&text)
            .map_err(|error| CliError::Config { path: path.clone(), message: error.to_string().trim().to_owned() })?;
        Ok(Self { config, path: Some(path) })
    }

    /// How exports are read.
    ///
    /// # Errors
    /// When a value is no date or no rate, or a file of corrections or the key cannot be used.
    pub fn reading(&self, args: &InputArgs, tolerance: ToleranceArgs) -> Result<Reading, CliError> {
        let config = &self.config;
        let partner_id = args.partner_id.clone().or_else(|| config.partner_id.clone());
        let date_order = args.date_order.map(typed_order).or_else(|| config.date_order.map(configured_order));
        let launch_date = args.launch_date.map(typed_launch).or_else(|| config.launch_date.map(configured_launch));
        let inputs = match args.inputs.as_slice() {
            [] => config.inputs.iter().map(|path| self.relative(path)).collect(),
            typed => typed.to_vec(),
        };
        Ok(Reading {
            inputs,
            names_may_be_missing: false,
            known_at: args.known_at.as_deref().map(parse_date).transpose()?,
            ingest: self.ingest_options(date_order, args.pseudonymise.as_deref())?,
            mappings: self.mappings(&args.mapping)?,
            resolve: self.resolve_settings(partner_id.clone(), launch_date.unwrap_or_default()),
            partner_id,
            corrections: self.corrections(&args.corrections)?,
            tolerance: tolerance.into(),
            fiscal_year: self.fiscal_year()?,
            export_flags: export_flags(args),
        })
    }

    /// What headers and values mean: the built-in mappings, and those that were typed, else those of the settings.
    ///
    /// # Errors
    /// When a mapping file cannot be read, or is wrong.
    pub fn mappings(&self, typed: &[PathBuf]) -> Result<Mappings, CliError> {
        let paths = match typed {
            [] => self.config.mappings.iter().map(|path| self.relative(path)).collect(),
            typed => typed.to_vec(),
        };
        let mut files = Vec::new();
        for path in paths {
            let text =
                fs::read_to_string(&path).map_err(|source| CliError::Unreadable { path: path.clone(), source })?;
            files.push((path.display().to_string(), text));
        }
        let files: Vec<(&str, &str)> = files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        Ok(Mappings::builtin().with_sources(&files)?)
    }

    /// Options of the reader, without what only typed flags say.
    ///
    /// # Errors
    /// When a value is no date or no rate.
    pub fn reader_options(&self) -> Result<aceq_ingest::Options, CliError> {
        self.ingest_options(self.config.date_order.map(configured_order), None)
    }

    /// When fiscal years begin.
    ///
    /// # Errors
    /// When the setting is no month.
    pub fn fiscal_year(&self) -> Result<FiscalYearStart, CliError> {
        let Some(month) = self.config.fiscal_year_start else { return Ok(FiscalYearStart::default()) };
        let wrong = || self.wrong(&format!("`fiscal_year_start = {month}` is no month: write 1 to 12"));
        FiscalYearStart::new(month).ok_or_else(wrong)
    }

    /// The files of corrections: those of the settings, then those that were typed.
    fn corrections(&self, typed: &[PathBuf]) -> Result<Vec<Corrections>, CliError> {
        let configured = self.config.corrections.iter().map(|path| self.relative(path));
        configured.chain(typed.iter().cloned()).map(|path| Ok(Corrections::read(&path)?)).collect()
    }

    fn pseudonyms(&self, typed: Option<&Path>) -> Result<Option<Pseudonyms>, CliError> {
        let configured = self.config.pseudonymise.as_deref().map(|path| self.relative(path));
        let Some(path) = typed.map(Path::to_owned).or(configured) else { return Ok(None) };
        let key = fs::read(&path).map_err(|source| CliError::Unreadable { path: path.clone(), source })?;
        let pseudonyms = Pseudonyms::new(key.trim_ascii_end());
        pseudonyms.map(Some).map_err(|source| CliError::Key { path, source })
    }

    fn ingest_options(
        &self,
        date_order: Option<DateOrder>,
        key: Option<&Path>,
    ) -> Result<aceq_ingest::Options, CliError> {
        let mut options =
            aceq_ingest::Options { date_order, pseudonyms: self.pseudonyms(key)?, ..aceq_ingest::Options::default() };
        for (currency, rate) in &self.config.currency_rates {
            let rate = rate.parse().map_err(|error: aceq_ingest::RateError| self.wrong(&error.to_string()))?;
            options.currency_rates.insert(currency.to_uppercase(), rate);
        }
        for (name, date) in &self.config.snapshots {
            options.snapshot_dates.push((name.clone(), date.0));
        }
        for (file, name) in &self.config.encodings {
            let unknown = || {
                self.wrong(&format!(
                    "`{name}` under [encodings] is no encoding: write one such as utf-8, windows-1250, shift_jis or macintosh"
                ))
            };
            options.encodings.push((file.clone(), Encoding::named(name).ok_or_else(unknown)?));
        }
        options.assessment_programs = self.config.assessments.clone().into_iter().collect();
        for (file, references) in &self.config.case_studies {
            options.case_study_ids.extend(references.iter().map(|(header, case_study)| aceq_ingest::CaseStudyId {
                file: file.clone(),
                header: header.clone(),
                case_study: case_study.clone(),
            }));
        }
        Ok(options)
    }

    fn resolve_settings(&self, partner_id: Option<String>, launch_date: LaunchDateColumn) -> aceq_resolve::Settings {
        let defaults = aceq_resolve::Settings::default();
        let findings = &self.config.findings;
        aceq_resolve::Settings {
            default_partner: partner_id,
            launch_date,
            launched_long_ago_years: findings.launched_long_ago_years.unwrap_or(defaults.launched_long_ago_years),
            shared_identifier_names: findings.shared_identifier_names.unwrap_or(defaults.shared_identifier_names),
            maybe_annual_times_median: findings.maybe_annual_times_median.unwrap_or(defaults.maybe_annual_times_median),
            maybe_annual_rows: findings.maybe_annual_rows.unwrap_or(defaults.maybe_annual_rows),
            same: self.config.same.iter().map(to_override).collect(),
            different: self.config.different.iter().map(to_override).collect(),
            corrections: Vec::new(),
        }
    }

    /// Which rules are used.
    pub fn rules(&self, args: &RuleArgs) -> Rules {
        let configured = self.config.checklists.as_deref().map(|path| self.relative(path));
        Rules {
            folder: args.checklists.clone().or(configured),
            version: args.version.clone(),
            sets: self.config.sets.clone(),
        }
    }

    /// The partners to show: those that were typed, else those of the settings; all for an empty list.
    pub fn partners<'a>(&'a self, typed: &'a [String]) -> &'a [String] {
        if typed.is_empty() { &self.config.partners } else { typed }
    }

    /// The application dates, sorted, each once.
    ///
    /// # Errors
    /// When one is no date, or no period ends between two.
    pub fn as_of(&self, args: &DateArgs) -> Result<Vec<AsOf>, CliError> {
        let mut dates = Vec::new();
        for text in &args.as_of {
            dates.push(text.parse().map_err(CliError::AsOf)?);
        }
        if let (Some(period), Some(from), Some(to)) = (args.every, &args.from, &args.to) {
            let every = Every { months: typed_period(period), from: parse_date(from)?, to: parse_date(to)? };
            dates.extend(period_ends(every)?);
        }
        if dates.is_empty() {
            dates = self.configured_as_of()?;
        }
        if dates.is_empty() {
            dates.push(today());
        }
        dates.sort();
        dates.dedup();
        Ok(dates)
    }

    fn configured_as_of(&self) -> Result<Vec<AsOf>, CliError> {
        let mut dates = Vec::new();
        for day in &self.config.as_of {
            dates.push(AsOf::new(day.0).map_err(CliError::AsOf)?);
        }
        if let Some(every) = &self.config.every {
            let months = configured_period(every.period);
            dates.extend(period_ends(Every { months, from: every.from.0, to: every.to.0 })?);
        }
        Ok(dates)
    }

    /// A path of the settings file.
    pub fn relative(&self, path: &Path) -> PathBuf {
        let folder = self.path.as_deref().and_then(Path::parent).unwrap_or(Path::new(""));
        folder.join(path)
    }

    fn wrong(&self, message: &str) -> CliError {
        CliError::Config { path: self.path.clone().unwrap_or_default(), message: message.to_owned() }
    }
}

impl Tolerance {
    /// Whether so many rejects are accepted: those of reading, then those of comparing rows.
    ///
    /// # Errors
    /// When they are too many: the first is named.
    pub fn check(self, rejects: &[&Rejects]) -> Result<(), CliError> {
        let count = rejects.iter().map(|rejects| rejects.len() as u64).sum();
        let Self::UpTo(most) = self else { return Ok(()) };
        match rejects.iter().find(|rejects| !rejects.is_empty()) {
            Some(rejects) if count > most => {
                let first = rejects.first()?.expect("they are not empty");
                Err(CliError::TooManyRejects { count, most, first: Box::new(first) })
            }
            _ => Ok(()),
        }
    }
}

impl From<ToleranceArgs> for Tolerance {
    fn from(args: ToleranceArgs) -> Self {
        match args {
            ToleranceArgs { strict: true, .. } => Self::UpTo(0),
            ToleranceArgs { max_rejects: Some(most), .. } => Self::UpTo(most),
            ToleranceArgs { .. } => Self::Any,
        }
    }
}

fn export_flags(args: &InputArgs) -> Vec<&'static str> {
    let flags = [
        ("--partner-id", args.partner_id.is_some()),
        ("--date-order", args.date_order.is_some()),
        ("--launch-date", args.launch_date.is_some()),
        ("--mapping", !args.mapping.is_empty()),
        ("--known-at", args.known_at.is_some()),
        ("--corrections", !args.corrections.is_empty()),
        ("--pseudonymise", args.pseudonymise.is_some()),
    ];
    flags.into_iter().filter(|(_, typed)| *typed).map(|(flag, _)| flag).collect()
}

fn typed_order(order: DateOrderArg) -> DateOrder {
    match order {
        DateOrderArg::Mdy => DateOrder::MonthFirst,
        DateOrderArg::Dmy => DateOrder::DayFirst,
    }
}

fn configured_order(order: DateOrderConfig) -> DateOrder {
    match order {
        DateOrderConfig::Mdy => DateOrder::MonthFirst,
        DateOrderConfig::Dmy => DateOrder::DayFirst,
    }
}

fn typed_launch(column: LaunchDateArg) -> LaunchDateColumn {
    match column {
        LaunchDateArg::TargetCloseDate => LaunchDateColumn::TargetClose,
        LaunchDateArg::AwsCloseDate => LaunchDateColumn::AwsClose,
        LaunchDateArg::LastModified => LaunchDateColumn::LastModified,
    }
}

fn configured_launch(column: LaunchDateConfig) -> LaunchDateColumn {
    match column {
        LaunchDateConfig::TargetCloseDate => LaunchDateColumn::TargetClose,
        LaunchDateConfig::AwsCloseDate => LaunchDateColumn::AwsClose,
        LaunchDateConfig::LastModified => LaunchDateColumn::LastModified,
    }
}

fn typed_period(period: Period) -> u32 {
    match period {
        Period::Month => 1,
        Period::Quarter => 3,
        Period::Year => 12,
    }
}

fn configured_period(period: PeriodConfig) -> u32 {
    match period {
        PeriodConfig::Month => 1,
        PeriodConfig::Quarter => 3,
        PeriodConfig::Year => 12,
    }
}

/// Settings that change results: no path, clock or host.
pub fn settings_json(reading: &Reading) -> Value {
    let resolve = &reading.resolve;
    let pair = |o: &Override| json!([o.partner_id, o.left, o.right, o.reason]);
    json!({
        "partner_id": reading.partner_id,
        "known_at": reading.known_at.map(|date| date.to_string()),
        "date_order": reading.ingest.date_order,
        "currency_rates": reading.ingest.currency_rates.iter().map(|(c, r)| (c.clone(), r.to_string())).collect::<BTreeMap<_, _>>(),
        "snapshots": reading.ingest.snapshot_dates.iter().map(|(n, d)| json!([n, d.to_string()])).collect::<Vec<_>>(),
        "encodings": reading.ingest.encodings.iter().map(|(file, encoding)| json!([file, encoding.name()])).collect::<Vec<_>>(),
        "assessments": reading.ingest.assessment_programs,
        "case_studies": reading.ingest.case_study_ids.iter().map(|one| json!([one.file, one.header, one.case_study])).collect::<Vec<_>>(),
        "mappings": reading.mappings.further().iter().map(|hash| hash.0.clone()).collect::<Vec<_>>(),
        "launch_date": launch_date_column(resolve.launch_date),
        "launched_long_ago_years": resolve.launched_long_ago_years,
        "shared_identifier_names": resolve.shared_identifier_names,
        "maybe_annual_times_median": resolve.maybe_annual_times_median,
        "maybe_annual_rows": resolve.maybe_annual_rows,
        "corrections": reading.corrections.iter().map(|file| json!([file.name, file.content_hash])).collect::<Vec<_>>(),
        "fiscal_year_start": reading.fiscal_year.month(),
        "pseudonymised": reading.ingest.pseudonyms.as_ref().map(Pseudonyms::fingerprint),
        "same": resolve.same.iter().map(pair).collect::<Vec<_>>(),
        "different": resolve.different.iter().map(pair).collect::<Vec<_>>(),
    })
}

fn launch_date_column(column: LaunchDateColumn) -> &'static str {
    match column {
        LaunchDateColumn::TargetClose => "target_close_date",
        LaunchDateColumn::AwsClose => "aws_close_date",
        LaunchDateColumn::LastModified => "last_modified",
    }
}

fn to_override(config: &OverrideConfig) -> Override {
    Override {
        partner_id: config.partner_id.clone(),
        left: config.left.clone(),
        right: config.right.clone(),
        reason: config.reason.clone(),
    }
}
