//! Which separators and quotes a text may have, and which it most likely has when no mapping knows its headers.

use super::head::Head;
use crate::csv::Dialect;
use std::collections::BTreeMap;

/// Separators with which exports are written.
pub(super) fn usual_dialects() -> [Dialect; 4] {
    [b',', b';', b'\t', b'|'].map(|delimiter| Dialect { delimiter, quote: b'"' })
}

/// The separator that the first line states for Excel: `sep=;`. It is believed before any other.
pub(super) fn stated_dialect(text: &str) -> Option<Dialect> {
    let line = text.lines().next()?.trim_matches('"');
    let stated = line.get(..4).filter(|start| start.eq_ignore_ascii_case("sep="))?.len();
    match line.as_bytes()[stated..] {
        [delimiter] if may_separate(delimiter) || delimiter == b' ' => Some(Dialect { delimiter, quote: b'"' }),
        _ => None,
    }
}

/// What a sniffer makes of the head, for separators that are not usual.
pub(super) fn unusual_dialects(text: &str) -> Vec<Dialect> {
    let mut end = text.len().min(16 << 10);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let sniffed = csv_nose::Sniffer::new().sniff_bytes(&text.as_bytes()[..end]);
    let delimiter = sniffed.ok().map(|metadata| metadata.dialect.delimiter).filter(|byte| may_separate(*byte));
    delimiter.map(|delimiter| Dialect { delimiter, quote: b'"' }).into_iter().collect()
}

fn may_separate(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphanumeric() && !matches!(byte, b'"' | b'\'' | b'\n' | b'\r' | b' ')
}

/// Whether a cell stands in apostrophes. Where all headers do, the apostrophe is the quote of the file.
pub(super) fn has_apostrophes(cell: &str) -> bool {
    cell.len() > 2 && cell.starts_with('\'') && cell.ends_with('\'')
}

/// The dialect of a text of which nothing is known: the one stated, else the one that cuts most records into equally
/// many fields. The sniffer is asked as well and decides between equals; alone it is led astray by words and dates.
pub(super) fn likely_dialect(head: &Head) -> Dialect {
    if let Some(stated) = stated_dialect(&head.text) {
        return stated;
    }
    let sniffed = unusual_dialects(&head.text);
    let mut best: Option<((usize, bool, usize), Dialect)> = None;
    for dialect in usual_dialects().into_iter().chain(sniffed.iter().copied()) {
        let (records, fields) = agreement(head, dialect);
        let rank = (records, sniffed.contains(&dialect), fields);
        if best.is_none_or(|(highest, _)| rank > highest) {
            best = Some((rank, dialect));
        }
    }
    let [comma, ..] = usual_dialects();
    let dialect = best.map_or(comma, |(_, dialect)| dialect);
    let first = head.candidates(dialect).into_iter().next();
    let apostrophes = first.is_some_and(|first| first.cells.iter().all(|cell| has_apostrophes(cell)));
    if apostrophes { Dialect { quote: b'\'', ..dialect } } else { dialect }
}

/// How many records have the most frequent number of fields, and that number. Records of one field agree on nothing.
fn agreement(head: &Head, dialect: Dialect) -> (usize, usize) {
    let mut widths: BTreeMap<usize, usize> = BTreeMap::new();
    for candidate in head.candidates(dialect) {
        *widths.entry(candidate.cells.len()).or_default() += 1;
    }
    widths.remove(&1);
    widths.into_iter().map(|(width, records)| (records, width)).max().unwrap_or((0, 1))
}

#[cfg(test)]
mod tests {
    use super::stated_dialect;

    #[test]
    fn a_separator_can_be_stated() {
        let cases = [
            ("sep=;\r\nId;Name", Some(b';')),
            ("SEP=,\nId", Some(b',')),
            ("\"sep=^\"\nId", Some(b'^')),
            ("sep=\t\nId", Some(b'\t')),
            ("sep=\nId", None),
            ("sep=ab\nId", None),
            ("sep=x\nId", None),
            ("Id;sep=;\n", None),
            ("séé", None),
        ];
        for (text, delimiter) in cases {
            assert_eq!(stated_dialect(text).map(|dialect| dialect.delimiter), delimiter, "{text}");
        }
    }
}
