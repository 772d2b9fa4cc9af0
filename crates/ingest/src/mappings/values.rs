//! One picklist: its canonical values and the other ways to write them.

use crate::IngestError;
use crate::header::key;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::ops::Range;

/// The TOML form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    names: BTreeMap<String, String>,
    #[serde(default)]
    aliases: BTreeMap<String, String>,
    #[serde(default)]
    optional_prefixes: Vec<String>,
    #[serde(default)]
    optional_suffixes: Vec<String>,
    remarks: Option<Vec<String>>,
    #[serde(default)]
    respell: Vec<(String, String)>,
    #[serde(default)]
    says_nothing: Vec<String>,
    #[serde(default)]
    deprecated: Vec<String>,
}

/// What a text means in a picklist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Meaning<'a> {
    /// The canonical value.
    pub value: &'a str,
    /// Whether the value, or this way to write it, is no longer given out or offered.
    pub deprecated: bool,
}

/// A picklist. Case, spaces, dashes and punctuation never count, `&` is "and".
#[derive(Clone, Debug)]
pub(crate) struct ValueList {
    pub name: String,
    canonical: Vec<String>,
    /// Reduced text to place in `canonical`.
    by_key: HashMap<String, u32>,
    /// Words that may be missing or too many in front.
    prefixes: Vec<String>,
    /// Words that may follow.
    suffixes: Vec<String>,
    /// Remarks in brackets that change nothing, where brackets may be left out at all.
    remarks: Option<HashSet<String>>,
    respell: Vec<(String, String)>,
    /// Reduced texts that are no longer given out or offered: canonical values, or aliases.
    deprecated: HashSet<String>,
    /// Reduced texts that leave the value unknown.
    silent: HashSet<String>,
    /// What canonical values mean as they stand: most cells hold one, and reducing a text takes work.
    as_written: HashMap<String, (u32, bool)>,
}

impl ValueList {
    pub(super) fn parse(file_name: &str, text: &str) -> Result<Self, IngestError> {
        let wrong = |message: String| IngestError::Mapping { file: file_name.to_owned(), message };
        let file: File = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let canonical: Vec<String> = file.values.into_iter().chain(file.names.keys().cloned()).collect();
        let mut list = Self {
            name: file.name,
            by_key: HashMap::new(),
            prefixes: file.optional_prefixes.iter().map(|word| key(word)).collect(),
            suffixes: file.optional_suffixes.iter().map(|word| key(word)).collect(),
            remarks: file.remarks.map(|remarks| remarks.iter().map(|remark| key(remark)).collect()),
            respell: file.respell,
            deprecated: file.deprecated.iter().map(|text| key(text)).collect(),
            silent: file.says_nothing.iter().map(|text| key(text)).collect(),
            as_written: HashMap::new(),
            canonical,
        };
        for place in 0..list.canonical.len() {
            let key = key(&list.canonical[place]);
            list.add(key, place as u32).map_err(wrong)?;
        }
        for (written, value) in file.aliases.iter().chain(file.names.iter().map(|(code, name)| (name, code))) {
            let place = list.canonical.iter().position(|known| known == value);
            let place = place.ok_or_else(|| wrong(format!("`{value}` (for `{written}`) is no canonical value")))?;
            list.add(key(written), place as u32).map_err(wrong)?;
        }
        match file.deprecated.iter().find(|text| list.find(text).is_none()) {
            Some(text) => Err(wrong(format!("`{text}` is said to be deprecated and means no value"))),
            None => {
                let meaning = |text: &String| Some((text.clone(), list.place_and_age(text)?));
                list.as_written = list.canonical.iter().filter_map(meaning).collect();
                Ok(list)
            }
        }
    }

    fn add(&mut self, key: String, place: u32) -> Result<(), String> {
        match self.by_key.insert(key.clone(), place) {
            Some(other) if other != place => Err(format!("`{key}` means two values")),
            _ => Ok(()),
        }
    }

    /// The canonical values, in file order.
    pub fn canonical(&self) -> impl Iterator<Item = &str> {
        self.canonical.iter().map(String::as_str)
    }

