//! The calendar of a qualification: each day on which an answer changes with the rows that exist, and by which rows.
//!
//! ```text
//!  confirmed   50 ────────┐            ┌──── 50
//!                         └── 48 ──────┘
//!                         ▲            ▲
//!                     lost: A and B    met: C, launched for the first day that counts
//! ```
//!
//! Exact, and for days past as well as to come: the steps are those of the timelines, the units come from the same spans.

use crate::engine::{Evaluation, Timeline};
use crate::plan::members;
use crate::rows::Rows;
use crate::units::{unit_name, unit_of};
use crate::view::TableView;
use aceq_checklist::{Checklist, CountRule, Rule, Term, Until};
use aceq_model::{CalendarEvent, CalendarRow, CalendarUnit, Comes, CountKey, date_from_days, days_from_date};
use aceq_timeline::{Interval, LAST_DAY, Outcome};
use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// What happens to units, by day.
#[derive(Default)]
struct Movements {
    /// Units that begin or end to count.
    moves: BTreeMap<i32, Vec<CalendarUnit>>,
    /// Rows that end while their unit goes on.
    expiries: BTreeMap<i32, Vec<CalendarUnit>>,
}

impl Evaluation<'_> {
    /// The days in `days` on which something changes in the engine's `checklist`-th checklist for the `partner`-th
    /// partner, sorted by day, then in the order of the checklist.
    pub fn calendar(&self, checklist: usize, partner: usize, days: RangeInclusive<i32>) -> Vec<CalendarRow> {
        let rules = self.checklists[checklist];
        let mut rows = Vec::new();
        for timeline in &self.partners[partner].checklists[checklist] {
            let mut movements = self.movements(rules, timeline, partner, &days);
            self.changes(rules, timeline, partner, &days, &mut movements, &mut rows);
            self.expiries(rules, timeline, partner, movements, &mut rows);
        }
        rows.extend(self.version_end(checklist, partner).filter(|row| days.contains(&days_from_date(row.date))));
        rows.sort_by_key(|row| row.date);
        rows
    }

    fn changes(
        &self,
        rules: &Checklist,
        timeline: &Timeline,
        partner: usize,
        days: &RangeInclusive<i32>,
        movements: &mut Movements,
        into: &mut Vec<CalendarRow>,
    ) {
        let steps: Vec<(Interval, &Outcome)> = timeline.steps.iter().collect();
        for pair in steps.windows(2) {
            let (before, (interval, now)) = (pair[0].1, pair[1]);
            if !days.contains(&interval.from()) {
                continue;
            }
            let Some(event) = event(before, now) else { continue };
            // How many requirements of a whole checklist are met is told by their own rows.
            if timeline.requirement.is_none() && matches!(event, CalendarEvent::Up | CalendarEvent::Down) {
                continue;
            }
            let Some(date) = interval.first_date() else { continue };
            let satisfied = now.status.satisfied();
            let run = timeline.steps.run_at_or_after(interval.from(), |one| one.status.satisfied() == satisfied);
            into.push(CalendarRow {
                key: self.count_key(rules, timeline, partner),
                date,
                event,
                confirmed: (before.bounds.confirmed, now.bounds.confirmed),
                required: timeline.required,
                status: (before.status, now.status),
                until: run.filter(|_| event == CalendarEvent::Met).and_then(|run| run.last_date()),
                units: movements.moves.remove(&interval.from()).unwrap_or_default(),
                is_sum: timeline.is_sum,
            });
        }
    }

    /// Rows that end on a day on which the count stays as it is.
    fn expiries(
        &self,
        rules: &Checklist,
        timeline: &Timeline,
        partner: usize,
        movements: Movements,
        into: &mut Vec<CalendarRow>,
    ) {
        for (day, units) in movements.expiries {
            let (outcome, Some(date)) = (timeline.steps.at(day), date_from_days(day)) else { continue };
            into.push(CalendarRow {
                key: self.count_key(rules, timeline, partner),
                date,
                event: CalendarEvent::Expires,
                confirmed: (outcome.bounds.confirmed, outcome.bounds.confirmed),
                required: timeline.required,
                status: (outcome.status, outcome.status),
                until: None,
                units,
                is_sum: timeline.is_sum,
            });
        }
    }

    fn version_end(&self, checklist: usize, partner: usize) -> Option<CalendarRow> {
        let rules = self.checklists[checklist];
        let last = match rules.accepted.until? {
            Until::Day(day) | Until::Month(_, day) => day,
        };
        let whole = self.partners[partner].checklists[checklist].first()?;
        let date = last.succ_opt()?;
        let status = whole.steps.at(days_from_date(date)).status;
        Some(CalendarRow {
            key: self.count_key(rules, whole, partner),
            date,
            event: CalendarEvent::VersionEnds,
            confirmed: (0, 0),
            required: 0,
            status: (status, status),
            until: None,
            units: Vec::new(),
            is_sum: false,
        })
    }

    fn count_key(&self, rules: &Checklist, timeline: &Timeline, partner: usize) -> CountKey {
        CountKey {
            partner_id: self.partners[partner].partner_id.clone(),
            program: rules.program.clone(),
            version: rules.version.clone(),
            requirement_id: crate::status::requirement_id(rules, timeline).to_owned(),
            reading: timeline.reading.clone(),
            member: timeline.member.clone(),
        }
    }

    fn movements(
        &self,
        rules: &Checklist,
        timeline: &Timeline,
        partner: usize,
        days: &RangeInclusive<i32>,
    ) -> Movements {
        let Some(requirement) = timeline.requirement.map(|index| &rules.requirements[index]) else {
            return Movements::default();
        };
        let rule = requirement.readings().find(|(name, _)| *name == timeline.reading).map(|(_, rule)| rule);
        let Some(Rule::Count(rule)) = rule else { return Movements::default() };
        let Some(view) = self.views.table(rule.table) else { return Movements::default() };
        let extra: &[Term] = match &timeline.member {
            None => &[],
            Some(id) => members(&rule.members).iter().find(|one| one.id == *id).map_or(&[], |one| &one.terms),
        };
        movements(view, rule, extra, view.range(partner), days)
    }
}

