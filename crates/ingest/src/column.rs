//! One column on its way from cells to Arrow.

mod agreement;
mod amounts;
mod dates;
mod values;

pub(crate) use values::{NO_READING, SERIAL};

use crate::Pseudonyms;
use crate::evidence::Evidence;
use crate::mappings::{Meaning, ValueList};
use crate::memo::Memo;
use crate::plan::{ColumnPlan, Kind, SourceField};
use crate::recognise::FieldRole;
use crate::row::{Notes, Row};
use crate::source::Record;
use crate::value::error_value::is_error;
use crate::value::mask::is_masked;
use crate::value::{customer, id, person, plain};
use aceq_model::{Blank, ColumnType, FindingCode, RejectReason, days_from_date};
use agreement::find_disagreement;
use arrow::array::{ArrayBuilder, ArrayRef, StringBuilder};
use arrow::datatypes::DataType;
use std::collections::HashSet;
use values::Values;

/// A column being filled.
pub(crate) struct ColumnOut<'r, 'p> {
    plan: &'r ColumnPlan<'p>,
    values: Values,
    second: Option<Values>,
    memo: Memo<'p>,
    /// The field, where the column is a single one that always counts.
    lone: Option<usize>,
    pub evidence: Evidence,
}

impl<'r, 'p> ColumnOut<'r, 'p> {
    pub fn new(plan: &'r ColumnPlan<'p>, ty: ColumnType) -> Self {
        let filled = plan.is_given() || matches!(plan.kind, Kind::Masked | Kind::Currency);
        let values = if filled { Values::new(ty) } else { Values::Absent };
        let second = plan.two_readings.then(|| Values::new(ty));
        let lone = match plan.sources.as_slice() {
            [source] if source.role == FieldRole::Whole && source.only_if.is_empty() => Some(source.index),
            _ => None,
        };
        Self { plan, values, second, memo: Memo::new(), lone, evidence: Evidence::new(plan) }
    }

    /// Whether cells of the file go into it.
    pub fn is_read(&self) -> bool {
        !matches!(self.values, Values::Absent) && !matches!(self.plan.kind, Kind::Currency)
    }

    /// Whether it follows from other cells of the row.
    pub fn is_derived(&self) -> bool {
        matches!(self.plan.kind, Kind::Masked | Kind::Currency)
    }

    /// The arrays: the column, and its second reading if it has one.
    pub fn finish(self, ty: &DataType, rows: usize) -> impl Iterator<Item = ArrayRef> {
        let second = self.second.map(|values| values.finish(ty, rows));
        std::iter::once(self.values.finish(ty, rows)).chain(second)
    }

    /// Reads the row's cell of this column, which is read.
    pub fn push(&mut self, row: &mut Row<'_, '_>, notes: &mut Notes<'_>, scratch: &mut String) {
        let record = row.record;
        if let Some(index) = self.lone {
            match self.plan.kind.cell(record, index, scratch) {
                "" => self.nothing(record),
                cell => self.whole(cell, 0, row, notes),
            }
            return;
        }
        let filled = |source: &SourceField, scratch: &mut String| {
            !record.is_blank(source.index) && source.counts(record, scratch)
        };
        let kind = self.plan.kind;
        let names = |source: &SourceField, scratch: &mut String| {
            filled(source, scratch) && !kind.is_nobody(record.field(source.index, scratch))
        };
        let sources = &self.plan.sources;
        // A word that names nobody gives way to a name beside it.
        let first = sources.iter().position(|source| names(source, scratch));
        let first = match first {
            None if kind.names_somebody() => sources.iter().position(|source| filled(source, scratch)),
            found => found,
        };
        match first {
            None => {
                self.tell_what_does_not_count(row, notes);
                self.nothing(record);
            }
            Some(place) => self.filled(place, row, notes, scratch),
        }
    }

