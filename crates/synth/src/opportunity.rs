//! One invented opportunity, decided before it is written, since two exports may show it.

use crate::calendar::{Calendar, Day};
use crate::customer::{Customer, Spelling};
use crate::dice::Dice;
use crate::mess;
use crate::partner::{Partner, Practice};
use crate::words::{BAD_DATES, CONTACT_WORK, DATA_WORK, DELIVERY, GENERAL_WORK, LOST, NEEDS, PROGRAMS, Work};

/// Stages in the order of the path, then the end off the path.
pub(crate) const STAGES: [&str; 7] =
    ["Prospect", "Qualified", "Technical Validation", "Business Validation", "Committed", LAUNCHED, CLOSED_LOST];
pub(crate) const LAUNCHED: &str = "Launched";
pub(crate) const CLOSED_LOST: &str = "Closed Lost";
pub(crate) const PARTNER_REFERRAL: &str = "Partner Referral";
pub(crate) const AWS_REFERRAL: &str = "AWS Referral";

/// What a date cell holds.
#[derive(Clone, Copy)]
pub(crate) enum DateCell {
    Day(Day),
    Blank,
    NoDate(&'static str),
}

/// An opportunity as the newest export shows it.
pub(crate) struct Opportunity {
    /// Digits of its id; `None` where the row has none.
    pub(crate) number: Option<u64>,
    pub(crate) customer: Customer,
    pub(crate) spelling: Spelling,
    /// An AWS referral that hides its customer.
    pub(crate) masked: bool,
    pub(crate) stage: &'static str,
    pub(crate) review_status: &'static str,
    pub(crate) origin: &'static str,
    pub(crate) work: Work,
    pub(crate) solution: &'static str,
    pub(crate) delivery: &'static str,
    pub(crate) programs: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) need: &'static str,
    /// Monthly recurring revenue in US cents.
    pub(crate) revenue: Option<u64>,
    pub(crate) segment: &'static str,
    pub(crate) lost_because: &'static str,
    pub(crate) target: DateCell,
    pub(crate) target_day: Day,
    pub(crate) created: Day,
    pub(crate) modified: Day,
    pub(crate) submitted: DateCell,
    pub(crate) decided: DateCell,
}

impl Opportunity {
    /// The `index`-th opportunity of `partner`.
    pub(crate) fn draw(partner: &Partner, index: u64, calendar: &Calendar, dice: &mut Dice) -> Self {
        let customer = Customer::new(partner, partner.customer_of(index));
        let stage = stage(partner, dice);
        let origin = if dice.happens(300) { AWS_REFERRAL } else { PARTNER_REFERRAL };
        let review_status = review_status(origin, stage, dice);
        let target_day = target_day(stage, calendar, dice);
        let created = created_day(target_day, calendar, dice);
        let (submitted, decided) = review_days(origin, review_status, created, calendar, dice);
        let terminal = stage == LAUNCHED || stage == CLOSED_LOST;
        let touched = if terminal { target_day } else { created + dice.between(0, 120) };
        Self {
            number: (!dice.happens(mess::NO_ID)).then(|| partner.opportunity_number(index)),
            customer,
            spelling: spelling(dice),
            masked: origin == AWS_REFERRAL && stage == STAGES[0] && dice.happens(mess::MASKED * 10),
            stage,
            review_status,
            origin,
            work: work(partner.practice, dice),
            solution: dice.pick(&["S-0051234", "S-0062210", "Other", ""]),
            delivery: dice.pick(&DELIVERY),
            programs: dice.pick(&PROGRAMS),
            kind: dice.pick(&["Net New Business", "Net New Business", "Expansion", "Flat Renewal"]),
            need: dice.pick(&NEEDS),
            revenue: revenue(dice),
            segment: segment(customer, dice),
            lost_because: if stage == CLOSED_LOST { dice.pick(&LOST) } else { "" },
            target: date_cell(target_day, dice),
            target_day,
            created,
            modified: touched.clamp(created, calendar.snapshot.max(created)),
            submitted,
            decided,
        }
    }
}

