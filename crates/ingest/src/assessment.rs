//! AWS's self-assessment workbook: one row per control and, beside each other, one answer per case study. It becomes one
//! record per answer.
//!
//! ```text
//!  practice sheet     ID | Requirement Description | Met? | Partner Response
//!
//!  customer sheet     ID | Requirement Description | [Example Response] | Customer Reference #1    | Customer Reference #2
//!                        |                         |                    | Met? | Partner Response  | Met? | Partner Response
//!                     (`ID | Requirement Description` may as well stand in the lower of the two rows)
//!
//!  becomes            Program | Requirement | Case Study Id | Met | Date | Evidence
//! ```
//!
//! Every row of the sheet becomes as many records as the sheet has references in use (one on a practice sheet), all with
//! the row's line. Records of titles and sections are blank, hence no data. A reference without any answer on the whole
//! sheet is not in use.

mod program;

pub(crate) use program::program_of;

use crate::Options;
use crate::grid::Grid;
use crate::header::{key, without_tags};
use crate::snapshot::stated_for;
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// Headers of the records, as our own template of answers has them.
const HEADER: [&str; 6] = ["Program", "Requirement", "Case Study Id", "Met", "Date", "Evidence"];
/// Rows in which the header is looked for.
const ROWS: usize = 40;

/// What the answers of a sheet have in common.
pub(crate) struct About<'a> {
    pub program: &'a str,
    /// Day of the answers: that of the workbook.
    pub date: Option<NaiveDate>,
    /// Name of the input, by which the settings name case studies.
    pub file: &'a str,
    pub options: &'a Options,
}

/// Where the answers of a sheet stand.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Layout {
    /// The last row of the header.
    header: usize,
    id: usize,
    references: Vec<Reference>,
}

/// The columns of one case study, or of the partner as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Reference {
    /// The header above; blank on a practice sheet.
    name: String,
    met: Option<usize>,
    response: Option<usize>,
}

/// Whether the sheet is one of a self-assessment.
pub(crate) fn is_assessment(grid: &Grid) -> bool {
    grid.header.is_none() && layout(grid).is_some()
}

/// The answers of a sheet, one per record; the grid itself where it is no self-assessment.
pub(crate) fn unpivoted(grid: Grid, about: &About<'_>) -> Grid {
    let Some(layout) = layout(&grid).filter(|_| grid.header.is_none()) else { return grid };
    let mut answers = Grid::new(grid.name.clone());
    answers.header = Some(HEADER.map(str::to_owned).to_vec());
    answers.remarks = grid.remarks;
    let used: Vec<&Reference> =
        layout.references.iter().filter(|reference| is_used(&grid, layout.header, reference)).collect();
    for row in 0..grid.len() {
        let (line, cells) = grid.cells(row);
        let answered = used.iter().any(|reference| reference.has_answer(&cells));
        let is_data = row > layout.header && (is_control(&control(cell(&cells, layout.id))) || answered);
        if !is_data || used.is_empty() {
            answers.begin(line, None);
            continue;
        }
        for reference in &used {
            answers.begin(line, None);
            reference.answer(&cells, layout.id, about).iter().for_each(|cell| answers.push(cell));
        }
    }
    answers
}

fn cell(cells: &[String], column: usize) -> &str {
    cells.get(column).map_or("", String::as_str)
}

impl Reference {
    fn met<'a>(&self, cells: &'a [String]) -> &'a str {
        self.met.map_or("", |column| cell(cells, column))
    }

    fn response<'a>(&self, cells: &'a [String]) -> &'a str {
        self.response.map_or("", |column| cell(cells, column))
    }

    fn has_answer(&self, cells: &[String]) -> bool {
        !self.met(cells).is_empty() || !self.response(cells).is_empty()
    }

    /// The record of one answer, as [`HEADER`] has it.
    fn answer(&self, cells: &[String], id: usize, about: &About<'_>) -> [String; 6] {
        [
            about.program.to_owned(),
            control(cell(cells, id)),
            case_study(&self.name, about),
            self.met(cells).to_owned(),
            about.date.map(|date| date.to_string()).unwrap_or_default(),
            self.response(cells).to_owned(),
        ]
    }
}

