//! Values of Arrow arrays as the text that a cell would hold.

use super::shape::{Shape, items};
use crate::grid::Grid;
use arrow::array::{Array, ArrayRef, AsArray, StringArray};
use arrow::compute::cast;
use arrow::datatypes::{
    ArrowTimestampType, DataType, Float32Type, Float64Type, TimeUnit, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType,
};
use arrow::util::display::{ArrayFormatter, FormatOptions};
use chrono::{FixedOffset, NaiveDateTime, TimeZone};
use chrono_tz::Tz;
use std::str::FromStr;
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

/// Dictionaries become their values; moments of a zone are texts that say its day and its offset.
fn plain(array: &ArrayRef) -> ArrayRef {
    match array.data_type() {
        DataType::Dictionary(_, values) => {
            cast(array, values).map_or_else(|_| Arc::clone(array), |array| plain(&array))
        }
        DataType::Timestamp(unit, Some(zone)) => in_zone(array, *unit, zone),
        DataType::Float16 => cast(array, &DataType::Float32).unwrap_or_else(|_| Arc::clone(array)),
        _ => Arc::clone(array),
    }
}

/// A moment is held in UTC; the day on which it was is that of its zone. Moments of UTC, or of a zone that nobody knows, are told as
/// they are held.
fn in_zone(array: &ArrayRef, unit: TimeUnit, zone: &str) -> ArrayRef {
    match unit {
        TimeUnit::Second => moments::<TimestampSecondType>(array, zone),
        TimeUnit::Millisecond => moments::<TimestampMillisecondType>(array, zone),
        TimeUnit::Microsecond => moments::<TimestampMicrosecondType>(array, zone),
        TimeUnit::Nanosecond => moments::<TimestampNanosecondType>(array, zone),
    }
}

fn moments<T: ArrowTimestampType>(array: &ArrayRef, zone: &str) -> ArrayRef {
    let values = array.as_primitive::<T>();
    let Some(zone) = Zone::named(zone) else { return Arc::new(values.clone().with_timezone_opt(None::<&str>)) };
    let texts = (0..values.len()).map(|row| {
        let moment = values.is_valid(row).then(|| values.value_as_datetime(row)).flatten()?;
        Some(zone.text(&moment))
    });
    Arc::new(texts.collect::<StringArray>())
}

/// A zone of time, other than UTC.
enum Zone {
    Fixed(FixedOffset),
    Place(Tz),
}

impl Zone {
    /// `Europe/Berlin`, `+02:00`, `+0200`.
    fn named(name: &str) -> Option<Self> {
        if let Ok(place) = name.parse::<Tz>() {
            return (place != Tz::UTC && place != Tz::Etc__UTC).then_some(Self::Place(place));
        }
        let offset = FixedOffset::from_str(name).ok()?;
        (offset.local_minus_utc() != 0).then_some(Self::Fixed(offset))
    }

    fn text(&self, moment: &NaiveDateTime) -> String {
        const FORM: &str = "%Y-%m-%dT%H:%M:%S%.f%:z";
        match self {
            Self::Fixed(offset) => offset.from_utc_datetime(moment).format(FORM).to_string(),
            Self::Place(place) => place.from_utc_datetime(moment).format(FORM).to_string(),
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
