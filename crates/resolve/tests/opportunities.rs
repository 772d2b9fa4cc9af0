//! One row of many versions of an opportunity, and what follows from it.

mod support;

use aceq_model::{FileRecord, Finding, FindingCode, Position, TableId::Opportunities, TypedRows};
use aceq_resolve::{LaunchDateColumn, Moves, Settings, resolve};
use std::collections::BTreeSet;
use std::sync::Arc;
use support::{export, findings, moves, resolved, resolved_with, shown, with_hash};

fn opportunities(path: &str, day: &str, text: &str) -> TypedRows {
    export(Opportunities, path, day, text)
}

#[test]
fn a_table_with_few_columns_does_not_erase_the_others() {
    let resolved = resolved(vec![
        opportunities(
            "export.csv",
            "2026-01-31",
            "opportunity_id | stage     | title | aws_products
             O1             | Qualified | Old   | AmazonEC2",
        ),
        opportunities(
            "newer.csv",
            "2026-06-30",
            "opportunity_id | stage    | title
             O1             | Launched | New",
        ),
        opportunities(
            "table.csv",
            "2026-08-15",
            "opportunity_id | segment
             O1             | SMB",
        ),
    ]);
    let columns = "opportunity_id | stage | title | aws_products | segment | source_file | source_line | snapshot_date";
    assert_eq!(
        shown(&resolved, Opportunities, columns),
        ["O1 | Launched | New | AmazonEC2 | SMB | newer.csv | 2 | 2026-06-30"]
    );
    assert_eq!(moves(&resolved, "export.csv"), Moves { merged: 1, ..Moves::default() });
    assert_eq!(moves(&resolved, "newer.csv"), Moves::default());
    assert_eq!(moves(&resolved, "table.csv"), Moves { merged: 1, ..Moves::default() });
    let provenance =
        resolved.provenance.iter().map(|row| format!("{} {}:{}", row.column_name, row.source_file, row.source_line));
    assert_eq!(provenance.collect::<Vec<_>>(), ["aws_products export.csv:2", "segment table.csv:2"]);
}

#[test]
fn a_newer_blank_overrides_and_an_empty_list_too() {
    let resolved = resolved(vec![
        opportunities(
            "a",
            "2026-01-31",
            "opportunity_id | stage | title | aws_products\nO1 | Qualified | Old | AmazonEC2",
        ),
        opportunities("b", "2026-02-28", "opportunity_id | stage | title | aws_products\nO1 | Qualified | - | []"),
    ]);
    assert_eq!(shown(&resolved, Opportunities, "title | aws_products"), ["- | []"]);
    assert_eq!(moves(&resolved, "a"), Moves { superseded: 1, ..Moves::default() });
}

#[test]
fn a_blank_that_overrides_the_main_source_is_in_the_provenance() {
    let resolved = resolved(vec![
        opportunities("a", "2026-01-31", "opportunity_id | stage | title\nO1 | Qualified | Old"),
        opportunities("b", "2026-02-28", "opportunity_id | title\nO1 | -"),
        opportunities("c", "2025-01-31", "opportunity_id | segment\nO1 | -"),
    ]);
    assert_eq!(shown(&resolved, Opportunities, "title | source_file"), ["- | a"]);
    assert_eq!(resolved.provenance.len(), 1);
    assert_eq!(moves(&resolved, "b"), Moves { merged: 1, ..Moves::default() });
    assert_eq!(moves(&resolved, "c"), Moves { superseded: 1, ..Moves::default() }, "it had nothing to say");
}

