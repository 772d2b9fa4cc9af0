//! One value of a published table.

use aceq_model::{Cents, ColumnType, date_from_days};
use arrow::array::{Array, AsArray};
use arrow::datatypes::{Date32Type, Decimal128Type, Int32Type, Int64Type, TimestampMicrosecondType};
use chrono::{DateTime, NaiveDate, NaiveDateTime};
use std::borrow::Cow;

/// A value, in the form that every output starts from.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell<'a> {
    /// Unknown.
    Null,
    /// Text, or the items of a list.
    Text(Cow<'a, str>),
    /// TRUE or FALSE.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// Hundredths.
    Hundredths(i64),
    /// A day.
    Day(NaiveDate),
    /// An instant in UTC.
    Instant(NaiveDateTime),
}

impl<'a> Cell<'a> {
    /// The value of a column of this type in a row.
    pub(super) fn of(column: &'a dyn Array, ty: ColumnType, row: usize) -> Self {
        if column.is_null(row) {
            return Self::Null;
        }
        match ty {
            ColumnType::Text => Self::Text(Cow::Borrowed(column.as_string::<i32>().value(row))),
            ColumnType::Flag => Self::Flag(column.as_boolean().value(row)),
            ColumnType::Integer => Self::Whole(column.as_primitive::<Int32Type>().value(row).into()),
            ColumnType::Long => Self::Whole(column.as_primitive::<Int64Type>().value(row)),
            ColumnType::Decimal => {
                let hundredths = column.as_primitive::<Decimal128Type>().value(row);
                Self::Hundredths(i64::try_from(hundredths).expect("18 digits fit"))
            }
            ColumnType::Date => {
                let days = column.as_primitive::<Date32Type>().value(row);
                date_from_days(days).map_or_else(|| Self::Text(Cow::Owned(days.to_string())), Self::Day)
            }
            ColumnType::Timestamp => {
                let micros = column.as_primitive::<TimestampMicrosecondType>().value(row);
                let instant = DateTime::from_timestamp_micros(micros).map(|instant| instant.naive_utc());
                instant.map_or_else(|| Self::Text(Cow::Owned(micros.to_string())), Self::Instant)
            }
            ColumnType::TextList => {
                let items = column.as_list::<i32>().value(row);
                let items: Vec<&str> = items.as_string::<i32>().iter().flatten().collect();
                Self::Text(Cow::Owned(items.join("; ")))
            }
        }
    }

    /// The value as text; nothing for unknown.
    pub(super) fn plain(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Flag(true) => Cow::Borrowed("TRUE"),
            Self::Flag(false) => Cow::Borrowed("FALSE"),
            Self::Whole(number) => Cow::Owned(number.to_string()),
            Self::Hundredths(value) => Cow::Owned(Cents(*value).to_string()),
            Self::Day(day) => Cow::Owned(day.to_string()),
            Self::Instant(instant) => Cow::Owned(instant.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string()),
        }
    }
}
