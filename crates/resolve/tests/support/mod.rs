//! Exports and results as small text tables.
//!
//! The first line of a table names the columns, and with them the columns that the file has; `-` is null, `[]` an empty
//! list, `a; b` a list. Rows are partner `self`'s unless there is a column `partner_id`.

use aceq_model::{ColumnType, FileRecord, Sha256Hex, TableId, TypedRows};
use aceq_resolve::literal::{Literal, LiteralRow, literal_file, typed_rows};
use aceq_resolve::{Moves, Resolved, Settings, resolve};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::util::display::array_value_to_string;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A file called `path` with these rows, exported on `day` (`-` = unknown).
pub fn export(table: TableId, path: &str, day: &str, text: &str) -> TypedRows {
    let lines: Vec<_> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let header: Vec<_> = cells(lines[0]).collect();
    let mut file = literal_file(table, path, (day != "-").then(|| day.parse().expect("a date")));
    file.present = header.iter().map(|name| name.to_string()).collect();
    typed(table, file, &header, &lines[1..])
}

/// The same, for a file that differs from its sketch.
pub fn typed(table: TableId, file: FileRecord, header: &[&str], lines: &[&str]) -> TypedRows {
    let row = |line: &&str| {
        let named = header.iter().zip(cells(line)).filter(|(_, cell)| *cell != "-");
        let mut row: LiteralRow<'_> = named.map(|(name, cell)| (*name, literal(table, name, cell))).collect();
        row.entry("partner_id").or_insert_with(|| Literal::Text("self".to_owned()));
        row
    };
    let rows: Vec<_> = lines.iter().map(row).collect();
    typed_rows(table, Arc::new(file), &rows).expect("literals fit")
}

fn cells(line: &str) -> impl Iterator<Item = &str> {
    line.split('|').map(str::trim)
}

fn literal(table: TableId, column: &str, cell: &str) -> Literal {
    let column = table.schema().column(column).unwrap_or_else(|| panic!("no column {column}"));
    match column.ty {
        ColumnType::Text => Literal::Text(cell.to_owned()),
        ColumnType::Flag => Literal::Flag(cell == "yes"),
        ColumnType::Integer | ColumnType::Long => Literal::Integer(cell.parse().expect("a number")),
        ColumnType::Decimal => Literal::Decimal(cell.parse().expect("an amount")),
        ColumnType::Date | ColumnType::Timestamp => Literal::Date(cell.parse().expect("a date")),
        ColumnType::TextList if cell == "[]" => Literal::List(Vec::new()),
        ColumnType::TextList => Literal::List(cell.split("; ").map(str::to_owned).collect()),
    }
}

/// Resolves with default settings; the tables given are those with rows.
pub fn resolved(rows: Vec<TypedRows>) -> Resolved {
    resolved_with(rows, &Settings::default())
}

/// Resolves with these settings.
pub fn resolved_with(rows: Vec<TypedRows>, settings: &Settings) -> Resolved {
    let present: BTreeSet<_> = rows.iter().map(|rows| rows.file.table).collect();
    resolve(&present, rows, &[], settings)
}

/// The columns named, row by row, in the form of the input tables.
pub fn shown(resolved: &Resolved, table: TableId, columns: &str) -> Vec<String> {
    rows_of(&resolved.bucket.tables[&table], columns)
}

/// The columns named of any table, row by row.
pub fn rows_of(batch: &RecordBatch, columns: &str) -> Vec<String> {
    let columns: Vec<_> = columns.split(" | ").collect();
    let row = |row| columns.iter().map(|name| cell_text(batch, name, row)).collect::<Vec<_>>().join(" | ");
    (0..batch.num_rows()).map(row).collect()
}

fn cell_text(batch: &RecordBatch, name: &str, row: usize) -> String {
    let column = batch.column_by_name(name).unwrap_or_else(|| panic!("no column {name}"));
    if column.is_null(row) {
        return "-".to_owned();
    }
    match column.as_list_opt::<i32>() {
        Some(list) if list.value(row).is_empty() => "[]".to_owned(),
        Some(list) => {
            let items = list.value(row);
            items.as_string::<i32>().iter().flatten().collect::<Vec<_>>().join("; ")
        }
        None => array_value_to_string(column, row).expect("columns can be written"),
    }
}

/// What moved in the ledger of a file without sheets.
pub fn moves(resolved: &Resolved, path: &str) -> Moves {
    resolved.ledger.get(&(path.to_owned(), String::new())).copied().unwrap_or_default()
}

/// `row: code` of every finding.
pub fn findings(resolved: &Resolved) -> Vec<String> {
    resolved.findings.iter().map(|finding| format!("{}: {}", finding.row_id, finding.code)).collect()
}

/// The same file under another content hash.
pub fn with_hash(rows: TypedRows, hash: &str) -> TypedRows {
    let file = FileRecord { content_hash: Sha256Hex(hash.to_owned()), ..rows.file.as_ref().clone() };
    TypedRows { file: Arc::new(file), batch: rows.batch }
}
