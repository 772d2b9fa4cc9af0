//! Corrections: what a user states about rows, cells and customers, in a file of its own or in an edited `rejects.csv`.
//!
//! ```text
//!  corrections.csv   Action, Partner Id, Table, Row Id, Source File, Source Sheet, Source Line, Column, Value, Reason
//!  rejects.csv       source_file, source_sheet, source_line, column_name, reason, …, correction, why
//! ```
//!
//! Here the statements are only told apart; `supply` reads the values, `resolve` applies them.

use crate::csv::line_ends;
use crate::header::key;
use crate::pseudonym::WITHHELD;
use crate::row::CUT;
use crate::text::NO_LETTER;
use aceq_model::{Sha256Hex, TableId, formula};
use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The header line of a corrections file.
pub const CORRECTIONS_TEMPLATE: &str =
    "Action,Partner Id,Table,Row Id,Source File,Source Sheet,Source Line,Column,Value,Reason";

/// A file of corrections.
#[derive(Clone, Debug)]
pub struct Corrections {
    /// Its name, without folders.
    pub name: String,
    /// Identity of its content.
    pub content_hash: Sha256Hex,
    /// What it states, in file order.
    pub statements: Vec<Statement>,
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The row is not used.
    Exclude,
    /// The cell, or the whole record, is what the statement says.
    Supply,
    /// Two names are one customer.
    Same,
    /// Two names are two customers.
    Different,
}

/// One line of a corrections file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Line of the statement.
    pub line: u64,
    /// What is to be done.
    pub action: Action,
    /// The partner it is about; every partner without it.
    pub partner_id: Option<String>,
    /// The table of the row.
    pub table: Option<TableId>,
    /// The row's own id, or one of two customer names.
    pub row_id: Option<String>,
    /// Where the row was read.
    pub place: Option<StatedPlace>,
    /// Column of the cell, as written; without it a supplied value is a whole record.
    pub column: Option<String>,
    /// The value, the record, or the other customer name.
    pub value: String,
    /// Why.
    pub reason: String,
    /// The reject that it settles, where it stands in a list of rejects.
    pub settles: Option<Settles>,
}

/// A reject, as a list of rejects quotes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settles {
    /// Canonical column of a rejected cell; `None` for a whole row.
    pub column: Option<String>,
    /// The rejected text; empty where the list does not quote it.
    pub raw: String,
}

/// A place in an input, as a statement writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatedPlace {
    /// Name of the input, or the end of it.
    pub file: String,
    /// Worksheet; empty where the file is one table.
    pub sheet: String,
    /// Line of the record.
    pub line: u64,
}

/// A corrections file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CorrectionsError {
    /// The disk refuses.
    #[error("{}: cannot be read; check the path of the corrections file", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: std::io::Error,
    },
    /// It is no text table.
    #[error("{file}: this is no CSV file: {source}. Save it as CSV")]
    NotCsv {
        /// The file.
        file: String,
        /// What is wrong, and where.
        #[source]
        source: ::csv::Error,
    },
    /// The header lacks a column.
    #[error(
        "{file}:1: a corrections file has the columns `{CORRECTIONS_TEMPLATE}` (`aceq template corrections`), or those of rejects.csv; `{column}` is missing"
    )]
    NoColumn {
        /// The file.
        file: String,
        /// What is missing.
        column: &'static str,
    },
    /// A line says too little, or what nobody understands.
    #[error("{file}:{line}: {what}")]
    Statement {
        /// The file.
        file: String,
        /// The line.
        line: u64,
        /// What is wrong, and what to write.
        what: String,
    },
}

/// The text of a list, in whichever encoding a spreadsheet saved it. What it says of rows and names must be found as it stands,
/// so a letter that is read wrongly does nothing unseen; `None` where it is no text.
fn as_utf8(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let encoding = match Encoding::for_bom(bytes) {
        Some((stated, _)) => stated,
        None if simdutf8::basic::from_utf8(bytes).is_ok() => UTF_8,
        None if bytes.iter().any(|byte| NO_LETTER.contains(byte)) => return None,
        None => WINDOWS_1252,
    };
    let (text, _, is_damaged) = encoding.decode(bytes);
    (!is_damaged).then_some(text)
}

/// Bytes of a corrections file, at most.
const MOST: u64 = 256 << 20;

