//! A comparison for a terminal or a document.

use super::words::{because, places, subject, summary};
use super::{Diff, DiffSide};
use crate::order::ADOPTED;
use crate::screen::{Tint, line, wrapped};
use crate::sheet::escape_markdown;
use aceq_model::{Change, ChangeKind, CountDiff, Status};

impl Diff<'_> {
    /// What was compared, then a sentence per count with its rows below.
    pub(super) fn table(&self) -> String {
        let mut text = self.heading();
        let counts = self.shown_counts();
        for of_program in counts.chunk_by(|a, b| (&a.partner_id, &a.program) == (&b.partner_id, &b.program)) {
            let first = of_program[0];
            text += "\n";
            text += &self.line(&format!("{} · {}", first.partner_id, first.program), Tint::Strong);
            let mut told: Option<&CountDiff> = None;
            for count in of_program {
                text += &self.entry(count, told);
                // Other readings often stand on the same rows as the one before.
                told = Some(count);
            }
        }
        if !self.counts.iter().any(CountDiff::is_change) {
            text += "\nNothing changed: every count and status is the same, for the same reasons.\n";
        }
        text
    }

    fn heading(&self) -> String {
        let side = |name: &str, side: &DiffSide| self.wrapped(&format!("{name}  {}", in_words(side)), 8, Tint::Plain);
        let differences: String = self.differences.iter().map(|text| self.wrapped(text, 8, Tint::Faint)).collect();
        side("before", self.before) + &side("after ", self.after) + &differences
    }

    /// A count and its rows; rows that were listed just above are not listed again.
    fn entry(&self, count: &CountDiff, above: Option<&CountDiff>) -> String {
        let mut text = self.wrapped(&summary(count), 4, tint(count));
        let title = self.title(count);
        if count.member.is_none() && count.reading == ADOPTED && !title.is_empty() {
            text += &self.line(&format!("    {title}"), Tint::Faint);
        }
        text.extend(count.notes.iter().map(|note| self.wrapped(&format!("    {note}"), 8, Tint::Faint)));
        let is_again = |above: &CountDiff| {
            above.requirement_id == count.requirement_id && above.changes == count.changes && !count.changes.is_empty()
        };
        if above.is_some_and(is_again) {
            return text + &self.line("  the same rows as above", Tint::Faint);
        }
        let shown = count.changes.len().min(self.rows);
        text.extend(count.changes[..shown].iter().map(|change| self.change(change)));
        let more = count.changes.len() - shown;
        if more > 0 {
            text += &self
                .line(&format!("  … and {more} more: --rows {}, or --format csv", count.changes.len()), Tint::Faint);
        }
        text
    }

    fn change(&self, change: &Change) -> String {
        let text = format!("  {} {}  {}", sign(change.kind), subject(change), because(change));
        let place = places(change);
        let tint = if place.is_empty() { String::new() } else { self.line(&format!("      {place}"), Tint::Faint) };
        self.wrapped(&text, 6, Tint::Plain) + &tint
    }

    fn line(&self, text: &str, tint: Tint) -> String {
        line(text, tint, self.width, self.color)
    }

    /// `text` broken at blanks; lines after the first are indented.
    fn wrapped(&self, text: &str, indent: usize, tint: Tint) -> String {
        wrapped(text, indent, tint, self.width, self.color)
    }

    /// The same for a document: sentences, and a table of the rows below each.
    pub(super) fn markdown(&self) -> String {
        let side = |side: &DiffSide| escape_markdown(&in_words(side));
        let mut text = format!("Before: {}  \nAfter: {}\n", side(self.before), side(self.after));
        text.extend(self.differences.iter().map(|difference| format!("\n{}\n", escape_markdown(difference))));
        let counts = self.shown_counts();
        for of_program in counts.chunk_by(|a, b| (&a.partner_id, &a.program) == (&b.partner_id, &b.program)) {
            let first = of_program[0];
            text += &format!("\n## {} · {}\n", escape_markdown(&first.partner_id), escape_markdown(&first.program));
            text.extend(of_program.iter().map(|count| markdown_entry(count)));
        }
        if !self.counts.iter().any(CountDiff::is_change) {
            text += "\nNothing changed: every count and status is the same, for the same reasons.\n";
        }
        text
    }
}

fn markdown_entry(count: &CountDiff) -> String {
    let mut text = format!("\n**{}**\n", escape_markdown(&summary(count)));
    if !count.notes.is_empty() {
        text += "\n";
    }
    text.extend(count.notes.iter().map(|note| format!("- {}\n", escape_markdown(note))));
    if count.changes.is_empty() {
        return text;
    }
    let row = |change: &Change| {
        let cells = [change.row_id.clone(), change.label.clone(), because(change), places(change)];
        let unit = if change.row_id.is_empty() { change.unit.clone() } else { cells[0].clone() };
        let kind = change.kind.as_str().replace('_', " ");
        [kind, unit, cells[1].clone(), cells[2].clone(), cells[3].clone()].map(|cell| escape_markdown(&cell)).to_vec()
    };
    text += "\n";
    text + &crate::sheet::markdown_table(&["", "row", "what", "why", "source"], count.changes.iter().map(row))
}

fn in_words(side: &DiffSide) -> String {
    let run = side.run_id.as_ref().map(|run| format!(", run {}", run.get(..12).unwrap_or(run))).unwrap_or_default();
    let checklists = if side.checklists.is_empty() { "no checklist".to_owned() } else { side.checklists.join(", ") };
    format!("{} on {}{run} · {checklists}", side.name, side.as_of)
}

fn sign(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Went => "−",
        ChangeKind::Came => "+",
        ChangeKind::Changed => "~",
        ChangeKind::DoubtWent => "(−)",
        ChangeKind::DoubtCame => "(+)",
    }
}

fn tint(count: &CountDiff) -> Tint {
    let status = |side: &Option<aceq_model::SideCount>| side.as_ref().and_then(|side| side.status.satisfied());
    match (status(&count.before), status(&count.after)) {
        (before, after) if before == after => Tint::Plain,
        (_, Some(true)) => Tint::Good,
        (Some(true), _) => Tint::Bad,
        _ if count.after.as_ref().is_some_and(|side| side.status == Status::Unknown) => Tint::Doubt,
        _ => Tint::Plain,
    }
}
