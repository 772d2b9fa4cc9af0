//! One table in every dialect: whatever the separator, encoding, line ends, quotes and surroundings, the same rows.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use aceq_ingest::Options;
use aceq_model::{FindingCode, RejectReason};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::Decimal128Type;
use std::io::Write;
use support::{Outcome, outcomes};

/// What is written: quotes within quotes, separators and line ends within cells, letters beyond ASCII.
const TITLES: [&str; 4] = ["Plain", "Say \"hi\"; a, b | c\td ^", "two\nlines", "Zürich, Ærø"];

#[derive(Clone, Copy, Debug)]
enum Coding {
    Utf8,
    Utf8Mark,
    Utf16Le,
    Utf16Be,
    Utf16LeBare,
    Utf16BeBare,
    Windows1252,
}

const CODINGS: [Coding; 7] = [
    Coding::Utf8,
    Coding::Utf8Mark,
    Coding::Utf16Le,
    Coding::Utf16Be,
    Coding::Utf16LeBare,
    Coding::Utf16BeBare,
    Coding::Windows1252,
];

impl Coding {
    fn encode(self, text: &str) -> Vec<u8> {
        let wide = |mark: &str, low_first: bool| -> Vec<u8> {
            let units = mark.encode_utf16().chain(text.encode_utf16());
            units.flat_map(|unit| if low_first { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
        };
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf8Mark => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            Self::Utf16Le => wide("\u{FEFF}", true),
            Self::Utf16Be => wide("\u{FEFF}", false),
            Self::Utf16LeBare => wide("", true),
            Self::Utf16BeBare => wide("", false),
            // The letters used lie in both code pages at the same place.
            Self::Windows1252 => text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect(),
        }
    }
}

/// What stands around the table, or is odd about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Oddity {
    None,
    Preamble,
    WidePreamble,
    StatedSeparator,
    Footer,
    WideFooter,
    RepeatedHeader,
    TrailingSeparators,
    TrailingSeparatorsInRows,
    BlankLines,
    NoLastLineEnd,
    QuotedThroughout,
    SpacesAround,
    ShortRow,
}

const ODDITIES: [Oddity; 14] = [
    Oddity::None,
    Oddity::Preamble,
    Oddity::WidePreamble,
    Oddity::StatedSeparator,
    Oddity::Footer,
    Oddity::WideFooter,
    Oddity::RepeatedHeader,
    Oddity::TrailingSeparators,
    Oddity::TrailingSeparatorsInRows,
    Oddity::BlankLines,
    Oddity::NoLastLineEnd,
    Oddity::QuotedThroughout,
    Oddity::SpacesAround,
    Oddity::ShortRow,
];

const ENDS: [&[&str]; 4] = [&["\n"], &["\r\n"], &["\r"], &["\n", "\r\n", "\r"]];

fn line(cells: &[&str], separator: char, oddity: Oddity) -> String {
    let written = |cell: &&str| match cell.contains([separator, '"', '\n', '\r']) || oddity == Oddity::QuotedThroughout
    {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false if oddity == Oddity::SpacesAround => format!(" {cell} "),
        false => (*cell).to_owned(),
    };
    cells.iter().map(written).collect::<Vec<_>>().join(&separator.to_string())
}

/// The lines of the file.
fn lines(separator: char, oddity: Oddity) -> Vec<String> {
    let join = |cells: &[&str]| line(cells, separator, oddity);
    let header = join(&["Opportunity Id", "Partner Project Title", "Stage", "MRR", "Customer Company Name"]);
    let mut rows: Vec<String> = Vec::new();
    for (number, title) in TITLES.iter().enumerate() {
        rows.push(join(&[&format!("O{number}"), title, "Launched", "12.5", "Nordwind"]));
    }
    let mut lines = vec![header.clone()];
    lines.extend(rows);
    let blanks = separator.to_string().repeat(3);
    match oddity {
        Oddity::None | Oddity::NoLastLineEnd | Oddity::QuotedThroughout | Oddity::SpacesAround => {}
        Oddity::Preamble => drop(lines.splice(0..0, ["Pipeline report".to_owned(), "Exported 2026-11-15".to_owned()])),
        Oddity::WidePreamble => lines.insert(0, join(&["Report", "Stage", "all", "Owner", "all", "Year", "2026", "x"])),
        Oddity::StatedSeparator => lines.insert(0, format!("sep={separator}")),
        Oddity::Footer => lines.extend(["Total: 4 records".to_owned(), "Confidential".to_owned()]),
        Oddity::WideFooter => {
            lines.push(join(&["Total", "", "", "50.00", ""]));
            lines.push(join(&["", "", "", "", "Generated on 2026-11-15"]));
            lines.push(join(&["Record count", "4", "", "", ""]));
            lines.push(join(&["Copyright 2026 Example", "Confidential", "", "", ""]));
        }
        Oddity::RepeatedHeader => lines.insert(3, header),
        Oddity::TrailingSeparators => lines.iter_mut().for_each(|line| line.push_str(&blanks)),
        Oddity::TrailingSeparatorsInRows => lines.iter_mut().skip(1).for_each(|line| line.push_str(&blanks)),
        Oddity::BlankLines => drop(lines.splice(2..2, [String::new(), blanks, String::new()])),
        Oddity::ShortRow => lines.push("O9".to_owned()),
    }
    lines
}

