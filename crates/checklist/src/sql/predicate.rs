//! Predicates as SQL text, written as the checklist writes them: no more brackets than needed, long lists wrapped.
//!
//! Both engines follow SQL's three-valued logic here as polars does: AND, OR, NOT, COALESCE and IN over values without
//! NULL. A list that holds any of some values is unknown where the list is, FALSE where it is empty.

use super::dialect::Dialect;
use super::text::hanging;
use crate::{Comparison, Literal, Operand, Predicate, Term};

/// How tightly the outermost operator of a text binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    Not,
    Tight,
}

/// Words that must not be torn, and how tightly they hold together.
struct Written {
    words: Vec<String>,
    binding: Binding,
}

/// All terms, one a line, joined by AND; `TRUE` without terms.
pub(super) fn all_of(terms: &[&Term], dialect: Dialect) -> String {
    let single = terms.len() == 1;
    let line = |term: &&Term| {
        let written = write(&term.predicate, dialect);
        let least = if single { Binding::Or } else { Binding::Not };
        hanging(&within(written, least), 4)
    };
    match terms {
        [] => "TRUE".to_owned(),
        terms => terms.iter().map(line).collect::<Vec<_>>().join("\n  AND "),
    }
}

fn write(predicate: &Predicate, dialect: Dialect) -> Written {
    match predicate {
        Predicate::And(parts) => joined(parts, "AND", Binding::And, dialect),
        Predicate::Or(parts) => joined(parts, "OR", Binding::Or, dialect),
        Predicate::Not(inner) => not(inner, dialect),
        Predicate::Flag(column) => word(column.name.to_owned()),
        Predicate::Constant(value) => word(if *value { "TRUE" } else { "FALSE" }.to_owned()),
        Predicate::Compare(left, op, right) => compare(left, *op, right, dialect),
        Predicate::In(left, values) => is_in(left, "IN", values, dialect),
        Predicate::IsNull(column) => word(format!("{} IS NULL", column.name)),
        Predicate::Like(column, pattern) => word(format!("{} LIKE {}", column.name, dialect.text(pattern))),
        Predicate::Coalesce(parts) => {
            call("COALESCE", parts.iter().map(|part| within(write(part, dialect), Binding::Or)))
        }
        Predicate::HasAny(column, values) => has_any(column.name, values, dialect),
        // TRUE becomes unknown; FALSE and unknown stay.
        Predicate::Maybe(inner) => {
            let parts = [within(write(inner, dialect), Binding::Or), vec!["TRUE".to_owned()]];
            call("NULLIF", parts.into_iter())
        }
    }
}

fn word(text: String) -> Written {
    Written { words: vec![text], binding: Binding::Tight }
}

/// The words, in brackets where they hold together less tightly than `least`.
fn within(written: Written, least: Binding) -> Vec<String> {
    let Written { mut words, binding } = written;
    if binding < least {
        enclose(&mut words, "(", ")");
    }
    words
}

fn enclose(words: &mut [String], before: &str, after: &str) {
    if let Some(first) = words.first_mut() {
        first.insert_str(0, before);
    }
    if let Some(last) = words.last_mut() {
        last.push_str(after);
    }
}

fn joined(parts: &[Predicate], operator: &str, binding: Binding, dialect: Dialect) -> Written {
    let mut words: Vec<String> = Vec::new();
    for part in parts {
        let part = write(part, dialect);
        // AND binds tighter than OR; a reader should not have to remember it.
        let least = if part.binding == binding { binding } else { Binding::Not };
        let part = within(part, least);
        if !words.is_empty() {
            words.push(operator.to_owned());
        }
        words.extend(part);
    }
    Written { words, binding }
}

fn not(inner: &Predicate, dialect: Dialect) -> Written {
    match inner {
        Predicate::In(left, values) => is_in(left, "NOT IN", values, dialect),
        Predicate::IsNull(column) => word(format!("{} IS NOT NULL", column.name)),
        Predicate::Like(column, pattern) => word(format!("{} NOT LIKE {}", column.name, dialect.text(pattern))),
        other => {
            let mut words = within(write(other, dialect), Binding::Tight);
            enclose(&mut words, "NOT ", "");
            Written { words, binding: Binding::Not }
        }
    }
}

fn compare(left: &Operand, op: Comparison, right: &Literal, dialect: Dialect) -> Written {
    word(format!("{} {} {}", operand(left, dialect), op.sql(), literal(right, dialect)))
}

fn is_in(left: &Operand, operator: &str, values: &[Literal], dialect: Dialect) -> Written {
    let mut words = listed(values.iter().map(|value| literal(value, dialect)));
    enclose(&mut words, "(", ")");
    words[0].insert_str(0, &format!("{} {operator} ", operand(left, dialect)));
    Written { words, binding: Binding::Tight }
}

fn has_any(column: &str, values: &[String], dialect: Dialect) -> Written {
    let (function, open, close) = dialect.has_any();
    let mut words = listed(values.iter().map(|value| dialect.text(value)));
    enclose(&mut words, &format!("{function}({column}, {open}"), &format!("{close})"));
    Written { words, binding: Binding::Tight }
}

fn operand(operand: &Operand, dialect: Dialect) -> String {
    match operand {
        Operand::Column(column) => column.name.to_owned(),
        Operand::ListLength(column) => dialect.list_length(column.name),
        Operand::Coalesce(columns, last) => {
            let names = columns.iter().map(|column| column.name.to_owned());
            let parts: Vec<String> = names.chain(last.iter().map(|value| literal(value, dialect))).collect();
            format!("COALESCE({})", parts.join(", "))
        }
    }
}

fn literal(literal: &Literal, dialect: Dialect) -> String {
    match literal {
        Literal::Text(text) => dialect.text(text),
        Literal::Integer(number) => number.to_string(),
        // Two decimals make it a decimal in both engines, so that no comparison goes through a float.
        Literal::Decimal(cents) => cents.to_string(),
    }
}

fn call(function: &str, arguments: impl Iterator<Item = Vec<String>>) -> Written {
    let mut words: Vec<String> = Vec::new();
    for argument in arguments {
        if let Some(last) = words.last_mut() {
            last.push(',');
        }
        words.extend(argument);
    }
    enclose(&mut words, &format!("{function}("), ")");
    Written { words, binding: Binding::Tight }
}

/// Items with commas behind all but the last.
fn listed(items: impl Iterator<Item = String>) -> Vec<String> {
    let mut words: Vec<String> = items.collect();
    let last = words.len().saturating_sub(1);
    words[..last].iter_mut().for_each(|word| word.push(','));
    words
}

#[cfg(test)]
mod tests;
