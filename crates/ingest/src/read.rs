//! Reads one file: blocks in file order, decoded side by side, handed on in order.

use crate::decode::{Decoded, decode};
use crate::evidence::{ColumnFinding, Evidence, Verdict, decide};
use crate::header::{ANY_INDEX, header_cell, with_any_index};
use crate::input::unreadable;
use crate::plan::{Kind, Plan};
use crate::recognise::FieldRole;
use crate::row::Pass;
use crate::snapshot::snapshot;
use crate::source::{Remarks, Source, open};
use crate::text::{Certainty, Detected, Doubt, prove};
use crate::{IngestError, Input, Mappings, Options, Recognised, SinkError};
use aceq_model::{FileRecord, Finding, FindingCode, LedgerEntry, Pages, Position, Reject, Sha256Hex, SnapshotSource};
use aceq_ordered::in_order;
use arrow::array::RecordBatch;
use std::collections::{BTreeMap, BTreeSet};

/// Typed rows of a part of a file.
///
/// The columns are those of [`aceq_model::Table::ingested_schema`]. A date column whose order is not stated is
/// followed by `<name>#day_first`, a money column by `<name>#comma`: the second readings that [`crate::settle`]
/// chooses from. All chunks of a file have the same schema.
#[derive(Clone, Debug)]
pub struct Chunk {
    /// The rows, in file order.
    pub batch: RecordBatch,
}

/// Takes what comes out of a file, in file order.
pub trait Sink {
    /// Takes rows. Chunks without rows are not handed on.
    ///
    /// # Errors
    /// A reason to stop reading.
    fn rows(&mut self, chunk: Chunk) -> Result<(), SinkError>;
    /// Takes rows and cells that could not be read. Rejects that depend on a whole column come after all others.
    ///
    /// # Errors
    /// A reason to stop reading.
    fn rejects(&mut self, rejects: Vec<Reject>) -> Result<(), SinkError>;
    /// Takes remarks. Those that depend on a whole column, and those about the file, come after all others.
    ///
    /// # Errors
    /// A reason to stop reading.
    fn findings(&mut self, findings: Vec<Finding>) -> Result<(), SinkError>;
    /// Forgets everything taken from the file that is being read: it turned out to be encoded in another way, and is
    /// read anew from its beginning.
    fn restart(&mut self);
    /// Learns how many bytes of the file were read so far.
    fn progress(&mut self, _bytes: u64) {}
}

/// Reads a file.
///
/// Memory stays within some blocks of [`Options::chunk_bytes`], however large the file. The rows, rejects, findings
/// and counts do not depend on the size of the blocks, nor on the number of threads.
///
/// # Errors
/// [`IngestError::Unreadable`] when the disk fails, [`IngestError::Sink`] when the sink stops,
/// [`IngestError::OtherHeader`] when two tables were put into one. Other bad data is no error.
pub fn read(
    input: &Input,
    recognised: &Recognised,
    mappings: &Mappings,
    options: &Options,
    sink: &mut dyn Sink,
) -> Result<(FileRecord, LedgerEntry), IngestError> {
    if let Some(done) = attempt(input, recognised, mappings, options, sink)? {
        return Ok(done);
    }
    sink.restart();
    let detected = prove(&input.path, options.encoding_of(input)).map_err(|source| unreadable(&input.path, source))?;
    let proved = Recognised { detected, encoding: Some(detected.encoding), ..recognised.clone() };
    let done = attempt(input, &proved, mappings, options, sink)?;
    done.ok_or_else(|| IngestError::Changed { file: input.name.clone() })
}

/// Reads a file under one encoding; `None` when that was UTF-8 so far, and is not.
fn attempt(
    input: &Input,
    recognised: &Recognised,
    mappings: &Mappings,
    options: &Options,
    sink: &mut dyn Sink,
) -> Result<Option<(FileRecord, LedgerEntry)>, IngestError> {
    let is_open = recognised.detected.certainty == Certainty::SoFar;
    let plan = Plan::new(recognised, mappings, options);
    let mut evidence: Vec<Evidence> = plan.columns.iter().map(Evidence::new).collect();
    let mut ledger =
        LedgerEntry { file: input.name.clone(), sheet: recognised.sheet.clone(), ..LedgerEntry::default() };
    let source = open(input, recognised, mappings, options)?;
    let remarks = source.remarks();
    let mut is_text = true;
    let done = run(source, &plan, Pass::First, &mut |decoded, bytes| {
        is_text &= decoded.is_text;
        if is_open && !is_text {
            return Ok(Next::Stop);
        }
        if let Some(line) = decoded.other_header {
            let (file, sheet) = (input.name.clone(), recognised.sheet.clone());
            return Err(IngestError::OtherHeader { position: Position { file, sheet, line, byte: None } });
        }
        count(&mut ledger, &decoded.counts);
        evidence.iter_mut().zip(&decoded.evidence).for_each(|(all, some)| all.merge(some));
        hand_on(decoded, bytes, input, sink).map(|()| Next::GoOn)
    })?;
    let Some((content_hash, bytes)) = done else { return Ok(None) };
    let verdict = decide(&plan, &evidence);
    if verdict.second_look {
        let source = open(input, recognised, mappings, options)?;
        run(source, &plan, Pass::Second(&verdict.decisions), &mut |decoded, _| {
            remark(decoded.rejects, decoded.findings, input, sink)?;
            Ok(Next::GoOn)
        })?;
    }
    remark(Vec::new(), file_findings(recognised, &plan, &verdict, remarks), input, sink)?;
    let record = file_record(input, recognised, options, &plan, verdict, content_hash, bytes);
    Ok(Some((FileRecord { pages: remarks.pages, ..record }, ledger)))
}