    /// No field counts, and yet one is filled: what it says is left out because of what stands beside it.
    fn tell_what_does_not_count(&self, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        let record = row.record;
        let Some(source) = self.plan.sources.iter().find(|source| !record.is_blank(source.index)) else { return };
        let mut scratch = String::new();
        let Some((place, value)) = source.unmet(record, &mut scratch) else { return };
        let header = |index: usize| row.plan.headers.get(index).map_or("", String::as_str);
        let (filled, other) = (header(source.index), header(*place));
        let beside = match record.field(*place, &mut scratch) {
            "" => "is blank".to_owned(),
            cell => format!("is `{}`", cell.chars().take(100).collect::<String>()),
        };
        let name = self.plan.name;
        notes.find_cell(row, name, FindingCode::DoesNotCount, || {
            format!("{name}: `{filled}` is filled and not used, because `{other}` {beside} and not `{value}`")
        });
    }

    /// No field says anything.
    fn nothing(&mut self, record: &Record<'_>) {
        match self.plan.kind {
            Kind::Masked => {}
            _ if self.plan.is_silent(record) => self.unknown(),
            _ => self.blank(record),
        }
    }

    fn filled(&mut self, place: usize, row: &mut Row<'_, '_>, notes: &mut Notes<'_>, scratch: &mut String) {
        let source = &self.plan.sources[place];
        match (source.role, self.plan.kind) {
            (FieldRole::Item, Kind::List(_) | Kind::Involvement(_)) | (FieldRole::Part(_), _) => {
                self.pieces(place, row, notes, scratch);
            }
            _ => {
                let record = row.record;
                let cell = self.plan.kind.cell(record, source.index, scratch);
                self.whole(cell, place, row, notes);
            }
        }
    }

    /// Reads a value that one field makes up.
    fn whole(&mut self, cell: &str, place: usize, row: &mut Row<'_, '_>, notes: &mut Notes<'_>) {
        if is_masked(cell) {
            row.has_mask = true;
            return self.unknown();
        }
        let plan = self.plan;
        if is_error(cell) {
            return self.bad(cell, RejectReason::ErrorValue, row, notes);
        }
        if self.is_nobody(cell, row, notes) {
            return self.unknown();
        }
        row.identified |= plan.identity;
        let source = &plan.sources[place];
        if plan.sources.len() > 1 && !matches!(source.role, FieldRole::Part(_)) {
            find_disagreement(plan, place, cell, row, notes);
        }
        self.cell(cell, place, source, row, notes);
    }

    /// Reads a value that several fields make up. One masked piece hides the whole.
    fn pieces(&mut self, place: usize, row: &mut Row<'_, '_>, notes: &mut Notes<'_>, scratch: &mut String) {
        let plan = self.plan;
        let source = &plan.sources[place];
        let pieces = plan.pieces(row.record, scratch);
        if pieces.iter().any(|piece| is_masked(piece)) {
            row.has_mask = true;
            return self.unknown();
        }
        if let Some(error) = pieces.iter().find(|piece| is_error(piece)) {
            return self.bad(error, RejectReason::ErrorValue, row, notes);
        }
        if pieces.iter().all(|piece| plan.kind.is_nobody(piece)) && !pieces.is_empty() {
            self.is_nobody(&pieces[0], row, notes);
            return self.unknown();
        }
        row.identified |= plan.identity;
        match (plan.kind, source.role) {
            (Kind::List(list), FieldRole::Item) => self.list(list, pieces.iter().map(String::as_str), row, notes),
            (Kind::Involvement(_), _) => self.cell(&pieces.join(";"), place, source, row, notes),
            _ => self.cell(&pieces.join(" "), place, source, row, notes),
        }
    }

    /// Fills what follows from the other cells of the row.
    pub fn push_derived(&mut self, row: &Row<'_, '_>) {
        match (&self.plan.kind, &mut self.values) {
            (Kind::Masked, Values::Flag(values)) => values.append_value(row.is_masked()),
            (Kind::Currency, values) => {
                match [row.currency.as_ref(), &row.currency_cell].into_iter().find(|code| !code.is_empty()) {
                    Some(code) => values.text(code),
                    None => values.null(),
                }
            }
            _ => {}
        }
    }

    fn unknown(&mut self) {
        self.values.null();
        if let Some(second) = &mut self.second {
            second.null();
        }
    }

