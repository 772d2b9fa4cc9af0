//! One object as named cells: `{"a": {"b": [1, "x"]}}` is `a.b[0]` = 1, `a.b[1]` = x.

use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::fmt;

/// A field of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Field<'a> {
    pub name: &'a str,
    /// Its text; blank for `null`, an empty array and an empty object.
    pub cell: &'a str,
    pub kind: Scalar,
}

/// What kind of value a cell holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Scalar {
    /// A number: its decimal mark is a point.
    Number,
    /// Anything else.
    Text,
}

/// Why an object is no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Objects and arrays within each other beyond the limit.
    TooDeep,
    /// The text breaks the rules of JSON.
    Broken,
}

/// Calls `each` with every field of the object, in the order of the text.
pub(super) fn flatten(object: &str, depth: usize, each: &mut dyn FnMut(Field<'_>)) -> Result<(), Fault> {
    let raw: &RawValue = serde_json::from_str(object).map_err(|_| Fault::Broken)?;
    let mut name = String::new();
    members(raw)?.into_iter().try_for_each(|(key, value)| {
        name.clear();
        name.push_str(named(&key));
        descend(&mut name, value, depth.saturating_sub(1), each)
    })
}

/// Calls `each` with the fields of an object that are in no array.
pub(super) fn members(object: &RawValue) -> Result<Vec<(String, &RawValue)>, Fault> {
    serde_json::Deserializer::from_str(object.get()).deserialize_map(Members).map_err(|_| Fault::Broken)
}

/// The items of an array.
fn items(array: &RawValue) -> Result<Vec<&RawValue>, Fault> {
    serde_json::Deserializer::from_str(array.get()).deserialize_seq(Items).map_err(|_| Fault::Broken)
}

/// A field must have a name to be spoken of.
fn named(key: &str) -> &str {
    if key.trim().is_empty() { "(no name)" } else { key }
}

fn descend(name: &mut String, value: &RawValue, depth: usize, each: &mut dyn FnMut(Field<'_>)) -> Result<(), Fault> {
    let start = name.len();
    let first = value.get().as_bytes().first();
    if depth == 0 && matches!(first, Some(b'{' | b'[')) {
        return Err(Fault::TooDeep);
    }
    match first {
        Some(b'{') => {
            let members = members(value)?;
            if members.is_empty() {
                each(Field { name, cell: "", kind: Scalar::Text });
            }
            for (key, value) in members {
                name.push('.');
                name.push_str(&key);
                descend(name, value, depth - 1, each)?;
                name.truncate(start);
            }
        }
        Some(b'[') => {
            let items = items(value)?;
            if items.is_empty() {
                each(Field { name, cell: "", kind: Scalar::Text });
            }
            for (place, value) in items.into_iter().enumerate() {
                name.push_str(&format!("[{place}]"));
                descend(name, value, depth - 1, each)?;
                name.truncate(start);
            }
        }
        _ => {
            let (cell, kind) = scalar(value)?;
            each(Field { name, cell: &cell, kind });
        }
    }
    Ok(())
}

/// The text of a value that is neither object nor array.
pub(super) fn scalar(value: &RawValue) -> Result<(Cow<'_, str>, Scalar), Fault> {
    let text = value.get();
    match text.as_bytes().first() {
        Some(b'"') if text.contains('\\') => {
            let text = serde_json::from_str::<String>(text).map_err(|_| Fault::Broken)?;
            Ok((Cow::Owned(text), Scalar::Text))
        }
        Some(b'"') => Ok((Cow::Borrowed(&text[1..text.len() - 1]), Scalar::Text)),
        Some(b'n') => Ok((Cow::Borrowed(""), Scalar::Text)),
        Some(b't' | b'f') => Ok((Cow::Borrowed(text), Scalar::Text)),
        _ => Ok((without_exponent(text), Scalar::Number)),
    }
}

/// Digits that a number may take when it is written out.
const LONGEST: i64 = 60;

/// A number as people write it: `1.5e3` is `1500`. Exact; numbers beyond 60 digits stay as they are.
pub(crate) fn without_exponent(number: &str) -> Cow<'_, str> {
    let written_out = || {
        let (mantissa, exponent) = number.split_once(['e', 'E'])?;
        let exponent: i64 = exponent.parse().ok().filter(|exponent: &i64| exponent.abs() <= LONGEST)?;
        let (sign, digits) = mantissa.strip_prefix('-').map_or(("", mantissa), |digits| ("-", digits));
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all = format!("{whole}{fraction}");
        let point = i64::try_from(whole.len()).ok()? + exponent;
        if all.len() as i64 > LONGEST {
            return None;
        }
        let length = all.len() as i64;
        let (whole, fraction) = match point {
            _ if point <= 0 => ("0".to_owned(), format!("{}{all}", "0".repeat(point.unsigned_abs() as usize))),
            _ if point >= length => (format!("{all}{}", "0".repeat((point - length) as usize)), String::new()),
            _ => (all[..point as usize].to_owned(), all[point as usize..].to_owned()),
        };
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        let point = if fraction.is_empty() { "" } else { "." };
        Some(format!("{sign}{whole}{point}{fraction}"))
    };
    written_out().map_or(Cow::Borrowed(number), Cow::Owned)
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(members)
    }
}

struct Items;

impl<'de> Visitor<'de> for Items {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(items)
    }
}
