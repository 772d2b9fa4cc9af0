//! The distinct customer records of one partner: which values each row carries.

use crate::frame::Frame;
use crate::identity::evidence::{account_id, duns};
use crate::identity::tidy::{similar, tidy};
use crate::identity::values::{Collecting, NONE, Values};
use crate::identity::website::registrable_domain;
use arrow::array::{Array, BooleanArray, StringArray};
use std::collections::HashMap;
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

/// The columns of one table that speak of customers.
struct Cells<'a> {
    name: &'a StringArray,
    account: &'a StringArray,
    duns: Option<&'a StringArray>,
    website: Option<&'a StringArray>,
    masked: Option<&'a BooleanArray>,
}

impl<'a> Cells<'a> {
    fn of(frame: &'a Frame) -> Self {
        let maybe = |name| frame.has(name).then(|| frame.text(name));
        Self {
            name: frame.text("customer_name"),
            account: frame.text("customer_aws_account_id"),
            duns: maybe("customer_duns"),
            website: maybe("customer_website"),
            masked: frame.has("masked").then(|| frame.flag("masked")),
        }
    }

    fn is_masked(&self, row: usize) -> bool {
        self.masked.is_some_and(|masked| masked.is_valid(row) && masked.value(row))
    }
}

fn cell(texts: Option<&StringArray>, row: usize) -> Option<&str> {
    texts.filter(|texts| texts.is_valid(row)).map(|texts| texts.value(row))
}

impl<'a> Records<'a> {
    /// Looks at the partner's rows of each table.
    pub(crate) fn of(frames: [Option<&'a Frame>; NAMING], ranges: &[Range<usize>; NAMING]) -> Self {
        let name = |cell: &str| Some(tidy(cell)).filter(|name| !name.is_empty());
        let mut columns =
            [name, account_id, duns, registrable_domain].map(|read: fn(&str) -> Option<String>| Collecting::new(read));
        let mut numbers = HashMap::new();
        let rows = std::array::from_fn(|table| {
            let Some(frame) = frames[table] else { return Vec::new() };
            let cells = Cells::of(frame);
            let record = |row| {
                let record = preliminary(&cells, row, &mut columns);
                let next = numbers.len() as u32;
                *numbers.entry(record).or_insert(next)
            };
            ranges[table].clone().map(record).collect()
        });
        Self::finish(columns, numbers, rows)
    }

    fn finish(columns: [Collecting<'a>; 4], numbers: HashMap<Record, u32>, rows: [Vec<u32>; NAMING]) -> Self {
        let [(names, name), (accounts, account), (duns, duns_of), (websites, website)] =
            columns.map(Collecting::finish);
        let mut records = vec![Record { name: NONE, account: NONE, duns: NONE, website: NONE }; numbers.len()];
        let last = |finals: &[u32], number: u32| if number == NONE { NONE } else { finals[number as usize] };
        for (seen, number) in numbers {
            records[number as usize] = Record {
                name: last(&name, seen.name),
                account: last(&account, seen.account),
                duns: last(&duns_of, seen.duns),
                website: last(&website, seen.website),
            };
        }
        let (similar, similar_names) = similar_names(&names);
        Self { names, accounts, duns, websites, similar, similar_names, records, rows }
    }
}

fn preliminary<'a>(cells: &Cells<'a>, row: usize, columns: &mut [Collecting<'a>; 4]) -> Record {
    let [names, accounts, duns, websites] = columns;
    if cells.is_masked(row) {
        return Record { name: NONE, account: NONE, duns: NONE, website: NONE };
    }
    Record {
        name: names.number(cell(Some(cells.name), row)),
        account: accounts.number(cell(Some(cells.account), row)),
        duns: duns.number(cell(cells.duns, row)),
        website: websites.number(cell(cells.website, row)),
    }
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
