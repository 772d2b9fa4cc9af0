//! Who is one customer: keys for every row that names one, within a partner.
//!
//! ```text
//!   rows ──▶ Records: which name, account, DUNS, website (numbers)
//!              │ join: union-find, strong evidence first, declared-different names kept apart
//!              ▼
//!            Customers ──▶ customer_key (all evidence), customer_key_strict (strong), links, shared identifiers
//! ```

mod evidence;
mod groups;
mod joining;
mod keys;
mod records;
mod tidy;
mod values;
mod website;

pub(crate) use evidence::{AccountDoubt, account_doubt};
pub(crate) use tidy::{bare, tidy, words};

use crate::frame::Frame;
use crate::identity::joining::{Customers, join, stated_pairs};
use crate::identity::keys::{Labels, links};
use crate::identity::records::{NAMING, Records};
use crate::identity::values::NONE;
use crate::notes::Notes;
use crate::opportunities::Renamed;
use crate::partners::Partners;
use crate::published::CustomerLink;
use crate::settings::Settings;
use aceq_model::{FindingCode, TableId};
use arrow::array::{Array, ArrayRef, StringBuilder};
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// The tables that name customers.
const TABLES: [TableId; NAMING] = [TableId::Opportunities, TableId::CaseStudies, TableId::Customers];

/// The keys of one partner's rows.
struct Keyed {
    /// Per table and row the record.
    rows: [Vec<u32>; NAMING],
    /// Per record the keys; `None` where the customer is unknown.
    keys: Vec<Option<Keys>>,
    /// Table, row within the partner's range, what is shared.
    shared: Vec<(usize, usize, String)>,
    links: Vec<CustomerLink>,
    statements: StatementsUsed,
}

/// Places in [`Settings`] of statements about two names that both occur.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementsUsed {
    /// Of [`Settings::same`].
    pub same: BTreeSet<u32>,
    /// Of [`Settings::different`].
    pub different: BTreeSet<u32>,
}

#[derive(Clone)]
struct Keys {
    loose: Arc<str>,
    strict: Arc<str>,
    /// Nothing but a website speaks for the record: by strong evidence each of its rows is a customer of its own.
    weak_alone: bool,
}

/// Sets `customer_key` and `customer_key_strict` in the tables that have them; returns the links, sorted, and which
/// statements of the user met their names.
pub(crate) fn assign(
    frames: &mut BTreeMap<TableId, Frame>,
    partners: &Partners,
    renamed: &[Renamed],
    settings: &Settings,
    notes: &mut Notes,
) -> (Vec<CustomerLink>, StatementsUsed) {
    let held = TABLES.map(|table| frames.get(&table));
    let ranges = partner_ranges(held, partners.len());
    let keyed = |(partner, ranges): (usize, &[Range<usize>; NAMING])| {
        // Opportunities stand by partner.
        let from = renamed.partition_point(|one| (one.partner as usize) < partner);
        let until = renamed.partition_point(|one| one.partner as usize <= partner);
        let records = Records::of(held, ranges).with_former(&renamed[from..until], ranges[0].start);
        keyed(records, partners.name(partner as u32), settings)
    };
    let keyed: Vec<_> = ranges.par_iter().enumerate().map(keyed).collect();
    for (ranges, keyed) in ranges.iter().zip(&keyed) {
        for (table, row, detail) in &keyed.shared {
            let frame = held[*table].expect("rows of a table that is there");
            notes.raise(frame, ranges[*table].start + row, FindingCode::SharedIdentifier, detail.clone());
        }
    }
    let columns = TABLES.map(|table| frames.get(&table).map(|frame| key_columns(frame, &keyed, table)));
    for (table, (loose, strict)) in TABLES.into_iter().zip(columns).filter_map(|(table, keys)| Some((table, keys?))) {
        let frame = frames.get_mut(&table).expect("looked up before");
        frame.set("customer_key", loose);
        frame.set("customer_key_strict", strict);
    }
    let mut used = StatementsUsed::default();
    for keyed in &keyed {
        used.same.extend(&keyed.statements.same);
        used.different.extend(&keyed.statements.different);
    }
    (keyed.into_iter().flat_map(|keyed| keyed.links).collect(), used)
}

