//! What the self-assessment answers, over time, as intervals of its lines.

use super::dialect::Dialect;
use super::lines::{CaseSet, Kind, Line, Plan};
use super::predicate::all_of;
use super::rules::{Dates, within_calendar};
use super::text::{Part, indented, union_all, values};
use crate::predicate::Term;
use aceq_model::TableId;

/// The parts about answers, and the queries that yield intervals. All answered lines are in the first stage.
pub(super) fn intervals(plan: &Plan<'_>, dialect: Dialect) -> (Vec<Part>, Vec<String>) {
    let questions = questions(plan, dialect);
    if questions.is_empty() {
        return (vec![], vec![]);
    }
    let mut parts = vec![
        Part::new(
            "Under which id the self-assessment answers each line; the set of case studies where it is asked about each.",
            "questions (line, program, requirement_id, case_set)",
            values(&questions),
        ),
        answers(dialect),
    ];
    let mut queries = Vec::new();
    let kinds = || plan.lines.iter().map(|line| line.kind);
    if kinds().any(|kind| matches!(kind, Kind::Answer(_))) {
        queries.push(
            "-- yes confirms; no takes away what was possible\n\
             SELECT partner_id, line, CASE said WHEN 1 THEN 'confirmed' ELSE 'possible' END,\n  \
             CASE said WHEN 1 THEN 1 ELSE -1 END, from_day, until_day\n\
             FROM answers\nWHERE case_study_id IS NULL AND said IS NOT NULL"
                .to_owned(),
        );
    }
    if kinds().any(|kind| matches!(kind, Kind::AnswersPerCase(..))) {
        parts.extend(per_case_parts(plan, dialect));
        queries.extend(per_case_queries(dialect));
    }
    (parts, queries)
}

fn questions(plan: &Plan<'_>, dialect: Dialect) -> Vec<String> {
    let question = |line: &Line<'_>| {
        let (answers_of, set) = match line.kind {
            Kind::Answer(id) => (id, None),
            Kind::AnswersPerCase(id, set) => (id, Some(set + 1)),
            Kind::Rows(..) | Kind::Parts | Kind::PartsUnnamed => return None,
        };
        let set = set.map_or_else(|| "CAST(NULL AS INTEGER)".to_owned(), |set| set.to_string());
        let program = dialect.text(&line.checklist.program);
        Some(format!("{}, {program}, {}, {set}", line.number, dialect.text(answers_of)))
    };
    plan.in_order().into_iter().filter_map(question).collect()
}

/// How long each answer holds. Answers about a case study without an id are kept apart: nobody knows which it is.
fn answers(dialect: Dialect) -> Part {
    let (first, last) = (dialect.first_day(), dialect.last_day());
    let before_next = dialect.day_before("LEAD(answer_date) OVER in_time");
    let body = format!(
        "SELECT *
FROM (
  SELECT partner_id, line, case_study_id,
    CASE
      WHEN answer_date IS NULL THEN NULL
      WHEN MAX(undated) OVER of_one = 0 OR MAX(undated_said) OVER of_one = said THEN said
    END AS said,
    GREATEST(COALESCE(answer_date, {first}), {first}) AS from_day,
    COALESCE({before_next}, {last}) AS until_day
  FROM (
    SELECT a.partner_id, q.line, a.answer_date,
      CASE WHEN q.case_set IS NOT NULL THEN a.case_study_id END AS case_study_id,
      CASE WHEN COUNT(a.met) = COUNT(*) AND bool_and(a.met) = bool_or(a.met)
        THEN CASE WHEN bool_and(a.met) THEN 1 ELSE 0 END END AS said,
      CASE WHEN a.answer_date IS NULL THEN 1 ELSE 0 END AS undated,
      CASE WHEN a.answer_date IS NULL AND COUNT(a.met) = COUNT(*) AND bool_and(a.met) = bool_or(a.met)
        THEN CASE WHEN bool_and(a.met) THEN 1 ELSE 0 END END AS undated_said
    FROM questions AS q
      JOIN attestations AS a ON a.program = q.program AND a.requirement_id = q.requirement_id
    WHERE q.case_set IS NULL OR a.case_study_id IS NOT NULL
    GROUP BY a.partner_id, q.line, a.answer_date, CASE WHEN q.case_set IS NOT NULL THEN a.case_study_id END
  ) AS per_day
  WINDOW
    of_one AS (PARTITION BY partner_id, line, case_study_id),
    in_time AS (PARTITION BY partner_id, line, case_study_id ORDER BY answer_date NULLS FIRST)
) AS dated
WHERE from_day <= until_day"
    );
    let about = "Answers with the application dates on which they hold: 1 is yes, 0 is no, NULL cannot be told. Two \
                 answers of one day that disagree say nothing; an answer without a date could have been given on any.";
    Part::new(about, "answers", body)
}

fn per_case_parts(plan: &Plan<'_>, dialect: Dialect) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut branches = Vec::new();
    for (index, set) in plan.case_sets.iter().enumerate() {
        let name = format!("case_set_{}", index + 1);
        parts.push(case_set(set, &name, dialect));
        branches.push(format!("SELECT {} AS case_set, * FROM {name}", index + 1));
    }
    let about = "Case studies that belong, or may belong, to each set, with the application dates on which they do.";
    let columns = "case_set, partner_id, case_study_id, needs_no_answer";
    parts.push(Part::new(about, "cases", within_calendar(columns, &union_all(&branches), dialect)));
    parts.push(case_answers(dialect));
    parts
}

