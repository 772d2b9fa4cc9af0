//! The crate budget: who may use whom, which engine is confined to which crate, and what the pure crates never mention.

use aceq_tests::program::repository;
use cargo_metadata::{DependencyKind, MetadataCommand, Package};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Crate, and which of ours it may use.
const OURS: [(&str, &[&str]); 14] = [
    ("model", &[]),
    ("ordered", &[]),
    ("timeline", &["model"]),
    ("ingest", &["model", "ordered"]),
    ("resolve", &["model", "timeline"]),
    ("store", &["model"]),
    ("checklist", &["model", "timeline"]),
    ("metrics", &["model", "timeline", "checklist"]),
    ("forecast", &["model", "timeline", "checklist"]),
    ("report", &["model"]),
    ("synth", &["model"]),
    (
        "cli",
        &[
            "model",
            "ordered",
            "timeline",
            "ingest",
            "resolve",
            "store",
            "checklist",
            "metrics",
            "forecast",
            "report",
            "synth",
        ],
    ),
    // No engine: a fuzz target is built in a minute.
    ("fuzzing", &["model", "ingest", "checklist"]),
    (
        "tests",
        &["model", "timeline", "ingest", "resolve", "store", "checklist", "metrics", "report", "synth", "fuzzing"],
    ),
];

