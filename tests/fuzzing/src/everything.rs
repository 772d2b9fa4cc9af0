//! A sink that keeps all it is given.

use aceq_ingest::{Chunk, Sink, SinkError};
use aceq_model::{Finding, Reject};
use arrow::array::RecordBatch;

/// What came out of a table, before both readings of a column are settled.
#[derive(Clone, Debug, Default)]
pub struct Everything {
    /// Its rows, in file order.
    pub chunks: Vec<RecordBatch>,
    /// Rows and cells that could not be read.
    pub rejects: Vec<Reject>,
    /// Suspicious rows.
    pub findings: Vec<Finding>,
}

impl Sink for Everything {
    fn rows(&mut self, chunk: Chunk) -> Result<(), SinkError> {
        self.chunks.push(chunk.batch);
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
