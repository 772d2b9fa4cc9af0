//! `aceq completions` and `aceq man`.

use super::Outcome;
use crate::args::{Cli, CompletionsArgs};
use crate::error::CliError;
use crate::screen::Screen;
use clap::CommandFactory;

/// Prints the completion script of a shell.
pub fn completions(args: &CompletionsArgs, screen: &Screen) -> Result<Outcome, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "aceq", &mut script);
    screen.print(&String::from_utf8_lossy(&script))?;
    Ok(Outcome::Done)
}

/// Prints the manual page: the command, then each of its commands.
pub fn man(screen: &Screen) -> Result<Outcome, CliError> {
    let command = Cli::command();
    let mut page = Vec::new();
    clap_mangen::Man::new(command.clone()).render(&mut page).map_err(CliError::Output)?;
    for subcommand in command.get_subcommands() {
        let mut section = Vec::new();
        let man = clap_mangen::Man::new(subcommand.clone());
        man.render_synopsis_section(&mut section).map_err(CliError::Output)?;
        man.render_description_section(&mut section).map_err(CliError::Output)?;
        man.render_options_section(&mut section).map_err(CliError::Output)?;
        let section = String::from_utf8_lossy(&section).replace(".SH ", ".SS ");
        page.extend(format!(".SH ACEQ {}\n{section}", subcommand.get_name().to_uppercase()).into_bytes());
    }
    screen.print(&String::from_utf8_lossy(&page))?;
    Ok(Outcome::Done)
}
