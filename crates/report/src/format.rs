//! The output formats a person or a program may ask for.

use crate::sheet::RowFormat;
use std::fmt;
use std::str::FromStr;

/// How results are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For a terminal.
    #[default]
    Table,
    /// One JSON array, one object per line.
    Json,
    /// RFC 4180 with a header line.
    Csv,
    /// A Markdown table.
    Markdown,
}

/// A format that does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat(String);

impl Format {
    /// Every format.
    pub const ALL: [Self; 4] = [Self::Table, Self::Json, Self::Csv, Self::Markdown];

    /// The name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table => "table",
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Markdown => "markdown",
        }
    }

    /// How rows are written for programs; `None` for the table, which is for persons.
    pub(crate) fn for_programs(self) -> Option<RowFormat> {
        match self {
            Self::Table => None,
            Self::Json => Some(RowFormat::Json),
            Self::Csv => Some(RowFormat::Csv),
            Self::Markdown => Some(RowFormat::Markdown),
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(text: &str) -> Result<Self, UnknownFormat> {
        Self::ALL.into_iter().find(|format| format.as_str() == text).ok_or_else(|| UnknownFormat(text.to_owned()))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is no output format: use {}", self.0, Format::ALL.map(Format::as_str).join(", "))
    }
}

impl std::error::Error for UnknownFormat {}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn names_are_read_back() {
        assert!(Format::ALL.into_iter().all(|format| format.as_str().parse() == Ok(format)));
        let error = "xml".parse::<Format>().expect_err("no such format").to_string();
        assert_eq!(error, "`xml` is no output format: use table, json, csv, markdown");
    }
}
