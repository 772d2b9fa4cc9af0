//! Why a file could not be read at all. What is wrong *inside* a file is a reject or a finding, never an error.

use aceq_model::Position;
use std::io;
use std::path::PathBuf;

/// A file, a folder or a mapping that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IngestError {
    /// The path given does not exist.
    #[error("{}: no such file or folder; check the path", path.display())]
    NotFound {
        /// The path as given.
        path: PathBuf,
    },
    /// The operating system refuses to read it.
    #[error("{}: cannot be read; check that it is a file and that you may read it", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A pipe, a device or a socket, which may never end.
    #[error(
        "{file}: this is neither a file nor a folder, but a link to nothing, a pipe or a device; name the file itself, or save what comes out to one"
    )]
    NoFile {
        /// Path as given, or name of the entry of a folder.
        file: String,
    },
    /// An archive holds an archive.
    #[error("{file}: this is an archive within an archive; unpack the outer one first, then name what comes out")]
    ArchiveInArchive {
        /// Name of the inner archive.
        file: String,
    },
    /// A member of an archive needs a password.
    #[error("{file}: this is protected by a password; unpack the archive first, then name what comes out")]
    Locked {
        /// Name of the member.
        file: String,
    },
    /// The unpacked file cannot be written.
    #[error("{file}: cannot be unpacked into {}; make room there, or unpack it yourself", folder.display())]
    Unpacking {
        /// Name of the archive or member.
        file: String,
        /// Folder of temporary files.
        folder: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// A table was shown whose file ends before it does.
    #[error("{file}: the file ends within the table, perhaps in the middle of its last row; export it again")]
    CutOff {
        /// Name of the input.
        file: String,
    },
    /// Pages of an interface, with lists of records that are all empty.
    #[error("{file}: its list holds no records; an interface ends a list so, and says so that there are none")]
    NoRecords {
        /// Name of the input.
        file: String,
        /// Whether it is the last page of its list.
        is_last: bool,
    },
    /// The file holds no bytes, or nothing but white space.
    #[error("{file}: the file is empty; export it again or leave it out")]
    Empty {
        /// Name of the input.
        file: String,
    },
    /// The content is of a format that no source reads.
    #[error(
        "{file}: this is {format}, which cannot be read; save it as CSV (UTF-8) or as an Excel workbook and try again"
    )]
    UnsupportedFormat {
        /// Name of the input.
        file: String,
        /// What it looks like, in words.
        format: &'static str,
    },
    /// The content breaks the rules of its own format.
    #[error("{file}: this is {format}, but it cannot be decoded: {message}. Open it, save it again, or export it anew")]
    Damaged {
        /// Name of the input.
        file: String,
        /// What it looks like, in words.
        format: &'static str,
        /// What is wrong, and where.
        message: String,
    },
    /// The content asks for more than a file may.
    #[error("{file}: {what} beyond the limit of {limit}; this is no export, or one to be split")]
    TooLarge {
        /// Name of the input.
        file: String,
        /// What there is too much of, such as "the number of its members is".
        what: &'static str,
        /// How much is read.
        limit: u64,
    },
    /// The file is another one than a moment ago.
    #[error("{file}: the file changed while it was read; wait until it is written, then try again")]
    Changed {
        /// Name of the input.
        file: String,
    },
    /// No mapping knows the headers.
    #[error(
        "{file}: no known kind of file. {} {}. The nearest is `{nearest}`, which needs {}. \
         Rename the headers, draft a mapping (`aceq sniff FILE --write-mapping`), start from `aceq template {table}`, \
         or leave the file out",
        seen(*line),
        list(headers),
        list(needs)
    )]
    NotRecognised {
        /// Name of the input.
        file: String,
        /// Line of the most header-like record, 1-based.
        line: u64,
        /// Its cells.
        headers: Box<[String]>,
        /// Mapping that knows most of them.
        nearest: String,
        /// Its table.
        table: &'static str,
        /// Headers by which it is recognised.
        needs: Box<[String]>,
    },
    /// The kind is clear, but a column without which nothing can be said is missing.
    #[error(
        "{}: recognised as `{mapping}`, but the column `{column}` is missing (one of: {}). \
         Headers seen: {}.{} {}",
        place(file, *line),
        list(aliases),
        list(headers),
        did_you_mean(nearest),
        what_to_do(headers)
    )]
    MissingColumn {
        /// Name of the input.
        file: String,
        /// Line of the header, 1-based.
        line: u64,
        /// The mapping that fits best.
        mapping: String,
        /// Canonical name of the missing column.
        column: String,
        /// Headers that would have been taken for it.
        aliases: Box<[String]>,
        /// Headers of the file.
        headers: Box<[String]>,
        /// The header of the file most like one of the aliases, with that alias.
        nearest: Option<Box<(String, String)>>,
    },
    /// A self-assessment workbook does not say for which program it is, or names several.
    #[error(
        "{file}: this is a self-assessment, but for which program is not clear{}. State it in aceq.toml: \
         [assessments] \"{file}\" = \"PROGRAM\", one of {}",
        seen_programs(seen),
        list(programs)
    )]
    UnknownProgram {
        /// Name of the input.
        file: String,
        /// Programs that it names, or what was stated.
        seen: Box<[String]>,
        /// Programs that there are.
        programs: Box<[String]>,
    },
    /// One table is asked for, and there are several.
    #[error("{file}: the file holds several tables: choose one of them with --sheet ({})", list(sheets))]
    ManySheets {
        /// Name of the input.
        file: String,
        /// Their names.
        sheets: Box<[String]>,
    },
    /// There is no table of that name.
    #[error("{file}: there is no sheet `{sheet}` ({})", sheets_there(sheets))]
    NoSheet {
        /// Name of the input.
        file: String,
        /// What was asked for.
        sheet: String,
        /// The names there are.
        sheets: Box<[String]>,
    },
    /// A second header within a file, with the columns in another order or other ones.
    #[error(
        "{position}: a second header begins here, and its columns are others than those of the first: two tables were put into one. Save the lines from {} on as a file of their own",
        position.line
    )]
    OtherHeader {
        /// Where the second header is.
        position: Position,
    },
    /// The receiver of decoded rows takes no more.
    #[error("{file}: the rows could not be written")]
    Output {
        /// Name of the input.
        file: String,
        /// Its reason.
        #[source]
        source: io::Error,
    },
    /// A mapping or value file is wrong. Built-in files never are: a test reads them all.
    #[error("mapping {file}: {message}")]
    Mapping {
        /// Name of the mapping file.
        file: String,
        /// What is wrong and where.
        message: String,
    },
    /// The receiver of the rows gave up.
    #[error("{file}: the rows could not be taken on")]
    Sink {
        /// Name of the input.
        file: String,
        /// Its reason.
        #[source]
        source: SinkError,
    },
}

