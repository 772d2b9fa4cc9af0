//! Evidence and near misses, as a reviewer gets them.

use super::{evidence, near_misses};
use crate::Format;
use crate::sample::date;
use aceq_model::{EvidenceRow, NearMissRow};

fn proof(row_id: &str, label: &str) -> EvidenceRow {
    EvidenceRow {
        partner_id: "self".into(),
        program: "smb".into(),
        version: "2025-08".into(),
        requirement_id: "4.2".into(),
        reading: "adopted".into(),
        member: None,
        as_of: date("2026-11-20"),
        unit: format!("customer of {row_id}"),
        table: "opportunities".into(),
        row_id: row_id.into(),
        label: label.into(),
        counts_from: Some(date("2026-01-31")),
        counts_until: Some(date("2028-01-31")),
        arr_usd: Some(600_000),
        findings: "zero_amount".into(),
        source_file: "exports/2026-11/opportunities.csv".into(),
        source_sheet: String::new(),
        source_line: 12,
    }
}

fn near_miss() -> NearMissRow {
    NearMissRow {
        partner_id: "self".into(),
        program: "smb".into(),
        version: "2025-08".into(),
        requirement_id: "4.2".into(),
        reading: "no-window".into(),
        as_of: date("2026-11-20"),
        unit: "c3".into(),
        table: "opportunities".into(),
        row_id: "O3".into(),
        label: "Example GmbH".into(),
        condition: "arr_usd > 1000".into(),
        actual: "arr_usd = 900.00".into(),
        cure: "arr_usd above 1000".into(),
        source_file: "a.xlsx".into(),
        source_sheet: "Export".into(),
        source_line: 3,
    }
}

#[test]
fn evidence_is_a_list_a_person_can_read() {
    let rows = [proof("O2", "Example Ltd"), proof("O1", "=An Example With A Rather Long Name, Incorporated")];
    let expected = "\
self · smb 4.2 on 2026-11-20: 2 rows count
row  what             ARR (USD)  counts until  findings     source
O1   =An Example Wi…    6000.00  2028-01-31    zero_amount  …pportunities.csv:12
O2   Example Ltd        6000.00  2028-01-31    zero_amount  …pportunities.csv:12
";
    assert_eq!(evidence(&rows, Format::Table, 80), expected);
    assert_eq!(evidence(&[], Format::Table, 80), "no row counts\n");
}

#[test]
fn evidence_for_a_spreadsheet_has_every_column_and_no_formula() {
    let expected = "partner_id,program,version,requirement_id,reading,as_of,member,unit,table,row_id,label,counts_from,\
                    counts_until,arr_usd,findings,source_file,source_sheet,source_line\r\n\
                    self,smb,2025-08,4.2,adopted,2026-11-20,,customer of O1,opportunities,O1,'=1+1,2026-01-31,\
                    2028-01-31,6000.00,zero_amount,exports/2026-11/opportunities.csv,,12\r\n";
    assert_eq!(evidence(&[proof("O1", "=1+1")], Format::Csv, 80), expected);
}

#[test]
fn evidence_as_json_keeps_money_exact() {
    let json = evidence(&[proof("O1", "Example Ltd")], Format::Json, 80);
    assert!(json.contains(r#""arr_usd":"6000.00","findings":"zero_amount""#), "{json}");
}

#[test]
fn a_near_miss_says_why_and_what_would_help() {
    let expected = "\
self · smb 4.2, reading no-window on 2026-11-20: 1 row almost counts
O3  Example GmbH  (a.xlsx[Export]:3)
  arr_usd > 1000: arr_usd = 900.00; needs arr_usd above 1000
";
    assert_eq!(near_misses(&[near_miss()], Format::Table, 80), expected);
    assert!(near_misses(&[near_miss()], Format::Markdown, 80).contains("| arr\\_usd \\> 1000 |"));
}
