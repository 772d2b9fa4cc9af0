//! What a person sees.

use super::{RequirementInfos, RequirementKind, StatusPages};
use crate::Format;
use crate::sample::{StatusEdit, paged, row, titles};
use aceq_model::{Status, StatusRow};
use proptest::prelude::{prop_assert, proptest};
use unicode_width::UnicodeWidthStr;

fn infos() -> RequirementInfos {
    titles(&[
        ("*", "AWS Small and Medium Business Competency", RequirementKind::Combined),
        ("2.3", "2 migrations among the case studies", RequirementKind::Counted),
        (
            "4.2",
            "50 launched SMB opportunities for unique customers, over $1K ARR, in 24 months",
            RequirementKind::Counted,
        ),
        ("4.3", "5 completions of each of 3 courses", RequirementKind::Counted),
        ("GOV-001", "Roles are written down", RequirementKind::Attested),
        ("GOV-002", "Changes are reviewed", RequirementKind::Attested),
        ("GOV-003", "Incidents are reviewed", RequirementKind::Attested),
    ])
}

fn rows() -> Vec<StatusRow> {
    vec![
        StatusEdit::of("*").count(4, Some(7), 7).status(Status::NotMet).met(Some("2027-01-15"), None).build(),
        StatusEdit::of("4.2").count(48, Some(49), 50).met(Some("2027-01-15"), Some("2027-03-01")).findings(3).build(),
        StatusEdit::of("4.2").reading("aws-segment").count(51, Some(51), 50).build(),
        StatusEdit::of("4.2").reading("per-customer").count(47, Some(48), 50).build(),
        StatusEdit::of("4.3").count(2, None, 3).build(),
        StatusEdit::of("4.3").member("Course A").count(5, Some(5), 5).met(None, Some("2027-02-13")).build(),
        StatusEdit::of("4.3").member("Course B").count(1, None, 5).build(),
        StatusEdit::of("2.3").count(2, Some(2), 2).build(),
        StatusEdit::of("2.3").member("public").count(2, Some(2), 2).build(),
        StatusEdit::of("PRJ-001").status(Status::Waived).build(),
        StatusEdit::of("GOV-001").build(),
        StatusEdit::of("GOV-002").count(0, None, 1).build(),
        StatusEdit::of("GOV-003").count(0, Some(0), 1).build(),
    ]
}

fn render(rows: &[StatusRow], width: u16, verbose: bool) -> String {
    in_color(rows, width, verbose, false)
}

fn in_color(rows: &[StatusRow], width: u16, verbose: bool, color: bool) -> String {
    let dates = rows.iter().map(|row| row.as_of).collect();
    paged(&StatusPages { format: Format::Table, dates: &dates, titles: &infos(), color, width, verbose }, rows)
}

#[test]
fn one_date_is_a_list() {
    // Members of 2.3 are all met and stay hidden; the reading `per-customer` agrees and stays hidden.
    let expected = "\
self

AWS Small and Medium Business Competency · smb 2025-08
✗ not met on 2026-11-20, met from 2027-01-15
✓ met      2.3  advice: 2 migrations among the case studies
           2 of 2, with no end known
✗ not met  4.2  50 launched SMB opportunities for unique customers, over $1K AR…
           48–49 of 50, 2 short, next met 2027-01-15 to 2027-03-01, findings: 3
           ✓ met · reading aws-segment: 51 of 50
? unknown  4.3  5 completions of each of 3 courses
           2+ of 3, 1 short
           ✓ met · Course A: 5 of 5
           ? unknown · Course B: 1+ of 5, 4 short
✗ not met  GOV-003  Incidents are reviewed
○ waived   PRJ-001
3 attested controls: 1 met, 1 not met, 1 unanswered
";
    assert_eq!(render(&rows(), 80, false), expected);
}

#[test]
fn everything_is_there_when_asked_for() {
    let text = render(&rows(), 100, true);
    let expected = "\
           ✗ not met · reading per-customer: 47–48 of 50, 3 short
? unknown  4.3  5 completions of each of 3 courses
           2+ of 3, 1 short
           ✓ met · Course A: 5 of 5, until 2027-02-13
           ? unknown · Course B: 1+ of 5, 4 short
✓ met      GOV-001  Roles are written down
           1 of 1, with no end known
? unknown  GOV-002  Changes are reviewed
           0+ of 1, 1 short
";
    assert!(text.contains(expected), "{text}");
    assert!(text.contains("· public") && !text.contains("attested controls"), "{text}");
}

