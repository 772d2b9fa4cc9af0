//! SQL that makes the tables of a dataset known to an engine, with every description.

use super::{Layout, Place, all, sentence};
use aceq_model::{ColumnType, Table};

/// The SQL of an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Views over the files.
    DuckDb,
    /// External tables of Athena, in the Glue catalog.
    Athena,
    /// Tables over the files.
    Spark,
}

/// A few statements per table, in the order of the reference page. A table that is not there becomes an empty one of the
/// same columns, so that queries find it; in Athena a folder without files does that.
pub fn ddl(dialect: Dialect, place: &Place) -> String {
    let define = |(folder, table)| {
        let path = place.of(folder, table);
        match dialect {
            Dialect::DuckDb => duckdb(table, place.has(table).then(|| scan(&path, place.layout))),
            Dialect::Athena => athena(table, &path),
            Dialect::Spark => spark(table, place.has(table).then_some(path.as_str())),
        }
    };
    all().map(define).collect::<Vec<String>>().join("\n")
}

fn duckdb(table: &Table, scan: Option<String>) -> String {
    let name = double_quoted(table.name);
    let query = scan.unwrap_or_else(|| {
        let nothing = |column: &aceq_model::Column| {
            format!("CAST(NULL AS {}) AS {}", duckdb_type(column.ty), double_quoted(column.name))
        };
        format!("SELECT {} WHERE FALSE", list(table, nothing))
    });
    let columns = table
        .columns
        .iter()
        .map(|column| format!("COMMENT ON COLUMN {name}.{} IS {};\n", double_quoted(column.name), text(column.doc)));
    format!("CREATE OR REPLACE VIEW {name} AS {query};\nCOMMENT ON VIEW {name} IS {};\n", text(&sentence(table)))
        + &columns.collect::<String>()
}

fn scan(path: &str, layout: Layout) -> String {
    match layout {
        Layout::Files => format!("SELECT * FROM read_parquet({})", text(path)),
        Layout::Folders => {
            format!("SELECT * FROM read_parquet({}, hive_partitioning = false)", text(&format!("{path}**/*.parquet")))
        }
    }
}

fn athena(table: &Table, folder: &str) -> String {
    format!(
        "CREATE EXTERNAL TABLE IF NOT EXISTS `{}` ({}\n)\nCOMMENT {}\nSTORED AS PARQUET\nLOCATION {}\n\
         TBLPROPERTIES ('parquet.compression' = 'ZSTD');\n",
        table.name,
        hive_columns(table),
        hive_text(&sentence(table)),
        hive_text(folder),
    )
}

/// An external table over the file or folder; where the dataset has no such table, an empty one of Spark's own.
fn spark(table: &Table, path: Option<&str>) -> String {
    let location = path.map_or_else(String::new, |path| format!("LOCATION {}\n", hive_text(path)));
    format!(
        "DROP TABLE IF EXISTS `{0}`;\nCREATE TABLE `{0}` ({1}\n)\nUSING PARQUET\n{location}COMMENT {2};\n",
        table.name,
        hive_columns(table),
        hive_text(&sentence(table)),
    )
}

fn hive_columns(table: &Table) -> String {
    list(table, |column| format!("`{}` {} COMMENT {}", column.name, hive_type(column.ty), hive_text(column.doc)))
}

/// What `of` says of every column, one a line.
fn list(table: &Table, of: impl Fn(&aceq_model::Column) -> String) -> String {
    table.columns.iter().map(|column| format!("\n  {}", of(column))).collect::<Vec<String>>().join(",")
}

fn duckdb_type(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Text => "VARCHAR",
        ColumnType::Flag => "BOOLEAN",
        ColumnType::Integer => "INTEGER",
        ColumnType::Long => "BIGINT",
        ColumnType::Decimal => "DECIMAL(18,2)",
        ColumnType::Date => "DATE",
        ColumnType::Timestamp => "TIMESTAMP WITH TIME ZONE",
        ColumnType::TextList => "VARCHAR[]",
    }
}

/// Types of Athena's definitions, which are Hive's, and of Spark.
fn hive_type(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Text => "STRING",
        ColumnType::Flag => "BOOLEAN",
        ColumnType::Integer => "INT",
        ColumnType::Long => "BIGINT",
        ColumnType::Decimal => "DECIMAL(18,2)",
        ColumnType::Date => "DATE",
        ColumnType::Timestamp => "TIMESTAMP",
        ColumnType::TextList => "ARRAY<STRING>",
    }
}

fn double_quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text of standard SQL.
fn text(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A text of Hive and Spark, which know backslashes.
fn hive_text(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
