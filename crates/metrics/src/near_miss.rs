//! Near misses: rows that fail exactly one condition and whose unit does not count already.

use crate::engine::Evaluation;
use crate::question::Question;
use crate::rows::Rows;
use crate::units::{confirmed_units, unit_name, unit_of};
use crate::view::{TableView, date_at};
use aceq_checklist::{Comparison, CountRule, Literal, Members, Operand, Predicate, Rule, RuleWindow, Term};
use aceq_model::{AsOf, Column, NearMissRow, OPEN_END, TableId};
use aceq_timeline::{Span, Truth, Window};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

impl Evaluation<'_> {
    /// The near misses of the counting requirements of the engine's `checklist`-th checklist on `as_of`, for all
    /// partners; of one requirement where `only` names it.
    pub fn near_misses(&self, checklist: usize, as_of: AsOf, only: Option<&str>) -> Vec<NearMissRow> {
        let partners = (0..self.partners.len()).into_par_iter();
        partners.flat_map_iter(|partner| self.partner_near_misses(checklist, partner, as_of, only)).collect()
    }

    /// As [`Self::near_misses`], for the `partner`-th partner alone.
    pub fn partner_near_misses(
        &self,
        checklist: usize,
        partner: usize,
        as_of: AsOf,
        only: Option<&str>,
    ) -> Vec<NearMissRow> {
        let mut misses = Vec::new();
        for (question, rule) in self.questions(checklist, partner, as_of, only) {
            if let Rule::Count(rule) = rule {
                self.near_misses_of(rule, question, &mut misses);
            }
        }
        misses
    }

    fn near_misses_of(&self, rule: &CountRule, question: Question<'_>, into: &mut Vec<NearMissRow>) {
        let Some(view) = self.views.table(rule.table) else { return };
        // With `each`, what is missing is told per value by the members, not per row.
        if matches!(rule.members, Members::Each { .. }) {
            return;
        }
        let rows = Rows::new(view, &rule.terms, rule.window);
        let day = question.as_of.days();
        let range = view.range(question.partner);
        let counted = confirmed_units(&rows, rule, range.clone(), day);
        let mut found = Vec::new();
        for row in range {
            if unit_of(view, rule.unit, row).is_some_and(|unit| counted.contains_key(&unit)) {
                continue;
            }
            if let Some(failing) = only_failing(&rows, rule, row, day) {
                found.push(near_miss_row(view, rule, row, failing, question));
            }
        }
        found.sort_by(|a, b| (&a.unit, &a.row_id, a.source_line).cmp(&(&b.unit, &b.row_id, b.source_line)));
        into.extend(found);
    }
}

/// What alone keeps a row from counting.
#[derive(Clone, Copy)]
enum Failing<'r> {
    Term(&'r Term),
    Dates(Span),
}

fn only_failing<'r>(rows: &Rows<'_>, rule: &'r CountRule, row: usize, day: i32) -> Option<Failing<'r>> {
    let span = rows.date_span(row);
    let mut failing = (span.at(day) != Truth::True).then_some((span.at(day), Failing::Dates(span)));
    for (term, truth) in rule.terms.iter().zip(rows.truths(row)) {
        if truth != Truth::True {
            if failing.is_some() {
                return None;
            }
            failing = Some((truth, Failing::Term(term)));
        }
    }
    // An unknown condition is something to find out, not a miss.
    failing.filter(|(truth, _)| *truth == Truth::False).map(|(_, failing)| failing)
}

fn near_miss_row(
    view: &TableView,
    rule: &CountRule,
    row: usize,
    failing: Failing<'_>,
    question: Question<'_>,
) -> NearMissRow {
    let (condition, actual, cure) = match failing {
        Failing::Term(term) => (term.text.clone(), actual(view, &term.predicate, row), cure(&term.predicate)),
        Failing::Dates(span) => dates_in_words(view, rule.window, row, span, question.as_of),
    };
    NearMissRow {
        partner_id: question.partner_id.to_owned(),
        program: question.checklist.program.clone(),
        version: question.checklist.version.clone(),
        requirement_id: question.requirement.to_owned(),
        reading: question.reading.to_owned(),
        as_of: question.as_of.date(),
        unit: unit_name(view, rule.unit, row),
        table: view.id.name().to_owned(),
        row_id: view.row_id(row),
        label: view.label(row).to_owned(),
        condition,
        actual,
        cure,
        source_file: view.text_at("source_file", row).to_owned(),
        source_sheet: view.text_at("source_sheet", row).to_owned(),
        source_line: view.longs("source_line").value(row),
    }
}

