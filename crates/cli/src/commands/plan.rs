//! `aceq plan`: the cheapest set of actions that makes checklists met by a day, for each partner.
//!
//! ```text
//!  rows ─▶ candidates (what could be done) ─┐
//!  actions.toml ─▶ costs ───────────────────┴─▶ problem ─▶ cheapest plans ─▶ steps, status before and after
//! ```

mod costs;
mod problem;
mod told;

pub use costs::TEMPLATE;

use super::evidence::application_date;
use super::{Outcome, check_partners, keep_partners, tell_doubts, tell_skipped, tell_warnings};
use crate::args::{FormatArg, PlanArgs, ToleranceArgs};
use crate::commands::assess::format;
use crate::error::CliError;
use crate::outlook::Assumptions;
use crate::pipeline::{Quality, Source};
use crate::progress::Progress;
use crate::rules::{Assigned, assign, library};
use crate::screen::Screen;
use crate::settings::{Loaded, Reading};
use aceq_metrics::{Candidates, Engine, Planning};
use aceq_model::Status;
use costs::Costs;
use problem::Problem;
use std::collections::{BTreeMap, BTreeSet};

/// Runs the command.
pub fn run(args: &PlanArgs, loaded: &Loaded, screen: &Screen) -> Result<Outcome, CliError> {
    let reading = loaded.reading(&args.input, ToleranceArgs::default())?;
    let assumed = Assumptions::read(&args.assume)?;
    let planning = Planning { from: application_date(args.as_of.as_deref())?, by: application_date(Some(&args.by))? };
    if planning.by < planning.from {
        return Err(CliError::PlanInThePast { by: planning.by.date(), from: planning.from.date() });
    }
    let costs = Costs::read(args.actions.as_deref())?;
    let rules = loaded.rules(&args.rules);
    let library = library(&rules)?;
    let assigned = assign(&library, &args.programs, rules.version.as_deref(), &[planning.by])?;
    tell_warnings(&assigned, screen);
    let search = Search { assigned: &assigned, planning, partners: loaded.partners(&args.partner) };
    let before = match assumed.is_empty() {
        true => None,
        false => Some(statuses(&search.run(&reading, None)?.0)),
    };
    let mut with = reading.clone();
    assumed.add_to(&mut with);
    let (found, quality) = search.run(&with, Some(screen))?;
    tell_doubts(&quality, screen);
    let mut texts = Vec::new();
    for (partner_id, candidates) in &found {
        let problem = Problem::new(candidates, &assigned, &costs);
        let solved = problem.solve(usize::from(args.alternatives));
        let told = told::Told { partner_id, planning, problem: &problem, before: before.as_ref(), assumed: &assumed };
        texts.push(told.in_format(&solved, format(args.format), screen));
    }
    screen.print(&together(&texts, args.format))?;
    Ok(Outcome::Done)
}

/// Several partners in one document: a list for programs, one below the other for people.
fn together(texts: &[String], format: FormatArg) -> String {
    match (format, texts) {
        (FormatArg::Json, texts) => {
            let documents: Vec<&str> = texts.iter().map(|text| text.trim_end()).collect();
            format!("[{}]\n", documents.join(",\n"))
        }
        // One header line is enough.
        (FormatArg::Csv, [first, rest @ ..]) => {
            let rest = rest.iter().map(|text| text.split_once('\n').map_or("", |(_, lines)| lines));
            std::iter::once(first.as_str()).chain(rest).collect()
        }
        (_, texts) => texts.join("\n"),
    }
}

struct Search<'s> {
    assigned: &'s [Assigned<'s>],
    planning: Planning,
    partners: &'s [String],
}

/// What could be done, by partner.
type Found = BTreeMap<String, Candidates>;

/// Status and confirmed count by partner, program and requirement.
type Statuses = BTreeMap<(String, String, String), (Status, i64)>;

impl Search<'_> {
    fn run(&self, reading: &Reading, screen: Option<&Screen>) -> Result<(Found, Quality), CliError> {
        let source = Source::open(reading, &std::env::temp_dir(), &Progress::new())?;
        if let Some(screen) = screen {
            tell_skipped(&source, screen);
        }
        let engine = Engine::new(self.assigned.iter().map(|assigned| assigned.checklist).collect());
        let checklists: Vec<usize> = (0..self.assigned.len()).collect();
        let mut found = Found::new();
        let mut seen = BTreeSet::new();
        let mut quality = source.file_quality()?;
        source.for_each_bucket(|bucket, noticed| {
            quality.add(noticed)?;
            seen.extend(bucket.partners.iter().cloned());
            let bucket = keep_partners(bucket, self.partners);
            let launches = engine.as_if_launched(&bucket)?;
            let evaluation = engine.evaluate(&bucket)?;
            for (index, partner) in evaluation.partners.iter().enumerate() {
                let candidates = evaluation.candidates(&launches, &checklists, index, self.planning);
                found.insert(partner.partner_id.clone(), candidates);
            }
            Ok(())
        })?;
        check_partners(self.partners, &seen)?;
        Ok((found, quality))
    }
}

fn statuses(found: &Found) -> Statuses {
    let rows = found.values().flat_map(|candidates| &candidates.rows);
    rows.map(|row| {
        let key = (row.key.partner_id.clone(), row.key.program.clone(), row.key.requirement_id.clone());
        (key, (row.status, row.confirmed))
    })
    .collect()
}
