//! Parquet of every type that tables have, damaged files, and limits.

use super::super::Want;
use super::{decode, open};
use crate::grid::Grid;
use crate::{IngestError, Input, Limits};
use arrow::array::{
    Array, ArrayRef, BinaryArray, BooleanArray, Date32Array, Date64Array, Decimal128Array, DictionaryArray,
    Float64Array, Int64Array, LargeListArray, LargeStringArray, ListArray, RecordBatch, StringArray, StringViewArray,
    StructArray, TimestampMillisecondArray, TimestampNanosecondArray, TimestampSecondArray,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Fields, Int32Type, Schema};
use parquet::arrow::ArrowWriter;
use parquet::file::properties::WriterProperties;
use proptest::prelude::*;
use std::io::Write;
use std::sync::Arc;

fn file_of(columns: Vec<(&str, ArrayRef)>) -> Vec<u8> {
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let batch = RecordBatch::try_new(Arc::new(Schema::new(fields)), arrays).unwrap();
    let mut bytes = Vec::new();
    let properties = WriterProperties::builder()
        .set_max_row_group_row_count(Some(if batch.num_rows() > 100 { 1000 } else { 2 }))
        .build();
    let mut writer = ArrowWriter::try_new(&mut bytes, batch.schema(), Some(properties)).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    bytes
}

fn on_disk(bytes: &[u8]) -> (tempfile::NamedTempFile, Input) {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    let input = Input::file(file.path());
    (file, input)
}

fn head(bytes: &[u8], limits: &Limits) -> Result<Grid, IngestError> {
    let (_file, input) = on_disk(bytes);
    head_of(&input, limits)
}

fn head_of(input: &Input, limits: &Limits) -> Result<Grid, IngestError> {
    let mut grids = Vec::new();
    decode(input, Want::Heads, limits, &mut grids)?;
    Ok(grids.remove(0))
}

/// Each record as `name=cell …`, absent cells left out; told from the stream, with line numbers.
fn told(bytes: &[u8]) -> Result<Vec<String>, IngestError> {
    let (_file, input) = on_disk(bytes);
    let header = head_of(&input, &Limits::default())?.header.unwrap();
    let mut source = open(&input, &Limits::default())?;
    let mut told = Vec::new();
    while let Some(block) = source.next_block()? {
        block.visit(&mut |record| {
            let filled = header.iter().enumerate().filter(|(at, _)| !record.is_absent(*at));
            let cells = filled.map(|(at, name)| format!(" {name}={}", record.decoded(at, &mut String::new())));
            told.push(format!("{}:{}", record.line, cells.collect::<String>()));
        });
    }
    Ok(told)
}

fn lists(items: Vec<Option<&str>>, lengths: [usize; 3], nulls: Vec<bool>) -> ListArray {
    let field = Arc::new(Field::new("element", DataType::Utf8, true));
    ListArray::new(field, OffsetBuffer::from_lengths(lengths), Arc::new(StringArray::from(items)), Some(nulls.into()))
}

#[test]
fn values_of_every_type_are_read() {
    let dictionary: DictionaryArray<Int32Type> = vec![Some("x"), None, Some("y")].into_iter().collect();
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("text", Arc::new(StringArray::from(vec![Some(" a;b "), Some(""), None]))),
        ("large", Arc::new(LargeStringArray::from(vec![Some("l"), None, None]))),
        ("view", Arc::new(StringViewArray::from(vec![Some("v"), None, None]))),
        ("dictionary", Arc::new(dictionary)),
        ("bytes", Arc::new(BinaryArray::from(vec![Some(b"\xC3\xA9".as_slice()), Some(b"\xFF"), None]))),
        ("flag", Arc::new(BooleanArray::from(vec![Some(true), Some(false), None]))),
        ("number", Arc::new(Int64Array::from(vec![Some(i64::MIN), Some(7), None]))),
        ("float", Arc::new(Float64Array::from(vec![Some(416.665), Some(1e21), None]))),
        (
            "decimal",
            Arc::new(
                Decimal128Array::from(vec![Some(1_234_567), Some(5), None]).with_precision_and_scale(18, 3).unwrap(),
            ),
        ),
        ("day", Arc::new(Date32Array::from(vec![Some(20_777), None, None]))),
        ("day64", Arc::new(Date64Array::from(vec![Some(20_777 * 86_400_000), None, None]))),
        ("seconds", Arc::new(TimestampSecondArray::from(vec![Some(1_795_132_800), None, None]))),
        (
            "millis",
            Arc::new(
                TimestampMillisecondArray::from(vec![Some(1_795_132_800_250), None, None])
                    .with_timezone("Europe/Berlin"),
            ),
        ),
        (
            "nanos",
            Arc::new(
                TimestampNanosecondArray::from(vec![Some(1_795_132_800_000_000_001), None, None]).with_timezone("UTC"),
            ),
        ),
    ];
    let expected = [
        "1: text= a;b  large=l view=v dictionary=x bytes=é flag=true number=-9223372036854775808 float=416.665 \
         decimal=1234.567 day=2026-11-20 day64=2026-11-20T00:00:00 seconds=2026-11-20T00:00:00 \
         millis=2026-11-20T01:00:00.250+01:00 nanos=2026-11-20T00:00:00.000000001",
        "2: text= bytes=ff flag=false number=7 float=1000000000000000000000 decimal=0.005",
        "3: dictionary=y",
    ];
    assert_eq!(told(&file_of(columns)).unwrap(), expected);
}

