//! Case studies of a partner for the program it is after.

use crate::calendar::Calendar;
use crate::csv_bytes::{CsvBytes, push_amount, push_number};
use crate::customer::{Customer, Spelling};
use crate::dice::{Dice, Topic};
use crate::opportunity_rows::push_opportunity_id;
use crate::partner::{Partner, Practice};

/// Header of the list of case studies.
pub(crate) const HEADER: &str = "Partner Id,Case Study Id,Customer,Customer AWS Account ID,Programs,Category,Title,\
    Public,URL,Status,Deployed Date,Still Active,ACE Opportunity ID,AWS Services,Features,Agents,AWS MRR (USD),\
    Primary Delivery Partner,Architecture Diagram,KPIs,Migration,WAFR High Risk Issues";

/// Programs that a partner is after, as a list cell.
pub(crate) fn programs(practice: Practice) -> &'static str {
    match practice {
        Practice::SmallBusiness => "smb",
        Practice::ContactCenter => "amazon-connect-delivery;amazon-connect-customer",
        Practice::Data => "data-analytics",
        Practice::Software => "dcx-technology",
    }
}

/// Number of case studies of `partner`, 2 to 6.
pub(crate) fn count(partner: &Partner) -> u64 {
    2 + crate::dice::mix(partner.key, 77) % 5
}

/// Id of a partner's `index`-th case study.
pub(crate) fn push_id(index: u64, csv: &mut CsvBytes) {
    let field = csv.field();
    field.extend_from_slice(b"CS-");
    push_number(field, index + 1, 2);
}

/// Writes the case studies of `partner`.
pub(crate) fn write(partner: &Partner, calendar: &Calendar, csv: &mut CsvBytes) -> u64 {
    let mut dice = partner.dice(Topic::CaseStudies);
    let mut name = String::new();
    for index in 0..count(partner) {
        let deal = u64::from(dice.below(partner.opportunities.clamp(1, 1_000_000) as u32));
        let customer = Customer::new(partner, partner.customer_of(deal));
        partner.push_id(csv.field());
        push_id(index, csv);
        customer.spell(Spelling::Usual, &mut name);
        csv.text(&name);
        push_number(csv.field(), customer.account(), 12);
        csv.plain(programs(partner.practice));
        csv.plain(category(partner.practice, &mut dice));
        publication(partner, index, &mut dice, csv);
        csv.plain(dice.pick(&["Production", "Production", "Production", "Production", "Pilot"]));
        csv.field()
            .extend_from_slice(calendar.iso(crate::people::past_day(calendar, &mut dice).max(calendar.as_of - 620)));
        csv.plain(dice.pick(&["Yes", "Yes", "Yes", "No"]));
        let known = partner.opportunities > 0 && !dice.happens(80);
        push_opportunity_id(known.then(|| partner.opportunity_number(deal)), csv);
        substance(partner.practice, &mut dice, csv);
        csv.end_row();
    }
    count(partner)
}

fn category(practice: Practice, dice: &mut Dice) -> &'static str {
    if practice != Practice::ContactCenter {
        return "";
    }
    dice.pick(&["Contact Center Transformation", "AI-Powered Customer Experience"])
}

/// Title, Public, URL.
fn publication(partner: &Partner, index: u64, dice: &mut Dice, csv: &mut CsvBytes) {
    csv.text(dice.pick(&["How it went", "From the cellar to the cloud", "Fast, safe, cheap", "A \"small\" move"]));
    let public = dice.happens(600);
    csv.plain(if public { "Yes" } else { "No" });
    let url = csv.field();
    if public && !dice.happens(60) {
        url.extend_from_slice(b"https://www.partner");
        push_number(url, u64::from(partner.number), 1);
        url.extend_from_slice(b".example/stories/");
        push_number(url, index + 1, 1);
    }
}

/// From AWS Services to WAFR High Risk Issues.
fn substance(practice: Practice, dice: &mut Dice, csv: &mut CsvBytes) {
    csv.plain(dice.pick(&["Amazon Redshift;AWS Glue", "Amazon S3;AWS Lambda", "Amazon Athena", "AWS Lambda"]));
    if practice == Practice::ContactCenter {
        let features = ["Voice;Native CCP;Contact Lens", "Voice;Chat;Agent Workspace;Contact Lens", "Chat;Tasks", ""];
        csv.plain(dice.pick(&features));
        csv.plain(dice.pick(&["240", "50", "49", ""]));
    } else {
        (0..2).for_each(|_| csv.blank());
    }
    match dice.happens(200) {
        true => csv.blank(),
        false => push_amount(csv.field(), u64::from(dice.pick(&[500_000u32, 499_999, 120_000, 820_000]))),
    }
    csv.plain(dice.pick(&["Yes", "Yes", "Yes", "No"]));
    csv.plain(dice.pick(&["Yes", "Yes", "Yes", "Yes", "No", ""]));
    csv.plain(dice.pick(&["2", "3", "1", ""]));
    csv.plain(dice.pick(&["Yes", "No"]));
    csv.plain(dice.pick(&["0", "", "2", ""]));
}
