//! The lines of the answer: one per requirement, reading and member, numbered in the order in which they are printed.
//!
//! A line either counts rows, or asks the self-assessment, or combines other lines. Lines that combine come in a later
//! *stage* than what they combine.

use super::SqlQuestion;
use crate::checklist::{
    AttestedUnit, Checklist, Combination, CountRule, Member, Members, Requirement, Role, Rule, RuleWindow,
};
use crate::predicate::Term;
use aceq_model::{Natural, TableId};
use std::collections::{BTreeMap, BTreeSet};

/// Everything that the text is made from.
pub(super) struct Plan<'c> {
    /// In the order in which they were found; parts are indices into it.
    pub lines: Vec<Line<'c>>,
    /// The rules that count rows, one per requirement and reading.
    pub counted: Vec<Counted<'c>>,
    /// The distinct sets of case studies that the self-assessment is asked about.
    pub case_sets: Vec<CaseSet<'c>>,
}

/// One line of the answer.
pub(super) struct Line<'c> {
    /// Its place in the answer, from 1.
    pub number: usize,
    pub checklist: &'c Checklist,
    /// `None` = the whole checklist.
    pub requirement: Option<&'c Requirement>,
    pub reading: &'c str,
    pub member: Option<&'c str>,
    /// In hundredths.
    pub required: i64,
    pub kind: Kind<'c>,
    /// Lines that it combines.
    pub parts: Vec<Part>,
    /// Whether waivers and applicability bear on it.
    pub gated: bool,
    /// 0 for lines without parts.
    pub stage: usize,
}

/// Where a line's count comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind<'c> {
    /// Rows of a table; index into [`Plan::counted`].
    Rows(usize, TableId),
    /// The partner's own answer to this requirement id.
    Answer(&'c str),
    /// Answers per case study to this requirement id; index into [`Plan::case_sets`].
    AnswersPerCase(&'c str, usize),
    /// How many of its parts are satisfied.
    Parts,
    /// As `Parts`, of an `each` whose values are not all named: no upper bound.
    PartsUnnamed,
}

/// One line that another combines.
#[derive(Clone, Copy)]
pub(super) struct Part {
    /// Index into [`Plan::lines`].
    pub line: usize,
    pub role: PartRole,
}

/// What a part means for the line that combines it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PartRole {
    /// It is counted.
    Counted,
    /// It must hold beside the line's own count.
    MustHold,
}

/// A rule that counts rows, with the lines that it fills.
pub(super) struct Counted<'c> {
    pub checklist: &'c Checklist,
    pub requirement: &'c Requirement,
    pub reading: &'c str,
    pub rule: &'c CountRule,
    /// The rule's own line; `None` for an `each`, which has members alone.
    pub own: Option<usize>,
    /// The members with their lines.
    pub members: Vec<(&'c Member, usize)>,
}

/// A set of case studies, and which of them need no answer.
#[derive(Clone, Copy)]
pub(super) struct CaseSet<'c> {
    pub base: &'c [Term],
    pub window: Option<RuleWindow>,
    pub satisfied_when: &'c [Term],
}

impl<'c> Plan<'c> {
    pub(super) fn new(questions: &[SqlQuestion<'c>]) -> Self {
        let mut plan = Self { lines: Vec::new(), counted: Vec::new(), case_sets: Vec::new() };
        for question in questions {
            plan.add_question(question);
        }
        plan.set_stages();
        plan.number();
        plan
    }

    /// How many stages there are.
    pub(super) fn stages(&self) -> usize {
        self.lines.iter().map(|line| line.stage + 1).max().unwrap_or(0)
    }

    /// The lines in the order in which they are printed.
    pub(super) fn in_order(&self) -> Vec<&Line<'c>> {
        let mut lines: Vec<&Line<'c>> = self.lines.iter().collect();
        lines.sort_by_key(|line| line.number);
        lines
    }