/// Where the columns stand.
struct Columns<'h> {
    keys: Vec<String>,
    record: &'h ::csv::StringRecord,
}

impl Settles {
    /// Whether this is what the list quotes: letters and digits are, for a spreadsheet may have saved the list again.
    pub fn quotes(&self, raw: &str) -> bool {
        let bare = |text: &str| text.chars().filter(|letter| letter.is_alphanumeric()).collect::<String>();
        self.raw.is_empty() || self.raw == WITHHELD || bare(&self.raw) == bare(raw)
    }
}

impl Columns<'_> {
    fn cell(&self, names: &[&str]) -> Option<String> {
        let place = self.keys.iter().position(|key| names.contains(&key.as_str()))?;
        let cell = self.record.get(place)?.trim();
        // An apostrophe in front is how a spreadsheet is told that this is no formula.
        Some(formula::as_written(cell).to_owned()).filter(|cell| !cell.is_empty())
    }
}

impl Corrections {
    /// Reads a file of corrections, or an edited `rejects.csv`, of which lines without a correction say nothing.
    ///
    /// # Errors
    /// When it cannot be read, or a line of it cannot be understood: a correction never does nothing silently.
    pub fn read(path: &Path) -> Result<Self, CorrectionsError> {
        let failed = |source| CorrectionsError::Unreadable { path: path.to_owned(), source };
        let mut bytes = Vec::new();
        // A device may never end.
        let file = std::fs::File::open(path).map_err(failed)?;
        file.take(MOST + 1).read_to_end(&mut bytes).map_err(failed)?;
        if bytes.len() as u64 > MOST {
            return Err(failed(std::io::Error::other("it holds more than 256 MB")));
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Self::of_text(&name, &bytes)
    }

    /// As [`Self::read`], of a text that is called `name` in messages.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of_text(name: &str, bytes: &[u8]) -> Result<Self, CorrectionsError> {
        let failed = |source| CorrectionsError::NotCsv { file: name.to_owned(), source };
        let wrong =
            |line: u64, what: &str| CorrectionsError::Statement { file: name.to_owned(), line, what: what.to_owned() };
        let decoded =
            as_utf8(bytes).ok_or_else(|| wrong(1, "it holds bytes that are no text: save it as CSV (UTF-8)"))?;
        let text = decoded.as_bytes();
        let mut reader = ::csv::ReaderBuilder::new().delimiter(separator(text)).flexible(true).from_reader(text);
        let keys: Vec<String> = reader.headers().map_err(failed)?.iter().map(key).collect();
        let are_rejects = check_header(name, &keys)?;
        let mut statements = Vec::new();
        let (mut last, mut swallows) = (1, false);
        for record in reader.records() {
            let record = record.map_err(failed)?;
            let line = record.position().map_or(0, |position| line_of(text, position.byte() as usize));
            last = line;
            swallows = record.iter().any(|cell| cell.contains(['\n', '\r']));
            if record.iter().skip(keys.len()).any(|cell| !cell.trim().is_empty()) {
                return Err(wrong(
                    line,
                    "it has more cells than the header: a text with the separator in it stands in quotes",
                ));
            }
            let columns = Columns { keys: keys.clone(), record: &record };
            let statement = match are_rejects {
                Form::Rejects => rejected(&columns, line).map_err(|what| wrong(line, &what))?,
                Form::Corrections => stated(&columns, line).map_err(|what| wrong(line, &what))?,
            };
            statements.extend(statement);
        }
        // A quote within a cell that does not begin with one opens nothing.
        if swallows && !memchr::memchr_iter(b'"', text).count().is_multiple_of(2) {
            let what = "a quote opens in it that is not closed before the file ends: quotes come in pairs, and one within a text is written twice";
            return Err(wrong(last, what));
        }
        let content_hash = Sha256Hex(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect());
        Ok(Self { name: name.to_owned(), content_hash, statements })
    }
}

/// The line on which the record begins that the reader found at `byte`: line ends and blank lines before it are skipped.
fn line_of(text: &[u8], byte: usize) -> u64 {
    let rest = &text[byte.min(text.len())..];
    let skipped = rest.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count();
    1 + line_ends(&text[..text.len() - rest.len() + skipped])
}

