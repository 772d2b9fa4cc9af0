//! Which currency a number format names. Amounts are US dollars unless a format says otherwise; a format that says something that
//! nobody knows is in no known currency, and never in dollars.

use crate::value::money::{CODES, Currency, currency, is_currency_sign};

/// What ISO 4217 calls no currency: no rate is ever configured for it.
pub(super) const NO_CURRENCY: &str = "XXX";

/// Words beside dollars a month that make nothing else of them.
const HARMLESS: [&str; 68] = [
    "usd",
    "us",
    "dollar",
    "dollars",
    "dólares",
    "dollari",
    "доллар",
    "долларов",
    "ドル",
    "米ドル",
    "美元",
    "달러",
    "mo",
    "mos",
    "mth",
    "mnth",
    "mon",
    "month",
    "monthly",
    "monat",
    "monatlich",
    "mois",
    "mensuel",
    "mes",
    "mês",
    "mensual",
    "mensuales",
    "mensal",
    "mese",
    "mensile",
    "mensili",
    "maand",
    "mnd",
    "månad",
    "måned",
    "pm",
    "pcm",
    "per",
    "pro",
    "par",
    "por",
    "al",
    "est",
    "estimate",
    "estimated",
    "approx",
    "approximately",
    "about",
    "avg",
    "ca",
    "circa",
    "mrr",
    "net",
    "gross",
    "excl",
    "tax",
    "each",
    "total",
    "sum",
    "list",
    "only",
    "up",
    "to",
    "amount",
    "revenue",
    "recurring",
    "spend",
    "aws",
];

/// Words by which an amount is a year's.
const YEARLY: [&str; 14] = [
    "pa",
    "yr",
    "year",
    "yearly",
    "annual",
    "annually",
    "annum",
    "jahr",
    "jährlich",
    "an",
    "annuel",
    "año",
    "anual",
    "arr",
];

/// What stands before a number whose format says that it is a year's.
pub(crate) const A_YEAR: &str = "p.a.";

/// Words beside numbers that are no amounts.
const COUNTED: [&str; 20] = [
    "day",
    "days",
    "hour",
    "hours",
    "hr",
    "hrs",
    "h",
    "week",
    "weeks",
    "months",
    "years",
    "yrs",
    "pc",
    "pcs",
    "people",
    "persons",
    "employees",
    "users",
    "seats",
    "pts",
];

/// Words for more than the number that stands there.
const THOUSANDS: [&str; 11] = ["k", "t", "m", "mio", "mn", "mm", "bn", "tsd", "thousand", "thousands", "million"];

/// What stands in `[$…]`, a sign and perhaps a locale: `$-409`, `€-407`, `$-1009`, `-409`. `None` where that is no currency, or US dollars.
pub(super) fn of_bracket(money: &str) -> Option<String> {
    let (sign, locale) = money.split_once('-').unwrap_or((money, ""));
    match sign.trim() {
        "" | "US$" | "USD" | "$US" => None,
        "$" => dollars_of(locale).map(str::to_owned),
        sign => Some(named(sign).unwrap_or(NO_CURRENCY).to_owned()),
    }
}

/// The dollars (and pesos) of a locale, as Windows numbers it or as newer programs name it; `None` for those of the United States.
fn dollars_of(locale: &str) -> Option<&'static str> {
    let locale = locale.trim_start_matches('0').to_ascii_uppercase();
    match locale.as_str() {
        // Ecuador, El Salvador and Puerto Rico pay in them.
        "" | "1" | "409" | "EN-US" | "540A" | "ES-US" | "300A" | "440A" | "500A" => None,
        "1009" | "C0C" | "EN-CA" | "FR-CA" => Some("CAD"),
        "C09" | "EN-AU" => Some("AUD"),
        "1409" | "EN-NZ" => Some("NZD"),
        "4809" | "1004" | "EN-SG" | "ZH-SG" => Some("SGD"),
        "C04" | "3C09" | "ZH-HK" | "EN-HK" => Some("HKD"),
        "404" | "ZH-TW" => Some("TWD"),
        "80A" | "ES-MX" => Some("MXN"),
        "2C0A" | "ES-AR" => Some("ARS"),
        "340A" | "ES-CL" => Some("CLP"),
        "240A" | "ES-CO" => Some("COP"),
        _ => Some(NO_CURRENCY),
    }
}

