//! Counting rules: `count`, and `every` and `some` over the base set of another requirement.

use super::{Loaded, Loader};
use crate::checklist::{CountRule, Having, Member, Members, RuleWindow, Unit};
use crate::diagnostic::suggest;
use crate::file::{EachFile, HavingFile, MemberFile, RequirementFile, WindowFile};
use crate::predicate::{Literal, Operand, Predicate};
use crate::{Comparison, Term};
use aceq_model::{Cents, Column, ColumnType, TableId};
use aceq_timeline::{Months, Window};
use toml::{Spanned, Value};

impl Loader<'_> {
    pub(super) fn count_rule(&self, file: &RequirementFile) -> Loaded<CountRule> {
        let table = self.table(self.required(file, file.table.as_ref(), "table")?)?;
        let unit = self.unit(table, self.required(file, file.count.as_ref(), "count")?)?;
        let members = self.members(table, file)?;
        let at_least = match (&members, &file.at_least) {
            (Members::Each { .. }, Some(value)) => {
                let help = "with `each`, the number required is the number of values; remove this line";
                return Err(self.error(value.span(), "`at_least` stands inside `each`", help));
            }
            (Members::Each { .. }, None) => 0,
            (_, value) => self.hundredths(self.required(file, value.as_ref(), "at_least")?)?,
        };
        Ok(CountRule {
            table,
            unit,
            terms: self.terms(table, file.predicate.as_ref())?,
            window: file.window.as_ref().map(|window| self.window(table, window)).transpose()?,
            at_least,
            having: file.having.as_ref().map(|having| self.having(table, unit, having)).transpose()?,
            members,
        })
    }

    pub(super) fn quantified_rule(&self, file: &RequirementFile) -> Loaded<CountRule> {
        let base = self.count_rule(self.base(file)?)?;
        let own = self.terms(base.table, Some(self.required(file, file.predicate.as_ref(), "where")?))?;
        let at_least = if file.kind.get_ref() == "some" { 100 } else { base.at_least };
        let terms = base.terms.iter().cloned().chain(own).collect();
        Ok(CountRule { terms, at_least, members: Members::None, ..base })
    }

    /// The counting requirement that `base` names.
    pub(super) fn base(&self, file: &RequirementFile) -> Loaded<&RequirementFile> {
        let name = self.required(file, file.base.as_ref(), "base")?;
        let requirements = &self.read.requirement;
        let Some(base) = requirements.iter().find(|other| other.id.get_ref() == name.get_ref()) else {
            let help = suggest(name.get_ref(), requirements.iter().map(|other| other.id.get_ref().as_str()));
            return Err(self.error(name.span(), &format!("there is no requirement `{}`", name.get_ref()), &help));
        };
        if base.kind.get_ref() != "count" || base.each.is_some() {
            return Err(self.error(
                name.span(),
                "the base must be a plain count",
                "name a requirement of kind \"count\"",
            ));
        }
        Ok(base)
    }

    pub(super) fn table(&self, name: &Spanned<String>) -> Loaded<TableId> {
        TableId::from_name(name.get_ref()).ok_or_else(|| {
            let help = suggest(name.get_ref(), TableId::ALL.map(TableId::name));
            self.error(name.span(), &format!("there is no table `{}`", name.get_ref()), &help)
        })
    }

    pub(super) fn window(&self, table: TableId, window: &Spanned<WindowFile>) -> Loaded<RuleWindow> {
        let column = self.column(table, &window.get_ref().column, ColumnType::Date)?;
        let window = match &window.get_ref().months {
            None => Window::UpToAsOf,
            Some(months) if (1..=1200).contains(months.get_ref()) => Window::Months(Months::new(*months.get_ref())),
            Some(months) => return Err(self.error(months.span(), "a window has 1 to 1200 months", "")),
        };
        Ok(RuleWindow { column, window })
    }

    /// A count or sum in hundredths: `50`, or `"10000.00"`.
    pub(super) fn hundredths(&self, value: &Spanned<Value>) -> Loaded<i64> {
        let cents = match value.get_ref() {
            Value::Integer(count) => count.checked_mul(100),
            Value::String(text) => text.parse::<Cents>().ok().map(|cents| cents.0),
            _ => None,
        };
        let help = "write a whole number such as 50, or an amount in quotes such as \"5000.00\"";
        let positive = cents.filter(|cents| *cents > 0);
        positive.ok_or_else(|| self.error(value.span(), "expected a number greater than zero", help))
    }

    pub(super) fn required<'v, T>(
        &self,
        file: &RequirementFile,
        field: Option<&'v Spanned<T>>,
        key: &str,
    ) -> Loaded<&'v Spanned<T>> {
        field.ok_or_else(|| {
            let message =
                format!("requirement `{}` of kind \"{}\" needs `{key}`", file.id.get_ref(), file.kind.get_ref());
            self.error(file.id.span(), &message, &format!("add a line `{key} = …`"))
        })
    }

    fn column(&self, table: TableId, name: &Spanned<String>, ty: ColumnType) -> Loaded<&'static Column> {
        let schema = table.schema();
        let Some(column) = schema.column(name.get_ref()) else {
            let help = suggest(name.get_ref(), schema.columns.iter().filter(|c| c.ty == ty).map(|c| c.name));
            let message = format!("table `{}` has no column `{}`", schema.name, name.get_ref());
            return Err(self.error(name.span(), &message, &help));
        };
        if column.ty != ty {
            let message = format!("`{}` is of type {}, not {}", column.name, column.ty.name(), ty.name());
            let help = suggest(name.get_ref(), schema.columns.iter().filter(|c| c.ty == ty).map(|c| c.name));
            return Err(self.error(name.span(), &message, &help));
        }
        Ok(column)
    }

    fn unit(&self, table: TableId, count: &Spanned<String>) -> Loaded<Unit> {
        let words: Vec<&str> = count.get_ref().split_whitespace().collect();
        let named = |name: &str| Spanned::new(count.span(), name.to_owned());
        match words.as_slice() {
            ["rows"] => Ok(Unit::Rows),
            ["distinct", name] => self.column(table, &named(name), ColumnType::Text).map(Unit::Distinct),
            ["sum", name] => self.column(table, &named(name), ColumnType::Decimal).map(Unit::Sum),
            _ => {
                let help = "write \"rows\", \"distinct COLUMN\" or \"sum COLUMN\"";
                Err(self.error(count.span(), "this is nothing that can be counted", help))
            }
        }
    }

    fn having(&self, table: TableId, unit: Unit, having: &Spanned<HavingFile>) -> Loaded<Having> {
        if !matches!(unit, Unit::Distinct(_)) {
            return Err(self.error(having.span(), "`having` needs a distinct count", "count = \"distinct COLUMN\""));
        }
        let file = having.get_ref();
        let column = self.column(table, &file.sum, ColumnType::Decimal)?;
        Ok(Having { column, at_least: self.hundredths(&file.at_least)? })
    }

    fn members(&self, table: TableId, file: &RequirementFile) -> Loaded<Members> {
        match (&file.of_which, &file.each) {
            (None, None) => Ok(Members::None),
            (Some(list), None) => {
                let members = list.get_ref().iter().map(|member| self.member(table, member));
                Ok(Members::OfWhich(members.collect::<Loaded<_>>()?))
            }
            (None, Some(each)) => self.each(table, each),
            (Some(_), Some(each)) => Err(self.error(each.span(), "`each` and `of_which` exclude each other", "")),
        }
    }

    fn member(&self, table: TableId, file: &MemberFile) -> Loaded<Member> {
        Ok(Member {
            id: file.id.get_ref().clone(),
            title: file.title.clone().unwrap_or_else(|| file.id.get_ref().clone()),
            terms: self.terms(table, Some(&file.predicate))?,
            at_least: self.hundredths(&file.at_least)?,
        })
    }

    fn each(&self, table: TableId, each: &Spanned<EachFile>) -> Loaded<Members> {
        let file = each.get_ref();
        let column = self.column(table, &file.column, ColumnType::Text)?;
        let values = self.each_values(each)?;
        let at_least = self.hundredths(&file.at_least)?;
        let unnamed = file.unnamed.unwrap_or(0).saturating_sub(values.len() as u32);
        if values.is_empty() && unnamed == 0 {
            return Err(self.error(each.span(), "`each` has no values", "name them, or say how many with `unnamed`"));
        }
        self.check_values(column, each, &values)?;
        let member = |value: &String| Member {
            id: value.clone(),
            title: value.clone(),
            terms: vec![equals(column, value)],
            at_least,
        };
        Ok(Members::Each { members: values.iter().map(member).collect(), unnamed })
    }

    fn each_values(&self, each: &Spanned<EachFile>) -> Loaded<Vec<String>> {
        match (&each.get_ref().values, &each.get_ref().set) {
            (Some(values), None) => Ok(values.get_ref().clone()),
            (None, Some(set)) => self.sets.get(set.get_ref()).cloned().ok_or_else(|| {
                let help = suggest(set.get_ref(), self.sets.keys().map(String::as_str));
                self.error(set.span(), &format!("there is no set `{}`", set.get_ref()), &help)
            }),
            _ => Err(self.error(each.span(), "`each` needs either `values` or `set`", "")),
        }
    }

    fn check_values(&self, column: &Column, each: &Spanned<EachFile>, values: &[String]) -> Loaded<()> {
        let Some(picklist) = self.picklists.get(column.picklist) else { return Ok(()) };
        match values.iter().find(|value| !picklist.values.contains(*value)) {
            None => Ok(()),
            Some(value) => {
                let help = suggest(value, picklist.values.iter().map(String::as_str));
                Err(self.error(each.span(), &format!("`{value}` is no value of `{}`", column.name), &help))
            }
        }
    }
}

fn equals(column: &'static Column, value: &str) -> Term {
    let literal = Literal::Text(value.to_owned());
    let text = format!("{} = {literal}", column.name);
    Term { predicate: Predicate::Compare(Operand::Column(column), Comparison::Equal, literal), text }
}
