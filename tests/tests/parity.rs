//! The engine agrees with the naive evaluator: every requirement, reading and member, every partner, every day.

use aceq_model::{Bucket, Status, TableId};
use aceq_tests::anything::{Pools, with_holes};
use aceq_tests::literal::bucket;
use aceq_tests::naive::evaluate_span;
use aceq_tests::parity::assert_agree;
use aceq_tests::pipeline::{read_folder, split};
use aceq_tests::rulebook;
use aceq_tests::world::{read_generated, sample};
use arrow::array::{RecordBatch, new_null_array};
use chrono::{Days, NaiveDate};
use proptest::collection::vec;
use proptest::prelude::{ProptestConfig, any, proptest};
use proptest::test_runner::{Config, RngSeed, TestRunner};
use std::collections::BTreeSet;
use std::fmt::Write;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn three_years() -> (NaiveDate, NaiveDate) {
    (day("2025-01-01"), day("2027-12-31"))
}

fn assert_agree_for_three_years(bucket: &Bucket) {
    let (from, to) = three_years();
    assert_agree(&rulebook::all(), bucket, from, to);
}

#[test]
fn in_the_sample() {
    assert_agree_for_three_years(&read_folder(&sample()).bucket);
}

/// Partners, opportunities per partner, seed.
const WORLDS: [(u32, u64, u64); 10] = [
    (3, 60, 1),
    (3, 40, 2),
    (2, 60, 3),
    (4, 50, 5),
    (4, 50, 6),
    (3, 60, 7),
    (3, 60, 20_261_120),
    (2, 150, 10),
    (1, 400, 11),
    (8, 12, 12),
];

#[test]
fn in_synthetic_worlds() {
    for (partners, opportunities, seed) in WORLDS {
        let bucket = read_generated(partners, opportunities, seed).bucket;
        assert_eq!(bucket.partners.len(), partners as usize, "seed {seed}");
        assert_agree_for_three_years(&bucket);
    }
}

/// Agreement proves nothing where nothing happens.
#[test]
fn the_worlds_show_every_status_and_change_often() {
    let (from, to) = three_years();
    let (mut statuses, mut changes) = (BTreeSet::new(), 0);
    for (bucket, rules) in [read_folder(&sample()), read_generated(5, 50, 5)]
        .into_iter()
        .flat_map(|read| rulebook::all().into_iter().map(move |rules| (read.bucket.clone(), rules)))
    {
        for line in evaluate_span(&rules.text, &bucket, from, to) {
            statuses.extend(line.answers.iter().map(|answer| answer.status));
            changes += line.answers.windows(2).filter(|pair| pair[0] != pair[1]).count();
        }
    }
    let all = [Status::Met, Status::NotMet, Status::Unknown, Status::Waived, Status::NotApplicable];
    assert_eq!(statuses, BTreeSet::from(all));
    assert!(changes > 1000, "{changes} changes");
}

#[test]
fn however_partners_are_bucketed() {
    let (from, to) = (day("2026-10-01"), day("2026-12-31"));
    let rules = rulebook::all();
    for bucket in split(&read_folder(&sample()).bucket, 4) {
        assert_agree(&rules, &bucket, from, to);
    }
}

#[test]
fn with_no_table_at_all() {
    assert_agree_for_three_years(&bucket(""));
}

#[test]
fn with_every_table_given_and_empty() {
    let text: String = TableId::ALL.map(|table| format!("{} = []\n", table.name())).concat();
    assert_agree_for_three_years(&bucket(&text));
}

#[test]
fn with_one_blank_row_in_every_table() {
    let text: String = TableId::ALL.map(|table| format!("{} = [{{}}]\n", table.name())).concat();
    assert_agree_for_three_years(&bucket(&text));
}

#[test]
fn with_any_table_of_the_sample_absent_or_empty() {
    let whole = read_folder(&sample()).bucket;
    let rules = rulebook::all();
    for table in TableId::ALL {
        let mut absent = whole.clone();
        absent.tables.remove(&table);
        let mut empty = whole.clone();
        empty.tables.insert(table, Bucket::empty_batch(table.schema()));
        for bucket in [absent, empty] {
            assert_agree(&rules, &bucket, day("2026-08-28"), day("2026-12-02"));
        }
    }
}

#[test]
fn with_any_column_of_the_sample_unknown() {
    let whole = read_folder(&sample()).bucket;
    let rules = rulebook::all();
    for (table, batch) in &whole.tables {
        for column in table.schema().columns.iter().filter(|column| column.name != "partner_id") {
            let mut bucket = whole.clone();
            bucket.tables.insert(*table, without(batch, column.name));
            assert_agree(&rules, &bucket, day("2026-11-18"), day("2026-11-21"));
        }
    }
}

fn without(batch: &RecordBatch, column: &str) -> RecordBatch {
    let index = batch.schema().index_of(column).expect("a column of the table");
    let mut columns = batch.columns().to_vec();
    columns[index] = new_null_array(columns[index].data_type(), batch.num_rows());
    RecordBatch::try_new(batch.schema(), columns).expect("canonical columns may be null")
}

