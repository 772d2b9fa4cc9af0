//! A whole file as text: XML and HTML state their encoding inside.

use crate::input::unreadable;
use crate::{IngestError, Input, Limits};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::fs::File;
use std::io::Read;

/// Bytes in which the encoding is stated.
const HEAD: usize = 4096;

/// The text of a file.
pub(super) struct DocumentText {
    pub text: String,
    /// Whether the encoding does not allow some of its bytes: U+FFFD stands for them.
    pub is_garbled: bool,
}

impl DocumentText {
    fn of(bytes: &[u8], encoding: &'static Encoding) -> Self {
        let (text, is_garbled) = encoding.decode_without_bom_handling(bytes);
        Self { text: text.into_owned(), is_garbled }
    }
}

/// Reads the file as text. A mark at its beginning states the encoding, else the zero bytes of UTF-16 do; else it is
/// UTF-8 where that fits, and where not what the document says of itself, or the Western code page of Windows.
pub(super) fn text_of(input: &Input, limits: &Limits) -> Result<DocumentText, IngestError> {
    let bytes = bytes_of(input, limits)?;
    if let Some((encoding, mark)) = Encoding::for_bom(&bytes) {
        return Ok(DocumentText::of(&bytes[mark..], encoding));
    }
    if let Some(encoding) = wide(&bytes) {
        return Ok(DocumentText::of(&bytes, encoding));
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => DocumentText { text, is_garbled: false },
        Err(error) => {
            let bytes = error.into_bytes();
            DocumentText::of(&bytes, stated(&bytes).unwrap_or(WINDOWS_1252))
        }
    })
}

/// The bytes of the file, if they are not too many.
pub(super) fn bytes_of(input: &Input, limits: &Limits) -> Result<Vec<u8>, IngestError> {
    let failed = |source| unreadable(&input.path, source);
    let mut bytes = Vec::new();
    let file = File::open(&input.path).map_err(failed)?;
    file.take(limits.document_bytes + 1).read_to_end(&mut bytes).map_err(failed)?;
    match bytes.len() as u64 > limits.document_bytes {
        true => Err(IngestError::TooLarge {
            file: input.name.clone(),
            what: "the file holds bytes",
            limit: limits.document_bytes,
        }),
        false => Ok(bytes),
    }
}

/// UTF-16 without a mark: markup begins with `<`.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [b'<', 0, ..] => Some(UTF_16LE),
        [0, b'<', ..] => Some(UTF_16BE),
        _ => None,
    }
}

/// What `encoding="…"` or `charset=…` says. UTF-16 is not believed: the bytes would show it.
fn stated(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let label = ["encoding=", "charset="].iter().find_map(|word| {
        let (_, rest) = head.split_once(word)?;
        let rest = rest.trim_start_matches(['"', '\'']);
        rest.split(['"', '\'', ' ', '>', '?', ';', '/']).next().map(str::to_owned)
    })?;
    Encoding::for_label(label.as_bytes()).filter(|encoding| *encoding != UTF_16LE && *encoding != UTF_16BE)
}

#[cfg(test)]
mod tests {
    use super::text_of;
    use crate::{Input, Limits};
    use std::io::Write;

    fn read(bytes: &[u8], limits: &Limits) -> Result<String, String> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(bytes).unwrap();
        let read = text_of(&Input::file(file.path()), limits).map_err(|error| error.to_string())?;
        assert_eq!(read.is_garbled, read.text.contains(char::REPLACEMENT_CHARACTER));
        Ok(read.text)
    }

    #[test]
    fn encodings_are_taken_from_the_bytes_first() {
        let wide = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        let cases: Vec<(Vec<u8>, &str)> = vec![
            ("<p>é".into(), "<p>é"),
            ("\u{FEFF}<p>é".into(), "<p>é"),
            (wide("\u{FEFF}<p>é"), "<p>é"),
            (wide("<p>é"), "<p>é"),
            (
                b"<?xml version=\"1.0\" encoding=\"windows-1252\"?><p>\xE9\x80".to_vec(),
                "<?xml version=\"1.0\" encoding=\"windows-1252\"?><p>é€",
            ),
            (b"<meta charset=iso-8859-2><p>\xB1".to_vec(), "<meta charset=iso-8859-2><p>ą"),
            (b"<p>\xE9".to_vec(), "<p>é"),
            ("<meta charset=windows-1252><p>é".into(), "<meta charset=windows-1252><p>é"),
            (b"<meta charset=utf-8><p>\xE9".to_vec(), "<meta charset=utf-8><p>\u{FFFD}"),
        ];
        for (bytes, text) in cases {
            assert_eq!(read(&bytes, &Limits::default()).unwrap(), text);
        }
    }

    #[test]
    fn a_file_beyond_the_limit_is_refused() {
        let limits = Limits { document_bytes: 10, ..Limits::default() };
        assert_eq!(read(b"<p>1234567", &limits).unwrap(), "<p>1234567");
        assert!(read(b"<p>12345678", &limits).unwrap_err().contains("the file holds bytes beyond the limit of 10"));
    }
}
