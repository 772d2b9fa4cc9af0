//! The launch model on a public CRM pipeline, beside plain competing risks and win rate × open, 91 days ahead.
//!
//! `cargo run --release -p aceq-forecast --example crm_benchmark -- sales_pipeline.csv [DATE…]`
//!
//! The file is that of the "CRM sales opportunities" set: columns `sales_agent`, `deal_stage` (Won, Lost, Engaging,
//! Prospecting), `engage_date`, `close_date`. It is not part of this repository. Rows without an engage date, a known stage
//! or the close date that their stage asks for are left out and counted.

#[path = "../tests/pipeline/mod.rs"]
mod pipeline;

use aceq_forecast::State;
use chrono::NaiveDate;
use pipeline::{Closed, Sale, at_date};
use std::error::Error;
use std::io::Write;

const HORIZON: i32 = 91;
const DATES: [&str; 5] = ["2017-05-31", "2017-06-30", "2017-07-31", "2017-08-31", "2017-09-30"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("give the path of sales_pipeline.csv, then dates if you like")?;
    let given: Vec<String> = arguments.collect();
    let dates = if given.is_empty() { DATES.map(str::to_owned).to_vec() } else { given };
    let (sales, left_out) = read(&path)?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{} deals, {left_out} rows left out\n", sales.len())?;
    writeln!(
        out,
        "| date | open | won in {HORIZON} days | method | forecast / won | Brier |\n|---|---|---|---|---|---|"
    )?;
    for date in dates {
        let result = at_date(&sales, day(&date).ok_or("dates are written as 2017-06-30")?, HORIZON);
        for score in &result.scores {
            let (open, won) = (result.open, result.won);
            writeln!(out, "| {date} | {open} | {won} | {} | {:.2} | {:.4} |", score.method, score.ratio, score.brier)?;
        }
    }
    Ok(())
}

fn read(path: &str) -> Result<(Vec<Sale>, usize), Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    let headers = reader.headers()?.clone();
    let column = |name: &str| headers.iter().position(|header| header == name).ok_or(format!("no column {name}"));
    let columns = [column("sales_agent")?, column("deal_stage")?, column("engage_date")?, column("close_date")?];
    let (mut sales, mut sellers, mut left_out) = (Vec::new(), Vec::new(), 0);
    for record in reader.records() {
        let record = record?;
        let [seller, stage, engaged, closed] = columns.map(|column| record.get(column).unwrap_or_default().to_owned());
        let number = sellers.iter().position(|known| *known == seller).unwrap_or_else(|| {
            sellers.push(seller);
            sellers.len() - 1
        });
        match sale(number as u32, &stage, &engaged, &closed) {
            Some(sale) => sales.push(sale),
            None => left_out += 1,
        }
    }
    Ok((sales, left_out))
}

fn sale(seller: u32, stage: &str, engaged: &str, closed: &str) -> Option<Sale> {
    let end = match stage {
        "Won" => Some(State::Launched),
        "Lost" => Some(State::Lost),
        "Engaging" => None,
        _ => return None,
    };
    let closed = match end {
        Some(end) => Some(Closed { day: day(closed)?, end }),
        None => None,
    };
    Some(Sale { seller, engaged: day(engaged)?, closed })
}

fn day(text: &str) -> Option<i32> {
    text.parse::<NaiveDate>().ok().map(aceq_model::days_from_date)
}
