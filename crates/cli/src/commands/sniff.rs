//! `aceq sniff`: what a file is recognised as, and why; its rows as decoded; the draft of a mapping for it.

use super::Outcome;
use super::template::kind;
use crate::args::SniffArgs;
use crate::error::CliError;
use crate::screen::Screen;
use crate::settings::Loaded;
use aceq_ingest::{
    Discovered, IngestError, Input, Mappings, Options, Recognised, discover, draft_mapping, recognise, salvage_file,
    write_rows,
};
use std::fmt::Write;
use std::io::{BufWriter, ErrorKind};
use std::path::{Path, PathBuf};

/// Runs the command.
pub fn run(args: &SniffArgs, loaded: &Loaded, screen: &Screen) -> Result<Outcome, CliError> {
    let options = loaded.reader_options()?;
    let mappings = loaded.mappings(&args.mapping)?;
    let found = match (found(&args.files, &options), args.files.as_slice()) {
        (Err(error @ IngestError::Damaged { .. }), [file]) if args.rows && file.is_file() => {
            let (input, damage) = salvage_file(file, &std::env::temp_dir(), &options.limits)?;
            let Some(damage) = damage else { return Err(error.into()) };
            rows(&input, args, &mappings, &options)?;
            return Err(damage.into());
        }
        (found, _) => found?,
    };
    match (args.rows, args.write_mapping, &args.sheet) {
        (true, ..) => rows(&only(found, "--rows")?, args, &mappings, &options),
        (_, true, _) => draft(&only(found, "--write-mapping")?, args, &mappings, &options, screen),
        (.., Some(_)) => Err(CliError::SheetOfNothing),
        _ => describe(found, &mappings, &options, screen),
    }
}

/// The files that are meant; one in an archive is named as if that were a folder.
fn found(files: &[PathBuf], options: &Options) -> Result<Discovered, IngestError> {
    let archive_of = |file: &PathBuf| file.ancestors().skip(1).find(|above| above.is_file()).map(Path::to_owned);
    let archives: Vec<Option<PathBuf>> = files.iter().map(archive_of).collect();
    let places = files.iter().zip(&archives).map(|(file, archive)| archive.clone().unwrap_or_else(|| file.clone()));
    let mut found = discover(&places.collect::<Vec<_>>(), &std::env::temp_dir(), &options.limits)?;
    let members: Vec<&PathBuf> =
        files.iter().zip(&archives).filter_map(|(file, of)| of.is_some().then_some(file)).collect();
    let is_refused = |member: &Path| found.refused.iter().any(|refused| member.ends_with(&refused.name));
    for member in &members {
        if !is_refused(member) && !found.inputs.iter().any(|input| input.place().starts_with(member)) {
            return Err(IngestError::NotFound { path: member.to_path_buf() });
        }
    }
    if !members.is_empty() {
        let is_meant = |place: &Path| files.iter().any(|file| place.starts_with(file));
        found.inputs.retain(|input| is_meant(&input.place()));
    }
    if members.len() == files.len() {
        found.refused.retain(|refused| members.iter().any(|member| member.ends_with(&refused.name)));
    }
    Ok(found)
}

fn describe(found: Discovered, mappings: &Mappings, options: &Options, screen: &Screen) -> Result<Outcome, CliError> {
    let mut failed: Vec<IngestError> = Vec::new();
    for input in found.inputs {
        match recognise(&input, mappings, options) {
            Ok(known) => {
                known.tables.iter().try_for_each(|recognised| screen.print(&described(recognised)))?;
                known.others.iter().for_each(|error| screen.tell(&format!("not used: {error}")));
            }
            Err(error) => failed.push(error),
        }
    }
    failed.extend(found.refused.into_iter().map(|refused| refused.error));
    // Each message stands beside the answers for the other files; the last one ends the command.
    let Some(last) = failed.pop() else { return Ok(Outcome::Done) };
    failed.iter().for_each(|error| screen.tell(&format!("error: {error}")));
    Err(last.into())
}

/// The one file that is meant.
fn only(mut found: Discovered, flag: &'static str) -> Result<Input, CliError> {
    if found.inputs.len() == 1 && found.refused.is_empty() {
        return Ok(found.inputs.remove(0));
    }
    if found.inputs.is_empty() && found.refused.len() == 1 {
        return Err(found.refused.remove(0).error.into());
    }
    let inputs = found.inputs.into_iter().map(|input| input.name);
    let files = inputs.chain(found.refused.into_iter().map(|refused| refused.name)).take(20).collect();
    Err(CliError::OneFileOnly { flag, files })
}

/// Rows go straight to stdout, however many there are. A reader that went away early (`| head`) is no error.
fn rows(input: &Input, args: &SniffArgs, mappings: &Mappings, options: &Options) -> Result<Outcome, CliError> {
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    match write_rows(input, args.sheet.as_deref(), mappings, options, &mut out) {
        Err(IngestError::Output { source, .. }) if source.kind() == ErrorKind::BrokenPipe => {}
        other => other?,
    }
    Ok(Outcome::Done)
}

fn draft(
    input: &Input,
    args: &SniffArgs,
    mappings: &Mappings,
    options: &Options,
    screen: &Screen,
) -> Result<Outcome, CliError> {
    let kind = args.kind.as_deref().map(|name| kind(name, &[])).transpose()?;
    screen.print(&draft_mapping(input, args.sheet.as_deref(), kind, mappings, options)?)?;
    Ok(Outcome::Done)
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
        ("once more", (!recognised.beside.is_empty()).then(|| listed(&recognised.beside))),
    ];
    lines.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}

fn listed(headers: &[String]) -> String {
    if headers.is_empty() { "none".to_owned() } else { headers.join(", ") }
}
