//! What is asked of one partner on one date: the question behind evidence, near misses and missing values.

use crate::engine::Evaluation;
use aceq_checklist::{Checklist, Rule};
use aceq_model::AsOf;

/// One reading of one requirement, for one partner on one date.
#[derive(Clone, Copy)]
pub(crate) struct Question<'q> {
    pub checklist: &'q Checklist,
    pub requirement: &'q str,
    pub reading: &'q str,
    pub member: Option<&'q str>,
    pub partner_id: &'q str,
    pub partner: usize,
    pub as_of: AsOf,
}

impl Evaluation<'_> {
    /// Every reading of every requirement of the engine's `checklist`-th checklist, with its rule; those of one
    /// requirement where `only` names it.
    pub(crate) fn questions<'q>(
        &'q self,
        checklist: usize,
        partner: usize,
        as_of: AsOf,
        only: Option<&'q str>,
    ) -> impl Iterator<Item = (Question<'q>, &'q Rule)> {
        let checklist = self.checklists[checklist];
        let partner_id = self.partners[partner].partner_id.as_str();
        let requirements = checklist.requirements.iter().filter(move |r| only.is_none_or(|id| id == r.id));
        requirements.flat_map(move |requirement| {
            requirement.readings().map(move |(reading, rule)| {
                let requirement = requirement.id.as_str();
                let question = Question { checklist, requirement, reading, member: None, partner_id, partner, as_of };
                (question, rule)
            })
        })
    }
}
