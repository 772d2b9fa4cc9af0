//! `aceq diff`: why the answer changed between two runs.

mod manifests;
mod rules;

use super::assess::format;
use super::evidence::find_requirement;
use super::{Outcome, Required, check_partners, required, tell_doubts, tell_skipped, tell_warnings};
use crate::args::{DiffArgs, DiffFailOn, InputArgs, ToleranceArgs};
use crate::error::CliError;
use crate::pipeline::{Half, Source, for_each_pair};
use crate::progress::Progress;
use crate::rules::library;
use crate::screen::Screen;
use crate::settings::{Loaded, Rules};
use aceq_metrics::Engine;
use aceq_metrics::diff::{Side, compare};
use aceq_model::{AsOf, CountDiff};
use aceq_report::{Diff, Shown};
use rules::{Judged, judge};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Runs the command.
pub fn run(args: &DiffArgs, loaded: &Loaded, screen: &Screen) -> Result<Outcome, CliError> {
    let (before, after) = (open(&args.before, args, loaded)?, open(&args.after, args, loaded)?);
    let dates = (
        as_of(&before, &args.before, args.as_of_a.as_ref().or(args.as_of.as_ref()), "--as-of-a")?,
        as_of(&after, &args.after, args.as_of_b.as_ref().or(args.as_of.as_ref()), "--as-of-b")?,
    );
    let rules = rules_of_both(args, loaded);
    let libraries = (library(&rules.0)?, library(&rules.1)?);
    let programs = if args.program.is_empty() { &loaded.config.programs } else { &args.program };
    let versions = (rules.0.version.as_deref(), rules.1.version.as_deref());
    let judged = judge((&libraries.0, &libraries.1), programs, versions, dates)?;
    check_requirements(&args.requirement, &judged)?;
    tell_about(&before, screen)?;
    if args.after != args.before {
        tell_about(&after, screen)?;
    }
    tell_warnings(&judged.both(), screen);
    let mut comparison = Comparison { args, judged: &judged, dates, counts: Vec::new(), partners: Default::default() };
    let engine = Engine::new(judged.checklists.clone());
    let wanted = loaded.partners(&args.partner);
    for_each_pair((&before, &after), &std::env::temp_dir(), |before, after| {
        comparison.add(&engine, keep(before, wanted), keep(after, wanted))
    })?;
    check_partners(wanted, &comparison.partners.0.union(&comparison.partners.1).cloned().collect())?;
    let Comparison { mut counts, partners, .. } = comparison;
    let mut differences = manifests::differences(&before, &after, &judged);
    differences.extend(manifests::partners(&partners.0, &partners.1));
    judged.note_rules(&mut counts);
    let sides = (
        manifests::side(&before, &args.before, judged.names(&judged.before), dates.0),
        manifests::side(&after, &args.after, judged.names(&judged.after), dates.1),
    );
    let diff = Diff {
        before: &sides.0,
        after: &sides.1,
        differences: &differences,
        counts: &counts,
        titles: &judged.titles(),
        shown: if args.all { Shown::All } else { Shown::Changed },
        rows: args.rows,
        color: screen.color,
        width: screen.width,
    };
    screen.print(&diff.in_format(format(args.format)))?;
    Ok(outcome(&args.fail_on, &counts, &judged))
}

/// What is collected bucket by bucket.
struct Comparison<'c> {
    args: &'c DiffArgs,
    judged: &'c Judged<'c>,
    dates: (AsOf, AsOf),
    counts: Vec<CountDiff>,
    /// Partners of each side.
    partners: (BTreeSet<String>, BTreeSet<String>),
}

impl Comparison<'_> {
    fn add(&mut self, engine: &Engine<'_>, before: Half, after: Half) -> Result<(), CliError> {
        self.partners.0.extend(before.own);
        self.partners.1.extend(after.own);
        let (was, is) = (engine.evaluate(&before.bucket)?, engine.evaluate(&after.bucket)?);
        for (from, to) in &self.judged.pairs {
            let earlier = Side { evaluation: &was, checklist: *from, as_of: self.dates.0, excluded: &before.excluded };
            let later = Side { evaluation: &is, checklist: *to, as_of: self.dates.1, excluded: &after.excluded };
            let wanted = |count: &CountDiff| {
                let ids = &self.args.requirement;
                let named = ids.is_empty() || ids.iter().any(|id| id.eq_ignore_ascii_case(&count.requirement_id));
                named && (self.args.all || count.is_change() || from != to)
            };
            self.counts.extend(compare(earlier, later).into_iter().filter(wanted));
        }
        Ok(())
    }
}

