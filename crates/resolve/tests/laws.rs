//! What holds whatever the input: no row is lost, order changes nothing, strict refines loose.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod support;

use aceq_model::{TableId, TypedRows};
use aceq_resolve::{Override, Resolved, Settings};
use arrow::array::{Array, AsArray, RecordBatch, UInt32Array};
use arrow::compute::take_record_batch;
use arrow::datatypes::{Date32Type, Int32Type, Int64Type};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use std::collections::{BTreeMap, BTreeSet};
use support::{export, resolved_with};

/// A file before it is typed: header and rows of cells.
#[derive(Clone, Debug)]
struct Sketch {
    table: TableId,
    day: &'static str,
    header: Vec<&'static str>,
    rows: Vec<Vec<&'static str>>,
}

/// Columns and what may stand in them: few values, so that rows meet.
type Pools = &'static [(&'static str, &'static [&'static str])];

const NAMES: &[&str] = &["Acme Inc", "ACME, Inc.", "Acme GmbH", "Beta", "Béta", "Nova 12", "Nova 13", "-"];
const ACCOUNTS: &[&str] = &["111122223333", "444455556666", "-", "-"];

fn pools(table: TableId) -> Pools {
    match table {
        TableId::Opportunities => &[
            ("opportunity_id", &["O1", "O2", "O3", "O4"]),
            ("partner_id", &["P1", "P2"]),
            ("customer_name", NAMES),
            ("customer_aws_account_id", ACCOUNTS),
            ("customer_duns", &["123456789", "-", "-"]),
            ("customer_website", &["acme.example", "www.acme.example", "beta.example", "-", "-"]),
            ("stage", &["Prospect", "Launched", "Closed Lost", "-"]),
            ("aws_stage", &["Engaged", "Launched", "-"]),
            ("review_status", &["Approved", "None", "-"]),
            ("title", &["Lake", "lake", "-"]),
            ("mrr_usd", &["0.00", "10.00", "-"]),
            ("target_close_date", &["2026-01-01", "2027-01-01", "-"]),
            ("aws_products", &["[]", "A; B", "-"]),
            ("last_modified", &["2026-01-01", "2026-02-01", "-"]),
            ("masked", &["yes", "no", "no", "no"]),
        ],
        TableId::Customers => &[
            ("partner_id", &["P1", "P2"]),
            ("customer_name", NAMES),
            ("customer_aws_account_id", ACCOUNTS),
            ("customer_website", &["acme.example", "beta.example", "-"]),
            ("segment", &["SMB", "Enterprise", "-"]),
            ("employees", &["1", "2", "-"]),
        ],
        TableId::CaseStudies => &[
            ("partner_id", &["P1", "P2"]),
            ("case_study_id", &["C1", "C2", "-"]),
            ("customer_name", NAMES),
            ("ace_opportunity_id", &["O1", "O9", "-"]),
        ],
        TableId::Completions => &[
            ("partner_id", &["P1", "P2"]),
            ("email", &["a@x.example", "A@x.example", "-"]),
            ("masked", &["yes", "no"]),
            ("credential", &["X", "Y"]),
            ("completed_date", &["2026-01-01", "-"]),
            ("role", &["Sales", "Engineer"]),
        ],
        _ => &[
            ("partner_id", &["P1", "P2"]),
            ("program", &["smb"]),
            ("requirement_id", &["A", "B"]),
            ("case_study_id", &["*"]),
            ("met", &["yes", "no", "-"]),
            ("answer_date", &["2026-01-01", "-"]),
        ],
    }
}

