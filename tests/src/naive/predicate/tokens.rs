//! The words of a predicate.

/// One word, literal or sign.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Token {
    /// A keyword, a function or a column.
    Word(String),
    /// A text in quotes.
    Text(String),
    /// A number, in hundredths.
    Number(i128),
    /// `:name`
    Set(String),
    /// A bracket, a comma or a comparison.
    Sign(&'static str),
}

/// Longest first, so that `<=` is not read as `<`.
const SIGNS: [&str; 9] = ["<>", "<=", ">=", "=", "<", ">", "(", ")", ","];

/// The tokens of `text`. Panics where a character belongs to none.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let (token, after) = first_token(rest);
        tokens.push(token);
        rest = after.trim_start();
    }
    tokens
}

fn first_token(text: &str) -> (Token, &str) {
    if let Some(inside) = text.strip_prefix('\'') {
        return quoted(inside);
    }
    if let Some(sign) = SIGNS.into_iter().find(|sign| text.starts_with(sign)) {
        return (Token::Sign(sign), &text[sign.len()..]);
    }
    if let Some(name) = text.strip_prefix(':') {
        let (word, after) = run(name);
        return (Token::Set(word.to_owned()), after);
    }
    let (word, after) = run(text);
    match word.chars().next() {
        None => panic!("no predicate is written like this: {text}"),
        Some(first) if first.is_ascii_digit() => (Token::Number(hundredths(word)), after),
        Some(_) => (Token::Word(word.to_owned()), after),
    }
}

/// The letters, digits, underscores and full stops that `text` begins with, and what follows.
fn run(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(text.len());
    text.split_at(end)
}

/// A text up to its closing quote; two quotes in a row are one quote inside it.
fn quoted(inside: &str) -> (Token, &str) {
    let end = inside.find('\'').expect("a quoted text has a closing quote");
    let (text, after) = (&inside[..end], &inside[end + 1..]);
    match after.strip_prefix('\'') {
        None => (Token::Text(text.to_owned()), after),
        Some(more) => match quoted(more) {
            (Token::Text(tail), after) => (Token::Text(format!("{text}'{tail}")), after),
            _ => unreachable!("a quoted text is a text"),
        },
    }
}

fn hundredths(number: &str) -> i128 {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    assert!(fraction.len() <= 2, "{number} has more than two decimals");
    format!("{whole}{fraction:0<2}").parse().unwrap_or_else(|_| panic!("{number} is no number"))
}
