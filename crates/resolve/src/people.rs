//! People who are named in two ways, and addresses that several people share.

use crate::frame::Frame;
use crate::identity::{bare, words};
use crate::notes::Notes;
use aceq_model::{FindingCode, TableId, person_key};
use arrow::array::Array;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The kinds that count people.
const PEOPLE: [TableId; 3] = [TableId::Certifications, TableId::Completions, TableId::Personnel];

/// Addresses and names that a finding lists, at most.
const SHOWN: usize = 3;

/// Partner and name, or partner and address.
type Of = (u32, String);

/// Raises a finding where somebody is named without an address, or with another address, than elsewhere under that name: addresses
/// tell people apart, so they are two. And one where names with no word in common share an address: they are one. Once per table
/// and name (or address), on its first row; further rows carry the code.
pub(crate) fn find_similar_people(frames: &BTreeMap<TableId, Frame>, notes: &mut Notes) {
    let held = || PEOPLE.iter().filter_map(|table| frames.get(table));
    // Of each name its addresses, of each address the first name beside it.
    let mut addresses: HashMap<Of, BTreeSet<String>> = HashMap::new();
    let mut beside: HashMap<Of, String> = HashMap::new();
    for frame in held() {
        let keys = frame.text("person_key");
        for (row, name) in names(frame).filter(|(row, name)| keys.is_valid(*row) && keys.value(*row) != name) {
            let (partner, key) = (frame.partners[row], keys.value(row).to_owned());
            let first = beside.entry((partner, key.clone())).or_insert_with(|| name.clone());
            if name < *first {
                first.clone_from(&name);
            }
            addresses.entry((partner, name)).or_default().insert(key);
        }
    }
    for frame in held() {
        let keys = frame.text("person_key");
        let (mut names_told, mut addresses_told) = (HashSet::new(), HashSet::new());
        for (row, name) in names(frame).filter(|(row, _)| keys.is_valid(*row)) {
            let (partner, key) = (frame.partners[row], keys.value(row));
            let who = (partner, name.clone());
            if let Some(known) = addresses.get(&who).filter(|known| known.len() > 1 || !known.contains(key)) {
                let here = if key == name { "has no address here".to_owned() } else { format!("is `{key}` here") };
                let others = || listed(known.iter().filter(|other| *other != key), known.len());
                let detail = || format!("`{name}` {here}; elsewhere it is {}", others());
                tell(frame, row, FindingCode::MaybeSamePerson, names_told.insert(who), detail, notes);
            }
            let at = (partner, key.to_owned());
            if let Some(first) = beside.get(&at).filter(|first| have_no_word_in_common(&name, first)) {
                let detail = || format!("`{key}` is `{name}` here; elsewhere it is `{first}`");
                tell(frame, row, FindingCode::SharedAddress, addresses_told.insert(at), detail, notes);
            }
        }
    }
}

/// The first of some addresses, and how many there are where they are too many to show.
fn listed<'a>(some: impl Iterator<Item = &'a String>, all: usize) -> String {
    let shown: Vec<String> = some.take(SHOWN).map(|one| format!("`{one}`")).collect();
    let more = if all > SHOWN + 1 { format!(" (one of {all})") } else { String::new() };
    shown.join(", ") + &more
}

/// Tells it the first time, and marks the rows after that.
fn tell(
    frame: &Frame,
    row: usize,
    code: FindingCode,
    is_first: bool,
    detail: impl FnOnce() -> String,
    notes: &mut Notes,
) {
    match is_first {
        true => notes.raise(frame, row, code, detail()),
        false => notes.mark(frame.id, row as u32, code),
    }
}

/// Whether two names are those of two people and not one name in two ways. Names under a key tell nothing.
fn have_no_word_in_common(one: &str, other: &str) -> bool {
    if one == other || [one, other].iter().any(|name| name.starts_with("person-")) {
        return false;
    }
    let (one, other) = (bare(one), bare(other));
    let known: BTreeSet<&str> = words(&one).collect();
    words(&other).all(|word| !known.contains(word))
}

/// Rows that name somebody, with the key that the name alone would be.
fn names(frame: &Frame) -> impl Iterator<Item = (usize, String)> + '_ {
    let names = frame.text("person_name");
    let name = |row: usize| names.is_valid(row).then(|| person_key(None, Some(names.value(row)), false)).flatten();
    (0..frame.len()).filter_map(move |row| Some((row, name(row)?)))
}
