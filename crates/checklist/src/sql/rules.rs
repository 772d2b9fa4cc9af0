//! The rules of the checklists as queries: which rows of a table count, certainly or possibly, and on which
//! application dates.

use super::dialect::Dialect;
use super::lines::{Counted, Plan};
use super::predicate::all_of;
use super::text::{Part, union_all};
use crate::checklist::{CountRule, RuleWindow, Unit};
use crate::predicate::Term;
use aceq_model::{OPEN_END, TableId};
use aceq_timeline::Window;
use std::collections::BTreeSet;

/// The first and the last application date on which a row counts, as expressions. NULL is unknown.
pub(super) struct Dates {
    pub first: String,
    pub last: String,
}

impl Dates {
    /// The dates under a window, or those of the table's natural validity.
    pub(super) fn new(table: TableId, window: Option<RuleWindow>, dialect: Dialect) -> Self {
        let Some(window) = window else { return Self::natural(table, dialect) };
        let column = window.column.name;
        match window.window {
            Window::UpToAsOf => Self::between(column, &dialect.last_day()),
            Window::Months(months) => {
                let later = dialect.months_later(column, months.get());
                // The last day of a month is reached back to from as far as the end of the later month.
                let last = format!(
                    "CASE\n    WHEN {column} = last_day({column}) THEN last_day({later})\n    ELSE {later}\n  END"
                );
                Self { first: column.to_owned(), last }
            }
        }
    }

    fn natural(table: TableId, dialect: Dialect) -> Self {
        let for_good = dialect.last_day();
        let until_before = |first: &str, end: &str| {
            let before = dialect.day_before(end);
            let open = dialect.date(OPEN_END);
            Self { first: first.to_owned(), last: format!("CASE WHEN {end} = {open} THEN {end} ELSE {before} END") }
        };
        match table {
            TableId::Certifications => until_before("award_date", "expiration_date"),
            TableId::Designations => until_before("achieved_date", "expiration_date"),
            TableId::Completions => Self::between("completed_date", &for_good),
            TableId::Offerings => Self::between("listed_date", &for_good),
            TableId::Personnel => Self::between("start_date", "end_date"),
            TableId::Partners => Self::between("valid_from", "valid_until"),
            TableId::Opportunities
            | TableId::CaseStudies
            | TableId::Customers
            | TableId::Activities
            | TableId::Attestations => Self::between(&dialect.first_day(), &for_good),
        }
    }

    fn between(first: &str, last: &str) -> Self {
        Self { first: first.to_owned(), last: last.to_owned() }
    }

    /// Both as columns of a query.
    pub(super) fn columns(&self) -> String {
        format!("  {} AS first_as_of,\n  {} AS last_as_of", self.first, self.last)
    }

    /// The window in words; `None` where the table's own dates decide.
    pub(super) fn in_words(window: Option<RuleWindow>) -> Option<String> {
        let window = window?;
        Some(match window.window {
            Window::Months(months) => format!("{} within {} months.", window.column.name, months.get()),
            Window::UpToAsOf => format!("{} on or before the application date.", window.column.name),
        })
    }
}

/// The names of the rules' queries, in the order of [`Plan::counted`].
pub(super) fn names(plan: &Plan<'_>) -> Vec<String> {
    let first = plan.lines.first().map(|line| line.checklist.program.as_str());
    let several = plan.lines.iter().any(|line| Some(line.checklist.program.as_str()) != first);
    let mut taken = BTreeSet::new();
    let mut name = |counted: &Counted<'_>| {
        let program = if several { counted.checklist.program.as_str() } else { "" };
        let reading = if counted.reading == "adopted" { "" } else { counted.reading };
        let parts = ["rule", program, &counted.requirement.id, reading];
        let words: Vec<String> = parts.iter().filter(|part| !part.is_empty()).map(|part| plain(part)).collect();
        let mut name = words.join("_");
        while !taken.insert(name.clone()) {
            name.push_str("_x");
        }
        name
    };
    plan.counted.iter().map(&mut name).collect()
}

/// Letters and digits in lower case, everything else an underscore.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect()
}

/// The query of one rule: every row of its table, judged.
pub(super) fn rule(counted: &Counted<'_>, name: &str, amounts: Amounts, dialect: Dialect) -> Part {
    let rule = counted.rule;
    let terms: Vec<&Term> = rule.terms.iter().collect();
    let mut columns = vec!["  partner_id".to_owned(), units(rule, dialect)];
    if amounts == Amounts::Carried {
        columns.push(format!("  {} AS amount", amount(rule)));
    }
    columns.push(format!("  {}\n    AS counts", all_of(&terms, dialect).replace('\n', "\n  ")));
    for (place, (member, _)) in counted.members.iter().enumerate() {
        let terms: Vec<&Term> = member.terms.iter().collect();
        let text = all_of(&terms, dialect).replace('\n', "\n  ");
        columns.push(format!("  -- {}\n  {text}\n    AS member_{}", one_line(&member.title), place + 1));
    }
    columns.push(Dates::new(rule.table, rule.window, dialect).columns());
    columns.push(format!("  {} > 0 AS has_findings", dialect.list_length("findings")));
    Part {
        about: about(counted),
        name: name.to_owned(),
        body: format!("SELECT\n{}\nFROM {}", columns.join(",\n"), rule.table.name()),
    }
}