/// What a format writes beside the number, in quotes or as it is: `€`, ` kr`, `EUR/Monat`, ` p.a.`. `None` where that leaves it a number
/// (` days`), or US dollars a month; every other word may make anything of it. `is_scaled`: it shows thousands or millions of what
/// the cell holds, so that `K` and `M` speak of what is seen.
pub(super) fn of_words(words: &str, is_scaled: bool) -> Option<String> {
    let words = words.trim();
    if words.is_empty() {
        return None;
    }
    if let Some(code) = named(words).filter(|code| *code != "USD") {
        return Some(code.to_owned());
    }
    // `U.S.`, `p.m.`, `p.a.`
    let lower = words.to_lowercase().replace('.', "").replace("u$s", "usd").replace("u$d", "usd");
    let parts = lower.split(|letter: char| !letter.is_alphabetic()).filter(|word| !word.is_empty());
    let is_known =
        |word: &&str| HARMLESS.contains(word) || COUNTED.contains(word) || (is_scaled && THOUSANDS.contains(word));
    let unknown: Vec<&str> = parts.filter(|word| !is_known(word)).collect();
    match words.contains(is_currency_sign) {
        false if unknown.is_empty() => None,
        false if unknown.iter().all(|word| YEARLY.contains(word)) => Some(A_YEAR.to_owned()),
        _ => Some(NO_CURRENCY.to_owned()),
    }
}

/// The currency that a sign or a code names by itself.
fn named(sign: &str) -> Option<&str> {
    let is_upper = |word: &str| word.len() == 3 && word.bytes().all(|byte| byte.is_ascii_uppercase());
    match currency(sign) {
        Some(Currency::Code(code)) if code == sign && !is_upper(code) => {
            // `pcs` is no code; `¥` stays what it is.
            let known = CODES.iter().find(|known| known.eq_ignore_ascii_case(code)).copied();
            known.or(Some(code).filter(|code| !code.is_ascii()))
        }
        // The sign of one currency stays what it is: whoever looks at the cell sees it.
        Some(Currency::Code(_)) if matches!(sign, "€" | "£" | "₹") => Some(sign),
        Some(Currency::Code(code)) => Some(code),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{of_bracket, of_words};

    #[test]
    fn brackets_name_a_currency_and_a_place() {
        for (money, code) in [
            ("$-409", None),
            ("$", None),
            ("-409", None),
            ("USD", None),
            ("$-en-US", None),
            ("$-1009", Some("CAD")),
            ("$-C09", Some("AUD")),
            ("$-5C0A", Some("XXX")),
            ("€-407", Some("€")),
            ("£-809", Some("£")),
            ("¥-411", Some("¥")),
            ("R$-416", Some("BRL")),
            ("kr-41D", Some("XXX")),
            ("zł-415", Some("XXX")),
            ("eur", Some("EUR")),
            ("CHF-807", Some("CHF")),
        ] {
            assert_eq!(of_bracket(money).as_deref(), code, "{money}");
        }
    }

    #[test]
    fn words_beside_a_number_may_name_one() {
        for (words, code) in [
            ("", None),
            (" days", None),
            ("pcs", None),
            ("$", None),
            ("US$", None),
            ("USD / month", None),
            ("USD p.m.", None),
            ("$/mo", None),
            ("€", Some("€")),
            (" £", Some("£")),
            ("Eur", Some("EUR")),
            ("EUR", Some("EUR")),
            ("ABC", Some("ABC")),
            ("R$ ", Some("BRL")),
            ("kr", Some("XXX")),
            ("Kč", Some("XXX")),
            ("Rs.", Some("XXX")),
            ("€/mo", Some("XXX")),
            ("EUR/Monat", Some("XXX")),
            ("T€", Some("XXX")),
            ("k$", Some("XXX")),
            ("k USD", Some("XXX")),
            ("₺", Some("XXX")),
        ] {
            assert_eq!(of_words(words, false).as_deref(), code, "{words}");
        }
        for words in ["$K", "$M", " USD", "~$", "$ (est.)", "dollars (USD)", "US $", "$ per mo", "$ USD"] {
            assert_eq!(of_words(words, true), None, "{words}");
        }
        for words in [
            "NT$",
            "S$",
            "Mex$",
            "S/.",
            " Yen",
            " Euro",
            " Reais",
            " TEUR",
            "千円",
            "ユーロ",
            " E U R",
            "R",
            " Mio",
            "евро",
        ] {
            assert_eq!(of_words(words, false).as_deref(), Some("XXX"), "{words}");
        }
        for words in [" p.a.", "$/yr", "annual: ", " / Jahr"] {
            assert_eq!(of_words(words, false).as_deref(), Some("p.a."), "{words}");
        }
        for words in [
            " U.S. dollars",
            " (monthly recurring)",
            " estimated",
            " revenue",
            "$ pm",
            " /maand",
            " USD mensuales",
            "U$S ",
            "Total: ",
        ] {
            assert_eq!(of_words(words, false), None, "{words}");
        }
    }
}