/// Raises the findings about account ids that are none, or not whole.
pub(crate) fn find_doubtful_accounts(frames: &BTreeMap<TableId, Frame>, notes: &mut Notes) {
    let naming = TABLES.iter().filter_map(|table| frames.get(table));
    for frame in naming.filter(|frame| frame.has("customer_aws_account_id")) {
        let accounts = frame.text("customer_aws_account_id");
        for row in (0..frame.len()).filter(|row| accounts.is_valid(*row)) {
            let cell = accounts.value(row);
            let (code, what) = match account_doubt(cell) {
                None => continue,
                Some(AccountDoubt::Placeholder) => (FindingCode::PlaceholderAccount, "stands for none"),
                Some(AccountDoubt::LostZeros) => (FindingCode::AccountLostZeros, "has not 12 digits"),
                Some(AccountDoubt::Rounded) => (FindingCode::AccountLostZeros, "ends in six zeros, as rounded ids do"),
                Some(AccountDoubt::NotAnId) => (FindingCode::NotAnAccount, "is not one id of 12 digits"),
            };
            notes.raise(frame, row, code, format!("customer_aws_account_id `{cell}` {what}"));
        }
    }
}

/// Per partner the rows of each table; tables are sorted by partner.
fn partner_ranges(frames: [Option<&Frame>; NAMING], partners: usize) -> Vec<[Range<usize>; NAMING]> {
    let mut ranges = vec![[0..0, 0..0, 0..0]; partners];
    for (table, frame) in frames.iter().enumerate() {
        for (partner, range) in frame.iter().flat_map(|frame| frame.partner_ranges()) {
            ranges[partner as usize][table] = range;
        }
    }
    ranges
}

fn keyed(records: Records<'_>, partner_id: &Arc<str>, settings: &Settings) -> Keyed {
    let customers = join(&records, partner_id, settings);
    let labels = Labels::new(&records);
    let mut made: Vec<Option<Arc<str>>> = vec![None; customers.loose.len()];
    let mut key = |node: u32| Arc::clone(made[node as usize].get_or_insert_with(|| labels.key(node)));
    let keys = customers.nodes.iter().map(|node| {
        let node = (*node)?;
        let (loose, strict) = (key(customers.loose[node as usize]), key(customers.strict[node as usize]));
        Some(Keys { loose, strict, weak_alone: labels.is_website(node) })
    });
    let keys = keys.collect();
    let links = links(&labels, &customers, partner_id, settings);
    let met = |pairs| stated_pairs(&records, partner_id, pairs).into_iter().map(|(statement, ..)| statement).collect();
    let statements = StatementsUsed { same: met(&settings.same), different: met(&settings.different) };
    Keyed { keys, links, statements, shared: shared_rows(&records, &customers), rows: records.rows }
}

fn shared_rows(records: &Records<'_>, customers: &Customers) -> Vec<(usize, usize, String)> {
    let details = records.records.iter().map(|record| {
        let names = |shared: &[Option<usize>], value: u32| if value == NONE { None } else { shared[value as usize] };
        let account = names(&customers.shared_accounts, record.account);
        let duns = names(&customers.shared_duns, record.duns);
        let account = account.map(|count| ("AWS account id", records.accounts.get(record.account), count));
        let duns = duns.map(|count| ("DUNS", records.duns.get(record.duns), count));
        if account.is_none() && duns.is_none() {
            return None;
        }
        let told = account
            .into_iter()
            .chain(duns)
            .map(|(kind, value, count)| format!("{kind} {value} is carried by {count} customer names"));
        Some(told.collect::<Vec<_>>().join("; "))
    });
    let details: Vec<Option<String>> = details.collect();
    let rows = records
        .rows
        .iter()
        .enumerate()
        .flat_map(|(table, rows)| rows.iter().enumerate().map(move |(row, record)| (table, row, *record)));
    rows.filter_map(|(table, row, record)| Some((table, row, details[record as usize].clone()?))).collect()
}

fn key_columns(frame: &Frame, keyed: &[Keyed], table: TableId) -> (ArrayRef, ArrayRef) {
    let place = TABLES.iter().position(|known| *known == table).expect("one of the tables");
    let (mut loose, mut strict) = (StringBuilder::new(), StringBuilder::new());
    let rows = keyed.iter().flat_map(|keyed| keyed.rows[place].iter().map(|record| &keyed.keys[*record as usize]));
    for (row, keys) in rows.enumerate() {
        loose.append_option(keys.as_ref().map(|keys| &keys.loose));
        match keys {
            Some(keys) if keys.weak_alone => strict.append_value(format!("{}~{}", keys.strict, frame.own_id(row))),
            keys => strict.append_option(keys.as_ref().map(|keys| &keys.strict)),
        }
    }
    (Arc::new(loose.finish()), Arc::new(strict.finish()))
}
