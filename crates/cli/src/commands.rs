//! One file per command; each turns settings into steps and results into output.

pub mod assess;
pub mod backtest;
pub mod checklist;
pub mod diff;
pub mod evidence;
pub mod explain;
pub mod export;
pub mod forecast;
pub mod generate;
pub mod ingest;
pub mod manners;
pub mod plan;
pub mod run;
pub mod schema;
pub mod sniff;
pub mod sql;
pub mod template;
mod unasked;

use crate::error::CliError;
use crate::pipeline::{Quality, Source};
use crate::rules::Assigned;
use crate::screen::Screen;
use aceq_checklist::{Checklist, Role, Rule};
use aceq_metrics::{Engine, Evaluation};
use aceq_model::{Bucket, RejectReason};
use aceq_report::{RequirementInfo, RequirementInfos, RequirementKind, Weight};
use std::collections::BTreeSet;

/// How a command that ran ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Exit code 0.
    Done,
    /// Exit code 1: `--fail-on` found something, or cases failed.
    Failed,
}

/// Sets the number of threads for every pool, before the first is used.
pub fn use_threads(threads: Option<u16>) {
    let Some(threads) = threads.map(usize::from) else { return };
    // First of all: it writes to the environment, which is only sound while no other thread exists.
    aceq_metrics::use_threads(threads.max(1));
    // An error means that a pool exists already, which only costs speed.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build_global();
}

/// Tells which files were not used.
fn tell_skipped(source: &Source, screen: &Screen) {
    for skipped in source.skipped() {
        screen.tell(&format!("note: {} was not used: {}", skipped.name, skipped.why));
    }
}

/// Tells in one line that something could not be read, where no table of it is shown.
fn tell_doubts(quality: &Quality, screen: &Screen) {
    if quality.published.rejects > 0 {
        screen.tell(&format!(
            "warning: {} row(s) or cell(s) could not be read when the dataset was published, so counts may be too low: its quality/rejects.csv says which",
            quality.published.rejects
        ));
    }
    let rejects = &quality.rejects;
    let unreadable = rejects.tallies().into_iter().find(|tally| tally.kind == RejectReason::UnreadableFile);
    let (files, all) = (unreadable.map_or(0, |tally| tally.count), rejects.rows());
    let (rows, cells) = (all - files, rejects.len() - all);
    if !rejects.is_empty() {
        let files = if files > 0 { format!("{files} file(s), ") } else { String::new() };
        screen.tell(&format!(
            "warning: {files}{rows} row(s) and {cells} cell(s) could not be read, so counts may be too low: `aceq assess` shows which"
        ));
    }
}

/// Tells about doubtful acceptance, once per checklist and kind of doubt.
fn tell_warnings(assigned: &[Assigned<'_>], screen: &Screen) {
    for Assigned { checklist, warnings, .. } in assigned {
        for (warning, dates) in warnings {
            let first = dates[0];
            let range = match dates.last() {
                Some(last) if *last != first => format!("{first} to {last}"),
                _ => first.to_string(),
            };
            screen.tell(&format!("warning: {} {} on {range}: {warning}", checklist.program, checklist.version));
        }
    }
}

/// The bucket with only the named partners; all of them for an empty list.
pub fn keep_partners(mut bucket: Bucket, wanted: &[String]) -> Bucket {
    if !wanted.is_empty() {
        // Rows of other partners stay where they are: the engine looks at the listed partners alone.
        bucket.partners.retain(|partner| wanted.contains(partner));
    }
    bucket
}

/// Evaluates the wanted partners bucket by bucket, and returns what was noticed about all rows.
///
/// What uses an evaluation sees the rows it comes from beside it.
fn evaluate_each(
    source: &Source,
    engine: &Engine<'_>,
    wanted: &[String],
    mut use_evaluation: impl FnMut(&Evaluation<'_>, &Bucket) -> Result<(), CliError>,
) -> Result<Quality, CliError> {
    let mut seen = BTreeSet::new();
    let mut quality = source.file_quality()?;
    source.for_each_bucket(|bucket, noticed| {
        quality.add(noticed)?;
        seen.extend(bucket.partners.iter().cloned());
        let bucket = keep_partners(bucket, wanted);
        use_evaluation(&engine.evaluate(&bucket)?, &bucket)
    })?;
    check_partners(wanted, &seen)?;
    Ok(quality)
}

/// Every named partner must be there.
pub fn check_partners(wanted: &[String], seen: &BTreeSet<String>) -> Result<(), CliError> {
    let Some(missing) = wanted.iter().find(|partner| !seen.contains(*partner)) else { return Ok(()) };
    let known: Vec<&str> = seen.iter().map(String::as_str).take(20).collect();
    let help =
        if known.is_empty() { "the data names no partner".to_owned() } else { format!("known: {}", known.join(", ")) };
    Err(CliError::UnknownPartner { partner: missing.clone(), help })
}

/// Requirements that the whole checklist stands on, by program, version and id.
pub type Required<'c> = BTreeSet<(&'c str, &'c str, &'c str)>;

/// The requirements that must be satisfied: neither advice nor mere parts.
fn required<'c>(checklists: impl IntoIterator<Item = &'c Checklist>) -> Required<'c> {
    let of = |checklist: &'c Checklist| {
        let required = checklist.requirements.iter().filter(|requirement| requirement.role == Role::Required);
        required.map(|r| (checklist.program.as_str(), checklist.version.as_str(), r.id.as_str()))
    };
    checklists.into_iter().flat_map(of).collect()
}

/// What a reader wants to know about the requirements of some checklists.
fn infos<'c>(checklists: impl IntoIterator<Item = &'c Checklist>) -> RequirementInfos {
    let mut infos = RequirementInfos::new();
    for checklist in checklists {
        let key = |id: &str| (checklist.program.clone(), checklist.version.clone(), id.to_owned());
        let whole = RequirementInfo { title: checklist.title.clone(), ..RequirementInfo::default() };
        infos.insert(key("*"), whole);
        for requirement in &checklist.requirements {
            let kind = match &requirement.rule {
                Rule::Count(_) => RequirementKind::Counted,
                Rule::Combine(..) => RequirementKind::Combined,
                Rule::Attested(_) => RequirementKind::Attested,
            };
            let weight = if requirement.role == Role::Advice { Weight::Advice } else { Weight::Required };
            let (title, section) = (requirement.title.clone(), requirement.section.clone());
            infos.insert(key(&requirement.id), RequirementInfo { title, section, kind, weight });
        }
    }
    infos
}
