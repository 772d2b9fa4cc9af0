//! Exports of one partner and kind of which one has no known day: which of them is newer is a guess, so it is told.

use crate::opportunities::mapping_name;
use crate::partners::{NO_PARTNER, Partners};
use crate::pile::{Pile, known_snapshot};
use crate::repeats::{Gathering, repeats};
use aceq_model::{Finding, FindingCode, Position, TableId};
use std::collections::BTreeMap;

/// One finding per partner and undated file that has company. Kinds whose files add up need no day.
pub(crate) fn undated_exports(pile: &Pile, partners: &Partners) -> Vec<Finding> {
    let is_merged = pile.id == TableId::Opportunities;
    if !is_merged && repeats(pile.id).gathering == Gathering::AddUp {
        return Vec::new();
    }
    // Of opportunities, a table with a few columns does not compete with an export.
    let kind = |file: usize| if is_merged { mapping_name(&pile.files[file].mapping) } else { "" };
    let mut exports: BTreeMap<(u32, &str), Vec<usize>> = BTreeMap::new();
    for (partner, file) in pile.files_of_partners().into_iter().filter(|(partner, _)| *partner != NO_PARTNER) {
        exports.entry((partner, kind(file))).or_default().push(file);
    }
    let told = exports.iter().filter(|(_, files)| files.len() > 1).flat_map(|((partner, _), files)| {
        let undated = files.iter().filter(|file| known_snapshot(&pile.files[**file]).is_none());
        undated.map(|file| finding(pile, *file, partners.name(*partner), files.len() - 1))
    });
    told.collect()
}

fn finding(pile: &Pile, file: usize, partner_id: &str, others: usize) -> Finding {
    let name = pile.path(file).rsplit('/').next().unwrap_or_default();
    Finding {
        partner_id: partner_id.to_owned(),
        table: pile.id,
        position: Position {
            file: pile.path(file).to_string(),
            sheet: pile.sheet(file).to_string(),
            ..Position::default()
        },
        row_id: String::new(),
        code: FindingCode::UndatedExport,
        detail: format!(
            "{others} other file(s) hold {} of this partner; state the day in aceq.toml: [snapshots] \"{name}\" = YYYY-MM-DD",
            pile.table.name
        ),
    }
}
