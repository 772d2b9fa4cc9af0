//! The terminal: stdout is data, stderr is talk.

use crate::args::ColorChoice;
use crate::error::CliError;
use aceq_report::Frame;
use aceq_store::Pages;
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report, Severity};
use std::error::Error;
use std::io::{ErrorKind, IsTerminal, Write};
use std::ops::ControlFlow;

/// Where output goes, and how it may look.
pub struct Screen {
    /// Whether stdout takes colour.
    pub color: bool,
    /// Columns of stdout; 80 where it is no terminal.
    pub width: u16,
    color_errors: bool,
}

impl Screen {
    /// The screen as the flag, `NO_COLOR` and the terminal say.
    pub fn new(choice: ColorChoice) -> Self {
        let allowed = |is_terminal: bool| match choice {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
        };
        let is_terminal = std::io::stdout().is_terminal();
        let measured = terminal_size::terminal_size().filter(|_| is_terminal);
        Self {
            color: allowed(is_terminal),
            width: measured.map_or(80, |(width, _)| width.0),
            color_errors: allowed(std::io::stderr().is_terminal()),
        }
    }

    /// Writes data to stdout. A reader that went away early (`| head`) is no error.
    pub fn print(&self, text: &str) -> Result<(), CliError> {
        let mut out = std::io::stdout().lock();
        told(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
    }

    /// As [`Self::print`], for pages and what stands around them.
    pub fn print_pages(&self, frame: &Frame, pages: Pages) -> Result<(), CliError> {
        let mut out = std::io::stdout().lock();
        let mut before = frame.begin.as_str();
        let mut is_none = true;
        let stopped = pages.for_each(|page| {
            is_none = false;
            let written = out.write_all(std::mem::replace(&mut before, frame.between).as_bytes());
            match written.and_then(|()| out.write_all(page)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(error) => ControlFlow::Break(error),
            }
        })?;
        let last = if is_none { &frame.none } else { &frame.end };
        told(stopped.map_or(Ok(()), Err).and_then(|()| out.write_all(last.as_bytes())).and_then(|()| out.flush()))
    }

    /// Tells something on stderr, on a line of its own. Nobody may be listening (`2>&1 | head`), which is no error.
    pub fn tell(&self, text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Tells why the command could not run, with the source line and a caret where there is one.
    pub fn error(&self, error: &CliError) {
        if let CliError::Rule(diagnostic) = error {
            self.tell(self.drawn(diagnostic).trim_end_matches('\n'));
            return;
        }
        self.tell(&format!("error: {error}"));
        let mut cause = error.source();
        while let Some(inner) = cause {
            self.tell(&format!("  because: {inner}"));
            cause = inner.source();
        }
    }

    fn drawn(&self, diagnostic: &aceq_checklist::Diagnostic) -> String {
        let span = diagnostic.span.start..diagnostic.span.end.max(diagnostic.span.start + 1);
        let mut report = MietteDiagnostic::new(&diagnostic.message)
            .with_severity(Severity::Error)
            .with_label(LabeledSpan::underline(span));
        if !diagnostic.help.is_empty() {
            report = report.with_help(&diagnostic.help);
        }
        let source = NamedSource::new(&diagnostic.file, diagnostic.text.clone());
        let report = Report::new(report).with_source_code(source);
        let theme = if self.color_errors { GraphicalTheme::unicode() } else { GraphicalTheme::none() };
        let mut drawn = String::new();
        let handler = GraphicalReportHandler::new_themed(theme).with_width(100);
        match handler.render_report(&mut drawn, report.as_ref()) {
            Ok(()) => drawn,
            Err(_) => format!("error: {diagnostic}\n"),
        }
    }
}

/// A reader that went away early is no error.
fn told(written: std::io::Result<()>) -> Result<(), CliError> {
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(CliError::Output(error)),
        _ => Ok(()),
    }
}
