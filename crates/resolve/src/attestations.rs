//! Answers that contradict each other.

use crate::frame::Frame;
use crate::notes::Notes;
use aceq_model::FindingCode;
use arrow::array::{Array, BooleanArray};
use std::collections::HashMap;

/// Raises a finding on the answers to one question on one date of which some say yes and some say no. All are kept.
pub(crate) fn find_disagreements(attestations: &Frame, notes: &mut Notes) {
    let questions = attestations.comparable(&["program", "requirement_id", "case_study_id", "answer_date"]);
    let answers = attestations.flag("met");
    let mut said: HashMap<_, (usize, usize)> = HashMap::new();
    for row in 0..attestations.len() {
        let (yes, no) = said.entry(questions.row(row)).or_default();
        *yes += usize::from(is(answers, row, true));
        *no += usize::from(is(answers, row, false));
    }
    for row in (0..attestations.len()).filter(|row| answers.is_valid(*row)) {
        let (yes, no) = said[&questions.row(row)];
        if yes > 0 && no > 0 {
            let answer = if answers.value(row) { "yes" } else { "no" };
            let detail = format!("this row says {answer}; another answer of the same date says otherwise");
            notes.raise(attestations, row, FindingCode::AnswersDisagree, detail);
        }
    }
}

fn is(answers: &BooleanArray, row: usize, answer: bool) -> bool {
    answers.is_valid(row) && answers.value(row) == answer
}