    fn add_question(&mut self, question: &SqlQuestion<'c>) {
        let checklist = question.checklist;
        let wanted = wanted(question);
        let mut own: BTreeMap<usize, usize> = BTreeMap::new();
        for index in &wanted {
            let requirement = &checklist.requirements[*index];
            let all_readings = question.requirement.is_none_or(|asked| asked == requirement.id);
            for (reading, rule) in requirement.readings().filter(|(name, _)| all_readings || *name == "adopted") {
                let line = self.add_reading(checklist, requirement, reading, rule);
                own.entry(*index).or_insert(line);
            }
        }
        self.link(checklist, &own);
        if question.requirement.is_none() {
            let required = own.iter().filter(|(index, _)| checklist.requirements[**index].role == Role::Required);
            let parts: Vec<Part> = required.map(|(_, line)| Part { line: *line, role: PartRole::Counted }).collect();
            let required = parts.len() as i64 * 100;
            self.lines.push(Line { required, parts, ..line(checklist, None, "adopted", Kind::Parts) });
        }
    }

    /// Adds the lines of one reading and returns the index of its own.
    fn add_reading(
        &mut self,
        checklist: &'c Checklist,
        requirement: &'c Requirement,
        reading: &'c str,
        rule: &'c Rule,
    ) -> usize {
        let gated = !requirement.applies_when.is_empty() || !requirement.waived_when.is_empty();
        let new = |kind| Line { gated, ..line(checklist, Some(requirement), reading, kind) };
        let own = match rule {
            Rule::Count(rule) => return self.add_count(new, checklist, requirement, reading, rule),
            Rule::Combine(combination, parts) => {
                let required = match combination {
                    Combination::All => parts.len() as i64 * 100,
                    Combination::Any => 100,
                    Combination::AtLeast(number) => i64::from(*number) * 100,
                };
                Line { required, ..new(Kind::Parts) }
            }
            Rule::Attested(rule) => {
                let kind = match &rule.unit {
                    AttestedUnit::Partner => Kind::Answer(&rule.answers_of),
                    AttestedUnit::CaseStudy { base_terms, base_window, satisfied_when } => {
                        let set = CaseSet { base: base_terms, window: *base_window, satisfied_when };
                        Kind::AnswersPerCase(&rule.answers_of, self.case_set(set))
                    }
                };
                Line { required: rule.at_least, ..new(kind) }
            }
        };
        self.push(own)
    }

    fn add_count(
        &mut self,
        new: impl Fn(Kind<'c>) -> Line<'c>,
        checklist: &'c Checklist,
        requirement: &'c Requirement,
        reading: &'c str,
        rule: &'c CountRule,
    ) -> usize {
        let kind = Kind::Rows(self.counted.len(), rule.table);
        let list: &[Member] = match &rule.members {
            Members::None => &[],
            Members::OfWhich(list) | Members::Each { members: list, .. } => list,
        };
        let member = |member: &'c Member| Line {
            member: Some(&member.id),
            required: member.at_least,
            gated: false,
            ..new(kind)
        };
        let members: Vec<(&Member, usize)> = list.iter().map(|m| (m, self.push(member(m)))).collect();
        let parts = |role| members.iter().map(|(_, line)| Part { line: *line, role }).collect();
        let line = match &rule.members {
            Members::None | Members::OfWhich(_) => {
                Line { required: rule.at_least, parts: parts(PartRole::MustHold), ..new(kind) }
            }
            Members::Each { unnamed, .. } => {
                let required = (list.len() as i64 + i64::from(*unnamed)) * 100;
                let kind = if *unnamed == 0 { Kind::Parts } else { Kind::PartsUnnamed };
                Line { required, parts: parts(PartRole::Counted), ..new(kind) }
            }
        };
        let own = self.push(line);
        let own_rows = matches!(self.lines[own].kind, Kind::Rows(..)).then_some(own);
        self.counted.push(Counted { checklist, requirement, reading, rule, own: own_rows, members });
        own
    }

    fn push(&mut self, line: Line<'c>) -> usize {
        self.lines.push(line);
        self.lines.len() - 1
    }

