//! `aceq template`: the header line of our own templates.

use super::Outcome;
use crate::args::TemplateArgs;
use crate::error::CliError;
use crate::screen::Screen;
use aceq_model::TableId;

/// Runs the command.
pub fn run(args: &TemplateArgs, screen: &Screen) -> Result<Outcome, CliError> {
    let Some(name) = &args.kind else {
        let line = |table: TableId| format!("{:<16}{}\n", table.name(), table.schema().grain);
        screen.print(&TableId::ALL.map(line).concat())?;
        screen.print("corrections     one row per statement about a row, a cell or two customers\n")?;
        return Ok(Outcome::Done);
    };
    if name == "corrections" {
        screen.print(&format!("{}\n", aceq_ingest::CORRECTIONS_TEMPLATE))?;
        return Ok(Outcome::Done);
    }
    screen.print(&format!("{}\n", aceq_ingest::template(kind(name)?)))?;
    Ok(Outcome::Done)
}

/// The kind of that name.
pub fn kind(name: &str) -> Result<TableId, CliError> {
    let unknown = || CliError::UnknownKind { kind: name.to_owned(), help: kinds().join(", ") };
    TableId::from_name(&name.replace('-', "_")).ok_or_else(unknown)
}

/// The names of all templates.
fn kinds() -> Vec<&'static str> {
    TableId::ALL.iter().map(|table| table.name()).chain(["corrections"]).collect()
}
