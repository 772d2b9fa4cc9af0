//! A forecast as a picture: one panel per uncertain count, and the chances of the whole checklist.
//!
//! ```text
//!   4.2  50 launched SMB opportunities
//!   met with   62 %    41 %    38 %
//!          │                   ▒▒▒▒▒▒ 10–90 %
//!          │        ▒▒▒▒▒▒━━━━━━━━━━━ median 51
//!   50 ────┼──────────────────────── 50 asked for
//!          │        ╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌╌ nothing launches 44
//!             2026-Q4 2027-Q1 2027-Q2
//! ```

mod panel;
mod scale;

use crate::forecast::{in_order, is_uncertain};
use crate::order::{ADOPTED, WHOLE};
use crate::picture::{Beside, Canvas, FAINT, INK, Lettering, fitting, picture};
use crate::status_table::RequirementInfos;
use aceq_model::{CountKey, ForecastRow};
use panel::{HEIGHT, Panel, WIDTH};

/// Which forecast is drawn, and how many of its counts.
#[derive(Clone, Copy, Debug)]
pub struct FanChart<'f> {
    /// The rows, in any order, of any partners.
    pub rows: &'f [ForecastRow],
    /// Titles; of a checklist, that of its requirement `*`.
    pub titles: &'f RequirementInfos,
    /// The partner whose counts are drawn.
    pub partner_id: &'f str,
    /// Program id.
    pub program: &'f str,
    /// Checklist version.
    pub version: &'f str,
    /// Counts drawn at most; the panel of the whole checklist is not one of them.
    pub panels: usize,
    /// What is taken of deals that do not exist yet, in a sentence.
    pub new_deals: &'f str,
}

const MARGIN: i32 = 24;
const HEAD: i32 = 76;
const FOOT: i32 = 34;
const TITLE: Lettering = Lettering::new(20, INK).bold();
const SUBTITLE: Lettering = Lettering::new(12, FAINT);
const SMALL: Lettering = Lettering::new(11, FAINT);
/// No picture is narrower than its heading.
const NARROWEST: i32 = 560;

/// The forecast of one checklist of one partner as an SVG document, or `None` where there is nothing to draw: no count is
/// uncertain and the whole checklist has no forecast.
///
/// The bytes are the same for the same rows. The picture is 1,008 pixels wide, and 560 with a single panel.
pub fn fan_chart(chart: &FanChart<'_>) -> Option<String> {
    let counts = chart.counts();
    let first = counts.first()?.first()?;
    let (mut shown, hidden) = chart.choice(&counts);
    shown.extend(counts.iter().filter(|rows| rows[0].key.requirement_id == WHOLE && rows[0].key.member.is_none()));
    if shown.is_empty() {
        return None;
    }
    let columns = shown.len().min(2) as i32;
    let lines = (shown.len() as i32 + columns - 1) / columns;
    let size = ((2 * MARGIN + columns * WIDTH).max(NARROWEST), HEAD + lines * HEIGHT + FOOT);
    let description = chart.description(&shown);
    let svg = picture((size.0 as u32, size.1 as u32), &chart.title(), &description, |canvas| {
        chart.head(canvas, first, size.0);
        for (at, rows) in shown.iter().enumerate() {
            let at = at as i32;
            let corner = (MARGIN + at % columns * WIDTH, HEAD + at / columns * HEIGHT);
            Panel { rows, title: chart.panel_title(&rows[0].key), corner }.draw(canvas);
        }
        let foot = fitting(&foot(hidden, chart.new_deals), size.0 - 2 * MARGIN, SMALL);
        canvas.text(&foot, (MARGIN, size.1 - FOOT / 2), Beside::Right, SMALL);
    });
    Some(svg)
}

