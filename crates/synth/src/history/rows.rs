//! Opportunities as rows of a snapshot: what moves, as of the day, between facts that never change.

use crate::calendar::{Calendar, Day};
use crate::csv_bytes::{CsvBytes, push_amount, push_number};
use crate::customer::{Customer, Spelling};
use crate::dice::{Dice, Topic, mix};
use crate::history::life::{Life, Shown};
use crate::opportunity::{AWS_REFERRAL, CLOSED_LOST, LAUNCHED, work};
use crate::opportunity_rows::push_opportunity_id;
use crate::partner::Partner;
use crate::words::{LOST, NEEDS, Work};

/// Columns of a snapshot: those of Partner Central that rules and people look at.
pub(super) const HEADER: &str = "Opportunity id,Partner Id,Status,Stage,Opportunity Ownership,Customer Company Name,\
    Customer Website,Country,AWS Account ID,Segment,Partner Project Title,Use Case,AWS Products,Opportunity Type,\
    Partner Primary Need from AWS,Estimated AWS Monthly Recurring Revenue,Target Close Date,Date Created,\
    Last Updated Date,Date Submitted,Date Approved/Rejected,Closed Reason";

/// What stays the same in every snapshot. Nothing is missing or misspelt, so that the truth about a deal is the truth
/// about its row.
struct Facts {
    customer: Customer,
    name: String,
    /// Whether the customer's account is given before the launch too.
    account_early: bool,
    work: Work,
    kind: &'static str,
    need: &'static str,
    /// Monthly recurring revenue in US cents; five in six are above the limit of $5,000 a year.
    revenue: u64,
    lost_because: &'static str,
    submitted: Day,
    decided: Day,
}

impl Facts {
    fn new(partner: &Partner, index: u64, life: &Life) -> Self {
        let mut dice = Dice::new(mix(partner.key, index), partner.number, Topic::Facts);
        let customer = Customer::new(partner, partner.customer_of(index));
        let mut name = String::new();
        customer.spell(Spelling::Usual, &mut name);
        let magnitude = dice.pick(&[20_000, 50_000, 80_000, 120_000, 300_000, 2_000_000]);
        let submitted = life.created + dice.between(0, 3);
        Self {
            customer,
            name,
            account_early: dice.happens(200),
            work: work(partner.practice, &mut dice),
            kind: dice.pick(&["Net New Business", "Net New Business", "Expansion", "Flat Renewal"]),
            need: dice.pick(&NEEDS),
            revenue: u64::from(magnitude + dice.below(magnitude) / 50 * 50),
            lost_because: dice.pick(&LOST),
            submitted,
            decided: submitted + dice.between(1, 7),
        }
    }
}

/// The opportunities of one partner, to be shown on any day.
pub(super) struct Rows<'a> {
    partner: &'a Partner,
    calendar: &'a Calendar,
    deals: Vec<(u64, &'a Life, Facts)>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(partner: &'a Partner, lives: &'a [Life], calendar: &'a Calendar) -> Self {
        let deals = (0..).zip(lives).map(|(index, life)| (index, life, Facts::new(partner, index, life)));
        Self { partner, calendar, deals: deals.collect() }
    }

    /// Writes every opportunity created by `day` as it was on that day; returns the number of rows.
    pub(super) fn on(&self, day: Day, csv: &mut CsvBytes) -> u64 {
        let mut rows = 0;
        for (index, life, facts) in &self.deals {
            let Some(shown) = life.on(day) else { continue };
            push_opportunity_id(Some(self.partner.opportunity_number(*index)), csv);
            self.partner.push_id(csv.field());
            csv.plain(status(life, facts, day));
            csv.plain(shown.stage);
            csv.plain(life.origin);
            customer(facts, shown, csv);
            project(facts, csv);
            self.dates(life, facts, (shown, day), csv);
            csv.plain(if shown.stage == CLOSED_LOST { facts.lost_because } else { "" });
            csv.end_row();
            rows += 1;
        }
        rows
    }

    /// From Target Close Date to Date Approved/Rejected.
    fn dates(&self, life: &Life, facts: &Facts, (shown, day): (Shown, Day), csv: &mut CsvBytes) {
        let reviewed = [facts.submitted, facts.decided].map(|date| by(date, day, life));
        let touched = reviewed.into_iter().flatten().fold(shown.day, Day::max);
        let dates = [Some(shown.target), Some(life.created), Some(touched), reviewed[0], reviewed[1]];
        for date in dates {
            let field = csv.field();
            if let Some(date) = date {
                field.extend_from_slice(self.calendar.slashes(date));
            }
        }
    }
}

/// A date of the review, if it is past; AWS does not review what it brings itself.
fn by(date: Day, day: Day, life: &Life) -> Option<Day> {
    (date <= day && life.origin != AWS_REFERRAL).then_some(date)
}

fn status(life: &Life, facts: &Facts, day: Day) -> &'static str {
    match (by(facts.submitted, day, life), by(facts.decided, day, life)) {
        _ if life.origin == AWS_REFERRAL => "",
        (_, Some(_)) => "Approved",
        (Some(_), None) => "Submitted",
        (None, None) => "Draft",
    }
}

/// From Customer Company Name to Segment.
fn customer(facts: &Facts, shown: Shown, csv: &mut CsvBytes) {
    csv.text(&facts.name);
    let website = csv.field();
    website.extend_from_slice(b"www.");
    facts.customer.push_domain(website);
    csv.plain(facts.customer.country());
    if shown.stage == LAUNCHED || facts.account_early {
        push_number(csv.field(), facts.customer.account(), 12);
    } else {
        csv.blank();
    }
    csv.plain(facts.customer.segment());
}

/// From Partner Project Title to the monthly revenue.
fn project(facts: &Facts, csv: &mut CsvBytes) {
    csv.plain(facts.work.title);
    csv.text(facts.work.use_case);
    csv.plain(facts.work.products);
    csv.plain(facts.kind);
    csv.plain(facts.need);
    push_amount(csv.field(), facts.revenue);
}
