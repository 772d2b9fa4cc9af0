//! Files to one bucket, in memory: what the command does, without its spool, progress and settings.
//!
//! ```text
//!  discover ─▶ recognise ─▶ read ─▶ settle ─▶ fill the partner ─▶ resolve ─▶ Resolved bucket, balanced ledger
//! ```

use aceq_fuzzing::Everything;
use aceq_ingest::{IngestError, Mappings, Options, discover, read, recognise, settle};
use aceq_model::{
    Bucket, FileRecord, Finding, FindingAt, LedgerEntry, Position, Reject, RejectReason, TableId, TypedRows, bucket_of,
};
use aceq_resolve::{ProvenanceRow, Settings, resolve};
use arrow::array::{Array, AsArray, BooleanArray, RecordBatch, StringArray};
use arrow::compute::filter_record_batch;
use arrow::datatypes::Int64Type;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

/// Everything that came out of a folder.
pub struct Read {
    /// The canonical rows of all partners.
    pub bucket: Bucket,
    /// Where each file's records went, in the order of file names.
    pub ledger: Vec<LedgerEntry>,
    /// Rows and cells that could not be read.
    pub rejects: Vec<Reject>,
    /// Suspicious rows.
    pub findings: Vec<Finding>,
    /// Where columns come from that are not of the row's own file.
    pub provenance: Vec<ProvenanceRow>,
    /// Files that are no export, by name, with the reason.
    pub refused: BTreeMap<String, IngestError>,
}

/// Reads every file below `folder`.
///
/// # Panics
/// When the folder cannot be listed, or a step breaks its contract.
pub fn read_folder(folder: &Path) -> Read {
    let mut refused = BTreeMap::new();
    let mut files = Vec::new();
    let (mappings, options) = (Mappings::builtin(), Options::default());
    let found =
        discover(&[folder.to_owned()], &std::env::temp_dir(), &options.limits).expect("the folder can be listed");
    refused.extend(found.refused.into_iter().map(|refused| (refused.name, refused.error)));
    for input in found.inputs {
        let tables = match recognise(&input, mappings, &options) {
            Ok(known) => known.tables,
            Err(error) => {
                refused.insert(input.name, error);
                continue;
            }
        };
        for recognised in tables {
            let mut rows = Everything::default();
            match read(&input, &recognised, mappings, &options, &mut rows) {
                Ok((record, ledger)) => files.push(File { record: Arc::new(record), ledger, rows }),
                Err(error) => _ = refused.insert(input.name.clone(), error),
            }
        }
    }
    compare(files, refused)
}

/// The partners of a bucket, cut into buckets as a dataset would: each with its own rows alone.
///
/// # Panics
/// When a batch of the bucket has no partner column.
pub fn split(bucket: &Bucket, buckets: u32) -> Vec<Bucket> {
    let part = |number: u32| {
        let is_here = |partner: &str| bucket_of(partner, buckets) == number;
        let rows = |batch: &RecordBatch| {
            let partners = batch["partner_id"].as_string::<i32>();
            let mask: BooleanArray = partners.iter().map(|partner| Some(partner.is_some_and(is_here))).collect();
            filter_record_batch(batch, &mask).expect("the mask has the batch's length")
        };
        Bucket {
            partners: bucket.partners.iter().filter(|partner| is_here(partner)).cloned().collect(),
            tables: bucket.tables.iter().map(|(table, batch)| (*table, rows(batch))).collect(),
        }
    };
    (0..buckets).map(part).filter(|part| !part.partners.is_empty()).collect()
}

struct File {
    record: Arc<FileRecord>,
    ledger: LedgerEntry,
    rows: Everything,
}

