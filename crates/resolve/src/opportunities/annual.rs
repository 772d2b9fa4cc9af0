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
use arrow::array::Array;
use foldhash::{HashMap, HashMapExt};
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
        let by_customer = amounts_by_customer(frame, rows.clone());
        for row in rows {
            let signs = signs(frame, row, &spread, &by_customer);
            if !signs.is_empty() {
                notes.raise(frame, row, FindingCode::MaybeAnnual, signs.join("; "));
            }
        }
    }
}

fn amount(frame: &Frame, row: usize) -> Option<i128> {
    cell(frame.decimal("mrr_usd"), row).filter(|amount| *amount > 0)
}

/// Per customer and amount the first row with it.
type ByCustomer<'f> = HashMap<(&'f str, i128), usize>;

fn amounts_by_customer(frame: &Frame, rows: Range<usize>) -> ByCustomer<'_> {
    let customers = frame.text("customer_key");
    let amounts = frame.decimal("mrr_usd");
    let mut by_customer = HashMap::with_capacity(rows.len());
    for row in rows.filter(|row| customers.is_valid(*row)) {
        if let Some(amount) = cell(amounts, row).filter(|amount| *amount > 0) {
            by_customer.entry((customers.value(row), amount)).or_insert(row);
        }
    }
    by_customer
}

fn signs(frame: &Frame, row: usize, spread: &Spread, by_customer: &ByCustomer<'_>) -> Vec<String> {
    let Some(monthly) = amount(frame, row) else { return Vec::new() };
    let same = cell(frame.decimal("annual_usd"), row) == Some(monthly);
    let same = same.then(|| format!("mrr_usd {} is the annual figure too", usd(monthly)));
    let far = spread.fence.is_some_and(|fence| monthly > fence).then(|| {
        let (median, rows) = (usd(spread.median), spread.rows);
        format!("mrr_usd {} lies far above the median of this partner's {rows} amounts, {median}", usd(monthly))
    });
    // Small and middling amounts are multiples of each other by chance.
    let sibling = cell(frame.text("customer_key"), row).filter(|_| monthly > spread.median);
    let sibling = sibling.and_then(|customer| sibling_part(frame, customer, monthly, by_customer));
    same.into_iter().chain(sibling).chain(far).collect()
}

fn sibling_part(frame: &Frame, customer: &str, monthly: i128, by_customer: &ByCustomer<'_>) -> Option<String> {
    let (term, other) = TERMS.iter().filter(|term| monthly % **term == 0).find_map(|term| {
        let other = by_customer.get(&(customer, monthly / term))?;
        Some((term, *other))
    })?;
    let (id, part) = (frame.text("opportunity_id").value(other), usd(monthly / term));
    Some(format!("mrr_usd {} is {term} times the {part} of {id}, of the same customer", usd(monthly)))
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