/// The separator of the header line, which spreadsheets choose by the language they speak.
fn separator(text: &[u8]) -> u8 {
    let header = text.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |separator: &u8| header.iter().filter(|byte| *byte == separator).count();
    // The last of several equals wins, and that is the comma.
    *[b'\t', b';', b','].iter().max_by_key(|separator| count(separator)).expect("there are three")
}

/// Which of the two forms a file has.
#[derive(Clone, Copy)]
enum Form {
    Corrections,
    Rejects,
}

fn check_header(file: &str, keys: &[String]) -> Result<Form, CorrectionsError> {
    let has = |name: &str| keys.iter().any(|key| key == name);
    let missing = |column| CorrectionsError::NoColumn { file: file.to_owned(), column };
    if has("correction") {
        return if has("sourcefile") && has("sourceline") { Ok(Form::Rejects) } else { Err(missing("source_line")) };
    }
    for (name, column) in [("action", "Action"), ("value", "Value"), ("reason", "Reason")] {
        if !has(name) {
            return Err(missing(column));
        }
    }
    Ok(Form::Corrections)
}

fn place(columns: &Columns<'_>) -> Result<Option<StatedPlace>, String> {
    let Some(file) = columns.cell(&["sourcefile"]) else { return Ok(None) };
    let written = columns.cell(&["sourceline"]).unwrap_or_default();
    let line = written.parse().map_err(|_| format!("`{written}` is no line: Source File needs its Source Line"))?;
    Ok(Some(StatedPlace { file, sheet: columns.cell(&["sourcesheet"]).unwrap_or_default(), line }))
}

/// A line of an edited `rejects.csv`; its reason, unless stated, is why it was rejected.
fn rejected(columns: &Columns<'_>, line: u64) -> Result<Option<Statement>, String> {
    let Some(value) = columns.cell(&["correction"]) else { return Ok(None) };
    let raw = columns.cell(&["raw"]).unwrap_or_default();
    if raw.ends_with(CUT.trim_start())
        && !value.eq_ignore_ascii_case("exclude")
        && columns.cell(&["columnname"]).is_none()
    {
        return Err(
            "the record is longer than what the list quotes of it: mend it in the file itself, or write exclude"
                .to_owned(),
        );
    }
    let action = if value.eq_ignore_ascii_case("exclude") { Action::Exclude } else { Action::Supply };
    let why = columns.cell(&["reason"]).unwrap_or_default();
    let place = place(columns)?.ok_or("the cells that say where the reject is are blank: leave them as they were")?;
    let column = columns.cell(&["columnname"]);
    Ok(Some(Statement {
        line,
        action,
        partner_id: None,
        table: None,
        row_id: None,
        place: Some(place),
        column: column.clone().filter(|_| action == Action::Supply),
        settles: Some(Settles { column, raw }),
        value,
        reason: columns.cell(&["why"]).unwrap_or_else(|| format!("rejected: {why}")),
    }))
}

fn stated(columns: &Columns<'_>, line: u64) -> Result<Option<Statement>, String> {
    if columns.record.iter().all(|cell| cell.trim().is_empty()) {
        return Ok(None);
    }
    let written = columns.cell(&["action"]).unwrap_or_default();
    let action = match written.to_ascii_lowercase().as_str() {
        "exclude" => Action::Exclude,
        "supply" => Action::Supply,
        "same" => Action::Same,
        "different" => Action::Different,
        _ => return Err(format!("`{written}` is no action: write exclude, supply, same or different")),
    };
    let table = columns.cell(&["table"]).map(|name| {
        let known = TableId::ALL.map(TableId::name).join(", ");
        TableId::from_name(&name).ok_or_else(|| format!("there is no table `{name}` (known: {known})"))
    });
    let statement = Statement {
        line,
        action,
        partner_id: columns.cell(&["partnerid"]),
        table: table.transpose()?,
        row_id: columns.cell(&["rowid"]),
        place: place(columns)?,
        column: columns.cell(&["column", "columnname"]),
        value: columns.cell(&["value"]).unwrap_or_default(),
        reason: columns.cell(&["reason"]).ok_or("it states no Reason: a correction without one proves nothing")?,
        settles: None,
    };
    check(&statement).map(|()| Some(statement))
}

