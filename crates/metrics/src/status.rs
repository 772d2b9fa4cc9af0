//! Look-ups in timelines: status rows for as-of dates, and the steps themselves.

use crate::engine::{Evaluation, Timeline};
use aceq_checklist::Checklist;
use aceq_model::{AsOf, OPEN_END, OPEN_START, Status, StatusRow, TimelineRow, date_from_days};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

impl Evaluation<'_> {
    /// One row per partner, requirement, reading and member of the engine's `checklist`-th checklist on `as_of`.
    pub fn status_rows(&self, checklist: usize, as_of: AsOf) -> Vec<StatusRow> {
        let partners = (0..self.partners.len()).into_par_iter();
        let dates = [as_of];
        partners.flat_map_iter(|partner| self.partner_status_rows(checklist, partner, &dates)).collect()
    }

    /// As [`Self::status_rows`], for the `partner`-th partner alone, on several dates: date by date for each requirement.
    pub fn partner_status_rows(
        &self,
        checklist: usize,
        partner: usize,
        dates: &[AsOf],
    ) -> impl Iterator<Item = StatusRow> {
        let rules = self.checklists[checklist];
        let partner = &self.partners[partner];
        let timelines = partner.checklists[checklist].iter();
        let row = move |timeline, as_of: &AsOf| status_row(rules, &partner.partner_id, timeline, *as_of);
        timelines.flat_map(move |timeline| dates.iter().map(move |as_of| row(timeline, as_of)))
    }

    /// Every step of every timeline of the engine's `checklist`-th checklist.
    pub fn timeline_rows(&self, checklist: usize) -> Vec<TimelineRow> {
        let rules = self.checklists[checklist];
        let partners = self.partners.iter();
        let timelines = partners.flat_map(|p| p.checklists[checklist].iter().map(move |t| (p.partner_id.as_str(), t)));
        timelines.flat_map(|(partner, timeline)| steps_of(rules, partner, timeline)).collect()
    }
}

fn status_row(checklist: &Checklist, partner: &str, timeline: &Timeline, as_of: AsOf) -> StatusRow {
    let day = as_of.days();
    let outcome = *timeline.steps.at(day);
    let run = timeline.steps.run_at_or_after(day, |outcome| outcome.status == Status::Met);
    let change = timeline.steps.next_change(day, |outcome| outcome.status);
    StatusRow {
        partner_id: partner.to_owned(),
        program: checklist.program.clone(),
        version: checklist.version.clone(),
        requirement_id: requirement_id(checklist, timeline).to_owned(),
        reading: timeline.reading.clone(),
        as_of: as_of.date(),
        status: outcome.status,
        confirmed: outcome.bounds.confirmed,
        possible: outcome.bounds.possible,
        required: timeline.required,
        shortfall: (timeline.required - outcome.bounds.confirmed).max(0),
        member: timeline.member.clone(),
        met_from: run.and_then(|run| run.first_date()),
        met_until: run.and_then(|run| run.last_date()),
        margin_days: change.map(|change| i64::from(change) - i64::from(day)),
        counted_with_findings: timeline.flagged.as_ref().map(|flagged| *flagged.at(day)),
        is_sum: timeline.is_sum,
    }
}

fn steps_of(checklist: &Checklist, partner: &str, timeline: &Timeline) -> Vec<TimelineRow> {
    let row = |(interval, outcome): (aceq_timeline::Interval, &aceq_timeline::Outcome)| TimelineRow {
        partner_id: partner.to_owned(),
        program: checklist.program.clone(),
        version: checklist.version.clone(),
        requirement_id: requirement_id(checklist, timeline).to_owned(),
        reading: timeline.reading.clone(),
        member: timeline.member.clone(),
        from: date_from_days(interval.from()).unwrap_or(OPEN_START),
        until: date_from_days(interval.until()).unwrap_or(OPEN_END),
        status: outcome.status,
        confirmed: outcome.bounds.confirmed,
        possible: outcome.bounds.possible,
        required: timeline.required,
        is_sum: timeline.is_sum,
    };
    timeline.steps.iter().map(row).collect()
}

pub(crate) fn requirement_id<'c>(checklist: &'c Checklist, timeline: &Timeline) -> &'c str {
    timeline.requirement.map_or("*", |index| checklist.requirements[index].id.as_str())
}
