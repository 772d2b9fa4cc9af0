//! `aceq schema`: the tables and contracts that a run publishes.

use super::Outcome;
use crate::args::{EngineArg, LayoutArg, SchemaArgs, SchemaFormat};
use crate::error::CliError;
use crate::screen::Screen;
use aceq_report::schema::{Dialect, Layout, Place, dbt_sources, ddl, tables_json};
use aceq_report::{diff_schema, forecast_schema, reference, status_schema};
use aceq_store::Dataset;

/// Runs the command.
pub fn run(args: &SchemaArgs, screen: &Screen) -> Result<Outcome, CliError> {
    let text = match args.format {
        SchemaFormat::Markdown => reference::tables(),
        SchemaFormat::Json => status_schema(),
        SchemaFormat::JsonTables => tables_json(),
        SchemaFormat::Dbt => dbt_sources(&place(args, Layout::Files)?),
        SchemaFormat::Sql => sql(args)?,
        SchemaFormat::Diff => diff_schema(),
        SchemaFormat::Forecast => forecast_schema(),
        SchemaFormat::Codes => reference::codes(),
    };
    screen.print(&text)?;
    Ok(Outcome::Done)
}

fn sql(args: &SchemaArgs) -> Result<String, CliError> {
    let (dialect, usual) = match args.dialect {
        EngineArg::Duckdb => (Dialect::DuckDb, Layout::Files),
        EngineArg::Athena => (Dialect::Athena, Layout::Folders),
        EngineArg::Spark => (Dialect::Spark, Layout::Files),
    };
    Ok(ddl(dialect, &place(args, usual)?))
}

fn place(args: &SchemaArgs, usual: Layout) -> Result<Place, CliError> {
    let dataset = args.dataset.as_deref().map(Dataset::open).transpose()?;
    let layout = match args.layout {
        Some(LayoutArg::Files) => Layout::Files,
        Some(LayoutArg::Folders) => Layout::Folders,
        None => usual,
    };
    let folder = || args.dataset.as_deref().map_or_else(|| ".".to_owned(), |path| path.display().to_string());
    Ok(Place {
        location: args.location.clone().unwrap_or_else(folder),
        layout,
        given: dataset.map(|dataset| dataset.manifest.tables.into_keys().collect()),
    })
}
