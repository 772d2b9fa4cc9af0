//! One column on its way from cells to Arrow.

use crate::evidence::Evidence;
use crate::mappings::ValueList;
use crate::memo::Memo;
use crate::plan::{Blank, ColumnPlan, Kind, SourceField};
use crate::row::{Notes, Row};
use crate::value::date::{DateCell, date_cell};
use crate::value::mask::is_masked;
use crate::value::money::{Amount, Currency, Exact, MoneyCell, money_cell, percent_cell};
use crate::value::{id, plain};
use aceq_model::{Cents, ColumnType, DateOrder, FindingCode, RejectReason, days_from_date};
use arrow::array::{
    ArrayRef, BooleanBuilder, Date32Builder, Decimal128Builder, Int32Builder, ListBuilder, StringBuilder,
    TimestampMicrosecondBuilder, new_null_array,
};
use arrow::datatypes::{DataType, Field};
use chrono::NaiveDateTime;
use std::sync::Arc;

/// In the second column of an open date: a slash date without a day-first reading.
pub(crate) const NO_READING: i64 = i64::MIN;
/// In the second column of an open date: a bare number, a day only where the whole column holds such.
pub(crate) const SERIAL: i64 = i64::MAX;

/// Values of one Arrow type.
pub(crate) enum Values {
    /// The file has no such column.
    Absent,
    Text(StringBuilder),
    Flag(BooleanBuilder),
    Integer(Int32Builder),
    Decimal(Decimal128Builder),
    Date(Date32Builder),
    Timestamp(TimestampMicrosecondBuilder),
    List(ListBuilder<StringBuilder>),
}

/// A column being filled.
pub(crate) struct ColumnOut<'r, 'p> {
    plan: &'r ColumnPlan<'p>,
    values: Values,
    second: Option<Values>,
    memo: Memo<'p>,
    pub evidence: Evidence,
}

impl Values {
    fn new(ty: ColumnType) -> Self {
        match ty {
            ColumnType::Text => Self::Text(StringBuilder::new()),
            ColumnType::Flag => Self::Flag(BooleanBuilder::new()),
            ColumnType::Integer | ColumnType::Long => Self::Integer(Int32Builder::new()),
            ColumnType::Decimal => Self::Decimal(Decimal128Builder::new().with_data_type(ty.arrow())),
            ColumnType::Date => Self::Date(Date32Builder::new()),
            ColumnType::Timestamp => Self::Timestamp(TimestampMicrosecondBuilder::new().with_data_type(ty.arrow())),
            ColumnType::TextList => {
                let item = Field::new("item", DataType::Utf8, false);
                Self::List(ListBuilder::new(StringBuilder::new()).with_field(item))
            }
        }
    }

    fn null(&mut self) {
        match self {
            Self::Absent => {}
            Self::Text(values) => values.append_null(),
            Self::Flag(values) => values.append_null(),
            Self::Integer(values) => values.append_null(),
            Self::Decimal(values) => values.append_null(),
            Self::Date(values) => values.append_null(),
            Self::Timestamp(values) => values.append_null(),
            Self::List(values) => values.append_null(),
        }
    }

    fn text(&mut self, text: &str) {
        if let Self::Text(values) = self {
            values.append_value(text);
        }
    }

    fn cents(&mut self, value: Option<Cents>) {
        if let Self::Decimal(values) = self {
            values.append_option(value.map(|cents| i128::from(cents.0)));
        }
    }

    fn moment(&mut self, value: Option<NaiveDateTime>) {
        match self {
            Self::Date(values) => values.append_option(value.map(|moment| days_from_date(moment.date()))),
            Self::Timestamp(values) => values.append_option(value.map(micros)),
            _ => {}
        }
    }

    fn sentinel(&mut self, value: i64) {
        match self {
            // Both lie far outside the calendar, as the ends of an i32 do.
            Self::Date(values) => values.append_value(value.clamp(i32::MIN.into(), i32::MAX.into()) as i32),
            Self::Timestamp(values) => values.append_value(value),
            _ => {}
        }
    }

