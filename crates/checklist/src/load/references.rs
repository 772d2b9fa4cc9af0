//! References between the parts of a rule file, and which fields belong to which kind.

use super::{Loaded, Loader};
use crate::checklist::{Checklist, Rule};
use crate::diagnostic::suggest;
use crate::file::RequirementFile;
use std::ops::Range;
use toml::Spanned;

impl Loader<'_> {
    pub(super) fn unique_ids(&self) -> Loaded<()> {
        let requirements: Vec<_> = self.read.requirement.iter().map(|file| &file.id).collect();
        let conditions: Vec<_> = self.read.condition.iter().map(|file| &file.id).collect();
        for ids in [requirements, conditions] {
            for (index, id) in ids.iter().enumerate() {
                if ids[..index].iter().any(|earlier| earlier.get_ref() == id.get_ref()) {
                    let message = format!("`{}` is used twice", id.get_ref());
                    return Err(self.error(id.span(), &message, "ids are unique within a checklist"));
                }
                if id.get_ref() == "*" {
                    return Err(self.error(id.span(), "`*` stands for the whole checklist", "choose another id"));
                }
            }
        }
        Ok(())
    }

    /// Indices of the named conditions.
    pub(super) fn conditions(&self, names: &[Spanned<String>]) -> Loaded<Vec<usize>> {
        let known = &self.read.condition;
        let find = |name: &Spanned<String>| {
            known.iter().position(|file| file.id.get_ref() == name.get_ref()).ok_or_else(|| {
                let help = suggest(name.get_ref(), known.iter().map(|file| file.id.get_ref().as_str()));
                self.error(name.span(), &format!("there is no condition `{}`", name.get_ref()), &help)
            })
        };
        names.iter().map(find).collect()
    }

    /// Indices of the requirements that a combination names.
    pub(super) fn parts(&self, file: &RequirementFile) -> Loaded<Vec<usize>> {
        let names = self.required(file, file.of.as_ref(), "of")?;
        if names.get_ref().is_empty() {
            return Err(self.error(names.span(), "a combination of nothing", "name the requirements it combines"));
        }
        let known = &self.read.requirement;
        let find = |name: &Spanned<String>| {
            known.iter().position(|other| other.id.get_ref() == name.get_ref()).ok_or_else(|| {
                let help = suggest(name.get_ref(), known.iter().map(|other| other.id.get_ref().as_str()));
                self.error(name.span(), &format!("there is no requirement `{}`", name.get_ref()), &help)
            })
        };
        names.get_ref().iter().map(find).collect()
    }

    /// A field that says nothing for the requirement's kind is a mistake, not a comment.
    pub(super) fn only_fields_of_kind(&self, file: &RequirementFile) -> Loaded<()> {
        let allowed: &[&str] = match file.kind.get_ref().as_str() {
            "count" => &["table", "count", "where", "window", "at_least", "having", "of_which", "each"],
            "every" | "some" => &["base", "where"],
            "all_of" | "any_of" => &["of"],
            "at_least_of" => &["of", "at_least"],
            "attested" => &["per", "at_least", "base", "case_satisfied_when", "answers_of"],
            _ => return Ok(()),
        };
        for (key, span) in fields(file) {
            if let Some(span) = span.filter(|_| !allowed.contains(&key)) {
                let message = format!("`{key}` means nothing for kind \"{}\"", file.kind.get_ref());
                return Err(self.error(span, &message, &format!("it takes: {}", allowed.join(", "))));
            }
        }
        Ok(())
    }
}

fn fields(file: &RequirementFile) -> [(&'static str, Option<Range<usize>>); 13] {
    fn span<T>(field: &Option<Spanned<T>>) -> Option<Range<usize>> {
        field.as_ref().map(Spanned::span)
    }
    [
        ("table", span(&file.table)),
        ("count", span(&file.count)),
        ("where", span(&file.predicate)),
        ("window", span(&file.window)),
        ("at_least", span(&file.at_least)),
        ("having", span(&file.having)),
        ("of_which", span(&file.of_which)),
        ("each", span(&file.each)),
        ("base", span(&file.base)),
        ("of", span(&file.of)),
        ("per", span(&file.per)),
        ("case_satisfied_when", span(&file.case_satisfied_when)),
        ("answers_of", span(&file.answers_of)),
    ]
}

/// No requirement may contain itself, however indirectly.
pub(super) fn check_combinations(loader: &Loader<'_>, checklist: &Checklist) -> Loaded<()> {
    for start in 0..checklist.requirements.len() {
        let mut open = vec![start];
        let mut seen = vec![false; checklist.requirements.len()];
        while let Some(index) = open.pop() {
            let Rule::Combine(_, parts) = &checklist.requirements[index].rule else { continue };
            if parts.contains(&start) {
                let span = loader.read.requirement[start].id.span();
                return Err(loader.error(span, "the requirement contains itself", "break the circle in `of`"));
            }
            for part in parts {
                if !std::mem::replace(&mut seen[*part], true) {
                    open.push(*part);
                }
            }
        }
    }
    Ok(())
}
