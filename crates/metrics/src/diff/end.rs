//! One side of one count: its rows under its own rule, and under the rule of the other side.

use super::PartnerSide;
use crate::near_miss::{validity_columns, window_in_words};
use crate::rows::Rows;
use crate::view::TableView;
use aceq_checklist::{CountRule, RuleWindow, Term};
use aceq_model::{ChangeReason, Column, RowPlace, TableId};
use aceq_timeline::Truth;

/// The conditions and dates under which rows of a table count.
#[derive(Clone)]
pub(super) struct Selection<'c> {
    pub(super) table: TableId,
    pub(super) terms: Vec<&'c Term>,
    pub(super) window: Option<RuleWindow>,
}

/// One side of one count.
pub(super) struct End<'e> {
    pub(super) side: &'e PartnerSide<'e>,
    /// `None` = no file of the kind was given.
    pub(super) view: Option<&'e TableView>,
    /// `None` = this side has no such count.
    pub(super) selection: Option<Selection<'e>>,
    own: Option<Rows<'e>>,
    other: Option<Rows<'e>>,
}

impl<'c> Selection<'c> {
    pub(super) fn of(rule: &'c CountRule, extra: &'c [Term]) -> Self {
        Self { table: rule.table, terms: rule.terms.iter().chain(extra).collect(), window: rule.window }
    }

    fn rows<'v>(&self, view: &'v TableView) -> Rows<'v> {
        Rows::new(view, self.terms.iter().copied(), self.window)
    }

    /// The columns that say when a row counts.
    pub(super) fn date_columns(&self) -> Vec<&'static Column> {
        match self.window {
            Some(window) => vec![window.column],
            None => validity_columns(self.table).iter().filter_map(|name| self.table.schema().column(name)).collect(),
        }
    }

    /// What the dates must satisfy, in words.
    pub(super) fn dates_in_words(&self) -> String {
        self.window.map_or_else(|| "valid on the as-of date".to_owned(), window_in_words)
    }

    /// What it is called when a row is too old.
    pub(super) fn over(&self) -> ChangeReason {
        match (self.window, self.table) {
            (Some(_), _) => ChangeReason::LeftWindow,
            (None, TableId::Certifications | TableId::Designations) => ChangeReason::Expired,
            (None, _) => ChangeReason::NoLongerValid,
        }
    }

    /// Every column that the rule reads, each once.
    pub(super) fn columns(&self) -> Vec<&'static Column> {
        let mut columns = self.date_columns();
        for column in self.terms.iter().flat_map(|term| term.predicate.columns()) {
            if !columns.iter().any(|known| known.name == column.name) {
                columns.push(column);
            }
        }
        columns
    }
}

/// Both ends of a count.
pub(super) fn both<'e>(
    (from, before): (&'e PartnerSide<'e>, Option<Selection<'e>>),
    (to, after): (&'e PartnerSide<'e>, Option<Selection<'e>>),
) -> (End<'e>, End<'e>) {
    (End::new(from, before.clone(), after.as_ref()), End::new(to, after, before.as_ref()))
}

impl<'e> End<'e> {
    fn new(side: &'e PartnerSide<'e>, selection: Option<Selection<'e>>, other: Option<&Selection<'e>>) -> Self {
        let table = selection.as_ref().or(other).map(|selection| selection.table);
        let view = table.and_then(|table| side.side.evaluation.views.table(table));
        let rows = |selection: Option<&Selection<'e>>| Some(selection?.rows(view?));
        Self { side, view, own: rows(selection.as_ref()), other: rows(other), selection }
    }

    /// This side's own rule on its rows; `None` = no rule, or no such rows.
    pub(super) fn own(&self) -> Option<&Rows<'e>> {
        self.own.as_ref()
    }

    /// The other side's rule on the rows of this side.
    pub(super) fn other(&self) -> Option<&Rows<'e>> {
        self.other.as_ref()
    }

    pub(super) fn day(&self) -> i32 {
        self.side.day()
    }

    /// Whether the row counts on this side.
    pub(super) fn truth(&self, row: usize) -> Truth {
        self.own().map_or(Truth::False, |rows| rows.span(row).at(self.day()))
    }

    /// The partner's rows.
    pub(super) fn range(&self) -> std::ops::Range<usize> {
        self.view.map_or(0..0, |view| view.range(self.side.partner))
    }

    /// The correction that excludes a row with this id.
    pub(super) fn excluded(&self, table: TableId, row_id: &str) -> Option<&'e str> {
        let key = (self.side.partner_id().to_owned(), table, row_id.to_owned());
        self.side.side.excluded.get(&key).map(String::as_str)
    }
}

/// Where a row was read.
pub(super) fn place(view: &TableView, row: usize) -> RowPlace {
    RowPlace {
        file: view.text_at("source_file", row).to_owned(),
        sheet: view.text_at("source_sheet", row).to_owned(),
        line: view.longs("source_line").value(row),
    }
}
