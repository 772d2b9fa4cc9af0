//! What could be done so that a checklist is met on a day: deeds on rows that exist, and rows that do not exist yet.
//!
//! ```text
//!  row that does not count ── per condition: false, and a launch makes it true ──▶ deed: launch
//!                         │                  unknown                           ──▶ deed: supply the missing columns
//!                         │                  false, and a document is missing  ──▶ deed: publish, complete
//!                         └── date: expired ─────────────────────────────────────▶ deed: renew
//!                             false, and nobody can change it ───────────────────▶ no candidate
//!  count still short ─────────────────────────────────────────────────────────────▶ deeds: add one more, and one more …
//! ```
//!
//! A row may need several deeds; one deed may serve several counts, also of several checklists. Which to choose is not
//! decided here.

mod deeds;

use crate::attested::attested;
use crate::engine::{Evaluation, Timeline};
use crate::outlook::Launches;
use crate::rows::Rows;
use crate::units::{confirmed_units, unit_of};
use crate::view::TableView;
use aceq_checklist::{Checklist, Combination, CountRule, Members, Requirement, Role, Rule, Term, Unit};
use aceq_model::{AsOf, CountKey, Status, TableId};
use aceq_timeline::Truth;
pub use deeds::Deed;
use deeds::{Deeds, Subject};
use std::collections::BTreeMap;

/// What could be done for one partner and some checklists.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    /// What could be done, what is nearest to hand first.
    pub deeds: Vec<Deed>,
    /// Counts that deeds can raise.
    pub counts: Vec<CandidateCount>,
    /// Rows of the checklists (adopted readings, own rows), the whole checklists included.
    pub rows: Vec<CandidateRow>,
}

/// A count that deeds can raise.
#[derive(Clone, Debug)]
pub struct CandidateCount {
    /// Units asked for.
    pub required: i64,
    /// Units that count without any deed.
    pub certain: i64,
    /// Units that do not count yet: for each the sets of deeds that would make it count.
    pub units: Vec<Vec<Vec<usize>>>,
}

/// A row of a checklist, and when it is satisfied.
#[derive(Clone, Debug)]
pub struct CandidateRow {
    /// The row.
    pub key: CountKey,
    /// Title of the requirement, or of the checklist.
    pub title: String,
    /// Status on the day, without any deed.
    pub status: Status,
    /// Confirmed count on the day without any deed, in hundredths.
    pub confirmed: i64,
    /// The count asked for, in hundredths.
    pub required: i64,
    /// Whether counts are sums of money.
    pub is_sum: bool,
    /// When it is satisfied.
    pub goal: CandidateGoal,
    /// Its own count, as a position in [`Candidates::counts`].
    pub count: Option<usize>,
}

/// When a row is satisfied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CandidateGoal {
    /// Whatever is done.
    Always,
    /// Nothing that could be done makes it so.
    Never,
    /// This count reaches what it asks for.
    Count(usize),
    /// So many of these are.
    AtLeast(usize, Vec<CandidateGoal>),
}

/// What is planned.
#[derive(Clone, Copy, Debug)]
pub struct Planning {
    /// Nothing can be done before this day.
    pub from: AsOf,
    /// The day on which everything must hold.
    pub by: AsOf,
}

impl Evaluation<'_> {
    /// What could be done for the `partner`-th partner so that the engine's `checklists` are met on `planning.by`.
    pub fn candidates(
        &self,
        launches: &Launches,
        checklists: &[usize],
        partner: usize,
        planning: Planning,
    ) -> Candidates {
        let mut finder =
            Finder { evaluation: self, launches, partner, planning, deeds: Deeds::default(), counts: Vec::new() };
        let mut rows = Vec::new();
        for checklist in checklists {
            rows.extend(finder.checklist(*checklist));
        }
        let mut candidates = Candidates { deeds: Vec::new(), counts: finder.counts, rows };
        candidates.deeds = finder.deeds.in_order(&mut candidates.counts);
        candidates
    }
}