/// Why a [`crate::Sink`] stops the reading of a file.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct SinkError(#[source] Box<dyn std::error::Error + Send + Sync>);

impl SinkError {
    /// A sink's own error, wrapped.
    pub fn new(reason: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self(reason.into())
    }
}

/// Records that name their own fields have no header line.
fn seen(line: u64) -> String {
    if line == 0 { "Fields seen:".to_owned() } else { format!("Headers seen on line {line}:") }
}

fn place(file: &str, line: u64) -> String {
    if line == 0 { file.to_owned() } else { format!("{file}:{line}") }
}

fn list(words: &[String]) -> String {
    let shown: Vec<String> = words.iter().take(30).map(|word| format!("`{word}`")).collect();
    let more = words.len().saturating_sub(30);
    let tail = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{tail}", shown.join(", "))
}

fn seen_programs(seen: &[String]) -> String {
    if seen.is_empty() { String::new() } else { format!(" (seen: {})", list(seen)) }
}

fn did_you_mean(nearest: &Option<Box<(String, String)>>) -> String {
    nearest.as_ref().map(|pair| format!(" `{}` is nearest: did you mean `{}`?", pair.0, pair.1)).unwrap_or_default()
}

/// What lacks a column for what is asked is perhaps one sheet of AWS's self-assessment, taken out of it.
fn what_to_do(headers: &[String]) -> &'static str {
    match headers.iter().any(|header| header.to_lowercase().starts_with("requirement description")) {
        true => {
            "If it is AWS's self-assessment, give the workbook itself, with a name above each column of answers \
             (`Customer Reference #1`)"
        }
        false => "Add the column or rename its header",
    }
}

fn sheets_there(sheets: &[String]) -> String {
    match sheets {
        [] => "the file is one table: leave --sheet out".to_owned(),
        some => format!("there are: {}", list(some)),
    }
}

impl IngestError {
    /// Whether the file is an archive in a format that is not read: it may hold anything.
    pub fn is_archive(&self) -> bool {
        matches!(self, Self::ArchiveInArchive { .. })
            || matches!(self, Self::UnsupportedFormat { format, .. } if format.contains("archive"))
    }
}
