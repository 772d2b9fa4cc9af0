//! Dates and times as cells write them.
//!
//! A slash date is read both ways; which reading holds is decided for the whole column, never here.

use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};

/// What a date cell says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DateCell {
    /// One reading only: year first, or the month in letters.
    Plain(NaiveDateTime),
    /// Day and month in an order that the cell does not state. `None` where a reading is no date.
    Slash { month_first: Option<NaiveDateTime>, day_first: Option<NaiveDateTime>, separator: u8 },
    /// A bare number that a spreadsheet may mean as a day.
    Serial(NaiveDateTime),
}

/// Which clock a time of day is told by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clock {
    /// That of the place where it was written: a date with a time of day and an offset is the date that stands there.
    Local,
    /// UTC: a moment is the same wherever it was written.
    Utc,
}

/// Days by which dates counted from 1904-01-01 lie after those counted from 1899-12-30.
const DAYS_TO_1904: i64 = 1462;

/// The same number read in a workbook that counts from 1904.
pub(crate) fn from_1904(serial: NaiveDateTime) -> NaiveDateTime {
    serial.checked_add_signed(TimeDelta::days(DAYS_TO_1904)).unwrap_or(serial)
}

/// Reads a trimmed cell; `None` where it is no date.
pub(crate) fn date_cell(cell: &str, clock: Clock) -> Option<DateCell> {
    if let Some(readings) = eight_digits(cell.as_bytes()) {
        return readings;
    }
    match cell.as_bytes().first()? {
        b'0'..=b'9' => digits_first(cell, clock),
        _ => letters(cell, clock).map(DateCell::Plain),
    }
}

/// `03/04/2026`, as nearly every cell is written: the same as [`slash`] makes of it.
fn eight_digits(cell: &[u8]) -> Option<Option<DateCell>> {
    let [a, b, b'/', c, d, b'/', year @ ..] = cell else { return None };
    let year: &[u8; 4] = year.try_into().ok()?;
    let all_digits = [a, b, c, d].into_iter().chain(year).all(u8::is_ascii_digit);
    let number = |digits: &[u8]| digits.iter().fold(0, |number, digit| number * 10 + u32::from(digit - b'0'));
    all_digits.then(|| {
        let year = number(year) as i32;
        let (first, second) = (number(&[*a, *b]), number(&[*c, *d]));
        let read = |month, day| ymd(year, month, day).map(|date| date.and_time(NaiveTime::MIN));
        let (month_first, day_first) = (read(first, second), read(second, first));
        either_way(month_first, day_first, b'/')
    })
}

/// A date whose day and month are one number, as in `03/03/2026`, has one reading.
fn either_way(month_first: Option<NaiveDateTime>, day_first: Option<NaiveDateTime>, separator: u8) -> Option<DateCell> {
    match (month_first, day_first) {
        (None, None) => None,
        (Some(moment), Some(other)) if moment == other => Some(DateCell::Plain(moment)),
        _ => Some(DateCell::Slash { month_first, day_first, separator }),
    }
}

fn digits_first(cell: &str, clock: Clock) -> Option<DateCell> {
    let first = leading_digits(cell);
    let rest = &cell[first.len()..];
    match (first.len(), rest.as_bytes().first()) {
        (4, Some(separator @ (b'-' | b'/' | b'.'))) => {
            year_first(first, &rest[1..], *separator, clock).map(DateCell::Plain)
        }
        (8, None) => compact(cell).map(DateCell::Plain),
        (5, None | Some(b'.')) => serial(first, rest).map(DateCell::Serial),
        (1 | 2, Some(separator @ (b'-' | b'/' | b'.'))) if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => {
            slash(first, &rest[1..], *separator, clock)
        }
        (1 | 2, Some(_)) => letters(cell, clock).map(DateCell::Plain),
        _ => None,
    }
}

fn leading_digits(text: &str) -> &str {
    let end = text.bytes().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    &text[..end]
}

/// `text` up to the separator, as a number of at most `longest` digits, and what follows the separator.
fn number_before(text: &str, separator: u8, longest: usize) -> Option<(u32, &str)> {
    let digits = leading_digits(text);
    let rest = &text[digits.len()..];
    let fits = (1..=longest).contains(&digits.len()) && rest.as_bytes().first() == Some(&separator);
    fits.then(|| Some((digits.parse().ok()?, &rest[1..])))?
}

