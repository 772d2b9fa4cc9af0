//! What the caller states about the files, and the limits of reading.

use crate::snapshot::stated_for;
use crate::{Encoding, Input, Pseudonyms};
use aceq_model::{Cents, DateOrder};
use chrono::NaiveDate;
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

/// Statements about the files, and limits.
#[derive(Clone, Debug)]
pub struct Options {
    /// Order of the slash dates of columns whose header states none and whose cells fit both.
    pub date_order: Option<DateOrder>,
    /// USD per unit of other currencies, by ISO 4217 code.
    pub currency_rates: BTreeMap<String, Rate>,
    /// Days of export: end of the input's name, in whole names of files and folders, and the day. The longest end is used.
    pub snapshot_dates: Vec<(String, NaiveDate)>,
    /// Encodings of texts: end of the input's name, in whole names of files and folders, and the encoding. The longest end is used, unless a byte order mark
    /// states another.
    pub encodings: Vec<(String, Encoding)>,
    /// The key by which persons are renamed on the way in; `None` = they keep their names.
    pub pseudonyms: Option<Pseudonyms>,
    /// Programs of self-assessment workbooks that do not say which they are for: end of the input's name, in whole names of files and folders, and the
    /// program.
    pub assessment_programs: Vec<(String, String)>,
    /// Case studies that the references of self-assessment workbooks stand for.
    pub case_study_ids: Vec<CaseStudyId>,
    /// Bytes of decoded text that are handed to one task. Results do not depend on it.
    pub chunk_bytes: usize,
    /// Longest record in bytes; a longer one is rejected.
    pub max_record_bytes: usize,
    /// Bytes up to which a whole file is looked at to find its encoding; of a larger one, that many to begin with.
    /// Results do not depend on it.
    pub encoding_head_bytes: u64,
    /// What a file may ask for.
    pub limits: Limits,
}

impl Options {
    /// The encoding that is stated for a file.
    pub(crate) fn encoding_of(&self, input: &Input) -> Option<Encoding> {
        stated_for(&input.name, self.encodings.iter().map(|(end, encoding)| (end, *encoding)))
    }
}

/// A reference of a self-assessment workbook and the case study that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseStudyId {
    /// End of the input's name.
    pub file: String,
    /// The reference as the workbook's header names it, such as "Customer Reference #1".
    pub header: String,
    /// Id of the case study.
    pub case_study: String,
}

/// What a file may ask for before it is refused: nothing that is handed in makes the program take all memory or disk.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Bytes that an archive may unpack to.
    pub unpacked_bytes: u64,
    /// How many times larger an archive may unpack to, beyond the first 64 MB.
    pub unpacked_ratio: u64,
    /// Members of an archive.
    pub members: usize,
    /// Sheets of a workbook, tables of a page: each is read on its own.
    pub tables: usize,
    /// Bytes of a file, and of its tables as text, in formats that are decoded in memory.
    pub document_bytes: u64,
    /// Fields of a record.
    pub columns: usize,
    /// Levels of objects and lists within each other.
    pub depth: usize,
}

impl Limits {
    /// Bytes that a document of so many bytes on disk may come to when it is unpacked, or repeats its texts by reference.
    pub(crate) fn unpacked_document(&self, bytes: u64) -> u64 {
        const FREE: u64 = 64 << 20;
        FREE.saturating_add(bytes.saturating_mul(self.unpacked_ratio)).min(self.document_bytes)
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            unpacked_bytes: 16 << 30,
            unpacked_ratio: 250,
            members: 10_000,
            tables: 1000,
            document_bytes: 1 << 30,
            columns: 16_384,
            depth: 64,
        }
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            date_order: None,
            currency_rates: BTreeMap::new(),
            snapshot_dates: Vec::new(),
            encodings: Vec::new(),
            pseudonyms: None,
            assessment_programs: Vec::new(),
            case_study_ids: Vec::new(),
            chunk_bytes: 2 << 20,
            max_record_bytes: 1 << 20,
            encoding_head_bytes: 64 << 20,
            limits: Limits::default(),
        }
    }
}

/// An exchange rate in millionths of a US dollar per unit: exact, no float.
///
/// ```
/// use aceq_ingest::Rate;
/// use aceq_model::Cents;
/// let rate: Rate = "1.0835".parse()?;
/// assert_eq!(rate.to_usd(Cents(100_00)), Some(Cents(108_35)));
/// assert!("1,08".parse::<Rate>().is_err());
/// # Ok::<(), aceq_ingest::RateError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rate(u64);

/// A text that is no exchange rate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no exchange rate: write USD per unit with at most six decimals, such as 1.0835")]
pub struct RateError(String);

impl Rate {
    const MILLION: u64 = 1_000_000;

    /// The amount in US dollars, cut to whole cents; `None` where it does not fit.
    pub fn to_usd(self, amount: Cents) -> Option<Cents> {
        let usd = i128::from(amount.0) * i128::from(self.0) / i128::from(Self::MILLION);
        i64::try_from(usd).ok().map(Cents).filter(|cents| *cents <= Cents::MAX)
    }
}

impl FromStr for Rate {
    type Err = RateError;

    fn from_str(text: &str) -> Result<Self, RateError> {
        let error = || RateError(text.to_owned());
        let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(whole) || !digits(fraction) || whole.len() > 9 || fraction.len() > 6 {
            return Err(error());
        }
        let whole: u64 = whole.parse().map_err(|_| error())?;
        let fraction: u64 = format!("{fraction:0<6}").parse().map_err(|_| error())?;
        Some(Self(whole * Self::MILLION + fraction)).filter(|rate| rate.0 > 0).ok_or_else(error)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:06}", self.0 / Self::MILLION, self.0 % Self::MILLION)
    }
}
