//! `aceq explain`: one requirement of one program, for each partner.
//!
//! The page answers in this order: what the rule is and where it is written, what the answer is and when it changes,
//! which rows count, which almost count and why not, and what to bring.

mod page;

use super::evidence::{application_date, find_requirement};
use super::{Outcome, check_partners, keep_partners, tell_doubts, tell_skipped, tell_warnings};
use crate::args::ExplainArgs;
use crate::error::CliError;
use crate::pipeline::Source;
use crate::progress::Progress;
use crate::rules::{assign, library};
use crate::screen::Screen;
use crate::settings::Loaded;
use aceq_metrics::Engine;
use page::Page;
use std::collections::BTreeSet;

/// Runs the command.
pub fn run(args: &ExplainArgs, loaded: &Loaded, screen: &Screen) -> Result<Outcome, CliError> {
    let reading = loaded.reading(&args.input)?;
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
    let mut seen = BTreeSet::new();
    let mut quality = source.file_quality();
    source.for_each_bucket(|bucket, noticed| {
        quality.add(noticed);
        seen.extend(bucket.partners.iter().cloned());
        let evaluation = engine.evaluate(&keep_partners(bucket, partners))?;
        for partner in 0..evaluation.partners.len() {
            screen.print(&page.partner(&evaluation, partner))?;
        }
        Ok(())
    })?;
    check_partners(partners, &seen)?;
    tell_doubts(&quality, screen);
    Ok(Outcome::Done)
}