fn sketch() -> impl Strategy<Value = Sketch> {
    let tables = [
        TableId::Opportunities,
        TableId::Opportunities,
        TableId::Opportunities,
        TableId::Customers,
        TableId::CaseStudies,
        TableId::Completions,
        TableId::Attestations,
    ];
    let shape =
        (select(tables.to_vec()), select(vec!["-", "2026-01-31", "2026-06-30"])).prop_flat_map(|(table, day)| {
            let pools = pools(table);
            // The first two columns are always there; of the others any.
            let others = subsequence((2..pools.len()).collect::<Vec<_>>(), 0..=pools.len() - 2);
            (Just(table), Just(day), others)
        });
    shape.prop_flat_map(|(table, day, others)| {
        let columns: Vec<_> = [0, 1].into_iter().chain(others).map(|place| pools(table)[place]).collect();
        let header = columns.iter().map(|(name, _)| *name).collect::<Vec<_>>();
        let row = columns.iter().map(|(_, values)| select(values.to_vec())).collect::<Vec<_>>();
        vec(row, 0..8).prop_map(move |rows| Sketch { table, day, header: header.clone(), rows })
    })
}

fn overrides() -> impl Strategy<Value = Vec<Override>> {
    let name = || select(NAMES[..7].to_vec());
    let pair = (name(), name()).prop_map(|(left, right)| Override {
        partner_id: None,
        left: left.to_owned(),
        right: right.to_owned(),
        reason: "stated".to_owned(),
    });
    vec(pair, 0..4)
}

fn settings() -> impl Strategy<Value = Settings> {
    (overrides(), overrides(), 1..6_usize).prop_map(|(same, different, shared_identifier_names)| Settings {
        same,
        different,
        shared_identifier_names,
        ..Settings::default()
    })
}

fn files(sketches: &[Sketch]) -> Vec<TypedRows> {
    let typed = |(number, sketch): (usize, &Sketch)| {
        let lines = sketch.rows.iter().map(|row| row.join(" | "));
        let text: Vec<_> = [sketch.header.join(" | ")].into_iter().chain(lines).collect();
        export(sketch.table, &format!("file{number}"), sketch.day, &text.join("\n"))
    };
    sketches.iter().enumerate().map(typed).collect()
}

/// The same rows in another order: files rotated, rows rotated within files, files cut in two chunks.
fn shuffled(files: &[TypedRows], by: usize) -> Vec<TypedRows> {
    let mut shuffled: Vec<_> = files
        .iter()
        .flat_map(|rows| {
            let length = rows.batch.num_rows();
            let order: Vec<_> = (0..length).map(|row| ((row + by) % length.max(1)) as u32).rev().collect();
            let (first, second) = order.split_at(by.min(length));
            [first, second].map(|order| TypedRows { file: rows.file.clone(), batch: taken(&rows.batch, order) })
        })
        .collect();
    let middle = by % shuffled.len().max(1);
    shuffled.rotate_left(middle);
    shuffled
}

fn taken(batch: &RecordBatch, rows: &[u32]) -> RecordBatch {
    take_record_batch(batch, &UInt32Array::from(rows.to_vec())).expect("rows exist")
}

fn texts(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
    let column = batch.column_by_name(name).expect("a column").as_string::<i32>();
    column.iter().map(|text| text.map(str::to_owned)).collect()
}

fn assert_equal(left: &Resolved, right: &Resolved) {
    assert_eq!(left.bucket.partners, right.bucket.partners);
    assert_eq!(left.bucket.tables, right.bucket.tables);
    assert_eq!(left.ledger, right.ledger);
    assert_eq!(left.findings, right.findings);
    assert_eq!(left.rejects, right.rejects);
    assert_eq!(left.links, right.links);
    assert_eq!(left.provenance, right.provenance);
    assert_eq!(left.stage_history, right.stage_history);
}

