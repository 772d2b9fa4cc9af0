//! A checklist evaluated row by row and date by date, straight from the definition: the oracle of the tests.
//!
//! Slow on purpose and independent on purpose: it shares the tables and the result words of `aceq-model` with the
//! engine and nothing else. It has its own predicate parser, its own months, its own three-valued counting. Where
//! the engine sweeps over intervals, this asks every row on every day. Mistakes in a checklist are panics.
//!
//! ```text
//!  checklist TOML ─▶ rules ─┐
//!                           ├─▶ partner ─▶ count, attested ─▶ Answer per requirement and day ─▶ runs
//!  Bucket ────────▶ row ────┘
//! ```

mod attested;
mod calendar;
mod count;
#[cfg(test)]
mod laws;
mod partner;
mod predicate;
mod row;
mod rules;
pub mod runs;
mod truth;
pub mod verdict;

pub use count::Answer;

use aceq_model::{Bucket, Status};
use chrono::NaiveDate;
use partner::{Line, PartnerChecklist};

/// The answer to one requirement on one date. Counts are in hundredths.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NaiveRow {
    /// Partner assessed.
    pub partner_id: String,
    /// Program id.
    pub program: String,
    /// Checklist version.
    pub version: String,
    /// Requirement id; `*` is the whole checklist.
    pub requirement_id: String,
    /// `adopted`, or the name of the alternative reading.
    pub reading: String,
    /// The value or sub-minimum; `None` on the requirement's own row.
    pub member: Option<String>,
    /// The answer.
    pub status: Status,
    /// Lower bound of the count.
    pub confirmed: i64,
    /// Upper bound; `None` = unbounded.
    pub possible: Option<i64>,
    /// The count asked for.
    pub required: i64,
}

/// The answers to one requirement on every day of a span.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NaiveLine {
    /// Partner assessed.
    pub partner_id: String,
    /// Program id.
    pub program: String,
    /// Checklist version.
    pub version: String,
    /// Requirement id; `*` is the whole checklist.
    pub requirement_id: String,
    /// `adopted`, or the name of the alternative reading.
    pub reading: String,
    /// The value or sub-minimum; `None` on the requirement's own row.
    pub member: Option<String>,
    /// The first day.
    pub from: NaiveDate,
    /// One answer per day, from `from` on.
    pub answers: Vec<Answer>,
}

/// Every requirement of `checklist_toml` for every partner of `bucket` on `as_of`: partners in the order of the
/// bucket, requirements in the order of the file, each with its members and its alternatives, `*` last.
///
/// # Panics
/// When the checklist is not as the format demands, or the bucket not as the model demands.
pub fn evaluate(checklist_toml: &str, bucket: &Bucket, as_of: NaiveDate) -> Vec<NaiveRow> {
    evaluate_span(checklist_toml, bucket, as_of, as_of).into_iter().map(|line| line.row(as_of)).collect()
}

/// The same on every day from `from` to `to`, both included.
///
/// # Panics
/// As [`evaluate`], and when `to` lies before `from`.
pub fn evaluate_span(checklist_toml: &str, bucket: &Bucket, from: NaiveDate, to: NaiveDate) -> Vec<NaiveLine> {
    assert!(from <= to, "{from} to {to} is no span");
    let checklist = rules::read(checklist_toml);
    let mut all = Vec::new();
    for partner in &bucket.partners {
        let evaluator = PartnerChecklist::new(&checklist, bucket, partner);
        let new_line = |line: &Line| NaiveLine {
            partner_id: partner.clone(),
            program: checklist.program.clone(),
            version: checklist.version.clone(),
            requirement_id: line.requirement_id.to_owned(),
            reading: line.reading.to_owned(),
            member: line.member.map(str::to_owned),
            from,
            answers: Vec::new(),
        };
        let mut lines: Vec<NaiveLine> = evaluator.lines(from).iter().map(new_line).collect();
        for day in from.iter_days().take_while(|day| *day <= to) {
            for (line, today) in lines.iter_mut().zip(evaluator.lines(day)) {
                line.answers.push(today.answer);
            }
        }
        all.extend(lines);
    }
    all
}

impl NaiveLine {
    /// The answer on `day`.
    ///
    /// # Panics
    /// When `day` lies outside the span.
    pub fn on(&self, day: NaiveDate) -> Answer {
        let index = usize::try_from((day - self.from).num_days()).expect("the day lies in the span");
        self.answers[index]
    }

    /// The answer on `day` as a row.
    ///
    /// # Panics
    /// When `day` lies outside the span.
    pub fn row(&self, day: NaiveDate) -> NaiveRow {
        let answer = self.on(day);
        NaiveRow {
            partner_id: self.partner_id.clone(),
            program: self.program.clone(),
            version: self.version.clone(),
            requirement_id: self.requirement_id.clone(),
            reading: self.reading.clone(),
            member: self.member.clone(),
            status: answer.status,
            confirmed: answer.confirmed,
            possible: answer.possible,
            required: answer.required,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::evaluate;
    use crate::literal::bucket;
    use aceq_model::{Status, TableId};
    use std::fs;
    use std::path::{Path, PathBuf};

    fn checklists() -> Vec<PathBuf> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../checklists");
        let entries =
            |folder: &Path| fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
        let files =
            entries(&folder).filter(|path| path.is_dir()).flat_map(|program| entries(&program).collect::<Vec<_>>());
        let is_rules = |path: &PathBuf| path.extension().is_some_and(|ending| ending == "toml");
        files.filter(is_rules).filter(|path| !path.to_string_lossy().ends_with(".cases.toml")).collect()
    }

    /// One row without any known cell in every table touches every predicate; nothing given touches none.
    #[test]
    fn every_checklist_of_the_project_can_be_evaluated() {
        let blank: String = TableId::ALL.map(|table| format!("{} = [{{}}]\n", table.name())).concat();
        let as_of = "2026-11-20".parse().expect("a date");
        for path in checklists() {
            let text = fs::read_to_string(&path).expect("a checklist can be read");
            for given in ["", &blank] {
                let rows = evaluate(&text, &bucket(given), as_of);
                let proven = rows.iter().find(|row| row.status == Status::Met && row.required > 0);
                assert_eq!(proven, None, "{} cannot be met by nothing", path.display());
            }
        }
    }
}
