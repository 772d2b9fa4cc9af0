//! To be written: workbooks.

use super::Want;
use crate::format::Format;
use crate::grid::Grid;
use crate::{IngestError, Input, Limits};

/// Decodes the file.
pub(super) fn decode(input: &Input, _: Format, _: Want<'_>, _: &Limits) -> Result<Vec<Grid>, IngestError> {
    Err(IngestError::UnsupportedFormat { file: input.name.clone(), format: "a workbook" })
}
