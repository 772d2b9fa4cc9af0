//! Files of every format: read twice, printed, parsed again.

use crate::parts;
use crate::reading::{options, outcome, printed};
use crate::scratch::Scratch;
use aceq_ingest::{Format, Input, Mappings, Options, Recognised, discover, draft_mapping, recognise};
use csv::ReaderBuilder;

/// A file of any format.
pub(crate) fn table(bytes: &[u8]) {
    let scratch = Scratch::new(bytes);
    check(&scratch.input());
}

/// An archive, or whatever a person may take for one.
pub(crate) fn archive(bytes: &[u8]) {
    let scratch = Scratch::new(bytes);
    let options = options(1 << 16);
    if let Ok(found) = discover(&[scratch.path()], scratch.folder(), &options.limits) {
        assert!(!found.inputs.is_empty() || !found.refused.is_empty() || bytes.len() < 100_000, "a file got lost");
        found.refused.iter().for_each(|refused| assert!(!refused.error.to_string().is_empty()));
        found.inputs.iter().for_each(check);
    }
}

/// A text of which nothing is known: a dialect is found, its rows are printed, a mapping is drafted.
pub(crate) fn dialect(bytes: &[u8]) {
    let scratch = Scratch::new(bytes);
    let (input, mappings) = (scratch.input(), Mappings::builtin());
    _ = parsed(&input, None, mappings, &options(1 << 16));
    if let Ok(draft) = draft_mapping(&input, None, None, mappings, &options(1 << 16)) {
        let texts = [("draft.toml", draft.as_str())];
        let parsed = mappings.with_sources(&texts);
        assert!(parsed.is_ok(), "a drafted mapping does not parse: {}\n{draft}", parsed.expect_err("it failed"));
    }
}

/// A workbook, or the parts of one: a package with a checksum of everything is too much to guess.
pub(crate) fn xlsx(bytes: &[u8]) {
    if bytes.starts_with(b"PK") { table(bytes) } else { table(&parts::xlsx(bytes)) }
}

/// An OpenDocument spreadsheet, or its content alone.
pub(crate) fn ods(bytes: &[u8]) {
    if bytes.starts_with(b"PK") { table(bytes) } else { table(&parts::ods(bytes)) }
}

/// The rows of a self-assessment workbook, as lines with tabs.
pub(crate) fn self_assessment(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    table(&parts::xlsx(parts::sheet(&text).as_bytes()));
}

/// Blocks of two sizes: the outcome is the same.
fn check(input: &Input) {
    let (large, small) = (options(1 << 16), options(61));
    let mappings = Mappings::builtin();
    let found = match recognise(input, mappings, &large) {
        Ok(found) => found,
        Err(error) => return assert!(!error.to_string().is_empty(), "an error without a message"),
    };
    for recognised in &found.tables {
        let first = outcome(input, recognised, mappings, &large);
        let second = outcome(input, recognised, mappings, &small);
        match (first, second) {
            (Ok(first), Ok(second)) => {
                assert!(first.ledger.balances(), "{:?}", first.ledger);
                assert_eq!(first.rows.num_rows() as u64, first.ledger.accepted, "{:?}", first.ledger);
                assert_eq!(first, second, "blocks of 65,536 bytes and of 61");
                check_print(input, recognised, first.ledger.decoded);
            }
            (first, second) => {
                let told = |error: Result<_, aceq_ingest::IngestError>| error.map_err(|error| error.to_string());
                assert_eq!(told(first), told(second), "blocks of 65,536 bytes and of 61");
            }
        }
    }
}

/// What is printed has the records that are read.
fn check_print(input: &Input, recognised: &Recognised, decoded: u64) {
    let sheet = (recognised.format != Format::Csv && !recognised.sheet.is_empty()).then_some(&*recognised.sheet);
    let Some(records) = parsed(input, sheet, Mappings::builtin(), &options(1 << 16)) else { return };
    // The answers of a self-assessment are cells.
    if recognised.assessment.is_none() {
        // Where records name their own fields, a header is printed that is none of them.
        let expected = decoded + u64::from(recognised.header_line == 0);
        assert_eq!(records, expected, "records printed, of {decoded} that were read");
    }
}

/// Number of records that the `csv` crate finds in what is printed; the same for blocks of two sizes.
fn parsed(input: &Input, sheet: Option<&str>, mappings: &Mappings, large: &Options) -> Option<u64> {
    let text = printed(input, sheet, mappings, large);
    let small = Options { chunk_bytes: 61, ..large.clone() };
    let again = printed(input, sheet, mappings, &small);
    let (text, again) = (text.map_err(|error| error.to_string()), again.map_err(|error| error.to_string()));
    assert!(text == again, "what is printed depends on the size of blocks");
    let text = text.ok()?;
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(&text[..]);
    let records = reader.records().map(|record| record.expect("what is printed is CSV in UTF-8"));
    Some(records.count() as u64)
}
