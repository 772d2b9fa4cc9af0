//! Bytes to UTF-8 text, in order and block by block, hashing what it reads.

use aceq_model::Sha256Hex;
use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};
use memchr::{memchr2, memchr3};
use rayon::prelude::*;
use sha2::{Digest, Sha256};
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
    /// The Western code page of Windows: what is no valid UTF-8.
    Windows1252,
}

/// Written in place of what the encoding does not allow: a byte that no UTF-8 text holds.
const NOT_TEXT: u8 = 0xFF;

impl Encoding {
    /// The name in the manifest.
    pub fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16LE",
            Self::Utf16Be => "UTF-16BE",
            Self::Windows1252 => "windows-1252",
        }
    }

    fn decoder(self) -> Option<Decoder> {
        match self {
            Self::Utf8 => None,
            Self::Utf16Le => Some(UTF_16LE.new_decoder_without_bom_handling()),
            Self::Utf16Be => Some(UTF_16BE.new_decoder_without_bom_handling()),
            Self::Windows1252 => Some(WINDOWS_1252.new_decoder_without_bom_handling()),
        }
    }
}

/// An encoding, and the length of the byte order mark that states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Detected {
    pub encoding: Encoding,
    pub mark: usize,
    pub certainty: Certainty,
    /// Whether a text that is read as Windows-1252 holds letters in UTF-8 as well.
    pub is_mixed: bool,
}

/// Whether an encoding was proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Certainty {
    /// By a mark, or by every byte of the file.
    Proved,
    /// So far: the beginning of a large file is UTF-8. Reading checks the rest, and begins anew where it is not.
    SoFar,
}

/// Finds the encoding: a byte order mark states it; else the zero bytes of UTF-16 show in the head; else every byte
/// counts, because one stray byte far down decides between UTF-8 and Windows-1252. Of a file larger than `small` bytes
/// the beginning is looked at here and the rest while it is read.
pub(crate) fn detect(path: &Path, small: u64) -> io::Result<Detected> {
    if let Some(detected) = by_head(path)? {
        return Ok(detected);
    }
    let length = File::open(path)?.metadata()?.len();
    if length > small && is_utf8(path, small)? {
        return Ok(Detected { encoding: Encoding::Utf8, mark: 0, certainty: Certainty::SoFar, is_mixed: false });
    }
    prove(path)
}

/// Finds the encoding by every byte of the file.
pub(crate) fn prove(path: &Path) -> io::Result<Detected> {
    if let Some(detected) = by_head(path)? {
        return Ok(detected);
    }
    let (encoding, is_mixed) = match is_utf8(path, u64::MAX)? {
        true => (Encoding::Utf8, false),
        false => match letters(path)? {
            (whole, stray) if whole > 0 && whole >= 3 * stray => (Encoding::Utf8, false),
            // Two letters in a row may look like one by chance.
            (whole, stray) => (Encoding::Windows1252, 3 * whole >= stray.max(1)),
        },
    };
    Ok(Detected { encoding, mark: 0, certainty: Certainty::Proved, is_mixed })
}

fn by_head(path: &Path) -> io::Result<Option<Detected>> {
    let mut head = Vec::new();
    File::open(path)?.take(4096).read_to_end(&mut head)?;
    Ok(by_mark(&head).or_else(|| by_zeros(&head)))
}

fn by_mark(head: &[u8]) -> Option<Detected> {
    let marks: [(&[u8], Encoding); 3] =
        [(b"\xEF\xBB\xBF", Encoding::Utf8), (b"\xFF\xFE", Encoding::Utf16Le), (b"\xFE\xFF", Encoding::Utf16Be)];
    let (mark, encoding) = marks.into_iter().find(|(mark, _)| head.starts_with(mark))?;
    Some(Detected { encoding, mark: mark.len(), certainty: Certainty::Proved, is_mixed: false })
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
    Some(Detected { encoding, mark: 0, certainty: Certainty::Proved, is_mixed: false })
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

/// Bytes to which Windows-1252 gives no letter; decoders for the web take them for control characters.
pub(crate) const NO_LETTER: [u8; 5] = [0x81, 0x8D, 0x8F, 0x90, 0x9D];

/// A file read as text.
pub(crate) struct TextReader {
    file: File,
    hasher: Sha256,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    bytes: u64,
    mark: usize,
    done: bool,
}

impl TextReader {
    pub fn open(path: &Path, detected: Detected) -> io::Result<Self> {
        let decoder = detected.encoding.decoder();
        Ok(Self {
            file: File::open(path)?,
            hasher: Sha256::new(),
            decoder,
            raw: Vec::new(),
            bytes: 0,
            mark: detected.mark,
            done: false,
        })
    }

    /// Appends text from about `want` more bytes of the file; `false` once there is no more.
    pub fn read(&mut self, text: &mut Vec<u8>, want: usize) -> io::Result<bool> {
        if self.done {
            return Ok(false);
        }
        let mut raw = std::mem::take(&mut self.raw);
        raw.clear();
        // Without a decoder the bytes are the text: read them where they belong.
        let target = if self.decoder.is_some() { &mut raw } else { &mut *text };
        let start = target.len();
        target.reserve(want);
        let count = (&mut self.file).take(want.max(1) as u64).read_to_end(target)?;
        self.hasher.update(&target[start..]);
        let mark = self.mark.min(count);
        self.mark -= mark;
        target.drain(start..start + mark);
        self.bytes += count as u64;
        self.done = count < want.max(1);
        if let Some(decoder) = &mut self.decoder {
            let [a, b, c, d, e] = NO_LETTER;
            let lacks_letters = memchr3(a, b, c, &raw).or_else(|| memchr2(d, e, &raw)).is_some();
            if decoder.encoding() == WINDOWS_1252 && lacks_letters {
                for part in raw.chunk_by(|one, two| NO_LETTER.contains(one) == NO_LETTER.contains(two)) {
                    match NO_LETTER.contains(&part[0]) {
                        true => text.extend(part.iter().map(|_| NOT_TEXT)),
                        false => decode(decoder, part, text, false),
                    }
                }
                raw.clear();
            }
            decode(decoder, &raw, text, self.done);
        }
        self.raw = raw;
        Ok(!self.done)
    }

    /// Bytes of the file read so far.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The hash of the bytes read.
    pub fn hash(self) -> Sha256Hex {
        hex(self.hasher)
    }
}

/// The hash and size of a file.
pub(crate) fn hash_of(path: &Path) -> io::Result<(Sha256Hex, u64)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut bytes = vec![0; 1 << 20];
    let mut length = 0;
    loop {
        let read = file.read(&mut bytes)?;
        if read == 0 {
            return Ok((hex(hasher), length));
        }
        hasher.update(&bytes[..read]);
        length += read as u64;
    }
}