/// Whether to read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    GoOn,
    Stop,
}

/// Decodes every block of a source and gives the results, in order, to `take`. Returns the hash and size of the file,
/// nothing when `take` stops.
///
/// Three things go on at once: blocks are read, blocks are decoded, and what came out of them is handed on.
fn run(
    mut source: Box<dyn Source>,
    plan: &Plan<'_>,
    pass: Pass<'_>,
    take: &mut dyn FnMut(Decoded, u64) -> Result<Next, IngestError>,
) -> Result<Option<(Sha256Hex, u64)>, IngestError> {
    let ahead = rayon::current_num_threads().clamp(1, 16) * 2 + 2;
    let end = in_order(
        ahead,
        || Some((source.next_block().transpose()?, source.bytes())),
        |(block, bytes)| block.map(|block| (decode(plan, &*block, pass), bytes)),
        |decoded| match decoded.and_then(|(decoded, bytes)| take(decoded, bytes)) {
            Ok(Next::GoOn) => Ok(()),
            other => Err(other),
        },
    );
    match end {
        Ok(()) => {
            let bytes = source.bytes();
            Ok(Some((source.hash(), bytes)))
        }
        Err(early) => early.map(|_| None),
    }
}

fn count(ledger: &mut LedgerEntry, counts: &LedgerEntry) {
    ledger.decoded += counts.decoded;
    ledger.accepted += counts.accepted;
    ledger.rejected += counts.rejected;
    ledger.not_data += counts.not_data;
}

fn hand_on(decoded: Decoded, bytes: u64, input: &Input, sink: &mut dyn Sink) -> Result<(), IngestError> {
    if decoded.batch.num_rows() > 0 {
        sink.rows(Chunk { batch: decoded.batch }).map_err(|source| stopped(input, source))?;
    }
    remark(decoded.rejects, decoded.findings, input, sink)?;
    sink.progress(bytes);
    Ok(())
}

fn remark(rejects: Vec<Reject>, findings: Vec<Finding>, input: &Input, sink: &mut dyn Sink) -> Result<(), IngestError> {
    if !rejects.is_empty() {
        sink.rejects(rejects).map_err(|source| stopped(input, source))?;
    }
    if !findings.is_empty() {
        sink.findings(findings).map_err(|source| stopped(input, source))?;
    }
    Ok(())
}

fn stopped(input: &Input, source: SinkError) -> IngestError {
    IngestError::Sink { file: input.name.clone(), source }
}

/// Findings about the file and its columns: unknown headers, headers of one meaning, columns that prove nothing, and what
/// the format says of the table.
fn file_findings(recognised: &Recognised, plan: &Plan<'_>, verdict: &Verdict, remarks: Remarks) -> Vec<Finding> {
    let about = |column, code, detail| Finding {
        partner_id: String::new(),
        table: plan.table,
        position: Position { file: recognised.file.clone(), sheet: recognised.sheet.clone(), ..Position::default() },
        row_id: String::new(),
        column,
        code,
        detail,
    };
    let finding = |code, detail| about(None, code, detail);
    let of_table = |name: &str| plan.columns.iter().map(|column| column.name).find(|known| *known == name);
    let beside = recognised.beside.iter().map(|header| {
        let detail = format!("`{header}`: it stands once more behind a column without a header, as in another table");
        finding(FindingCode::UnmappedColumn, detail)
    });
    let unmapped = recognised.unmapped.iter().map(|header| {
        finding(FindingCode::UnmappedColumn, format!("`{header}`: mapping `{}` does not know it", recognised.mapping))
    });
    let duplicates = duplicate_headers(recognised).into_iter().map(|(column, headers)| {
        about(of_table(column), FindingCode::DuplicateColumn, format!("{column}: {} all mean it", headers.join(", ")))
    });
    let columns =
        verdict.findings.iter().map(|ColumnFinding { column, code }| about(Some(column), *code, advice(column, *code)));
    let Remarks { hidden_rows, is_cut_off, never_calculated, first_never_calculated: first, .. } = remarks;
    let hidden = (hidden_rows > 0).then(|| finding(FindingCode::HiddenRows, format!("{hidden_rows} of its rows")));
    let formulas = (never_calculated > 0).then(|| {
        finding(FindingCode::NeverCalculated, format!("{never_calculated} of its cells, the first on line {first}"))
    });
    let cut = is_cut_off.then(|| finding(FindingCode::CutOff, "the file ends within the table".to_owned()));
    let encoding = encoding_doubt(recognised.detected).map(|(code, detail)| finding(code, detail));
    unmapped
        .chain(beside)
        .chain(encoding)
        .chain(duplicates)
        .chain(columns)
        .chain(hidden)
        .chain(formulas)
        .chain(cut)
        .collect()
}

