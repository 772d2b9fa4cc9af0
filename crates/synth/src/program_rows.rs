//! What a partner states about itself: path and tier, specializations, offerings, activities, answers.

use crate::calendar::Calendar;
use crate::case_study;
use crate::csv_bytes::{CsvBytes, push_number};
use crate::dice::{Dice, Topic};
use crate::partner::{Partner, Practice};
use crate::people::{own_practice, past_day};

pub(crate) const PARTNER_HEADER: &str = "Partner Id,Name,Path,Path Stage,Tier,Partner Type,Segment Category,\
    Delivery Category,Valid From,Valid Until";
pub(crate) const DESIGNATION_HEADER: &str = "Partner Id,Designation,Designation Type,Achieved Date,Expiration Date";
pub(crate) const OFFERING_HEADER: &str = "Partner Id,Title,Description,URL,Offering Type,Active,Listed Date";
pub(crate) const ACTIVITY_HEADER: &str = "Partner Id,Activity Type,Title,URL,Date,Practice,Person";
pub(crate) const ATTESTATION_HEADER: &str = "Partner Id,Program,Requirement,Case Study Id,Met,Date,Evidence";

/// One row: who the partner is.
pub(crate) fn write_partner(partner: &Partner, calendar: &Calendar, csv: &mut CsvBytes) -> u64 {
    let mut dice = partner.dice(Topic::Programs);
    let software = partner.practice == Practice::Software;
    partner.push_id(csv.field());
    let name = csv.field();
    name.extend_from_slice(b"Invented Partner ");
    push_number(name, u64::from(partner.number), 1);
    csv.plain(if software { "Software" } else { "Services" });
    csv.plain(dice.pick(&["Validated", "Differentiated", "Differentiated", "Confirmed"]));
    csv.plain(dice.pick(&["Advanced", "Advanced", "Premier", "Select", ""]));
    csv.plain(if software { "Technology" } else { "Services" });
    let segments = ["Content Management", "Marketing Automation", "Digital Commerce", "Customer 360"];
    csv.plain(if software { dice.pick(&segments) } else { "" });
    let deliveries = ["Multi-tenant SaaS", "Single-tenant SaaS", "Managed Service", "Customer-Deployed"];
    csv.plain(if software { dice.pick(&deliveries) } else { "" });
    csv.field().extend_from_slice(calendar.iso(past_day(calendar, &mut dice)));
    csv.blank();
    csv.end_row();
    1
}

/// Specializations held, some of them just outside the year that waives other requirements.
pub(crate) fn write_designations(partner: &Partner, calendar: &Calendar, csv: &mut CsvBytes) -> u64 {
    const KNOWN: [(&str, &str); 8] = [
        ("AWS Migration and Modernization Services Competency", "Competency"),
        ("AWS DevOps Services Competency", "Competency"),
        ("AWS Security Services Competency", "Competency"),
        ("Amazon Redshift Delivery", "Service Delivery"),
        ("AWS Glue", "Service Delivery"),
        ("Amazon QuickSight Service Delivery", "Service Delivery"),
        ("AWS Managed Service Provider", "Program"),
        ("Foundational Technical Review", "Foundational Technical Review"),
    ];
    let mut dice = partner.dice(Topic::Programs);
    let first = dice.below(8) as usize;
    let held = dice.below(4) as usize;
    for (designation, kind) in KNOWN.into_iter().cycle().skip(first).take(held) {
        partner.push_id(csv.field());
        csv.plain(designation);
        csv.plain(kind);
        let achieved = past_day(calendar, &mut dice);
        csv.field().extend_from_slice(calendar.iso(achieved));
        match dice.below(3) {
            0 => csv.field().extend_from_slice(calendar.iso(achieved + 1095)),
            _ => csv.blank(),
        }
        csv.end_row();
    }
    held as u64
}

/// Solutions and Marketplace listings.
pub(crate) fn write_offerings(partner: &Partner, calendar: &Calendar, csv: &mut CsvBytes) -> u64 {
    let mut dice = partner.dice(Topic::Programs);
    let offerings = 1 + u64::from(dice.below(3));
    for number in 0..offerings {
        partner.push_id(csv.field());
        let title = csv.field();
        title.extend_from_slice(b"Offering ");
        push_number(title, number + 1, 1);
        csv.text(dice.pick(&["Amazon Connect Customer, ready in twelve weeks", "Cloud for small companies", ""]));
        csv.plain("https://www.partner.example/offering");
        csv.plain(if number == 0 { "Solution" } else { dice.pick(&["Professional Services", "Software"]) });
        csv.plain(dice.pick(&["Yes", "Yes", "Yes", "No", ""]));
        csv.field().extend_from_slice(calendar.iso(past_day(calendar, &mut dice)));
        csv.end_row();
    }
    offerings
}

