//! `aceq forecast`: how likely each requirement is met at the end of each coming quarter, and the calendar behind it.

mod calendar;
mod charts;
mod verdict;

use super::evidence::application_date;
use super::{Outcome, infos, tell_doubts, tell_skipped, tell_warnings};
use crate::args::{ForecastArgs, ForecastFormat, ToleranceArgs};
use crate::error::CliError;
use crate::outlook::{Assumptions, Chances, Forecasting, Gathered, Gathering, PartnerOutlook, notes};
use crate::pipeline::Source;
use crate::progress::Progress;
use crate::rules::{Assigned, assign, library};
use crate::screen::Screen;
use crate::settings::{Loaded, Reading};
use aceq_checklist::Library;
use aceq_forecast::{FiscalYearStart, LaunchModel};
use aceq_metrics::Engine;
use aceq_model::AsOf;
use aceq_report::{Deals, Forecast, Format, RequirementInfos};
use chrono::NaiveDate;
use rayon::prelude::{ParallelIterator, ParallelSlice};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Drivers that are named per row and quarter.
pub const DRIVERS: usize = 5;

/// Runs the command.
pub fn run(args: &ForecastArgs, loaded: &Loaded, screen: &Screen) -> Result<Outcome, CliError> {
    let mut reading = loaded.reading(&args.input, ToleranceArgs::default())?;
    let assumed = Assumptions::read(&args.assume)?;
    assumed.add_to(&mut reading);
    let from = application_date(args.as_of.as_deref())?;
    let rules = loaded.rules(&args.rules);
    let library = library(&rules)?;
    let asked = Asked { args, loaded, from, library: &library, version: rules.version.as_deref() };
    match (args.calendar, args.format) {
        (true, _) => calendar::run(&asked, &reading, screen),
        (false, ForecastFormat::Ics) => Err(CliError::IcsNeedsCalendar),
        (false, _) => asked.quarters(&reading, &assumed, screen),
    }
}

/// What was asked for.
struct Asked<'a> {
    args: &'a ForecastArgs,
    loaded: &'a Loaded,
    from: AsOf,
    library: &'a Library,
    version: Option<&'a str>,
}

