//! Laws: whatever the bytes, nothing panics, no record is lost, and the size of the blocks shows nowhere.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use aceq_ingest::{IngestError, Options};
use aceq_model::RejectReason;
use proptest::prelude::*;
use std::io::Write;
use std::path::Path;
use support::{Outcome, outcomes, written};

const HEADER: &str = "Opportunity Id,Stage,Date Created,MRR,AWS Products,Customer Company Name\n";

fn outcome(path: &Path, options: &Options) -> Result<Outcome, IngestError> {
    Ok(outcomes(path, options)?.0.remove(0))
}

fn read(content: &[u8], options: &Options) -> Outcome {
    let mut file = tempfile::Builder::new().suffix(".csv").tempfile().unwrap();
    file.write_all(content).unwrap();
    outcome(file.path(), options).unwrap()
}

/// The outcome without the name of the temporary file, which differs.
fn shown(content: &[u8], options: &Options) -> String {
    written(&read(content, options))
}

/// Records that the `csv` crate sees.
fn records(content: &[u8]) -> u64 {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(content);
    reader.byte_records().count() as u64
}

fn has_stray_quote(outcome: &Outcome) -> bool {
    outcome.rejects.iter().any(|reject| matches!(reject.reason, RejectReason::OpenQuote | RejectReason::RowTooLong))
}

/// Cells that look like those of an export, well and badly written.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        "O[0-9]{1,8}",
        Just(String::new()),
        prop::sample::select(vec![
            "Launched",
            "Total",
            "Accept to View",
            "xxxxxx",
            "3/4/2026",
            "25/12/2026",
            "12/25/2026",
            "2026-01-02",
            "46346",
            "1.234",
            "1,234",
            "12.5",
            "12,5",
            "$5",
            "-5",
            "EUR 7",
            "Amazon S3;AWS Glue",
            "Acme, Inc.",
            "two\nlines",
            "é",
        ])
        .prop_map(str::to_owned),
        "[ -~]{0,12}",
    ]
}

fn line() -> impl Strategy<Value = String> {
    let quoted = |cell: String| match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell,
    };
    let row = prop::collection::vec(cell().prop_map(quoted), 0..8).prop_map(|cells| cells.join(","));
    let end = prop::sample::select(vec!["\n", "\r\n", "\r", "\n\n"]);
    prop_oneof![8 => row, 1 => "[,\"a\n\r ]{0,12}"]
        .prop_flat_map(move |row| end.clone().prop_map(move |end| row.clone() + end))
}

fn check(content: &[u8], chunk_bytes: usize) -> Result<(), TestCaseError> {
    let options = Options { max_record_bytes: 200, ..Options::default() };
    let whole = read(content, &options);
    prop_assert!(whole.ledger.balances(), "{:?}", whole.ledger);
    let rows: usize = whole.batches.iter().map(|batch| batch.num_rows()).sum();
    let rejected_rows = whole.rejects.iter().filter(|reject| reject.column.is_none()).count();
    prop_assert_eq!((rows as u64, rejected_rows as u64), (whole.ledger.accepted, whole.ledger.rejected));
    if !has_stray_quote(&whole) {
        prop_assert_eq!(whole.ledger.decoded, records(content));
    }
    prop_assert_eq!(shown(content, &Options { chunk_bytes, ..options }), written(&whole));
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400), chunk_bytes in 1_usize..64) {
        check(&[HEADER.as_bytes(), &bytes].concat(), chunk_bytes)?;
    }

    #[test]
    fn any_structure(text in "[,\"\n\r aO1é]{0,300}", chunk_bytes in 1_usize..64) {
        check((HEADER.to_owned() + &text).as_bytes(), chunk_bytes)?;
    }

    #[test]
    fn any_export(lines in prop::collection::vec(line(), 0..20), chunk_bytes in 1_usize..200) {
        check((HEADER.to_owned() + &lines.concat()).as_bytes(), chunk_bytes)?;
    }

    #[test]
    fn any_file_is_recognised_or_explained(bytes in prop::collection::vec(any::<u8>(), 0..300), text in "\\PC{0,200}") {
        for content in [bytes.as_slice(), text.as_bytes()] {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(content).unwrap();
            if let Err(error) = outcome(file.path(), &Options::default()) {
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }
}
