//! What a partner states about itself: path and tier, specializations, offerings, activities.

use crate::calendar::Calendar;
use crate::csv_bytes::{CsvBytes, push_number};
use crate::dice::Topic;
use crate::partner::{Partner, Practice};
use crate::people::{own_practice, past_day};

pub(crate) const PARTNER_HEADER: &str = "Partner Id,Name,Path,Path Stage,Tier,Partner Type,Segment Category,\
    Delivery Category,Valid From,Valid Until";
pub(crate) const DESIGNATION_HEADER: &str = "Partner Id,Designation,Designation Type,Achieved Date,Expiration Date";
pub(crate) const OFFERING_HEADER: &str = "Partner Id,Title,Description,URL,Offering Type,Active,Listed Date";
pub(crate) const ACTIVITY_HEADER: &str = "Partner Id,Activity Type,Title,URL,Date,Practice,Person";

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
