//! Same input, same output: threads, the order of rows, the names and order of files, and the way through a dataset
//! change no byte of the answer.

use aceq_ingest::{Limits, Mappings, Options, discover, recognise};
use aceq_tests::program;
use aceq_tests::world::{copy, files, generated, sample};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

const DATES: [&str; 6] = ["--as-of", "2026-11-20", "--as-of", "2027-02-28", "--as-of", "2025-08-31"];

fn answer(input: &Path, more: &[&str]) -> String {
    let input = input.to_string_lossy();
    let arguments = [&["assess", &input, "--format", "json"], &DATES[..], more].concat();
    program::stdout(&arguments)
}

/// The sample, and a synthetic world of several partners.
fn worlds() -> Vec<TempDir> {
    let copied = folder();
    copy(&sample(), copied.path(), &str::to_owned);
    vec![copied, generated(6, 150, 42)]
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

#[test]
fn on_one_thread_or_two() {
    for world in worlds() {
        let one = answer(world.path(), &["--threads", "1"]);
        assert!(one.matches("requirement_id").count() > 1000, "there is something to compare");
        assert_eq!(one, answer(world.path(), &["--threads", "2"]));
        assert_eq!(one, answer(world.path(), &[]));
    }
}

#[test]
fn with_rows_in_another_order() {
    for world in worlds() {
        let expected = answer(world.path(), &[]);
        for order in [Order::Reversed, Order::Rotated(7), Order::Interleaved] {
            let shuffled = folder();
            copy(world.path(), shuffled.path(), &str::to_owned);
            let limits = Limits::default();
            let found = discover(&[shuffled.path().to_owned()], &std::env::temp_dir(), &limits);
            let changed = found.expect("the folder can be listed").inputs;
            let changed = changed.iter().filter(|input| reorder(input, order)).count();
            assert!(changed >= 9, "{changed} files changed");
            assert_eq!(expected, answer(shuffled.path(), &[]), "{order:?}");
        }
    }
}

#[derive(Clone, Copy, Debug)]
enum Order {
    Reversed,
    Rotated(usize),
    Interleaved,
}

/// Rewrites the records below the header in another order. A file with title lines or totals stays as it is: there,
/// the place of a line says what it is.
fn reorder(input: &aceq_ingest::Input, order: Order) -> bool {
    let recognised =
        recognise(input, Mappings::builtin(), &Options::default()).expect("a file of the world").tables.remove(0);
    let (bytes, delimiter) = (
        fs::read(&input.path).expect("a file of the world"),
        u8::try_from(recognised.delimiter.expect("separated text")).expect("one byte"),
    );
    if recognised.header_line > 1 {
        return false;
    }
    let mut reader = csv::ReaderBuilder::new();
    let reader = reader.has_headers(false).flexible(true).delimiter(delimiter).from_reader(bytes.as_slice());
    let mut records: Vec<csv::ByteRecord> =
        reader.into_byte_records().map(|record| record.expect("a record")).collect();
    let header = records.remove(0);
    let body = match order {
        Order::Reversed => records.into_iter().rev().collect(),
        Order::Rotated(by) => {
            let middle = by % records.len().max(1);
            records.rotate_left(middle);
            records
        }
        Order::Interleaved => (0..5).flat_map(|start| records.iter().skip(start).step_by(5).cloned()).collect(),
    };
    let mut writer = csv::WriterBuilder::new();
    let writer = writer.has_headers(false).flexible(true).delimiter(delimiter).from_path(&input.path);
    let mut writer = writer.expect("the file can be written");
    for record in std::iter::once(&header).chain(&body) {
        writer.write_byte_record(record).expect("the file can be written");
    }
    writer.flush().expect("the file can be written");
    bytes != fs::read(&input.path).expect("the file was written")
}

/// New path of a file, from its number and its path.
type Renaming<'a> = dyn Fn(usize, &str) -> String + 'a;

/// The folders that say the day of the export stay; everything else about a path is only a name.
#[test]
fn with_files_under_other_names_and_in_another_order() {
    for world in worlds() {
        let expected = answer(world.path(), &[]);
        let count = files(world.path()).len();
        let renamings: [&Renaming<'_>; 3] = [
            &|number, name| format!("{}/{:03}.csv", day_folder(name), count - number),
            &|number, name| format!("{}/exports/{number}/Report {number}.txt", day_folder(name)),
            &|number, name| format!("z{}/{}/a.csv", count - number, day_folder(name)),
        ];
        for renaming in renamings {
            let renamed = folder();
            for (number, (name, path)) in files(world.path()).into_iter().enumerate() {
                let target = renamed.path().join(renaming(number, &name));
                fs::create_dir_all(target.parent().expect("a file lies in a folder")).expect("a folder can be made");
                fs::copy(path, target).expect("a file can be copied");
            }
            assert_eq!(expected, answer(renamed.path(), &[]));
        }
    }
}

fn day_folder(name: &str) -> &str {
    let is_day = |part: &&str| part.parse::<chrono::NaiveDate>().is_ok();
    name.split('/').find(is_day).expect("every file lies below the day of its export")
}

#[test]
fn with_files_named_one_by_one_in_any_order() {
    for world in worlds() {
        let expected = answer(world.path(), &[]);
        let mut paths: Vec<String> =
            files(world.path()).into_iter().map(|(_, path)| path.to_string_lossy().into_owned()).collect();
        paths.reverse();
        let mut arguments = vec!["assess", "--format", "json"];
        arguments.extend(paths.iter().map(String::as_str));
        arguments.extend(DATES);
        assert_eq!(expected, program::stdout(&arguments));
    }
}

#[test]
fn by_way_of_a_dataset() {
    for world in worlds() {
        let expected = answer(world.path(), &[]);
        let out = folder();
        for threads in ["1", "2"] {
            let dataset = out.path().join(threads);
            let (input, dataset_name) = (world.path().to_string_lossy(), dataset.to_string_lossy());
            program::stdout(&["ingest", &input, "--out", &dataset_name, "--threads", threads]);
            assert_eq!(expected, answer(&dataset, &[]));
        }
        assert_same_dataset(&out.path().join("1"), &out.path().join("2"));
    }
}

/// Every file byte for byte, but for `run.json`, which says where and how the run was made.
fn assert_same_dataset(left: &Path, right: &Path) {
    let names = |folder| files(folder).into_iter().map(|(name, _)| name).filter(|name| name != "run.json");
    let all: Vec<String> = names(left).collect();
    assert!(all.len() > 10 && all == names(right).collect::<Vec<_>>(), "{all:?}");
    for name in all {
        let bytes = |folder: &Path| fs::read(folder.join(&name)).expect("a file of the dataset");
        assert!(bytes(left) == bytes(right), "{name} differs");
    }
}

/// One partner's answers do not depend on whose rows lie beside them.
#[test]
fn with_other_partners_left_out_of_the_output() {
    for (world, partner) in worlds().iter().zip(["P-1002", "P-0000003"]) {
        let whole: serde_json::Value = serde_json::from_str(&answer(world.path(), &[])).expect("JSON");
        let alone: serde_json::Value =
            serde_json::from_str(&answer(world.path(), &["--partner", partner])).expect("JSON");
        let rows = |value: &serde_json::Value| value.as_array().expect("an array of rows").clone();
        let own: Vec<_> = rows(&whole).into_iter().filter(|row| row["partner_id"] == partner).collect();
        assert!(!own.is_empty(), "{partner} is in the world");
        assert_eq!(own, rows(&alone));
    }
}
