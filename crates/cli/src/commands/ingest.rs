//! `aceq ingest`: exports become a published dataset.

use super::assess::noticed;
use super::{Outcome, tell_skipped};
use crate::args::{IngestArgs, IngestFailOn};
use crate::error::CliError;
use crate::pipeline::{Quality, Source};
use crate::progress::Progress;
use crate::screen::Screen;
use crate::settings::{Loaded, Reading, settings_json};
use aceq_model::{AsOf, Bucket, tables};
use aceq_report::{ledger_summary, rejects_csv, rejects_csv_header};
use aceq_store::{BucketEncoder, ChecklistRecord, EncodedBucket, Prepared, Published, RunFacts, rows};
use serde_json::{Value, json};
use std::path::Path;

/// Runs the command.
pub fn run(args: &IngestArgs, loaded: &Loaded, screen: &Screen) -> Result<Outcome, CliError> {
    let reading = loaded.reading(&args.input, args.tolerance)?;
    Prepared::check_target(&args.out)?;
    let source = Source::open_exports(&reading, scratch_folder(&args.out), &Progress::new())?;
    tell_skipped(&source, screen);
    let mut prepared = Prepared::create(&args.out, source.buckets())?;
    prepared.set_fiscal_year(reading.fiscal_year);
    let mut quality = source.file_quality()?;
    let encoder = prepared.encoder();
    source.for_each_prepared(
        |bucket, noticed| encoded(&encoder, &bucket, noticed),
        |encoded, noticed| {
            quality.add(noticed)?;
            Ok(prepared.write_encoded(encoded)?)
        },
    )?;
    quality.settle()?;
    write_quality(&mut prepared, &quality)?;
    let facts = RunFacts {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        inputs: source.files(),
        checklists: Vec::new(),
        as_of: Vec::new(),
        settings: settings_json(&reading),
    };
    let published = prepared.publish(facts, &run_json(&reading))?;
    screen.tell(ledger_summary(&quality.ledger, screen.width).trim_end());
    screen.tell(&noticed(&quality, screen.width));
    screen.print(&summary(&published, &args.out))?;
    Ok(outcome(&args.fail_on, &quality))
}

/// Spills go beside the output: its disk has room for the dataset, so it has room for them.
pub fn scratch_folder(out: &Path) -> &Path {
    out.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// A bucket as it will be published. What it tells about stages is not kept: a history is as long as its opportunities
/// are many.
pub fn encoded(encoder: &BucketEncoder, bucket: &Bucket, noticed: &mut Quality) -> Result<EncodedBucket, CliError> {
    Ok(encoder.encode(bucket, noticed.stage_history.take().as_ref())?)
}

/// Publishes the quality tables.
pub fn write_quality(prepared: &mut Prepared, quality: &Quality) -> Result<(), CliError> {
    prepared.write(&tables::REJECTS, &Bucket::empty_batch(&tables::REJECTS))?;
    quality.rejects.for_each_some(|some| prepared.write(&tables::REJECTS, &rows::rejects_batch(some)))?;
    prepared.write_beside(&tables::REJECTS, "csv", |write| {
        write(&rejects_csv_header())?;
        quality.rejects.for_each_some(|some| write(&rejects_csv(some)))
    })?;
    prepared.write(&tables::FINDINGS, &Bucket::empty_batch(&tables::FINDINGS))?;
    quality.findings.for_each_some(|some| prepared.write(&tables::FINDINGS, &rows::findings_batch(&some)))?;
    prepared.write(&tables::LEDGER, &rows::ledger_batch(&quality.ledger))?;
    let links = &quality.links;
    let links = rows::Columns::of(&tables::CUSTOMER_LINKS)
        .text("partner_id", links.iter().map(|link| link.partner_id.as_ref()))
        .text("customer_key", links.iter().map(|link| link.customer_key.as_ref()))
        .text("strength", links.iter().map(|link| link.strength))
        .text("evidence", links.iter().map(|link| link.evidence))
        .text("value", links.iter().map(|link| link.value.as_str()))
        .text("left_name", links.iter().map(|link| link.left_name.as_str()))
        .text("right_name", links.iter().map(|link| link.right_name.as_str()))
        .finish();
    prepared.write(&tables::CUSTOMER_LINKS, &links)?;
    let provenance = &quality.provenance;
    let provenance = rows::Columns::of(&tables::PROVENANCE)
        .text("partner_id", provenance.iter().map(|row| row.partner_id.as_ref()))
        .text("table", provenance.iter().map(|row| row.table))
        .text("row_id", provenance.iter().map(|row| row.row_id.as_ref()))
        .text("column_name", provenance.iter().map(|row| row.column_name))
        .text("source_file", provenance.iter().map(|row| row.source_file.as_ref()))
        .text("source_sheet", provenance.iter().map(|row| row.source_sheet.as_ref()))
        .long("source_line", provenance.iter().map(|row| row.source_line))
        .finish();
    prepared.write(&tables::PROVENANCE, &provenance)?;
    Ok(())
}

/// What belongs to this run and not to the dataset: where it ran, when, with how many threads.
pub fn run_json(reading: &Reading) -> Value {
    json!({
        "finished_on": crate::dates::today().to_string(),
        "threads": rayon::current_num_threads(),
        "inputs": reading.inputs.iter().map(|path| path.display().to_string()).collect::<Vec<_>>(),
    })
}

/// The checklists of a run, as the manifest records them.
pub fn checklist_records<'c>(checklists: impl Iterator<Item = &'c aceq_checklist::Checklist>) -> Vec<ChecklistRecord> {
    let record = |checklist: &aceq_checklist::Checklist| ChecklistRecord {
        program: checklist.program.clone(),
        version: checklist.version.clone(),
        rules_hash: aceq_model::Sha256Hex(checklist.content_hash.clone()),
    };
    checklists.map(record).collect()
}

/// One line about what was published.
pub fn summary(published: &Published, out: &Path) -> String {
    let tables = &published.manifest.tables;
    let rows: u64 = tables.values().map(|table| table.rows).sum();
    let run_id = &published.manifest.run_id.0[..12];
    format!("published {}: {} tables, {rows} rows, run {run_id}\n", out.display(), tables.len())
}

fn outcome(fail_on: &[IngestFailOn], quality: &Quality) -> Outcome {
    let found = |kind: &IngestFailOn| match kind {
        IngestFailOn::Rejects => !quality.rejects.is_empty(),
        IngestFailOn::Findings => !quality.findings.is_empty(),
    };
    if fail_on.iter().any(found) { Outcome::Failed } else { Outcome::Done }
}

/// The dates of a run, for the manifest.
pub fn all_dates(assigned: &[crate::rules::Assigned<'_>]) -> Vec<AsOf> {
    let mut dates: Vec<AsOf> = assigned.iter().flat_map(|assigned| assigned.as_of.iter().copied()).collect();
    dates.sort();
    dates.dedup();
    dates
}