/// What a change of the answer is; `None` where only the upper bound moves.
fn event(before: &Outcome, now: &Outcome) -> Option<CalendarEvent> {
    let satisfied = |outcome: &Outcome| outcome.status.satisfied() == Some(true);
    Some(match (satisfied(before), satisfied(now)) {
        (false, true) => CalendarEvent::Met,
        (true, false) => CalendarEvent::Lost,
        _ if before.status != now.status => CalendarEvent::Changed,
        _ if now.bounds.confirmed > before.bounds.confirmed => CalendarEvent::Up,
        _ if now.bounds.confirmed < before.bounds.confirmed => CalendarEvent::Down,
        _ => return None,
    })
}

fn movements(
    view: &TableView,
    rule: &CountRule,
    extra: &[Term],
    range: std::ops::Range<usize>,
    days: &RangeInclusive<i32>,
) -> Movements {
    let rows = Rows::new(view, rule.terms.iter().chain(extra), rule.window);
    let mut units: BTreeMap<u32, Vec<(Interval, usize)>> = BTreeMap::new();
    for (row, span) in rows.spans(range) {
        if let (Some(interval), Some(unit)) = (span.certain, unit_of(view, rule.unit, row)) {
            units.entry(unit).or_default().push((interval, row));
        }
    }
    let mut found = Movements::default();
    let told = |row: usize, side: Comes| CalendarUnit {
        unit: unit_name(view, rule.unit, row),
        table: view.id.name().to_owned(),
        row_id: view.row_id(row),
        label: view.label(row).to_owned(),
        side,
        source_file: view.text_at("source_file", row).to_owned(),
        source_sheet: view.text_at("source_sheet", row).to_owned(),
        source_line: view.longs("source_line").value(row),
    };
    for mut intervals in units.into_values() {
        intervals.sort_unstable();
        for (first, last, expiring) in runs(&intervals) {
            if days.contains(&first.0) {
                found.moves.entry(first.0).or_default().push(told(first.1, Comes::In));
            }
            if last.0 < LAST_DAY && days.contains(&(last.0 + 1)) {
                found.moves.entry(last.0 + 1).or_default().push(told(last.1, Comes::Out));
            }
            // A window rolls over deals every day; what expires by itself is worth a line of its own.
            for (until, row) in expiring.into_iter().filter(|_| rule.window.is_none()) {
                if days.contains(&(until + 1)) {
                    found.expiries.entry(until + 1).or_default().push(told(row, Comes::Out));
                }
            }
        }
    }
    found.moves.values_mut().chain(found.expiries.values_mut()).for_each(|units| units.sort());
    found
}

/// First day and row, last day and row, and the rows that end before that.
type Run = ((i32, usize), (i32, usize), Vec<(i32, usize)>);

/// Intervals of one unit, sorted, put together where they touch.
fn runs(intervals: &[(Interval, usize)]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (interval, row) in intervals {
        match runs.last_mut() {
            Some((_, last, expiring)) if interval.from() <= last.0.saturating_add(1) => {
                let (sooner, later) = match interval.until() > last.0 {
                    true => (*last, (interval.until(), *row)),
                    false => ((interval.until(), *row), *last),
                };
                // Two rows that end on one day end together.
                if sooner.0 < later.0 {
                    expiring.push(sooner);
                }
                *last = later;
            }
            _ => runs.push(((interval.from(), *row), (interval.until(), *row), Vec::new())),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::runs;
    use aceq_timeline::Interval;

    /// Two deals of one customer: the first ends on day 20 while the second goes on; a third begins after a gap.
    #[test]
    fn rows_of_one_unit_are_put_together() {
        let interval = |from, until| Interval::new(from, until).unwrap();
        let found = runs(&[(interval(1, 20), 7), (interval(15, 30), 8), (interval(40, 50), 9)]);
        assert_eq!(found, [((1, 7), (30, 8), vec![(20, 7)]), ((40, 9), (50, 9), vec![])]);
        // One inside the other.
        assert_eq!(runs(&[(interval(1, 30), 1), (interval(5, 10), 2)]), [((1, 1), (30, 1), vec![(10, 2)])]);
    }
}
