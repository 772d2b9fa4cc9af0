//! The distinct customer records of one partner: which values each row carries.

use crate::frame::Frame;
use crate::identity::evidence::{account_id, duns};
use crate::identity::tidy::{similar, tidy};
use crate::identity::values::{Collecting, NONE, Values};
use crate::identity::website::registrable_domain;
use arrow::array::Array;
use foldhash::{HashMap, HashMapExt};
use std::ops::Range;

/// The tables that name customers, in the order in which they are looked at.
pub(crate) const NAMING: usize = 3;

/// What one row says about its customer: numbers of values, [`NONE`] where it says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Record {
    pub(crate) name: u32,
    pub(crate) account: u32,
    pub(crate) duns: u32,
    pub(crate) website: u32,
}

/// All records of one partner.
pub(crate) struct Records<'a> {
    pub(crate) names: Values<'a>,
    pub(crate) accounts: Values<'a>,
    pub(crate) duns: Values<'a>,
    pub(crate) websites: Values<'a>,
    /// Per name the number of its similar name.
    pub(crate) similar: Vec<u32>,
    /// The similar names, sorted.
    pub(crate) similar_names: Vec<String>,
    /// Distinct records, in no telling order.
    pub(crate) records: Vec<Record>,
    /// Per table and row of this partner the number of its record.
    pub(crate) rows: [Vec<u32>; NAMING],
}

/// One column of all three tables: its values, and per table and row the number of the value.
type Column<'a> = (Values<'a>, [Vec<u32>; NAMING]);

/// What is made of a cell.
type Reading = fn(&str) -> Option<String>;

impl<'a> Records<'a> {
    /// Looks at the partner's rows of each table.
    pub(crate) fn of(frames: [Option<&'a Frame>; NAMING], ranges: &[Range<usize>; NAMING]) -> Self {
        let name: Reading = |cell| Some(tidy(cell)).filter(|name| !name.is_empty());
        let read = |column, read| move || self::column(frames, ranges, column, read);
        let ((names, accounts), (duns, websites)) = rayon::join(
            || rayon::join(read("customer_name", name), read("customer_aws_account_id", account_id)),
            || rayon::join(read("customer_duns", duns), read("customer_website", registrable_domain)),
        );
        let mut numbers = HashMap::new();
        let rows = std::array::from_fn(|table| {
            let columns = [&names, &accounts, &duns, &websites].map(|(_, numbers)| &numbers[table]);
            let record = |row: usize| {
                let [name, account, duns, website] = columns.map(|numbers| numbers[row]);
                let next = numbers.len() as u32;
                *numbers.entry(Record { name, account, duns, website }).or_insert(next)
            };
            (0..columns[0].len()).map(record).collect()
        });
        let mut records: Vec<_> = numbers.into_iter().collect();
        records.sort_unstable_by_key(|(_, number)| *number);
        let records = records.into_iter().map(|(record, _)| record).collect();
        let (similar, similar_names) = similar_names(&names.0);
        let (names, accounts, duns, websites) = (names.0, accounts.0, duns.0, websites.0);
        Self { names, accounts, duns, websites, similar, similar_names, records, rows }
    }
}

fn column<'a>(
    frames: [Option<&'a Frame>; NAMING],
    ranges: &[Range<usize>; NAMING],
    name: &str,
    read: Reading,
) -> Column<'a> {
    let mut values = Collecting::new(read);
    let numbers = std::array::from_fn(|table| {
        let rows = ranges[table].clone();
        let Some(frame) = frames[table].filter(|frame| frame.has(name)) else { return vec![NONE; rows.len()] };
        let (texts, masked) = (frame.text(name), masked(frame));
        let cell = |row| (texts.is_valid(row) && !masked(row)).then(|| texts.value(row));
        rows.map(|row| values.number(cell(row))).collect::<Vec<_>>()
    });
    let (values, finals) = values.finish();
    let settled = |number: u32| if number == NONE { NONE } else { finals[number as usize] };
    (values, numbers.map(|numbers| numbers.into_iter().map(settled).collect()))
}

/// Whether a row hides its customer.
fn masked(frame: &Frame) -> impl Fn(usize) -> bool + '_ {
    let masked = frame.has("masked").then(|| frame.flag("masked"));
    move |row| masked.is_some_and(|masked| masked.is_valid(row) && masked.value(row))
}

/// Spellings of one tidied name can differ in where words begin (`S.A. Nord`, `Sa Nord`): the first one decides.
fn similar_names(names: &Values<'_>) -> (Vec<u32>, Vec<String>) {
    let texts: Vec<_> = names.spellings.iter().map(|spellings| similar(spellings[0])).collect();
    let mut distinct = texts.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let numbers = texts.iter().map(|text| distinct.partition_point(|known| known < text) as u32).collect();
    (numbers, distinct)
}