fn actual(view: &TableView, predicate: &Predicate, row: usize) -> String {
    let shown = |column: &&Column| format!("{} = {}", column.name, view.shown(column, row));
    predicate.columns().iter().map(shown).collect::<Vec<_>>().join(", ")
}

fn dates_in_words(
    view: &TableView,
    window: Option<RuleWindow>,
    row: usize,
    span: Span,
    as_of: AsOf,
) -> (String, String, String) {
    let (condition, columns) = match window {
        Some(window) => (window_in_words(window), vec![window.column.name]),
        None => ("valid on the as-of date".to_owned(), validity_columns(view.id).to_vec()),
    };
    let date = |name: &&str| match date_at(view.dates(name), row) {
        None => format!("{name} = unknown"),
        Some(OPEN_END) => format!("{name} = open"),
        Some(date) => format!("{name} = {date}"),
    };
    let actual = columns.iter().map(date).collect::<Vec<_>>().join(", ");
    (condition, actual, when_it_counts(span, as_of))
}

fn when_it_counts(span: Span, as_of: AsOf) -> String {
    let Some(interval) = span.possible else { return "its dates leave no day on which it counts".to_owned() };
    match (interval.first_date(), interval.last_date()) {
        (Some(first), _) if first > as_of.date() => format!("counts from {first}"),
        (_, Some(last)) => format!("counted until {last}"),
        _ => "its dates would have to change".to_owned(),
    }
}

pub(crate) fn window_in_words(window: RuleWindow) -> String {
    match window.window {
        Window::Months(months) => {
            format!("{} within {} months before the as-of date", window.column.name, months.get())
        }
        Window::UpToAsOf => format!("{} on or before the as-of date", window.column.name),
    }
}

pub(crate) fn validity_columns(table: TableId) -> &'static [&'static str] {
    match table {
        TableId::Certifications => &["award_date", "expiration_date"],
        TableId::Completions => &["completed_date"],
        TableId::Designations => &["achieved_date", "expiration_date"],
        TableId::Offerings => &["listed_date"],
        TableId::Personnel => &["start_date", "end_date"],
        TableId::Partners => &["valid_from", "valid_until"],
        TableId::Opportunities
        | TableId::CaseStudies
        | TableId::Customers
        | TableId::Activities
        | TableId::Attestations => &[],
    }
}

/// What would make the condition true, in words.
fn cure(predicate: &Predicate) -> String {
    match predicate {
        Predicate::And(parts) => parts.iter().map(cure).collect::<Vec<_>>().join(" and "),
        Predicate::Or(parts) | Predicate::Coalesce(parts) => parts.iter().map(cure).collect::<Vec<_>>().join(", or "),
        Predicate::Not(inner) => format!("not ({})", cure(inner)),
        Predicate::Flag(column) => format!("{} = yes", column.name),
        Predicate::Constant(_) => "nothing in the data".to_owned(),
        Predicate::Compare(operand, comparison, literal) => compare_in_words(operand, *comparison, literal),
        Predicate::In(operand, literals) => format!("{operand} is one of {}", listed(literals)),
        Predicate::IsNull(column) => format!("{} left blank", column.name),
        Predicate::Like(column, pattern) => format!("{} like {pattern}", column.name),
        Predicate::HasAny(column, values) => {
            let literals: Vec<Literal> = values.iter().cloned().map(Literal::Text).collect();
            format!("{} holds one of {}", column.name, listed(&literals))
        }
        Predicate::Maybe(inner) => cure(inner),
    }
}

fn compare_in_words(operand: &Operand, comparison: Comparison, literal: &Literal) -> String {
    let words = match comparison {
        Comparison::Equal => "is",
        Comparison::NotEqual => "is anything but",
        Comparison::Less => "below",
        Comparison::LessOrEqual => "at most",
        Comparison::Greater => "above",
        Comparison::GreaterOrEqual => "at least",
    };
    match literal {
        Literal::Text(text) if text.is_empty() => format!("{operand} filled in"),
        literal => format!("{operand} {words} {literal}"),
    }
}

fn listed(literals: &[Literal]) -> String {
    let shown: Vec<String> = literals.iter().take(4).map(ToString::to_string).collect();
    match literals.len().saturating_sub(4) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
