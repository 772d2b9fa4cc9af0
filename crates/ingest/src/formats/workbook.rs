//! Workbooks: `.xlsx`, `.ods` and the binary `.xls`, sheet by sheet and row by row.
//!
//! What a file claims about itself (dimensions, counts, sizes, repetitions) is never used to take memory: only what it
//! holds is, and only up to the limits. Zip archives are inflated once to be measured before anything is decoded.

mod archive;
pub(crate) mod currency;
mod layout;
pub(super) mod number;
mod ods;
mod rich;
mod xls;
mod xlsx;

use super::Want;
use crate::format::Format;
use crate::grid::Grid;
use crate::{IngestError, Input, Limits};

/// Decodes the file.
pub(super) fn decode(
    input: &Input,
    format: Format,
    want: Want<'_>,
    limits: &Limits,
    grids: &mut Vec<Grid>,
) -> Result<(), IngestError> {
    let job = Job { input, format, want, limits };
    match format {
        Format::Ods => ods::decode(job, grids),
        Format::Xls => xls::decode(job, grids),
        _ => xlsx::decode(job, grids),
    }
}

/// What is to be decoded.
#[derive(Clone, Copy)]
struct Job<'a> {
    input: &'a Input,
    format: Format,
    want: Want<'a>,
    limits: &'a Limits,
}

impl Job<'_> {
    fn damaged(self, message: impl Into<String>) -> IngestError {
        let format = match self.format {
            Format::Ods => "an OpenDocument spreadsheet",
            Format::Xls => "a workbook of the years before 2007",
            _ => "an Excel workbook",
        };
        IngestError::Damaged { file: self.input.name.clone(), format, message: message.into() }
    }

    fn too_large(self, what: &'static str, limit: u64) -> IngestError {
        IngestError::TooLarge { file: self.input.name.clone(), what, limit }
    }

    /// A workbook that asks for a password.
    fn locked(self) -> IngestError {
        self.damaged("it is protected with a password; remove the password")
    }
}

#[cfg(test)]
mod tests;
