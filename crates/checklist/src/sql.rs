//! Checklists as SQL for DuckDB and Spark: one query over the canonical tables that yields `requirement_status`.
//!
//! The query does what the engine does, in its words:
//!
//! ```text
//!  rule_4_2, rule_…   the conditions of the checklist, on every row of a table       (rules)
//!        │            with the application dates on which the row counts
//!        ▼
//!  spans ─▶ counted   one unit counts once                                            (counts)
//!        │            answers of the self-assessment, waivers                         (attested, gates)
//!        ▼
//!  intervals          what adds to which count, by how much, from when until when
//!        ▼
//!  steps              running sums over the days of change
//!        ▼
//!  statuses           met, not met, unknown; lines that combine others come in later stages
//!        ▼
//!  timelines          when a status began, when it ends; a look-up per application date
//! ```
//!
//! So its cost does not grow with the number of application dates, and `met_from`, `met_until` and `margin_days` are
//! exact. It reads the canonical tables by name, and two relations beside them: `dim_partner (partner_id)` with every
//! partner, and `dim_table (table_name, given)`, which tells an empty table from one that was never given.

mod attested;
mod counts;
mod dialect;
mod gates;
mod lines;
mod predicate;
mod rules;
mod steps;
mod text;

pub use dialect::Dialect;

use crate::checklist::Checklist;
use aceq_model::{AsOf, Cents};
use lines::{Kind, Line, Plan};
use text::{Part, union_all, values};

/// What the query is asked: one checklist, or one requirement of it, on some application dates.
#[derive(Clone, Debug)]
pub struct SqlQuestion<'c> {
    /// The checklist.
    pub checklist: &'c Checklist,
    /// Id of the requirement; `None` = all of them and the whole.
    pub requirement: Option<&'c str>,
    /// Application dates; empty = those of the relation `application_dates (as_of)`.
    pub as_of: Vec<AsOf>,
}

