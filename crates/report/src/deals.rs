//! Open opportunities one by one: when each is likely to have launched.

use crate::chance::percent;
use crate::format::Format;
use crate::screen::{Cell, Column as ScreenColumn, Lines, Side, Tint, line, wrapped};
use crate::sheet::{Sheet, Value, column};
use aceq_model::{DealRow, Table};
use chrono::NaiveDate;

/// Quarter ends that a terminal has room for.
const SHOWN: usize = 4;

/// Open opportunities and how to show them.
///
/// ```
/// use aceq_report::{Deals, Format};
/// let deals = Deals { rows: &[], notes: &[], color: false, width: 80 };
/// assert_eq!(deals.in_format(Format::Table), "no opportunity is open\n");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Deals<'d> {
    /// The rows: of each opportunity one per quarter end, next to each other.
    pub rows: &'d [DealRow],
    /// What they stand on, one sentence each, at the end.
    pub notes: &'d [String],
    /// Whether to colour. Nothing is said by colour alone.
    pub color: bool,
    /// Width of the terminal in columns.
    pub width: u16,
}

static DEALS: Table = Table {
    name: "deals",
    grain: "one row per open opportunity and quarter end",
    key: &[],
    columns: &[
        column("partner_id", "Partner."),
        column("opportunity_id", "ACE id."),
        column("label", "What a person would call it."),
        column("stage", "Stage."),
        column("target_close_date", "Target close date; null where unknown."),
        column("known_on", "Day on which it was last seen open."),
        column("as_of", "The quarter end."),
        column("quarter", "Name of the quarter."),
        column("p_launched", "Probability of having launched by then."),
        column("p_lost", "Probability of having been lost by then."),
        column("median_launch", "Median day of its launch, should it launch in the time looked at."),
        column("source_file", "File of the row."),
        column("source_sheet", "Worksheet; empty for formats without."),
        column("source_line", "Line of the row."),
    ],
};

impl Deals<'_> {
    /// The opportunities in `format`; a terminal shows the first quarter ends only.
    pub fn in_format(&self, format: Format) -> String {
        match format {
            Format::Table => self.table(),
            Format::Json => self.sheet().json(),
            Format::Csv => self.sheet().csv(),
            Format::Markdown => self.sheet().markdown(),
        }
    }

    fn sheet(&self) -> Sheet<'_> {
        Sheet::new(&DEALS, self.rows.iter().map(values).collect())
    }

    fn table(&self) -> String {
        let mut text = String::new();
        if self.rows.is_empty() {
            text += "no opportunity is open\n";
        }
        for partner in self.rows.chunk_by(|a, b| a.partner_id == b.partner_id) {
            let heading = format!("{} · launched by", partner[0].partner_id);
            text += &line(&heading, Tint::Strong, self.width, self.color);
            text += &self.of_partner(partner);
            text += "\n";
        }
        text.extend(self.notes.iter().map(|note| wrapped(note, 2, Tint::Faint, self.width, self.color)));
        text
    }

    fn of_partner(&self, rows: &[DealRow]) -> String {
        let deals: Vec<&[DealRow]> = rows.chunk_by(|a, b| a.opportunity_id == b.opportunity_id).collect();
        let columns = [
            ("opportunity", Side::Left, 9),
            ("customer", Side::Left, 8),
            ("stage", Side::Left, 10),
            ("target", Side::Left, 10),
        ];
        let mut columns: Vec<ScreenColumn> =
            columns.into_iter().map(|(name, side, least)| ScreenColumn::new(name, side, least)).collect();
        let quarters = deals.iter().map(|deal| deal.len()).max().unwrap_or(0).min(SHOWN);
        columns.extend((0..quarters).map(|_| ScreenColumn::new("", Side::Right, 7)));
        let mut lines = Lines::new(columns, &[2, 1]);
        if let Some(first) = deals.first() {
            let mut heading = vec![Cell::plain(""); 4];
            heading.extend(first.iter().take(quarters).map(|row| Cell::new(row.quarter.as_str(), Tint::Faint)));
            lines.push(heading);
        }
        for deal in deals {
            let row = &deal[0];
            let mut cells = vec![
                Cell::plain(row.opportunity_id.as_str()),
                Cell::plain(row.label.as_str()),
                Cell::plain(row.stage.as_str()),
                Cell::plain(row.target_close_date.map_or_else(|| "unknown".to_owned(), |date| date.to_string())),
            ];
            cells.extend(deal.iter().take(quarters).map(|row| Cell::plain(percent(row.p_launched))));
            cells.resize(4 + quarters, Cell::plain(""));
            lines.push(cells);
        }
        lines.render(self.width, self.color)
    }
}

fn values(row: &DealRow) -> Vec<Value<'_>> {
    let probability = |p: f64| Value::TenThousandths((p * 10_000.0).round() as i64);
    let date = |date: Option<NaiveDate>| Value::date(date);
    vec![
        Value::text(&row.partner_id),
        Value::text(&row.opportunity_id),
        Value::text(&row.label),
        Value::text(&row.stage),
        date(row.target_close_date),
        date(row.known_on),
        date(Some(row.as_of)),
        Value::text(&row.quarter),
        probability(row.p_launched),
        probability(row.p_lost),
        date(row.median_launch),
        Value::text(&row.source_file),
        Value::text(&row.source_sheet),
        Value::Integer(row.source_line),
    ]
}

#[cfg(test)]
mod tests {
    use super::Deals;
    use crate::Format;
    use aceq_model::DealRow;
    use chrono::NaiveDate;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn row(as_of: &str, quarter: &str, p_launched: f64) -> DealRow {
        DealRow {
            partner_id: "P-1".into(),
            opportunity_id: "O123".into(),
            label: "Acme Ltd".into(),
            stage: "Committed".into(),
            target_close_date: Some(day("2027-01-15")),
            known_on: Some(day("2026-11-15")),
            as_of: day(as_of),
            quarter: quarter.into(),
            p_launched,
            p_lost: 0.0321,
            median_launch: Some(day("2027-01-20")),
            source_file: "o.csv".into(),
            source_sheet: String::new(),
            source_line: 7,
        }
    }

    #[test]
    fn for_a_person_and_for_a_program() {
        let rows = [row("2026-12-31", "2026-Q4", 0.404), row("2027-03-31", "2027-Q1", 0.995)];
        let notes = ["Learnt from nothing.".to_owned()];
        let deals = Deals { rows: &rows, notes: &notes, color: false, width: 80 };
        let table = deals.in_format(Format::Table);
        let lines: Vec<Vec<&str>> = table.lines().map(|line| line.split_whitespace().collect()).collect();
        assert_eq!(lines[0], ["P-1", "·", "launched", "by"]);
        assert!(lines.iter().any(|line| line.as_slice() == ["2026-Q4", "2027-Q1"]), "{table}");
        let deal = ["O123", "Acme", "Ltd", "Committed", "2027-01-15", "40", "%", ">99", "%"];
        assert!(lines.iter().any(|line| line.as_slice() == deal), "{table}");
        let csv = deals.in_format(Format::Csv);
        assert_eq!(
            csv.lines().nth(1),
            Some(
                "P-1,O123,Acme Ltd,Committed,2027-01-15,2026-11-15,2026-12-31,2026-Q4,0.4040,0.0321,2027-01-20,o.csv,,7"
            )
        );
    }
}
