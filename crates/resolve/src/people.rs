//! People who are named in two ways, and addresses that several people share.

use crate::frame::Frame;
use crate::notes::Notes;
use aceq_model::{FindingCode, TableId, person_key};
use arrow::array::Array;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The kinds that count people.
const PEOPLE: [TableId; 3] = [TableId::Certifications, TableId::Completions, TableId::Personnel];

/// Raises a finding where somebody is named without an address, or with another address, than elsewhere under that name: addresses
/// tell people apart, so they are two. And one where names with no word in common share an address: they are one. Once per table
/// and name, on its first row; further rows carry the code.
pub(crate) fn find_similar_people(frames: &BTreeMap<TableId, Frame>, notes: &mut Notes) {
    let held = || PEOPLE.iter().filter_map(|table| frames.get(table));
    // Of each name its addresses, of each address the names beside it.
    let mut addresses: HashMap<(u32, String), BTreeSet<String>> = HashMap::new();
    let mut beside: HashMap<(u32, String), BTreeSet<String>> = HashMap::new();
    for frame in held() {
        let keys = frame.text("person_key");
        for (row, name) in names(frame).filter(|(row, name)| keys.is_valid(*row) && keys.value(*row) != name) {
            let (partner, key) = (frame.partners[row], keys.value(row).to_owned());
            beside.entry((partner, key.clone())).or_default().insert(name.clone());
            addresses.entry((partner, name)).or_default().insert(key);
        }
    }
    for frame in held() {
        let (keys, mut told) = (frame.text("person_key"), HashSet::new());
        for (row, name) in names(frame).filter(|(row, _)| keys.is_valid(*row)) {
            let (partner, key) = (frame.partners[row], keys.value(row));
            let others = addresses.get(&(partner, name.clone())).into_iter().flatten();
            let others: Vec<String> = others.filter(|other| *other != key).map(|other| format!("`{other}`")).collect();
            if !others.is_empty() {
                let here = if key == name { "has no address here".to_owned() } else { format!("is `{key}` here") };
                let detail = || format!("`{name}` {here}; elsewhere it is {}", others.join(", "));
                tell(frame, row, FindingCode::MaybeSamePerson, &mut told, (partner, name.clone()), detail, notes);
            }
            let strangers = beside.get(&(partner, key.to_owned())).into_iter().flatten();
            let strangers: Vec<String> = strangers
                .filter(|other| have_no_word_in_common(&name, other))
                .map(|other| format!("`{other}`"))
                .collect();
            if key != name && !strangers.is_empty() {
                let detail = || format!("`{key}` is `{name}` here; elsewhere it is {}", strangers.join(", "));
                tell(frame, row, FindingCode::SharedAddress, &mut told, (partner, name.clone()), detail, notes);
            }
        }
    }
}

/// Tells it once of each name, and marks the rows after the first.
fn tell(
    frame: &Frame,
    row: usize,
    code: FindingCode,
    told: &mut HashSet<(FindingCode, u32, String)>,
    (partner, name): (u32, String),
    detail: impl FnOnce() -> String,
    notes: &mut Notes,
) {
    match told.insert((code, partner, name)) {
        true => notes.raise(frame, row, code, detail()),
        false => notes.mark(frame.id, row as u32, code),
    }
}

/// Whether two names are those of two people and not one name in two ways. Names under a key tell nothing.
fn have_no_word_in_common(one: &str, other: &str) -> bool {
    let is_keyed = |name: &str| name.starts_with("person-");
    let words = |name: &str| -> BTreeSet<String> {
        let words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    !is_keyed(one) && !is_keyed(other) && words(one).is_disjoint(&words(other))
}

/// Rows that name somebody, with the key that the name alone would be.
fn names(frame: &Frame) -> impl Iterator<Item = (usize, String)> + '_ {
    let names = frame.text("person_name");
    let name = |row: usize| names.is_valid(row).then(|| person_key(None, Some(names.value(row)), false)).flatten();
    (0..frame.len()).filter_map(move |row| Some((row, name(row)?)))
}
