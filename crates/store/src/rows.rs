//! Result and quality rows as record batches, sorted by their table's key.
//!
//! [`Columns`] builds a batch of any published table column by column; the functions below do it for the rows that
//! `model` defines. Crates with rows of their own (customer links, provenance) use [`Columns`].

use aceq_model::{
    Cents, CountKey, DriverRow, EvidenceRow, Finding, ForecastRow, LedgerEntry, NearMissRow, Reject, StatusRow, Table,
    TableId, TimelineRow, days_from_date, requirement_key, tables,
};
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, Int32Array, Int64Array, RecordBatch, StringArray,
};
use chrono::NaiveDate;
use std::sync::Arc;

/// The columns of a batch of `table`, given one by one in the table's order.
///
/// ```
/// use aceq_model::tables::CUSTOMER_LINKS;
/// use aceq_store::rows::Columns;
/// let links = [("self", "c1", "strong", "duns", "123456789", "Example Ltd", "Example Limited")];
/// let batch = Columns::of(&CUSTOMER_LINKS)
///     .text("partner_id", links.iter().map(|link| link.0))
///     .text("customer_key", links.iter().map(|link| link.1))
///     .text("strength", links.iter().map(|link| link.2))
///     .text("evidence", links.iter().map(|link| link.3))
///     .text("value", links.iter().map(|link| link.4))
///     .text("left_name", links.iter().map(|link| link.5))
///     .text("right_name", links.iter().map(|link| link.6))
///     .finish();
/// assert_eq!(batch.num_rows(), 1);
/// ```
#[derive(Debug)]
pub struct Columns {
    table: &'static Table,
    arrays: Vec<ArrayRef>,
}

impl Columns {
    /// No columns yet.
    pub fn of(table: &'static Table) -> Self {
        Self { table, arrays: Vec::with_capacity(table.columns.len()) }
    }

    /// The next column, of texts: `&str` or `Option<&str>`.
    ///
    /// # Panics
    /// As every method here, when `name` is not the table's next column: a bug.
    pub fn text<'a>(self, name: &str, values: impl Iterator<Item = impl Into<Option<&'a str>>>) -> Self {
        let array: StringArray = values.map(Into::into).collect();
        self.push(name, Arc::new(array))
    }

    /// The first columns of a table about counts on dates.
    fn of_count<'a>(self, keys: impl Iterator<Item = (&'a CountKey, NaiveDate)> + Clone) -> Self {
        self.text("partner_id", keys.clone().map(|(key, _)| key.partner_id.as_str()))
            .text("program", keys.clone().map(|(key, _)| key.program.as_str()))
            .text("version", keys.clone().map(|(key, _)| key.version.as_str()))
            .text("requirement_id", keys.clone().map(|(key, _)| key.requirement_id.as_str()))
            .text("reading", keys.clone().map(|(key, _)| key.reading.as_str()))
            .date("as_of", keys.clone().map(|(_, as_of)| as_of))
            .text("member", keys.map(|(key, _)| key.member.as_deref()))
    }

    /// The next column, of 64-bit whole numbers.
    pub fn long(self, name: &str, values: impl Iterator<Item = impl Into<Option<i64>>>) -> Self {
        let array: Int64Array = values.map(Into::into).collect();
        self.push(name, Arc::new(array))
    }

    /// The next column, of 32-bit whole numbers.
    pub fn integer(self, name: &str, values: impl Iterator<Item = impl Into<Option<i32>>>) -> Self {
        let array: Int32Array = values.map(Into::into).collect();
        self.push(name, Arc::new(array))
    }

    /// The next column, of flags.
    pub fn flag(self, name: &str, values: impl Iterator<Item = impl Into<Option<bool>>>) -> Self {
        let array: BooleanArray = values.map(Into::into).collect();
        self.push(name, Arc::new(array))
    }

    /// The next column, of `DECIMAL(18,2)`, from hundredths. What does not fit becomes the largest that does.
    pub fn hundredths(self, name: &str, values: impl Iterator<Item = impl Into<Option<i64>>>) -> Self {
        let fit = |value: i64| i128::from(value.clamp(-Cents::MAX.0, Cents::MAX.0));
        let array: Decimal128Array = values.map(|value| value.into().map(fit)).collect();
        self.push(name, Arc::new(array.with_data_type(aceq_model::ColumnType::Decimal.arrow())))
    }

    /// The next column, of dates.
    pub fn date(self, name: &str, values: impl Iterator<Item = impl Into<Option<NaiveDate>>>) -> Self {
        let array: Date32Array = values.map(|date| date.into().map(days_from_date)).collect();
        self.push(name, Arc::new(array))
    }

    /// The columns that every result table ends with.
    fn of_run(self, run_id: &str, requirements: impl Iterator<Item = String>) -> Self {
        let keys: Vec<String> = requirements.collect();
        let rows = keys.len();
        self.text("requirement_key", keys.iter().map(String::as_str))
            .text("run_id", std::iter::repeat_n(run_id, rows))
            .flag("is_latest", std::iter::repeat_n(true, rows))
    }

    /// The batch.
    pub fn finish(self) -> RecordBatch {
        RecordBatch::try_new(self.table.arrow_schema(), self.arrays).expect("every column was given, equally long")
    }

    fn push(mut self, name: &str, array: ArrayRef) -> Self {
        let next = self.table.columns.get(self.arrays.len()).map(|column| column.name);
        assert_eq!(next, Some(name), "columns of `{}` are given in the table's order", self.table.name);
        self.arrays.push(array);
        self
    }
}

