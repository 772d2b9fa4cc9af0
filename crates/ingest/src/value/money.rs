//! Amounts of money as cells write them, in whole cents, with proof of what their separators mean.
//!
//! | cell | reading | proves |
//! |---|---|---|
//! | `1250`, `$1250` | 1250.00 | nothing |
//! | `1,250.50`, `12.5`, `1,234,567` | decimal point | decimal point |
//! | `1.250,50`, `12,5`, `1.234.567` | decimal comma | decimal comma |
//! | `1,250` | 1250.00, or 1.25 in a column with decimal commas | nothing |
//! | `1.250` | 1.25 in a column with decimal points, 1250.00 in one with commas, else unknown | nothing |

use aceq_model::Cents;

/// What an amount cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Amount {
    /// One reading. `lone`: its one mark is a comma that can only be a decimal one, as in `12,50`.
    Plain { value: Exact, proof: Proof, lone: bool },
    /// One separator and three digits after it: thousands or decimals.
    Doubtful { separator: Separator, as_point: Exact, as_comma: Exact },
    /// Below zero.
    Negative,
}

/// An amount in cents, and whether digits were cut to get there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exact {
    pub cents: Cents,
    pub cut: bool,
}

/// What a cell proves about its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    Nothing,
    Point,
    Comma,
}

/// The mark in a doubtful amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Separator {
    Point,
    Comma,
}

/// An amount and the currency written beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MoneyCell<'a> {
    pub amount: Amount,
    pub currency: Currency<'a>,
}

/// The currency beside an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Currency<'a> {
    /// None.
    Unstated,
    /// A lone `$`: whichever dollar the currency column says, US dollars without one.
    Dollar,
    /// An ISO 4217 code, or a text that stands where one should (`¥`).
    Code(&'a str),
}

/// Reads a trimmed cell; `None` where it is no amount.
pub(crate) fn money_cell(cell: &str) -> Option<MoneyCell<'_>> {
    usual(cell).or_else(|| in_any_form(cell))
}

/// `$1,234.50`, `1,234.50`, `1234.50`: as nearly every cell is written, the same as [`in_any_form`] makes of it.
fn usual(cell: &str) -> Option<MoneyCell<'static>> {
    let (number, currency) = match cell.as_bytes() {
        [b'$', number @ ..] => (number, Currency::Dollar),
        number => (number, Currency::Unstated),
    };
    let [whole @ .., b'.', tens, ones] = number else { return None };
    if !(1..=16).contains(&whole.len()) {
        return None;
    }
    let digit = |byte: &u8| byte.is_ascii_digit().then(|| i64::from(byte - b'0'));
    let grouped = whole.contains(&b',');
    let mut cents = 0;
    // From the right every fourth byte is a comma, where there are any.
    for (place, byte) in (0..whole.len()).rev().zip(whole) {
        match (grouped && place % 4 == 3, byte) {
            (true, b',') => {}
            (true, _) => return None,
            (false, byte) => cents = cents * 10 + digit(byte)?,
        }
    }
    if !whole[0].is_ascii_digit() {
        return None;
    }
    let cents = Cents(cents * 100 + digit(tens)? * 10 + digit(ones)?);
    let value = Exact { cents, cut: false };
    (cents <= Cents::MAX)
        .then_some(MoneyCell { amount: Amount::Plain { value, proof: Proof::Point, lone: false }, currency })
}

fn in_any_form(cell: &str) -> Option<MoneyCell<'_>> {
    let (inner, bracketed) = match cell.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
        Some(inner) => (inner.trim(), true),
        None => (cell, false),
    };
    let (inner, minus_in_front) = strip_minus(inner);
    let (number, currency) = split_currency(inner)?;
    let (number, minus) = strip_minus(number);
    let amount = amount(number)?;
    let negative = bracketed || minus || minus_in_front;
    let zero = matches!(amount, Amount::Plain { value: Exact { cents: Cents(0), .. }, .. });
    let amount = if negative && !zero { Amount::Negative } else { amount };
    Some(MoneyCell { amount, currency })
}

