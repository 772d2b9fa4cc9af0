//! What the backtest says, beside a forecast: in one sentence.

use super::{Asked, fiscal_year};
use crate::args::ForecastFormat;
use crate::commands::backtest::ENOUGH_QUARTERS;
use crate::error::CliError;
use crate::outlook::Testing;
use crate::pipeline::Source;
use crate::rules::Assigned;
use aceq_forecast::backtest_scores;
use aceq_metrics::Engine;

/// Past quarters that are replayed beside a forecast: enough to judge, and a few seconds for a hundred partners.
const QUARTERS: usize = 8;

/// Draws per replay: a verdict speaks of averages over many forecasts.
const DRAWS: u32 = 1_000;

/// The verdict.
pub fn of(
    asked: &Asked<'_>,
    source: &mut Source,
    engine: &Engine<'_>,
    assigned: &[Assigned<'_>],
) -> Result<String, CliError> {
    // Nobody would see it.
    if asked.args.format == ForecastFormat::Markdown {
        return Ok(String::new());
    }
    if asked.args.no_backtest {
        return Ok("not tested: --no-backtest".to_owned());
    }
    if matches!(source, Source::Dataset(..)) {
        return Ok("not tested: a dataset holds newest states only; `aceq backtest` on the exports tests it".to_owned());
    }
    let checklists: Vec<_> = assigned.iter().map(|assigned| assigned.checklist).collect();
    let testing = Testing {
        checklists: &checklists,
        partners: asked.loaded.partners(&asked.args.partner),
        fiscal: fiscal_year(asked.loaded)?,
        arrivals: asked.args.chance.arrivals.into(),
        quarters: Some(QUARTERS),
        draws: DRAWS,
        seed: asked.args.chance.seed,
    };
    let past = testing.run(source, engine)?;
    Ok(aceq_report::verdict(&backtest_scores(&past.rows), ENOUGH_QUARTERS))
}
