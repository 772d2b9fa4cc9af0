//! Bridge tables, cut out of list columns: no text is built, offsets tell which row owns which item.

use aceq_model::tables::Bridge;
use arrow::array::{Array, ArrayRef, AsArray, ListArray, RecordBatch, UInt32Array};
use arrow::compute::take;

/// One row per item of the list, in the order of rows and of the list. Unknown and empty lists have none.
pub(crate) fn items(bridge: &Bridge, rows: &RecordBatch) -> RecordBatch {
    let lists = rows[bridge.list].as_list::<i32>();
    let (owners, places) = (owners(lists), places(lists));
    let of_owner = |name: &str| take(&rows[name], &owners, None).expect("owners are rows of the batch");
    let items: ArrayRef = match places {
        Some(places) => take(lists.values(), &places, None).expect("places lie in the list"),
        None => {
            let first = lists.value_offsets()[0] as usize;
            lists.values().slice(first, owners.len())
        }
    };
    let columns = vec![of_owner("partner_id"), of_owner(bridge.id()), items];
    RecordBatch::try_new(bridge.table.arrow_schema(), columns).expect("one owner per item")
}

/// The row of each item.
fn owners(lists: &ListArray) -> UInt32Array {
    let mut owners = Vec::with_capacity(lists.values().len());
    for row in known(lists) {
        owners.extend(std::iter::repeat_n(row as u32, lists.value_length(row) as usize));
    }
    owners.into()
}

/// The place of each item among all values, or `None` where the items are a stretch of them: almost always.
fn places(lists: &ListArray) -> Option<UInt32Array> {
    let hides_items = |row: usize| lists.is_null(row) && lists.value_length(row) > 0;
    let hidden = lists.null_count() > 0 && (0..lists.len()).any(hides_items);
    let range = |row: usize| lists.value_offsets()[row] as u32..lists.value_offsets()[row + 1] as u32;
    hidden.then(|| known(lists).flat_map(range).collect::<Vec<u32>>().into())
}

fn known(lists: &ListArray) -> impl Iterator<Item = usize> + '_ {
    (0..lists.len()).filter(|row| lists.is_valid(*row))
}
