//! Summaries of what became of the input.

use super::{findings_summary, ledger_summary, rejects_summary};
use aceq_model::{FindingCode, LedgerEntry, Position, RejectReason, TableId, Tally};

fn at(line: u64) -> Position {
    Position { file: "exports/opportunities.csv".into(), sheet: String::new(), line, byte: None }
}

#[test]
fn the_ledger_adds_up() {
    let entry = |file: &str, accepted, rejected| LedgerEntry {
        file: file.into(),
        decoded: accepted + rejected + 1,
        accepted,
        rejected,
        not_data: 1,
        ..LedgerEntry::default()
    };
    let sheet = LedgerEntry { sheet: "Roster".into(), ..entry("people.xlsx", 9, 0) };
    let text = ledger_summary(
        &[(TableId::Certifications, sheet), (TableId::Opportunities, entry("exports/opportunities.csv", 1200, 34))],
        80,
    );
    let expected = "\
file                   decoded  accepted  merged  superseded  rejected  not data
…ts/opportunities.csv     1235      1200       0           0        34         1
people.xlsx[Roster]         10         9       0           0         0         1
total                     1245      1209       0           0        34         2
";
    assert_eq!(text, expected);
}

#[test]
fn a_ledger_that_does_not_balance_says_so() {
    let entry = LedgerEntry { file: "a.csv".into(), decoded: 3, accepted: 2, ..LedgerEntry::default() };
    let text = ledger_summary(&[(TableId::Customers, entry)], 80);
    assert!(text.ends_with("a.csv does not balance: this is a bug in aceq\n"), "{text}");
}

#[test]
fn frequent_kinds_come_first() {
    let tally = |kind, count, line| Tally { kind, count, first: at(line) };
    let tallies = [tally(FindingCode::ZeroAmount, 1, 9), tally(FindingCode::UnknownValue, 2, 3)];
    let expected = "\
count  finding        first at
    2  unknown_value  exports/opportunities.csv:3
    1  zero_amount    exports/opportunities.csv:9
";
    assert_eq!(findings_summary(&tallies, 80), expected);
    assert_eq!(findings_summary(&[], 80), "no findings\n");
}

#[test]
fn rejects_are_counted_by_reason() {
    let text = rejects_summary(&[Tally { kind: RejectReason::BadDate, count: 2, first: at(2) }], 80);
    assert!(text.contains("    2  bad_date"), "{text}");
    assert_eq!(rejects_summary(&[], 80), "no rejects\n");
}
