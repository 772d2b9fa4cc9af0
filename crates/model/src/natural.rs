//! The order of requirement ids, as a reader of the checklist expects it: `*`, 2.1, 2.2, 2.10, ACC-002, ACC-010.

use std::cmp::Ordering;

/// A requirement id that compares by its numbers, with `*` before all others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Natural<'a>(pub &'a str);

impl Ord for Natural<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let star = |id: &str| id != "*";
        let parts = || parts(self.0).cmp(parts(other.0));
        star(self.0).cmp(&star(other.0)).then_with(parts).then_with(|| self.0.cmp(other.0))
    }
}

impl PartialOrd for Natural<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// Digits before text, digits by value: (0, length without leading zeros, digits) or (1, 0, text).
fn parts(id: &str) -> impl Iterator<Item = (u8, usize, &str)> {
    let mut rest = id;
    std::iter::from_fn(move || {
        let digits = rest.chars().next()?.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(rest.len());
        let (part, after) = rest.split_at(end);
        rest = after;
        let number = part.trim_start_matches('0');
        Some(if digits { (0, number.len(), number) } else { (1, 0, part) })
    })
}