/// Publications, events, rehearsals.
pub(crate) fn write_activities(partner: &Partner, calendar: &Calendar, csv: &mut CsvBytes) -> u64 {
    const KINDS: [&str; 10] = [
        "Practice Lead Event",
        "Thought Leadership",
        "Marketing Asset",
        "Public Offering",
        "Joint Marketing",
        "Education Event",
        "Public Material",
        "Incident Response Rehearsal",
        "Zone Resilience Test",
        "Disaster Recovery Test",
    ];
    let mut dice = partner.dice(Topic::Programs);
    let mut rows = 0;
    for kind in KINDS {
        if !dice.happens(partner.diligence - 200) {
            continue;
        }
        partner.push_id(csv.field());
        csv.plain(kind);
        csv.text(dice.pick(&["Spring session", "What we learnt", "Tools, tips and \"tricks\""]));
        csv.plain("https://blog.partner.example/post");
        csv.field().extend_from_slice(calendar.iso(past_day(calendar, &mut dice)));
        csv.plain(own_practice(partner.practice));
        csv.blank();
        csv.end_row();
        rows += 1;
    }
    rows
}

/// Answers to what no data can show; some are missing, some are no, some were given twice.
pub(crate) fn write_attestations(partner: &Partner, calendar: &Calendar, csv: &mut CsvBytes) -> u64 {
    let mut dice = partner.dice(Topic::Programs);
    let mut rows = 0;
    for program in case_study::programs(partner.practice).split(';') {
        for requirement in partner_requirements(program) {
            rows += answer(partner, (program, requirement, None), calendar, &mut dice, csv);
        }
        for requirement in case_requirements(program) {
            for case in 0..case_study::count(partner) {
                rows += answer(partner, (program, requirement, Some(case)), calendar, &mut dice, csv);
            }
        }
    }
    rows
}

fn answer(
    partner: &Partner,
    (program, requirement, case): (&str, &str, Option<u64>),
    calendar: &Calendar,
    dice: &mut Dice,
    csv: &mut CsvBytes,
) -> u64 {
    if !dice.happens(partner.diligence) {
        return 0;
    }
    let times = if dice.happens(30) { 2 } else { 1 };
    for _ in 0..times {
        partner.push_id(csv.field());
        csv.plain(program);
        csv.plain(requirement);
        match case {
            Some(case) => case_study::push_id(case, csv),
            None => csv.blank(),
        }
        csv.plain(if dice.happens(40) { "No" } else { "Yes" });
        csv.field().extend_from_slice(calendar.iso(calendar.snapshot - dice.between(0, 200)));
        csv.blank();
        csv.end_row();
    }
    times
}

/// Requirements answered once for the partner.
fn partner_requirements(program: &str) -> &'static [&'static str] {
    match program {
        "amazon-connect-delivery" => &["1.1"],
        "amazon-connect-customer" => {
            &["1.1", "POV-001", "POV-002", "POV-003", "PRJ-001", "CSN-001", "ACC-001", "ACC-004", "ACC-010", "CCT-001"]
        }
        "smb" => {
            &["1.1", "4.1", "POV-001", "POV-002", "POV-003", "PRJ-001", "CSN-001", "SIBUS-001", "PEO-001", "GOV-001"]
        }
        "data-analytics" => {
            &["1.1", "4.3", "4.5", "POV-001", "POV-002", "PRJ-001", "CSN-001", "PRDO-001", "PRNET-002", "PRHA-001"]
        }
        _ => &["1.3", "3.1", "4.1", "4.2", "4.5", "5.1"],
    }
}

/// Requirements answered per case study.
fn case_requirements(program: &str) -> &'static [&'static str] {
    match program {
        "amazon-connect-delivery" => &[
            "3.1",
            "CON-001",
            "CON-002",
            "CON-004",
            "CON-005",
            "CON-006",
            "CON-008",
            "CON-010",
            "DOC-001",
            "ACCT-001",
            "ACCT-002",
            "OPE-001",
            "OPE-002",
            "OPE-003",
            "NETSEC-001",
            "NETSEC-002",
            "REL-001",
            "REL-002",
            "COST-001",
        ],
        "data-analytics" => &["DOC-001", "ACCT-001", "REL-001", "EXPE-001", "EXPE-002", "EXPE-004", "EXPT-001"],
        "dcx-technology" => &[],
        _ => &["UCR-001", "UCR-002", "PS-001", "CO-001", "DOC-001", "ACCT-001", "OPE-001", "REL-001", "COST-001"],
    }
}
