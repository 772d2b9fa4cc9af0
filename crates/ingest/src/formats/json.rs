//! To be written: JSON.

use super::Want;
use crate::grid::Grid;
use crate::{IngestError, Input, Limits};

/// Decodes the file.
pub(super) fn decode(input: &Input, _: Want<'_>, _: &Limits) -> Result<Vec<Grid>, IngestError> {
    Err(IngestError::UnsupportedFormat { file: input.name.clone(), format: "JSON" })
}
