//! Numbers of a workbook as text: what the cell means, without the noise of binary fractions.

use super::currency::{NO_CURRENCY, of_bracket, of_words};
use crate::value::money::is_currency_sign;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// What the number format of a cell makes of its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::formats) enum NumberKind {
    /// A number.
    Plain,
    /// A day, a time of day, or both.
    Moment,
    /// `0.6` means 60 %.
    Percent,
    /// An amount in a currency that only the format names.
    Money(String),
    /// A whole number with letters in front, or none, and zeros up to so many digits, as ids are shown.
    Padded(String, usize),
}

/// Whether serial dates count from 1900 or from 1904.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::formats) enum Epoch {
    From1900,
    From1904,
}

impl NumberKind {
    /// Reads a format code such as `yyyy\-mm\-dd` or `[$€-407] #,##0.00`. Its first section counts, unless sections for other
    /// amounts name other currencies.
    pub fn of(code: &str) -> Self {
        let has_condition = ["[<", "[>", "[="].iter().any(|sign| code.contains(sign));
        let first = Self::of_section(code);
        if !has_condition || !matches!(first, Self::Plain | Self::Money(_)) {
            return first;
        }
        let behind_brackets = |section: &str| section.rsplit(']').next().unwrap_or_default().contains(['0', '#', '?']);
        let mut in_quotes = false;
        let sections = code.split(|letter: char| {
            in_quotes ^= letter == '"';
            letter == ';' && !in_quotes
        });
        let numbers = sections.filter(|section| behind_brackets(section));
        let mut kinds: Vec<Self> = numbers.map(Self::of_section).collect();
        kinds.dedup();
        match kinds.len() {
            0 | 1 => kinds.pop().unwrap_or(first),
            _ => Self::Money(NO_CURRENCY.to_owned()),
        }
    }

    fn of_section(code: &str) -> Self {
        // These are words, not letters of a date.
        if ["general", "standard"].iter().any(|word| code.trim().eq_ignore_ascii_case(word)) {
            return Self::Plain;
        }
        let first = code.split(';').next().unwrap_or_default().trim();
        if (2..=40).contains(&first.len()) && first.bytes().all(|byte| byte == b'0') {
            return Self::Padded(String::new(), first.len());
        }
        if let Some((letters, digits)) = first.strip_prefix('"').and_then(|rest| rest.split_once('"'))
            && (1..=8).contains(&letters.len())
            && letters.bytes().all(|letter| letter.is_ascii_alphabetic() || letter == b'-')
            && (4..=40).contains(&digits.len())
            && digits.bytes().all(|digit| digit == b'0')
        {
            return Self::Padded(letters.to_owned(), digits.len());
        }
        let mut letters = code.chars();
        let (mut symbols, mut bracketed, mut percent) = (String::new(), None, false);
        while let Some(letter) = letters.next() {
            match letter {
                '\\' => symbols.extend(letters.next().filter(|sign| sign.is_alphabetic() || is_sign(*sign))),
                '_' | '*' => {
                    letters.next();
                }
                '"' => symbols.extend(letters.by_ref().take_while(|letter| *letter != '"')),
                '[' => {
                    let bracket: String = letters.by_ref().take_while(|letter| *letter != ']').collect();
                    match bracket.strip_prefix('$') {
                        Some(money) => bracketed = bracketed.or_else(|| of_bracket(money)),
                        // `[h]:mm` is a duration, a number of days; other brackets are colours and conditions.
                        None if bracket.chars().all(|c| "hmsHMS".contains(c)) && !bracket.is_empty() => {
                            return Self::Plain;
                        }
                        None => {}
                    }
                }
                ';' => break,
                '%' => percent = true,
                _ if is_sign(letter) => symbols.push(letter),
                'd' | 'm' | 'h' | 'y' | 's' | 'D' | 'M' | 'H' | 'Y' | 'S' => return Self::Moment,
                _ => {}
            }
        }
        match bracketed.or_else(|| of_words(&symbols, is_scaled(first))) {
            _ if percent => Self::Percent,
            Some(currency) => Self::Money(currency),
            None => Self::Plain,
        }
    }

    /// The kind of a format that has a number instead of a code.
    pub fn of_builtin(id: u32) -> Self {
        match id {
            9 | 10 => Self::Percent,
            14..=22 | 27..=36 | 45 | 47 | 50..=58 => Self::Moment,
            _ => Self::Plain,
        }
    }
}

/// `$` and its like.
fn is_sign(letter: char) -> bool {
    letter == '$' || is_currency_sign(letter)
}

/// Whether a comma behind the digits makes thousands of them.
fn is_scaled(code: &str) -> bool {
    let is_digit = |letter: Option<&u8>| letter.is_some_and(|letter| b"0#?".contains(letter));
    let code = code.as_bytes();
    (1..code.len()).any(|at| {
        let ends = !is_digit(code.get(at + 1)) && code.get(at + 1) != Some(&b',');
        code[at] == b',' && ends && (is_digit(code.get(at - 1)) || code[at - 1] == b',')
    })
}

