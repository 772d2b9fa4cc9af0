//! `aceq backtest`: the forecasts that could have been made at past quarter ends, against what happened.

use super::export::NewFile;
use super::forecast::fiscal_year;
use super::{Outcome, tell_skipped};
use crate::args::{BacktestArgs, ToleranceArgs};
use crate::commands::assess::format;
use crate::dates::today;
use crate::error::CliError;
use crate::outlook::Testing;
use crate::pipeline::Source;
use crate::progress::Progress;
use crate::rules::{assign, library};
use crate::screen::Screen;
use crate::settings::Loaded;
use aceq_forecast::{backtest_calibration, backtest_scores};
use aceq_metrics::Engine;
use aceq_report::{Backtest, calibration_plot, verdict};
use std::path::Path;

/// Past quarter ends below which there is no verdict.
pub const ENOUGH_QUARTERS: usize = 4;

/// Runs the command.
pub fn run(args: &BacktestArgs, loaded: &Loaded, screen: &Screen) -> Result<Outcome, CliError> {
    let reading = loaded.reading(&args.input, ToleranceArgs::default())?;
    let rules = loaded.rules(&args.rules);
    let library = library(&rules)?;
    let programs = if args.program.is_empty() { &loaded.config.programs } else { &args.program };
    let mut source = Source::open_exports_for_replay(&reading, &std::env::temp_dir(), &Progress::new())?;
    tell_skipped(&source, screen);
    // The rules of the newest snapshot, asked of the past: what is tested is the forecast, not the documents.
    let newest = source.used_files().iter().filter_map(aceq_model::FileRecord::known_snapshot).max();
    let newest = newest.and_then(|date| aceq_model::AsOf::new(date).ok()).unwrap_or_else(today);
    let assigned = assign(&library, programs, rules.version.as_deref(), &[newest])?;
    let checklists: Vec<_> = assigned.iter().map(|assigned| assigned.checklist).collect();
    let engine = Engine::new(checklists.clone());
    let testing = Testing {
        checklists: &checklists,
        partners: loaded.partners(&args.partner),
        fiscal: fiscal_year(loaded)?,
        arrivals: args.chance.arrivals.into(),
        quarters: args.quarters.map(usize::from),
        draws: args.chance.draws,
        seed: args.chance.seed,
    };
    let past = testing.run(&mut source, &engine)?;
    let (scores, calibration) = (backtest_scores(&past.rows), backtest_calibration(&past.rows));
    let verdict = verdict(&scores, ENOUGH_QUARTERS);
    if let Some(path) = &args.chart {
        write_chart(&calibration_plot(&calibration, "Forecast and what happened"), path, screen)?;
    }
    let shown = Backtest {
        rows: &past.rows,
        scores: &scores,
        calibration: &calibration,
        verdict: &verdict,
        color: screen.color,
        width: screen.width,
    };
    screen.print(&shown.in_format(format(args.format)))?;
    Ok(Outcome::Done)
}

fn write_chart(svg: &str, path: &Path, screen: &Screen) -> Result<(), CliError> {
    NewFile::write_text(path, svg)?;
    screen.tell(&format!("wrote {}", path.display()));
    Ok(())
}
