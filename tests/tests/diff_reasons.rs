//! One story per reason: two small worlds, and what `diff` says of them.

use aceq_checklist::{Checklist, load};
use aceq_ingest::Mappings;
use aceq_metrics::Engine;
use aceq_metrics::diff::{Excluded, Side, compare};
use aceq_model::{Change, TableId};
use aceq_tests::literal::bucket;

const CHECKLIST: &str = r#"
[checklist]
program = "smb"
version = "1"
title = "Stories"
partner_types = ["services"]
released = 2026-01-01
accepted = { from = 2026-01-01 }
source = { document = "Stories", checked = 2026-11-20 }

[[requirement]]
id = "customers"
title = "Customers with a launch in 12 months"
section = "1"
kind = "count"
table = "opportunities"
count = "distinct customer_key"
where = "stage = 'Launched'"
window = { column = "launch_date", months = 12 }
at_least = 2

[[requirement]]
id = "large"
title = "Customers with USD 1,000 in all"
section = "1"
kind = "count"
table = "opportunities"
count = "distinct customer_key"
where = "stage = 'Launched'"
having = { sum = "arr_usd", at_least = "1000.00" }
at_least = 1

[[requirement]]
id = "money"
title = "USD 5,000 in all"
section = "1"
kind = "count"
table = "opportunities"
count = "sum arr_usd"
where = "stage = 'Launched'"
at_least = "5000.00"

[[requirement]]
id = "certified"
title = "People with an associate certification"
section = "2"
kind = "count"
table = "certifications"
count = "distinct person_key"
where = "level = 'Associate'"
at_least = 1

[[requirement]]
id = "staff"
title = "People in the practice"
section = "2"
kind = "count"
table = "personnel"
count = "distinct person_key"
where = "practice = 'Amazon Connect'"
at_least = 1

[[requirement]]
id = "attested"
title = "It is written down"
section = "3"
kind = "attested"
"#;

fn checklist(text: &str) -> Checklist {
    load("stories.toml", text, &Mappings::builtin().picklists()).unwrap_or_else(|error| panic!("{error}"))
}

/// What happened to a requirement: `kind reason unit row: values; on; note` for each change.
fn told(requirement: &str, before: (&str, &str), after: (&str, &str), excluded: &Excluded) -> Vec<String> {
    let checklist = checklist(CHECKLIST);
    let engine = Engine::new(vec![&checklist]);
    let (from, to) = (bucket(before.0), bucket(after.0));
    let (from, to) = (engine.evaluate(&from).expect("canonical rows"), engine.evaluate(&to).expect("canonical rows"));
    let nothing = Excluded::new();
    let as_of = |date: &str| date.parse().expect("a date");
    let counts = compare(
        Side { evaluation: &from, checklist: Some(0), as_of: as_of(before.1), excluded: &nothing },
        Side { evaluation: &to, checklist: Some(0), as_of: as_of(after.1), excluded },
    );
    let count = counts.iter().find(|count| count.requirement_id == requirement).expect("the requirement");
    let moved: i64 = count.changes.iter().map(|change| change.amount).sum();
    let confirmed = |side: Option<aceq_model::SideCount>| side.expect("a side").confirmed;
    assert_eq!(confirmed(count.before) + moved, confirmed(count.after));
    count.changes.iter().map(in_words).collect()
}

fn in_words(change: &Change) -> String {
    let word = |side: &Option<String>| side.clone().unwrap_or_else(|| "none".to_owned());
    let value =
        |value: &aceq_model::ValueChange| format!("{} {} → {}", value.column, word(&value.before), word(&value.after));
    let values = change.values.iter().map(value).collect::<Vec<_>>().join(", ");
    let on = change.on.map(|on| format!("; on {on}")).unwrap_or_default();
    let note = change.note.as_ref().map(|note| format!("; {note}")).unwrap_or_default();
    format!("{} {} {} {}: {values}{on}{note}", change.kind.as_str(), change.reason, change.unit, change.row_id)
}

/// The same date on both sides.
fn on_one_day(requirement: &str, before: &str, after: &str) -> Vec<String> {
    told(requirement, (before, "2026-11-20"), (after, "2026-11-20"), &Excluded::new())
}

/// The same rows on both sides.
fn over_time(requirement: &str, rows: &str, before: &str, after: &str) -> Vec<String> {
    told(requirement, (rows, before), (rows, after), &Excluded::new())
}

fn launched(id: &str, customer: &str, further: &str) -> String {
    format!(
        "opportunities = [{{ opportunity_id = '{id}', customer_key = '{customer}', customer_key_strict = '{customer}', \
         stage = 'Launched', launch_date = 2026-01-31, findings = []{further} }}]\n"
    )
}