#[test]
fn newest_is_by_snapshot_then_modification_then_hash_then_line() {
    let header = "opportunity_id | stage | title | last_modified";
    for (name, files, winner) in [
        ("snapshot before modification", [("a", "2026-02-28", "2026-01-01"), ("b", "2026-01-31", "2026-06-01")], "a"),
        ("unknown snapshot is oldest", [("a", "2020-01-01", "2020-01-01"), ("b", "-", "2026-06-01")], "a"),
        ("modification", [("a", "-", "2026-03-01"), ("b", "-", "2026-02-01")], "a"),
        ("unknown modification is oldest", [("a", "-", "2020-03-01"), ("b", "-", "-")], "a"),
        ("hash", [("a", "-", "2026-02-01"), ("b", "-", "2026-02-01")], "b"),
    ] {
        let rows = files.map(|(path, day, modified)| {
            opportunities(path, day, &format!("{header}\nO1 | Qualified | {path} | {modified}"))
        });
        assert_eq!(shown(&resolved(rows.into()), Opportunities, "title"), [winner], "{name}");
    }
    let twice = format!("{header}\nO1 | Qualified | first | 2026-01-01\nO1 | Launched | second | 2026-01-01");
    let twice = resolved(vec![opportunities("a", "-", &twice)]);
    assert_eq!(shown(&twice, Opportunities, "title"), ["second"]);
    assert_eq!(moves(&twice, "a"), Moves { superseded: 1, ..Moves::default() });
}

#[test]
fn the_furthest_stage_is_remembered() {
    let resolved = resolved(vec![
        opportunities("a", "2026-01-31", "opportunity_id | stage\nO1 | Committed\nO2 | Closed Lost"),
        opportunities("b", "2026-02-28", "opportunity_id | stage\nO1 | Closed Lost\nO2 | Closed Lost"),
    ]);
    let columns = "opportunity_id | stage | stage_rank | furthest_stage_rank";
    assert_eq!(shown(&resolved, Opportunities, columns), ["O1 | Closed Lost | - | 4", "O2 | Closed Lost | - | -"]);
}

#[test]
fn derived_columns() {
    let text =
        "opportunity_id | stage | review_status | origin | mrr_usd | annual_usd | target_close_date | aws_close_date
        O1 | Launched | Approved | Partner Referral | 100.00 | 1200.12 | 2026-01-15 | 2026-02-01
        O2 | Qualified | None | AWS Referral | - | 500.00 | 2026-01-15 | -
        O3 | Launched | None | Partner Referral | - | - | - | 2026-02-01";
    let columns = "opportunity_id | stage_rank | registered | arr_usd | arr_basis | launch_date";
    let by_target = resolved(vec![opportunities("a", "2026-06-30", text)]);
    assert_eq!(
        shown(&by_target, Opportunities, columns),
        [
            "O1 | 5 | true | 1200.00 | 12×MRR | 2026-01-15",
            "O2 | 1 | true | 500.00 | annual | -",
            "O3 | 5 | - | - | - | -",
        ]
    );
    let settings = Settings { launch_date: LaunchDateColumn::AwsClose, ..Settings::default() };
    let by_aws = resolved_with(vec![opportunities("a", "2026-06-30", text)], &settings);
    assert_eq!(shown(&by_aws, Opportunities, "launch_date"), ["2026-02-01", "-", "2026-02-01"]);
}

