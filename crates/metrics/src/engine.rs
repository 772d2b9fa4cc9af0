//! The engine: a plan made once for a set of checklists, applied bucket by bucket.

use crate::MetricsError;
use crate::combine::evaluate;
use crate::plan::Plan;
use crate::view::Views;
use aceq_checklist::{Checklist, Rule, Unit};
use aceq_model::{Bucket, Column, TableId};
use aceq_timeline::{Outcome, Steps};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};

/// Conditions of a set of checklists, planned once.
pub struct Engine<'c> {
    checklists: Vec<&'c Checklist>,
    pub(crate) plan: Plan<'c>,
    pub(crate) counted: Vec<(TableId, &'static Column)>,
}

/// The answer to one requirement (or reading, or member) for all as-of dates.
#[derive(Clone, Debug)]
pub struct Timeline {
    /// Index into the checklist's requirements; `None` = the whole checklist.
    pub requirement: Option<usize>,
    /// `adopted`, or the name of the alternative reading.
    pub reading: String,
    /// The value or sub-minimum; `None` on the requirement's own row.
    pub member: Option<String>,
    /// The count asked for, in hundredths.
    pub required: i64,
    /// Whether counts are sums of money.
    pub is_sum: bool,
    /// The answer.
    pub steps: Steps<Outcome>,
    /// Confirmed rows that carry a finding; `None` where the row combines others.
    pub flagged: Option<Steps<i64>>,
}

/// One partner: its timelines, per checklist of the engine, in the same order.
pub struct PartnerEvaluation {
    /// The partner.
    pub partner_id: String,
    /// Per checklist: the whole checklist first, then each requirement.
    pub checklists: Vec<Vec<Timeline>>,
}

/// All partners of a bucket, with the rows at hand for evidence and explanations.
pub struct Evaluation<'e> {
    pub(crate) checklists: &'e [&'e Checklist],
    pub(crate) views: Views,
    /// In the order of the bucket's partners.
    pub partners: Vec<PartnerEvaluation>,
}

impl<'c> Engine<'c> {
    /// The engine for these checklists.
    pub fn new(checklists: Vec<&'c Checklist>) -> Self {
        let plan = Plan::new(&checklists);
        let counted = counted_columns(&checklists);
        Self { checklists, plan, counted }
    }

    /// The checklists, in the order of [`PartnerEvaluation::checklists`].
    pub fn checklists(&self) -> &[&'c Checklist] {
        &self.checklists
    }

    /// Evaluates every checklist for every partner of the bucket. The result does not depend on the thread count.
    ///
    /// # Errors
    /// When a batch of the bucket does not have the canonical schema, or polars refuses a condition.
    pub fn evaluate(&self, bucket: &Bucket) -> Result<Evaluation<'_>, MetricsError> {
        let views = Views::new(bucket, &self.plan, &self.counted)?;
        let partner = |index: usize| PartnerEvaluation {
            partner_id: bucket.partners[index].clone(),
            checklists: self.checklists.iter().map(|checklist| evaluate(&views, checklist, index)).collect(),
        };
        let partners = (0..bucket.partners.len()).into_par_iter().map(partner).collect();
        Ok(Evaluation { checklists: &self.checklists, views, partners })
    }
}

/// Sets the number of threads of polars, before its first use. Never changes a result.
#[expect(unsafe_code, reason = "polars reads its thread count from the environment; there is no other way to set it")]
pub fn use_threads(threads: usize) {
    // SAFETY: called once, before any other thread exists.
    unsafe { std::env::set_var("POLARS_MAX_THREADS", threads.to_string()) };
}

/// The columns whose distinct values some rule counts.
fn counted_columns(checklists: &[&Checklist]) -> Vec<(TableId, &'static Column)> {
    let mut counted: Vec<(TableId, &'static Column)> = Vec::new();
    let requirements = checklists.iter().flat_map(|checklist| &checklist.requirements);
    for (_, rule) in requirements.flat_map(|requirement| requirement.readings()) {
        if let Rule::Count(rule) = rule
            && let Unit::Distinct(column) = rule.unit
            && !counted.iter().any(|(table, known)| *table == rule.table && known.name == column.name)
        {
            counted.push((rule.table, column));
        }
    }
    counted
}
