//! Where the records of a JSON text are, and what of it is broken.
//!
//! ```text
//!  {…}                     one record, unless it holds an array of objects and no mapping knows its own fields:
//!  {"a": 1, "list": [{…}]} then the objects of the array are the records, and `a` belongs to each
//!  [{…}, {…}]              records, or wrapped ones (pages)
//!  {…}\n{…}                records, or wrapped ones, one after another
//!  {"result": {…}}         any of these, in an envelope
//! ```
//!
//! `serde_json` reads the values; own code only finds its way between them, because a broken record must not take the
//! whole ones around it along: reading goes on at the next object that begins a line as far to the right as the
//! broken one did.

use super::fields::Around;
use super::flatten::{flatten, members, scalar};
use super::pages::{is_empty_page, says_that_more_follows};
use crate::csv::line_ends;
use aceq_model::RejectReason;
use serde_json::value::RawValue;

/// A record, a page without any, or a broken part of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part {
    pub start: usize,
    pub end: usize,
    /// Line on which it starts, 1-based.
    pub line: u64,
    /// Place among [`Found::around`].
    pub around: usize,
    /// Why it is no record.
    pub fault: Option<RejectReason>,
    /// Its kind, once it is known.
    pub kind: Option<usize>,
    /// Whether it is a page without records.
    pub is_page: bool,
}

impl Part {
    /// Whether it is a record that can be read.
    pub fn is_record(&self) -> bool {
        self.fault.is_none() && !self.is_page
    }
}

/// What a text is made of.
#[derive(Debug)]
pub(super) struct Found {
    /// In the order of the text.
    pub parts: Vec<Part>,
    /// Scalars around records; the first is "none".
    pub around: Vec<Vec<Around>>,
    /// Whether what stands around the records says that another page follows, where that is known; as many as `around`.
    pub follows: Vec<Option<bool>>,
}

/// Arrays within each other beyond the limit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct TooDeep;

/// Finds the records. `is_known` tells whether an object with these fields is one.
pub(super) fn walk(text: &str, depth: usize, is_known: &mut dyn FnMut(&[String]) -> bool) -> Result<Found, TooDeep> {
    let found = Found { parts: Vec::new(), around: vec![Vec::new()], follows: vec![None] };
    let mut walk =
        Walk { text, at: 0, counted: 0, line: 1, depth, wasted: 0, begin: (0, 0), is_broken: false, is_known, found };
    walk.values(None, depth, Wrapped::Not)?;
    Ok(walk.found)
}

/// Envelopes within each other.
const ENVELOPES: u8 = 3;

/// An object around what holds the records.
struct Envelope<'t> {
    inner: &'t str,
    beside: Vec<Around>,
    /// Whether it says that another page follows.
    follows: bool,
}

/// How often broken parts may be looked at, all in all: a text made to be looked at again and again is given up.
const WASTE: usize = 16;

/// Why no value can be read at a place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stop {
    /// The text ends within it.
    End,
    /// It breaks the rules before that.
    Mistake,
}

/// Whether an object stands in the array of a wrapper: then it is a record, whatever it holds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wrapped {
    Not,
    In(usize),
}

struct Walk<'t, 'k> {
    text: &'t str,
    at: usize,
    /// Line ends were counted up to here.
    counted: usize,
    line: u64,
    depth: usize,
    /// Bytes that were looked at without finding a whole value.
    wasted: usize,
    /// Up to where line begins were looked for, and the last one.
    begin: (usize, usize),
    /// Whether a part was broken.
    is_broken: bool,
    is_known: &'k mut dyn FnMut(&[String]) -> bool,
    found: Found,
}

