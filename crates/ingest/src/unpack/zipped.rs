//! Zip archives: which are documents, and what the others hold.

use super::{Archive, Budget, Member, Unpacker};
use crate::input::{Input, Refused, Unpacked, unreadable};
use crate::{IngestError, Limits};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;
use zip::ZipArchive;
use zip::result::ZipError;

type Zip = ZipArchive<BufReader<File>>;

/// What every record of an archive's directory begins with.
const RECORD: &[u8] = b"PK\x01\x02";

/// Whether a zip archive is a document that is read as a whole: a workbook, or another office file.
pub(super) fn is_document(path: &Path) -> bool {
    // The directory of a document is short. One that is not, or is damaged, is judged where it is unpacked.
    let opened = || records(path, 2000).ok()?.then(|| Zip::new(BufReader::new(File::open(path).ok()?)).ok())?;
    match opened() {
        Some(archive) => {
            let has = |name: &str| archive.index_for_name(name).is_some();
            has("[Content_Types].xml") || (has("mimetype") && has("content.xml"))
        }
        None => begins_like_document(path).unwrap_or(false),
    }
}

/// Whether the first member is one with which documents begin: a damaged document is no damaged archive.
fn begins_like_document(path: &Path) -> io::Result<bool> {
    let mut head = Vec::new();
    File::open(path)?.take(128).read_to_end(&mut head)?;
    let name = head.get(30..).unwrap_or_default();
    Ok([&b"[Content_Types].xml"[..], b"_rels/", b"docProps/", b"xl/", b"mimetype"].iter().any(|n| name.starts_with(n)))
}

/// Unpacks every member that may be an export.
pub(super) fn unzip(unpacker: Unpacker<'_>, input: &Input) -> Result<(Vec<Input>, Vec<Refused>), IngestError> {
    let mut archive = open(input, unpacker.limits)?;
    let size = std::fs::metadata(&input.path).map_err(|source| unreadable(&input.path, source))?.len();
    let mut budget = Budget::new(&input.name, size, unpacker.limits);
    let (mut inputs, mut refused) = (Vec::new(), Vec::new());
    for (index, inner) in members(&archive) {
        let name = format!("{}/{inner}", input.name);
        match member(unpacker, &mut archive, index, &name, &mut budget) {
            Ok(path) => inputs.push(Input {
                name,
                path: path.to_path_buf(),
                root: input.root.clone(),
                unpacked: Some(Unpacked::new(path, &input.path, &inner, unpacker.scratch.get().cloned())),
            }),
            // One bad member is like one bad file in a folder. What the whole archive does wrong ends it.
            Err(
                error @ (IngestError::Damaged { .. }
                | IngestError::ArchiveInArchive { .. }
                | IngestError::Locked { .. }),
            ) => refused.push(Refused { name, error }),
            Err(error) => return Err(error),
        }
    }
    if inputs.is_empty() && refused.is_empty() {
        return Err(IngestError::Empty { file: input.name.clone() });
    }
    Ok((inputs, refused))
}

fn open(input: &Input, limits: &Limits) -> Result<Zip, IngestError> {
    let failed = |source| unreadable(&input.path, source);
    let damaged = |message: String| Member { name: &input.name, archive: Archive::Zip }.damaged(message);
    let too_many = || IngestError::TooLarge {
        file: input.name.clone(),
        what: "the number of its members is",
        limit: limits.members as u64,
    };
    // The directory is read as a whole: first see that it is no endless one.
    if !records(&input.path, limits.members).map_err(failed)? {
        return Err(too_many());
    }
    let file = File::open(&input.path).map_err(failed)?;
    let archive = Zip::new(BufReader::new(file)).map_err(|error| damaged(words(&error)))?;
    if archive.has_duplicate_names() {
        return Err(damaged("two members have the same name, and only one of them could be read".to_owned()));
    }
    Ok(archive)
}

/// Whether the archive's directory has at most `limit` records, or hardly more: their first bytes are counted wherever
/// they stand.
fn records(path: &Path, limit: usize) -> io::Result<bool> {
    const SLACK: usize = 16;
    let mut file = File::open(path)?;
    let mut bytes = vec![0; 1 << 20];
    let (mut kept, mut count) = (0, 0);
    loop {
        let read = file.read(&mut bytes[kept..])?;
        if read == 0 {
            return Ok(true);
        }
        let filled = kept + read;
        count += memchr::memmem::find_iter(&bytes[..filled], RECORD).count();
        if count > limit.saturating_add(SLACK) {
            return Ok(false);
        }
        // What may be the beginning of the next one.
        let tail = filled.min(RECORD.len() - 1);
        bytes.copy_within(filled - tail..filled, 0);
        kept = tail;
    }
}

/// Place and name of every member that may be an export, by name.
fn members(archive: &Zip) -> Vec<(usize, String)> {
    let mut members = Vec::new();
    for index in 0..archive.len() {
        let Ok(entry) = archive.by_index_data(index) else { continue };
        let raw = match entry.name() {
            Ok(name) => name.into_owned(),
            Err(_) => String::from_utf8_lossy(entry.name_raw()).into_owned(),
        };
        let parts = parts(&raw);
        let is_hidden = parts.iter().any(|part| part.starts_with('.') || part == "__MACOSX");
        if entry.is_file() && !is_hidden && !parts.is_empty() {
            members.push((index, parts.join("/")));
        }
    }
    members.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    tell_apart(members)
}

/// The parts of a member's name that name something: nothing leads out of the archive.
fn parts(name: &str) -> Vec<String> {
    let parts = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
    parts.map(|part| part.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()).collect()
}

/// Names that became the same are numbered.
fn tell_apart(mut members: Vec<(usize, String)>) -> Vec<(usize, String)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (_, name) in &mut members {
        let count = seen.entry(name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            *name = format!("{name}#{count}");
        }
    }
    members
}

/// What is wrong with an archive. One without its end, where its table of contents stands, is half of a download.
pub(crate) fn words(error: &ZipError) -> String {
    match error {
        ZipError::InvalidArchive(message) if message.contains("EOCD") => {
            "its end is missing, as after a download that was broken off".to_owned()
        }
        error => error.to_string(),
    }
}

fn member(
    unpacker: Unpacker<'_>,
    archive: &mut Zip,
    index: usize,
    name: &str,
    budget: &mut Budget<'_>,
) -> Result<tempfile::TempPath, IngestError> {
    let member = Member { name, archive: Archive::Zip };
    match archive.by_index(index) {
        Ok(mut reader) => unpacker.copy(&mut reader, member, budget),
        Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => {
            Err(IngestError::Locked { file: name.to_owned() })
        }
        Err(error) => Err(member.damaged(words(&error))),
    }
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn names_lead_nowhere() {
        for name in ["a/b.csv", "/a/b.csv", "../../a/b.csv", "a\\b.csv", "./a//b.csv"] {
            assert_eq!(parts(name), ["a", "b.csv"], "{name}");
        }
        assert_eq!(parts("a\u{1b}[2J.csv"), ["a\u{FFFD}[2J.csv"]);
    }
}