fn stage(partner: &Partner, dice: &mut Dice) -> &'static str {
    let draw = dice.below(1000);
    if draw < partner.launched {
        LAUNCHED
    } else if draw < partner.launched + 180 {
        CLOSED_LOST
    } else {
        dice.pick(&STAGES[..5])
    }
}

fn review_status(origin: &str, stage: &str, dice: &mut Dice) -> &'static str {
    if origin == AWS_REFERRAL || dice.happens(mess::NO_REVIEW_STATUS) {
        return "";
    }
    match (stage, dice.below(100)) {
        (_, 0) => "Rejected",
        (_, 1) => "Draft",
        (_, 2) => "Action Required",
        (_, 3) => "In Review",
        ("Prospect", 4..=30) => "Submitted",
        _ => "Approved",
    }
}

fn spelling(dice: &mut Dice) -> Spelling {
    if !dice.happens(mess::NAME_VARIANT) {
        return Spelling::Usual;
    }
    dice.pick(&[Spelling::Capitals, Spelling::WithoutLegalForm, Spelling::DoubleSpace])
}

/// A project that a partner of this practice does.
pub(crate) fn work(practice: Practice, dice: &mut Dice) -> Work {
    let own = dice.happens(700);
    match practice {
        Practice::ContactCenter if own => dice.pick(&CONTACT_WORK),
        Practice::Data if own => dice.pick(&DATA_WORK),
        _ => dice.pick(&GENERAL_WORK),
    }
}

/// Thresholds are $1,000 and $5,000 a year, which is 83.33⅓ and 416.66⅔ a month.
fn revenue(dice: &mut Dice) -> Option<u64> {
    if dice.happens(mess::NO_REVENUE) {
        return None;
    }
    if dice.happens(mess::EDGE_AMOUNT) {
        return Some(dice.pick(&[8_333, 8_334, 41_666, 41_667, 0, 500_000]));
    }
    let magnitude = dice.pick(&[5_000, 40_000, 80_000, 300_000, 2_000_000]);
    Some(u64::from(magnitude + dice.below(magnitude) / 50 * 50))
}

fn segment(customer: Customer, dice: &mut Dice) -> &'static str {
    if dice.happens(mess::NO_SEGMENT) {
        ""
    } else if dice.happens(mess::WRONG_SEGMENT) {
        dice.pick(&["SMB", "Enterprise", "Greenfield"])
    } else {
        customer.segment()
    }
}

/// Done deals lie in the last 30 months, many of them on the edge of a window; open ones end within a year, some
/// of them have let their date pass.
fn target_day(stage: &str, calendar: &Calendar, dice: &mut Dice) -> Day {
    if stage != LAUNCHED && stage != CLOSED_LOST {
        return calendar.snapshot + dice.between(-40, 330);
    }
    let edge = dice.pick(&calendar.edges);
    if dice.happens(mess::EDGE_DATE) && edge <= calendar.snapshot {
        return edge;
    }
    calendar.snapshot - dice.between(0, 900)
}

/// Before the target date and before the export, some on the edge of a window.
fn created_day(target: Day, calendar: &Calendar, dice: &mut Dice) -> Day {
    let latest = target.min(calendar.snapshot);
    let edge = dice.pick(&calendar.edges);
    if dice.happens(mess::EDGE_DATE) && edge <= latest {
        return edge;
    }
    latest - dice.between(0, 300)
}

fn review_days(origin: &str, status: &str, created: Day, calendar: &Calendar, dice: &mut Dice) -> (DateCell, DateCell) {
    let submitted = (created + dice.between(0, 10)).min(calendar.snapshot);
    let decided = (submitted + dice.between(1, 7)).min(calendar.snapshot);
    if origin == AWS_REFERRAL || matches!(status, "" | "Draft") {
        return (DateCell::Blank, DateCell::Blank);
    }
    match status {
        "Approved" | "Rejected" => (date_cell(submitted, dice), DateCell::Day(decided)),
        _ => (DateCell::Day(submitted), DateCell::Blank),
    }
}

fn date_cell(day: Day, dice: &mut Dice) -> DateCell {
    if dice.happens(mess::BAD_DATE) { DateCell::NoDate(dice.pick(&BAD_DATES)) } else { DateCell::Day(day) }
}
