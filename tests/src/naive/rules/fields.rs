//! Typed access to the keys of one TOML table. Every mistake is a panic: an oracle must not overlook a rule.

use aceq_model::{Cents, TableId};
use toml::{Table, Value};

/// The keys of one table, and what to call it in a message.
#[derive(Clone, Debug)]
pub struct Fields {
    name: String,
    keys: Table,
}

impl Fields {
    /// The keys of `value`, which must be among `known`.
    pub fn new(name: &str, value: &Value, known: &[&str]) -> Self {
        let keys = value.as_table().unwrap_or_else(|| panic!("{name} is no table")).clone();
        for key in keys.keys() {
            assert!(known.contains(&key.as_str()), "{name} has the unknown key {key}");
        }
        Self { name: name.to_owned(), keys }
    }

    /// The value of `key`, if given.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.keys.get(key)
    }

    /// The value of `key`, which must be given.
    pub fn required(&self, key: &str) -> &Value {
        self.get(key).unwrap_or_else(|| panic!("{} lacks {key}", self.name))
    }

    /// The text of `key`, if given.
    pub fn maybe_text(&self, key: &str) -> Option<&str> {
        self.get(key).map(|value| value.as_str().unwrap_or_else(|| panic!("{}.{key} is no text", self.name)))
    }

    /// The text of `key`.
    pub fn text(&self, key: &str) -> &str {
        self.required(key).as_str().unwrap_or_else(|| panic!("{}.{key} is no text", self.name))
    }

    /// The texts of `key`, if given.
    pub fn maybe_texts(&self, key: &str) -> Option<Vec<String>> {
        let texts = |value: &Value| value.clone().try_into().unwrap_or_else(|_| panic!("{}.{key}: texts", self.name));
        self.get(key).map(texts)
    }

    /// Whether `key` is set.
    pub fn flag(&self, key: &str) -> bool {
        self.get(key).is_some_and(|value| value.as_bool().unwrap_or_else(|| panic!("{}.{key} is no flag", self.name)))
    }

    /// The whole number of `key`, if given.
    pub fn maybe_integer(&self, key: &str) -> Option<i64> {
        self.get(key).map(|value| value.as_integer().unwrap_or_else(|| panic!("{}.{key} is no number", self.name)))
    }

    /// The number or decimal text of `key` in hundredths, if given.
    pub fn maybe_hundredths(&self, key: &str) -> Option<i64> {
        self.get(key).map(|value| match value {
            Value::Integer(number) => number * 100,
            Value::String(text) => {
                text.parse::<Cents>().unwrap_or_else(|error| panic!("{}.{key}: {error}", self.name)).0
            }
            _ => panic!("{}.{key} is no number", self.name),
        })
    }

    /// The number or decimal text of `key` in hundredths.
    pub fn hundredths(&self, key: &str) -> i64 {
        self.maybe_hundredths(key).unwrap_or_else(|| panic!("{} lacks {key}", self.name))
    }

    /// The canonical table that `table` names.
    pub fn table(&self) -> TableId {
        let name = self.text("table");
        TableId::from_name(name).unwrap_or_else(|| panic!("{}: there is no table {name}", self.name))
    }

    /// The tables of the array `key`; none when it is not given.
    pub fn tables(&self, key: &str, known: &[&str]) -> Vec<Self> {
        let array =
            |value: &Value| value.as_array().unwrap_or_else(|| panic!("{}.{key} is no array", self.name)).clone();
        let name = format!("{} {key}", self.name);
        self.get(key).map(array).unwrap_or_default().iter().map(|value| Self::new(&name, value, known)).collect()
    }

    /// The table of `key`, if given.
    pub fn maybe_fields(&self, key: &str, known: &[&str]) -> Option<Self> {
        self.get(key).map(|value| Self::new(&format!("{} {key}", self.name), value, known))
    }

    /// These keys without those of `dropped`, then with those of `given` in place of their own.
    pub fn overridden(&self, given: &Self, dropped: &[String]) -> Self {
        let mut changed = self.clone();
        changed.name = format!("{} / {}", self.name, given.text("name"));
        changed.keys.retain(|key, _| !dropped.iter().any(|dropped| dropped == key));
        changed.keys.extend(given.keys.clone().into_iter().filter(|(key, _)| key != "name"));
        changed
    }

    /// These keys, completed with `keys` of `base` where they are neither given nor dropped.
    pub fn inheriting(&self, base: &Self, keys: &[&str], dropped: &[String]) -> Self {
        let mut completed = self.clone();
        for key in keys.iter().filter(|key| !dropped.iter().any(|dropped| dropped == *key)) {
            if let (None, Some(value)) = (self.get(key), base.get(key)) {
                completed.keys.insert((*key).to_owned(), value.clone());
            }
        }
        completed
    }
}
