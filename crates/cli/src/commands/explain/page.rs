//! The text of an explanation.

use crate::rules_in_words::requirement_lines;
use aceq_checklist::{AttestedUnit, Checklist, Requirement, Rule};
use aceq_metrics::{Evaluation, Missing};
use aceq_model::{AsOf, EvidenceRow, NearMissRow, Status, StatusRow};
use std::fmt::Write;

/// What is explained, and how wide.
pub struct Page<'p> {
    /// The checklist.
    pub checklist: &'p Checklist,
    /// The requirement.
    pub requirement: &'p Requirement,
    /// The application date.
    pub as_of: AsOf,
    /// Rows to list in each section.
    pub rows: usize,
    /// Columns.
    pub width: usize,
}

impl Page<'_> {
    /// The rule: what it asks, where it is written, how it was read.
    pub fn rule(&self) -> String {
        let (checklist, requirement) = (self.checklist, self.requirement);
        let mut text = format!("{} {} · {}\n", checklist.program, checklist.version, requirement.id);
        self.wrap(&mut text, "", &requirement.title);
        text.push('\n');
        for (name, value) in requirement_lines(checklist, requirement) {
            self.entry(&mut text, &name, &value);
        }
        for alternative in &requirement.alternatives {
            self.entry(&mut text, "or", &format!("{}: {}", alternative.name, alternative.reading));
        }
        text
    }

    /// The answer for one partner.
    pub fn partner(&self, evaluation: &Evaluation<'_>, partner: usize) -> String {
        let id = &evaluation.partners[partner].partner_id;
        let all: Vec<StatusRow> = evaluation.partner_status_rows(0, partner, &[self.as_of]).collect();
        let rows: Vec<&StatusRow> = all.iter().filter(|row| row.requirement_id == self.requirement.id).collect();
        let mut text = format!("\n{id} on {}\n", self.as_of);
        for row in &rows {
            self.wrap(&mut text, "  ", &answer(row));
        }
        self.parts(&mut text, &all);
        let only = Some(self.requirement.id.as_str());
        let evidence = evaluation.partner_evidence(0, partner, self.as_of, only);
        self.counted(&mut text, evidence.iter().filter(|row| row.reading == "adopted").collect());
        let misses = evaluation.partner_near_misses(0, partner, self.as_of, only);
        self.missed(&mut text, misses.iter().filter(|row| row.reading == "adopted").collect());
        let status = rows.first().map(|row| row.status);
        self.unanswered(&mut text, status);
        let adopted = rows.iter().find(|row| row.reading == "adopted" && row.member.is_none());
        let is_met = adopted.is_some_and(|row| row.status == Status::Met);
        self.missing(&mut text, &evaluation.missing(0, &self.requirement.id, partner, self.as_of), is_met);
        text
    }

    /// The requirements that this one combines; `rows` are the partner's answers to all requirements.
    fn parts(&self, text: &mut String, rows: &[StatusRow]) {
        let Rule::Combine(_, parts) = &self.requirement.rule else { return };
        text.push_str("\n  It combines\n");
        for part in parts.iter().map(|part| &self.checklist.requirements[*part]) {
            let own =
                |row: &&StatusRow| row.requirement_id == part.id && row.member.is_none() && row.reading == "adopted";
            if let Some(row) = rows.iter().find(own) {
                self.wrap(text, "    ", &format!("{} {}: {}", part.id, part.title, answer(row)));
            }
        }
    }

    fn counted(&self, text: &mut String, mut rows: Vec<&EvidenceRow>) {
        rows.sort_by_key(|row| row.counts_until.unwrap_or(aceq_model::OPEN_END));
        if matches!(self.requirement.rule, Rule::Combine(..)) {
            return;
        }
        let soonest = if rows.len() > self.rows { ", the first to fall out on top" } else { "" };
        let _ = writeln!(text, "\n  What counts: {} row(s){soonest}", rows.len());
        for row in rows.iter().take(self.rows) {
            let until = row.counts_until.map_or_else(String::new, |until| format!(", until {until}"));
            let arr = row.arr_usd.map_or_else(String::new, |cents| format!(", ARR {}", aceq_model::Cents(cents)));
            let member = row.member.as_ref().map_or_else(String::new, |member| format!("[{member}] "));
            let findings = if row.findings.is_empty() { String::new() } else { format!(" (look: {})", row.findings) };
            let line = format!("{member}{} {}{arr}{until}{findings} · {}", row.row_id, row.label, place(row));
            self.wrap(text, "    ", &line);
        }
        self.more(text, rows.len());
        let next = rows.first().and_then(|row| row.counts_until);
        if let Some(last) = next {
            let leaving = rows.iter().filter(|row| row.counts_until == Some(last)).count();
            let _ = writeln!(text, "    {leaving} of them last count(s) on {last}");
        }
    }

    fn missed(&self, text: &mut String, rows: Vec<&NearMissRow>) {
        if rows.is_empty() {
            return;
        }
        let _ = writeln!(text, "\n  What almost counts: {} row(s) fail one condition only", rows.len());
        for row in rows.iter().take(self.rows) {
            let place = format!("{}:{}", row.source_file, row.source_line);
            let cure = match row.cure.starts_with("count") {
                true => row.cure.clone(),
                false => format!("it would take: {}", row.cure),
            };
            let line = format!("{} {}: {}; {cure} · {place}", row.row_id, row.label, row.actual);
            self.wrap(text, "    ", &line);
        }
        self.more(text, rows.len());
    }

    fn missing(&self, text: &mut String, groups: &[Missing], is_met: bool) {
        if groups.is_empty() {
            return;
        }
        text.push_str("\n  What to bring: values that are unknown\n");
        for group in groups {
            let settles = if group.would_meet && !is_met { ", enough to meet it" } else { "" };
            let what = if group.columns.is_empty() { "who they are".to_owned() } else { group.columns.join(", ") };
            let ids: Vec<&str> = group.row_ids.iter().take(5).map(String::as_str).collect();
            let rest = group.row_ids.len().saturating_sub(5);
            let rest = if rest > 0 { format!(" and {rest} more") } else { String::new() };
            let member = group.member.as_ref().map_or_else(String::new, |member| format!("[{member}] "));
            let line = format!("{member}{what}: could add {}{settles} ({}{rest})", group.units, ids.join(", "));
            self.wrap(text, "    ", &line);
        }
    }

    /// An attested requirement that is unknown waits for the answer, not for rows.
    fn unanswered(&self, text: &mut String, status: Option<Status>) {
        let Rule::Attested(rule) = &self.requirement.rule else { return };
        if status == Some(Status::Unknown) {
            let per = if matches!(rule.unit, AttestedUnit::Partner) { "" } else { ", one row per case study" };
            text.push_str("\n  What to bring: the answer of the self-assessment\n");
            let line =
                format!("an `attestations` file that answers {}{per} (`aceq template attestations`)", rule.answers_of);
            self.wrap(text, "    ", &line);
        }
    }

    fn more(&self, text: &mut String, total: usize) {
        if total > self.rows {
            let _ = writeln!(text, "    … and {} more (--rows {total} shows all)", total - self.rows);
        }
    }

    fn entry(&self, text: &mut String, name: &str, value: &str) {
        let options = unbroken(self.width).initial_indent("  ").subsequent_indent("               ");
        let _ = writeln!(text, "{}", textwrap::fill(&format!("{name:<12} {value}"), options));
    }

    fn wrap(&self, text: &mut String, indent: &str, line: &str) {
        let deeper = format!("{indent}  ");
        let options = unbroken(self.width).initial_indent(indent).subsequent_indent(&deeper);
        let _ = writeln!(text, "{}", textwrap::fill(line, options));
    }
}