/// The id of a control as the checklists write it: office programs put long dashes, people small letters and full stops.
fn control(id: &str) -> String {
    let is_dash = |letter: char| matches!(letter, '\u{2010}'..='\u{2015}' | '\u{2212}');
    let tidy = id.trim().trim_end_matches('.').replace(is_dash, "-").to_uppercase();
    if is_control(&tidy) { tidy } else { id.to_owned() }
}

/// `ACC-003`, `SIBUS-002`, `4.2`: the id of a control.
fn is_control(id: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let named = |(name, number): (&str, &str)| {
        name.len() >= 2 && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-') && digits(number)
    };
    id.rsplit_once('-').is_some_and(named) || (id.contains('.') && id.split('.').all(digits))
}

/// Whether a reference has an answer anywhere on the sheet. The partner as a whole is always there.
fn is_used(grid: &Grid, header: usize, reference: &Reference) -> bool {
    reference.name.is_empty() || (header + 1..grid.len()).any(|row| reference.has_answer(&grid.cells(row).1))
}

/// The id of a case study: the one that the settings give to its header, else the header.
fn case_study(name: &str, about: &About<'_>) -> String {
    let of_header = about.options.case_study_ids.iter().filter(|named| key(&named.header) == key(name));
    let named = stated_for(about.file, of_header.map(|named| (&named.file, &named.case_study)));
    named.map_or_else(|| name.to_owned(), Clone::clone)
}

fn layout(grid: &Grid) -> Option<Layout> {
    let keys = |row: usize| -> Vec<String> { grid.cells(row).1.iter().map(|cell| key(&without_tags(cell))).collect() };
    (0..grid.len().min(ROWS)).find_map(|row| {
        let here = keys(row);
        let id = here.iter().position(|key| key == "id")?;
        here.iter().position(|key| key.starts_with("requirementdescription"))?;
        let below = if row + 1 < grid.len() { keys(row + 1) } else { Vec::new() };
        let above = row.checked_sub(1);
        of_customers(grid, row, id, &here, &below)
            .or_else(|| above.and_then(|above| of_customers(grid, above, id, &keys(above), &here)))
            .or_else(|| of_practice(row, id, &here))
    })
}

/// `Met?`, with or without what may be answered.
fn is_met(key: &str) -> bool {
    let key = key.strip_prefix("requirement").unwrap_or(key);
    ["met", "metyn", "metyesno", "metyesnona", "metyesnonotapplicable"].contains(&key)
}

fn is_response(key: &str) -> bool {
    key == "partnerresponse"
}

/// One answer a row. Several columns of answers that nothing names are no practice sheet: whose they are is not told.
fn of_practice(row: usize, id: usize, keys: &[String]) -> Option<Layout> {
    let mut mets = (0..keys.len()).filter(|column| is_met(&keys[*column]));
    let (Some(met), None) = (mets.next(), mets.next()) else { return None };
    let response = keys.iter().position(|key| is_response(key));
    response.map(|response| {
        let whole = Reference { name: String::new(), met: Some(met), response: Some(response) };
        Layout { header: row, id, references: vec![whole] }
    })
}

/// Whether columns below this name are not a reference's: an example, AWS's own assessment, remarks. It says so in whole words, and a
/// customer may be called `Dawson` or `Evidence Inc`.
fn is_of_others(name: &str) -> bool {
    const PEOPLE: [&str; 3] = ["auditor", "reviewer", "assessor"];
    const WORDS: [&str; 20] = [
        "aws",
        "use",
        "only",
        "internal",
        "review",
        "assessment",
        "self",
        "partner",
        "comment",
        "comments",
        "note",
        "notes",
        "remark",
        "remarks",
        "evidence",
        "provided",
        "example",
        "examples",
        "response",
        "responses",
    ];
    let name = name.to_lowercase();
    let mut words = name.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
    words.clone().any(|word| PEOPLE.contains(&word)) || words.all(|word| WORDS.contains(&word))
}

