//! What the sheets of a binary workbook share: strings, formats, names, the epoch of its dates.

use super::Job;
use super::record::{Fields, Records, id};
use crate::IngestError;
use crate::formats::workbook::number::{Epoch, NumberKind};
use encoding_rs::{Encoding, WINDOWS_1252};
use std::collections::BTreeMap;

/// A sheet as the workbook lists it.
#[derive(Debug)]
pub(super) struct BoundSheet {
    pub name: String,
    /// Where its records begin.
    pub offset: usize,
    pub is_worksheet: bool,
}

/// What the sheets share.
#[derive(Debug)]
pub(super) struct Globals {
    pub strings: Vec<String>,
    /// Meaning of numbers, by the format that a cell names.
    pub kinds: Vec<NumberKind>,
    pub sheets: Vec<BoundSheet>,
    pub epoch: Epoch,
    /// Whether texts are written in the way of 1997 (with a flag for UTF-16), not in a code page.
    wide: bool,
    page: &'static Encoding,
}

impl Globals {
    pub fn read(job: Job<'_>, stream: &[u8]) -> Result<Self, IngestError> {
        let mut globals = Self {
            strings: Vec::new(),
            kinds: Vec::new(),
            sheets: Vec::new(),
            epoch: Epoch::From1900,
            wide: true,
            page: WINDOWS_1252,
        };
        let mut formats = Formats::default();
        let mut records = Records::new(stream);
        while let Some(record) = records.next() {
            let record = record.map_err(|message| job.damaged(message))?;
            let mut parts = vec![record.data];
            while record.id == id::SST && records.next_id() == Some(id::CONTINUE) {
                let part = records.next().and_then(Result::ok).ok_or_else(|| job.damaged("it ends within a record"))?;
                parts.push(part.data);
            }
            match record.id {
                id::EOF => break,
                id::FILEPASS => return Err(job.locked()),
                id::SST => {
                    let strings = Strings { parts: &parts, at: 0, fields: Fields(record.data) }.read();
                    globals.strings = strings.ok_or_else(|| job.damaged("its table of strings ends within one"))?;
                }
                other => globals
                    .note(other, Fields(record.data), &mut formats)
                    .ok_or_else(|| job.damaged(format!("record {other:#06x} is too short")))?,
            }
        }
        globals.kinds = formats.used.iter().map(|id| formats.kind(*id)).collect();
        Ok(globals)
    }

    fn note(&mut self, record: u16, mut fields: Fields<'_>, formats: &mut Formats) -> Option<()> {
        match record {
            id::BOF => self.wide = fields.u16()? >= 0x0600,
            id::DATEMODE if fields.u16()? == 1 => self.epoch = Epoch::From1904,
            id::CODEPAGE => self.page = code_page(fields.u16()?),
            id::XF => formats.used.push(fields.skip(2)?.u16()?),
            id::FORMAT => {
                let number = fields.u16()?;
                let code = if self.wide { self.long_string(&mut fields)? } else { self.short_string(&mut fields)? };
                formats.codes.insert(number, NumberKind::of(&code));
            }
            id::BOUNDSHEET => {
                let offset = fields.u32()? as usize;
                let is_worksheet = fields.skip(1)?.u8()? == 0;
                let name = self.short_string(&mut fields)?;
                self.sheets.push(BoundSheet { name, offset, is_worksheet });
            }
            _ => {}
        }
        Some(())
    }

    /// A text whose length takes two bytes. One that is cut is what is left of it.
    pub fn long_string(&self, fields: &mut Fields<'_>) -> Option<String> {
        let length = usize::from(fields.u16()?);
        self.string(fields, length)
    }

    fn short_string(&self, fields: &mut Fields<'_>) -> Option<String> {
        let length = usize::from(fields.u8()?);
        self.string(fields, length)
    }