#[test]
fn suspicious_rows() {
    // The newest snapshot, 2026-06-30, counts as today.
    for (name, row, code) in [
        ("a cent a month", "Qualified | - | 100.00 | 1200.12 | 2026-07-01 | -", ""),
        ("more than a cent a month", "Qualified | - | 100.00 | 1200.13 | 2026-07-01 | -", "annual_mismatch"),
        ("zero", "Qualified | - | 0.00 | - | 2026-07-01 | -", "zero_amount"),
        ("open and late", "Qualified | - | 1.00 | - | 2026-06-29 | -", "open_past_target"),
        ("open and due", "Qualified | - | 1.00 | - | 2026-06-30 | -", ""),
        ("lost and late", "Closed Lost | - | 1.00 | - | 2026-01-01 | -", ""),
        ("launched tomorrow", "Launched | - | 1.00 | - | 2026-07-01 | 111122223333", "launched_in_future"),
        ("launched five years ago", "Launched | - | 1.00 | - | 2021-06-30 | 111122223333", ""),
        ("launched earlier", "Launched | - | 1.00 | - | 2021-06-29 | 111122223333", "launched_long_ago"),
        ("no account", "Launched | - | 1.00 | - | 2026-01-01 | -", "launched_without_account"),
        ("aws lost it", "Launched | Closed Lost | 1.00 | - | 2026-01-01 | 111122223333", "stage_disagrees"),
        ("aws has it open", "Closed Lost | Qualified | 1.00 | - | - | -", "stage_disagrees"),
        ("aws launched it", "Committed | Launched | 1.00 | - | - | -", "stage_disagrees"),
        ("both open", "Committed | Engaged | 1.00 | - | - | -", ""),
    ] {
        let header =
            "opportunity_id | stage | aws_stage | mrr_usd | annual_usd | target_close_date | customer_aws_account_id";
        let resolved = resolved(vec![opportunities("a", "2026-06-30", &format!("{header}\nO1 | {row}"))]);
        let expected: Vec<_> =
            [code].into_iter().filter(|code| !code.is_empty()).map(|code| format!("O1: {code}")).collect();
        assert_eq!(findings(&resolved), expected, "{name}");
        assert_eq!(shown(&resolved, Opportunities, "findings"), [if code.is_empty() { "[]" } else { code }], "{name}");
    }
}

#[test]
fn without_a_snapshot_date_the_newest_modification_counts_as_today() {
    let text = "opportunity_id | stage | target_close_date | last_modified
        O1 | Launched | 2026-03-02 | -
        O2 | Qualified | 2026-04-01 | 2026-03-01";
    assert_eq!(findings(&resolved(vec![opportunities("a", "-", text)])), ["O1: launched_in_future"]);
}

#[test]
fn an_export_without_the_column_says_nothing_about_the_account() {
    let resolved = resolved(vec![opportunities("a", "-", "opportunity_id | stage\nO1 | Launched")]);
    assert_eq!(findings(&resolved), [""; 0]);
}

#[test]
fn two_ids_for_one_deal() {
    let text = "opportunity_id | customer_name | title | mrr_usd | target_close_date
        O1 | Acme | Data Lake | 10.00 | 2026-01-01
        O2 | ACME | data-lake | 10.00 | 2026-01-01
        O3 | ACME | data-lake | 10.01 | 2026-01-01
        O4 | ACME | data-lake | 10.00 | -";
    let resolved = resolved(vec![opportunities("a", "-", text)]);
    assert_eq!(findings(&resolved), ["O1: duplicate_opportunity", "O2: duplicate_opportunity"]);
    assert_eq!(resolved.findings[0].detail, "same customer, title, amount and target date as O2");
}

#[test]
fn gone_from_a_newer_export_of_the_same_kind() {
    let january = "opportunity_id | stage\nO1 | Qualified\nO2 | Qualified";
    let june = "opportunity_id | stage\nO2 | Qualified";
    let kept = resolved(vec![opportunities("a", "2026-01-31", january), opportunities("b", "2026-06-30", june)]);
    assert_eq!(findings(&kept), ["O1: gone_from_export"]);
    assert_eq!(shown(&kept, Opportunities, "opportunity_id | findings"), ["O1 | gone_from_export", "O2 | []"]);
    let undated = resolved(vec![opportunities("a", "-", january), opportunities("b", "2026-06-30", june)]);
    assert_eq!(findings(&undated), [": undated_export"], "it may be the newer one");
    let halves = resolved(vec![opportunities("a", "2026-06-30", january), opportunities("b", "2026-06-30", june)]);
    assert_eq!(findings(&halves), [""; 0], "two parts of one export");
}

