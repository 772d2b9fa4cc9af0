//! A forecast for a terminal.
//!
//! ```text
//!  P-1001
//!
//!  SMB Competency · smb 2025-08, seen from 2026-11-20
//!                                       2026-Q4  2027-Q1  2027-Q2
//!  *    the whole checklist                62 %     41 %     <1 %
//!  4.2  50 launched SMB opportunities      62 %  35–60 %     <1 %
//!         held if nothing launches           48       47       45
//!         expected                         50.3     51.0     49.2
//!         10–90 %                         48–53    48–54    45–53
//!  3 requirements: decided by dates alone
//!
//!  what moves it
//!  4.2 on 2027-03-31
//!                                   target      counts  moves
//!    O1000001  Acme Ltd  Committed  2026-12-15    69 %    +31
//! ```

use super::{Forecast, drivers_in_order, expected, in_order, is_uncertain, short};
use crate::amount::Measure;
use crate::chance::{percent, percents, points};
use crate::order::{ADOPTED, WHOLE};
use crate::screen::{Cell, Column, Lines, NARROWEST, Side, Tint, line, wrapped};
use aceq_model::{CountKey, DriverRow, ForecastBasis, ForecastRow};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Room that the requirement and its title keep, and that a quarter takes, in columns.
const TITLE: usize = 30;
const QUARTER: usize = 11;
/// Drivers listed for a requirement.
const DRIVERS: usize = 3;
/// Requirements whose drivers are listed.
const DRIVEN: usize = 5;

/// All rows of one count, by quarter end.
type OfCount<'a> = BTreeMap<NaiveDate, &'a ForecastRow>;

