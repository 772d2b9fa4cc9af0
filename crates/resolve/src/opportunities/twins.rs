//! Two opportunity ids of a partner with the same customer, title, amount and target date.

use crate::frame::Frame;
use crate::identity::tidy;
use crate::notes::Notes;
use crate::opportunities::suspect::cell;
use aceq_model::FindingCode;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// How many other ids a finding names.
const NAMED: usize = 5;

/// What twins share. A row of which any part is unknown is nobody's twin.
type Likeness<'a> = (u32, &'a str, &'a str, i128, i32);

/// Raises the findings.
pub(crate) fn find(frame: &Frame, notes: &mut Notes) {
    let mut first = HashMap::with_capacity(frame.len());
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let tidied = TidiedTitles::of(frame);
    for row in 0..frame.len() {
        let Some(likeness) = tidied.likeness(frame, row) else { continue };
        match first.entry(likeness) {
            Entry::Vacant(place) => drop(place.insert(Sighting::Once(row))),
            Entry::Occupied(mut place) => match *place.get() {
                Sighting::Group(group) => groups[group].push(row),
                Sighting::Once(earlier) => {
                    place.insert(Sighting::Group(groups.len()));
                    groups.push(vec![earlier, row]);
                }
            },
        }
    }
    groups.iter().for_each(|group| raise(frame, group, notes));
}

enum Sighting {
    Once(usize),
    Group(usize),
}

/// Tidied titles in one buffer: 8 bytes a row beside the text.
struct TidiedTitles {
    text: String,
    ends: Vec<usize>,
}

impl TidiedTitles {
    fn of(frame: &Frame) -> Self {
        let titles = frame.text("title");
        let mut tidied = Self { text: String::new(), ends: Vec::with_capacity(frame.len()) };
        for title in titles.iter() {
            tidied.text.push_str(&tidy(title.unwrap_or_default()));
            tidied.ends.push(tidied.text.len());
        }
        tidied
    }

    fn title(&self, row: usize) -> Option<&str> {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        Some(&self.text[start..self.ends[row]]).filter(|title| !title.is_empty())
    }

    fn likeness<'a>(&'a self, frame: &'a Frame, row: usize) -> Option<Likeness<'a>> {
        let customer = cell(frame.text("customer_key"), row)?;
        let amount = cell(frame.decimal("mrr_usd"), row)?;
        let target = cell(frame.date("target_close_date"), row)?;
        Some((frame.partners[row], customer, self.title(row)?, amount, target))
    }
}

fn raise(frame: &Frame, group: &[usize], notes: &mut Notes) {
    for row in group {
        let others = group.iter().filter(|other| *other != row);
        let ids: Vec<_> = others.take(NAMED).map(|other| frame.text("opportunity_id").value(*other)).collect();
        let more = (group.len() - 1).saturating_sub(NAMED);
        let tail = if more == 0 { String::new() } else { format!(" and {more} more") };
        let detail = format!("same customer, title, amount and target date as {}{tail}", ids.join(", "));
        notes.raise(frame, *row, FindingCode::DuplicateOpportunity, detail);
    }
}
