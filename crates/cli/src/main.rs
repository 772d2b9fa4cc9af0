//! `aceq`: do we qualify? The command line, the only place with a clock and a terminal.

mod args;
mod commands;
mod config;
mod dates;
mod error;
mod outlook;
mod pipeline;
mod progress;
mod rules;
mod rules_in_words;
mod screen;
mod settings;

use args::{Cli, Command};
use clap::Parser;
use commands::Outcome;
use screen::Screen;
use settings::Loaded;
use std::process::ExitCode;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let screen = Screen::new(cli.color);
    match run(&cli, &screen) {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
        Err(error) => {
            screen.error(&error);
            ExitCode::from(2)
        }
    }
}

fn run(cli: &Cli, screen: &Screen) -> Result<Outcome, error::CliError> {
    commands::use_threads(cli.threads);
    let loaded = Loaded::find(cli)?;
    match &cli.command {
        Command::Assess(args) => commands::assess::run(args, &loaded, screen),
        Command::Explain(args) => commands::explain::run(args, &loaded, screen),
        Command::Evidence(args) => commands::evidence::run(args, &loaded, screen),
        Command::Diff(args) => commands::diff::run(args, &loaded, screen),
        Command::Forecast(args) => commands::forecast::run(args, &loaded, screen),
        Command::Plan(args) => commands::plan::run(args, &loaded, screen),
        Command::Backtest(args) => commands::backtest::run(args, &loaded, screen),
        Command::Ingest(args) => commands::ingest::run(args, &loaded, screen),
        Command::Run(args) => commands::run::run(args, &loaded, screen),
        Command::Sniff(args) => commands::sniff::run(args, &loaded, screen),
        Command::Template(args) => commands::template::run(args, screen),
        Command::Checklist(command) => commands::checklist::run(command, &loaded, screen),
        Command::Schema(args) => commands::schema::run(args, screen),
        Command::Export(args) => commands::export::run(args, screen),
        Command::Sql(args) => commands::sql::run(args, &loaded, screen),
        Command::Generate(args) => commands::generate::run(args, screen),
        Command::Completions(args) => commands::manners::completions(args, screen),
        Command::Man => commands::manners::man(screen),
    }
}