impl<'t> Walk<'t, '_> {
    /// Values up to `close`, or one after another up to the end of the text.
    fn values(&mut self, close: Option<u8>, depth: usize, wrapped: Wrapped) -> Result<(), TooDeep> {
        loop {
            match (self.next_byte(), close) {
                (None, None) => return Ok(()),
                (None, Some(_)) => {
                    self.cut_off();
                    return Ok(());
                }
                (Some(byte), Some(close)) if byte == close => {
                    self.at += 1;
                    return Ok(());
                }
                (Some(b','), _) => self.at += 1,
                // What is left of an array that broke before its end.
                (Some(b']' | b'}'), None) if self.is_broken => self.at += 1,
                (Some(b'['), _) if wrapped == Wrapped::Not => {
                    let deeper = depth.checked_sub(1).filter(|depth| *depth > 0).ok_or(TooDeep)?;
                    self.at += 1;
                    self.values(Some(b']'), deeper, wrapped)?;
                }
                (Some(b'{'), _) => self.object(depth, wrapped)?,
                _ => self.no_object(),
            }
        }
    }

    fn object(&mut self, depth: usize, wrapped: Wrapped) -> Result<(), TooDeep> {
        let start = self.at;
        let raw = match self.raw() {
            Ok(raw) => raw,
            Err(stop) => {
                let next = if stop == Stop::Mistake { self.neighbour(start) } else { None };
                if next.is_none() {
                    return self.broken_object(start, depth, wrapped);
                }
                self.broken(start, next);
                return Ok(());
            }
        };
        match wrapped {
            Wrapped::In(around) => self.push(start, self.at, around, None),
            Wrapped::Not => match self.wrapper(raw) {
                None => match self.envelope(raw, ENVELOPES) {
                    None => self.push(start, self.at, 0, None),
                    Some(Envelope { inner, beside, follows }) => {
                        let deeper = depth.checked_sub(1).filter(|depth| *depth > 0).ok_or(TooDeep)?;
                        let (end, first) = (self.at, self.found.parts.len());
                        let around = self.found.around.len();
                        self.at = self.place_of(inner);
                        self.object(deeper, wrapped)?;
                        self.at = end;
                        self.add_around(first, around, beside, follows);
                    }
                },
                Some((around, lists)) if lists.is_empty() => {
                    self.push(start, self.at, around, None);
                    self.found.parts.last_mut().expect("it was pushed").is_page = true;
                }
                Some((around, lists)) => {
                    let end = self.at;
                    for list in lists {
                        self.at = self.place_of(list) + 1;
                        self.values(Some(b']'), depth, Wrapped::In(around))?;
                    }
                    self.at = end;
                }
            },
        }
        Ok(())
    }

    /// Where an object is a wrapper: what stands around its records, and the arrays that hold them.
    fn wrapper(&mut self, raw: &'t RawValue) -> Option<(usize, Vec<&'t str>)> {
        let members = members(raw).ok()?;
        let lists: Vec<&str> =
            members.iter().map(|(_, value)| value.get()).filter(|value| holds_objects(value)).collect();
        if (lists.is_empty() && !is_empty_page(&members)) || self.names_a_record(&members) {
            return None;
        }
        let follows = says_that_more_follows(&members, self.depth);
        Some((self.surround(&members, Some(follows)), lists))
    }

    /// The one object in an object of which the rest says nothing of records: `{"status": 0, "result": {"records": …}}`,
    /// `{"data": {…}, "metadata": {…}}`.
    fn envelope(&mut self, raw: &'t RawValue, levels: u8) -> Option<Envelope<'t>> {
        const ABOUT: [&str; 5] = ["metadata", "meta", "links", "paging", "ResponseMetadata"];
        let outer = members(raw).ok()?;
        let is_empty = |value: &str| value[1..value.len() - 1].trim().is_empty();
        let is_nested = |value: &str| value.starts_with(['{', '[']) && !is_empty(value);
        let mut nested = outer.iter().filter(|(name, value)| is_nested(value.get()) && !ABOUT.contains(&name.as_str()));
        let (_, inner) = nested.next().filter(|(_, value)| value.get().starts_with('{'))?;
        if nested.next().is_some() || self.names_a_record(&outer) {
            return None;
        }
        let within = members(inner).ok()?;
        let is_wrapper = within.iter().any(|(_, value)| holds_objects(value.get()));
        // How a call went says nothing of what it fetched.
        const OF_CALL: [&str; 5] = ["status", "success", "message", "code", "error"];
        let speaks = |name: &str| !OF_CALL.contains(&name.to_ascii_lowercase().as_str());
        let told = || outer.iter().filter(|(name, value)| speaks(name) && value.get() != "null");
        let beside = || told().filter_map(|(name, value)| around(name, value)).collect();
        let follows = says_that_more_follows(&outer, self.depth);
        let is_one =
            is_wrapper || self.names_a_record(&within) || (levels > 0 && self.envelope(inner, levels - 1).is_some());
        is_one.then(|| Envelope { inner: inner.get(), beside: beside(), follows })
    }

    /// Adds what stands beside an object in its envelope to what stands around its records: to the parts from `first` on, whose
    /// wrappers are those from `around` on.
    fn add_around(&mut self, first: usize, around: usize, beside: Vec<Around>, follows: bool) {
        if beside.is_empty() && !follows {
            return;
        }
        for wrapper in &mut self.found.around[around..] {
            wrapper.extend(beside.iter().cloned());
        }
        if follows {
            self.found.follows[around..].fill(Some(true));
        }
        let alone = self.found.around.len();
        self.found.around.push(beside);
        self.found.follows.push(follows.then_some(true));
        self.found.parts[first..].iter_mut().filter(|part| part.around == 0).for_each(|part| part.around = alone);
    }

    /// Whether the fields that are in no array make a record.
    fn names_a_record(&mut self, members: &[(String, &RawValue)]) -> bool {
        let mut names = Vec::new();
        for (name, value) in members.iter().filter(|(_, value)| !value.get().starts_with('[')) {
            match value.get().starts_with('{') {
                false => names.push(name.clone()),
                // What is too deep is told when the record is read.
                true => _ = flatten(value.get(), self.depth, &mut |field| names.push(format!("{name}.{}", field.name))),
            }
        }
        (self.is_known)(&names)
    }

    /// An object that is cut off, or holds a mistake: its records are read where it is a wrapper.
    fn broken_object(&mut self, start: usize, depth: usize, wrapped: Wrapped) -> Result<(), TooDeep> {
        if wrapped != Wrapped::Not {
            let next = self.known_neighbour(start);
            self.broken(start, next);
            return Ok(());
        }
        self.at = start + 1;
        let (mut members, mut wrapper) = (Vec::new(), None);
        loop {
            match self.next_byte() {
                Some(b',') => self.at += 1,
                Some(b'"') => {
                    let before = self.at;
                    let name = self.name();
                    let is_list = name.is_some() && holds_objects(&self.text[self.at..]);
                    if is_list && (wrapper.is_some() || !self.names_a_record(&members)) {
                        // Whether another page follows may stand where nothing can be read any more.
                        let around = wrapper.unwrap_or_else(|| self.surround(&members, None));
                        wrapper = Some(around);
                        self.at += 1;
                        self.values(Some(b']'), depth, Wrapped::In(around))?;
                    } else if let (Some(name), Ok(value)) = (name, self.raw()) {
                        members.push((name, value));
                    } else {
                        self.broken_member(start, before, wrapper);
                        return Ok(());
                    }
                }
                None if wrapper.is_some() => {
                    self.cut_off();
                    return Ok(());
                }
                _ => {
                    self.broken_member(start, self.at, wrapper);
                    return Ok(());
                }
            }
        }
    }

    /// An object that is no wrapper, or has not shown itself as one, is broken as a whole.
    fn broken_member(&mut self, start: usize, at: usize, wrapper: Option<usize>) {
        match wrapper {
            Some(_) => self.broken(at, None),
            None => {
                let next = self.known_neighbour(start);
                self.broken(start, next);
            }
        }
    }

    /// Keeps the scalars around records; returns their place.
    fn surround(&mut self, members: &[(String, &RawValue)], follows: Option<bool>) -> usize {
        self.found.around.push(members.iter().filter_map(|(name, value)| around(name, value)).collect());
        self.found.follows.push(follows);
        self.found.around.len() - 1
    }

    /// The name of a member; the place moves to its value.
    fn name(&mut self) -> Option<String> {
        let name = serde_json::from_str(self.raw().ok()?.get()).ok()?;
        if self.next_byte()? != b':' {
            return None;
        }
        self.at += 1;
        self.next_byte()?;
        Some(name)
    }

    /// The value that starts here; the place moves behind it.
    fn raw(&mut self) -> Result<&'t RawValue, Stop> {
        let text = self.text;
        if self.wasted > WASTE * text.len() {
            return Err(Stop::End);
        }
        let mut values = serde_json::Deserializer::from_str(&text[self.at..]).into_iter::<&'t RawValue>();
        match values.next() {
            Some(Ok(value)) => {
                self.at += values.byte_offset();
                Ok(value)
            }
            Some(Err(error)) => {
                self.wasted += reach(&text.as_bytes()[self.at..], &error) + 1;
                Err(if error.is_eof() { Stop::End } else { Stop::Mistake })
            }
            None => Err(Stop::End),
        }
    }

    /// A value that is no object is no record.
    fn no_object(&mut self) {
        let start = self.at;
        match self.raw() {
            Ok(_) => self.push(start, self.at, 0, Some(RejectReason::BadJson)),
            Err(_) => {
                let next = self.neighbour(start);
                self.broken(start, next);
            }
        }
    }

    /// What starts at `start` is broken, up to the next object like it, or to the end.
    fn broken(&mut self, start: usize, next: Option<usize>) {
        let end = next.unwrap_or(self.text.len());
        let shown = self.text[start..end].trim_end().trim_end_matches(',').len();
        self.push(start, start + shown, 0, Some(RejectReason::BadJson));
        self.at = end;
    }

    /// The text ends within an array or an object.
    fn cut_off(&mut self) {
        let told = self.found.parts.last().is_some_and(|part| part.fault.is_some() && self.ends_with(part));
        if !told {
            self.push(self.text.len(), self.text.len(), 0, Some(RejectReason::BadJson));
        }
    }

    fn ends_with(&self, part: &Part) -> bool {
        self.text[part.end..].trim_matches(|c: char| c.is_whitespace() || c == ',').is_empty()
    }

    /// Where the line of a place begins. Places come mostly in order, and a line may be the whole text.
    fn line_begin(&mut self, at: usize) -> usize {
        let (looked, known) = self.begin;
        let (from, before) = if at >= looked { (looked, known) } else { (0, 0) };
        let begin = self.text[from..at].rfind(['\n', '\r']).map_or(before, |line| from + line + 1);
        self.begin = (at, begin);
        begin
    }

    /// The next object that begins a line with as much space before it as the value at `start`.
    fn neighbour(&mut self, start: usize) -> Option<usize> {
        let line = self.line_begin(start);
        let indent = &self.text[line..start];
        if !indent.bytes().all(|byte| byte.is_ascii_whitespace()) {
            return None;
        }
        let bytes = self.text.as_bytes();
        let ends = memchr::memchr2_iter(b'\n', b'\r', &bytes[start..]).map(|at| start + at + 1);
        ends.filter(|end| self.text[*end..].starts_with(indent))
            .map(|end| end + indent.len())
            .find(|at| bytes.get(*at) == Some(&b'{'))
    }

    /// In a text without line breaks: the next object that follows another one (`},{`) and that a mapping knows. What
    /// stands within the broken object is hardly ever a record by itself.
    fn known_neighbour(&mut self, start: usize) -> Option<usize> {
        let (text, at) = (self.text, self.at);
        let follows = |at: &usize| {
            let ahead = text[start..*at].trim_end();
            ahead.strip_suffix(',').is_some_and(|ahead| ahead.trim_end().ends_with('}'))
        };
        let places = memchr::memchr_iter(b'{', &text.as_bytes()[start + 1..]).map(|at| start + 1 + at);
        let found = places.filter(follows).find(|at| {
            self.at = *at;
            let Ok(raw) = self.raw() else { return false };
            // Objects within each other are looked at again and again.
            self.wasted += raw.get().len();
            members(raw).is_ok_and(|members| self.names_a_record(&members))
        });
        self.at = at;
        found
    }

    /// The first byte that is no white space; the place moves there.
    fn next_byte(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
        bytes.get(self.at).copied()
    }

    fn place_of(&self, part: &'t str) -> usize {
        part.as_ptr() as usize - self.text.as_ptr() as usize
    }

    fn push(&mut self, start: usize, end: usize, around: usize, fault: Option<RejectReason>) {
        self.line += line_ends(&self.text.as_bytes()[self.counted..start.max(self.counted)]);
        self.counted = start.max(self.counted);
        self.is_broken |= fault.is_some();
        self.found.parts.push(Part { start, end, line: self.line, around, fault, kind: None, is_page: false });
    }
}

/// How far the parser came before it stopped.
fn reach(text: &[u8], error: &serde_json::Error) -> usize {
    let lines = error.line().saturating_sub(1);
    let before =
        lines.checked_sub(1).and_then(|last| memchr::memchr_iter(b'\n', text).nth(last)).map_or(0, |at| at + 1);
    before + error.column()
}

/// Whether a value is an array whose first item is an object.
fn holds_objects(value: &str) -> bool {
    value.strip_prefix('[').is_some_and(|items| items.trim_start().starts_with('{'))
}

/// A scalar member of a wrapper.
fn around(name: &str, value: &RawValue) -> Option<Around> {
    if value.get().starts_with(['{', '[']) {
        return None;
    }
    let (cell, kind) = scalar(value).ok()?;
    Some(Around { name: name.to_owned(), cell: cell.into_owned(), kind })
}
