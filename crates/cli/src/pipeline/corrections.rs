//! From what corrections files state to what is applied: values in their types, records read again, rows left out.
//!
//! ```text
//!  Statement ─┬ same, different ───────────▶ resolve's overrides
//!             ├ exclude, supply a cell ─────▶ resolve, after rows were compared
//!             └ at the place of a reject ───▶ here: the reject is settled, a record is read in its new wording
//! ```
//!
//! Every statement must do something; those that met nothing end the run.

mod one_or_two;
mod told;

use super::partner_names::key;
use crate::error::CliError;
use crate::settings::Reading;
use aceq_ingest::{Action, Input, Recognised, Settles, StatedPlace, Statement, read_record, read_value};
use aceq_model::{FileRecord, FindingAt, FindingCode, LedgerEntry, TableId};
use aceq_resolve::{Change, Correction, Override, RowAddress, Scope, StatementsUsed};
use aceq_store::{Findings, Rejects};
use arrow::array::RecordBatch;
use one_or_two::one_or_two;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use told::{excluded, start, supplied_record};

/// What is to be applied, and what of it has met its row.
#[derive(Default)]
pub(super) struct Corrections {
    /// Statements about rows and cells, until resolve takes them.
    rows: Vec<Correction>,
    same: Vec<Override>,
    different: Vec<Override>,
    /// Whether statements of the settings, which come before those of files, may meet nobody.
    names_may_be_missing: bool,
    records: Vec<Rewritten>,
    /// Rejects that lists of rejects quote and that statements settle.
    quoted: Vec<Quoted>,
    /// Places in `rows` of those that settled a reject.
    met: BTreeSet<usize>,
    /// What was said about a cell or two names, and where.
    said: BTreeMap<String, (String, String)>,
}

/// A record that a statement means by its place.
struct Addressed {
    /// Corrections file and line of the statement.
    file: Arc<str>,
    line: u64,
    /// File, sheet and line of the record.
    path: String,
    sheet: String,
    record_line: u64,
}

impl Addressed {
    /// `None` where the row is meant by its id.
    fn of(file: &Arc<str>, line: u64, row: &RowAddress) -> Option<Self> {
        let RowAddress::At { file: path, sheet, line: record_line } = row else { return None };
        let (path, sheet, record_line) = (path.clone(), sheet.clone(), record_line.unsigned_abs());
        Some(Self { file: Arc::clone(file), line, path, sheet, record_line })
    }

    fn is_in(&self, file: &FileRecord) -> bool {
        self.path == file.path && self.sheet == file.sheet
    }

    /// What is wrong with the statement.
    fn error(&self, what: String) -> CliError {
        CliError::Correction { file: self.file.to_string(), line: self.line, what }
    }
}

/// A whole record in another wording.
struct Rewritten {
    at: Addressed,
    text: String,
    reason: String,
    met: Met,
}

/// A reject that a list of rejects quotes.
struct Quoted {
    at: Addressed,
    reject: Settles,
}

/// Whether a statement has met its record.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Met {
    Yes,
    No,
}

/// What was rejected in one file, and where its records went.
pub(super) struct FileRejects<'f> {
    pub(super) input: &'f Input,
    pub(super) recognised: &'f Recognised,
    pub(super) record: &'f FileRecord,
    pub(super) ledger: &'f mut LedgerEntry,
    pub(super) rejects: &'f mut Rejects,
    /// How many rejects of earlier files come before its own.
    pub(super) first: usize,
    pub(super) findings: &'f mut Findings,
}

/// The files in which statements may name places.
type Inputs<'i> = &'i [(Input, Recognised)];

