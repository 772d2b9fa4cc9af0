//! Why a row that counts on one side does not count on the other: one main reason, found by asking what each side's
//! rule says of each side's row.
//!
//! ```text
//!  not there          excluded, table not given, not in the data
//!  conditions worse   the first side's rule still likes the row → the rule changed
//!                     else the condition that got worse, with the values that changed
//!  only dates worse   the first side's window still likes the row → the rule changed
//!                     it would do on the first side's day → time moved on: left the window, expired …
//!                     the date as it was would have done → the date moved
//! ```

use super::end::{End, Selection};
use crate::view::{TableView, date_at};
use aceq_model::{ChangeReason, Column, OPEN_END, ValueChange, date_from_days};
use aceq_timeline::{Span, Truth};
use chrono::NaiveDate;

/// A reason, and what there is to say about it. Values read from the side where the row counts to the other.
#[derive(Clone, Debug)]
pub(super) struct Why {
    pub(super) reason: ChangeReason,
    pub(super) condition: Option<String>,
    pub(super) values: Vec<ValueChange>,
    pub(super) on: Option<NaiveDate>,
    pub(super) note: Option<String>,
    /// Whether a window, not the table's own dates, decides.
    pub(super) windowed: bool,
}

impl Why {
    pub(super) fn of(reason: ChangeReason) -> Self {
        Self { reason, condition: None, values: Vec::new(), on: None, note: None, windowed: false }
    }

    /// Why it came, if this is why it would go with both sides exchanged.
    pub(super) fn mirrored(self) -> Self {
        let reason = match self.reason {
            ChangeReason::NotYet if self.windowed => ChangeReason::EnteredWindow,
            reason => reason.mirrored(),
        };
        // The day on which it will leave is not the day on which it came.
        let on = match self.reason {
            ChangeReason::LeftWindow | ChangeReason::Expired | ChangeReason::NoLongerValid => None,
            _ => self.on,
        };
        let exchanged = |value: ValueChange| ValueChange { before: value.after, after: value.before, ..value };
        Self { reason, on, values: self.values.into_iter().map(exchanged).collect(), ..self }
    }
}

/// A row on the side where it counts (or may), and the same row on the other side, where it counts less.
pub(super) struct Lost<'r, 'e> {
    pub(super) here: &'r End<'e>,
    pub(super) row: usize,
    pub(super) there: &'r End<'e>,
    pub(super) twin: Option<usize>,
}

impl Lost<'_, '_> {
    /// The main reason.
    pub(super) fn why(&self) -> Why {
        let (Some(here), Some(there)) = (self.here.selection.as_ref(), self.there.selection.as_ref()) else {
            return Why::of(ChangeReason::RuleChanged);
        };
        let (Some(view), Some(rows)) = (self.here.view, self.here.own()) else {
            return Why::of(ChangeReason::TableNotGiven);
        };
        let (Some(other_view), Some(other_rows)) = (self.there.view, self.there.own()) else {
            return Why::of(ChangeReason::TableNotGiven);
        };
        let Some(twin) = self.twin else { return self.gone(view) };
        let values = Values { view, row: self.row, other_view, twin };
        if other_rows.truth(twin) < rows.truth(self.row) {
            self.conditions(&values, here, there, twin)
        } else {
            self.dates(&values, there, twin)
        }
    }

    fn gone(&self, view: &TableView) -> Why {
        match self.there.excluded(view.id, &view.row_id(self.row)) {
            None => Why::of(ChangeReason::NotInData),
            Some(correction) => Why { note: Some(correction.to_owned()), ..Why::of(ChangeReason::Excluded) },
        }
    }

