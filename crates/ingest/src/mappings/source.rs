//! One source mapping: by which headers a file is recognised, and which column each header means.

use crate::IngestError;
use crate::header::{ANY_INDEX, header_cell, key};
use aceq_model::{ColumnType, DateOrder, RejectReason, Table, TableId};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The TOML form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    name: String,
    table: String,
    #[serde(default)]
    title: String,
    #[serde(default)]
    extends: Option<String>,
    signature: Vec<String>,
    #[serde(default)]
    headers: Vec<String>,
    #[serde(default)]
    absent: Vec<String>,
    #[serde(default)]
    only_known: bool,
    #[serde(default)]
    required: Vec<String>,
    #[serde(default)]
    ignored: Vec<String>,
    #[serde(default)]
    template: Vec<String>,
    #[serde(default)]
    date_orders: BTreeMap<String, DateOrder>,
    #[serde(default)]
    only_if: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    blank_when_absent: BTreeSet<String>,
    #[serde(default)]
    in_usd: BTreeSet<String>,
    #[serde(default)]
    when_blank: BTreeMap<String, String>,
    #[serde(default)]
    joined: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    only_when: BTreeMap<String, Condition>,
    #[serde(default)]
    not_when: BTreeMap<String, Condition>,
    columns: BTreeMap<String, Vec<String>>,
}

/// What a field must say for a record to be a row.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    values: Vec<String>,
    reason: String,
    #[serde(default)]
    blank: Option<String>,
}

/// A field that tells whether a record is a row.
#[derive(Clone, Debug)]
pub(crate) struct RowCondition {
    /// Its header, reduced.
    pub header: String,
    /// What it says in rows, reduced; or, where `is_excluding`, in no row.
    pub values: Vec<String>,
    /// Whether records with these values are rejected, and not the others.
    pub is_excluding: bool,
    /// Why such records are rejected.
    pub reason: RejectReason,
    /// Why records are rejected in which it is blank; such records are rows where there is no reason.
    pub blank: Option<RejectReason>,
}

/// Where a mapping comes from. The later decides first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Origin {
    /// It comes with the program.
    BuiltIn,
    /// It was given for this run.
    User,
}

/// A source: one kind of export of one table.
#[derive(Clone, Debug)]
pub(crate) struct SourceMapping {
    /// Name, as in the manifest.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Table its rows belong to.
    pub table: TableId,
    /// What it is, in words.
    pub title: String,
    /// Columns that must be there, each with alternatives.
    pub signature: Vec<Vec<String>>,
    /// Mapping whose headers are known as well.
    pub extends: Option<String>,
    /// Headers that must be there, reduced, each with alternatives.
    pub headers: Vec<Vec<String>>,
    /// Columns that must not be there.
    pub absent: Vec<String>,
    /// Whether it must know every header.
    pub only_known: bool,
    /// Columns without which the file cannot be used.
    pub required: Vec<String>,
    /// Headers of our own template, in order.
    pub template: Vec<String>,
    /// Date orders that the mapping states.
    pub date_orders: BTreeMap<String, DateOrder>,
    /// Per column: headers of the same list item and what they must say for the column's own field to count.
    pub only_if: BTreeMap<String, Vec<(String, String)>>,
    /// Columns of which a record that does not name them says that they are blank.
    pub blank_when_absent: BTreeSet<String>,
    /// Columns whose amounts are US dollars, whatever the currency column says of others.
    pub in_usd: BTreeSet<String>,
    /// What a blank field of a text column says.
    pub when_blank: BTreeMap<String, String>,
    /// Per column: headers, reduced, whose texts make up its value, in order.
    pub joined: BTreeMap<String, Vec<String>>,
    /// Fields that tell whether a record is a row.
    pub only_when: Vec<RowCondition>,
    /// Headers by column as written, own before inherited.
    aliases: BTreeMap<String, Vec<String>>,
    own: Names,
    inherited: Names,
}

/// Reduced headers: what they mean, or that they mean nothing to us.
#[derive(Clone, Debug, Default)]
struct Names {
    columns: HashMap<String, Vec<String>>,
    ignored: HashSet<String>,
    /// Beginnings of headers that mean nothing to us.
    ignored_below: Vec<String>,
}

/// What a mapping knows about a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Known<'a> {
    /// It means these columns.
    Columns(&'a [String]),
    /// It belongs to the source, but no rule uses it.
    Ignored,
    /// It was never seen.
    No,
}

