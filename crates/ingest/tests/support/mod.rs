//! Reads a file as a caller would, and writes down what came out, for people to read.

use aceq_ingest::{Chunk, IngestError, Input, Mappings, Options, Recognised, Sink, SinkError, read, recognise, settle};
use aceq_model::{FileRecord, Finding, LedgerEntry, Reject};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{DataType, Date32Type, Decimal128Type, Int32Type, Int64Type, TimestampMicrosecondType};
use std::fmt::Write;
use std::path::Path;

/// Everything that came out of a file.
pub struct Outcome {
    pub recognised: Recognised,
    pub file: FileRecord,
    pub ledger: LedgerEntry,
    pub batches: Vec<RecordBatch>,
    pub rejects: Vec<Reject>,
    pub findings: Vec<Finding>,
}

#[derive(Default)]
struct Everything {
    chunks: Vec<Chunk>,
    rejects: Vec<Reject>,
    findings: Vec<Finding>,
}

impl Sink for Everything {
    fn rows(&mut self, chunk: Chunk) -> Result<(), SinkError> {
        self.chunks.push(chunk);
        Ok(())
    }

    fn restart(&mut self) {
        *self = Self::default();
    }

    fn rejects(&mut self, rejects: Vec<Reject>) {
        self.rejects.extend(rejects);
    }

    fn findings(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
    }
}

/// Reads every table of the file at `path` under its bare name, and says why the others are not read.
pub fn outcomes(path: &Path, options: &Options) -> Result<(Vec<Outcome>, Vec<IngestError>), IngestError> {
    let input = Input::file(path);
    let mappings = Mappings::builtin();
    let tables = recognise(&input, mappings, options)?;
    let read_one = |recognised: Recognised| {
        let mut sink = Everything::default();
        let (file, ledger) = read(&input, &recognised, mappings, options, &mut sink)?;
        let batches = sink.chunks.into_iter().map(|chunk| settle(file.table, chunk.batch, &file.decisions)).collect();
        Ok(Outcome { recognised, file, ledger, batches, rejects: sink.rejects, findings: sink.findings })
    };
    let read_all: Result<Vec<Outcome>, IngestError> = tables.tables.into_iter().map(read_one).collect();
    Ok((read_all?, tables.others))
}

/// The outcome as lines of text.
pub fn written(outcome: &Outcome) -> String {
    let mut text = String::new();
    let Outcome { recognised, file, ledger, .. } = outcome;
    let delimiter = recognised.delimiter.map(|delimiter| delimiter.escape_default().to_string()).unwrap_or_default();
    if !file.sheet.is_empty() {
        let _ = writeln!(text, "sheet `{}`", file.sheet);
    }
    let how = match recognised.delimiter {
        Some(_) => format!("{}, `{delimiter}`", file.encoding),
        None => file.format.clone(),
    };
    let (mapping, table, line) = (&file.mapping, file.table.name(), file.header_line);
    let _ = writeln!(text, "{mapping} as {table}: {how}, header on line {line}");
    let LedgerEntry { decoded, accepted, rejected, not_data, .. } = ledger;
    let _ = writeln!(text, "{decoded} records = {accepted} accepted + {rejected} rejected + {not_data} not data");
    let snapshot = file.snapshot_date.map(|date| date.to_string()).unwrap_or_default();
    let _ = writeln!(text, "snapshot {:?} {snapshot}", file.snapshot_source);
    for (column, order) in &file.decisions.date_orders {
        let _ = writeln!(text, "order of {column}: {order:?}");
    }
    for (column, comma) in &file.decisions.decimal_commas {
        let _ = writeln!(text, "decimal comma of {column}: {comma:?}");
    }
    for Reject { position, column, raw, reason } in &outcome.rejects {
        let place = format!("{}@{}", position.line, position.byte.unwrap_or_default());
        let shown: String = raw.chars().take(60).collect();
        let _ = writeln!(text, "reject {place} {reason} {} {shown:?}", column.as_deref().unwrap_or("row"));
    }
    for Finding { partner_id, position, row_id, code, detail, .. } in &outcome.findings {
        let _ = writeln!(text, "finding {} {code} [{partner_id}] [{row_id}] {detail}", position.line);
    }
    for batch in &outcome.batches {
        (0..batch.num_rows()).for_each(|row| write_row(&mut text, batch, row));
    }
    text
}

fn write_row(text: &mut String, batch: &RecordBatch, row: usize) {
    let schema = batch.schema();
    let cells = schema.fields().iter().zip(batch.columns()).filter(|(_, column)| column.is_valid(row));
    let line = batch.column_by_name("source_line").unwrap().as_primitive::<Int64Type>().value(row);
    let _ = writeln!(text, "row {line}");
    for (field, column) in cells.filter(|(field, _)| field.name() != "source_line") {
        let _ = writeln!(text, "  {} = {}", field.name(), cell(column, row));
    }
}

fn cell(column: &dyn Array, row: usize) -> String {
    match column.data_type() {
        DataType::Utf8 => format!("{:?}", column.as_string::<i32>().value(row)),
        DataType::Boolean => column.as_boolean().value(row).to_string(),
        DataType::Int32 => column.as_primitive::<Int32Type>().value(row).to_string(),
        DataType::Decimal128(..) => column.as_primitive::<Decimal128Type>().value_as_string(row),
        DataType::Date32 => column.as_primitive::<Date32Type>().value_as_date(row).unwrap().to_string(),
        DataType::Timestamp(..) => {
            column.as_primitive::<TimestampMicrosecondType>().value_as_datetime(row).unwrap().to_string()
        }
        DataType::List(_) => {
            let items = column.as_list::<i32>().value(row);
            let items: Vec<&str> = items.as_string::<i32>().iter().map(|item| item.unwrap()).collect();
            format!("{items:?}")
        }
        other => panic!("no ingested column has the type {other}"),
    }
}