/// The text of a number.
pub(in crate::formats) fn number_text(value: f64, kind: &NumberKind, epoch: Epoch) -> String {
    match kind {
        NumberKind::Plain => decimal(value),
        NumberKind::Moment => moment(value, epoch).unwrap_or_else(|| decimal(value)),
        NumberKind::Percent => decimal(value * 100.0) + "%",
        NumberKind::Money(currency) => format!("{currency} {}", decimal(value)),
        NumberKind::Padded(letters, digits) if value >= 0.0 && value.fract() == 0.0 => {
            format!("{letters}{:0>digits$}", decimal(value))
        }
        NumberKind::Padded(..) => decimal(value),
    }
}

/// The decimal text of a number, without exponent: whole numbers exactly, others to the 15 digits that a spreadsheet
/// keeps, so that 0.1 + 0.2 is 0.3.
pub(super) fn decimal(value: f64) -> String {
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if !value.is_finite() {
        return "#NUM!".to_owned();
    }
    if value.fract() == 0.0 && value.abs() < EXACT {
        return format!("{}", value as i64);
    }
    expanded(&format!("{value:.14e}")).unwrap_or_else(|| value.to_string())
}

/// A number as text without its exponent, digit by digit; `None` where the text is no number.
pub(in crate::formats) fn expanded(text: &str) -> Option<String> {
    let text = text.trim();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", text.strip_prefix('+').unwrap_or(text)),
    };
    let (mantissa, exponent) = digits.split_once(['e', 'E']).unwrap_or((digits, "0"));
    let exponent: i32 = exponent.parse().ok().filter(|exponent| (-400..=400).contains(exponent))?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all = format!("{whole}{fraction}");
    if all.is_empty() || all.len() > 400 || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let point = whole.len() as i32 + exponent;
    let (before, after) = split_at_point(&all, point);
    let before = before.trim_start_matches('0');
    let after = after.trim_end_matches('0');
    Some(match (before, after) {
        ("", "") => "0".to_owned(),
        ("", after) => format!("{sign}0.{after}"),
        (before, "") => format!("{sign}{before}"),
        (before, after) => format!("{sign}{before}.{after}"),
    })
}

fn split_at_point(digits: &str, point: i32) -> (String, String) {
    match usize::try_from(point) {
        Ok(point) if point <= digits.len() => (digits[..point].to_owned(), digits[point..].to_owned()),
        Ok(point) => (format!("{digits:0<point$}"), String::new()),
        Err(_) => (String::new(), format!("{}{digits}", "0".repeat(point.unsigned_abs() as usize))),
    }
}

/// A serial date as ISO text: the day alone at midnight, the time alone before day 1. `None` where it is no moment.
fn moment(serial: f64, epoch: Epoch) -> Option<String> {
    const DAY: f64 = 86_400_000.0;
    if !(0.0..2_958_466.0).contains(&serial) {
        return None;
    }
    let millis = (serial * DAY).round() as i64;
    let (days, millis) = (millis.div_euclid(86_400_000), millis.rem_euclid(86_400_000));
    let time = NaiveTime::MIN + TimeDelta::milliseconds(millis);
    if days == 0 && epoch == Epoch::From1900 {
        return Some(time.format("%H:%M:%S%.f").to_string());
    }
    Some(iso(first_day(days, epoch)?.checked_add_signed(TimeDelta::days(days))?.and_time(time)))
}

/// The day from which day `days` is counted. Up to 1900-02-28 it is another one: spreadsheets hold 1900 for a leap year.
fn first_day(days: i64, epoch: Epoch) -> Option<NaiveDate> {
    match (epoch, days) {
        (Epoch::From1904, _) => NaiveDate::from_ymd_opt(1904, 1, 1),
        (Epoch::From1900, 60) => None,
        (Epoch::From1900, ..60) => NaiveDate::from_ymd_opt(1899, 12, 31),
        (Epoch::From1900, _) => NaiveDate::from_ymd_opt(1899, 12, 30),
    }
}

/// The moment in ISO form: the day alone at midnight.
fn iso(moment: NaiveDateTime) -> String {
    match moment.time() == NaiveTime::MIN {
        true => moment.date().to_string(),
        false => moment.format("%Y-%m-%dT%H:%M:%S%.f").to_string(),
    }
}