    fn finish(self, ty: &DataType, rows: usize) -> ArrayRef {
        match self {
            Self::Absent => new_null_array(ty, rows),
            Self::Text(mut values) => Arc::new(values.finish()),
            Self::Flag(mut values) => Arc::new(values.finish()),
            Self::Integer(mut values) => Arc::new(values.finish()),
            Self::Decimal(mut values) => Arc::new(values.finish()),
            Self::Date(mut values) => Arc::new(values.finish()),
            Self::Timestamp(mut values) => Arc::new(values.finish()),
            Self::List(mut values) => Arc::new(values.finish()),
        }
    }
}

pub(crate) fn micros(moment: NaiveDateTime) -> i64 {
    moment.and_utc().timestamp_micros()
}

impl<'r, 'p> ColumnOut<'r, 'p> {
    pub fn new(plan: &'r ColumnPlan<'p>, ty: ColumnType) -> Self {
        let filled = !plan.sources.is_empty() || matches!(plan.kind, Kind::Masked | Kind::Currency);
        let values = if filled { Values::new(ty) } else { Values::Absent };
        let second = plan.two_readings.then(|| Values::new(ty));
        Self { plan, values, second, memo: Memo::new(), evidence: Evidence::new(plan) }
    }

    /// The arrays: the column, and its second reading if it has one.
    pub fn finish(self, ty: &DataType, rows: usize) -> impl Iterator<Item = ArrayRef> {
        let second = self.second.map(|values| values.finish(ty, rows));
        std::iter::once(self.values.finish(ty, rows)).chain(second)
    }

    /// Reads the row's cell of this column.
    pub fn push(&mut self, row: &mut Row<'_, '_>, notes: &mut Notes<'_>, scratch: &mut String) {
        let record = row.record;
        let filled = self.plan.sources.iter().position(|source| !record.is_blank(source.index));
        match filled {
            _ if matches!(self.values, Values::Absent) || matches!(self.plan.kind, Kind::Currency) => {}
            None if matches!(self.plan.kind, Kind::Masked) => {}
            None => self.blank(),
            Some(place) => {
                let source = self.plan.sources[place];
                let cell = record.field(source.index, scratch);
                if is_masked(cell) {
                    row.has_mask = true;
                    self.unknown();
                } else {
                    row.identified |= self.plan.identity;
                    self.cell(cell, place, source, row, notes);
                }
            }
        }
    }

