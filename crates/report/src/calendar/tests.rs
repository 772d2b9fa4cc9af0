//! What a person, a program and a calendar program see of a calendar.

use super::{Calendar, calendar_ics};
use crate::format::Format;
use crate::sample::{date, titles};
use crate::status_table::RequirementKind;
use aceq_model::{CalendarEvent, CalendarRow, CalendarUnit, Comes, CountKey, Status, StatusRow};
use proptest::prelude::{prop_assert, prop_assert_eq, proptest};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

const NOT: (Status, Status) = (Status::Met, Status::NotMet);
const MET: (Status, Status) = (Status::NotMet, Status::Met);

fn key(requirement: &str) -> CountKey {
    CountKey {
        partner_id: "P-1".to_owned(),
        program: "smb".to_owned(),
        version: "2025-08".to_owned(),
        requirement_id: requirement.to_owned(),
        reading: "adopted".to_owned(),
        member: None,
    }
}

fn unit(number: i64, table: &str, side: Comes) -> CalendarUnit {
    CalendarUnit {
        unit: format!("customer-{number}"),
        table: table.to_owned(),
        row_id: format!("O{number}"),
        label: format!("Customer {number}, Ltd"),
        side,
        source_file: "opportunities.csv".to_owned(),
        source_sheet: String::new(),
        source_line: number + 10,
    }
}

fn row(id: &str, on: &str, event: CalendarEvent, confirmed: (i64, i64), status: (Status, Status)) -> CalendarRow {
    CalendarRow {
        key: key(id),
        date: date(on),
        event,
        confirmed: (confirmed.0 * 100, confirmed.1 * 100),
        required: 5000,
        status,
        until: None,
        units: Vec::new(),
        is_sum: false,
    }
}

/// Lost on 2 December by five customers, met again from 15 January to 1 March by one.
fn rows() -> Vec<CalendarRow> {
    let lost = (1..=5).map(|number| unit(number, "opportunities", Comes::Out)).collect();
    let until = Some(date("2027-03-01"));
    vec![
        row("4.2", "2027-03-02", CalendarEvent::Lost, (50, 47), NOT),
        row("*", "2026-12-02", CalendarEvent::Lost, (5, 4), NOT),
        CalendarRow { units: lost, ..row("4.2", "2026-12-02", CalendarEvent::Lost, (53, 48), NOT) },
        CalendarRow { until, ..row("*", "2027-01-15", CalendarEvent::Met, (4, 5), MET) },
        CalendarRow {
            until,
            units: vec![unit(7, "opportunities", Comes::In)],
            ..row("4.2", "2027-01-15", CalendarEvent::Met, (48, 50), MET)
        },
        row("*", "2027-04-01", CalendarEvent::VersionEnds, (4, 4), (Status::NotMet, Status::NotMet)),
    ]
}

fn table(rows: &[CalendarRow], width: u16) -> String {
    asked(rows, width, Status::Met, (None, Some("2026-12-01")))
}

/// The calendar asked for on 20 November 2026, on which the whole checklist has this status and met run.
fn asked(rows: &[CalendarRow], width: u16, status: Status, run: (Option<&str>, Option<&str>)) -> String {
    let titles = titles(&[("*", "SMB Competency", RequirementKind::Combined)]);
    let whole = StatusRow {
        partner_id: "P-1".to_owned(),
        program: "smb".to_owned(),
        version: "2025-08".to_owned(),
        requirement_id: "*".to_owned(),
        reading: "adopted".to_owned(),
        as_of: date("2026-11-20"),
        status,
        confirmed: 400,
        possible: Some(500),
        required: 500,
        shortfall: 100,
        member: None,
        met_from: run.0.map(date),
        met_until: run.1.map(date),
        margin_days: None,
        counted_with_findings: None,
        is_sum: false,
    };
    Calendar { rows, whole: &[whole], titles: &titles, color: false, width }.in_format(Format::Table)
}

#[test]
fn a_person_sees_the_whole_checklist_first_and_then_day_by_day() {
    let expected = "\
P-1

SMB Competency · smb 2025-08
the whole checklist holds on 2026-11-20 until 2026-12-01
2026-12-02  *    lost
            4.2  53 → 48 of 50: first lost
                 − Customer 1, Ltd (O1)  opportunities.csv:11
                 − Customer 2, Ltd (O2)  opportunities.csv:12
                 − Customer 3, Ltd (O3)  opportunities.csv:13
                 … and 2 more
2027-01-15  *    met until 2027-03-01
            4.2  48 → 50 of 50: met until 2027-03-01
                 + Customer 7, Ltd (O7)  opportunities.csv:17
2027-03-02  4.2  50 → 47 of 50: lost
2027-04-01  *    last applications on version 2025-08: 2027-03-31
";
    assert_eq!(table(&rows(), 80), expected);
}