    fn string(&self, fields: &mut Fields<'_>, length: usize) -> Option<String> {
        if !self.wide {
            let bytes = fields.bytes(length.min(fields.0.len()))?;
            return Some(self.page.decode_without_bom_handling(bytes).0.into_owned());
        }
        if length == 0 {
            return Some(String::new());
        }
        let is_wide = fields.u8()? & 1 != 0;
        let bytes = fields.bytes((length << u8::from(is_wide)).min(fields.0.len()))?;
        let mut units = Vec::with_capacity(length);
        push_units(bytes, is_wide, &mut units);
        Some(String::from_utf16_lossy(&units))
    }
}

/// Adds characters of one byte (the first 256 of Unicode) or of two.
fn push_units(bytes: &[u8], is_wide: bool, units: &mut Vec<u16>) {
    match is_wide {
        true => units.extend(bytes.chunks_exact(2).map(|pair| u16::from_le_bytes([pair[0], pair[1]]))),
        false => units.extend(bytes.iter().map(|byte| u16::from(*byte))),
    }
}

fn code_page(number: u16) -> &'static Encoding {
    let label = match number {
        874 => "windows-874".to_owned(),
        932 => "shift_jis".to_owned(),
        936 => "gbk".to_owned(),
        949 => "euc-kr".to_owned(),
        950 => "big5".to_owned(),
        number => format!("windows-{number}"),
    };
    Encoding::for_label(label.as_bytes()).unwrap_or(WINDOWS_1252)
}

/// Number formats: those that are defined, and which one each cell format uses.
#[derive(Default)]
struct Formats {
    codes: BTreeMap<u16, NumberKind>,
    used: Vec<u16>,
}

impl Formats {
    fn kind(&self, number: u16) -> NumberKind {
        self.codes.get(&number).cloned().unwrap_or_else(|| NumberKind::of_builtin(number.into()))
    }
}

/// The table of strings, which goes on in further records wherever it is full: within a text, too.
struct Strings<'a> {
    parts: &'a [&'a [u8]],
    at: usize,
    fields: Fields<'a>,
}

impl Strings<'_> {
    /// `None` where the table ends within a string.
    fn read(mut self) -> Option<Vec<String>> {
        self.fields.skip(8)?;
        let mut strings = Vec::new();
        while !self.fields.0.is_empty() || self.next_part() {
            strings.push(self.string()?);
        }
        Some(strings)
    }

    fn next_part(&mut self) -> bool {
        self.at += 1;
        let part = self.parts.get(self.at);
        self.fields = Fields(part.copied().unwrap_or_default());
        part.is_some()
    }

    fn string(&mut self) -> Option<String> {
        let (mut left, flags) = (usize::from(self.fields.u16()?), self.fields.u8()?);
        let runs = if flags & 8 != 0 { usize::from(self.fields.u16()?) * 4 } else { 0 };
        let extra = if flags & 4 != 0 { self.fields.u32()? as usize } else { 0 };
        let mut is_wide = flags & 1 != 0;
        let mut units = Vec::new();
        while left > 0 {
            if self.fields.0.is_empty() {
                // A further record says anew how wide its characters are.
                if !self.next_part() {
                    return None;
                }
                is_wide = self.fields.u8()? & 1 != 0;
            }
            let size = 1 << u8::from(is_wide);
            let fit = left.min(self.fields.0.len() / size);
            if fit == 0 {
                return None;
            }
            push_units(self.fields.bytes(fit * size)?, is_wide, &mut units);
            left -= fit;
        }
        self.pass(runs.saturating_add(extra))?;
        Some(String::from_utf16_lossy(&units))
    }

    /// Leaves out what says how a text looks.
    fn pass(&mut self, mut count: usize) -> Option<()> {
        while count > 0 {
            if self.fields.0.is_empty() && !self.next_part() {
                return None;
            }
            let here = count.min(self.fields.0.len());
            self.fields.skip(here)?;
            count -= here;
        }
        Some(())
    }
}
