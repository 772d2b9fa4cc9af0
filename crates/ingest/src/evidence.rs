//! What the cells of a column prove about it, gathered over the whole file, and what is decided from that.

use crate::plan::{ColumnPlan, Kind, Plan};
use crate::value::money::{Proof, Separator};
use aceq_model::{DateOrder, FileDecisions, FindingCode};
use chrono::{DateTime, NaiveDate};

/// Evidence about one column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Evidence {
    /// Per field that means the column.
    pub dates: Vec<DateEvidence>,
    pub money: MoneyEvidence,
    /// Newest moment of a timestamp column.
    pub newest: Newest,
}

/// What the cells of one date field prove. Of fields whose order is stated, only the last two are noted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct DateEvidence {
    /// A second number over 12.
    pub month_first: bool,
    /// A first number over 12.
    pub day_first: bool,
    /// A slash date that fits both.
    pub open: bool,
    /// A bare number.
    pub serial: bool,
    /// A date with one reading only.
    pub plain: bool,
    /// A slash date that only the stated order can read.
    pub as_stated: bool,
    /// A slash date that only the other order can read.
    pub against_stated: bool,
    /// A slash date that the stated order and the other one can read.
    pub as_either: bool,
    /// Dates that a sheet holds as such, beside a stated order too; whether the day of one is over 12.
    pub real: u64,
    pub late: bool,
    /// Slash dates that only one order can read.
    pub single: u64,
    /// Separators of slash dates that fit both orders, and of those that prove one: bits of [`separator_bit`].
    pub open_with: u8,
    pub proved_with: u8,
    /// Of dates of two-digit numbers that may begin with the year: the least and the greatest first number, and last one; and whether
    /// some date cannot begin with it.
    pub firsts: Option<(u8, u8)>,
    pub lasts: Option<(u8, u8)>,
    pub year_last: bool,
}

/// The range that holds both.
fn wider(one: Option<(u8, u8)>, other: Option<(u8, u8)>) -> Option<(u8, u8)> {
    match (one, other) {
        (Some((least, greatest)), Some((less, greater))) => Some((least.min(less), greatest.max(greater))),
        (one, other) => one.or(other),
    }
}

/// One bit for each separator that a slash date can have.
pub(crate) fn separator_bit(separator: u8) -> u8 {
    match separator {
        b'/' => 1,
        b'.' => 2,
        _ => 4,
    }
}

/// What the cells of a money column prove.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct MoneyEvidence {
    point: bool,
    comma: bool,
    doubtful_point: bool,
    doubtful_comma: bool,
    cut_as_point: bool,
    cut_as_comma: bool,
}

/// The newest moment per reading, in microseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Newest {
    pub plain: Option<i64>,
    pub month_first: Option<i64>,
    pub day_first: Option<i64>,
    pub serial: Option<i64>,
}

/// A remark about a whole column.
pub(crate) struct ColumnFinding {
    pub column: &'static str,
    pub code: FindingCode,
}

/// Everything decided at the end of a file.
#[derive(Default)]
pub(crate) struct Verdict {
    pub decisions: FileDecisions,
    pub findings: Vec<ColumnFinding>,
    /// Whether cells already handed on turn out to be rejects or findings, so that the file is read once more.
    pub second_look: bool,
    /// The newest modification date.
    pub newest: Option<NaiveDate>,
}

impl Evidence {
    pub fn new(column: &ColumnPlan<'_>) -> Self {
        let dates = vec![DateEvidence::default(); column.sources.len()];
        let mut evidence = Self { dates, ..Self::default() };
        if column.sources.iter().any(|source| source.is_number) {
            evidence.money.note(Proof::Point);
        }
        evidence
    }

    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.dates.iter_mut().zip(&other.dates) {
            mine.month_first |= theirs.month_first;
            mine.day_first |= theirs.day_first;
            mine.open |= theirs.open;
            mine.serial |= theirs.serial;
            mine.plain |= theirs.plain;
            mine.as_stated |= theirs.as_stated;
            mine.against_stated |= theirs.against_stated;
            mine.as_either |= theirs.as_either;
            mine.real += theirs.real;
            mine.late |= theirs.late;
            mine.single += theirs.single;
            mine.open_with |= theirs.open_with;
            mine.proved_with |= theirs.proved_with;
            mine.firsts = wider(mine.firsts, theirs.firsts);
            mine.lasts = wider(mine.lasts, theirs.lasts);
            mine.year_last |= theirs.year_last;
        }
        self.money.merge(&other.money);
        self.newest.merge(&other.newest);
    }
}