/// Whose answers stand where: the upper row names the references, the lower one their columns. A name may be that of the
/// customer, written over `Customer Reference #2`; where no reference has its own name left, several columns of answers with
/// names of their own above are needed to tell references from the heading of a practice sheet.
fn of_customers(grid: &Grid, row: usize, id: usize, upper: &[String], lower: &[String]) -> Option<Layout> {
    let is_reference = |column: &usize| upper[*column].starts_with("customerreference");
    let first = (0..upper.len()).find(|column| upper[*column].starts_with("requirementdescription"));
    let from = first.map_or(id, |description| description.max(id)) + 1;
    let names = grid.cells(row).1;
    let of_others = |column: &usize| !upper[*column].is_empty() && is_of_others(&without_tags(&names[*column]));
    let is_name = |column: &usize| {
        let key = upper[*column].as_str();
        !key.is_empty() && !is_met(key) && !is_response(key)
    };
    let starts: Vec<usize> = (from..upper.len()).filter(is_name).collect();
    let mets: Vec<usize> = (from..lower.len()).filter(|column| is_met(&lower[*column])).collect();
    let named = |met: &usize| starts.iter().rev().find(|start| *start <= met);
    let distinct: BTreeSet<&usize> = mets.iter().filter_map(named).collect();
    let has_others = (from..upper.len()).any(|column| of_others(&column) && !upper[column].starts_with("example"));
    let renamed = mets.len() > 1 && distinct.len() == mets.len() && first.is_some() && !has_others;
    if mets.is_empty() || !(starts.iter().any(is_reference) || renamed) {
        return None;
    }
    let mut references: Vec<Reference> = Vec::new();
    for (place, start) in starts.iter().enumerate() {
        let end = starts.get(place + 1).copied().unwrap_or(lower.len()).min(lower.len());
        let columns = |is_it: fn(&str) -> bool| (*start..end).filter(move |column| is_it(&lower[*column]));
        let name = without_tags(&names[*start]);
        let mut responses = columns(is_response);
        let mets: Vec<usize> = columns(is_met).collect();
        match (references.last_mut(), mets.as_slice()) {
            // A column of responses without one of answers belongs to the reference on its left, whatever is written above it.
            (Some(last), []) if last.response.is_none() => last.response = responses.next(),
            // Evidence of a reference that has no column of answers leaves them unknown.
            (_, []) if is_reference(start) => references.extend(responses.map(|response| Reference {
                name: name.clone(),
                met: None,
                response: Some(response),
            })),
            (_, []) => {}
            _ if of_others(start) => {}
            (_, mets) => references.extend(mets.iter().enumerate().map(|(more, met)| {
                let until = mets.get(more + 1).copied().unwrap_or(end);
                // Whose a second pair below one name is nobody says: it is kept by the place where it stands.
                let name = if more == 0 { name.clone() } else { format!("{name}, column {}", met + 1) };
                Reference {
                    name,
                    met: Some(*met),
                    response: columns(is_response).find(|at| (*met..until).contains(at)),
                }
            })),
        }
    }
    // A pair to the left of the first name has none.
    let unnamed = mets.iter().filter(|met| starts.first().is_none_or(|start| *met < start)).map(|met| Reference {
        name: format!("column {}", met + 1),
        met: Some(*met),
        response: (met + 1 < lower.len() && is_response(&lower[met + 1])).then_some(met + 1),
    });
    references.splice(0..0, unnamed.collect::<Vec<_>>());
    // Two references of one name are two case studies.
    for place in 1..references.len() {
        let before = references[..place].iter().filter(|other| other.name == references[place].name).count();
        if before > 0 {
            references[place].name = format!("{} ({})", references[place].name, before + 1);
        }
    }
    (!references.is_empty()).then_some(Layout { header: row + 1, id, references })
}

#[cfg(test)]
mod tests {
    use super::{About, control, is_assessment, is_control, unpivoted};
    use crate::Options;
    use crate::grid::Grid;
    use crate::options::CaseStudyId;