#[test]
fn findings_of_reading_reach_the_row_their_value_went_into() {
    let rows = vec![
        opportunities("a", "2026-01-31", "opportunity_id | mrr_usd\nO1 | 10.00\nO2 | 10.00"),
        opportunities("b", "2026-06-30", "opportunity_id | stage\nO1 | Qualified\nO2 | Qualified"),
    ];
    let finding = |file: &str, line, code| Finding {
        partner_id: "self".to_owned(),
        table: Opportunities,
        position: Position { file: file.to_owned(), line, ..Position::default() },
        row_id: String::new(),
        column: None,
        code,
        detail: String::new(),
    };
    let earlier = [
        finding("a", 2, FindingCode::AmountTruncated),
        finding("b", 2, FindingCode::UnknownValue),
        finding("b", 0, FindingCode::UnmappedColumn),
    ];
    let resolved =
        resolve(&BTreeSet::from([Opportunities]), rows, &earlier.each_ref().map(Finding::at), &Settings::default());
    // Both exports count as the same kind, yet each id is in the newest of them.
    let columns = "opportunity_id | findings";
    assert_eq!(shown(&resolved, Opportunities, columns), ["O1 | amount_truncated; unknown_value", "O2 | []"]);
    assert_eq!(resolved.findings, []);
}

#[test]
fn a_row_without_partner_or_id_is_rejected() {
    let rows = opportunities("a", "-", "opportunity_id | stage\n- | Launched\nO1 | Launched");
    let resolved = resolved(vec![rows]);
    assert_eq!(moves(&resolved, "a"), Moves { rejected: 1, ..Moves::default() });
    assert_eq!(resolved.rejects[0].to_owned().reason.code(), "missing_id");
    assert_eq!(shown(&resolved, Opportunities, "opportunity_id"), ["O1"]);
}

#[test]
fn partners_do_not_mix_and_rows_are_sorted() {
    let text = "partner_id | opportunity_id | stage
        P2 | O1 | Launched
        P1 | O2 | Launched
        P1 | O10 | Launched
        P1 | O1 | Qualified";
    let resolved = resolved(vec![with_hash(opportunities("a", "-", text), "0")]);
    assert_eq!(resolved.bucket.partners, ["P1", "P2"]);
    let columns = "partner_id | opportunity_id | stage";
    assert_eq!(
        shown(&resolved, Opportunities, columns),
        ["P1 | O1 | Qualified", "P1 | O10 | Launched", "P1 | O2 | Launched", "P2 | O1 | Launched"]
    );
}

#[test]
fn a_given_table_without_rows_is_empty_and_an_absent_one_is_not_there() {
    let resolved = resolve(&BTreeSet::from([Opportunities]), Vec::new(), &[], &Settings::default());
    let batch = &resolved.bucket.tables[&Opportunities];
    assert_eq!(batch.schema(), Opportunities.schema().arrow_schema());
    assert_eq!((batch.num_rows(), resolved.bucket.tables.len()), (0, 1));
}

/// `row: code` of the findings with this code, and their details.
fn told(resolved: &aceq_resolve::Resolved, code: FindingCode) -> Vec<String> {
    let told = resolved.findings.iter().filter(|finding| finding.code == code);
    told.map(|finding| format!("{}: {}", finding.row_id, finding.detail)).collect()
}

