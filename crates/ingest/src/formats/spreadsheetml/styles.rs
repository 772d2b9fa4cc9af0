//! What the styles of a workbook make of its numbers.

use super::super::markup::attribute;
use super::super::workbook::number::{Epoch, NumberKind, expanded, number_text};
use quick_xml::events::BytesStart;
use std::collections::HashMap;

/// Styles that a chain of parents may have.
const PARENTS: usize = 8;

/// The styles of a workbook, by id.
#[derive(Default)]
pub(super) struct Styles {
    by_id: HashMap<String, Style>,
    /// The one being read.
    current: String,
}

#[derive(Default)]
struct Style {
    parent: String,
    kind: Option<NumberKind>,
}

impl Styles {
    /// Takes note of an element that may be a style, or the number format of the one being read.
    pub(super) fn note(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "Style" => {
                self.current = attribute(tag, "ID").unwrap_or_default();
                let parent = attribute(tag, "Parent").unwrap_or_default();
                self.by_id.insert(self.current.clone(), Style { parent, kind: None });
            }
            "NumberFormat" => {
                if let (Some(style), Some(format)) = (self.by_id.get_mut(&self.current), attribute(tag, "Format")) {
                    style.kind = Some(of_name(format.trim()));
                }
            }
            _ => {}
        }
    }

    /// What the first of these styles makes of a number; the workbook's own where there is none.
    pub(super) fn kind<'i>(&self, mut ids: impl Iterator<Item = &'i str>) -> &NumberKind {
        let mut style = ids.find_map(|id| self.by_id.get(id)).or_else(|| self.by_id.get("Default"));
        for _ in 0..PARENTS {
            match style {
                Some(Style { kind: Some(kind), .. }) => return kind,
                Some(Style { parent, .. }) => style = self.by_id.get(parent),
                None => break,
            }
        }
        &NumberKind::Plain
    }
}

/// Formats have names beside codes.
fn of_name(format: &str) -> NumberKind {
    match format {
        "Percent" => NumberKind::Percent,
        "Euro Currency" => NumberKind::Money("€".to_owned()),
        "General Number" | "Currency" | "Fixed" | "Standard" | "Scientific" | "Yes/No" | "True/False" | "On/Off" => {
            NumberKind::Plain
        }
        name if name.ends_with(" Date") || name.ends_with(" Time") => NumberKind::Moment,
        code => NumberKind::of(code),
    }
}

/// The text of a number, digit by digit where its format only writes something beside it.
pub(super) fn text(number: &str, kind: &NumberKind, epoch: Epoch) -> String {
    let digits = expanded(number).unwrap_or_else(|| number.to_owned());
    match kind {
        // A day is read as such in a column of days, styled or not.
        NumberKind::Plain | NumberKind::Moment => digits,
        NumberKind::Money(currency) => format!("{currency} {digits}"),
        NumberKind::Percent => expanded(&format!("{digits}e2")).map_or(digits, |percent| percent + "%"),
        NumberKind::Padded(..) => match number.trim().parse::<f64>() {
            Ok(value) => number_text(value, kind, epoch),
            Err(_) => digits,
        },
    }
}
