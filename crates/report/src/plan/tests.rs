//! What a person and a program see of a plan.

use super::Plan;
use crate::format::Format;
use crate::sample::date;
use aceq_model::{PlanAction, PlanStatus, PlanStep, Status};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

fn step(rank: u32, cost: i64, action: PlanAction, what: &str) -> PlanStep {
    PlanStep {
        rank,
        cost,
        action,
        table: "opportunities".to_owned(),
        row_id: format!("O{rank}"),
        label: format!("Customer {rank}"),
        what: what.to_owned(),
        serves: vec!["4.2".to_owned(), "4.3".to_owned()],
        alternatives: Vec::new(),
        source_file: "opportunities.csv".to_owned(),
        source_sheet: String::new(),
        source_line: 12,
    }
}

fn steps() -> Vec<PlanStep> {
    let other = |number: u32| (format!("O{number}"), format!("Customer {number}"));
    let blank = PlanStep {
        table: "case_studies".to_owned(),
        row_id: String::new(),
        label: String::new(),
        serves: vec!["2.1".to_owned()],
        source_file: String::new(),
        ..step(3, 2, PlanAction::Add, "add one more public case study")
    };
    let launch = step(1, 1, PlanAction::Launch, "launch by 2027-03-31");
    vec![
        blank,
        PlanStep { alternatives: (11..18).map(other).collect(), ..launch },
        step(2, 4, PlanAction::Supply, "supply annual_revenue_usd"),
    ]
}

fn statuses(whole: Status) -> Vec<PlanStatus> {
    let status = |id: &str, title: &str, after: Status| PlanStatus {
        program: "smb".to_owned(),
        version: "2025-08".to_owned(),
        requirement_id: id.to_owned(),
        title: title.to_owned(),
        before: (Status::NotMet, 4800),
        after: (after, 5000),
        required: 5000,
        is_sum: false,
    };
    vec![status("4.2", "Launched opportunities", Status::Met), status("*", "", whole)]
}

fn render(steps: &[PlanStep], statuses: &[PlanStatus], format: Format, width: u16) -> String {
    let notes = ["Answers of the self-assessment are taken as given.".to_owned()];
    let as_of = date("2027-03-31");
    Plan { partner_id: "P-1", as_of, steps, statuses, notes: &notes, color: false, width }.in_format(format)
}

#[test]
fn a_person_sees_what_to_do_and_what_comes_of_it() {
    let expected = "\
P-1 · 7 points: do these 3 things; met on 2027-03-31

1. O1 Customer 1: launch by 2027-03-31 (1 point)
     for 4.2, 4.3 · opportunities.csv:12
     or any of O11 Customer 11, O12 Customer 12, O13 Customer 13, O14 Customer
       14, O15 Customer 15 … and 2 more
2. O2 Customer 2: supply annual_revenue_usd (4 points)
     for 4.2, 4.3 · opportunities.csv:12
3. add one more public case study (2 points)
     for 2.1

                                          before             with the plan
smb 2025-08  *    the whole checklist     not met            met
smb 2025-08  4.2  Launched opportunities  not met, 48 of 50  met, 50 of 50

Answers of the self-assessment are taken as given.
";
    assert_eq!(render(&steps(), &statuses(Status::Met), Format::Table, 80), expected);
}

#[test]
fn a_plan_that_does_not_reach_says_so() {
    let heading = |steps: &[PlanStep], whole| {
        render(steps, &statuses(whole), Format::Table, 80).lines().next().unwrap_or_default().to_owned()
    };
    assert_eq!(heading(&[], Status::Met), "P-1 · nothing to do: met on 2027-03-31");
    assert_eq!(heading(&[], Status::NotMet), "P-1 · nothing that could be done is known: still not met on 2027-03-31");
    assert_eq!(
        heading(&steps()[..1], Status::Unknown),
        "P-1 · 2 points: do this one thing; still not met on 2027-03-31"
    );
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mut steps = steps();
    for step in &mut steps {
        step.label = "Gesellschaft für allerlei Dinge".repeat(5);
        step.source_file = "folder/".repeat(20) + "file.csv";
    }
    let mut statuses = statuses(Status::Met);
    statuses[0].title = "社".repeat(80);
    for width in [40, 80, 120] {
        for line in render(&steps, &statuses, Format::Table, width).lines() {
            assert!(line.width() <= usize::from(width), "{width}: {line}");
        }
    }
}

#[test]
fn programs_get_steps_in_order_and_alternatives_as_objects() {
    let parsed: Value =
        serde_json::from_str(&render(&steps(), &statuses(Status::Met), Format::Json, 80)).expect("JSON");
    assert_eq!((&parsed["schema"], &parsed["cost"]), (&Value::from("aceq-plan-1"), &Value::from(7)));
    assert_eq!(parsed["steps"][0]["serves"][1], "4.3");
    assert_eq!(parsed["steps"][0]["alternatives"][6]["row_id"], "O17");
    assert_eq!(parsed["statuses"][1]["status_after"], "met");
    let csv = render(&steps()[2..], &[], Format::Csv, 80);
    assert!(
        csv.ends_with(
            "2,4,supply,opportunities,O2,Customer 2,supply annual_revenue_usd,4.2; 4.3,,opportunities.csv,,12\r\n"
        ),
        "{csv}"
    );
}

#[test]
fn a_document_has_both_tables() {
    let markdown = render(&steps()[2..], &statuses(Status::Met), Format::Markdown, 80);
    let expected = "\
**P-1: 4 points: do this one thing; met on 2027-03-31**

|  | what | cost | for | or any of | source |
|---|---|---|---|---|---|
| 2 | O2 Customer 2: supply annual\\_revenue\\_usd | 4 points | 4.2, 4.3 |  | opportunities.csv:12 |

| checklist | requirement | title | before | with the plan |
|---|---|---|---|---|
| smb 2025-08 | \\* | the whole checklist | not met | met |
| smb 2025-08 | 4.2 | Launched opportunities | not met, 48 of 50 | met, 50 of 50 |

Answers of the self-assessment are taken as given.
";
    assert_eq!(markdown, expected);
}

#[test]
fn every_kind_of_step_has_a_name_of_its_own() {
    let names = PlanAction::ALL.map(PlanAction::name);
    assert_eq!(names, ["launch", "supply", "renew", "publish", "complete", "answer", "add"]);
}
