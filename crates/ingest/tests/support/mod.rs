//! Reads a file as a caller would, and keeps everything that comes out.

use aceq_ingest::{Chunk, IngestError, Input, Mappings, Options, Recognised, Sink, SinkError, read, recognise, settle};
use aceq_model::{FileRecord, Finding, LedgerEntry, Reject};
use arrow::array::RecordBatch;
use std::path::Path;

/// Everything that came out of a file.
pub struct Outcome {
    pub recognised: Recognised,
    pub file: FileRecord,
    pub ledger: LedgerEntry,
    pub batches: Vec<RecordBatch>,
    pub rejects: Vec<Reject>,
    pub findings: Vec<Finding>,
}

#[derive(Default)]
struct Everything {
    chunks: Vec<Chunk>,
    rejects: Vec<Reject>,
    findings: Vec<Finding>,
}

impl Sink for Everything {
    fn rows(&mut self, chunk: Chunk) -> Result<(), SinkError> {
        self.chunks.push(chunk);
        Ok(())
    }

    fn restart(&mut self) {
        *self = Self::default();
    }

    fn rejects(&mut self, rejects: Vec<Reject>) -> Result<(), SinkError> {
        self.rejects.extend(rejects);
        Ok(())
    }

    fn findings(&mut self, findings: Vec<Finding>) -> Result<(), SinkError> {
        self.findings.extend(findings);
        Ok(())
    }
}

/// Reads every table of the file at `path` under its bare name, and says why the others are not read.
pub fn outcomes(path: &Path, options: &Options) -> Result<(Vec<Outcome>, Vec<IngestError>), IngestError> {
    let input = Input::file(path);
    let mappings = Mappings::builtin();
    let tables = recognise(&input, mappings, options)?;
    let read_one = |recognised: Recognised| {
        let mut sink = Everything::default();
        let (file, ledger) = read(&input, &recognised, mappings, options, &mut sink)?;
        let batches = sink.chunks.into_iter().map(|chunk| settle(file.table, chunk.batch, &file.decisions)).collect();
        Ok(Outcome { recognised, file, ledger, batches, rejects: sink.rejects, findings: sink.findings })
    };
    let read_all: Result<Vec<Outcome>, IngestError> = tables.tables.into_iter().map(read_one).collect();
    Ok((read_all?, tables.others))
}