impl Asked<'_> {
    fn programs(&self) -> &[String] {
        if self.args.program.is_empty() { &self.loaded.config.programs } else { &self.args.program }
    }

    fn assign(&self, dates: &[AsOf]) -> Result<Vec<Assigned<'_>>, CliError> {
        assign(self.library, self.programs(), self.version, dates)
    }

    fn quarters(&self, reading: &Reading, assumed: &Assumptions, screen: &Screen) -> Result<Outcome, CliError> {
        let args = self.args;
        let quarters = quarter_ends(self.loaded, self.from, usize::from(args.quarters))?;
        let assigned = self.assign(&application_dates(&quarters)?)?;
        let mut source = Source::open(reading, &std::env::temp_dir(), &Progress::new())?;
        tell_skipped(&source, screen);
        tell_warnings(&assigned, screen);
        let engine = Engine::new(assigned.iter().map(|assigned| assigned.checklist).collect());
        let partners = self.loaded.partners(&args.partner);
        let gathering =
            Gathering { assigned: &assigned, partners, from: self.from, arrivals: args.chance.arrivals.into() };
        let gathered = Gathered::gather(&source, &engine, gathering)?;
        let model = gathered.model();
        let forecasting = Forecasting {
            assigned: &assigned,
            quarters: &quarters,
            from: self.from,
            draws: args.chance.draws,
            seed: args.chance.seed,
            drivers: DRIVERS,
        };
        let mut told = assumed.notes();
        told.extend(notes(&gathered, &model, gathering));
        if args.deals {
            let rows = forecasting.deals(&gathered, &model);
            let deals = Deals { rows: &rows, notes: &told, color: screen.color, width: screen.width };
            screen.print(&deals.in_format(format(args.format)))?;
            return Ok(Outcome::Done);
        }
        tell_doubts(&gathered.quality, screen);
        if args.format == ForecastFormat::Csv && args.charts.is_none() {
            return print_lines(&forecasting, &gathered, &model, screen);
        }
        let forecast = forecasting.of(&gathered, Chances::Model(&model));
        let titles = titles(&assigned);
        if let Some(folder) = &args.charts {
            let new_deals = match args.chance.arrivals {
                true => "As many new deals as in the last year are counted on.",
                false => "New opportunities are not part of it.",
            };
            charts::write(&forecast.rows, &titles, new_deals, folder, screen)?;
        }
        let verdict = verdict::of(self, &mut source, &engine, &assigned)?;
        let settings = self.settings(&gathered);
        let shown = Forecast {
            rows: &forecast.rows,
            drivers: &forecast.drivers,
            titles: &titles,
            settings: &settings,
            notes: &told,
            verdict: Some(&verdict),
            color: screen.color,
            width: screen.width,
        };
        screen.print(&shown.in_format(format(args.format)))?;
        Ok(Outcome::Done)
    }

    fn settings(&self, gathered: &Gathered) -> BTreeMap<String, Value> {
        let known_at = gathered.known_at().map(|date| date.to_string());
        let settings = [
            ("from", json!(self.from.to_string())),
            ("known_at", json!(known_at)),
            ("draws", json!(self.args.chance.draws)),
            ("seed", json!(self.args.chance.seed)),
            ("arrivals", json!(self.args.chance.arrivals)),
            ("assumed", json!(self.args.assume.join("; "))),
        ];
        settings.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Partners whose lines are made at a time, and groups of them that are.
const GROUP: usize = 16;
const GROUPS: usize = 8;

/// The forecast as CSV, group of partners by group of partners: the lines of many partners outgrow any memory.
fn print_lines(
    forecasting: &Forecasting<'_>,
    gathered: &Gathered,
    model: &LaunchModel,
    screen: &Screen,
) -> Result<Outcome, CliError> {
    let lines = |partners: &[PartnerOutlook]| {
        aceq_report::forecast_csv(&forecasting.of_partners(partners, gathered, Chances::Model(model)).rows)
    };
    let header = lines(&[]);
    screen.print(&header)?;
    for groups in gathered.partners.chunks(GROUP * GROUPS) {
        let texts: Vec<String> = groups.par_chunks(GROUP).map(lines).collect();
        texts.iter().try_for_each(|text| screen.print(text.strip_prefix(&header).unwrap_or(text)))?;
    }
    Ok(Outcome::Done)
}

/// The ends of the quarters from `from` on, with their names.
///
/// # Errors
/// When `fiscal_year_start` is no month.
pub fn quarter_ends(loaded: &Loaded, from: AsOf, count: usize) -> Result<BTreeMap<NaiveDate, String>, CliError> {
    let quarters = fiscal_year(loaded)?.quarters_from(from.date(), count);
    Ok(quarters.into_iter().map(|quarter| (quarter.end(), quarter.to_string())).collect())
}

/// The quarter ends as application dates, ascending.
///
/// # Errors
/// When one lies outside the calendar.
pub fn application_dates(quarters: &BTreeMap<NaiveDate, String>) -> Result<Vec<AsOf>, CliError> {
    quarters.keys().map(|date| AsOf::new(*date).map_err(CliError::AsOf)).collect()
}

/// When fiscal years begin.
///
/// # Errors
/// When `fiscal_year_start` is no month.
pub fn fiscal_year(loaded: &Loaded) -> Result<FiscalYearStart, CliError> {
    let month = loaded.fiscal_year()?.month();
    Ok(FiscalYearStart::new(month).expect("the settings hold a month"))
}

fn format(format: ForecastFormat) -> Format {
    match format {
        ForecastFormat::Table | ForecastFormat::Ics => Format::Table,
        ForecastFormat::Json => Format::Json,
        ForecastFormat::Csv => Format::Csv,
        ForecastFormat::Markdown => Format::Markdown,
    }
}

/// Titles by checklist and requirement.
fn titles(assigned: &[Assigned<'_>]) -> RequirementInfos {
    infos(assigned.iter().map(|assigned| assigned.checklist))
}
