//! Exports: recognised, read, spooled by partner bucket, and resolved bucket by bucket.

use super::corrections::{Corrections, FileRejects, Used};
use super::findings::{ByFile, findings_about, findings_by_file};
use super::gone::gone_from_lists;
use super::partner::{DefaultPartner, Named, fill, similar, unmatched};
use super::partner_names::PartnerNames;
use super::recognised::{NotRead, recognise_all};
use super::unused::{forget_unused, is_list_of_names, mark_unused, only_names, unused_statements};
use super::{Quality, Skipped};
use crate::error::CliError;
use crate::progress::Progress;
use crate::settings::{Reading, Tolerance};
use aceq_ingest::{Chunk, IngestError, Sink, SinkError, discover, read, settle};
use aceq_model::{
    Bucket, FileRecord, Finding, FindingAt, LedgerEntry, Position, Reject, TableId, TypedRows, bucket_of,
};
use aceq_ordered::in_order;
use aceq_resolve::{Correction, Moves, RowAddress, missing_pages, resolve, truncated_export};
use aceq_store::{Findings, Rejects, Spool, SpooledBuckets};
use arrow::array::{AsArray, RecordBatch};
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Input bytes per partner bucket: what one bucket's rows take in memory follows from it. Part of the layout of a
/// dataset, so it never depends on the machine.
const BYTES_PER_BUCKET: u64 = 24 << 20;

/// Buckets that are settled at a time, at most.
const SETTLED_AT_A_TIME: usize = 4;

/// Bytes of typed rows kept in memory before they are written to disk.
const SPOOL_BUDGET: usize = 48 << 20;

/// Bytes of what rejects quote, and of what findings say, kept in memory before they are written to disk.
const TEXTS_BUDGET: usize = 8 << 20;

/// One file that was read.
pub struct ReadFile {
    /// What is known about it.
    pub record: Arc<FileRecord>,
    pub(super) ledger: LedgerEntry,
    /// Another file has the same content, or it is newer than --known-at: its rows are not used.
    pub(super) unused: bool,
}

/// All exports, read.
pub struct Exports {
    /// Files in reading order; the spool names them by index.
    pub files: Vec<ReadFile>,
    /// Files that were not used.
    pub skipped: Vec<Skipped>,
    /// Pages without records that end a list.
    last_pages: Vec<String>,
    /// Number of partner buckets.
    pub buckets: u32,
    spool: SpooledBuckets,
    rejects: Rejects,
    findings: Findings,
    partner: DefaultPartner,
    partner_names: PartnerNames,
    settings: aceq_resolve::Settings,
    corrections: Corrections,
    /// Records that the user has rewritten, by the place of their file in `files`.
    rewritten: Vec<(usize, RecordBatch)>,
    tolerance: Tolerance,
    unmet: Unmet,
}

/// What a correction is that meets no row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Unmet {
    IsError,
    /// A past day is looked at, on which its row may not have been there.
    IsFine,
}

