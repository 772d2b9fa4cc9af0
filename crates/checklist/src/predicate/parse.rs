//! From predicate text to a checked tree. sqlparser reads; an allow-list of its nodes is accepted.
//!
//! `parse_expr` alone would ignore what follows a complete expression, so the end of input is demanded here.

mod leaves;
mod places;

use super::{Comparison, Literal, Operand, Predicate, Term};
use crate::diagnostic::suggest;
use aceq_model::{Cents, Column, ColumnType, Picklists, Table};
use leaves::{number, placeholder, string, unnested, value};
use sqlparser::ast::{
    BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Ident, UnaryOperator, Value,
};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Location, Token};
use std::collections::BTreeMap;
use std::ops::Range;

/// Longest predicate, in bytes: thirty times the longest so far. A chain of ANDs or ORs is a tree as deep as it is long.
const LONGEST: usize = 8192;

/// What a predicate may speak of.
pub(crate) struct Scope<'a> {
    /// The table whose rows it judges.
    pub table: &'static Table,
    /// Named value lists.
    pub sets: &'a BTreeMap<String, Vec<String>>,
    /// Canonical values; a literal outside a column's picklist can never match.
    pub picklists: &'a Picklists,
}

/// A mistake inside a predicate: byte range within its text, what is wrong, what to do.
#[derive(Debug)]
pub(crate) struct Mistake {
    pub span: Range<usize>,
    pub message: String,
    pub help: String,
}

type Checked<T> = Result<T, Mistake>;

/// Parses and checks `text`; returns its top-level AND terms.
pub(crate) fn parse(text: &str, scope: &Scope<'_>) -> Checked<Vec<Term>> {
    let lowering = Lowering { text, scope };
    let expr = lowering.read()?;
    let mut conjuncts = Vec::new();
    flatten_and(&expr, &mut conjuncts);
    conjuncts
        .into_iter()
        .map(|conjunct| {
            let predicate = lowering.predicate(conjunct)?;
            Ok(Term { predicate, text: one_line(&text[lowering.span(conjunct)]) })
        })
        .collect()
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn flatten_and<'e>(expr: &'e Expr, into: &mut Vec<&'e Expr>) {
    match expr {
        Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
            flatten_and(left, into);
            flatten_and(right, into);
        }
        other => into.push(other),
    }
}

struct Lowering<'a> {
    text: &'a str,
    scope: &'a Scope<'a>,
}

