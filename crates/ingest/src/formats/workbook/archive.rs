//! The zip archive of a workbook, measured before anything in it is decoded.

use super::Job;
use crate::IngestError;
use crate::formats::sheet::CELL_BYTES;
use crate::input::unreadable;
use crate::unpack::words;
use memchr::memmem::find;
use std::fs::File;
use std::io::{BufReader, Read};
use zip::ZipArchive;
use zip::result::ZipError;

/// An archive of which all members were measured.
pub(super) type Archive = ZipArchive<BufReader<File>>;

/// Bytes that are inflated at once.
const PIECE: usize = 64 << 10;
/// Longest text of a part that is no markup: the characters of a cell may all be written as references.
const RUN: u64 = 8 * CELL_BYTES as u64;

/// Opens the archive and inflates every member once: declared sizes are only claims.
pub(super) fn open(job: Job<'_>) -> Result<Archive, IngestError> {
    let file = File::open(&job.input.path).map_err(|source| unreadable(&job.input.path, source))?;
    let size = file.metadata().map_err(|source| unreadable(&job.input.path, source))?.len();
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| broken(job, &error))?;
    if archive.len() > job.limits.members {
        return Err(job.too_large("the archive has members", job.limits.members as u64));
    }
    let most = job.limits.unpacked_document(size).min(job.limits.unpacked_bytes);
    let mut unpacked = 0;
    for member in 0..archive.len() {
        let mut part = archive.by_index(member).map_err(|error| broken(job, &error))?;
        let name = String::from_utf8_lossy(part.name_raw()).into_owned();
        measure(job, &mut part, &name, &mut unpacked, most)?;
    }
    Ok(archive)
}

pub(super) fn broken(job: Job<'_>, error: &ZipError) -> IngestError {
    match error {
        ZipError::UnsupportedArchive(message) if message.to_ascii_lowercase().contains("password") => job.locked(),
        error => job.damaged(words(error)),
    }
}

/// Inflates a member piece by piece.
fn measure(job: Job<'_>, part: &mut impl Read, name: &str, unpacked: &mut u64, most: u64) -> Result<(), IngestError> {
    let is_markup = name.ends_with(".xml") || name.ends_with(".rels");
    let mut piece = vec![0; PIECE];
    let (mut size, mut run) = (0_u64, 0_u64);
    let mut first = true;
    let mut claimed = 0;
    loop {
        let read = fill(part, &mut piece).map_err(|error| job.damaged(format!("{name}: {error}")))?;
        let bytes = &piece[..read];
        (size, *unpacked) = (size + read as u64, *unpacked + read as u64);
        if *unpacked > most {
            return Err(job.too_large("the archive unpacks to bytes", most));
        }
        if is_markup {
            run = longest_run(bytes, run).ok_or_else(|| job.too_large("a cell holds bytes", CELL_BYTES as u64))?;
            if first && find(bytes, b"<!DOCTYPE").is_some() {
                return Err(job.damaged(format!("{name}: it defines a document type")));
            }
            if first {
                claimed = claimed_strings(bytes);
            }
        }
        first = false;
        if read < PIECE {
            break;
        }
    }
    // Each string takes some bytes; memory would be taken for what is claimed.
    match claimed > size {
        true => Err(job.damaged(format!("{name}: it claims {claimed} strings in {size} bytes"))),
        false => Ok(()),
    }
}

/// Reads until the piece is full or the member ends.
fn fill(part: &mut impl Read, piece: &mut [u8]) -> std::io::Result<usize> {
    let mut filled = 0;
    while filled < piece.len() {
        match part.read(&mut piece[filled..])? {
            0 => break,
            read => filled += read,
        }
    }
    Ok(filled)
}

/// Bytes since the last tag began, after `bytes`; `None` where they are too many.
fn longest_run(bytes: &[u8], before: u64) -> Option<u64> {
    let mut run = before;
    let mut last = 0;
    for tag in memchr::memchr_iter(b'<', bytes) {
        run += (tag - last) as u64;
        if run > RUN {
            return None;
        }
        (run, last) = (0, tag);
    }
    Some(run + (bytes.len() - last) as u64).filter(|run| *run <= RUN)
}

/// How many strings a table of shared strings claims to hold.
fn claimed_strings(head: &[u8]) -> u64 {
    const CLAIM: &[u8] = b"uniqueCount=";
    let Some(at) = find(head, CLAIM) else { return 0 };
    let digits: Vec<u8> = head[at + CLAIM.len()..].iter().skip(1).copied().take_while(u8::is_ascii_digit).collect();
    if digits.is_empty() { 0 } else { String::from_utf8_lossy(&digits).parse().unwrap_or(u64::MAX) }
}
