//! Whether statements about names make two names one customer and two.

use super::super::partner_names::key;
use crate::error::CliError;
use crate::settings::Reading;
use aceq_ingest::{Action, Statement};
use aceq_resolve::Override;
use std::collections::BTreeMap;

/// A customer name, of a partner if one is stated.
type Name = (Option<String>, String);

/// Names that are one customer by a chain of statements cannot be two by another statement.
pub(super) fn one_or_two(reading: &Reading) -> Result<(), CliError> {
    let of_file = |file: &'_ aceq_ingest::Corrections| {
        let names = |statement: &Statement| {
            [statement.row_id.as_deref().unwrap_or_default(), &statement.value]
                .map(|name| (statement.partner_id.clone(), key(name)))
        };
        let stated = file.statements.iter().map(|statement| (statement.action, statement.line, names(statement)));
        stated.collect::<Vec<_>>()
    };
    let of_settings = |names: &Override| [&names.left, &names.right].map(|name| (names.partner_id.clone(), key(name)));
    let files: Vec<_> = reading.corrections.iter().map(|file| (&file.name, of_file(file))).collect();
    let same = files.iter().flat_map(|(_, stated)| stated).filter(|(action, ..)| *action == Action::Same);
    let same = reading.resolve.same.iter().map(of_settings).chain(same.map(|(.., names)| names.clone()));
    let mut one: BTreeMap<Name, Name> = BTreeMap::new();
    for names in same {
        let [left, right] = names.map(|name| last_of(&one, name));
        if left != right {
            one.insert(right, left);
        }
    }
    for names in &reading.resolve.different {
        let [left, right] = of_settings(names).map(|name| last_of(&one, name));
        if left == right {
            return Err(CliError::OneOrTwo { left: names.left.clone(), right: names.right.clone() });
        }
    }
    for (file, stated) in &files {
        for (_, line, names) in stated.iter().filter(|(action, ..)| *action == Action::Different) {
            let [left, right] = names.clone().map(|name| last_of(&one, name));
            if left == right {
                let what = "other statements make the two names one customer: leave one of them out".to_owned();
                return Err(CliError::Correction { file: (*file).clone(), line: *line, what });
            }
        }
    }
    Ok(())
}

/// The name at the end of the chain that begins with `name`.
fn last_of(one: &BTreeMap<Name, Name>, mut name: Name) -> Name {
    while let Some(next) = one.get(&name) {
        name = next.clone();
    }
    name
}
