//! Whole checklists against hand-made buckets, on 2026-06-30 unless said otherwise.

use crate::literal::bucket;
use crate::naive::{NaiveRow, evaluate, evaluate_span};
use aceq_model::Status::{self, Met, NotApplicable, NotMet, Unknown, Waived};
use chrono::NaiveDate;

const HEAD: &str = "checklist = { program = \"smb\", version = \"1\" }\n";

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn rows(checklist: &str, given: &str) -> Vec<NaiveRow> {
    evaluate(&format!("{HEAD}{checklist}"), &bucket(given), day("2026-06-30"))
}

/// One line per row: `id[/reading][.member] status confirmed/possible of required`.
fn told(checklist: &str, given: &str) -> Vec<String> {
    rows(checklist, given).iter().map(line).collect()
}

fn line(row: &NaiveRow) -> String {
    let reading = if row.reading == "adopted" { String::new() } else { format!("/{}", row.reading) };
    let member = row.member.as_ref().map(|member| format!(".{member}")).unwrap_or_default();
    let possible = row.possible.map_or("∞".to_owned(), |possible| possible.to_string());
    let counts = format!("{}/{possible} of {}", row.confirmed, row.required);
    format!("{}{reading}{member} {} {counts}", row.requirement_id, row.status)
}

fn status(checklist: &str, given: &str, id: &str) -> Status {
    rows(checklist, given).into_iter().find(|row| row.requirement_id == id).expect("every requirement answers").status
}

const PEOPLE: &str = r#"
[[requirement]]
id = "R"
kind = "count"
table = "personnel"
count = "distinct person_key"
at_least = 2
of_which = [
    { id = "architect", where = "role = 'Solutions Architect'", at_least = 1 },
    { id = "seller", where = "role = 'Sales'", at_least = 1 },
]
"#;

const STAFFED: &str = "start_date = 2026-01-01, end_date = 9999-12-31";

#[test]
fn sub_minimums_have_rows_of_their_own_and_join_the_status() {
    let given = |roles: [&str; 2]| {
        let person = |(n, role): (usize, &str)| format!("{{ person_key = \"p{n}\", {role}{STAFFED} }}");
        format!("personnel = [{}]", roles.into_iter().enumerate().map(person).collect::<Vec<_>>().join(","))
    };
    let (architect, seller) = ("role = \"Solutions Architect\",", "role = \"Sales\",");
    assert_eq!(
        told(PEOPLE, &given([architect, seller])),
        [
            "R met 200/200 of 200",
            "R.architect met 100/100 of 100",
            "R.seller met 100/100 of 100",
            "* met 100/100 of 100"
        ]
    );
    assert_eq!(
        told(PEOPLE, &given([architect, architect])),
        [
            "R not_met 200/200 of 200",
            "R.architect met 200/200 of 100",
            "R.seller not_met 0/0 of 100",
            "* not_met 0/0 of 100"
        ]
    );
    assert_eq!(
        told(PEOPLE, &given([architect, ""])),
        [
            "R unknown 200/200 of 200",
            "R.architect met 100/200 of 100",
            "R.seller unknown 0/100 of 100",
            "* unknown 0/100 of 100"
        ]
    );
    assert_eq!(
        told(PEOPLE, ""),
        [
            "R unknown 0/∞ of 200",
            "R.architect unknown 0/∞ of 100",
            "R.seller unknown 0/∞ of 100",
            "* unknown 0/100 of 100"
        ]
    );
}

const BADGES: &str = r#"
[sets]
badges = ["Blue", "Red"]
courses = []
[[requirement]]
id = "B"
kind = "count"
table = "completions"
count = "distinct person_key"
where = "technical"
each = { column = "credential", set = "badges", at_least = 1 }
[[requirement]]
id = "C"
kind = "count"
table = "completions"
count = "rows"
each = { column = "credential", set = "courses", at_least = 5, unnamed = 3 }
"#;

fn badge(credential: &str) -> String {
    format!("{{ person_key = \"ana\", technical = true, {credential}completed_date = 2026-06-30 }},")
}