fn compare(files: Vec<File>, refused: BTreeMap<String, IngestError>) -> Read {
    let partner = fallback(&files);
    let mut ledger: Vec<LedgerEntry> = files.iter().map(|file| file.ledger.clone()).collect();
    let mut rejects: Vec<Reject> = files.iter().flat_map(|file| file.rows.rejects.clone()).collect();
    let mut findings: Vec<Finding> = files.iter().flat_map(|file| file.rows.findings.clone()).collect();
    let (mut present, mut rows, mut hashes) = (BTreeSet::new(), Vec::new(), BTreeSet::new());
    for (file, entry) in files.into_iter().zip(&mut ledger) {
        if !hashes.insert((file.record.content_hash.clone(), file.record.sheet.clone())) {
            entry.superseded += std::mem::take(&mut entry.accepted);
            continue;
        }
        present.insert(file.record.table);
        for chunk in file.rows.chunks {
            let batch = settle(file.record.table, chunk, &file.record.decisions);
            let (typed, without_partner) = fill(&file.record, &batch, partner.as_deref());
            entry.accepted -= without_partner.len() as u64;
            entry.rejected += without_partner.len() as u64;
            rejects.extend(without_partner);
            rows.push(typed);
        }
    }
    let earlier: Vec<FindingAt<'_>> = findings.iter().map(Finding::at).collect();
    let resolved = resolve(&present, rows, &earlier, &Settings { default_partner: partner, ..Settings::default() });
    for ((file, sheet), moves) in &resolved.ledger {
        let entry = ledger.iter_mut().find(|entry| (&entry.file, &entry.sheet) == (file, sheet));
        let entry = entry.unwrap_or_else(|| panic!("no file {file} was given to resolve"));
        entry.accepted -= moves.merged + moves.superseded + moves.rejected;
        entry.merged += moves.merged;
        entry.superseded += moves.superseded;
        entry.rejected += moves.rejected;
    }
    rejects.extend(resolved.rejects);
    findings.extend(resolved.findings);
    Read { bucket: resolved.bucket, ledger, rejects, findings, provenance: resolved.provenance, refused }
}

/// The only partner of `partners`, else `self` where no file names a partner; `None` where none can be chosen.
fn fallback(files: &[File]) -> Option<String> {
    let named = |file: &File| -> Vec<String> {
        let texts = |batch: &RecordBatch| {
            batch["partner_id"].as_string::<i32>().iter().flatten().map(str::to_owned).collect::<Vec<_>>()
        };
        file.rows.chunks.iter().flat_map(texts).collect()
    };
    let anywhere = files.iter().any(|file| !named(file).is_empty());
    let partners: BTreeSet<String> =
        files.iter().filter(|file| file.record.table == TableId::Partners).flat_map(named).collect();
    match (partners.len(), anywhere) {
        (1, _) => partners.into_iter().next(),
        (0, false) => Some("self".to_owned()),
        _ => None,
    }
}

/// Fills blank partners; without a partner to fill in, such rows are rejects.
fn fill(file: &Arc<FileRecord>, batch: &RecordBatch, partner: Option<&str>) -> (TypedRows, Vec<Reject>) {
    let column = batch["partner_id"].as_string::<i32>();
    let typed = |batch| TypedRows { file: Arc::clone(file), batch };
    if let Some(partner) = partner {
        let filled: StringArray = column.iter().map(|cell| Some(cell.unwrap_or(partner))).collect();
        let index = batch.schema().index_of("partner_id").expect("typed rows have a partner column");
        let mut columns = batch.columns().to_vec();
        columns[index] = Arc::new(filled);
        return (typed(RecordBatch::try_new(batch.schema(), columns).expect("same type, same length")), Vec::new());
    }
    let lines = batch["source_line"].as_primitive::<Int64Type>();
    let blank = (0..column.len()).filter(|row| column.is_null(*row));
    let rejects = blank.map(|row| without_partner(file, lines.value(row))).collect();
    let known: BooleanArray = column.iter().map(|cell| Some(cell.is_some())).collect();
    (typed(filter_record_batch(batch, &known).expect("the mask has the batch's length")), rejects)
}

fn without_partner(file: &FileRecord, line: i64) -> Reject {
    Reject {
        position: Position {
            file: file.path.clone(),
            sheet: file.sheet.clone(),
            line: line.unsigned_abs(),
            byte: None,
        },
        column: None,
        raw: String::new(),
        reason: RejectReason::MissingPartner,
    }
}
