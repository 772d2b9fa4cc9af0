//! What is taken for granted: "O123 launched 2027-01-15", or a file of corrections that come true.
//!
//! An assumption goes the way of a correction: the row is changed before anything is derived from it, and a statement
//! that meets no row is an error.

use crate::error::CliError;
use crate::settings::Reading;
use aceq_ingest::{CORRECTIONS_TEMPLATE, Corrections};
use chrono::NaiveDate;
use std::path::Path;

/// What is taken for granted.
pub struct Assumptions {
    files: Vec<Corrections>,
    told: Vec<String>,
}

/// A sentence such as "O123 launched 2027-01-15".
struct Sentence<'s> {
    opportunity: &'s str,
    stage: &'static str,
    date: Option<NaiveDate>,
}

impl Assumptions {
    /// What was typed: sentences and names of files.
    ///
    /// # Errors
    /// When one is neither, or a file cannot be used.
    pub fn read(typed: &[String]) -> Result<Self, CliError> {
        let mut assumptions = Self { files: Vec::new(), told: Vec::new() };
        for text in typed {
            let path = Path::new(text);
            if path.is_file() {
                assumptions.files.push(Corrections::read(path)?);
                assumptions.told.push(format!("Assumed: what {} states.", path.display()));
                continue;
            }
            let sentence = Sentence::parse(text).ok_or_else(|| CliError::Assumption { text: text.clone() })?;
            assumptions
                .files
                .push(Corrections::of_text(&format!("--assume \"{text}\""), sentence.corrections().as_bytes())?);
            assumptions.told.push(format!("Assumed: {text}."));
        }
        Ok(assumptions)
    }

    /// Adds them to what is read, after the corrections.
    pub fn add_to(&self, reading: &mut Reading) {
        reading.corrections.extend(self.files.iter().cloned());
        if !self.files.is_empty() {
            reading.export_flags.push("--assume");
        }
    }

    /// Whether nothing is assumed.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// What is assumed, in sentences.
    pub fn notes(&self) -> Vec<String> {
        self.told.clone()
    }
}

impl<'s> Sentence<'s> {
    fn parse(text: &'s str) -> Option<Self> {
        let mut words = text.split_whitespace();
        let (opportunity, verb) = (words.next()?, words.next()?);
        let date = words.next().map(|word| word.parse::<NaiveDate>().ok());
        match (verb.to_lowercase().as_str(), date, words.next()) {
            ("launched", Some(Some(date)), None) => Some(Self { opportunity, stage: "Launched", date: Some(date) }),
            ("lost", None, None) => Some(Self { opportunity, stage: "Closed Lost", date: None }),
            ("lost", Some(Some(date)), None) => Some(Self { opportunity, stage: "Closed Lost", date: Some(date) }),
            _ => None,
        }
    }

    /// As the lines of a corrections file.
    fn corrections(&self) -> String {
        let mut lines = vec![CORRECTIONS_TEMPLATE.to_owned()];
        let quoted = self.opportunity.replace('"', "\"\"");
        let mut supply = |column: &str, value: &str| {
            lines.push(format!("supply,,opportunities,\"{quoted}\",,,,{column},{value},assumed"));
        };
        supply("stage", self.stage);
        if let Some(date) = self.date {
            supply("target_close_date", &date.to_string());
        }
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::Sentence;

    #[test]
    fn sentences() {
        let parsed = Sentence::parse("O123 launched 2027-01-15").unwrap();
        let lines: Vec<String> = parsed.corrections().lines().skip(1).map(str::to_owned).collect();
        assert_eq!(
            lines,
            [
                "supply,,opportunities,\"O123\",,,,stage,Launched,assumed",
                "supply,,opportunities,\"O123\",,,,target_close_date,2027-01-15,assumed",
            ]
        );
        assert!(Sentence::parse("O123 lost").is_some());
        for wrong in
            ["", "O123", "O123 launched", "O123 launched soon", "O123 won 2027-01-15", "O123 lost 2027-01-15 x"]
        {
            assert!(Sentence::parse(wrong).is_none(), "{wrong}");
        }
    }
}
