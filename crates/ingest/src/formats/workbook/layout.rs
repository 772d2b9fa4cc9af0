//! What the cells of an `.xlsx` sheet do not say: which rows are hidden, and which cells are merged.

use super::Job;
use super::archive::{Archive, broken};
use super::rich::Runs;
use crate::IngestError;
use crate::formats::markup::attribute;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::collections::{BTreeMap, HashMap};
use std::io::{BufRead, BufReader, Read};

/// Layout of a sheet.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Layout {
    /// Lines of the rows that are hidden.
    pub hidden: Vec<u64>,
    /// Cells that cover others below: line, column (from 0), last line.
    pub merged_down: Vec<(u64, usize, u64)>,
    /// Cells that hold a formula and no result: line, column (from 0).
    pub never_calculated: Vec<(u64, usize)>,
    /// Texts of which a part is struck through or raised, by line and column.
    pub marked: HashMap<(u64, usize), String>,
}

/// Layouts of the sheets, by the order in which the workbook lists them; blank where a sheet's part is not found, an error
/// where it is broken.
pub(super) fn layouts(job: Job<'_>, archive: &mut Archive) -> Result<Vec<Result<Layout, IngestError>>, IngestError> {
    let Some(workbook) = part(job, archive, "xl/workbook.xml")? else { return Ok(Vec::new()) };
    let targets = targets(job, &part(job, archive, "xl/_rels/workbook.xml.rels")?.unwrap_or_default())?;
    let (mut ids, mut is_to_calculate) = (Vec::new(), false);
    each_tag(job, workbook.as_bytes(), &mut |tag| match tag.local_name().as_ref() {
        "sheet" => ids.push(attribute(tag, "id").unwrap_or_default()),
        "calcPr" => is_to_calculate = attribute(tag, "fullCalcOnLoad").is_some_and(|all| all == "1" || all == "true"),
        _ => {}
    })?;
    // What is broken in the texts is told by who reads them.
    let shared = marked(job, archive).unwrap_or_default();
    let mut layout = |id| match targets.get(id) {
        Some(path) => layout(job, archive, path, is_to_calculate, &shared),
        None => Ok(Layout::default()),
    };
    Ok(ids.iter().map(&mut layout).collect())
}

/// Texts of which a part is struck through or raised, among those that the sheets share, by their number.
fn marked(job: Job<'_>, archive: &mut Archive) -> Result<HashMap<usize, String>, IngestError> {
    let (mut found, mut runs, mut number) = (HashMap::new(), Runs::default(), 0);
    let Some(index) = archive.index_for_name("xl/sharedStrings.xml") else { return Ok(found) };
    let file = archive.by_index(index).map_err(|error| broken(job, &error))?;
    each_event(job, BufReader::new(file), &mut |event| {
        if let Some(text) = runs.event(event) {
            found.extend(text.map(|text| (number, text)));
            number += 1;
        }
    })?;
    Ok(found)
}

fn part(job: Job<'_>, archive: &mut Archive, path: &str) -> Result<Option<String>, IngestError> {
    let Some(index) = archive.index_for_name(path) else { return Ok(None) };
    let mut text = Vec::new();
    let mut file = archive.by_index(index).map_err(|error| broken(job, &error))?;
    file.read_to_end(&mut text).map_err(|error| job.damaged(format!("{path}: {error}")))?;
    Ok(Some(String::from_utf8_lossy(&text).into_owned()))
}

/// Paths within the archive by relationship id.
fn targets(job: Job<'_>, relations: &str) -> Result<BTreeMap<String, String>, IngestError> {
    let mut targets = BTreeMap::new();
    each_tag(job, relations.as_bytes(), &mut |tag| {
        if let (Some(id), Some(target)) = (attribute(tag, "Id"), attribute(tag, "Target")) {
            let path = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
            targets.insert(id, path);
        }
    })?;
    Ok(targets)
}

/// Programs that do not calculate may write zeros for all results, and leave it to the reader to calculate everything.
fn layout(
    job: Job<'_>,
    archive: &mut Archive,
    path: &str,
    is_to_calculate: bool,
    shared: &HashMap<usize, String>,
) -> Result<Layout, IngestError> {
    let mut layout = Layout::default();
    let Some(index) = archive.index_for_name(path) else { return Ok(layout) };
    let file = archive.by_index(index).map_err(|error| broken(job, &error))?;
    let (mut place, mut runs) = (Place { shared: Some(shared), ..Place::default() }, Runs::default());
    each_event(job, BufReader::new(file), &mut |event| {
        if let Some(Some(text)) = runs.event(event) {
            layout.marked.insert((place.line, place.column), text);
        }
        match event {
            Event::Start(tag) => place.start(tag, &mut layout),
            Event::Empty(tag) => {
                place.start(tag, &mut layout);
                place.end(tag.local_name().as_ref(), &mut layout);
            }
            Event::Text(text) => place.result(&text.xml10_content(), &mut layout),
            Event::CData(text) => place.result(&text.xml10_content(), &mut layout),
            Event::GeneralRef(_) => place.result("&", &mut layout),
            Event::End(tag) => place.end(tag.local_name().as_ref(), &mut layout),
            _ => {}
        }
    })?;
    if is_to_calculate && !place.is_calculated {
        layout.never_calculated.append(&mut place.zeros);
    }
    match (layout.never_calculated.len() * FORMULA) as u64 > job.limits.document_bytes {
        true => Err(job.too_large("formulas without a result", layout.never_calculated.len() as u64)),
        false => Ok(layout),
    }
}

