//! The calendar for a terminal.
//!
//! ```text
//!  P-1001
//!
//!  SMB Competency · smb 2025-08
//!  the whole checklist holds from 2027-01-15 to 2027-03-01
//!  2026-12-01  4.2  51 → 48 of 50: lost
//!                   − Acme Ltd (O1000001)   opportunities.csv:12
//!                   … and 2 more
//! ```

use super::{Calendar, in_order, words};
use crate::order::ADOPTED;
use crate::screen::{Cell, Column, Lines, Side, Tint, line, wrapped};
use aceq_model::{CalendarEvent, CalendarRow, CountKey, StatusRow};
use std::collections::BTreeMap;

/// Units listed for a day and requirement.
const UNITS: usize = 3;
/// Width that no requirement's name exceeds.
const NAME: usize = 16;

impl Calendar<'_> {
    pub(super) fn table(&self) -> String {
        let rows = in_order(self.rows);
        if rows.is_empty() {
            return "nothing changes by date alone\n".to_owned();
        }
        let mut text = String::new();
        for of_partner in rows.chunk_by(|a, b| a.key.partner_id == b.key.partner_id) {
            let gap = if text.is_empty() { "" } else { "\n" };
            text += &(gap.to_owned() + &self.line(&of_partner[0].key.partner_id, Tint::Strong));
            let same = |a: &CountKey, b: &CountKey| (&a.program, &a.version) == (&b.program, &b.version);
            for of_checklist in of_partner.chunk_by(|a, b| same(&a.key, &b.key)) {
                text += "\n";
                text += &self.checklist(of_checklist);
            }
        }
        text
    }

    fn checklist(&self, rows: &[&CalendarRow]) -> String {
        let (adopted, others): (Vec<&CalendarRow>, Vec<&CalendarRow>) =
            rows.iter().partition(|row| row.key.reading == ADOPTED);
        let key = &rows[0].key;
        let mut text = self.line(&self.heading(key), Tint::Strong);
        text += &self.whole(key);
        text += &self.days(&adopted);
        if !others.is_empty() {
            let changes = if others.len() == 1 { "change" } else { "changes" };
            text += &self.line(&format!("{} {changes} of other readings: --format csv", others.len()), Tint::Faint);
        }
        text
    }

    fn heading(&self, key: &CountKey) -> String {
        let name = format!("{} {}", key.program, key.version);
        let whole = (key.program.clone(), key.version.clone(), crate::order::WHOLE.to_owned());
        let title = self.titles.get(&whole).map(|info| info.title.as_str()).filter(|title| !title.is_empty());
        title.map_or(name.clone(), |title| format!("{title} · {name}"))
    }

    /// The earliest date on which the whole checklist holds, and until when, seen from the day of the question.
    fn whole(&self, key: &CountKey) -> String {
        let same = |row: &&StatusRow| {
            (&row.partner_id, &row.program, &row.version) == (&key.partner_id, &key.program, &key.version)
        };
        let Some(row) = self.whole.iter().find(same) else { return String::new() };
        let until = row.met_until.map_or(", with no end known".to_owned(), |until| format!(" until {until}"));
        let (text, tint) = match (row.status.satisfied(), row.met_from) {
            (Some(true), _) => (format!("the whole checklist holds on {}{until}", row.as_of), Tint::Good),
            (_, Some(from)) if from > row.as_of => {
                (format!("the earliest date to apply is {from}: the whole checklist holds then{until}"), Tint::Doubt)
            }
            (None, _) => ("the whole checklist is certain on no coming day, with today's rows".to_owned(), Tint::Doubt),
            (Some(false), _) => ("the whole checklist holds on no coming day, with today's rows".to_owned(), Tint::Bad),
        };
        wrapped(&text, 4, tint, self.width, self.color)
    }

    /// The days, each requirement with its units below.
    fn days(&self, rows: &[&CalendarRow]) -> String {
        let lost = times_lost(rows);
        let width = rows.iter().map(|row| unicode_width::UnicodeWidthStr::width(words::name(&row.key).as_str()));
        let name = width.max().unwrap_or(0).min(NAME);
        let mut text = String::new();
        let mut told: BTreeMap<&CountKey, usize> = BTreeMap::new();
        for of_day in rows.chunk_by(|a, b| a.date == b.date) {
            for (at, row) in of_day.iter().enumerate() {
                let is_first = row.event == CalendarEvent::Lost && lost[&row.key] > 1 && !told.contains_key(&row.key);
                if row.event == CalendarEvent::Lost {
                    *told.entry(&row.key).or_default() += 1;
                }
                let date = if at == 0 { row.date.to_string() } else { String::new() };
                text += &self.day(row, &date, name, is_first);
                text += &self.units(row, name);
            }
        }
        text
    }

    fn day(&self, row: &CalendarRow, date: &str, name: usize, is_first: bool) -> String {
        let called = crate::screen::cut(&words::name(&row.key), name);
        let padding = " ".repeat(name - unicode_width::UnicodeWidthStr::width(called.as_str()));
        let head = format!("{date:10}  {called}{padding}  ");
        let text = head + &words::happens(row, is_first);
        line(&text, tint(row.event), self.width, self.color)
    }

    /// The first units, with the lines they stand on.
    fn units(&self, row: &CalendarRow, name: usize) -> String {
        let indent = " ".repeat(14 + name);
        let columns = vec![Column::new("", Side::Left, 26 + name), Column::new("", Side::LeftKeepEnd, 22)];
        let mut lines = Lines::new(columns, &[1, 0]);
        for unit in row.units.iter().take(UNITS) {
            let place = Cell::new(words::place(unit), Tint::Faint);
            lines.push(vec![Cell::plain(indent.clone() + &words::unit(unit)), place]);
        }
        let more = row.units.len().saturating_sub(UNITS);
        let rest = format!("{indent}… and {more} more");
        let rest = if more > 0 { self.line(&rest, Tint::Faint) } else { String::new() };
        if lines.is_empty() { rest } else { lines.render(self.width, self.color) + &rest }
    }

    fn line(&self, text: &str, tint: Tint) -> String {
        line(text, tint, self.width, self.color)
    }
}

/// How often each count is lost.
fn times_lost<'a>(rows: &[&'a CalendarRow]) -> BTreeMap<&'a CountKey, usize> {
    let mut times = BTreeMap::new();
    for row in rows.iter().filter(|row| row.event == CalendarEvent::Lost) {
        *times.entry(&row.key).or_default() += 1;
    }
    times
}

fn tint(event: CalendarEvent) -> Tint {
    match event {
        CalendarEvent::Met => Tint::Good,
        CalendarEvent::Lost => Tint::Bad,
        CalendarEvent::Changed | CalendarEvent::VersionEnds => Tint::Doubt,
        CalendarEvent::Up | CalendarEvent::Down | CalendarEvent::Expires => Tint::Plain,
    }
}