impl MoneyEvidence {
    pub fn note(&mut self, proof: Proof) {
        self.point |= proof == Proof::Point;
        self.comma |= proof == Proof::Comma;
    }

    pub fn note_doubtful(&mut self, separator: Separator, cut_as_point: bool, cut_as_comma: bool) {
        self.doubtful_point |= separator == Separator::Point;
        self.doubtful_comma |= separator == Separator::Comma;
        self.cut_as_point |= cut_as_point;
        self.cut_as_comma |= cut_as_comma;
    }

    fn merge(&mut self, other: &Self) {
        self.point |= other.point;
        self.comma |= other.comma;
        self.doubtful_point |= other.doubtful_point;
        self.doubtful_comma |= other.doubtful_comma;
        self.cut_as_point |= other.cut_as_point;
        self.cut_as_comma |= other.cut_as_comma;
    }

    fn doubtful(&self) -> bool {
        self.doubtful_point || self.doubtful_comma
    }

    /// Whether the column has decimal commas. Without proof a lone comma before three digits separates thousands (not between
    /// semicolons, which are used where it is the decimal mark), a lone point stays doubtful.
    fn comma(&self, is_semicolon: bool) -> Option<bool> {
        match (self.point, self.comma) {
            (true, true) => None,
            (true, false) => Some(false),
            (false, true) => Some(true),
            (false, false) if self.doubtful_point || is_semicolon => None,
            (false, false) => Some(false),
        }
    }
}

impl Newest {
    fn merge(&mut self, other: &Self) {
        self.plain = self.plain.max(other.plain);
        self.month_first = self.month_first.max(other.month_first);
        self.day_first = self.day_first.max(other.day_first);
        self.serial = self.serial.max(other.serial);
    }
}

/// Decides about every column. `columns` and `evidence` belong together.
pub(crate) fn decide(plan: &Plan<'_>, evidence: &[Evidence]) -> Verdict {
    let mut verdict = Verdict::default();
    for (column, evidence) in plan.columns.iter().zip(evidence).filter(|(column, _)| column.two_readings) {
        match column.kind {
            Kind::Money | Kind::Percent => decide_money(column, &evidence.money, plan.is_semicolon, &mut verdict),
            _ => decide_dates(column, evidence, plan.options.date_order, &mut verdict),
        }
    }
    for (column, evidence) in plan.columns.iter().zip(evidence) {
        doubt_stated_order(column, evidence, &mut verdict);
        if evidence.dates.iter().any(DateEvidence::looks_swapped) {
            verdict.findings.push(ColumnFinding { column: column.name, code: FindingCode::SwappedDates });
        }
    }
    let modified = plan.columns.iter().zip(evidence).find(|(column, _)| column.name == "last_modified");
    verdict.newest = modified.and_then(|(column, evidence)| newest(column, &evidence.newest, &verdict.decisions));
    verdict
}

/// A header that says `MM/DD/YYYY` above cells of which some only fit the other order, and none only this one, speaks of
/// a file that was saved again with other dates: none of them is believed.
fn doubt_stated_order(column: &ColumnPlan<'_>, evidence: &Evidence, verdict: &mut Verdict) {
    let refuted = |field: &DateEvidence| field.against_stated && !field.as_stated;
    if evidence.dates.iter().any(refuted) {
        verdict.findings.push(ColumnFinding { column: column.name, code: FindingCode::InconsistentDates });
        verdict.decisions.date_orders.insert(column.name.to_owned(), None);
    }
}

fn decide_money(column: &ColumnPlan<'_>, evidence: &MoneyEvidence, is_semicolon: bool, verdict: &mut Verdict) {
    let inconsistent = evidence.point && evidence.comma;
    if inconsistent {
        verdict.findings.push(ColumnFinding { column: column.name, code: FindingCode::InconsistentMoney });
    }
    if !evidence.doubtful() && !inconsistent {
        return;
    }
    let comma = evidence.comma(is_semicolon);
    verdict.second_look |= match comma {
        None => true,
        Some(true) => evidence.cut_as_comma || evidence.doubtful_comma,
        Some(false) => evidence.cut_as_point,
    };
    verdict.decisions.decimal_commas.insert(column.name.to_owned(), comma);
}

