//! Which encoding a text is in.

use super::likeness::{is_latin, likeness};
use encoding_rs::{Decoder, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use rayon::prelude::*;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

/// Encoding of a text file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Encoding {
    /// UTF-8, with or without a byte order mark.
    Utf8,
    /// UTF-16, low byte first.
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// The Western code page of Windows: what is no valid UTF-8 and looks like no other.
    Windows1252,
    /// Another one, such as Shift_JIS.
    Other(&'static encoding_rs::Encoding),
}

impl Encoding {
    /// The encoding of this name, by the labels that the web knows: `utf-8`, `windows-1250`, `shift_jis`, `macintosh`.
    pub fn named(name: &str) -> Option<Self> {
        encoding_rs::Encoding::for_label_no_replacement(name.as_bytes()).map(Self::of)
    }

    pub(super) fn of(encoding: &'static encoding_rs::Encoding) -> Self {
        match encoding {
            _ if encoding == UTF_8 => Self::Utf8,
            _ if encoding == UTF_16LE => Self::Utf16Le,
            _ if encoding == UTF_16BE => Self::Utf16Be,
            _ if encoding == WINDOWS_1252 => Self::Windows1252,
            other => Self::Other(other),
        }
    }

    /// The name in the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1252 => "windows-1252",
            Self::Other(encoding) => encoding.name(),
        }
    }

    pub(super) fn decoder(self) -> Option<Decoder> {
        let encoding = match self {
            Self::Utf8 => return None,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Windows1252 => WINDOWS_1252,
            Self::Other(encoding) => encoding,
        };
        Some(encoding.new_decoder_without_bom_handling())
    }
}

/// An encoding, and the length of the byte order mark that states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Detected {
    pub encoding: Encoding,
    pub mark: usize,
    pub certainty: Certainty,
    pub doubt: Doubt,
}

/// What speaks against an encoding that no mark and nobody states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    Nothing,
    /// A text that is read as Windows-1252 holds letters in UTF-8 as well.
    Mixed,
    /// It was chosen by the likeness of the letters, against Windows-1252.
    Likeness,
    /// The letters look like those of this one, but are too few to tell.
    MayBe(&'static str),
}

impl Detected {
    /// An encoding without a mark and without doubt.
    pub fn proved(encoding: Encoding) -> Self {
        Self { encoding, mark: 0, certainty: Certainty::Proved, doubt: Doubt::Nothing }
    }
}

/// Whether an encoding was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// By a mark, or by every byte of the file.
    Proved,
    /// So far: the beginning of a large file is UTF-8. Reading checks the rest, and begins anew where it is not.
    SoFar,
}

/// Finds the encoding: a byte order mark states it; else whoever knows the file; else the zero bytes of UTF-16 show in the
/// head; else every byte counts, because one stray byte far down decides between UTF-8 and Windows-1252. Of a file larger than
/// `small` bytes the beginning is looked at here and the rest while it is read.
pub(crate) fn detect(path: &Path, stated: Option<Encoding>, small: u64) -> io::Result<Detected> {
    if let Some(detected) = by_head(path, stated)? {
        return Ok(detected);
    }
    let length = File::open(path)?.metadata()?.len();
    if length > small && is_utf8(path, small)? {
        return Ok(Detected { certainty: Certainty::SoFar, ..Detected::proved(Encoding::Utf8) });
    }
    by_bytes(path)
}

/// Finds the encoding by every byte of the file, if neither a mark nor somebody states it.
pub(crate) fn prove(path: &Path, stated: Option<Encoding>) -> io::Result<Detected> {
    by_head(path, stated)?.map_or_else(|| by_bytes(path), Ok)
}

fn by_bytes(path: &Path) -> io::Result<Detected> {
    if is_utf8(path, u64::MAX)? {
        return Ok(Detected::proved(Encoding::Utf8));
    }
    let (whole, stray) = letters(path)?;
    if whole > 0 && whole >= 3 * stray {
        return Ok(Detected::proved(Encoding::Utf8));
    }
    let (encoding, doubt) = likeness(path)?;
    // Two letters in a row may look like one by chance.
    let is_mixed = 3 * whole >= stray.max(1) && is_latin(encoding);
    match is_mixed {
        true => Ok(Detected { doubt: Doubt::Mixed, ..Detected::proved(Encoding::Windows1252) }),
        false => Ok(Detected { doubt, ..Detected::proved(encoding) }),
    }
}

fn by_head(path: &Path, stated: Option<Encoding>) -> io::Result<Option<Detected>> {
    let mut head = Vec::new();
    File::open(path)?.take(4096).read_to_end(&mut head)?;
    Ok(by_mark(&head).or(stated.map(Detected::proved)).or_else(|| by_zeros(&head)))
}

