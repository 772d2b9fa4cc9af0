//! What is published comes back, whole, in every type, bucket by bucket.

use crate::parquet_writer::ROW_GROUP_ROWS;
use crate::{Dataset, Prepared, Published, StoreError, sample};
use aceq_model::{Bucket, ColumnType, TableId, bucket_of, tables, tables::Folder};
use arrow::array::{RecordBatch, StringArray};
use arrow::compute::concat_batches;
use parquet::basic::{Compression, Encoding};
use parquet::file::reader::{FileReader, SerializedFileReader};
use proptest::prelude::{ProptestConfig, prop_assert_eq, proptest};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::path::Path;

fn publish(out: &Path, buckets: &[Bucket], count: u32) -> Published {
    let mut prepared = Prepared::create(out, count).expect("an empty place");
    buckets.iter().for_each(|bucket| prepared.write_bucket(bucket).expect("rows in order"));
    prepared.publish(sample::facts(), &json!({ "clock": "now" })).expect("published")
}

fn read_back(out: &Path) -> Vec<Bucket> {
    Dataset::open(out).expect("a dataset").buckets().collect::<Result<_, _>>().expect("readable")
}

#[test]
fn every_canonical_table_comes_back_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("dataset");
    let written = sample::buckets(&["P1", "P2", "P3", "self"], 40, 3);
    publish(&out, &written, 3);
    let read = read_back(&out);
    assert_eq!(read.len(), written.len());
    for (written, read) in written.iter().zip(&read) {
        assert_eq!(written.partners, read.partners);
        assert_eq!(written.tables, read.tables);
    }
}

#[test]
fn a_table_that_was_not_given_stays_unknown_and_a_partner_without_rows_stays_known() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("dataset");
    let given = Bucket::empty_batch(TableId::Customers.schema());
    let bucket = Bucket { partners: vec!["self".to_owned()], tables: [(TableId::Customers, given)].into() };
    publish(&out, &[bucket], 8);
    assert_eq!(Dataset::open(&out).expect("a dataset").given(), BTreeSet::from([TableId::Customers]));
    let read = read_back(&out);
    assert_eq!(read[0].partners, ["self"]);
    assert_eq!(read[0].table(TableId::Customers).map(RecordBatch::num_rows), Some(0));
    assert_eq!(read[0].table(TableId::Opportunities), None);
}

/// The physical and logical types of a column, as Parquet spells them.
fn parquet_type(ty: ColumnType) -> &'static str {
    match ty {
        ColumnType::Text | ColumnType::TextList => "BYTE_ARRAY Some(String)",
        ColumnType::Flag => "BOOLEAN None",
        ColumnType::Integer => "INT32 None",
        ColumnType::Long => "INT64 None",
        ColumnType::Decimal => "INT64 Some(Decimal(DecimalType { scale: 2, precision: 18 }))",
        ColumnType::Date => "INT32 Some(Date)",
        ColumnType::Timestamp => "INT64 Some(Timestamp(TimestampType { is_adjusted_to_u_t_c: true, unit: MICROS }))",
    }
}

