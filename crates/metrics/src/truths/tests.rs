//! SQL's three-valued logic, case by case, as polars evaluates our predicates.
//!
//! Each case is a predicate and the truth it must have on four rows of opportunities:
//!
//! ```text
//!  row   stage       mrr_usd   segment  masked  aws_products        solutions  submitted_date
//!  0     Launched    416.66    SMB      no      [Connect, Lex]      []         2026-01-01
//!  1     Qualified   1000.00   null     yes     []                  [S-1]      null
//!  2     null        null      a\nb     null    null                null       null
//!  3     Prospect    1000.01   x_y      no      [DirectConnect]     [S-1, S-2] null
//! ```

use super::truths;
use crate::plan::Plan;
use aceq_checklist::{Checklist, load};
use aceq_model::{Picklists, TableId};
use aceq_timeline::Truth;
use arrow::array::{
    ArrayRef, BooleanArray, Date32Array, Decimal128Array, ListBuilder, RecordBatch, StringArray, StringBuilder,
    new_null_array,
};
use std::sync::Arc;

fn lists(rows: &[Option<&[&str]>]) -> ArrayRef {
    let item = arrow::datatypes::Field::new("item", arrow::datatypes::DataType::Utf8, false);
    let mut builder = ListBuilder::new(StringBuilder::new()).with_field(item);
    for row in rows {
        for text in row.unwrap_or_default() {
            builder.values().append_value(text);
        }
        builder.append(row.is_some());
    }
    Arc::new(builder.finish())
}

fn batch() -> RecordBatch {
    let schema = TableId::Opportunities.schema().arrow_schema();
    let columns = schema.fields().iter().map(|field| -> ArrayRef {
        match field.name().as_str() {
            "partner_id" => Arc::new(StringArray::from(vec!["P"; 4])),
            "stage" => Arc::new(StringArray::from(vec![Some("Launched"), Some("Qualified"), None, Some("Prospect")])),
            "segment" => Arc::new(StringArray::from(vec![Some("SMB"), None, Some("a\nb"), Some("x_y")])),
            "masked" => Arc::new(BooleanArray::from(vec![Some(false), Some(true), None, Some(false)])),
            "mrr_usd" => {
                let cents = Decimal128Array::from(vec![Some(41_666), Some(100_000), None, Some(100_001)]);
                Arc::new(cents.with_precision_and_scale(18, 2).unwrap())
            }
            "aws_products" => lists(&[Some(&["Connect", "Lex"]), Some(&[]), None, Some(&["DirectConnect"])]),
            "solutions" => lists(&[Some(&[]), Some(&["S-1"]), None, Some(&["S-1", "S-2"])]),
            "submitted_date" => Arc::new(Date32Array::from(vec![Some(20_454), None, None, None])),
            _ => new_null_array(field.data_type(), 4),
        }
    });
    RecordBatch::try_new(Arc::clone(&schema), columns.collect()).unwrap()
}

fn checklist(predicate: &str) -> Checklist {
    let text = format!(
        "[checklist]\nprogram = \"p\"\nversion = \"1\"\ntitle = \"t\"\npartner_types = []\nreleased = 2026-01-01\n\
         accepted = {{ from = 2026-01-01 }}\nsource = {{ document = \"d\", checked = 2026-01-01 }}\n\
         [[requirement]]\nid = \"R\"\ntitle = \"t\"\nsection = \"1\"\nkind = \"count\"\ntable = \"opportunities\"\n\
         count = \"rows\"\nat_least = 1\nwhere = \"\"\"{predicate}\"\"\"\n"
    );
    load("test.toml", &text, &Picklists::default()).unwrap()
}

/// `T`, `F` and `?` per row.
fn shown(predicate: &str) -> String {
    let checklist = checklist(predicate);
    let plan = Plan::new(&[&checklist]);
    let batch = batch();
    let terms = truths("opportunities", plan.table(TableId::Opportunities).unwrap(), &batch).unwrap();
    let row = |row: usize| match terms.iter().fold(Truth::True, |all, term| all.and(term[row])) {
        Truth::True => 'T',
        Truth::False => 'F',
        Truth::Unknown => '?',
    };
    (0..batch.num_rows()).map(row).collect()
}

#[test]
fn three_valued_logic_is_that_of_sql() {
    let cases = [
        ("stage = 'Launched'", "TF?F"),
        ("stage <> 'Launched'", "FT?T"),
        ("NOT stage = 'Launched'", "FT?T"),
        ("stage IN ('Launched', 'Qualified')", "TT?F"),
        ("stage NOT IN ('Launched')", "FT?T"),
        ("stage IS NULL", "FFTF"),
        ("submitted_date IS NOT NULL", "TFFF"),
        ("masked", "FT?F"),
        ("masked = FALSE", "TF?T"),
        ("mrr_usd > 1000", "FF?T"),
        ("mrr_usd >= 1000.00", "FT?T"),
        ("mrr_usd = 416.66", "TF?F"),
        ("mrr_usd IN (416.66, 1000)", "TT?F"),
        ("mrr_usd BETWEEN 416.66 AND 1000", "TT?F"),
        // unknown and false, unknown or true
        ("segment = 'SMB' AND masked", "F?FF"),
        ("(segment = 'SMB' OR masked)", "TT?F"),
        ("COALESCE(segment = 'SMB', masked)", "TTFF"),
        ("COALESCE(segment, 'none') = 'none'", "FTFF"),
        // % and _ match anything, line ends included; the rest is literal
        ("segment LIKE 'a%b'", "F?TF"),
        ("segment LIKE 'a_b'", "F?TF"),
        ("segment LIKE 'x_y'", "F?FT"),
        ("segment LIKE 'S.B'", "F?FF"),
        ("segment LIKE 'SMB%'", "T?FF"),
        ("has_any(aws_products, ('Connect', 'Other'))", "TF?F"),
        ("list_length(solutions) > 0", "FT?T"),
        ("list_length(solutions) = 2", "FF?T"),
        ("maybe(list_length(solutions) > 0)", "F???"),
        ("TRUE", "TTTT"),
        ("FALSE", "FFFF"),
        ("NOT (segment = 'SMB' AND masked)", "T?TT"),
    ];
    for (predicate, expected) in cases {
        assert_eq!(shown(predicate), expected, "{predicate}");
    }
}