fn check(statement: &Statement) -> Result<(), String> {
    let Statement { action, row_id, place, table, column, value, .. } = statement;
    let text = match action {
        Action::Same | Action::Different if row_id.is_none() || value.is_empty() => {
            "two customers are needed: one name under Row Id, the other under Value"
        }
        Action::Same | Action::Different => return Ok(()),
        _ if place.is_none() && (row_id.is_none() || table.is_none()) => {
            "it names no row: state Table and Row Id, or Source File and Source Line"
        }
        Action::Supply if value.is_empty() => "it supplies no Value: to leave a row out, write exclude",
        Action::Supply if column.is_none() && place.is_none() => {
            "it names no Column; a whole record is supplied by its Source File and Source Line"
        }
        _ => return Ok(()),
    };
    Err(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{Action, Corrections};

    fn parsed(text: &str) -> Result<Vec<String>, String> {
        let file = Corrections::of_text("c.csv", text.as_bytes()).map_err(|error| error.to_string())?;
        let line = |s: &super::Statement| {
            let place = s.place.as_ref().map(|place| format!("{}:{}", place.file, place.line));
            let target = s.row_id.clone().or(place).unwrap_or_default();
            format!(
                "{} {:?} {target} {} {} ({})",
                s.line,
                s.action,
                s.column.as_deref().unwrap_or("-"),
                s.value,
                s.reason
            )
        };
        Ok(file.statements.iter().map(line).collect())
    }

    #[test]
    fn both_forms_are_read() {
        let own = "\u{feff}Action,Table,Row Id,Column,Value,Reason\n\
                   exclude,opportunities,O1,,,twin of O2\n\
                   Supply,opportunities,O3,mrr_usd,\"1,200\",the bill says so\n\
                   same,,Acme,,Acme Holding,merged\n,,,,,\n";
        assert_eq!(
            parsed(own).unwrap(),
            [
                "2 Exclude O1 -  (twin of O2)",
                "3 Supply O3 mrr_usd 1,200 (the bill says so)",
                "4 Same Acme - Acme Holding (merged)",
            ]
        );
        let rejects = "source_file,source_sheet,source_line,column_name,reason,raw,correction,why\n\
                       a.csv,,7,created_date,bad_date,soon,2026-01-02,asked\n\
                       a.csv,,8,created_date,bad_date,soon,,\n\
                       a.csv,,9,,missing_id,\",x\",Exclude,\n";
        assert_eq!(
            parsed(rejects).unwrap(),
            ["2 Supply a.csv:7 created_date 2026-01-02 (asked)", "4 Exclude a.csv:9 - Exclude (rejected: missing_id)"]
        );
        assert_eq!(Action::Exclude, Action::Exclude);
    }

    #[test]
    fn a_spreadsheet_may_choose_the_separator() {
        let commas = "source_file,source_sheet,source_line,column_name,reason,raw,correction,why\n\
                      a.csv,,9,,missing_id,\",x\",\"O1,x\",\"the owner, by phone\"\n";
        let semicolons = "source_file;source_sheet;source_line;column_name;reason;raw;correction;why\n\
                          a.csv;;9;;missing_id;,x;O1,x;the owner, by phone\n";
        assert_eq!(parsed(commas).unwrap(), ["2 Supply a.csv:9 - O1,x (the owner, by phone)"]);
        assert_eq!(parsed(semicolons).unwrap(), parsed(commas).unwrap());
        assert_eq!(parsed(&semicolons.replace(';', "\t")).unwrap(), parsed(commas).unwrap());
    }

    #[test]
    fn a_line_that_cannot_be_understood_is_named() {
        let header = "Action,Table,Row Id,Source File,Source Line,Column,Value,Reason\n";
        for (line, message) in [
            ("drop,opportunities,O1,,,,,x", "c.csv:2: `drop` is no action"),
            ("exclude,opportunities,O1,,,,,", "it states no Reason"),
            ("exclude,deals,O1,,,,,x", "there is no table `deals`"),
            ("exclude,,O1,,,,,x", "it names no row"),
            ("exclude,,,a.csv,,,,x", "is no line"),
            ("supply,opportunities,O1,,,stage,,x", "it supplies no Value"),
            ("same,,Acme,,,,,x", "two customers are needed"),
        ] {
            let error = parsed(&format!("{header}{line}\n")).unwrap_err();
            assert!(error.contains(message), "{error}");
        }
        assert!(parsed("Action,Value\n").unwrap_err().contains("`Reason` is missing"));
    }
}
