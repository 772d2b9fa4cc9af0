//! No row is lost: every record of every file is accepted, merged, superseded, rejected or no data, and says so.

use aceq_model::{Bucket, LedgerEntry};
use aceq_tests::pipeline::{Read, read_folder};
use aceq_tests::program;
use aceq_tests::world::{files, generated, sample};
use arrow::array::AsArray;
use proptest::collection::vec;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop_oneof, proptest};
use proptest::sample::Index;
use proptest::test_runner::{Config, RngSeed};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// Every file balances, and each record that it says was accepted is a canonical row that names it.
fn assert_conserved(read: &Read) {
    let rows = rows_by_file(&read.bucket);
    for entry in &read.ledger {
        assert!(entry.balances(), "{entry:?}");
        assert_eq!(entry.accepted, rows.get(&entry.file).copied().unwrap_or(0), "{entry:?}");
    }
    let accepted: u64 = read.ledger.iter().map(|entry| entry.accepted).sum();
    assert_eq!(accepted, rows.values().sum::<u64>(), "a canonical row names a file that was not read");
}

fn rows_by_file(bucket: &Bucket) -> BTreeMap<String, u64> {
    let mut rows = BTreeMap::new();
    for batch in bucket.tables.values() {
        for file in batch["source_file"].as_string::<i32>() {
            *rows.entry(file.expect("every row names its file").to_owned()).or_default() += 1;
        }
    }
    rows
}

fn read_checked(folder: &Path) -> Read {
    let read = read_folder(folder);
    assert_conserved(&read);
    read
}

#[test]
fn in_the_sample() {
    let read = read_checked(&sample());
    assert!(read.refused.is_empty(), "{:?}", read.refused);
    assert_eq!(read.ledger.len(), files(&sample()).len());
    let total = |count: fn(&LedgerEntry) -> u64| read.ledger.iter().map(count).sum::<u64>();
    let kinds = [
        total(|entry| entry.accepted),
        total(|entry| entry.merged),
        total(|entry| entry.superseded),
        total(|entry| entry.rejected),
        total(|entry| entry.not_data),
    ];
    assert!(kinds.iter().all(|records| *records > 0), "the sample shows every fate of a record: {kinds:?}");
}

#[test]
fn in_synthetic_worlds_where_every_line_is_counted_by_another_reader() {
    for (partners, opportunities, seed) in [(3, 120, 1), (1, 500, 2), (20, 10, 3)] {
        let folder = generated(partners, opportunities, seed);
        let read = read_checked(folder.path());
        assert!(read.refused.is_empty(), "{:?}", read.refused);
        for entry in &read.ledger {
            let mut reader = csv::ReaderBuilder::new();
            let reader = reader.has_headers(false).flexible(true).from_path(folder.path().join(&entry.file));
            let records = reader.expect("a file of the world").into_byte_records().count();
            assert_eq!(entry.decoded, records as u64, "{}", entry.file);
        }
    }
}

#[test]
fn the_same_file_twice_changes_nothing() {
    let folder = generated(2, 60, 4);
    let once = read_checked(folder.path());
    for (name, path) in files(folder.path()) {
        let copy = folder.path().join(name.replace(".csv", " (1).csv"));
        fs::copy(path, copy).expect("a file can be copied");
    }
    let twice = read_checked(folder.path());
    assert_eq!(twice.ledger.len(), 2 * once.ledger.len());
    for (table, batch) in &once.bucket.tables {
        assert_eq!(twice.bucket.tables[table].num_rows(), batch.num_rows(), "{}", table.name());
    }
}

/// The program keeps the same books, and publishes as many canonical rows as it accepted.
#[test]
fn in_what_the_program_publishes() {
    let world = generated(3, 80, 5);
    for folder in [sample(), world.path().to_owned()] {
        let read = read_checked(&folder);
        let out = tempfile::tempdir().expect("a temporary folder");
        let dataset = out.path().join("dataset");
        program::stdout(&["ingest", &folder.to_string_lossy(), "--out", &dataset.to_string_lossy()]);
        let manifest = fs::read_to_string(dataset.join("manifest.json")).expect("a dataset has a manifest");
        let manifest: Value = serde_json::from_str(&manifest).expect("a manifest is JSON");
        let rows = |table: &str| manifest["tables"][table]["rows"].as_u64();
        for (table, batch) in &read.bucket.tables {
            assert_eq!(rows(table.name()), Some(batch.num_rows() as u64), "{}", table.name());
        }
        assert_eq!(rows("ledger"), Some(read.ledger.len() as u64));
        assert_eq!(rows("rejects"), Some(read.rejects.len() as u64));
        assert_eq!(rows("findings"), Some(read.findings.len() as u64));
    }
}

