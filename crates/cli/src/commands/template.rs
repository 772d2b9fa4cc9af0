//! `aceq template`: the header line of our own templates.

use super::Outcome;
use crate::args::TemplateArgs;
use crate::error::CliError;
use crate::screen::Screen;
use aceq_model::TableId;

/// Runs the command.
pub fn run(args: &TemplateArgs, screen: &Screen) -> Result<Outcome, CliError> {
    let names: Vec<&str> = TableId::ALL.iter().map(|table| table.name()).chain(["corrections"]).collect();
    let Some(kind) = &args.kind else {
        let line = |table: TableId| format!("{:<16}{}\n", table.name(), table.schema().grain);
        screen.print(&TableId::ALL.map(line).concat())?;
        screen.print("corrections     one row per statement about a row, a cell or two customers\n")?;
        return Ok(Outcome::Done);
    };
    if kind == "corrections" {
        screen.print(&format!("{}\n", aceq_ingest::CORRECTIONS_TEMPLATE))?;
        return Ok(Outcome::Done);
    }
    let table = TableId::from_name(&kind.replace('-', "_"))
        .ok_or_else(|| CliError::UnknownKind { kind: kind.clone(), help: names.join(", ") })?;
    screen.print(&format!("{}\n", aceq_ingest::template(table)))?;
    Ok(Outcome::Done)
}