impl Corrections {
    /// Reads every value; `inputs` are the recognised files.
    ///
    /// # Errors
    /// When a statement names no file, no column, or a value that a file's cell could not hold.
    pub(super) fn prepare(reading: &Reading, inputs: Inputs<'_>) -> Result<Self, CliError> {
        let mut corrections = Self { names_may_be_missing: reading.names_may_be_missing, ..Self::default() };
        for file in &reading.corrections {
            let name: Arc<str> = Arc::from(file.name.as_str());
            for statement in &file.statements {
                let added = corrections.add(&name, statement, reading, inputs);
                added.map_err(|what| CliError::Correction { file: file.name.clone(), line: statement.line, what })?;
            }
        }
        one_or_two(reading)?;
        Ok(corrections)
    }

    fn add(
        &mut self,
        file: &Arc<str>,
        statement: &Statement,
        reading: &Reading,
        inputs: Inputs<'_>,
    ) -> Result<(), String> {
        self.note(file, statement)?;
        match statement.action {
            Action::Same => self.same.push(names(file, statement)),
            Action::Different => self.different.push(names(file, statement)),
            Action::Exclude => {
                let (table, row, _) = address(statement, inputs)?;
                self.quote(file, statement, &row);
                self.rows.push(correction(file, statement, table, row, Change::Exclude));
            }
            Action::Supply => {
                let (table, row, like) = address(statement, inputs)?;
                self.quote(file, statement, &row);
                match (&statement.column, Addressed::of(file, statement.line, &row)) {
                    (Some(column), _) => {
                        let (change, doubts) = supplied(table, column, &statement.value, like, reading)?;
                        let correction = correction(file, statement, table, row, change);
                        self.rows.push(Correction { doubts, ..correction });
                    }
                    (None, Some(at)) => self.records.push(Rewritten {
                        at,
                        text: statement.value.clone(),
                        reason: statement.reason.clone(),
                        met: Met::No,
                    }),
                    (None, None) => return Err("it names no Column".to_owned()),
                }
            }
        }
        Ok(())
    }

