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
    for input in discover(&args.files)? {
        match recognise(&input, Mappings::builtin(), &Options::default()) {
            Ok(recognised) => screen.print(&described(&recognised))?,
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
    let mut text = format!("{}\n", recognised.file);
    let delimiter = match recognised.delimiter {
        '\t' => "tab".to_owned(),
        other => format!("`{other}`"),
    };
    let lines = [
        ("kind", recognised.table.name().to_owned()),
        ("mapping", recognised.mapping.clone()),
        ("why", recognised.why.clone()),
        ("encoding", recognised.encoding.name().to_owned()),
        ("separator", delimiter),
        ("header line", recognised.header_line.to_string()),
        ("ignored", listed(&recognised.ignored)),
        ("not known", listed(&recognised.unmapped)),
    ];
    for (name, value) in lines {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "  {name:<12} {value}");
    }
    for header in &recognised.mapped {
        let _ = writeln!(text, "  {:<12} {} ← {}", "column", header.column, header.header);
    }
    text
}

fn listed(headers: &[String]) -> String {
    if headers.is_empty() { "none".to_owned() } else { headers.join(", ") }
}
