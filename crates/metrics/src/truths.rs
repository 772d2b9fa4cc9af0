//! One polars select per table: every distinct condition of every rule, for all rows at once.

use crate::MetricsError;
use crate::handover::to_polars;
use crate::lower::lower;
use crate::plan::TablePlan;
use aceq_timeline::Truth;
use arrow::array::RecordBatch;
use polars::prelude::{DataFrame, IntoLazy, PolarsResult};

/// For each condition of the plan, its truth on each row.
pub(crate) fn truths(
    table: &'static str,
    plan: &TablePlan<'_>,
    batch: &RecordBatch,
) -> Result<Vec<Vec<Truth>>, MetricsError> {
    let rows = batch.num_rows();
    if rows == 0 || plan.predicates.is_empty() {
        return Ok(vec![Vec::new(); plan.predicates.len()]);
    }
    let mut columns = Vec::with_capacity(plan.columns.len());
    for column in &plan.columns {
        let array = batch
            .column_by_name(column.name)
            .filter(|array| *array.data_type() == column.ty.arrow())
            .ok_or(MetricsError::Schema { table, column: column.name })?;
        columns.push(to_polars(table, column, array)?);
    }
    select(plan, columns, rows).map_err(|source| MetricsError::Polars { table, source: Box::new(source) })
}

fn select(plan: &TablePlan<'_>, columns: Vec<polars::prelude::Column>, rows: usize) -> PolarsResult<Vec<Vec<Truth>>> {
    let named = |(index, predicate)| lower(predicate).alias(index_name(index));
    let expressions: Vec<_> = plan.predicates.iter().copied().enumerate().map(named).collect();
    let selected = DataFrame::new(rows, columns)?.lazy().select(expressions).collect()?;
    let column = |index| -> PolarsResult<Vec<Truth>> {
        let truths: Vec<Truth> = selected.column(&index_name(index))?.bool()?.iter().map(Truth::from).collect();
        // A condition without columns yields one value for all rows.
        Ok(if truths.len() == rows { truths } else { vec![truths[0]; rows] })
    };
    (0..plan.predicates.len()).map(column).collect()
}

fn index_name(index: usize) -> String {
    format!("condition {index}")
}

#[cfg(test)]
mod tests;
