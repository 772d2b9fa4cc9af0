//! `aceq forecast --calendar`: the days on which answers change with the rows that are there.

use super::{Asked, format, titles};
use crate::args::ForecastFormat;
use crate::commands::{Outcome, evaluate_each, tell_doubts, tell_skipped, tell_warnings};
use crate::error::CliError;
use crate::pipeline::Source;
use crate::progress::Progress;
use crate::screen::Screen;
use crate::settings::Reading;
use aceq_metrics::Engine;
use aceq_model::{AsOf, CalendarRow};
use aceq_report::{Calendar, calendar_ics};
use chrono::Months;

/// Runs the command.
pub fn run(asked: &Asked<'_>, reading: &Reading, screen: &Screen) -> Result<Outcome, CliError> {
    let args = asked.args;
    let assigned = asked.assign(&[asked.from])?;
    let source = Source::open(reading, &std::env::temp_dir(), &Progress::new())?;
    tell_skipped(&source, screen);
    tell_warnings(&assigned, screen);
    let engine = Engine::new(assigned.iter().map(|assigned| assigned.checklist).collect());
    let days = reach(asked.from, (args.back, args.months));
    let mut rows: Vec<CalendarRow> = Vec::new();
    let mut whole = Vec::new();
    let quality = evaluate_each(&source, &engine, asked.loaded.partners(&args.partner), |evaluation, _| {
        for partner in 0..evaluation.partners.len() {
            for checklist in 0..assigned.len() {
                rows.extend(evaluation.calendar(checklist, partner, days.clone()));
                whole.extend(evaluation.partner_status_rows(checklist, partner, &[asked.from]).take(1));
            }
        }
        Ok(())
    })?;
    tell_doubts(&quality, screen);
    if !args.verbose {
        rows.retain(|row| row.key.reading == "adopted");
    }
    if args.format == ForecastFormat::Ics {
        // Reminders of what has passed help nobody.
        rows.retain(|row| row.date >= asked.from.date());
        screen.print(&calendar_ics(&rows, asked.from.date(), &[u32::from(args.remind)]))?;
        return Ok(Outcome::Done);
    }
    let titles = titles(&assigned);
    let calendar = Calendar { rows: &rows, whole: &whole, titles: &titles, color: screen.color, width: screen.width };
    screen.print(&calendar.in_format(format(args.format)))?;
    Ok(Outcome::Done)
}

/// So many months back and ahead; the calendar's own ends where those lie beyond.
fn reach(from: AsOf, (back, ahead): (u16, u16)) -> std::ops::RangeInclusive<i32> {
    let (back, ahead) = (Months::new(u32::from(back)), Months::new(u32::from(ahead)));
    let first = from.date().checked_sub_months(back).unwrap_or(aceq_model::OPEN_START);
    let last = from.date().checked_add_months(ahead).unwrap_or(aceq_model::OPEN_END);
    aceq_model::days_from_date(first)..=aceq_model::days_from_date(last)
}
