//! Answers that contradict each other.

use crate::frame::Frame;
use crate::notes::Notes;
use aceq_model::{FindingCode, tables::WHOLE_PARTNER};
use arrow::array::{Array, BooleanArray};
use std::collections::{HashMap, HashSet};

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

/// Raises a finding where answers are about a case study that the lists of case studies do not have: once for each, on its first
/// answer. Of a partner without any list nothing is known about that.
pub(crate) fn find_unknown_case_studies(attestations: &Frame, case_studies: Option<&Frame>, notes: &mut Notes) {
    let Some(case_studies) = case_studies else { return };
    let ids = case_studies.text("case_study_id").iter().flatten();
    let listed: HashSet<_> = case_studies.partners.iter().copied().zip(ids).collect();
    let with_list: HashSet<u32> = case_studies.partners.iter().copied().collect();
    let about = attestations.text("case_study_id");
    let mut told = HashSet::new();
    for row in (0..attestations.len()).filter(|row| about.is_valid(*row) && about.value(*row) != WHOLE_PARTNER) {
        let case_study = (attestations.partners[row], about.value(row));
        if listed.contains(&case_study) || !with_list.contains(&case_study.0) {
            continue;
        }
        if told.insert(case_study) {
            let detail = format!("no list of case studies has `{}`", about.value(row));
            notes.raise(attestations, row, FindingCode::UnknownCaseStudy, detail);
        } else {
            notes.mark(attestations.id, row as u32, FindingCode::UnknownCaseStudy);
        }
    }
}

fn is(answers: &BooleanArray, row: usize, answer: bool) -> bool {
    answers.is_valid(row) && answers.value(row) == answer
}