#[test]
fn a_launch_leaves_the_window_on_the_day_after_the_last_and_comes_back_when_read_backwards() {
    let row = launched("O1", "nova", "");
    assert_eq!(
        over_time("customers", &row, "2026-11-20", "2027-02-01"),
        ["went left_window nova O1: launch_date 2026-01-31 → 2026-01-31; on 2027-02-01"]
    );
    assert_eq!(
        over_time("customers", &row, "2027-02-01", "2026-11-20"),
        ["came entered_window nova O1: launch_date 2026-01-31 → 2026-01-31"]
    );
    assert_eq!(
        over_time("customers", &row, "2026-01-30", "2026-11-20"),
        ["came entered_window nova O1: launch_date 2026-01-31 → 2026-01-31; on 2026-01-31"]
    );
    assert_eq!(over_time("customers", &row, "2026-01-31", "2027-01-31"), [""; 0]);
}

#[test]
fn a_value_changes_or_is_lost_or_becomes_known() {
    let launched = launched("O1", "nova", "");
    let lost = launched.replace("'Launched'", "'Closed Lost'");
    let unknown = launched.replace("stage = 'Launched', ", "");
    assert_eq!(
        on_one_day("customers", &launched, &lost),
        ["went condition_fails nova O1: stage Launched → Closed Lost"]
    );
    assert_eq!(
        on_one_day("customers", &lost, &launched),
        ["came condition_holds nova O1: stage Closed Lost → Launched"]
    );
    assert_eq!(on_one_day("customers", &launched, &unknown), ["went became_unknown nova O1: stage Launched → unknown"]);
    assert_eq!(on_one_day("customers", &unknown, &launched), ["came became_known nova O1: stage unknown → Launched"]);
    assert_eq!(
        on_one_day("customers", &unknown, &lost),
        ["doubt_went became_known nova O1: stage unknown → Closed Lost"]
    );
    assert_eq!(
        on_one_day("customers", &lost, &unknown),
        ["doubt_came became_unknown nova O1: stage Closed Lost → unknown"]
    );
}

#[test]
fn a_date_is_another_one_or_unknown() {
    let row = launched("O1", "nova", "");
    let older = row.replace("2026-01-31", "2023-01-31");
    let undated = row.replace("launch_date = 2026-01-31, ", "");
    assert_eq!(on_one_day("customers", &row, &older), ["went date_moved nova O1: launch_date 2026-01-31 → 2023-01-31"]);
    assert_eq!(
        on_one_day("customers", &undated, &row),
        ["came became_known nova O1: launch_date unknown → 2026-01-31"]
    );
    let other = row.replace("2026-01-31", "2026-02-28");
    assert_eq!(
        on_one_day("customers", &row, &other),
        ["changed values_changed nova O1: launch_date 2026-01-31 → 2026-02-28"]
    );
}

#[test]
fn rows_are_gone_new_excluded_or_not_given() {
    let (row, none) = (launched("O1", "nova", ""), "opportunities = []");
    assert_eq!(on_one_day("customers", &row, none), ["went not_in_data nova O1: "]);
    assert_eq!(on_one_day("customers", none, &row), ["came new_in_data nova O1: "]);
    assert_eq!(on_one_day("customers", &row, ""), ["went table_not_given nova O1: "]);
    assert_eq!(on_one_day("customers", "", &row), ["came table_given nova O1: "]);
    let key = ("self".to_owned(), TableId::Opportunities, "O1".to_owned());
    let excluded = Excluded::from([(key, "fix.csv:2: registered twice".to_owned())]);
    assert_eq!(
        told("customers", (&row, "2026-11-20"), (none, "2026-11-20"), &excluded),
        ["went excluded nova O1: ; fix.csv:2: registered twice"]
    );
}

fn two(first: &str, second: &str) -> String {
    let row = |id: &str, customer: &str| launched(id, customer, ", arr_usd = '600'");
    row("O1", first).replace("]\n", "") + ", " + row("O2", second).trim_start_matches("opportunities = [")
}

#[test]
fn two_customers_are_one_now_or_one_is_two() {
    let (apart, together) = (two("nova", "nova-holding"), two("nova", "nova"));
    assert_eq!(
        on_one_day("customers", &apart, &together),
        ["went merged nova-holding O2: customer_key nova-holding → nova; counts with nova"]
    );
    assert_eq!(
        on_one_day("customers", &together, &apart),
        ["came split nova-holding O2: customer_key nova → nova-holding; counts with nova"]
    );
    // A customer that is only called otherwise is the same.
    assert_eq!(on_one_day("customers", &apart, &two("nova", "aurora")), [""; 0]);
}