    /// Two statements that contradict each other: neither is followed.
    fn note(&mut self, file: &str, statement: &Statement) -> Result<(), String> {
        let Statement { action, partner_id, table, row_id, place, column, value, line, .. } = statement;
        let record = match place {
            Some(place) => format!("{place:?}"),
            None => format!("{partner_id:?} {table:?} {row_id:?}"),
        };
        let of_record = (record, format!("{action:?}"));
        let claims = match (action, column) {
            (Action::Same | Action::Different, _) => {
                let mut names = [key(row_id.as_deref().unwrap_or_default()), key(value)];
                names.sort();
                vec![(format!("{partner_id:?} {names:?}"), format!("{action:?}"))]
            }
            // A record that is left out has no cells to supply.
            (Action::Supply, Some(column)) => {
                let cell = format!("{partner_id:?} {table:?} {row_id:?} {place:?} {}", key(column));
                vec![of_record, (cell, value.clone())]
            }
            _ => vec![of_record],
        };
        for (about, says) in claims {
            match self.said.insert(about, (says.clone(), format!("{file}:{line}"))) {
                Some((other, there)) if other != says => {
                    return Err(format!("it contradicts {there}: leave one of the two"));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn quote(&mut self, file: &Arc<str>, statement: &Statement, row: &RowAddress) {
        let at = Addressed::of(file, statement.line, row);
        self.quoted.extend(at.zip(statement.settles.clone()).map(|(at, reject)| Quoted { at, reject }));
    }

    /// A list of rejects speaks of the files that it was made from: what it settles must still be rejected, with the
    /// text that it quotes. Else its lines would hit other records.
    fn check_quotes(&self, file: &FileRejects<'_>, reading: &Reading) -> Result<(), CliError> {
        let hashed = if reading.ingest.pseudonyms.is_some() { ", pseudonymised with the same key" } else { "" };
        for Quoted { at, reject } in self.quoted.iter().filter(|quoted| quoted.at.is_in(file.record)) {
            let column = reject.column.as_deref();
            let raw = file.rejects.raw_at(file.first, at.record_line, column)?;
            if raw.iter().any(|raw| reject.quotes(raw)) {
                continue;
            }
            let place = format!("{}:{}", file.input.name, at.record_line);
            let now = match raw.first() {
                None => "is not rejected while it is read (what only other files decide, like missing_partner, is not settled here)".to_owned(),
                Some(raw) => format!("is `{}` now", start(raw)),
            };
            let what = format!(
                "{} of {place} {now}, the list says `{}`. Correct the rejects.csv of a run over these very files{hashed}{}",
                column.unwrap_or("the record"),
                start(&reject.raw),
                if raw.is_empty() {
                    ""
                } else {
                    "; where only a spreadsheet changed the text, empty its cell under raw"
                },
            );
            return Err(at.error(what));
        }
        Ok(())
    }

    /// Settles the rejects of one file that the user has corrected or excluded; returns the records read again.
    ///
    /// # Errors
    /// When a list of rejects speaks of other files, or a record cannot be read in its new wording either.
    pub(super) fn settle(
        &mut self,
        mut file: FileRejects<'_>,
        reading: &Reading,
    ) -> Result<Vec<RecordBatch>, CliError> {
        self.check_quotes(&file, reading)?;
        self.forget_findings(&mut file);
        self.settle_cells_and_rows(&mut file)?;
        let mut read = Vec::new();
        let is_here = |rewritten: &&mut Rewritten| rewritten.at.is_in(file.record) && rewritten.met == Met::No;
        for rewritten in self.records.iter_mut().filter(is_here) {
            let (line, text) = (rewritten.at.record_line, rewritten.text.as_str());
            let Some(position) = file.rejects.row_at(file.first, line) else { continue };
            let batch = read_record(file.recognised, file.record, line, text, &reading.mappings, &reading.ingest);
            let what = |error| format!("the record of {}:{line} in its new wording: {error}", file.input.name);
            let (batch, findings) = batch.map_err(|error| rewritten.at.error(what(error)))?;
            let told = supplied_record(rewritten, file.record.table, position, &batch);
            file.findings.extend(findings.into_iter().chain([told]))?;
            read.push(batch);
            file.rejects.settle(file.first, line, None);
            file.ledger.rejected -= 1;
            file.ledger.accepted += 1;
            rewritten.met = Met::Yes;
        }
        Ok(read)
    }

    /// What was found of a rejected record says nothing any more once the record is written anew or left out.
    fn forget_findings(&self, file: &mut FileRejects<'_>) {
        let excluded = self.rows.iter().filter(|correction| correction.change == Change::Exclude);
        let excluded = excluded.filter_map(|correction| match &correction.row {
            RowAddress::At { file: path, sheet, line } => Some((path, sheet, line.unsigned_abs())),
            RowAddress::Id(_) => None,
        });
        let rewritten = self.records.iter().map(|one| (&one.at.path, &one.at.sheet, one.at.record_line));
        let here = excluded
            .chain(rewritten)
            .filter(|(path, sheet, _)| **path == file.record.path && **sheet == file.record.sheet);
        let lines: BTreeSet<u64> =
            here.map(|(.., line)| line).filter(|line| file.rejects.row_at(file.first, *line).is_some()).collect();
        if !lines.is_empty() {
            let is_here = |at: &FindingAt<'_>| at.file == file.record.path && at.sheet == file.record.sheet;
            file.findings.retain(|at| !is_here(&at) || !lines.contains(&at.line));
        }
    }

    /// Cells that are supplied, and rows that are left out, are no rejects any more. What was read of them is resolve's.
    fn settle_cells_and_rows(&mut self, file: &mut FileRejects<'_>) -> Result<(), CliError> {
        for (index, correction) in self.rows.iter().enumerate() {
            let RowAddress::At { file: path, sheet, line } = &correction.row else { continue };
            if *path != file.record.path || *sheet != file.record.sheet {
                continue;
            }
            let line = line.unsigned_abs();
            match &correction.change {
                Change::Supply { column, .. } => file.rejects.settle(file.first, line, Some(column)),
                Change::Exclude => {
                    if let Some(row) = file.rejects.row_at(file.first, line) {
                        file.findings.extend([excluded(correction, row)])?;
                        file.ledger.rejected -= 1;
                        file.ledger.superseded += 1;
                        self.met.insert(index);
                    }
                    file.rejects.settle(file.first, line, None);
                }
            }
        }
        Ok(())
    }

    /// Hands over what resolve applies.
    pub(super) fn hand_over(&mut self, settings: &mut aceq_resolve::Settings) {
        settings.same.extend(self.same.iter().cloned());
        settings.different.extend(self.different.iter().cloned());
        settings.corrections = std::mem::take(&mut self.rows);
    }

    /// Looks for statements that met no row: `settings` are those that resolve took, `used` the places of those it used. One about
    /// a file that is not used is fine where the same is stated of its twin.
    ///
    /// # Errors
    /// When there is one.
    pub(super) fn check(
        &self,
        settings: &aceq_resolve::Settings,
        used: &Used,
        is_told_of_twin: impl Fn(&Correction) -> bool,
    ) -> Result<(), CliError> {
        let rows = &settings.corrections;
        if let Some(several) = used.ambiguous.first().map(|index| &rows[*index]) {
            let what = "several records stand on the line that it names, such as the answers about several references: correct the file itself, or name the row by Table and Row Id".to_owned();
            return Err(CliError::Correction { file: several.file.to_string(), line: several.line, what });
        }
        if let Some((first, second)) = used.contradicting.first() {
            let (first, second) = (&rows[*first], &rows[*second]);
            let there = format!("{}:{}", first.file, first.line);
            let what = format!("it says something else about a row than {there}: leave one of the two");
            return Err(CliError::Correction { file: second.file.to_string(), line: second.line, what });
        }
        let rows = rows.iter().enumerate().filter(|(index, correction)| {
            !used.rows.contains(index) && !self.met.contains(index) && !is_told_of_twin(correction)
        });
        let rows = rows.map(|(_, correction)| (&correction.file, correction.line));
        let records = self.records.iter().filter(|rewritten| rewritten.met == Met::No);
        let places = rows.chain(records.map(|rewritten| (&rewritten.at.file, rewritten.at.line)));
        let mut unmet: Vec<String> = places.map(|(file, line)| format!("{file}:{line}")).collect();
        let of_settings = |stated: &[Override], own: &[Override]| match self.names_may_be_missing {
            true => stated.len() - own.len(),
            false => 0,
        };
        let first = of_settings(&settings.same, &self.same);
        unmet.extend(unmet_names(&settings.same, first, &used.statements.same));
        let first = of_settings(&settings.different, &self.different);
        unmet.extend(unmet_names(&settings.different, first, &used.statements.different));
        if unmet.is_empty() {
            return Ok(());
        }
        let list: Vec<String> = unmet.iter().take(10).cloned().collect();
        Err(CliError::UnmetCorrections { count: unmet.len(), list: list.join(", ") })
    }
}

/// What resolve used.
#[derive(Clone, Debug, Default)]
pub struct Used {
    /// Places of statements about rows.
    pub rows: BTreeSet<usize>,
    /// Pairs of them that say different things about one row.
    pub contradicting: BTreeSet<(usize, usize)>,
    /// Those that mean a line on which several records stand.
    pub ambiguous: BTreeSet<usize>,
    /// Places of statements about names.
    pub statements: StatementsUsed,
}

impl Used {
    pub(super) fn add(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.contradicting.extend(other.contradicting);
        self.ambiguous.extend(other.ambiguous);
        self.statements.same.extend(other.statements.same);
        self.statements.different.extend(other.statements.different);
    }
}

/// Statements about names of which not both occur, from the place `first` on, each by its reason, which names file and line.
fn unmet_names<'o>(
    stated: &'o [Override],
    first: usize,
    used: &BTreeSet<u32>,
) -> impl Iterator<Item = String> + use<'o> {
    let used: BTreeSet<usize> = used.iter().map(|place| *place as usize).collect();
    let unmet = stated.iter().zip(0..).skip(first).filter(move |(_, place)| !used.contains(place));
    unmet.map(|(names, _)| format!("`{}` and `{}` ({})", names.left, names.right, names.reason))
}

fn names(file: &str, statement: &Statement) -> Override {
    Override {
        partner_id: statement.partner_id.clone(),
        left: statement.row_id.clone().unwrap_or_default(),
        right: statement.value.clone(),
        reason: format!("{} ({file}:{})", statement.reason, statement.line),
    }
}

fn correction(file: &Arc<str>, statement: &Statement, table: TableId, row: RowAddress, change: Change) -> Correction {
    Correction {
        partner_id: statement.partner_id.clone(),
        table,
        row,
        // Who corrects a list of rejects says what should have stood in the file.
        scope: if statement.settles.is_some() { Scope::Record } else { Scope::Row },
        row_id: statement.row_id.clone().filter(|_| statement.place.is_some()),
        change,
        file: Arc::clone(file),
        line: statement.line,
        reason: statement.reason.clone(),
        doubts: Vec::new(),
    }
}

/// The table and row that a statement means, and a file like which its value is read.
fn address<'i>(statement: &Statement, inputs: Inputs<'i>) -> Result<(TableId, RowAddress, &'i Recognised), String> {
    if let Some(place) = &statement.place {
        let (input, recognised) = named_file(place, inputs)?;
        if statement.table.is_some_and(|table| table != recognised.table) {
            return Err(format!("{} holds {}, not the Table stated", input.name, recognised.table.name()));
        }
        let line = i64::try_from(place.line).map_err(|_| format!("there is no line {}", place.line))?;
        let row = RowAddress::At { file: input.name.clone(), sheet: recognised.sheet.clone(), line };
        return Ok((recognised.table, row, recognised));
    }
    match (statement.table, &statement.row_id, inputs.first()) {
        (Some(table), Some(id), Some((_, like))) => Ok((table, RowAddress::Id(id.clone()), like)),
        _ => Err("it names no row: state Table and Row Id, or Source File and Source Line".to_owned()),
    }
}

/// The file with this name, else the only one whose name ends so.
fn named_file<'i>(place: &StatedPlace, inputs: Inputs<'i>) -> Result<&'i (Input, Recognised), String> {
    let sheet = |recognised: &Recognised| place.sheet.is_empty() || recognised.sheet == place.sheet;
    let whole = inputs.iter().find(|(input, recognised)| input.name == place.file && sheet(recognised));
    if let Some(found) = whole {
        return Ok(found);
    }
    let end = format!("/{}", place.file);
    let mut found = inputs.iter().filter(|(input, recognised)| input.name.ends_with(&end) && sheet(recognised));
    match (found.next(), found.next()) {
        (Some(only), None) => Ok(only),
        (Some(_), Some(_)) => Err(format!("several files are called {}: write the folder too", place.file)),
        _ => Err(format!("no file that was read is called {} (see `source_file` of the row)", place.file)),
    }
}

fn supplied(
    table: TableId,
    written: &str,
    value: &str,
    like: &Recognised,
    reading: &Reading,
) -> Result<(Change, Vec<(FindingCode, String)>), String> {
    let keys = ["partner_id", "opportunity_id", "masked"];
    let open = || table.schema().ingested_columns().filter(|column| !keys.contains(&column.name));
    let column = open().find(|column| key(column.name) == key(written)).ok_or_else(|| {
        let known: Vec<&str> = open().map(|column| column.name).collect();
        format!("`{}` has no column `{written}` that can be supplied; its columns: {}", table.name(), known.join(", "))
    })?;
    let read = read_value(like, table, column.name, value, &reading.mappings, &reading.ingest);
    let (value, findings) = read.map_err(|error| format!("{}: `{value}`: {error}", column.name))?;
    let doubts = findings.into_iter().map(|finding| (finding.code, finding.detail)).collect();
    Ok((Change::Supply { column: column.name, value }, doubts))
}
