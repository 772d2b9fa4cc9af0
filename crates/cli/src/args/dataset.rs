//! Arguments of the commands about a published dataset: `schema` and `export`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

/// `aceq schema`
#[derive(Debug, Args)]
pub struct SchemaArgs {
    /// What to print
    #[arg(long, value_name = "FORMAT", default_value = "markdown")]
    pub format: SchemaFormat,
    /// SQL of which engine, with --format sql
    #[arg(long, value_name = "ENGINE", default_value = "duckdb")]
    pub dialect: EngineArg,
    /// Dataset to define: tables that it does not have become empty (default: every table is there)
    #[arg(long, value_name = "DIR")]
    pub dataset: Option<PathBuf>,
    /// Folder or URI under which the engine finds the dataset [default: the dataset, else the current folder]
    #[arg(long, value_name = "DIR_OR_URI")]
    pub location: Option<String>,
    /// A file per table, as published, or a folder, as exported [default: folders for athena, else files]
    #[arg(long, value_name = "LAYOUT")]
    pub layout: Option<LayoutArg>,
}

/// `aceq export`
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Folder of the dataset
    #[arg(value_name = "DATASET")]
    pub dataset: PathBuf,
    /// Tables to export (default: all that the dataset has)
    #[arg(value_name = "TABLE")]
    pub tables: Vec<String>,
    /// Output format
    #[arg(long, value_name = "FORMAT")]
    pub format: ExportFormat,
    /// New folder; for xlsx a file
    #[arg(long, value_name = "PATH")]
    pub out: PathBuf,
    /// Begin CSV files with the mark by which Excel knows UTF-8
    #[arg(long)]
    pub bom: bool,
    /// Partner buckets of Parquet folders (default: those of the dataset)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=4096))]
    pub buckets: Option<u32>,
    /// Compression of Parquet files
    #[arg(long, value_name = "CODEC", default_value = "zstd")]
    pub compression: CodecArg,
}

/// Output of `schema`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum SchemaFormat {
    /// Every table and column
    Markdown,
    /// JSON schema of `assess --format json`
    Json,
    /// JSON schema of `diff --format json`
    Diff,
    /// The JSON of `aceq forecast`, as a JSON Schema
    Forecast,
    /// Every table and column as JSON
    JsonTables,
    /// sources.yml of dbt
    Dbt,
    /// Definitions that make the tables known to an engine
    Sql,
    /// Reject, finding and change codes
    Codes,
}

/// Engines of `schema --format sql`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EngineArg {
    /// Views over the files
    Duckdb,
    /// External tables of Athena and the Glue catalog
    Athena,
    /// Tables over the files
    Spark,
}

/// How a dataset lies on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LayoutArg {
    /// One file per table
    Files,
    /// One folder per table
    Folders,
}

/// Output of `export`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// A file per table
    Csv,
    /// A workbook with a sheet per table
    Xlsx,
    /// A folder per table, in it one per partner bucket
    Parquet,
}

/// Compression of `export --format parquet`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CodecArg {
    /// Small; read by every engine of today
    Zstd,
    /// Larger; read by older ones too
    Snappy,
}