#[test]
fn an_amount_far_above_the_others_may_be_annual() {
    // Twelve amounts from 500.00 to 1050.00: the median is 800.00, six times that is 4800.00.
    let rows = |last: &str| {
        let row = |n: u32| format!("O{n:02} | Customer {n} | {}.00 | -", 450 + 50 * n);
        let rows: Vec<_> = (1..=12).map(row).chain([format!("O13 | Customer 13 | {last} | -")]).collect();
        format!("opportunity_id | customer_name | mrr_usd | annual_usd\n{}", rows.join("\n"))
    };
    let far = resolved(vec![opportunities("a", "-", &rows("4800.01"))]);
    assert_eq!(
        told(&far, FindingCode::MaybeAnnual),
        ["O13: mrr_usd 4800.01 lies far above the median of this partner's 13 amounts, 800.00"]
    );
    let near = resolved(vec![opportunities("a", "-", &rows("4800.00"))]);
    assert_eq!(told(&near, FindingCode::MaybeAnnual), [""; 0]);
    let settings = Settings { maybe_annual_rows: 14, ..Settings::default() };
    let few = resolved_with(vec![opportunities("a", "-", &rows("4800.01"))], &settings);
    assert_eq!(told(&few, FindingCode::MaybeAnnual), [""; 0], "too few amounts to say what is usual");
}

#[test]
fn an_amount_that_is_a_year_of_another_may_be_annual() {
    let january = opportunities("a", "2026-01-31", "opportunity_id | mrr_usd\nO1 | 100.00\nO2 | 100.00");
    let text = "opportunity_id | customer_name | mrr_usd | annual_usd
        O1 | Alfa | 1200.00 | -
        O2 | Beta | 1201.00 | -
        O3 | Gamma | 5000.00 | 5000.00
        O4 | Delta | 90.00 | -
        O5 | Delta | 2160.00 | -
        O6 | Delta | 7.50 | -
        O7 | Other | 2160.00 | -";
    let both = resolved(vec![january, opportunities("b", "2026-06-30", text)]);
    assert_eq!(
        told(&both, FindingCode::MaybeAnnual),
        [
            "O1: mrr_usd 1200.00 is 12 times the 100.00 of the snapshot of 2026-01-31",
            "O3: mrr_usd 5000.00 is the annual figure too",
            "O5: mrr_usd 2160.00 is 24 times the 90.00 of O4, of the same customer",
        ],
        "O4 is 12 times O6, but below the median; O7 is another customer's"
    );
}

#[test]
fn an_account_id_that_is_none_joins_nobody_and_is_missing() {
    let text = "opportunity_id | customer_name | stage | customer_aws_account_id
        O1 | Acme | Launched | 999999999999
        O2 | Beta | Launched | 999999999999
        O3 | Gamma | Launched | n/a
        O4 | Delta | Launched | 12345678901
        O5 | Epsilon | Launched | 12345678901";
    let resolved = resolved(vec![opportunities("a", "-", text)]);
    assert_eq!(
        findings(&resolved),
        [
            "O1: launched_without_account",
            "O1: placeholder_account",
            "O2: launched_without_account",
            "O2: placeholder_account",
            "O3: launched_without_account",
            "O3: placeholder_account",
            "O4: account_lost_zeros",
            "O5: account_lost_zeros",
        ]
    );
    assert_eq!(shown(&resolved, Opportunities, "customer_key"), ["acme", "beta", "gamma", "delta", "epsilon"]);
}

#[test]
fn a_leads_status_is_no_stage() {
    let text = "opportunity_id | stage\nO1 | Contacted\nO2 | Disqualified\nO3 | Qualified\nO4 | Won";
    let resolved = resolved(vec![opportunities("a", "-", text)]);
    assert_eq!(findings(&resolved), ["O1: lead_among_opportunities", "O2: lead_among_opportunities"]);
}

#[test]
fn rows_of_one_file_that_contradict_each_other() {
    let twice = "opportunity_id | stage | title
        O1 | Qualified | Lake
        O1 | Launched | Lake
        O2 | Launched | Lake
        O2 | Launched | Lake";
    let resolved_twice = resolved(vec![opportunities("a", "-", twice)]);
    assert_eq!(told(&resolved_twice, FindingCode::ContradictingRows), ["O1: lines 2 and 3 of a differ in stage"]);
    assert_eq!(shown(&resolved_twice, Opportunities, "findings"), ["contradicting_rows", "[]"]);
    let two_files = resolved(vec![
        opportunities("a", "2026-01-31", "opportunity_id | stage\nO1 | Qualified"),
        opportunities("b", "2026-02-28", "opportunity_id | stage\nO1 | Launched"),
    ]);
    assert_eq!(findings(&two_files), [""; 0], "two snapshots may differ");
}