    fn blank(&mut self, record: &Record<'_>) {
        let stated = self.plan.when_blank.filter(|_| self.plan.is_blank_as_a_whole(record));
        match (self.plan.blank, &mut self.values) {
            (_, values) if stated.is_some() => values.text(stated.unwrap_or_default()),
            (Blank::Text(text), values) => values.text(text),
            (Blank::Date(date), Values::Date(values)) => values.append_value(days_from_date(date)),
            (Blank::EmptyList, Values::List(values)) => values.append(true),
            (_, values) => values.null(),
        }
        if let Some(second) = &mut self.second {
            second.null();
        }
    }

    fn cell(&mut self, cell: &str, place: usize, source: &SourceField, row: &mut Row<'_, '_>, notes: &mut Notes<'_>) {
        match self.plan.kind {
            Kind::Text => self.values.text(cell),
            Kind::Email(pseudonyms) => self.email(cell, pseudonyms, row, notes),
            Kind::PersonName(pseudonyms) => self.person(cell, pseudonyms),
            Kind::CustomerName if customer::are_several(cell) => {
                self.bad(cell, RejectReason::SeveralCustomers, row, notes);
            }
            Kind::CustomerName => self.values.text(cell),
            Kind::OpportunityId => self.values.text(id::opportunity(cell).as_deref().unwrap_or(cell)),
            Kind::AwsAccount => {
                let fault = (FindingCode::AccountLostZeros, "was rounded: its last digits are gone");
                self.identifier(id::aws_account(cell).as_deref(), cell, fault, row, notes);
            }
            Kind::Duns => {
                let fault = (FindingCode::UnknownValue, "has not nine digits");
                self.identifier(id::duns(cell).as_deref(), cell, fault, row, notes);
            }
            Kind::Pick(list) => self.pick(list, cell, row, notes),
            Kind::Involvement(list) => self.involvement(list, cell, row, notes),
            Kind::List(list) => self.list(list, cell.split(';'), row, notes),
            Kind::Money => self.money(cell, source, row, notes),
            Kind::Percent => self.percent(cell, source, row, notes),
            Kind::Integer => self.integer(cell, row, notes),
            Kind::Flag => self.flag(cell, row, notes),
            Kind::Date | Kind::Timestamp => self.date(cell, place, source, row, notes),
            Kind::Masked => row.marked = plain::flag(cell) == Some(true),
            Kind::Currency => {}
        }
    }

    fn identifier(
        &mut self,
        id: Option<&str>,
        cell: &str,
        (code, fault): (FindingCode, &str),
        row: &Row<'_, '_>,
        notes: &mut Notes<'_>,
    ) {
        match id {
            Some(id) => self.values.text(id),
            None => {
                notes.find_cell(row, self.plan.name, code, || format!("{}: `{cell}` {fault}", self.plan.name));
                self.values.null();
            }
        }
    }

    /// Whether a cell that should name somebody says that nobody is known. A blank address is common; a blank name is told.
    fn is_nobody(&self, cell: &str, row: &Row<'_, '_>, notes: &mut Notes<'_>) -> bool {
        let is_nobody = self.plan.kind.is_nobody(cell);
        let code = match self.plan.kind {
            Kind::PersonName(_) => FindingCode::PlaceholderPerson,
            Kind::CustomerName => FindingCode::PlaceholderCustomer,
            _ => return is_nobody,
        };
        if is_nobody {
            notes.find_cell(row, self.plan.name, code, || format!("{}: `{cell}` names nobody", self.plan.name));
        }
        is_nobody
    }

    fn email(&mut self, cell: &str, pseudonyms: Option<&Pseudonyms>, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        match person::address(cell) {
            Some(address) => self.person(address, pseudonyms),
            None => self.bad(cell, RejectReason::BadEmail, row, notes),
        }
    }

    fn person(&mut self, text: &str, pseudonyms: Option<&Pseudonyms>) {
        match pseudonyms {
            Some(pseudonyms) => self.values.text(&pseudonyms.of(text)),
            None => self.values.text(text),
        }
    }

