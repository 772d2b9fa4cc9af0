//! `aceq sniff`: what a file is recognised as, and why.

use super::Outcome;
use crate::args::SniffArgs;
use crate::error::CliError;
use crate::screen::Screen;
use aceq_ingest::{Mappings, Options, Recognised, discover, recognise};
use std::fmt::Write;

/// Runs the command.
pub fn run(args: &SniffArgs, screen: &Screen) -> Result<Outcome, CliError> {
    let mut failed = None;
    let options = Options::default();
    let found = discover(&args.files, &std::env::temp_dir(), &options.limits)?;
    for input in found.inputs {
        match recognise(&input, Mappings::builtin(), &options) {
            Ok(known) => {
                known.tables.iter().try_for_each(|recognised| screen.print(&described(recognised)))?;
                known.others.iter().for_each(|error| screen.tell(&format!("not used: {error}")));
            }
            Err(error) => {
                if let Some(earlier) = failed.replace(error) {
                    screen.tell(&format!("error: {earlier}"));
                }
            }
        }
    }
    // Each message stands beside the answers for the other files; the last one ends the command.
    failed.map_or(Ok(Outcome::Done), |error| Err(error.into()))
}

fn described(recognised: &Recognised) -> String {
    let sheet = if recognised.sheet.is_empty() { String::new() } else { format!("[{}]", recognised.sheet) };
    let mut text = format!("{}{sheet}\n", recognised.file);
    for (name, value) in facts(recognised) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {name:<12} {value}");
    }
    for header in &recognised.mapped {
        let _ = writeln!(text, "  {:<12} {} ← {}", "column", header.column, header.header);
    }
    text
}

fn facts(recognised: &Recognised) -> Vec<(&'static str, String)> {
    let separator = recognised.delimiter.map(|delimiter| match delimiter {
        '\t' => "tab".to_owned(),
        other => format!("`{other}`"),
    });
    let header = match recognised.header_line {
        0 => "each record names its own fields".to_owned(),
        line => format!("line {line}"),
    };
    let hidden = (recognised.hidden_rows > 0).then(|| format!("{} (read like the others)", recognised.hidden_rows));
    let lines = [
        ("kind", Some(recognised.table.name().to_owned())),
        ("mapping", Some(recognised.mapping.clone())),
        ("why", Some(recognised.why.clone())),
        ("format", Some(recognised.format.name().to_owned())),
        ("encoding", recognised.encoding.map(|encoding| encoding.name().to_owned())),
        ("separator", separator),
        ("header", Some(header)),
        ("hidden rows", hidden),
        ("ignored", Some(listed(&recognised.ignored))),
        ("not known", Some(listed(&recognised.unmapped))),
    ];
    lines.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn listed(headers: &[String]) -> String {
    if headers.is_empty() { "none".to_owned() } else { headers.join(", ") }
}