fn by_mark(head: &[u8]) -> Option<Detected> {
    let marks: [(&[u8], Encoding); 3] =
        [(b"\xEF\xBB\xBF", Encoding::Utf8), (b"\xFF\xFE", Encoding::Utf16Le), (b"\xFE\xFF", Encoding::Utf16Be)];
    let (mark, encoding) = marks.into_iter().find(|(mark, _)| head.starts_with(mark))?;
    Some(Detected { mark: mark.len(), ..Detected::proved(encoding) })
}

/// Text in UTF-16 has zeros in every other byte, and only there: at least its separators, digits and line ends.
fn by_zeros(head: &[u8]) -> Option<Detected> {
    let zeros = |from: usize| head.iter().skip(from).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, pairs) = (zeros(0), zeros(1), head.len() / 2);
    let encoding = match (even, odd) {
        _ if pairs < 2 => return None,
        (0, odd) if odd * 8 > pairs => Encoding::Utf16Le,
        (even, 0) if even * 8 > pairs => Encoding::Utf16Be,
        _ => return None,
    };
    Some(Detected::proved(encoding))
}

/// Whether the first `until` bytes of the file are valid UTF-8; pieces are looked at side by side.
fn is_utf8(path: &Path, until: u64) -> io::Result<bool> {
    const PIECE: u64 = 8 << 20;
    let length = File::open(path)?.metadata()?.len().min(until);
    let verdict = (0..length.div_ceil(PIECE)).into_par_iter().map(|piece| piece_is_utf8(path, piece * PIECE, PIECE));
    let first_bad = verdict.find_any(|verdict| !matches!(verdict, Ok(true)));
    first_bad.unwrap_or(Ok(true))
}

/// How many letters beyond ASCII are whole in UTF-8, and how many places are none. Western text in one byte a letter hardly
/// ever forms the sequences of UTF-8, so many whole ones beside few stray bytes mean damage, not another encoding. Those rows
/// become rejects.
fn letters(path: &Path) -> io::Result<(u64, u64)> {
    let mut file = File::open(path)?;
    let (mut whole, mut stray) = (0_u64, 0_u64);
    let mut bytes = Vec::with_capacity(1 << 20);
    loop {
        bytes.clear();
        if (&mut file).take(1 << 20).read_to_end(&mut bytes)? == 0 {
            return Ok((whole, stray));
        }
        for chunk in bytes.utf8_chunks() {
            whole += chunk.valid().chars().filter(|character| !character.is_ascii()).count() as u64;
            // A character cut by the end of a piece counts as two stray parts at most.
            stray += u64::from(!chunk.invalid().is_empty());
        }
    }
}

/// A piece owns the characters that start in it: it leaves out what belongs to the last character before it, and
/// reads on to the end of its own last one.
fn piece_is_utf8(path: &Path, start: u64, length: u64) -> io::Result<bool> {
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(start))?;
    let mut bytes = Vec::with_capacity(length as usize + 3);
    file.take(length + 3).read_to_end(&mut bytes)?;
    let continues = |byte: &&u8| **byte & 0xC0 == 0x80;
    let from = if start == 0 { 0 } else { bytes.iter().take(3).take_while(continues).count() };
    let until = (length as usize).min(bytes.len());
    let until = until + bytes[until..].iter().take_while(continues).count();
    Ok(simdutf8::basic::from_utf8(&bytes[from.min(until)..until]).is_ok())
}

#[cfg(test)]
mod tests {
    use super::{Detected, Encoding, detect, piece_is_utf8};
    use std::io::Write;

    #[test]
    fn pieces_agree_with_the_whole() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all("aé€😀é".as_bytes()).unwrap();
        let pieces = |length: u64| (0..20).all(|piece| piece_is_utf8(file.path(), piece * length, length).unwrap());
        assert!((4..9).all(pieces));
        let mut broken = tempfile::NamedTempFile::new().unwrap();
        broken.write_all(b"abc\x80\x80\x80\x80\x80def").unwrap();
        for length in 4..9 {
            assert!(!(0..3).all(|piece| piece_is_utf8(broken.path(), piece * length, length).unwrap()), "{length}");
        }
    }

    #[test]
    fn a_statement_wins_but_for_a_mark() {
        let detected = |bytes: &[u8]| {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(bytes).unwrap();
            detect(file.path(), Encoding::named("shift_jis"), 1 << 20).unwrap()
        };
        assert_eq!(detected(b"K\xF6ln\n"), Detected::proved(Encoding::named("SJIS").unwrap()));
        assert_eq!(detected(b"\xEF\xBB\xBFK\xC3\xB6ln\n"), Detected { mark: 3, ..Detected::proved(Encoding::Utf8) });
    }
}