impl Exports {
    pub(super) fn read(reading: &Reading, scratch: &Path, progress: &Progress) -> Result<Self, CliError> {
        let found = discover(&reading.inputs, scratch, &reading.ingest.limits)?;
        let mut skipped = NotRead::default();
        found.refused.iter().for_each(|refused| skipped.add(&refused.name, &refused.error));
        let recognised = recognise_all(&found.inputs, reading, &mut skipped)?;
        let NotRead { mut skipped, unreadable, last_pages } = skipped;
        let mut corrections = Corrections::prepare(reading, &recognised)?;
        let mut rewritten = Vec::new();
        let bytes =
            recognised.iter().filter_map(|(input, _)| std::fs::metadata(&input.path).ok()).map(|m| m.len()).sum();
        let buckets = u32::try_from(bytes / BYTES_PER_BUCKET + 1).unwrap_or(u32::MAX).min(4096);
        progress.start(bytes);
        let mut collector = Collector {
            partner_names: PartnerNames::read(&recognised, reading)?,
            spool: Spool::new(scratch, SPOOL_BUDGET),
            buckets,
            file: 0,
            table: TableId::Opportunities,
            named: Vec::new(),
            rejects: Rejects::new(scratch, TEXTS_BUDGET),
            findings: Findings::new(scratch, TEXTS_BUDGET),
            before: (0, 0),
            progress,
        };
        collector.rejects.extend(unreadable)?;
        reading.tolerance.check(&[&collector.rejects])?;
        let mut files = Vec::new();
        let mut last_error = None;
        for (input, recognised) in &recognised {
            let index = files.len();
            collector.file = index as u32;
            collector.table = recognised.table;
            collector.named.push(Named::default());
            collector.before = (collector.rejects.len(), collector.findings.len());
            let read = read(input, recognised, &reading.mappings, &reading.ingest, &mut collector);
            let (record, mut ledger) = match read {
                Ok(read) => read,
                // In a folder a file that cannot be read is told like one that cannot be recognised.
                Err(error @ IngestError::OtherHeader { .. }) if !input.is_named() => {
                    collector.restart();
                    collector.named.pop();
                    let mut left_out = NotRead::default();
                    left_out.add(&input.name, &error);
                    collector.rejects.extend(left_out.unreadable)?;
                    skipped.extend(left_out.skipped);
                    reading.tolerance.check(&[&collector.rejects])?;
                    last_error = Some(error);
                    continue;
                }
                Err(error) => return Err(error.into()),
            };
            collector.rejects.sort_by_line(collector.before.0);
            let settled = FileRejects {
                input,
                recognised,
                record: &record,
                ledger: &mut ledger,
                rejects: &mut collector.rejects,
                first: collector.before.0,
                findings: &mut collector.findings,
            };
            for batch in corrections.settle(settled, reading)? {
                let batch = collector.partner_names.rename(&batch);
                collector.named[index].note(record.table, &batch);
                rewritten.push((index, batch));
            }
            reading.tolerance.check(&[&collector.rejects])?;
            files.push(ReadFile { record: Arc::new(record), ledger, unused: false });
        }
        progress.finish();
        if let (true, Some(error)) = (files.is_empty(), last_error) {
            return Err(error.into());
        }
        skipped.extend(unused_statements(&files, reading));
        skipped.extend(mark_unused(&mut files, |record| {
            let known_at = reading.known_at?;
            match (record.snapshot_date, record.floor) {
                (Some(date), _) => (date > known_at).then(|| format!("its snapshot, {date}, is later")),
                (None, Some(date)) => (date > known_at).then(|| format!("its newest modification, {date}, is later")),
                (None, None) => None,
            }
        }));
        only_names(&mut files);
        forget_unused(&mut files, &mut collector.rejects, &mut collector.findings);
        let mut named = Named::default();
        // Who is who is used, though no row of it is.
        let is_used = |file: &ReadFile| !file.unused || is_list_of_names(&file.record);
        let used = files.iter().zip(&collector.named).filter(|(file, _)| is_used(file));
        used.clone().for_each(|(_, names)| named.add(names));
        let gone = gone_from_lists(used.clone());
        let used = used.map(|(file, names)| (&*file.record, names));
        let unmatched = unmatched(used.clone(), reading.partner_id.as_deref());
        collector.findings.extend(similar(used).into_iter().chain(unmatched).chain(gone))?;
        let partner = named.fallback(reading.partner_id.as_deref());
        let mut settings = reading.resolve.clone();
        if let DefaultPartner::Known(id) = &partner {
            settings.default_partner = Some(id.clone());
        }
        corrections.hand_over(&mut settings);
        Ok(Self {
            files,
            skipped,
            last_pages,
            buckets,
            spool: collector.spool.finish()?,
            rejects: collector.rejects,
            findings: collector.findings,
            partner,
            partner_names: collector.partner_names,
            settings,
            corrections,
            rewritten,
            tolerance: reading.tolerance,
            unmet: Unmet::IsError,
        })
    }