/// Whether amounts have to be carried along: only sums of money need them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Amounts {
    Carried,
    NotNeeded,
}

fn units(rule: &CountRule, dialect: Dialect) -> String {
    let (unit, strict) = match rule.unit {
        Unit::Distinct(column) if column.strict.is_empty() => (column.name, column.name),
        Unit::Distinct(column) => (column.name, column.strict),
        Unit::Rows | Unit::Sum(_) => {
            let none = dialect.text_or_null(None);
            return format!("  {none} AS unit,\n  {none} AS strict_unit");
        }
    };
    format!("  {unit} AS unit,\n  {strict} AS strict_unit")
}

fn amount(rule: &CountRule) -> &'static str {
    match (rule.unit, rule.having) {
        (Unit::Sum(column), _) => column.name,
        (Unit::Distinct(_), Some(having)) => having.column.name,
        _ => "CAST(NULL AS DECIMAL(18, 2))",
    }
}

fn about(counted: &Counted<'_>) -> Vec<String> {
    let Counted { checklist, requirement, reading, rule, .. } = counted;
    let title = one_line(&requirement.title);
    let mut about = vec![format!("{} {}: {title}", checklist.program, requirement.id)];
    about.push(format!("{}, section {}.", checklist.source.document, requirement.section));
    let read_as = match requirement.alternatives.iter().find(|alternative| alternative.name == *reading) {
        Some(alternative) => Some(format!("Reading {}: {}", alternative.name, alternative.reading)),
        None => requirement.reading.as_ref().map(|text| format!("Read as: {text}")),
    };
    about.extend(read_as);
    let counts = match rule.unit {
        Unit::Rows => "Counts rows".to_owned(),
        Unit::Distinct(column) => format!("Counts distinct {}", column.name),
        Unit::Sum(column) => format!("Adds up {}", column.name),
    };
    let window = Dates::in_words(rule.window).map_or_else(|| ".".to_owned(), |words| format!(", {words}"));
    about.push(format!("{counts} of {}{window}", rule.table.name()));
    about
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The rows of the rules with lines in `stage` that may count, as `spans`.
pub(super) fn spans(plan: &Plan<'_>, stage: usize, name: &str, amounts: Amounts, dialect: Dialect) -> Option<Part> {
    let mut branches = Vec::new();
    for (counted, rule) in plan.counted.iter().zip(names(plan)) {
        let own = counted.own.map(|line| (line, "counts".to_owned()));
        let members = counted.members.iter().enumerate();
        let members = members.map(|(place, (_, line))| (*line, format!("counts AND member_{} AS counts", place + 1)));
        for (line, counts) in own.into_iter().chain(members).filter(|(line, _)| plan.lines[*line].stage == stage) {
            let number = plan.lines[line].number;
            let amount = if amounts == Amounts::Carried { "amount, " } else { "" };
            branches.push(format!(
                "SELECT {number} AS line, partner_id, unit, strict_unit, {amount}{counts}, first_as_of, last_as_of, \
                 has_findings\nFROM {rule}"
            ));
        }
    }
    if branches.is_empty() {
        return None;
    }
    let amount = if amounts == Amounts::Carried { " amount," } else { "" };
    let body = within_calendar(
        &format!("line, partner_id, unit, strict_unit,{amount} has_findings"),
        &union_all(&branches),
        dialect,
    );
    let about = "Every row that counts or may count, with the application dates on which it does. It is certain where \
                 its conditions hold and both its dates are known.";
    Some(Part::new(about, name, body))
}

/// Rows whose `counts` is not FALSE, their dates cut to the calendar, an unknown one open.
pub(super) fn within_calendar(columns: &str, rows: &str, dialect: Dialect) -> String {
    let (first, last) = (dialect.first_day(), dialect.last_day());
    let rows = super::text::indented(rows, 4);
    format!(
        "SELECT *\nFROM (\n  SELECT {columns},\n    \
         counts AND first_as_of IS NOT NULL AND last_as_of IS NOT NULL AS certain,\n    \
         GREATEST(COALESCE(first_as_of, {first}), {first}) AS from_day,\n    \
         LEAST(COALESCE(last_as_of, {last}), {last}) AS until_day\n  \
         FROM (\n{rows}\n  ) AS judged\n  WHERE counts IS NOT FALSE\n) AS dated\nWHERE from_day <= until_day"
    )
}