#[test]
fn several_dates_are_a_matrix() {
    use Status::{Met, NotMet, Unknown, Waived};
    let answers = [
        ("*", "adopted", "", [NotMet, NotMet, Unknown]),
        ("4.2", "adopted", "", [NotMet, Met, Met]),
        ("4.2", "aws-segment", "", [NotMet, Met, NotMet]),
        ("4.2", "per-customer", "", [NotMet, Met, Met]),
        ("4.3", "adopted", "", [Waived, Unknown, Unknown]),
        ("4.3", "adopted", "Course A", [Met, Met, Unknown]),
        ("GOV-001", "adopted", "", [Met, Met, Met]),
        ("GOV-002", "adopted", "", [Met, Unknown, Met]),
        ("GOV-003", "adopted", "", [NotMet, Unknown, Met]),
    ];
    let mut rows: Vec<StatusRow> = Vec::new();
    for (id, reading, member, statuses) in answers {
        for (as_of, status) in ["2026-09-30", "2026-12-31", "2027-03-31"].into_iter().zip(statuses) {
            let row = StatusEdit::of(id).reading(reading).on(as_of).status(status);
            rows.push(if member.is_empty() { row } else { row.member(member) }.build());
        }
    }
    let expected = "\
self

AWS Small and Medium Business Competency · smb 2025-08
                                                                        26 26 27
                                                                        09 12 03
id       requirement                                                    30 31 31
*        whole checklist                                                ✗  ✗  ?
4.2      50 launched SMB opportunities for unique customers, over $1K…  ✗  ✓  ✓
         reading aws-segment                                            ✗  ✓  ✗
4.3      5 completions of each of 3 courses                             ○  ?  ?
GOV-003  Incidents are reviewed                                         ✗  ?  ✓
         2 attested controls                                            ✓  ?  ✓

✓ met  ✗ not met  ? unknown  ○ waived  · n/a (does not apply)
";
    assert_eq!(render(&rows, 80, false), expected);
}

#[test]
fn partners_and_checklists_stand_apart() {
    let rows = ["P2", "P1"].map(|partner| StatusEdit::of("9.9").partner(partner).met(None, Some("2027-01-01")).build());
    let expected = "\
P1

AWS Small and Medium Business Competency · smb 2025-08
on 2026-11-20
✓ met      9.9
           1 of 1, until 2027-01-01

P2

AWS Small and Medium Business Competency · smb 2025-08
on 2026-11-20
✓ met      9.9
           1 of 1, until 2027-01-01
";
    assert_eq!(render(&rows, 80, false), expected);
    assert_eq!(render(&[], 80, false), "");
}

#[test]
fn many_dates_are_cut_into_blocks() {
    let dates = (2026..2032).flat_map(|year| ["03-31", "06-30", "09-30", "12-31"].map(|day| format!("{year}-{day}")));
    let rows: Vec<StatusRow> = dates.map(|as_of| StatusEdit::of("4.2").on(&as_of).build()).collect();
    let text = render(&rows, 80, false);
    assert_eq!(text.matches("id   requirement").count(), 2, "{text}");
    assert_eq!(text.matches('✓').count(), 24 + 1, "24 dates and the legend: {text}");
}

#[test]
fn colour_adds_nothing_but_colour() {
    let table = |color| in_color(&rows(), 80, false, color);
    let colored = table(true);
    let mut plain = String::new();
    for (at, part) in colored.split('\u{1b}').enumerate() {
        plain += if at == 0 { part } else { part.split_once('m').map_or("", |(_, rest)| rest) };
    }
    assert!(colored.contains('\u{1b}'));
    let trimmed = |text: &str| text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n");
    assert_eq!(trimmed(&plain), trimmed(&table(false)));
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_terminal(
        ids in proptest::collection::vec("\\PC{1,30}", 1..6),
        partner in "\\PC{1,60}",
        count in 0_i64..10_000_000_000,
        width in 40_u16..130,
        dates in 1_u32..30,
        verbose in proptest::bool::ANY,
    ) {
        let mut rows = Vec::new();
        for id in &ids {
            for day in 1..=dates {
                rows.push(StatusEdit::of(id).partner(&partner).count(count, None, count + 1).on(&format!("2026-01-{day:02}")).build());
                rows.push(StatusEdit::of(id).partner(&partner).member(id).on(&format!("2026-01-{day:02}")).build());
            }
        }
        rows.push(row("4.2", count, Some(count + 7), count + 9));
        for line in render(&rows, width, verbose).lines() {
            prop_assert!(line.width() <= usize::from(width), "{} in {width}: {line}", line.width());
        }
    }
}