/// Rows of `requirement_status` that the run `run_id` found, the newest of its dataset.
pub fn status_batch(rows: &[StatusRow], run_id: &str) -> RecordBatch {
    let rows = sorted(rows, |row| {
        let StatusRow { partner_id, program, version, requirement_id, reading, as_of, member, .. } = row;
        (partner_id, program, version, requirement_id, reading, *as_of, member)
    });
    Columns::of(&tables::REQUIREMENT_STATUS)
        .text("partner_id", rows.iter().map(|row| row.partner_id.as_str()))
        .text("program", rows.iter().map(|row| row.program.as_str()))
        .text("version", rows.iter().map(|row| row.version.as_str()))
        .text("requirement_id", rows.iter().map(|row| row.requirement_id.as_str()))
        .text("reading", rows.iter().map(|row| row.reading.as_str()))
        .date("as_of", rows.iter().map(|row| row.as_of))
        .text("status", rows.iter().map(|row| row.status.as_str()))
        .hundredths("confirmed", rows.iter().map(|row| row.confirmed))
        .hundredths("possible", rows.iter().map(|row| row.possible))
        .hundredths("required", rows.iter().map(|row| row.required))
        .hundredths("shortfall", rows.iter().map(|row| row.shortfall))
        .text("member", rows.iter().map(|row| row.member.as_deref()))
        .date("met_from", rows.iter().map(|row| row.met_from))
        .date("met_until", rows.iter().map(|row| row.met_until))
        .long("margin_days", rows.iter().map(|row| row.margin_days))
        .long("counted_with_findings", rows.iter().map(|row| row.counted_with_findings))
        .of_run(run_id, rows.iter().map(|row| requirement_key(&row.program, &row.version, &row.requirement_id)))
        .finish()
}