impl<'f> FanChart<'f> {
    /// The rows of each count of the checklist, by quarter end.
    fn counts(&self) -> Vec<Vec<&'f ForecastRow>> {
        let wanted = |row: &&ForecastRow| {
            let key = &row.key;
            (key.partner_id.as_str(), key.program.as_str(), key.version.as_str(), key.reading.as_str())
                == (self.partner_id, self.program, self.version, ADOPTED)
        };
        let rows: Vec<&ForecastRow> = in_order(self.rows).into_iter().filter(wanted).collect();
        rows.chunk_by(|a, b| a.key == b.key).map(<[&ForecastRow]>::to_vec).collect()
    }

    /// The counts that get a panel, in the order of the checklist, and how many got none. Where there are too many, those
    /// whose answer is most open are drawn.
    fn choice<'c>(&self, counts: &'c [Vec<&'f ForecastRow>]) -> (Vec<&'c Vec<&'f ForecastRow>>, usize) {
        let is_drawn = |rows: &&Vec<&ForecastRow>| {
            rows[0].key.requirement_id != WHOLE && rows.iter().any(|row| row.quantiles.is_some() && is_uncertain(row))
        };
        let mut drawn: Vec<(usize, &Vec<&ForecastRow>)> = counts.iter().filter(is_drawn).enumerate().collect();
        let all = drawn.len();
        let open = |rows: &[&ForecastRow]| rows.iter().map(|row| row.p_met * (1.0 - row.p_met)).fold(0.0, f64::max);
        drawn.sort_by(|a, b| open(b.1).total_cmp(&open(a.1)).then(a.0.cmp(&b.0)));
        drawn.truncate(self.panels);
        drawn.sort_by_key(|(at, _)| *at);
        (drawn.into_iter().map(|(_, rows)| rows).collect(), all.saturating_sub(self.panels))
    }

    fn name(&self) -> String {
        self.title_of(WHOLE).unwrap_or_else(|| self.program.to_owned())
    }

    fn title(&self) -> String {
        format!("{}: will it hold?", self.name())
    }

    fn title_of(&self, requirement: &str) -> Option<String> {
        let key = (self.program.to_owned(), self.version.to_owned(), requirement.to_owned());
        self.titles.get(&key).map(|info| info.title.clone()).filter(|title| !title.is_empty())
    }

    fn panel_title(&self, key: &CountKey) -> String {
        if key.requirement_id == WHOLE {
            return "The whole checklist".to_owned();
        }
        let member = key.member.as_ref().map(|member| format!(" · {member}")).unwrap_or_default();
        let title = self.title_of(&key.requirement_id).unwrap_or_default();
        format!("{}{member}  {title}", key.requirement_id).trim_end().to_owned()
    }

    fn head(&self, canvas: &Canvas<'_>, row: &ForecastRow, width: i32) {
        let known = row.known_at.filter(|known| *known != row.from);
        let known = known.map(|known| format!(" · newest snapshot {known}")).unwrap_or_default();
        let about = format!("{} · {} {} · seen from {}{known}", self.partner_id, self.program, self.version, row.from);
        let room = width - 2 * MARGIN;
        canvas.text(&fitting(&self.title(), room, TITLE), (MARGIN, 26), Beside::Right, TITLE);
        canvas.text(&fitting(&about, room, SUBTITLE), (MARGIN, 50), Beside::Right, SUBTITLE);
    }

    /// The picture in words, for who cannot see it.
    fn description(&self, shown: &[&Vec<&ForecastRow>]) -> String {
        let count = |rows: &&Vec<&ForecastRow>| {
            let chances: Vec<String> = rows
                .iter()
                .map(|row| format!("{} {}", row.quarter, crate::chance::percents(row.p_met, row.p_met_at_most)))
                .collect();
            format!("{}: {}.", self.panel_title(&rows[0].key), chances.join(", "))
        };
        let counts: Vec<String> = shown.iter().map(count).collect();
        format!("Probability of being met on each quarter end, partner {}. {}", self.partner_id, counts.join(" "))
    }
}

fn foot(hidden: usize, new_deals: &str) -> String {
    let more = match hidden {
        0 => String::new(),
        1 => "1 more uncertain count is not drawn. ".to_owned(),
        several => format!("{several} more uncertain counts are not drawn. "),
    };
    format!("{more}On quarter ends. Held: if nothing launches. {new_deals}")
}

#[cfg(test)]
mod tests;