#[test]
fn each_value_is_a_member_and_the_values_are_counted() {
    let (blue, red) = (badge("credential = \"Blue\", "), badge("credential = \"Red\", "));
    let given = format!("completions = [{blue}{red}]");
    let [b, blue_row, red_row, c, whole] = told(BADGES, &given).try_into().expect("five rows");
    assert_eq!(
        [b, blue_row, red_row],
        ["B met 200/200 of 200", "B.Blue met 100/100 of 100", "B.Red met 100/100 of 100"]
    );
    assert_eq!([c, whole], ["C unknown 0/∞ of 300", "* unknown 100/200 of 200"]);
    assert_eq!(told(BADGES, &format!("completions = [{blue}]"))[0], "B not_met 100/100 of 200");
    assert_eq!(told(BADGES, &format!("completions = [{blue}{}]", badge("")))[0], "B unknown 100/200 of 200");
    assert_eq!(told(BADGES, &format!("completions = [{}]", badge("")))[1], "B.Blue unknown 0/100 of 100");
    assert_eq!(told(BADGES, "")[..2], ["B unknown 0/200 of 200", "B.Blue unknown 0/∞ of 100"]);
}

/// Four requirements of which `yes` is met, `no` is not, `unknown` is unknown, `waived` is waived.
const PARTS: &str = r#"
condition = [ { id = "listed", table = "offerings", where = "title = 'yes'" } ]
[[requirement]]
id = "yes"
part = true
kind = "count"
table = "offerings"
count = "rows"
where = "title = 'yes'"
at_least = 1
[[requirement]]
id = "no"
part = true
kind = "count"
table = "offerings"
count = "rows"
where = "title = 'no'"
at_least = 1
[[requirement]]
id = "unknown"
part = true
kind = "count"
table = "activities"
count = "rows"
at_least = 1
[[requirement]]
id = "waived"
part = true
kind = "count"
table = "offerings"
count = "rows"
where = "title = 'no'"
at_least = 1
waived_when = ["listed"]
"#;

fn combined(combination: &str) -> String {
    let checklist = format!("{PARTS}[[requirement]]\nid = \"R\"\n{combination}");
    let listed = "offerings = [ { title = \"yes\", listed_date = 2026-01-01 } ]";
    told(&checklist, listed).into_iter().find(|line| line.starts_with("R ")).expect("R answers")
}

#[test]
fn combinations_count_satisfied_parts() {
    for (combination, expected) in [
        ("kind = 'all_of'\nof = ['yes', 'waived']", "R met 200/200 of 200"),
        ("kind = 'all_of'\nof = ['yes', 'unknown']", "R unknown 100/200 of 200"),
        ("kind = 'all_of'\nof = ['no', 'unknown']", "R not_met 0/100 of 200"),
        ("kind = 'any_of'\nof = ['yes', 'no']", "R met 100/100 of 100"),
        ("kind = 'any_of'\nof = ['unknown', 'no']", "R unknown 0/100 of 100"),
        ("kind = 'any_of'\nof = ['no']", "R not_met 0/0 of 100"),
        ("kind = 'at_least_of'\nat_least = 2\nof = ['yes', 'no', 'unknown', 'waived']", "R met 200/300 of 200"),
        ("kind = 'at_least_of'\nat_least = 3\nof = ['yes', 'no', 'unknown', 'waived']", "R unknown 200/300 of 300"),
        ("kind = 'at_least_of'\nat_least = 4\nof = ['yes', 'no', 'unknown', 'waived']", "R not_met 200/300 of 400"),
    ] {
        assert_eq!(combined(combination), expected);
    }
}

/// Applies with a designation `A` in force, is waived with a designation `W` achieved within 12 months.
const SWITCHED: &str = r#"
[[condition]]
id = "applies"
table = "designations"
where = "designation = 'A'"
[[condition]]
id = "waived"
table = "designations"
where = "designation = 'W'"
window = { column = "achieved_date", months = 12 }
[[condition]]
id = "never"
table = "designations"
where = "FALSE"
[[requirement]]
id = "R"
kind = "count"
table = "offerings"
count = "rows"
at_least = 1
applies_when = ["never", "applies"]
waived_when = ["never", "waived"]
"#;