    fn grid(rows: &[(u64, &[&str])]) -> Grid {
        let mut grid = Grid::new("Sheet");
        for (line, cells) in rows {
            grid.begin(*line, None);
            cells.iter().for_each(|cell| grid.push(cell));
        }
        grid
    }

    fn answers(rows: &[(u64, &[&str])], options: &Options) -> Vec<(u64, String)> {
        let about = About { program: "smb", date: "2026-11-20".parse().ok(), file: "exports/book.xlsx", options };
        let answers = unpivoted(grid(rows), &about);
        (0..answers.len()).map(|row| answers.cells(row)).map(|(line, cells)| (line, cells.join("|"))).collect()
    }

    #[test]
    fn a_practice_sheet_has_one_answer_a_row() {
        let rows: [(u64, &[&str]); 5] = [
            (1, &["Practice"]),
            (2, &["ID", "Requirement Description", "Met?", "Partner Response"]),
            (3, &["Business"]),
            (4, &["GEN-001", "…", "Yes", "Folder"]),
            (6, &["POV-001", "…", "", ""]),
        ];
        assert!(is_assessment(&grid(&rows)));
        let expected = ["", "", "", "smb|GEN-001||Yes|2026-11-20|Folder", "smb|POV-001|||2026-11-20|"];
        let expected: Vec<(u64, String)> = [1, 2, 3, 4, 6].into_iter().zip(expected.map(str::to_owned)).collect();
        assert_eq!(answers(&rows, &Options::default()), expected);
    }

    #[test]
    fn a_customer_sheet_has_one_answer_per_reference_in_use() {
        let top: &[&str] = &[
            "ID",
            "Requirement Description",
            "Example Response",
            "Customer Reference #1",
            "",
            "Customer Reference #2",
            "",
            "Customer Reference #3",
            "",
        ];
        let rows: [(u64, &[&str]); 4] = [
            (2, top),
            (3, &["", "", "", "Met?", "Partner Response", "Met?", "Partner Response", "Met?", "Partner Response"]),
            (4, &["DOC-001", "…", "such", "Yes", "a", "", "", "", ""]),
            (5, &["DOC-001", "…", "such", "", "", "No", "b", "", ""]),
        ];
        let named = CaseStudyId {
            file: "book.xlsx".to_owned(),
            header: "Customer reference 2".to_owned(),
            case_study: "CS-9".to_owned(),
        };
        let options = Options { case_study_ids: vec![named], ..Options::default() };
        let expected = [
            (2, ""),
            (3, ""),
            (4, "smb|DOC-001|Customer Reference #1|Yes|2026-11-20|a"),
            (4, "smb|DOC-001|CS-9||2026-11-20|"),
            (5, "smb|DOC-001|Customer Reference #1||2026-11-20|"),
            (5, "smb|DOC-001|CS-9|No|2026-11-20|b"),
        ];
        assert_eq!(answers(&rows, &options), expected.map(|(line, text)| (line, text.to_owned())));
    }

    #[test]
    fn references_may_stand_above_the_row_that_names_the_id() {
        let rows: [(u64, &[&str]); 4] = [
            (1, &["Customer examples"]),
            (2, &["", "", "Customer Reference #1", "", "Customer Reference #2", ""]),
            (3, &["ID", "Requirement Description", "Met?", "Partner Response", "Met?", "Partner Response"]),
            (4, &["DOC-001", "…", "Yes", "a", "No", "b"]),
        ];
        let expected = [
            (1, ""),
            (2, ""),
            (3, ""),
            (4, "smb|DOC-001|Customer Reference #1|Yes|2026-11-20|a"),
            (4, "smb|DOC-001|Customer Reference #2|No|2026-11-20|b"),
        ];
        assert_eq!(answers(&rows, &Options::default()), expected.map(|(line, text)| (line, text.to_owned())));
    }

    /// Case study and answer of each record that says something.
    fn told(rows: &[(u64, &[&str])]) -> Vec<String> {
        assert!(is_assessment(&grid(rows)));
        let records = answers(rows, &Options::default()).into_iter().filter(|(_, text)| !text.is_empty());
        records.map(|(_, text)| text.split('|').skip(2).take(2).collect::<Vec<_>>().join("=")).collect()
    }

