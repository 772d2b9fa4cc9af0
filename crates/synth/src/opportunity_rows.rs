//! Opportunities as rows of the newest export and of the older export of open ones.

use crate::calendar::{Calendar, Day};
use crate::csv_bytes::{CsvBytes, push_amount, push_grouped, push_number};
use crate::customer::Spelling;
use crate::dice::Dice;
use crate::mess;
use crate::opportunity::{CLOSED_LOST, DateCell, LAUNCHED, Opportunity, STAGES};
use crate::partner::Partner;
use crate::words::{AWKWARD, CITIES, FAMILY, GIVEN, INDUSTRIES, SENTENCES};

/// What an export shows where an AWS referral has not been accepted.
const HIDDEN: &str = "Accept to View";

/// Columns of the newest export.
const COLUMNS: &str = "Opportunity id,Partner Id,Partner CRM Unique Identifier,Status,Stage,Opportunity Ownership,\
    Customer Company Name,Customer Website,Country,AWS Account ID,Segment,Partner Project Title,Use Case,AWS Products,\
    Solution Offered,Delivery Model,APN Programs,Opportunity Type,Partner Primary Need from AWS,\
    Estimated AWS Monthly Recurring Revenue,Target Close Date,Date Created,Last Updated Date,Date Submitted,\
    Date Approved/Rejected,Closed Reason,Next Step,Created By,Primary Contact Name,AWS Sales Rep Name,\
    Customer Business Problem";

/// Columns that no rule reads, added where rows are to have a stated size.
const WIDE_COLUMNS: &str = "Customer Email,Industry Vertical,Industry Other,Sub Use Case,Other Solution Offered,\
    Competitive Tracking,Other Competitors,Is Opportunity from Marketing Activity?,\
    Was Marketing Development Funds Used?,Marketing Campaign,Marketing Activity Channel,Marketing Activity Use-Case,\
    Sales Activities,Street Address,City,State/Province,Postal Code,Partner Owner,Primary Contact Email,\
    Primary Contact Title,Customer First Name,Customer Last Name,Customer Title,Customer Phone,AWS Sales Rep Email,\
    Additional Comments";

/// Columns of the older export.
pub(crate) const OLDER_HEADER: &str = "Opportunity id,Partner Id,Status,Stage,Opportunity Ownership,\
    Customer Company Name,Estimated AWS Monthly Recurring Revenue,Target Close Date,Date Created,Last Updated Date";

/// The header of the newest export.
pub(crate) fn header(row_bytes: Option<u32>) -> String {
    if row_bytes.is_some() { format!("{COLUMNS},{WIDE_COLUMNS}") } else { COLUMNS.to_owned() }
}