/// Rows of `timelines` that the run `run_id` found, the newest of its dataset.
pub fn timelines_batch(rows: &[TimelineRow], run_id: &str) -> RecordBatch {
    let rows = sorted(rows, |row| {
        let TimelineRow { partner_id, program, version, requirement_id, reading, member, from, .. } = row;
        (partner_id, program, version, requirement_id, reading, member, *from)
    });
    Columns::of(&tables::TIMELINES)
        .text("partner_id", rows.iter().map(|row| row.partner_id.as_str()))
        .text("program", rows.iter().map(|row| row.program.as_str()))
        .text("version", rows.iter().map(|row| row.version.as_str()))
        .text("requirement_id", rows.iter().map(|row| row.requirement_id.as_str()))
        .text("reading", rows.iter().map(|row| row.reading.as_str()))
        .text("member", rows.iter().map(|row| row.member.as_deref()))
        .date("from_date", rows.iter().map(|row| row.from))
        .date("until_date", rows.iter().map(|row| row.until))
        .text("status", rows.iter().map(|row| row.status.as_str()))
        .hundredths("confirmed", rows.iter().map(|row| row.confirmed))
        .hundredths("possible", rows.iter().map(|row| row.possible))
        .hundredths("required", rows.iter().map(|row| row.required))
        .of_run(run_id, rows.iter().map(|row| requirement_key(&row.program, &row.version, &row.requirement_id)))
        .finish()
}

/// Rows of `evidence` that the run `run_id` found, the newest of its dataset.
pub fn evidence_batch(rows: &[EvidenceRow], run_id: &str) -> RecordBatch {
    let rows = sorted(rows, |row| {
        let EvidenceRow { partner_id, program, version, requirement_id, reading, as_of, member, unit, .. } = row;
        (partner_id, program, version, requirement_id, reading, *as_of, member, unit)
    });
    Columns::of(&tables::EVIDENCE)
        .text("partner_id", rows.iter().map(|row| row.partner_id.as_str()))
        .text("program", rows.iter().map(|row| row.program.as_str()))
        .text("version", rows.iter().map(|row| row.version.as_str()))
        .text("requirement_id", rows.iter().map(|row| row.requirement_id.as_str()))
        .text("reading", rows.iter().map(|row| row.reading.as_str()))
        .date("as_of", rows.iter().map(|row| row.as_of))
        .text("member", rows.iter().map(|row| row.member.as_deref()))
        .text("unit", rows.iter().map(|row| row.unit.as_str()))
        .text("table", rows.iter().map(|row| row.table.as_str()))
        .text("row_id", rows.iter().map(|row| row.row_id.as_str()))
        .text("label", rows.iter().map(|row| row.label.as_str()))
        .date("counts_from", rows.iter().map(|row| row.counts_from))
        .date("counts_until", rows.iter().map(|row| row.counts_until))
        .hundredths("arr_usd", rows.iter().map(|row| row.arr_usd))
        .text("findings", rows.iter().map(|row| row.findings.as_str()))
        .text("source_file", rows.iter().map(|row| row.source_file.as_str()))
        .text("source_sheet", rows.iter().map(|row| row.source_sheet.as_str()))
        .long("source_line", rows.iter().map(|row| row.source_line))
        .of_run(run_id, rows.iter().map(|row| requirement_key(&row.program, &row.version, &row.requirement_id)))
        .finish()
}

/// Rows of `near_misses` that the run `run_id` found, the newest of its dataset.
pub fn near_misses_batch(rows: &[NearMissRow], run_id: &str) -> RecordBatch {
    let rows = sorted(rows, |row| {
        let NearMissRow { partner_id, program, version, requirement_id, reading, as_of, unit, row_id, .. } = row;
        (partner_id, program, version, requirement_id, reading, *as_of, unit, row_id)
    });
    Columns::of(&tables::NEAR_MISSES)
        .text("partner_id", rows.iter().map(|row| row.partner_id.as_str()))
        .text("program", rows.iter().map(|row| row.program.as_str()))
        .text("version", rows.iter().map(|row| row.version.as_str()))
        .text("requirement_id", rows.iter().map(|row| row.requirement_id.as_str()))
        .text("reading", rows.iter().map(|row| row.reading.as_str()))
        .date("as_of", rows.iter().map(|row| row.as_of))
        .text("unit", rows.iter().map(|row| row.unit.as_str()))
        .text("table", rows.iter().map(|row| row.table.as_str()))
        .text("row_id", rows.iter().map(|row| row.row_id.as_str()))
        .text("label", rows.iter().map(|row| row.label.as_str()))
        .text("condition", rows.iter().map(|row| row.condition.as_str()))
        .text("actual", rows.iter().map(|row| row.actual.as_str()))
        .text("cure", rows.iter().map(|row| row.cure.as_str()))
        .text("source_file", rows.iter().map(|row| row.source_file.as_str()))
        .text("source_sheet", rows.iter().map(|row| row.source_sheet.as_str()))
        .long("source_line", rows.iter().map(|row| row.source_line))
        .of_run(run_id, rows.iter().map(|row| requirement_key(&row.program, &row.version, &row.requirement_id)))
        .finish()
}