    #[test]
    fn no_reference_is_lost_under_another_name() {
        let lower: &[&str] = &["", "", "Met?", "Partner Response", "Requirement met? (Y/N)", "Partner Response"];
        let control: &[&str] = &["DOC-001", "…", "Yes", "a", "No", "b"];
        let sheet = |names: [&'static str; 2]| {
            let upper: Vec<&str> = vec!["ID", "Requirement Description", names[0], "", names[1], ""];
            told(&[(1, upper.as_slice()), (2, lower), (3, control)])
        };
        let one = "Customer Reference #1";
        assert_eq!(sheet([one, "Acme GmbH"]), ["Customer Reference #1=Yes", "Acme GmbH=No"]);
        assert_eq!(sheet(["Acme GmbH", one]), ["Acme GmbH=Yes", "Customer Reference #1=No"]);
        assert_eq!(sheet(["Acme GmbH", "Beta"]), ["Acme GmbH=Yes", "Beta=No"]);
        assert_eq!(sheet([one, ""]), ["Customer Reference #1=Yes", "Customer Reference #1, column 5=No"]);
        assert_eq!(sheet(["", one]), ["column 3=Yes", "Customer Reference #1=No"]);
        assert_eq!(sheet([one, "Dawson Evidence Inc"]), ["Customer Reference #1=Yes", "Dawson Evidence Inc=No"]);
        assert_eq!(sheet(["Acme", "Acme"]), ["Acme=Yes", "Acme (2)=No"]);
        assert_eq!(sheet([one, "AWS Use Only"]), ["Customer Reference #1=Yes"]);
    }

    #[test]
    fn evidence_without_a_column_of_answers_is_kept() {
        let upper: &[&str] = &["ID", "Requirement Description", "Customer Reference #1", "", "Customer Reference #2"];
        let lower: &[&str] = &["", "", "Met?", "Partner Response", "Partner Response"];
        let rows: [(u64, &[&str]); 3] = [(1, upper), (2, lower), (3, &["DOC-001", "…", "Yes", "a", "b"])];
        assert_eq!(told(&rows), ["Customer Reference #1=Yes", "Customer Reference #2="]);
    }

    #[test]
    fn a_heading_above_a_practice_sheet_is_no_reference() {
        let rows: [(u64, &[&str]); 3] = [
            (1, &["", "", "Self-assessment", ""]),
            (2, &["ID", "Requirement Description", "Met?", "Partner Response"]),
            (3, &["GEN-001", "…", "Yes", "Folder"]),
        ];
        assert_eq!(told(&rows), ["=Yes"]);
    }

    #[test]
    fn answers_that_nothing_names_are_not_taken_for_the_partners_own() {
        let header: &[&str] =
            &["ID", "Requirement Description", "Met?", "Partner Response", "Met?", "Partner Response"];
        assert!(!is_assessment(&grid(&[(1, header), (2, &["DOC-001", "…", "Yes", "a", "No", "b"])])));
    }

    #[test]
    fn controls_are_told_from_section_titles() {
        for id in ["GEN-001", "SIBUS-002", "EXPE-1", "4.2", "1.2.1"] {
            assert!(is_control(id), "{id}");
        }
        for id in ["gen–001", " GEN-001. ", "GEN\u{2011}001"] {
            assert_eq!(control(id), "GEN-001", "{id}");
        }
        for title in ["", "Documents", "Section-", "Follow-up", "4", "A-1", "1."] {
            assert!(!is_control(title), "{title}");
        }
    }

    #[test]
    fn other_tables_are_left_alone() {
        let own = grid(&[(1, &["Program", "Requirement", "Met"]), (2, &["smb", "4.2", "Yes"])]);
        assert!(!is_assessment(&own));
        let short = grid(&[(1, &["ID", "Requirement Description"])]);
        assert!(!is_assessment(&short));
    }
}
