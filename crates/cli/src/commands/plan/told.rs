//! A plan in words: steps with what would do as well, status before and after, what is left open.

use super::problem::{Others, Problem, Solved};
use super::{Planning, Statuses};
use crate::outlook::Assumptions;
use crate::screen::Screen;
use aceq_forecast::{Chosen, Preference};
use aceq_metrics::{CandidateRow, Deed};
use aceq_model::{PlanAction, PlanStatus, PlanStep, Status};
use aceq_report::{Format, Plan};
use std::collections::BTreeMap;

/// What is told of one partner.
pub struct Told<'t> {
    /// The partner.
    pub partner_id: &'t str,
    /// When.
    pub planning: Planning,
    /// What was to be solved.
    pub problem: &'t Problem<'t>,
    /// Statuses without what is assumed; `None` where nothing is.
    pub before: Option<&'t Statuses>,
    /// What is assumed.
    pub assumed: &'t Assumptions,
}

impl Told<'_> {
    /// The plan in a format.
    pub fn in_format(&self, solved: &Solved, format: Format, screen: &Screen) -> String {
        let none = Chosen::default();
        let chosen = match solved {
            Solved::Plans { best, .. } => best.first().unwrap_or(&none),
            Solved::Already | Solved::NotProven(_) => &none,
        };
        let (steps, statuses) = (self.steps(chosen), self.statuses(chosen));
        let notes = self.notes(solved);
        let plan = Plan {
            partner_id: self.partner_id,
            as_of: self.planning.by.date(),
            steps: &steps,
            statuses: &statuses,
            notes: &notes,
            color: screen.color,
            width: screen.width,
        };
        plan.in_format(format)
    }

    fn steps(&self, chosen: &Chosen) -> Vec<PlanStep> {
        // What does not exist yet is done several times: one step, so many times.
        let same = |a: &usize, b: &usize| {
            let (a, b) = (self.problem.deed(*a), self.problem.deed(*b));
            a.0.row_id.is_empty() && (a.0.kind, &a.0.what, a.1) == (b.0.kind, &b.0.what, b.1)
        };
        let step = |(rank, actions): (u32, &[usize])| {
            let (action, times) = (&actions[0], actions.len());
            let (deed, cost) = self.problem.deed(*action);
            let what = if times == 1 { deed.what.clone() } else { format!("{times} times: {}", deed.what) };
            PlanStep {
                rank,
                cost: i64::from(cost) * times as i64,
                action: deed.kind,
                table: deed.table.to_owned(),
                row_id: deed.row_id.clone(),
                label: deed.label.clone(),
                what,
                serves: self.problem.serves(*action),
                alternatives: self.alternatives(chosen, *action),
                source_file: deed.source_file.clone(),
                source_sheet: deed.source_sheet.clone(),
                source_line: deed.source_line,
            }
        };
        (1u32..).zip(chosen.actions.chunk_by(same)).map(step).collect()
    }

    /// Rows that would do as well in an action's place: those of its swap that are not done anyway.
    fn alternatives(&self, chosen: &Chosen, action: usize) -> Vec<(String, String)> {
        let has =
            |swap: &&aceq_forecast::Swap| swap.of.iter().flat_map(|unit| &unit.ways).any(|way| way.contains(&action));
        let Some(swap) = chosen.swaps.iter().find(has) else { return Vec::new() };
        let ways = swap.of.iter().filter_map(|unit| unit.ways.first());
        let others = ways.filter(|way| !way.iter().any(|action| chosen.actions.contains(action)));
        let mut rows: Vec<(String, String)> = Vec::new();
        for way in others {
            let deed = self.problem.deed(way[0]).0;
            let row = (deed.row_id.clone(), deed.label.clone());
            // What does not exist yet is the same whichever is taken.
            if !deed.row_id.is_empty() && !rows.contains(&row) {
                rows.push(row);
            }
        }
        rows
    }

    fn statuses(&self, chosen: &Chosen) -> Vec<PlanStatus> {
        let rows = self.problem.rows();
        let mut statuses: Vec<PlanStatus> = rows.iter().map(|row| self.status(row, chosen)).collect();
        let changes = |status: &PlanStatus| status.before != status.after || status.requirement_id == "*";
        let open = |status: &PlanStatus| status.after.0.satisfied() != Some(true);
        statuses.retain(|status| changes(status) || open(status));
        statuses
    }

    fn status(&self, row: &CandidateRow, chosen: &Chosen) -> PlanStatus {
        let key = (row.key.partner_id.clone(), row.key.program.clone(), row.key.requirement_id.clone());
        let before = self.before.and_then(|before| before.get(&key)).copied().unwrap_or((row.status, row.confirmed));
        let after = match row.key.requirement_id.as_str() {
            "*" => self.whole(row, chosen),
            _ => self.problem.after(row, &chosen.actions),
        };
        PlanStatus {
            program: row.key.program.clone(),
            version: row.key.version.clone(),
            requirement_id: row.key.requirement_id.clone(),
            title: row.title.clone(),
            before,
            after,
            required: row.required,
            is_sum: row.is_sum,
        }
    }

    /// The whole checklist: met when its goal is; its count is that of the requirements that are.
    fn whole(&self, row: &CandidateRow, chosen: &Chosen) -> (Status, i64) {
        let newly = self.problem.rows().iter().filter(|one| {
            let is_own =
                one.key.program == row.key.program && one.key.requirement_id != "*" && self.problem.is_required(one);
            is_own
                && one.status.satisfied() != Some(true)
                && self.problem.after(one, &chosen.actions).0.satisfied() == Some(true)
        });
        let confirmed = row.confirmed + 100 * newly.count() as i64;
        (if confirmed >= row.required { Status::Met } else { row.status }, confirmed)
    }

    fn notes(&self, solved: &Solved) -> Vec<String> {
        let mut notes = self.assumed.notes();
        match solved {
            Solved::Plans { best, others, preference } => {
                notes.extend(best.iter().skip(1).map(|plan| format!("As good: {}.", self.in_short(plan))));
                if *preference == Preference::Unproven {
                    notes.push(
                        "Nothing is cheaper; whether an equally cheap plan has fewer actions was not looked at to the end."
                            .to_owned(),
                    );
                }
                if *others == Others::Some {
                    notes.push("There are more plans of the same cost (--alternatives N shows more).".to_owned());
                }
            }
            Solved::Already => {}
            Solved::NotProven(why) => notes.push(format!("No plan: {why}.")),
        }
        let left: Vec<&str> = self.problem.unreachable().iter().map(|row| row.key.requirement_id.as_str()).collect();
        if !left.is_empty() {
            notes.push(format!(
                "Left open: {}. Nothing that could be listed here meets them; `aceq explain PROGRAM REQUIREMENT` says \
                 what they ask for.",
                left.join(", ")
            ));
        }
        if matches!(solved, Solved::Plans { .. }) {
            notes.push(
                "A value that is supplied is taken to turn out well, and a launch to happen: neither is certain. Costs \
                 are those of `aceq template actions`, or of --actions."
                    .to_owned(),
            );
        }
        notes
    }

    /// A plan in one line: how many of what.
    fn in_short(&self, plan: &Chosen) -> String {
        let mut kinds: BTreeMap<PlanAction, Vec<&Deed>> = BTreeMap::new();
        for action in &plan.actions {
            let deed = self.problem.deed(*action).0;
            kinds.entry(deed.kind).or_default().push(deed);
        }
        let told = kinds.into_iter().map(|(kind, deeds)| {
            let mut names: Vec<&str> = deeds.iter().map(|deed| name(deed)).collect();
            names.dedup();
            let shown = names.iter().take(6).copied().collect::<Vec<_>>().join(", ");
            let more = if names.len() > 6 { format!(" and {} more", names.len() - 6) } else { String::new() };
            format!("{} {shown}{more}", kind.name())
        });
        told.collect::<Vec<_>>().join("; ")
    }
}

fn name(deed: &Deed) -> &str {
    if deed.row_id.is_empty() { &deed.label } else { &deed.row_id }
}