#[test]
fn an_empty_list_is_blank_and_a_missing_one_absent() {
    let plain = lists(vec![Some("a;b"), Some("c")], [2, 0, 0], vec![true, true, false]);
    let nested = StructArray::new(
        Fields::from(vec![
            Field::new("name", DataType::Utf8, true),
            Field::new("tags", plain.data_type().clone(), true),
        ]),
        vec![Arc::new(StringArray::from(vec![Some("n"), None, Some("m")])), Arc::new(plain.clone())],
        Some(vec![true, true, true].into()),
    );
    let field = Arc::new(Field::new("element", nested.data_type().clone(), true));
    let outer = LargeListArray::new(field, OffsetBuffer::from_lengths([1, 2, 0]), Arc::new(nested), None);
    let columns: Vec<(&str, ArrayRef)> = vec![("list", Arc::new(plain)), ("team", Arc::new(outer))];
    let expected = [
        "1: list[0]=a;b list[1]=c team[0].name=n team[0].tags[0]=a;b team[0].tags[1]=c",
        "2: list= team[0].tags= team[1].name=m",
        "3: team=",
    ];
    assert_eq!(told(&file_of(columns)).unwrap(), expected);
}

fn small() -> Vec<u8> {
    let list = lists(vec![Some("a"), Some("b")], [1, 1, 0], vec![true, true, false]);
    let names: ArrayRef = Arc::new(StringArray::from(vec!["O1", "O2", "O3"]));
    let amounts: ArrayRef = Arc::new(Float64Array::from(vec![1.0, 2.0, 3.0]));
    file_of(vec![("opportunity_id", names), ("mrr_usd", amounts), ("aws_products", Arc::new(list))])
}

#[test]
fn limits_are_told() {
    let cases = [
        (Limits { columns: 2, ..Limits::default() }, "columns"),
        (Limits { columns: 3, ..Limits::default() }, "columns and items of lists"),
        (Limits { depth: 1, ..Limits::default() }, "columns within each other"),
        (Limits { document_bytes: 10, ..Limits::default() }, "a column of a row group"),
        (Limits { unpacked_bytes: 2, ..Limits::default() }, "rows"),
    ];
    for (limits, what) in cases {
        let error = head(&small(), &limits).map(|_| ()).unwrap_err();
        assert!(matches!(error, IngestError::TooLarge { .. }) && error.to_string().contains(what), "{what}: {error}");
    }
    let (_file, input) = on_disk(&small());
    let opened = open(&input, &Limits { unpacked_bytes: 6, ..Limits::default() });
    assert!(matches!(opened, Err(IngestError::TooLarge { .. })), "the footer says it");
}

#[test]
fn one_long_text_in_every_row_is_told_once_it_is_too_much() {
    let texts: ArrayRef = Arc::new(StringArray::from(vec!["x".repeat(1000); 500]));
    let (_file, input) = on_disk(&file_of(vec![("opportunity_id", texts)]));
    let limits = Limits { unpacked_bytes: 300_000, ..Limits::default() };
    let mut source = open(&input, &limits).unwrap();
    let error = loop {
        match source.next_block() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("500,000 bytes came out"),
            Err(error) => break error,
        }
    };
    assert!(error.to_string().contains("the table unpacks to bytes beyond the limit of 300000"), "{error}");
}

#[test]
fn a_file_that_is_cut_or_encrypted_is_damaged() {
    let whole = small();
    for bytes in [&whole[..whole.len() / 2], &whole[..4], b"PAR1 and nothing else PAR1", b"PARE0000\x04\0\0\0PARE"] {
        let error = head(bytes, &Limits::default()).map(|_| ()).unwrap_err();
        assert!(matches!(error, IngestError::Damaged { .. }), "{error}");
    }
}

/// A footer with `levels` groups within each other, written by hand.
fn deep(levels: usize) -> Vec<u8> {
    let element = |children: u8| [0x35, 2, 0x18, 1, b'a', 0x15, children * 2, 0];
    let mut count = levels + 1;
    let mut footer = vec![0x15, 2, 0x19, 0xFC];
    while count >= 0x80 {
        footer.push((count & 0x7F) as u8 | 0x80);
        count >>= 7;
    }
    footer.push(count as u8);
    (0..levels).for_each(|_| footer.extend(element(1)));
    footer.extend([0x15, 2, 0x25, 2, 0x18, 1, b'a', 0, 0x16, 0, 0x19, 0x0C, 0]);
    let length = u32::try_from(footer.len()).unwrap().to_le_bytes();
    [b"PAR1".as_slice(), &footer, &length, b"PAR1"].concat()
}

#[test]
fn columns_far_within_each_other_are_refused_before_the_reader_sees_them() {
    assert_eq!(super::depth::schema_depth(&deep(3)[4..]), Some(3));
    let written = small();
    let length = u32::from_le_bytes(written[written.len() - 8..written.len() - 4].try_into().unwrap()) as usize;
    let footer = &written[written.len() - 8 - length..];
    assert_eq!(super::depth::schema_depth(footer), Some(3), "a list is two groups around its items");
    let error = head(&deep(1_000_000), &Limits::default()).map(|_| ()).unwrap_err();
    assert!(matches!(error, IngestError::TooLarge { .. }), "{error}");
    assert!(head(&deep(60), &Limits::default()).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5000))]

    #[test]
    fn no_change_of_bytes_panics(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4)) {
        let mut bytes = small();
        for (place, byte) in changes {
            let place = place.index(bytes.len());
            bytes[place] = byte;
        }
        if let Err(error) = told(&bytes) {
            prop_assert!(!error.to_string().is_empty());
        }
    }
}