#[test]
fn a_checklist_that_begins_to_hold_says_since_when() {
    let rows = [row("*", "2027-01-15", CalendarEvent::Met, (4, 5), MET)];
    let shown = asked(&rows, 80, Status::NotMet, (Some("2027-01-15"), Some("2027-03-01")));
    let expected = "\nthe earliest date to apply is 2027-01-15: the whole checklist holds then until\n    2027-03-01\n";
    assert!(shown.contains(expected), "{shown}");
    let shown = asked(&rows, 80, Status::Unknown, (None, None));
    assert!(shown.contains("the whole checklist is certain on no coming day, with today's rows\n"), "{shown}");
    let rows = [row("4.2", "2027-01-15", CalendarEvent::Up, (40, 41), (Status::NotMet, Status::NotMet))];
    let shown = asked(&rows, 80, Status::NotMet, (None, None));
    assert!(shown.contains("the whole checklist holds on no coming day, with today's rows\n"), "{shown}");
    assert!(shown.ends_with("2027-01-15  4.2  40 → 41 of 50: still not met\n"), "{shown}");
}

#[test]
fn other_readings_are_counted_and_members_named() {
    let mut rows = vec![row("4.2", "2027-01-15", CalendarEvent::Changed, (40, 40), (Status::Unknown, Status::NotMet))];
    rows[0].key.member = Some("architect".to_owned());
    rows.push(row("4.2", "2027-01-15", CalendarEvent::Lost, (50, 49), (Status::Met, Status::Unknown)));
    rows[1].key.reading = "no-window".to_owned();
    let shown = table(&rows, 80);
    assert!(shown.contains("4.2 · architect  40 of 50: unknown → not met\n"), "{shown}");
    assert!(shown.ends_with("1 change of other readings: --format csv\n"), "{shown}");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mut rows = rows();
    for row in &mut rows {
        row.key.partner_id = "社".repeat(60);
        row.key.member = Some("a member whose name goes on and on and on".repeat(3));
        for unit in &mut row.units {
            unit.label = "Gesellschaft für allerlei Dinge mbH & Co. KG ".repeat(3);
            unit.source_file = "folder/".repeat(20) + "file.csv";
        }
    }
    for width in [40, 80, 120] {
        for line in table(&rows, width).lines() {
            assert!(line.width() <= usize::from(width), "{width}: {line}");
        }
    }
}

#[test]
fn programs_get_units_as_objects_and_spreadsheets_as_texts() {
    let rows = [CalendarRow {
        units: vec![unit(1, "opportunities", Comes::Out), unit(2, "opportunities", Comes::In)],
        ..row("4.2", "2026-12-02", CalendarEvent::Lost, (50, 49), NOT)
    }];
    let json: Value = serde_json::from_str(&super::calendar_json(&rows)).expect("JSON");
    assert_eq!(json[0]["confirmed_before"], 50);
    assert_eq!(json[0]["units"][0]["label"], "Customer 1, Ltd");
    assert_eq!(json[0]["units"][1]["side"], "in");
    assert_eq!(
        super::calendar_csv(&rows),
        "partner_id,program,version,requirement_id,reading,member,date,event,status_before,status_after,\
         confirmed_before,confirmed_after,required,until,units\r\n\
         P-1,smb,2025-08,4.2,adopted,,2026-12-02,lost,met,not_met,50,49,50,,\
         \"out Customer 1, Ltd (O1) opportunities.csv:11; in Customer 2, Ltd (O2) opportunities.csv:12\"\r\n"
    );
    assert!(super::calendar_markdown(&rows).lines().nth(2).is_some_and(|line| line.starts_with("| P-1 | smb |")));
}

