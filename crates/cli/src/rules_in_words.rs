//! A rule in words: what is counted, of which rows, in which months, and how many it takes.

use aceq_checklist::{
    AttestedUnit, Checklist, Combination, CountRule, Members, Requirement, Rule, RuleWindow, Term, Unit,
};
use aceq_model::Cents;
use aceq_timeline::Window;

/// `(name, text)` lines about a requirement: where it is written, when it was checked, the adopted rule and its reading.
pub fn requirement_lines(checklist: &Checklist, requirement: &Requirement) -> Vec<(String, String)> {
    let source = format!("{}, section {}", checklist.source.document, requirement.section);
    let mut lines = vec![line("written in", &source), line("checked", &requirement.checked.to_string())];
    lines.extend(rule_lines(checklist, requirement, &requirement.rule));
    lines.extend(requirement.reading.iter().map(|reading| line("read as", reading)));
    lines
}

/// `(name, text)` lines that describe one reading of a requirement.
pub fn rule_lines(checklist: &Checklist, requirement: &Requirement, rule: &Rule) -> Vec<(String, String)> {
    let mut lines = match rule {
        Rule::Count(rule) => count_lines(rule),
        Rule::Combine(combination, parts) => {
            let ids: Vec<&str> = parts.iter().map(|part| checklist.requirements[*part].id.as_str()).collect();
            vec![line("combines", &format!("{} of {}", combination_in_words(*combination), ids.join(", ")))]
        }
        Rule::Attested(rule) => {
            let mut lines = vec![line("asks", &format!("the self-assessment, answered under {}", rule.answers_of))];
            if let AttestedUnit::CaseStudy { satisfied_when, .. } = &rule.unit {
                lines.push(line("at least", &format!("{} case studies", amount(rule.at_least, false))));
                if !satisfied_when.is_empty() {
                    lines.push(line("no answer", &format!("needed where {}", terms(satisfied_when))));
                }
            }
            lines
        }
    };
    let named = |indices: &[usize]| {
        let titles: Vec<&str> = indices.iter().map(|index| checklist.conditions[*index].title.as_str()).collect();
        titles.join("; or ")
    };
    if !requirement.applies_when.is_empty() {
        lines.push(line("applies", &format!("when {}", named(&requirement.applies_when))));
    }
    if !requirement.waived_when.is_empty() {
        lines.push(line("waived", &format!("when {}", named(&requirement.waived_when))));
    }
    lines
}

fn count_lines(rule: &CountRule) -> Vec<(String, String)> {
    let counts = match rule.unit {
        Unit::Rows => "rows".to_owned(),
        Unit::Distinct(column) => format!("distinct {}", column.name),
        Unit::Sum(column) => format!("the sum of {}", column.name),
    };
    let mut lines = vec![line("counts", &format!("{counts} of {}", rule.table.name()))];
    lines.extend(rule.terms.iter().map(|term| line("where", &term.text)));
    if let Some(window) = rule.window {
        lines.push(line("window", &window_in_words(window)));
    }
    if let Some(having) = rule.having {
        let needed = format!("whose {} add up to at least {}", having.column.name, Cents(having.at_least));
        lines.push(line("each", &needed));
    }
    if rule.at_least > 0 {
        lines.push(line("at least", &amount(rule.at_least, matches!(rule.unit, Unit::Sum(_)))));
    }
    match &rule.members {
        Members::None => {}
        Members::OfWhich(members) => lines.extend(members.iter().map(|member| {
            line("of which", &format!("{} {}: {}", amount(member.at_least, false), member.id, terms(&member.terms)))
        })),
        Members::Each { members, unnamed } => {
            lines.extend(
                members.iter().map(|m| line("for each", &format!("{} of {}", amount(m.at_least, false), m.id))),
            );
            if *unnamed > 0 {
                lines.push(line("for each", &format!("of {unnamed} more that the document does not name")));
            }
        }
    }
    lines
}

/// A window in words.
pub fn window_in_words(window: RuleWindow) -> String {
    match window.window {
        Window::Months(months) => {
            format!("{} in the {} months up to the application", window.column.name, months.get())
        }
        Window::UpToAsOf => format!("{} on or before the application", window.column.name),
    }
}

/// Conditions in one line.
pub fn terms(terms: &[Term]) -> String {
    terms.iter().map(|term| term.text.as_str()).collect::<Vec<_>>().join(" AND ")
}

fn combination_in_words(combination: Combination) -> String {
    match combination {
        Combination::All => "all".to_owned(),
        Combination::Any => "at least one".to_owned(),
        Combination::AtLeast(count) => format!("at least {count}"),
    }
}

fn amount(hundredths: i64, is_sum: bool) -> String {
    if is_sum { Cents(hundredths).to_string() } else { (hundredths / 100).to_string() }
}

fn line(name: &str, text: &str) -> (String, String) {
    (name.to_owned(), text.to_owned())
}