    fn pick(&mut self, list: &'p ValueList, cell: &str, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        match self.memo.find(list, cell) {
            Some(Meaning { value, deprecated }) => {
                if deprecated {
                    notes.find_cell(row, self.plan.name, FindingCode::DeprecatedValue, || {
                        deprecated_value(self.plan.name, cell)
                    });
                }
                self.values.text(value);
            }
            None if list.says_nothing(cell) => self.values.null(),
            None => {
                notes.find_cell(row, self.plan.name, FindingCode::UnknownValue, || {
                    unknown_value(self.plan.name, list, cell)
                });
                self.values.text(cell);
            }
        }
    }

    fn involvement(&mut self, list: &'p ValueList, cell: &str, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        let wants = |need: &str| need.trim_start().get(..7).is_some_and(|start| start.eq_ignore_ascii_case("co-sell"));
        match cell.split(';').any(wants) {
            true => self.values.text("Co-Sell"),
            false => self.pick(list, cell.trim_end_matches(';'), row, notes),
        }
    }

    fn list<'c>(
        &mut self,
        list: Option<&'p ValueList>,
        cells: impl Iterator<Item = &'c str>,
        row: &Row<'_, '_>,
        notes: &mut Notes<'_>,
    ) {
        let Values::List(values) = &mut self.values else { return };
        let first = values.values().len();
        // Lists are short; a long one is not looked through for each of its items.
        let mut seen: HashSet<String> = HashSet::new();
        let mut unknown = None;
        let mut outdated = None;
        for raw in cells.map(str::trim).filter(|item| !item.is_empty()) {
            let item = match list {
                Some(list) => match self.memo.find(list, raw) {
                    Some(Meaning { value, deprecated }) => {
                        outdated = outdated.or(deprecated.then_some(raw));
                        value
                    }
                    None => {
                        unknown = unknown.or(Some((list, raw)));
                        raw
                    }
                },
                None => raw,
            };
            let items = values.values();
            let is_new = match items.len() - first {
                0..SHORT_LIST => (first..items.len()).all(|known| item_at(items, known) != item.as_bytes()),
                _ => {
                    if seen.is_empty() {
                        let texts =
                            (first..items.len()).map(|at| String::from_utf8_lossy(item_at(items, at)).into_owned());
                        seen.extend(texts);
                    }
                    seen.insert(item.to_owned())
                }
            };
            if is_new {
                items.append_value(item);
            }
        }
        values.append(true);
        if let Some((list, raw)) = unknown {
            notes
                .find_cell(row, self.plan.name, FindingCode::UnknownValue, || unknown_value(self.plan.name, list, raw));
        }
        if let Some(raw) = outdated {
            notes
                .find_cell(row, self.plan.name, FindingCode::DeprecatedValue, || deprecated_value(self.plan.name, raw));
        }
    }

    fn flag(&mut self, cell: &str, row: &mut Row<'_, '_>, notes: &mut Notes<'_>) {
        let value = plain::flag(cell);
        if value.is_none() {
            notes.reject_cell(row, self.plan.name, cell, RejectReason::BadFlag);
        }
        row.classified |= self.plan.name == "national_security" && value == Some(true);
        if let Values::Flag(values) = &mut self.values {
            values.append_option(value);
        }
    }

    fn integer(&mut self, cell: &str, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        let value = plain::integer(cell);
        if value.is_none() {
            notes.reject_cell(row, self.plan.name, cell, RejectReason::BadInteger);
        }
        if let Values::Integer(values) = &mut self.values {
            values.append_option(value);
        }
    }
}

/// Items up to which a list is looked through.
const SHORT_LIST: usize = 32;

/// An item that was appended.
fn item_at(items: &StringBuilder, at: usize) -> &[u8] {
    let ends = items.offsets_slice();
    &items.values_slice()[ends[at] as usize..ends[at + 1] as usize]
}

fn deprecated_value(column: &str, raw: &str) -> String {
    format!("{column}: `{raw}` is no longer given out or offered by AWS")
}

fn unknown_value(column: &str, list: &ValueList, raw: &str) -> String {
    let shown: String = raw.chars().take(200).collect();
    format!("{column}: `{shown}` is in no picklist `{}`", list.name)
}
