//! `aceq explain`: one requirement of one program, for each partner.
//!
//! The page answers in this order: what the rule is and where it is written, what the answer is and when it changes,
//! which rows count, which almost count and why not, and what to bring.

mod page;

use super::evidence::{application_date, find_requirement};
use super::unasked::Unasked;
use super::{Outcome, evaluate_each, tell_doubts, tell_skipped, tell_warnings};
use crate::args::{ExplainArgs, ToleranceArgs};
use crate::error::CliError;
use crate::pipeline::Source;
use crate::progress::Progress;
use crate::rules::{assign, library};
use crate::screen::Screen;
use crate::settings::Loaded;
use aceq_metrics::Engine;
use page::Page;

/// Runs the command.
pub fn run(args: &ExplainArgs, loaded: &Loaded, screen: &Screen) -> Result<Outcome, CliError> {
    let reading = loaded.reading(&args.input, ToleranceArgs::default())?;
    let as_of = application_date(args.as_of.as_deref())?;
    let rules = loaded.rules(&args.rules);
    let library = library(&rules)?;
    let assigned = assign(&library, std::slice::from_ref(&args.program), rules.version.as_deref(), &[as_of])?;
    let checklist = assigned[0].checklist;
    let requirement = find_requirement(checklist, &args.requirement)?;
    let source = Source::open(&reading, &std::env::temp_dir(), &Progress::new())?;
    tell_skipped(&source, screen);
    tell_warnings(&assigned, screen);
    let engine = Engine::new(vec![checklist]);
    let page = Page { checklist, requirement, as_of, rows: args.rows, width: usize::from(screen.width.clamp(60, 120)) };
    screen.print(&page.rule())?;
    let partners = loaded.partners(&args.partner);
    let mut unasked = Unasked::new(&library);
    let quality = evaluate_each(&source, &engine, partners, |evaluation, bucket| {
        unasked.look_through(bucket);
        (0..evaluation.partners.len()).try_for_each(|partner| screen.print(&page.partner(evaluation, partner)))
    })?;
    unasked.tell(screen);
    tell_doubts(&quality, screen);
    Ok(Outcome::Done)
}