/// The hash of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> Sha256Hex {
    hex(Sha256::new_with_prefix(bytes))
}

fn hex(hasher: Sha256) -> Sha256Hex {
    Sha256Hex(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn decode(decoder: &mut Decoder, mut raw: &[u8], text: &mut Vec<u8>, last: bool) {
    loop {
        let room = decoder.max_utf8_buffer_length_without_replacement(raw.len()).unwrap_or(raw.len() * 3 + 16);
        let start = text.len();
        text.resize(start + room, 0);
        let (result, read, written) = decoder.decode_to_utf8_without_replacement(raw, &mut text[start..], last);
        text.truncate(start + written);
        raw = &raw[read..];
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::Malformed(..) => text.push(NOT_TEXT),
            DecoderResult::OutputFull => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Detected, Encoding, TextReader, detect, piece_is_utf8};
    use std::io::Write;

    fn read_all(bytes: &[u8], step: usize) -> (Detected, Vec<u8>) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let detected = detect(file.path(), 1 << 20).unwrap();
        let mut reader = TextReader::open(file.path(), detected).unwrap();
        let mut text = Vec::new();
        while reader.read(&mut text, step).unwrap() {}
        (detected, text)
    }

    #[test]
    fn encodings_are_told_apart() {
        let utf16 = |text: &str, low_first: bool| -> Vec<u8> {
            text.encode_utf16()
                .flat_map(|unit| if low_first { unit.to_le_bytes() } else { unit.to_be_bytes() })
                .collect()
        };
        let cases: Vec<(Vec<u8>, Encoding, &str)> = vec![
            ("Id,Ñame\n".into(), Encoding::Utf8, "Id,Ñame\n"),
            ("\u{FEFF}Id,Ñ\n".into(), Encoding::Utf8, "Id,Ñ\n"),
            (b"Id,\xD1ame \x80\n".to_vec(), Encoding::Windows1252, "Id,Ñame €\n"),
            (utf16("\u{FEFF}Id,Ñ\n", true), Encoding::Utf16Le, "Id,Ñ\n"),
            (utf16("\u{FEFF}Id,Ñ\n", false), Encoding::Utf16Be, "Id,Ñ\n"),
            (utf16("Id,Name\n", true), Encoding::Utf16Le, "Id,Name\n"),
            (utf16("Id,Name\n", false), Encoding::Utf16Be, "Id,Name\n"),
            (utf16("番号,顧客名\n", true), Encoding::Utf16Le, "番号,顧客名\n"),
            (Vec::new(), Encoding::Utf8, ""),
        ];
        for (bytes, encoding, text) in cases {
            for step in [1, 2, 3, 1000] {
                let (detected, read) = read_all(&bytes, step);
                assert_eq!((detected.encoding, String::from_utf8(read).unwrap().as_str()), (encoding, text), "{step}");
            }
        }
    }

    #[test]
    fn what_utf16_does_not_allow_becomes_a_byte_that_is_no_text() {
        let (_, text) = read_all(b"\xFF\xFEa\x00\x00\xD8b\x00", 3);
        assert_eq!(text, b"a\xFFb");
    }

    #[test]
    fn bytes_without_a_letter_in_windows_1252_are_no_text() {
        let (_, text) = read_all(b"K\xF6ln,\x81\x8Da\n", 3);
        assert_eq!(text, b"K\xC3\xB6ln,\xFF\xFFa\n");
    }

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
}
