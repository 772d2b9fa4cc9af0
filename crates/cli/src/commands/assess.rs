//! `aceq assess`: the status of every requirement.

use super::unasked::Unasked;
use super::{Outcome, Required, evaluate_each, infos, required, tell_doubts, tell_skipped, tell_warnings};
use crate::args::{AssessArgs, FailOn, FormatArg};
use crate::error::CliError;
use crate::pipeline::{Noticed, Quality, Source};
use crate::progress::Progress;
use crate::rules::{Assigned, assign, library};
use crate::screen::Screen;
use crate::settings::Loaded;
use aceq_metrics::{Engine, Evaluation};
use aceq_model::{Status, StatusRow};
use aceq_ordered::in_order;
use aceq_report::{Format, StatusPages, findings_summary, rejects_summary};
use aceq_store::{Pages, StoreError};
use std::collections::BTreeSet;

/// Bytes of text of partners that wait for others, kept in memory before they are written to disk.
const WAITING_BUDGET: usize = 32 << 20;

/// Partners whose text is made at a time, at most.
const PARTNERS_AHEAD: usize = 16;

/// Runs the command.
pub fn run(args: &AssessArgs, loaded: &Loaded, screen: &Screen) -> Result<Outcome, CliError> {
    let reading = loaded.reading(&args.input, args.tolerance)?;
    let dates = loaded.as_of(&args.dates)?;
    let rules = loaded.rules(&args.rules);
    let library = library(&rules)?;
    let programs = if args.program.is_empty() { &loaded.config.programs } else { &args.program };
    let partners = loaded.partners(&args.partner);
    let assigned = assign(&library, programs, rules.version.as_deref(), &dates)?;
    let scratch = std::env::temp_dir();
    let source = Source::open(&reading, &scratch, &Progress::new())?;
    tell_skipped(&source, screen);
    tell_warnings(&assigned, screen);

    let engine = Engine::new(assigned.iter().map(|assigned| assigned.checklist).collect());
    let titles = infos(assigned.iter().map(|assigned| assigned.checklist));
    let pages = StatusPages {
        format: format(args.format),
        dates: &assigned.iter().flat_map(|assigned| &assigned.as_of).map(|as_of| as_of.date()).collect(),
        titles: &titles,
        color: screen.color,
        width: screen.width,
        verbose: args.verbose,
    };
    let required = required(assigned.iter().map(|assigned| assigned.checklist));
    // Partners come bucket by bucket, and are shown in the order of their ids.
    let mut waiting = Pages::new(&scratch, WAITING_BUDGET);
    let mut statuses = BTreeSet::new();
    let page = |rows: &[StatusRow]| (pages.page(rows), required_statuses(rows, &required));
    let mut unasked = Unasked::new(&library);
    let mut quality = evaluate_each(&source, &engine, partners, |evaluation, bucket| {
        unasked.look_through(bucket);
        for_each_partner(evaluation, &assigned, page, |partner, (text, found)| {
            statuses.extend(found);
            waiting.push(partner, &text)
        })
    })?;
    quality.settle()?;
    unasked.tell(screen);
    screen.print_pages(&pages.frame(), waiting)?;
    match args.format {
        FormatArg::Table => screen.tell(&noticed(&quality, screen.width)),
        FormatArg::Json | FormatArg::Csv | FormatArg::Markdown => tell_doubts(&quality, screen),
    }
    Ok(outcome(&args.fail_on, &statuses, &quality))
}

/// Works on the rows of several partners side by side, and hands over what comes of it in the order of the partners.
fn for_each_partner<T: Send>(
    evaluation: &Evaluation<'_>,
    assigned: &[Assigned<'_>],
    work: impl Fn(&[StatusRow]) -> T + Sync,
    mut take: impl FnMut(&str, T) -> Result<(), StoreError>,
) -> Result<(), CliError> {
    let mut partners = 0..evaluation.partners.len();
    let of_partner = |partner: usize| {
        let rows: Vec<StatusRow> = partner_rows(evaluation, partner, assigned).collect();
        (partner, work(&rows))
    };
    let take = |(partner, result): (usize, T)| take(&evaluation.partners[partner].partner_id, result);
    Ok(in_order(PARTNERS_AHEAD, || partners.next(), of_partner, take)?)
}

/// The rows of one partner of every checklist on the dates that it answers for.
fn partner_rows<'a>(
    evaluation: &'a Evaluation<'_>,
    partner: usize,
    assigned: &'a [Assigned<'_>],
) -> impl Iterator<Item = StatusRow> + 'a {
    let of = move |(index, assigned): (usize, &'a Assigned<'_>)| {
        evaluation.partner_status_rows(index, partner, &assigned.as_of)
    };
    assigned.iter().enumerate().flat_map(of)
}

/// What was noticed about the rows, for stderr.
pub fn noticed(quality: &Quality, width: u16) -> String {
    let Noticed { rejects, findings } = quality.published;
    if rejects + findings > 0 {
        return format!(
            "\nthe dataset has {rejects} reject(s) and {findings} finding(s), listed in its folder `quality`"
        );
    }
    let rejects = rejects_summary(&quality.rejects.tallies(), width);
    let findings = findings_summary(&quality.findings.tallies(), width);
    let none = quality.rejects.is_empty() && quality.findings.is_empty();
    let hint = if none { "" } else { "\n\nwhat they mean: aceq schema --format codes" };
    format!("\n{rejects}\n{}{hint}", findings.trim_end())
}

/// The rows of every checklist on the dates that it answers for.
pub fn status_rows(evaluation: &Evaluation<'_>, assigned: &[Assigned<'_>]) -> Vec<StatusRow> {
    let pairs = assigned.iter().enumerate().flat_map(|(index, a)| a.as_of.iter().map(move |date| (index, *date)));
    pairs.flat_map(|(index, as_of)| evaluation.status_rows(index, as_of)).collect()
}

/// Which statuses the requirements that must be satisfied have, each once.
pub fn required_statuses(rows: &[StatusRow], required: &Required<'_>) -> BTreeSet<Status> {
    let is_own = |row: &StatusRow| {
        let key = (row.program.as_str(), row.version.as_str(), row.requirement_id.as_str());
        row.member.is_none() && row.reading == "adopted" && required.contains(&key)
    };
    let mut statuses = BTreeSet::new();
    for row in rows {
        if !statuses.contains(&row.status) && is_own(row) {
            statuses.insert(row.status);
        }
    }
    statuses
}

/// Whether `--fail-on` found something.
pub fn outcome(fail_on: &[FailOn], statuses: &BTreeSet<Status>, quality: &Quality) -> Outcome {
    let found = |kind: &FailOn| match kind {
        FailOn::Unmet => statuses.contains(&Status::NotMet),
        FailOn::Unknown => statuses.contains(&Status::Unknown),
        FailOn::Rejects => quality.noticed().rejects > 0,
        FailOn::Findings => quality.noticed().findings > 0,
    };
    if fail_on.iter().any(found) { Outcome::Failed } else { Outcome::Done }
}

/// The format that was typed.
pub fn format(format: FormatArg) -> Format {
    match format {
        FormatArg::Table => Format::Table,
        FormatArg::Json => Format::Json,
        FormatArg::Csv => Format::Csv,
        FormatArg::Markdown => Format::Markdown,
    }
}