/// Library, and the crates that may use it outside their tests.
const CONFINED: &[(&str, &[&str])] = &[
    // Engines.
    ("polars", &["metrics"]),
    ("polars-arrow", &["metrics"]),
    ("sqlparser", &["checklist"]),
    // Formats in. Ingest splits records with its own exact cutter and holds `csv` against it in its tests.
    ("csv", &["report", "ingest", "tests", "fuzzing"]),
    ("csv-nose", &["ingest"]),
    ("encoding_rs", &["ingest"]),
    ("chardetng", &["ingest"]),
    ("chrono-tz", &["ingest"]),
    ("memchr", &["ingest"]),
    ("wide", &["ingest"]),
    ("simdutf8", &["ingest"]),
    ("calamine", &["ingest"]),
    ("cfb", &["ingest"]),
    ("html5ever", &["ingest"]),
    ("quick-xml", &["ingest"]),
    ("flate2", &["ingest"]),
    // Keyed hashes in place of persons.
    ("hmac", &["ingest"]),
    ("zip", &["ingest", "fuzzing"]),
    // Formats out.
    // Published tables, out and in; any other Parquet in.
    ("parquet", &["store", "ingest"]),
    ("arrow-ipc", &["store"]),
    ("bytes", &["store"]),
    ("rustix", &["store"]),
    ("rust_xlsxwriter", &["report"]),
    ("comfy-table", &["report"]),
    ("unicode-width", &["report"]),
    ("icalendar", &["report"]),
    ("plotters", &["report"]),
    // Identity of customers.
    ("foldhash", &["resolve", "store"]),
    ("psl", &["resolve"]),
    ("unicode-normalization", &["resolve"]),
    // Chance.
    ("rand_chacha", &["synth", "forecast", "fuzzing"]),
    ("nalgebra", &["forecast"]),
    // The cheapest plan.
    ("microlp", &["forecast"]),
    // Terminal, arguments, messages with carets, what is compiled in.
    ("clap", &["cli"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("indicatif", &["cli"]),
    ("miette", &["cli"]),
    ("terminal_size", &["cli"]),
    ("textwrap", &["cli"]),
    ("include_dir", &["cli"]),
    // Settings, rules and mappings are TOML; nothing else reads it.
    ("toml", &["checklist", "ingest", "cli", "tests", "fuzzing"]),
    // Content hashes.
    ("sha2", &["ingest", "checklist", "store"]),
];

/// Libraries that any crate may use.
const FREE: [&str; 6] = ["arrow", "chrono", "rayon", "serde", "serde_json", "thiserror"];

/// What the tables of libraries allow beyond the idea of one library, one crate, and why.
const DEVIATIONS: &[(&str, &str, &str)] = &[
    ("strsim", "checklist", "suggests the name that a rule file may have meant"),
    ("strsim", "ingest", "suggests the header that a file may have meant"),
    ("strsim", "cli", "suggests the requirement that may have been meant"),
    ("tempfile", "ingest", "archives are unpacked to temporary files"),
    ("tempfile", "store", "the spool is a temporary file; folders are prepared beside their target"),
];

/// Libraries for tests alone.
const FOR_TESTS: [&str; 5] = ["proptest", "trycmd", "datatest-stable", "cargo_metadata", "tempfile"];

#[test]
fn crates_use_only_the_crates_they_may() {
    let allowed: BTreeMap<&str, &[&str]> = OURS.into_iter().collect();
    let packages = packages();
    let names: BTreeSet<&str> = packages.iter().map(short).collect();
    assert_eq!(names, allowed.keys().copied().collect(), "the crates of the workspace are those of the table");
    for package in &packages {
        for used in package.dependencies.iter().filter_map(|dependency| dependency.name.strip_prefix("aceq-")) {
            assert!(allowed[short(package)].contains(&used), "{} may not use {used}", short(package));
        }
    }
}

#[test]
fn libraries_are_used_only_where_they_may_be() {
    let confined: BTreeMap<&str, &[&str]> = CONFINED.iter().copied().collect();
    for package in packages() {
        let krate = short(&package);
        for dependency in package.dependencies.iter().filter(|dependency| !dependency.name.starts_with("aceq-")) {
            let name = dependency.name.as_str();
            let for_tests = dependency.kind == DependencyKind::Development || ["tests", "fuzzing"].contains(&krate);
            let deviates = DEVIATIONS.iter().any(|(library, user, _)| (*library, *user) == (name, krate));
            let allowed = match confined.get(name) {
                Some(users) => users.contains(&krate) || (for_tests && !is_engine(name)),
                None => FREE.contains(&name) || deviates || (for_tests && FOR_TESTS.contains(&name)),
            };
            assert!(allowed, "{krate} may not use {name}: add it to a table here with its reason, or do without");
        }
    }
}

/// Not even in tests: each would be built twice, or used past its owner.
fn is_engine(library: &str) -> bool {
    ["polars", "polars-arrow", "parquet", "sqlparser", "clap"].contains(&library)
}

#[test]
fn every_entry_of_the_tables_is_used() {
    let used: BTreeSet<(String, String)> = packages()
        .iter()
        .flat_map(|package| package.dependencies.iter().map(|d| (d.name.clone(), short(package).to_owned())))
        .collect();
    let confined = CONFINED.iter().copied().flat_map(|(library, users)| users.iter().map(move |user| (library, *user)));
    for (library, user) in confined.chain(DEVIATIONS.iter().copied().map(|(library, user, _)| (library, user))) {
        assert!(used.contains(&(library.to_owned(), user.to_owned())), "{user} no longer uses {library}");
    }
}

/// What only the command line may do: read the clock or the environment, or write to the terminal.
const IMPURE: [&str; 6] = ["SystemTime", "Instant::now", "std::env", "println!", "print!(", "dbg!("];

/// File, and what it may mention, and why.
const MAY_MENTION: [(&str, &str, &str); 1] =
    [("crates/metrics/src/engine.rs", "std::env", "polars takes its number of threads from the environment alone")];

#[test]
fn pure_crates_mention_no_clock_environment_or_terminal() {
    for file in product_sources().iter().filter(|file| !file.starts_with("crates/cli")) {
        for (line, code) in product_code(file) {
            for impure in IMPURE.iter().filter(|impure| code.contains(**impure)) {
                let excepted = MAY_MENTION.iter().any(|(path, what, _)| file == Path::new(path) && what == impure);
                assert!(excepted, "{}:{line} mentions {impure}: {code}", file.display());
            }
        }
    }
}

#[test]
fn every_source_file_says_first_what_it_is() {
    for file in sources() {
        let text = text(&file);
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! ") && first.len() > 15, "{} begins with `{first}`", file.display());
    }
}

/// Longest source file, in lines.
const LONGEST: usize = 500;

/// Files that may be longer, and why.
const LONG: [(&str, &str); 1] = [("crates/model/src/tables/canonical.rs", "the tables, one column after the other")];

#[test]
fn source_files_are_short() {
    for file in sources() {
        let lines = text(&file).lines().count();
        let may_be_long = LONG.iter().any(|(path, _)| file == Path::new(path));
        assert!(lines <= LONGEST || may_be_long, "{} has {lines} lines", file.display());
        assert!(!may_be_long || lines > LONGEST, "{} is short by now: strike it off the list", file.display());
    }
}

#[test]
fn no_file_is_named_for_anything_and_nothing() {
    for file in sources() {
        let name = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        assert!(!["utils", "util", "helpers", "common", "misc"].contains(&name.as_str()), "{}", file.display());
    }
}

/// The lints hold only where a crate takes them on.
#[test]
fn every_crate_takes_the_lints_of_the_workspace() {
    for package in packages() {
        let manifest = fs::read_to_string(&package.manifest_path).expect("a manifest");
        assert!(manifest.contains("[lints]\nworkspace = true"), "{}", package.manifest_path);
        let clippy = package.manifest_path.with_file_name("clippy.toml");
        assert!(!clippy.exists(), "{clippy} would replace the root one, and its bans would silently vanish");
    }
}

#[test]
fn no_test_is_ignored() {
    for file in sources() {
        let ignored = text(&file).lines().any(|line| line.trim_start().starts_with("#[ignore"));
        assert!(!ignored, "{}", file.display());
    }
}

fn packages() -> Vec<Package> {
    let mut command = MetadataCommand::new();
    let metadata = command.current_dir(repository()).no_deps().other_options(["--offline".to_owned()]).exec();
    metadata.expect("cargo tells about the workspace").packages
}

fn short(package: &Package) -> &str {
    package.name.strip_prefix("aceq-").expect("our packages are called aceq-…")
}

fn text(file: &Path) -> String {
    fs::read_to_string(repository().join(file)).expect("a source file")
}

/// Every Rust file of the workspace, relative to its root.
fn sources() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in ["crates", "tests", "fuzz/fuzz_targets"] {
        collect(&repository().join(folder), &mut found);
    }
    assert!(found.len() > 100, "the sources were found");
    found
}

/// Those that become part of the program: not in a test folder, and not declared for tests alone.
fn product_sources() -> Vec<PathBuf> {
    let of_crates = sources().into_iter().filter(|file| file.starts_with("crates"));
    let in_source = of_crates.filter(|file| file.components().any(|part| part.as_os_str() == "src"));
    let product: Vec<PathBuf> = in_source.filter(|file| !is_declared_for_tests(file)).collect();
    assert!(product.len() > 100, "the sources of the program were found");
    product
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path.strip_prefix(repository()).expect("a file of the repository").to_owned());
        }
    }
}

/// `#[cfg(test)] mod name;` stands in the file that the folder is named for, or in its `lib.rs` or `main.rs`.
fn is_declared_for_tests(file: &Path) -> bool {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let folder = file.parent().expect("a file lies in a folder");
    let owners = [folder.with_extension("rs"), folder.join("lib.rs"), folder.join("main.rs")];
    let declaration = format!("#[cfg(test)]\nmod {name};");
    owners.iter().any(|owner| repository().join(owner).is_file() && text(owner).contains(&declaration))
}

/// Number and text of each line that is compiled into the program: no comment, no test module.
fn product_code(file: &Path) -> Vec<(usize, String)> {
    let text = text(file);
    let lines: Vec<&str> = text.lines().collect();
    let is_test_module = |index: usize| {
        lines[index] == "#[cfg(test)]" && lines.get(index + 1).is_some_and(|next| next.starts_with("mod tests {"))
    };
    let end = (0..lines.len()).find(|index| is_test_module(*index)).unwrap_or(lines.len());
    let code = lines[..end].iter().enumerate().map(|(index, line)| (index + 1, (*line).to_owned()));
    code.filter(|(_, line)| !line.trim_start().starts_with("//")).collect()
}
