//! Answers that no checklist asks for. They count for nothing: a control whose id has a typing error stays unanswered, and
//! looks as if nobody had answered it.

use crate::screen::Screen;
use aceq_checklist::{Checklist, Library, Rule, suggest};
use aceq_model::{Bucket, Position, TableId};
use arrow::array::{Array, AsArray};
use arrow::datatypes::Int64Type;
use std::collections::{BTreeMap, BTreeSet};

/// Ids that are named, at most; the rest is a number.
const NAMED: usize = 5;

/// What self-assessments answer and no version of the program has.
pub struct Unasked<'l> {
    /// Ids by program: of requirements, and those under which answers are looked for.
    known: BTreeMap<&'l str, BTreeSet<&'l str>>,
    found: BTreeMap<(String, String), Seen>,
}

/// The answers to one such id.
struct Seen {
    answers: usize,
    /// The first of them, in the order of files and lines.
    first: Position,
}

impl<'l> Unasked<'l> {
    /// Nothing yet. Every version counts: what one of them asks is no error, though another answers today.
    pub fn new(library: &'l Library) -> Self {
        let mut known: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for checklist in library.checklists() {
            known.entry(&checklist.program).or_default().extend(ids(checklist));
        }
        Self { known, found: BTreeMap::new() }
    }

    /// Looks through the answers of the bucket's partners.
    pub fn look_through(&mut self, bucket: &Bucket) {
        let Some(answers) = bucket.table(TableId::Attestations) else { return };
        let text = |name: &str| answers[name].as_string::<i32>();
        let (partners, programs, ids) = (text("partner_id"), text("program"), text("requirement_id"));
        let (files, sheets) = (text("source_file"), text("source_sheet"));
        let lines = answers["source_line"].as_primitive::<Int64Type>();
        for row in (0..answers.num_rows()).filter(|row| programs.is_valid(*row) && ids.is_valid(*row)) {
            let (program, id) = (programs.value(row), ids.value(row));
            let is_known = self.known.get(program).is_some_and(|known| known.contains(id));
            // Rows of partners that nobody asks about lie in the bucket too.
            if is_known || bucket.partners.binary_search_by(|known| known.as_str().cmp(partners.value(row))).is_err() {
                continue;
            }
            let (file, sheet) = (files.value(row).to_owned(), sheets.value(row).to_owned());
            let at = Position { file, sheet, line: u64::try_from(lines.value(row)).unwrap_or(0), byte: None };
            let key = (program.to_owned(), id.to_owned());
            let seen = self.found.entry(key).or_insert_with(|| Seen { answers: 0, first: at.clone() });
            seen.answers += 1;
            seen.first = at.min(seen.first.clone());
        }
    }

    /// Tells what was found.
    pub fn tell(&self, screen: &Screen) {
        self.lines().iter().for_each(|line| screen.tell(line));
    }

    fn lines(&self) -> Vec<String> {
        let line = |((program, id), seen): (&(String, String), &Seen)| {
            let (what, help) = match self.known.get(program.as_str()) {
                Some(known) => {
                    (format!("program {program} has no requirement `{id}`"), suggest(id, known.iter().copied()))
                }
                None => (format!("there is no program `{program}`"), suggest(program, self.known.keys().copied())),
            };
            let help = if help.is_empty() { help } else { format!(" ({help})") };
            let Seen { answers, first } = seen;
            format!("warning: {answers} answer(s) count for nothing: {what}{help}; first at {first}")
        };
        let mut lines: Vec<String> = self.found.iter().take(NAMED).map(line).collect();
        if self.found.len() > NAMED {
            let more = self.found.len() - NAMED;
            lines.push(format!("warning: answers to {more} more id(s) count for nothing, for the same reason"));
        }
        lines
    }
}

/// Every id under which the program may be answered.
fn ids(checklist: &Checklist) -> impl Iterator<Item = &str> {
    let answered =
        checklist.requirements.iter().flat_map(|requirement| requirement.readings()).filter_map(|(_, rule)| {
            let Rule::Attested(attested) = rule else { return None };
            Some(attested.answers_of.as_str())
        });
    checklist.requirements.iter().map(|requirement| requirement.id.as_str()).chain(answered)
}
