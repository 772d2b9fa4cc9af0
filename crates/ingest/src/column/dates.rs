//! Date cells: one reading where the order is stated or plain, two where the column has yet to prove it.

use super::ColumnOut;
use super::values::{NO_READING, SERIAL, micros};
use crate::evidence::separator_bit;
use crate::plan::{Kind, SourceField};
use crate::row::{Notes, Row};
use crate::value::date::{Clock, DateCell, date_cell, from_1904, year_in_front};
use aceq_model::{DateOrder, RejectReason};
use chrono::{Datelike, NaiveDateTime};

impl ColumnOut<'_, '_> {
    pub(super) fn date(
        &mut self,
        cell: &str,
        place: usize,
        source: &SourceField,
        row: &Row<'_, '_>,
        notes: &mut Notes<'_>,
    ) {
        // A day is the one that stands in the cell; a moment is the same everywhere.
        let clock = if matches!(self.plan.kind, Kind::Timestamp) { Clock::Utc } else { Clock::Local };
        match (date_cell(cell, clock), source.date_order) {
            (None, _) | (Some(DateCell::Serial(_)), Some(_)) => self.bad(cell, RejectReason::BadDate, row, notes),
            (Some(DateCell::Plain(moment)), order) => {
                self.evidence.newest.plain = self.evidence.newest.plain.max(Some(micros(moment)));
                let evidence = &mut self.evidence.dates[place];
                evidence.plain |= order.is_none();
                // A cell of a sheet that is a date as such is written out like this; records of texts have a place.
                if row.record.byte.is_none() && cell.as_bytes().get(4) == Some(&b'-') {
                    evidence.real += 1;
                    evidence.late |= moment.day() > 12;
                }
                self.one_reading(Some(moment));
            }
            (Some(DateCell::Slash { month_first, day_first, .. }), Some(order)) => {
                let (moment, other) = match order {
                    DateOrder::MonthFirst => (month_first, day_first),
                    DateOrder::DayFirst => (day_first, month_first),
                };
                self.evidence.dates[place].as_stated |= other.is_none();
                self.evidence.dates[place].against_stated |= moment.is_none();
                self.evidence.dates[place].as_either |= moment.is_some() && other.is_some();
                self.evidence.dates[place].single += u64::from(other.is_none());
                match moment {
                    None => self.bad(cell, RejectReason::BadDate, row, notes),
                    Some(moment) => {
                        self.evidence.newest.plain = self.evidence.newest.plain.max(Some(micros(moment)));
                        self.one_reading(Some(moment));
                    }
                }
            }
            (Some(DateCell::Slash { month_first, day_first, separator }), None) => {
                self.note_separator(place, separator, month_first.is_some() && day_first.is_some());
                // One date that cannot begin with its year answers for all.
                if !self.evidence.dates[place].year_last {
                    match year_in_front(cell) {
                        Some((first, last)) => self.evidence.dates[place].note_years(first, last),
                        None => self.evidence.dates[place].year_last = true,
                    }
                }
                self.open_date(place, month_first, day_first);
            }
            (Some(DateCell::Serial(moment)), None) => {
                let moment = if row.plan.from_1904 { from_1904(moment) } else { moment };
                self.serial_date(cell, place, moment, row, notes);
            }
        }
    }

    fn one_reading(&mut self, moment: Option<NaiveDateTime>) {
        self.values.moment(moment);
        if let Some(second) = &mut self.second {
            second.null();
        }
    }

    fn note_separator(&mut self, place: usize, separator: u8, is_open: bool) {
        let evidence = &mut self.evidence.dates[place];
        evidence.single += u64::from(!is_open);
        let with = if is_open { &mut evidence.open_with } else { &mut evidence.proved_with };
        *with |= separator_bit(separator);
    }

    fn open_date(&mut self, place: usize, month_first: Option<NaiveDateTime>, day_first: Option<NaiveDateTime>) {
        let evidence = &mut self.evidence.dates[place];
        evidence.month_first |= day_first.is_none();
        evidence.day_first |= month_first.is_none();
        evidence.open |= month_first.is_some() && day_first.is_some();
        let newest = &mut self.evidence.newest;
        newest.month_first = newest.month_first.max(month_first.map(micros));
        newest.day_first = newest.day_first.max(day_first.map(micros));
        self.values.moment(month_first);
        if let Some(second) = &mut self.second {
            match day_first {
                Some(moment) => second.moment(Some(moment)),
                None => second.sentinel(NO_READING),
            }
        }
    }

    fn serial_date(
        &mut self,
        cell: &str,
        place: usize,
        moment: NaiveDateTime,
        row: &Row<'_, '_>,
        notes: &mut Notes<'_>,
    ) {
        self.evidence.dates[place].serial = true;
        self.evidence.newest.serial = self.evidence.newest.serial.max(Some(micros(moment)));
        if notes.decisions().is_some_and(|decisions| decisions.date_orders.contains_key(self.plan.name)) {
            notes.reject_cell_late(row, self.plan.name, cell, RejectReason::BadDate);
        }
        self.values.moment(Some(moment));
        if let Some(second) = &mut self.second {
            second.sentinel(SERIAL);
        }
    }
}
