//! Dates and amounts: one cell, read as a value and as a file of one column.

use crate::reading::{options, outcome};
use crate::scratch::Scratch;
use aceq_ingest::{Mappings, Options, Recognised, read_value, recognise};
use aceq_model::{DateOrder, TableId};
use arrow::array::AsArray;
use arrow::datatypes::{Date32Type, Decimal128Type};
use chrono::NaiveDate;
use std::sync::OnceLock;

/// A cell of a date column, under every statement about the order of its numbers.
pub(crate) fn date(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for order in [None, Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst)] {
        let options = Options { date_order: order, ..options(1 << 16) };
        let value =
            read_value(like(), TableId::Opportunities, "target_close_date", &text, Mappings::builtin(), &options);
        if let Ok((value, _)) = &value {
            let days = value.as_primitive::<Date32Type>().value(0);
            let stated = NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok().filter(|_| text.len() == 10);
            if let Some(stated) = stated {
                assert_eq!(NaiveDate::from_epoch_days(days), Some(stated), "{text}");
            }
        }
        _ = read_value(like(), TableId::Opportunities, "last_modified", &text, Mappings::builtin(), &options);
        column("Target Close Date", &text, &options);
    }
}

/// A cell of a money column.
pub(crate) fn amount(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let options = options(1 << 16);
    let value = read_value(like(), TableId::Opportunities, "mrr_usd", &text, Mappings::builtin(), &options);
    if let (Ok((value, _)), Some(cents)) = (&value, plain_cents(&text)) {
        assert_eq!(value.as_primitive::<Decimal128Type>().value(0), cents, "{text}");
    }
    column("Estimated AWS Monthly Recurring Revenue", &text, &options);
}

/// Digits, a point, two digits: nobody reads that in another way.
fn plain_cents(text: &str) -> Option<i128> {
    let (whole, cents) = text.split_once('.')?;
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let plain = (1..=9).contains(&whole.len()) && digits(whole) && cents.len() == 2 && digits(cents);
    plain.then(|| format!("{whole}{cents}").parse().expect("eleven digits fit"))
}

/// A file whose column holds the text once, and once more beside a value that everybody reads.
fn column(header: &str, text: &str, options: &Options) {
    let quoted = text.replace('"', "\"\"");
    let file = format!("Opportunity Id,Stage,Customer Company Name,{header}\nO1,Launched,C,\"{quoted}\"\n");
    let scratch = Scratch::new(file.as_bytes());
    let input = scratch.input();
    let Ok(found) = recognise(&input, Mappings::builtin(), options) else { return };
    for recognised in &found.tables {
        let outcome = outcome(&input, recognised, Mappings::builtin(), options).expect("a file that is there");
        assert!(outcome.ledger.balances(), "{:?}", outcome.ledger);
        assert_eq!(outcome.rows.num_rows() as u64, outcome.ledger.accepted);
    }
}

/// Any file that is understood.
fn like() -> &'static Recognised {
    static LIKE: OnceLock<Recognised> = OnceLock::new();
    LIKE.get_or_init(|| {
        let scratch = Scratch::new(b"Opportunity Id,Stage,Customer Company Name\nO1,Launched,C\n");
        let found = recognise(&scratch.input(), Mappings::builtin(), &options(1 << 16));
        found.expect("an export of opportunities").tables.remove(0)
    })
}
