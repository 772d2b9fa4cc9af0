//! The calendar of a qualification: on which days something changes with today's data, and because of which rows.

mod ics;
mod sheet;
mod table;
mod words;

use crate::format::Format;
use crate::order;
use crate::status_table::RequirementInfos;
use aceq_model::{CalendarRow, StatusRow};

pub use ics::calendar_ics;

/// Days on which something changes, and how to show them.
///
/// ```
/// use aceq_report::{Calendar, Format, RequirementInfos};
/// let calendar = Calendar { rows: &[], whole: &[], titles: &RequirementInfos::new(), color: false, width: 80 };
/// assert_eq!(calendar.in_format(Format::Table), "nothing changes by date alone\n");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Calendar<'c> {
    /// The rows, in any order.
    pub rows: &'c [CalendarRow],
    /// The status of each whole checklist on the day of the question.
    pub whole: &'c [StatusRow],
    /// Titles; of a checklist, that of its requirement `*`.
    pub titles: &'c RequirementInfos,
    /// Whether to colour. Nothing is said by colour alone.
    pub color: bool,
    /// Width of the terminal in columns; less than 40 counts as 40.
    pub width: u16,
}

impl Calendar<'_> {
    /// The calendar in `format`; for calendar programs there is [`calendar_ics`].
    pub fn in_format(&self, format: Format) -> String {
        match format {
            Format::Table => self.table(),
            Format::Json => calendar_json(self.rows),
            Format::Csv => calendar_csv(self.rows),
            Format::Markdown => calendar_markdown(self.rows),
        }
    }
}

/// The rows as one JSON array, by partner, program, version, date and requirement; units are a list of objects.
pub fn calendar_json(rows: &[CalendarRow]) -> String {
    sheet::sheet(rows).json()
}

/// The rows as RFC 4180 with a header line; the units of a row are one text, joined by `; `.
pub fn calendar_csv(rows: &[CalendarRow]) -> String {
    sheet::sheet(rows).csv()
}

/// The rows as a Markdown table.
pub fn calendar_markdown(rows: &[CalendarRow]) -> String {
    sheet::sheet(rows).markdown()
}

/// By partner, program and version, then by date, then as the statuses.
fn in_order(rows: &[CalendarRow]) -> Vec<&CalendarRow> {
    order::sorted(rows, |row| {
        let list = (&row.key.partner_id, &row.key.program, &row.key.version);
        (list, row.date, order::key(&row.key), row.event)
    })
}

#[cfg(test)]
mod tests;
