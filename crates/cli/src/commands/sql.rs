//! `aceq sql`: the rules as one SQL query, for engines that read the published dataset themselves.

use super::evidence::find_requirement;
use super::{Outcome, tell_warnings};
use crate::args::{DialectArg, SqlArgs};
use crate::error::CliError;
use crate::rules::{Assigned, assign, library};
use crate::screen::Screen;
use crate::settings::Loaded;
use aceq_checklist::{Dialect, SqlQuestion, status_query};

/// Runs the command.
pub fn run(args: &SqlArgs, loaded: &Loaded, screen: &Screen) -> Result<Outcome, CliError> {
    let dates = loaded.as_of(&args.dates)?;
    let rules = loaded.rules(&args.rules);
    let library = library(&rules)?;
    let programs = match &args.program {
        Some(program) => std::slice::from_ref(program),
        None => &loaded.config.programs,
    };
    let assigned = assign(&library, programs, rules.version.as_deref(), &dates)?;
    let questions = assigned.iter().map(|assigned| question(assigned, args.requirement.as_deref()));
    let questions = questions.collect::<Result<Vec<_>, _>>()?;
    tell_warnings(&assigned, screen);
    screen.print(&status_query(&questions, dialect(args.dialect)))?;
    Ok(Outcome::Done)
}

fn question<'c>(assigned: &Assigned<'c>, requirement: Option<&str>) -> Result<SqlQuestion<'c>, CliError> {
    let checklist = assigned.checklist;
    let requirement = requirement.map(|id| find_requirement(checklist, id)).transpose()?;
    let requirement = requirement.map(|requirement| requirement.id.as_str());
    Ok(SqlQuestion { checklist, requirement, as_of: assigned.as_of.clone() })
}

fn dialect(arg: DialectArg) -> Dialect {
    match arg {
        DialectArg::Duckdb => Dialect::DuckDb,
        DialectArg::Spark => Dialect::Spark,
    }
}
