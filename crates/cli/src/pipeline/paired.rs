//! Two sources side by side: the rows of the same partners on both, one bucket of each in memory at a time.
//!
//! ```text
//!  more buckets  ── in its own order ─────────────────▶ bucket n ─┐
//!  fewer buckets ── a dataset of as many: read bucket n ─▶        ├▶ the same partners
//!                   else spooled into that many buckets ─▶ bucket n ┘
//! ```
//! A partner's rows lie in one bucket of any number of buckets, so what is held is two buckets; rows that wait are in a
//! spool, which is a temporary file once it outgrows its budget.

use super::{Quality, Source};
use crate::error::CliError;
use aceq_metrics::diff::Excluded;
use aceq_model::{Bucket, FindingCode, TableId, bucket_of, tables};
use aceq_store::{Dataset, Spool, SpooledBuckets, split_by_bucket};
use arrow::array::{AsArray, RecordBatch, UInt32Array};
use arrow::compute::{concat_batches, take_record_batch};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Bytes of rows of the side that waits, kept in memory before they are written to disk.
const SPOOL_BUDGET: usize = 48 << 20;

/// The rows of some partners, and which of their rows corrections exclude.
pub struct Half {
    /// The rows; both halves of a pair have the same partners.
    pub bucket: Bucket,
    /// Partners that have rows on this side, or were named by it.
    pub own: BTreeSet<String>,
    /// Excluded rows.
    pub excluded: Excluded,
}

/// Hands over the rows of the same partners of both sources, before and after, until every partner was there once.
///
/// # Errors
/// Those of `use_pair`, and those of reading a source or the spool.
pub fn for_each_pair(
    (before, after): (&Source, &Source),
    scratch: &Path,
    mut use_pair: impl FnMut(Half, Half) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let before_leads = before.buckets() >= after.buckets();
    let (leading, following) = if before_leads { (before, after) } else { (after, before) };
    let follower = Follower::new(following, leading.buckets(), scratch)?;
    let published = published_exclusions(leading)?;
    let mut left: BTreeSet<u32> = follower.numbers();
    let mut given: Option<BTreeSet<TableId>> = None;
    let mut pair = |lead: Half, follow: Half| {
        let (lead, follow) = with_same_partners(lead, follow);
        if before_leads { use_pair(lead, follow) } else { use_pair(follow, lead) }
    };
    leading.for_each_bucket(|bucket, noticed| {
        given.get_or_insert_with(|| bucket.tables.keys().copied().collect());
        let Some(first) = bucket.partners.first() else { return Ok(()) };
        let number = bucket_of(first, leading.buckets());
        left.remove(&number);
        let mut excluded = published.clone();
        excluded.extend(exclusions(&noticed)?);
        pair(Half::new(bucket, excluded), follower.bucket(number)?)
    })?;
    let given = given.unwrap_or_else(|| given_tables(leading));
    for number in left {
        pair(Half::new(empty_bucket(&given), published.clone()), follower.bucket(number)?)?;
    }
    Ok(())
}

impl Half {
    fn new(bucket: Bucket, excluded: Excluded) -> Self {
        Self { own: bucket.partners.iter().cloned().collect(), bucket, excluded }
    }
}

fn with_same_partners(mut one: Half, mut other: Half) -> (Half, Half) {
    let all: Vec<String> = one.own.union(&other.own).cloned().collect();
    one.bucket.partners.clone_from(&all);
    other.bucket.partners = all;
    (one, other)
}

/// The side that is asked for one bucket after the other.
enum Follower<'s> {
    Dataset(&'s Dataset, Excluded),
    Spooled(Spooled),
}

/// Rows in as many buckets as the other side has.
struct Spooled {
    rows: SpooledBuckets,
    given: BTreeSet<TableId>,
    partners: BTreeMap<u32, Vec<String>>,
    excluded: Excluded,
}

impl<'s> Follower<'s> {
    fn new(source: &'s Source, buckets: u32, scratch: &Path) -> Result<Self, CliError> {
        match source {
            Source::Dataset(dataset, _) if source.buckets() == buckets => {
                Ok(Self::Dataset(dataset, published_exclusions(source)?))
            }
            _ => Ok(Self::Spooled(Spooled::new(source, buckets, scratch)?)),
        }
    }

    fn numbers(&self) -> BTreeSet<u32> {
        match self {
            Self::Dataset(dataset, _) => dataset.bucket_numbers().into_iter().collect(),
            Self::Spooled(spooled) => spooled.partners.keys().copied().collect(),
        }
    }

