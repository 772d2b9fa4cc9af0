//! From checklist file to rules.

use super::fields::Fields;
use super::{
    AttestedRule, Checklist, Count, CountRule, Goal, Member, Per, Place, Requirement, Rule, Selection, Window,
};
use crate::naive::predicate::{Expr, Sets, parse};
use aceq_model::TableId;
use toml::Value;

const FILE: [&str; 4] = ["checklist", "sets", "condition", "requirement"];
const HEAD: [&str; 8] =
    ["program", "version", "title", "partner_types", "released", "accepted", "incomplete", "source"];
const CONDITION: [&str; 6] = ["id", "title", "section", "table", "where", "window"];
const REQUIREMENT: [&str; 25] = [
    "id",
    "title",
    "section",
    "kind",
    "table",
    "count",
    "where",
    "window",
    "at_least",
    "having",
    "of_which",
    "each",
    "reading",
    "checked",
    "advice",
    "part",
    "applies_when",
    "waived_when",
    "alternative",
    "base",
    "of",
    "per",
    "case_satisfied_when",
    "answers_of",
    "drop",
];
const MEMBER: [&str; 4] = ["id", "title", "where", "at_least"];
const EACH: [&str; 5] = ["column", "values", "set", "at_least", "unnamed"];

/// The rules of the checklist file `text`.
///
/// # Panics
/// When the file is not as the format demands.
pub fn read(text: &str) -> Checklist {
    let file: toml::Table = text.parse().unwrap_or_else(|error| panic!("{error}"));
    let file = Fields::new("checklist file", &Value::Table(file), &FILE);
    let head = Fields::new("checklist", file.required("checklist"), &HEAD);
    let reader =
        Reader { sets: sets(&file, head.text("program")), requirements: file.tables("requirement", &REQUIREMENT) };
    Checklist {
        program: head.text("program").to_owned(),
        version: head.text("version").to_owned(),
        conditions: file
            .tables("condition", &CONDITION)
            .iter()
            .map(|condition| (condition.text("id").to_owned(), reader.selection(condition)))
            .collect(),
        requirements: reader.requirements.iter().map(|fields| reader.requirement(fields)).collect(),
    }
}

fn sets(file: &Fields, program: &str) -> Sets {
    let given = file.get("sets").cloned().map(|sets| sets.try_into().expect("sets are lists of texts"));
    let mut sets: Sets = given.unwrap_or_default();
    sets.insert("program".to_owned(), vec![program.to_owned()]);
    sets
}

struct Reader {
    sets: Sets,
    requirements: Vec<Fields>,
}

impl Reader {
    fn requirement(&self, fields: &Fields) -> Requirement {
        let beside = fields.flag("advice") || fields.flag("part");
        let alternatives = fields.tables("alternative", &[&REQUIREMENT[..], &["name"]].concat());
        let mut readings = vec![("adopted".to_owned(), self.rule(fields))];
        for alternative in alternatives {
            let dropped = alternative.maybe_texts("drop").unwrap_or_default();
            readings.push((alternative.text("name").to_owned(), self.rule(&fields.overridden(&alternative, &dropped))));
        }
        Requirement {
            id: fields.text("id").to_owned(),
            place: if beside { Place::Beside } else { Place::Whole },
            applies_when: fields.maybe_texts("applies_when").filter(|conditions| !conditions.is_empty()),
            waived_when: fields.maybe_texts("waived_when").unwrap_or_default(),
            readings,
        }
    }

    fn rule(&self, fields: &Fields) -> Rule {
        let parts = || fields.maybe_texts("of").expect("a combination names its parts");
        match fields.text("kind") {
            "count" | "every" | "some" => Rule::Count(self.count_rule(fields)),
            "all_of" => Rule::Combine { required: parts().len() as i64 * 100, of: parts() },
            "any_of" => Rule::Combine { required: 100, of: parts() },
            "at_least_of" => Rule::Combine { required: fields.hundredths("at_least"), of: parts() },
            "attested" => Rule::Attested(self.attested(fields)),
            kind => panic!("there is no kind {kind}"),
        }
    }

    fn count_rule(&self, fields: &Fields) -> CountRule {
        let completed = self.with_base(fields);
        CountRule { selection: self.selection_with_base(fields), count: count(&completed), goal: self.goal(&completed) }
    }

