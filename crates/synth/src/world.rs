//! The world as a whole: partner after partner into the sheets.

use crate::calendar::Calendar;
use crate::csv_bytes::CsvBytes;
use crate::dice::{Dice, Topic};
use crate::mess;
use crate::opportunity::Opportunity;
use crate::opportunity_rows::{OLDER_HEADER, Writer, header, was_open};
use crate::partner::Partner;
use crate::sheet::{Naming, Sheet};
use crate::{Create, Spec, Summary, SynthError, answers, case_study, customer, people, program_rows};

/// Writes the rows of one partner, and says how many.
pub(crate) type Rows = fn(&Partner, &Calendar, &mut CsvBytes) -> u64;

/// The tables that have one file each: folder and name, header, rows.
const TABLES: [(&str, &str, &str, Rows); 10] = [
    ("partner-central", "certifications", people::CERTIFICATION_HEADER, people::write_certifications),
    ("rosters", "customers", customer::HEADER, |partner, _, csv| customer::write_roster(partner, csv)),
    ("rosters", "completions", people::COMPLETION_HEADER, people::write_completions),
    ("rosters", "personnel", people::PERSONNEL_HEADER, people::write_personnel),
    ("programs", "partners", program_rows::PARTNER_HEADER, program_rows::write_partner),
    ("programs", "case-studies", case_study::HEADER, case_study::write),
    ("programs", "designations", program_rows::DESIGNATION_HEADER, program_rows::write_designations),
    ("programs", "offerings", program_rows::OFFERING_HEADER, program_rows::write_offerings),
    ("programs", "activities", program_rows::ACTIVITY_HEADER, program_rows::write_activities),
    ("programs", "attestations", answers::HEADER, answers::write),
];

/// The two exports of opportunities.
struct Opportunities<'a> {
    newest: Sheet,
    older: Sheet,
    writer: Writer<'a>,
    calendar: &'a Calendar,
}

/// Writes the world.
pub(crate) fn write(spec: &Spec, create: &mut Create<'_>) -> Result<Summary, SynthError> {
    let calendar = Calendar::new(spec.as_of);
    let mut opportunities = Opportunities::new(spec, &calendar, create)?;
    let newest = calendar.iso(calendar.snapshot);
    let mut tables = open_tables(&|folder, name| stem(folder, newest, name), create)?;
    for number in 1..=spec.partners {
        let partner = Partner::new(spec, number);
        opportunities.write(&partner, create)?;
        for (sheet, rows) in &mut tables {
            let written = rows(&partner, &calendar, sheet.room(create)?);
            sheet.rows_added(written)?;
        }
    }
    let tables = tables.into_iter().map(|(sheet, _)| sheet);
    finish([opportunities.newest, opportunities.older].into_iter().chain(tables))
}

/// Begins the tables that have one file each; `stem` gives the path without `.csv` from folder and name.
pub(crate) fn open_tables(
    stem: &dyn Fn(&str, &str) -> String,
    create: &mut Create<'_>,
) -> Result<Vec<(Sheet, Rows)>, SynthError> {
    let open = |(folder, name, header, rows): (&str, &str, &str, Rows)| {
        Ok((Sheet::new(stem(folder, name), Naming::Single, header.to_owned(), create)?, rows))
    };
    TABLES.into_iter().map(open).collect()
}

/// Ends the sheets and says what was written.
pub(crate) fn finish(sheets: impl Iterator<Item = Sheet>) -> Result<Summary, SynthError> {
    let mut files = Vec::new();
    for sheet in sheets {
        files.extend(sheet.finish()?);
    }
    files.sort();
    Ok(Summary { files })
}

/// Path of a table without `.csv`.
pub(crate) fn stem(folder: &str, day: &[u8], name: &str) -> String {
    format!("{folder}/{}/{name}", String::from_utf8_lossy(day))
}

impl<'a> Opportunities<'a> {
    fn new(spec: &Spec, calendar: &'a Calendar, create: &mut Create<'_>) -> Result<Self, SynthError> {
        let newest = stem("partner-central", calendar.iso(calendar.snapshot), "opportunities");
        let older = stem("partner-central", calendar.iso(calendar.older), "open-opportunities");
        Ok(Self {
            newest: Sheet::new(newest, Naming::Numbered, header(spec.row_bytes), create)?,
            older: Sheet::new(older, Naming::Numbered, OLDER_HEADER.to_owned(), create)?,
            writer: Writer::new(calendar, spec.row_bytes),
            calendar,
        })
    }

    fn write(&mut self, partner: &Partner, create: &mut Create<'_>) -> Result<(), SynthError> {
        let mut dice = partner.dice(Topic::Opportunities);
        let mut index = 0;
        while index < partner.opportunities {
            let deal = Opportunity::draw(partner, index, self.calendar, &mut dice);
            index += self.write_newest(partner, &deal, partner.opportunities - index, &mut dice, create)?;
            if was_open(&deal, self.calendar.older) {
                self.writer.older(partner, &deal, &mut dice, self.older.room(create)?);
                self.older.rows_added(1)?;
            }
        }
        Ok(())
    }

    /// Writes the deal once, rarely twice where `left` rows allow it; returns the number of rows.
    fn write_newest(
        &mut self,
        partner: &Partner,
        deal: &Opportunity,
        left: u64,
        dice: &mut Dice,
        create: &mut Create<'_>,
    ) -> Result<u64, SynthError> {
        let csv = self.newest.room(create)?;
        self.writer.newest(partner, deal, dice, csv);
        let rows = if left > 1 && dice.happens(mess::REPEATED) { 2 } else { 1 };
        if rows == 2 {
            csv.repeat_row();
        }
        self.newest.rows_added(rows)?;
        Ok(rows)
    }
}