/// A share in percent, with or without the sign.
pub(crate) fn percent_cell(cell: &str) -> Option<Amount> {
    money_cell(cell.strip_suffix('%').unwrap_or(cell).trim_end())
        .filter(|cell| cell.currency == Currency::Unstated)
        .map(|cell| cell.amount)
}

fn strip_minus(text: &str) -> (&str, bool) {
    match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (rest.trim_start(), true),
        None => (text, false),
    }
}

/// The number of a cell and the currency before or after it; `None` where other words stand there.
fn split_currency(text: &str) -> Option<(&str, Currency<'_>)> {
    let is_number = |letter: char| letter.is_ascii_digit() || letter == '.' || letter == ',' || letter == '-';
    let start = text.find(is_number)?;
    let end = text.rfind(is_number).map_or(start, |at| at + 1);
    let (before, number, after) = (text[..start].trim(), &text[start..end], text[end..].trim());
    let currency = match (before, after) {
        ("", "") => Currency::Unstated,
        (word, "") | ("", word) => currency(word)?,
        (sign, code) if sign.ends_with('$') => currency(code)?,
        _ => return None,
    };
    Some((number, currency))
}

/// Codes of currencies that people write beside other words (`EUR/Monat`), without that of US dollars.
pub(crate) const CODES: [&str; 30] = [
    "EUR", "GBP", "CHF", "INR", "JPY", "CNY", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "BRL", "MXN", "ARS", "CLP",
    "COP", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "RON", "TRY", "ZAR", "AED", "SAR", "ILS", "KRW",
];

/// Signs of currencies other than dollars.
pub(crate) fn is_currency_sign(letter: char) -> bool {
    "€£¥₹₺₩₽₫฿₴₦₪₱₡₲₵₸₮₭₼₾₨﷼".contains(letter)
}

/// The currency that a word or a sign beside an amount names; `None` where it names none.
pub(crate) fn currency(word: &str) -> Option<Currency<'_>> {
    let code = match word {
        "$" => return Some(Currency::Dollar),
        "US$" | "U$S" | "USD$" | "USD $" => "USD",
        "€" => "EUR",
        "£" => "GBP",
        "₹" => "INR",
        "R$" => "BRL",
        "A$" | "AU$" => "AUD",
        "C$" | "CA$" => "CAD",
        // One sign for two currencies: it stays what it is, and no rate is found for it.
        "¥" => word,
        _ => Some(word).filter(|word| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_alphabetic()))?,
    };
    Some(Currency::Code(code))
}

fn amount(text: &str) -> Option<Amount> {
    let bare = without_spaces(text)?;
    let text = bare.as_deref().unwrap_or(text);
    let well_formed = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.' || byte == b',');
    if !well_formed || !text.bytes().any(|byte| byte.is_ascii_digit()) || text.len() > 40 {
        return None;
    }
    let count = |mark: u8| text.bytes().filter(|byte| *byte == mark).count();
    match (count(b'.'), count(b',')) {
        (0, 0) => exact(text, "").map(|value| Amount::Plain { value, proof: Proof::Nothing, lone: false }),
        (1, 0) => one_mark(text, '.', Separator::Point, bare.is_some()),
        (0, 1) => one_mark(text, ',', Separator::Comma, bare.is_some()),
        (0, _) => grouped(text, ',', "", Proof::Point),
        (_, 0) => grouped(text, '.', "", Proof::Comma),
        (points, commas) => {
            let point_is_last = text.rfind('.') > text.rfind(',');
            let (decimal, thousands, uses, proof) =
                if point_is_last { ('.', ',', points, Proof::Point) } else { (',', '.', commas, Proof::Comma) };
            let (whole, fraction) = text.rsplit_once(decimal).filter(|_| uses == 1)?;
            grouped(whole, thousands, fraction, proof)
        }
    }
}