/// One change to the bytes of a file.
#[derive(Clone, Debug)]
enum Mutation {
    Replace(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
    Repeat(Index, usize),
    CutOff(Index),
}

/// What breaks readers: quotes, separators, line ends, other encodings' bytes, long runs.
fn trouble() -> impl Strategy<Value = Vec<u8>> {
    let texts =
        ["\"", "\"\"", ",", ";", "\t", "\n", "\r", "\r\n", "\n\n", "\0", "\u{feff}", "ä", "\u{2028}", "''", "\\"];
    let bytes: Vec<Vec<u8>> = texts.into_iter().map(|text| text.as_bytes().to_vec()).collect();
    prop_oneof![
        proptest::sample::select(bytes),
        Just(vec![0xff, 0xfe]),
        Just(vec![0xe4]),
        Just(b"Opportunity id,Stage\n".to_vec()),
        Just(b"31/12/2026".to_vec()),
        Just(b"-1,234.5.6".to_vec()),
        vec(any::<u8>(), 1..6),
    ]
}

fn mutation() -> impl Strategy<Value = Mutation> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Mutation::Replace(at, byte)),
        (any::<Index>(), trouble()).prop_map(|(at, bytes)| Mutation::Insert(at, bytes)),
        (any::<Index>(), 1usize..200).prop_map(|(at, length)| Mutation::Remove(at, length)),
        (any::<Index>(), 1usize..2000).prop_map(|(at, length)| Mutation::Repeat(at, length)),
        any::<Index>().prop_map(Mutation::CutOff),
    ]
}

impl Mutation {
    fn apply(&self, bytes: &mut Vec<u8>) {
        let place = |at: &Index, bytes: &[u8]| at.index(bytes.len() + 1);
        match self {
            Self::Replace(at, byte) => {
                let at = place(at, bytes).min(bytes.len().saturating_sub(1));
                if let Some(old) = bytes.get_mut(at) {
                    *old = *byte;
                }
            }
            Self::Insert(at, inserted) => {
                let at = place(at, bytes);
                bytes.splice(at..at, inserted.iter().copied());
            }
            Self::Remove(at, length) => {
                let at = place(at, bytes);
                let end = (at + length).min(bytes.len());
                bytes.drain(at..end);
            }
            Self::Repeat(at, length) => {
                let at = place(at, bytes);
                let end = (at + length).min(bytes.len());
                let repeated = bytes[at..end].to_vec();
                bytes.splice(end..end, repeated);
            }
            Self::CutOff(at) => bytes.truncate(place(at, bytes)),
        }
    }
}

/// The sample's files, small enough to be read thousands of times.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let bytes = |path| fs::read(path).expect("a file of the sample");
    let small = |bytes: Vec<u8>| {
        let lines = bytes.split_inclusive(|byte| *byte == b'\n').take(25);
        lines.flatten().copied().collect::<Vec<u8>>()
    };
    files(&sample()).into_iter().map(|(name, path)| (name, small(bytes(path)))).collect()
}

/// The same cases on every run: a failure can be met again.
fn same_cases(cases: u32) -> Config {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(20_261_120), failure_persistence: None, ..Config::default() }
}

fn write(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
    fs::write(path, bytes).expect("a file can be written");
}

/// Files of the sample, each with its damage.
fn damaged_world(damaged: &[(Index, Vec<Mutation>)]) -> TempDir {
    let seeds = seeds();
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (number, (which, mutations)) in damaged.iter().enumerate() {
        let (name, mut bytes) = which.get(&seeds).clone();
        mutations.iter().for_each(|mutation| mutation.apply(&mut bytes));
        write(folder.path(), &format!("{number}/{name}"), &bytes);
    }
    folder
}

proptest! {
    #![proptest_config(same_cases(100))]

    /// The program either answers or says why it cannot; it never breaks off.
    #[test]
    fn in_damaged_exports_the_program_answers_or_says_why_not(
        damaged in vec((any::<Index>(), vec(mutation(), 0..8)), 1..9),
    ) {
        let folder = damaged_world(&damaged);
        let input = folder.path().to_string_lossy().into_owned();
        let output = program::run(&["assess", &input, "--as-of", "2026-11-20", "--format", "json"]);
        let told = String::from_utf8_lossy(&output.stderr);
        match output.status.code() {
            Some(0) => assert!(serde_json::from_slice::<Value>(&output.stdout).is_ok(), "{told}"),
            Some(2) => assert!(told.lines().any(|line| line.starts_with("error: ")), "{told}"),
            code => panic!("exit code {code:?}: {told}"),
        }
    }
}

proptest! {
    #![proptest_config(same_cases(1000))]

    #[test]
    fn in_damaged_exports(
        damaged in vec((any::<Index>(), vec(mutation(), 0..8)), 1..5),
    ) {
        let folder = damaged_world(&damaged);
        let read = read_checked(folder.path());
        assert_eq!(read.ledger.len() + read.refused.len(), damaged.len());
    }

    #[test]
    fn in_random_bytes(files in vec(vec(any::<u8>(), 0..400), 1..4)) {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (number, bytes) in files.iter().enumerate() {
            write(folder.path(), &format!("{number}.csv"), bytes);
        }
        read_checked(folder.path());
    }

    #[test]
    fn in_random_bytes_below_a_header(bodies in vec((any::<Index>(), vec(trouble(), 0..60)), 1..4)) {
        let seeds = seeds();
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (number, (which, body)) in bodies.iter().enumerate() {
            let (name, bytes) = which.get(&seeds);
            let header = bytes.split_inclusive(|byte| *byte == b'\n').next().unwrap_or_default();
            write(folder.path(), &format!("{number}/{name}"), &[header, &body.concat()].concat());
        }
        read_checked(folder.path());
    }
}
