//! The shape of the text: named parts of one `WITH`, comments, indentation, long lines.

/// Longest line, in characters; a single literal may be longer.
const WIDTH: usize = 110;

/// One named part of a `WITH`.
pub(super) struct Part {
    /// What it is, in words; one paragraph an entry.
    pub about: Vec<String>,
    /// Its name, with its columns where they are not named inside.
    pub name: String,
    /// The query.
    pub body: String,
}

impl Part {
    pub(super) fn new(about: &str, name: &str, body: impl Into<String>) -> Self {
        Self { about: vec![about.to_owned()], name: name.to_owned(), body: body.into() }
    }
}

/// `WITH …` and the query that uses the parts.
pub(super) fn query(head: &[String], parts: &[Part], body: &str) -> String {
    let part = |part: &Part| {
        let about: String = part.about.iter().map(|text| comment(text)).collect();
        format!("{about}{} AS (\n{}\n)", part.name, indented(&part.body, 2))
    };
    let parts: Vec<String> = parts.iter().map(part).collect();
    let head: String = head.iter().map(|text| comment(text)).collect();
    format!("{head}\nWITH\n\n{}\n\n{body};\n", parts.join(",\n\n"))
}

/// A paragraph as comment lines.
pub(super) fn comment(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    wrapped(&words, WIDTH - 3).iter().map(|line| format!("-- {line}\n")).collect()
}

/// Every line moved to the right. No literal holds a line end, so none is changed by it.
pub(super) fn indented(text: &str, by: usize) -> String {
    let space = " ".repeat(by);
    let line = |line: &str| if line.is_empty() { String::new() } else { format!("{space}{line}") };
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

/// Words that must not be torn, in lines of at most `width` characters where that is possible.
pub(super) fn wrapped(words: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.clone()),
        }
    }
    lines
}

/// Words in lines, the second and later ones moved to the right.
pub(super) fn hanging(words: &[String], indent: usize) -> String {
    let space = format!("\n{}", " ".repeat(indent));
    wrapped(words, WIDTH - 8 - indent).join(&space)
}

/// Queries one below the other, all their rows together.
pub(super) fn union_all(queries: &[String]) -> String {
    queries.join("\nUNION ALL\n")
}

/// `VALUES` with one row a line.
pub(super) fn values(rows: &[String]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| format!("  ({row})")).collect();
    format!("VALUES\n{}", rows.join(",\n"))
}

/// `VALUES` with as many short rows a line as fit.
pub(super) fn packed(rows: &[String]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| format!("({}),", row)).collect();
    let rows = hanging(&rows, 6);
    format!("VALUES\n      {}", rows.trim_end_matches(','))
}
