//! Arrow builders behind one face.

use aceq_model::{Cents, ColumnType, days_from_date};
use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int32Builder, ListBuilder, NullBufferBuilder,
    StringArray, StringBuilder, TimestampMicrosecondBuilder, new_null_array,
};
use arrow::buffer::{Buffer, OffsetBuffer, ScalarBuffer};
use arrow::datatypes::{DataType, Field};
use chrono::NaiveDateTime;
use std::sync::Arc;

/// In the second column of an open date: a slash date without a day-first reading.
pub(crate) const NO_READING: i64 = i64::MIN;
/// In the second column of an open date: a bare number, a day only where the whole column holds such.
pub(crate) const SERIAL: i64 = i64::MAX;

/// Values of one Arrow type.
pub(super) enum Values {
    /// The file has no such column.
    Absent,
    Text(Texts),
    Flag(BooleanBuilder),
    Integer(Int32Builder),
    Decimal(Decimal128Builder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
    List(ListBuilder<StringBuilder>),
}

impl Values {
    pub(super) fn new(ty: ColumnType) -> Self {
        match ty {
            ColumnType::Text => Self::Text(Texts::new()),
            ColumnType::Flag => Self::Flag(BooleanBuilder::new()),
            ColumnType::Integer | ColumnType::Long => Self::Integer(Int32Builder::new()),
            ColumnType::Decimal => Self::Decimal(Decimal128Builder::new().with_data_type(ty.arrow())),
            ColumnType::Date => Self::Date(Date32Builder::new()),
            ColumnType::Timestamp => Self::Timestamp(TimestampMicrosecondBuilder::new().with_data_type(ty.arrow())),
            ColumnType::TextList => {
                let item = Field::new("item", DataType::Utf8, false);
                Self::List(ListBuilder::new(StringBuilder::new()).with_field(item))
            }
        }
    }

    #[inline]
    pub(super) fn null(&mut self) {
        match self {
            Self::Absent => {}
            Self::Text(values) => values.append(None),
            Self::Flag(values) => values.append_null(),
            Self::Integer(values) => values.append_null(),
            Self::Decimal(values) => values.append_null(),
            Self::Date(values) => values.append_null(),
            Self::Timestamp(values) => values.append_null(),
            Self::List(values) => values.append_null(),
        }
    }

    #[inline]
    pub(super) fn text(&mut self, text: &str) {
        if let Self::Text(values) = self {
            values.append(Some(text));
        }
    }

    #[inline]
    pub(super) fn cents(&mut self, value: Option<Cents>) {
        if let Self::Decimal(values) = self {
            values.append_option(value.map(|cents| i128::from(cents.0)));
        }
    }

    pub(super) fn moment(&mut self, value: Option<NaiveDateTime>) {
        match self {
            Self::Date(values) => values.append_option(value.map(|moment| days_from_date(moment.date()))),
            Self::Timestamp(values) => values.append_option(value.map(micros)),
            _ => {}
        }
    }

    pub(super) fn sentinel(&mut self, value: i64) {
        match self {
            // Both lie far outside the calendar, as the ends of an i32 do.
            Self::Date(values) => values.append_value(value.clamp(i32::MIN.into(), i32::MAX.into()) as i32),
            Self::Timestamp(values) => values.append_value(value),
            _ => {}
        }
    }

    pub(super) fn finish(self, ty: &DataType, rows: usize) -> ArrayRef {
        match self {
            Self::Absent => new_null_array(ty, rows),
            Self::Text(values) => Arc::new(values.finish()),
            Self::Flag(mut values) => Arc::new(values.finish()),
            Self::Integer(mut values) => Arc::new(values.finish()),
            Self::Decimal(mut values) => Arc::new(values.finish()),
            Self::Date(mut values) => Arc::new(values.finish()),
            Self::Timestamp(mut values) => Arc::new(values.finish()),
            Self::List(mut values) => Arc::new(values.finish()),
        }
    }
}

/// Rows for which there is room from the beginning: as many as a block of a wide export holds.
const ROWS: usize = 2048;

/// Texts end to end. Most cells are texts, and Arrow's own builder asks more questions per text.
pub(super) struct Texts {
    bytes: Vec<u8>,
    ends: Vec<i32>,
    known: NullBufferBuilder,
}

impl Texts {
    fn new() -> Self {
        let mut ends = Vec::with_capacity(ROWS);
        ends.push(0);
        Self { bytes: Vec::with_capacity(ROWS * 16), ends, known: NullBufferBuilder::new(0) }
    }

    #[inline]
    fn append(&mut self, text: Option<&str>) {
        self.bytes.extend_from_slice(text.unwrap_or_default().as_bytes());
        self.ends.push(i32::try_from(self.bytes.len()).expect("a block of a file is far smaller than 2 GB"));
        self.known.append(text.is_some());
    }

    fn finish(mut self) -> StringArray {
        let ends = OffsetBuffer::new(ScalarBuffer::from(self.ends));
        StringArray::new(ends, Buffer::from_vec(self.bytes), self.known.finish())
    }
}

pub(super) fn micros(moment: NaiveDateTime) -> i64 {
    moment.and_utc().timestamp_micros()
}
