//! People of a partner: certificates, badges, staffing.

use crate::calendar::{Calendar, Day};
use crate::csv_bytes::CsvBytes;
use crate::dice::{Dice, Topic};
use crate::mess;
use crate::partner::{Partner, Practice};
use crate::words::{FAMILY, GIVEN};

/// Header of Partner Central's certification export, with the partner that each row belongs to.
pub(crate) const CERTIFICATION_HEADER: &str =
    "Partner Id,User Name,Work Email,Certificate Name,Certificate Level,Award Date,Expiration Date";
/// Header of the roster of badges, courses and accreditations.
pub(crate) const COMPLETION_HEADER: &str =
    "Partner Id,Person,Email,Role,Technical,Credential,Credential Type,Completed Date,Expiration Date";
/// Header of the staffing roster.
pub(crate) const PERSONNEL_HEADER: &str = "Partner Id,Person,Email,Role,Practice,Allocation (%),Start Date,End Date";

/// Certificates as exports name them, separators included, with the level.
const CERTIFICATES: [(&str, &str); 9] = [
    ("AWS Certified Solutions Architect – Professional", "Professional"),
    ("AWS Certified Solutions Architect - Professional", "Professional"),
    ("AWS Certified Solutions Architect – Associate", "Associate"),
    ("AWS Certified Data Engineer – Associate", "Associate"),
    ("AWS Certified Data Engineer - Associate", "Associate"),
    ("AWS Certified Data Analytics – Specialty", "Specialty"),
    ("AWS Certified Security – Specialty", "Specialty"),
    ("AWS Certified Cloud Practitioner", "Foundational"),
    ("AWS Certified Developer – Associate", "Associate"),
];

/// Data people hold these more often.
const DATA_CERTIFICATES: [(&str, &str); 3] = [CERTIFICATES[3], CERTIFICATES[4], CERTIFICATES[5]];

const BADGES: [&str; 7] = [
    "Amazon Connect Fundamentals",
    "Amazon Connect AI Fundamentals",
    "Amazon Connect Communications Specialist",
    "Amazon Connect Developer",
    "Amazon Connect Outbound Communications",
    "Amazon Connect Reporting & Analytics",
    "Conversational AI Experiences",
];

const ACCREDITATIONS: [&str; 3] = [
    "AWS Partner: Accreditation (Technical)",
    "AWS Partner: Sales Accreditation (Business)",
    "AWS Partner: Cloud Economics Accreditation",
];

/// Roles with whether they are technical, in the order in which a partner fills them.
const ROLES: [(&str, &str); 9] = [
    ("Solutions Architect", "Yes"),
    ("Delivery Manager", "No"),
    ("Sales", "No"),
    ("Developer", "Yes"),
    ("Engineer", "Yes"),
    ("Engineer", "Y"),
    ("Technical Lead", "true"),
    ("Project Manager", "No"),
    ("Business Development", "no"),
];

/// The people of `partner`, 6 to 14.
fn head_count(partner: &Partner, dice: &mut Dice) -> u64 {
    6 + u64::from(dice.below(9)) * u64::from(partner.diligence) / 1000
}

fn push_person(partner: &Partner, person: u64, csv: &mut CsvBytes) {
    let (given, family) = (GIVEN[(person % 16) as usize], FAMILY[((person + u64::from(partner.number)) % 16) as usize]);
    let name = csv.field();
    name.extend_from_slice(given.as_bytes());
    name.push(b' ');
    name.extend_from_slice(family.as_bytes());
    let email = csv.field();
    email.extend(given.bytes().map(|letter| letter.to_ascii_lowercase()));
    email.push(b'.');
    email.extend(family.bytes().map(|letter| letter.to_ascii_lowercase()));
    email.extend_from_slice(b"@partner");
    crate::csv_bytes::push_number(email, u64::from(partner.number), 1);
    email.extend_from_slice(b".example");
}

/// Writes the certification export of `partner`; dates as `m/d/y`, people without consent as `xxxxxx`.
pub(crate) fn write_certifications(partner: &Partner, calendar: &Calendar, csv: &mut CsvBytes) -> u64 {
    let mut dice = partner.dice(Topic::People);
    let people = head_count(partner, &mut dice);
    let mut rows = 0;
    for person in 0..people {
        for _ in 0..dice.below(3) {
            certificate(partner, person, calendar, &mut dice, csv);
            rows += 1;
        }
    }
    rows
}

