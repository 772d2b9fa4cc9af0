//! What the exports do not say: how likely each open deal is to launch, and one course of events.

use crate::calendar::{Calendar, Day};
use crate::csv_bytes::{CsvBytes, push_number};
use crate::dice::Topic;
use crate::history::Plan;
use crate::history::chances::Chances;
use crate::history::deal::{Deal, Outcome};
use crate::history::life::Life;
use crate::opportunity::{AWS_REFERRAL, PARTNER_REFERRAL};
use crate::opportunity_rows::push_opportunity_id;
use crate::partner::Partner;
use crate::sheet::{Naming, Sheet};
use crate::{Create, SynthError};

const PROBABILITIES: &str = "partner_id,opportunity_id,quarter_end,launched_by";
const OUTCOMES: &str = "partner_id,opportunity_id,outcome,day";
const LAUNCHES: &str = "partner_id,quarter_end,expected_launches,launches";

/// The files of the truth.
pub(super) struct Truth<'a> {
    plan: &'a Plan,
    calendar: &'a Calendar,
    probabilities: Sheet,
    outcomes: Sheet,
    launches: Sheet,
}

/// A deal that is open at the newest snapshot.
struct OpenDeal {
    /// Number in its id.
    number: u64,
    /// Chance of having launched by each quarter end.
    launched_by: Vec<f64>,
    /// How and when it ends up to the last of them, in one course of events.
    end: Option<(Outcome, Day)>,
}

impl<'a> Truth<'a> {
    pub(super) fn new(plan: &'a Plan, calendar: &'a Calendar, create: &mut Create<'_>) -> Result<Self, SynthError> {
        let mut sheet =
            |name: &str, header: &str| Sheet::new(format!("truth/{name}"), Naming::Single, header.to_owned(), create);
        let probabilities = sheet("launch_probabilities", PROBABILITIES)?;
        let outcomes = sheet("outcomes", OUTCOMES)?;
        let launches = sheet("launches", LAUNCHES)?;
        Ok(Self { plan, calendar, probabilities, outcomes, launches })
    }

    /// Writes what is true of the deals of `partner`.
    pub(super) fn write(
        &mut self,
        partner: &Partner,
        lives: &[Life],
        create: &mut Create<'_>,
    ) -> Result<(), SynthError> {
        let deals = self.open_deals(partner, lives);
        let rows = self.write_probabilities(partner, &deals, create)?;
        self.probabilities.rows_added(rows)?;
        let rows = self.write_outcomes(partner, &deals, create)?;
        self.outcomes.rows_added(rows)?;
        let rows = self.write_launches(partner, &deals, create)?;
        self.launches.rows_added(rows)
    }

    pub(super) fn sheets(self) -> [Sheet; 3] {
        [self.probabilities, self.outcomes, self.launches]
    }

    fn open_deals(&self, partner: &Partner, lives: &[Life]) -> Vec<OpenDeal> {
        let (newest, ends) = (self.plan.newest(), &self.plan.quarter_ends);
        let mut dice = partner.dice(Topic::Future);
        let mut deals = Vec::new();
        for origin in [PARTNER_REFERRAL, AWS_REFERRAL] {
            let open: Vec<(u64, Deal, &Life)> = (0..)
                .zip(lives)
                .filter(|(_, life)| life.origin == origin)
                .filter_map(|(index, life)| Some((index, life.open?, life)))
                .collect();
            let Some((_, _, first)) = open.first() else { continue };
            let states: Vec<Deal> = open.iter().map(|(_, deal, _)| *deal).collect();
            let chances = Chances::new(first.pace).launched_by(&states, newest, ends);
            let last = ends.last().copied().unwrap_or(newest);
            deals.extend(open.into_iter().zip(chances).map(|((index, deal, life), launched_by)| OpenDeal {
                number: partner.opportunity_number(index),
                launched_by,
                end: deal.end(newest, last, life.pace, &mut dice),
            }));
        }
        deals.sort_by_key(|deal| deal.number);
        deals
    }

    fn write_probabilities(
        &mut self,
        partner: &Partner,
        deals: &[OpenDeal],
        create: &mut Create<'_>,
    ) -> Result<u64, SynthError> {
        let csv = self.probabilities.room(create)?;
        for deal in deals {
            for (end, chance) in self.plan.quarter_ends.iter().zip(&deal.launched_by) {
                partner.push_id(csv.field());
                push_opportunity_id(Some(deal.number), csv);
                csv.field().extend_from_slice(self.calendar.iso(*end));
                push_millionths(*chance, csv);
                csv.end_row();
            }
        }
        Ok((deals.len() * self.plan.quarter_ends.len()) as u64)
    }

    fn write_outcomes(
        &mut self,
        partner: &Partner,
        deals: &[OpenDeal],
        create: &mut Create<'_>,
    ) -> Result<u64, SynthError> {
        let csv = self.outcomes.room(create)?;
        for deal in deals {
            partner.push_id(csv.field());
            push_opportunity_id(Some(deal.number), csv);
            csv.plain(match deal.end {
                Some((Outcome::Launched, _)) => "launched",
                Some(_) => "lost",
                None => "open",
            });
            let day = csv.field();
            if let Some((_, on)) = deal.end {
                day.extend_from_slice(self.calendar.iso(on));
            }
            csv.end_row();
        }
        Ok(deals.len() as u64)
    }

    fn write_launches(
        &mut self,
        partner: &Partner,
        deals: &[OpenDeal],
        create: &mut Create<'_>,
    ) -> Result<u64, SynthError> {
        let csv = self.launches.room(create)?;
        for (quarter, end) in self.plan.quarter_ends.iter().enumerate() {
            partner.push_id(csv.field());
            csv.field().extend_from_slice(self.calendar.iso(*end));
            push_millionths(deals.iter().map(|deal| deal.launched_by[quarter]).sum(), csv);
            let launched = |deal: &&OpenDeal| deal.end.is_some_and(|(how, on)| how == Outcome::Launched && on <= *end);
            csv.number(deals.iter().filter(launched).count() as u64);
            csv.end_row();
        }
        Ok(self.plan.quarter_ends.len() as u64)
    }
}

/// A number of at least 0 with six decimals.
fn push_millionths(number: f64, csv: &mut CsvBytes) {
    let millionths = (number * 1e6).round() as u64;
    let field = csv.field();
    push_number(field, millionths / 1_000_000, 1);
    field.push(b'.');
    push_number(field, millionths % 1_000_000, 6);
}
