//! Values of Arrow arrays as the text that a cell would hold.

use super::shape::{Shape, items};
use crate::grid::Grid;
use arrow::array::{Array, ArrayRef, AsArray};
use arrow::compute::cast;
use arrow::datatypes::{
    DataType, Float32Type, Float64Type, TimeUnit, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use std::sync::Arc;

/// A column in a type of which each value has one text.
pub(super) struct Cells {
    array: ArrayRef,
}

impl Cells {
    pub fn new(array: &ArrayRef) -> Self {
        Self { array: plain(array) }
    }
}

/// Adds the fields of one row of a column.
pub(super) fn push_row(grid: &mut Grid, shape: &Shape, column: &Cells, row: usize) {
    push(grid, shape, &column.array, row);
}

fn push(grid: &mut Grid, shape: &Shape, array: &ArrayRef, row: usize) {
    if array.is_null(row) {
        return absent(grid, shape.width());
    }
    match shape {
        Shape::Leaf => grid.push(&text(array, row)),
        Shape::Structure(fields) => {
            for ((_, shape), column) in fields.iter().zip(array.as_struct().columns()) {
                push(grid, shape, &plain(&column.slice(row, 1)), 0);
            }
        }
        Shape::List(longest, item) => {
            let items = items(array, row).map_or_else(|| array.slice(0, 0), |items| plain(&items));
            match items.is_empty() {
                true => grid.push(""),
                false => grid.push_absent(),
            }
            (0..items.len()).for_each(|place| push(grid, item, &items, place));
            absent(grid, longest.saturating_sub(items.len()) * item.width());
        }
    }
}

fn absent(grid: &mut Grid, fields: usize) {
    (0..fields).for_each(|_| grid.push_absent());
}

/// Dictionaries become their values; moments lose the name of their zone, for they are in UTC whatever it says.
fn plain(array: &ArrayRef) -> ArrayRef {
    match array.data_type() {
        DataType::Dictionary(_, values) => {
            cast(array, values).map_or_else(|_| Arc::clone(array), |array| plain(&array))
        }
        DataType::Timestamp(unit, Some(_)) => in_utc(array, *unit),
        DataType::Float16 => cast(array, &DataType::Float32).unwrap_or_else(|_| Arc::clone(array)),
        _ => Arc::clone(array),
    }
}

fn in_utc(array: &ArrayRef, unit: TimeUnit) -> ArrayRef {
    match unit {
        TimeUnit::Second => {
            Arc::new(array.as_primitive::<TimestampSecondType>().clone().with_timezone_opt(None::<&str>))
        }
        TimeUnit::Millisecond => {
            Arc::new(array.as_primitive::<TimestampMillisecondType>().clone().with_timezone_opt(None::<&str>))
        }
        TimeUnit::Microsecond => {
            Arc::new(array.as_primitive::<TimestampMicrosecondType>().clone().with_timezone_opt(None::<&str>))
        }
        TimeUnit::Nanosecond => {
            Arc::new(array.as_primitive::<TimestampNanosecondType>().clone().with_timezone_opt(None::<&str>))
        }
    }
}

fn text(array: &ArrayRef, row: usize) -> String {
    match array.data_type() {
        DataType::Utf8 => array.as_string::<i32>().value(row).to_owned(),
        // Rust writes floats with the fewest digits that mean the same number, and never with an exponent.
        DataType::Float32 => array.as_primitive::<Float32Type>().value(row).to_string(),
        DataType::Float64 => array.as_primitive::<Float64Type>().value(row).to_string(),
        // Older writers do not say that their bytes are text.
        DataType::Binary => of_bytes(array.as_binary::<i32>().value(row)),
        DataType::LargeBinary => of_bytes(array.as_binary::<i64>().value(row)),
        DataType::BinaryView => of_bytes(array.as_binary_view().value(row)),
        DataType::FixedSizeBinary(_) => of_bytes(array.as_fixed_size_binary().value(row)),
        _ => {
            let options = FormatOptions::default();
            let formatter = ArrayFormatter::try_new(array, &options);
            formatter.map(|formatter| formatter.value(row).to_string()).unwrap_or_default()
        }
    }
}

fn of_bytes(bytes: &[u8]) -> String {
    let as_digits = |_| bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    std::str::from_utf8(bytes).map(str::to_owned).unwrap_or_else(as_digits)
}
