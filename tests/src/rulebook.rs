//! The project's checklists, as both evaluators want them.

use aceq_checklist::{Checklist, load};
use aceq_ingest::Mappings;
use std::fs;
use std::path::{Path, PathBuf};

/// One checklist: its text for the naive evaluator, the checked rules for the engine.
pub struct Rules {
    /// The rule file.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// The same, checked.
    pub checklist: Checklist,
}

/// Every checklist of the project, sorted by path.
///
/// # Panics
/// When one cannot be read or is wrong.
pub fn all() -> Vec<Rules> {
    let picklists = Mappings::builtin().picklists();
    let rules = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("a checklist can be read");
        let checklist = load(&path.to_string_lossy(), &text, &picklists).unwrap_or_else(|error| panic!("{error}"));
        Rules { path, text, checklist }
    };
    files().into_iter().map(rules).collect()
}

/// Every rule file of the project, sorted.
///
/// # Panics
/// When the folder cannot be listed.
pub fn files() -> Vec<PathBuf> {
    let programs = entries(&crate::program::repository().join("checklists"));
    let all = programs.iter().filter(|path| path.is_dir()).flat_map(|program| entries(program));
    let mut rules: Vec<PathBuf> = all
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .filter(|path| !path.to_string_lossy().ends_with(".cases.toml"))
        .collect();
    rules.sort();
    rules
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect()
}
