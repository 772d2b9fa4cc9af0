//! Plans: what to do so that requirements are met on a day, at the least cost.
//!
//! ```text
//!  7 points: do these 3 things, and the whole checklist is met on 2027-03-31
//!
//!  1. launch    O1000001  Acme Ltd: launch by 2027-03-31       3 points
//!                 for 4.2, 4.3                       opportunities.csv:12
//!                 or any of O1000002 Bolt Ltd, O1000003 Cog Ltd
//! ```

mod sheet;
mod table;

use crate::format::Format;
use aceq_model::{PlanStatus, PlanStep};
use chrono::NaiveDate;
use serde_json::json;

/// Identity of the JSON form. The number rises when a reader of the old form would misread the new one.
pub const PLAN_SCHEMA_ID: &str = "aceq-plan-1";

/// A plan and how to show it.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'p> {
    /// The partner that it is for.
    pub partner_id: &'p str,
    /// The application date on which requirements are to be met.
    pub as_of: NaiveDate,
    /// What to do, in any order; `rank` says what comes first.
    pub steps: &'p [PlanStep],
    /// What it does to requirements, in any order.
    pub statuses: &'p [PlanStatus],
    /// What was assumed or left aside, one sentence each.
    pub notes: &'p [String],
    /// Whether to colour. Nothing is said by colour alone.
    pub color: bool,
    /// Width of the terminal in columns; less than 40 counts as 40.
    pub width: u16,
}

impl Plan<'_> {
    /// The plan in `format`. CSV holds the steps alone.
    pub fn in_format(&self, format: Format) -> String {
        match format {
            Format::Table => self.table(),
            Format::Json => plan_json(self),
            Format::Csv => plan_csv(self),
            Format::Markdown => self.markdown(),
        }
    }
}

/// One object: schema, partner, date, cost, steps, statuses and notes.
pub fn plan_json(plan: &Plan<'_>) -> String {
    let list = |json: String| json.trim_end().replace('\n', "\n  ");
    let parts = [
        ("schema", json!(PLAN_SCHEMA_ID).to_string()),
        ("partner_id", json!(plan.partner_id).to_string()),
        ("as_of", json!(plan.as_of.to_string()).to_string()),
        ("cost", plan.cost().to_string()),
        ("steps", list(sheet::steps(plan.partner_id, plan.steps).json())),
        ("statuses", list(sheet::statuses(plan.statuses).json())),
        ("notes", json!(plan.notes).to_string()),
    ];
    let lines: Vec<String> = parts.iter().map(|(name, json)| format!("  \"{name}\": {json}")).collect();
    format!("{{\n{}\n}}\n", lines.join(",\n"))
}

/// The steps as RFC 4180 with a header line; requirements and alternatives are joined by `; `.
pub fn plan_csv(plan: &Plan<'_>) -> String {
    sheet::steps(plan.partner_id, plan.steps).csv()
}

#[cfg(test)]
mod tests;