fn written(separator: char, ends: &[&str], oddity: Oddity) -> String {
    let lines = lines(separator, oddity);
    let mut text = String::new();
    for (number, line) in lines.iter().enumerate() {
        text.push_str(line);
        if oddity != Oddity::NoLastLineEnd || number + 1 < lines.len() {
            text.push_str(ends[number % ends.len()]);
        }
    }
    text
}

fn read(bytes: &[u8]) -> Result<Outcome, String> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let read = outcomes(file.path(), &Options::default());
    let (mut tables, others) = read.map_err(|error| error.to_string())?;
    let outcome = tables.remove(0);
    assert!(tables.is_empty() && others.is_empty(), "a text is one table");
    assert_eq!(outcome.recognised.table, outcome.file.table);
    Ok(outcome)
}

/// Id, title, monthly amount in cents: the cells of all rows.
fn cells(batch: &RecordBatch) -> Vec<(String, Option<String>, Option<i128>)> {
    let text = |name: &str, row: usize| {
        let column = batch[name].as_string::<i32>();
        column.is_valid(row).then(|| column.value(row).to_owned())
    };
    let money = batch["mrr_usd"].as_primitive::<Decimal128Type>();
    let cents = |row: usize| money.is_valid(row).then(|| money.value(row));
    (0..batch.num_rows()).map(|row| (text("opportunity_id", row).unwrap(), text("title", row), cents(row))).collect()
}

fn expected(oddity: Oddity) -> Vec<(String, Option<String>, Option<i128>)> {
    let row = |(number, title): (usize, &&str)| (format!("O{number}"), Some((*title).to_owned()), Some(1250));
    let mut rows: Vec<_> = TITLES.iter().enumerate().map(row).collect();
    if oddity == Oddity::ShortRow {
        rows.push(("O9".to_owned(), None, None));
    }
    rows
}

#[test]
fn every_dialect_gives_the_same_rows() {
    let mut wrong = Vec::new();
    for separator in [',', ';', '\t', '|', '^', '~'] {
        for coding in CODINGS {
            for ends in ENDS {
                for oddity in ODDITIES {
                    let result = read(&coding.encode(&written(separator, ends, oddity)));
                    let fault = match &result {
                        Err(error) => Some(error.clone()),
                        Ok(outcome) => {
                            let rows: Vec<_> = outcome.batches.iter().flat_map(cells).collect();
                            let whole = outcome.rejects.is_empty() && outcome.ledger.balances();
                            (rows != expected(oddity) || !whole).then(|| format!("{rows:?} {:?}", outcome.rejects))
                        }
                    };
                    wrong.extend(fault.map(|fault| format!("{separator:?} {coding:?} {ends:?} {oddity:?}: {fault}")));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong, such as\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
}

/// A download that breaks off leaves a last row without its end.
#[test]
fn a_file_that_is_cut_off_is_told() {
    let whole = written(',', &["\n"], Oddity::None);
    let cut_in_quotes = &whole[..whole.find("lines").unwrap()];
    let outcome = read(cut_in_quotes.as_bytes()).unwrap();
    assert_eq!((outcome.ledger.accepted, outcome.rejects[0].reason), (2, RejectReason::OpenQuote));
    let cut_in_a_row = &whole[..whole.rfind("12.5").unwrap() + 2];
    let outcome = read(cut_in_a_row.as_bytes()).unwrap();
    assert!(outcome.findings.iter().any(|finding| finding.code == FindingCode::CutOff && finding.row_id == "O3"));
    let short_but_whole = read(written(',', &["\n"], Oddity::ShortRow).as_bytes()).unwrap();
    assert!(short_but_whole.findings.iter().all(|finding| finding.code != FindingCode::CutOff));
}

#[test]
fn a_header_without_end_is_refused() {
    let cases = [
        ("Opportunity Id,Stage".to_owned() + &",".repeat(20_000) + "\nO1,Launched\n"),
        ("Opportunity Id,Stage".to_owned() + &",x".repeat(1_000_000) + "\nO1,Launched\n"),
        (";x".repeat(1_000_000) + "\n"),
    ];
    for content in cases {
        let error = read(content.as_bytes()).err().unwrap();
        assert!(error.contains("the number of fields in its header is beyond the limit of 16384"), "{error}");
    }
}
