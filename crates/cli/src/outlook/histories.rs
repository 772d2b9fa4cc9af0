//! Stage histories as the launch model reads them: from what a run noticed, or from a published dataset.

use crate::error::CliError;
use crate::pipeline::Source;
use aceq_forecast::{Episode, History, Ignored, Origin, Seen, State};
use aceq_model::{Bucket, TableId, tables};
use arrow::array::{Array, AsArray, Date32Array, RecordBatch, StringArray};
use arrow::datatypes::Date32Type;
use std::collections::BTreeMap;

/// Partner and opportunity.
pub type Id = (String, String);

/// What snapshots showed of each opportunity, in the order of their days.
#[derive(Clone, Debug, Default)]
pub struct Histories(BTreeMap<Id, Vec<Seen>>);

/// What the newest state of each opportunity of a bucket says.
pub struct OpportunityFacts(BTreeMap<Id, Fact>);

#[derive(Clone, Copy)]
struct Fact {
    origin: Origin,
    created: Option<i32>,
    /// As the newest state has it.
    state: Option<State>,
}

impl Histories {
    /// Those of a published dataset; none of exports, whose histories come with their buckets.
    ///
    /// # Errors
    /// When the dataset cannot be read.
    pub fn published(source: &Source) -> Result<Self, CliError> {
        let mut all = Self::default();
        if let Source::Dataset(dataset, _) = source {
            for batch in dataset.rows(&tables::STAGE_HISTORY) {
                all.0.append(&mut Self::of_batch(&batch?)?.0);
            }
        }
        Ok(all)
    }

    /// Those of the rows of `stage_history`.
    ///
    /// # Errors
    /// Never today; a batch that lacks a column is a bug of whoever made it.
    pub fn of_batch(batch: &RecordBatch) -> Result<Self, CliError> {
        let text = |name: &str| -> &StringArray { batch[name].as_string() };
        let dates = |name: &str| -> &Date32Array { batch[name].as_primitive::<Date32Type>() };
        let (partners, ids, stages) = (text("partner_id"), text("opportunity_id"), text("stage"));
        let (first, last, target) = (dates("known_from"), dates("last_seen"), dates("target_close_date"));
        let day = |column: &Date32Array, row: usize| (!column.is_null(row)).then(|| column.value(row));
        let mut all: BTreeMap<Id, Vec<Seen>> = BTreeMap::new();
        for row in 0..batch.num_rows() {
            let stage = (!stages.is_null(row)).then(|| stages.value(row));
            all.entry((partners.value(row).to_owned(), ids.value(row).to_owned())).or_default().push(Seen {
                first: day(first, row),
                last: day(last, row),
                state: stage.and_then(State::from_name),
                target: day(target, row),
            });
        }
        Ok(Self(all))
    }

    /// Those of the opportunities of some partners.
    pub fn of_partners(&self, partners: &[String]) -> Self {
        let mut found = BTreeMap::new();
        for partner in partners {
            let from = self.0.range((partner.clone(), String::new())..);
            let own = from.take_while(|(id, _)| id.0 == *partner);
            found.extend(own.map(|(id, seen)| (id.clone(), seen.clone())));
        }
        Self(found)
    }

    /// An episode per opportunity that was seen open; `numbers` of the partners.
    pub fn episodes(
        self,
        numbers: &BTreeMap<String, u32>,
        facts: &OpportunityFacts,
    ) -> (BTreeMap<Id, Episode>, Ignored) {
        let mut ignored = Ignored::default();
        let mut episodes = BTreeMap::new();
        for (id, seen) in self.0 {
            let Some(number) = numbers.get(&id.0) else { continue };
            let unknown = Fact { origin: Origin::Unknown, created: None, state: None };
            let Fact { origin, created, .. } = facts.0.get(&id).copied().unwrap_or(unknown);
            let history = History { partner: *number, origin, created, seen };
            if let Some(episode) = Episode::new(&history, &mut ignored) {
                episodes.insert(id, episode);
            }
        }
        (episodes, ignored)
    }
}

impl OpportunityFacts {
    /// Origin and day of creation of every opportunity of a bucket.
    pub fn of_bucket(bucket: &Bucket) -> Self {
        let Some(batch) = bucket.tables.get(&TableId::Opportunities) else { return Self(BTreeMap::new()) };
        let text = |name: &str| -> &StringArray { batch[name].as_string() };
        let (partners, ids, origins) = (text("partner_id"), text("opportunity_id"), text("origin"));
        let stages = text("stage");
        let created: &Date32Array = batch["created_date"].as_primitive::<Date32Type>();
        let fact = |row: usize| {
            let origin = Origin::from_name((!origins.is_null(row)).then(|| origins.value(row)));
            let created = (!created.is_null(row)).then(|| created.value(row));
            let state = (!stages.is_null(row)).then(|| stages.value(row)).and_then(State::from_name);
            ((partners.value(row).to_owned(), ids.value(row).to_owned()), Fact { origin, created, state })
        };
        Self((0..batch.num_rows()).map(fact).collect())
    }

    /// How many opportunities of a partner are launched, and how many lost.
    pub fn closed(&self, partner: &str) -> (usize, usize) {
        let of_partner = self.0.range((partner.to_owned(), String::new())..).take_while(|(id, _)| id.0 == partner);
        of_partner.fold((0, 0), |(launched, lost), (_, fact)| match fact.state {
            Some(State::Launched) => (launched + 1, lost),
            Some(State::Lost) => (launched, lost + 1),
            Some(State::Open(_)) | None => (launched, lost),
        })
    }
}
