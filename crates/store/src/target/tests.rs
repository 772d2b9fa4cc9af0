//! A crash at any point leaves the previous dataset whole, and the next run cleans up.

use super::{Target, entry_names, previous_of, two_renames};
use crate::{Dataset, Prepared, StoreError, sample};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};

fn publish(out: &Path, partner: &str) {
    let mut prepared = Prepared::create(out, 1).expect("a place");
    prepared.write_bucket(&sample::buckets(&[partner], 2, 1)[0]).expect("rows");
    prepared.publish(sample::facts(), &json!({})).expect("published");
}

fn partner_of(out: &Path) -> String {
    Dataset::open(out).expect("a dataset").bucket(0).expect("rows").partners.remove(0)
}

fn place() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("dataset");
    (folder, out)
}

#[test]
fn a_run_that_stops_before_publishing_leaves_no_trace() {
    let (folder, out) = place();
    publish(&out, "old");
    let mut prepared = Prepared::create(&out, 1).expect("a place");
    prepared.write_bucket(&sample::buckets(&["new"], 2, 1)[0]).expect("rows");
    drop(prepared);
    assert_eq!(partner_of(&out), "old");
    assert_eq!(entry_names(folder.path()).expect("names"), ["dataset"]);
}

#[test]
fn a_new_run_takes_the_place_of_the_old_one() {
    let (folder, out) = place();
    publish(&out, "old");
    publish(&out, "new");
    assert_eq!(partner_of(&out), "new");
    assert_eq!(entry_names(folder.path()).expect("names"), ["dataset"]);
}

#[test]
fn what_a_killed_run_left_is_removed_and_what_a_neighbour_writes_is_not() {
    let (folder, out) = place();
    fs::create_dir(folder.path().join(".dataset.tmp-killed")).expect("created");
    fs::create_dir(folder.path().join(".other.tmp-killed")).expect("created");
    let neighbour = Prepared::create(&out, 1).expect("a place");
    publish(&out, "new");
    let names = entry_names(folder.path()).expect("names");
    assert!(!names.contains(&".dataset.tmp-killed".to_owned()), "{names:?}");
    assert_eq!(names.len(), 3, "the dataset, the other's leftover and the neighbour's folder: {names:?}");
    neighbour.publish(sample::facts(), &json!({})).expect("published");
    assert_eq!(entry_names(folder.path()).expect("names"), [".other.tmp-killed", "dataset"]);
}

#[test]
fn a_crash_between_two_renames_loses_nothing() {
    let (folder, out) = place();
    publish(&out, "old");
    fs::rename(&out, previous_of(&out)).expect("renamed");
    assert!(Dataset::is_dataset(&out));
    assert_eq!(partner_of(&out), "old", "readers find it under its waiting name");
    drop(Prepared::create(&out, 1).expect("a place"));
    assert_eq!(entry_names(folder.path()).expect("names"), ["dataset"], "the next run puts it back");
    assert_eq!(partner_of(&out), "old");
}

#[test]
fn a_crash_after_two_renames_leaves_the_new_one() {
    let (folder, out) = place();
    publish(&out, "old");
    publish(&folder.path().join("staged"), "new");
    fs::rename(&out, previous_of(&out)).expect("renamed");
    fs::rename(folder.path().join("staged"), &out).expect("renamed");
    Target::new(&out).expect("a target").recover().expect("recovered");
    assert_eq!(partner_of(&out), "new");
    assert_eq!(entry_names(folder.path()).expect("names"), ["dataset"]);
}

#[test]
fn two_renames_do_where_folders_cannot_be_exchanged() {
    let (folder, out) = place();
    publish(&out, "old");
    let staged = folder.path().join("staged");
    publish(&staged, "new");
    two_renames(&staged, &out).expect("renamed");
    assert_eq!(partner_of(&out), "new");
    let error = two_renames(&folder.path().join("none"), &out).expect_err("nothing to put there");
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
    assert_eq!(partner_of(&out), "new", "the old one is put back");
}

#[test]
fn nothing_but_a_dataset_is_replaced() {
    let (folder, out) = place();
    fs::create_dir(&out).expect("created");
    drop(Prepared::create(&out, 1).expect("an empty folder will do"));
    fs::write(out.join("thesis.txt"), "years of work").expect("written");
    let refused = Prepared::create(&out, 1).err().expect("refused");
    assert!(refused.to_string().contains("holds no aceq dataset"), "{refused}");
    fs::remove_file(out.join("thesis.txt")).expect("removed");
    publish(&out, "old");
    fs::write(out.join("report.html"), "<p>").expect("written");
    let refused = Prepared::create(&out, 1).err().expect("refused");
    assert!(refused.to_string().contains("would be lost: report.html"), "{refused}");
    let file = folder.path().join("file");
    fs::write(&file, "").expect("written");
    assert!(matches!(Prepared::create(&file, 1), Err(StoreError::NotAFolder { .. })));
    assert!(matches!(Prepared::create(Path::new("/"), 1), Err(StoreError::NoName { .. })));
}

#[cfg(unix)]
#[test]
fn a_linked_dataset_is_replaced_behind_the_link() {
    let (folder, out) = place();
    publish(&out, "old");
    let link = folder.path().join("link");
    std::os::unix::fs::symlink(&out, &link).expect("linked");
    publish(&link, "new");
    assert!(link.is_symlink());
    assert_eq!(partner_of(&out), "new");
}

#[cfg(unix)]
#[test]
fn a_dataset_closed_to_others_stays_closed() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, out) = place();
    publish(&out, "old");
    fs::set_permissions(&out, fs::Permissions::from_mode(0o750)).expect("changed");
    publish(&out, "new");
    assert_eq!(fs::metadata(&out).expect("there").permissions().mode() & 0o777, 0o750);
}
