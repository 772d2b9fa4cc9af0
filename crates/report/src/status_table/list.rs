//! One as-of date: a line per requirement, with its counts and dates.

use super::{Group, tint, words};
use crate::amount::{Measure, bounds};
use crate::order::ADOPTED;
use crate::screen::{Cell, Column, Lines, Side, Tint};
use aceq_model::{Status, StatusRow};

/// Position of the column that gives room away: the title.
const TITLE: usize = 2;

impl Group<'_> {
    pub(super) fn list(&self) -> String {
        let table = self.table;
        let mut lines = Lines::new(columns(), &[TITLE]);
        for of_requirement in self.rows.chunk_by(|a, b| a.requirement_id == b.requirement_id) {
            for row in of_requirement.iter().filter(|row| self.shows(row, of_requirement)) {
                lines.push(self.cells(row));
            }
        }
        let body = if lines.is_empty() { String::new() } else { lines.render(table.width, table.color) };
        [self.verdict(), body, self.attested_line(), self.findings_line()].concat()
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

    fn cells(&self, row: &StatusRow) -> Vec<Cell> {
        let measure = Measure::of(row.is_sum);
        let counts = !matches!(row.status, Status::Waived | Status::NotApplicable);
        let have = format!("{} / {}", bounds(measure, row.confirmed, row.possible), measure.text(row.required));
        let short = if row.shortfall > 0 { measure.text(row.shortfall) } else { String::new() };
        let if_counts = |text: String| Cell::plain(if counts { text } else { String::new() });
        vec![
            Cell::new(words(row.status), tint(row.status)),
            Self::id(row),
            Cell::plain(self.title(row)),
            if_counts(have),
            if_counts(short),
            if_counts(when(row)),
        ]
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

    /// Which counts rest on rows that deserve a second look.
    fn findings_line(&self) -> String {
        let own = self.rows.iter().filter(|row| row.reading == ADOPTED && row.member.is_none());
        let counted: Vec<String> = own
            .filter_map(|row| {
                row.counted_with_findings.filter(|rows| *rows > 0).map(|rows| (&row.requirement_id, rows))
            })
            .map(|(id, rows)| format!("{id} ({rows})"))
            .collect();
        if counted.is_empty() {
            return String::new();
        }
        self.table.line(&format!("counted rows with findings: {}", counted.join(", ")), Tint::Doubt)
    }
}

/// When the requirement is met, in short.
fn when(row: &StatusRow) -> String {
    match (row.status, row.met_from, row.met_until) {
        (Status::Met, _, Some(until)) => format!("until {until}"),
        (Status::Met, _, None) => "no end known".to_owned(),
        (Status::NotMet | Status::Unknown, Some(from), _) => format!("from {from}"),
        (Status::NotMet | Status::Unknown, None, _) => "—".to_owned(),
        (Status::Waived | Status::NotApplicable, ..) => String::new(),
    }
}

fn columns() -> Vec<Column> {
    vec![
        Column::new("status", Side::Left, 9),
        Column::new("id", Side::Left, 4),
        Column::new("requirement", Side::Left, 8),
        Column::new("have / need", Side::Right, 5),
        Column::new("short", Side::Right, 2),
        Column::new("met", Side::Left, 2),
    ]
}
