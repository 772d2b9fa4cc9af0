//! One wide export: a single file of opportunities with 68 columns, many blank cells and long texts.
//!
//! The first 31 columns are those of the world's exports. The others are what Partner Central adds for people: most
//! are known and ignored by the mapping, four are read by it (DUNS, parent, AWS stage and close date), six are known to
//! no mapping. How often a cell is filled stands beside the column.

use crate::calendar::Calendar;
use crate::csv_bytes::{CsvBytes, push_number};
use crate::dice::{Dice, Topic};
use crate::mess;
use crate::opportunity::{CLOSED_LOST, Opportunity, STAGES};
use crate::opportunity_rows::{Writer, header as world_header, person, phone, push_address};
use crate::partner::Partner;
use crate::sheet::{Naming, Sheet};
use crate::words::{CITIES, FAMILY, GIVEN, INDUSTRIES, PARAGRAPHS};
use crate::{Create, Spec, Summary, SynthError};

/// Bytes of a row when nothing else is asked for.
const ROW_BYTES: u32 = 1400;

/// Bytes that a row takes on average without its three long texts.
const SHORT_BYTES: u32 = 730;

/// Columns after those of the world's exports.
const COLUMNS: &str = "Customer Email,Industry Vertical,Industry Other,Sub Use Case,Other Solution Offered,\
    Competitive Tracking,Other Competitors,Is Opportunity from Marketing Activity?,\
    Was Marketing Development Funds Used?,Marketing Campaign,Marketing Activity Channel,Marketing Activity Use-Case,\
    Sales Activities,Street Address,City,State/Province,Postal Code,Primary Contact Email,Primary Contact Title,\
    Customer First Name,Customer Last Name,Customer Title,Customer Phone,AWS Sales Rep Email,Opportunity Owner Email,\
    Partner Owner,Customer DUNS,Parent Opportunity ID,AWS Stage,AWS Close Date,Contract Vehicle,\
    RFx/Public Tender Solicitation No.,Procurement Type,Lead Source,Biz Unit,Project Description/Business Need,\
    Additional Comments";

/// Writes the one file.
pub(crate) fn write(spec: &Spec, create: &mut Create<'_>) -> Result<Summary, SynthError> {
    let calendar = Calendar::new(spec.as_of);
    let day = String::from_utf8_lossy(calendar.iso(calendar.snapshot)).into_owned();
    let stem = format!("partner-central/{day}/export");
    let header = format!("{},{COLUMNS}", world_header(None));
    let mut sheet = Sheet::new(stem, Naming::Single, header, create)?;
    let mut rows = Rows::new(&calendar, spec.row_bytes.unwrap_or(ROW_BYTES));
    for number in 1..=spec.partners {
        rows.of_partner(&Partner::new(spec, number), &mut sheet, create)?;
    }
    Ok(Summary { files: sheet.finish()? })
}

/// Writes rows; keeps what they share.
struct Rows<'a> {
    calendar: &'a Calendar,
    writer: Writer<'a>,
    /// Bytes of the three long texts together, on average.
    text_bytes: u32,
}

impl<'a> Rows<'a> {
    fn new(calendar: &'a Calendar, row_bytes: u32) -> Self {
        let text_bytes = row_bytes.saturating_sub(SHORT_BYTES);
        Self { calendar, writer: Writer::new(calendar, None), text_bytes }
    }

    fn of_partner(&mut self, partner: &Partner, sheet: &mut Sheet, create: &mut Create<'_>) -> Result<(), SynthError> {
        let mut dice = partner.dice(Topic::WideExport);
        let mut index = 0;
        while index < partner.opportunities {
            let deal = Opportunity::draw(partner, index, self.calendar, &mut dice);
            let csv = sheet.room(create)?;
            self.row(partner, &deal, &mut dice, csv);
            index += 1;
            let repeated = index < partner.opportunities && dice.happens(mess::REPEATED);
            if repeated {
                csv.repeat_row();
                index += 1;
            }
            sheet.rows_added(if repeated { 2 } else { 1 })?;
        }
        Ok(())
    }

    fn row(&mut self, partner: &Partner, deal: &Opportunity, dice: &mut Dice, csv: &mut CsvBytes) {
        self.writer.usual(partner, deal, dice, csv);
        self.long_text(950, 40, dice, csv);
        business(deal, dice, csv);
        place(dice, csv);
        people(deal, dice, csv);
        self.seen_by_aws(deal, dice, csv);
        contract(dice, csv);
        self.long_text(600, 45, dice, csv);
        self.long_text(350, 15, dice, csv);
        csv.end_row();
    }

    /// From Customer DUNS to AWS Close Date: what the mapping reads.
    fn seen_by_aws(&self, deal: &Opportunity, dice: &mut Dice, csv: &mut CsvBytes) {
        match !deal.masked && dice.happens(150) {
            true => push_number(csv.field(), deal.customer.account() % 1_000_000_000, 9),
            false => csv.blank(),
        }
        let parent = deal.number.filter(|number| deal.kind != "Net New Business" && number % 2 == 0);
        match parent {
            Some(number) => push_number(opportunity(csv), number - 1, 1),
            None => csv.blank(),
        }
        let open = deal.stage != CLOSED_LOST && deal.stage != STAGES[0];
        let shown = open && dice.happens(400);
        csv.plain(if shown { deal.stage } else { "" });
        match shown && dice.happens(500) {
            true => csv.field().extend_from_slice(self.calendar.slashes(deal.target_day + dice.between(-20, 60))),
            false => csv.blank(),
        }
    }

