//! The shape of a rule file, as serde reads it. Checks happen in `load`.
//!
//! Flat structs on purpose: an internally tagged enum would lose the positions of unknown keys.

use serde::Deserialize;
use std::collections::BTreeMap;
use toml::value::Datetime;
use toml::{Spanned, Value};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChecklistFile {
    pub checklist: Header,
    #[serde(default)]
    pub sets: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub condition: Vec<ConditionFile>,
    #[serde(default)]
    pub requirement: Vec<RequirementFile>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Header {
    pub program: Spanned<String>,
    pub version: Spanned<String>,
    pub title: String,
    pub partner_types: Spanned<Vec<String>>,
    pub released: Spanned<Datetime>,
    pub accepted: AcceptedFile,
    #[serde(default)]
    pub incomplete: Vec<String>,
    pub source: SourceFile,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AcceptedFile {
    pub from: Spanned<Datetime>,
    pub until: Option<Spanned<Value>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SourceFile {
    pub document: Spanned<String>,
    pub checked: Spanned<Datetime>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConditionFile {
    pub id: Spanned<String>,
    pub title: String,
    pub section: String,
    pub table: Spanned<String>,
    #[serde(rename = "where")]
    pub predicate: Option<Spanned<String>>,
    pub window: Option<Spanned<WindowFile>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct WindowFile {
    pub column: Spanned<String>,
    pub months: Option<Spanned<u32>>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HavingFile {
    pub sum: Spanned<String>,
    pub at_least: Spanned<Value>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MemberFile {
    pub id: Spanned<String>,
    pub title: Option<String>,
    #[serde(rename = "where")]
    pub predicate: Spanned<String>,
    pub at_least: Spanned<Value>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EachFile {
    pub column: Spanned<String>,
    pub values: Option<Spanned<Vec<String>>>,
    pub set: Option<Spanned<String>>,
    pub at_least: Spanned<Value>,
    pub unnamed: Option<u32>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequirementFile {
    pub id: Spanned<String>,
    pub title: Spanned<String>,
    pub section: Spanned<String>,
    pub kind: Spanned<String>,
    pub table: Option<Spanned<String>>,
    pub count: Option<Spanned<String>>,
    #[serde(rename = "where")]
    pub predicate: Option<Spanned<String>>,
    pub window: Option<Spanned<WindowFile>>,
    pub at_least: Option<Spanned<Value>>,
    pub having: Option<Spanned<HavingFile>>,
    pub of_which: Option<Spanned<Vec<MemberFile>>>,
    pub each: Option<Spanned<EachFile>>,
    pub base: Option<Spanned<String>>,
    pub of: Option<Spanned<Vec<Spanned<String>>>>,
    pub per: Option<Spanned<String>>,
    pub case_satisfied_when: Option<Spanned<String>>,
    pub answers_of: Option<Spanned<String>>,
    pub reading: Option<String>,
    pub checked: Option<Spanned<Datetime>>,
    #[serde(default)]
    pub advice: bool,
    #[serde(default)]
    pub part: bool,
    #[serde(default)]
    pub applies_when: Vec<Spanned<String>>,
    #[serde(default)]
    pub waived_when: Vec<Spanned<String>>,
    #[serde(default)]
    pub alternative: Vec<AlternativeFile>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AlternativeFile {
    pub name: Spanned<String>,
    pub reading: String,
    pub table: Option<Spanned<String>>,
    pub count: Option<Spanned<String>>,
    #[serde(rename = "where")]
    pub predicate: Option<Spanned<String>>,
    pub window: Option<Spanned<WindowFile>>,
    pub at_least: Option<Spanned<Value>>,
    pub having: Option<Spanned<HavingFile>>,
    pub of_which: Option<Spanned<Vec<MemberFile>>>,
    pub each: Option<Spanned<EachFile>>,
    #[serde(default)]
    pub drop: Vec<Spanned<String>>,
}

impl AlternativeFile {
    /// The requirement under this reading: the adopted fields, with those named here replaced or dropped.
    /// The error is the key in `drop` that cannot be dropped.
    pub fn applied_to(&self, adopted: &RequirementFile) -> Result<RequirementFile, Spanned<String>> {
        let mut read = adopted.clone();
        for key in &self.drop {
            match key.get_ref().as_str() {
                "where" => read.predicate = None,
                "window" => read.window = None,
                "having" => read.having = None,
                "of_which" => read.of_which = None,
                "each" => read.each = None,
                _ => return Err(key.clone()),
            }
        }
        fn replace<T: Clone>(field: &mut Option<T>, with: &Option<T>) {
            if with.is_some() {
                field.clone_from(with);
            }
        }
        replace(&mut read.table, &self.table);
        replace(&mut read.count, &self.count);
        replace(&mut read.predicate, &self.predicate);
        replace(&mut read.window, &self.window);
        replace(&mut read.at_least, &self.at_least);
        replace(&mut read.having, &self.having);
        replace(&mut read.of_which, &self.of_which);
        replace(&mut read.each, &self.each);
        Ok(read)
    }
}
