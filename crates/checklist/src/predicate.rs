//! Predicates: a small written subset of SQL, as a checked tree.
//!
//! Left out on purpose: NULL or empty sets in IN, escapes in LIKE, floats, casts, arithmetic. Each of them means
//! something else on some engine.

mod parse;

use aceq_model::{Cents, Column};
use std::fmt;

pub(crate) use parse::{Scope, parse};

/// A checked predicate over the rows of one table. Three-valued: NULL is "unknown", as in SQL.
#[derive(Clone, Debug)]
pub enum Predicate {
    /// All hold.
    And(Vec<Predicate>),
    /// At least one holds.
    Or(Vec<Predicate>),
    /// It does not hold.
    Not(Box<Predicate>),
    /// A flag column, bare.
    Flag(&'static Column),
    /// TRUE or FALSE.
    Constant(bool),
    /// `operand op literal`
    Compare(Operand, Comparison, Literal),
    /// `operand IN (literals)`; the literals are not empty and hold no NULL.
    In(Operand, Vec<Literal>),
    /// `column IS NULL`; never unknown.
    IsNull(&'static Column),
    /// `column LIKE pattern`, with `%` and `_` only.
    Like(&'static Column, String),
    /// The first that is not unknown.
    Coalesce(Vec<Predicate>),
    /// `has_any(list column, values)`: unknown list → unknown, empty list → FALSE.
    HasAny(&'static Column, Vec<String>),
    /// TRUE becomes unknown: "this may be it, the data cannot tell".
    Maybe(Box<Predicate>),
}

/// The left side of a comparison.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A column's value.
    Column(&'static Column),
    /// The number of items of a list column.
    ListLength(&'static Column),
    /// The first column that is not null, else the literal where there is one. All of one type.
    Coalesce(Vec<&'static Column>, Option<Literal>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// A constant, already of the column's type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Literal {
    /// Text.
    Text(String),
    /// Whole number.
    Integer(i64),
    /// Decimal with two digits.
    Decimal(Cents),
}

/// One top-level condition of a rule: what near misses and explanations speak of.
#[derive(Clone, Debug)]
pub struct Term {
    /// The condition.
    pub predicate: Predicate,
    /// As written, in one line, with sets by name.
    pub text: String,
}

impl Predicate {
    /// Every column the predicate reads, each once, in order of first use.
    pub fn columns(&self) -> Vec<&'static Column> {
        let mut columns = Vec::new();
        self.visit_columns(&mut |column| {
            if !columns.iter().any(|known: &&Column| known.name == column.name) {
                columns.push(column);
            }
        });
        columns
    }

    fn visit_columns(&self, visit: &mut impl FnMut(&'static Column)) {
        match self {
            Self::And(parts) | Self::Or(parts) | Self::Coalesce(parts) => {
                for part in parts {
                    part.visit_columns(visit);
                }
            }
            Self::Not(inner) | Self::Maybe(inner) => inner.visit_columns(visit),
            Self::Flag(column) | Self::IsNull(column) | Self::Like(column, _) | Self::HasAny(column, _) => {
                visit(column)
            }
            Self::Compare(operand, ..) | Self::In(operand, _) => operand.visit_columns(visit),
            Self::Constant(_) => {}
        }
    }
}

impl Operand {
    fn visit_columns(&self, visit: &mut impl FnMut(&'static Column)) {
        match self {
            Self::Column(column) | Self::ListLength(column) => visit(column),
            Self::Coalesce(columns, _) => columns.iter().for_each(|column| visit(column)),
        }
    }
}

impl Comparison {
    /// The operator as written.
    pub fn sql(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Self::Integer(number) => number.fmt(f),
            Self::Decimal(cents) => cents.fmt(f),
        }
    }
}

impl fmt::Display for Operand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Column(column) => f.write_str(column.name),
            Self::ListLength(column) => write!(f, "list_length({})", column.name),
            Self::Coalesce(columns, literal) => {
                let names = columns.iter().map(|column| column.name.to_owned());
                let parts: Vec<String> = names.chain(literal.iter().map(ToString::to_string)).collect();
                write!(f, "COALESCE({})", parts.join(", "))
            }
        }
    }
}

/// Fully parenthesised SQL: equal text means equal meaning, which is how the engine finds shared conditions.
impl fmt::Display for Predicate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn join<T: fmt::Display>(parts: &[T], separator: &str) -> String {
            parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(separator)
        }
        fn texts(values: &[String]) -> String {
            let literals: Vec<Literal> = values.iter().cloned().map(Literal::Text).collect();
            join(&literals, ", ")
        }
        match self {
            Self::And(parts) => write!(f, "({})", join(parts, " AND ")),
            Self::Or(parts) => write!(f, "({})", join(parts, " OR ")),
            Self::Not(inner) => write!(f, "(NOT {inner})"),
            Self::Flag(column) => f.write_str(column.name),
            Self::Constant(value) => f.write_str(if *value { "TRUE" } else { "FALSE" }),
            Self::Compare(left, op, right) => write!(f, "({left} {} {right})", op.sql()),
            Self::In(left, values) => write!(f, "({left} IN ({}))", join(values, ", ")),
            Self::IsNull(column) => write!(f, "({} IS NULL)", column.name),
            Self::Like(column, pattern) => write!(f, "({} LIKE {})", column.name, Literal::Text(pattern.clone())),
            Self::Coalesce(parts) => write!(f, "COALESCE({})", join(parts, ", ")),
            Self::HasAny(column, values) => write!(f, "has_any({}, ({}))", column.name, texts(values)),
            Self::Maybe(inner) => write!(f, "maybe({inner})"),
        }
    }
}