/// Windows clamp to the last day of short months, so the launches of some days leave together.
#[test]
fn at_the_ends_of_months() {
    let mut text = String::from("opportunities = [\n");
    for (index, date) in day("2023-01-01").iter_days().take(1800).enumerate() {
        let next = date + Days::new(4);
        if next.format("%d").to_string().as_str() > "05" {
            continue;
        }
        writeln!(
            text,
            "{{ opportunity_id = 'O{index}', customer_key = 'c{0}', customer_key_strict = 'c{0}', stage = 'Launched', \
             registered = true, origin = 'Partner Referral', arr_usd = '6000', annual_revenue_usd = '1000000', \
             employees = 10, customer_type = 'Other', launch_date = {date}, created_date = {date}, \
             use_case = 'Big Data', aws_products = ['AmazonConnect'], furthest_stage_rank = 5 }},",
            index % 97
        )
        .expect("a String takes everything");
    }
    text.push_str("]\n");
    assert_agree_for_three_years(&bucket(&text));
}

#[test]
fn with_leap_days_and_the_edges_of_the_calendar() {
    let dates = ["1900-01-01", "1970-01-01", "2024-02-29", "2025-02-28", "2026-08-31", "9999-12-30", "9999-12-31"];
    let mut text = String::new();
    for (table, from, until) in [
        (TableId::Certifications, "award_date", "expiration_date"),
        (TableId::Designations, "achieved_date", "expiration_date"),
        (TableId::Personnel, "start_date", "end_date"),
        (TableId::Partners, "valid_from", "valid_until"),
    ] {
        writeln!(text, "{} = [", table.name()).expect("a String takes everything");
        for from_date in dates {
            for until_date in dates {
                writeln!(text, "{{ {from} = {from_date}, {until} = {until_date}, {} }},", typical(table))
                    .expect("a String takes everything");
            }
            writeln!(text, "{{ {from} = {from_date}, {} }},", typical(table)).expect("a String takes everything");
            writeln!(text, "{{ {until} = {from_date}, {} }},", typical(table)).expect("a String takes everything");
        }
        text.push_str("]\n");
    }
    assert_agree_for_three_years(&bucket(&text));
}

fn typical(table: TableId) -> &'static str {
    match table {
        TableId::Certifications => {
            "person_key = 'ana', certification = 'AWS Certified Data Engineer - Associate', level = 'Associate'"
        }
        TableId::Designations => "designation = 'Amazon Redshift', designation_type = 'Service Delivery'",
        TableId::Personnel => {
            "person_key = 'ana', role = 'Solutions Architect', practice = 'Amazon Connect', allocation_pct = '60'"
        }
        _ => "path = 'Services', path_stage = 'Validated', tier = 'Advanced', partner_type = 'Services'",
    }
}

/// Every way in which two answers of one unit can follow, meet or lack a date.
#[test]
fn with_answers_that_repeat_contradict_and_lack_a_date() {
    let given = [
        "answer_date = 2026-03-01, met = true",
        "answer_date = 2026-03-01, met = false",
        "answer_date = 2026-03-01",
        "answer_date = 2026-03-31, met = true",
        "answer_date = 2026-03-31, met = false",
        "met = true",
        "met = false",
        "",
    ];
    let rules = rulebook::all();
    let cases = ["'*'", "'CS1'", "'CS2'"];
    for first in given {
        for second in given {
            let mut text = String::from(
                "case_studies = [\n\
                 { case_study_id = 'CS1', programs = ['amazon-connect-delivery', 'smb'], status = 'Production', \
                   deployed_date = 2025-09-30, features = ['Voice'], wafr_high_risk_issues = 0 },\n\
                 { case_study_id = 'CS2', programs = ['amazon-connect-delivery', 'smb'], deployed_date = 2025-09-30 },\n\
                 { programs = ['amazon-connect-delivery', 'smb'], status = 'Production' },\n]\nattestations = [\n",
            );
            for (program, id) in
                [("amazon-connect-delivery", "CON-004"), ("smb", "POV-001"), ("smb", "TEC-002"), ("smb", "DOC-001")]
            {
                for (cell, case) in [first, second].into_iter().flat_map(|cell| cases.map(|case| (cell, case))) {
                    let comma = if cell.is_empty() { "" } else { ", " };
                    writeln!(
                        text,
                        "{{ program = '{program}', requirement_id = '{id}', case_study_id = {case}{comma}{cell} }},\n\
                         {{ program = '{program}', requirement_id = '{id}'{comma}{cell} }},"
                    )
                    .expect("a String takes everything");
                }
            }
            text.push_str("]\n");
            assert_agree(&rules, &bucket(&text), day("2026-02-27"), day("2026-04-02"));
        }
    }
}

const CASES: &str = "
    case_studies = [
        { case_study_id = 'CS1', programs = ['amazon-connect-delivery'], status = 'Production', deployed_date = 2025-09-30 },
        { programs = ['amazon-connect-delivery'], status = 'Production', deployed_date = 2025-09-30 },
    ]\n";