#[test]
fn files_hold_what_every_reader_takes() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("dataset");
    let mut prepared = Prepared::create(&out, 2).expect("an empty place");
    sample::buckets(&["P1", "P2"], 3000, 2).iter().for_each(|bucket| prepared.write_bucket(bucket).expect("rows"));
    let derived = ["dim_date", "dim_partner", "dim_customer", "dim_table"];
    for (folder, table) in tables::all() {
        let further = !matches!(folder, Folder::Canonical | Folder::Bridges) && !derived.contains(&table.name);
        if further {
            prepared.write(table, &sample::batch(table, &["P1", "P2"], 30)).expect("rows");
        }
    }
    let manifest = prepared.publish(sample::facts(), &json!({})).expect("published").manifest;
    assert_eq!(manifest.tables.len(), tables::all().count());
    for (place, table) in tables::all() {
        let path = out.join(place.name()).join(format!("{}.parquet", table.name));
        let reader = SerializedFileReader::new(File::open(path).expect("a file")).expect("Parquet");
        let allowed = [Encoding::PLAIN, Encoding::RLE, Encoding::RLE_DICTIONARY];
        let columns = reader.metadata().row_groups().iter().flat_map(|group| group.columns());
        for column in columns {
            assert!(column.encodings().all(|encoding| allowed.contains(&encoding)), "{:?}", column.column_path());
            assert!(matches!(column.compression(), Compression::ZSTD(_)));
            let name = column.column_path().parts()[0].as_str();
            let ty = table.column(name).expect("a column of the table").ty;
            let is_text = matches!(ty, ColumnType::Text | ColumnType::TextList);
            let found_by = name == "partner_id" || table.key == [name];
            assert_eq!(column.statistics().is_some(), !is_text || found_by, "{}", column.column_path());
        }
        assert!(reader.metadata().num_row_groups() > 0, "{} has rows", table.name);
        let file = reader.metadata().file_metadata();
        assert_eq!(file.schema_descr().num_columns(), table.columns.len());
        for (column, leaf) in table.columns.iter().zip(file.schema_descr().columns()) {
            assert_eq!(leaf.path().parts()[0], column.name);
            let logical = leaf.logical_type_ref();
            assert_eq!(format!("{} {logical:?}", leaf.physical_type()), parquet_type(column.ty), "{}", column.name);
        }
        let told = file.key_value_metadata().into_iter().flatten();
        let told: BTreeMap<&str, &str> =
            told.filter_map(|pair| Some((pair.key.as_str(), pair.value.as_deref()?))).collect();
        assert_eq!((told["aceq.table"], told["aceq.grain"]), (table.name, table.grain));
        assert!(table.columns.iter().all(|column| told["aceq.columns"].contains(&format!("\"{}\":", column.name))));
    }
}

#[test]
fn no_row_group_holds_rows_of_two_buckets_or_too_many_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("dataset");
    let table = TableId::Attestations;
    let mut prepared = Prepared::create(&out, 2).expect("an empty place");
    for bucket in 0..2 {
        let partner = (0..).map(|n| format!("P{n}")).find(|id| bucket_of(id, 2) == bucket).expect("a partner");
        prepared.write(table.schema(), &sample::batch(table.schema(), &[&partner], ROW_GROUP_ROWS + 1)).expect("rows");
    }
    prepared.publish(sample::facts(), &json!({})).expect("published");
    let groups: Vec<usize> = Dataset::open(&out)
        .expect("a dataset")
        .rows(table.schema())
        .map(|rows| rows.expect("rows").num_rows())
        .collect();
    assert_eq!(groups, [ROW_GROUP_ROWS, 1, ROW_GROUP_ROWS, 1]);
}

#[test]
fn quality_and_result_tables_keep_their_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("dataset");
    let mut prepared = Prepared::create(&out, 2).expect("an empty place");
    for table in tables::QUALITY.iter().chain(&tables::RESULTS) {
        let rows = Bucket::empty_batch(table);
        prepared.write(table, &rows).expect("no rows");
    }
    let rows = sample::batch(&tables::TIMELINES, &["Z", "A"], 5);
    prepared.write(&tables::TIMELINES, &rows).expect("rows");
    let manifest = prepared.publish(sample::facts(), &json!({})).expect("published").manifest;
    assert_eq!(manifest.tables["timelines"].rows, 10);
    assert_eq!(manifest.tables["timelines"].path, "results/timelines.parquet");
    let read: Vec<_> = Dataset::open(&out).expect("a dataset").rows(&tables::TIMELINES).collect();
    assert_eq!(read.into_iter().collect::<Result<Vec<_>, _>>().expect("rows"), [rows]);
}

#[test]
fn rows_out_of_order_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut prepared = Prepared::create(&folder.path().join("dataset"), 1).expect("an empty place");
    let table = TableId::Activities.schema();
    let error = prepared.write(table, &sample::batch(table, &["B", "A"], 1)).expect_err("B comes after A");
    assert!(error.to_string().contains("partner `A`"), "{error}");
}

