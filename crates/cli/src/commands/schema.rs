//! `aceq schema`: the tables and contracts that a run publishes.

use super::Outcome;
use crate::args::{SchemaArgs, SchemaFormat};
use crate::error::CliError;
use crate::screen::Screen;
use aceq_report::{diff_schema, reference, status_schema};

/// Runs the command.
pub fn run(args: &SchemaArgs, screen: &Screen) -> Result<Outcome, CliError> {
    let text = match args.format {
        SchemaFormat::Markdown => reference::tables(),
        SchemaFormat::Json => status_schema(),
        SchemaFormat::Diff => diff_schema(),
        SchemaFormat::Codes => reference::codes(),
    };
    screen.print(&text)?;
    Ok(Outcome::Done)
}