#[test]
fn a_calendar_program_gets_one_event_with_reminders() {
    let rows = [CalendarRow {
        units: vec![unit(1, "opportunities", Comes::Out)],
        ..row("4.2", "2026-12-02", CalendarEvent::Lost, (50, 48), NOT)
    }];
    let expected = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//aceq//calendar//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:aceq",
        "BEGIN:VEVENT",
        "DESCRIPTION:smb 2025-08\\, 4.2: 50 → 48 of 50: lost\\n− Customer 1\\, Ltd ",
        " (O1)\\, opportunities.csv:11",
        "DTEND;VALUE=DATE:20261203",
        "DTSTAMP:20261120T000000Z",
        "DTSTART;VALUE=DATE:20261202",
        "SUMMARY:aceq: smb 4.2 of P-1 is lost (48 of 50)",
        "TRANSP:TRANSPARENT",
        "UID:lost/2026-12-02/P-1/smb/2025-08/4.2/@aceq",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        "DESCRIPTION:aceq: smb 4.2 of P-1 is lost (48 of 50)",
        "DTSTAMP:20261120T000000Z",
        "TRIGGER:-P30D",
        "UID:30d-lost/2026-12-02/P-1/smb/2025-08/4.2/@aceq",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    ];
    assert_eq!(calendar_ics(&rows, date("2026-11-20"), &[30]), expected.join("\r\n"));
}

#[test]
fn an_expiry_is_one_event_however_many_requirements_it_is_for() {
    let out = |id: &str| CalendarRow {
        units: vec![unit(1, "certifications", Comes::Out)],
        ..row(id, "2026-12-02", CalendarEvent::Down, (6, 5), (Status::Met, Status::Met))
    };
    let ics = calendar_ics(&[out("5.1"), out("5.2")], date("2026-11-20"), &[]);
    assert_eq!(ics.matches("BEGIN:VEVENT").count(), 1);
    assert!(ics.contains("SUMMARY:aceq: certification of Customer 1\\, Ltd no longer counts for P-1\r\n"), "{ics}");
    assert!(ics.contains("UID:expiry/2026-12-02/P-1/certifications/O1@aceq\r\n"), "{ics}");
    let told = unfolded(&ics);
    assert!(told.contains("5.1: 6 → 5 of 50: still met\\nsmb 2025-08\\, 5.2:"), "{told}");
}

#[test]
fn what_changes_no_answer_and_other_readings_are_no_events() {
    let mut reading = row("4.2", "2026-12-02", CalendarEvent::Lost, (50, 49), NOT);
    reading.key.reading = "no-window".to_owned();
    let up = row("4.2", "2026-12-03", CalendarEvent::Up, (48, 49), (Status::NotMet, Status::NotMet));
    assert!(!calendar_ics(&[reading, up], date("2026-11-20"), &[30]).contains("VEVENT"));
}

/// 150 octets fold into 75, 74 and 1: the blank in front of a continuation counts.
#[test]
fn the_last_continuation_has_75_octets_at_most() {
    let mut lost = row("4.2", "2026-12-02", CalendarEvent::Lost, (50, 48), NOT);
    let fixed = "SUMMARY:aceq: smb 4.2 of  is lost (48 of 50)".len();
    lost.key.partner_id = "P".repeat(150 - fixed);
    let ics = calendar_ics(&[lost], date("2026-11-20"), &[]);
    let summary = ics.split("\r\nSUMMARY").nth(1).expect("a summary");
    let lengths: Vec<usize> = format!("SUMMARY{summary}").split("\r\n").take(3).map(str::len).collect();
    assert_eq!(lengths, [75, 75, 2]);
}

fn unfolded(ics: &str) -> String {
    ics.replace("\r\n ", "")
}

proptest! {
    #[test]
    fn any_text_is_folded_and_comes_back(label in "(\\PC|[\r\n,;\\\\]){0,200}", partner in "\\PC{0,90}") {
        let mut row = CalendarRow {
            units: vec![CalendarUnit { label: label.clone(), ..unit(1, "certifications", Comes::Out) }],
            ..row("4.2", "2026-12-02", CalendarEvent::Lost, (50, 48), NOT)
        };
        row.key.partner_id = partner;
        let ics = calendar_ics(&[row.clone()], date("2026-11-20"), &[30, 7]);
        prop_assert_eq!(&ics, &calendar_ics(&[row], date("2026-11-20"), &[30, 7]), "the same bytes");
        prop_assert!(ics.ends_with("\r\n"));
        for line in ics.split("\r\n") {
            prop_assert!(line.len() <= 75, "{} octets: {}", line.len(), line);
            prop_assert!(!line.chars().any(char::is_control), "{}", line);
        }
        let plain: String = label.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        let escaped = plain.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;");
        prop_assert!(plain.is_empty() || unfolded(&ics).contains(&escaped));
    }
}
