//! Rows come back the same from memory and from disk.

use super::{Spool, SpooledBuckets, split_by_bucket};
use crate::sample;
use aceq_model::{TableId, bucket_of};
use arrow::array::{ArrayRef, AsArray, Int64Array, RecordBatch, StringArray};
use arrow::compute::concat_batches;
use arrow::datatypes::Int64Type;
use proptest::prelude::{ProptestConfig, prop_assert, prop_assert_eq, proptest};
use std::path::Path;
use std::sync::Arc;

const BOTH: [TableId; 2] = [TableId::Opportunities, TableId::Partners];

fn batch(table: TableId, rows: usize) -> RecordBatch {
    sample::batch(table.schema(), &["P1"], rows)
}

/// Everything in the order in which it is read, each key's rows as one batch.
fn contents(spooled: &SpooledBuckets) -> Vec<(u32, u32, TableId, RecordBatch)> {
    let read = |bucket: u32| spooled.bucket(bucket).map(move |rows| (bucket, rows.expect("readable")));
    let joined = |(bucket, rows): (u32, super::Spooled)| {
        let batch = concat_batches(&rows.batches[0].schema(), &rows.batches).expect("one schema");
        (bucket, rows.file, rows.table, batch)
    };
    spooled.buckets().into_iter().flat_map(read).map(joined).collect()
}

fn spool(folder: &Path, budget: usize, pushes: &[(u32, usize, u32, usize)]) -> (bool, SpooledBuckets) {
    let mut spool = Spool::new(folder, budget);
    for (file, table, bucket, rows) in pushes {
        spool.push(*file, BOTH[*table], *bucket, batch(BOTH[*table], *rows)).expect("pushed");
    }
    (spool.spilled(), spool.finish().expect("written"))
}

#[test]
fn a_small_spool_touches_no_disk() {
    let mut spool = Spool::new(Path::new("no such folder"), 1 << 20);
    spool.push(0, TableId::Partners, 3, batch(TableId::Partners, 5)).expect("in memory");
    let spooled = spool.finish().expect("written");
    assert_eq!(spooled.buckets(), [3]);
    assert_eq!(spooled.bucket(4).count(), 0);
}

#[test]
fn an_unwritable_folder_is_named() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let below = file.path().join("below a file");
    let mut spool = Spool::new(&below, 0);
    let error = spool.push(0, TableId::Partners, 3, batch(TableId::Partners, 5)).expect_err("no folder");
    let expected = format!("`{}` cannot be made: a part of its path is a file", below.display());
    assert!(error.to_string().starts_with(&expected), "{error}");
}

/// The parent of a dataset to come is made when the dataset is; rows are spilled there long before.
#[test]
fn a_folder_that_is_not_there_yet_is_made() {
    let parent = tempfile::tempdir().expect("a folder");
    let (spilled, spooled) = spool(&parent.path().join("new/folder"), 0, &[(0, 0, 0, 10)]);
    assert!(spilled);
    assert_eq!(contents(&spooled).len(), 1);
}

#[test]
fn the_temporary_file_has_no_name() {
    let folder = tempfile::tempdir().expect("a folder");
    let (spilled, spooled) = spool(folder.path(), 0, &[(0, 0, 0, 10)]);
    assert!(spilled);
    if cfg!(unix) {
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 0);
    }
    assert_eq!(contents(&spooled).len(), 1);
}

#[test]
fn a_file_may_change_its_columns_between_batches() {
    let folder = tempfile::tempdir().expect("a folder");
    let rows = batch(TableId::Partners, 4);
    let narrow = rows.project(&[0, 1]).expect("two columns");
    let mut spool = Spool::new(folder.path(), 0);
    for rows in [&rows, &narrow, &rows] {
        spool.push(0, TableId::Partners, 0, rows.clone()).expect("pushed");
    }
    let read: Vec<_> = spool.finish().expect("written").bucket(0).map(|rows| rows.expect("readable").batches).collect();
    assert_eq!(read, [[rows.clone(), narrow, rows]]);
}

#[test]
fn rows_go_to_the_bucket_of_their_partner() {
    let ids: ArrayRef = Arc::new(StringArray::from(vec![Some("A"), None, Some("B"), Some("A")]));
    let line: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3, 4]));
    let columns = [("partner_id", ids, true), ("source_line", line, true)];
    let batch = RecordBatch::try_from_iter_with_nullable(columns).expect("two columns");
    for budget in [0, usize::MAX] {
        let folder = tempfile::tempdir().expect("a folder");
        let mut spool = Spool::new(folder.path(), budget);
        spool.push_rows(0, TableId::Partners, batch.clone(), 1000).expect("pushed");
        spool.push_rows(0, TableId::Partners, batch.slice(0, 1), 1000).expect("pushed");
        let lines = contents(&spool.finish().expect("written"))
            .into_iter()
            .map(|(bucket, _, _, rows)| (bucket, rows["source_line"].as_primitive::<Int64Type>().values().to_vec()));
        let [a, b] = ["A", "B"].map(|partner| bucket_of(partner, 1000));
        let mut expected = vec![(a, vec![1, 4, 1]), (b, vec![3]), (1000, vec![2])];
        expected.sort();
        assert_eq!(lines.collect::<Vec<_>>(), expected);
    }
    let parts = split_by_bucket(&batch, 1000).expect("split");
    assert_eq!(parts.values().map(RecordBatch::num_rows).sum::<usize>(), 4);
    assert_eq!(parts[&None].num_rows(), 1);
    assert_eq!(parts[&Some(bucket_of("A", 1000))].num_rows(), 2);
    let mut spool = Spool::new(Path::new("no such folder"), 0);
    assert!(spool.push_rows(0, TableId::Partners, batch.project(&[1]).expect("a column"), 2).is_err());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    /// The budget decides where rows wait, never which come back, nor in which order.
    #[test]
    fn memory_and_disk_agree(
        pushes in proptest::collection::vec((0_u32..3, 0_usize..2, 0_u32..4, 0_usize..20), 1..30),
        budget in 0_usize..40_000,
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let (_, memory) = spool(folder.path(), usize::MAX, &pushes);
        let (_, some) = spool(folder.path(), budget, &pushes);
        let (spilled, disk) = spool(folder.path(), 0, &pushes);
        prop_assert!(spilled || pushes.iter().all(|push| push.3 == 0));
        let expected = contents(&memory);
        prop_assert_eq!(&contents(&some), &expected);
        prop_assert_eq!(&contents(&disk), &expected);
        prop_assert!(expected.windows(2).all(|pair| (pair[0].0, pair[0].1, pair[0].2) < (pair[1].0, pair[1].1, pair[1].2)));
    }
}