    fn bucket(&self, number: u32) -> Result<Half, CliError> {
        match self {
            Self::Dataset(dataset, excluded) => Ok(Half::new(dataset.bucket(number)?, excluded.clone())),
            Self::Spooled(spooled) => Ok(Half::new(spooled.bucket(number)?, spooled.excluded.clone())),
        }
    }
}

impl Spooled {
    fn new(source: &Source, buckets: u32, scratch: &Path) -> Result<Self, CliError> {
        let mut spool = Spool::new(scratch, SPOOL_BUDGET);
        let mut given = BTreeSet::new();
        let mut partners: BTreeMap<u32, Vec<String>> = BTreeMap::new();
        let mut excluded = published_exclusions(source)?;
        source.for_each_bucket(|bucket, noticed| {
            excluded.extend(exclusions(&noticed)?);
            given.extend(bucket.tables.keys().copied());
            for partner in bucket.partners {
                partners.entry(bucket_of(&partner, buckets)).or_default().push(partner);
            }
            for (table, batch) in &bucket.tables {
                for (number, part) in split_by_bucket(batch, buckets)? {
                    // A canonical row has a partner.
                    spool.push(0, *table, number.unwrap_or(0), part)?;
                }
            }
            Ok(())
        })?;
        if given.is_empty() {
            given = given_tables(source);
        }
        partners.values_mut().for_each(|partners| partners.sort());
        Ok(Self { rows: spool.finish()?, given, partners, excluded })
    }

    fn bucket(&self, number: u32) -> Result<Bucket, CliError> {
        let mut bucket = empty_bucket(&self.given);
        bucket.partners = self.partners.get(&number).cloned().unwrap_or_default();
        for spooled in self.rows.bucket(number) {
            let spooled = spooled?;
            bucket.tables.insert(spooled.table, by_partner(&spooled.batches));
        }
        Ok(bucket)
    }
}

/// One batch sorted by partner. A partner's rows come from one bucket, in order, and stay so.
fn by_partner(batches: &[RecordBatch]) -> RecordBatch {
    let all = concat_batches(batches[0].schema_ref(), batches).expect("rows of one table have one schema");
    let partners = all["partner_id"].as_string::<i32>();
    let mut order: Vec<u32> = (0..all.num_rows() as u32).collect();
    order.sort_by_key(|row| partners.value(*row as usize));
    take_record_batch(&all, &UInt32Array::from(order)).expect("every row is there once")
}

fn empty_bucket(given: &BTreeSet<TableId>) -> Bucket {
    let empty = |table: &TableId| (*table, Bucket::empty_batch(table.schema()));
    Bucket { partners: Vec::new(), tables: given.iter().map(empty).collect() }
}

fn given_tables(source: &Source) -> BTreeSet<TableId> {
    match source {
        Source::Dataset(dataset, _) => dataset.given(),
        Source::Exports(_) => source.files().iter().map(|file| file.table).collect(),
    }
}

/// Rows that corrections excluded while the rows of one bucket were settled.
fn exclusions(quality: &Quality) -> Result<Excluded, CliError> {
    let mut excluded = Excluded::new();
    quality.findings.for_each_some(|some| {
        let some = some.into_iter().filter(|finding| finding.code == FindingCode::ExcludedRow);
        excluded.extend(some.map(|f| ((f.partner_id, f.table, f.row_id), f.detail)));
        Ok::<(), CliError>(())
    })?;
    Ok(excluded)
}

/// The same, of a published dataset.
fn published_exclusions(source: &Source) -> Result<Excluded, CliError> {
    let mut excluded = Excluded::new();
    let Source::Dataset(dataset, _) = source else { return Ok(excluded) };
    for batch in dataset.rows(&tables::FINDINGS) {
        let batch = batch?;
        let text = |name: &str| batch[name].as_string::<i32>();
        let (codes, partners, names) = (text("code"), text("partner_id"), text("table"));
        let (ids, details) = (text("row_id"), text("detail"));
        for row in 0..batch.num_rows() {
            let table = TableId::from_name(names.value(row));
            if let (true, Some(table)) = (codes.value(row) == FindingCode::ExcludedRow.code(), table) {
                let key = (partners.value(row).to_owned(), table, ids.value(row).to_owned());
                excluded.insert(key, details.value(row).to_owned());
            }
        }
    }
    Ok(excluded)
}
