//! What only the versions of an opportunity tell: its stages and target dates one after the other, rows of one file that
//! contradict each other, an amount that was a twelfth of it before.

use crate::opportunities::annual::TERMS;
use crate::opportunities::suspect::usd;
use crate::pile::{Amounts, Dates, Pile, RowAt, Texts, known_snapshot};
use aceq_model::{FileRecord, FindingCode, Position, SnapshotSource, date_from_days, tables};
use arrow::array::{ArrayRef, Date32Builder, Int64Builder, RecordBatch, StringBuilder};
use std::sync::Arc;

/// What moves and is a text.
const TEXTS: [&str; 3] = ["stage", "aws_stage", "review_status"];

/// What moves and is a date.
const TARGET: &str = "target_close_date";

/// One state of an opportunity: what is known of each moving column.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct State<'a> {
    texts: [Option<&'a str>; TEXTS.len()],
    /// Days since 1970-01-01.
    target: Option<i32>,
}

impl State<'_> {
    /// Whether no column is told in two ways.
    fn goes_with(&self, other: &Self) -> bool {
        let texts = self.texts.iter().zip(&other.texts).all(|(a, b)| a.is_none() || b.is_none() || a == b);
        texts && (self.target.is_none() || other.target.is_none() || self.target == other.target)
    }
}

/// Which of the moving columns a file has.
struct Supplied {
    texts: [bool; TEXTS.len()],
    target: bool,
}

/// Collects the rows of `stage_history`.
pub(super) struct Stages<'a> {
    pile: &'a Pile,
    texts: [Texts<'a>; TEXTS.len()],
    targets: Dates<'a>,
    /// Per file rank.
    supplied: Vec<Supplied>,
    partner_ids: StringBuilder,
    opportunity_ids: StringBuilder,
    steps: Int64Builder,
    text_columns: [StringBuilder; TEXTS.len()],
    target_column: Date32Builder,
    known_from: Date32Builder,
    last_seen: Date32Builder,
    sources: StringBuilder,
    files: StringBuilder,
    sheets: StringBuilder,
    lines: Int64Builder,
}

impl<'a> Stages<'a> {
    pub(super) fn new(pile: &'a Pile) -> Self {
        let has =
            |file: &Arc<FileRecord>| Supplied { texts: TEXTS.map(|name| file.has(name)), target: file.has(TARGET) };
        Self {
            pile,
            texts: TEXTS.map(|name| pile.texts(name)),
            targets: pile.dates(TARGET),
            supplied: pile.files.iter().map(has).collect(),
            partner_ids: StringBuilder::new(),
            opportunity_ids: StringBuilder::new(),
            steps: Int64Builder::new(),
            text_columns: std::array::from_fn(|_| StringBuilder::new()),
            target_column: Date32Builder::new(),
            known_from: Date32Builder::new(),
            last_seen: Date32Builder::new(),
            sources: StringBuilder::new(),
            files: StringBuilder::new(),
            sheets: StringBuilder::new(),
            lines: Int64Builder::new(),
        }
    }

    /// Adds the states of the opportunity with these versions, oldest first. A version that lacks a column, or does not
    /// know its value, says nothing new about it. What several files say of one day is one state.
    pub(super) fn add(&mut self, partner_id: &str, opportunity_id: &str, versions: &[RowAt]) {
        let mut state = State::default();
        let mut open: Option<(RowAt, Option<i32>)> = None;
        let mut step = 0;
        let mut rest = versions;
        while !rest.is_empty() {
            let of_day;
            (of_day, rest) = rest.split_at(self.said_together(rest));
            let (mut next, mut at) = (state, of_day[0]);
            for version in of_day {
                let after = self.state_after(next, *version);
                if after != next {
                    (next, at) = (after, *version);
                }
            }
            let day = self.day(at);
            match &mut open {
                Some((_, last_seen)) if next == state => *last_seen = day.max(*last_seen),
                _ if next == state => {}
                _ => {
                    if let Some(open) = open.take() {
                        step += 1;
                        self.push((partner_id, opportunity_id, step), state, open);
                    }
                    (state, open) = (next, Some((at, day)));
                }
            }
        }
        if let Some(open) = open {
            self.push((partner_id, opportunity_id, step + 1), state, open);
        }
    }

    fn day(&self, at: RowAt) -> Option<i32> {
        known_snapshot(&self.pile.files[self.pile.file_of(at)])
    }

    /// How many of the versions, from the first one on, tell of one day and do not contradict each other.
    fn said_together(&self, versions: &[RowAt]) -> usize {
        let mut told = self.state_after(State::default(), versions[0]);
        let mut together = 1;
        for at in &versions[1..] {
            let more = self.state_after(State::default(), *at);
            if self.day(*at).is_none() || self.day(*at) != self.day(versions[0]) || !told.goes_with(&more) {
                break;
            }
            told = self.state_after(told, *at);
            together += 1;
        }
        together
    }

