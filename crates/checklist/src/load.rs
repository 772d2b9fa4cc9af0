//! From the text of a rule file to a checked [`Checklist`].

mod count;
mod dates;
mod references;

use crate::Term;
use crate::checklist::{
    Accepted, Alternative, AttestedRule, AttestedUnit, Checklist, Combination, Condition, Requirement, Role, Rule,
    Source,
};
use crate::diagnostic::{Diagnostic, suggest};
use crate::file::{ChecklistFile, ConditionFile, RequirementFile};
use crate::predicate::{Scope, parse};
use aceq_model::{Picklists, TableId};
use dates::{date, until};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// Reads and checks a rule file.
///
/// `file` is the name used in messages.
///
/// # Errors
/// The first mistake in the file, with its place.
pub fn load(file: &str, text: &str, picklists: &Picklists) -> Result<Checklist, Diagnostic> {
    load_with_sets(file, text, picklists, &BTreeMap::new())
}

/// As [`load`], with value lists that replace those of the file, by program and name. That is how a user names what a
/// document leaves unnamed.
///
/// # Errors
/// As [`load`].
pub fn load_with_sets(
    file: &str,
    text: &str,
    picklists: &Picklists,
    replaced: &BTreeMap<String, BTreeMap<String, Vec<String>>>,
) -> Result<Checklist, Diagnostic> {
    let read: ChecklistFile = toml::from_str(text).map_err(|error| toml_diagnostic(file, text, &error))?;
    let mut sets = read.sets.clone();
    let stated = replaced.get(read.checklist.program.get_ref()).cloned().unwrap_or_default();
    let picklists = &with_values(picklists, stated.values().flatten());
    sets.extend(stated);
    sets.insert("program".to_owned(), vec![read.checklist.program.get_ref().clone()]);
    Loader { file, text, picklists, sets, read: &read }.checklist()
}

/// Picklists that also hold what the user states: those values may occur, or they would not have been named.
fn with_values<'v>(picklists: &Picklists, stated: impl Iterator<Item = &'v String>) -> Picklists {
    let mut extended = picklists.clone();
    for value in stated {
        extended.0.values_mut().for_each(|picklist| _ = picklist.values.insert(value.clone()));
    }
    extended
}

/// A TOML error as a diagnostic, with a suggestion for a mistyped key.
pub(crate) fn toml_diagnostic(file: &str, text: &str, error: &toml::de::Error) -> Diagnostic {
    let message = error.message().to_owned();
    let mut quoted = message.split('`').skip(1).step_by(2);
    let help = match (message.starts_with("unknown field"), quoted.next()) {
        (true, Some(key)) => suggest(key, quoted),
        _ => String::new(),
    };
    let short = message.split(", expected").next().unwrap_or(&message).to_owned();
    Diagnostic {
        file: file.to_owned(),
        text: text.to_owned(),
        span: error.span().unwrap_or(0..0),
        message: short,
        help,
    }
}

type Loaded<T> = Result<T, Diagnostic>;

struct Loader<'a> {
    file: &'a str,
    text: &'a str,
    picklists: &'a Picklists,
    sets: BTreeMap<String, Vec<String>>,
    read: &'a ChecklistFile,
}