impl Lowering<'_> {
    fn read(&self) -> Checked<Expr> {
        let syntax = |error: sqlparser::parser::ParserError| self.syntax_mistake(&error.to_string());
        if self.text.len() > LONGEST {
            let message = format!("a predicate of {} bytes, where {LONGEST} is the limit", self.text.len());
            return Err(mistake(0..1, &message, "name long lists of values in [sets], and say IN (:name)"));
        }
        if let Some(at) = self.text.find("--").or_else(|| self.text.find("/*")) {
            return Err(mistake(at..at + 2, "comments are not part of predicates", "use a TOML comment"));
        }
        let mut parser =
            Parser::new(&GenericDialect {}).with_recursion_limit(64).try_with_sql(self.text).map_err(syntax)?;
        let expr = parser.parse_expr().map_err(syntax)?;
        let next = parser.peek_token();
        if next.token == Token::EOF {
            return Ok(expr);
        }
        let start = self.offset(next.span.start);
        let word = next.token.to_string();
        let help = match suggest(&word, ["AND", "OR", "NOT", "IN", "BETWEEN", "LIKE", "IS"]) {
            hint if hint.starts_with("did you mean") => hint,
            _ => "the predicate is complete before this word: join conditions with AND or OR".to_owned(),
        };
        Err(mistake(start..start + word.len(), &format!("unexpected `{word}`"), &help))
    }

    fn syntax_mistake(&self, message: &str) -> Mistake {
        let place = message.rsplit_once(" at Line: ");
        let start = place
            .and_then(|(_, numbers)| numbers.split_once(", Column: "))
            .and_then(|(line, column)| Some(Location { line: line.parse().ok()?, column: column.parse().ok()? }))
            .map_or(0, |location| self.offset(location));
        let words = place.map_or(message, |(words, _)| words);
        let words = words.trim_start_matches("sql parser error: ");
        mistake(start..start + 1, words, "see the predicate language in the checklist reference")
    }

    fn predicate(&self, expr: &Expr) -> Checked<Predicate> {
        match expr {
            Expr::Nested(inner) => self.predicate(inner),
            Expr::BinaryOp { left, op: BinaryOperator::And, right } => {
                Ok(Predicate::And(vec![self.predicate(left)?, self.predicate(right)?]))
            }
            Expr::BinaryOp { left, op: BinaryOperator::Or, right } => {
                Ok(Predicate::Or(vec![self.predicate(left)?, self.predicate(right)?]))
            }
            Expr::BinaryOp { left, op, right } => self.comparison(expr, left, op, right),
            Expr::UnaryOp { op: UnaryOperator::Not, expr } => Ok(Predicate::Not(Box::new(self.predicate(expr)?))),
            Expr::Identifier(ident) => self.flag(ident),
            Expr::Value(value) => match &value.value {
                Value::Boolean(constant) => Ok(Predicate::Constant(*constant)),
                _ => Err(self.refuse(expr, "a value alone is no condition", "compare a column with it")),
            },
            Expr::IsNull(inner) => Ok(Predicate::IsNull(self.column_of(inner)?)),
            Expr::IsNotNull(inner) => Ok(Predicate::Not(Box::new(Predicate::IsNull(self.column_of(inner)?)))),
            Expr::InList { expr: left, list, negated } => self.in_list(expr, left, list).map(|p| negate(p, *negated)),
            Expr::Between { expr: left, negated, low, high } => {
                let at_least = self.compare(expr, left, Comparison::GreaterOrEqual, low)?;
                let at_most = self.compare(expr, left, Comparison::LessOrEqual, high)?;
                Ok(negate(Predicate::And(vec![at_least, at_most]), *negated))
            }
            Expr::Like { negated, any: false, expr: left, pattern, escape_char: None } => {
                self.like(left, pattern).map(|p| negate(p, *negated))
            }
            Expr::Function(function) => self.function(expr, function),
            other => Err(self.not_in_language(other)),
        }
    }

    fn comparison(&self, whole: &Expr, left: &Expr, op: &BinaryOperator, right: &Expr) -> Checked<Predicate> {
        let comparison = match op {
            BinaryOperator::Eq if self.text[self.span(whole)].contains("==") => {
                return Err(self.refuse(whole, "`==` is not SQL", "write `=`"));
            }
            BinaryOperator::Eq => Comparison::Equal,
            BinaryOperator::NotEq => Comparison::NotEqual,
            BinaryOperator::Lt => Comparison::Less,
            BinaryOperator::LtEq => Comparison::LessOrEqual,
            BinaryOperator::Gt => Comparison::Greater,
            BinaryOperator::GtEq => Comparison::GreaterOrEqual,
            _ => return Err(self.not_in_language(whole)),
        };
        self.compare(whole, left, comparison, right)
    }

    fn compare(&self, whole: &Expr, left: &Expr, op: Comparison, right: &Expr) -> Checked<Predicate> {
        let operand = self.operand(left)?;
        if let (Operand::Column(column), Some(Value::Boolean(wanted)), Comparison::Equal) = (&operand, value(right), op)
            && column.ty == ColumnType::Flag
        {
            return Ok(negate(Predicate::Flag(column), !wanted));
        }
        let literal = self.literal(right, &operand)?;
        let ordered = !matches!(op, Comparison::Equal | Comparison::NotEqual);
        if ordered && matches!(literal, Literal::Text(_)) {
            return Err(self.refuse(whole, "texts have no order here", "compare texts with =, <>, IN or LIKE"));
        }
        Ok(Predicate::Compare(operand, op, literal))
    }

    fn in_list(&self, whole: &Expr, left: &Expr, list: &[Expr]) -> Checked<Predicate> {
        let operand = self.operand(left)?;
        let literals = match list {
            [only] if placeholder(only).is_some() => {
                let values = self.set(only)?;
                let column = operand_column(&operand);
                values.iter().map(|value| self.text_literal(only, column, value)).collect::<Checked<Vec<_>>>()?
            }
            items => items.iter().map(|item| self.literal(item, &operand)).collect::<Checked<Vec<_>>>()?,
        };
        if literals.is_empty() {
            return Err(self.refuse(whole, "IN over an empty set is never true", "name at least one value"));
        }
        Ok(Predicate::In(operand, literals))
    }

    fn like(&self, left: &Expr, pattern: &Expr) -> Checked<Predicate> {
        let column = self.column_of(left)?;
        self.expect_type(left, column, ColumnType::Text)?;
        let Some(text) = string(pattern) else {
            return Err(self.refuse(pattern, "LIKE needs a pattern in quotes", "for example LIKE 'Big Data%'"));
        };
        if text.contains('\\') {
            return Err(self.refuse(pattern, "a backslash in LIKE differs between engines", "use % and _ only"));
        }
        Ok(Predicate::Like(column, text.to_owned()))
    }

    fn function(&self, whole: &Expr, function: &Function) -> Checked<Predicate> {
        let arguments = self.arguments(whole, function)?;
        match (function.name.to_string().to_lowercase().as_str(), arguments.as_slice()) {
            ("coalesce", [_, _, ..]) => {
                let parts = arguments.iter().map(|part| self.predicate(part)).collect::<Checked<Vec<_>>>()?;
                Ok(Predicate::Coalesce(parts))
            }
            ("maybe", [inner]) => Ok(Predicate::Maybe(Box::new(self.predicate(inner)?))),
            ("has_any", [list, values]) => self.has_any(list, values),
            ("coalesce" | "maybe" | "has_any", _) => {
                let help = "COALESCE(a, b, …), maybe(condition), has_any(list, :set)";
                Err(self.refuse(whole, "wrong number of arguments", help))
            }
            ("list_length", _) => Err(self.refuse(whole, "list_length is a number", "compare it: list_length(x) > 0")),
            (name, _) => {
                let help = suggest(name, ["COALESCE", "has_any", "list_length", "maybe"]);
                Err(self.refuse(whole, &format!("there is no function `{name}`"), &help))
            }
        }
    }

    fn has_any(&self, list: &Expr, values: &Expr) -> Checked<Predicate> {
        let column = self.column_of(list)?;
        self.expect_type(list, column, ColumnType::TextList)?;
        let texts = match unnested(values) {
            Expr::Tuple(items) => items.iter().map(|item| self.text_of(item)).collect::<Checked<Vec<_>>>()?,
            single if placeholder(single).is_some() => self.set(single)?.to_vec(),
            single => vec![self.text_of(single)?],
        };
        if texts.is_empty() {
            return Err(self.refuse(values, "has_any over an empty set is never true", "name at least one value"));
        }
        for text in &texts {
            self.check_picklist(values, column, text)?;
        }
        Ok(Predicate::HasAny(column, texts))
    }

    fn operand(&self, expr: &Expr) -> Checked<Operand> {
        match unnested(expr) {
            Expr::Identifier(ident) => self.column(ident).map(Operand::Column),
            Expr::Function(function) => self.operand_function(expr, function),
            other => Err(self.refuse(other, "a comparison starts with a column", "write column op value")),
        }
    }

    fn operand_function(&self, whole: &Expr, function: &Function) -> Checked<Operand> {
        let arguments = self.arguments(whole, function)?;
        match (function.name.to_string().to_lowercase().as_str(), arguments.as_slice()) {
            ("list_length", [list]) => {
                let column = self.column_of(list)?;
                self.expect_type(list, column, ColumnType::TextList)?;
                Ok(Operand::ListLength(column))
            }
            ("coalesce", [first, rest @ ..]) if !rest.is_empty() => self.operand_coalesce(first, rest),
            _ => Err(self.not_in_language(whole)),
        }
    }

    fn operand_coalesce(&self, first: &Expr, rest: &[&Expr]) -> Checked<Operand> {
        let mut columns = vec![self.column_of(first)?];
        let mut literal = None;
        for (index, part) in rest.iter().enumerate() {
            match unnested(part) {
                Expr::Identifier(ident) => {
                    let column = self.column(ident)?;
                    self.expect_type(part, column, columns[0].ty)?;
                    columns.push(column);
                }
                value if index + 1 == rest.len() => literal = Some(self.literal(value, &Operand::Column(columns[0]))?),
                other => return Err(self.not_in_language(other)),
            }
        }
        Ok(Operand::Coalesce(columns, literal))
    }

    fn literal(&self, expr: &Expr, operand: &Operand) -> Checked<Literal> {
        let ty = operand_type(operand);
        let mismatch = |help: &str| self.refuse(expr, &format!("`{operand}` is of type {}", ty.name()), help);
        match ty {
            ColumnType::Text => {
                let text = string(expr).ok_or_else(|| mismatch("compare it with a text in single quotes"))?;
                self.text_literal(expr, operand_column(operand), text)
            }
            ColumnType::Integer | ColumnType::Long => {
                let digits = number(expr).ok_or_else(|| mismatch("compare it with a whole number"))?;
                let whole = digits.parse().map_err(|_| mismatch("compare it with a whole number"))?;
                Ok(Literal::Integer(whole))
            }
            ColumnType::Decimal => {
                let help = "compare it with a number of at most two decimals";
                let digits = number(expr).ok_or_else(|| mismatch(help))?;
                digits.parse::<Cents>().map(Literal::Decimal).map_err(|_| mismatch(help))
            }
            ColumnType::Flag => Err(mismatch("write the column alone, or NOT column")),
            ColumnType::TextList => Err(mismatch("use has_any(column, :set) or list_length(column)")),
            ColumnType::Date | ColumnType::Timestamp => Err(mismatch("dates are judged by the window of the rule")),
        }
    }

    fn text_literal(&self, at: &Expr, column: Option<&'static Column>, text: &str) -> Checked<Literal> {
        if let Some(column) = column {
            self.check_picklist(at, column, text)?;
        }
        Ok(Literal::Text(text.to_owned()))
    }

    fn check_picklist(&self, at: &Expr, column: &Column, text: &str) -> Checked<()> {
        let Some(picklist) = self.scope.picklists.get(column.picklist) else { return Ok(()) };
        if text.is_empty() || picklist.values.contains(text) {
            return Ok(());
        }
        let help = suggest(text, picklist.values.iter().map(String::as_str));
        let message = format!("`{text}` is no value of `{}`, so this could never be true", column.name);
        Err(self.refuse(at, &message, &help))
    }

    fn flag(&self, ident: &Ident) -> Checked<Predicate> {
        let column = self.column(ident)?;
        let expr = Expr::Identifier(ident.clone());
        self.expect_type(&expr, column, ColumnType::Flag)?;
        Ok(Predicate::Flag(column))
    }

    fn column_of(&self, expr: &Expr) -> Checked<&'static Column> {
        match unnested(expr) {
            Expr::Identifier(ident) => self.column(ident),
            other => Err(self.refuse(other, "expected a column", "write the name of a column of the table")),
        }
    }

    fn column(&self, ident: &Ident) -> Checked<&'static Column> {
        let expr = Expr::Identifier(ident.clone());
        if ident.quote_style.is_some() {
            return Err(self.refuse(&expr, "quoted names are not used here", "texts stand in single quotes"));
        }
        let table = self.scope.table;
        table.column(&ident.value).ok_or_else(|| {
            let help = suggest(&ident.value, table.columns.iter().map(|column| column.name));
            self.refuse(&expr, &format!("table `{}` has no column `{}`", table.name, ident.value), &help)
        })
    }

    fn expect_type(&self, at: &Expr, column: &Column, ty: ColumnType) -> Checked<()> {
        if column.ty == ty {
            return Ok(());
        }
        let message = format!("`{}` is of type {}, not {}", column.name, column.ty.name(), ty.name());
        Err(self.refuse(at, &message, "compare it with a value"))
    }

    fn set(&self, expr: &Expr) -> Checked<&[String]> {
        let name = placeholder(expr).unwrap_or_default();
        self.scope.sets.get(name).map(Vec::as_slice).ok_or_else(|| {
            let help = suggest(name, self.scope.sets.keys().map(String::as_str));
            self.refuse(expr, &format!("there is no set `:{name}`"), &help)
        })
    }

    fn text_of(&self, expr: &Expr) -> Checked<String> {
        string(expr).map(str::to_owned).ok_or_else(|| self.refuse(expr, "expected a text in single quotes", ""))
    }

    fn arguments<'f>(&self, whole: &Expr, function: &'f Function) -> Checked<Vec<&'f Expr>> {
        let plain = function.over.is_none() && function.filter.is_none() && function.within_group.is_empty();
        let FunctionArguments::List(list) = &function.args else { return Err(self.not_in_language(whole)) };
        if !plain || list.duplicate_treatment.is_some() || !list.clauses.is_empty() {
            return Err(self.not_in_language(whole));
        }
        let argument = |argument: &'f FunctionArg| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Ok(expr),
            _ => Err(self.not_in_language(whole)),
        };
        list.args.iter().map(argument).collect()
    }

    fn not_in_language(&self, expr: &Expr) -> Mistake {
        let shown = one_line(&self.text[self.span(expr)]);
        let message = format!("`{shown}` is not part of the predicate language");
        let help =
            "allowed: comparisons, AND, OR, NOT, IN, BETWEEN, IS NULL, LIKE, COALESCE, has_any, list_length, maybe";
        self.refuse(expr, &message, help)
    }

    fn refuse(&self, at: &Expr, message: &str, help: &str) -> Mistake {
        mistake(self.span(at), message, help)
    }
}

fn negate(predicate: Predicate, negated: bool) -> Predicate {
    if negated { Predicate::Not(Box::new(predicate)) } else { predicate }
}

fn operand_type(operand: &Operand) -> ColumnType {
    match operand {
        Operand::Column(column) => column.ty,
        Operand::ListLength(_) => ColumnType::Integer,
        Operand::Coalesce(columns, _) => columns[0].ty,
    }
}

fn operand_column(operand: &Operand) -> Option<&'static Column> {
    match operand {
        Operand::Column(column) => Some(column),
        Operand::ListLength(_) => None,
        Operand::Coalesce(columns, _) => columns.first().copied(),
    }
}

fn mistake(span: Range<usize>, message: &str, help: &str) -> Mistake {
    Mistake { span, message: message.to_owned(), help: help.to_owned() }
}

#[cfg(test)]
mod tests;
