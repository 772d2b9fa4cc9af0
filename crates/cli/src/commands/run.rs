//! `aceq run`: everything that aceq.toml names, published as one dataset with results.

use super::ingest::{
    all_dates, checklist_records, run_json, scratch_folder, settings_json, summary, write_history, write_quality,
};
use super::{Outcome, assess, check_partners, keep_partners, required, tell_skipped, tell_warnings};
use crate::args::{DateArgs, InputArgs, RuleArgs, RunArgs};
use crate::error::CliError;
use crate::pipeline::Source;
use crate::progress::Progress;
use crate::rules::{Assigned, assign, library};
use crate::screen::Screen;
use crate::settings::Loaded;
use aceq_metrics::{Engine, Evaluation};
use aceq_model::{EvidenceRow, NearMissRow, tables};
use aceq_store::{Prepared, RunFacts, rows};
use serde_json::json;
use std::collections::BTreeSet;

/// Runs the command.
pub fn run(args: &RunArgs, loaded: &Loaded, screen: &Screen) -> Result<Outcome, CliError> {
    let config = &loaded.config;
    let out = config.out.as_deref().map(|out| loaded.relative(out)).ok_or(CliError::RunNeedsConfig)?;
    let reading = loaded.reading(&input_args(args), args.tolerance)?;
    let rules = loaded.rules(&RuleArgs { checklists: None, version: None });
    let dates = loaded.as_of(&DateArgs { as_of: vec![], every: None, from: None, to: None })?;
    let library = library(&rules)?;
    let assigned = assign(&library, &config.programs, None, &dates)?;
    Prepared::check_target(&out)?;
    let source = Source::open_exports(&reading, scratch_folder(&out), &Progress::new())?;
    tell_skipped(&source, screen);
    tell_warnings(&assigned, screen);

    let engine = Engine::new(assigned.iter().map(|assigned| assigned.checklist).collect());
    let mut prepared = Prepared::create(&out, source.buckets())?;
    let mut quality = source.file_quality();
    let required = required(assigned.iter().map(|assigned| assigned.checklist));
    let mut statuses = BTreeSet::new();
    let mut seen = BTreeSet::new();
    source.for_each_bucket(|bucket, mut noticed| {
        write_history(&mut prepared, &mut noticed)?;
        quality.add(noticed);
        seen.extend(bucket.partners.iter().cloned());
        prepared.write_bucket(&bucket)?;
        let evaluation = engine.evaluate(&keep_partners(bucket, &config.partners))?;
        let rows = write_results(&mut prepared, &evaluation, &assigned)?;
        // The rows themselves are on disk: memory does not grow with the number of partners.
        statuses.extend(assess::required_statuses(&rows, &required));
        Ok(())
    })?;
    check_partners(&config.partners, &seen)?;
    quality.settle()?;
    write_quality(&mut prepared, &quality)?;
    let mut settings = settings_json(&reading);
    settings["partners"] = json!(config.partners);
    settings["sets"] = json!(rules.sets);
    let facts = RunFacts {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        inputs: source.files(),
        checklists: checklist_records(assigned.iter().map(|assigned| assigned.checklist)),
        as_of: all_dates(&assigned),
        settings,
    };
    let published = prepared.publish(facts, &run_json(&reading))?;
    screen.tell(&assess::noticed(&quality, screen.width));
    screen.print(&summary(&published, &out))?;
    Ok(assess::outcome(&args.fail_on, &statuses, &quality))
}

fn write_results(
    prepared: &mut Prepared,
    evaluation: &Evaluation<'_>,
    assigned: &[Assigned<'_>],
) -> Result<Vec<aceq_model::StatusRow>, CliError> {
    let statuses = assess::status_rows(evaluation, assigned);
    prepared.write(&tables::REQUIREMENT_STATUS, &rows::status_batch(&statuses))?;
    for (index, checklist) in assigned.iter().enumerate() {
        prepared.write(&tables::TIMELINES, &rows::timelines_batch(&evaluation.timeline_rows(index)))?;
        for as_of in &checklist.as_of {
            let evidence: Vec<EvidenceRow> = evaluation.evidence(index, *as_of, None);
            let misses: Vec<NearMissRow> = evaluation.near_misses(index, *as_of, None);
            prepared.write(&tables::EVIDENCE, &rows::evidence_batch(&evidence))?;
            prepared.write(&tables::NEAR_MISSES, &rows::near_misses_batch(&misses))?;
        }
    }
    Ok(statuses)
}

/// What is typed for `run`; all else stands in the settings.
fn input_args(args: &RunArgs) -> InputArgs {
    InputArgs {
        inputs: vec![],
        partner_id: None,
        date_order: None,
        launch_date: None,
        mapping: vec![],
        known_at: None,
        corrections: args.corrections.clone(),
        pseudonymise: args.pseudonymise.clone(),
    }
}
