//! Answers on 2026-06-30, per partner and per case study.

use crate::literal::bucket;
use crate::naive::evaluate;
use aceq_model::Status;
use aceq_model::Status::{Met, NotMet, Unknown};

const CHECKLIST: &str = r#"
checklist = { program = "smb", version = "1" }
[[requirement]]
id = "2.1"
kind = "count"
table = "case_studies"
count = "distinct case_study_id"
where = "has_any(programs, :program) AND status = 'Production'"
window = { column = "deployed_date", months = 18 }
at_least = 2
[[requirement]]
id = "POV-001"
kind = "attested"
[[requirement]]
id = "CSN-001"
kind = "attested"
per = "case_study"
base = "2.1"
at_least = 2
case_satisfied_when = "wafr_high_risk_issues = 0"
[[requirement]]
id = "PEO-002.review"
kind = "attested"
answers_of = "PEO-002"
part = true
"#;

fn answer(requirement: &str, given: &str) -> (Status, i64, Option<i64>, i64) {
    let rows = evaluate(CHECKLIST, &bucket(given), "2026-06-30".parse().expect("a date"));
    let row = rows.into_iter().find(|row| row.requirement_id == requirement).expect("every requirement answers");
    (row.status, row.confirmed, row.possible, row.required)
}

/// Each row is `(case study, met, day of June or July)`; `?` is unknown.
fn answers(requirement: &str, rows: &[(&str, &str, &str)]) -> String {
    let cell =
        |name: &str, value: &str| if value.contains('?') { String::new() } else { format!(", {name} = {value}") };
    let row = |(case, met, day): &(&str, &str, &str)| {
        let about = format!("program = \"smb\", requirement_id = \"{requirement}\"");
        let case = cell("case_study_id", &format!("\"{case}\""));
        format!("{{ {about}{case}{}{} }}", cell("met", met), cell("answer_date", &format!("2026-{day}")))
    };
    format!("attestations = [{}]\n", rows.iter().map(row).collect::<Vec<_>>().join(", "))
}

/// Case studies in the base set: `(id, high-risk issues)`.
fn cases(rows: &[(&str, &str)]) -> String {
    let row = |(id, issues): &(&str, &str)| {
        let issues = if *issues == "?" { String::new() } else { format!(", wafr_high_risk_issues = {issues}") };
        let base = "programs = [\"smb\"], status = \"Production\", deployed_date = 2026-01-01";
        format!("{{ case_study_id = \"{id}\", {base}{issues} }}")
    };
    format!("case_studies = [{}]\n", rows.iter().map(row).collect::<Vec<_>>().join(", "))
}

fn partner(rows: &[(&str, &str, &str)]) -> (Status, i64, Option<i64>, i64) {
    answer("POV-001", &answers("POV-001", rows))
}

const YES: (Status, i64, Option<i64>, i64) = (Met, 100, Some(100), 100);
const NO: (Status, i64, Option<i64>, i64) = (NotMet, 0, Some(0), 100);
const UNDECIDED: (Status, i64, Option<i64>, i64) = (Unknown, 0, Some(100), 100);

#[test]
fn the_newest_answer_of_the_partner_decides() {
    assert_eq!(partner(&[("*", "true", "06-30")]), YES);
    assert_eq!(partner(&[("*", "true", "06-29"), ("*", "false", "06-30")]), NO);
    assert_eq!(partner(&[("*", "false", "06-29"), ("C1", "true", "06-30")]), YES);
    assert_eq!(partner(&[("*", "true", "06-29"), ("*", "false", "07-01")]), YES);
}

#[test]
fn answers_that_disagree_or_say_nothing_decide_nothing() {
    assert_eq!(partner(&[("*", "true", "06-30"), ("C1", "false", "06-30")]), UNDECIDED);
    assert_eq!(partner(&[("*", "true", "06-30"), ("C1", "?", "06-30")]), UNDECIDED);
    assert_eq!(partner(&[("*", "?", "06-30")]), UNDECIDED);
    assert_eq!(partner(&[("*", "?", "06-29"), ("*", "true", "06-30")]), YES);
    assert_eq!(partner(&[("*", "true", "07-01")]), UNDECIDED);
    assert_eq!(partner(&[]), UNDECIDED);
}

#[test]
fn an_undated_answer_counts_only_where_it_agrees() {
    assert_eq!(partner(&[("*", "true", "?")]), UNDECIDED);
    assert_eq!(partner(&[("*", "true", "?"), ("*", "true", "06-30")]), YES);
    assert_eq!(partner(&[("*", "false", "?"), ("*", "true", "06-30")]), UNDECIDED);
    assert_eq!(partner(&[("*", "true", "?"), ("*", "false", "06-30")]), UNDECIDED);
    assert_eq!(partner(&[("*", "false", "?"), ("*", "false", "06-30")]), NO);
    assert_eq!(partner(&[("*", "?", "?"), ("*", "true", "06-30")]), UNDECIDED);
}