    fn state_after(&self, before: State<'a>, at: RowAt) -> State<'a> {
        let supplied = &self.supplied[self.pile.file_of(at)];
        let text = |column: usize| {
            let told = supplied.texts[column].then(|| self.texts[column].get(at)).flatten();
            told.or(before.texts[column])
        };
        let target = supplied.target.then(|| self.targets.get(at)).flatten();
        State { texts: std::array::from_fn(text), target: target.or(before.target) }
    }

    fn push(&mut self, key: (&str, &str, i64), state: State<'_>, (first, last_seen): (RowAt, Option<i32>)) {
        let file = self.pile.file_of(first);
        let record = &self.pile.files[file];
        self.partner_ids.append_value(key.0);
        self.opportunity_ids.append_value(key.1);
        self.steps.append_value(key.2);
        self.text_columns.iter_mut().zip(state.texts).for_each(|(column, value)| column.append_option(value));
        self.target_column.append_option(state.target);
        self.known_from.append_option(known_snapshot(record));
        self.last_seen.append_option(last_seen);
        self.sources.append_value(source_name(record.snapshot_source));
        self.files.append_value(self.pile.path(file));
        self.sheets.append_value(self.pile.sheet(file));
        self.lines.append_value(self.pile.line(first));
    }

    /// The table, in the order in which opportunities were added.
    pub(super) fn finish(mut self) -> RecordBatch {
        let [mut stage, mut aws_stage, mut review] = self.text_columns;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(self.partner_ids.finish()),
            Arc::new(self.opportunity_ids.finish()),
            Arc::new(self.steps.finish()),
            Arc::new(stage.finish()),
            Arc::new(aws_stage.finish()),
            Arc::new(review.finish()),
            Arc::new(self.target_column.finish()),
            Arc::new(self.known_from.finish()),
            Arc::new(self.last_seen.finish()),
            Arc::new(self.sources.finish()),
            Arc::new(self.files.finish()),
            Arc::new(self.sheets.finish()),
            Arc::new(self.lines.finish()),
        ];
        let batch = RecordBatch::try_new(tables::STAGE_HISTORY.arrow_schema(), columns);
        batch.expect("the columns are those of the table, one value each per state")
    }
}

fn source_name(source: SnapshotSource) -> &'static str {
    match source {
        SnapshotSource::Stated => "stated",
        SnapshotSource::Folder => "folder",
        SnapshotSource::Inside => "inside",
        SnapshotSource::Floor => "floor",
        SnapshotSource::Unknown => "unknown",
    }
}

/// What exports of any kind mean alike, and rules count by.
const DECISIVE: [&str; 6] =
    ["stage", "aws_stage", "review_status", "mrr_usd", "target_close_date", "customer_aws_account_id"];

type Found = Option<(FindingCode, String)>;

/// The newest two rows of one opportunity that differ though neither is known to be newer: they stand in one file, or in
/// two exports of one day that say the same time of the last change.
pub(super) fn contradiction(pile: &Pile, versions: &[RowAt]) -> Found {
    let told = versions.windows(2).rev().filter(|pair| pile.is_one_age(pair[0], pair[1])).find_map(|pair| {
        let (left, right) = (pile.file_of(pair[0]), pile.file_of(pair[1]));
        let mut differing = pile.differing(pair[0], pair[1]);
        // A column that one of two files does not have contradicts nothing, and exports of two kinds word much differently.
        let is_one_kind = pile.files[left].mapping == pile.files[right].mapping;
        differing.retain(|name| {
            let both = pile.files[left].has(name) && pile.files[right].has(name);
            both && (is_one_kind || DECISIVE.contains(name))
        });
        let (first, second) = (pile.position(pair[0]), pile.position(pair[1]));
        let rows = match left == right {
            true => {
                let (lines, file) = ((first.line, second.line), Position { line: 0, ..first });
                format!("lines {} and {} of {file}", lines.0, lines.1)
            }
            false => format!("{first} and {second}"),
        };
        (!differing.is_empty()).then(|| format!("{rows} differ in {}", differing.join(", ")))
    });
    told.map(|detail| (FindingCode::ContradictingRows, detail))
}

/// An older version of the opportunity with a 12th, 24th or 36th of the amount that is used.
pub(super) fn part_before(pile: &Pile, amounts: &Amounts<'_>, versions: &[RowAt], used: usize) -> Found {
    let monthly = amounts.get(versions[used]).filter(|amount| *amount > 0)?;
    let (term, at, before) = versions[..used].iter().rev().find_map(|at| {
        let before = amounts.get(*at).filter(|before| *before > 0)?;
        // Part amounts are rounded to the cent.
        let is_part = |term: &&i128| 2 * (**term * before - monthly).abs() <= **term;
        TERMS.iter().find(is_part).map(|term| (term, *at, before))
    })?;
    let file = pile.file_of(at);
    let day = known_snapshot(&pile.files[file]).and_then(date_from_days);
    let of = day.map_or_else(|| pile.path(file).to_string(), |day| format!("the snapshot of {day}"));
    let detail = format!("mrr_usd {} is {term} times the {} of {of}", usd(monthly), usd(before));
    Some((FindingCode::MaybeAnnual, detail))
}
