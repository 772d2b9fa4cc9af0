//! `docs/reference` is what the program prints. `ACEQ_UPDATE=1` writes it anew; without, a stale page is a failure.

use aceq_checklist::Rule;
use aceq_model::FindingCode;
use aceq_tests::rulebook::{self, Rules};
use aceq_tests::{program, program::stdout};
use std::fmt::Write;
use std::fs;

#[test]
fn tables() {
    hold("tables.md", &stdout(&["schema", "--format", "markdown"]));
}

#[test]
fn codes() {
    hold("codes.md", &stdout(&["schema", "--format", "codes"]));
}

#[test]
fn every_finding_is_explained_at_length() {
    let page = fs::read_to_string(program::repository().join("docs/findings.md")).expect("the page about findings");
    let unexplained = FindingCode::ALL.iter().find(|code| !page.contains(&format!("**`{code}`**")));
    assert_eq!(unexplained, None, "docs/findings.md");
}

#[test]
fn schema() {
    hold("requirement_status.schema.json", &stdout(&["schema", "--format", "json"]));
}

#[test]
fn schema_of_diff() {
    hold("diff.schema.json", &stdout(&["schema", "--format", "diff"]));
    hold("forecast.schema.json", &stdout(&["schema", "--format", "forecast"]));
}

#[test]
fn command_line() {
    hold("cli.md", &command_line_page());
}

#[test]
fn checklists() {
    hold("checklists.md", &checklists_page());
}

/// Every page has a test here.
#[test]
fn nothing_else_lies_there() {
    let known = [
        "checklists.md",
        "cli.md",
        "codes.md",
        "diff.schema.json",
        "forecast.schema.json",
        "requirement_status.schema.json",
        "tables.md",
    ];
    for entry in fs::read_dir(program::repository().join("docs/reference")).expect("the folder") {
        let name = entry.expect("an entry").file_name().to_string_lossy().into_owned();
        assert!(known.contains(&name.as_str()), "docs/reference/{name} is made by nothing");
    }
}

fn hold(name: &str, expected: &str) {
    let path = program::repository().join("docs/reference").join(name);
    if std::env::var_os("ACEQ_UPDATE").is_some() {
        fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
        fs::write(&path, expected).expect("the page can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    let line = found.lines().zip(expected.lines()).position(|(found, expected)| found != expected);
    let line = line.unwrap_or(found.lines().count().min(expected.lines().count())) + 1;
    assert!(found == expected, "docs/reference/{name} is stale from line {line} on: run `make gen`");
}

fn command_line_page() -> String {
    let mut page = String::from(
        "# The command line\n\nWhat `aceq --help` and the `--help` of every command print. Exit codes: 0 done, \
         1 done and `--fail-on` found something, 2 could not run.\n",
    );
    help(&[], &mut page);
    page
}

/// The page of one command, and those of the commands below it.
fn help(command: &[&str], page: &mut String) {
    let text = stdout(&[command, &["--help"]].concat());
    let name = [&["aceq"], command].concat().join(" ");
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    write!(page, "\n## {name}\n\n```text\n{}\n```\n", lines.join("\n")).expect("a String takes everything");
    for below in subcommands(&text) {
        help(&[command, &[below]].concat(), page);
    }
}

/// The names in the list below `Commands:`; their lines are indented by two spaces, continuations by more.
fn subcommands(help: &str) -> Vec<&str> {
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = list.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')));
    names.filter_map(|line| line.split(' ').next()).filter(|name| *name != "help").collect()
}

fn checklists_page() -> String {
    let list = stdout(&["checklist", "list"]);
    let mut page = format!(
        "# Checklists\n\nWhat `aceq checklist list` and `aceq checklist show` print: every requirement, and how each one \
         that is not attested is decided.\n\n```text\n{}\n```\n",
        list.trim_end()
    );
    rulebook::all().iter().for_each(|rules| checklist(rules, &mut page));
    page
}

fn checklist(rules: &Rules, page: &mut String) {
    let (program, version) = (&rules.checklist.program, &rules.checklist.version);
    let mut block = |title: String, arguments: &[&str]| {
        let show = ["checklist", "show", program, "--checklist-version", version];
        let text = stdout(&[&show, arguments].concat());
        write!(page, "\n{title}\n\n```text\n{}\n```\n", text.trim_end()).expect("a String takes everything");
    };
    block(format!("## {program} {version}"), &[]);
    for requirement in &rules.checklist.requirements {
        if !matches!(requirement.rule, Rule::Attested(_)) {
            block(format!("### {program} {}", requirement.id), &[&requirement.id]);
        }
    }
}
