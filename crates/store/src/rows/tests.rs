//! Result rows become sorted batches of their tables.

use super::{
    evidence_batch, findings_batch, ledger_batch, near_misses_batch, rejects_batch, status_batch, timelines_batch,
};
use aceq_model::{
    EvidenceRow, Finding, FindingCode, LedgerEntry, NearMissRow, Position, Reject, RejectReason, Status, StatusRow,
    TableId, TimelineRow,
};
use arrow::array::{Array, AsArray, RecordBatch};
use arrow::datatypes::{Date32Type, Decimal128Type, Int64Type};
use chrono::NaiveDate;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn texts<'a>(batch: &'a RecordBatch, column: &str) -> Vec<Option<&'a str>> {
    batch.column_by_name(column).expect("a column").as_string::<i32>().iter().collect()
}

fn status(partner: &str, member: Option<&str>) -> StatusRow {
    StatusRow {
        partner_id: partner.to_owned(),
        program: "smb".to_owned(),
        version: "2025-08".to_owned(),
        requirement_id: "4.2".to_owned(),
        reading: "adopted".to_owned(),
        as_of: date("2026-11-20"),
        status: Status::Unknown,
        confirmed: 4800,
        possible: None,
        required: 5000,
        shortfall: 200,
        member: member.map(str::to_owned),
        met_from: Some(date("1970-01-03")),
        met_until: None,
        margin_days: Some(-1),
        counted_with_findings: None,
        is_sum: false,
    }
}

#[test]
fn statuses_are_sorted_with_the_own_row_before_its_members() {
    let batch = status_batch(
        &[status("P2", None), status("P1", Some("b")), status("P1", None), status("P1", Some("a"))],
        "run",
    );
    assert_eq!(texts(&batch, "partner_id"), [Some("P1"), Some("P1"), Some("P1"), Some("P2")]);
    assert_eq!(texts(&batch, "member"), [None, Some("a"), Some("b"), None]);
    assert_eq!(texts(&batch, "status")[0], Some("unknown"));
    assert_eq!(batch.column_by_name("confirmed").expect("there").as_primitive::<Decimal128Type>().value(0), 4800);
    assert!(batch.column_by_name("possible").expect("there").is_null(0));
    assert_eq!(batch.column_by_name("met_from").expect("there").as_primitive::<Date32Type>().value(0), 2);
    assert_eq!(batch.column_by_name("margin_days").expect("there").as_primitive::<Int64Type>().value(0), -1);
}

#[test]
fn every_other_row_finds_its_column() {
    let timeline = TimelineRow {
        partner_id: "P".into(),
        program: "smb".into(),
        version: "1".into(),
        requirement_id: "*".into(),
        reading: "adopted".into(),
        member: None,
        from: aceq_model::OPEN_START,
        until: aceq_model::OPEN_END,
        status: Status::Met,
        confirmed: 100,
        possible: Some(100),
        required: 100,
        is_sum: false,
    };
    assert_eq!(texts(&timelines_batch(&[timeline], "run"), "status"), [Some("met")]);
    let evidence = EvidenceRow {
        partner_id: "P".into(),
        program: "smb".into(),
        version: "1".into(),
        requirement_id: "4.2".into(),
        reading: "adopted".into(),
        member: None,
        as_of: date("2026-11-20"),
        unit: "c1".into(),
        table: "opportunities".into(),
        row_id: "O1".into(),
        label: "Example Ltd".into(),
        counts_from: None,
        counts_until: None,
        arr_usd: Some(600_000),
        findings: String::new(),
        source_file: "a.csv".into(),
        source_sheet: String::new(),
        source_line: 7,
    };
    assert_eq!(texts(&evidence_batch(&[evidence], "run"), "label"), [Some("Example Ltd")]);
    let near_miss = NearMissRow {
        partner_id: "P".into(),
        program: "smb".into(),
        version: "1".into(),
        requirement_id: "4.2".into(),
        reading: "adopted".into(),
        as_of: date("2026-11-20"),
        unit: "c1".into(),
        table: "opportunities".into(),
        row_id: "O1".into(),
        label: "Example Ltd".into(),
        condition: "arr_usd > 1000".into(),
        actual: "arr_usd = 900.00".into(),
        cure: "more than 1000".into(),
        source_file: "a.csv".into(),
        source_sheet: String::new(),
        source_line: 7,
    };
    assert_eq!(texts(&near_misses_batch(&[near_miss], "run"), "cure"), [Some("more than 1000")]);
}

#[test]
fn quality_rows_are_sorted_by_place() {
    let at = |line| Position { file: "a.csv".into(), sheet: String::new(), line, byte: None };
    let reject =
        |line| Reject { position: at(line), column: None, raw: format!("raw {line}"), reason: RejectReason::MissingId };
    assert_eq!(texts(&rejects_batch(&[reject(9), reject(2)]), "raw"), [Some("raw 2"), Some("raw 9")]);
    let finding = |partner: &str| Finding {
        partner_id: partner.into(),
        table: TableId::Customers,
        position: at(1),
        row_id: String::new(),
        column: None,
        code: FindingCode::ZeroAmount,
        detail: String::new(),
    };
    assert_eq!(texts(&findings_batch(&[finding("b"), finding("a")]), "partner_id"), [Some("a"), Some("b")]);
    let entry = |file: &str| LedgerEntry { file: file.into(), decoded: 1, accepted: 1, ..LedgerEntry::default() };
    let ledger = ledger_batch(&[(TableId::Partners, entry("b")), (TableId::Customers, entry("a"))]);
    assert_eq!(texts(&ledger, "table"), [Some("customers"), Some("partners")]);
}
