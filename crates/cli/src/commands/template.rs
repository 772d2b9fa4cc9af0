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
        screen.print("actions         what `aceq plan` may do, and at which cost (TOML)\n")?;
        return Ok(Outcome::Done);
    };
    if name == "actions" {
        screen.print(super::plan::TEMPLATE)?;
        return Ok(Outcome::Done);
    }
    if name == "corrections" {
        screen.print(&format!("{}\n", aceq_ingest::CORRECTIONS_TEMPLATE))?;
        return Ok(Outcome::Done);
    }
    screen.print(&format!("{}\n", aceq_ingest::template(kind(name, &["corrections", "actions"])?)))?;
    Ok(Outcome::Done)
}

/// The kind of that name; `others` may be named here as well, and are told with the kinds.
pub fn kind(name: &str, others: &[&str]) -> Result<TableId, CliError> {
    let known = || TableId::ALL.iter().map(|table| table.name()).chain(others.iter().copied()).collect::<Vec<_>>();
    let unknown = || CliError::UnknownKind { kind: name.to_owned(), help: known().join(", ") };
    TableId::from_name(&name.replace('-', "_")).ok_or_else(unknown)
}
