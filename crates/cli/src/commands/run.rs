//! `aceq run`: everything that aceq.toml names, published as one dataset with results.

mod ahead;
mod requirements;

use super::ingest::{all_dates, checklist_records, encoded, run_json, scratch_folder, summary, write_quality};
use super::unasked::Unasked;
use super::{Outcome, assess, check_partners, keep_partners, required, tell_skipped, tell_warnings};
use crate::args::{DateArgs, InputArgs, RuleArgs, RunArgs};
use crate::error::CliError;
use crate::pipeline::Source;
use crate::progress::Progress;
use crate::rules::{Assigned, assign, library};
use crate::screen::Screen;
use crate::settings::{Loaded, Reading, Rules, settings_json};
use aceq_checklist::Checklist;
use aceq_ingest::Pseudonyms;
use aceq_metrics::{Engine, Evaluation};
use aceq_model::{EvidenceRow, NearMissRow, tables};
use aceq_store::{History, Prepared, RunFacts, RunIdentity, rows};
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

    let facts = facts(&reading, &source, &assigned, loaded, &rules);
    let run = identity(&facts, &assigned);
    let history = if args.append || config.append { History::of(&out)? } else { History::none() };
    let key = reading.ingest.pseudonyms.as_ref().map(Pseudonyms::fingerprint);
    if history.settings().is_some_and(|before| before["pseudonymised"].as_str() != key.as_deref()) {
        return Err(CliError::OtherNames { path: out });
    }
    let engine = Engine::new(assigned.iter().map(|assigned| assigned.checklist).collect());
    let mut prepared = Prepared::create(&out, source.buckets())?;
    prepared.set_fiscal_year(reading.fiscal_year);
    history.carry(&mut prepared, &run)?;
    let mut quality = source.file_quality()?;
    let required = required(assigned.iter().map(|assigned| assigned.checklist));
    let mut statuses = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let mut unasked = Unasked::new(&library);
    let encoder = prepared.encoder();
    source.for_each_prepared(
        |bucket, noticed| Ok((encoded(&encoder, &bucket, noticed)?, bucket)),
        |(encoded, bucket), noticed| {
            quality.add(noticed)?;
            seen.extend(bucket.partners.iter().cloned());
            prepared.write_encoded(encoded)?;
            let bucket = keep_partners(bucket, &config.partners);
            unasked.look_through(&bucket);
            let evaluation = engine.evaluate(&bucket)?;
            let rows = write_results(&mut prepared, &evaluation, &assigned, &run.run_id.0)?;
            // The rows themselves are on disk: memory does not grow with the number of partners.
            statuses.extend(assess::required_statuses(&rows, &required));
            Ok(())
        },
    )?;
    check_partners(&config.partners, &seen)?;
    let ahead = ahead::write(&mut prepared, loaded, &library, &source, &assigned, &run.run_id.0)?;
    quality.settle()?;
    write_quality(&mut prepared, &quality)?;
    write_dimensions(&mut prepared, &history, &used(&assigned, &ahead), &run)?;
    history.check_unchanged(&out)?;
    let published = prepared.publish(facts, &run_json(&reading))?;
    unasked.tell(screen);
    screen.tell(&assess::noticed(&quality, screen.width));
    screen.print(&summary(&published, &out))?;
    Ok(assess::outcome(&args.fail_on, &statuses, &quality))
}

fn facts(reading: &Reading, source: &Source, assigned: &[Assigned<'_>], loaded: &Loaded, rules: &Rules) -> RunFacts {
    let mut settings = settings_json(reading);
    settings["partners"] = json!(loaded.config.partners);
    settings["sets"] = json!(rules.sets);
    settings["forecast"] = ahead::settings(&loaded.config, assigned);
    RunFacts {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        inputs: source.files(),
        checklists: checklist_records(assigned.iter().map(|assigned| assigned.checklist)),
        as_of: all_dates(assigned),
        settings,
    }
}

/// What results of other runs must know of this one.
fn identity(facts: &RunFacts, assigned: &[Assigned<'_>]) -> RunIdentity {
    let answers = assigned.iter().flat_map(|one| {
        one.as_of.iter().map(|as_of| (one.checklist.program.clone(), as_of.date())).collect::<Vec<_>>()
    });
    RunIdentity {
        run_id: facts.run_id(),
        tool_version: facts.tool_version.clone(),
        answers: answers.collect(),
        inputs: facts.inputs.len(),
    }
}

/// Every checklist that results stand on, each once: a forecast may ask a later version.
fn used<'c>(assigned: &[Assigned<'c>], ahead: &[&'c Checklist]) -> Vec<&'c Checklist> {
    let mut used: Vec<&Checklist> = assigned.iter().map(|assigned| assigned.checklist).collect();
    for checklist in ahead {
        if !used.iter().any(|known| std::ptr::eq(*known, *checklist)) {
            used.push(checklist);
        }
    }
    used
}

fn write_dimensions(
    prepared: &mut Prepared,
    history: &History,
    checklists: &[&Checklist],
    run: &RunIdentity,
) -> Result<(), CliError> {
    let requirements = history.with_earlier(&tables::DIM_REQUIREMENT, requirements::requirements(checklists))?;
    prepared.write(&tables::DIM_REQUIREMENT, &requirements)?;
    let readings = history.with_earlier(&tables::DIM_READING, requirements::readings(checklists))?;
    prepared.write(&tables::DIM_READING, &readings)?;
    prepared.write(&tables::DIM_RUN, &history.runs(run)?)?;
    Ok(())
}

fn write_results(
    prepared: &mut Prepared,
    evaluation: &Evaluation<'_>,
    assigned: &[Assigned<'_>],
    run_id: &str,
) -> Result<Vec<aceq_model::StatusRow>, CliError> {
    let statuses = assess::status_rows(evaluation, assigned);
    prepared.write(&tables::REQUIREMENT_STATUS, &rows::status_batch(&statuses, run_id))?;
    for (index, checklist) in assigned.iter().enumerate() {
        prepared.write(&tables::TIMELINES, &rows::timelines_batch(&evaluation.timeline_rows(index), run_id))?;
        for as_of in &checklist.as_of {
            let evidence: Vec<EvidenceRow> = evaluation.evidence(index, *as_of, None);
            let misses: Vec<NearMissRow> = evaluation.near_misses(index, *as_of, None);
            prepared.write(&tables::EVIDENCE, &rows::evidence_batch(&evidence, run_id))?;
            prepared.write(&tables::NEAR_MISSES, &rows::near_misses_batch(&misses, run_id))?;
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
