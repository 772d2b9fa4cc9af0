//! The opportunities as if every one had launched.

use crate::MetricsError;
use crate::engine::Engine;
use crate::plan::TablePlan;
use crate::view::TableView;
use aceq_model::{Bucket, TableId, stage_rank};
use arrow::array::{ArrayRef, Int32Array, RecordBatch, StringArray};
use std::sync::Arc;

/// Rank of the stage Launched.
const LAUNCHED_RANK: i32 = 5;

/// The opportunities of a bucket, as if every one had launched.
pub struct Launches {
    /// `None` where the bucket has no opportunities.
    pub(super) view: Option<TableView>,
    /// Whether each row is open.
    pub(super) open: Vec<bool>,
}

impl Engine<'_> {
    /// Judges the opportunities of a bucket as if each had launched.
    ///
    /// # Errors
    /// As [`Engine::evaluate`].
    pub fn as_if_launched(&self, bucket: &Bucket) -> Result<Launches, MetricsError> {
        let id = TableId::Opportunities;
        let Some(batch) = bucket.tables.get(&id) else { return Ok(Launches { view: None, open: Vec::new() }) };
        let (batch, open) = launched(batch)?;
        let empty = TablePlan::default();
        let plan = self.plan.table(id).unwrap_or(&empty);
        let counted = self.counted.iter().filter(|(table, _)| *table == id).map(|(_, column)| *column);
        Ok(Launches { view: Some(TableView::new(id, &batch, plan, counted, &bucket.partners)?), open })
    }
}

/// The batch with every row of known stage in stage Launched, and which rows are open.
fn launched(batch: &RecordBatch) -> Result<(RecordBatch, Vec<bool>), MetricsError> {
    let missing = |column| MetricsError::Schema { table: "opportunities", column };
    let stages = batch.column_by_name("stage").and_then(|column| column.as_any().downcast_ref::<StringArray>());
    let stages = stages.ok_or_else(|| missing("stage"))?;
    let is_open = |stage: Option<&str>| stage.and_then(stage_rank).is_some_and(|rank| rank < LAUNCHED_RANK);
    let open: Vec<bool> = stages.iter().map(is_open).collect();
    let stage: StringArray = stages.iter().map(|stage| stage.map(|_| "Launched")).collect();
    let mut columns = batch.columns().to_vec();
    let mut replace = |name: &'static str, column: ArrayRef| {
        let index = batch.schema().index_of(name).map_err(|_| missing(name))?;
        columns[index] = column;
        Ok::<(), MetricsError>(())
    };
    replace("stage", Arc::new(stage))?;
    for name in ["stage_rank", "furthest_stage_rank"] {
        let ranks = batch.column_by_name(name).and_then(|column| column.as_any().downcast_ref::<Int32Array>());
        let ranks = ranks.ok_or_else(|| missing(name))?;
        let ranks: Int32Array =
            ranks.iter().zip(stages).map(|(rank, stage)| stage.map_or(rank, |_| Some(LAUNCHED_RANK))).collect();
        replace(name, Arc::new(ranks))?;
    }
    let batch = RecordBatch::try_new(batch.schema(), columns).map_err(|_| missing("stage"))?;
    Ok((batch, open))
}

impl Launches {
    /// The table as if launched, where this row of it is an open opportunity.
    pub(crate) fn view_of(&self, table: TableId, row: usize) -> Option<&TableView> {
        self.view.as_ref().filter(|_| table == TableId::Opportunities && self.open[row])
    }
}
