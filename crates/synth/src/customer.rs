//! A partner's customers: facts that come out the same wherever a customer is mentioned.

use crate::csv_bytes::{CsvBytes, push_amount, push_number};
use crate::dice::{Dice, Topic, mix};
use crate::mess;
use crate::partner::Partner;
use crate::words::{COUNTRIES, LEGAL, NAME_FIRST, NAME_SECOND};

/// One customer of one partner.
#[derive(Clone, Copy)]
pub(crate) struct Customer {
    index: u64,
    facts: u64,
    small: bool,
}

/// How a name is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    Usual,
    Capitals,
    WithoutLegalForm,
    DoubleSpace,
}

impl Customer {
    pub(crate) fn new(partner: &Partner, index: u64) -> Self {
        let facts = mix(partner.key, index);
        Self { index, facts, small: facts % 1000 < u64::from(partner.small) }
    }

    fn fact(self, number: u64, choices: u64) -> u64 {
        mix(self.facts, number) % choices
    }

    fn stem(self) -> (&'static str, &'static str, u64) {
        let first = NAME_FIRST[(self.index % 64) as usize];
        let second = NAME_SECOND[((self.index / 64 + self.index) % 32) as usize];
        (first, second, self.index / 2048)
    }

    /// Replaces `name` by the customer's name.
    pub(crate) fn spell(self, spelling: Spelling, name: &mut String) {
        let (first, second, number) = self.stem();
        name.clear();
        name.push_str(first);
        name.push_str(if spelling == Spelling::DoubleSpace { "  " } else { " " });
        name.push_str(second);
        if number > 0 {
            name.push(' ');
            push_decimal(name, number);
        }
        if spelling != Spelling::WithoutLegalForm {
            name.push_str(LEGAL[self.fact(1, 8) as usize]);
        }
        if spelling == Spelling::Capitals {
            *name = name.to_uppercase();
        }
    }

    /// Appends `alderpointbakery.example`; no two customers of a partner share a domain.
    pub(crate) fn push_domain(self, bytes: &mut Vec<u8>) {
        let (first, second, number) = self.stem();
        let letters = first.bytes().chain(second.bytes()).filter(u8::is_ascii_alphabetic);
        bytes.extend(letters.map(|letter| letter.to_ascii_lowercase()));
        if number > 0 {
            push_number(bytes, number, 1);
        }
        bytes.extend_from_slice(b".example");
    }

    /// AWS account id, 12 digits; some begin with 0.
    pub(crate) fn account(self) -> u64 {
        self.fact(2, 1_000_000_000_000)
    }

    pub(crate) fn country(self) -> &'static str {
        COUNTRIES[self.fact(3, 10) as usize]
    }

    /// Annual revenue in US cents; some a cent beside the limit of 100 million dollars.
    pub(crate) fn revenue(self) -> u64 {
        const LIMIT: u64 = 10_000_000_000;
        match (self.fact(4, 50), self.small) {
            (0, _) => LIMIT,
            (1, _) => LIMIT - 1,
            (_, true) => 50_000_000 + self.fact(5, 9_000_000_000),
            (_, false) => LIMIT + self.fact(5, 400_000_000_000),
        }
    }

    /// Number of employees; some exactly at the limit of 500.
    pub(crate) fn employees(self) -> u64 {
        match (self.fact(6, 40), self.small) {
            (0, _) => 500,
            (1, _) => 499,
            (_, true) => 3 + self.fact(7, 460),
            (_, false) => 200 + self.fact(7, 20_000),
        }
    }

    pub(crate) fn kind(self) -> &'static str {
        match self.fact(8, 30) {
            0 => "Startup",
            1 => "ISV",
            2 => "Digital Native Business",
            _ => "Other",
        }
    }

    /// The segment that fits the figures.
    pub(crate) fn segment(self) -> &'static str {
        match self.kind() {
            "Other" if self.revenue() < 10_000_000_000 => "SMB",
            "Other" if self.revenue() < 100_000_000_000 => "Mid-Market",
            "Other" => "Enterprise",
            other => other,
        }
    }
}

fn push_decimal(text: &mut String, number: u64) {
    let mut digits = Vec::with_capacity(20);
    push_number(&mut digits, number, 1);
    text.extend(digits.iter().map(|digit| char::from(*digit)));
}

/// Header of the customer roster.
pub(crate) const HEADER: &str =
    "Partner Id,Customer,Website,AWS Account ID,DUNS,Country,Segment,Annual Revenue (USD),Employees,Customer Type";

/// Writes the roster of `partner`'s customers.
pub(crate) fn write_roster(partner: &Partner, csv: &mut CsvBytes) -> u64 {
    let mut dice = partner.dice(Topic::Customers);
    let mut name = String::new();
    let mut rows = 0;
    for index in 0..partner.customers {
        if !dice.happens(mess::UNLISTED_CUSTOMER) {
            write_row(partner, Customer::new(partner, index), &mut dice, &mut name, csv);
            rows += 1;
        }
    }
    rows
}

fn write_row(partner: &Partner, customer: Customer, dice: &mut Dice, name: &mut String, csv: &mut CsvBytes) {
    partner.push_id(csv.field());
    customer.spell(Spelling::Usual, name);
    csv.text(name);
    customer.push_domain(csv.field());
    match dice.happens(300) {
        true => csv.blank(),
        false => push_number(csv.field(), customer.account(), 12),
    }
    csv.blank();
    csv.plain(customer.country());
    csv.plain(if dice.happens(700) { "" } else { customer.segment() });
    match dice.happens(mess::NO_FIGURE) {
        true => csv.blank(),
        false => push_amount(csv.field(), customer.revenue()),
    }
    match dice.happens(mess::NO_FIGURE) {
        true => csv.blank(),
        false => csv.number(customer.employees()),
    }
    csv.plain(customer.kind());
    csv.end_row();
}