fn open(path: &Path, args: &DiffArgs, loaded: &Loaded) -> Result<Source, CliError> {
    let input = InputArgs {
        inputs: vec![path.to_owned()],
        partner_id: args.partner_id.clone(),
        date_order: None,
        launch_date: None,
        mapping: Vec::new(),
        known_at: None,
        corrections: Vec::new(),
        pseudonymise: None,
    };
    let mut reading = loaded.reading(&input, ToleranceArgs::default())?;
    // With exports on the other side alone, what says how they are read is no mistake.
    reading.export_flags.clear();
    reading.names_may_be_missing = true;
    Source::open(&reading, &std::env::temp_dir(), &Progress::new())
}

/// Which files were not used, and whether something in them could not be read.
fn tell_about(source: &Source, screen: &Screen) -> Result<(), CliError> {
    tell_skipped(source, screen);
    tell_doubts(&source.file_quality()?, screen);
    Ok(())
}

/// The date that was typed, else the newest of the dataset.
fn as_of(source: &Source, path: &Path, typed: Option<&String>, flag: &'static str) -> Result<AsOf, CliError> {
    let published = match source {
        Source::Dataset(dataset, _) => dataset.manifest.as_of.iter().max(),
        Source::Exports(_) => None,
    };
    match typed.or(published) {
        Some(date) => date.parse().map_err(CliError::AsOf),
        None => Err(CliError::NoAsOf { path: path.to_owned(), flag }),
    }
}

fn rules_of_both(args: &DiffArgs, loaded: &Loaded) -> (Rules, Rules) {
    let rules = |folder: &Option<std::path::PathBuf>, version: &Option<String>| {
        loaded.rules(&crate::args::RuleArgs {
            checklists: folder.clone().or_else(|| args.checklists.clone()),
            version: version.clone().or_else(|| args.version.clone()),
        })
    };
    (rules(&args.checklists_a, &args.version_a), rules(&args.checklists_b, &args.version_b))
}

/// Every requirement that was named must be in a checklist.
fn check_requirements(wanted: &[String], judged: &Judged<'_>) -> Result<(), CliError> {
    let known = |id: &String| {
        id == "*" || judged.checklists.iter().any(|c| c.requirements.iter().any(|r| r.id.eq_ignore_ascii_case(id)))
    };
    match (wanted.iter().find(|id| !known(id)), judged.checklists.first()) {
        (Some(id), Some(checklist)) => find_requirement(checklist, id).map(|_| ()),
        _ => Ok(()),
    }
}

fn keep(mut half: Half, wanted: &[String]) -> Half {
    if !wanted.is_empty() {
        half.bucket.partners.retain(|partner| wanted.contains(partner));
        half.own.retain(|partner| wanted.contains(partner));
    }
    half
}

fn outcome(fail_on: &[DiffFailOn], counts: &[CountDiff], judged: &Judged<'_>) -> Outcome {
    let required = required(judged.checklists.iter().copied());
    let found = |kind: &DiffFailOn| match kind {
        DiffFailOn::Changed => counts.iter().any(CountDiff::is_change),
        DiffFailOn::Lost => counts.iter().any(|count| is_lost(count, &required)),
    };
    if fail_on.iter().any(found) { Outcome::Failed } else { Outcome::Done }
}

/// Whether a requirement that must be satisfied was, and is not any more.
fn is_lost(count: &CountDiff, required: &Required<'_>) -> bool {
    let must = count.requirement_id == "*"
        || required.iter().any(|(program, _, id)| (*program, *id) == (&count.program, &count.requirement_id));
    let satisfied = |side: Option<&aceq_model::SideCount>| side.and_then(|side| side.status.satisfied()) == Some(true);
    let own = count.member.is_none() && count.reading == "adopted";
    own && must && count.after.is_some() && satisfied(count.before.as_ref()) && !satisfied(count.after.as_ref())
}

/// Titles by program and requirement.
type Titles = BTreeMap<(String, String), String>;