impl Forecast<'_> {
    pub(super) fn table(&self) -> String {
        let rows: Vec<&ForecastRow> =
            in_order(self.rows).into_iter().filter(|row| row.key.reading == ADOPTED).collect();
        let mut text = String::new();
        for of_partner in rows.chunk_by(|a, b| a.key.partner_id == b.key.partner_id) {
            let gap = if text.is_empty() { "" } else { "\n" };
            text += &(gap.to_owned() + &self.line(&of_partner[0].key.partner_id, Tint::Strong));
            let same = |a: &CountKey, b: &CountKey| (&a.program, &a.version) == (&b.program, &b.version);
            for of_checklist in of_partner.chunk_by(|a, b| same(&a.key, &b.key)) {
                text += "\n";
                text += &self.checklist(of_checklist);
            }
        }
        if rows.is_empty() {
            text += "nothing was forecast\n";
        }
        text + &self.footer()
    }

    fn checklist(&self, rows: &[&ForecastRow]) -> String {
        let counts: Vec<OfCount<'_>> = rows
            .chunk_by(|a, b| a.key == b.key)
            .map(|rows| rows.iter().map(|row| (row.as_of, *row)).collect())
            .collect();
        let (settled, shown): (Vec<&OfCount<'_>>, Vec<&OfCount<'_>>) = counts.iter().partition(|rows| is_settled(rows));
        let mut text = self.heading(rows[0]);
        for quarters in self.blocks(rows) {
            text += &self.block(&shown, &quarters);
        }
        text += &self.settled(&settled);
        text + &self.moving(&shown)
    }

    fn heading(&self, row: &ForecastRow) -> String {
        let name = format!("{} {}", row.key.program, row.key.version);
        let name = self.title(&row.key, WHOLE).map_or(name.clone(), |title| format!("{title} · {name}"));
        let known = row.known_at.filter(|known| *known != row.from);
        let known = known.map(|known| format!(", newest snapshot of {known}")).unwrap_or_default();
        wrapped(&format!("{name}, seen from {}{known}", row.from), 4, Tint::Strong, self.width, self.color)
    }

    /// The quarter ends in runs that fit side by side, of nearly equal length.
    fn blocks(&self, rows: &[&ForecastRow]) -> Vec<Vec<NaiveDate>> {
        let quarters: Vec<NaiveDate> = rows.iter().map(|row| row.as_of).collect::<BTreeSet<_>>().into_iter().collect();
        let room = usize::from(self.width.max(NARROWEST)).saturating_sub(TITLE) / QUARTER;
        let blocks = quarters.len().div_ceil(room.max(1));
        quarters.chunks(quarters.len().div_ceil(blocks.max(1)).max(1)).map(<[_]>::to_vec).collect()
    }

    /// A heading with quarters, then the lines of each count.
    fn block(&self, counts: &[&OfCount<'_>], quarters: &[NaiveDate]) -> String {
        let mut columns = vec![Column::new("", Side::Left, 3), Column::new("", Side::Left, 12)];
        columns.extend(quarters.iter().map(|_| Column::new("", Side::Right, 8)));
        let mut lines = Lines::new(columns, &[1]);
        let named = |rows: &&OfCount<'_>, quarter: &NaiveDate| rows.get(quarter).map(|row| row.quarter.clone());
        let names = quarters.iter().map(|quarter| {
            let name = counts.iter().find_map(|rows| named(rows, quarter));
            Cell::new(name.unwrap_or_else(|| quarter.to_string()), Tint::Faint)
        });
        lines.push([Cell::plain(""), Cell::plain("")].into_iter().chain(names).collect());
        for rows in counts {
            self.count(rows, quarters, &mut lines);
        }
        lines.render(self.width, self.color)
    }

    /// P(met) of a count on each quarter end, and below it the numbers that it comes from.
    fn count(&self, rows: &OfCount<'_>, quarters: &[NaiveDate], lines: &mut Lines) {
        let Some(first) = rows.values().next() else { return };
        let member = first.key.member.as_ref().map(|member| format!("· {member}"));
        let id = if member.is_some() { "" } else { first.key.requirement_id.as_str() };
        let title = match first.key.requirement_id.as_str() {
            WHOLE => "the whole checklist",
            id => self.title(&first.key, id).unwrap_or_default(),
        };
        let name = [Cell::plain(id), Cell::plain(member.unwrap_or_else(|| title.to_owned()))];
        let cells = |tell: &dyn Fn(&ForecastRow) -> Cell| -> Vec<Cell> {
            quarters.iter().map(|quarter| rows.get(quarter).map_or_else(Cell::default, |row| tell(row))).collect()
        };
        lines.push(name.into_iter().chain(cells(&chance)).collect());
        if rows.values().all(|row| row.basis == ForecastBasis::Held) {
            let held = [Cell::plain(""), Cell::new("  not forecast, held as it is", Tint::Faint)];
            lines.push(held.into_iter().chain(quarters.iter().map(|_| Cell::default())).collect());
        }
        if first.key.requirement_id == WHOLE || !rows.values().any(|row| is_uncertain(row)) {
            return;
        }
        let mut below = |name: &str, tell: &dyn Fn(Measure, &ForecastRow) -> Option<String>| {
            let told = |row: &ForecastRow| tell(Measure::of(row.is_sum), row);
            if rows.values().any(|row| told(row).is_some()) {
                let name = [Cell::plain(""), Cell::new(format!("  {name}"), Tint::Faint)];
                let cells = cells(&|row| Cell::new(told(row).unwrap_or_default(), Tint::Faint));
                lines.push(name.into_iter().chain(cells).collect());
            }
        };
        below(&format!("held, of {}", asked(rows)), &|measure, row| Some(short(measure, row.held)));
        below("expected", &|measure, row| row.expected.map(|count| expected(measure, count)));
        below("10–90 %", &|measure, row| row.quantiles.map(|[low, _, high]| between(measure, low, high)));
    }

    /// `decided by dates alone, the same on every quarter end` with what is met, not met and unknown.
    fn settled(&self, counts: &[&OfCount<'_>]) -> String {
        let own: Vec<&ForecastRow> = counts
            .iter()
            .filter_map(|rows| rows.values().next().copied())
            .filter(|row| row.key.member.is_none())
            .collect();
        if own.is_empty() {
            return String::new();
        }
        let mut text = self.line("decided by dates alone, the same on every quarter end", Tint::Faint);
        for (name, tint) in [("met", Tint::Good), ("not met", Tint::Bad), ("unknown", Tint::Doubt)] {
            let is_in = |row: &&&ForecastRow| settled_as(row) == name;
            let ids: Vec<&str> = own.iter().filter(is_in).map(|row| row.key.requirement_id.as_str()).collect();
            if !ids.is_empty() {
                let listed = format!("  {} {name}: {}", ids.len(), ids.join(", "));
                text += &wrapped(&listed, 4, tint, self.width, self.color);
            }
        }
        text
    }

    /// The drivers of the whole checklist and of uncertain requirements, each on the quarter end that they move most.
    fn moving(&self, counts: &[&OfCount<'_>]) -> String {
        let drivers = drivers_in_order(self.drivers);
        let mut text = String::new();
        let mut listed = 0;
        for key in counts.iter().filter_map(|rows| rows.values().next()).map(|row| &row.key) {
            let of_key: Vec<&DriverRow> = drivers.iter().filter(|row| row.key == *key).copied().collect();
            let Some(strongest) = of_key.iter().max_by(|a, b| {
                // Of two quarter ends that are moved alike, the earlier.
                a.moves.abs().total_cmp(&b.moves.abs()).then(b.as_of.cmp(&a.as_of))
            }) else {
                continue;
            };
            if listed == DRIVEN {
                break;
            }
            listed += 1;
            text += &self.drivers_of(key, of_key.iter().filter(|row| row.as_of == strongest.as_of));
        }
        if text.is_empty() { text } else { "\n".to_owned() + &self.line("what moves it", Tint::Strong) + &text }
    }

    fn drivers_of<'r>(&self, key: &CountKey, rows: impl Iterator<Item = &'r &'r DriverRow>) -> String {
        let columns = vec![
            Column::new("", Side::Left, 11),
            Column::new("", Side::Left, 10),
            Column::new("", Side::Left, 9),
            Column::new("target", Side::Left, 10),
            Column::new("counts", Side::Right, 5),
            Column::new("moves", Side::Right, 5),
        ];
        let mut lines = Lines::new(columns, &[1, 2]);
        let mut on = None;
        for row in rows.take(DRIVERS) {
            on = Some(row.as_of);
            lines.push(vec![
                Cell::plain(format!("  {}", row.opportunity_id)),
                Cell::plain(row.label.as_str()),
                Cell::plain(row.stage.as_str()),
                Cell::plain(row.target_close_date.map(|date| date.to_string()).unwrap_or_default()),
                Cell::plain(percent(row.p_counts)),
                Cell::plain(points(row.moves)),
            ]);
        }
        let Some(on) = on else { return String::new() };
        let member = key.member.as_ref().map(|member| format!(" · {member}")).unwrap_or_default();
        let id = if key.requirement_id == WHOLE { "the whole checklist" } else { &key.requirement_id };
        self.line(&format!("{id}{member} on {on}"), Tint::Plain) + &lines.render(self.width, self.color)
    }

    /// Notes and the verdict of the backtest.
    fn footer(&self) -> String {
        let sentences = self.notes.iter().map(String::as_str).chain(self.verdict);
        let lines: String =
            sentences.map(|sentence| wrapped(sentence, 2, Tint::Faint, self.width, self.color)).collect();
        if lines.is_empty() { lines } else { "\n".to_owned() + &lines }
    }

    fn title(&self, key: &CountKey, requirement: &str) -> Option<&str> {
        let key = (key.program.clone(), key.version.clone(), requirement.to_owned());
        self.titles.get(&key).map(|info| info.title.as_str()).filter(|title| !title.is_empty())
    }

    fn line(&self, text: &str, tint: Tint) -> String {
        line(text, tint, self.width, self.color)
    }
}

/// A count that dates alone decide, with one answer on every quarter end. The whole checklist is always shown.
fn is_settled(rows: &OfCount<'_>) -> bool {
    let Some(first) = rows.values().next() else { return false };
    let same = |row: &ForecastRow| {
        row.basis == ForecastBasis::Calendar && (row.p_met, row.p_met_at_most) == (first.p_met, first.p_met_at_most)
    };
    rows.values().all(|row| same(row) && row.key.requirement_id != WHOLE)
}

/// The answer of a count that dates alone decide.
fn settled_as(row: &ForecastRow) -> &'static str {
    match (row.p_met, row.p_met_at_most) {
        (least, _) if least >= 1.0 => "met",
        (_, most) if most <= 0.0 => "not met",
        _ => "unknown",
    }
}

fn chance(row: &ForecastRow) -> Cell {
    let tint = match (row.p_met, row.p_met_at_most) {
        (least, _) if least >= 1.0 => Tint::Good,
        (_, most) if most <= 0.0 => Tint::Bad,
        _ => Tint::Plain,
    };
    Cell::new(percents(row.p_met, row.p_met_at_most), tint)
}

/// The count asked for; the checklist asks for the same on each quarter end, or for the range of what it asks for.
fn asked(rows: &OfCount<'_>) -> String {
    let measure = rows.values().next().map_or(Measure::Count, |row| Measure::of(row.is_sum));
    let asked: BTreeSet<i64> = rows.values().map(|row| row.required).collect();
    match (asked.first(), asked.last()) {
        (Some(least), Some(most)) => between(measure, *least, *most),
        _ => String::new(),
    }
}

fn between(measure: Measure, low: i64, high: i64) -> String {
    let (from, to) = (short(measure, low), short(measure, high));
    if from == to { from } else { format!("{from}–{to}") }
}
