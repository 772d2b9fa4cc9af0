//! A predicate over one row: the tree and its value.

mod parser;
mod tokens;

pub use parser::{Sets, parse};

use super::row::{Row, Value};
use super::truth::{Truth, and, any, not, or};
use std::cmp::Ordering;

/// `=`, `<>`, `<`, `<=`, `>` or `>=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `=`
    Equal,
    /// `<>`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// A predicate or a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// The cell of a column.
    Column(String),
    /// A text, number or truth value as written.
    Literal(Value),
    /// `left op right`
    Compare(Box<Expr>, Comparison, Box<Expr>),
    /// `left AND right`
    And(Box<Expr>, Box<Expr>),
    /// `left OR right`
    Or(Box<Expr>, Box<Expr>),
    /// `NOT inner`
    Not(Box<Expr>),
    /// `inner IN (values)`
    In(Box<Expr>, Vec<Value>),
    /// `inner BETWEEN low AND high`
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    /// `inner IS NULL`
    IsNull(Box<Expr>),
    /// `inner LIKE 'pattern'`
    Like(Box<Expr>, String),
    /// `COALESCE(first, second …)`
    Coalesce(Vec<Expr>),
    /// `has_any(list, (values))`
    HasAny(Box<Expr>, Vec<Value>),
    /// `list_length(list)`
    ListLength(Box<Expr>),
    /// `maybe(inner)`
    Maybe(Box<Expr>),
}

impl Expr {
    /// `column = text`.
    pub fn column_is(column: &str, text: &str) -> Self {
        let literal = Self::Literal(Value::Text(text.to_owned()));
        Self::Compare(Box::new(Self::Column(column.to_owned())), Comparison::Equal, Box::new(literal))
    }

    /// Whether the predicate holds for `row`. Panics where the expression is no predicate.
    pub fn truth(&self, row: &Row) -> Truth {
        match self.value(row) {
            Value::Null => None,
            Value::Flag(flag) => Some(flag),
            other => panic!("a predicate is expected, not the value {other:?}"),
        }
    }

    fn value(&self, row: &Row) -> Value {
        match self {
            Self::Column(name) => row.get(name).clone(),
            Self::Literal(value) => value.clone(),
            Self::Compare(left, comparison, right) => {
                as_value(compare(&left.value(row), *comparison, &right.value(row)))
            }
            Self::And(left, right) => as_value(and(left.truth(row), right.truth(row))),
            Self::Or(left, right) => as_value(or(left.truth(row), right.truth(row))),
            Self::Not(inner) => as_value(not(inner.truth(row))),
            Self::In(inner, values) => as_value(is_one_of(&inner.value(row), values)),
            Self::Between(inner, low, high) => as_value(and(
                compare(&low.value(row), Comparison::LessOrEqual, &inner.value(row)),
                compare(&inner.value(row), Comparison::LessOrEqual, &high.value(row)),
            )),
            Self::IsNull(inner) => Value::Flag(inner.value(row) == Value::Null),
            Self::Like(inner, pattern) => as_value(like(&inner.value(row), pattern)),
            Self::Coalesce(parts) => {
                parts.iter().map(|part| part.value(row)).find(|value| *value != Value::Null).unwrap_or(Value::Null)
            }
            Self::HasAny(list, values) => as_value(list_of(&list.value(row)).map(|items| has_any(&items, values))),
            Self::ListLength(list) => {
                list_of(&list.value(row)).map_or(Value::Null, |items| Value::Number(items.len() as i128 * 100))
            }
            Self::Maybe(inner) => as_value(inner.truth(row).filter(|known| !known)),
        }
    }
}

fn as_value(truth: Truth) -> Value {
    truth.map_or(Value::Null, Value::Flag)
}

fn compare(left: &Value, comparison: Comparison, right: &Value) -> Truth {
    let order = order(left, right)?;
    Some(match comparison {
        Comparison::Equal => order == Ordering::Equal,
        Comparison::NotEqual => order != Ordering::Equal,
        Comparison::Less => order == Ordering::Less,
        Comparison::LessOrEqual => order != Ordering::Greater,
        Comparison::Greater => order == Ordering::Greater,
        Comparison::GreaterOrEqual => order != Ordering::Less,
    })
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Null, _) | (_, Value::Null) => None,
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        (Value::Number(left), Value::Number(right)) => Some(left.cmp(right)),
        (Value::Flag(left), Value::Flag(right)) => Some(left.cmp(right)),
        _ => panic!("{left:?} and {right:?} cannot be compared"),
    }
}

fn is_one_of(value: &Value, values: &[Value]) -> Truth {
    any(values.iter().map(|one| compare(value, Comparison::Equal, one)))
}

fn list_of(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Null => None,
        Value::List(items) => Some(items.clone()),
        other => panic!("a list is expected, not {other:?}"),
    }
}

fn has_any(items: &[String], values: &[Value]) -> bool {
    items.iter().any(|item| values.contains(&Value::Text(item.clone())))
}

fn like(value: &Value, pattern: &str) -> Truth {
    match value {
        Value::Null => None,
        Value::Text(text) => Some(matches_pattern(text, pattern)),
        other => panic!("LIKE needs a text, not {other:?}"),
    }
}

/// `%` stands for any text, `_` for one character, everything else for itself.
fn matches_pattern(text: &str, pattern: &str) -> bool {
    let mut rest = pattern.chars();
    match rest.next() {
        None => text.is_empty(),
        Some('%') => {
            let starts = text.char_indices().map(|(start, _)| start).chain([text.len()]);
            starts.into_iter().any(|start| matches_pattern(&text[start..], rest.as_str()))
        }
        Some(wanted) => {
            let mut characters = text.chars();
            let first = characters.next();
            first.is_some_and(|first| wanted == '_' || wanted == first)
                && matches_pattern(characters.as_str(), rest.as_str())
        }
    }
}

#[cfg(test)]
mod tests;
