//! `aceq checklist diff`: what changed between two rule files.

use super::Outcome;
use crate::error::CliError;
use crate::rules::rule_files;
use crate::rules_in_words::rule_lines;
use crate::screen::Screen;
use aceq_checklist::{Checklist, Requirement};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;

/// Runs the command.
pub fn run(old: &Path, new: &Path, screen: &Screen) -> Result<Outcome, CliError> {
    let load = |path: &Path| -> Result<Checklist, CliError> {
        let files = rule_files(&[path.to_owned()])?;
        let [file] = files.as_slice() else { return Err(CliError::NoRules { paths: vec![path.to_owned()] }) };
        file.load(&BTreeMap::new())
    };
    screen.print(&difference(&load(old)?, &load(new)?))?;
    Ok(Outcome::Done)
}

fn difference(old: &Checklist, new: &Checklist) -> String {
    let mut text = format!("{} {} → {} {}\n", old.program, old.version, new.program, new.version);
    for requirement in &new.requirements {
        match old.requirement(&requirement.id) {
            None => {
                let _ = writeln!(text, "+ {} {}", requirement.id, requirement.title);
            }
            Some(earlier) => changed(&mut text, (old, earlier), (new, requirement)),
        }
    }
    for requirement in old.requirements.iter().filter(|r| new.requirement(&r.id).is_none()) {
        let _ = writeln!(text, "- {} {}", requirement.id, requirement.title);
    }
    if text.lines().count() == 1 {
        text.push_str("  the same requirements\n");
    }
    text
}

fn changed(text: &mut String, old: (&Checklist, &Requirement), new: (&Checklist, &Requirement)) {
    let (before, after) = (lines(old.0, old.1), lines(new.0, new.1));
    if before == after {
        return;
    }
    let _ = writeln!(text, "~ {} {}", new.1.id, new.1.title);
    for line in before.iter().filter(|line| !after.contains(line)) {
        let _ = writeln!(text, "    - {line}");
    }
    for line in after.iter().filter(|line| !before.contains(line)) {
        let _ = writeln!(text, "    + {line}");
    }
}

fn lines(checklist: &Checklist, requirement: &Requirement) -> Vec<String> {
    let mut lines = vec![format!("title {}", requirement.title), format!("role {:?}", requirement.role)];
    for (reading, rule) in requirement.readings() {
        let described = rule_lines(checklist, requirement, rule);
        lines.extend(described.into_iter().map(|(name, value)| match reading {
            "adopted" => format!("{name} {value}"),
            other => format!("{other}: {name} {value}"),
        }));
    }
    lines
}