    /// The fields of `every` and `some`, completed by those of their base; of other kinds, as they are.
    fn with_base(&self, fields: &Fields) -> Fields {
        let inherited: &[&str] = match fields.text("kind") {
            "every" => &["table", "count", "window", "at_least"],
            "some" => &["table", "count", "window"],
            _ => return fields.clone(),
        };
        let dropped = fields.maybe_texts("drop").unwrap_or_default();
        fields.inheriting(&self.with_base(self.base(fields)), inherited, &dropped)
    }

    fn selection_with_base(&self, fields: &Fields) -> Selection {
        let mut selection = self.selection(&self.with_base(fields));
        if matches!(fields.text("kind"), "every" | "some") {
            selection.conditions.extend(self.selection_with_base(self.base(fields)).conditions);
        }
        selection
    }

    fn base(&self, fields: &Fields) -> &Fields {
        let id = fields.text("base");
        self.requirements.iter().find(|other| other.text("id") == id).unwrap_or_else(|| panic!("no requirement {id}"))
    }

    fn selection(&self, fields: &Fields) -> Selection {
        let window = fields.maybe_fields("window", &["column", "months"]);
        Selection {
            table: fields.table(),
            conditions: fields.maybe_text("where").map(|text| self.predicate(text)).into_iter().collect(),
            window: window.map(|window| Window {
                column: window.text("column").to_owned(),
                months: window.maybe_integer("months").map(|months| months.try_into().expect("months are few")),
            }),
        }
    }

    fn predicate(&self, text: &str) -> Expr {
        parse(text, &self.sets)
    }

    fn goal(&self, fields: &Fields) -> Goal {
        let of_which = fields.tables("of_which", &MEMBER);
        let Some(each) = fields.maybe_fields("each", &EACH) else {
            let one = (fields.text("kind") == "some").then_some(100);
            let required = fields.maybe_hundredths("at_least").or(one).expect("a count says how many it asks for");
            return Goal::AtLeast { required, of_which: of_which.iter().map(|member| self.member(member)).collect() };
        };
        assert!(of_which.is_empty(), "a requirement has `each` or `of_which`, not both");
        self.each(&each)
    }

    fn member(&self, fields: &Fields) -> Member {
        Member {
            id: fields.text("id").to_owned(),
            condition: self.predicate(fields.text("where")),
            required: fields.hundredths("at_least"),
        }
    }

    fn each(&self, each: &Fields) -> Goal {
        let named = |set: &str| self.sets.get(set).unwrap_or_else(|| panic!("there is no set {set}")).clone();
        let values = each.maybe_texts("values").unwrap_or_else(|| named(each.text("set")));
        if values.is_empty() {
            return Goal::Unnamed {
                values: each.maybe_integer("unnamed").expect("an empty set says how many it stands for"),
            };
        }
        let member = |value: &String| Member {
            id: value.clone(),
            condition: Expr::column_is(each.text("column"), value),
            required: each.hundredths("at_least"),
        };
        Goal::Each(values.iter().map(member).collect())
    }

    fn attested(&self, fields: &Fields) -> AttestedRule {
        let per = match fields.maybe_text("per").unwrap_or("partner") {
            "partner" => Per::Partner,
            "case_study" => Per::CaseStudy {
                base: self.case_studies(fields),
                satisfied_when: fields.maybe_text("case_satisfied_when").map(|text| self.predicate(text)),
            },
            per => panic!("an answer is about the partner or a case study, not {per}"),
        };
        let asked = fields.maybe_text("answers_of").unwrap_or_else(|| fields.text("id")).to_owned();
        AttestedRule { asked, per, required: fields.maybe_hundredths("at_least").unwrap_or(100) }
    }

    fn case_studies(&self, fields: &Fields) -> Selection {
        let base = self.selection_with_base(self.base(fields));
        assert_eq!(base.table, TableId::CaseStudies, "{} is about case studies", fields.text("id"));
        base
    }
}

fn count(fields: &Fields) -> Count {
    let text = fields.text("count");
    let (what, column) = text.split_once(' ').unwrap_or((text, ""));
    let having = fields.maybe_fields("having", &["sum", "at_least"]);
    let column = column.trim().to_owned();
    match (what, having) {
        ("distinct", None) => Count::Distinct(column),
        ("distinct", Some(having)) => Count::DistinctHaving {
            unit: column,
            sum: having.text("sum").to_owned(),
            at_least: having.hundredths("at_least"),
        },
        ("rows", None) => Count::Rows,
        ("sum", None) => Count::Sum(column),
        _ => panic!("`{text}` is no count, or none that goes with `having`"),
    }
}