    fn case_set(&mut self, set: CaseSet<'c>) -> usize {
        let key = |set: &CaseSet<'_>| {
            let text = |terms: &[Term]| terms.iter().map(|term| term.predicate.to_string()).collect::<Vec<_>>();
            let window = set.window.map(|window| (window.column.name, window.window));
            (text(set.base), text(set.satisfied_when), window)
        };
        let known = self.case_sets.iter().position(|known| key(known) == key(&set));
        known.unwrap_or_else(|| {
            self.case_sets.push(set);
            self.case_sets.len() - 1
        })
    }

    /// Gives the combinations of a checklist their parts, now that every line is there.
    fn link(&mut self, checklist: &'c Checklist, own: &BTreeMap<usize, usize>) {
        for line in self.lines.iter_mut().filter(|line| std::ptr::eq(line.checklist, checklist)) {
            let Some(requirement) = line.requirement else { continue };
            let mut readings = requirement.readings();
            if let Some((_, Rule::Combine(_, parts))) = readings.find(|(name, _)| *name == line.reading) {
                let part = |index: &usize| Part { line: own[index], role: PartRole::Counted };
                line.parts = parts.iter().map(part).collect();
            }
        }
    }

    /// Checklists have no circles, so every line finds its stage.
    fn set_stages(&mut self) {
        loop {
            let mut settled = true;
            for index in 0..self.lines.len() {
                let above = self.lines[index].parts.iter().map(|part| self.lines[part.line].stage + 1);
                let stage = above.max().unwrap_or(0);
                settled &= stage == self.lines[index].stage;
                self.lines[index].stage = stage;
            }
            if settled {
                return;
            }
        }
    }

    fn number(&mut self) {
        let mut order: Vec<usize> = (0..self.lines.len()).collect();
        order.sort_by_key(|index| {
            let line = &self.lines[*index];
            let checklist = (&line.checklist.program, &line.checklist.version);
            (checklist, Natural(line.requirement_id()), (line.reading != "adopted", line.reading), line.member)
        });
        for (place, index) in order.into_iter().enumerate() {
            self.lines[index].number = place + 1;
        }
    }
}

impl<'c> Line<'c> {
    pub(super) fn requirement_id(&self) -> &'c str {
        self.requirement.map_or("*", |requirement| &requirement.id)
    }

    /// The upper bound before any row or answer is looked at: whoever is not asked yet may say yes.
    pub(super) fn at_most(&self) -> usize {
        match self.kind {
            Kind::Rows(..) | Kind::AnswersPerCase(..) => 0,
            Kind::Answer(_) => 1,
            Kind::Parts | Kind::PartsUnnamed => self.parts.len(),
        }
    }

    /// The table without which nothing is known about the line.
    pub(super) fn table(&self) -> Option<TableId> {
        match self.kind {
            Kind::Rows(_, table) => Some(table),
            Kind::Answer(_) | Kind::AnswersPerCase(..) => Some(TableId::Attestations),
            Kind::Parts | Kind::PartsUnnamed => None,
        }
    }
}

fn line<'c>(
    checklist: &'c Checklist,
    requirement: Option<&'c Requirement>,
    reading: &'c str,
    kind: Kind<'c>,
) -> Line<'c> {
    Line {
        number: 0,
        checklist,
        requirement,
        reading,
        member: None,
        required: 0,
        kind,
        parts: Vec::new(),
        gated: false,
        stage: 0,
    }
}

/// The requirements to evaluate: all, or the one asked for and what it combines.
fn wanted(question: &SqlQuestion<'_>) -> BTreeSet<usize> {
    let requirements = &question.checklist.requirements;
    let Some(asked) = question.requirement else { return (0..requirements.len()).collect() };
    let mut wanted = BTreeSet::new();
    let mut open: Vec<usize> = (0..requirements.len()).filter(|index| requirements[*index].id == asked).collect();
    while let Some(index) = open.pop() {
        if wanted.insert(index) {
            let rules = requirements[index].readings();
            open.extend(rules.flat_map(|(_, rule)| match rule {
                Rule::Combine(_, parts) => parts.clone(),
                Rule::Count(_) | Rule::Attested(_) => Vec::new(),
            }));
        }
    }
    wanted
}