#[test]
fn a_requirement_applies_is_waived_or_is_decided_by_its_rule() {
    let designation = |what: &str, from: &str| format!("{{ {what}{from}expiration_date = 9999-12-31 }},");
    let (applies, waived, some) = ("designation = \"A\", ", "designation = \"W\", ", "");
    let (recent, old, undated) = ("achieved_date = 2026-01-01, ", "achieved_date = 2025-06-29, ", "");
    let no = "offerings = []\n";
    let yes = "offerings = [ { listed_date = 2026-01-01 } ]\n";
    for (rule, designations, expected) in [
        (yes, "".to_owned(), NotApplicable),
        (yes, designation(waived, recent), NotApplicable),
        (no, designation(applies, recent), NotMet),
        (yes, designation(applies, recent), Met),
        (no, designation(applies, old) + &designation(waived, recent), Waived),
        (yes, designation(applies, old) + &designation(waived, recent), Waived),
        (no, designation(applies, old) + &designation(waived, old), NotMet),
        // Waived or not: unknown, unless the rule is met.
        (no, designation(applies, old) + &designation(waived, undated), Unknown),
        (yes, designation(applies, old) + &designation(waived, undated), Met),
        // Applies or not: the same, and a waiver settles it.
        (no, designation(applies, undated), Unknown),
        (yes, designation(applies, undated), Met),
        (no, designation(applies, undated) + &designation(waived, recent), Waived),
        (no, designation(some, recent), Unknown),
    ] {
        let given = format!("{rule}designations = [{designations}]");
        assert_eq!(status(SWITCHED, &given, "R"), expected, "{given}");
    }
    assert_eq!(status(SWITCHED, no, "R"), Unknown, "no designations given");
    assert_eq!(told(SWITCHED, &format!("{yes}designations = []"))[0], "R not_applicable 100/100 of 100");
}

const CASE_STUDIES: &str = r#"
[[requirement]]
id = "2.1"
kind = "count"
table = "case_studies"
count = "distinct customer_key"
where = "has_any(programs, :program) AND status = 'Production' OR FALSE"
window = { column = "deployed_date", months = 18 }
at_least = 2
[[requirement]]
id = "2.2"
kind = "every"
base = "2.1"
where = "architecture_diagram OR FALSE"
[[requirement.alternative]]
name = "published"
where = "public"
[[requirement.alternative]]
name = "any-time"
drop = ["window"]
[[requirement]]
id = "2.3"
kind = "some"
base = "2.1"
where = "migration"
advice = true
"#;

#[test]
fn every_and_some_look_at_the_base_set() {
    let case = |customer: &str, rest: &str| {
        format!(
            "{{ customer_key = \"{customer}\", customer_key_strict = \"{customer}\", programs = [\"smb\"], \
             status = \"Production\", migration = false, {rest} }},"
        )
    };
    let given = [
        case("a", "deployed_date = 2026-01-01, architecture_diagram = true, public = true"),
        case("b", "deployed_date = 2026-01-01, architecture_diagram = true, public = false"),
        case("c", "deployed_date = 2020-01-01, architecture_diagram = true, public = true"),
        case("d", "deployed_date = 2026-01-01, public = true").replace("\"smb\"", "\"dcx-technology\""),
        case("e", "deployed_date = 2026-01-01").replace("Production", "Pilot"),
    ];
    assert_eq!(
        told(CASE_STUDIES, &format!("case_studies = [{}]", given.concat())),
        [
            "2.1 met 200/200 of 200",
            "2.2 met 200/200 of 200",
            "2.2/published not_met 100/100 of 200",
            "2.2/any-time met 300/300 of 200",
            "2.3 not_met 0/0 of 100",
            "* met 200/200 of 200",
        ]
    );
}

#[test]
fn alternatives_override_and_drop() {
    let checklist = r#"
    [[requirement]]
    id = "R"
    kind = "count"
    table = "opportunities"
    count = "distinct customer_key"
    having = { sum = "arr_usd", at_least = "5000.00" }
    window = { column = "created_date", months = 12 }
    at_least = 2
    [[requirement.alternative]]
    name = "rows"
    count = "rows"
    at_least = 1
    drop = ["having"]
    of_which = [ { id = "ours", where = "origin = 'Partner Referral'", at_least = 1 } ]
    [[requirement.alternative]]
    name = "no-window"
    window = { column = "created_date" }
    "#;
    let given = r#"opportunities = [
        { customer_key = "a", customer_key_strict = "a", arr_usd = 4000, created_date = 2026-06-01, origin = "AWS Referral" },
        { customer_key = "b", customer_key_strict = "b", arr_usd = 9000, created_date = 2020-06-01 },
    ]"#;
    assert_eq!(
        told(checklist, given),
        [
            "R not_met 0/0 of 200",
            "R/rows not_met 100/100 of 100",
            "R/rows.ours not_met 0/0 of 100",
            "R/no-window not_met 100/100 of 200",
            "* not_met 0/0 of 100",
        ]
    );
}