struct Finder<'f> {
    evaluation: &'f Evaluation<'f>,
    launches: &'f Launches,
    partner: usize,
    planning: Planning,
    deeds: Deeds,
    counts: Vec<CandidateCount>,
}

/// A goal, and the count behind it.
#[derive(Clone)]
struct Found {
    goal: CandidateGoal,
    count: Option<usize>,
}

impl Found {
    fn plain(goal: CandidateGoal) -> Self {
        Self { goal, count: None }
    }
}

impl Finder<'_> {
    fn checklist(&mut self, checklist: usize) -> Vec<CandidateRow> {
        let rules = self.evaluation.checklists[checklist];
        let timelines = &self.evaluation.partners[self.partner].checklists[checklist];
        let mut found: Vec<Option<Found>> = vec![None; rules.requirements.len()];
        for index in 0..rules.requirements.len() {
            self.requirement(rules, timelines, index, &mut found);
        }
        let found: Vec<Found> = found.into_iter().flatten().collect();
        let required = rules.requirements.iter().zip(&found).filter(|(one, _)| one.role == Role::Required);
        let whole = Found::plain(all(required.map(|(_, found)| found.goal.clone()).collect()));
        let row = |index: Option<usize>, found: &Found| self.row(rules, timelines, index, found);
        std::iter::once(row(None, &whole))
            .chain(found.iter().enumerate().map(|(index, found)| row(Some(index), found)))
            .collect()
    }

    fn row(&self, rules: &Checklist, timelines: &[Timeline], index: Option<usize>, found: &Found) -> CandidateRow {
        let timeline = own_timeline(timelines, index);
        let outcome = timeline.steps.at(self.planning.by.days());
        let requirement = index.map(|index| &rules.requirements[index]);
        CandidateRow {
            key: CountKey {
                partner_id: self.evaluation.partners[self.partner].partner_id.clone(),
                program: rules.program.clone(),
                version: rules.version.clone(),
                requirement_id: requirement.map_or("*", |one| one.id.as_str()).to_owned(),
                reading: timeline.reading.clone(),
                member: None,
            },
            title: requirement.map_or(&rules.title, |one| &one.title).clone(),
            status: outcome.status,
            confirmed: outcome.bounds.confirmed,
            required: timeline.required,
            is_sum: timeline.is_sum,
            goal: found.goal.clone(),
            count: found.count,
        }
    }

    /// Fills `found[index]`, and before it whatever the requirement combines.
    fn requirement(&mut self, rules: &Checklist, timelines: &[Timeline], index: usize, found: &mut Vec<Option<Found>>) {
        if found[index].is_some() {
            return;
        }
        let requirement = &rules.requirements[index];
        if let Rule::Combine(_, parts) = &requirement.rule {
            parts.iter().for_each(|part| self.requirement(rules, timelines, *part, found));
        }
        let satisfied = own_timeline(timelines, Some(index)).steps.at(self.planning.by.days()).status.satisfied();
        found[index] = Some(match satisfied {
            Some(true) => Found::plain(CandidateGoal::Always),
            _ => self.unsatisfied(rules, requirement, found),
        });
    }

    fn unsatisfied(&mut self, rules: &Checklist, requirement: &Requirement, found: &[Option<Found>]) -> Found {
        match &requirement.rule {
            Rule::Count(rule) => self.count_rule(rules, requirement, rule),
            Rule::Combine(combination, parts) => {
                let goals: Vec<CandidateGoal> =
                    parts.iter().filter_map(|part| found[*part].as_ref()).map(|found| found.goal.clone()).collect();
                Found::plain(match combination {
                    Combination::All => all(goals),
                    Combination::Any => at_least(1, goals),
                    Combination::AtLeast(least) => at_least(*least as usize, goals),
                })
            }
            Rule::Attested(rule) => {
                let bounds = attested(&self.evaluation.views, &rules.program, rule, self.partner);
                let certain = bounds.at(self.planning.by.days()).confirmed.div_euclid(100);
                let required = rule.at_least.div_euclid(100);
                let units = (certain..required)
                    .map(|copy| vec![vec![self.deeds.of(Subject::answer(rules, requirement, copy))]]);
                let units: Vec<Vec<Vec<usize>>> = units.collect();
                self.counted(CandidateCount { required, certain, units })
            }
        }
    }

    fn counted(&mut self, count: CandidateCount) -> Found {
        self.counts.push(count);
        let place = self.counts.len() - 1;
        Found { goal: CandidateGoal::Count(place), count: Some(place) }
    }

    fn count_rule(&mut self, rules: &Checklist, requirement: &Requirement, rule: &CountRule) -> Found {
        if rule.having.is_some() || matches!(rule.unit, Unit::Sum(_)) {
            return Found::plain(CandidateGoal::Never);
        }
        let main = |finder: &mut Self| {
            let count = finder.count(rules, requirement, rule, None, &[], rule.at_least);
            finder.counted(count)
        };
        match &rule.members {
            Members::None => main(self),
            Members::OfWhich(list) => {
                let own = main(self);
                let mut goals = vec![own.goal.clone()];
                for member in list {
                    let count = self.count(rules, requirement, rule, Some(&member.id), &member.terms, member.at_least);
                    goals.push(self.counted(count).goal);
                }
                Found { goal: all(goals), count: own.count }
            }
            Members::Each { members: list, unnamed } => {
                let mut goals = Vec::new();
                for member in list {
                    let count = self.count(rules, requirement, rule, Some(&member.id), &member.terms, member.at_least);
                    goals.push(self.counted(count).goal);
                }
                if *unnamed > 0 {
                    goals.push(CandidateGoal::Never);
                }
                Found::plain(all(goals))
            }
        }
    }

    fn count(
        &mut self,
        rules: &Checklist,
        requirement: &Requirement,
        rule: &CountRule,
        member: Option<&str>,
        extra: &[Term],
        at_least: i64,
    ) -> CandidateCount {
        let required = at_least.div_euclid(100);
        let mut count = CandidateCount { required, certain: 0, units: Vec::new() };
        if let Some(view) = self.evaluation.views.table(rule.table) {
            let rows = Rows::new(view, rule.terms.iter().chain(extra), rule.window);
            let range = view.range(self.partner);
            let confirmed = confirmed_units(&rows, rule, range.clone(), self.planning.by.days());
            count.certain = confirmed.len() as i64;
            let mut units: BTreeMap<(u8, u32), Vec<Vec<usize>>> = BTreeMap::new();
            for row in range {
                let unit = unit_of(view, rule.unit, row);
                if count.certain >= required || unit.is_some_and(|unit| confirmed.contains_key(&unit)) {
                    continue;
                }
                if let Some(way) = self.way(view, &rows, rule, extra, row) {
                    // A row without a unit is one of its own.
                    let key = unit.map_or((1, row as u32), |unit| (0, unit));
                    units.entry(key).or_default().push(way);
                }
            }
            count.units = units.into_values().collect();
        }
        for copy in 0..(required - count.certain).max(0) {
            for subject in Subject::additions(rules, requirement, rule, member, copy) {
                let deed = self.deeds.of(subject);
                count.units.push(vec![vec![deed]]);
            }
        }
        count
    }

    /// The deeds after which the row certainly counts on the day; `None` where no deeds do.
    fn way(
        &mut self,
        view: &TableView,
        rows: &Rows<'_>,
        rule: &CountRule,
        extra: &[Term],
        row: usize,
    ) -> Option<Vec<usize>> {
        let launched = self.launches.view_of(view.id, row);
        let mut needed: Vec<Subject> = Vec::new();
        let terms: Vec<&Term> = rule.terms.iter().chain(extra).collect();
        for (term, now) in terms.iter().zip(rows.truths(row)) {
            if now == Truth::True {
                continue;
            }
            let then = launched.map(|launched| launched.truth(term)[row]);
            match (now, then) {
                (_, Some(Truth::True)) => needed.push(Subject::launch(view, row, self.planning.by)),
                (_, Some(Truth::Unknown)) => {
                    needed.push(Subject::launch(view, row, self.planning.by));
                    needed.push(Subject::supply(view, row, &term.predicate.columns())?);
                }
                (Truth::Unknown, _) => needed.push(Subject::supply(view, row, &term.predicate.columns())?),
                (Truth::False, _) => needed.push(Subject::cure(view, row, &term.predicate)?),
                (Truth::True, _) => {}
            }
        }
        self.dates(view, rows, rule, row, &mut needed)?;
        if let Unit::Distinct(column) = rule.unit
            && view.is_unknown(column.name, row)
        {
            needed.push(Subject::supply(view, row, &[column])?);
        }
        let mut way: Vec<usize> = needed.into_iter().map(|subject| self.deeds.of(subject)).collect();
        way.sort_unstable();
        way.dedup();
        (!way.is_empty() && way.len() <= MOST_DEEDS).then_some(way)
    }

    fn dates(
        &self,
        view: &TableView,
        rows: &Rows<'_>,
        rule: &CountRule,
        row: usize,
        needed: &mut Vec<Subject>,
    ) -> Option<()> {
        let day = self.planning.by.days();
        let span = rows.date_span(row);
        if span.at(day) == Truth::True {
            return Some(());
        }
        let by_launch = rule.window.is_some_and(|window| window.column.name == "launch_date");
        if by_launch && self.launches.view_of(view.id, row).is_some() {
            // It launches between now and the day; a window that does not reach back to now is not asked for.
            needed.push(Subject::launch(view, row, self.planning.by));
            return (self.planning.by >= self.planning.from).then_some(());
        }
        if span.at(day) == Truth::Unknown {
            let columns = match rule.window {
                Some(window) => vec![window.column.name],
                None => crate::near_miss::validity_columns(view.id).to_vec(),
            };
            let columns: Vec<_> = columns.iter().filter_map(|name| view.id.schema().column(name)).collect();
            needed.push(Subject::supply(view, row, &columns)?);
            return Some(());
        }
        let over = span.certain.or(span.possible).is_some_and(|interval| interval.until() < day);
        let renewable = matches!(view.id, TableId::Certifications | TableId::Designations | TableId::Completions);
        if over && renewable {
            needed.push(Subject::renew(view, row, self.planning.by));
            return Some(());
        }
        None
    }
}

/// Deeds that one row may need at most: beyond that it is a wish.
const MOST_DEEDS: usize = 3;

fn own_timeline(timelines: &[Timeline], index: Option<usize>) -> &Timeline {
    let own = |one: &&Timeline| one.requirement == index && one.reading == "adopted" && one.member.is_none();
    timelines.iter().find(own).expect("every requirement has a row of its own")
}

fn all(goals: Vec<CandidateGoal>) -> CandidateGoal {
    at_least(goals.len(), goals)
}

/// So many of `goals`, without those that are sure either way.
fn at_least(least: usize, goals: Vec<CandidateGoal>) -> CandidateGoal {
    let sure = goals.iter().filter(|goal| **goal == CandidateGoal::Always).count();
    let least = least.saturating_sub(sure);
    let mut open: Vec<CandidateGoal> =
        goals.into_iter().filter(|goal| !matches!(goal, CandidateGoal::Always | CandidateGoal::Never)).collect();
    match (least, open.len()) {
        (0, _) => CandidateGoal::Always,
        (least, open) if least > open => CandidateGoal::Never,
        (1, 1) => open.remove(0),
        _ => CandidateGoal::AtLeast(least, open),
    }
}
