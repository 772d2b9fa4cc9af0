//! The leaves of an expression: what a single constant or placeholder says, brackets aside.

use sqlparser::ast::{Expr, Value};

pub(super) fn unnested(expr: &Expr) -> &Expr {
    match expr {
        Expr::Nested(inner) => unnested(inner),
        other => other,
    }
}

pub(super) fn value(expr: &Expr) -> Option<&Value> {
    match unnested(expr) {
        Expr::Value(value) => Some(&value.value),
        _ => None,
    }
}

pub(super) fn string(expr: &Expr) -> Option<&str> {
    match value(expr)? {
        Value::SingleQuotedString(text) => Some(text),
        _ => None,
    }
}

pub(super) fn number(expr: &Expr) -> Option<&str> {
    match value(expr)? {
        Value::Number(digits, false) => Some(digits),
        _ => None,
    }
}

pub(super) fn placeholder(expr: &Expr) -> Option<&str> {
    match value(expr)? {
        Value::Placeholder(name) => name.strip_prefix(':'),
        _ => None,
    }
}
