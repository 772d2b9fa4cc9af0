//! `aceq export`: a dataset for tools that read no Parquet, or want it in folders.

mod place;

use super::Outcome;
use crate::args::{CodecArg, ExportArgs, ExportFormat};
use crate::error::CliError;
use crate::screen::Screen;
use aceq_model::{Table, tables};
use aceq_report::export::{CsvFile, Marker, SheetBook};
use aceq_store::{Codec, Dataset, Partitioning, write_partitioned};
pub use place::NewFile;
use place::NewFolder;
use std::io::{BufWriter, Write};
use std::path::Path;

/// Runs the command.
pub fn run(args: &ExportArgs, screen: &Screen) -> Result<Outcome, CliError> {
    let dataset = Dataset::open(&args.dataset)?;
    let wanted = wanted(&dataset, &args.tables)?;
    match args.format {
        ExportFormat::Csv => csv(&dataset, &wanted, args)?,
        ExportFormat::Xlsx => xlsx(&dataset, &wanted, &args.out, screen)?,
        ExportFormat::Parquet => parquet(&dataset, &wanted, args)?,
    }
    screen.print(&format!("exported {} tables to {}\n", wanted.len(), args.out.display()))?;
    Ok(Outcome::Done)
}

/// The tables that were named, else every table of the dataset, in the order of the reference page.
fn wanted(dataset: &Dataset, named: &[String]) -> Result<Vec<&'static Table>, CliError> {
    let has = |table: &&Table| dataset.manifest.tables.contains_key(table.name);
    let there: Vec<&'static Table> = tables::all().map(|(_, table)| table).filter(has).collect();
    if let Some(unknown) = named.iter().find(|name| !there.iter().any(|table| table.name == **name)) {
        let known: Vec<&str> = there.iter().map(|table| table.name).collect();
        let given = if tables::find(unknown).is_some() { "was never given" } else { "is no table" };
        return Err(CliError::NoSuchTable { table: unknown.clone(), given, known: known.join(", ") });
    }
    Ok(there.into_iter().filter(|table| named.is_empty() || named.iter().any(|name| name == table.name)).collect())
}

fn csv(dataset: &Dataset, wanted: &[&'static Table], args: &ExportArgs) -> Result<(), CliError> {
    let folder = NewFolder::at(&args.out)?;
    let marker = if args.bom { Marker::ByteOrderMark } else { Marker::None };
    for table in wanted {
        let path = folder.staging().join(format!("{}.csv", table.name));
        let failed = |source| CliError::Unwritable { path: path.clone(), source };
        let file = std::fs::File::create_new(&path).map_err(failed)?;
        let mut file = CsvFile::new(table.columns, marker, BufWriter::new(file)).map_err(failed)?;
        for rows in dataset.rows(table) {
            file.write(&rows?).map_err(failed)?;
        }
        file.finish().and_then(|mut out| out.flush()).map_err(failed)?;
    }
    folder.publish()
}

fn xlsx(dataset: &Dataset, wanted: &[&'static Table], out: &Path, screen: &Screen) -> Result<(), CliError> {
    let file = NewFile::at(out)?;
    let mut book = SheetBook::default();
    for table in wanted {
        book.add(table.name, table.columns, dataset.rows(table).map(|rows| rows.map_err(CliError::from)))?;
    }
    let cuts = file.write(|out| Ok(book.finish(out)?))?;
    tell_cuts(&cuts.cells, screen);
    Ok(())
}

/// Says which texts a workbook has cut.
pub fn tell_cuts(cells: &[String], screen: &Screen) {
    let Some(first) = cells.first() else { return };
    let texts = if cells.len() == 1 { "1 text is".to_owned() } else { format!("{} texts are", cells.len()) };
    screen.tell(&format!(
        "warning: {texts} longer than the 32,767 letters of a cell and cut, marked `… [cut]`; first: {first}. \
         CSV and Parquet hold them whole"
    ));
}

fn parquet(dataset: &Dataset, wanted: &[&'static Table], args: &ExportArgs) -> Result<(), CliError> {
    let folder = NewFolder::at(&args.out)?;
    let codec = match args.compression {
        CodecArg::Zstd => Codec::Zstd,
        CodecArg::Snappy => Codec::Snappy,
    };
    let how = Partitioning { buckets: args.buckets.unwrap_or(dataset.manifest.buckets), codec };
    for table in wanted {
        write_partitioned(dataset, table, how, folder.staging())?;
    }
    folder.publish()
}
