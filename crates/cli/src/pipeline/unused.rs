//! Files that are read for the ledger and not used, and statements about files that are not there.

use super::Skipped;
use super::exports::ReadFile;
use crate::settings::Reading;
use aceq_ingest::is_called;
use aceq_model::FileRecord;
use aceq_store::{Findings, Rejects};
use std::collections::{BTreeMap, BTreeSet};

/// A file with the same content as another of the same day, or with a reason of its own, is read for the ledger and not
/// used. The same content on another day is a state of its own: things may have changed in between, and back. Without a
/// day it says nothing that a dated twin does not say.
pub(super) fn mark_unused(files: &mut [ReadFile], why_not: impl Fn(&FileRecord) -> Option<String>) -> Vec<Skipped> {
    let content = |record: &FileRecord| (record.content_hash.0.clone(), record.sheet.clone());
    let mut seen: BTreeMap<_, String> = BTreeMap::new();
    for file in files.iter().filter(|file| file.record.known_snapshot().is_some()) {
        seen.entry((content(&file.record), None)).or_insert_with(|| file.record.path.clone());
    }
    let mut skipped = Vec::new();
    for file in files {
        let record = &file.record;
        let identity = (content(record), record.known_snapshot());
        let twin = seen.get(&identity).map(|twin| format!("the same content as {twin}"));
        let why = twin.or_else(|| why_not(record));
        seen.entry(identity).or_insert_with(|| record.path.clone());
        file.unused = why.is_some();
        skipped.extend(why.map(|why| Skipped { name: record.path.clone(), why }));
    }
    skipped
}

/// What could not be read of such files, or was found of them, is told of the files that are used: one list of it is enough. In
/// the ledger their records are superseded, readable or not.
pub(super) fn forget_unused(files: &mut [ReadFile], rejects: &mut Rejects, findings: &mut Findings) {
    for file in files.iter_mut().filter(|file| file.unused) {
        file.ledger.superseded += std::mem::take(&mut file.ledger.rejected);
    }
    let unused = files.iter().filter(|file| file.unused).map(|file| (&*file.record.path, &*file.record.sheet));
    let unused: BTreeSet<(&str, &str)> = unused.collect();
    if !unused.is_empty() {
        rejects.retain(|file, sheet| !unused.contains(&(file, sheet)));
        findings.retain(|at| !unused.contains(&(at.file, at.sheet)));
    }
}

/// Whether a file lists the ids of partners beside their names and nothing else.
pub(super) fn is_list_of_names(record: &FileRecord) -> bool {
    record.mapping.starts_with("partner-names")
}

/// A list of names says who is who, and nothing about a partner: it replaces no list of theirs.
pub(super) fn only_names(files: &mut [ReadFile]) {
    files.iter_mut().filter(|file| is_list_of_names(&file.record)).for_each(|file| file.unused = true);
}

/// What the settings state of files that were not read.
pub(super) fn unused_statements(files: &[ReadFile], reading: &Reading) -> Vec<Skipped> {
    let days = reading.ingest.snapshot_dates.iter();
    let days = days.map(|(end, date)| (end, format!("the day {date} under [snapshots]")));
    let encodings = reading.ingest.encodings.iter();
    let encodings =
        encodings.map(|(end, encoding)| (end, format!("the encoding {} under [encodings]", encoding.name())));
    let programs = reading.ingest.assessment_programs.iter();
    let programs = programs.map(|(end, program)| (end, format!("the program {program} under [assessments]")));
    let references = reading.ingest.case_study_ids.iter();
    let references = references.map(|id| (&id.file, format!("`{}` under [case_studies]", id.header)));
    let of_text = |end: &str| files.iter().any(|file| file.record.format == "csv" && is_called(&file.record.path, end));
    let is_read = |end: &str| files.iter().any(|file| is_called(&file.record.path, end));
    let told =
        |name, kind: &str, end: &str| Skipped { name, why: format!("no {kind} that was read is called `{end}`") };
    let others = days.chain(programs).chain(references).filter(|(end, _)| !is_read(end));
    let others = others.map(|(end, name)| told(name, "file", end));
    let encodings = encodings.filter(|(end, _)| !of_text(end)).map(|(end, name)| told(name, "separated text", end));
    others.chain(encodings).collect()
}
