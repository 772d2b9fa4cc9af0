//! The calendar for calendar programs: RFC 5545, the same bytes for the same rows.
//!
//! The `icalendar` crate stamps whatever has no stamp with the clock and names whatever has no name by chance, alarms
//! included. Whoever adds a component here gives it both.

use super::{in_order, words};
use crate::order::ADOPTED;
use aceq_model::{CalendarEvent, CalendarRow, CalendarUnit, Comes, CountKey};
use chrono::{NaiveDate, NaiveTime, TimeDelta};
use icalendar::{Alarm, Component, Event, EventLike, Property};
use std::collections::BTreeMap;

/// Tables whose rows expire by themselves.
const EXPIRING: [&str; 2] = ["certifications", "completions"];
/// Units named in the description of an event.
const UNITS: usize = 20;

/// The days on which a status of the adopted reading is lost or gained, a version of a checklist ends, or a
/// certification or completion ceases to count, as an iCalendar file (RFC 5545) with one all-day event each.
///
/// `stamped` is the day (midnight UTC) that events claim to have been made on; `remind` lists on how many days before an event its
/// reminders go off. The same arguments give the same bytes, and the name (`UID`) of an event depends on its count,
/// day and kind alone, so that an import of a later calendar replaces events instead of doubling them.
pub fn calendar_ics(rows: &[CalendarRow], stamped: NaiveDate, remind: &[u32]) -> String {
    let rows: Vec<&CalendarRow> = in_order(rows).into_iter().filter(|row| row.key.reading == ADOPTED).collect();
    let mut calendar = icalendar::Calendar::empty();
    for (key, value) in [("VERSION", "2.0"), ("PRODID", "-//aceq//calendar//EN"), ("CALSCALE", "GREGORIAN")] {
        calendar.append_property(Property::new(key, value));
    }
    calendar.append_property(Property::new("X-WR-CALNAME", "aceq"));
    let changes = rows.iter().filter_map(|row| change(row));
    for entry in changes.chain(expiries(&rows)) {
        calendar.push(entry.event(stamped, remind));
    }
    folded(&calendar.to_string())
}

/// Octets of a line at most (RFC 5545, section 3.1).
const OCTETS: usize = 75;

/// The lines folded once more: the crate forgets that a continuation begins with a blank, so that its last one may have 76
/// octets.
fn folded(ics: &str) -> String {
    let mut text = String::with_capacity(ics.len());
    for line in ics.replace("\r\n ", "").split_terminator("\r\n") {
        let mut octets = 0;
        for c in line.chars() {
            if octets + c.len_utf8() > OCTETS {
                text += "\r\n ";
                octets = 1;
            }
            text.push(c);
            octets += c.len_utf8();
        }
        text += "\r\n";
    }
    text
}

/// An event before it is put into the words of the format.
struct Entry {
    date: NaiveDate,
    uid: String,
    summary: String,
    description: String,
}

impl Entry {
    fn event(&self, stamped: NaiveDate, remind: &[u32]) -> Event {
        let stamp = stamped.and_time(NaiveTime::MIN).and_utc();
        let mut event = Event::new();
        event.uid(&self.uid).timestamp(stamp).summary(&one_line(&self.summary)).description(&self.description);
        // The end is the first day that no longer belongs to the event.
        event.starts(self.date).ends(self.date.succ_opt().unwrap_or(self.date));
        // A date in a calendar is no appointment: nobody is busy on it.
        event.add_property("TRANSP", "TRANSPARENT");
        for days in remind {
            let mut alarm = Alarm::display(&one_line(&self.summary), -TimeDelta::days(i64::from(*days)));
            // In days and not in seconds, as some days are shorter than others.
            alarm.add_property("TRIGGER", format!("-P{days}D"));
            alarm.uid(&format!("{days}d-{}", self.uid)).timestamp(stamp);
            event.alarm(alarm);
        }
        event.done()
    }
}

fn change(row: &CalendarRow) -> Option<Entry> {
    let CountKey { partner_id, program, version, .. } = &row.key;
    let requirement = if words::is_whole(&row.key) { String::new() } else { format!(" {}", words::name(&row.key)) };
    let what = match row.event {
        CalendarEvent::Met => format!("is {}", row.status.1.as_str().replace('_', " ")),
        CalendarEvent::Lost => "is lost".to_owned(),
        CalendarEvent::VersionEnds => format!("takes no more applications on {version}"),
        CalendarEvent::Changed | CalendarEvent::Up | CalendarEvent::Down | CalendarEvent::Expires => return None,
    };
    let count = match (row.event, words::is_whole(&row.key)) {
        (CalendarEvent::VersionEnds, _) => String::new(),
        (_, true) => " (whole checklist)".to_owned(),
        (_, false) => format!(" ({})", words::count(row)),
    };
    let mut lines = vec![format!("{program} {version}, {}: {}", words::spoken(&row.key), words::happens(row, false))];
    lines.extend(row.units.iter().take(UNITS).map(|unit| format!("{}, {}", words::unit(unit), words::place(unit))));
    lines.extend((row.units.len() > UNITS).then(|| format!("… and {} more", row.units.len() - UNITS)));
    Some(Entry {
        date: row.date,
        uid: uid(&[
            row.event.name(),
            &row.date.to_string(),
            partner_id,
            program,
            version,
            &row.key.requirement_id,
            row.key.member.as_deref().unwrap_or_default(),
        ]),
        summary: format!("aceq: {program}{requirement} of {partner_id} {what}{count}"),
        description: description(&lines),
    })
}

/// Certifications and completions that cease to count: one entry each, however many requirements they count for.
fn expiries(rows: &[&CalendarRow]) -> Vec<Entry> {
    type Ending<'a> = (NaiveDate, &'a str, &'a str, &'a str);
    let mut endings: BTreeMap<Ending<'_>, (&CalendarUnit, Vec<&CalendarRow>)> = BTreeMap::new();
    for row in rows {
        let expires = |unit: &&CalendarUnit| unit.side == Comes::Out && EXPIRING.contains(&unit.table.as_str());
        for unit in row.units.iter().filter(expires) {
            let ending = (row.date, row.key.partner_id.as_str(), unit.table.as_str(), unit.row_id.as_str());
            endings.entry(ending).or_insert_with(|| (unit, Vec::new())).1.push(row);
        }
    }
    let entry = |((date, partner, table, row_id), (unit, rows)): (Ending<'_>, (&CalendarUnit, Vec<&CalendarRow>))| {
        let thing = if table == "certifications" { "certification" } else { "completion" };
        let counts = rows.iter().map(|row| {
            format!(
                "{} {}, {}: {}",
                row.key.program,
                row.key.version,
                words::name(&row.key),
                words::happens(row, false)
            )
        });
        let mut lines = vec![format!("{thing} {row_id}, {}, {}", words::called(unit), words::place(unit))];
        lines.extend(counts);
        lines.dedup();
        Entry {
            date,
            uid: uid(&["expiry", &date.to_string(), partner, table, row_id]),
            summary: format!("aceq: {thing} of {} no longer counts for {partner}", words::called(unit)),
            description: description(&lines),
        }
    };
    endings.into_iter().map(entry).collect()
}

/// A name made of texts: two lists of texts never have the same one, and no program trips over it.
fn uid(parts: &[&str]) -> String {
    let safe = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    parts.iter().map(|part| part.bytes().map(safe).collect()).collect::<Vec<String>>().join("/") + "@aceq"
}

fn description(lines: &[String]) -> String {
    lines.iter().map(|text| one_line(text)).collect::<Vec<_>>().join("\n")
}

/// Control characters are not allowed in the format.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
