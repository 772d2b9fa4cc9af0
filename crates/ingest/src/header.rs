//! What a header cell says, apart from how it is written.

use crate::value::money::is_currency_sign;
use aceq_model::DateOrder;
use std::borrow::Cow;

/// A header cell, reduced to what is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct HeaderCell {
    /// Lower-case letters and digits; empty for a blank header.
    pub key: String,
    /// The order of slash dates, where the header states one.
    pub date_order: Option<DateOrder>,
}

const STATED: [(&str, DateOrder); 4] = [
    ("(mm/dd/yyyy)", DateOrder::MonthFirst),
    ("(dd/mm/yyyy)", DateOrder::DayFirst),
    ("(dd.mm.yyyy)", DateOrder::DayFirst),
    ("(dd-mm-yyyy)", DateOrder::DayFirst),
];
/// Remarks of the bulk template about when a column must be filled; everything from here on is remark.
const REMARKS: [&str; 6] = ["- required", "- applicable", "- optional", "(applicable", "(required", "(optional"];

/// Reduces a header: HTML tags, the date order and remarks go; case, spaces and punctuation don't count.
pub(crate) fn header_cell(raw: &str) -> HeaderCell {
    let mut text = without_tags(raw).to_lowercase().replace("&amp;", "&");
    let stated = STATED.into_iter().find(|(suffix, _)| text.contains(suffix));
    if let Some((suffix, _)) = stated {
        text = text.replace(suffix, " ");
    }
    let text = with_any_index(&text);
    let end = REMARKS.iter().filter_map(|remark| text.find(remark)).min().unwrap_or(text.len());
    HeaderCell { key: key(&with_currencies(&text[..end])), date_order: stated.map(|(_, order)| order) }
}

/// The text with other currencies than dollars as words: `MRR (€)` is no column of US dollars.
fn with_currencies(text: &str) -> Cow<'_, str> {
    let named = |sign: char| match sign {
        '€' => Some("eur"),
        '£' => Some("gbp"),
        '₹' => Some("inr"),
        '¥' => Some("yen"),
        _ if is_currency_sign(sign) => Some("currency"),
        _ => None,
    };
    // `Currency (€/$)` is the column that says which.
    match text.chars().any(|letter| named(letter).is_some()) && !key(text).contains("currency") {
        false => Cow::Borrowed(text),
        true => {
            let words = text.chars().map(|letter| named(letter).map_or(Cow::Owned(letter.to_string()), Cow::Borrowed));
            words.collect::<String>().into()
        }
    }
}

/// Stands in a reduced header for an index in brackets. No header is written with it.
pub(crate) const ANY_INDEX: char = '\u{1}';

/// Puts one sign for every index in brackets: the items of a list share one meaning. `[*]` in a mapping means any.
pub(crate) fn with_any_index(text: &str) -> String {
    let mut rest = text;
    let mut out = String::with_capacity(text.len());
    while let Some((before, after)) = rest.split_once('[') {
        out.push_str(before);
        match after.split_once(']') {
            Some((index, after))
                if index == "*" || (!index.is_empty() && index.bytes().all(|b| b.is_ascii_digit())) =>
            {
                out.push(ANY_INDEX);
                rest = after;
            }
            _ => {
                out.push('[');
                rest = after;
            }
        }
    }
    out + rest
}

/// The numbers in brackets of a header, in order.
pub(crate) fn indexes_of(header: &str) -> Vec<u32> {
    let inside = header.split('[').skip(1).filter_map(|rest| rest.split_once(']'));
    inside.filter_map(|(index, _)| index.parse().ok()).collect()
}

/// `pattern` with the indexes of `header` in place of `[*]`, in order.
pub(crate) fn with_indexes_of(pattern: &str, header: &str) -> String {
    let mut indexes = header.split('[').skip(1).filter_map(|rest| rest.split_once(']')).map(|(index, _)| index);
    let mut parts = pattern.split("[*]");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out = format!("{out}[{}]{part}", indexes.next().unwrap_or("*"));
    }
    out
}

/// Lower-case letters and digits of `text`, `&` read as "and": the form in which texts are compared.
pub(crate) fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => key.push_str("and"),
            ANY_INDEX => key.push(ANY_INDEX),
            _ if letter.is_ascii_alphanumeric() => key.push(letter.to_ascii_lowercase()),
            _ if letter.is_alphanumeric() => key.extend(letter.to_lowercase()),
            _ => {}
        }
    }
    key
}

/// The text without `<span …>`-like tags. A lone `<` stays.
pub(crate) fn without_tags(raw: &str) -> String {
    let mut rest = raw;
    let mut text = String::with_capacity(raw.len());
    while let Some(open) = rest.find('<') {
        let Some(length) = rest[open..].find('>') else { break };
        text.push_str(&rest[..open]);
        rest = &rest[open + length + 1..];
    }
    text.push_str(rest);
    text.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::header_cell;
    use aceq_model::DateOrder::{DayFirst, MonthFirst};

    #[test]
    fn headers_are_compared_by_what_they_say() {
        let cases = [
            ("Opportunity Id", "opportunityid", None),
            ("  opportunity ID ", "opportunityid", None),
            ("MRR (€)", "mrreur", None),
            ("MRR ₺", "mrrcurrency", None),
            ("MRR ($)", "mrr", None),
            ("Currency (€/$)", "currency", None),
            ("<span id=\"j_id0:j_id7:2:j_id9\">Stage</span>", "stage", None),
            ("Date Created(MM/DD/YYYY)", "datecreated", Some(MonthFirst)),
            ("Target Close Date(mm/dd/yyyy) - required", "targetclosedate", Some(MonthFirst)),
            ("Start (DD/MM/YYYY)", "start", Some(DayFirst)),
            ("Solution Offered - required", "solutionoffered", None),
            ("Next Steps - applicable if Partner Primary Need from AWS = Co-Sell", "nextsteps", None),
            ("Parent Opportunity ID (applicable only if Opportunity Type = Expansion)", "parentopportunityid", None),
            ("AWS MRR (USD)", "awsmrrusd", None),
            ("Project.ExpectedCustomerSpend[0].Amount", "projectexpectedcustomerspend\u{1}amount", None),
            ("awsProducts[*]", "awsproducts\u{1}", None),
            ("Amount [USD]", "amountusd", None),
            ("Project Description/Business Need", "projectdescriptionbusinessneed", None),
            ("", "", None),
        ];
        for (raw, key, date_order) in cases {
            let cell = header_cell(raw);
            assert_eq!((cell.key.as_str(), cell.date_order), (key, date_order), "{raw}");
        }
    }
}
