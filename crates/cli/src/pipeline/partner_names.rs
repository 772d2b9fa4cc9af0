//! Reports from AWS's side call a partner by the name of its account, rosters by its id. `partners` files know both.

use crate::error::CliError;
use crate::settings::Reading;
use aceq_ingest::{Chunk, IngestError, Input, Recognised, Sink, SinkError, read};
use aceq_model::{Finding, Reject, TableId};
use arrow::array::{Array, AsArray, RecordBatch, StringArray};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Whose name is which. A name of two partners is nobody's, and an id is never taken for a name.
#[derive(Debug, Default)]
pub(super) struct PartnerNames {
    /// By name, without case, spaces and punctuation.
    ids: BTreeMap<String, String>,
}

impl PartnerNames {
    /// What the `partners` files among the inputs say. They are small, and read a second time with the others.
    pub(super) fn read(recognised: &[(Input, Recognised)], reading: &Reading) -> Result<Self, CliError> {
        let mut stated = Stated { default: reading.partner_id.clone(), ..Stated::default() };
        for (input, recognised) in recognised.iter().filter(|(_, recognised)| recognised.table == TableId::Partners) {
            match read(input, recognised, &reading.mappings, &reading.ingest, &mut stated) {
                Ok(_) => stated.of_file.clear(),
                // In a folder it is left out, and told as such when it is read with the others.
                Err(IngestError::OtherHeader { .. }) if !input.is_named() => stated.restart(),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(Self::of(stated.pairs))
    }

    fn of(pairs: BTreeSet<(String, String)>) -> Self {
        let every: BTreeSet<String> = pairs.iter().map(|(_, id)| key(id)).collect();
        let mut ids: BTreeMap<String, Option<String>> = BTreeMap::new();
        for (name, id) in pairs.into_iter().filter(|(name, _)| !name.is_empty() && !every.contains(name)) {
            ids.entry(name).and_modify(|known| *known = known.take().filter(|known| *known == id)).or_insert(Some(id));
        }
        Self { ids: ids.into_iter().filter_map(|(name, id)| Some((name, id?))).collect() }
    }

    /// The id behind a name; what is no name stays as it is.
    pub(super) fn id<'a>(&'a self, partner: &'a str) -> Cow<'a, str> {
        if self.ids.is_empty() {
            return Cow::Borrowed(partner);
        }
        Cow::Borrowed(self.ids.get(&key(partner)).map_or(partner, String::as_str))
    }

    /// The rows with ids in place of names.
    pub(super) fn rename(&self, batch: &RecordBatch) -> RecordBatch {
        let Some(column) = batch.column_by_name("partner_id").and_then(|column| column.as_string_opt::<i32>()) else {
            return batch.clone();
        };
        if self.ids.is_empty() || column.null_count() == column.len() {
            return batch.clone();
        }
        let renamed: StringArray = column.iter().map(|partner| partner.map(|partner| self.id(partner))).collect();
        let index = batch.schema().index_of("partner_id").expect("it was found by its name");
        let mut columns = batch.columns().to_vec();
        columns[index] = Arc::new(renamed);
        RecordBatch::try_new(batch.schema(), columns).expect("the column keeps its type and length")
    }
}

/// Lower-case letters and digits: the form in which names that users write are compared.
pub(super) fn key(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Names and ids of `partners` files.
#[derive(Default)]
struct Stated {
    /// The partner of files without a partner column.
    default: Option<String>,
    pairs: BTreeSet<(String, String)>,
    /// Those of the file that is being read.
    of_file: BTreeSet<(String, String)>,
}

impl Sink for Stated {
    fn rows(&mut self, chunk: Chunk) -> Result<(), SinkError> {
        let text = |name: &str| chunk.batch.column_by_name(name).and_then(|column| column.as_string_opt::<i32>());
        let (Some(ids), Some(names)) = (text("partner_id"), text("name")) else { return Ok(()) };
        for (id, name) in ids.iter().zip(names.iter()) {
            if let (Some(id), Some(name)) = (id.or(self.default.as_deref()), name) {
                let pair = (key(name), id.to_owned());
                self.pairs.insert(pair.clone());
                self.of_file.insert(pair);
            }
        }
        Ok(())
    }

    fn restart(&mut self) {
        let of_file = std::mem::take(&mut self.of_file);
        self.pairs.retain(|pair| !of_file.contains(pair));
    }

    fn rejects(&mut self, _: Vec<Reject>) -> Result<(), SinkError> {
        Ok(())
    }

    fn findings(&mut self, _: Vec<Finding>) -> Result<(), SinkError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{PartnerNames, key};

    #[test]
    fn a_name_is_whose_it_is_or_nobodys() {
        let pairs = [("Harbour Cloud GmbH", "P-1"), ("Twin", "P-2"), ("Twin", "P-3"), ("P-2", "P-4"), ("", "P-5")];
        let names = PartnerNames::of(pairs.map(|(name, id)| (key(name), id.to_owned())).into());
        for (partner, id) in [
            ("HARBOUR CLOUD, GmbH", "P-1"),
            ("P-1", "P-1"),
            ("Twin", "Twin"),
            ("P-2", "P-2"),
            ("Somebody else", "Somebody else"),
            ("-", "-"),
        ] {
            assert_eq!(names.id(partner), id, "{partner}");
        }
    }
}
