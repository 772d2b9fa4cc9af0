//! One file per format beside CSV: bytes in, [`Grid`]s out.

mod document;
mod html;
mod json;
mod markup;
pub(crate) mod parquet;
mod sheet;
mod spreadsheetml;
mod workbook;

pub(crate) use workbook::currency::A_YEAR;

use crate::format::Format;
use crate::grid::Grid;
use crate::{IngestError, Input, Limits, Mappings};

/// What is wanted of a file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Want<'a> {
    /// The first rows of every table ([`HEAD_ROWS`] or more): enough to recognise it. Formats whose records name their
    /// own fields give the header of the whole file.
    Heads,
    /// All rows of the table of this name.
    Table(&'a str),
}

/// Rows among which the header is looked for.
pub(crate) const HEAD_ROWS: usize = 60;

impl Want<'_> {
    /// Whether the table `name` is wanted at all.
    pub fn wants(self, name: &str) -> bool {
        match self {
            Self::Heads => true,
            Self::Table(wanted) => wanted == name,
        }
    }

    /// Whether a table of which `rows` records were decoded is complete enough.
    pub fn has_enough(self, rows: usize) -> bool {
        matches!(self, Self::Heads) && rows >= HEAD_ROWS
    }
}

/// The tables of a file that is no CSV, in file order. Mappings tell the kinds of records apart where a file mixes them.
pub(crate) fn decode(
    input: &Input,
    format: Format,
    want: Want<'_>,
    limits: &Limits,
    mappings: &Mappings,
) -> Result<Vec<Grid>, IngestError> {
    match salvage(input, format, want, limits, mappings) {
        (grids, None) => Ok(grids),
        (_, Some(damage)) => Err(damage),
    }
}

/// As [`decode`]; where something goes wrong, with what was decoded before, the table that breaks included.
pub(crate) fn salvage(
    input: &Input,
    format: Format,
    want: Want<'_>,
    limits: &Limits,
    mappings: &Mappings,
) -> (Vec<Grid>, Option<IngestError>) {
    let mut grids = Vec::new();
    let decoded = match format {
        Format::Csv => Ok(()),
        Format::Json => json::decode(input, want, limits, mappings, &mut grids),
        Format::Html => html::decode(input, want, limits, &mut grids),
        Format::SpreadsheetMl => spreadsheetml::decode(input, want, limits, &mut grids),
        Format::Xlsx | Format::Xls | Format::Ods => workbook::decode(input, format, want, limits, &mut grids),
        Format::Parquet => parquet::decode(input, want, limits, &mut grids),
    };
    (grids, decoded.err())
}
