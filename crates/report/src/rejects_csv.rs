//! `rejects.csv`: what could not be read, to be corrected in place and fed back with `--corrections`.

use crate::sheet::{Value, csv_text};
use aceq_model::{Reject, RejectReason};
use std::collections::BTreeSet;

const HEADER: [&str; 9] =
    ["source_file", "source_sheet", "source_line", "column_name", "reason", "what_to_do", "raw", "correction", "why"];

/// The header line of the file: RFC 4180. The last two columns are the user's.
pub fn rejects_csv_header() -> String {
    csv_text(|writer| writer.write_record(HEADER))
}

/// Some rejects as lines of the file, in the order in which they come.
pub fn rejects_csv(rejects: &[Reject]) -> String {
    csv_text(|writer| rejects.iter().try_for_each(|reject| writer.write_record(record(reject))))
}

fn record(reject: &Reject) -> [String; HEADER.len()] {
    let text = |text: &str| Value::text(text).csv();
    [
        text(&reject.position.file),
        text(&reject.position.sheet),
        reject.position.line.to_string(),
        text(reject.column.as_deref().unwrap_or_default()),
        reject.reason.code().to_owned(),
        reject_advice(reject) + &unseen(&reject.raw),
        text(&reject.raw),
        String::new(),
        String::new(),
    ]
}

/// Characters that nobody sees in a text that looks right: without them said, its rejection is a riddle.
fn unseen(raw: &str) -> String {
    let is_unseen = |letter: &char| {
        matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
            || (letter.is_control() && !letter.is_whitespace())
    };
    let codes: BTreeSet<String> =
        raw.chars().filter(is_unseen).map(|letter| format!("U+{:04X}", u32::from(letter))).collect();
    if codes.is_empty() {
        return String::new();
    }
    let codes: Vec<String> = codes.into_iter().collect();
    format!(" (it holds characters that cannot be seen, {}: type it anew)", codes.join(", "))
}

/// What to write under `correction`, or what else to do.
pub fn reject_advice(reject: &Reject) -> String {
    use RejectReason::{
        AmbiguousMoney, AmbiguousPercent, BadDate, BadEmail, BadFlag, BadInteger, BadJson, BadMoney, ErrorValue,
        FailedCall, HalfCell, MissingId, MissingPartner, MissingValue, NegativeMoney, NotHeld, NotText, OpenQuote,
        RowTooLong, SeveralCustomers, TooFewFields, TooManyFields, TwoIds, UnknownCurrency, UnreadableFile,
    };
    let column = reject.column.as_deref();
    let other = if column.is_some() { "exclude to leave the row out" } else { "exclude to settle that it is not used" };
    let what = match reject.reason {
        BadDate => "the date as YYYY-MM-DD",
        BadMoney | AmbiguousMoney | NegativeMoney => "the amount in USD as 1234.50",
        AmbiguousPercent => "the share as 60%",
        UnknownCurrency => "the amount in USD, or state a rate under [currency_rates]",
        BadInteger => "a whole number",
        BadFlag => "yes or no",
        BadEmail => "the one e-mail address of the person",
        SeveralCustomers => "the one customer whose deal it is",
        ErrorValue | HalfCell => "the value",
        MissingPartner => {
            return "state --partner-id, or fill in the Partner Id of the row in the file itself".to_owned();
        }
        UnreadableFile => return "save or export the file anew, or take it out of the folder".to_owned(),
        BadJson | FailedCall | NotHeld => return format!("write under correction: {other}"),
        // Records are rewritten as text, and a sheet has none.
        _ if column.is_none() && !reject.position.sheet.is_empty() => {
            return format!("mend the row in the file itself; or write under correction: {other}");
        }
        MissingId => "the whole record with its id",
        MissingValue => "the whole record with the missing value",
        TooManyFields | TooFewFields | TwoIds => "the whole record with as many fields as the header",
        NotText | RowTooLong | OpenQuote => "the whole record, with quotes closed, in UTF-8",
    };
    let place = if column.is_none() { " (of separated text; mend another file itself)" } else { "" };
    format!("write under correction: {what}{place}; or {other}")
}

#[cfg(test)]
mod tests {
    use super::{rejects_csv, rejects_csv_header};
    use aceq_model::{Position, Reject, RejectReason};

    #[test]
    fn characters_that_cannot_be_seen_are_named() {
        let reject = Reject {
            position: Position::default(),
            column: None,
            raw: "O\u{200b}12\0,Acme,\u{200b}".to_owned(),
            reason: RejectReason::MissingId,
        };
        let told = "(it holds characters that cannot be seen, U+0000, U+200B: type it anew)";
        assert!(rejects_csv(&[reject]).contains(told));
    }

    #[test]
    fn it_reads_like_this() {
        let position = |line| Position { file: "a.csv".to_owned(), line, ..Position::default() };
        let row = Reject {
            position: position(3),
            column: None,
            raw: ",\"Acme, Inc.\"".to_owned(),
            reason: RejectReason::MissingId,
        };
        let cell = Reject {
            position: position(2),
            column: Some("mrr_usd".to_owned()),
            raw: "-5".to_owned(),
            reason: RejectReason::NegativeMoney,
        };
        let lines = [
            "source_file,source_sheet,source_line,column_name,reason,what_to_do,raw,correction,why",
            "a.csv,,2,mrr_usd,negative_money,write under correction: the amount in USD as 1234.50; or exclude to leave the row out,'-5,,",
            "a.csv,,3,,missing_id,write under correction: the whole record with its id (of separated text; mend another file itself); or exclude to settle that it is not used,\",\"\"Acme, Inc.\"\"\",,",
        ];
        assert_eq!(rejects_csv_header() + &rejects_csv(&[cell, row]), lines.map(|line| format!("{line}\r\n")).concat());
    }
}
