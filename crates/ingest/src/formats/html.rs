//! An HTML page with tables, which Salesforce reports call `.xls`.
//!
//! The tokens of html5ever are enough: tables are told apart as browsers do where it matters (unclosed cells and rows,
//! tables within cells, cells that span others), and no tree is built.

mod page;

use super::Want;
use super::document::{DocumentText, text_of};
use super::sheet::{RowCells, SheetBuilder};
use crate::grid::Grid;
use crate::{IngestError, Input, Limits};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::{BufferQueue, Tokenizer, TokenizerOpts};
use page::{Cell, Page, Table};

/// Text handed to the tokenizer at once.
const PIECE: usize = 1 << 9;
/// Rows that a cell may claim to span, as HTML has it.
const MOST_ROWS: u64 = 65_534;

/// White space, slashes and quotes within one token. Each may end an attribute, and the tokenizer compares every
/// attribute of a tag with all before it: the time that a page can take is this number times its length.
const SEPARATORS: usize = PIECE;

/// Decodes the file.
pub(super) fn decode(input: &Input, want: Want<'_>, limits: &Limits, grids: &mut Vec<Grid>) -> Result<(), IngestError> {
    let DocumentText { text, is_garbled } = text_of(input, limits)?;
    let (mut tables, mut read) = tables_of(&text, input, limits);
    // A page may be laid out in tables without text.
    let has_text =
        |table: &Table| table.rows.iter().flat_map(|row| &row.cells).any(|cell| !cell.text.trim().is_empty());
    if tables.len() > limits.tables {
        tables.retain(has_text);
    }
    if tables.len() > limits.tables {
        tables.truncate(limits.tables);
        let (file, limit) = (input.name.clone(), limits.tables as u64);
        read = read.and(Err(IngestError::TooLarge { file, what: "the page holds tables", limit }));
    }
    for table in tables {
        let (grid, placed) = grid(&table, is_garbled, input, want, limits);
        grids.push(grid);
        read = read.and(placed);
    }
    name(grids);
    let has_text = grids.iter().any(|grid| grid.len() > 0);
    grids.retain(|grid| grid.len() > 0 && want.wants(&grid.name));
    read?;
    if !has_text {
        let message = "it holds no table with text; perhaps it is a page to sign in".to_owned();
        return Err(IngestError::Damaged { file: input.name.clone(), format: "an HTML page", message });
    }
    Ok(())
}

/// The only table with text in it has no name; several are named by their place in the page.
fn name(grids: &mut [Grid]) {
    if grids.iter().filter(|grid| grid.len() > 0).count() > 1 {
        for (place, grid) in grids.iter_mut().enumerate() {
            grid.name = format!("table {}", place + 1);
        }
    }
}

/// The tables of a page, up to where it holds more than a page may.
fn tables_of(text: &str, input: &Input, limits: &Limits) -> (Vec<Table>, Result<(), IngestError>) {
    let refused = |(what, limit)| Err(IngestError::TooLarge { file: input.name.clone(), what, limit });
    let tokenizer = Tokenizer::new(Page::new(limits), TokenizerOpts::default());
    let queue = BufferQueue::default();
    let mut rest = text;
    let (mut tokens, mut separators) = (0, 0);
    while !rest.is_empty() {
        let end = (0..=PIECE.min(rest.len())).rev().find(|end| rest.is_char_boundary(*end)).unwrap_or(rest.len());
        queue.push_back(StrTendril::from_slice(&rest[..end]));
        separators += rest[..end].bytes().filter(|byte| b" \t\n\r\x0C/\"'".contains(byte)).count();
        rest = &rest[end..];
        let _ = tokenizer.feed(&queue);
        if tokenizer.sink.tokens() > tokens {
            (tokens, separators) = (tokenizer.sink.tokens(), 0);
        }
        let endless = (separators > SEPARATORS).then_some(("a tag has attributes", SEPARATORS as u64));
        if let Some(excess) = tokenizer.sink.excess().or(endless) {
            return (tokenizer.sink.into_tables(), refused(excess));
        }
    }
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let read = tokenizer.sink.excess().map_or(Ok(()), refused);
    (tokenizer.sink.into_tables(), read)
}

