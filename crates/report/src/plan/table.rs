//! A plan for a terminal or a document.

use super::{Plan, sheet};
use crate::amount::Measure;
use crate::evidence::source;
use crate::order::WHOLE;
use crate::screen::{Cell, Column, Lines, Side, Tint, wrapped};
use crate::sheet::{escape_markdown, markdown_table};
use aceq_model::{PlanStatus, PlanStep, Status};

/// Alternatives named in a sentence.
const ALTERNATIVES: usize = 5;

impl Plan<'_> {
    /// Points of all steps.
    pub(super) fn cost(&self) -> i64 {
        self.steps.iter().map(|step| step.cost).sum()
    }

    pub(super) fn table(&self) -> String {
        let mut text = self.wrapped(&format!("{} · {}", self.partner_id, self.heading()), 2, self.tint());
        for (at, step) in sheet::steps_in_order(self.steps).into_iter().enumerate() {
            let gap = if at == 0 { "\n" } else { "" };
            text += gap;
            text += &self.step(step);
        }
        if !self.statuses.is_empty() {
            text += "\n";
            text += &self.before_and_after();
        }
        if !self.notes.is_empty() {
            text += "\n";
        }
        text.extend(self.notes.iter().map(|note| self.wrapped(note, 2, Tint::Faint)));
        text
    }

    /// `7 points: do these 3 things; met on 2027-03-31`.
    fn heading(&self) -> String {
        let outcome = if self.is_met() { "met on" } else { "still not met on" };
        let outcome = format!("{outcome} {}", self.as_of);
        let things = match (self.steps.len(), self.is_met()) {
            (0, true) => return format!("nothing to do: {outcome}"),
            (0, false) => return format!("nothing that could be done is known: {outcome}"),
            (1, _) => "do this one thing".to_owned(),
            (several, _) => format!("do these {several} things"),
        };
        format!("{}: {things}; {outcome}", points(self.cost()))
    }

    /// Whether everything asked for is met in the end: the whole checklists, or without their rows every requirement.
    fn is_met(&self) -> bool {
        let whole = self.statuses.iter().filter(|status| status.requirement_id == WHOLE);
        let met = |status: &PlanStatus| status.after.0.satisfied() == Some(true);
        if whole.clone().next().is_some() { whole.clone().all(met) } else { self.statuses.iter().all(met) }
    }

    fn tint(&self) -> Tint {
        if self.is_met() { Tint::Good } else { Tint::Bad }
    }

    /// A step: what to do to which row, then what for, where it stands, and what would do as well.
    fn step(&self, step: &PlanStep) -> String {
        let head = format!("{}. {} ({})", step.rank, sentence(step), points(step.cost));
        let mut text = self.wrapped(&head, 5, Tint::Plain);
        let place = place(step);
        let serves = if step.serves.is_empty() { String::new() } else { format!("for {}", step.serves.join(", ")) };
        let about = [serves, place].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
        if !about.is_empty() {
            text += &self.wrapped(&format!("     {about}"), 7, Tint::Faint);
        }
        if !step.alternatives.is_empty() {
            text += &self.wrapped(&format!("     {}", alternatives(step)), 7, Tint::Faint);
        }
        text
    }

    fn before_and_after(&self) -> String {
        let columns = vec![
            Column::new("", Side::Left, 3),
            Column::new("", Side::Left, 3),
            Column::new("", Side::Left, 8),
            Column::new("before", Side::Left, 9),
            Column::new("with the plan", Side::Left, 9),
        ];
        let mut lines = Lines::new(columns, &[2, 0]);
        for status in sheet::statuses_in_order(self.statuses) {
            let is_better = status.before.0.satisfied() != Some(true) && status.after.0.satisfied() == Some(true);
            let tint = if is_better { Tint::Good } else { Tint::Plain };
            lines.push(vec![
                Cell::plain(format!("{} {}", status.program, status.version)),
                Cell::plain(status.requirement_id.as_str()),
                Cell::plain(title(status)),
                Cell::plain(side(status, status.before)),
                Cell::new(side(status, status.after), tint),
            ]);
        }
        lines.render(self.width, self.color)
    }

    pub(super) fn markdown(&self) -> String {
        let step = |step: &PlanStep| {
            let cells = [
                format!("{}", step.rank),
                sentence(step),
                points(step.cost),
                step.serves.join(", "),
                step.alternatives.iter().map(sheet::alternative).collect::<Vec<_>>().join("; "),
                place(step),
            ];
            cells.map(|cell| escape_markdown(&cell)).to_vec()
        };
        let status = |status: &PlanStatus| {
            let cells = [
                format!("{} {}", status.program, status.version),
                status.requirement_id.clone(),
                title(status).to_owned(),
                side(status, status.before),
                side(status, status.after),
            ];
            cells.map(|cell| escape_markdown(&cell)).to_vec()
        };
        let mut text = format!("**{}: {}**\n", escape_markdown(self.partner_id), escape_markdown(&self.heading()));
        if !self.steps.is_empty() {
            let headings = ["", "what", "cost", "for", "or any of", "source"];
            let rows = sheet::steps_in_order(self.steps).into_iter().map(step);
            text += &format!("\n{}", markdown_table(&headings, rows));
        }
        if !self.statuses.is_empty() {
            let headings = ["checklist", "requirement", "title", "before", "with the plan"];
            let rows = sheet::statuses_in_order(self.statuses).into_iter().map(status);
            text += &format!("\n{}", markdown_table(&headings, rows));
        }
        text.extend(self.notes.iter().map(|note| format!("\n{}\n", escape_markdown(note))));
        text
    }

    fn wrapped(&self, text: &str, indent: usize, tint: Tint) -> String {
        wrapped(text, indent, tint, self.width, self.color)
    }
}

/// `O1000001 Acme Ltd: launch by 2027-03-31`.
fn sentence(step: &PlanStep) -> String {
    let row = format!("{} {}", step.row_id, step.label);
    match row.trim() {
        "" => step.what.clone(),
        row => format!("{row}: {}", step.what),
    }
}

fn place(step: &PlanStep) -> String {
    if step.source_file.is_empty() {
        return String::new();
    }
    source(&step.source_file, &step.source_sheet, step.source_line)
}

/// `or any of O1000002 Bolt Ltd, O1000003 Cog Ltd … and 4 more`.
fn alternatives(step: &PlanStep) -> String {
    let named: Vec<String> = step.alternatives.iter().take(ALTERNATIVES).map(sheet::alternative).collect();
    let more = step.alternatives.len() - named.len();
    let more = if more > 0 { format!(" … and {more} more") } else { String::new() };
    let any = if step.alternatives.len() == 1 { "or" } else { "or any of" };
    format!("{any} {}{more}", named.join(", "))
}

/// `not met, 48 of 50`; the whole checklist has no count.
fn side(status: &PlanStatus, (answer, confirmed): (Status, i64)) -> String {
    let words = answer.as_str().replace('_', " ");
    if status.requirement_id == WHOLE {
        return words;
    }
    let measure = Measure::of(status.is_sum);
    format!("{words}, {} of {}", measure.text(confirmed), measure.text(status.required))
}

fn title(status: &PlanStatus) -> &str {
    match (status.requirement_id.as_str(), status.title.as_str()) {
        (WHOLE, "") => "the whole checklist",
        (_, title) => title,
    }
}

fn points(cost: i64) -> String {
    if cost == 1 { "1 point".to_owned() } else { format!("{cost} points") }
}