/// What makes the letters of a text doubtful.
fn encoding_doubt(detected: Detected) -> Option<(FindingCode, String)> {
    let read_as = detected.encoding.name();
    match detected.doubt {
        Doubt::Nothing => None,
        Doubt::Mixed => {
            let detail = "read as Windows-1252; letters written in UTF-8 look like `Ã¶`".to_owned();
            Some((FindingCode::MixedEncodings, detail))
        }
        Doubt::Likeness => {
            Some((FindingCode::UncertainEncoding, format!("read as {read_as}, which its letters look like")))
        }
        Doubt::MayBe(other) => {
            Some((FindingCode::UncertainEncoding, format!("read as {read_as}; its letters may be {other}")))
        }
    }
}

/// Columns whose header stands in the file more than once, with the headers in file order. Of two headers of one meaning,
/// which many exports have, it is told row by row where they disagree. The items of a list are one, and so are the parts of
/// a text.
fn duplicate_headers(recognised: &Recognised) -> BTreeMap<&str, Vec<String>> {
    let mut by_column: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let items = recognised.mapped.iter().filter(|field| field.role == FieldRole::Item);
    let lists: BTreeSet<(&str, String)> = items.map(|field| (&*field.column, list_name(&field.header))).collect();
    let mut told: BTreeSet<(&str, String)> = BTreeSet::new();
    for field in recognised.mapped.iter().filter(|field| !matches!(field.role, FieldRole::Part(1..))) {
        let name = (&*field.column, list_name(&field.header));
        if !lists.contains(&name) || told.insert(name.clone()) {
            by_column.entry(&field.column).or_default().push(format!("`{}`", name.1));
        }
    }
    for headers in by_column.values_mut() {
        let keys: Vec<String> = headers.iter().map(|header| header_cell(header).key).collect();
        let mut place = 0..;
        headers.retain(|_| place.next().is_some_and(|at| keys.iter().filter(|key| **key == keys[at]).count() > 1));
    }
    by_column.retain(|_, headers| headers.len() > 1);
    by_column
}

/// The header of a list without the places of its items.
fn list_name(header: &str) -> String {
    let name = with_any_index(header).replace(ANY_INDEX, "[*]");
    name.strip_suffix("[*]").unwrap_or(&name).to_owned()
}

fn advice(column: &str, code: FindingCode) -> String {
    match code {
        FindingCode::AmbiguousDates => {
            format!(
                "{column}: no date like 03/04/2026 has a number that tells day from month (or like 24/01/25, day from year); state the order with --date-order"
            )
        }
        FindingCode::InconsistentDates => {
            format!(
                "{column}: some dates can only be day-first, while others or the header say month-first, or their separators differ; export the file again, or, where only separators differ, state the order with --date-order"
            )
        }
        FindingCode::SwappedDates => format!(
            "{column}: no real date has a day over 12, and no date in text has one up to 12; export the file again, and do not open it in a spreadsheet"
        ),
        _ => format!("{column}: some amounts have a decimal comma, others a decimal point; correct the export"),
    }
}

fn file_record(
    input: &Input,
    recognised: &Recognised,
    options: &Options,
    plan: &Plan<'_>,
    verdict: Verdict,
    content_hash: Sha256Hex,
    bytes: u64,
) -> FileRecord {
    let known = snapshot(input, recognised, options);
    let floor = if verdict.newest.is_some() { SnapshotSource::Floor } else { SnapshotSource::Unknown };
    FileRecord {
        path: input.name.clone(),
        content_hash,
        bytes,
        sheet: recognised.sheet.clone(),
        format: recognised.format.name().to_owned(),
        table: plan.table,
        mapping: recognised.mapping.clone(),
        encoding: recognised.encoding.map(|encoding| encoding.name().to_owned()).unwrap_or_default(),
        delimiter: recognised.delimiter,
        header_line: recognised.header_line,
        present: present(plan),
        unmapped: recognised.unmapped.clone(),
        snapshot_date: known.map(|(date, _)| date),
        snapshot_source: known.map_or(floor, |(_, source)| source),
        floor: verdict.newest,
        decisions: verdict.decisions,
        pages: Pages::default(),
    }
}

/// Columns that the file has. What follows from other cells is there when those are.
fn present(plan: &Plan<'_>) -> BTreeSet<String> {
    let has_source = |test: &dyn Fn(&crate::plan::ColumnPlan<'_>) -> bool| {
        plan.columns.iter().any(|column| !column.sources.is_empty() && test(column))
    };
    let present = plan.columns.iter().filter(|column| match column.kind {
        Kind::Currency => !column.sources.is_empty() || has_source(&|other| matches!(other.kind, Kind::Money)),
        Kind::Masked => !column.sources.is_empty() || has_source(&|other| other.identity),
        _ => column.is_given(),
    });
    present.map(|column| column.name.to_owned()).collect()
}
