//! Lines that fit a terminal: columns of known width, cut with `…` where they must, coloured where it helps.

use comfy_table::{Attribute, Cell as TableCell, CellAlignment, Color, ContentArrangement, Row, Table, TableStyle};
use unicode_width::UnicodeWidthStr;

/// No line is made for a narrower terminal.
pub(crate) const NARROWEST: u16 = 40;

/// What a cell wants to say by its colour. Its text says the same without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Tint {
    /// None.
    #[default]
    Plain,
    /// Good news.
    Good,
    /// Bad news.
    Bad,
    /// Doubt.
    Doubt,
    /// Of less interest.
    Faint,
    /// A heading.
    Strong,
}

/// A piece of text of one tint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cell {
    text: String,
    tint: Tint,
}

/// Where a column's text stands, and which end of it goes when there is no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// Left; the end is cut.
    Left,
    /// Left; the beginning is cut, as suits paths.
    LeftKeepEnd,
    /// Right, as suits numbers.
    Right,
}

/// One column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) heading: &'static str,
    pub(crate) side: Side,
    /// Width that it keeps when there is little room.
    pub(crate) least: usize,
    /// Blanks between it and the next column.
    gap: u16,
}

/// Columns and rows, to be fitted to a width.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    columns: Vec<Column>,
    /// Columns in the order in which they give room away.
    yielding: Vec<usize>,
    rows: Vec<Vec<Cell>>,
}

impl Column {
    pub(crate) fn new(heading: &'static str, side: Side, least: usize) -> Self {
        Self { heading, side, least, gap: 2 }
    }

    /// The column, close to the next one.
    pub(crate) fn close(self) -> Self {
        Self { gap: 1, ..self }
    }
}

impl Cell {
    pub(crate) fn new(text: impl Into<String>, tint: Tint) -> Self {
        Self { text: plain(&text.into()), tint }
    }

    pub(crate) fn plain(text: impl Into<String>) -> Self {
        Self::new(text, Tint::Plain)
    }
}

impl Lines {
    /// No rows yet. `yielding` names the columns that shrink, first one first; the others shrink after them.
    pub(crate) fn new(columns: Vec<Column>, yielding: &[usize]) -> Self {
        let others = (0..columns.len()).rev().filter(|column| !yielding.contains(column));
        let yielding = yielding.iter().copied().chain(others).collect();
        Self { columns, yielding, rows: Vec::new() }
    }

    pub(crate) fn push(&mut self, row: Vec<Cell>) {
        debug_assert_eq!(row.len(), self.columns.len());
        self.rows.push(row);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The lines, none wider than `width` (or [`NARROWEST`]), each ending with a newline.
    pub(crate) fn render(&self, width: u16, color: bool) -> String {
        let widths = self.widths(usize::from(width.max(NARROWEST)));
        let mut table = Table::new();
        table.load_style(TableStyle::new()).set_content_arrangement(ContentArrangement::Disabled);
        if color {
            table.enforce_styling()
        } else {
            table.force_no_tty()
        };
        let headings = self.columns.iter().map(|column| Cell::new(column.heading, Tint::Faint));
        if self.columns.iter().any(|column| !column.heading.is_empty()) {
            table.add_row(self.fitted(headings, &widths));
        }
        for row in &self.rows {
            table.add_row(self.fitted(row.iter().cloned(), &widths));
        }
        for (column, gap) in table.column_iter_mut().zip(self.gaps()) {
            column.set_padding((0, gap));
        }
        table.lines().map(|line| line.trim_end().to_owned() + "\n").collect()
    }

    /// Blanks after each column; none after the last.
    fn gaps(&self) -> impl Iterator<Item = u16> + '_ {
        let last = self.columns.len().saturating_sub(1);
        self.columns.iter().enumerate().map(move |(at, column)| if at == last { 0 } else { column.gap })
    }

    fn fitted(&self, cells: impl Iterator<Item = Cell>, widths: &[usize]) -> Row {
        cells
            .zip(&self.columns)
            .zip(widths)
            .map(|((cell, column), width)| cell.fitted(column, *width))
            .collect::<Vec<_>>()
            .into()
    }

    /// Natural widths, less what does not fit, taken from the yielding columns in turn.
    fn widths(&self, room: usize) -> Vec<usize> {
        let natural = |at: usize| {
            let cells = self.rows.iter().map(|row| row[at].text.width());
            cells.chain([self.columns[at].heading.width()]).max().unwrap_or(0)
        };
        let mut widths: Vec<usize> = (0..self.columns.len()).map(natural).collect();
        let gaps: usize = self.gaps().map(usize::from).sum();
        let mut excess = (widths.iter().sum::<usize>() + gaps).saturating_sub(room);
        // Nobody goes below the least width as long as somebody else can give.
        for floor in [usize::MAX, 1] {
            for at in &self.yielding {
                let given = excess.min(widths[*at].saturating_sub(floor.min(self.columns[*at].least)));
                widths[*at] -= given;
                excess -= given;
            }
        }
        widths
    }
}

