//! Deals that do not exist yet: those of the last year, taken to come again.

use super::Builder;
use crate::engine::Evaluation;
use crate::rows::Rows;
use crate::units::unit_of;
use crate::view::{TableView, date_at};
use aceq_checklist::{CountRule, RuleWindow, Term};
use aceq_model::TableId;
use aceq_timeline::{Interval, LaunchDates, StakeUnit, Truth};
use chrono::{Datelike, NaiveDate, TimeDelta};
use std::collections::{BTreeMap, BTreeSet};

/// A deal that may come: like one of the last year, a whole number of years later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArrivalRow {
    /// The row that it is like.
    row: usize,
    /// ACE id of that row.
    pub opportunity_id: String,
    /// Origin, by its canonical name.
    pub origin: Option<String>,
    /// Day on which it would be created.
    pub created: NaiveDate,
}

/// Each arrival may come twice, each time with probability one half: as many are expected as came last year, and how many
/// come is uncertain. Each time it has two places among the launches: that it comes, and that it launches.
pub const PLACES_PER_ARRIVAL: usize = 4;

/// Days after which last year's deals come again.
const YEAR: i64 = 365;

impl Evaluation<'_> {
    /// Deals that would come if those created in the year up to `known` came again every year, up to `until`.
    pub fn arrival_rows(&self, partner: usize, known: NaiveDate, until: NaiveDate) -> Vec<ArrivalRow> {
        let Some(view) = self.views.table(TableId::Opportunities) else { return Vec::new() };
        let mut arrivals = Vec::new();
        for row in view.range(partner) {
            let Some(created) = date_at(view.dates("created_date"), row) else { continue };
            if created > known || known - created >= TimeDelta::days(YEAR) {
                continue;
            }
            let again = (1i64..).map_while(|year| created.checked_add_signed(TimeDelta::days(YEAR * year)));
            arrivals.extend(again.take_while(|date| *date <= until).map(|created| ArrivalRow {
                row,
                opportunity_id: view.row_id(row),
                origin: Some(view.text_at("origin", row).to_owned()).filter(|text| !text.is_empty()),
                created,
            }));
        }
        arrivals
    }
}

/// What arrivals would bring to a count, certainly or possibly.
#[derive(Default)]
pub(super) struct Arriving {
    /// Units of customers that are new with their deal.
    pub(super) new: BTreeMap<(u32, i32, usize), StakeUnit>,
    /// Launches for units that are there: the row that the arrival is like, its place, and when it would count.
    pub(super) again: Vec<(usize, usize, LaunchDates)>,
}

impl Arriving {
    pub(super) fn is_empty(&self) -> bool {
        self.new.is_empty() && self.again.is_empty()
    }
}

impl Builder<'_> {
    /// What arrivals would bring: certainly, and possibly. A deal like one with a customer that was there before the year
    /// is one more deal of that customer; deals like those of one new customer are a new customer together.
    pub(super) fn arriving(
        &self,
        view: &TableView,
        then: &Rows<'_>,
        rule: &CountRule,
        extra: &[Term],
        open: usize,
    ) -> [Arriving; 2] {
        let mut found: [Arriving; 2] = Default::default();
        if self.arrivals.is_empty() {
            return found;
        }
        let needs_launch = needs_launch(rule, extra);
        let models: BTreeSet<usize> = self.arrivals.iter().map(|arrival| arrival.row).collect();
        let others = view.range(self.partner).filter(|row| !models.contains(row));
        let before: BTreeSet<u32> = others.filter_map(|row| unit_of(view, rule.unit, row)).collect();
        for (place, arrival) in self.arrivals.iter().enumerate() {
            let Some(unit) = unit_of(view, rule.unit, arrival.row) else { continue };
            let Some(dates) = arrival_dates(rule.window, arrival) else { continue };
            let truth = then.truth(arrival.row);
            for copy in 0..PLACES_PER_ARRIVAL / 2 {
                let launch = open + place * PLACES_PER_ARRIVAL + 2 * copy + usize::from(needs_launch);
                let holds = [truth == Truth::True, truth.is_possible()];
                for (arriving, _) in found.iter_mut().zip(holds).filter(|(_, holds)| *holds) {
                    match before.contains(&unit) {
                        true => arriving.again.push((arrival.row, launch, dates)),
                        false => {
                            let key = (unit, arrival.created.year(), copy);
                            arriving.new.entry(key).or_default().launches.push((launch, dates));
                        }
                    }
                }
            }
        }
        found
    }
}

/// Whether a row of the rule counts by launching only.
fn needs_launch(rule: &CountRule, extra: &[Term]) -> bool {
    let moves = ["stage", "stage_rank", "furthest_stage_rank"];
    let mut columns = rule.terms.iter().chain(extra).flat_map(|term| term.predicate.columns());
    let by_launch = rule.window.is_some_and(|window| window.column.name == "launch_date");
    by_launch || columns.any(|column| moves.contains(&column.name))
}

/// When an arrival would count; `None` where the rule's window looks at a date that it does not have.
fn arrival_dates(window: Option<RuleWindow>, arrival: &ArrivalRow) -> Option<LaunchDates> {
    match window {
        None => Some(LaunchDates::From(Interval::ALWAYS)),
        Some(window) if window.column.name == "launch_date" => Some(LaunchDates::Window(window.window)),
        Some(window) if window.column.name == "created_date" => {
            window.window.interval(arrival.created).map(LaunchDates::From)
        }
        Some(_) => None,
    }
}