#[test]
fn another_row_stands_for_the_customer() {
    let one = two("nova", "nova");
    let other = one.replacen("stage = 'Launched'", "stage = 'Closed Lost'", 1);
    assert_eq!(
        on_one_day("customers", &one, &other),
        ["changed other_row nova O2: ; instead of O1 (failing a condition)"]
    );
}

#[test]
fn a_sum_falls_and_is_reached() {
    let (enough, few) = (two("nova", "nova"), two("nova", "nova").replace("'600'", "'400'"));
    assert_eq!(on_one_day("large", &enough, &few), ["went sum_fell nova O1: sum of arr_usd 1200.00 → 800.00"]);
    assert_eq!(on_one_day("large", &few, &enough), ["came sum_reached nova O1: sum of arr_usd 800.00 → 1200.00"]);
    let unknown = enough.replacen(", arr_usd = '600'", "", 1);
    assert_eq!(on_one_day("large", &enough, &unknown), ["went became_unknown nova O1: arr_usd 600.00 → unknown"]);
    let gone = enough.replacen("stage = 'Launched'", "stage = 'Closed Lost'", 1);
    assert_eq!(on_one_day("large", &enough, &gone), ["went condition_fails nova O1: stage Launched → Closed Lost"]);
    assert_eq!(
        on_one_day("money", &enough, &few),
        [
            "changed values_changed O1 O1: arr_usd 600.00 → 400.00",
            "changed values_changed O2 O2: arr_usd 600.00 → 400.00"
        ]
    );
}

#[test]
fn a_finding_is_new() {
    let row = launched("O1", "nova", "");
    let flagged = row.replace("findings = []", "findings = ['amount_may_be_annual']");
    assert_eq!(
        on_one_day("customers", &row, &flagged),
        ["changed new_finding nova O1: findings  → amount_may_be_annual"]
    );
    assert_eq!(on_one_day("customers", &flagged, &row), [""; 0]);
}

#[test]
fn certifications_expire_and_corrected_dates_make_no_other_certification() {
    let ana = "certifications = [{ person_key = 'ana', certification = 'AWS Certified Data Engineer - Associate', \
               level = 'Associate', award_date = 2024-01-15, expiration_date = 2027-01-15, findings = [] }]";
    assert_eq!(
        over_time("certified", ana, "2027-01-14", "2027-01-15"),
        [
            "went expired ana ana / AWS Certified Data Engineer - Associate / 2024-01-15: award_date 2024-01-15 → 2024-01-15, \
          expiration_date 2027-01-15 → 2027-01-15; on 2027-01-15"
        ]
    );
    assert_eq!(
        on_one_day("certified", ana, &ana.replace("2024-01-15", "2024-01-16")),
        ["changed values_changed ana ana / AWS Certified Data Engineer - Associate / 2024-01-15: \
          award_date 2024-01-15 → 2024-01-16"]
    );
}

#[test]
fn assignments_end() {
    let ana = "personnel = [{ person_key = 'ana', practice = 'Amazon Connect', start_date = 2026-01-01, \
               end_date = 2026-12-31, findings = [] }]";
    assert_eq!(
        over_time("staff", ana, "2026-12-31", "2027-01-01"),
        ["went no_longer_valid ana ana / Amazon Connect / 2026-01-01: start_date 2026-01-01 → 2026-01-01, \
          end_date 2026-12-31 → 2026-12-31; on 2027-01-01"]
    );
    assert_eq!(
        over_time("staff", ana, "2025-12-31", "2026-01-01")[0].split(' ').take(3).collect::<Vec<_>>(),
        ["came", "became_valid", "ana"]
    );
}

#[test]
fn answers_are_given_taken_back_and_contradicted() {
    let answer = |met: &str, date: &str| {
        format!(
            "attestations = [{{ program = 'smb', requirement_id = 'attested', case_study_id = '*', met = {met}, answer_date = {date} }}]"
        )
    };
    let yes = answer("true", "2026-06-30");
    assert_eq!(
        over_time("attested", &yes, "2026-06-29", "2026-06-30"),
        ["came answered * smb / attested / * / 2026-06-30: ; on 2026-06-30"]
    );
    assert_eq!(
        on_one_day("attested", &yes, &answer("false", "2026-07-31")),
        ["went condition_fails * smb / attested / * / 2026-06-30: met yes → no, answer_date 2026-06-30 → 2026-07-31"]
    );
    assert_eq!(
        on_one_day("attested", &yes, "attestations = []"),
        ["went not_in_data * smb / attested / * / 2026-06-30: "]
    );
}

#[test]
fn parts_of_the_whole_change_their_status() {
    let row = launched("O1", "nova", ", arr_usd = '6000'");
    assert_eq!(
        on_one_day("*", &row, "opportunities = []"),
        ["went status_changed large : status met → not_met", "went status_changed money : status met → not_met"]
    );
}
