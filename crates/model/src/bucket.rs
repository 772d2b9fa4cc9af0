//! All canonical rows of some partners, the unit in which the engine works.

use crate::{Table, TableId};
use arrow::array::RecordBatch;
use std::collections::BTreeMap;

/// All canonical rows of some partners.
///
/// A table that is not in `tables` was never given: what it could say is unknown, not zero. A table that was
/// given holds a batch, even when none of its rows belong to these partners (then the count is zero).
///
/// Every batch has exactly the columns of [`Table::arrow_schema`], in that order, and is sorted by partner id,
/// then by the table's key. One partner's rows of one table are therefore contiguous.
#[derive(Clone, Debug, Default)]
pub struct Bucket {
    /// The partners of this bucket, sorted, whether or not a table has rows of them.
    pub partners: Vec<String>,
    /// One batch per table that was given.
    pub tables: BTreeMap<TableId, RecordBatch>,
}

impl Bucket {
    /// The rows of `table`, or `None` when no file of its kind was given.
    pub fn table(&self, table: TableId) -> Option<&RecordBatch> {
        self.tables.get(&table)
    }

    /// An empty batch with the canonical schema of `table`.
    pub fn empty_batch(table: &Table) -> RecordBatch {
        RecordBatch::new_empty(table.arrow_schema())
    }
}

/// The bucket, `0..buckets`, in which a partner's rows live. Stable across versions and machines (FNV-1a).
pub fn bucket_of(partner_id: &str, buckets: u32) -> u32 {
    let hash = partner_id
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    (hash % u64::from(buckets.max(1))) as u32
}

#[cfg(test)]
mod tests {
    use super::bucket_of;

    #[test]
    fn buckets_never_move() {
        // Published datasets are partitioned by this value.
        assert_eq!(bucket_of("self", 16), bucket_of("self", 16));
        assert_eq!(bucket_of("", 16), 0xcbf2_9ce4_8422_2325_u64 as u32 % 16);
        assert!((0..1000).all(|n| bucket_of(&format!("P{n}"), 7) < 7));
    }
}