/// Fields that mean one column are decided each for itself; the column follows where all agree. The order that the
/// caller states answers for fields that prove none; it never overrules what a field proves.
fn decide_dates(column: &ColumnPlan<'_>, evidence: &Evidence, stated: Option<DateOrder>, verdict: &mut Verdict) {
    let with_slashes = || evidence.dates.iter().filter(|field| field.month_first || field.day_first || field.open);
    let orders: Vec<Option<DateOrder>> = with_slashes().map(|field| field.order(stated)).collect();
    let contradiction = with_slashes().any(|field| field.month_first && field.day_first)
        || (stated.is_none() && with_slashes().any(DateEvidence::borrows_its_proof));
    let is_open = |field: &DateEvidence| (!field.month_first && !field.day_first) || field.may_begin_with_years();
    let open = stated.is_none() && with_slashes().any(is_open);
    let differ = orders.iter().flatten().collect::<std::collections::BTreeSet<_>>().len() > 1;
    let serial = evidence.dates.iter().any(|field| field.serial);
    let other = evidence.dates.iter().any(|field| field.plain) || !orders.is_empty();
    if contradiction || differ {
        verdict.findings.push(ColumnFinding { column: column.name, code: FindingCode::InconsistentDates });
    } else if open {
        verdict.findings.push(ColumnFinding { column: column.name, code: FindingCode::AmbiguousDates });
    }
    // Bare numbers are days only in a column that holds nothing else.
    verdict.second_look |= serial && other;
    if !orders.is_empty() || (serial && other) {
        let agreed = if contradiction || differ || open { None } else { orders.first().copied().flatten() };
        verdict.decisions.date_orders.insert(column.name.to_owned(), agreed);
    }
}

impl DateEvidence {
    /// Whether a date that fits both orders has another separator than those that prove one: who writes `03.04.2025`
    /// beside `03/25/2025` may mean the other order.
    fn borrows_its_proof(&self) -> bool {
        self.proved_with != 0 && self.open_with & !self.proved_with != 0
    }

    /// A spreadsheet that expects the other order makes real dates of texts whose month and day it can swap, and leaves
    /// the others as they are: then no real date has a day over 12, and no text has one up to 12. Three of each are no chance.
    fn looks_swapped(&self) -> bool {
        let one_order = (self.month_first != self.day_first && !self.open)
            || (self.as_stated && !self.as_either && !self.against_stated);
        self.real >= 3 && !self.late && self.single >= 3 && one_order
    }

    pub fn note_years(&mut self, first: u8, last: u8) {
        self.firsts = wider(self.firsts, Some((first, first)));
        self.lasts = wider(self.lasts, Some((last, last)));
    }

    /// Whether the first numbers may be the years, `24/01/25`: no cell speaks against it, and they lie as close together as the last
    /// ones do. Years lie closer together than days.
    fn may_begin_with_years(&self) -> bool {
        let spread = |(least, greatest): (u8, u8)| greatest - least;
        let (Some(firsts), Some(lasts)) = (self.firsts, self.lasts) else { return false };
        self.day_first && !self.month_first && !self.year_last && spread(firsts) <= spread(lasts)
    }

    fn order(&self, stated: Option<DateOrder>) -> Option<DateOrder> {
        match (self.month_first, self.day_first) {
            (false, false) => stated,
            (true, false) => Some(DateOrder::MonthFirst),
            (false, true) => Some(DateOrder::DayFirst),
            _ => None,
        }
    }
}

fn newest(column: &ColumnPlan<'_>, newest: &Newest, decisions: &FileDecisions) -> Option<NaiveDate> {
    let slash = match decisions.date_orders.get(column.name) {
        None => newest.serial,
        Some(Some(DateOrder::MonthFirst)) => newest.month_first,
        Some(Some(DateOrder::DayFirst)) => newest.day_first,
        Some(None) => None,
    };
    newest.plain.max(slash).and_then(DateTime::from_timestamp_micros).map(|moment| moment.date_naive())
}
