//! From text to tree, by recursive descent.
//!
//! ```text
//!  disjunction  conjunction (OR conjunction)*
//!  conjunction  negation (AND negation)*
//!  negation     NOT negation | test
//!  test         operand (comparison operand | IS [NOT] NULL | [NOT] IN list | [NOT] BETWEEN operand AND operand
//!                        | [NOT] LIKE text)?
//!  operand      ( disjunction ) | function | column | literal
//! ```

use super::tokens::{Token, tokens};
use super::{Comparison, Expr};
use crate::naive::row::Value;
use std::collections::BTreeMap;

/// The named value lists of a checklist.
pub type Sets = BTreeMap<String, Vec<String>>;

/// The tree of `text`. Panics, naming the text, where it is no predicate.
pub fn parse(text: &str, sets: &Sets) -> Expr {
    let mut parser = Parser { text, tokens: tokens(text), next: 0, sets };
    let tree = parser.disjunction();
    if parser.next < parser.tokens.len() {
        parser.fail("the end");
    }
    tree
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    next: usize,
    sets: &'a Sets,
}

impl Parser<'_> {
    fn fail(&self, expected: &str) -> ! {
        panic!("{expected} expected, {:?} found in: {}", self.tokens.get(self.next), self.text)
    }

    fn take(&mut self) -> Option<Token> {
        self.next += 1;
        self.tokens.get(self.next - 1).cloned()
    }

    fn take_word(&mut self, keyword: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some(Token::Word(word)) if word.eq_ignore_ascii_case(keyword));
        self.next += usize::from(found);
        found
    }

    fn take_sign(&mut self, sign: &str) -> bool {
        let found = matches!(self.tokens.get(self.next), Some(Token::Sign(other)) if *other == sign);
        self.next += usize::from(found);
        found
    }

    fn expect_word(&mut self, keyword: &str) {
        if !self.take_word(keyword) {
            self.fail(keyword);
        }
    }

    fn expect_sign(&mut self, sign: &str) {
        if !self.take_sign(sign) {
            self.fail(sign);
        }
    }

    fn disjunction(&mut self) -> Expr {
        let mut tree = self.conjunction();
        while self.take_word("OR") {
            tree = Expr::Or(Box::new(tree), Box::new(self.conjunction()));
        }
        tree
    }

    fn conjunction(&mut self) -> Expr {
        let mut tree = self.negation();
        while self.take_word("AND") {
            tree = Expr::And(Box::new(tree), Box::new(self.negation()));
        }
        tree
    }

    fn negation(&mut self) -> Expr {
        if self.take_word("NOT") { Expr::Not(Box::new(self.negation())) } else { self.test() }
    }

    fn test(&mut self) -> Expr {
        let left = Box::new(self.operand());
        if let Some(comparison) = self.comparison() {
            return Expr::Compare(left, comparison, Box::new(self.operand()));
        }
        if self.take_word("IS") {
            let negated = self.take_word("NOT");
            self.expect_word("NULL");
            return negate_if(negated, Expr::IsNull(left));
        }
        let negated = self.take_word("NOT");
        if self.take_word("IN") {
            return negate_if(negated, Expr::In(left, self.values()));
        }
        if self.take_word("BETWEEN") {
            let low = Box::new(self.operand());
            self.expect_word("AND");
            return negate_if(negated, Expr::Between(left, low, Box::new(self.operand())));
        }
        if self.take_word("LIKE") {
            return negate_if(negated, Expr::Like(left, self.pattern()));
        }
        if negated {
            self.fail("IN, BETWEEN or LIKE");
        }
        *left
    }

    fn comparison(&mut self) -> Option<Comparison> {
        [
            ("=", Comparison::Equal),
            ("<>", Comparison::NotEqual),
            ("<", Comparison::Less),
            ("<=", Comparison::LessOrEqual),
            (">", Comparison::Greater),
            (">=", Comparison::GreaterOrEqual),
        ]
        .into_iter()
        .find_map(|(sign, comparison)| self.take_sign(sign).then_some(comparison))
    }

    fn pattern(&mut self) -> String {
        match self.take() {
            Some(Token::Text(pattern)) => pattern,
            _ => self.fail("a pattern"),
        }
    }

    fn operand(&mut self) -> Expr {
        if self.take_sign("(") {
            let inner = self.disjunction();
            self.expect_sign(")");
            return inner;
        }
        match self.take() {
            Some(Token::Text(text)) => Expr::Literal(Value::Text(text)),
            Some(Token::Number(number)) => Expr::Literal(Value::Number(number)),
            Some(Token::Word(word)) => self.word(&word),
            _ => self.fail("a column or a value"),
        }
    }

    fn word(&mut self, word: &str) -> Expr {
        match word.to_ascii_lowercase().as_str() {
            "true" => Expr::Literal(Value::Flag(true)),
            "false" => Expr::Literal(Value::Flag(false)),
            function if self.take_sign("(") => {
                let call = self.call(function);
                self.expect_sign(")");
                call
            }
            _ => Expr::Column(word.to_owned()),
        }
    }

    fn call(&mut self, function: &str) -> Expr {
        match function {
            "coalesce" => Expr::Coalesce(self.arguments()),
            "maybe" => Expr::Maybe(Box::new(self.disjunction())),
            "list_length" => Expr::ListLength(Box::new(self.operand())),
            "has_any" => {
                let list = Box::new(self.operand());
                self.expect_sign(",");
                Expr::HasAny(list, self.values())
            }
            _ => self.fail("coalesce, maybe, list_length or has_any"),
        }
    }

    fn arguments(&mut self) -> Vec<Expr> {
        let mut arguments = vec![self.disjunction()];
        while self.take_sign(",") {
            arguments.push(self.disjunction());
        }
        arguments
    }

    /// `:set`, `(:set)` or `('a', 'b')`.
    fn values(&mut self) -> Vec<Value> {
        if !self.take_sign("(") {
            return self.some_values();
        }
        let mut values = self.some_values();
        while self.take_sign(",") {
            values.extend(self.some_values());
        }
        self.expect_sign(")");
        values
    }

    fn some_values(&mut self) -> Vec<Value> {
        match self.take() {
            Some(Token::Text(text)) => vec![Value::Text(text)],
            Some(Token::Number(number)) => vec![Value::Number(number)],
            Some(Token::Set(name)) => self.set(&name),
            _ => self.fail("a value or a set"),
        }
    }

    /// An empty set is refused: SQL knows no empty list.
    fn set(&self, name: &str) -> Vec<Value> {
        match self.sets.get(name) {
            Some(values) if !values.is_empty() => values.iter().cloned().map(Value::Text).collect(),
            Some(_) => self.fail("a set with values"),
            None => panic!("there is no set {name}: {}", self.text),
        }
    }
}

fn negate_if(negated: bool, tree: Expr) -> Expr {
    if negated { Expr::Not(Box::new(tree)) } else { tree }
}