    /// The canonical value that `raw` means.
    pub fn find(&self, raw: &str) -> Option<&str> {
        Some(self.meaning(raw)?.value)
    }

    /// The canonical value that `raw` means, and whether AWS still uses it.
    pub fn meaning(&self, raw: &str) -> Option<Meaning<'_>> {
        let (place, deprecated) = match self.as_written.get(raw) {
            Some(known) => *known,
            None => self.place_and_age(raw)?,
        };
        Some(Meaning { value: &self.canonical[place as usize], deprecated })
    }

    fn place_and_age(&self, raw: &str) -> Option<(u32, bool)> {
        let place = self.find_key(key(raw)).or_else(|| self.find_without_brackets(raw))?;
        let texts = [raw, &self.canonical[place as usize]];
        let deprecated = !self.deprecated.is_empty() && texts.iter().any(|text| self.deprecated.contains(&key(text)));
        Some((place, deprecated))
    }

    /// Whether `raw` belongs to the source and says nothing about this column.
    pub fn says_nothing(&self, raw: &str) -> bool {
        !self.silent.is_empty() && self.silent.contains(&key(raw))
    }

    /// The canonical values of which a name of at least `telling` letters stands within `text`. A name within a longer
    /// one that stands there, too, does not count.
    pub fn within(&self, text: &str, telling: usize) -> Vec<&str> {
        let text = key(text);
        let names = self.by_key.iter().filter(|(name, _)| name.len() >= telling && text.contains(name.as_str()));
        let named: BTreeMap<&str, u32> = names.map(|(name, place)| (name.as_str(), *place)).collect();
        let is_part = |name: &str| named.keys().any(|other| other.len() > name.len() && other.contains(name));
        let whole: BTreeSet<u32> = named.iter().filter(|(name, _)| !is_part(name)).map(|(_, place)| *place).collect();
        whole.into_iter().map(|place| self.canonical[place as usize].as_str()).collect()
    }

    /// The value of a text without its last brackets, if what stands in them changes nothing.
    fn find_without_brackets(&self, raw: &str) -> Option<u32> {
        let known = self.remarks.as_ref()?;
        let brackets = brackets_in(raw);
        let without = |count: usize| {
            let (mut text, mut at) = (String::new(), 0);
            let left_out = &brackets[brackets.len() - count..];
            for bracket in left_out {
                text.push_str(&raw[at..bracket.start]);
                text.push(' ');
                at = bracket.end;
            }
            text.push_str(&raw[at..]);
            let place = self.find_key(key(&text))?;
            let changes_nothing = |bracket: &Range<usize>| {
                let remark = &raw[bracket.start + 1..bracket.end - 1];
                known.contains(&key(remark))
                    || is_exam_code(remark)
                    || is_former_name(remark)
                    || is_abbreviation(remark, &text)
                    || text.split_whitespace().any(|word| is_initials(word, remark))
                    || self.find_key(key(remark)) == Some(place)
            };
            left_out.iter().all(changes_nothing).then_some(place)
        };
        // No name has more; a cell of nothing else would take time by the square of its length.
        (1..=brackets.len().min(8)).find_map(without)
    }

    fn find_key(&self, key: String) -> Option<u32> {
        let mut key = self.respell.iter().fold(key, |key, (from, to)| key.replace(from, to));
        loop {
            if let Some(place) = self.with_or_without_prefix(&key) {
                return Some(place);
            }
            let suffix = self.suffixes.iter().find(|suffix| key.len() > suffix.len() && key.ends_with(*suffix))?;
            key.truncate(key.len() - suffix.len());
        }
    }

    fn with_or_without_prefix(&self, key: &str) -> Option<u32> {
        let without = self.prefixes.iter().filter_map(|prefix| key.strip_prefix(prefix.as_str()));
        let found = std::iter::once(key).chain(without).find_map(|key| self.by_key.get(key));
        let with = || self.prefixes.iter().find_map(|prefix| self.by_key.get(&format!("{prefix}{key}")));
        found.or_else(with).copied().filter(|_| !key.is_empty())
    }
}

