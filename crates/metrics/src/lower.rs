//! Predicates as polars expressions.
//!
//! The tree is already checked, so nothing here can fail on a rule. Literals arrive in the column's own type: decimals
//! as whole cents (see `handover`), so no cast and no float is involved. polars follows SQL's three-valued logic for
//! AND, OR, NOT, COALESCE and IN over sets without NULL; the tests below hold it to that.

use aceq_checklist::{Comparison, Literal, Operand, Predicate};
use polars::prelude::{
    BooleanChunked, Column, DataType, Expr, Field, IntoColumn, IntoSeries, NULL, NamedFrom, PolarsResult, Series,
    coalesce, col, lit,
};
use std::collections::HashSet;

/// The expression that gives TRUE, FALSE or NULL for each row.
pub(crate) fn lower(predicate: &Predicate) -> Expr {
    match predicate {
        Predicate::And(parts) => fold(parts, Expr::and),
        Predicate::Or(parts) => fold(parts, Expr::or),
        Predicate::Not(inner) => lower(inner).not(),
        Predicate::Flag(column) => col(column.name),
        Predicate::Constant(value) => lit(*value),
        Predicate::Compare(operand, comparison, literal) => compare(lower_operand(operand), *comparison, literal),
        Predicate::In(operand, literals) => lower_operand(operand).is_in(set(literals), false),
        Predicate::IsNull(column) => col(column.name).is_null(),
        Predicate::Like(column, pattern) => col(column.name).str().contains(lit(like_regex(pattern)), true),
        Predicate::Coalesce(parts) => coalesce(&parts.iter().map(lower).collect::<Vec<_>>()),
        Predicate::HasAny(column, values) => has_any(col(column.name), values),
        Predicate::Maybe(inner) => lower(inner).and(lit(NULL).cast(DataType::Boolean)),
    }
}

fn fold(parts: &[Predicate], join: fn(Expr, Expr) -> Expr) -> Expr {
    parts.iter().map(lower).reduce(join).expect("AND and OR have at least two parts")
}

fn lower_operand(operand: &Operand) -> Expr {
    match operand {
        Operand::Column(column) => col(column.name),
        Operand::ListLength(column) => col(column.name).list().len().cast(DataType::Int64),
        Operand::Coalesce(columns, literal) => {
            let columns = columns.iter().map(|column| col(column.name));
            coalesce(&columns.chain(literal.iter().map(lower_literal)).collect::<Vec<_>>())
        }
    }
}

fn compare(left: Expr, comparison: Comparison, literal: &Literal) -> Expr {
    let right = lower_literal(literal);
    match comparison {
        Comparison::Equal => left.eq(right),
        Comparison::NotEqual => left.neq(right),
        Comparison::Less => left.lt(right),
        Comparison::LessOrEqual => left.lt_eq(right),
        Comparison::Greater => left.gt(right),
        Comparison::GreaterOrEqual => left.gt_eq(right),
    }
}

fn lower_literal(literal: &Literal) -> Expr {
    match literal {
        Literal::Text(text) => lit(text.clone()),
        Literal::Integer(number) => lit(*number),
        Literal::Decimal(cents) => lit(cents.0),
    }
}

fn set(literals: &[Literal]) -> Expr {
    let number = |literal: &Literal| match literal {
        Literal::Integer(number) => Some(*number),
        Literal::Decimal(cents) => Some(cents.0),
        Literal::Text(_) => None,
    };
    let numbers: Option<Vec<i64>> = literals.iter().map(number).collect();
    let values = match numbers {
        Some(numbers) => Series::new("".into(), numbers),
        None => Series::new("".into(), literals.iter().filter_map(text).collect::<Vec<&str>>()),
    };
    lit(values).implode(false)
}

fn text(literal: &Literal) -> Option<&str> {
    match literal {
        Literal::Text(text) => Some(text),
        Literal::Integer(_) | Literal::Decimal(_) => None,
    }
}

/// LIKE as an anchored regular expression in which `%` and `_` also match line ends.
fn like_regex(pattern: &str) -> String {
    let mut regex = String::from("(?s)^");
    for character in pattern.chars() {
        match character {
            '%' => regex.push_str(".*"),
            '_' => regex.push('.'),
            other if other.is_alphanumeric() || other == ' ' => regex.push(other),
            other => {
                regex.extend(['\\', 'x', '{'].into_iter().chain(format!("{:x}", other as u32).chars()).chain(['}']))
            }
        }
    }
    regex.push('$');
    regex
}

/// Whether a list shares an item with `values`: one pass over the items with a hash set, however many values.
fn has_any(list: Expr, values: &[String]) -> Expr {
    let values: HashSet<String> = values.iter().cloned().collect();
    let judge = move |column: Column| -> PolarsResult<Column> {
        let truths: BooleanChunked = column
            .list()?
            .amortized_iter()
            .map(|list| list.map(|list| holds_any(list.as_ref(), &values)).transpose())
            .collect::<PolarsResult<_>>()?;
        Ok(truths.into_series().with_name(column.name().clone()).into_column())
    };
    list.map(judge, |_, field| Ok(Field::new(field.name().clone(), DataType::Boolean)))
}

fn holds_any(list: &Series, values: &HashSet<String>) -> PolarsResult<bool> {
    Ok(list.str()?.iter().flatten().any(|item| values.contains(item)))
}