impl SourceMapping {
    /// Reads a mapping; `bases` are those it may extend.
    pub(super) fn parse(origin: Origin, file_name: &str, text: &str, bases: &[Self]) -> Result<Self, IngestError> {
        let wrong = |message: String| IngestError::Mapping { file: file_name.to_owned(), message };
        let file: File = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let table = TableId::from_name(&file.table).ok_or_else(|| wrong(no_table(&file.table)))?;
        check_columns(&file, table.schema()).map_err(|(name, message)| wrong(located(text, &name, &message)))?;
        let base = match &file.extends {
            Some(name) => {
                let found = bases.iter().find(|base| base.name == *name && base.table == table);
                Some(
                    found
                        .ok_or_else(|| wrong(format!("there is no mapping `{name}` of `{}` to extend", file.table)))?,
                )
            }
            None => None,
        };
        let only_when = conditions(&file).map_err(wrong)?;
        Ok(Self::assemble(origin, file, table, base, only_when))
    }

    fn assemble(origin: Origin, file: File, table: TableId, base: Option<&Self>, only_when: Vec<RowCondition>) -> Self {
        let mut own = Names::of(
            file.columns.iter().chain(&file.joined),
            file.ignored.iter().chain(file.only_when.keys()).chain(file.not_when.keys()),
        );
        let inherited = match base {
            Some(base) => base.all_names(),
            None => Names::default(),
        };
        if base.is_none() {
            // Whoever says which headers mean a column has said so.
            let stated = |column: &str| origin == Origin::User && file.columns.contains_key(column);
            own.add_canonical(table.schema(), stated);
        }
        let mut aliases = file.columns;
        for (column, more) in base.into_iter().flat_map(|base| &base.aliases) {
            let known = aliases.entry(column.clone()).or_default();
            known.extend(more.iter().filter(|alias| !known.contains(alias)).cloned().collect::<Vec<_>>());
        }
        let alternatives = |entry: &String| entry.split('|').map(|name| name.trim().to_owned()).collect();
        Self {
            name: file.name,
            origin,
            table,
            title: file.title,
            signature: file.signature.iter().map(alternatives).collect(),
            extends: file.extends,
            headers: file
                .headers
                .iter()
                .map(|entry| entry.split('|').map(|name| header_cell(name).key).collect())
                .collect(),
            absent: file.absent,
            only_known: file.only_known,
            required: file.required,
            template: file.template,
            date_orders: file.date_orders,
            only_if: file.only_if.into_iter().map(|(column, all)| (column, all.into_iter().collect())).collect(),
            blank_when_absent: file.blank_when_absent,
            in_usd: file.in_usd,
            when_blank: file.when_blank,
            joined: file
                .joined
                .into_iter()
                .map(|(column, parts)| (column, parts.iter().map(|p| key(p)).collect()))
                .collect(),
            only_when,
            aliases,
            own,
            inherited,
        }
    }

    /// What a reduced header means.
    pub fn know(&self, key: &str) -> Known<'_> {
        match self.own.know(key) {
            Known::No => self.inherited.know(key),
            known => known,
        }
    }

    /// Whether the mapping itself, not one it extends, knows a reduced header.
    pub fn knows_itself(&self, key: &str) -> bool {
        self.own.know(key) != Known::No
    }

    /// Headers that mean `column`, as written.
    pub fn aliases(&self, column: &str) -> &[String] {
        self.aliases.get(column).map_or(&[], Vec::as_slice)
    }

    /// Which of the headers that mean `column` comes first, where a file has several: as listed, our own name last.
    pub fn rank(&self, column: &str, reduced: &str) -> usize {
        // The items of a list are listed as a list.
        let is_it = |alias: &String| {
            let known = header_cell(alias).key;
            known == reduced || known.strip_suffix(ANY_INDEX) == Some(reduced)
        };
        self.aliases(column).iter().position(is_it).unwrap_or(usize::MAX)
    }

    fn all_names(&self) -> Names {
        let mut names = self.inherited.clone();
        names.columns.extend(self.own.columns.clone());
        names.ignored.extend(self.own.ignored.iter().cloned());
        names.ignored_below.extend(self.own.ignored_below.iter().cloned());
        names
    }
}

