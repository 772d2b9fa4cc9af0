//! `aceq generate`: a synthetic world of exports.

use super::Outcome;
use crate::args::GenerateArgs;
use crate::dates::parse_date;
use crate::error::CliError;
use crate::screen::Screen;
use aceq_synth::{Create, Spec, Summary, SynthError, generate, generate_history, generate_wide};
use std::fs::{self, File};
use std::io::{BufWriter, Write};

/// Runs the command.
pub fn run(args: &GenerateArgs, screen: &Screen) -> Result<Outcome, CliError> {
    let spec = Spec {
        partners: args.partners,
        opportunities: args.opportunities,
        seed: args.seed,
        as_of: parse_date(&args.as_of)?,
        row_bytes: args.row_bytes,
    };
    let unwritable = |source| CliError::Unwritable { path: args.out.clone(), source };
    fs::create_dir_all(&args.out).map_err(unwritable)?;
    if fs::read_dir(&args.out).map_err(unwritable)?.next().is_some() {
        return Err(CliError::NotEmpty(args.out.clone()));
    }
    let summary = write(args, &spec, &mut |name| {
        let path = args.out.join(name);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let file: Box<dyn Write> = Box::new(BufWriter::with_capacity(1 << 20, File::create(path)?));
        Ok(file)
    })?;
    for file in &summary.files {
        screen.print(&format!("{:>12} rows  {}\n", file.rows, file.path))?;
    }
    Ok(Outcome::Done)
}

fn write(args: &GenerateArgs, spec: &Spec, create: &mut Create<'_>) -> Result<Summary, SynthError> {
    match args {
        GenerateArgs { history: true, snapshots, .. } => generate_history(spec, *snapshots, create),
        GenerateArgs { wide: true, .. } => generate_wide(spec, create),
        _ => generate(spec, create),
    }
}
