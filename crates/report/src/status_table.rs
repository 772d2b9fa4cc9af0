//! The statuses of requirements for a person at a terminal.
//!
//! ```text
//!  P-001
//!
//!  SMB Competency · smb 2025-08
//!  ✗ not met on 2026-11-20, met from 2027-01-15
//!  ✗ not met  4.2  50 launched SMB opportunities for unique customers
//!             48–50 of 50, 2 short, next met from 2027-01-15
//!  ✓ met      4.3  5 completions of each course
//!             3 of 3, until 2027-02-13
//!  41 attested controls: 3 met, 0 not met, 38 unanswered
//! ```

mod list;
mod matrix;

use crate::format::Format;
use crate::order::{self, ADOPTED};
use crate::screen::{Cell, Tint, line};
use crate::sheet::Frame;
use crate::status_sheet;
use aceq_model::{Status, StatusRow};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// How a requirement is decided.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RequirementKind {
    /// By counting rows.
    #[default]
    Counted,
    /// By the partner's own answer.
    Attested,
    /// By combining other requirements.
    Combined,
}

/// Whether a requirement must be met.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Weight {
    /// It must.
    #[default]
    Required,
    /// It is advice.
    Advice,
}

/// What a reader wants to know about a requirement beside its status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequirementInfo {
    /// Short title; of the requirement `*`, the checklist's.
    pub title: String,
    /// Section of the document.
    pub section: String,
    /// How it is decided.
    pub kind: RequirementKind,
    /// Whether it must be met.
    pub weight: Weight,
}

/// What is known about requirements, by (program, version, requirement id).
pub type RequirementInfos = BTreeMap<(String, String, String), RequirementInfo>;

/// How to show statuses: a page per partner, so that nobody has to hold the rows of all partners.
#[derive(Clone, Copy, Debug)]
pub struct StatusPages<'a> {
    /// As what.
    pub format: Format,
    /// The as-of dates. For a person several make a matrix of dates, one makes a list.
    pub dates: &'a BTreeSet<NaiveDate>,
    /// Titles; a requirement without one is shown by its id.
    pub titles: &'a RequirementInfos,
    /// Whether to colour. Nothing is said by colour alone.
    pub color: bool,
    /// Width of the terminal in columns; less than 40 counts as 40.
    pub width: u16,
    /// Whether to show every attested control, member and reading.
    pub verbose: bool,
}

/// All rows of one checklist version of one partner, in the stated order.
struct Group<'a> {
    table: &'a StatusPages<'a>,
    rows: &'a [&'a StatusRow],
}

impl StatusPages<'_> {
    /// The rows of one partner, in any order, as text. For a person no line is wider than `width`.
    pub fn page(&self, rows: &[StatusRow]) -> String {
        let rows = order::statuses(rows);
        match self.format.for_programs() {
            Some(format) => status_sheet::page(&rows, format),
            None => self.of_partner(&rows),
        }
    }

    /// What stands around the pages of all partners.
    pub fn frame(&self) -> Frame {
        let legend = || "\n".to_owned() + &self.line(matrix::LEGEND, Tint::Faint);
        match self.format.for_programs() {
            Some(format) => status_sheet::frame(format),
            None => Frame {
                begin: String::new(),
                between: "\n",
                end: if self.dates.len() > 1 { legend() } else { String::new() },
                none: String::new(),
            },
        }
    }

    fn of_partner(&self, rows: &[&StatusRow]) -> String {
        let Some(first) = rows.first() else { return String::new() };
        let mut text = self.line(&first.partner_id, Tint::Strong);
        for rows in rows.chunk_by(|a, b| (&a.program, &a.version) == (&b.program, &b.version)) {
            let group = Group { table: self, rows };
            text += "\n";
            text += &group.heading();
            text += &if self.dates.len() > 1 { group.matrix(self.dates) } else { group.list() };
        }
        text
    }

    fn line(&self, text: &str, tint: Tint) -> String {
        line(text, tint, self.width, self.color)
    }
}

impl Group<'_> {
    fn heading(&self) -> String {
        let first = self.rows[0];
        let name = format!("{} {}", first.program, first.version);
        let title = self.info("*").map(|info| info.title.as_str()).filter(|title| !title.is_empty());
        self.table.line(&title.map_or(name.clone(), |title| format!("{title} · {name}")), Tint::Strong)
    }

    fn info(&self, requirement: &str) -> Option<&RequirementInfo> {
        let first = self.rows[0];
        self.table.titles.get(&(first.program.clone(), first.version.clone(), requirement.to_owned()))
    }

    fn is_attested(&self, requirement: &str) -> bool {
        self.info(requirement).is_some_and(|info| info.kind == RequirementKind::Attested)
    }

    /// Title of a row: of the requirement on its own row, else what the row is about.
    fn title(&self, row: &StatusRow) -> String {
        match (row.reading == ADOPTED, &row.member) {
            (true, Some(member)) => format!("· {member}"),
            (false, None) => format!("reading {}", row.reading),
            (false, Some(member)) => format!("reading {} · {member}", row.reading),
            (true, None) => match self.info(&row.requirement_id) {
                Some(info) if info.weight == Weight::Advice => format!("advice: {}", info.title),
                Some(info) => info.title.clone(),
                None => String::new(),
            },
        }
    }

    /// The id on the requirement's own row, nothing below it.
    fn id(row: &StatusRow) -> Cell {
        let own = row.reading == ADOPTED && row.member.is_none();
        Cell::plain(if own { row.requirement_id.as_str() } else { "" })
    }
}

/// `✗ not met`: readable without colour, and without the sign.
fn words(status: Status) -> &'static str {
    match status {
        Status::Met => "✓ met",
        Status::NotMet => "✗ not met",
        Status::Unknown => "? unknown",
        Status::Waived => "○ waived",
        Status::NotApplicable => "· n/a",
    }
}

fn tint(status: Status) -> Tint {
    match status {
        Status::Met => Tint::Good,
        Status::NotMet => Tint::Bad,
        Status::Unknown => Tint::Doubt,
        Status::Waived | Status::NotApplicable => Tint::Faint,
    }
}

#[cfg(test)]
mod tests;