    /// Conditions hold less on the other side: the rule changed, else a value did.
    fn conditions(&self, values: &Values<'_>, here: &Selection<'_>, there: &Selection<'_>, twin: usize) -> Why {
        let (Some(own), Some(kind), Some(strict)) = (self.here.own(), self.there.other(), self.there.own()) else {
            return Why::of(ChangeReason::RuleChanged);
        };
        let verdict = strict.truth(twin);
        if kind.truth(twin) > verdict {
            let failing = there.terms.iter().zip(strict.truths(twin)).find(|(_, truth)| *truth == verdict);
            let condition = failing.map(|(term, _)| term.text.clone());
            return Why { condition, ..Why::of(ChangeReason::RuleChanged) };
        }
        let pairs = here.terms.iter().zip(own.truths(self.row).zip(kind.truths(twin)));
        let worse: Vec<_> = pairs.filter(|(_, (before, after))| after < before).collect();
        // A condition that fails says more than one that is unknown.
        let decisive = worse.iter().min_by_key(|(_, (_, after))| *after);
        let Some((term, (before, after))) = decisive else { return Why::of(ChangeReason::RuleChanged) };
        let reason = match (before, after) {
            (_, Truth::Unknown) => ChangeReason::BecameUnknown,
            (Truth::Unknown, _) => ChangeReason::BecameKnown,
            _ => ChangeReason::ConditionFails,
        };
        let values = values.changed(&term.predicate.columns());
        Why { condition: Some(term.text.clone()), values, ..Why::of(reason) }
    }

    /// Conditions hold as before, the dates do not.
    fn dates(&self, values: &Values<'_>, there: &Selection<'_>, twin: usize) -> Why {
        let columns = there.date_columns();
        let reason = self.date_reason(values, there, &columns, twin);
        let span = self.there.own().map_or(Span::NEVER, |rows| rows.date_span(twin));
        let on = match reason {
            ChangeReason::LeftWindow | ChangeReason::Expired | ChangeReason::NoLongerValid => {
                span.possible.and_then(|span| date_from_days(span.until().saturating_add(1)))
            }
            ChangeReason::NotYet => span.possible.and_then(|span| span.first_date()),
            _ => None,
        };
        let values = columns.iter().map(|column| values.of(column)).collect();
        Why { condition: Some(there.dates_in_words()), values, on, windowed: there.window.is_some(), ..Why::of(reason) }
    }

    fn date_reason(
        &self,
        values: &Values<'_>,
        there: &Selection<'_>,
        columns: &[&'static Column],
        twin: usize,
    ) -> ChangeReason {
        let (Some(today), Some(earlier)) = (self.there.own(), self.here.other()) else {
            return ChangeReason::RuleChanged;
        };
        let (now, then) = (self.there.day(), self.here.day());
        let at_least =
            |truth: Truth| truth >= self.here.own().map_or(Truth::False, |rows| rows.date_span(self.row).at(then));
        let span = today.date_span(twin);
        if self.there.other().is_some_and(|kind| kind.date_span(twin).at(now) > span.at(now)) {
            return ChangeReason::RuleChanged;
        }
        // The other side's dates would do on this side's day: time alone took the row out.
        if at_least(span.at(then)) {
            return if span.possible.is_some_and(|span| span.until() < now) {
                there.over()
            } else {
                ChangeReason::NotYet
            };
        }
        // Even the row as it is here fails the other side's rule on this side's day: it is another rule.
        if !at_least(earlier.date_span(self.row).at(then)) {
            return ChangeReason::RuleChanged;
        }
        match span.at(now) {
            Truth::Unknown if !values.changed(columns).is_empty() => ChangeReason::BecameUnknown,
            _ => ChangeReason::DateMoved,
        }
    }
}

/// Cells of a row on both sides.
pub(super) struct Values<'v> {
    pub(super) view: &'v TableView,
    pub(super) row: usize,
    pub(super) other_view: &'v TableView,
    pub(super) twin: usize,
}

impl Values<'_> {
    pub(super) fn of(&self, column: &'static Column) -> ValueChange {
        ValueChange {
            column: column.name.to_owned(),
            before: Some(shown(self.view, column, self.row)),
            after: Some(shown(self.other_view, column, self.twin)),
        }
    }

    /// Those of the columns whose values differ.
    pub(super) fn changed(&self, columns: &[&'static Column]) -> Vec<ValueChange> {
        let differs = |column: &&&'static Column| !self.view.has_same(column, self.row, self.other_view, self.twin);
        columns.iter().filter(differs).map(|column| self.of(column)).collect()
    }
}

/// A cell in words; an end that is open says so.
fn shown(view: &TableView, column: &Column, row: usize) -> String {
    let is_date = column.ty == aceq_model::ColumnType::Date;
    if is_date && date_at(view.dates(column.name), row) == Some(OPEN_END) {
        "open".to_owned()
    } else {
        view.shown(column, row)
    }
}
