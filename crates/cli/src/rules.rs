//! The checklists in use: built in, or from a folder.

use crate::error::CliError;
use crate::settings::Rules;
use aceq_checklist::{Cases, Checklist, Library, load_cases, load_with_sets};
use aceq_ingest::Mappings;
use aceq_model::AsOf;
use include_dir::{Dir, include_dir};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../checklists");

/// One rule file with the case file beside it.
pub struct RuleFile {
    /// Name in messages.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The case file's name and text, where there is one.
    pub cases: Option<(String, String)>,
}

/// A checklist, and the as-of dates that it answers for.
pub struct Assigned<'l> {
    /// The checklist.
    pub checklist: &'l Checklist,
    /// The dates, ascending.
    pub as_of: Vec<AsOf>,
    /// Doubts about its acceptance, each once, with the dates they concern.
    pub warnings: BTreeMap<String, Vec<AsOf>>,
}

/// Every rule file of a folder or file, or the built-in ones for an empty list; sorted by name.
///
/// # Errors
/// When a file or folder cannot be read, or there is no rule file among them.
pub fn rule_files(paths: &[PathBuf]) -> Result<Vec<RuleFile>, CliError> {
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    if paths.is_empty() {
        collect_built_in(&BUILT_IN, &mut texts);
    }
    for path in paths {
        collect(path, &mut texts)?;
    }
    let is_case = |name: &str| name.ends_with(".cases.toml");
    let rules = texts.iter().filter(|(name, _)| !is_case(name));
    let cases_of = |name: &str| {
        let twin = format!("{}.cases.toml", name.strip_suffix(".toml").unwrap_or(name));
        let text = texts.get(&twin).cloned().or_else(|| fs::read_to_string(&twin).ok());
        text.map(|text| (twin, text))
    };
    let files: Vec<RuleFile> =
        rules.map(|(name, text)| RuleFile { name: name.clone(), text: text.clone(), cases: cases_of(name) }).collect();
    if files.is_empty() {
        return Err(CliError::NoRules { paths: paths.to_vec() });
    }
    Ok(files)
}

fn collect_built_in(dir: &Dir<'_>, into: &mut BTreeMap<String, String>) {
    for file in dir.files() {
        if let Some(text) = file.contents_utf8().filter(|_| file.path().extension().is_some_and(|e| e == "toml")) {
            into.insert(format!("checklists/{}", file.path().display()), text.to_owned());
        }
    }
    dir.dirs().for_each(|dir| collect_built_in(dir, into));
}

fn collect(path: &Path, into: &mut BTreeMap<String, String>) -> Result<(), CliError> {
    let unreadable = |source| CliError::Unreadable { path: path.to_owned(), source };
    if fs::metadata(path).map_err(unreadable)?.is_dir() {
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path.is_dir() || path.extension().is_some_and(|e| e == "toml") {
                collect(&path, into)?;
            }
        }
        return Ok(());
    }
    into.insert(path.display().to_string(), fs::read_to_string(path).map_err(unreadable)?);
    Ok(())
}

impl RuleFile {
    /// The checked checklist, with value lists from the settings.
    ///
    /// # Errors
    /// The first mistake in the file.
    pub fn load(&self, sets: &BTreeMap<String, BTreeMap<String, Vec<String>>>) -> Result<Checklist, CliError> {
        Ok(load_with_sets(&self.name, &self.text, &Mappings::builtin().picklists(), sets)?)
    }

    /// The checked cases beside it.
    ///
    /// # Errors
    /// The first mistake in the case file.
    pub fn load_cases(&self) -> Result<Option<Cases>, CliError> {
        let Some((name, text)) = &self.cases else { return Ok(None) };
        Ok(Some(load_cases(name, text)?))
    }
}

/// All checklists in use.
///
/// # Errors
/// The first mistake in a rule file.
pub fn library(rules: &Rules) -> Result<Library, CliError> {
    let paths: Vec<PathBuf> = rules.folder.iter().cloned().collect();
    let files = rule_files(&paths)?;
    let checklists = files.iter().map(|file| file.load(&rules.sets)).collect::<Result<_, _>>()?;
    Ok(Library::new(checklists)?)
}

/// Which checklist answers for which dates; programs in sorted order, or all of them.
///
/// # Errors
/// When a program or version is not known.
pub fn assign<'l>(
    library: &'l Library,
    programs: &[String],
    version: Option<&str>,
    dates: &[AsOf],
) -> Result<Vec<Assigned<'l>>, CliError> {
    let mut wanted: Vec<&str> = match programs {
        [] => library.programs(),
        named => named.iter().map(String::as_str).collect(),
    };
    wanted.sort_unstable();
    wanted.dedup();
    if let Some(version) = version {
        let [program] = wanted.as_slice() else { return Err(CliError::VersionNeedsProgram) };
        let checklist = library.version(program, version)?;
        return Ok(vec![Assigned { checklist, as_of: dates.to_vec(), warnings: BTreeMap::new() }]);
    }
    let mut assigned: Vec<Assigned<'l>> = Vec::new();
    for program in wanted {
        for as_of in dates {
            let answer = library.answering(program, *as_of)?;
            let known = assigned.iter().position(|a| std::ptr::eq(a.checklist, answer.checklist));
            let index = known.unwrap_or_else(|| {
                assigned.push(Assigned { checklist: answer.checklist, as_of: vec![], warnings: BTreeMap::new() });
                assigned.len() - 1
            });
            assigned[index].as_of.push(*as_of);
            if let Some(warning) = answer.warning {
                assigned[index].warnings.entry(warning.to_string()).or_default().push(*as_of);
            }
        }
    }
    Ok(assigned)
}