impl Loader<'_> {
    fn checklist(&self) -> Loaded<Checklist> {
        let header = &self.read.checklist;
        for word in header.partner_types.get_ref() {
            if !["services", "technology"].contains(&word.as_str()) {
                let help = suggest(word, ["services", "technology"]);
                return Err(self.error(header.partner_types.span(), &format!("unknown partner type `{word}`"), &help));
            }
        }
        self.not_blank(&header.program, "program")?;
        self.not_blank(&header.version, "version")?;
        self.not_blank(&header.source.document, "source.document")?;
        self.check_picklist_of_program()?;
        self.unique_ids()?;
        let checklist = Checklist {
            program: header.program.get_ref().clone(),
            version: header.version.get_ref().clone(),
            title: header.title.clone(),
            partner_types: header.partner_types.get_ref().clone(),
            released: date(self, &header.released)?,
            accepted: Accepted {
                from: date(self, &header.accepted.from)?,
                until: header.accepted.until.as_ref().map(|end| until(self, end)).transpose()?,
            },
            incomplete: header.incomplete.clone(),
            source: Source {
                document: header.source.document.get_ref().clone(),
                checked: date(self, &header.source.checked)?,
            },
            conditions: self.read.condition.iter().map(|file| self.condition(file)).collect::<Loaded<_>>()?,
            requirements: self.read.requirement.iter().map(|file| self.requirement(file)).collect::<Loaded<_>>()?,
            content_hash: hex(&Sha256::digest(self.text.as_bytes())),
        };
        references::check_combinations(self, &checklist)?;
        Ok(checklist)
    }

    fn check_picklist_of_program(&self) -> Loaded<()> {
        let program = &self.read.checklist.program;
        let Some(picklist) = self.picklists.get("program") else { return Ok(()) };
        if picklist.values.contains(program.get_ref()) {
            return Ok(());
        }
        let message = format!("`{}` is not listed in mappings/values/program.toml", program.get_ref());
        let help = "add it there with the names that case studies and attestations use for it";
        Err(self.error(program.span(), &message, help))
    }

    fn condition(&self, file: &ConditionFile) -> Loaded<Condition> {
        let table = self.table(&file.table)?;
        Ok(Condition {
            id: file.id.get_ref().clone(),
            title: file.title.clone(),
            section: file.section.clone(),
            table,
            terms: self.terms(table, file.predicate.as_ref())?,
            window: file.window.as_ref().map(|window| self.window(table, window)).transpose()?,
        })
    }

    fn requirement(&self, file: &RequirementFile) -> Loaded<Requirement> {
        self.not_blank(&file.id, "id")?;
        self.not_blank(&file.title, "title")?;
        self.not_blank(&file.section, "section")?;
        let checked = file.checked.as_ref().unwrap_or(&self.read.checklist.source.checked);
        Ok(Requirement {
            id: file.id.get_ref().clone(),
            title: file.title.get_ref().clone(),
            section: file.section.get_ref().clone(),
            checked: date(self, checked)?,
            reading: file.reading.clone(),
            role: self.role(file)?,
            applies_when: self.conditions(&file.applies_when)?,
            waived_when: self.conditions(&file.waived_when)?,
            rule: self.rule(file)?,
            alternatives: self.alternatives(file)?,
        })
    }

    fn role(&self, file: &RequirementFile) -> Loaded<Role> {
        match (file.part, file.advice) {
            (true, true) => Err(self.error(file.id.span(), "a requirement is a part or advice, not both", "")),
            (true, false) => Ok(Role::Part),
            (false, true) => Ok(Role::Advice),
            (false, false) => Ok(Role::Required),
        }
    }

    fn rule(&self, file: &RequirementFile) -> Loaded<Rule> {
        self.only_fields_of_kind(file)?;
        match file.kind.get_ref().as_str() {
            "count" => self.count_rule(file).map(Rule::Count),
            "every" | "some" => self.quantified_rule(file).map(Rule::Count),
            "all_of" => Ok(Rule::Combine(Combination::All, self.parts(file)?)),
            "any_of" => Ok(Rule::Combine(Combination::Any, self.parts(file)?)),
            "at_least_of" => self.at_least_of(file),
            "attested" => self.attested(file).map(Rule::Attested),
            other => {
                let help = suggest(other, KINDS);
                Err(self.error(file.kind.span(), &format!("unknown kind `{other}`"), &help))
            }
        }
    }

    fn at_least_of(&self, file: &RequirementFile) -> Loaded<Rule> {
        let parts = self.parts(file)?;
        let wanted = self.required(file, file.at_least.as_ref(), "at_least")?;
        let count = self.hundredths(wanted)? / 100;
        if count < 1 || count > parts.len() as i64 {
            let message = format!("at_least must lie between 1 and {}, the number of parts", parts.len());
            return Err(self.error(wanted.span(), &message, ""));
        }
        Ok(Rule::Combine(Combination::AtLeast(count as u32), parts))
    }

    fn attested(&self, file: &RequirementFile) -> Loaded<AttestedRule> {
        let at_least = file.at_least.as_ref().map_or(Ok(100), |value| self.hundredths(value))?;
        let per = file.per.as_ref().map_or("partner", |per| per.get_ref().as_str());
        let unit = match per {
            "partner" => self.attested_partner(file, at_least)?,
            "case_study" => self.attested_case_study(file)?,
            other => {
                let help = suggest(other, ["partner", "case_study"]);
                let span = file.per.as_ref().map_or(0..0, Spanned::span);
                return Err(self.error(span, &format!("unknown unit `{other}`"), &help));
            }
        };
        Ok(AttestedRule { unit, at_least, answers_of: self.answers_of(file)? })
    }

    /// The id under which the self-assessment answers it: the requirement's own, or that of the one it is a part of.
    fn answers_of(&self, file: &RequirementFile) -> Loaded<String> {
        let id = file.answers_of.as_ref().unwrap_or(&file.id);
        let known = || self.read.requirement.iter().map(|other| other.id.get_ref().as_str());
        if known().any(|other| other == id.get_ref()) {
            return Ok(id.get_ref().clone());
        }
        let message = format!("there is no requirement `{}`", id.get_ref());
        Err(self.error(id.span(), &message, &suggest(id.get_ref(), known())))
    }

    fn attested_partner(&self, file: &RequirementFile, at_least: i64) -> Loaded<AttestedUnit> {
        let misplaced = file.base.as_ref().map(Spanned::span).or(file.case_satisfied_when.as_ref().map(Spanned::span));
        if let Some(span) = misplaced {
            return Err(self.error(
                span,
                "this belongs to per = \"case_study\"",
                "add per = \"case_study\", or remove it",
            ));
        }
        if at_least != 100 {
            return Err(self.error(
                file.id.span(),
                "a partner answers once",
                "use at_least = 1 or per = \"case_study\"",
            ));
        }
        Ok(AttestedUnit::Partner)
    }

    fn attested_case_study(&self, file: &RequirementFile) -> Loaded<AttestedUnit> {
        let base = self.base(file)?;
        let table = self.table(self.required(base, base.table.as_ref(), "table")?)?;
        if table != TableId::CaseStudies {
            return Err(self.error(
                file.id.span(),
                "the base must count case studies",
                "name the case-study requirement",
            ));
        }
        Ok(AttestedUnit::CaseStudy {
            base_terms: self.terms(table, base.predicate.as_ref())?,
            base_window: base.window.as_ref().map(|window| self.window(table, window)).transpose()?,
            satisfied_when: self.terms(table, file.case_satisfied_when.as_ref())?,
        })
    }

    fn alternatives(&self, file: &RequirementFile) -> Loaded<Vec<Alternative>> {
        let mut names = vec!["adopted"];
        let mut alternatives = Vec::new();
        for alternative in &file.alternative {
            let name = alternative.name.get_ref();
            if names.contains(&name.as_str()) {
                let message = format!("two readings are called `{name}`");
                return Err(self.error(alternative.name.span(), &message, "give each alternative a name of its own"));
            }
            names.push(name);
            let read = alternative.applied_to(file).map_err(|key| {
                let help = "where, window, having, of_which and each can be dropped";
                self.error(key.span(), &format!("`{}` cannot be dropped", key.get_ref()), help)
            })?;
            let rule = self.rule(&read)?;
            alternatives.push(Alternative { name: name.clone(), reading: alternative.reading.clone(), rule });
        }
        Ok(alternatives)
    }

    fn terms(&self, table: TableId, predicate: Option<&Spanned<String>>) -> Loaded<Vec<Term>> {
        let Some(predicate) = predicate else { return Ok(Vec::new()) };
        let scope = Scope { table: table.schema(), sets: &self.sets, picklists: self.picklists };
        parse(predicate.get_ref(), &scope).map_err(|mistake| {
            let span = self.inside(predicate, mistake.span);
            self.error(span, &mistake.message, &mistake.help)
        })
    }

    /// Where a range of a string's value stands in the file; the whole string where escapes hide it.
    fn inside(&self, value: &Spanned<String>, range: Range<usize>) -> Range<usize> {
        let whole = value.span();
        match self.text[whole.clone()].find(value.get_ref().as_str()) {
            Some(offset) => {
                let start = whole.start + offset;
                start + range.start..start + range.end
            }
            None => whole,
        }
    }

    fn error(&self, span: Range<usize>, message: &str, help: &str) -> Diagnostic {
        Diagnostic {
            file: self.file.to_owned(),
            text: self.text.to_owned(),
            span,
            message: message.to_owned(),
            help: help.to_owned(),
        }
    }

    fn not_blank(&self, value: &Spanned<String>, key: &str) -> Loaded<()> {
        if value.get_ref().trim().is_empty() {
            return Err(self.error(
                value.span(),
                &format!("`{key}` is blank"),
                "every rule names itself and its source",
            ));
        }
        Ok(())
    }
}

const KINDS: [&str; 7] = ["count", "every", "some", "all_of", "any_of", "at_least_of", "attested"];

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests;