#[test]
fn without_a_self_assessment_nothing_is_known() {
    assert_eq!(answer("POV-001", "case_studies = []"), (Unknown, 0, None, 100));
    assert_eq!(answer("CSN-001", &cases(&[("C1", "0"), ("C2", "0")])), (Unknown, 0, None, 200));
}

#[test]
fn answers_about_other_requirements_and_programs_do_not_count() {
    assert_eq!(answer("POV-001", &answers("POV-002", &[("*", "true", "06-30")])), UNDECIDED);
    let other = answers("POV-001", &[("*", "true", "06-30")]).replace("smb", "dcx-technology");
    assert_eq!(answer("POV-001", &other), UNDECIDED);
}

#[test]
fn a_part_may_be_answered_under_the_number_of_its_requirement() {
    assert_eq!(answer("PEO-002.review", &answers("PEO-002", &[("*", "true", "06-30")])), YES);
    assert_eq!(answer("PEO-002.review", &answers("PEO-002.review", &[("*", "true", "06-30")])), UNDECIDED);
}

fn per_case(rows: &[(&str, &str, &str)], given: &[(&str, &str)]) -> (Status, i64, Option<i64>) {
    let (status, confirmed, possible, required) = answer("CSN-001", &(answers("CSN-001", rows) + &cases(given)));
    assert_eq!(required, 200);
    (status, confirmed, possible)
}

#[test]
fn every_case_study_has_its_own_answer() {
    let june = "06-30";
    assert_eq!(per_case(&[("C1", "true", june), ("C2", "true", june)], &[]), (Met, 200, Some(200)));
    assert_eq!(per_case(&[("C1", "true", june), ("*", "true", june)], &[]), (Met, 200, Some(200)));
    assert_eq!(per_case(&[("C1", "true", june), ("C2", "false", june)], &[]), (NotMet, 100, Some(100)));
    assert_eq!(per_case(&[("C1", "true", june), ("C2", "true", "?")], &[]), (Unknown, 100, Some(200)));
    assert_eq!(per_case(&[("C1", "true", june), ("C1", "false", "06-01")], &[]), (NotMet, 100, Some(100)));
    assert_eq!(per_case(&[("C1", "true", june), ("C2", "true", "07-01")], &[]), (NotMet, 100, Some(100)));
}

#[test]
fn a_case_study_without_an_answer_is_undecided() {
    let answered = [("C1", "true", "06-30")];
    assert_eq!(per_case(&answered, &[("C1", "?"), ("C2", "9")]), (Unknown, 100, Some(200)));
    assert_eq!(per_case(&answered, &[("C1", "9")]), (NotMet, 100, Some(100)));
}

#[test]
fn without_any_answer_there_is_no_upper_bound() {
    assert_eq!(per_case(&[], &[("C1", "9")]), (Unknown, 0, None));
    assert_eq!(per_case(&[("C1", "true", "07-01")], &[("C1", "9")]), (Unknown, 0, None));
    assert_eq!(per_case(&[], &[("C1", "0"), ("C2", "0")]), (Met, 200, None));
}

#[test]
fn without_case_studies_there_is_no_upper_bound() {
    assert_eq!(answer("CSN-001", &answers("CSN-001", &[("C1", "false", "06-30")])), (Unknown, 0, None, 200));
}

#[test]
fn a_review_without_issues_outweighs_the_answer() {
    let no = [("C1", "false", "06-30")];
    assert_eq!(per_case(&no, &[("C1", "0")]), (NotMet, 100, Some(100)));
    assert_eq!(per_case(&no, &[("C1", "?")]), (NotMet, 0, Some(100)));
    assert_eq!(per_case(&no, &[("C1", "3")]), (NotMet, 0, Some(0)));
    assert_eq!(per_case(&[("C1", "true", "06-30")], &[("C1", "?"), ("C2", "0")]), (Met, 200, Some(200)));
}

#[test]
fn a_case_study_outside_the_base_set_needs_its_answer() {
    let retired = cases(&[("C1", "0")]).replace("Production", "Retired");
    let no = answers("CSN-001", &[("C1", "false", "06-30")]);
    assert_eq!(answer("CSN-001", &(no.clone() + &retired)), (NotMet, 0, Some(0), 200));
    let undated = cases(&[("C1", "0")]).replace(", deployed_date = 2026-01-01", "");
    assert_eq!(answer("CSN-001", &(no + &undated)), (NotMet, 0, Some(100), 200));
}

#[test]
fn an_answer_about_an_unknown_case_study_is_only_possible() {
    assert_eq!(per_case(&[("?", "true", "06-30"), ("C1", "true", "06-30")], &[]), (Unknown, 100, Some(200)));
    assert_eq!(per_case(&[("?", "false", "06-30"), ("C1", "true", "06-30")], &[]), (NotMet, 100, Some(100)));
}