/// A moment that is ISO text already: midnight is left out.
pub(in crate::formats) fn iso_text(text: &str) -> String {
    let midnight =
        text.split_once('T').filter(|(_, time)| time.trim_end_matches('Z').bytes().all(|b| b"0:.".contains(&b)));
    midnight.map_or(text, |(day, _)| day).to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Epoch, NumberKind, decimal, expanded, iso_text, number_text};
    use proptest::prelude::*;

    #[test]
    fn numbers_are_written_out() {
        let cases = [
            (0.1, "0.1"),
            (0.1 + 0.2, "0.3"),
            (123_456_789_012.0, "123456789012"),
            (1e25, "10000000000000000000000000"),
            (-1234.5, "-1234.5"),
            (5e-7, "0.0000005"),
            (0.0, "0"),
            (-0.0, "0"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (1234.56 * 1.1, "1358.016"),
            (f64::NAN, "#NUM!"),
        ];
        for (value, text) in cases {
            assert_eq!(decimal(value), text);
        }
        let texts =
            [("1.23457E+11", Some("123457000000")), ("-1.50", Some("-1.5")), ("007", Some("7")), ("12e400000", None)];
        for (text, number) in texts.into_iter().chain([("", None), ("abc", None), ("1e-3", Some("0.001"))]) {
            assert_eq!(expanded(text).as_deref(), number, "{text}");
        }
    }

    #[test]
    fn serials_are_days_in_both_epochs() {
        let text = |serial, epoch| number_text(serial, &NumberKind::Moment, epoch);
        let cases = [
            (46_346.0, Epoch::From1900, "2026-11-20"),
            (46_346.0 - 1462.0, Epoch::From1904, "2026-11-20"),
            (46_346.75, Epoch::From1900, "2026-11-20T18:00:00"),
            (46_346.999_999_999_9, Epoch::From1900, "2026-11-21"),
            (0.5, Epoch::From1900, "12:00:00"),
            (1.0, Epoch::From1900, "1900-01-01"),
            (59.0, Epoch::From1900, "1900-02-28"),
            (60.0, Epoch::From1900, "60"),
            (61.0, Epoch::From1900, "1900-03-01"),
            (0.0, Epoch::From1904, "1904-01-01"),
            (-1.0, Epoch::From1900, "-1"),
            (3e6, Epoch::From1900, "3000000"),
        ];
        for (serial, epoch, expected) in cases {
            assert_eq!(text(serial, epoch), expected, "{serial}");
        }
        let iso = [("2026-11-20T00:00:00", "2026-11-20"), ("2026-11-20T08:30:00", "2026-11-20T08:30:00"), ("x", "x")];
        iso.into_iter().for_each(|(text, expected)| assert_eq!(iso_text(text), expected));
    }

    #[test]
    fn formats_say_what_a_number_means() {
        let money = |symbol: &str| NumberKind::Money(symbol.to_owned());
        let cases = [
            ("General", NumberKind::Plain),
            ("Standard", NumberKind::Plain),
            ("#,##0.00", NumberKind::Plain),
            ("\"$\"#,##0.00", NumberKind::Plain),
            ("[$$-409]#,##0.00;[Red]-[$$-409]#,##0.00", NumberKind::Plain),
            ("[$€-407] #,##0.00", money("€")),
            ("#,##0.00 \"€\"", money("€")),
            ("[$EUR] #,##0", money("EUR")),
            ("0.00%", NumberKind::Percent),
            ("yyyy\\-mm\\-dd", NumberKind::Moment),
            ("[$-409]d\\-mmm\\-yy;@", NumberKind::Moment),
            ("m/d/yyyy h:mm AM/PM", NumberKind::Moment),
            ("[h]:mm:ss", NumberKind::Plain),
            ("[Red]0;[Blue]yy", NumberKind::Plain),
            ("\"O\"0000000", NumberKind::Padded("O".to_owned(), 7)),
            ("[<0]\"$\"#,##0;\"€\"#,##0", money("XXX")),
            ("[>999]#,##0,\"K\";0", NumberKind::Plain),
            ("[=0]\"-\";€0", money("€")),
            ("[<0]-€0;€0", money("€")),
            ("#,##0\" Yen\"", money("XXX")),
            ("0 \"days\"", NumberKind::Plain),
            ("@", NumberKind::Plain),
            ("0.00E+00", NumberKind::Plain),
            ("\"", NumberKind::Plain),
            ("[", NumberKind::Plain),
        ];
        for (code, kind) in cases {
            assert_eq!(NumberKind::of(code), kind, "{code}");
        }
        let text = |value, kind: &NumberKind| number_text(value, kind, Epoch::From1900);
        assert_eq!((text(0.6, &NumberKind::Percent), text(12.5, &money("€"))), ("60%".to_owned(), "€ 12.5".to_owned()));
        assert_eq!((NumberKind::of_builtin(14), NumberKind::of_builtin(2)), (NumberKind::Moment, NumberKind::Plain));
    }

    proptest! {
        /// What has at most 15 digits is written out as it was typed.
        #[test]
        fn decimals_come_back(digits in 1_i64..1_000_000_000_000_000, places in 0_u32..8) {
            let scale = 10_i64.pow(places);
            let fraction = format!("{:0width$}", digits % scale, width = places as usize);
            let fraction = if places == 0 { "" } else { fraction.trim_end_matches('0') };
            let point = if fraction.is_empty() { "" } else { "." };
            let text = format!("{}{point}{fraction}", digits / scale);
            prop_assert_eq!(decimal(text.parse::<f64>().unwrap()), text);
        }

        #[test]
        fn no_format_and_no_number_panics(code in "\\PC{0,20}", bits in any::<u64>(), text in "[-+0-9.eE]{0,30}") {
            let _ = (number_text(f64::from_bits(bits), &NumberKind::of(&code), Epoch::From1900), expanded(&text));
        }
    }
}
