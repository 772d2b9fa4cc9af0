//! The launch model on pipelines that nobody here made, beside plain competing risks and win rate × open.
//!
//! `cargo run --release -p aceq-forecast --example pipeline_benchmark -- CASES.csv [--events EVENTS.csv] [--days 91] [DATE…]`
//!
//! The data is not part of this repository. Two shapes of `CASES.csv` are read:
//!
//! - the public "CRM sales opportunities" set: `sales_agent`, `deal_stage` (Won, Lost, Engaging), `engage_date`,
//!   `close_date`;
//! - any other pipeline: `case_id`, `owner`, `created`, `ended` (blank while open), `outcome` (won, lost, blank), with
//!   `EVENTS.csv` of `case_id`, `date`, `stage` (an ACE stage) where stages are known.
//!
//! At each date every method learns from what was known then. Rows without a day, a known stage or the end that their
//! outcome asks for are left out and counted.

#[path = "../tests/pipeline/mod.rs"]
mod pipeline;

use aceq_forecast::{Stage, State};
use chrono::NaiveDate;
use pipeline::{Closed, Sale, at_date};
use std::collections::BTreeMap;
use std::error::Error;
use std::io::Write;

const DATES: [&str; 5] = ["2017-05-31", "2017-06-30", "2017-07-31", "2017-08-31", "2017-09-30"];

type Failure = Box<dyn Error>;

struct Arguments {
    cases: String,
    events: Option<String>,
    days: i32,
    dates: Vec<i32>,
}

fn main() -> Result<(), Failure> {
    let arguments = Arguments::read()?;
    let moves = arguments.events.as_deref().map(moves).transpose()?.unwrap_or_default();
    let (sales, left_out) = read(&arguments.cases, &moves)?;
    let mut out = std::io::stdout().lock();
    let days = arguments.days;
    writeln!(out, "{} deals, {left_out} rows left out\n", sales.len())?;
    writeln!(out, "| date | open | won in {days} days | method | forecast / won | Brier |\n|---|---|---|---|---|---|")?;
    let mut sums: Vec<(&str, f64, f64)> = Vec::new();
    for date in &arguments.dates {
        let result = at_date(&sales, *date, days);
        let shown = aceq_model::date_from_days(*date).ok_or("no date")?;
        for (place, score) in result.scores.iter().enumerate() {
            let (open, won) = (result.open, result.won);
            writeln!(out, "| {shown} | {open} | {won} | {} | {:.2} | {:.4} |", score.method, score.ratio, score.brier)?;
            if sums.len() <= place {
                sums.push((score.method, 0.0, 0.0));
            }
            sums[place].1 += score.ratio / arguments.dates.len() as f64;
            sums[place].2 += score.brier / arguments.dates.len() as f64;
        }
    }
    for (method, ratio, brier) in sums {
        writeln!(out, "| mean | | | {method} | {ratio:.2} | {brier:.4} |")?;
    }
    Ok(())
}

impl Arguments {
    fn read() -> Result<Self, Failure> {
        let mut found = Self { cases: String::new(), events: None, days: 91, dates: Vec::new() };
        let mut words = std::env::args().skip(1);
        while let Some(word) = words.next() {
            match word.as_str() {
                "--events" => found.events = Some(words.next().ok_or("--events names a file")?),
                "--days" => found.days = words.next().ok_or("--days names a number")?.parse()?,
                _ if found.cases.is_empty() => found.cases = word,
                date => found.dates.push(day(date).ok_or("dates are written as 2017-06-30")?),
            }
        }
        if found.cases.is_empty() {
            return Err("give the path of the cases, then dates if you like".into());
        }
        if found.dates.is_empty() {
            found.dates = DATES.iter().filter_map(|date| day(date)).collect();
        }
        Ok(found)
    }
}

/// Stages of each case, in the order of the file.
fn moves(path: &str) -> Result<BTreeMap<String, Vec<(i32, Stage)>>, Failure> {
    let mut reader = csv::Reader::from_path(path)?;
    let place = places(reader.headers()?, ["case_id", "date", "stage"])?;
    let mut moves: BTreeMap<String, Vec<(i32, Stage)>> = BTreeMap::new();
    for record in reader.records() {
        let record = record?;
        let [case, date, stage] = place.map(|place| record.get(place).unwrap_or_default());
        let Some(State::Open(stage)) = State::from_name(stage) else { return Err(format!("no stage: {stage}").into()) };
        let date = day(date).ok_or("a stage without a day")?;
        let list = moves.entry(case.to_owned()).or_default();
        // Of two stages of one day the later one is what a snapshot of that day shows.
        match list.last_mut() {
            Some(last) if last.0 == date => last.1 = stage,
            _ => list.push((date, stage)),
        }
    }
    moves.values_mut().for_each(|list| list.sort_by_key(|step| step.0));
    Ok(moves)
}

fn places<const N: usize>(headers: &csv::StringRecord, names: [&str; N]) -> Result<[usize; N], Failure> {
    let mut places = [0; N];
    for (place, name) in places.iter_mut().zip(names) {
        *place = headers.iter().position(|header| header == name).ok_or(format!("no column {name}"))?;
    }
    Ok(places)
}

fn read(path: &str, moves: &BTreeMap<String, Vec<(i32, Stage)>>) -> Result<(Vec<Sale>, usize), Failure> {
    let mut reader = csv::Reader::from_path(path)?;
    let headers = reader.headers()?.clone();
    // Owner, outcome, first day, last day, and the case where it has a name.
    let (place, named) = match places(&headers, ["sales_agent", "deal_stage", "engage_date", "close_date"]) {
        Ok(place) => (place, None),
        Err(_) => {
            let place = places(&headers, ["owner", "outcome", "created", "ended"])?;
            (place, Some(places(&headers, ["case_id"])?[0]))
        }
    };
    let (mut sales, mut sellers, mut left_out) = (Vec::new(), BTreeMap::new(), 0);
    for record in reader.records() {
        let record = record?;
        let [seller, outcome, engaged, closed] = place.map(|place| record.get(place).unwrap_or_default());
        let next = sellers.len() as u32;
        let seller = *sellers.entry(seller.to_owned()).or_insert(next);
        let own = named.and_then(|place| moves.get(record.get(place)?)).cloned().unwrap_or_default();
        match sale(seller, outcome, engaged, closed) {
            Some(sale) => sales.push(Sale { moves: own, ..sale }),
            None => left_out += 1,
        }
    }
    Ok((sales, left_out))
}

fn sale(seller: u32, outcome: &str, engaged: &str, closed: &str) -> Option<Sale> {
    let end = match outcome {
        "Won" | "won" => Some(State::Launched),
        "Lost" | "lost" => Some(State::Lost),
        "Engaging" | "" => None,
        _ => return None,
    };
    let closed = match end {
        Some(end) => Some(Closed { day: day(closed)?, end }),
        None => None,
    };
    Some(Sale { seller, engaged: day(engaged)?, moves: Vec::new(), closed })
}

fn day(text: &str) -> Option<i32> {
    text.parse::<NaiveDate>().ok().map(aceq_model::days_from_date)
}
