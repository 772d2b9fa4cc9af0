//! What waives a requirement, and when it applies: statements about the partner.

use super::dialect::Dialect;
use super::lines::Plan;
use super::predicate::all_of;
use super::rules::{Dates, within_calendar};
use super::text::{Part, union_all, values};
use crate::checklist::{Checklist, Condition};
use crate::predicate::Term;

/// Conditions that bear on lines of the plan, and on which.
pub(super) struct Gates<'c> {
    conditions: Vec<&'c Condition>,
    /// `(stage, line number, what, index into conditions)`
    bearings: Vec<(usize, usize, &'static str, usize)>,
}

impl<'c> Gates<'c> {
    pub(super) fn new(plan: &Plan<'c>) -> Self {
        let mut gates = Self { conditions: Vec::new(), bearings: Vec::new() };
        for line in plan.in_order() {
            let Some(requirement) = line.requirement.filter(|_| line.gated) else { continue };
            let applies = requirement.applies_when.iter().map(|index| ("applies", *index));
            let waived = requirement.waived_when.iter().map(|index| ("waived", *index));
            for (what, index) in applies.chain(waived) {
                let condition = gates.condition(line.checklist, index);
                gates.bearings.push((line.stage, line.number, what, condition));
            }
        }
        gates
    }

    fn condition(&mut self, checklist: &'c Checklist, index: usize) -> usize {
        let condition = &checklist.conditions[index];
        let known = self.conditions.iter().position(|known| std::ptr::eq(*known, condition));
        known.unwrap_or_else(|| {
            self.conditions.push(condition);
            self.conditions.len() - 1
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Whether a line of the stage is waived or applies under conditions.
    pub(super) fn bear_on(&self, stage: usize) -> bool {
        self.bearings.iter().any(|(of, ..)| *of == stage)
    }

    /// The lines that apply under conditions only.
    pub(super) fn conditional(&self, line: usize) -> bool {
        self.bearings.iter().any(|(_, number, what, _)| *number == line && *what == "applies")
    }

    /// One query per condition, all of them together, and what they bear on.
    pub(super) fn parts(&self, dialect: Dialect) -> Vec<Part> {
        let mut parts: Vec<Part> = Vec::new();
        let mut branches = Vec::new();
        for (index, condition) in self.conditions.iter().enumerate() {
            let name = format!("condition_{}", index + 1);
            parts.push(part(condition, &name, dialect));
            branches.push(format!("SELECT {} AS condition_no, * FROM {name}", index + 1));
        }
        let about = "The rows that make a statement true, or may do so, with the application dates on which they do. A \
                     statement is unknown on every date where its table was never given.";
        let rows = within_calendar("condition_no, partner_id", &union_all(&branches), dialect);
        let tables = self.conditions.iter().enumerate();
        let tables =
            tables.map(|(index, condition)| format!("{}, {}", index + 1, dialect.text(condition.table.name())));
        let body = format!(
            "{rows}\nUNION ALL\nSELECT c.condition_no, p.partner_id, FALSE, {}, {}\n\
             FROM (\n  {}\n) AS c (condition_no, table_name)\n  \
             CROSS JOIN dim_partner AS p\n  LEFT JOIN dim_table AS t ON t.table_name = c.table_name\n\
             WHERE t.given IS NOT TRUE",
            dialect.first_day(),
            dialect.last_day(),
            values(&tables.collect::<Vec<_>>()).replace('\n', "\n  ")
        );
        let body = body.replacen(
            "SELECT *\nFROM (",
            "SELECT condition_no, partner_id, certain, from_day, until_day\nFROM (",
            1,
        );
        parts.push(Part::new(about, "condition_days", body));
        parts
    }

    /// The statements that bear on the lines of a stage, as intervals.
    pub(super) fn intervals(&self, stage: usize, dialect: Dialect) -> Option<String> {
        let bearings = self.bearings.iter().filter(|(of, ..)| *of == stage);
        let rows: Vec<String> = bearings
            .map(|(_, line, what, condition)| format!("{line}, {}, {}", dialect.text(what), condition + 1))
            .collect();
        if rows.is_empty() {
            return None;
        }
        // What is true is possible as well.
        Some(format!(
            "SELECT d.partner_id, g.line, CASE WHEN sure THEN g.what ELSE CONCAT('perhaps ', g.what) END, 1,\n  \
             d.from_day, d.until_day\nFROM (\n  {}\n) AS g (line, what, condition_no)\n  \
             JOIN condition_days AS d ON d.condition_no = g.condition_no\n  \
             CROSS JOIN (VALUES (TRUE), (FALSE)) AS s (sure)\nWHERE d.certain OR NOT sure",
            values(&rows).replace('\n', "\n  ")
        ))
    }
}

fn part(condition: &Condition, name: &str, dialect: Dialect) -> Part {
    let terms: Vec<&Term> = condition.terms.iter().collect();
    let dates = Dates::new(condition.table, condition.window, dialect);
    let body = format!(
        "SELECT\n  partner_id,\n  {}\n    AS counts,\n{}\nFROM {}",
        all_of(&terms, dialect).replace('\n', "\n  "),
        dates.columns(),
        condition.table.name()
    );
    let window = Dates::in_words(condition.window).map(|words| format!(" ({words})")).unwrap_or_default();
    Part::new(&format!("Statement {}: {}{window}", condition.id, condition.title), name, body)
}