    /// The files whose rows are used.
    pub(super) fn used_files(&self) -> impl Iterator<Item = &Arc<FileRecord>> {
        self.files.iter().filter(|file| !file.unused).map(|file| &file.record)
    }

    /// From now on only what was known on `day` is used: rows of dated exports up to it, and opportunities of no other.
    /// What the user states about rows that were not there yet says nothing.
    pub(super) fn replay(&mut self, day: NaiveDate) {
        mark_unused(&mut self.files, |record| {
            let later = record.snapshot_date.is_some_and(|date| date > day);
            let undated = record.table == TableId::Opportunities && record.known_snapshot().is_none();
            (later || undated).then(|| "not known yet".to_owned())
        });
        self.unmet = Unmet::IsFine;
    }

    /// Rejects and findings of reading, and each file's ledger.
    ///
    /// # Errors
    /// When findings have outgrown their memory and the disk fails.
    pub(super) fn file_quality(&self) -> Result<Quality, CliError> {
        let ledger = self.files.iter().map(|file| (file.record.table, file.ledger.clone())).collect();
        let whole = |file: &&ReadFile| Moves { superseded: file.ledger.accepted, ..Moves::default() };
        let place = |file: &&ReadFile| (file.ledger.file.clone(), file.ledger.sheet.clone());
        let unused = self.files.iter().filter(|file| file.unused);
        let used = self.files.iter().filter(|file| !file.unused);
        let truncated = used.clone().filter_map(|file| truncated_export(&file.record, &file.ledger));
        let truncated = truncated.chain(missing_pages(used.map(|file| &*file.record), &self.last_pages));
        let mut findings = self.findings.clone();
        // A finding about a row of a file without a partner column is about the default partner.
        findings.assign(|partner, of_row| match (&self.partner, self.partner_names.id(partner)) {
            (DefaultPartner::Known(id), named) if named.is_empty() && of_row => id.clone(),
            (_, named) => named.into_owned(),
        });
        findings.extend(truncated)?;
        Ok(Quality {
            rejects: self.rejects.clone(),
            findings,
            ledger,
            moves: unused.map(|file| (place(&file), whole(&file))).collect(),
            ..Quality::default()
        })
    }

    pub(super) fn for_each_prepared<T: Send>(
        &self,
        prepare: impl Fn(Bucket, &mut Quality) -> Result<T, CliError> + Sync,
        mut use_prepared: impl FnMut(T, Quality) -> Result<(), CliError>,
    ) -> Result<(), CliError> {
        let present: BTreeSet<TableId> =
            self.files.iter().filter(|file| !file.unused).map(|file| file.record.table).collect();
        let by_file = findings_by_file(&self.findings);
        let mut met = Met::default();
        let mut numbers = self.bucket_numbers().into_iter();
        // While some buckets are used, in order, on this thread, the next ones are settled by the others. What uses them
        // may run queries of its own, so it never runs inside a task.
        in_order(
            rayon::current_num_threads().clamp(1, SETTLED_AT_A_TIME) + 1,
            || numbers.next(),
            |bucket| {
                let (bucket, mut quality) = self.settle(bucket, &present, &by_file)?;
                Ok((prepare(bucket, &mut quality)?, quality))
            },
            |prepared: Result<_, CliError>| {
                let (prepared, mut quality) = prepared?;
                met.add(&mut quality, self.tolerance)?;
                self.tolerance.check(&[&self.rejects, &met.rejects])?;
                use_prepared(prepared, quality)
            },
        )?;
        match self.unmet {
            Unmet::IsError => {
                self.corrections.check(&self.settings, &met.used, |correction| self.is_told_of_twin(correction))
            }
            Unmet::IsFine => Ok(()),
        }
    }