/// Rows of `forecast` that the run `run_id` found, the newest of its dataset.
pub fn forecast_batch(rows: &[ForecastRow], run_id: &str) -> RecordBatch {
    let rows = sorted(rows, |row| by_count(&row.key, row.as_of));
    let count = |units: Option<f64>| units.map(|units| (units * 100.0).round() as i64);
    let point = |row: &ForecastRow, place: usize| row.quantiles.map(|points| points[place]);
    Columns::of(&tables::FORECAST)
        .of_count(rows.iter().map(|row| (&row.key, row.as_of)))
        .text("quarter", rows.iter().map(|row| row.quarter.as_str()))
        .date("forecast_from", rows.iter().map(|row| row.from))
        .date("known_at", rows.iter().map(|row| row.known_at))
        .text("held_status", rows.iter().map(|row| row.held_status.as_str()))
        .hundredths("held", rows.iter().map(|row| row.held))
        .hundredths("required", rows.iter().map(|row| row.required))
        .hundredths("expected", rows.iter().map(|row| count(row.expected)))
        .hundredths("p10", rows.iter().map(|row| point(row, 0)))
        .hundredths("p50", rows.iter().map(|row| point(row, 1)))
        .hundredths("p90", rows.iter().map(|row| point(row, 2)))
        .hundredths("p_met_pct", rows.iter().map(|row| percent(row.p_met)))
        .hundredths("p_met_at_most_pct", rows.iter().map(|row| percent(row.p_met_at_most)))
        .text("basis", rows.iter().map(|row| row.basis.name()))
        .of_run(run_id, rows.iter().map(|row| key_of(&row.key)))
        .finish()
}

/// Rows of `forecast_drivers` that the run `run_id` found, the newest of its dataset.
pub fn forecast_drivers_batch(rows: &[DriverRow], run_id: &str) -> RecordBatch {
    let rows = sorted(rows, |row| (by_count(&row.key, row.as_of), row.rank));
    Columns::of(&tables::FORECAST_DRIVERS)
        .of_count(rows.iter().map(|row| (&row.key, row.as_of)))
        .long("rank", rows.iter().map(|row| i64::from(row.rank)))
        .text("opportunity_id", rows.iter().map(|row| row.opportunity_id.as_str()))
        .text("label", rows.iter().map(|row| row.label.as_str()))
        .text("stage", rows.iter().map(|row| row.stage.as_str()))
        .date("target_close_date", rows.iter().map(|row| row.target_close_date))
        .hundredths("p_counts_pct", rows.iter().map(|row| percent(row.p_counts)))
        .hundredths("moves_pct", rows.iter().map(|row| percent(row.moves)))
        .text("source_file", rows.iter().map(|row| row.source_file.as_str()))
        .text("source_sheet", rows.iter().map(|row| row.source_sheet.as_str()))
        .long("source_line", rows.iter().map(|row| row.source_line))
        .of_run(run_id, rows.iter().map(|row| key_of(&row.key)))
        .finish()
}

