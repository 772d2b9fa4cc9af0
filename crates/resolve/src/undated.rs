//! Exports of one partner and kind of which one has no known day: which of them is newer is a guess, so it is told.

use crate::partners::{NO_PARTNER, Partners};
use crate::pile::{Pile, RowAt, known_snapshot};
use crate::repeats::{Gathering, repeats};
use aceq_model::{Finding, FindingCode, Position, TableId};
use std::collections::{BTreeMap, BTreeSet};

/// One finding per partner and undated roster that has company. Kinds whose files add up need no day.
pub(crate) fn undated_rosters(pile: &Pile, partners: &Partners) -> Vec<Finding> {
    if pile.id == TableId::Opportunities || repeats(pile.id).gathering == Gathering::AddUp {
        return Vec::new();
    }
    let mut rosters: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for (partner, file) in pile.files_of_partners().into_iter().filter(|(partner, _)| *partner != NO_PARTNER) {
        rosters.entry(partner).or_default().push(file);
    }
    let told = rosters.iter().filter(|(_, files)| files.len() > 1).flat_map(|(partner, files)| {
        let undated = files.iter().filter(|file| known_snapshot(&pile.files[**file]).is_none());
        undated.map(|file| finding(pile, *file, partners.name(*partner), files.len() - 1))
    });
    told.collect()
}

/// Undated exports of opportunities that hold a row of which another file has a version, with those files.
#[derive(Default)]
pub(crate) struct Undated(BTreeMap<(u32, usize), BTreeSet<usize>>);

impl Undated {
    /// Notes the versions of an opportunity; whether one of them may be newer than it counts. A table with a few columns
    /// does not compete with an export: whatever states the stage does.
    pub(crate) fn note(&mut self, pile: &Pile, versions: &[RowAt]) -> bool {
        let mut files: Vec<usize> = versions.iter().map(|at| pile.file_of(*at)).collect();
        files.retain(|file| pile.files[*file].has("stage"));
        files.sort_unstable();
        files.dedup();
        let mut is_open = false;
        for file in files.iter().filter(|file| files.len() > 1 && known_snapshot(&pile.files[**file]).is_none()) {
            let others = self.0.entry((versions[0].partner, *file)).or_default();
            others.extend(files.iter().filter(|other| *other != file));
            is_open = true;
        }
        is_open
    }

    /// The findings.
    pub(crate) fn told(&self, pile: &Pile, partners: &Partners) -> Vec<Finding> {
        let told =
            self.0.iter().map(|((partner, file), others)| finding(pile, *file, partners.name(*partner), others.len()));
        told.collect()
    }
}

fn finding(pile: &Pile, file: usize, partner_id: &str, others: usize) -> Finding {
    let name = pile.path(file);
    Finding {
        partner_id: partner_id.to_owned(),
        table: pile.id,
        position: Position {
            file: pile.path(file).to_string(),
            sheet: pile.sheet(file).to_string(),
            ..Position::default()
        },
        row_id: String::new(),
        column: None,
        code: FindingCode::UndatedExport,
        detail: format!(
            "{others} other file{} {} of this partner; state the day in aceq.toml: [snapshots] \"{name}\" = YYYY-MM-DD",
            if others == 1 { " or sheet holds" } else { "s or sheets hold" },
            match pile.id {
                TableId::Opportunities => "rows of the same opportunities",
                _ => pile.table.name,
            }
        ),
    }
}
