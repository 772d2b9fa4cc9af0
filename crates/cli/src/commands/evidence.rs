//! `aceq evidence`: the rows that prove a requirement.

use super::export::{NewFile, tell_cuts};
use super::{Outcome, evaluate_each, tell_doubts, tell_skipped, tell_warnings};
use crate::args::{EvidenceArgs, EvidenceFormat, ToleranceArgs};
use crate::dates::today;
use crate::error::CliError;
use crate::pipeline::Source;
use crate::progress::Progress;
use crate::rules::{assign, library};
use crate::screen::Screen;
use crate::settings::Loaded;
use aceq_checklist::{Checklist, Requirement, Rule};
use aceq_metrics::Engine;
use aceq_model::{AsOf, EvidenceRow, tables};
use aceq_report::Format;
use aceq_report::export::SheetBook;
use std::path::Path;

/// Runs the command.
pub fn run(args: &EvidenceArgs, loaded: &Loaded, screen: &Screen) -> Result<Outcome, CliError> {
    let reading = loaded.reading(&args.input, ToleranceArgs::default())?;
    let as_of = application_date(args.as_of.as_deref())?;
    let rules = loaded.rules(&args.rules);
    let library = library(&rules)?;
    let assigned = assign(&library, std::slice::from_ref(&args.program), rules.version.as_deref(), &[as_of])?;
    let requirement = find_requirement(assigned[0].checklist, &args.requirement)?;
    check_reading(requirement, &args.reading)?;
    let source = Source::open(&reading, &std::env::temp_dir(), &Progress::new())?;
    tell_skipped(&source, screen);
    tell_warnings(&assigned, screen);
    let engine = Engine::new(vec![assigned[0].checklist]);
    if let Some(parts) = combined_parts(assigned[0].checklist, requirement) {
        screen.tell(&format!("note: {} combines {parts}: ask for the evidence of those", requirement.id));
    }
    let partners = loaded.partners(&args.partner);
    let mut rows = Vec::new();
    let quality = evaluate_each(&source, &engine, partners, |evaluation, _| {
        rows.extend(evaluation.evidence(0, as_of, Some(&requirement.id)));
        Ok(())
    })?;
    tell_doubts(&quality, screen);
    rows.retain(|row| row.reading == args.reading);
    rows.sort_by(|a, b| (&a.partner_id, &a.member, &a.unit).cmp(&(&b.partner_id, &b.member, &b.unit)));
    match (args.format, args.out.as_deref()) {
        (EvidenceFormat::Xlsx, Some(out)) => workbook(&rows, out, screen)?,
        (EvidenceFormat::Xlsx, None) => return Err(CliError::WorkbookNeedsOut),
        (EvidenceFormat::Csv, out) => hand_out(&aceq_report::evidence(&rows, Format::Csv, 0), out, screen)?,
        (EvidenceFormat::Table, out) => {
            hand_out(&aceq_report::evidence(&rows, Format::Table, screen.width), out, screen)?;
        }
    }
    Ok(Outcome::Done)
}

/// The list as text: to the file, else to stdout.
fn hand_out(text: &str, out: Option<&Path>, screen: &Screen) -> Result<(), CliError> {
    let Some(out) = out else { return screen.print(text) };
    NewFile::write_text(out, text)
}

/// The list as a workbook of one sheet, with the columns of the CSV.
fn workbook(rows: &[EvidenceRow], out: &Path, screen: &Screen) -> Result<(), CliError> {
    let batch = aceq_store::rows::evidence_batch(rows, "");
    let mut book = SheetBook::default();
    book.add::<CliError>("evidence", tables::EVIDENCE.answer_columns(), std::iter::once(Ok(batch)))?;
    let cuts = NewFile::at(out)?.write(|file| Ok(book.finish(file)?))?;
    tell_cuts(&cuts.cells, screen);
    Ok(())
}

/// The date that was typed, else today.
pub fn application_date(typed: Option<&str>) -> Result<AsOf, CliError> {
    typed.map_or_else(|| Ok(today()), |text| text.parse().map_err(CliError::AsOf))
}

/// The requirement that was named, whatever its case.
pub fn find_requirement<'c>(checklist: &'c Checklist, id: &str) -> Result<&'c Requirement, CliError> {
    let mut all = checklist.requirements.iter();
    all.find(|requirement| requirement.id.eq_ignore_ascii_case(id)).ok_or_else(|| CliError::UnknownRequirement {
        program: checklist.program.clone(),
        version: checklist.version.clone(),
        requirement: id.to_owned(),
        help: nearest(id, checklist.requirements.iter().map(|requirement| requirement.id.as_str())),
    })
}

/// The requirements that a combination stands for; it has no rows of its own.
fn combined_parts(checklist: &Checklist, requirement: &Requirement) -> Option<String> {
    let Rule::Combine(_, parts) = &requirement.rule else { return None };
    let ids: Vec<&str> = parts.iter().map(|part| checklist.requirements[*part].id.as_str()).collect();
    Some(ids.join(", "))
}

fn check_reading(requirement: &Requirement, reading: &str) -> Result<(), CliError> {
    let known: Vec<&str> = requirement.readings().map(|(name, _)| name).collect();
    if known.contains(&reading) {
        return Ok(());
    }
    let (requirement, reading) = (requirement.id.clone(), reading.to_owned());
    Err(CliError::UnknownReading { requirement, reading, help: known.join(", ") })
}

fn nearest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> String {
    let mut scored: Vec<(usize, &str)> =
        known.map(|id| (strsim::damerau_levenshtein(&word.to_uppercase(), &id.to_uppercase()), id)).collect();
    scored.sort_unstable();
    let near: Vec<&str> = scored.iter().take(3).map(|(_, id)| *id).collect();
    format!("nearest: {}; `aceq checklist show PROGRAM` lists all", near.join(", "))
}
