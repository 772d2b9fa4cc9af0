//! Whether the fields that mean one column say the same in a row.

use crate::header::key;
use crate::plan::{ColumnPlan, Kind};
use crate::row::{Notes, Row};
use crate::value::date::{Clock, DateCell, date_cell};
use crate::value::mask::is_masked;
use crate::value::money::money_cell;
use crate::value::{id, plain};
use aceq_model::FindingCode;

/// Raises a finding when a later field of the column, filled and counting, says something else than the one in use.
pub(super) fn find_disagreement(
    plan: &ColumnPlan<'_>,
    used: usize,
    cell: &str,
    row: &Row<'_, '_>,
    notes: &mut Notes<'_>,
) {
    let record = row.record;
    let mut scratch = String::new();
    for source in &plan.sources[used + 1..] {
        // A first name beside a full name is no other name, nor is an item of a list another value of a whole.
        if source.role != plan.sources[used].role
            || record.is_blank(source.index)
            || !source.counts(record, &mut scratch)
        {
            continue;
        }
        let other = plan.kind.cell(record, source.index, &mut scratch);
        if plan.kind.is_nobody(other)
            || is_masked(other)
            || is_another_key(plan, cell, other)
            || same(plan.kind, cell, other)
        {
            continue;
        }
        let header = |place: usize| row.plan.headers.get(place).map_or("", String::as_str);
        let (first, second) = (header(plan.sources[used].index), header(source.index));
        if let Kind::Email(Some(_)) | Kind::PersonName(Some(_)) = plan.kind {
            let detail = || format!("{}: `{first}` and `{second}` differ", plan.name);
            return notes.find_cell(row, plan.name, FindingCode::ColumnsDisagree, detail);
        }
        let detail = || format!("{}: `{first}` is `{}`, `{second}` is `{}`", plan.name, short(cell), short(other));
        return notes.find_cell(row, plan.name, FindingCode::ColumnsDisagree, detail);
    }
}

/// Whether the other cell is the key of a database (a record of Salesforce, a template of Credly) beside the id or the name that
/// is in use: it never says the same.
fn is_another_key(plan: &ColumnPlan<'_>, used: &str, other: &str) -> bool {
    match plan.kind {
        Kind::OpportunityId => id::opportunity(used).is_some() && id::opportunity(other).is_none(),
        Kind::Pick(list) if plan.name == "credential" => list.find(used).is_some() && list.find(other).is_none(),
        _ => false,
    }
}

/// Whether two cells are one value once they are read. Where either can be read in two ways, one common reading is
/// enough.
fn same(kind: Kind<'_>, left: &str, right: &str) -> bool {
    if left == right {
        return true;
    }
    match kind {
        Kind::Pick(list) | Kind::Involvement(list) | Kind::List(Some(list)) => {
            let meaning = |cell: &str| list.find(cell).map(str::to_owned).unwrap_or_else(|| key(cell));
            meaning(left) == meaning(right)
        }
        Kind::Money | Kind::Percent => match (money_cell(left), money_cell(right)) {
            (Some(left), Some(right)) => left.amount == right.amount,
            _ => false,
        },
        Kind::Date | Kind::Timestamp => match (date_cell(left, Clock::Local), date_cell(right, Clock::Local)) {
            (Some(left), Some(right)) => days(left).iter().any(|day| days(right).contains(day)),
            _ => false,
        },
        Kind::Flag => plain::flag(left).is_some() && plain::flag(left) == plain::flag(right),
        Kind::AwsAccount => id::aws_account(left).is_some() && id::aws_account(left) == id::aws_account(right),
        Kind::Duns => id::duns(left).is_some() && id::duns(left) == id::duns(right),
        Kind::Text
        | Kind::Email(_)
        | Kind::PersonName(_)
        | Kind::CustomerName
        | Kind::OpportunityId
        | Kind::List(None)
        | Kind::Integer
        | Kind::Masked
        | Kind::Currency => key(left) == key(right),
    }
}

/// The days that a cell can mean.
fn days(cell: DateCell) -> Vec<chrono::NaiveDate> {
    let moments = match cell {
        DateCell::Plain(moment) | DateCell::Serial(moment) => [Some(moment), None],
        DateCell::Slash { month_first, day_first, .. } => [month_first, day_first],
    };
    moments.into_iter().flatten().map(|moment| moment.date()).collect()
}

fn short(cell: &str) -> String {
    cell.chars().take(100).collect()
}
