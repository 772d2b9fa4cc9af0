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
    when_blank: BTreeMap<String, String>,
    #[serde(default)]
    joined: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    only_when: BTreeMap<String, Condition>,
    columns: BTreeMap<String, Vec<String>>,
}

/// What a field must say for a record to be a row.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Condition {
    values: Vec<String>,
    reason: String,
}

/// A source: one kind of export of one table.
#[derive(Clone, Debug)]
pub(crate) struct SourceMapping {
    /// Name, as in the manifest.
    pub name: String,
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
    /// What a blank field of a text column says.
    pub when_blank: BTreeMap<String, String>,
    /// Per column: headers, reduced, whose texts make up its value, in order.
    pub joined: BTreeMap<String, Vec<String>>,
    /// Headers of fields that tell whether a record is a row, the values of rows (both reduced), and why others are
    /// rejected.
    pub only_when: Vec<(String, Vec<String>, RejectReason)>,
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
    pub(super) fn parse(file_name: &str, text: &str, bases: &[Self]) -> Result<Self, IngestError> {
        let wrong = |message: String| IngestError::Mapping { file: file_name.to_owned(), message };
        let file: File = toml::from_str(text).map_err(|error| wrong(error.to_string()))?;
        let table = TableId::from_name(&file.table).ok_or_else(|| wrong(no_table(&file.table)))?;
        check_columns(&file, table.schema()).map_err(wrong)?;
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
        Ok(Self::assemble(file, table, base, only_when))
    }

    fn assemble(
        file: File,
        table: TableId,
        base: Option<&Self>,
        only_when: Vec<(String, Vec<String>, RejectReason)>,
    ) -> Self {
        let mut own =
            Names::of(file.columns.iter().chain(&file.joined), file.ignored.iter().chain(file.only_when.keys()));
        let inherited = match base {
            Some(base) => base.all_names(),
            None => Names::default(),
        };
        if base.is_none() {
            own.add_canonical(table.schema());
        }
        let mut aliases = file.columns;
        for (column, more) in base.into_iter().flat_map(|base| &base.aliases) {
            let known = aliases.entry(column.clone()).or_default();
            known.extend(more.iter().filter(|alias| !known.contains(alias)).cloned().collect::<Vec<_>>());
        }
        let alternatives = |entry: &String| entry.split('|').map(|name| name.trim().to_owned()).collect();
        Self {
            name: file.name,
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
            required: file.required,
            template: file.template,
            date_orders: file.date_orders,
            only_if: file.only_if.into_iter().map(|(column, all)| (column, all.into_iter().collect())).collect(),
            blank_when_absent: file.blank_when_absent,
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

    /// Our own column names are known everywhere; those that are derived are known and not read.
    fn add_canonical(&mut self, table: &Table) {
        for column in table.columns {
            let name = key(column.name);
            let items = (column.ty == ColumnType::TextList).then(|| format!("{name}{ANY_INDEX}"));
            for key in std::iter::once(name).chain(items) {
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

fn conditions(file: &File) -> Result<Vec<(String, Vec<String>, RejectReason)>, String> {
    let condition = |(header, condition): (&String, &Condition)| {
        let reason = RejectReason::from_code(&condition.reason);
        let reason = reason.ok_or_else(|| format!("`{}` is no reason to reject a row", condition.reason))?;
        Ok((key(header), condition.values.iter().map(|value| key(value)).collect(), reason))
    };
    file.only_when.iter().map(condition).collect()
}

fn check_columns(file: &File, table: &Table) -> Result<(), String> {
    let signature = file.signature.iter().flat_map(|entry| entry.split('|')).map(str::trim);
    let named = signature
        .chain(file.columns.keys().map(String::as_str))
        .chain(file.date_orders.keys().chain(file.only_if.keys()).map(String::as_str))
        .chain(file.joined.keys().map(String::as_str))
        .chain(file.blank_when_absent.iter().chain(file.when_blank.keys()).map(String::as_str))
        .chain(file.required.iter().chain(&file.absent).map(String::as_str));
    for name in named {
        if !table.column(name).is_some_and(|column| column.ingested) {
            let known: Vec<&str> = table.ingested_columns().map(|column| column.name).collect();
            return Err(format!(
                "`{}` has no column `{name}` that a file can hold; it has {}",
                table.name,
                known.join(", ")
            ));
        }
    }
    Ok(())
}
