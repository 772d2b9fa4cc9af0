//! The rows of one rule for one partner: is each TRUE, and when?

use crate::view::{TableView, date_at};
use aceq_checklist::{RuleWindow, Term};
use aceq_model::{OPEN_END, TableId};
use aceq_timeline::{Span, Steps, Truth, Window, sum_rows};
use arrow::array::Date32Array;
use std::ops::Range;

/// A set of conditions and a window over one table.
pub(crate) struct Rows<'v> {
    pub view: &'v TableView,
    truths: Vec<&'v [Truth]>,
    dates: Dates<'v>,
}

/// The dates that say when a row counts, looked up once.
enum Dates<'v> {
    Window(Window, &'v Date32Array),
    /// From the first to the second, both included; without a second for good.
    Between(&'v Date32Array, Option<&'v Date32Array>),
    /// From the first up to the day before the second.
    UntilBefore(&'v Date32Array, &'v Date32Array),
    Always,
}

impl<'v> Rows<'v> {
    pub(crate) fn new<'t>(
        view: &'v TableView,
        terms: impl IntoIterator<Item = &'t Term>,
        window: Option<RuleWindow>,
    ) -> Self {
        let truths = terms.into_iter().map(|term| view.truth(term)).collect();
        let dates = match window {
            Some(window) => Dates::Window(window.window, view.dates(window.column.name)),
            None => Dates::natural(view),
        };
        Self { view, truths, dates }
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
        match self.dates {
            Dates::Window(window, dates) => Span::of_window(window, date_at(dates, row)),
            Dates::Between(from, Some(until)) => Span::between(date_at(from, row), date_at(until, row)),
            Dates::Between(from, None) => Span::between(date_at(from, row), Some(OPEN_END)),
            Dates::UntilBefore(from, end) => Span::until_before(date_at(from, row), date_at(end, row)),
            Dates::Always => Span::ALWAYS,
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

impl<'v> Dates<'v> {
    /// When a row holds that no window judges.
    fn natural(view: &'v TableView) -> Self {
        let dates = |column| view.dates(column);
        match view.id {
            TableId::Certifications => Self::UntilBefore(dates("award_date"), dates("expiration_date")),
            TableId::Completions => Self::Between(dates("completed_date"), None),
            TableId::Designations => Self::UntilBefore(dates("achieved_date"), dates("expiration_date")),
            TableId::Offerings => Self::Between(dates("listed_date"), None),
            TableId::Personnel => Self::Between(dates("start_date"), Some(dates("end_date"))),
            TableId::Partners => Self::Between(dates("valid_from"), Some(dates("valid_until"))),
            TableId::Opportunities
            | TableId::CaseStudies
            | TableId::Customers
            | TableId::Activities
            | TableId::Attestations => Self::Always,
        }
    }
}