    /// Whether a correction of a record is stated of the same record of a file with the same content as well.
    fn is_told_of_twin(&self, correction: &Correction) -> bool {
        let RowAddress::At { file, sheet, line } = &correction.row else { return false };
        let Some(own) = self.files.iter().find(|own| own.record.path == *file && own.record.sheet == *sheet) else {
            return false;
        };
        let is_twin = |path: &str| {
            let same = |other: &&ReadFile| other.record.path == path && other.record.sheet == *sheet && !other.unused;
            let twin = self.files.iter().find(same);
            twin.is_some_and(|twin| twin.record.content_hash == own.record.content_hash)
        };
        let says_the_same = |other: &Correction| match &other.row {
            RowAddress::At { file: path, line: there, .. } => {
                there == line && other.scope == correction.scope && other.change == correction.change && is_twin(path)
            }
            RowAddress::Id(_) => false,
        };
        own.unused && self.settings.corrections.iter().any(says_the_same)
    }

    /// The canonical rows of a bucket.
    fn settle(&self, bucket: u32, present: &BTreeSet<TableId>, by_file: &ByFile<'_>) -> Settled {
        let mut rejects = Vec::new();
        let rows = self.rows(bucket, &mut rejects)?;
        let findings: Vec<FindingAt<'_>> = rows.iter().flat_map(|rows| findings_about(rows, by_file)).collect();
        let mut resolved = resolve(present, rows, &findings, &self.settings);
        self.name_somebody(&mut resolved.bucket);
        let mut moves = resolved.ledger;
        for reject in &rejects {
            let Position { file, sheet, .. } = reject.position.clone();
            moves.entry((file, sheet)).or_default().rejected += 1;
        }
        let mut quality = Quality {
            moves,
            links: resolved.links,
            provenance: resolved.provenance,
            stage_history: resolved.stage_history,
            settled: resolved.settled.into_iter().collect(),
            used: Used {
                rows: resolved.corrections_used,
                contradicting: resolved.corrections_contradicting,
                ambiguous: resolved.corrections_ambiguous,
                statements: resolved.statements_used,
            },
            ..Quality::default()
        };
        quality.rejects.extend(rejects.into_iter().chain(resolved.rejects))?;
        quality.findings.extend(resolved.findings)?;
        Ok((resolved.bucket, quality))
    }

    /// Files without rows still ask about somebody: the default partner, who has none of anything.
    fn name_somebody(&self, bucket: &mut Bucket) {
        let nobody = self.files.iter().all(|file| file.ledger.accepted == 0);
        if let (true, DefaultPartner::Known(id)) = (nobody && bucket.partners.is_empty(), &self.partner) {
            bucket.partners.push(id.clone());
        }
    }

    /// Buckets with rows, and that of the default partner where rows wait for it; at least one, so that tables
    /// without rows are known to be there.
    fn bucket_numbers(&self) -> BTreeSet<u32> {
        let mut numbers: BTreeSet<u32> = self.spool.buckets().into_iter().collect();
        if numbers.remove(&self.buckets) || numbers.is_empty() {
            numbers.insert(self.waiting_bucket());
        }
        numbers.extend(self.rewritten.iter().map(|(_, batch)| self.bucket_of_record(batch)));
        numbers
    }

    /// The bucket in which rows without a partner are settled.
    fn waiting_bucket(&self) -> u32 {
        match &self.partner {
            DefaultPartner::Known(id) => bucket_of(id, self.buckets),
            DefaultPartner::Undecided => 0,
        }
    }

