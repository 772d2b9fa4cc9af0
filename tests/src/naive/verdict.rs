//! What the definition says of single rows: do the conditions of a count hold, and do the dates on a day?

use super::predicate::Expr;
use super::row::{PartnerRows, Row, rows_of};
use super::rules::{Checklist, Goal, Rule, Selection, read};
use aceq_model::{Bucket, RowPlace, TableId};
use chrono::NaiveDate;

/// TRUE, FALSE or not known (`None`), for the conditions and for the dates of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether every condition holds, whatever the day.
    pub conditions: Option<bool>,
    /// Whether the dates hold on the day.
    pub dates: Option<bool>,
}

/// One partner's rows under one checklist.
pub struct Judge {
    checklist: Checklist,
    rows: PartnerRows,
}

impl Verdict {
    /// Whether the row counts.
    pub fn counts(self) -> Option<bool> {
        super::truth::and(self.conditions, self.dates)
    }
}

impl Judge {
    /// The judge of `partner`'s rows in `bucket`.
    ///
    /// # Panics
    /// When the checklist is wrong.
    pub fn new(text: &str, bucket: &Bucket, partner: &str) -> Self {
        Self { checklist: read(text), rows: rows_of(bucket, partner) }
    }

    /// The verdict on the row that was read at `place`; `None` = there is no such row, or the count counts no rows.
    pub fn of(
        &self,
        (requirement, reading, member): (&str, &str, Option<&str>),
        place: &RowPlace,
        day: NaiveDate,
    ) -> Option<Verdict> {
        let (selection, further) = self.selection(requirement, reading, member)?;
        let row = self.row(selection.table, place)?;
        Some(Verdict { conditions: selection.predicate(row, further), dates: selection.dates(row).truth(day) })
    }

    /// Whether a row of the table was read at `place`.
    pub fn has(&self, table: TableId, place: &RowPlace) -> bool {
        self.row(table, place).is_some()
    }

    fn row(&self, table: TableId, place: &RowPlace) -> Option<&Row> {
        let line = Some(i128::from(place.line) * 100);
        let is_it = |row: &&Row| {
            row.number("source_line") == line
                && row.text("source_file").as_deref() == Some(&place.file)
                && row.text("source_sheet").as_deref() == Some(&place.sheet)
        };
        self.rows.get(&table)?.iter().find(is_it)
    }

    fn selection(&self, id: &str, reading: &str, member: Option<&str>) -> Option<(&Selection, Option<&Expr>)> {
        let requirement = self.checklist.requirements.iter().find(|requirement| requirement.id == id)?;
        let (_, rule) = requirement.readings.iter().find(|(name, _)| name == reading)?;
        let Rule::Count(rule) = rule else { return None };
        let members = match &rule.goal {
            Goal::AtLeast { of_which: members, .. } | Goal::Each(members) => members.as_slice(),
            Goal::Unnamed { .. } => &[],
        };
        match member {
            None => Some((&rule.selection, None)),
            Some(name) => members.iter().find(|m| m.id == name).map(|m| (&rule.selection, Some(&m.condition))),
        }
    }
}