/// Once, the answers without a case study id were also counted together as one case study named "".
#[test]
fn regression_answers_without_a_case_study_are_no_case_study_of_their_own() {
    let answer =
        "{ program = 'amazon-connect-delivery', requirement_id = 'CON-004', answer_date = 2026-01-31, met = true }";
    assert_agree_for_three_years(&bucket(&format!("{CASES} attestations = [{answer}, {answer}]")));
}

/// Once, a no without a date and a case study id was counted as one more that may be a yes.
#[test]
fn regression_an_undated_no_without_a_case_study_is_never_one_more() {
    let answer = "{ program = 'amazon-connect-delivery', requirement_id = 'CON-004', met = false }";
    assert_agree_for_three_years(&bucket(&format!("{CASES} attestations = [{answer}]")));
}

/// Nobody knows who they are: each may be one more, none is proven.
#[test]
fn with_masked_people_and_customers() {
    let text = "
        completions = [
            { masked = true, credential = 'Amazon Connect Fundamentals', technical = true, completed_date = 2026-01-31 },
            { masked = true, credential = 'Amazon Connect Fundamentals', technical = true, completed_date = 2026-01-31 },
            { person_key = 'ana', credential = 'Amazon Connect Fundamentals', technical = true, completed_date = 2026-01-31 },
            { person_key = 'ana', credential = 'Amazon Connect Fundamentals', technical = true },
            { person_key = 'bo', credential = 'Amazon Connect Fundamentals', completed_date = 2026-02-28 },
            { person_key = 'bo', credential = 'Amazon Connect Developer', technical = false, completed_date = 2026-02-28 },
        ]
        certifications = [
            { masked = true, certification = 'AWS Certified Data Engineer - Associate', award_date = 2024-02-29 },
            { person_key = 'ana', certification = 'AWS Certified Data Engineer - Associate', award_date = 2024-02-29, expiration_date = 2027-02-28 },
        ]
        personnel = [
            { masked = true, practice = 'Amazon Connect', allocation_pct = '50.01', role = 'Sales', start_date = 2025-02-28, end_date = 9999-12-31 },
            { person_key = 'ana', practice = 'Amazon Connect', allocation_pct = '50', role = 'Sales', start_date = 2025-02-28, end_date = 2026-06-30 },
            { person_key = 'ana', practice = 'Amazon Connect', allocation_pct = '100', role = 'Technical Lead', start_date = 2026-06-30 },
        ]
        opportunities = [
            { opportunity_id = 'O1', masked = true, stage = 'Launched', registered = true, arr_usd = '6000', segment = 'SMB', launch_date = 2025-05-31 },
            { opportunity_id = 'O2', masked = true, stage = 'Launched', registered = true, arr_usd = '6000', segment = 'SMB', launch_date = 2025-05-31 },
            { opportunity_id = 'O3', customer_key = 'a', customer_key_strict = 'a/1', stage = 'Launched', registered = true, arr_usd = '2600', segment = 'SMB', launch_date = 2025-05-31 },
            { opportunity_id = 'O4', customer_key = 'a', customer_key_strict = 'a/2', stage = 'Launched', registered = true, arr_usd = '2600', segment = 'SMB', launch_date = 2025-06-30 },
            { opportunity_id = 'O5', customer_key = 'a', stage = 'Launched', registered = true, segment = 'SMB', launch_date = 2025-06-30 },
            { opportunity_id = 'O6', customer_key = 'a', customer_key_strict = 'a/1', stage = 'Launched', registered = true, arr_usd = '5200', segment = 'SMB' },
        ]";
    assert_agree_for_three_years(&bucket(text));
}

/// The same cases on every run: a failure can be met again.
fn same_cases(cases: u32) -> Config {
    ProptestConfig { cases, rng_seed: RngSeed::Fixed(20_261_120), failure_persistence: None, ..Config::default() }
}

/// Starts of the spans on which random buckets are compared.
fn start(days: u16) -> NaiveDate {
    day("2025-01-01") + Days::new(u64::from(days))
}

#[test]
fn in_any_small_bucket() {
    let rules = rulebook::all();
    let pools = Pools::new(&rules);
    let strategy = (pools.buckets(), vec(0u16..1090, 2));
    let outcome = TestRunner::new(same_cases(200)).run(&strategy, |(text, starts)| {
        let bucket = bucket(&text);
        for from in starts.into_iter().map(start) {
            assert_agree(&rules, &bucket, from, from + Days::new(4));
        }
        Ok(())
    });
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

proptest! {
    #![proptest_config(same_cases(40))]

    #[test]
    fn in_real_rows_with_holes(seed in any::<u64>(), sparsity in 3u64..40, from in 0u16..1060) {
        let rules = rulebook::all();
        let from = start(from);
        for bucket in [read_folder(&sample()).bucket, read_generated(2, 40, 77).bucket] {
            assert_agree(&rules, &with_holes(&bucket, seed, sparsity), from, from + Days::new(10));
        }
    }
}