/// Writes opportunities; keeps the buffers that rows share.
pub(crate) struct Writer<'a> {
    calendar: &'a Calendar,
    row_bytes: Option<u32>,
    name: String,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(calendar: &'a Calendar, row_bytes: Option<u32>) -> Self {
        Self { calendar, row_bytes, name: String::new() }
    }

    /// One row of the newest export.
    pub(crate) fn newest(&mut self, partner: &Partner, deal: &Opportunity, dice: &mut Dice, csv: &mut CsvBytes) {
        self.usual(partner, deal, dice, csv);
        self.long_text(50, WIDE_BYTES, csv);
        if self.row_bytes.is_some() {
            self.wide(deal, dice, csv);
        }
        csv.end_row();
    }

    /// The columns of every newest export but the long text at their end.
    pub(crate) fn usual(&mut self, partner: &Partner, deal: &Opportunity, dice: &mut Dice, csv: &mut CsvBytes) {
        push_opportunity_id(deal.number, csv);
        partner.push_id(csv.field());
        crm_id(deal, csv);
        csv.plain(deal.review_status);
        csv.plain(deal.stage);
        csv.plain(deal.origin);
        self.customer(deal, dice, csv);
        project(deal, csv);
        amount(deal, dice, csv);
        self.dates(deal, csv);
        remarks(deal, dice, csv);
    }

    /// One row of the older export, in which the deal had not come as far.
    pub(crate) fn older(&mut self, partner: &Partner, deal: &Opportunity, dice: &mut Dice, csv: &mut CsvBytes) {
        let furthest = STAGES.iter().position(|stage| *stage == deal.stage).unwrap_or(0).min(5) as u32;
        push_opportunity_id(deal.number, csv);
        partner.push_id(csv.field());
        csv.plain(deal.review_status);
        csv.plain(STAGES[dice.below(furthest) as usize]);
        csv.plain(deal.origin);
        deal.customer.spell(deal.spelling, &mut self.name);
        csv.text(&self.name);
        match deal.revenue {
            Some(cents) => push_amount(csv.field(), cents),
            None => csv.blank(),
        }
        self.date(DateCell::Day(deal.target_day + dice.between(-30, 30)), csv);
        self.date(DateCell::Day(deal.created), csv);
        self.date(DateCell::Day(deal.modified.min(self.calendar.older)), csv);
        csv.end_row();
    }

    fn customer(&mut self, deal: &Opportunity, dice: &mut Dice, csv: &mut CsvBytes) {
        if deal.masked {
            (0..5).for_each(|_| csv.plain(HIDDEN));
            return;
        }
        deal.customer.spell(deal.spelling, &mut self.name);
        csv.text(&self.name);
        let website = csv.field();
        website.extend_from_slice(dice.pick(&[&b"https://www."[..], b"http://", b"www.", b""]));
        deal.customer.push_domain(website);
        csv.plain(deal.customer.country());
        account(deal, dice, csv);
        csv.plain(deal.segment);
    }

    fn dates(&self, deal: &Opportunity, csv: &mut CsvBytes) {
        let days =
            [deal.target, DateCell::Day(deal.created), DateCell::Day(deal.modified), deal.submitted, deal.decided];
        days.into_iter().for_each(|day| self.date(day, csv));
    }

    fn date(&self, cell: DateCell, csv: &mut CsvBytes) {
        match cell {
            DateCell::Day(day) => csv.field().extend_from_slice(self.calendar.slashes(day)),
            DateCell::Blank => csv.blank(),
            DateCell::NoDate(text) => csv.plain(text),
        }
    }

    /// A long text that takes `percent` of what the row still lacks once `reserved` bytes are written after it; one
    /// sentence where rows have no stated size.
    fn long_text(&self, percent: usize, reserved: usize, csv: &mut CsvBytes) {
        let wanted = self.row_bytes.map_or(0, |bytes| bytes as usize).saturating_sub(csv.row_len() + reserved);
        let mut left = (wanted * percent / 100).max(1);
        let first = csv.row_len() % SENTENCES.len();
        let sentences = SENTENCES.iter().cycle().skip(first).take_while(|sentence| {
            let more = left > 0;
            left = left.saturating_sub(sentence.len());
            more
        });
        csv.quoted(sentences.copied());
    }

    fn wide(&self, deal: &Opportunity, dice: &mut Dice, csv: &mut CsvBytes) {
        business(deal, dice, csv);
        place(dice, csv);
        contacts(deal, dice, csv);
        self.long_text(100, 0, csv);
    }
}

/// Bytes that the columns of [`WIDE_COLUMNS`] take without the last one.
const WIDE_BYTES: usize = 400;

/// From Customer Email to Sales Activities.
fn business(deal: &Opportunity, dice: &mut Dice, csv: &mut CsvBytes) {
    address(deal, csv);
    csv.plain(dice.pick(&INDUSTRIES));
    csv.blank();
    csv.plain(dice.pick(&["", "", "Backup & Restore", "Modernization"]));
    csv.plain(if deal.solution == "Other" { "Built for this customer" } else { "" });
    csv.plain(dice.pick(&["", "Microsoft Azure", "On-Prem", "No Competition", "*Other"]));
    csv.blank();
    (0..2).for_each(|_| csv.plain(dice.pick(&["No", "No", "Yes", ""])));
    csv.plain(dice.pick(&["", "", "", "Spring campaign of the partner"]));
    csv.plain(dice.pick(&["", "Email;Live Event", "Virtual Event"]));
    csv.plain(dice.pick(&["", "Migration & Transfer", "Storage;Databases"]));
    csv.plain(dice.pick(&["Initialized discussions with customer", "SOW Signed;Conducted POC / Demo"]));
}

/// From Street Address to Postal Code.
fn place(dice: &mut Dice, csv: &mut CsvBytes) {
    let street = csv.field();
    push_number(street, u64::from(dice.below(400)) + 1, 1);
    street.extend_from_slice(b" Invented Street");
    csv.plain(dice.pick(&CITIES));
    csv.plain(dice.pick(&["", "Ohio", "Texas", "Oregon"]));
    push_number(csv.field(), u64::from(dice.below(100_000)), 5);
}

