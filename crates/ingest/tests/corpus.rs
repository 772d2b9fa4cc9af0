//! Small odd files and what must come out of them: `tests/data/**/NAME` and `NAME.expected` beside it.
//!
//! Every file is read in blocks of several sizes; the outcome must be the same. To see an outcome in full, look into
//! the folder named in the failure.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use aceq_ingest::{Options, Rate};
use aceq_model::DateOrder;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of a file says with which options it is read.
fn options(path: &Path) -> Options {
    let folder = path.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let mut options = Options { max_record_bytes: 4000, ..Options::default() };
    match folder.as_deref() {
        Some("day_first") => options.date_order = Some(DateOrder::DayFirst),
        Some("rates") => {
            options.currency_rates.insert("EUR".to_owned(), "1.0835".parse::<Rate>().unwrap());
        }
        _ => {}
    }
    options
}

fn outcome(path: &Path, options: &Options) -> String {
    match support::outcomes(path, options) {
        Ok((outcomes, others)) => {
            let mut text = String::new();
            for outcome in outcomes {
                assert!(outcome.ledger.balances(), "{:?}", outcome.ledger);
                text += &support::written(&outcome);
            }
            others.iter().for_each(|error| text += &format!("not read: {error}\n"));
            text
        }
        Err(error) => format!("error: {error}\n"),
    }
}

fn odd_file(path: &Path) -> datatest_stable::Result<()> {
    let options = options(path);
    let actual = outcome(path, &options);
    for chunk_bytes in [1, 7, 64, 1000] {
        assert_eq!(
            outcome(path, &Options { chunk_bytes, ..options.clone() }),
            actual,
            "in blocks of {chunk_bytes} bytes"
        );
    }
    for encoding_head_bytes in [0, 20] {
        let doubtful = Options { encoding_head_bytes, chunk_bytes: 30, ..options.clone() };
        assert_eq!(outcome(path, &doubtful), actual, "with an encoding found by {encoding_head_bytes} bytes");
    }
    let expected = PathBuf::from(format!("{}.expected", path.display()));
    if fs::read_to_string(&expected).unwrap_or_default() != actual {
        let written = Path::new(env!("CARGO_TARGET_TMPDIR")).join(expected.file_name().unwrap());
        fs::write(&written, &actual)?;
        return Err(format!("{} differs; the outcome is in {}\n{actual}", expected.display(), written.display()).into());
    }
    Ok(())
}

datatest_stable::harness! {
    { test = odd_file, root = "tests/data", pattern = r"\.(csv|txt|tsv|xls|xlsx|ods|html|json|ndjson|parquet|gz|zip)$" },
}