/// The query that answers all questions: the rows and columns of `requirement_status`, in the order in which
/// `aceq assess` prints them.
///
/// The text is a function of its arguments alone. It ends with a semicolon and a line end.
pub fn status_query(questions: &[SqlQuestion<'_>], dialect: Dialect) -> String {
    let plan = Plan::new(questions);
    let (more, statuses) = steps::parts(&plan, dialect);
    let mut parts: Vec<Part> = dates(questions, dialect).into_iter().collect();
    parts.push(lines(&plan, dialect));
    parts.extend(more);
    parts.push(timelines(&statuses, dialect));
    text::query(&head(questions, dialect), &parts, &answer(questions, dialect))
}

fn head(questions: &[SqlQuestion<'_>], dialect: Dialect) -> Vec<String> {
    let asked = questions.iter().map(|question| {
        let Checklist { program, version, title, .. } = question.checklist;
        let what = question.requirement.map_or_else(|| "all requirements".to_owned(), |id| format!("requirement {id}"));
        format!("{title}: checklist {program} {version}, {what}.")
    });
    let about = format!(
        "requirement_status as {} computes it, from the canonical tables, dim_partner (partner_id) and dim_table \
         (table_name, given){}. Written by aceq sql.",
        dialect.name(),
        if dates(questions, dialect).is_none() { ", on the dates of application_dates (as_of)" } else { "" }
    );
    asked.chain([about]).collect()
}

/// Whether all questions are about the same dates.
fn share_dates(questions: &[SqlQuestion<'_>]) -> bool {
    questions.windows(2).all(|pair| pair[0].as_of == pair[1].as_of)
}

/// `None` where the dates come from a relation.
fn dates(questions: &[SqlQuestion<'_>], dialect: Dialect) -> Option<Part> {
    if questions.iter().all(|question| question.as_of.is_empty()) {
        return None;
    }
    let about = "The application dates that are asked about.";
    if share_dates(questions) {
        let dates = questions.iter().take(1).flat_map(|question| &question.as_of);
        let rows: Vec<String> = dates.map(|as_of| dialect.date(as_of.date())).collect();
        return Some(Part::new(about, "application_dates (as_of)", values(&rows)));
    }
    let rows = questions.iter().flat_map(|question| {
        let (program, version) = (&question.checklist.program, &question.checklist.version);
        let checklist = format!("{}, {}", dialect.text(program), dialect.text(version));
        question.as_of.iter().map(move |as_of| format!("{checklist}, {}", dialect.date(as_of.date())))
    });
    Some(Part::new(about, "application_dates (program, version, as_of)", values(&rows.collect::<Vec<_>>())))
}

fn lines(plan: &Plan<'_>, dialect: Dialect) -> Part {
    let row = |line: &&Line<'_>| {
        let kind = match line.kind {
            Kind::Rows(..) => "count",
            Kind::Answer(_) => "answer",
            Kind::AnswersPerCase(..) => "answers per case study",
            Kind::Parts => "combination",
            Kind::PartsUnnamed => "values not named",
        };
        let members = line.parts.len() * usize::from(matches!(line.kind, Kind::Rows(..)));
        [
            line.number.to_string(),
            dialect.text(&line.checklist.program),
            dialect.text(&line.checklist.version),
            dialect.text(line.requirement_id()),
            dialect.text(line.reading),
            dialect.text_or_null(line.member),
            dialect.text(kind),
            dialect.text_or_null(line.table().map(aceq_model::TableId::name)),
            line.stage.to_string(),
            line.at_most().to_string(),
            members.to_string(),
            amount(line.required),
        ]
        .join(", ")
    };
    let rows: Vec<String> = plan.in_order().iter().map(row).collect();
    let name = "lines (line, program, version, requirement_id, reading, member, kind, table_name, stage, at_most, \
                members, required)";
    let about = "The lines of the answer in their order: one per requirement, reading and member.";
    Part::new(about, name, values(&rows))
}

/// Hundredths as a number: whole where it is one.
fn amount(hundredths: i64) -> String {
    if hundredths % 100 == 0 { (hundredths / 100).to_string() } else { Cents(hundredths).to_string() }
}

fn timelines(statuses: &[String], dialect: Dialect) -> Part {
    let read: Vec<String> = statuses
        .iter()
        .map(|name| format!("SELECT partner_id, line, day, confirmed, possible, flagged, status FROM {name}"))
        .collect();
    let (last, before_next) = (dialect.last_day(), dialect.day_before("LEAD(day) OVER in_time"));
    let body = format!(
        "SELECT partner_id, line, day, until_day, confirmed, possible, flagged, status,
  MAX(CASE WHEN status IS DISTINCT FROM before THEN day END) OVER so_far AS began,
  MIN(CASE WHEN status <> before THEN day END) OVER later AS changes,
  MIN(CASE WHEN status = 'met' AND before <> 'met' THEN day END) OVER later AS next_met,
  MIN(CASE WHEN status <> 'met' AND before = 'met' THEN day END) OVER later AS lost
FROM (
  SELECT *,
    LAG(status) OVER in_time AS before,
    COALESCE({before_next}, {last}) AS until_day
  FROM (
{}
  ) AS statuses_of_all
  WINDOW in_time AS (PARTITION BY partner_id, line ORDER BY day)
) AS steps_of_all
WINDOW
  so_far AS (PARTITION BY partner_id, line ORDER BY day ROWS UNBOUNDED PRECEDING),
  later AS (PARTITION BY partner_id, line ORDER BY day DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)",
        text::indented(&union_all(&read), 4)
    );
    let about = "Each step with the day on which its status began, the day of the next change, the first day of the next \
                 run of days that are met, and the first day on which such a run is over.";
    Part::new(about, "timelines", body)
}

fn answer(questions: &[SqlQuestion<'_>], dialect: Dialect) -> String {
    let (first, margin) = (dialect.first_day(), dialect.days_between("d.as_of", "t.changes"));
    let lost = dialect.day_before("t.lost");
    let same_checklist =
        if share_dates(questions) { "" } else { "d.program = l.program AND d.version = l.version AND " };
    let one = questions.iter().any(|question| question.requirement.is_some());
    let asked: Vec<String> = questions.iter().filter(|_| one).map(|question| shown(question, dialect)).collect();
    let shown = if asked.is_empty() { String::new() } else { format!("WHERE {}\n", asked.join("\n  OR ")) };
    format!(
        "SELECT t.partner_id, l.program, l.version, l.requirement_id, l.reading, d.as_of, t.status,
  CAST(t.confirmed AS DECIMAL(18, 2)) AS confirmed,
  CAST(t.possible AS DECIMAL(18, 2)) AS possible,
  CAST(l.required AS DECIMAL(18, 2)) AS required,
  CAST(GREATEST(l.required - t.confirmed, 0) AS DECIMAL(18, 2)) AS shortfall,
  l.member,
  NULLIF(CASE WHEN t.status = 'met' THEN t.began ELSE t.next_met END, {first}) AS met_from,
  {lost} AS met_until,
  {margin} AS margin_days,
  CASE WHEN l.kind = 'count' THEN CAST(t.flagged AS BIGINT) END AS counted_with_findings
FROM timelines AS t
  JOIN lines AS l ON l.line = t.line
  JOIN application_dates AS d ON {same_checklist}d.as_of BETWEEN t.day AND t.until_day
{shown}ORDER BY t.partner_id, t.line, d.as_of"
    )
}

/// The rows of one question, where others are computed only because it combines them.
fn shown(question: &SqlQuestion<'_>, dialect: Dialect) -> String {
    let Checklist { program, version, .. } = question.checklist;
    let of_checklist = format!("l.program = {} AND l.version = {}", dialect.text(program), dialect.text(version));
    let id = question.requirement.map(|id| format!(" AND l.requirement_id = {}", dialect.text(id)));
    format!("({of_checklist}{})", id.unwrap_or_default())
}

#[cfg(test)]
mod tests;
