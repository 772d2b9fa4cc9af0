//! People who are named in two ways.

use crate::frame::Frame;
use crate::notes::Notes;
use aceq_model::{FindingCode, TableId, person_key};
use arrow::array::Array;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The kinds that count people.
const PEOPLE: [TableId; 3] = [TableId::Certifications, TableId::Completions, TableId::Personnel];

/// Raises a finding where somebody is named without an address, and elsewhere by that name with one: the address tells people
/// apart, so they are two. Once per table and name, on its first row.
pub(crate) fn find_similar_people(frames: &BTreeMap<TableId, Frame>, notes: &mut Notes) {
    let held = || PEOPLE.iter().filter_map(|table| frames.get(table));
    let mut addressed: HashMap<(u32, String), String> = HashMap::new();
    for frame in held() {
        for (row, name) in names(frame) {
            let key = frame.text("person_key");
            if key.is_valid(row) && key.value(row) != name {
                addressed.entry((frame.partners[row], name)).or_insert_with(|| key.value(row).to_owned());
            }
        }
    }
    if addressed.is_empty() {
        return;
    }
    for frame in held() {
        let mut told = HashSet::new();
        for (row, name) in names(frame) {
            let key = frame.text("person_key");
            let who = (frame.partners[row], name);
            let Some(address) = addressed.get(&who).filter(|_| key.is_valid(row) && key.value(row) == who.1) else {
                continue;
            };
            if told.insert(who.clone()) {
                let detail = format!("`{}` has no address here; elsewhere it is `{address}`", who.1);
                notes.raise(frame, row, FindingCode::MaybeSamePerson, detail);
            } else {
                notes.mark(frame.id, row as u32, FindingCode::MaybeSamePerson);
            }
        }
    }
}

/// Rows that name somebody, with the key that the name alone would be.
fn names(frame: &Frame) -> impl Iterator<Item = (usize, String)> + '_ {
    let names = frame.text("person_name");
    let name = |row: usize| names.is_valid(row).then(|| person_key(None, Some(names.value(row)), false)).flatten();
    (0..frame.len()).filter_map(move |row| Some((row, name(row)?)))
}
