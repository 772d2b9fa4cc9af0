//! Bytes to UTF-8 text, in order and block by block, hashing what it reads.

mod encoding;
mod likeness;

pub use encoding::Encoding;
pub(crate) use encoding::{Certainty, Detected, Doubt, detect, prove};

use aceq_model::Sha256Hex;
use encoding_rs::{Decoder, DecoderResult, WINDOWS_1252};
use memchr::{memchr2, memchr3};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// Written in place of what the encoding does not allow: a byte that no UTF-8 text holds.
const NOT_TEXT: u8 = 0xFF;

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
    use super::{Detected, Encoding, TextReader, detect};
    use std::io::Write;

    fn read_all(bytes: &[u8], step: usize) -> (Detected, Vec<u8>) {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let detected = detect(file.path(), None, 1 << 20).unwrap();
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
}
