//! What actions cost: the file of `--actions`, over costs that are stated here.

use crate::error::CliError;
use aceq_metrics::Deed;
use aceq_model::PlanAction;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// What `aceq template actions` prints: the costs that hold without a file.
pub const TEMPLATE: &str = r#"# What an action costs, in whole points of your own: days of work, say. `false` = it cannot be done.
[costs]
supply = 1      # look up a value that is missing from a row
publish = 2     # publish a case study, list an offering
answer = 2      # fulfil a control of the self-assessment
renew = 2       # renew a certification, repeat a course
complete = 3    # one more badge, course or certification; a document; an approval by AWS
launch = 5      # bring an open opportunity to launch by the day
add = 20        # a new deal, case study, member of staff, event

# Single rows and requirements: by the row's id, or the requirement of what does not exist yet.
# [[only]]
# id = "O7100040"
# action = "launch"
# cost = 3
"#;

/// The costs in use.
#[derive(Debug)]
pub struct Costs {
    file: File,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    costs: BTreeMap<Kind, Cost>,
    #[serde(default)]
    only: Vec<Only>,
}

/// The cost of one row's or requirement's action.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Only {
    id: String,
    action: Option<Kind>,
    cost: Cost,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Launch,
    Supply,
    Renew,
    Publish,
    Complete,
    Answer,
    Add,
}

/// Points, or `false`: not to be had.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(untagged)]
enum Cost {
    Points(u16),
    Possible(bool),
}

impl Costs {
    /// The costs of the file, over those of [`TEMPLATE`].
    ///
    /// # Errors
    /// When the file cannot be read or says what nobody understands.
    pub fn read(path: Option<&Path>) -> Result<Self, CliError> {
        let mut file = parse(TEMPLATE, Path::new("the built-in costs"))?;
        if let Some(path) = path {
            let text =
                fs::read_to_string(path).map_err(|source| CliError::Unreadable { path: path.to_owned(), source })?;
            let own = parse(&text, path)?;
            file.costs.extend(own.costs);
            file.only = own.only;
        }
        Ok(Self { file })
    }

    /// What a deed costs; `None` = it cannot be done.
    pub fn of(&self, deed: &Deed) -> Option<u32> {
        let kind = kind(deed.kind);
        let is_it = |only: &&Only| {
            let names = if deed.row_id.is_empty() { &deed.label } else { &deed.row_id };
            only.id == *names && only.action.is_none_or(|action| action == kind)
        };
        let cost = self.file.only.iter().rev().find(is_it).map(|only| only.cost);
        match cost.or_else(|| self.file.costs.get(&kind).copied()) {
            Some(Cost::Points(points)) => Some(u32::from(points)),
            Some(Cost::Possible(true)) | None => Some(1),
            Some(Cost::Possible(false)) => None,
        }
    }
}

fn parse(text: &str, path: &Path) -> Result<File, CliError> {
    let wrong = |error: toml::de::Error| CliError::Config {
        path: PathBuf::from(path),
        message: error.to_string().trim().to_owned(),
    };
    toml::from_str(text).map_err(wrong)
}

fn kind(action: PlanAction) -> Kind {
    match action {
        PlanAction::Launch => Kind::Launch,
        PlanAction::Supply => Kind::Supply,
        PlanAction::Renew => Kind::Renew,
        PlanAction::Publish => Kind::Publish,
        PlanAction::Complete => Kind::Complete,
        PlanAction::Answer => Kind::Answer,
        PlanAction::Add => Kind::Add,
    }
}

#[cfg(test)]
mod tests {
    use super::Costs;
    use aceq_metrics::Deed;
    use aceq_model::PlanAction;

    fn deed(kind: PlanAction, row_id: &str, label: &str) -> Deed {
        Deed {
            kind,
            table: "opportunities",
            row_id: row_id.to_owned(),
            label: label.to_owned(),
            what: String::new(),
            source_file: String::new(),
            source_sheet: String::new(),
            source_line: 0,
        }
    }

    #[test]
    fn single_rows_go_before_kinds() {
        let text = "[costs]\nadd = false\n[[only]]\nid = \"O1\"\ncost = 9\n[[only]]\nid = \"ACC-002\"\naction = \"add\"\ncost = 4\n";
        let folder = tempfile_with(text);
        let costs = Costs::read(Some(&folder)).unwrap();
        let of = |kind, id, label| costs.of(&deed(kind, id, label));
        assert_eq!(of(PlanAction::Launch, "O1", "Acme"), Some(9));
        assert_eq!(of(PlanAction::Launch, "O2", "Acme"), Some(5));
        assert_eq!(of(PlanAction::Add, "", "ACC-002"), Some(4));
        assert_eq!(of(PlanAction::Add, "", "ACC-003"), None);
        std::fs::remove_file(folder).unwrap();
    }

    #[test]
    fn an_unknown_kind_is_refused() {
        let path = tempfile_with("[costs]\nlunch = 3\n");
        let message = Costs::read(Some(&path)).unwrap_err().to_string();
        assert!(message.contains("lunch") && message.contains("launch"), "{message}");
        std::fs::remove_file(path).unwrap();
    }

    fn tempfile_with(text: &str) -> std::path::PathBuf {
        let name = format!("aceq-costs-{}-{}.toml", std::process::id(), text.len());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}