/// Dates, paths and ids hold hyphens, and none of them is a place to break a line.
fn unbroken(width: usize) -> textwrap::Options<'static> {
    textwrap::Options::new(width).word_splitter(textwrap::WordSplitter::NoHyphenation)
}

fn place(row: &EvidenceRow) -> String {
    format!("{}:{}", row.source_file, row.source_line)
}

/// A status row as a sentence.
fn answer(row: &StatusRow) -> String {
    let who = match (&row.member, row.reading.as_str()) {
        (None, "adopted") => String::new(),
        (Some(member), "adopted") => format!("{member}: "),
        (None, reading) => format!("reading {reading}: "),
        (Some(member), reading) => format!("reading {reading}, {member}: "),
    };
    let status = row.status.as_str().replace('_', " ");
    let shown = |hundredths: i64| match row.is_sum {
        true => aceq_model::Cents(hundredths).to_string(),
        false => (hundredths / 100).to_string(),
    };
    let possible = match row.possible {
        Some(possible) if possible == row.confirmed => String::new(),
        Some(possible) => format!(", at most {}", shown(possible)),
        None => ", no upper bound".to_owned(),
    };
    let counts = format!("{} of {} confirmed{possible}", shown(row.confirmed), shown(row.required));
    format!("{who}{status}: {counts}{}{}", when(row), doubts(row))
}

fn when(row: &StatusRow) -> String {
    let change = row.margin_days.map_or_else(String::new, |days| format!("; the answer changes in {days} day(s)"));
    let run = match (row.status, row.met_from, row.met_until) {
        (Status::Met, from, until) => {
            let from = from.map_or_else(String::new, |from| format!(" since {from}"));
            let until =
                until.map_or_else(|| ", not lost on present data".to_owned(), |until| format!(" until {until}"));
            format!("; met{from}{until}")
        }
        (_, Some(from), Some(until)) => format!("; next met {from} to {until}"),
        (_, Some(from), None) => format!("; next met from {from}"),
        _ => String::new(),
    };
    format!("{run}{change}")
}

fn doubts(row: &StatusRow) -> String {
    match row.counted_with_findings {
        Some(count) if count > 0 => format!("; {count} counted row(s) carry a finding"),
        _ => String::new(),
    }
}
