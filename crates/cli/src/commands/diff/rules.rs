//! Which checklist answers on each side, and how their rules differ.

use super::Titles;
use crate::error::CliError;
use crate::rules::{Assigned, assign};
use crate::rules_in_words::rule_lines;
use aceq_checklist::{Checklist, Library};
use aceq_model::{AsOf, CountDiff};
use std::collections::{BTreeMap, BTreeSet};

/// The checklists of both sides.
pub struct Judged<'l> {
    /// Each checklist once: what the engine is made for.
    pub checklists: Vec<&'l Checklist>,
    /// Per program the checklist before and the one after, as places in `checklists`.
    pub pairs: Vec<(Option<usize>, Option<usize>)>,
    /// What answers before.
    pub before: Vec<Assigned<'l>>,
    /// What answers after.
    pub after: Vec<Assigned<'l>>,
}

/// The checklists that answer on the two dates.
///
/// # Errors
/// When a program or version is known to neither library.
pub fn judge<'l>(
    libraries: (&'l Library, &'l Library),
    programs: &[String],
    versions: (Option<&str>, Option<&str>),
    dates: (AsOf, AsOf),
) -> Result<Judged<'l>, CliError> {
    let named = |library: &Library, other: &Library| -> Vec<String> {
        let missing = |program: &String| !library.programs().contains(&program.as_str());
        let only_there = |program: &String| missing(program) && other.programs().contains(&program.as_str());
        programs.iter().filter(|program| !only_there(program)).cloned().collect()
    };
    let side = |library: &'l Library, other: &Library, version, date| -> Result<Vec<Assigned<'l>>, CliError> {
        let named = named(library, other);
        if named.is_empty() && !programs.is_empty() {
            return Ok(Vec::new());
        }
        assign(library, &named, version, &[date])
    };
    let before = side(libraries.0, libraries.1, versions.0, dates.0)?;
    let after = side(libraries.1, libraries.0, versions.1, dates.1)?;
    let mut checklists: Vec<&Checklist> = Vec::new();
    let mut place = |checklist: &'l Checklist| {
        checklists.iter().position(|known| same(known, checklist)).unwrap_or_else(|| {
            checklists.push(checklist);
            checklists.len() - 1
        })
    };
    let of = |side: &[Assigned<'l>], program: &str| {
        side.iter().map(|assigned| assigned.checklist).find(|checklist| checklist.program == program)
    };
    let programs: BTreeSet<&str> = before.iter().chain(&after).map(|a| a.checklist.program.as_str()).collect();
    let mut pairs = Vec::new();
    for program in programs {
        pairs.push((of(&before, program).map(&mut place), of(&after, program).map(&mut place)));
    }
    Ok(Judged { checklists, pairs, before, after })
}

/// Whether two checklists have one text.
fn same(one: &Checklist, other: &Checklist) -> bool {
    (&one.program, &one.version, &one.content_hash) == (&other.program, &other.version, &other.content_hash)
}

impl Judged<'_> {
    /// The checklists of a side, as `smb 2025-08`.
    pub fn names(&self, side: &[Assigned<'_>]) -> Vec<String> {
        side.iter().map(|assigned| format!("{} {}", assigned.checklist.program, assigned.checklist.version)).collect()
    }

    /// Every checklist once, with the doubts of both dates.
    pub fn both(&self) -> Vec<Assigned<'_>> {
        let mut both: Vec<Assigned<'_>> = Vec::new();
        for side in self.before.iter().chain(&self.after) {
            let index = both.iter().position(|known| same(known.checklist, side.checklist));
            let index = index.unwrap_or_else(|| {
                both.push(Assigned { checklist: side.checklist, as_of: Vec::new(), warnings: BTreeMap::new() });
                both.len() - 1
            });
            both[index].as_of.extend(&side.as_of);
            for (warning, dates) in &side.warnings {
                both[index].warnings.entry(warning.clone()).or_default().extend(dates);
            }
        }
        both.sort_by_key(|assigned| (assigned.checklist.program.as_str(), assigned.checklist.released));
        both
    }

    /// Titles of both sides; those of after win.
    pub fn titles(&self) -> Titles {
        let mut titles = Titles::new();
        for checklist in self.before.iter().chain(&self.after).map(|assigned| assigned.checklist) {
            let key = |id: &str| (checklist.program.clone(), id.to_owned());
            titles.insert(key("*"), checklist.title.clone());
            titles.extend(checklist.requirements.iter().map(|r| (key(&r.id), r.title.clone())));
        }
        titles
    }

    /// Tells at each requirement which lines of its rule differ between the two sides.
    pub fn note_rules(&self, counts: &mut [CountDiff]) {
        for count in counts.iter_mut().filter(|count| count.member.is_none()) {
            let pair = self
                .pairs
                .iter()
                .find(|(a, b)| a.or(*b).is_some_and(|index| self.checklists[index].program == count.program));
            let Some((Some(before), Some(after))) = pair else { continue };
            if before != after {
                let (old, new) = (self.lines(*before, count), self.lines(*after, count));
                let gone = old.iter().filter(|line| !new.contains(line) && count.after.is_some());
                count.notes.extend(gone.map(|line| format!("rule before: {line}")));
                let come = new.iter().filter(|line| !old.contains(line) && count.before.is_some());
                count.notes.extend(come.map(|line| format!("rule after: {line}")));
            }
        }
    }

    fn lines(&self, checklist: usize, count: &CountDiff) -> Vec<String> {
        let checklist = self.checklists[checklist];
        let Some(requirement) = checklist.requirement(&count.requirement_id) else { return Vec::new() };
        let Some((_, rule)) = requirement.readings().find(|(reading, _)| *reading == count.reading) else {
            return Vec::new();
        };
        rule_lines(checklist, requirement, rule).into_iter().map(|(name, text)| format!("{name} {text}")).collect()
    }
}
