//! The tables of a page, from its tokens.

use crate::Limits;
use crate::formats::sheet::CELL_BYTES;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use std::cell::RefCell;

/// A table of a page.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub rows: Vec<Row>,
    /// Whether the page ends before the table does.
    pub cut_off: bool,
}

/// A row of a table.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub cells: Vec<Cell>,
    /// Whether the page does not show it.
    pub hidden: bool,
    /// Whether the page ends before the row does.
    pub cut_off: bool,
}

/// A cell as written.
#[derive(Debug)]
pub(super) struct Cell {
    pub text: String,
    /// Columns and rows that it spans.
    pub columns: usize,
    pub rows: u64,
}

/// A table that is not closed yet.
struct Open {
    /// Its place among the tables of the page.
    place: usize,
    in_row: bool,
    in_cell: bool,
}

/// Takes the tokens of a page.
pub(super) struct Page {
    state: RefCell<State>,
}

struct State {
    tables: Vec<Table>,
    open: Vec<Open>,
    bytes: u64,
    limits: Limits,
    excess: Option<(&'static str, u64)>,
    tokens: u64,
}

impl Page {
    pub fn new(limits: &Limits) -> Self {
        let state =
            State { tables: Vec::new(), open: Vec::new(), bytes: 0, limits: limits.clone(), excess: None, tokens: 0 };
        Self { state: RefCell::new(state) }
    }

    /// What there is too much of, and the limit.
    pub fn excess(&self) -> Option<(&'static str, u64)> {
        self.state.borrow().excess
    }

    /// How many tokens there were; remarks on errors are none.
    pub fn tokens(&self) -> u64 {
        self.state.borrow().tokens
    }

    pub fn into_tables(self) -> Vec<Table> {
        let State { mut tables, open, .. } = self.state.into_inner();
        for Open { place, in_row, .. } in open {
            let table = &mut tables[place];
            table.cut_off = true;
            if let Some(row) = table.rows.last_mut() {
                row.cut_off = in_row;
            }
        }
        tables
    }
}

impl TokenSink for Page {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        state.tokens += u64::from(!matches!(token, Token::ParseError(_)));
        match token {
            Token::TagToken(tag) => {
                let name: &str = &tag.name;
                if tag.kind == TagKind::EndTag {
                    state.end(name);
                    return TokenSinkResult::Continue;
                }
                match name {
                    "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                        return TokenSinkResult::RawData(RawKind::Rawtext);
                    }
                    "script" => return TokenSinkResult::RawData(RawKind::ScriptData),
                    "title" | "textarea" => return TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => state.start(name, &tag),
                }
            }
            Token::CharacterTokens(text) => state.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn start(&mut self, name: &str, tag: &Tag) {
        match name {
            "table" => self.open_table(),
            "tr" => self.open_row(is_hidden(tag)),
            "td" | "th" => self.open_cell(span(tag, "colspan") as usize, span(tag, "rowspan")),
            "br" => self.add("\n"),
            "p" | "div" | "li" => self.add(" "),
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        match (name, self.open.last_mut()) {
            // A page that ends as it should has ended its tables.
            ("body" | "html", _) => self.open.clear(),
            ("table", _) => {
                self.open.pop();
                self.add(" ");
            }
            ("tr" | "thead" | "tbody" | "tfoot", Some(open)) => (open.in_row, open.in_cell) = (false, false),
            ("td" | "th", Some(open)) => open.in_cell = false,
            _ => {}
        }
    }

    fn open_table(&mut self) {
        if self.open.len() >= self.limits.depth {
            self.excess = Some(("tables within tables are levels", self.limits.depth as u64));
            return;
        }
        // A table within a table, but in none of its cells, is what follows a table that was never closed.
        if self.open.last().is_some_and(|open| !open.in_cell) {
            self.open.pop();
        }
        self.add(" ");
        self.open.push(Open { place: self.tables.len(), in_row: false, in_cell: false });
        self.tables.push(Table::default());
        self.count(size_of::<Table>());
    }

    fn open_row(&mut self, hidden: bool) {
        let Some(open) = self.open.last_mut() else { return };
        (open.in_row, open.in_cell) = (true, false);
        let place = open.place;
        self.tables[place].rows.push(Row { cells: Vec::new(), hidden, cut_off: false });
        self.count(size_of::<Row>());
    }

    fn open_cell(&mut self, columns: usize, rows: u64) {
        if self.open.last().is_some_and(|open| !open.in_row) {
            self.open_row(false);
        }
        let Some(open) = self.open.last_mut() else { return };
        open.in_cell = true;
        if let Some(row) = self.tables[open.place].rows.last_mut() {
            row.cells.push(Cell { text: String::new(), columns, rows });
        }
        self.count(size_of::<Cell>());
    }

    /// Adds text to the open cell: white space is one blank, as a page shows it.
    fn text(&mut self, text: &str) {
        let is_space = |letter: char| letter.is_ascii_whitespace();
        if text.starts_with(is_space) {
            self.add(" ");
        }
        for (place, word) in text.split(is_space).filter(|word| !word.is_empty()).enumerate() {
            if place > 0 {
                self.add(" ");
            }
            self.add(word);
        }
        if text.ends_with(is_space) {
            self.add(" ");
        }
    }

    fn add(&mut self, text: &str) {
        let Some(open) = self.open.last().filter(|open| open.in_cell) else { return };
        let cell = self.tables[open.place].rows.last_mut().and_then(|row| row.cells.last_mut());
        let Some(cell) = cell else { return };
        match text {
            " " if cell.text.is_empty() || cell.text.ends_with([' ', '\n']) => {}
            "\n" => {
                cell.text.truncate(cell.text.trim_end_matches(' ').len());
                cell.text.push('\n');
            }
            text => cell.text.push_str(text),
        }
        if cell.text.len() > CELL_BYTES {
            self.excess = Some(("a cell holds bytes", CELL_BYTES as u64));
        }
        self.count(text.len());
    }

    fn count(&mut self, bytes: usize) {
        self.bytes += bytes as u64;
        if self.bytes > self.limits.document_bytes {
            self.excess = Some(("a table takes bytes", self.limits.document_bytes));
        }
    }
}

fn span(tag: &Tag, name: &str) -> u64 {
    let attribute = tag.attrs.iter().find(|attribute| &*attribute.name.local == name);
    attribute.and_then(|attribute| attribute.value.trim().parse().ok()).filter(|span| *span > 0).unwrap_or(1)
}

fn is_hidden(tag: &Tag) -> bool {
    tag.attrs.iter().any(|attribute| match &*attribute.name.local {
        "hidden" => true,
        "style" => attribute.value.to_ascii_lowercase().replace(' ', "").contains("display:none"),
        _ => false,
    })
}