    /// A text in `per_mille` of the rows that takes `percent` of the bytes for long texts on average over all rows; its
    /// length varies from a sentence to twice the average.
    fn long_text(&self, per_mille: u32, percent: u32, dice: &mut Dice, csv: &mut CsvBytes) {
        if !dice.happens(per_mille) {
            return csv.blank();
        }
        let average = self.text_bytes * percent / 100 * 1000 / per_mille;
        let mut left = dice.below(2 * average + 1) as usize;
        csv.quoted(std::iter::from_fn(|| {
            let sentence = (left > 0).then(|| dice.pick(&PARAGRAPHS))?;
            left = left.saturating_sub(sentence.len());
            Some(sentence)
        }));
    }
}

fn opportunity(csv: &mut CsvBytes) -> &mut Vec<u8> {
    let field = csv.field();
    field.push(b'O');
    field
}

/// One of `choices` in `per_mille` of the rows, else blank.
fn at_times(per_mille: u32, choices: &[&str], dice: &mut Dice, csv: &mut CsvBytes) {
    if dice.happens(per_mille) { csv.text(dice.pick(choices)) } else { csv.blank() }
}

/// From Customer Email to Sales Activities.
fn business(deal: &Opportunity, dice: &mut Dice, csv: &mut CsvBytes) {
    match deal.masked || dice.happens(400) {
        true => csv.blank(),
        false => push_address(deal, csv),
    }
    at_times(970, &INDUSTRIES, dice, csv);
    at_times(40, &["Veterinary practices", "Boat yards, dry docks"], dice, csv);
    at_times(450, &["Backup & Restore", "Modernization", "Disaster recovery, archive"], dice, csv);
    csv.plain(if deal.solution == "Other" { "Built for this customer" } else { "" });
    at_times(600, &["Microsoft Azure", "On-Prem", "No Competition", "*Other"], dice, csv);
    at_times(60, &["A host in the next town", "\"Nothing at all\""], dice, csv);
    at_times(980, &["No", "No", "No", "Yes"], dice, csv);
    at_times(250, &["No", "No", "Yes"], dice, csv);
    at_times(120, &["Spring campaign of the partner", "Autumn, second wave"], dice, csv);
    at_times(120, &["Email;Live Event", "Virtual Event", "Telemarketing"], dice, csv);
    at_times(120, &["Migration & Transfer", "Storage;Databases"], dice, csv);
    at_times(550, &["Initialized discussions with customer", "SOW Signed;Conducted POC / Demo"], dice, csv);
}

/// From Street Address to Postal Code.
fn place(dice: &mut Dice, csv: &mut CsvBytes) {
    if dice.happens(500) {
        return (0..4).for_each(|_| csv.blank());
    }
    let street = csv.field();
    push_number(street, u64::from(dice.below(400)) + 1, 1);
    street.extend_from_slice(b" Invented Street");
    csv.plain(dice.pick(&CITIES));
    at_times(400, &["Ohio", "Texas", "Oregon", "New South Wales"], dice, csv);
    push_number(csv.field(), u64::from(dice.below(100_000)), 5);
}

/// From Primary Contact Email to Partner Owner.
fn people(deal: &Opportunity, dice: &mut Dice, csv: &mut CsvBytes) {
    at_times(900, &["sales@partner.example", "deals.emea@partner.example"], dice, csv);
    at_times(500, &["Account Manager", "Head of Sales, North", "Solutions Architect"], dice, csv);
    match deal.masked || dice.happens(450) {
        true => (0..4).for_each(|_| csv.blank()),
        false => customer_contact(dice, csv),
    }
    at_times(550, &["rep@aws.example", "field.team@aws.example"], dice, csv);
    csv.plain("owner@partner.example");
    person(dice, csv);
}

/// From Customer First Name to Customer Phone.
fn customer_contact(dice: &mut Dice, csv: &mut CsvBytes) {
    csv.plain(dice.pick(&GIVEN));
    csv.plain(dice.pick(&FAMILY));
    at_times(700, &["Owner", "Head of IT", "CFO", "Director, Operations"], dice, csv);
    phone(dice, csv);
}

/// From Contract Vehicle to Biz Unit.
fn contract(dice: &mut Dice, csv: &mut CsvBytes) {
    at_times(30, &["Framework 7", "Schedule 70"], dice, csv);
    at_times(20, &["2026/114-B", "RFP 88, lot 2"], dice, csv);
    at_times(150, &["Channel Partner Private Offer", "Direct"], dice, csv);
    at_times(500, &["Referral", "Event", "Web", "Cold call"], dice, csv);
    at_times(100, &["Cloud services", "Managed services, Baltic"], dice, csv);
}
