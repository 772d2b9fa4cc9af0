//! The rows of one rule for one partner: is each TRUE, and when?

use crate::view::{TableView, date_at};
use aceq_checklist::{RuleWindow, Term};
use aceq_model::{OPEN_END, TableId};
use aceq_timeline::{Span, Steps, Truth, sum_rows};
use std::ops::Range;

/// A set of conditions and a window over one table.
pub(crate) struct Rows<'v> {
    pub view: &'v TableView,
    truths: Vec<&'v [Truth]>,
    window: Option<RuleWindow>,
}

impl<'v> Rows<'v> {
    pub(crate) fn new<'t>(
        view: &'v TableView,
        terms: impl IntoIterator<Item = &'t Term>,
        window: Option<RuleWindow>,
    ) -> Self {
        let truths = terms.into_iter().map(|term| view.truth(&term.predicate.to_string())).collect();
        Self { view, truths, window }
    }

    /// Whether the row satisfies all conditions, whatever the date.
    pub(crate) fn truth(&self, row: usize) -> Truth {
        self.truths.iter().fold(Truth::True, |all, truths| all.and(truths[row]))
    }

    /// The truth of each condition on the row.
    pub(crate) fn truths(&self, row: usize) -> impl Iterator<Item = Truth> {
        self.truths.iter().map(move |truths| truths[row])
    }

    /// When the row counts, given that it satisfies all conditions.
    pub(crate) fn date_span(&self, row: usize) -> Span {
        match self.window {
            Some(window) => Span::of_window(window.window, date_at(self.view.dates(window.column.name), row)),
            None => natural_span(self.view, row),
        }
    }

    /// When the row counts.
    pub(crate) fn span(&self, row: usize) -> Span {
        match self.truth(row) {
            Truth::False => Span::NEVER,
            truth => self.date_span(row).given(truth),
        }
    }

    /// The rows of a range that may ever count, with their spans.
    pub(crate) fn spans(&self, range: Range<usize>) -> impl Iterator<Item = (usize, Span)> {
        range.map(|row| (row, self.span(row))).filter(|(_, span)| span.possible.is_some())
    }

    /// Whether at least one row counts, for every date.
    pub(crate) fn any(&self, range: Range<usize>) -> Steps<Truth> {
        let spans: Vec<Span> = self.spans(range).map(|(_, span)| span).collect();
        let certain = sum_rows(spans.iter().filter_map(|span| span.certain).map(|interval| (interval, 1)));
        let possible = sum_rows(spans.iter().filter_map(|span| span.possible).map(|interval| (interval, 1)));
        certain.zip(&possible, |certain, possible| match (certain, possible) {
            (1.., _) => Truth::True,
            (_, 1..) => Truth::Unknown,
            _ => Truth::False,
        })
    }
}

/// When a row holds that no window judges.
fn natural_span(view: &TableView, row: usize) -> Span {
    let date = |column: &str| date_at(view.dates(column), row);
    match view.id {
        TableId::Certifications => Span::until_before(date("award_date"), date("expiration_date")),
        TableId::Completions => Span::between(date("completed_date"), Some(OPEN_END)),
        TableId::Designations => Span::until_before(date("achieved_date"), date("expiration_date")),
        TableId::Offerings => Span::between(date("listed_date"), Some(OPEN_END)),
        TableId::Personnel => Span::between(date("start_date"), date("end_date")),
        TableId::Partners => Span::between(date("valid_from"), date("valid_until")),
        TableId::Opportunities
        | TableId::CaseStudies
        | TableId::Customers
        | TableId::Activities
        | TableId::Attestations => Span::ALWAYS,
    }
}
