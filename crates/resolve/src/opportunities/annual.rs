//! Monthly amounts that are likely annual or contract figures.
//!
//! Four signs, each told in the finding: the row's own annual figure is the same, an older snapshot of the opportunity or
//! another opportunity of the customer has a 12th, 24th or 36th of it, or it lies far above the partner's other amounts.
//! Deal sizes are spread over orders of magnitude, so *far* is measured in factors: more than a stated multiple of the
//! median, and above the upper quartile by more than 1.5 times the quartiles' own ratio (Tukey's fence on a log scale).

use crate::frame::Frame;
use crate::notes::Notes;
use crate::opportunities::suspect::{cell, usd};
use crate::settings::Settings;
use aceq_model::FindingCode;
use arrow::array::{Decimal128Array, StringArray};
use foldhash::{HashMap, HashMapExt, HashSet};
use std::ops::Range;

/// A year, two and three: terms of contracts.
pub(super) const TERMS: [i128; 3] = [12, 24, 36];

/// The partner's amounts as a whole.
struct Spread {
    median: i128,
    /// Amounts above it are far from the others; `None` for too few amounts.
    fence: Option<i128>,
    rows: usize,
}

/// Raises the findings; `frame` must be sorted by partner. What an older snapshot says was noted while merging.
pub(crate) fn find(frame: &Frame, settings: &Settings, notes: &mut Notes) {
    for (_, rows) in frame.partner_ranges() {
        let Some(spread) = Spread::of(frame, rows.clone(), settings) else { continue };
        let looked = Looked::at(frame);
        let by_customer = looked.amounts_by_customer(rows.clone(), spread.median);
        for row in rows {
            let signs = looked.signs(row, &spread, &by_customer);
            if !signs.is_empty() {
                notes.raise(frame, row, FindingCode::MaybeAnnual, signs.join("; "));
            }
        }
    }
}

/// Per customer and amount the first row with it.
type ByCustomer<'f> = HashMap<(&'f str, i128), usize>;

/// The columns looked at, each looked up once.
struct Looked<'f> {
    ids: &'f StringArray,
    customers: &'f StringArray,
    monthly: &'f Decimal128Array,
    annual: &'f Decimal128Array,
}

impl<'f> Looked<'f> {
    fn at(frame: &'f Frame) -> Self {
        Self {
            ids: frame.text("opportunity_id"),
            customers: frame.text("customer_key"),
            monthly: frame.decimal("mrr_usd"),
            annual: frame.decimal("annual_usd"),
        }
    }

    fn amount(&self, row: usize) -> Option<i128> {
        cell(self.monthly, row).filter(|amount| *amount > 0)
    }

    /// The amounts that are a part of another one in the range, whoever's that is.
    fn amounts_by_customer(&self, rows: Range<usize>, median: i128) -> ByCustomer<'f> {
        let above = rows.clone().filter_map(|row| self.amount(row)).filter(|amount| *amount > median);
        let parts: HashSet<i128> = above.flat_map(parts).map(|(_, part)| part).collect();
        let mut by_customer = HashMap::new();
        for row in rows.filter(|row| self.amount(*row).is_some_and(|amount| parts.contains(&amount))) {
            if let (Some(customer), Some(amount)) = (cell(self.customers, row), self.amount(row)) {
                by_customer.entry((customer, amount)).or_insert(row);
            }
        }
        by_customer
    }

    fn signs(&self, row: usize, spread: &Spread, by_customer: &ByCustomer<'_>) -> Vec<String> {
        let Some(monthly) = self.amount(row) else { return Vec::new() };
        let same = cell(self.annual, row) == Some(monthly);
        let same = same.then(|| format!("mrr_usd {} is the annual figure too", usd(monthly)));
        let far = spread.fence.is_some_and(|fence| monthly > fence).then(|| {
            let (median, rows) = (usd(spread.median), spread.rows);
            format!("mrr_usd {} lies far above the median of this partner's {rows} amounts, {median}", usd(monthly))
        });
        // Small and middling amounts are multiples of each other by chance.
        let sibling = cell(self.customers, row).filter(|_| monthly > spread.median);
        let sibling = sibling.and_then(|customer| self.sibling_part(customer, monthly, by_customer));
        same.into_iter().chain(sibling).chain(far).collect()
    }

    fn sibling_part(&self, customer: &str, monthly: i128, by_customer: &ByCustomer<'_>) -> Option<String> {
        let (term, part, other) =
            parts(monthly).find_map(|(term, part)| Some((term, part, *by_customer.get(&(customer, part))?)))?;
        let (id, part) = (self.ids.value(other), usd(part));
        Some(format!("mrr_usd {} is {term} times the {part} of {id}, of the same customer", usd(monthly)))
    }
}

/// The terms of which an amount may be the whole, with the part that it would be a month. All terms are whole years.
fn parts(amount: i128) -> impl Iterator<Item = (i128, i128)> {
    let terms = if amount % TERMS[0] == 0 { TERMS.as_slice() } else { &[] };
    terms.iter().filter(move |term| amount % **term == 0).map(move |term| (*term, amount / *term))
}

impl Spread {
    fn of(frame: &Frame, rows: Range<usize>, settings: &Settings) -> Option<Self> {
        let column = frame.decimal("mrr_usd");
        let mut amounts: Vec<i128> = rows.filter_map(|row| cell(column, row).filter(|amount| *amount > 0)).collect();
        amounts.sort_unstable();
        let median = *amounts.get(amounts.len() / 2)?;
        let enough = amounts.len() >= settings.maybe_annual_rows.max(4);
        let fence = enough.then(|| fence(&amounts, median, settings.maybe_annual_times_median));
        Some(Self { median, fence, rows: amounts.len() })
    }
}

/// The larger of the multiple of the median and the fence of the quartiles; `amounts` are sorted and above zero.
fn fence(amounts: &[i128], median: i128, times: u32) -> i128 {
    let (lower, upper) = (amounts[amounts.len() / 4] as f64, amounts[amounts.len() * 3 / 4] as f64);
    let ratio = upper / lower;
    let tukey = upper * ratio * ratio.sqrt();
    // A float that is too large for the type becomes the type's largest number.
    (tukey as i128).max(median.saturating_mul(i128::from(times)))
}

#[cfg(test)]
mod tests {
    use super::fence;

    #[test]
    fn the_fence_is_wide_where_amounts_are_spread() {
        let narrow = [900, 950, 1000, 1000, 1050, 1100, 1150, 1200];
        assert_eq!(fence(&narrow, 1050, 6), 6300, "the multiple of the median");
        let wide = [10, 100, 1000, 1000, 4000, 10_000, 100_000, 100_000];
        // Quartiles 1000 and 100 000: 100 000 × 100^1.5.
        assert_eq!(fence(&wide, 4000, 6), 100_000_000);
    }
}
