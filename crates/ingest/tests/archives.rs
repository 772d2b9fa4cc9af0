//! Archives: what comes out of them, and what is refused.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod packed;

use aceq_ingest::{Discovered, IngestError, Limits, Mappings, Options, discover, recognise};
use packed::{deals, gzip, zip};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};

fn found(path: PathBuf, limits: &Limits) -> Result<Discovered, IngestError> {
    let scratch = path.parent().unwrap().to_owned();
    discover(&[path], &scratch, limits)
}

fn names(found: &Discovered) -> Vec<&str> {
    found.inputs.iter().map(|input| input.name.as_str()).collect()
}

/// Writes an archive into a folder of its own.
fn written(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, bytes).unwrap();
    (folder, path)
}

fn files_in(folder: &Path) -> usize {
    fs::read_dir(folder).unwrap().count()
}

#[test]
fn a_file_and_its_gz_are_the_same_file() {
    let (folder, path) = written("deals.csv.gz", &gzip(&deals()));
    let found = found(path, &Limits::default()).unwrap();
    assert_eq!(names(&found), ["deals.csv.gz"]);
    assert_eq!(fs::read(&found.inputs[0].path).unwrap(), deals());
    assert!(found.inputs[0].is_named());
    assert_eq!(files_in(folder.path()), 2, "unpacked beside it");
    drop(found);
    assert_eq!(files_in(folder.path()), 1, "and gone with the last who knows it");
}

#[test]
fn gz_members_follow_each_other() {
    let (one, two) = (deals(), b"O9,Launched,Acme\n".to_vec());
    let (_folder, path) = written("deals.gz", &[gzip(&one), gzip(&two)].concat());
    let found = found(path, &Limits::default()).unwrap();
    assert_eq!(fs::read(&found.inputs[0].path).unwrap(), [one, two].concat());
}

#[test]
fn members_of_a_zip_are_files_of_a_folder() {
    let bytes = zip(&[
        ("2026-11-15/x.csv", &deals()),
        ("/abs.csv", b"a"),
        ("../../up.csv", b"b"),
        ("__MACOSX/._x.csv", b"c"),
        (".hidden/x.csv", b"d"),
        ("sub/.DS_Store", b"e"),
        ("sub/", b""),
    ]);
    let (_folder, path) = written("all.zip", &bytes);
    let found = found(path, &Limits::default()).unwrap();
    assert_eq!(names(&found), ["all.zip/2026-11-15/x.csv", "all.zip/abs.csv", "all.zip/up.csv"]);
    assert!(found.refused.is_empty() && !found.inputs[0].is_named());
    assert!(found.inputs[0].place().ends_with("all.zip/2026-11-15/x.csv"));
}

#[test]
fn a_workbook_stays_a_file_even_within_a_zip() {
    let book =
        zip(&[("docProps/app.xml", b"<a/>"), ("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<a/>")]);
    let (_folder, path) = written("book.xlsx", &book);
    let limits = Limits::default();
    assert_eq!(names(&found(path, &limits).unwrap()), ["book.xlsx"]);
    let (_folder, path) = written("books.zip", &zip(&[("book.xlsx", &book), ("deals.csv", &deals())]));
    let found = found(path, &limits).unwrap();
    assert_eq!(names(&found), ["books.zip/book.xlsx", "books.zip/deals.csv"]);
}

#[test]
fn bombs_are_refused_and_leave_nothing_behind() {
    let zeros = vec![b'0'; 3 << 20];
    let limits = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    let cases = [("bomb.gz", gzip(&zeros)), ("bomb.zip", zip(&[("a.csv", &zeros)]))];
    for (name, bytes) in cases {
        let (folder, path) = written(name, &bytes);
        let error = found(path, &limits).unwrap_err();
        assert!(matches!(error, IngestError::TooLarge { limit: 1_048_576, .. }), "{name}: {error}");
        assert_eq!(files_in(folder.path()), 1, "{name}");
    }
}

#[test]
fn the_members_of_a_bomb_share_one_limit() {
    let half = vec![b'0'; 600 << 10];
    let (_folder, path) = written("bomb.zip", &zip(&[("a.csv", &half), ("b.csv", &half)]));
    let limits = Limits { unpacked_bytes: 1 << 20, ..Limits::default() };
    assert!(matches!(found(path, &limits).unwrap_err(), IngestError::TooLarge { .. }));
}

