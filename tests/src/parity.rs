//! The engine against the naive evaluator: every row of the answer, on every day of a span.

use crate::naive::runs::{Run, all_runs};
use crate::naive::{Answer, NaiveLine, evaluate_span};
use crate::rulebook::Rules;
use aceq_metrics::{Engine, Evaluation};
use aceq_model::{AsOf, Bucket, StatusRow};
use chrono::{Days, NaiveDate};
use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use std::collections::BTreeMap;

/// Partner, requirement, reading and member: what names a line of the answer.
type Name = (String, String, String, Option<String>);

/// Both answers to every checklist for every partner of `bucket`, on every day from `from` to `to`: the first day on
/// which each line disagrees, in words; nothing when the answers are the same.
///
/// Status, counts and required must be equal. The run (`met_from`, `met_until`, `margin_days`) must be one that the
/// span admits: what lies beyond it, the naive evaluator has not seen.
///
/// # Panics
/// When the engine refuses the bucket, or the naive evaluator a checklist.
pub fn disagreements(rules: &[Rules], bucket: &Bucket, from: NaiveDate, to: NaiveDate) -> Vec<String> {
    let engine = Engine::new(rules.iter().map(|rules| &rules.checklist).collect());
    let evaluation = engine.evaluate(bucket).unwrap_or_else(|error| panic!("{error}"));
    let pairs: Vec<(usize, &String)> =
        (0..rules.len()).flat_map(|index| bucket.partners.iter().map(move |partner| (index, partner))).collect();
    let compare = |(index, partner): (usize, &String)| {
        let alone = Bucket { partners: vec![partner.clone()], tables: bucket.tables.clone() };
        let lines = evaluate_span(&rules[index].text, &alone, from, to);
        compare_lines(&evaluation, index, &lines)
    };
    pairs.into_par_iter().flat_map_iter(compare).collect()
}

/// Panics with every disagreement, if there is one.
///
/// # Panics
/// When the evaluators disagree.
pub fn assert_agree(rules: &[Rules], bucket: &Bucket, from: NaiveDate, to: NaiveDate) {
    let found = disagreements(rules, bucket, from, to);
    assert!(found.is_empty(), "{} lines disagree\n{}", found.len(), found.join("\n"));
}

fn compare_lines(evaluation: &Evaluation<'_>, checklist: usize, lines: &[NaiveLine]) -> Vec<String> {
    let mut found = BTreeMap::new();
    let runs: Vec<Vec<Run>> = lines.iter().map(all_runs).collect();
    let (first, days) = (lines[0].from, lines[0].answers.len());
    for day in 0..days {
        let as_of = AsOf::new(first + Days::new(day as u64)).expect("a date between 1970 and 9999");
        let rows = evaluation.status_rows(checklist, as_of);
        let mut rows: BTreeMap<Name, StatusRow> = rows.into_iter().map(|row| (row_name(&row), row)).collect();
        for (line, runs) in lines.iter().zip(&runs) {
            let name = line_name(line);
            let problem = match rows.remove(&name) {
                None => Some("the engine has no such row".to_owned()),
                Some(row) => difference(line.answers[day], runs[day], &row),
            };
            if let Some(problem) = problem {
                let program = &line.program;
                found.entry(name.clone()).or_insert_with(|| format!("{program} {name:?} on {as_of}: {problem}"));
            }
        }
        rows.retain(|(partner, ..), _| *partner == lines[0].partner_id);
        assert!(rows.is_empty(), "only the engine has {:?}", rows.keys());
    }
    found.into_values().collect()
}

fn line_name(line: &NaiveLine) -> Name {
    (line.partner_id.clone(), line.requirement_id.clone(), line.reading.clone(), line.member.clone())
}

fn row_name(row: &StatusRow) -> Name {
    (row.partner_id.clone(), row.requirement_id.clone(), row.reading.clone(), row.member.clone())
}

fn difference(answer: Answer, run: Run, row: &StatusRow) -> Option<String> {
    let theirs =
        Answer { status: row.status, confirmed: row.confirmed, possible: row.possible, required: row.required };
    if answer != theirs {
        return Some(format!("\n  naive  {answer:?}\n  engine {theirs:?}"));
    }
    let admitted = run.met_from.admits(row.met_from)
        && run.met_until.admits(row.met_until)
        && run.margin.admits(row.margin_days)
        && row.shortfall == (row.required - row.confirmed).max(0);
    let theirs = (row.met_from, row.met_until, row.margin_days, row.shortfall);
    (!admitted).then(|| format!("\n  naive  {run:?}\n  engine {theirs:?}"))
}
