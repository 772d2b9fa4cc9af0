//! `aceq plan`

use super::Outcome;
use crate::args::PlanArgs;
use crate::error::CliError;
use crate::screen::Screen;
use crate::settings::Loaded;

/// Runs the command.
pub fn run(_args: &PlanArgs, _loaded: &Loaded, _screen: &Screen) -> Result<Outcome, CliError> {
    Ok(Outcome::Done)
}