impl Cell {
    fn fitted(self, column: &Column, width: usize) -> TableCell {
        let text = match column.side {
            Side::LeftKeepEnd => keep_end(&self.text, width),
            Side::Left | Side::Right => cut(&self.text, width),
        };
        let alignment = if column.side == Side::Right { CellAlignment::Right } else { CellAlignment::Left };
        tinted(TableCell::new_owned(text).set_alignment(alignment), self.tint)
    }
}

fn tinted(cell: TableCell, tint: Tint) -> TableCell {
    match tint {
        Tint::Plain => cell,
        Tint::Good => cell.fg(Color::Green),
        Tint::Bad => cell.fg(Color::Red),
        Tint::Doubt => cell.fg(Color::Yellow),
        Tint::Faint => cell.fg(Color::DarkGrey),
        Tint::Strong => cell.add_attribute(Attribute::Bold),
    }
}

/// One line of one tint, cut to `width`.
pub(crate) fn line(text: &str, tint: Tint, width: u16, color: bool) -> String {
    let column = Column::new("", Side::Left, 1);
    let mut lines = Lines::new(vec![column], &[0]);
    lines.push(vec![Cell::new(text, tint)]);
    lines.render(width, color)
}

/// `text` broken at blanks into lines of at most `width` columns; lines after the first are indented.
pub(crate) fn wrapped(text: &str, indent: usize, tint: Tint, width: u16, color: bool) -> String {
    let room = usize::from(width.max(NARROWEST));
    let body = text.trim_start_matches(' ');
    let mut lines = vec![" ".repeat(text.len() - body.len())];
    let mut is_start = true;
    for word in body.split(' ') {
        let last = lines.last_mut().expect("there is always a line");
        if is_start {
            last.push_str(word);
        } else if last.width() + 1 + word.width() > room {
            lines.push(" ".repeat(indent) + word);
        } else {
            last.push(' ');
            last.push_str(word);
        }
        is_start = false;
    }
    lines.iter().map(|text| line(text, tint, width, color)).collect()
}

/// `text` in at most `width` columns, `…` for what is missing at its end.
pub(crate) fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept: String = text.chars().take(width).collect();
    while kept.trim_end().width() + 1 > width && kept.pop().is_some() {}
    if width == 0 { String::new() } else { kept.trim_end().to_owned() + "…" }
}

/// `text` in at most `width` columns, `…` for what is missing at its beginning.
pub(crate) fn keep_end(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let skipped = text.chars().count().saturating_sub(width.saturating_sub(1));
    let mut kept = text.chars();
    kept.by_ref().take(skipped).for_each(drop);
    while kept.as_str().width() + 1 > width && kept.next().is_some() {}
    if width == 0 { String::new() } else { format!("…{}", kept.as_str()) }
}

/// Text from a file must not command the terminal: control characters become spaces.
fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Cell, Column, Lines, Side, Tint, cut, keep_end, line};
    use proptest::prelude::{prop_assert, proptest};
    use unicode_width::UnicodeWidthStr;

    #[test]
    fn long_texts_are_cut_where_it_hurts_least() {
        assert_eq!(cut("fifty launched", 8), "fifty l…");
        assert_eq!(cut("fifty launched", 7), "fifty…");
        assert_eq!(keep_end("folder/file.csv:12", 10), "…le.csv:12");
        assert_eq!(cut("社社社", 4), "社…");
    }

    #[test]
    fn the_yielding_column_gives_room_first() {
        let columns = vec![
            Column::new("id", Side::Left, 2),
            Column::new("title", Side::Left, 8),
            Column::new("n", Side::Right, 1),
        ];
        let mut lines = Lines::new(columns, &[1]);
        lines.push(vec![
            Cell::plain("ACC-007"),
            Cell::plain("a title of fifty characters or so, as they are"),
            Cell::plain("7"),
        ]);
        assert_eq!(
            lines.render(40, false),
            "id       title                         n\nACC-007  a title of fifty characters…  7\n"
        );
    }

    #[test]
    fn colour_comes_only_when_asked_for_and_control_characters_never() {
        assert_eq!(line("\u{1b}[31mred", Tint::Bad, 80, false), " [31mred\n");
        assert!(line("red", Tint::Bad, 80, true).contains('\u{1b}'));
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked(texts in proptest::collection::vec("\\PC{0,40}", 4), width in 40_u16..120) {
            let sides = [Side::Left, Side::LeftKeepEnd, Side::Right, Side::Left];
            let mut lines = Lines::new(sides.map(|side| Column::new("heading", side, 5)).to_vec(), &[2]);
            lines.push(texts.into_iter().map(Cell::plain).collect());
            for line in lines.render(width, false).lines() {
                prop_assert!(line.width() <= usize::from(width), "{line}");
            }
        }
    }
}
