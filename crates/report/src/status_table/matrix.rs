//! Several as-of dates: requirements × dates, a sign each.
//!
//! ```text
//!                                     26 26 27
//!                                     09 12 03
//!  id       requirement               30 31 31
//!  *        whole checklist           ✗  ✗  ?
//!  ACC-007  10 Connect opportunities  ✗  ✓  ✓
//! ```

use super::{Group, tint, words};
use crate::order::ADOPTED;
use crate::screen::{Cell, Column, Lines, NARROWEST, Side, Tint};
use aceq_model::{Status, StatusRow};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// What the signs mean.
pub(super) const LEGEND: &str = "✓ met  ✗ not met  ? unknown  ○ waived  · n/a (does not apply)";

/// Width of id, title and their gaps when dates fight for room.
const BESIDE_DATES: usize = 34;

/// Width of one date and its gap.
const DATE: usize = 3;

/// One line of the matrix: the rows of one requirement, reading and member.
struct Series<'a> {
    first: &'a StatusRow,
    statuses: BTreeMap<NaiveDate, Status>,
}

impl Group<'_> {
    pub(super) fn matrix(&self, dates: &BTreeSet<NaiveDate>) -> String {
        let width = usize::from(self.table.width.max(NARROWEST));
        let per_block = ((width.saturating_sub(BESIDE_DATES)) / DATE).max(1);
        let series = self.series();
        let dates: Vec<NaiveDate> = dates.iter().copied().collect();
        let blocks: Vec<String> = dates.chunks(per_block).map(|dates| self.block(&series, dates)).collect();
        blocks.join("\n")
    }

    fn block(&self, series: &[Series], dates: &[NaiveDate]) -> String {
        let mut lines = Lines::new(columns(dates.len()), &[1]);
        for (format, id, title) in [("%y", "", ""), ("%m", "", ""), ("%d", "id", "requirement")] {
            let heading = |text: String| Cell::new(text, Tint::Faint);
            let date = |date: &NaiveDate| heading(date.format(format).to_string());
            lines.push(
                [heading(id.to_owned()), heading(title.to_owned())].into_iter().chain(dates.iter().map(date)).collect(),
            );
        }
        for one in series.iter().filter(|one| self.shows_series(one, series)) {
            lines.push(self.series_cells(one, dates));
        }
        let controls: Vec<&Series> = series.iter().filter(|one| self.is_folded(one)).collect();
        if !controls.is_empty() {
            lines.push(controls_cells(&controls, dates));
        }
        lines.render(self.table.width, self.table.color)
    }

    fn series(&self) -> Vec<Series<'_>> {
        let same = |a: &&StatusRow, b: &&StatusRow| {
            (&a.requirement_id, &a.reading, &a.member) == (&b.requirement_id, &b.reading, &b.member)
        };
        let series = |rows: &[&'_ StatusRow]| rows.iter().map(|row| (row.as_of, row.status)).collect();
        self.rows.chunk_by(same).map(|rows| Series { first: rows[0], statuses: series(rows) }).collect()
    }

    /// Members only when asked for; other readings where they ever answer otherwise.
    fn shows_series(&self, one: &Series, all: &[Series]) -> bool {
        if self.table.verbose {
            return true;
        }
        let is_own = |other: &&Series| other.first.requirement_id == one.first.requirement_id && other.is_own();
        let own = all.iter().find(is_own);
        let differs = own.is_none_or(|own| own.statuses != one.statuses);
        one.first.member.is_none() && !self.is_folded(one) && (one.is_own() || differs)
    }

    /// Whether it is an attested control that is never refused: those share one line.
    fn is_folded(&self, one: &Series) -> bool {
        let refused = one.statuses.values().any(|status| *status == Status::NotMet);
        !self.table.verbose && one.is_own() && self.is_attested(&one.first.requirement_id) && !refused
    }

    fn series_cells(&self, one: &Series, dates: &[NaiveDate]) -> Vec<Cell> {
        let whole = one.is_own() && one.first.requirement_id == "*";
        let title = if whole { "whole checklist".to_owned() } else { self.title(one.first) };
        let signs = dates.iter().map(|date| one.statuses.get(date).map_or(Cell::default(), |status| sign(*status)));
        [Self::id(one.first), Cell::plain(title)].into_iter().chain(signs).collect()
    }
}

impl Series<'_> {
    fn is_own(&self) -> bool {
        self.first.reading == ADOPTED && self.first.member.is_none()
    }
}

/// The line of all folded controls: met where all of them are satisfied.
fn controls_cells(controls: &[&Series], dates: &[NaiveDate]) -> Vec<Cell> {
    let title = format!("{} attested controls", controls.len());
    let all_satisfied = |date: &NaiveDate| {
        controls.iter().all(|one| one.statuses.get(date).is_none_or(|status| status.satisfied() == Some(true)))
    };
    let signs = dates.iter().map(|date| sign(if all_satisfied(date) { Status::Met } else { Status::Unknown }));
    [Cell::default(), Cell::plain(title)].into_iter().chain(signs).collect()
}

fn sign(status: Status) -> Cell {
    Cell::new(words(status).chars().take(1).collect::<String>(), tint(status))
}

fn columns(dates: usize) -> Vec<Column> {
    let column = |least| Column::new("", Side::Left, least);
    [column(4), column(8)].into_iter().chain(std::iter::repeat_n(column(2).close(), dates)).collect()
}