/// From Partner Owner to AWS Sales Rep Email.
fn contacts(deal: &Opportunity, dice: &mut Dice, csv: &mut CsvBytes) {
    person(dice, csv);
    csv.plain("sales@partner.example");
    csv.plain("Account Manager");
    csv.plain(if deal.masked { HIDDEN } else { dice.pick(&GIVEN) });
    csv.plain(if deal.masked { HIDDEN } else { dice.pick(&FAMILY) });
    csv.plain(dice.pick(&["Owner", "Head of IT", "CFO", ""]));
    phone(dice, csv);
    csv.plain("rep@aws.example");
}

fn address(deal: &Opportunity, csv: &mut CsvBytes) {
    if deal.masked {
        return csv.plain(HIDDEN);
    }
    push_address(deal, csv);
}

/// `office@alderpointbakery.example`
pub(crate) fn push_address(deal: &Opportunity, csv: &mut CsvBytes) {
    let field = csv.field();
    field.extend_from_slice(b"office@");
    deal.customer.push_domain(field);
}

/// 555-0100 to 555-0199 are nobody's numbers.
pub(crate) fn phone(dice: &mut Dice, csv: &mut CsvBytes) {
    let field = csv.field();
    field.extend_from_slice(b"+1 202 555 01");
    push_number(field, u64::from(dice.below(100)), 2);
}

pub(crate) fn person(dice: &mut Dice, csv: &mut CsvBytes) {
    let name = csv.field();
    name.extend_from_slice(dice.pick(&GIVEN).as_bytes());
    name.push(b' ');
    name.extend_from_slice(dice.pick(&FAMILY).as_bytes());
}

pub(crate) fn push_opportunity_id(number: Option<u64>, csv: &mut CsvBytes) {
    let field = csv.field();
    if let Some(number) = number {
        field.push(b'O');
        push_number(field, number, 1);
    }
}

fn crm_id(deal: &Opportunity, csv: &mut CsvBytes) {
    let field = csv.field();
    if let Some(number) = deal.number.filter(|number| number % 3 > 0) {
        field.extend_from_slice(b"CRM-");
        push_number(field, number, 8);
    }
}

fn account(deal: &Opportunity, dice: &mut Dice, csv: &mut CsvBytes) {
    let known = if deal.stage == LAUNCHED { !dice.happens(mess::NO_ACCOUNT) } else { dice.happens(200) };
    let field = csv.field();
    if !known {
        return;
    }
    let account = deal.customer.account();
    if !dice.happens(mess::ODD_ACCOUNT) {
        return push_number(field, account, 12);
    }
    let separator = dice.pick(b" -");
    push_number(field, account / 100_000_000, 4);
    field.push(separator);
    push_number(field, account / 10_000 % 10_000, 4);
    field.push(separator);
    push_number(field, account % 10_000, 4);
}

fn project(deal: &Opportunity, csv: &mut CsvBytes) {
    csv.plain(deal.work.title);
    csv.text(deal.work.use_case);
    csv.plain(if deal.masked { "" } else { deal.work.products });
    csv.plain(deal.solution);
    csv.plain(deal.delivery);
    csv.plain(deal.programs);
    csv.plain(deal.kind);
    csv.plain(deal.need);
}

/// `$1,250.00`, `1250.00` or `1250`, as people and tools write it; never a decimal comma.
fn amount(deal: &Opportunity, dice: &mut Dice, csv: &mut CsvBytes) {
    let Some(cents) = deal.revenue else { return csv.blank() };
    if dice.happens(500) {
        return push_amount(csv.field(), cents);
    }
    let quote = cents >= 100_000;
    let field = csv.field();
    field.extend_from_slice(if quote { b"\"$" } else { b"$" });
    push_grouped(field, cents);
    field.extend_from_slice(if quote { b"\"" } else { b"" });
}

fn remarks(deal: &Opportunity, dice: &mut Dice, csv: &mut CsvBytes) {
    csv.plain(deal.lost_because);
    if dice.happens(mess::AWKWARD_TEXT) {
        csv.text(dice.pick(&AWKWARD));
    } else {
        csv.plain(dice.pick(&["", "", "Call", "Send an estimate"]));
    }
    (0..3).for_each(|_| person(dice, csv));
}

/// Whether the older export of open opportunities shows the deal, and it was not yet where it is now.
pub(crate) fn was_open(deal: &Opportunity, older: Day) -> bool {
    let ended = deal.stage == LAUNCHED || deal.stage == CLOSED_LOST;
    let still_open = !ended || deal.target_day > older;
    deal.created < older && still_open && deal.stage != STAGES[0] && !deal.masked && deal.spelling == Spelling::Usual
}