impl Names {
    fn of<'f>(
        columns: impl Iterator<Item = (&'f String, &'f Vec<String>)>,
        ignored: impl Iterator<Item = &'f String>,
    ) -> Self {
        let mut names = Self::default();
        for (column, aliases) in columns {
            // The items of a list, and the list as a whole where it is empty.
            let whole = aliases.iter().filter_map(|alias| alias.strip_suffix("[*]"));
            for alias in aliases.iter().map(String::as_str).chain(whole) {
                let meant = names.columns.entry(header_cell(alias).key).or_default();
                if !meant.contains(column) {
                    meant.push(column.clone());
                }
            }
        }
        for header in ignored {
            match header.strip_suffix(".*") {
                Some(above) => names.ignored_below.push(header_cell(above).key),
                None => _ = names.ignored.insert(header_cell(header).key),
            }
        }
        names
    }

    /// Our own column names are known, but of columns that are stated; those that are derived are known and not read.
    fn add_canonical(&mut self, table: &Table, stated: impl Fn(&str) -> bool) {
        for column in table.columns.iter().filter(|column| !stated(column.name)) {
            let name = key(column.name);
            let items = (column.ty == ColumnType::TextList).then(|| format!("{name}{ANY_INDEX}"));
            for key in std::iter::once(name).chain(items) {
                if self.ignored.contains(&key) {
                    continue;
                }
                if column.ingested {
                    self.columns.entry(key).or_insert_with(|| vec![column.name.to_owned()]);
                } else {
                    self.ignored.insert(key);
                }
            }
        }
    }

    fn know(&self, key: &str) -> Known<'_> {
        match self.columns.get(key) {
            Some(columns) => Known::Columns(columns),
            None if self.ignored.contains(key) || self.ignored_below.iter().any(|above| key.starts_with(above)) => {
                Known::Ignored
            }
            None => Known::No,
        }
    }
}

fn no_table(name: &str) -> String {
    let tables: Vec<&str> = TableId::ALL.iter().map(|table| table.name()).collect();
    format!("`{name}` is no table; the tables are {}", tables.join(", "))
}

fn conditions(file: &File) -> Result<Vec<RowCondition>, String> {
    let reason =
        |code: &String| RejectReason::from_code(code).ok_or_else(|| format!("`{code}` is no reason to reject a row"));
    let condition = |(is_excluding, (header, condition)): (bool, (&String, &Condition))| {
        Ok(RowCondition {
            header: key(header),
            is_excluding,
            values: condition.values.iter().map(|value| key(value)).collect(),
            reason: reason(&condition.reason)?,
            blank: condition.blank.as_ref().map(reason).transpose()?,
        })
    };
    let only = file.only_when.iter().map(|condition| (false, condition));
    only.chain(file.not_when.iter().map(|condition| (true, condition))).map(condition).collect()
}

/// Every column that is named must be one that a file can hold; the first that is not, and what is wrong.
fn check_columns(file: &File, table: &Table) -> Result<(), (String, String)> {
    let signature = file.signature.iter().flat_map(|entry| entry.split('|')).map(str::trim);
    let named = signature
        .chain(file.columns.keys().map(String::as_str))
        .chain(file.date_orders.keys().chain(file.only_if.keys()).map(String::as_str))
        .chain(file.joined.keys().map(String::as_str))
        .chain(file.blank_when_absent.iter().chain(&file.in_usd).chain(file.when_blank.keys()).map(String::as_str))
        .chain(file.required.iter().chain(&file.absent).map(String::as_str));
    for name in named {
        if !table.column(name).is_some_and(|column| column.ingested) {
            let known: Vec<&str> = table.ingested_columns().map(|column| column.name).collect();
            let message =
                format!("`{}` has no column `{name}` that a file can hold; it has {}", table.name, known.join(", "));
            return Err((name.to_owned(), message));
        }
    }
    Ok(())
}

/// The message below the line on which a word stands first, as the TOML reader shows its own.
fn located(text: &str, word: &str, message: &str) -> String {
    let is_word = |at: usize, line: &str| {
        let part = |letter: char| letter.is_alphanumeric() || letter == '_';
        !line[..at].ends_with(part) && !line[at + word.len()..].starts_with(part)
    };
    let place = |line: &str| line.match_indices(word).map(|(at, _)| at).find(|at| is_word(*at, line));
    let found = (1..).zip(text.lines()).find_map(|(number, line)| Some((number, line, place(line)?)));
    let Some((number, line, at)) = found else { return message.to_owned() };
    let (number, column) = (number.to_string(), line[..at].chars().count());
    let margin = " ".repeat(number.len());
    let carets = format!("{}{}", " ".repeat(column), "^".repeat(word.chars().count()));
    format!(
        "wrong at line {number}, column {}\n{margin} |\n{number} | {line}\n{margin} | {carets}\n{message}",
        column + 1
    )
}