#[test]
fn sums_are_cents() {
    let checklist = r#"
    [[requirement]]
    id = "R"
    kind = "count"
    table = "opportunities"
    count = "sum arr_usd"
    at_least = "10000.50"
    "#;
    assert_eq!(
        told(checklist, "opportunities = [ { arr_usd = \"10000.49\" } ]")[0],
        "R not_met 1000049/1000049 of 1000050"
    );
}

#[test]
fn advice_and_parts_stay_out_of_the_whole_checklist() {
    assert_eq!(told(PARTS, "").last().map(String::as_str), Some("* met 0/0 of 0"));
    assert_eq!(told(CASE_STUDIES, "").last().map(String::as_str), Some("* unknown 0/200 of 200"));
}

#[test]
fn natural_dates_hold_where_no_window_is_asked_for() {
    let (yes, no, unknown) = (Met, NotMet, Unknown);
    for (table, row, expected) in [
        ("certifications", "award_date = 2026-06-30, expiration_date = 2026-07-01", yes),
        ("certifications", "award_date = 2026-06-01, expiration_date = 2026-06-30", no),
        ("certifications", "award_date = 2026-07-01, expiration_date = 2029-06-30", no),
        ("certifications", "award_date = 2026-06-01", unknown),
        ("completions", "completed_date = 2026-06-30, expiration_date = 2026-01-01", yes),
        ("completions", "completed_date = 2026-07-01", no),
        ("designations", "achieved_date = 2026-06-30, expiration_date = 9999-12-31", yes),
        ("designations", "achieved_date = 2026-06-01, expiration_date = 2026-06-30", no),
        ("offerings", "listed_date = 2026-06-30", yes),
        ("offerings", "title = 'undated'", unknown),
        ("personnel", "start_date = 2026-06-30, end_date = 2026-06-30", yes),
        ("personnel", "start_date = 2026-06-01, end_date = 2026-06-29", no),
        ("partners", "valid_from = 1900-01-01, valid_until = 2026-06-30", yes),
        ("partners", "valid_from = 2026-07-01, valid_until = 9999-12-31", no),
        ("opportunities", "title = 'undated'", yes),
        ("case_studies", "title = 'undated'", yes),
        ("customers", "customer_name = 'undated'", yes),
        ("activities", "activity_date = 2026-07-01", yes),
    ] {
        let checklist = format!("[[requirement]]\nid='R'\nkind='count'\ntable='{table}'\ncount='rows'\nat_least=1");
        assert_eq!(status(&checklist, &format!("{table} = [ {{ {row} }} ]"), "R"), expected, "{table} {row}");
    }
}

#[test]
fn every_partner_gets_every_requirement_and_only_its_own_rows() {
    let given = r#"
    partner_ids = ["P2", "P1"]
    offerings = [ { partner_id = "P1", title = "yes", listed_date = 2026-01-01 } ]
    "#;
    let all = rows(PARTS, given);
    let of = |partner: &str| all.iter().filter(|row| row.partner_id == partner).map(line).collect::<Vec<_>>();
    assert_eq!(of("P1")[..2], ["yes met 100/100 of 100", "no not_met 0/0 of 100"]);
    assert_eq!(of("P2")[..2], ["yes not_met 0/0 of 100", "no not_met 0/0 of 100"]);
    assert_eq!(all.len(), 2 * 5);
    assert!(all.iter().all(|row| row.program == "smb" && row.version == "1"));
}

#[test]
fn a_span_holds_the_answer_of_every_day() {
    let given = bucket("offerings = [ { title = 'yes', listed_date = 2026-06-30 }, { title = 'no' } ]");
    let checklist = format!("{HEAD}{PARTS}");
    let lines = evaluate_span(&checklist, &given, day("2026-06-28"), day("2026-07-02"));
    for as_of in day("2026-06-28").iter_days().take(5) {
        let of_day: Vec<NaiveRow> = lines.iter().map(|line| line.row(as_of)).collect();
        assert_eq!(of_day, evaluate(&checklist, &given, as_of));
    }
    let statuses: Vec<Status> = lines[0].answers.iter().map(|answer| answer.status).collect();
    assert_eq!(statuses, [NotMet, NotMet, Met, Met, Met]);
}

#[test]
fn keys_that_nobody_knows_are_refused() {
    let checklist = format!("{HEAD}[[requirement]]\nid='R'\nkind='count'\ntable='offerings'\ncount='rows'\nat_lest=1");
    let refused = std::panic::catch_unwind(|| evaluate(&checklist, &bucket(""), day("2026-06-30")));
    assert!(refused.is_err());
}
