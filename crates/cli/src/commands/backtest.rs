//! `aceq backtest`

use super::Outcome;
use crate::args::BacktestArgs;
use crate::error::CliError;
use crate::screen::Screen;
use crate::settings::Loaded;

/// Runs the command.
pub fn run(_args: &BacktestArgs, _loaded: &Loaded, _screen: &Screen) -> Result<Outcome, CliError> {
    Ok(Outcome::Done)
}
