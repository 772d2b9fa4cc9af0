//! Two opportunity ids of a partner with the same customer, title, amount and target date.

use crate::frame::Frame;
use crate::identity::tidy;
use crate::notes::Notes;
use crate::opportunities::suspect::cell;
use aceq_model::FindingCode;
use arrow::array::{Date32Array, Decimal128Array, StringArray};
use foldhash::fast::FixedState;
use std::hash::BuildHasher;

/// How many other ids a finding names.
const NAMED: usize = 5;

/// What twins share beside the title.
type Deal<'a> = (u32, i128, i32, &'a str);

/// Raises the findings. A row of which any part is unknown is nobody's twin. Titles are tidied only where all else is
/// the same.
pub(crate) fn find(frame: &Frame, notes: &mut Notes) {
    let deals = Deals::of(frame);
    // Hardly any two rows share a deal: the others go by the hash alone.
    let hashing = FixedState::default();
    let hashed = |row| deals.deal(row).map(|deal| (hashing.hash_one(deal), row));
    let mut known: Vec<(u64, u32)> = (0..frame.len() as u32).filter_map(hashed).collect();
    known.sort_unstable();
    let repeated = known.chunk_by(|a, b| a.0 == b.0).filter(|rows| rows.len() > 1);
    let mut known: Vec<u32> = repeated.flatten().map(|(_, row)| *row).collect();
    known.sort_unstable_by(|a, b| deals.deal(*a).cmp(&deals.deal(*b)).then(a.cmp(b)));
    for same_deal in known.chunk_by(|a, b| deals.deal(*a) == deals.deal(*b)).filter(|rows| rows.len() > 1) {
        let mut titled: Vec<_> = same_deal.iter().filter_map(|row| Some((deals.title(*row)?, *row))).collect();
        titled.sort_unstable();
        for twins in titled.chunk_by(|a, b| a.0 == b.0).filter(|twins| twins.len() > 1) {
            raise(frame, twins, notes);
        }
    }
}

/// The columns compared, each looked up once.
struct Deals<'a> {
    partners: &'a [u32],
    customers: &'a StringArray,
    titles: &'a StringArray,
    amounts: &'a Decimal128Array,
    targets: &'a Date32Array,
}

impl<'a> Deals<'a> {
    fn of(frame: &'a Frame) -> Self {
        Self {
            partners: &frame.partners,
            customers: frame.text("customer_key"),
            titles: frame.text("title"),
            amounts: frame.decimal("mrr_usd"),
            targets: frame.date("target_close_date"),
        }
    }

    fn deal(&self, row: u32) -> Option<Deal<'a>> {
        let row = row as usize;
        let (amount, target) = (cell(self.amounts, row)?, cell(self.targets, row)?);
        Some((self.partners[row], amount, target, cell(self.customers, row)?))
    }

    fn title(&self, row: u32) -> Option<String> {
        cell(self.titles, row as usize).map(tidy).filter(|title| !title.is_empty())
    }
}

fn raise(frame: &Frame, twins: &[(String, u32)], notes: &mut Notes) {
    let id = |row: u32| frame.text("opportunity_id").value(row as usize);
    for (_, row) in twins {
        let others = twins.iter().filter(|(_, other)| other != row);
        let ids: Vec<_> = others.take(NAMED).map(|(_, other)| id(*other)).collect();
        let more = (twins.len() - 1).saturating_sub(NAMED);
        let tail = if more == 0 { String::new() } else { format!(" and {more} more") };
        let detail = format!("same customer, title, amount and target date as {}{tail}", ids.join(", "));
        notes.raise(frame, *row as usize, FindingCode::DuplicateOpportunity, detail);
    }
}