#[test]
fn a_column_of_another_version_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("dataset");
    publish(&out, &sample::buckets(&["P1"], 2, 1), 1);
    fs::copy(out.join("canonical/offerings.parquet"), out.join("canonical/partners.parquet")).expect("copied");
    let error = Dataset::open(&out).expect_err("the columns differ").to_string();
    assert!(error.contains("partners.parquet`: column `name` is missing, expected Utf8"), "{error}");
    assert!(error.contains("`aceq ingest`"), "{error}");
}

#[test]
fn what_is_no_dataset_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("manifest.json"), r#"{"name": "a web page"}"#).expect("written");
    assert!(!Dataset::is_dataset(folder.path()));
    assert!(matches!(Dataset::open(folder.path()), Err(StoreError::NoDataset { .. })));
    assert!(matches!(Dataset::open(&folder.path().join("none")), Err(StoreError::NoDataset { .. })));
    fs::write(folder.path().join("manifest.json"), r#"{"aceq_dataset": 99}"#).expect("written");
    assert!(matches!(Dataset::open(folder.path()), Err(StoreError::Layout { found: 99, .. })));
}

#[test]
fn an_open_dataset_outlives_its_replacement() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("dataset");
    let first = sample::buckets(&["P1"], 2, 1);
    publish(&out, &first, 1);
    let open = Dataset::open(&out).expect("a dataset");
    publish(&out, &sample::buckets(&["P2"], 2, 1), 1);
    assert_eq!(open.bucket(0).expect("rows").tables, first[0].tables);
    assert_eq!(read_back(&out)[0].partners, ["P2"]);
}

#[test]
fn equal_rows_give_equal_bytes_on_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let bytes = |threads: usize| {
        let out = folder.path().join(threads.to_string());
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        pool.install(|| publish(&out, &sample::buckets(&["P1", "P2"], 500, 2), 2));
        let tables =
            TableId::ALL.map(|id| fs::read(out.join(format!("canonical/{}.parquet", id.name()))).expect("bytes"));
        (tables, fs::read(out.join("manifest.json")).expect("bytes"))
    };
    assert_eq!(bytes(1), bytes(3));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// However rows are cut into batches and buckets, they come back: each once, in the bucket of their partner.
    #[test]
    fn no_row_is_lost(mut rows in proptest::collection::vec((0_u8..30, 0_usize..40), 0..20), count in 1_u32..9) {
        let table = TableId::Designations.schema();
        rows.sort_by_key(|(partner, _)| (bucket_of(&format!("P{partner}"), count), format!("P{partner}")));
        let folder = tempfile::tempdir().expect("a folder");
        let out = folder.path().join("dataset");
        let mut prepared = Prepared::create(&out, count).expect("an empty place");
        let batches: Vec<RecordBatch> =
            rows.iter().map(|(partner, rows)| sample::batch(table, &[&format!("P{partner}")], *rows)).collect();
        prepared.write(table, &Bucket::empty_batch(table)).expect("no rows");
        for pair in batches.chunks(2) {
            prepared.write(table, &concat_batches(&table.arrow_schema(), pair).expect("one schema")).expect("rows");
        }
        prepared.publish(sample::facts(), &json!({})).expect("published");

        let read = read_back(&out);
        for bucket in &read {
            let ids = bucket.tables[&TableId::Designations].column(0).as_any().downcast_ref::<StringArray>();
            let buckets: BTreeSet<u32> = ids.expect("texts").iter().flatten().map(|id| bucket_of(id, count)).collect();
            prop_assert_eq!(buckets.len(), 1);
        }
        let all = |batches: Vec<RecordBatch>| concat_batches(&table.arrow_schema(), &batches).expect("one schema");
        let read = all(read.into_iter().map(|mut bucket| bucket.tables.remove(&TableId::Designations).expect("given")).collect());
        prop_assert_eq!(read, all(batches));
    }
}