/// Where brackets stand, with those within them.
fn brackets_in(text: &str) -> Vec<Range<usize>> {
    let (mut found, mut depth, mut open) = (Vec::new(), 0_usize, 0);
    for (at, letter) in text.char_indices() {
        match letter {
            '(' if depth == 0 => (depth, open) = (1, at),
            '(' => depth += 1,
            ')' if depth == 1 => {
                depth = 0;
                found.push(open..at + 1);
            }
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    found
}

/// `SAP-C02`, `Exam SAA-C02/C03`.
fn is_exam_code(text: &str) -> bool {
    let text = text.trim();
    let letters: String =
        text.strip_prefix("Exam ").unwrap_or(text).chars().filter(char::is_ascii_alphanumeric).collect();
    let (exam, versions) = letters.split_at_checked(3).unwrap_or_default();
    let is_version = |version: &[u8]| matches!(version, [b'C', d, e] if d.is_ascii_digit() && e.is_ascii_digit());
    exam.bytes().all(|b| b.is_ascii_uppercase())
        && !versions.is_empty()
        && versions.as_bytes().chunks(3).all(is_version)
}

/// `successor to Amazon Elasticsearch Service`.
fn is_former_name(remark: &str) -> bool {
    let remark = remark.trim().to_ascii_lowercase();
    ["successor to ", "formerly ", "previously "].iter().any(|start| remark.starts_with(start))
}

/// The first letters of words.
fn initials(text: &str) -> impl Iterator<Item = char> {
    text.split_whitespace().filter_map(|word| word.chars().next())
}

/// Whether a word, other than who makes it all, is the first letters of all words of a text: `WAF` of Web Application Firewall.
fn is_initials(word: &str, text: &str) -> bool {
    word != "AWS" && word.len() > 1 && initials(text).eq(word.chars())
}

/// Whether a remark is made of first letters of the words of `text`, in their order: `MSK` of Managed Streaming for Kafka.
fn is_abbreviation(remark: &str, text: &str) -> bool {
    let mut initials = initials(text);
    let remark = remark.trim();
    remark.len() > 1
        && remark.bytes().all(|b| b.is_ascii_uppercase())
        && remark.chars().all(|c| initials.any(|i| i == c))
}

#[cfg(test)]
mod tests {
    use super::ValueList;

    #[test]
    fn remarks_in_brackets_are_left_out_where_they_change_nothing() {
        let list = "name = \"x\"\nvalues = [\"Solutions Architect - Professional\", \"Amazon Managed Streaming for Kafka\", \"Accreditation (Technical)\"]\nremarks = [\"Japanese\"]\n[aliases]\n\"Streams\" = \"Amazon Managed Streaming for Kafka\"";
        let list = ValueList::parse("x.toml", list).unwrap();
        for (text, value) in [
            ("Solutions Architect - Professional (SAP-C02)", Some("Solutions Architect - Professional")),
            ("Solutions Architect (SAP-C02) Professional (japanese)", Some("Solutions Architect - Professional")),
            ("Amazon Managed Streaming for Kafka (MSK)", Some("Amazon Managed Streaming for Kafka")),
            ("Amazon Managed Streaming for Kafka (Streams)", Some("Amazon Managed Streaming for Kafka")),
            ("Amazon Managed Streaming for Kafka (formerly MSK)", Some("Amazon Managed Streaming for Kafka")),
            ("MSK (Managed Streaming for Kafka)", None),
            ("AWS Accreditation (Technical) (Application Withdrawn, Suspended)", None),
            ("Solutions Architect - Professional (Exam SAP-C02)", Some("Solutions Architect - Professional")),
            ("Accreditation (Technical) (Japanese)", Some("Accreditation (Technical)")),
            ("Solutions Architect - Professional (planned)", None),
            ("Solutions Architect - Professional (SAP-C02) (failed)", None),
            ("Solutions Architect - Professional (WIP)", None),
        ] {
            assert_eq!(list.find(text), value, "{text}");
        }
    }
}
