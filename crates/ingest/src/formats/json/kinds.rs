//! Which mapping knows an object: objects of several kinds in one file become several tables.

use super::walk::Part;
use crate::header::with_any_index;
use crate::mappings::{Mappings, SourceMapping};
use crate::recognise::{header_keys, knows_a_column, mapping_of};
use std::collections::{BTreeMap, HashMap};

/// Name of the table of what no mapping knows, where the file holds something else besides.
const OTHERS: &str = "other objects";

/// Kinds of objects seen so far. A kind is the place of its mapping; the numbers after those are sets of names that no
/// mapping recognises.
pub(super) struct Kinds<'m> {
    mappings: &'m Mappings,
    /// Kind of each set of names that was looked at.
    seen: HashMap<String, usize>,
    /// Sets of names that no mapping recognises.
    unknown: Vec<Vec<String>>,
}

impl<'m> Kinds<'m> {
    pub fn new(mappings: &'m Mappings) -> Self {
        Self { mappings, seen: HashMap::new(), unknown: Vec::new() }
    }

    /// Whether a mapping recognises an object with these fields.
    pub fn is_known(&self, names: &[String]) -> bool {
        mapping_of(&header_keys(names), self.mappings).is_some()
    }

    /// The kind of an object with these fields.
    pub fn of(&mut self, names: &[String]) -> usize {
        let mut set: Vec<String> = names.iter().map(|name| with_any_index(name)).collect();
        set.sort_unstable();
        set.dedup();
        let joined = set.join("\n");
        if let Some(kind) = self.seen.get(&joined) {
            return *kind;
        }
        let place = |mapping: &SourceMapping| self.mappings.sources().iter().position(|s| s.name == mapping.name);
        let kind = mapping_of(&header_keys(&set), self.mappings).and_then(place).unwrap_or_else(|| {
            self.unknown.push(set);
            self.beyond() + self.unknown.len() - 1
        });
        self.seen.insert(joined, kind);
        kind
    }

    /// Gives every part its table, and names the tables in the order in which they appear.
    ///
    /// Objects that only a base knows belong to the mapping that extends it; objects that none recognises, to the
    /// first kind that knows a field of theirs: a record that lacks its id is a bad record, not another kind of
    /// object. Broken parts belong to the table of the record before them.
    pub fn settle(&self, parts: &mut [Part]) -> Vec<(usize, String)> {
        let present: Vec<usize> = distinct(parts).into_iter().filter(|kind| *kind < self.beyond()).collect();
        let tables: BTreeMap<usize, usize> =
            distinct(parts).into_iter().map(|kind| (kind, self.table_of(kind, &present))).collect();
        let mut last = parts.iter().find_map(|part| part.kind).map(|kind| tables[&kind]);
        for part in parts.iter_mut() {
            part.kind = part.kind.map(|kind| tables[&kind]).or(last);
            last = part.kind;
        }
        let kinds = distinct(parts);
        let name = |kind: usize| match self.mappings.sources().get(kind) {
            _ if kinds.len() == 1 => String::new(),
            Some(mapping) => mapping.name.clone(),
            None => OTHERS.to_owned(),
        };
        kinds.iter().map(|kind| (*kind, name(*kind))).collect()
    }

    fn table_of(&self, kind: usize, present: &[usize]) -> usize {
        let known = match kind.checked_sub(self.beyond()) {
            None => Some(kind),
            Some(set) => {
                let keys = header_keys(&self.unknown[set]);
                let knows = |kind: &usize| knows_a_column(&self.mappings.sources()[*kind], &keys);
                present.iter().copied().find(knows)
            }
        };
        known.map_or(self.beyond(), |kind| self.special(kind, present))
    }

    /// The first mapping among those present that extends `kind`, else `kind`.
    fn special(&self, kind: usize, present: &[usize]) -> usize {
        let base = &self.mappings.sources()[kind];
        let extends = |other: &usize| self.mappings.sources()[*other].extends.as_ref() == Some(&base.name);
        present.iter().copied().find(extends).unwrap_or(kind)
    }

    fn beyond(&self) -> usize {
        self.mappings.sources().len()
    }
}

/// The kinds of the parts, in the order in which they appear.
fn distinct(parts: &[Part]) -> Vec<usize> {
    let mut kinds: Vec<usize> = Vec::new();
    for kind in parts.iter().filter_map(|part| part.kind) {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}