#[test]
fn exports_of_two_kinds_and_one_age_that_differ_are_told() {
    let of_kind = |path: &str, mapping: &str, stage: &str| {
        let rows = opportunities(path, "2026-01-31", &format!("opportunity_id | stage | title\nO1 | {stage} | {path}"));
        let file = FileRecord { mapping: mapping.to_owned(), ..rows.file.as_ref().clone() };
        TypedRows { file: Arc::new(file), batch: rows.batch }
    };
    let both = resolved(vec![of_kind("a", "partner-central", "Qualified"), of_kind("b", "selling-api", "Launched")]);
    assert_eq!(told(&both, FindingCode::ContradictingRows), ["O1: a:2 and b:2 differ in stage"]);
    let alike = resolved(vec![of_kind("a", "partner-central", "Launched"), of_kind("b", "selling-api", "Launched")]);
    assert_eq!(told(&alike, FindingCode::ContradictingRows), [""; 0], "titles are worded differently");
}

#[test]
fn an_export_without_a_day_beside_another() {
    let rows = "opportunity_id | stage\nO1 | Qualified";
    let more = "opportunity_id | stage\nO1 | Launched\nO2 | Qualified";
    // One of another kind competes as well.
    let mut other = opportunities("in/a.csv", "-", rows);
    Arc::make_mut(&mut other.file).mapping = "selling-api".to_owned();
    let both = resolved(vec![other, opportunities("b.csv", "2026-01-31", more)]);
    let expected = "1 other file or sheet holds rows of the same opportunities of this partner; state the day in aceq.toml: \
                    [snapshots] \"in/a.csv\" = YYYY-MM-DD";
    assert_eq!(told(&both, FindingCode::UndatedExport), [format!(": {expected}")]);
    assert_eq!(shown(&both, Opportunities, "stage | findings"), ["Launched | undated_export", "Qualified | []"]);
    let apart = "opportunity_id | stage\nO2 | Qualified";
    let apart = resolved(vec![opportunities("a.csv", "-", rows), opportunities("b.csv", "2026-01-31", apart)]);
    assert_eq!(findings(&apart), [""; 0], "they say nothing about each other");
    let table = "opportunity_id | title\nO1 | Lake";
    let table = resolved(vec![opportunities("a.csv", "-", table), opportunities("b.csv", "2026-01-31", rows)]);
    assert_eq!(findings(&table), [""; 0], "a table with a few columns does not compete");
    let alone = resolved(vec![opportunities("a.csv", "-", rows)]);
    assert_eq!(findings(&alone), [""; 0]);
    let partners = ["partner_id | opportunity_id\nP1 | O1", "partner_id | opportunity_id\nP2 | O1"];
    let partners = resolved(vec![opportunities("a.csv", "-", partners[0]), opportunities("b.csv", "-", partners[1])]);
    assert_eq!(findings(&partners), [""; 0], "each partner has one export");
}

