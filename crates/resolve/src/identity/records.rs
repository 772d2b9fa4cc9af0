//! The distinct customer records of one partner: which values each row carries.

use crate::frame::Frame;
use crate::identity::evidence::{account_id, duns};
use crate::identity::tidy::{similar, tidy};
use crate::identity::values::{Collected, Collecting, NONE, ROOM, Reading, Spellings, Values, by_first_bytes};
use crate::identity::website::registrable_domain;
use crate::opportunities::Renamed;
use arrow::array::Array;
use foldhash::{HashMap, HashMapExt};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
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
    /// How each name was written.
    pub(crate) spellings: Spellings<'a>,
    /// Per name the number of its similar name.
    pub(crate) similar: Vec<u32>,
    /// The similar names, sorted.
    pub(crate) similar_names: Vec<String>,
    /// Names that opportunities have had, in order.
    pub(crate) former: Vec<Former>,
    /// Distinct records, in no telling order.
    pub(crate) records: Vec<Record>,
    /// Per table and row of this partner the number of its record.
    pub(crate) rows: [Vec<u32>; NAMING],
}

/// A name that opportunities have had, and the names that they have now.
pub(crate) struct Former {
    /// The first opportunity, and the name as it was written there.
    pub(crate) told: String,
    /// Numbers of names.
    pub(crate) nodes: BTreeSet<u32>,
}

/// One column of all three tables: its values, how they are written, and per table and row the number of the value.
type Column<'a> = (Values<'a>, Vec<(u32, &'a str)>, [Vec<u32>; NAMING]);

impl<'a> Records<'a> {
    /// Looks at the partner's rows of each table.
    pub(crate) fn of(frames: [Option<&'a Frame>; NAMING], ranges: &[Range<usize>; NAMING]) -> Self {
        let name: Reading = |cell| Some(tidy(cell)).filter(|name| !name.is_empty()).map(Cow::Owned);
        let read = |column, read| move || self::column(frames, ranges, column, read);
        let ((names, accounts), (duns, websites)) = rayon::join(
            || rayon::join(read("customer_name", name), read("customer_aws_account_id", account_id)),
            || rayon::join(read("customer_duns", duns), read("customer_website", registrable_domain)),
        );
        let mut numbers = HashMap::with_capacity(ranges.iter().map(Range::len).sum::<usize>().min(ROOM));
        let rows = std::array::from_fn(|table| {
            let columns = [&names, &accounts, &duns, &websites].map(|(.., numbers)| &numbers[table]);
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
        let spellings = Spellings::new(names.1, names.0.len());
        let (similar, similar_names) = similar_names(&spellings);
        let (names, accounts, duns, websites) = (names.0, accounts.0, duns.0, websites.0);
        Self { names, accounts, duns, websites, spellings, similar, similar_names, former: Vec::new(), records, rows }
    }

    /// With what opportunities were called before; `start` is the partner's first row in their table.
    pub(crate) fn with_former(mut self, renamed: &[Renamed], start: usize) -> Self {
        let mut former: BTreeMap<String, Former> = BTreeMap::new();
        for one in renamed {
            let now = self.records[self.rows[0][one.row as usize - start] as usize].name;
            for name in one.names.iter().filter(|_| now != NONE) {
                let key = tidy(name);
                let told = || format!("{}: {name}", one.opportunity_id);
                let had = former.entry(key).or_insert_with(|| Former { told: told(), nodes: BTreeSet::new() });
                had.nodes.insert(now);
            }
        }
        for (name, had) in &mut former {
            had.nodes.extend(self.names.find(name));
        }
        former.retain(|name, had| !name.is_empty() && had.nodes.len() > 1);
        self.former = former.into_values().collect();
        self
    }
}

fn column<'a>(
    frames: [Option<&'a Frame>; NAMING],
    ranges: &[Range<usize>; NAMING],
    name: &str,
    read: Reading,
) -> Column<'a> {
    let mut collecting = Collecting::new(read, ranges.iter().map(Range::len).sum());
    let numbers = std::array::from_fn(|table| {
        let rows = ranges[table].clone();
        let Some(frame) = frames[table].filter(|frame| frame.has(name)) else { return vec![NONE; rows.len()] };
        let (texts, masked) = (frame.text(name), masked(frame));
        let cell = |row| (texts.is_valid(row) && !masked(row)).then(|| texts.value(row));
        rows.map(|row| collecting.number(cell(row))).collect::<Vec<_>>()
    });
    let Collected { values, finals, written } = collecting.finish();
    let settled = |number: u32| if number == NONE { NONE } else { finals[number as usize] };
    (values, written, numbers.map(|numbers| numbers.into_iter().map(settled).collect()))
}

/// Whether a row hides its customer.
fn masked(frame: &Frame) -> impl Fn(usize) -> bool + '_ {
    let masked = frame.has("masked").then(|| frame.flag("masked"));
    move |row| masked.is_some_and(|masked| masked.is_valid(row) && masked.value(row))
}

/// Spellings of one tidied name can differ in where words begin (`S.A. Nord`, `Sa Nord`): the first one decides.
fn similar_names(spellings: &Spellings<'_>) -> (Vec<u32>, Vec<String>) {
    let mut texts: Vec<_> = (0..spellings.values()).map(|name| (similar(spellings.first(name)), name)).collect();
    texts.sort_unstable_by(|a, b| by_first_bytes(&a.0, &b.0));
    let mut numbers = vec![NONE; texts.len()];
    let mut distinct: Vec<String> = Vec::with_capacity(texts.len());
    for (text, name) in texts {
        if distinct.last() != Some(&text) {
            distinct.push(text);
        }
        numbers[name as usize] = distinct.len() as u32 - 1;
    }
    (numbers, distinct)
}
