//! Fan charts as files: one per partner and checklist in which launches play a part.

use crate::commands::export::NewFile;
use crate::error::CliError;
use crate::screen::Screen;
use aceq_model::{CountKey, ForecastRow};
use aceq_report::{FanChart, RequirementInfos, fan_chart};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Panels of a chart at most.
const PANELS: usize = 6;

/// Writes `folder/PARTNER-PROGRAM-VERSION.svg` for each, and tells which.
pub fn write(
    rows: &[ForecastRow],
    titles: &RequirementInfos,
    new_deals: &str,
    folder: &Path,
    screen: &Screen,
) -> Result<(), CliError> {
    let unwritable = |source| CliError::Unwritable { path: folder.to_owned(), source };
    fs::create_dir_all(folder).map_err(unwritable)?;
    let key = |key: &CountKey| (key.partner_id.clone(), key.program.clone(), key.version.clone());
    let charts: BTreeSet<(String, String, String)> = rows.iter().map(|row| key(&row.key)).collect();
    for (partner_id, program, version) in charts {
        let of_it = |row: &&ForecastRow| {
            row.key.partner_id == partner_id && row.key.program == program && row.key.version == version
        };
        let own: Vec<ForecastRow> = rows.iter().filter(of_it).cloned().collect();
        let chart = FanChart {
            rows: &own,
            titles,
            partner_id: &partner_id,
            program: &program,
            version: &version,
            panels: PANELS,
            new_deals,
        };
        let Some(svg) = fan_chart(&chart) else { continue };
        let path = folder.join(format!("{}-{program}-{version}.svg", file_name(&partner_id)));
        NewFile::write_text(&path, &svg)?;
        screen.tell(&format!("wrote {}", path.display()));
    }
    Ok(())
}

/// A partner's id as part of a file name on any system.
fn file_name(partner_id: &str) -> String {
    let safe = |letter: char| if letter.is_alphanumeric() || "-_.".contains(letter) { letter } else { '_' };
    partner_id.chars().map(safe).collect()
}
