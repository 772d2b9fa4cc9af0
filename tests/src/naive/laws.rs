//! The law behind three-valued counting: whatever the unknown cells turn out to be, the answer given before holds.
//! COALESCE is left out: it answers with a substitute on purpose.

use super::{NaiveRow, evaluate};
use crate::literal::bucket;
use chrono::NaiveDate;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_assert, proptest};

const CHECKLIST: &str = r#"
checklist = { program = "smb", version = "1" }
condition = [
    { id = "architect", table = "personnel", where = "role = 'Solutions Architect'" },
    { id = "new", table = "personnel", where = "allocation_pct > 90", window = { column = "start_date", months = 1 } },
]
requirement = [
    { id = "rows", kind = "count", table = "personnel", count = "rows", at_least = 2, where = "allocation_pct > 50 AND role <> 'Sales'" },
    { id = "people", kind = "count", table = "personnel", count = "distinct person_key", at_least = 2, where = "allocation_pct > 50 OR role = 'Sales'",
      of_which = [ { id = "seller", where = "role = 'Sales'", at_least = 1 } ], waived_when = ["new"] },
    { id = "each", kind = "count", table = "personnel", count = "distinct person_key", window = { column = "start_date", months = 1 },
      each = { column = "role", values = ["Sales", "Solutions Architect"], at_least = 1 }, applies_when = ["architect"] },
    { id = "sum", kind = "count", table = "personnel", count = "sum allocation_pct", at_least = "120.00" },
    { id = "both", kind = "all_of", of = ["rows", "people"] },
    { id = "some", kind = "at_least_of", at_least = 2, of = ["people", "each", "sum"] },
    { id = "answer", kind = "attested" },
    { id = "base", kind = "count", table = "case_studies", count = "distinct case_study_id", where = "status = 'Production'", at_least = 2,
      window = { column = "deployed_date", months = 1 } },
    { id = "cases", kind = "attested", per = "case_study", base = "base", at_least = 2, case_satisfied_when = "wafr_high_risk_issues = 0" },
]
"#;

/// A cell that is known, or will be.
#[derive(Clone, Debug)]
struct Cell {
    column: &'static str,
    text: String,
    known: bool,
}

/// Whether the cells that are not known yet are left out or filled in.
#[derive(Clone, Copy, PartialEq)]
enum Knowledge {
    Partial,
    Complete,
}

fn cell(column: &'static str, values: impl Strategy<Value = String>) -> impl Strategy<Value = Cell> {
    (values, any::<u8>()).prop_map(move |(text, dice)| Cell { column, text, known: dice % 4 != 0 })
}

fn date(column: &'static str) -> impl Strategy<Value = Cell> {
    cell(column, (5..9, 1..29).prop_map(|(month, day)| format!("2026-{month:02}-{day:02}")))
}

fn one_of(column: &'static str, values: &'static [&'static str]) -> impl Strategy<Value = Cell> {
    cell(column, (0..values.len()).prop_map(|index| values[index].to_owned()))
}

fn person() -> impl Strategy<Value = Vec<Cell>> {
    let role = one_of("role", &["'Sales'", "'Solutions Architect'", "'Other'"]);
    let share = one_of("allocation_pct", &["0", "50", "60", "100"]);
    let who = one_of("person_key", &["'ana'", "'bo'", "'cy'"]);
    (who, role, share, date("start_date"), date("end_date")).prop_map(|(a, b, c, d, e)| vec![a, b, c, d, e])
}

fn case_study() -> impl Strategy<Value = Vec<Cell>> {
    let status = one_of("status", &["'Production'", "'Pilot'"]);
    let issues = one_of("wafr_high_risk_issues", &["0", "1"]);
    (case_id(), status, issues, date("deployed_date")).prop_map(|(a, b, c, d)| vec![a, b, c, d])
}

fn answer() -> impl Strategy<Value = Vec<Cell>> {
    let requirement = one_of("requirement_id", &["'answer'", "'cases'"]).prop_map(known);
    let met = one_of("met", &["true", "false"]);
    (requirement, case_id(), met, date("answer_date")).prop_map(|(a, b, c, d)| vec![a, b, c, d])
}

/// What an answer is about is always known: it is part of the key.
fn case_id() -> impl Strategy<Value = Cell> {
    one_of("case_study_id", &["'C1'", "'C2'", "'*'"]).prop_map(known)
}

fn known(cell: Cell) -> Cell {
    Cell { known: true, ..cell }
}

fn written(table: &str, rows: &[Vec<Cell>], knowledge: Knowledge) -> String {
    let cells = |row: &Vec<Cell>| {
        let told = row.iter().filter(|cell| cell.known || knowledge == Knowledge::Complete);
        told.map(|cell| format!(", {} = {}", cell.column, cell.text)).collect::<String>()
    };
    let program = if table == "attestations" { ", program = 'smb'" } else { "" };
    let rows: Vec<String> =
        rows.iter().map(|row| format!("{{ partner_id = 'self'{program}{} }}", cells(row))).collect();
    format!("{table} = [{}]\n", rows.join(","))
}

fn answers(tables: &[(&str, &[Vec<Cell>])], knowledge: Knowledge, as_of: NaiveDate) -> Vec<NaiveRow> {
    let text: String = tables.iter().map(|(table, rows)| written(table, rows, knowledge)).collect();
    evaluate(CHECKLIST, &bucket(&text), as_of)
}

/// What is satisfied stays so, what is not stays so, and counts move only within their bounds. (The number of
/// answered case studies may lose its bound again: an undated answer may turn out to be one of the future.)
fn holds(before: &NaiveRow, after: &NaiveRow) -> bool {
    let contradicts = |told: bool| after.status.satisfied() == Some(!told);
    let within = before.possible.is_none_or(|most| after.possible.is_some_and(|possible| possible <= most));
    before.confirmed <= after.confirmed
        && (within || before.requirement_id == "cases" || before.requirement_id == "*")
        && !before.status.satisfied().is_some_and(contradicts)
}

proptest! {
    #[test]
    fn what_is_learnt_later_never_contradicts_what_was_said(
        people in vec(person(), 0..5),
        cases in vec(case_study(), 0..4),
        attested in vec(answer(), 0..5),
        day in 1u32..29,
    ) {
        let as_of = NaiveDate::from_ymd_opt(2026, 7, day).expect("July has 31 days");
        let tables: [(&str, &[Vec<Cell>]); 3] =
            [("personnel", &people), ("case_studies", &cases), ("attestations", &attested)];
        let before = answers(&tables, Knowledge::Partial, as_of);
        let after = answers(&tables, Knowledge::Complete, as_of);
        prop_assert!(before.len() == after.len());
        for (before, after) in before.iter().zip(&after) {
            prop_assert!(holds(before, after), "{before:#?}\nbecame {after:#?}");
            prop_assert!(before.possible.is_none_or(|possible| before.confirmed <= possible));
        }
    }
}
