//! What each input is, and which of them are not read.

use super::Skipped;
use crate::error::CliError;
use crate::settings::Reading;
use aceq_ingest::{IngestError, Input, Recognised, recognise};
use aceq_model::{Position, Reject, RejectReason};
use aceq_store::Dataset;
use std::collections::BTreeSet;
use std::path::PathBuf;

/// What a folder may hold beside exports. A file in a format that is not read yet is told like the others: stopping at
/// the first one would hide the rest.
fn may_be_anything(error: &IngestError) -> bool {
    use IngestError::{Damaged, Empty, NotRecognised, TooLarge, UnsupportedFormat};
    matches!(error, NotRecognised { .. } | Empty { .. } | UnsupportedFormat { .. } | Damaged { .. } | TooLarge { .. })
}

/// The published dataset in the folder that the file belongs to, if it does.
fn dataset_around(input: &Input) -> Option<PathBuf> {
    let place = input.place();
    let mut below_root = place.ancestors().skip(1).take_while(|folder| folder.starts_with(&input.root));
    let dataset = below_root.find(|folder| Dataset::is_dataset(folder))?;
    Some(dataset.strip_prefix(&input.root).unwrap_or(dataset).to_owned())
}

/// Reasons that are told where nothing is an export.
const FEW: usize = 5;

/// What each input is. A file that was named must be an export; one that lies in a folder may be anything, and is told.
pub(super) fn recognise_all(
    inputs: &[Input],
    reading: &Reading,
    skipped: &mut NotRead,
) -> Result<Vec<(Input, Recognised)>, CliError> {
    let mut recognised = Vec::new();
    let mut datasets = BTreeSet::new();
    for input in inputs {
        if let Some(dataset) = dataset_around(input) {
            datasets.insert(dataset);
            continue;
        }
        match recognise(input, &reading.mappings, &reading.ingest) {
            Ok(known) => {
                recognised.extend(known.tables.into_iter().map(|table| (input.clone(), table)));
                known.others.iter().for_each(|error| skipped.add(&input.name, error));
            }
            // The last page of a list may be named like the others.
            Err(error @ IngestError::NoRecords { .. }) => skipped.add(&input.name, &error),
            Err(error) if input.is_named() => return Err(error.into()),
            Err(error) if may_be_anything(&error) => skipped.add(&input.name, &error),
            Err(error) => return Err(error.into()),
        }
    }
    skipped.skipped.extend(datasets.into_iter().map(|dataset| Skipped {
        name: dataset.display().to_string(),
        why: "it is a published dataset, not an export".to_owned(),
    }));
    if recognised.is_empty() {
        let told = skipped.skipped.iter().take(FEW).map(|Skipped { name, why }| format!("\n  {name}: {why}"));
        let (paths, files) = (reading.inputs.clone(), inputs.len());
        return Err(CliError::NothingRecognised { paths, files, why: told.collect() });
    }
    let is_used = |name: &&str| recognised.iter().any(|(_, table)| table.mapping == **name);
    let unused = reading.mappings.names_given().filter(|name| !is_used(name)).map(|name| Skipped {
        name: format!("the mapping `{name}`"),
        why: "no file has the headers by which it knows its own".to_owned(),
    });
    skipped.skipped.extend(unused);
    Ok(recognised)
}

/// Files and sheets that are not read.
#[derive(Default)]
pub(super) struct NotRead {
    pub(super) skipped: Vec<Skipped>,
    /// Names of pages without records that end a list.
    pub(super) last_pages: Vec<String>,
    /// Those that may be exports for all that can be seen of them: their rows are lost until somebody looks.
    pub(super) unreadable: Vec<Reject>,
}

impl NotRead {
    pub(super) fn add(&mut self, name: &str, error: &IngestError) {
        use IngestError::{Damaged, Locked, OtherHeader, TooLarge};
        if let IngestError::NoRecords { is_last: true, .. } = error {
            self.last_pages.push(name.to_owned());
        }
        let skipped = told(name, error);
        // A page without a table is a page of help or to sign in, not a damaged report.
        let is_page = matches!(error, IngestError::Damaged { format, .. } if format.contains("HTML"));
        let may_be_export = matches!(error, Damaged { .. } | Locked { .. } | OtherHeader { .. } | TooLarge { .. })
            || error.is_archive();
        if may_be_export && !is_page {
            let position = match error {
                OtherHeader { position } => position.clone(),
                _ => Position { file: skipped.name.clone(), ..Position::default() },
            };
            self.unreadable.push(Reject {
                position,
                column: None,
                raw: skipped.why.clone(),
                reason: RejectReason::UnreadableFile,
            });
        }
        self.skipped.push(skipped);
    }
}

/// A file or sheet that is not used: its name, and what the error says beside it.
fn told(name: &str, error: &IngestError) -> Skipped {
    let why = error.to_string();
    let (name, why) = match why.split_once(": ") {
        Some((place, why)) if place.starts_with(name) => (place.to_owned(), why.to_owned()),
        _ => (name.to_owned(), why),
    };
    Skipped { name, why }
}