/// Spaces and apostrophes between digits separate thousands: `1 234`, `1'234`. `Some(None)` where there are none.
fn without_spaces(text: &str) -> Option<Option<String>> {
    const MARKS: [char; 7] = [' ', '\u{A0}', '\u{2007}', '\u{2009}', '\u{202F}', '\'', '\u{2019}'];
    if text.bytes().all(|byte| byte != b' ' && byte != b'\'' && byte < 0x80) {
        return Some(None);
    }
    let whole = text.find(['.', ',']).unwrap_or(text.len());
    let (whole, fraction) = text.split_at(whole);
    let groups: Vec<&str> = whole.split(MARKS).collect();
    let well_formed = groups.len() == 1 || (!groups[0].is_empty() && groups[1..].iter().all(|group| group.len() == 3));
    well_formed.then(|| Some(groups.concat() + fraction))
}

fn one_mark(text: &str, mark: char, separator: Separator, grouped: bool) -> Option<Amount> {
    let (whole, fraction) = text.split_once(mark)?;
    let decimal = exact(whole, fraction)?;
    let looks_grouped = fraction.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0');
    if looks_grouped {
        let thousands = exact(&format!("{whole}{fraction}"), "")?;
        let (as_point, as_comma) = match separator {
            Separator::Point => (decimal, thousands),
            Separator::Comma => (thousands, decimal),
        };
        return Some(Amount::Doubtful { separator, as_point, as_comma });
    }
    let proof = match separator {
        _ if fraction.is_empty() => Proof::Nothing,
        Separator::Point => Proof::Point,
        Separator::Comma => Proof::Comma,
    };
    Some(Amount::Plain { value: decimal, proof, lone: proof == Proof::Comma && !grouped })
}

/// A whole part in groups of three (of two in the Indian way, `12,34,567`) and a fraction.
fn grouped(whole: &str, mark: char, fraction: &str, proof: Proof) -> Option<Amount> {
    let groups: Vec<&str> = whole.split(mark).collect();
    let (first, rest) = groups.split_first()?;
    let (last, middle) = rest.split_last().map_or((None, rest), |(last, middle)| (Some(last), middle));
    let well_formed = (1..=3).contains(&first.len())
        && last.is_none_or(|group| group.len() == 3)
        && (middle.iter().all(|group| group.len() == 3) || middle.iter().all(|group| group.len() == 2));
    let value = well_formed.then(|| exact(&groups.concat(), fraction))??;
    Some(Amount::Plain { value, proof, lone: false })
}

/// Whole cents, cut, never rounded up.
fn exact(whole: &str, fraction: &str) -> Option<Exact> {
    let (kept, lost) = fraction.split_at(fraction.len().min(2));
    let mut digits: i64 = 0;
    for byte in whole.bytes().chain(kept.bytes()).chain(std::iter::repeat_n(b'0', 2 - kept.len())) {
        digits = digits.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?;
    }
    let cents = Some(Cents(digits)).filter(|cents| *cents <= Cents::MAX)?;
    Some(Exact { cents, cut: lost.bytes().any(|byte| byte != b'0') })
}

#[cfg(test)]
mod tests {
    use super::{Amount, Currency, Exact, MoneyCell, Proof, Separator, in_any_form, money_cell, percent_cell, usual};
    use aceq_model::Cents;
    use proptest::prelude::*;

    fn plain(cents: i64, cut: bool, proof: Proof) -> Option<Amount> {
        Some(Amount::Plain { value: Exact { cents: Cents(cents), cut }, proof, lone: false })
    }

    fn lone(cents: i64, cut: bool, proof: Proof) -> Option<Amount> {
        Some(Amount::Plain { value: Exact { cents: Cents(cents), cut }, proof, lone: true })
    }