    /// Fills what follows from the other cells of the row.
    pub fn push_derived(&mut self, row: &Row<'_, '_>) {
        match (&self.plan.kind, &mut self.values) {
            (Kind::Masked, Values::Flag(values)) => values.append_value(row.is_masked()),
            (Kind::Currency, values) => {
                match [&row.currency, &row.currency_cell].into_iter().find(|code| !code.is_empty()) {
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

    fn blank(&mut self) {
        match (self.plan.blank, &mut self.values) {
            (Blank::Text(text), values) => values.text(text),
            (Blank::Date(days), Values::Date(values)) => values.append_value(days),
            (Blank::EmptyList, Values::List(values)) => values.append(true),
            (_, values) => values.null(),
        }
        if let Some(second) = &mut self.second {
            second.null();
        }
    }

    fn cell(&mut self, cell: &str, place: usize, source: SourceField, row: &mut Row<'_, '_>, notes: &mut Notes<'_>) {
        match self.plan.kind {
            Kind::Text => self.values.text(cell),
            Kind::OpportunityId => self.values.text(id::opportunity(cell).as_deref().unwrap_or(cell)),
            Kind::AwsAccount => self.identifier(id::aws_account(cell).as_deref(), cell, row, notes),
            Kind::Duns => self.identifier(id::duns(cell).as_deref(), cell, row, notes),
            Kind::Pick(list) => self.pick(list, cell, row, notes),
            Kind::Involvement(list) => self.involvement(list, cell, row, notes),
            Kind::List(list) => self.list(list, cell, row, notes),
            Kind::Money => self.money(cell, row, notes),
            Kind::Percent => self.percent(cell, row, notes),
            Kind::Integer => self.integer(cell, row, notes),
            Kind::Flag => self.flag(cell, row, notes),
            Kind::Date | Kind::Timestamp => self.date(cell, place, source, row, notes),
            Kind::Masked => row.marked = plain::flag(cell) == Some(true),
            Kind::Currency => {}
        }
    }

    fn identifier(&mut self, id: Option<&str>, cell: &str, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        match id {
            Some(id) => self.values.text(id),
            None => {
                notes.find(row, FindingCode::UnknownValue, || {
                    format!("{}: `{cell}` is no such number; a spreadsheet may have rounded it", self.plan.name)
                });
                self.values.null();
            }
        }
    }

    fn pick(&mut self, list: &'p ValueList, cell: &str, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        match self.memo.find(list, cell) {
            Some(value) => self.values.text(value),
            None => {
                notes.find(row, FindingCode::UnknownValue, || unknown_value(self.plan.name, list, cell));
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

    fn list(&mut self, list: Option<&'p ValueList>, cell: &str, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        let Values::List(values) = &mut self.values else { return };
        let mut items: Vec<&str> = Vec::new();
        let mut unknown = None;
        for raw in cell.split(';').map(str::trim).filter(|item| !item.is_empty()) {
            let item = match list {
                Some(list) => self.memo.find(list, raw).unwrap_or_else(|| {
                    unknown = unknown.or(Some((list, raw)));
                    raw
                }),
                None => raw,
            };
            if !items.contains(&item) {
                items.push(item);
            }
        }
        for item in items {
            values.values().append_value(item);
        }
        values.append(true);
        if let Some((list, raw)) = unknown {
            notes.find(row, FindingCode::UnknownValue, || unknown_value(self.plan.name, list, raw));
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

    fn percent(&mut self, cell: &str, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        match percent_cell(cell) {
            Some(amount) => self.amount(amount, cell, row, notes, &Some),
            None => self.bad(cell, RejectReason::BadMoney, row, notes),
        }
    }

    fn money(&mut self, cell: &str, row: &mut Row<'_, '_>, notes: &mut Notes<'_>) {
        let Some(MoneyCell { amount, currency }) = money_cell(cell) else {
            return self.bad(cell, RejectReason::BadMoney, row, notes);
        };
        let code = match currency {
            Currency::Code(code) => code.to_ascii_uppercase(),
            Currency::Unstated | Currency::Dollar if !row.currency_cell.is_empty() => row.currency_cell.clone(),
            Currency::Unstated | Currency::Dollar => "USD".to_owned(),
        };
        let rate = row.plan.options.currency_rates.get(&code).copied();
        let known = code == "USD" || rate.is_some();
        row.currency = code;
        if !known {
            self.note_proof(amount);
            return self.bad(cell, RejectReason::UnknownCurrency, row, notes);
        }
        match rate.filter(|_| row.currency != "USD") {
            Some(rate) => self.amount(amount, cell, row, notes, &|cents| rate.to_usd(cents)),
            None => self.amount(amount, cell, row, notes, &Some),
        }
    }

    fn note_proof(&mut self, amount: Amount) {
        if let Amount::Plain { proof, .. } = amount {
            self.evidence.money.note(proof);
        }
    }

    fn bad(&mut self, cell: &str, reason: RejectReason, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        notes.reject_cell(row, self.plan.name, cell, reason);
        self.unknown();
    }

    fn amount(
        &mut self,
        amount: Amount,
        cell: &str,
        row: &Row<'_, '_>,
        notes: &mut Notes<'_>,
        to_usd: &dyn Fn(Cents) -> Option<Cents>,
    ) {
        self.note_proof(amount);
        let usd = |value: Exact| to_usd(value.cents);
        let (first, second) = match amount {
            Amount::Negative => return self.bad(cell, RejectReason::NegativeMoney, row, notes),
            Amount::Plain { value, .. } => {
                if value.cut {
                    notes.find(row, FindingCode::AmountTruncated, || truncated(self.plan.name, cell));
                }
                (usd(value), None)
            }
            Amount::Doubtful { separator, as_point, as_comma } => {
                self.evidence.money.note_doubtful(separator, as_point.cut, as_comma.cut);
                self.judge_doubtful(cell, as_point, as_comma, row, notes);
                (usd(as_point), usd(as_comma))
            }
        };
        let too_large = first.is_none() || (second.is_none() && matches!(amount, Amount::Doubtful { .. }));
        if too_large {
            return self.bad(cell, RejectReason::BadMoney, row, notes);
        }
        self.values.cents(first);
        if let Some(values) = &mut self.second {
            values.cents(second);
        }
    }

    /// In the second pass: what the column proved about a doubtful amount.
    fn judge_doubtful(&self, cell: &str, as_point: Exact, as_comma: Exact, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        let decided = notes.decisions().and_then(|decisions| decisions.decimal_commas.get(self.plan.name));
        let cut = match decided {
            None => return,
            Some(None) => return notes.reject_cell_late(row, self.plan.name, cell, RejectReason::AmbiguousMoney),
            Some(Some(true)) => as_comma.cut,
            Some(Some(false)) => as_point.cut,
        };
        if cut {
            notes.find_late(row, FindingCode::AmountTruncated, || truncated(self.plan.name, cell));
        }
    }

    fn date(&mut self, cell: &str, place: usize, source: SourceField, row: &Row<'_, '_>, notes: &mut Notes<'_>) {
        match (date_cell(cell), source.date_order) {
            (None, _) | (Some(DateCell::Serial(_)), Some(_)) => self.bad(cell, RejectReason::BadDate, row, notes),
            (Some(DateCell::Plain(moment)), order) => {
                self.evidence.newest.plain = self.evidence.newest.plain.max(Some(micros(moment)));
                self.evidence.dates[place].plain |= order.is_none();
                self.one_reading(Some(moment));
            }
            (Some(DateCell::Slash { month_first, day_first }), Some(order)) => {
                let moment = if order == DateOrder::MonthFirst { month_first } else { day_first };
                match moment {
                    None => self.bad(cell, RejectReason::BadDate, row, notes),
                    Some(moment) => {
                        self.evidence.newest.plain = self.evidence.newest.plain.max(Some(micros(moment)));
                        self.one_reading(Some(moment));
                    }
                }
            }
            (Some(DateCell::Slash { month_first, day_first }), None) => self.open_date(place, month_first, day_first),
            (Some(DateCell::Serial(moment)), None) => self.serial_date(cell, place, moment, row, notes),
        }
    }

    fn one_reading(&mut self, moment: Option<NaiveDateTime>) {
        self.values.moment(moment);
        if let Some(second) = &mut self.second {
            second.null();
        }
    }

    fn open_date(&mut self, place: usize, month_first: Option<NaiveDateTime>, day_first: Option<NaiveDateTime>) {
        let evidence = &mut self.evidence.dates[place];
        evidence.month_first |= day_first.is_none();
        evidence.day_first |= month_first.is_none();
        evidence.open |= month_first.is_some() && day_first.is_some();
        let newest = &mut self.evidence.newest;
        newest.month_first = newest.month_first.max(month_first.map(micros));
        newest.day_first = newest.day_first.max(day_first.map(micros));
        self.values.moment(month_first);
        if let Some(second) = &mut self.second {
            match day_first {
                Some(moment) => second.moment(Some(moment)),
                None => second.sentinel(NO_READING),
            }
        }
    }

    fn serial_date(
        &mut self,
        cell: &str,
        place: usize,
        moment: NaiveDateTime,
        row: &Row<'_, '_>,
        notes: &mut Notes<'_>,
    ) {
        self.evidence.dates[place].serial = true;
        self.evidence.newest.serial = self.evidence.newest.serial.max(Some(micros(moment)));
        if notes.decisions().is_some_and(|decisions| decisions.date_orders.contains_key(self.plan.name)) {
            notes.reject_cell_late(row, self.plan.name, cell, RejectReason::BadDate);
        }
        self.values.moment(Some(moment));
        if let Some(second) = &mut self.second {
            second.sentinel(SERIAL);
        }
    }
}

fn unknown_value(column: &str, list: &ValueList, raw: &str) -> String {
    let shown: String = raw.chars().take(200).collect();
    format!("{column}: `{shown}` is in no picklist `{}`", list.name)
}

fn truncated(column: &str, raw: &str) -> String {
    format!("{column}: `{raw}` has more than two decimals")
}
