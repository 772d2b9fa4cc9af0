//! The shape of `aceq.toml`.

use chrono::NaiveDate;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::path::PathBuf;
use toml::value::Datetime;

/// `aceq.toml`. Paths are relative to the file. Everything is optional; the command line wins.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Files, folders, or a dataset.
    #[serde(default)]
    pub inputs: Vec<PathBuf>,
    /// Folder of the dataset that `aceq run` publishes.
    pub out: Option<PathBuf>,
    /// Partner of files without a partner column.
    pub partner_id: Option<String>,
    /// `mdy` or `dmy`.
    pub date_order: Option<DateOrderConfig>,
    /// `target_close_date`, `aws_close_date` or `last_modified`.
    pub launch_date: Option<LaunchDateConfig>,
    /// Application dates.
    #[serde(default)]
    pub as_of: Vec<Day>,
    /// Application dates at period ends.
    pub every: Option<EveryConfig>,
    /// Programs to assess.
    #[serde(default)]
    pub programs: Vec<String>,
    /// Partners to assess.
    #[serde(default)]
    pub partners: Vec<String>,
    /// Folder of checklists instead of the built-in ones.
    pub checklists: Option<PathBuf>,
    /// Mapping files of sources of one's own.
    #[serde(default)]
    pub mappings: Vec<PathBuf>,
    /// USD per unit of other currencies.
    #[serde(default)]
    pub currency_rates: BTreeMap<String, String>,
    /// Days of export by file name, perhaps with folders above it.
    #[serde(default)]
    pub snapshots: BTreeMap<String, Day>,
    /// Encodings of texts by file name, perhaps with folders above it.
    #[serde(default)]
    pub encodings: BTreeMap<String, String>,
    /// Programs of self-assessment workbooks by file name, perhaps with folders above it.
    #[serde(default)]
    pub assessments: BTreeMap<String, String>,
    /// Case studies behind the references of self-assessment workbooks: by file name, then by reference.
    #[serde(default)]
    pub case_studies: BTreeMap<String, BTreeMap<String, String>>,
    /// Thresholds of findings.
    #[serde(default)]
    pub findings: FindingsConfig,
    /// Value lists of checklists, by program and name: `[sets.smb] smb_courses = […]`.
    #[serde(default)]
    pub sets: BTreeMap<String, BTreeMap<String, Vec<String>>>,
    /// Files of corrections, applied in this order.
    #[serde(default)]
    pub corrections: Vec<PathBuf>,
    /// File with the key by which persons are renamed.
    pub pseudonymise: Option<PathBuf>,
    /// Month in which fiscal years begin, 1 to 12.
    pub fiscal_year_start: Option<u32>,
    /// Whether `aceq run` keeps the results of earlier runs.
    #[serde(default)]
    pub append: bool,
    /// What `aceq run` forecasts; nothing without it.
    pub forecast: Option<ForecastConfig>,
    /// Names that are one customer.
    #[serde(default)]
    pub same: Vec<OverrideConfig>,
    /// Names that are two customers.
    #[serde(default)]
    pub different: Vec<OverrideConfig>,
}

/// A day: a date of TOML, or the same in quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day(pub NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Date(Datetime),
            Text(String),
        }
        let expected = || D::Error::custom("expected a day, such as 2026-11-20");
        let text = match Written::deserialize(deserializer).map_err(|_| expected())? {
            Written::Date(date) => date.to_string(),
            Written::Text(text) => text,
        };
        text.parse().map(Self).map_err(|_| expected())
    }
}

/// Order of dates like 03/04/2026.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrderConfig {
    /// 12/31/2026
    Mdy,
    /// 31/12/2026
    Dmy,
}

/// Date column that stands for the launch date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LaunchDateConfig {
    /// The partner's target close date.
    TargetCloseDate,
    /// AWS's close date.
    AwsCloseDate,
    /// The day of the last modification.
    LastModified,
}

/// Application dates at period ends.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EveryConfig {
    /// `month`, `quarter` or `year`.
    pub period: PeriodConfig,
    /// First day.
    pub from: Day,
    /// Last day.
    pub to: Day,
}

/// Periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PeriodConfig {
    /// Month ends.
    Month,
    /// Quarter ends.
    Quarter,
    /// Year ends.
    Year,
}

/// `[forecast]`: the quarter ends that `aceq run` publishes probabilities for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForecastConfig {
    /// The day from which to look ahead; the last of the application dates without it.
    pub from: Option<Day>,
    /// Number of quarter ends.
    #[serde(default = "eight")]
    pub quarters: u16,
    /// Draws for joint conditions.
    #[serde(default = "ten_thousand")]
    pub draws: u32,
    /// Seed of the draws.
    #[serde(default = "one")]
    pub seed: u64,
    /// Whether new deals are counted on.
    #[serde(default)]
    pub arrivals: bool,
}

fn eight() -> u16 {
    8
}

fn ten_thousand() -> u32 {
    10_000
}

fn one() -> u64 {
    1
}

/// Thresholds of findings.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingsConfig {
    /// Years after which a launch is `launched_long_ago`.
    pub launched_long_ago_years: Option<u32>,
    /// Names that may share an AWS account id or DUNS.
    pub shared_identifier_names: Option<usize>,
    /// Times the partner's median above which an amount may be annual.
    pub maybe_annual_times_median: Option<u32>,
    /// Amounts that a partner must have before one is far from the others.
    pub maybe_annual_rows: Option<usize>,
}

/// Two names, and why they are or are not one customer.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverrideConfig {
    /// Partner it is about; every partner without it.
    pub partner_id: Option<String>,
    /// One name.
    pub left: String,
    /// The other name.
    pub right: String,
    /// Why.
    pub reason: String,
}