fn case_set(set: &CaseSet<'_>, name: &str, dialect: Dialect) -> Part {
    let terms = |terms: &[Term]| {
        let terms: Vec<&Term> = terms.iter().collect();
        all_of(&terms, dialect).replace('\n', "\n  ")
    };
    // Without a waiver every case study needs an answer.
    let no_answer = if set.satisfied_when.is_empty() { "FALSE".to_owned() } else { terms(set.satisfied_when) };
    let body = format!(
        "SELECT\n  partner_id,\n  case_study_id,\n  {}\n    AS counts,\n  {no_answer}\n    AS needs_no_answer,\n{}\n\
         FROM case_studies",
        terms(set.base),
        Dates::new(TableId::CaseStudies, set.window, dialect).columns()
    );
    let window = Dates::in_words(set.window).map(|words| format!(", {words}")).unwrap_or_default();
    Part::new(&format!("Case studies that the self-assessment is asked about{window}"), name, body)
}

/// One case study and line: satisfied certainly, perhaps, or not, from its answers and from what needs none.
fn case_answers(dialect: Dialect) -> Part {
    let (last, next) = (dialect.last_day(), dialect.next_day("until_day"));
    let before_next = dialect.day_before("LEAD(day) OVER in_time");
    let of_answers = "SELECT partner_id, line, case_study_id, what, 1 AS n, from_day, until_day
FROM answers CROSS JOIN (VALUES ('answered'), ('yes'), ('perhaps')) AS counts (what)
WHERE case_study_id IS NOT NULL
  AND (what = 'answered' OR said = 1 OR (what = 'perhaps' AND said IS NULL))";
    let of_cases = "SELECT c.partner_id, q.line, c.case_study_id, what, 1, c.from_day, c.until_day
FROM cases AS c
  JOIN questions AS q ON q.case_set = c.case_set
  JOIN dim_table AS t ON t.table_name = 'attestations' AND t.given
  CROSS JOIN (VALUES ('member'), ('yes'), ('perhaps')) AS counts (what)
WHERE c.case_study_id IS NOT NULL
  AND (what = 'member'
    OR (what = 'yes' AND c.certain AND c.needs_no_answer)
    OR (what = 'perhaps' AND c.needs_no_answer IS NOT FALSE))";
    let body = format!(
        "SELECT partner_id, line, day AS from_day, COALESCE({before_next}, {last}) AS until_day,
  CASE WHEN yes > 0 THEN 1 ELSE 0 END AS confirmed,
  CASE WHEN yes > 0 OR perhaps > 0 OR (answered = 0 AND member > 0) THEN 1 ELSE 0 END AS possible,
  CASE WHEN answered > 0 THEN 1 ELSE 0 END AS answered
FROM (
  SELECT partner_id, line, case_study_id, day,
    SUM(yes) OVER so_far AS yes,
    SUM(perhaps) OVER so_far AS perhaps,
    SUM(answered) OVER so_far AS answered,
    SUM(member) OVER so_far AS member
  FROM (
    SELECT partner_id, line, case_study_id,
      CASE WHEN sign = 1 THEN from_day ELSE {next} END AS day,
      SUM(CASE WHEN what = 'yes' THEN sign * n ELSE 0 END) AS yes,
      SUM(CASE WHEN what = 'perhaps' THEN sign * n ELSE 0 END) AS perhaps,
      SUM(CASE WHEN what = 'answered' THEN sign * n ELSE 0 END) AS answered,
      SUM(CASE WHEN what = 'member' THEN sign * n ELSE 0 END) AS member
    FROM (
{}
    ) AS judged
      CROSS JOIN (VALUES (1), (-1)) AS edges (sign)
    WHERE sign = 1 OR until_day < {last}
    GROUP BY partner_id, line, case_study_id, CASE WHEN sign = 1 THEN from_day ELSE {next} END
  ) AS changes
  WINDOW so_far AS (PARTITION BY partner_id, line, case_study_id ORDER BY day ROWS UNBOUNDED PRECEDING)
) AS states
WINDOW in_time AS (PARTITION BY partner_id, line, case_study_id ORDER BY day)",
        indented(&union_all(&[of_answers.to_owned(), of_cases.to_owned()]), 6)
    );
    let about = "Each case study under each question: satisfied by its answer or because it needs none, perhaps \
                 satisfied while that is unknown or it is not answered yet.";
    Part::new(about, "case_answers", body)
}

fn per_case_queries(dialect: Dialect) -> Vec<String> {
    let (first, last) = (dialect.first_day(), dialect.last_day());
    vec![
        "SELECT partner_id, line, what,\n  \
         CASE what WHEN 'confirmed' THEN confirmed WHEN 'possible' THEN possible ELSE answered END, from_day, until_day\n\
         FROM case_answers CROSS JOIN (VALUES ('confirmed'), ('possible'), ('answered')) AS counts (what)"
            .to_owned(),
        "-- a case study without an id may be one more\n\
         SELECT c.partner_id, q.line, 'possible', 1, c.from_day, c.until_day\n\
         FROM cases AS c JOIN questions AS q ON q.case_set = c.case_set\nWHERE c.case_study_id IS NULL"
            .to_owned(),
        format!(
            "-- so may an answer about one, unless it is a no\n\
             SELECT a.partner_id, q.line, what, 1, GREATEST(COALESCE(a.answer_date, {first}), {first}), {last}\n\
             FROM attestations AS a\n  JOIN questions AS q\n    \
             ON q.program = a.program AND q.requirement_id = a.requirement_id AND q.case_set IS NOT NULL\n  \
             CROSS JOIN (VALUES ('possible'), ('answered')) AS counts (what)\n\
             WHERE a.case_study_id IS NULL AND (what = 'answered' OR a.met IS NOT FALSE)"
        ),
    ]
}
