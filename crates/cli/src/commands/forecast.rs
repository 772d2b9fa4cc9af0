//! `aceq forecast`: how likely each requirement is met at the end of each coming quarter.

use super::evidence::application_date;
use super::{Outcome, tell_doubts, tell_skipped, tell_warnings};
use crate::args::{ForecastArgs, ForecastFormat, ToleranceArgs};
use crate::error::CliError;
use crate::outlook::{Forecasting, Gathered, Gathering, notes};
use crate::pipeline::Source;
use crate::progress::Progress;
use crate::rules::{assign, library};
use crate::screen::Screen;
use crate::settings::Loaded;
use aceq_forecast::FiscalYearStart;
use aceq_metrics::Engine;
use aceq_model::AsOf;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Drivers that are named per row and quarter.
const DRIVERS: usize = 5;

/// Runs the command.
pub fn run(args: &ForecastArgs, loaded: &Loaded, screen: &Screen) -> Result<Outcome, CliError> {
    let reading = loaded.reading(&args.input, ToleranceArgs::default())?;
    let from = application_date(args.as_of.as_deref())?;
    let quarters = quarter_ends(loaded, from, usize::from(args.quarters))?;
    let dates = quarters.keys().map(|date| AsOf::new(*date).map_err(CliError::AsOf)).collect::<Result<Vec<_>, _>>()?;
    let rules = loaded.rules(&args.rules);
    let library = library(&rules)?;
    let programs = if args.program.is_empty() { &loaded.config.programs } else { &args.program };
    let assigned = assign(&library, programs, rules.version.as_deref(), &dates)?;
    let source = Source::open(&reading, &std::env::temp_dir(), &Progress::new())?;
    tell_skipped(&source, screen);
    tell_warnings(&assigned, screen);
    let engine = Engine::new(assigned.iter().map(|assigned| assigned.checklist).collect());
    let gathering = Gathering { assigned: &assigned, partners: loaded.partners(&args.partner), from };
    let gathered = Gathered::gather(&source, &engine, gathering)?;
    let model = gathered.model();
    let forecasting = Forecasting {
        assigned: &assigned,
        quarters: &quarters,
        from,
        draws: args.chance.draws,
        seed: args.chance.seed,
        drivers: DRIVERS,
    };
    let forecast = forecasting.of(&gathered, &model);
    let notes = notes(&gathered, &model);
    tell_doubts(&gathered.quality, screen);
    for row in &forecast.rows {
        if row.p_met > 0.0 && row.p_met < 1.0 {
            screen.print(&format!("{row:?}\n"))?;
        }
    }
    for row in &forecast.drivers {
        screen.print(&format!("{row:?}\n"))?;
    }
    for note in &notes {
        screen.print(&format!("{note}\n"))?;
    }
    let _ = ForecastFormat::Table;
    Ok(Outcome::Done)
}

/// The ends of the quarters from `from` on, with their names.
pub fn quarter_ends(loaded: &Loaded, from: AsOf, count: usize) -> Result<BTreeMap<NaiveDate, String>, CliError> {
    let month = loaded.fiscal_year()?.month();
    let start = FiscalYearStart::new(month).expect("the settings hold a month");
    let quarters = start.quarters_from(from.date(), count);
    Ok(quarters.into_iter().map(|quarter| (quarter.end(), quarter.to_string())).collect())
}
