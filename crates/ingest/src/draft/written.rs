//! A draft as TOML with remarks.

use super::Draft;
use super::likeness::Near;
use std::fmt::Write;

impl Draft {
    /// The text of the mapping file. It parses as it is.
    pub(super) fn written(&self) -> String {
        let mut text = String::new();
        self.write_head(&mut text);
        self.write_known(&mut text);
        self.write_near(&mut text);
        self.write_missing(&mut text);
        self.write_unknown(&mut text);
        text
    }

    fn write_head(&self, text: &mut String) {
        let place = if self.line == 0 { "each record".to_owned() } else { format!("line {}", self.line) };
        let (all, known) = (self.headers.len(), all_headers(self));
        line(text, &format!("# Draft for {}: {known} of the {all} headers ({place}) are known.", quoted(&self.file)));
        line(text, "# Check every line, then read the file with `--mapping` and the name of this one.");
        line(text, &format!("name = {}", quoted(&self.name)));
        line(text, &format!("table = {}", quoted(self.table.name())));
        line(text, &format!("title = {}", quoted(&format!("Files like {}", self.file))));
        line(text, "# A file is taken for this one when it has these columns and these headers.");
        line(text, &format!("signature = {}", list(&self.signature())));
        line(text, &format!("headers = {}", list(&self.telling())));
        line(text, &format!("required = {}", list(&self.required)));
        line(text, "# Headers that no rule uses: those left over at the end belong here.");
        line(text, &format!("ignored = {}", list(&self.ignored)));
    }

    fn write_known(&self, text: &mut String) {
        line(text, "\n[columns]");
        for (column, headers) in &self.known {
            let is_proven = headers.iter().any(|header| self.proven.contains(header));
            let remark = if is_proven { "  # its cells are ACE ids" } else { "" };
            line(text, &format!("{column} = {}{remark}", list(headers)));
        }
    }

    fn write_near(&self, text: &mut String) {
        if self.nearness.columns.is_empty() {
            return;
        }
        line(text, "\n# Nearest headers, with their likeness from 0 to 1: take the `# ` off where one is right.");
        for (column, near) in self.by_need() {
            let Some((nearest, others)) = near.split_first() else { continue };
            let mut remark = format!("{} like {}", hundredths(nearest.likeness), quoted(&nearest.alias));
            for other in others {
                // Writing to a String cannot fail.
                let _ = write!(remark, "; or {} ({})", quoted(&other.header), hundredths(other.likeness));
            }
            line(text, &format!("# {column} = {}  # {remark}", list(std::slice::from_ref(&nearest.header))));
        }
    }

    /// Columns with headers that come near: required ones first, then by likeness.
    fn by_need(&self) -> Vec<(&String, &Vec<Near>)> {
        let mut columns: Vec<(&String, &Vec<Near>)> = self.nearness.columns.iter().collect();
        let rank = |column: &String, near: &[Near]| {
            (self.required.contains(column), near.first().map_or(0, |near| near.likeness))
        };
        columns.sort_by(|a, b| rank(b.0, b.1).cmp(&rank(a.0, a.1)).then(a.0.cmp(b.0)));
        columns
    }

    fn write_missing(&self, text: &mut String) {
        let has = |name: &str| self.known.contains_key(name) || self.nearness.columns.contains_key(name);
        let missing: Vec<&str> =
            self.table.schema().ingested_columns().map(|column| column.name).filter(|name| !has(name)).collect();
        if !missing.is_empty() {
            line(text, "\n# Columns for which no header comes near.");
            missing.iter().for_each(|name| line(text, &format!("# {name} = []")));
        }
    }

    fn write_unknown(&self, text: &mut String) {
        if !self.nearness.headers.is_empty() {
            line(text, "\n# Headers that are not known, each with the nearest column.");
            for (header, column, likeness) in &self.nearness.headers {
                line(text, &format!("#   {} ~ {column} ({})", quoted(header), hundredths(*likeness)));
            }
        }
    }
}

fn all_headers(draft: &Draft) -> usize {
    draft.headers.len() - draft.unknown.len()
}

fn line(text: &mut String, content: &str) {
    text.push_str(content);
    text.push('\n');
}

fn hundredths(likeness: u32) -> String {
    format!("0.{likeness:02}")
}

/// A text as TOML writes it, on one line.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => out.extend(['\\', letter]),
            _ if letter.is_control() => {
                // Writing to a String cannot fail.
                let _ = write!(out, "\\u{:04X}", u32::from(letter));
            }
            _ => out.push(letter),
        }
    }
    out + "\""
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}