/// A table as far as its cells can be placed.
fn grid(
    table: &Table,
    is_garbled: bool,
    input: &Input,
    want: Want<'_>,
    limits: &Limits,
) -> (Grid, Result<(), IngestError>) {
    // Its name is known only once all tables are.
    let want = if matches!(want, Want::Heads) { want } else { Want::Table("") };
    let mut builder = SheetBuilder::new("", input, want, limits);
    builder.set_garbled(is_garbled);
    let placed = place_rows(table, &mut builder, input, limits);
    if table.cut_off {
        builder.cut_off();
    }
    (builder.finish(false), placed)
}

/// Places the cells of a table: a cell stands in the next column that no cell from above reaches into.
fn place_rows(
    table: &Table,
    builder: &mut SheetBuilder<'_>,
    input: &Input,
    limits: &Limits,
) -> Result<(), IngestError> {
    // Per column, the last line that a cell from above covers.
    let mut covered: Vec<u64> = Vec::new();
    let mut cells = RowCells::default();
    for (index, row) in table.rows.iter().enumerate() {
        let line = index as u64 + 1;
        if row.hidden {
            builder.hide(line);
        }
        let mut column = 0;
        for cell in &row.cells {
            while covered.get(column).is_some_and(|until| *until >= line) {
                column += 1;
            }
            place(cell, line, column, builder, &mut cells, &mut covered);
            column += cell.columns.min(limits.columns);
            if column > limits.columns.saturating_mul(2) {
                let what = "a row has columns";
                return Err(IngestError::TooLarge { file: input.name.clone(), what, limit: limits.columns as u64 });
            }
        }
        if row.cut_off {
            builder.cut_row(line);
        }
        builder.row(line, &mut cells)?;
    }
    Ok(())
}

fn place(
    cell: &Cell,
    line: u64,
    column: usize,
    builder: &mut SheetBuilder<'_>,
    cells: &mut RowCells,
    covered: &mut Vec<u64>,
) {
    cells.push(column, cell.text.as_str());
    let until = line.saturating_add(cell.rows.clamp(1, MOST_ROWS) - 1);
    if until > line {
        builder.merge_down(line, column, until);
        // A span beyond any table covers no more than the table is wide.
        let last = column + cell.columns.clamp(1, 1000);
        covered.resize(covered.len().max(last), 0);
        covered[column..last].iter_mut().for_each(|covered| *covered = until);
    }
}

#[cfg(test)]
mod tests {
    use super::{Limits, decode};
    use crate::formats::Want;
    use crate::grid::Grid;
    use crate::{IngestError, Input};
    use proptest::prelude::*;
    use std::io::Write;
    use std::path::Path;

    type Rows = Vec<(u64, Vec<String>)>;

    fn decoded(path: &Path) -> Result<Vec<Grid>, IngestError> {
        let mut grids = Vec::new();
        decode(&Input::file(path), Want::Heads, &Limits::default(), &mut grids).map(|()| grids)
    }

