//! The same world a quarter later: rows gone, cells changed or lost, customers joined and split.

use aceq_model::{Bucket, TableId};
use arrow::array::{Array, ArrayRef, AsArray, RecordBatch, StringArray, UInt32Array, new_null_array};
use arrow::compute::{interleave, take_record_batch};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Columns by which rows are found and partners told apart.
const KEPT: [&str; 8] = [
    "partner_id",
    "customer_key",
    "customer_key_strict",
    "masked",
    "findings",
    "source_file",
    "source_sheet",
    "source_line",
];

/// A reproducible stream of numbers.
struct Dice(u64);

impl Dice {
    /// SplitMix64.
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let first = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let second = (first ^ (first >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        second ^ (second >> 31)
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.roll().is_multiple_of(sides)
    }
}

/// `bucket` after some time: a row in twelve is gone; of the cells outside keys, one in `calm` has the value of another
/// row and one in twice as many is unknown; one customer in ten goes by the key of another, one in ten is two now.
///
/// # Panics
/// When the bucket does not have the canonical schema.
pub fn mutated(bucket: &Bucket, seed: u64, calm: u64) -> Bucket {
    let mut dice = Dice(seed);
    let tables = bucket.tables.iter().map(|(table, batch)| (*table, mutate(*table, batch, &mut dice, calm)));
    Bucket { partners: bucket.partners.clone(), tables: tables.collect() }
}

fn mutate(table: TableId, batch: &RecordBatch, dice: &mut Dice, calm: u64) -> RecordBatch {
    let keep = (0..batch.num_rows() as u32).filter(|_| !dice.one_in(12));
    let rows = take_record_batch(batch, &UInt32Array::from_iter_values(keep)).expect("rows of the batch");
    let is_kept = |name: &str| KEPT.contains(&name) || table.schema().key.contains(&name);
    let schema = rows.schema();
    let columns: Vec<ArrayRef> = schema
        .fields()
        .iter()
        .zip(rows.columns())
        .map(|(field, column)| if is_kept(field.name()) { column.clone() } else { shuffled(column, dice, calm) })
        .collect();
    let rows = RecordBatch::try_new(schema, columns).expect("same types, same lengths");
    rekeyed(&rows, dice)
}

fn shuffled(column: &ArrayRef, dice: &mut Dice, calm: u64) -> ArrayRef {
    if column.is_empty() {
        return column.clone();
    }
    let null = new_null_array(column.data_type(), 1);
    let rows = column.len() as u64;
    let place = |row: usize| match (dice.one_in(calm), dice.one_in(2 * calm)) {
        (true, _) => (0, (dice.roll() % rows) as usize),
        (_, true) => (1, 0),
        _ => (0, row),
    };
    let places: Vec<(usize, usize)> = (0..column.len()).map(place).collect();
    interleave(&[column.as_ref() as &dyn Array, null.as_ref()], &places).expect("arrays of one type")
}

/// Customers joined and split; what strong evidence joins stays within what weak evidence joins.
fn rekeyed(rows: &RecordBatch, dice: &mut Dice) -> RecordBatch {
    let schema = rows.schema();
    let (Ok(loose), Ok(strict)) = (schema.index_of("customer_key"), schema.index_of("customer_key_strict")) else {
        return rows.clone();
    };
    let mut names: BTreeMap<String, String> = BTreeMap::new();
    let mut last = None;
    for key in rows.column(loose).as_string::<i32>().iter().flatten() {
        if !names.contains_key(key) {
            let joined = last.filter(|_| dice.one_in(10)).unwrap_or_else(|| key.to_owned());
            names.insert(key.to_owned(), joined);
        }
        last = Some(key.to_owned());
    }
    let (mut keys, mut strict_keys): (Vec<Option<String>>, Vec<Option<String>>) = (Vec::new(), Vec::new());
    let pairs = rows.column(loose).as_string::<i32>().iter().zip(rows.column(strict).as_string::<i32>());
    for (key, strict) in pairs {
        let split = dice.one_in(10);
        let end = |name: Option<String>| name.map(|name| if split { format!("{name}/2") } else { name });
        keys.push(end(key.map(|key| names[key].clone())));
        strict_keys.push(end(strict.map(str::to_owned)));
    }
    let mut columns = rows.columns().to_vec();
    columns[loose] = Arc::new(StringArray::from(keys));
    columns[strict] = Arc::new(StringArray::from(strict_keys));
    RecordBatch::try_new(schema, columns).expect("same types, same lengths")
}
