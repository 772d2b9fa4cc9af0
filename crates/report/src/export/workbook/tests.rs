//! What a workbook cannot hold is cut and marked, or kept as text; nothing goes missing in silence.

use super::{SheetBook, WorkbookError, sheet_name, shortened};
use aceq_model::{Column, ColumnType};
use arrow::array::{ArrayRef, Decimal128Array, RecordBatch, StringArray};
use std::io::Cursor;
use std::sync::Arc;

const fn column(name: &'static str, ty: ColumnType) -> Column {
    Column { name, ty, doc: "What it says.", picklist: "", ingested: false, strict: "" }
}

#[test]
fn long_texts_are_cut_and_told() {
    let columns = [column("name", ColumnType::Text), column("amount", ColumnType::Decimal)];
    let long = "é".repeat(40_000);
    let names: ArrayRef = Arc::new(StringArray::from(vec![long.as_str(), "=1+1"]));
    let amounts = Decimal128Array::from(vec![999_999_999_999_999_999, 5]).with_data_type(ColumnType::Decimal.arrow());
    let rows = RecordBatch::try_from_iter([("name", names), ("amount", Arc::new(amounts) as ArrayRef)]);
    let mut book = SheetBook::default();
    book.add::<WorkbookError>("table", &columns, std::iter::once(Ok(rows.expect("two columns")))).expect("written");
    let mut bytes = Cursor::new(Vec::new());
    let cuts = book.finish(&mut bytes).expect("written");
    assert_eq!(cuts.cells, ["table row 2, name"]);
    assert!(bytes.get_ref().starts_with(b"PK"));
}

#[test]
fn a_cut_text_fills_its_cell_to_the_last_letter() {
    assert_eq!(shortened(&"a".repeat(32_767)), None);
    let cut = shortened(&"😀".repeat(20_000)).expect("40,000 units");
    assert!(cut.ends_with(" … [cut]") && (32_766..=32_767).contains(&cut.encode_utf16().count()));
}

#[test]
fn sheets_have_names_that_fit() {
    assert_eq!(sheet_name("opportunity_delivery_models", 1), "opportunity_delivery_models");
    assert_eq!(sheet_name("opportunity_delivery_models", 2), "opportunity_delivery_models (2)");
    assert_eq!(sheet_name(&"x".repeat(40), 12).len(), 31);
}