    fn rows(&self, bucket: u32, rejects: &mut Vec<Reject>) -> Result<Vec<TypedRows>, CliError> {
        let is_waiting = bucket == self.waiting_bucket();
        let mut rows = if is_waiting { self.empty_files() } else { Vec::new() };
        let waiting = is_waiting.then_some(self.buckets);
        for number in std::iter::once(bucket).chain(waiting) {
            for spooled in self.spool.bucket(number) {
                let spooled = spooled?;
                let file = &self.files[spooled.file as usize];
                if file.unused {
                    continue;
                }
                for batch in spooled.batches {
                    let batch = settle(spooled.table, batch, &file.record.decisions);
                    let (typed, refused) = fill(&file.record, batch, &self.partner);
                    rows.push(typed);
                    rejects.extend(refused);
                }
            }
        }
        for (file, batch) in &self.rewritten {
            let file = &self.files[*file];
            if !file.unused && self.bucket_of_record(batch) == bucket {
                let (typed, refused) = fill(&file.record, batch.clone(), &self.partner);
                rows.push(typed);
                rejects.extend(refused);
            }
        }
        Ok(rows)
    }

    /// The bucket of a single rewritten record.
    fn bucket_of_record(&self, batch: &RecordBatch) -> u32 {
        let partner = batch["partner_id"].as_string::<i32>().iter().flatten().next();
        partner.map_or_else(|| self.waiting_bucket(), |partner| bucket_of(partner, self.buckets))
    }
}

impl Exports {
    /// Files without rows: of the default partner they say "none", which replaces what an older roster said.
    fn empty_files(&self) -> Vec<TypedRows> {
        let empty = self.files.iter().filter(|file| !file.unused && file.ledger.accepted == 0);
        let typed = |file: &ReadFile| TypedRows {
            file: Arc::clone(&file.record),
            batch: RecordBatch::new_empty(file.record.table.schema().ingested_schema()),
        };
        empty.map(typed).collect()
    }
}

/// A bucket's rows, and what was noticed about them.
type Settled = Result<(Bucket, Quality), CliError>;

/// What the buckets met so far: which corrections, and rejects where their number matters.
#[derive(Default)]
struct Met {
    used: Used,
    rejects: Rejects,
}

impl Met {
    fn add(&mut self, quality: &mut Quality, tolerance: Tolerance) -> Result<(), CliError> {
        self.used.add(std::mem::take(&mut quality.used));
        if tolerance != Tolerance::Any {
            self.rejects.append(&quality.rejects)?;
        }
        Ok(())
    }
}

/// Takes what the reader delivers.
struct Collector<'p> {
    partner_names: PartnerNames,
    spool: Spool,
    buckets: u32,
    file: u32,
    table: TableId,
    /// Per file that was begun.
    named: Vec<Named>,
    rejects: Rejects,
    findings: Findings,
    /// How many rejects and findings there were before this file.
    before: (usize, usize),
    progress: &'p Progress,
}

impl Collector<'_> {
    fn push(&mut self, batch: &RecordBatch) -> Result<(), aceq_store::StoreError> {
        let batch = self.partner_names.rename(batch);
        self.named[self.file as usize].note(self.table, &batch);
        // Rows without a partner wait in a bucket of their own until the default partner is known.
        self.spool.push_rows(self.file, self.table, batch, self.buckets)
    }
}

impl Sink for Collector<'_> {
    fn restart(&mut self) {
        self.spool.forget(self.file);
        self.named[self.file as usize] = Named::default();
        self.rejects.truncate(self.before.0);
        self.findings.truncate(self.before.1);
    }

    fn rows(&mut self, chunk: Chunk) -> Result<(), SinkError> {
        self.push(&chunk.batch).map_err(SinkError::new)
    }

    fn rejects(&mut self, rejects: Vec<Reject>) -> Result<(), SinkError> {
        self.rejects.extend(rejects).map_err(SinkError::new)
    }

    fn findings(&mut self, findings: Vec<Finding>) -> Result<(), SinkError> {
        self.findings.extend(findings).map_err(SinkError::new)
    }

    fn progress(&mut self, bytes: u64) {
        self.progress.advance(bytes);
    }
}