fn certificate(partner: &Partner, person: u64, calendar: &Calendar, dice: &mut Dice, csv: &mut CsvBytes) {
    partner.push_id(csv.field());
    if dice.happens(mess::MASKED_PERSON) {
        (0..2).for_each(|_| csv.plain("xxxxxx"));
    } else {
        push_person(partner, person, csv);
    }
    let data = partner.practice == Practice::Data && dice.happens(600);
    let (name, level) = if data { dice.pick(&DATA_CERTIFICATES) } else { dice.pick(&CERTIFICATES) };
    csv.plain(name);
    csv.plain(level);
    let expired = dice.happens(mess::EXPIRED);
    let expiration = calendar.as_of + if expired { dice.between(-600, 0) } else { dice.between(1, 1090) };
    csv.field().extend_from_slice(calendar.slashes(expiration - 1096));
    match dice.happens(mess::NO_EXPIRATION) {
        true => csv.blank(),
        false => csv.field().extend_from_slice(calendar.slashes(expiration)),
    }
    csv.end_row();
}

/// Writes badges and accreditations of `partner`. Contact-centre partners train for all seven badges, some of them
/// with one completion too few.
pub(crate) fn write_completions(partner: &Partner, calendar: &Calendar, csv: &mut CsvBytes) -> u64 {
    let mut dice = partner.dice(Topic::People);
    let people = head_count(partner, &mut dice);
    let mut rows = 0;
    for person in 0..people {
        let wanted = if partner.practice == Practice::ContactCenter { partner.diligence } else { 40 };
        for badge in BADGES {
            if dice.happens(wanted) {
                completion(partner, person, (badge, "Badge"), calendar, &mut dice, csv);
                rows += 1;
            }
        }
        completion(partner, person, (dice.pick(&ACCREDITATIONS), "Accreditation"), calendar, &mut dice, csv);
        rows += 1;
    }
    rows
}

fn completion(
    partner: &Partner,
    person: u64,
    credential: (&str, &str),
    calendar: &Calendar,
    dice: &mut Dice,
    csv: &mut CsvBytes,
) {
    let (role, technical) = ROLES[(person % 9) as usize];
    partner.push_id(csv.field());
    push_person(partner, person, csv);
    csv.plain(role);
    csv.plain(technical);
    let name = csv.field();
    name.extend_from_slice(credential.0.as_bytes());
    if credential.1 == "Badge" {
        name.extend_from_slice(dice.pick(&[&b" Badge"[..], b"", b" badge"]));
    }
    csv.plain(credential.1);
    csv.field().extend_from_slice(calendar.iso(past_day(calendar, dice)));
    csv.blank();
    csv.end_row();
}

/// Writes the staffing of `partner`.
pub(crate) fn write_personnel(partner: &Partner, calendar: &Calendar, csv: &mut CsvBytes) -> u64 {
    let mut dice = partner.dice(Topic::People);
    let people = head_count(partner, &mut dice);
    for person in 0..people {
        partner.push_id(csv.field());
        push_person(partner, person, csv);
        csv.plain(ROLES[(person % 9) as usize].0);
        csv.plain(dice.pick(&[own_practice(partner.practice), own_practice(partner.practice), "Other"]));
        csv.plain(dice.pick(&["100", "100", "80", "51", "50", "25%", "60.5"]));
        csv.field().extend_from_slice(calendar.iso(past_day(calendar, &mut dice)));
        match dice.below(8) {
            0 => csv.field().extend_from_slice(calendar.iso(calendar.as_of + dice.between(-200, 200))),
            _ => csv.blank(),
        }
        csv.end_row();
    }
    people
}

/// The practice that people and activities of a partner belong to.
pub(crate) fn own_practice(practice: Practice) -> &'static str {
    match practice {
        Practice::SmallBusiness => "SMB",
        Practice::ContactCenter => "Amazon Connect",
        Practice::Data => "Data and Analytics",
        Practice::Software => "Digital Customer Experience",
    }
}

/// A day in the three years before the newest export, some on the edge of a window.
pub(crate) fn past_day(calendar: &Calendar, dice: &mut Dice) -> Day {
    let edge = dice.pick(&calendar.edges);
    if dice.happens(mess::EDGE_DATE) && edge <= calendar.snapshot {
        edge
    } else {
        calendar.snapshot - dice.between(0, 1095)
    }
}