/// A probability, of four decimals, as hundredths of a percent.
fn percent(probability: f64) -> i64 {
    (probability * 10_000.0).round() as i64
}

fn key_of(key: &CountKey) -> String {
    requirement_key(&key.program, &key.version, &key.requirement_id)
}

/// Partner, program, version, requirement, reading, date, member: the order of rows about one count and date.
type ByCount<'k> = (&'k str, &'k str, &'k str, &'k str, &'k str, NaiveDate, Option<&'k str>);

fn by_count(key: &CountKey, as_of: NaiveDate) -> ByCount<'_> {
    let CountKey { partner_id, program, version, requirement_id, reading, member } = key;
    (partner_id, program, version, requirement_id, reading, as_of, member.as_deref())
}

/// Rows of `rejects`.
pub fn rejects_batch(rejects: &[Reject]) -> RecordBatch {
    let rows = sorted(rejects, |reject| {
        let at = &reject.position;
        (&at.file, &at.sheet, at.line, at.byte, &reject.column, reject.reason.code())
    });
    Columns::of(&tables::REJECTS)
        .text("source_file", rows.iter().map(|row| row.position.file.as_str()))
        .text("source_sheet", rows.iter().map(|row| row.position.sheet.as_str()))
        .long("source_line", rows.iter().map(|row| long(row.position.line)))
        .long("source_byte", rows.iter().map(|row| row.position.byte.map(long)))
        .text("column_name", rows.iter().map(|row| row.column.as_deref()))
        .text("raw", rows.iter().map(|row| row.raw.as_str()))
        .text("reason", rows.iter().map(|row| row.reason.code()))
        .finish()
}

/// Rows of `findings`.
pub fn findings_batch(findings: &[Finding]) -> RecordBatch {
    let mut rows: Vec<&Finding> = findings.iter().collect();
    rows.sort_by(|a, b| a.published_order().cmp(&b.published_order()));
    Columns::of(&tables::FINDINGS)
        .text("partner_id", rows.iter().map(|row| row.partner_id.as_str()))
        .text("table", rows.iter().map(|row| row.table.name()))
        .text("row_id", rows.iter().map(|row| row.row_id.as_str()))
        .text("column_name", rows.iter().map(|row| row.column))
        .text("code", rows.iter().map(|row| row.code.code()))
        .text("detail", rows.iter().map(|row| row.detail.as_str()))
        .text("source_file", rows.iter().map(|row| row.position.file.as_str()))
        .text("source_sheet", rows.iter().map(|row| row.position.sheet.as_str()))
        .long("source_line", rows.iter().map(|row| long(row.position.line)))
        .finish()
}

/// Rows of `ledger`: each entry with the table that its file fills.
pub fn ledger_batch(entries: &[(TableId, LedgerEntry)]) -> RecordBatch {
    let rows = sorted(entries, |(_, entry)| (&entry.file, &entry.sheet));
    let count = |of: fn(&LedgerEntry) -> u64| rows.iter().map(move |(_, entry)| long(of(entry)));
    Columns::of(&tables::LEDGER)
        .text("source_file", rows.iter().map(|(_, entry)| entry.file.as_str()))
        .text("source_sheet", rows.iter().map(|(_, entry)| entry.sheet.as_str()))
        .text("table", rows.iter().map(|(table, _)| table.name()))
        .long("decoded", count(|entry| entry.decoded))
        .long("accepted", count(|entry| entry.accepted))
        .long("merged", count(|entry| entry.merged))
        .long("superseded", count(|entry| entry.superseded))
        .long("rejected", count(|entry| entry.rejected))
        .long("not_data", count(|entry| entry.not_data))
        .finish()
}

fn sorted<'a, T, K: Ord>(rows: &'a [T], key: impl Fn(&'a T) -> K) -> Vec<&'a T> {
    let mut rows: Vec<&T> = rows.iter().collect();
    rows.sort_by_cached_key(|row| key(row));
    rows
}

fn long(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests;