fn year_first(year: &str, rest: &str, separator: u8, clock: Clock) -> Option<NaiveDateTime> {
    let (month, rest) = number_before(rest, separator, 2)?;
    let day = leading_digits(rest);
    let date = ymd(year.parse().ok()?, month, number(day, 2)?)?;
    with_time(date, &rest[day.len()..], clock)
}

fn compact(cell: &str) -> Option<NaiveDateTime> {
    let (year, month, day) = (&cell[..4], &cell[4..6], &cell[6..]);
    Some(ymd(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?.and_time(NaiveTime::MIN))
}

fn slash(first: &str, rest: &str, separator: u8, clock: Clock) -> Option<DateCell> {
    let first: u32 = first.parse().ok()?;
    let (second, rest) = number_before(rest, separator, 2)?;
    let digits = leading_digits(rest);
    let year = year(digits)?;
    let time = &rest[digits.len()..];
    let read = |month, day| ymd(year, month, day).and_then(|date| with_time(date, time, clock));
    let (month_first, day_first) = (read(first, second), read(second, first));
    either_way(month_first, day_first, separator)
}

/// The first and the last of three two-digit numbers, `24/01/25`, if the first may be a year of this program and the last its day; `None`
/// where they cannot, and where points separate them: who writes those begins with the day.
pub(crate) fn year_in_front(cell: &str) -> Option<(u8, u8)> {
    let first = leading_digits(cell);
    let second = leading_digits(cell[first.len()..].strip_prefix(['/', '-'])?);
    let last = cell.get(first.len() + second.len() + 2..).map(leading_digits)?;
    let (year, month, day) = (number(first, 2)?, number(second, 2)?, number(last, 2)?);
    let fits = first.len() == 2 && (18..=30).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    fits.then_some((year as u8, day as u8))
}

fn number(digits: &str, longest: usize) -> Option<u32> {
    (1..=longest).contains(&digits.len()).then(|| digits.parse().ok())?
}

/// Four digits, or two: 69 to 99 are the last century.
fn year(digits: &str) -> Option<i32> {
    let year: i32 = digits.parse().ok()?;
    match digits.len() {
        4 => Some(year),
        2 => Some(year + if year < 69 { 2000 } else { 1900 }),
        _ => None,
    }
}

fn ymd(year: i32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(year, month, day).filter(|_| (1900..=9999).contains(&year))
}

/// Days since 1899-12-30, from 20000 (1954) to 80000 (2119); a fraction is the time of day.
fn serial(days: &str, fraction: &str) -> Option<NaiveDateTime> {
    let days: i64 = days.parse().ok().filter(|days| (20_000..=80_000).contains(days))?;
    let digits = fraction.strip_prefix('.').unwrap_or("0");
    let fits = (1..=12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    let numerator: i128 = fits.then(|| digits.parse().ok())??;
    let seconds = numerator * 86_400 / 10_i128.pow(digits.len() as u32);
    let midnight = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_time(NaiveTime::MIN);
    midnight.checked_add_signed(TimeDelta::days(days) + TimeDelta::seconds(i64::try_from(seconds).ok()?))
}

/// `20-Nov-2026`, `20 November 26`, `Nov 20, 2026`.
fn letters(cell: &str, clock: Clock) -> Option<NaiveDateTime> {
    let is_separator = |letter: char| matches!(letter, ' ' | '-' | '/' | '.' | ',');
    let mut words = [""; 3];
    let mut rest = cell;
    for word in &mut words {
        rest = rest.trim_start_matches(is_separator);
        let end = rest.find(is_separator).unwrap_or(rest.len());
        (*word, rest) = rest.split_at(end);
    }
    let [first, second, last] = words;
    let (month, day) = match month(first) {
        Some(month) => (month, second),
        None => (month(second)?, first),
    };
    with_time(ymd(year(last)?, month, number(day, 2)?)?, rest, clock)
}

fn month(word: &str) -> Option<u32> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let fits = |name: &str| {
        let written = word.len() >= 3 && name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        written && (word.len() == 3 || word.len() == name.len() || word.eq_ignore_ascii_case("sept"))
    };
    MONTHS.iter().position(|name| fits(name)).map(|place| place as u32 + 1)
}

/// Adds the time of day that follows a date; nothing there is midnight.
fn with_time(date: NaiveDate, rest: &str, clock: Clock) -> Option<NaiveDateTime> {
    if rest.is_empty() {
        return Some(date.and_time(NaiveTime::MIN));
    }
    let text = rest.strip_prefix(['T', 't', ' ', ',']).map(str::trim_start)?;
    let (digits, zone) = split_clock(text);
    let is_half = |half: &&str| half.eq_ignore_ascii_case("am") || half.eq_ignore_ascii_case("pm");
    let half = zone.get(..2).filter(is_half);
    let zone = half.map_or(zone, |_| zone[2..].trim_start());
    let local = date.and_time(time(digits, half)?);
    let ahead = offset(zone)?;
    local
        .checked_sub_signed(TimeDelta::minutes(if clock == Clock::Utc { ahead } else { 0 }))
        .filter(|utc| ymd(chrono::Datelike::year(utc), 1, 1).is_some())
}

fn split_clock(text: &str) -> (&str, &str) {
    let end =
        text.bytes().position(|byte| !byte.is_ascii_digit() && !matches!(byte, b':' | b'.')).unwrap_or(text.len());
    (&text[..end], text[end..].trim_start())
}

/// `13:45`, `13:45:10`, `13:45:10.5`, with `half` = am or pm.
fn time(clock: &str, half: Option<&str>) -> Option<NaiveTime> {
    let mut parts = clock.splitn(3, ':');
    let hour = number(parts.next()?, 2)?;
    let minute = match parts.next() {
        Some(minute) => number(minute, 2)?,
        None => half.map(|_| 0)?,
    };
    let (second, fraction) = parts.next().map_or(("0", "0"), |text| text.split_once('.').unwrap_or((text, "0")));
    let second = number(second, 2)?;
    let micros: u32 = number(fraction, 9).and_then(|_| format!("{fraction:0<6}").get(..6)?.parse().ok())?;
    let hour = match half.map(|half| half.eq_ignore_ascii_case("pm")) {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(afternoon) => hour % 12 + if afternoon { 12 } else { 0 },
        None => hour,
    };
    NaiveTime::from_hms_micro_opt(hour, minute, second, micros)
}

/// Minutes ahead of UTC: nothing, `Z`, `UTC`, `GMT`, `+02:00`, `-0500`, `+01`.
fn offset(zone: &str) -> Option<i64> {
    if ["", "z", "utc", "gmt"].iter().any(|name| zone.eq_ignore_ascii_case(name)) {
        return Some(0);
    }
    let zone = zone.strip_prefix("UTC").or_else(|| zone.strip_prefix("GMT")).unwrap_or(zone);
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let digits = zone.strip_prefix(['+', '-'])?.replace(':', "");
    let number = number(&digits, 4)?;
    let (hours, minutes) = if digits.len() <= 2 { (number, 0) } else { (number / 100, number % 100) };
    (hours <= 18 && minutes < 60).then_some(sign * i64::from(hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::{Clock, DateCell, date_cell};
    use chrono::NaiveDateTime;
    use proptest::prelude::*;

    fn at(text: &str) -> NaiveDateTime {
        NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").unwrap()
    }

    fn day(text: &str) -> NaiveDateTime {
        at(&format!("{text} 00:00:00"))
    }

    #[test]
    fn plain_dates() {
        let cases = [
            ("2026-11-20", "2026-11-20 00:00:00"),
            ("2026/11/20", "2026-11-20 00:00:00"),
            ("2026-1-2", "2026-01-02 00:00:00"),
            ("20261120", "2026-11-20 00:00:00"),
            ("2026-11-20T23:30:00Z", "2026-11-20 23:30:00"),
            ("2026-11-20T23:30:00-05:00", "2026-11-21 04:30:00"),
            ("2026-11-20T01:30:00.250+0200", "2026-11-19 23:30:00.25"),
            ("2026-11-20 10:15 GMT", "2026-11-20 10:15:00"),
            ("20-Nov-2026", "2026-11-20 00:00:00"),
            ("20 November 26", "2026-11-20 00:00:00"),
            ("Nov 20, 2026", "2026-11-20 00:00:00"),
            ("Sept 3 2026 1:05 PM", "2026-09-03 13:05:00"),
        ];
        for (cell, value) in cases {
            assert_eq!(date_cell(cell, Clock::Utc), Some(DateCell::Plain(at(value))), "{cell}");
        }
    }

    #[test]
    fn a_date_is_the_one_that_stands_there_whatever_its_clock_says() {
        for (cell, local, utc) in [
            ("2025-12-31T00:00:00+01:00", "2025-12-31 00:00:00", "2025-12-30 23:00:00"),
            ("2025-12-31T23:30:00-08:00", "2025-12-31 23:30:00", "2026-01-01 07:30:00"),
            ("31-Dec-2025 23:30 GMT-8", "2025-12-31 23:30:00", "2026-01-01 07:30:00"),
            ("2025-12-31T23:30:00Z", "2025-12-31 23:30:00", "2025-12-31 23:30:00"),
        ] {
            assert_eq!(date_cell(cell, Clock::Local), Some(DateCell::Plain(at(local))), "{cell}");
            assert_eq!(date_cell(cell, Clock::Utc), Some(DateCell::Plain(at(utc))), "{cell}");
        }
    }

    #[test]
    fn slash_dates_have_up_to_two_readings() {
        let cases = [
            ("03/04/2026", Some("2026-03-04"), Some("2026-04-03")),
            ("3.4.26", Some("2026-03-04"), Some("2026-04-03")),
            ("12/25/2026", Some("2026-12-25"), None),
            ("25-12-2026", None, Some("2026-12-25")),
            ("02/30/2026", None, None),
            ("02/28/1899", None, None),
            ("2/28/1899", None, None),
        ];
        for (cell, month_first, day_first) in cases {
            let separator = *cell.as_bytes().iter().find(|byte| !byte.is_ascii_digit()).unwrap();
            let readings =
                DateCell::Slash { month_first: month_first.map(day), day_first: day_first.map(day), separator };
            let expected = (month_first.is_some() || day_first.is_some()).then_some(readings);
            assert_eq!(date_cell(cell, Clock::Utc), expected, "{cell}");
        }
        let evening = Some(DateCell::Slash {
            month_first: Some(at("2026-01-05 14:05:00")),
            day_first: Some(at("2026-05-01 14:05:00")),
            separator: b'/',
        });
        assert_eq!(date_cell("1/5/2026 2:05 PM", Clock::Utc), evening);
    }

    #[test]
    fn a_year_of_two_digits_may_stand_in_front() {
        for (cell, year) in [
            ("24/01/25", Some((24, 25))),
            ("26-3-4 10:00", Some((26, 4))),
            ("24.01.25", None),
            ("15/01/25", None),
            ("31/01/25", None),
            ("24/13/25", None),
            ("24/01/2025", None),
            ("1/2/25", None),
            ("24/01/32", None),
            ("24", None),
        ] {
            assert_eq!(super::year_in_front(cell), year, "{cell}");
        }
    }

    #[test]
    fn serials_and_nonsense() {
        assert_eq!(date_cell("46346", Clock::Utc), Some(DateCell::Serial(day("2026-11-20"))));
        assert_eq!(date_cell("46346.75", Clock::Utc), Some(DateCell::Serial(at("2026-11-20 18:00:00"))));
        for cell in [
            "",
            "19999",
            "80001",
            "2026",
            "tomorrow",
            "13/13/2026",
            "2026-13-01",
            "1/2",
            "0026-01-01",
            "1/2/20266",
            "2026-11-20 25:00",
            "é",
        ] {
            assert_eq!(date_cell(cell, Clock::Utc), None, "{cell}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in "\\PC{0,24}", numbers in "[0-9/.:TZ+ -]{0,24}") {
            let _ = (date_cell(&text, Clock::Utc), date_cell(&numbers, Clock::Local));
        }

        #[test]
        fn iso_dates_are_read_back(days in -25_000_i32..100_000) {
            let date = aceq_model::date_from_days(days).unwrap();
            prop_assert_eq!(date_cell(&date.to_string(), Clock::Utc), Some(DateCell::Plain(date.and_time(chrono::NaiveTime::MIN))));
        }
    }
}
