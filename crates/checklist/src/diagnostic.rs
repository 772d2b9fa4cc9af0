//! What is wrong with a rule file, and where.

use std::fmt;
use std::ops::Range;

/// A mistake in a rule or case file.
///
/// The command line draws the source line with a caret from it; `Display` is one line without colour.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// The file, as it was named when it was read.
    pub file: String,
    /// The whole text of the file.
    pub text: String,
    /// Byte range of the mistake in `text`.
    pub span: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What to do about it; may be empty.
    pub help: String,
}

impl Diagnostic {
    /// Line of the mistake, 1-based.
    pub fn line(&self) -> usize {
        self.text[..self.start()].matches('\n').count() + 1
    }

    /// Column of the mistake in characters, 1-based.
    pub fn column(&self) -> usize {
        self.text[..self.start()].chars().rev().take_while(|c| *c != '\n').count() + 1
    }

    fn start(&self) -> usize {
        let mut start = self.span.start.min(self.text.len());
        while !self.text.is_char_boundary(start) {
            start -= 1;
        }
        start
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {}", self.file, self.line(), self.column(), self.message)?;
        if self.help.is_empty() { Ok(()) } else { write!(f, " ({})", self.help) }
    }
}

impl std::error::Error for Diagnostic {}

/// "did you mean `x`?" where a known name is near, else the list of known names.
pub fn suggest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let near = known
        .iter()
        .map(|name| (strsim::jaro_winkler(&word.to_lowercase(), &name.to_lowercase()), *name))
        .filter(|(score, _)| *score > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(a.1)));
    match near {
        Some((_, name)) => format!("did you mean `{name}`?"),
        None if known.len() <= 40 => format!("known: {}", known.join(", ")),
        None => String::new(),
    }
}