/// Per partner and customer name, as written, the keys of its rows.
fn keys_of_names(resolved: &Resolved) -> BTreeMap<(String, String), (String, String)> {
    let mut keys = BTreeMap::new();
    for batch in resolved.bucket.tables.values().filter(|batch| batch.column_by_name("customer_key").is_some()) {
        let columns =
            ["partner_id", "customer_name", "customer_key", "customer_key_strict"].map(|name| texts(batch, name));
        for row in 0..batch.num_rows() {
            let [partner, name, loose, strict] = columns.each_ref().map(|column| column[row].clone());
            if let (Some(partner), Some(name), Some(loose), Some(strict)) = (partner, name, loose, strict) {
                keys.insert((partner, name), (loose, strict));
            }
        }
    }
    keys
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn order_changes_nothing(sketches in vec(sketch(), 0..6), settings in settings(), by in 0..5_usize) {
        let files = files(&sketches);
        let expected = resolved_with(files.clone(), &settings);
        assert_equal(&resolved_with(shuffled(&files, by), &settings), &expected);
    }

    #[test]
    fn every_row_is_accounted_for_once(sketches in vec(sketch(), 0..6), settings in settings()) {
        let files = files(&sketches);
        let given: usize = files.iter().map(|rows| rows.batch.num_rows()).sum();
        let resolved = resolved_with(files.clone(), &settings);
        let accepted: usize = resolved.bucket.tables.values().map(RecordBatch::num_rows).sum();
        let moves = resolved.ledger.values();
        let moved: u64 = moves.map(|moves| moves.merged + moves.superseded + moves.rejected).sum();
        prop_assert_eq!(given as u64, accepted as u64 + moved);
        // File by file: what moved and what is accepted from it are all its rows.
        for file in &files {
            let sources = resolved.bucket.tables.values().flat_map(|batch| texts(batch, "source_file"));
            let accepted = sources.flatten().filter(|path| *path == file.file.path).count() as u64;
            let moves = support::moves(&resolved, &file.file.path);
            let total = accepted + moves.merged + moves.superseded + moves.rejected;
            prop_assert_eq!(file.batch.num_rows() as u64, total, "{}", &file.file.path);
        }
        let merged: u64 = resolved.ledger.values().map(|moves| moves.merged).sum();
        let named: BTreeSet<_> = resolved.provenance.iter().map(|row| (&row.source_file, row.source_line)).collect();
        prop_assert_eq!(merged, named.len() as u64, "merged rows are those that provenance names");
    }

    #[test]
    fn the_furthest_stage_is_the_furthest_of_the_history(sketches in vec(sketch(), 1..6)) {
        let resolved = resolved_with(files(&sketches), &Settings::default());
        let (Some(rows), Some(history)) = (resolved.bucket.tables.get(&TableId::Opportunities), &resolved.stage_history)
        else { return Ok(()) };
        let mut furthest: BTreeMap<_, Option<i32>> = BTreeMap::new();
        let states = [texts(history, "partner_id"), texts(history, "opportunity_id"), texts(history, "stage")];
        for row in 0..history.num_rows() {
            let [partner, id, stage] = states.each_ref().map(|column| column[row].clone());
            let known = furthest.entry((partner, id)).or_default();
            *known = (*known).max(stage.as_deref().and_then(aceq_model::stage_rank));
        }
        let ids = [texts(rows, "partner_id"), texts(rows, "opportunity_id")];
        let told = rows["furthest_stage_rank"].as_primitive::<Int32Type>();
        for row in 0..rows.num_rows() {
            let [partner, id] = ids.each_ref().map(|column| column[row].clone());
            let told = told.is_valid(row).then(|| told.value(row));
            prop_assert_eq!(furthest.get(&(partner, id)).copied().flatten(), told);
        }
    }

    #[test]
    fn neighbouring_states_differ_and_days_do_not_run_backwards(sketches in vec(sketch(), 1..6)) {
        let Some(history) = resolved_with(files(&sketches), &Settings::default()).stage_history else { return Ok(()) };
        let names = ["partner_id", "opportunity_id", "stage", "aws_stage", "review_status"];
        let columns = names.map(|name| texts(&history, name));
        let days = ["known_from", "last_seen", "target_close_date"].map(|name| history[name].as_primitive::<Date32Type>().clone());
        let day = |column: usize, row: usize| days[column].is_valid(row).then(|| days[column].value(row));
        let steps = history["step"].as_primitive::<Int64Type>();
        for row in 0..history.num_rows() {
            prop_assert!(day(0, row) <= day(1, row));
            let again = row > 0 && columns[..2].iter().all(|column| column[row] == column[row - 1]);
            prop_assert_eq!(steps.value(row), if again { steps.value(row - 1) + 1 } else { 1 });
            if again {
                let moved = columns[2..].iter().any(|column| column[row] != column[row - 1]);
                prop_assert!(moved || day(2, row) != day(2, row - 1));
                prop_assert!(day(1, row - 1) <= day(0, row), "unknown days come first");
            }
        }
    }

    #[test]
    fn strict_refines_loose(sketches in vec(sketch(), 1..6), settings in settings()) {
        let resolved = resolved_with(files(&sketches), &settings);
        let mut loose_of = BTreeMap::new();
        for batch in resolved.bucket.tables.values().filter(|batch| batch.column_by_name("customer_key").is_some()) {
            let columns = ["partner_id", "customer_key", "customer_key_strict"].map(|name| texts(batch, name));
            for row in 0..batch.num_rows() {
                let [partner, loose, strict] = columns.each_ref().map(|column| column[row].clone());
                prop_assert_eq!(loose.is_some(), strict.is_some());
                let known = loose_of.entry((partner, strict.clone())).or_insert(loose.clone());
                prop_assert!(strict.is_none() || *known == loose, "{:?} lies in {:?} and {:?}", strict, known, loose);
            }
        }
    }

    #[test]
    fn declared_different_stays_apart_and_declared_same_together(
        sketches in vec(sketch(), 1..6),
        settings in settings(),
    ) {
        let resolved = resolved_with(files(&sketches), &settings);
        let keys = keys_of_names(&resolved);
        let tidy = |name: &str| name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
        let pairs = |left: &str, right: &str| -> Vec<_> {
            let of = |wanted: &str| keys.iter().filter(|((_, name), _)| tidy(name) == tidy(wanted)).collect::<Vec<_>>();
            let others = of(right);
            let joined = of(left).into_iter().flat_map(|left| others.iter().map(move |right| (left, *right)));
            joined.filter(|(left, right)| left.0.0 == right.0.0).collect()
        };
        for stated in settings.different.iter().filter(|stated| tidy(&stated.left) != tidy(&stated.right)) {
            for (left, right) in pairs(&stated.left, &stated.right) {
                prop_assert_ne!(&left.1.0, &right.1.0);
                prop_assert_ne!(&left.1.1, &right.1.1);
            }
        }
        for stated in settings.same.iter().filter(|_| settings.different.is_empty()) {
            for (left, right) in pairs(&stated.left, &stated.right) {
                prop_assert_eq!(&left.1.0, &right.1.0);
                prop_assert_eq!(&left.1.1, &right.1.1);
            }
        }
    }

    #[test]
    fn rows_are_sorted_by_partner_and_key(sketches in vec(sketch(), 0..6)) {
        let resolved = resolved_with(files(&sketches), &Settings::default());
        for (table, batch) in &resolved.bucket.tables {
            prop_assert_eq!(batch.schema(), table.schema().arrow_schema());
            let column = |name: &&str| texts_of_any(batch, name);
            let columns: Vec<_> = ["partner_id"].iter().chain(&table.schema().key[..1]).map(column).collect();
            let row = |row: usize| columns.iter().map(|column| column[row].clone()).collect::<Vec<_>>();
            let rows: Vec<_> = (0..batch.num_rows()).map(row).collect();
            prop_assert!(rows.is_sorted(), "{:?}", rows);
        }
    }
}

fn texts_of_any(batch: &RecordBatch, name: &str) -> Vec<Option<String>> {
    let column = batch.column_by_name(name).expect("a column");
    if column.as_string_opt::<i32>().is_some() { texts(batch, name) } else { vec![None; batch.num_rows()] }
}
