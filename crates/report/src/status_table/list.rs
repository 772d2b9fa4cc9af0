//! One as-of date: a line per requirement, with its counts and dates.

use super::{Group, tint, words};
use crate::amount::{Measure, bounds};
use crate::order::ADOPTED;
use crate::screen::Tint;
use aceq_model::{Status, StatusRow};

/// Columns before the text of a requirement: the status word and a gap.
const INDENT: usize = 11;

impl Group<'_> {
    pub(super) fn list(&self) -> String {
        let mut body = String::new();
        for of_requirement in self.rows.chunk_by(|a, b| a.requirement_id == b.requirement_id) {
            for row in of_requirement.iter().filter(|row| self.shows(row, of_requirement)) {
                body += &self.entry(row);
            }
        }
        [self.verdict(), body, self.attested_line()].concat()
    }

    /// A requirement: its status, id and title on one line, its counts and dates on the next. A member or another
    /// reading is one line below its requirement.
    fn entry(&self, row: &StatusRow) -> String {
        let table = self.table;
        let facts = facts(row);
        if row.member.is_some() || row.reading != ADOPTED {
            let name = match (&row.member, row.reading.as_str()) {
                (Some(member), ADOPTED) => member.clone(),
                (Some(member), reading) => format!("reading {reading}, {member}"),
                (None, reading) => format!("reading {reading}"),
            };
            // What holds needs no more than its count; the dates are there on request.
            let facts = match (row.status, table.verbose) {
                (Status::Met, false) => counts(row),
                _ => facts,
            };
            let text = format!("{:INDENT$}{} · {name}: {facts}", "", words(row.status));
            return table.line(&text, Tint::Faint);
        }
        let tint = if row.status == Status::Met { Tint::Plain } else { tint(row.status) };
        let title = self.title(row);
        let head = format!("{:<INDENT$}{}  {title}", words(row.status), row.requirement_id);
        let head = head.trim_end();
        let attested = self.is_attested(&row.requirement_id) && !table.verbose;
        if attested || facts.is_empty() {
            return table.line(head, tint);
        }
        table.line(head, tint) + &table.line(&format!("{:INDENT$}{facts}", ""), Tint::Faint)
    }

    /// The whole checklist in a sentence.
    fn verdict(&self) -> String {
        let Some(row) = self.rows.iter().find(|row| row.requirement_id == "*") else {
            return self.table.line(&format!("on {}", self.rows[0].as_of), Tint::Plain);
        };
        let when = match when(row) {
            text if text.starts_with("from") => format!(", met {text}"),
            text if text.starts_with("until") => format!(" {text}"),
            _ => String::new(),
        };
        let other = |row: &&&StatusRow| row.requirement_id == "*" && row.reading != ADOPTED;
        let others =
            self.rows.iter().filter(other).map(|row| format!("; reading {}: {}", row.reading, words(row.status)));
        let others: String = if self.table.verbose { others.collect() } else { String::new() };
        let text = format!("{} on {}{when}{others}", words(row.status), row.as_of);
        self.table.line(&text, tint(row.status))
    }

    /// Whether a row deserves a line: the requirement's own row unless it is an attested control among many, members
    /// while one of them is missing, other readings where they answer otherwise.
    fn shows(&self, row: &StatusRow, of_requirement: &[&StatusRow]) -> bool {
        let adopted = |row: &StatusRow| row.reading == ADOPTED;
        let own = of_requirement.iter().find(|row| adopted(row) && row.member.is_none());
        if row.requirement_id == "*" {
            return false;
        }
        if self.table.verbose {
            return true;
        }
        if self.is_attested(&row.requirement_id) {
            return own.is_some_and(|own| own.status == Status::NotMet) && adopted(row);
        }
        match (adopted(row), &row.member) {
            (true, None) => true,
            (true, Some(_)) => {
                let members = of_requirement.iter().filter(|row| adopted(row) && row.member.is_some());
                !members.map(|row| row.status.satisfied()).all(|satisfied| satisfied == Some(true))
            }
            (false, None) => own.is_none_or(|own| own.status != row.status),
            (false, Some(_)) => false,
        }
    }

    /// "41 attested controls: 3 met, 0 not met, 38 unanswered".
    fn attested_line(&self) -> String {
        let own = self.rows.iter().filter(|row| row.reading == ADOPTED && row.member.is_none());
        let statuses: Vec<Status> =
            own.filter(|row| self.is_attested(&row.requirement_id)).map(|row| row.status).collect();
        let count = |status| statuses.iter().filter(|known| **known == status).count();
        if statuses.is_empty() || self.table.verbose {
            return String::new();
        }
        let mut parts = vec![
            format!("{} met", count(Status::Met)),
            format!("{} not met", count(Status::NotMet)),
            format!("{} unanswered", count(Status::Unknown)),
        ];
        for (status, name) in [(Status::Waived, "waived"), (Status::NotApplicable, "not applicable")] {
            parts.extend((count(status) > 0).then(|| format!("{} {name}", count(status))));
        }
        let controls = if statuses.len() == 1 { "control" } else { "controls" };
        self.table.line(&format!("{} attested {controls}: {}", statuses.len(), parts.join(", ")), Tint::Plain)
    }
}

/// The counts of a row, what is short, since and until when it is met, and the doubts, in one line.
fn facts(row: &StatusRow) -> String {
    if matches!(row.status, Status::Waived | Status::NotApplicable) {
        return String::new();
    }
    let measure = Measure::of(row.is_sum);
    let mut parts = vec![counts(row)];
    if row.shortfall > 0 {
        parts.push(format!("{} short", measure.text(row.shortfall)));
    }
    parts.extend(Some(dates(row)).filter(|text| !text.is_empty()));
    if let Some(rows) = row.counted_with_findings.filter(|rows| *rows > 0) {
        parts.push(format!("findings: {rows}"));
    }
    parts.join(", ")
}

/// "48–50 of 50".
fn counts(row: &StatusRow) -> String {
    let measure = Measure::of(row.is_sum);
    format!("{} of {}", bounds(measure, row.confirmed, row.possible), measure.text(row.required))
}

/// The met run: that of the as-of date, or the next one.
fn dates(row: &StatusRow) -> String {
    let since = row.met_from.map(|date| format!("since {date} ")).unwrap_or_default();
    match (row.status, row.met_from, row.met_until) {
        (Status::Met, _, Some(until)) => format!("{since}until {until}"),
        (Status::Met, _, None) => format!("{since}with no end known"),
        (_, Some(from), Some(until)) => format!("next met {from} to {until}"),
        (_, Some(from), None) => format!("next met from {from}"),
        (_, None, _) => String::new(),
    }
}

/// When the requirement is met, in short.
fn when(row: &StatusRow) -> String {
    match (row.status, row.met_from, row.met_until) {
        (Status::Met, _, Some(until)) => format!("until {until}"),
        (Status::NotMet | Status::Unknown, Some(from), _) => format!("from {from}"),
        _ => String::new(),
    }
}
