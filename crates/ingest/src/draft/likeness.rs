//! How alike headers and columns are.

use crate::header::{header_cell, key};
use crate::mappings::Mappings;
use aceq_model::TableId;
use std::collections::{BTreeMap, BTreeSet};

/// From here on a header is worth showing beside a column, in hundredths.
const WORTH_SHOWING: u32 = 55;
/// So much more alike is clear, in hundredths.
const CLEARLY: u32 = 15;
/// Headers shown beside a column, the nearest included.
const SHOWN: usize = 3;

/// Headers that are compared; a table of more columns was not made by people.
const MOST: usize = 1000;
/// Longest header that is compared, in bytes.
const LONGEST: usize = 120;

/// How near the headers that nobody knows come to the columns that have none.
pub(super) struct Nearness {
    /// Per column without a header: the nearest headers, each with its likeness and the alias it is like.
    pub columns: BTreeMap<String, Vec<Near>>,
    /// Per header: the nearest column of all.
    pub headers: Vec<(String, String, u32)>,
}

/// A header that comes near a column.
#[derive(Clone, Debug)]
pub(super) struct Near {
    pub header: String,
    pub alias: String,
    /// In hundredths.
    pub likeness: u32,
}

impl Nearness {
    pub fn new(unknown: &[String], filled: &BTreeSet<String>, table: TableId, mappings: &Mappings) -> Self {
        let aliases = aliases(table, mappings);
        let mut columns: BTreeMap<String, Vec<Near>> = BTreeMap::new();
        let mut headers = Vec::new();
        for header in unknown.iter().filter(|header| header.len() <= LONGEST).take(MOST) {
            let near = |alias: &String| (likeness(header, alias), alias.clone());
            let nearest = aliases.iter().filter_map(|(column, aliases)| {
                let (likeness, alias) = aliases.iter().map(near).max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)))?;
                Some((column, alias, likeness))
            });
            let nearest: Vec<_> = nearest.collect();
            let highest = nearest.iter().map(|(.., likeness)| *likeness).max().unwrap_or(0);
            // A header that clearly means another column is no candidate for this one.
            let open = |column: &String, likeness: u32| !filled.contains(column) && likeness + CLEARLY >= highest;
            for (column, alias, likeness) in nearest.iter().filter(|(column, _, likeness)| open(column, *likeness)) {
                let near = Near { header: header.clone(), alias: alias.clone(), likeness: *likeness };
                columns.entry((*column).clone()).or_default().push(near);
            }
            if let Some((column, _, likeness)) = nearest.iter().max_by(|a, b| a.2.cmp(&b.2).then(b.0.cmp(a.0))) {
                headers.push((header.clone(), (*column).clone(), *likeness));
            }
        }
        for near in columns.values_mut() {
            near.retain(|near| near.likeness >= WORTH_SHOWING);
            near.sort_by_key(|near| std::cmp::Reverse(near.likeness));
            near.truncate(SHOWN);
        }
        columns.retain(|_, near| !near.is_empty());
        Self { columns, headers }
    }

    /// How alike headers and columns are altogether.
    pub fn alike(&self) -> u32 {
        self.headers.iter().map(|(.., likeness)| *likeness).filter(|likeness| *likeness >= WORTH_SHOWING).sum()
    }
}

/// Every way in which the mappings of a table write each of its columns.
fn aliases(table: TableId, mappings: &Mappings) -> BTreeMap<String, BTreeSet<String>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for column in table.schema().ingested_columns() {
        let known = all.entry(column.name.to_owned()).or_default();
        known.insert(column.name.replace('_', " "));
        for mapping in mappings.sources().iter().filter(|mapping| mapping.table == table) {
            known.extend(mapping.aliases(column.name).iter().cloned());
        }
    }
    all
}

/// Words that a CRM puts around the name of a field: the package of the connector, the mark of a custom field.
const AFFIXES: [&str; 6] = ["awsapn", "ace", "c", "r", "pc", "properties"];

/// How alike two headers are, in hundredths: letter by letter, with and without what a CRM puts around, and by words.
fn likeness(header: &str, alias: &str) -> u32 {
    let by_letters = |left: &str, right: &str| strsim::normalized_damerau_levenshtein(left, right);
    let (left, right) = (words(header), words(alias));
    let whole = by_letters(&header_cell(header).key, &header_cell(alias).key);
    let bare = by_letters(&left.concat(), &right.concat());
    let shared = left.iter().filter(|word| right.contains(word)).count();
    let by_words = 2.0 * shared as f64 / (left.len() + right.len()).max(1) as f64;
    // Never 1: only what a mapping knows is certain.
    (whole.max(bare).max(by_words * 0.97) * 99.0).round() as u32
}

/// The words of a header, also where they are written together (`CloseDate`, `close_date`).
fn words(header: &str) -> Vec<String> {
    let mut apart = String::new();
    let mut before = ' ';
    for letter in header.chars() {
        if before.is_lowercase() && letter.is_uppercase() {
            apart.push(' ');
        }
        apart.push(letter);
        before = letter;
    }
    let words = apart.split(|c: char| !c.is_alphanumeric()).map(key).filter(|word| !word.is_empty());
    let all: Vec<String> = words.collect();
    let telling: Vec<String> = all.iter().filter(|word| !AFFIXES.contains(&word.as_str())).cloned().collect();
    if telling.is_empty() { all } else { telling }
}

#[cfg(test)]
mod tests {
    use super::likeness;

    #[test]
    fn what_a_crm_puts_around_a_name_does_not_count() {
        let near = [
            ("awsapn__Partner_Central_Opportunity_Id__c", "Opportunity Id"),
            ("awsapn__Target_Close_Date__c", "Target Close Date"),
            ("ace_stage", "Stage"),
            ("CloseDate", "Close Date"),
            ("Custmer Name", "Customer Name"),
        ];
        for (header, alias) in near {
            assert!(likeness(header, alias) >= 60, "{header}: {}", likeness(header, alias));
        }
        for (header, alias) in [("Forecast Category", "Stage"), ("Phone", "DUNS"), ("", "Stage")] {
            assert!(likeness(header, alias) < 50, "{header}: {}", likeness(header, alias));
        }
    }
}
