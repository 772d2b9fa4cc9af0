//! The end of the wait: of two readings of a column the one that the whole column supports.

use crate::column::{NO_READING, SERIAL};
use crate::plan::{COMMA, DAY_FIRST};
use aceq_model::{DateOrder, FileDecisions, TableId};
use arrow::array::{
    Array, ArrayRef, AsArray, Date32Array, Decimal128Array, PrimitiveArray, RecordBatch, TimestampMicrosecondArray,
    new_null_array,
};
use arrow::datatypes::{ArrowPrimitiveType, DataType, Date32Type, Decimal128Type, TimestampMicrosecondType};
use std::sync::Arc;

/// Chooses the readings of a chunk of a file whose decisions are known, and drops the others.
///
/// The result has exactly the columns of [`aceq_model::Table::ingested_schema`].
///
/// # Panics
/// When the batch is no [`crate::Chunk`] of a file of `table`.
pub fn settle(table: TableId, batch: RecordBatch, decisions: &FileDecisions) -> RecordBatch {
    let schema = table.schema().ingested_schema();
    let column = |name: &str| batch.column_by_name(name).expect("a chunk holds every ingested column");
    let settled = schema.fields().iter().map(|field| {
        let name = field.name();
        let first = column(name);
        let second = |suffix: &str| batch.column_by_name(&format!("{name}{suffix}"));
        match (second(DAY_FIRST), second(COMMA)) {
            (Some(day_first), _) => dates(first, day_first, decisions.date_orders.get(name.as_str()).copied()),
            (_, Some(comma)) => amounts(first, comma, decisions.decimal_commas.get(name.as_str()).copied()),
            // The header states an order that the cells refute.
            (None, None) if decisions.date_orders.get(name.as_str()) == Some(&None) => {
                new_null_array(first.data_type(), first.len())
            }
            (None, None) => Arc::clone(first),
        }
    });
    let columns: Vec<ArrayRef> = settled.collect();
    RecordBatch::try_new(schema, columns).expect("readings have the type of their column")
}

fn dates(first: &ArrayRef, day_first: &ArrayRef, order: Option<Option<DateOrder>>) -> ArrayRef {
    // Nothing was open: at most plain dates, or nothing but serials.
    let Some(order) = order else { return Arc::clone(first) };
    if day_first.null_count() == day_first.len() {
        return Arc::clone(first);
    }
    match first.data_type() {
        DataType::Date32 => {
            let chosen: Date32Array = choose::<Date32Type>(first, day_first, |plain, other| {
                date(plain.map(i64::from), widened(other), order).and_then(|days| i32::try_from(days).ok())
            });
            Arc::new(chosen)
        }
        _ => {
            let chosen: TimestampMicrosecondArray =
                choose::<TimestampMicrosecondType>(first, day_first, |plain, other| date(plain, other, order));
            Arc::new(chosen.with_data_type(first.data_type().clone()))
        }
    }
}

/// Days, with the sentinels in their 64-bit form.
fn widened(days: i32) -> i64 {
    match days {
        i32::MIN => NO_READING,
        i32::MAX => SERIAL,
        days => days.into(),
    }
}

/// The value of a cell that has a second reading.
fn date(month_first: Option<i64>, day_first: i64, order: Option<DateOrder>) -> Option<i64> {
    match (day_first, order) {
        (SERIAL, _) | (_, None) => None,
        (_, Some(DateOrder::MonthFirst)) => month_first,
        (NO_READING, Some(DateOrder::DayFirst)) => None,
        (other, Some(DateOrder::DayFirst)) => Some(other),
    }
}

fn amounts(first: &ArrayRef, comma: &ArrayRef, decided: Option<Option<bool>>) -> ArrayRef {
    if comma.null_count() == comma.len() || matches!(decided, None | Some(Some(false))) {
        return Arc::clone(first);
    }
    let chosen: Decimal128Array =
        choose::<Decimal128Type>(first, comma, |_, other| decided.flatten().filter(|comma| *comma).map(|_| other));
    Arc::new(chosen.with_data_type(first.data_type().clone()))
}

/// Keeps `first` where there is no second reading, else takes what `pick` says.
fn choose<T: ArrowPrimitiveType>(
    first: &ArrayRef,
    second: &ArrayRef,
    pick: impl Fn(Option<T::Native>, T::Native) -> Option<T::Native>,
) -> PrimitiveArray<T> {
    let (first, second) = (first.as_primitive::<T>(), second.as_primitive::<T>());
    first.iter().zip(second.iter()).map(|(first, second)| second.map_or(first, |second| pick(first, second))).collect()
}
