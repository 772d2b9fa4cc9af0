//! `dim_requirement` and `dim_reading`: what result rows are about, from the checklists themselves.

use aceq_checklist::{Checklist, Requirement, Role, Rule};
use aceq_model::{requirement_key, tables};
use aceq_store::rows::Columns;
use arrow::array::RecordBatch;

/// A checklist, or one requirement of it with its place in the document.
struct Described<'c> {
    checklist: &'c Checklist,
    requirement: Option<(usize, &'c Requirement)>,
}

/// Rows of `dim_requirement`, sorted by key.
pub(super) fn requirements(checklists: &[&Checklist]) -> RecordBatch {
    let rows = described(checklists);
    let keys: Vec<String> = rows.iter().map(Described::key).collect();
    Columns::of(&tables::DIM_REQUIREMENT)
        .text("requirement_key", keys.iter().map(String::as_str))
        .text("program", rows.iter().map(|row| row.checklist.program.as_str()))
        .text("version", rows.iter().map(|row| row.checklist.version.as_str()))
        .text("program_title", rows.iter().map(|row| row.checklist.title.as_str()))
        .text("requirement_id", rows.iter().map(Described::id))
        .text("title", rows.iter().map(Described::title))
        .text("section", rows.iter().map(|row| row.requirement.map_or("", |(_, one)| one.section.as_str())))
        .text("kind", rows.iter().map(|row| row.requirement.map_or("whole", |(_, one)| kind(&one.rule))))
        .text("role", rows.iter().map(|row| row.requirement.map_or("whole", |(_, one)| role(one.role))))
        .integer("sort_order", rows.iter().map(Described::place))
        .text("document", rows.iter().map(|row| row.checklist.source.document.as_str()))
        .date(
            "checked",
            rows.iter().map(|row| row.requirement.map_or(row.checklist.source.checked, |one| one.1.checked)),
        )
        .finish()
}

/// Rows of `dim_reading`, sorted by key.
pub(super) fn readings(checklists: &[&Checklist]) -> RecordBatch {
    let rows = described(checklists);
    let mut readings: Vec<(String, &str, Option<&str>)> = Vec::new();
    for row in &rows {
        let adopted = row.requirement.and_then(|(_, one)| one.reading.as_deref());
        readings.push((row.key(), "adopted", adopted));
        let alternatives = row.requirement.iter().flat_map(|(_, one)| &one.alternatives);
        readings.extend(alternatives.map(|one| (row.key(), one.name.as_str(), Some(one.reading.as_str()))));
    }
    readings.sort();
    Columns::of(&tables::DIM_READING)
        .text("requirement_key", readings.iter().map(|row| row.0.as_str()))
        .text("reading", readings.iter().map(|row| row.1))
        .text("description", readings.iter().map(|row| row.2))
        .finish()
}

fn described<'c>(checklists: &[&'c Checklist]) -> Vec<Described<'c>> {
    let of = |checklist: &&'c Checklist| {
        let checklist = *checklist;
        let each = checklist.requirements.iter().enumerate();
        let each = each.map(move |one| Described { checklist, requirement: Some(one) });
        std::iter::once(Described { checklist, requirement: None }).chain(each)
    };
    let mut rows: Vec<Described<'c>> = checklists.iter().flat_map(of).collect();
    rows.sort_by_cached_key(Described::key);
    rows
}

impl<'c> Described<'c> {
    fn key(&self) -> String {
        requirement_key(&self.checklist.program, &self.checklist.version, self.id())
    }

    fn id(&self) -> &'c str {
        self.requirement.map_or("*", |(_, requirement)| requirement.id.as_str())
    }

    fn title(&self) -> &'c str {
        self.requirement.map_or(self.checklist.title.as_str(), |(_, requirement)| requirement.title.as_str())
    }

    fn place(&self) -> i32 {
        self.requirement.map_or(0, |(place, _)| i32::try_from(place + 1).unwrap_or(i32::MAX))
    }
}

fn kind(rule: &Rule) -> &'static str {
    match rule {
        Rule::Count(_) => "counted",
        Rule::Combine(..) => "combined",
        Rule::Attested(_) => "attested",
    }
}

fn role(role: Role) -> &'static str {
    match role {
        Role::Required => "required",
        Role::Part => "part",
        Role::Advice => "advice",
    }
}
