//! Which program a self-assessment is for: stated by the settings, else by what the workbook says of itself.

use crate::grid::Grid;
use crate::header::key;
use crate::mappings::ValueList;
use crate::snapshot::stated_for;
use crate::{IngestError, Input, Mappings, Options};
use std::collections::BTreeSet;

/// Rows of each sheet that are looked at.
const ROWS: usize = 20;
/// Letters of a name that is believed within a longer text.
const TELLING: usize = 8;
/// Words at the end of the names of sheets.
const ENDINGS: [&str; 6] =
    ["practicereqs", "practicerequirements", "custexamplereqs", "customerexamplerequirements", "custexreqs", "reqs"];

/// The program of the workbook with these sheets.
pub(crate) fn program_of(
    input: &Input,
    grids: &[Grid],
    mappings: &Mappings,
    options: &Options,
) -> Result<String, IngestError> {
    let unknown = |seen: BTreeSet<&str>| IngestError::UnknownProgram {
        file: input.name.clone(),
        seen: seen.into_iter().map(str::to_owned).collect(),
        programs: programs(mappings).map_or_else(Box::default, |list| list.canonical().map(str::to_owned).collect()),
    };
    let Some(list) = programs(mappings) else { return Err(unknown(BTreeSet::new())) };
    let stated = options.assessment_programs.iter().map(|(end, program)| (end, program));
    if let Some(program) = stated_for(&input.name, stated) {
        return list.find(program).map(str::to_owned).ok_or_else(|| unknown(BTreeSet::from([program.as_str()])));
    }
    let texts: Vec<String> = grids.iter().flat_map(texts).collect();
    let named: BTreeSet<&str> = texts.iter().filter_map(|text| list.find(text)).collect();
    let mentioned = || texts.iter().flat_map(|text| list.within(text, TELLING)).collect();
    let found: BTreeSet<&str> = if named.is_empty() { mentioned() } else { named };
    match found.len() {
        1 => Ok(found.into_iter().map(str::to_owned).collect()),
        _ => Err(unknown(found)),
    }
}

fn programs(mappings: &Mappings) -> Option<&ValueList> {
    mappings.values("program")
}

/// The name of the sheet without its usual ending, and the texts above its table.
fn texts(grid: &Grid) -> Vec<String> {
    let name = key(&grid.name);
    let mut texts: Vec<String> =
        ENDINGS.iter().filter_map(|ending| name.strip_suffix(ending)).map(str::to_owned).collect();
    for row in 0..grid.len().min(ROWS) {
        let cells = grid.cells(row).1;
        // A row with many cells is a table, and what it says about controls names other programs, too.
        if cells.iter().filter(|cell| !cell.is_empty()).count() > 2 {
            break;
        }
        texts.extend(cells.into_iter().filter(|cell| !cell.is_empty() && cell.len() < 300));
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::program_of;
    use crate::grid::Grid;
    use crate::{Input, Mappings, Options};
    use std::path::Path;

    fn told(sheets: &[(&str, &str)], options: &Options) -> Result<String, String> {
        let grid = |(name, text): &(&str, &str)| {
            let mut grid = Grid::new(*name);
            grid.begin(1, None);
            grid.push(text);
            grid
        };
        let grids: Vec<Grid> = sheets.iter().map(grid).collect();
        let input = Input::file(Path::new("answers.xlsx"));
        program_of(&input, &grids, Mappings::builtin(), options).map_err(|error| error.to_string())
    }

    #[test]
    fn a_workbook_says_which_program_it_is_for() {
        let options = Options::default();
        let cases: [(&[(&str, &str)], &str); 5] = [
            (&[("Introduction", "AWS Small and Medium Business (SMB) Competency"), ("SMB Practice Reqs", "x")], "smb"),
            (&[("SMB Practice Reqs", "Practice")], "smb"),
            (
                &[("Introduction", "AWS Data and Analytics Services Competency: Self-Assessment, version 7.1")],
                "data-analytics",
            ),
            (&[("Introduction", "Amazon Connect Customer Competency self-assessment")], "amazon-connect-customer"),
            (&[("Introduction", "Checklist of the AWS Digital Customer Experience Competency")], "dcx-technology"),
        ];
        for (sheets, program) in cases {
            assert_eq!(told(sheets, &options).as_deref(), Ok(program), "{sheets:?}");
        }
    }

    #[test]
    fn one_that_does_not_has_it_stated() {
        let silent: &[(&str, &str)] = &[("Introduction", "Self-assessment")];
        let both: &[(&str, &str)] = &[("Introduction", "AWS SMB Competency"), ("2", "Data and Analytics")];
        let message = told(silent, &Options::default()).unwrap_err();
        assert!(
            message.contains("[assessments] \"answers.xlsx\" = \"PROGRAM\"") && message.contains("`smb`"),
            "{message}"
        );
        assert!(told(both, &Options::default()).unwrap_err().contains("(seen: `data-analytics`, `smb`)"));
        let stated = |program: &str| Options {
            assessment_programs: vec![("answers.xlsx".to_owned(), program.to_owned())],
            ..Options::default()
        };
        assert_eq!(told(both, &stated("SMB Competency")).as_deref(), Ok("smb"));
        assert!(told(silent, &stated("teapots")).unwrap_err().contains("(seen: `teapots`)"));
    }
}
