//! Folders of exports to ask about: the sample, and synthetic worlds.

use crate::pipeline::{Read, read_folder};
use crate::program::repository;
use aceq_synth::{Spec, generate};
use chrono::NaiveDate;
use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The exports of `data/sample`.
pub fn sample() -> PathBuf {
    repository().join("data/sample")
}

/// A synthetic world in a folder of its own, that goes with the value.
///
/// # Panics
/// When the disk refuses.
pub fn generated(partners: u32, opportunities: u64, seed: u64) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let as_of = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a date");
    let spec = Spec { partners, opportunities, seed, as_of, row_bytes: None };
    generate(&spec, &mut |name| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a file lies in a folder"))?;
        Ok(Box::new(File::create(path)?) as Box<dyn Write>)
    })
    .expect("a world can be made");
    folder
}

/// The rows of a synthetic world.
///
/// # Panics
/// When the disk refuses.
pub fn read_generated(partners: u32, opportunities: u64, seed: u64) -> Read {
    read_folder(generated(partners, opportunities, seed).path())
}

/// Copies every file below `from` to below `to`; `rename` gives the new relative path.
///
/// # Panics
/// When the disk refuses.
pub fn copy(from: &Path, to: &Path, rename: &dyn Fn(&str) -> String) {
    for (name, path) in files(from) {
        let target = to.join(rename(&name));
        fs::create_dir_all(target.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::copy(path, target).expect("a file can be copied");
    }
}

/// Relative name and path of every file below `folder`, sorted; hidden ones are left out.
///
/// # Panics
/// When the folder cannot be listed.
pub fn files(folder: &Path) -> Vec<(String, PathBuf)> {
    let limits = aceq_ingest::Limits::default();
    let found = aceq_ingest::discover(&[folder.to_owned()], &std::env::temp_dir(), &limits);
    found.expect("the folder can be listed").inputs.into_iter().map(|input| (input.name, input.path)).collect()
}
