//! CSV rows as bytes: fields are appended straight to one buffer, quoted only where they must be.

/// Rows on their way into a file.
#[derive(Default)]
pub(crate) struct CsvBytes {
    bytes: Vec<u8>,
    /// Where the row being written starts.
    row_start: usize,
    /// Where the row before it starts.
    last_row: usize,
    /// Whether the row being written has a field already.
    begun: bool,
}

impl CsvBytes {
    /// Starts a field and hands out the buffer. What is appended must be plain: no comma, quote or line break.
    pub(crate) fn field(&mut self) -> &mut Vec<u8> {
        if self.begun {
            self.bytes.push(b',');
        }
        self.begun = true;
        &mut self.bytes
    }

    /// An empty field.
    pub(crate) fn blank(&mut self) {
        self.field();
    }

    /// A field without comma, quote or line break.
    pub(crate) fn plain(&mut self, text: &str) {
        debug_assert!(!needs_quotes(text), "not plain: {text}");
        self.field().extend_from_slice(text.as_bytes());
    }

    /// Any text.
    pub(crate) fn text(&mut self, text: &str) {
        if needs_quotes(text) {
            self.quoted([text.replace('"', "\"\"").as_str()]);
        } else {
            self.field().extend_from_slice(text.as_bytes());
        }
    }

    /// A quoted field of parts in which quotes are already doubled.
    pub(crate) fn quoted<'a>(&mut self, parts: impl IntoIterator<Item = &'a str>) {
        let bytes = self.field();
        bytes.push(b'"');
        for part in parts {
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes.push(b'"');
    }

    /// A whole number.
    pub(crate) fn number(&mut self, number: u64) {
        push_number(self.field(), number, 1);
    }

    /// Bytes of the row written so far.
    pub(crate) fn row_len(&self) -> usize {
        self.bytes.len() - self.row_start
    }

    /// Ends the row. An empty single field would be a blank line; no table here has one column.
    pub(crate) fn end_row(&mut self) {
        self.bytes.extend_from_slice(b"\r\n");
        self.last_row = self.row_start;
        self.row_start = self.bytes.len();
        self.begun = false;
    }

    /// Writes the row that was just ended once more.
    pub(crate) fn repeat_row(&mut self) {
        self.bytes.extend_from_within(self.last_row..self.row_start);
        self.row_start = self.bytes.len();
    }

    /// A whole row that is CSV already.
    pub(crate) fn line(&mut self, line: &str) {
        self.bytes.extend_from_slice(line.as_bytes());
        self.end_row();
    }

    pub(crate) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.row_start = 0;
        self.last_row = 0;
    }
}

fn needs_quotes(text: &str) -> bool {
    text.bytes().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'))
}

/// Appends `number` with leading zeros up to `width` digits.
pub(crate) fn push_number(bytes: &mut Vec<u8>, mut number: u64, width: usize) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    while number > 0 || digits.len() - at < width {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    bytes.extend_from_slice(&digits[at..]);
}

/// Appends an amount as `1,234.50`.
pub(crate) fn push_grouped(bytes: &mut Vec<u8>, cents: u64) {
    let whole = cents / 100;
    let mut group = 1;
    while whole / group >= 1000 {
        group *= 1000;
    }
    push_number(bytes, whole / group, 1);
    while group > 1 {
        group /= 1000;
        bytes.push(b',');
        push_number(bytes, whole / group % 1000, 3);
    }
    push_cents(bytes, cents);
}

/// Appends an amount as `1234.50`.
pub(crate) fn push_amount(bytes: &mut Vec<u8>, cents: u64) {
    push_number(bytes, cents / 100, 1);
    push_cents(bytes, cents);
}

fn push_cents(bytes: &mut Vec<u8>, cents: u64) {
    bytes.push(b'.');
    push_number(bytes, cents % 100, 2);
}

#[cfg(test)]
mod tests {
    use super::{CsvBytes, push_grouped};

    #[test]
    fn quotes_what_must_be_quoted() {
        let mut csv = CsvBytes::default();
        for text in ["a", "a,b", "say \"no\"", "two\nlines", ""] {
            csv.text(text);
        }
        csv.end_row();
        assert_eq!(csv.as_bytes(), b"a,\"a,b\",\"say \"\"no\"\"\",\"two\nlines\",\r\n");
    }

    #[test]
    fn groups_thousands() {
        for (cents, text) in [(0, "0.00"), (99_999, "999.99"), (100_000, "1,000.00"), (123_450_001, "1,234,500.01")] {
            let mut bytes = Vec::new();
            push_grouped(&mut bytes, cents);
            assert_eq!(String::from_utf8(bytes).unwrap(), text);
        }
    }
}