#[test]
fn who_moved_when_and_since_which_snapshot_it_is_known() {
    let resolved = resolved(vec![
        opportunities("undated.csv", "-", "opportunity_id | stage\nO1 | Prospect"),
        opportunities("a.csv", "2026-01-31", "opportunity_id | stage | review_status\nO1 | Qualified | Approved"),
        opportunities("b.csv", "2026-02-28", "opportunity_id | stage\nO1 | Qualified\nO2 | Launched"),
        opportunities("t.csv", "2026-03-15", "opportunity_id | aws_stage\nO1 | Engaged"),
        opportunities("c.csv", "2026-03-31", "opportunity_id | stage\nO1 | Committed\nO2 | -"),
    ]);
    let columns = "opportunity_id | step | stage | aws_stage | review_status | known_from | last_seen | snapshot_source \
                   | source_file | source_line";
    let history = resolved.stage_history.as_ref().expect("opportunities were given");
    assert_eq!(
        support::rows_of(history, columns),
        [
            "O1 | 1 | Prospect | - | - | - | - | unknown | undated.csv | 2",
            "O1 | 2 | Qualified | - | Approved | 2026-01-31 | 2026-02-28 | stated | a.csv | 2",
            "O1 | 3 | Qualified | Engaged | Approved | 2026-03-15 | 2026-03-15 | stated | t.csv | 2",
            "O1 | 4 | Committed | Engaged | Approved | 2026-03-31 | 2026-03-31 | stated | c.csv | 2",
            "O2 | 1 | Launched | - | - | 2026-02-28 | 2026-03-31 | stated | b.csv | 3",
        ],
        "an unknown stage in March does not end Launched"
    );
}

#[test]
fn what_several_files_say_of_one_day_is_one_state() {
    let history = |rows: Vec<TypedRows>| {
        let resolved = resolved(rows);
        let history = resolved.stage_history.as_ref().expect("opportunities were given");
        support::rows_of(history, "step | stage | aws_stage | known_from | last_seen | source_file")
    };
    let aws = || opportunities("a_aws.csv", "2026-06-15", "opportunity_id | aws_stage\nO1 | Launched");
    let old = || opportunities("b.csv", "2026-01-31", "opportunity_id | stage\nO1 | Prospect");
    let new =
        |stage: &str, name: &str| opportunities(name, "2026-06-15", &format!("opportunity_id | stage\nO1 | {stage}"));
    assert_eq!(
        history(vec![aws(), old(), new("Qualified", "c.csv")]),
        [
            "1 | Prospect | - | 2026-01-31 | 2026-01-31 | b.csv",
            "2 | Qualified | Launched | 2026-06-15 | 2026-06-15 | c.csv",
        ]
    );
    // Files of one day that contradict each other are told one after the other.
    let contradicting = history(vec![new("Qualified", "c.csv"), new("Launched", "d.csv")]);
    assert_eq!(contradicting.len(), 2, "{contradicting:?}");
}

#[test]
fn a_target_date_that_is_put_off_is_a_change_of_its_own() {
    let resolved = resolved(vec![
        // Neither a file without the column nor a cell without a date says that the target is gone.
        opportunities("e.csv", "2026-05-31", "opportunity_id | stage | target_close_date\nO1 | Launched | 2026-05-20"),
        opportunities("c.csv", "2026-03-31", "opportunity_id | stage | target_close_date\nO1 | Qualified | 2026-06-30"),
        opportunities("a.csv", "2026-01-31", "opportunity_id | stage | target_close_date\nO1 | Qualified | 2026-02-28"),
        opportunities("d.csv", "2026-04-30", "opportunity_id | stage | target_close_date\nO1 | Qualified | -"),
        opportunities("b.csv", "2026-02-28", "opportunity_id | stage | target_close_date\nO1 | Qualified | 2026-04-30"),
        opportunities("t.csv", "2026-03-15", "opportunity_id | aws_stage\nO1 | -"),
    ]);
    let history = resolved.stage_history.as_ref().expect("opportunities were given");
    let columns = "step | stage | target_close_date | known_from | last_seen | source_file";
    assert_eq!(
        support::rows_of(history, columns),
        [
            "1 | Qualified | 2026-02-28 | 2026-01-31 | 2026-01-31 | a.csv",
            "2 | Qualified | 2026-04-30 | 2026-02-28 | 2026-03-15 | b.csv",
            "3 | Qualified | 2026-06-30 | 2026-03-31 | 2026-04-30 | c.csv",
            "4 | Launched | 2026-05-20 | 2026-05-31 | 2026-05-31 | e.csv",
        ]
    );
}
