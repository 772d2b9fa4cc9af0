//! `aceq run`: the forecast that `[forecast]` of aceq.toml asks for.

use crate::commands::forecast::{DRIVERS, application_dates, quarter_ends};
use crate::config::{Config, ForecastConfig};
use crate::error::CliError;
use crate::outlook::{Chances, Forecasting, Gathered, Gathering};
use crate::pipeline::Source;
use crate::rules::{Assigned, assign};
use crate::settings::Loaded;
use aceq_checklist::{Checklist, Library};
use aceq_metrics::Engine;
use aceq_model::{AsOf, tables};
use aceq_store::{Prepared, rows};
use serde_json::{Value, json};

/// Writes `forecast` and `forecast_drivers`, neither where no forecast is asked for, and returns the checklists asked.
pub fn write<'l>(
    prepared: &mut Prepared,
    loaded: &Loaded,
    library: &'l Library,
    source: &Source,
    assigned: &[Assigned<'_>],
    run_id: &str,
) -> Result<Vec<&'l Checklist>, CliError> {
    let Some(asked) = &loaded.config.forecast else { return Ok(Vec::new()) };
    let from = from(asked, assigned)?;
    let quarters = quarter_ends(loaded, from, usize::from(asked.quarters))?;
    let assigned = assign(library, &loaded.config.programs, None, &application_dates(&quarters)?)?;
    let engine = Engine::new(assigned.iter().map(|assigned| assigned.checklist).collect());
    let gathering =
        Gathering { assigned: &assigned, partners: &loaded.config.partners, from, arrivals: asked.arrivals.into() };
    let gathered = Gathered::gather(source, &engine, gathering)?;
    let model = gathered.model();
    let (draws, seed) = (asked.draws, asked.seed);
    let forecasting = Forecasting { assigned: &assigned, quarters: &quarters, from, draws, seed, drivers: DRIVERS };
    let forecast = forecasting.of(&gathered, Chances::Model(&model));
    prepared.write(&tables::FORECAST, &rows::forecast_batch(&forecast.rows, run_id))?;
    prepared.write(&tables::FORECAST_DRIVERS, &rows::forecast_drivers_batch(&forecast.drivers, run_id))?;
    Ok(assigned.iter().map(|assigned| assigned.checklist).collect())
}

/// What of it decides the results, for the identity of the run.
pub fn settings(config: &Config, assigned: &[Assigned<'_>]) -> Value {
    let Some(asked) = &config.forecast else { return Value::Null };
    let ForecastConfig { quarters, draws, seed, arrivals, .. } = asked;
    let from = from(asked, assigned).map(|from| from.to_string()).ok();
    json!({ "from": from, "quarters": quarters, "draws": draws, "seed": seed, "arrivals": arrivals })
}

fn from(asked: &ForecastConfig, assigned: &[Assigned<'_>]) -> Result<AsOf, CliError> {
    let last = assigned.iter().flat_map(|one| &one.as_of).max().copied();
    match (asked.from, last) {
        (Some(day), _) => AsOf::new(day.0).map_err(CliError::AsOf),
        (None, Some(last)) => Ok(last),
        (None, None) => Err(CliError::RunNeedsConfig),
    }
}
