//! `aceq checklist`: list, show, check, test, diff.

mod cases;
mod diff;

use super::Outcome;
use super::evidence::find_requirement;
use crate::args::{ChecklistCommand, RuleArgs};
use crate::error::CliError;
use crate::rules::{RuleFile, library, rule_files};
use crate::rules_in_words::{requirement_lines, rule_lines};
use crate::screen::Screen;
use crate::settings::Loaded;
use aceq_checklist::{Checklist, Library, Requirement, Role, Rule};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;

/// Runs the command.
pub fn run(command: &ChecklistCommand, loaded: &Loaded, screen: &Screen) -> Result<Outcome, CliError> {
    match command {
        ChecklistCommand::List(selection) => {
            let args = RuleArgs { checklists: selection.checklists.clone(), version: None };
            let library = library(&loaded.rules(&args))?;
            screen.print(&library.checklists().iter().map(listed).collect::<String>())?;
            Ok(Outcome::Done)
        }
        ChecklistCommand::Show { program, requirement, rules } => {
            let rules = loaded.rules(rules);
            let library = library(&rules)?;
            let checklist = match &rules.version {
                Some(version) => library.version(program, version)?,
                None => library.versions(program)?.pop().expect("a known program has a version"),
            };
            screen.print(&shown(checklist, requirement.as_deref(), screen)?)?;
            Ok(Outcome::Done)
        }
        ChecklistCommand::Check { files } => check(files, screen),
        ChecklistCommand::Test { files } => cases::run(files, screen),
        ChecklistCommand::Diff { old, new } => diff::run(old, new, screen),
    }
}

/// Checks every rule file and the case file beside it; tells every file's first mistake.
fn check(files: &[PathBuf], screen: &Screen) -> Result<Outcome, CliError> {
    let files = rule_files(files)?;
    let mut checklists = Vec::new();
    let mut mistakes = Vec::new();
    for file in &files {
        match checked(file) {
            Ok((checklist, line)) => {
                screen.print(&line)?;
                checklists.push(checklist);
            }
            Err(error) => mistakes.push(error),
        }
    }
    if let Err(twice) = Library::new(checklists) {
        mistakes.push(twice.into());
    }
    let last = mistakes.pop();
    mistakes.iter().for_each(|mistake| screen.error(mistake));
    last.map_or(Ok(Outcome::Done), Err)
}

fn checked(file: &RuleFile) -> Result<(Checklist, String), CliError> {
    let checklist = file.load(&BTreeMap::new())?;
    let cases = file.load_cases()?.map_or(0, |cases| cases.cases.len());
    let line = format!("ok  {}: {} requirements, {cases} cases\n", file.name, checklist.requirements.len());
    Ok((checklist, line))
}

fn listed(checklist: &Checklist) -> String {
    let until = checklist.accepted.until.map_or_else(|| "no end named".to_owned(), |until| format!("until {until}"));
    let attested = checklist.requirements.iter().filter(|r| matches!(r.rule, Rule::Attested(_))).count();
    format!(
        "{} {}\n  {}\n  accepted from {}, {until}; checked {}\n  {} requirements, {attested} of them attested\n",
        checklist.program,
        checklist.version,
        checklist.title,
        checklist.accepted.from,
        checklist.source.checked,
        checklist.requirements.len(),
    )
}

fn shown(checklist: &Checklist, requirement: Option<&str>, screen: &Screen) -> Result<String, CliError> {
    if let Some(id) = requirement {
        return Ok(shown_requirement(checklist, find_requirement(checklist, id)?, screen));
    }
    let mut text = listed(checklist);
    let _ = writeln!(text, "  from {}", checklist.source.document);
    for gap in &checklist.incomplete {
        let _ = writeln!(text, "  incomplete: {gap}");
    }
    text.push('\n');
    for requirement in &checklist.requirements {
        let kind = match (&requirement.rule, requirement.role) {
            (_, Role::Advice) => "advice",
            (_, Role::Part) => "part",
            (Rule::Count(_), _) => "counted",
            (Rule::Combine(..), _) => "combined",
            (Rule::Attested(_), _) => "attested",
        };
        let width = usize::from(screen.width).max(60);
        let line = format!("{:<16} {kind:<9} {}", requirement.id, requirement.title);
        let options = textwrap::Options::new(width).subsequent_indent("                           ");
        let _ = writeln!(text, "{}", textwrap::fill(&line, options));
    }
    Ok(text)
}

fn shown_requirement(checklist: &Checklist, requirement: &Requirement, screen: &Screen) -> String {
    let width = usize::from(screen.width).max(60);
    let options = || textwrap::Options::new(width).initial_indent("  ").subsequent_indent("               ");
    let mut text = format!("{} {} · {}\n{}\n", checklist.program, checklist.version, requirement.id, requirement.title);
    let mut entry = |name: &str, value: &str| {
        let _ = writeln!(text, "{}", textwrap::fill(&format!("{name:<12} {value}"), options()));
    };
    for (name, value) in requirement_lines(checklist, requirement) {
        entry(&name, &value);
    }
    for alternative in &requirement.alternatives {
        entry("or", &format!("{}: {}", alternative.name, alternative.reading));
        for (name, value) in rule_lines(checklist, requirement, &alternative.rule) {
            entry(&format!("  {name}"), &value);
        }
    }
    text
}