    #[test]
    fn amounts() {
        let doubtful = |separator, point, cut_point, comma, cut_comma| {
            Some(Amount::Doubtful {
                separator,
                as_point: Exact { cents: Cents(point), cut: cut_point },
                as_comma: Exact { cents: Cents(comma), cut: cut_comma },
            })
        };
        let cases = [
            ("1250", plain(125_000, false, Proof::Nothing)),
            ("$1250", plain(125_000, false, Proof::Nothing)),
            ("1,250.50", plain(125_050, false, Proof::Point)),
            ("USD 1,234.50", plain(123_450, false, Proof::Point)),
            ("1.234,56", plain(123_456, false, Proof::Comma)),
            ("12,5", lone(1250, false, Proof::Comma)),
            ("12.50", plain(1250, false, Proof::Point)),
            ("1,234,567", plain(123_456_700, false, Proof::Point)),
            ("1.234.567", plain(123_456_700, false, Proof::Comma)),
            ("12,34,567", plain(123_456_700, false, Proof::Point)),
            ("1,234", doubtful(Separator::Comma, 123_400, false, 123, true)),
            ("1.234", doubtful(Separator::Point, 123, true, 123_400, false)),
            ("1.500", doubtful(Separator::Point, 150, false, 150_000, false)),
            ("1234.567", plain(123_456, true, Proof::Point)),
            ("0.125", plain(12, true, Proof::Point)),
            ("416.6667", plain(41_666, true, Proof::Point)),
            ("416.6600", plain(41_666, false, Proof::Point)),
            (".5", plain(50, false, Proof::Point)),
            ("5.", plain(500, false, Proof::Nothing)),
            ("1 234,50", plain(123_450, false, Proof::Comma)),
            ("1'234.50", plain(123_450, false, Proof::Point)),
            ("1\u{A0}234", plain(123_400, false, Proof::Nothing)),
            ("-5", Some(Amount::Negative)),
            ("(1,234.50)", Some(Amount::Negative)),
            ("$-5", Some(Amount::Negative)),
            ("-0.00", plain(0, false, Proof::Point)),
            ("9999999999999999.99", plain(999_999_999_999_999_999, false, Proof::Point)),
            ("10000000000000000", None),
            ("1,23,4", None),
            ("1.2.3,4", None),
            ("12k", None),
            ("about 5", None),
            ("n/a", None),
            ("1e3", None),
            ("", None),
            ("$", None),
        ];
        for (cell, amount) in cases {
            assert_eq!(money_cell(cell).map(|cell| cell.amount), amount, "{cell}");
        }
    }

    #[test]
    fn currencies() {
        let cases = [
            ("100", Currency::Unstated),
            ("$100", Currency::Dollar),
            ("$100 USD", Currency::Code("USD")),
            ("100 EUR", Currency::Code("EUR")),
            ("€ 100", Currency::Code("EUR")),
            ("EUR 100", Currency::Code("EUR")),
        ];
        for (cell, currency) in cases {
            assert_eq!(money_cell(cell).map(|cell| cell.currency), Some(currency), "{cell}");
        }
        assert_eq!(percent_cell("80 %"), plain(8000, false, Proof::Nothing));
        assert_eq!(percent_cell("$80"), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(20_000))]

        #[test]
        fn the_usual_is_read_like_any(cell in r"\$?[0-9]{0,4}(,[0-9]{2,4}){0,4}\.?[0-9]{0,3}|\$?[0-9]{10,18}\.[0-9]{2}") {
            if let Some(usual) = usual(&cell) {
                prop_assert_eq!(Some(usual), in_any_form(&cell));
            }
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,24}", numbers in "[0-9.,'() $€-]{0,24}") {
            let _ = (money_cell(&text), money_cell(&numbers));
        }

        #[test]
        fn plain_decimals_are_read_back(cents in 0_i64..1_000_000_000_000) {
            let cell = Cents(cents).to_string();
            let expected = Amount::Plain { value: Exact { cents: Cents(cents), cut: false }, proof: Proof::Point, lone: false };
            prop_assert_eq!(money_cell(&cell), Some(MoneyCell { amount: expected, currency: Currency::Unstated }));
        }
    }
}
