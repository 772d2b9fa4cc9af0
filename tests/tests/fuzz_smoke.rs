//! Every fuzz target over the files of the repository and some hundred changes of them, the same ones each time.
//!
//! `--nocapture` tells how many inputs each target saw. For longer runs `ACEQ_CHANGES=N` makes more changes, and
//! `ACEQ_TARGET=NAME` keeps to one target. `ACEQ_SEEDS=FOLDER` also writes the seeds into that folder, one folder per
//! target: `make fuzz` starts from them.

use aceq_fuzzing::{Mutations, TARGETS, Target, seeds};
use aceq_tests::program::{repository, stdout};
use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

/// Changed seeds per target, unless stated.
const CHANGES: usize = 400;

#[test]
fn nothing_that_is_handed_in_breaks_a_law() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let published = folder.path().join("dataset");
    let sample = repository().join("data/sample");
    stdout(&["ingest", &sample.to_string_lossy(), "--out", &published.to_string_lossy()]);
    let (only, changes) = (stated("ACEQ_TARGET"), stated("ACEQ_CHANGES"));
    let changes = changes.map_or(CHANGES, |number| number.parse().expect("ACEQ_CHANGES is a number"));
    for target in TARGETS.into_iter().filter(|target| only.as_ref().is_none_or(|only| only == target.name)) {
        let seeds = seeds::of(target.name, &repository(), &published);
        assert!(!seeds.is_empty(), "{} starts from nothing", target.name);
        keep_seeds(target, &seeds);
        for bytes in &seeds {
            check(target, bytes);
        }
        let mut mutations = Mutations::new(&seeds, 20_261_120);
        for _ in 0..changes {
            check(target, &mutations.change());
        }
        println!("{}: {} files, {changes} changes of them", target.name, seeds.len());
    }
}

fn stated(variable: &str) -> Option<String> {
    std::env::var_os(variable).map(|value| value.to_string_lossy().into_owned())
}

/// Names the file that holds the input, should a law be broken.
fn check(target: Target, bytes: &[u8]) {
    if catch_unwind(|| (target.run)(bytes)).is_err() {
        let kept = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("fuzz-{}", target.name));
        fs::write(&kept, bytes).expect("the input can be kept");
        panic!("{}: the input is in {}", target.name, kept.display());
    }
}

fn keep_seeds(target: Target, seeds: &[Vec<u8>]) {
    let Some(folder) = std::env::var_os("ACEQ_SEEDS") else { return };
    let folder = Path::new(&folder).join(target.name);
    fs::create_dir_all(&folder).expect("a folder for seeds");
    for (number, bytes) in seeds.iter().enumerate() {
        fs::write(folder.join(format!("seed-{number:03}")), bytes).expect("a seed can be written");
    }
}
