//! All known checklists, and which version answers for an as-of date.

use crate::checklist::{Checklist, Until};
use crate::diagnostic::suggest;
use aceq_model::AsOf;
use chrono::NaiveDate;
use std::fmt;

/// All known checklists, sorted by program and release.
#[derive(Clone, Debug, Default)]
pub struct Library {
    checklists: Vec<Checklist>,
}

/// The checklist that answers for an as-of date, and what to tell the user about it.
#[derive(Clone, Debug)]
pub struct Answer<'l> {
    /// The checklist.
    pub checklist: &'l Checklist,
    /// A doubt about whether it is accepted on that date.
    pub warning: Option<Warning>,
}

/// Why a checklist may not be accepted on an as-of date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The as-of date lies before every known version; the oldest answers.
    BeforeFirst {
        /// First day of the oldest version.
        from: NaiveDate,
    },
    /// The as-of date lies after the last accepted version; the newest answers.
    AfterLast {
        /// When acceptance ended.
        until: Until,
    },
    /// The document names only the month in which acceptance ends, and this is it.
    EndsThisMonth {
        /// The month.
        until: Until,
    },
    /// The document names no end.
    NoEndNamed {
        /// Last comparison of the rules with the document.
        checked: NaiveDate,
    },
}

/// A program or version that is not known, or known twice.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LibraryError {
    /// No checklist of that program.
    #[error("there is no program `{program}` ({help})")]
    UnknownProgram {
        /// What was asked for.
        program: String,
        /// The nearest or all known programs.
        help: String,
    },
    /// The program has no such version.
    #[error("program `{program}` has no version `{version}` ({help})")]
    UnknownVersion {
        /// The program.
        program: String,
        /// What was asked for.
        version: String,
        /// The nearest or all known versions.
        help: String,
    },
    /// Two files define the same version.
    #[error("version `{version}` of program `{program}` is defined twice")]
    Twice {
        /// The program.
        program: String,
        /// The version.
        version: String,
    },
}

impl Library {
    /// The library of these checklists.
    ///
    /// # Errors
    /// When two checklists have the same program and version.
    pub fn new(mut checklists: Vec<Checklist>) -> Result<Self, LibraryError> {
        checklists.sort_by(|a, b| (&a.program, a.released, &a.version).cmp(&(&b.program, b.released, &b.version)));
        for pair in checklists.windows(2) {
            if pair[0].program == pair[1].program && pair[0].version == pair[1].version {
                let (program, version) = (pair[0].program.clone(), pair[0].version.clone());
                return Err(LibraryError::Twice { program, version });
            }
        }
        Ok(Self { checklists })
    }

    /// Every checklist, sorted by program, then by release.
    pub fn checklists(&self) -> &[Checklist] {
        &self.checklists
    }

    /// Ids of the known programs, sorted.
    pub fn programs(&self) -> Vec<&str> {
        let mut programs: Vec<&str> = self.checklists.iter().map(|checklist| checklist.program.as_str()).collect();
        programs.dedup();
        programs
    }

    /// The versions of a program, oldest first.
    ///
    /// # Errors
    /// When the program is not known.
    pub fn versions(&self, program: &str) -> Result<Vec<&Checklist>, LibraryError> {
        let versions: Vec<&Checklist> = self.checklists.iter().filter(|c| c.program == program).collect();
        if versions.is_empty() {
            let help = suggest(program, self.programs());
            return Err(LibraryError::UnknownProgram { program: program.to_owned(), help });
        }
        Ok(versions)
    }

    /// One version of a program.
    ///
    /// # Errors
    /// When the program or the version is not known.
    pub fn version(&self, program: &str, version: &str) -> Result<&Checklist, LibraryError> {
        let versions = self.versions(program)?;
        versions.iter().find(|checklist| checklist.version == version).copied().ok_or_else(|| {
            LibraryError::UnknownVersion {
                program: program.to_owned(),
                version: version.to_owned(),
                help: suggest(version, versions.iter().map(|checklist| checklist.version.as_str())),
            }
        })
    }

    /// The checklist that answers for an application on `as_of`: the newest accepted one, else the nearest.
    ///
    /// # Errors
    /// When the program is not known.
    pub fn answering(&self, program: &str, as_of: AsOf) -> Result<Answer<'_>, LibraryError> {
        let versions = self.versions(program)?;
        let date = as_of.date();
        let accepted = versions.iter().rev().find(|c| c.accepted.from <= date && !ended(c, date));
        Ok(match accepted {
            Some(checklist) => Answer { checklist, warning: doubt(checklist, date) },
            None => nearest(&versions, date),
        })
    }
}

/// Whether acceptance has certainly ended. An end given as a month holds up to the month's last day.
fn ended(checklist: &Checklist, date: NaiveDate) -> bool {
    match checklist.accepted.until {
        Some(Until::Day(last) | Until::Month(_, last)) => last < date,
        None => false,
    }
}

fn doubt(checklist: &Checklist, date: NaiveDate) -> Option<Warning> {
    match checklist.accepted.until {
        None => Some(Warning::NoEndNamed { checked: checklist.source.checked }),
        Some(until @ Until::Month(first, _)) if first <= date => Some(Warning::EndsThisMonth { until }),
        Some(_) => None,
    }
}

fn nearest<'l>(versions: &[&'l Checklist], date: NaiveDate) -> Answer<'l> {
    let newest = versions[versions.len() - 1];
    let oldest = versions[0];
    match newest.accepted.until {
        Some(until) if newest.accepted.from <= date => {
            Answer { checklist: newest, warning: Some(Warning::AfterLast { until }) }
        }
        _ => Answer { checklist: oldest, warning: Some(Warning::BeforeFirst { from: oldest.accepted.from }) },
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BeforeFirst { from } => write!(f, "the oldest version known is accepted from {from}"),
            Self::AfterLast { until } => write!(f, "accepted until {until}; no newer version is known"),
            Self::EndsThisMonth { until } => {
                write!(f, "accepted until {until}; the document does not name the day, so ask AWS before applying")
            }
            Self::NoEndNamed { checked } => {
                write!(f, "the document names no end of acceptance; last compared with it on {checked}")
            }
        }
    }
}
