//! `aceq sql`: the rules as one SQL query, for engines that read the published dataset themselves.

use super::evidence::find_requirement;
use super::{Outcome, tell_warnings};
use crate::args::{DialectArg, SqlArgs};
use crate::dates::today;
use crate::error::CliError;
use crate::rules::{Assigned, assign, library};
use crate::screen::Screen;
use crate::settings::Loaded;
use aceq_checklist::{Dialect, SqlQuestion, status_query};

/// Runs the command.
pub fn run(args: &SqlArgs, loaded: &Loaded, screen: &Screen) -> Result<Outcome, CliError> {
    // Without dates, those of today choose the version of each checklist.
    let dates = if args.dates_from_table { vec![today()] } else { loaded.as_of(&args.dates)? };
    let rules = loaded.rules(&args.rules);
    let library = library(&rules)?;
    let programs = match &args.program {
        Some(program) => std::slice::from_ref(program),
        None => &loaded.config.programs,
    };
    let assigned = assign(&library, programs, rules.version.as_deref(), &dates)?;
    let questions = assigned.iter().map(|assigned| question(assigned, args.requirement.as_deref()));
    let mut questions = questions.collect::<Result<Vec<_>, _>>()?;
    if args.dates_from_table {
        questions.iter_mut().for_each(|question| question.as_of.clear());
    }
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
