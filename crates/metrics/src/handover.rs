//! Arrow columns handed to polars through the C data interface, without copying.
//!
//! polars keeps its own arrow implementation; both sides agree on the C layout of `ArrowArray` and `ArrowSchema`, so
//! the structs of one are the structs of the other.

use crate::MetricsError;
use aceq_model::{Column, ColumnType};
use arrow::array::{Array, ArrayRef, AsArray, Int64Array};
use arrow::datatypes::Decimal128Type;
use arrow::ffi::{FFI_ArrowArray, FFI_ArrowSchema, to_ffi};
use polars::prelude::{IntoColumn, PlSmallStr, PolarsResult, Series};
use polars_arrow::array::Array as PolarsArray;
use polars_arrow::ffi::{ArrowArray, ArrowSchema, import_array_from_c, import_field_from_c};
use std::sync::Arc;

/// One column as polars sees it. Decimals become whole cents, so that every comparison is exact.
pub(crate) fn to_polars(
    table: &'static str,
    column: &'static Column,
    array: &ArrayRef,
) -> Result<polars::prelude::Column, MetricsError> {
    let array = match column.ty {
        ColumnType::Decimal => cents(array),
        _ => Arc::clone(array),
    };
    let (ffi_array, ffi_schema) =
        to_ffi(&array.to_data()).map_err(|source| MetricsError::Handover { table, column: column.name, source })?;
    let polars_error = |source| MetricsError::Polars { table, source: Box::new(source) };
    let chunk = import(ffi_array, ffi_schema).map_err(polars_error)?;
    Ok(Series::try_from((PlSmallStr::from_static(column.name), chunk)).map_err(polars_error)?.into_column())
}

fn cents(array: &ArrayRef) -> ArrayRef {
    let decimals = array.as_primitive::<Decimal128Type>();
    let values: Int64Array = decimals.iter().map(|value| value.map(|cents| cents as i64)).collect();
    Arc::new(values)
}

#[expect(unsafe_code, reason = "the C data interface is the only door between arrow and polars")]
fn import(array: FFI_ArrowArray, schema: FFI_ArrowSchema) -> PolarsResult<Box<dyn PolarsArray>> {
    // SAFETY: both pairs are `#[repr(C)]` structs of the same published C layout (the Arrow C data interface), and the
    // values were just exported by arrow, which keeps the buffers alive through their release callbacks.
    unsafe {
        let array = std::mem::transmute::<FFI_ArrowArray, ArrowArray>(array);
        let schema = std::mem::transmute::<FFI_ArrowSchema, ArrowSchema>(schema);
        let field = import_field_from_c(&schema)?;
        import_array_from_c(array, field.dtype)
    }
}