    fn tables(page: &str) -> Vec<(String, Rows)> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(page.as_bytes()).unwrap();
        let grids = decoded(file.path()).unwrap();
        let rows = |grid: &Grid| (0..grid.len()).map(|row| grid.cells(row)).collect();
        grids.iter().map(|grid| (grid.name.clone(), rows(grid))).collect()
    }

    fn rows(page: &str) -> Rows {
        let mut tables = tables(page);
        assert_eq!(tables.len(), 1, "{tables:?}");
        tables.remove(0).1
    }

    fn row(line: u64, cells: &[&str]) -> (u64, Vec<String>) {
        (line, cells.iter().map(|cell| (*cell).to_owned()).collect())
    }

    #[test]
    fn a_table_is_read_as_a_browser_shows_it() {
        let page = "<html><head><style>td{mso-number-format:\"\\@\"} <tr></style><script>'<table>'</script></head>\
            <table border=1><thead><tr><th>Id<th>Na&amp;me</thead>\
            <tbody><tr bgcolor=white><td x:num=\"1\">O1</td><td>A&nbsp;<b>B</b><br>C\n  D</tr>\
            <tr><td>O2<td> &#233; <tr><td>&nbsp;</td></tr></table></html>";
        let expected = [row(1, &["Id", "Na&me"]), row(2, &["O1", "A\u{a0}B\nC D"]), row(3, &["O2", "é"])];
        assert_eq!(rows(page), expected);
    }

    #[test]
    fn cells_that_span_others_push_them_aside_and_reach_down() {
        let page = "<table><tr><th rowspan=2>Id<th colspan=2>Dates<th>Stage<tr><th>From<th>To<th>x\
            <tr><td>O1<td>1<td>2<td>3</table>";
        let expected =
            [row(1, &["Id", "Dates", "", "Stage"]), row(2, &["Id", "From", "To", "x"]), row(3, &["O1", "1", "2", "3"])];
        assert_eq!(rows(page), expected);
    }

    #[test]
    fn tables_within_tables_and_beside_them_are_tables_of_their_own() {
        let page = "<table><tr><td>outside<table><tr><td>inside</table>again<td>b</table><table><tr><td>c</table>";
        let expected = [
            ("table 1".to_owned(), vec![row(1, &["outside again", "b"])]),
            ("table 2".to_owned(), vec![row(1, &["inside"])]),
            ("table 3".to_owned(), vec![row(1, &["c"])]),
        ];
        assert_eq!(tables(page), expected);
        assert_eq!(tables("<table></table><table><tr><td>x</table>"), [(String::new(), vec![row(1, &["x"])])]);
        assert!(refused("<p>Please sign in").contains("it holds no table with text"));
    }

    fn refused(page: &str) -> String {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(page.as_bytes()).unwrap();
        decoded(file.path()).unwrap_err().to_string()
    }

    #[test]
    fn what_no_table_holds_is_refused() {
        let columns = format!("<table><tr>{}", "<td>x".repeat(20_000));
        assert!(refused(&columns).contains("a row has columns beyond the limit of 16384"));
        let wide = format!("<table><tr>{}<td>x", "<td colspan=1000000>".repeat(3));
        assert!(refused(&wide).contains("a row has columns"));
        assert!(refused(&format!("<table><tr><td>{}", "x".repeat(2 << 20))).contains("a cell holds bytes"));
        assert!(refused(&"<table><tr><td>".repeat(100)).contains("tables within tables"));
        let attributes: String = (0..80_000).map(|number| format!(" a{number}")).collect();
        assert!(refused(&format!("<table {attributes}>")).contains("a tag has attributes"));
        assert_eq!(rows("<table><tr><td rowspan=999999999>a<td>b<tr><td>c").len(), 2);
    }

    #[test]
    fn a_page_that_ends_early_is_told() {
        let read = |page: &str| {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(page.as_bytes()).unwrap();
            let grid = decoded(file.path()).unwrap().remove(0);
            let faults: Vec<_> = (0..grid.len()).map(|row| grid.record(row).fault).collect();
            (grid.remarks.is_cut_off, faults)
        };
        let short = Some(aceq_model::RejectReason::TooFewFields);
        assert_eq!(read("<table><tr><td>a<td>b<tr><td>c<td>d</table>"), (false, vec![None, None]));
        assert_eq!(read("<table><tr><td>a<td>b<tr><td>c<td>d</body></html>"), (false, vec![None, None]));
        assert_eq!(read("<table><tr><td>a</td></tr><tr><td>c</td></tr>"), (true, vec![None, None]));
        assert_eq!(read("<table><tr><td>a</td></tr><tr><td>c</td>"), (true, vec![None, short]));
        assert_eq!(read("<table><tr><td>a</td></tr><tr><td>c</td><td>5,2"), (true, vec![None, short]));
    }

    #[test]
    fn rows_with_bytes_that_are_no_text_are_told() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"<meta charset=utf-8><table><tr><td>a<tr><td>M\xFCller<tr><td>b</table>").unwrap();
        let grid = decoded(file.path()).unwrap().remove(0);
        let faults: Vec<_> = (0..grid.len()).map(|row| grid.record(row).fault).collect();
        assert_eq!(faults, [None, Some(aceq_model::RejectReason::NotText), None]);
    }

    proptest! {
        #[test]
        fn no_page_panics(pieces in prop::collection::vec(prop::sample::select(vec![
            "<table>", "</table>", "<tr>", "</tr>", "<td rowspan=2>", "<td colspan=3>", "</td>", "a", "<br>", "&nbsp;", "&#x0;",
            "<script>", "</script>", "<style>", "<!--", "-->", "<", "é",
        ]), 0..40)) {
            let mut file = tempfile::NamedTempFile::new().unwrap();
            file.write_all(pieces.concat().as_bytes()).unwrap();
            let _ = decoded(file.path());
        }
    }
}