/// Bytes that a formula takes.
const FORMULA: usize = size_of::<(u64, usize)>();

/// Where the reading of a sheet stands.
#[derive(Default)]
struct Place<'s> {
    /// Texts that the sheets share and that have marks, by their number.
    shared: Option<&'s HashMap<usize, String>>,
    /// Whether the value of the cell is the number of a text.
    is_shared: bool,
    line: u64,
    /// Column of the cell, from 0.
    column: usize,
    is_formula: bool,
    in_value: bool,
    has_result: bool,
    is_zero: bool,
    /// Whether a formula has another result than zero.
    is_calculated: bool,
    /// Formulas whose result is zero.
    zeros: Vec<(u64, usize)>,
}

impl Place<'_> {
    fn start(&mut self, tag: &BytesStart<'_>, layout: &mut Layout) {
        match tag.local_name().as_ref() {
            "row" => {
                self.line = attribute(tag, "r").and_then(|line| line.parse().ok()).unwrap_or(self.line + 1);
                self.column = usize::MAX;
                if attribute(tag, "hidden").is_some_and(|hidden| hidden == "1" || hidden == "true") {
                    layout.hidden.push(self.line);
                }
            }
            "c" => {
                let stated = attribute(tag, "r").as_deref().and_then(cell);
                self.line = stated.map_or(self.line, |(_, line)| line);
                self.column = stated.map_or(self.column.wrapping_add(1), |(column, _)| column);
                // A text of no length is a result as well.
                let kind = attribute(tag, "t");
                let is_text = kind.as_deref() == Some("str");
                self.is_shared = kind.as_deref() == Some("s");
                (self.is_formula, self.in_value, self.has_result, self.is_zero) = (false, false, is_text, false);
            }
            "f" => self.is_formula = true,
            "v" => self.in_value = true,
            "mergeCell" => layout.merged_down.extend(attribute(tag, "ref").as_deref().and_then(merged)),
            _ => {}
        }
    }

    fn result(&mut self, text: &str, layout: &mut Layout) {
        let text = text.trim();
        if self.in_value && self.is_shared {
            let marked = text.parse().ok().and_then(|number: usize| self.shared?.get(&number));
            layout.marked.extend(marked.map(|text| ((self.line, self.column), text.clone())));
        }
        if self.in_value && !text.is_empty() {
            (self.has_result, self.is_zero) = (true, text == "0");
        }
    }

    fn end(&mut self, name: &str, layout: &mut Layout) {
        match name {
            "v" => self.in_value = false,
            "c" if self.is_formula && !self.has_result => layout.never_calculated.push((self.line, self.column)),
            "c" if self.is_formula && self.is_zero => self.zeros.push((self.line, self.column)),
            "c" => self.is_calculated |= self.is_formula,
            _ => {}
        }
    }
}

fn each_tag(job: Job<'_>, text: impl BufRead, each: &mut dyn FnMut(&BytesStart<'_>)) -> Result<(), IngestError> {
    each_event(job, text, &mut |event| {
        if let Event::Start(tag) | Event::Empty(tag) = event {
            each(tag);
        }
    })
}

fn each_event(job: Job<'_>, text: impl BufRead, each: &mut dyn FnMut(&Event<'_>)) -> Result<(), IngestError> {
    let mut reader = Reader::from_reader(text);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        match reader.read_event_into(&mut buffer) {
            Ok(Event::Eof) => return Ok(()),
            Ok(event) => each(&event),
            Err(error) => return Err(job.damaged(format!("{error} (at byte {})", reader.error_position()))),
        }
    }
}

/// `A1:A3` covers lines 1 to 3 of column 0. `None` where nothing below is covered.
fn merged(range: &str) -> Option<(u64, usize, u64)> {
    let (from, to) = range.split_once(':')?;
    let ((column, line), (_, until)) = (cell(from)?, cell(to)?);
    (until > line).then_some((line, column, until))
}

fn cell(reference: &str) -> Option<(usize, u64)> {
    let letters = reference.bytes().take_while(u8::is_ascii_uppercase).count();
    if !(1..=3).contains(&letters) {
        return None;
    }
    let column = reference.bytes().take(letters).fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1);
    Some((column - 1, reference[letters..].parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::merged;

    #[test]
    fn ranges_that_cover_cells_below() {
        assert_eq!(merged("A1:A3"), Some((1, 0, 3)));
        assert_eq!(merged("AB12:AD13"), Some((12, 27, 13)));
        for range in ["A1:C1", "A1", "1:2", "a1:a2", "AAAA1:AAAA2", ""] {
            assert_eq!(merged(range), None, "{range}");
        }
    }
}