#[test]
fn endless_directories_are_refused() {
    let names: Vec<String> = (0..60).map(|number| format!("{number}.csv")).collect();
    let members: Vec<(&str, &[u8])> = names.iter().map(|name| (name.as_str(), &b"a"[..])).collect();
    let (_folder, path) = written("many.zip", &zip(&members));
    let limits = Limits { members: 30, ..Limits::default() };
    assert!(matches!(found(path.clone(), &limits).unwrap_err(), IngestError::TooLarge { limit: 30, .. }));
    assert_eq!(found(path, &Limits::default()).unwrap().inputs.len(), 60);
}

#[test]
fn damage_is_told_whatever_it_cuts() {
    for (name, bytes) in [("cut.gz", gzip(&deals())), ("cut.zip", zip(&[("a.csv", &deals())]))] {
        for length in 4..bytes.len() {
            let (_folder, path) = written(name, &bytes[..length]);
            let error = found(path, &Limits::default()).unwrap_err();
            assert!(matches!(error, IngestError::Damaged { .. }), "{name} cut at {length}: {error}");
        }
    }
}

#[test]
fn one_bad_member_leaves_the_others() {
    let inner = zip(&[("x.csv", &deals())]);
    let members = [("a.csv", deals()), ("inner.zip", inner), ("z.csv.gz", gzip(&deals()))];
    let members: Vec<(&str, &[u8])> = members.iter().map(|(name, bytes)| (*name, bytes.as_slice())).collect();
    let (_folder, path) = written("all.zip", &zip(&members));
    let found = found(path, &Limits::default()).unwrap();
    assert_eq!(names(&found), ["all.zip/a.csv"]);
    let refused: Vec<&str> = found.refused.iter().map(|refused| refused.name.as_str()).collect();
    assert_eq!(refused, ["all.zip/inner.zip", "all.zip/z.csv.gz"]);
    assert!(found.refused[0].error.to_string().contains("unpack the outer one first"));
}

#[test]
fn a_bad_archive_in_a_folder_leaves_the_other_files() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.csv"), deals()).unwrap();
    fs::write(folder.path().join("b.csv.gz"), &gzip(&deals())[..20]).unwrap();
    let found = found(folder.path().to_owned(), &Limits::default());
    let found = found.unwrap();
    assert_eq!((names(&found), found.refused[0].name.as_str()), (vec!["a.csv"], "b.csv.gz"));
}

#[test]
fn what_a_zip_holds_is_recognised_like_a_file() {
    let (_folder, path) = written("all.zip", &zip(&[("deals.csv", &deals())]));
    let found = found(path, &Limits::default()).unwrap();
    let tables = recognise(&found.inputs[0], Mappings::builtin(), &Options::default()).unwrap().tables;
    assert_eq!((tables[0].file.as_str(), tables[0].table.name()), ("all.zip/deals.csv", "opportunities"));
}

/// Opening a pipe would wait for somebody to write.
#[cfg(unix)]
#[test]
fn pipes_and_devices_are_no_files() {
    let folder = tempfile::tempdir().unwrap();
    let pipe = folder.path().join("pipe.csv");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let limits = Limits::default();
    assert!(matches!(found(pipe, &limits).unwrap_err(), IngestError::NoFile { .. }));
    assert!(matches!(found(PathBuf::from("/dev/zero"), &limits).unwrap_err(), IngestError::NoFile { .. }));
    let within = found(folder.path().to_owned(), &limits).unwrap();
    assert_eq!((within.inputs.len(), within.refused.len()), (0, 1));
}

#[test]
fn a_password_is_asked_for_nowhere() {
    let mut bytes = zip(&[("a.csv", &deals())]);
    let directory = bytes.windows(4).position(|four| four == b"PK\x01\x02").unwrap();
    // The lowest bit of the flags says "encrypted".
    for flags in [6, directory + 8] {
        bytes[flags] |= 1;
    }
    let (_folder, path) = written("locked.zip", &bytes);
    assert!(matches!(found(path, &Limits::default()).unwrap_err(), IngestError::Locked { .. }));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// Whatever is wrong in an archive, it is read or refused.
    #[test]
    fn any_damage(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6), zipped: bool) {
        let mut bytes = if zipped { zip(&[("a.csv", &deals()), ("b/c.csv", b"x")]) } else { gzip(&deals()) };
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        let (_folder, path) = written("any", &bytes);
        if let Err(error) = found(path, &Limits::default()) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
