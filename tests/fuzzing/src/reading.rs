//! A file read as a caller would, and all that comes out of it.

use crate::everything::Everything;
use aceq_ingest::{IngestError, Input, Limits, Mappings, Options, Recognised};
use aceq_ingest::{read, settle, write_rows};
use aceq_model::{FileRecord, Finding, LedgerEntry, Reject};
use arrow::array::RecordBatch;
use arrow::compute::concat_batches;

/// Everything that came out of a table. Equal, however the file was cut into blocks.
#[derive(Debug, PartialEq)]
pub(crate) struct Outcome {
    pub file: FileRecord,
    pub ledger: LedgerEntry,
    pub rows: RecordBatch,
    pub rejects: Vec<Reject>,
    pub findings: Vec<Finding>,
}

/// Limits at which a bomb is small, and blocks of so many bytes.
pub(crate) fn options(chunk_bytes: usize) -> Options {
    let limits = Limits {
        unpacked_bytes: 16 << 20,
        unpacked_ratio: 250,
        members: 50,
        document_bytes: 16 << 20,
        ..Limits::default()
    };
    Options { chunk_bytes, max_record_bytes: 4000, limits, ..Options::default() }
}

/// One table of a file.
pub(crate) fn outcome(
    input: &Input,
    recognised: &Recognised,
    mappings: &Mappings,
    options: &Options,
) -> Result<Outcome, IngestError> {
    let mut sink = Everything::default();
    let (file, ledger) = read(input, recognised, mappings, options, &mut sink)?;
    let batches: Vec<RecordBatch> =
        sink.chunks.into_iter().map(|chunk| settle(file.table, chunk, &file.decisions)).collect();
    let rows = concat_batches(&file.table.schema().ingested_schema(), &batches).expect("batches of one schema");
    Ok(Outcome { file, ledger, rows, rejects: sink.rejects, findings: sink.findings })
}

/// What is printed of a table, or why nothing is.
pub(crate) fn printed(
    input: &Input,
    sheet: Option<&str>,
    mappings: &Mappings,
    options: &Options,
) -> Result<Vec<u8>, IngestError> {
    let mut out = Vec::new();
    write_rows(input, sheet, mappings, options, &mut out).map(|()| out)
}
