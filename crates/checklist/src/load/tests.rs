//! Broken rule files: each mistake has a line, a finger and a suggestion.

use super::load;
use aceq_model::Picklists;

const HEAD: &str = r#"[checklist]
program = "demo"
version = "1"
title = "Demo"
partner_types = ["services"]
released = 2026-01-01
accepted = { from = 2026-01-01, until = "2026-05" }
source = { document = "Demo checklist, 2026", checked = 2026-11-20 }

[[condition]]
id = "held"
title = "Held"
section = "1"
table = "designations"
where = "designation = 'X'"

[[requirement]]
id = "2.1"
title = "Case studies"
section = "2.1"
kind = "count"
table = "case_studies"
count = "distinct customer_key"
where = "has_any(programs, :program)"
window = { column = "deployed_date", months = 18 }
at_least = 4
"#;

#[test]
fn a_whole_file_loads() {
    let text = format!(
        "{HEAD}\n[[requirement]]\nid = \"D\"\ntitle = \"Diagrams\"\nsection = \"2.2\"\nkind = \"every\"\nbase = \"2.1\"\n\
         where = \"architecture_diagram\"\nwaived_when = [\"held\"]\n"
    );
    let checklist = load("demo.toml", &text, &Picklists::default()).unwrap();
    assert_eq!(checklist.requirements.len(), 2);
    let super::Rule::Count(rule) = &checklist.requirements[1].rule else { panic!("a counting rule") };
    assert_eq!((rule.terms.len(), rule.at_least), (2, 400));
}

#[test]
fn mistakes_are_pointed_at() {
    // what is appended, the text under the caret, a part of the message
    let base = "\n[[requirement]]\nid = \"X\"\ntitle = \"T\"\nsection = \"9\"\n";
    let count = "kind = \"count\"\ntable = \"opportunities\"\ncount = \"rows\"\n";
    let cases = [
        (format!("{base}kind = \"cuont\"\n"), "\"cuont\"", "did you mean `count`"),
        (format!("{base}{count}at_leats = 4\n"), "at_leats", "did you mean `at_least`"),
        (format!("{base}{count}"), "\"X\"", "needs `at_least`"),
        (format!("{base}{count}at_least = 0\n"), "0", "greater than zero"),
        (format!("{base}{count}at_least = 1\nwhere = \"stge = 'x'\"\n"), "stge", "did you mean `stage`"),
        (
            format!("{base}{count}at_least = 1\nwindow = {{ column = \"stage\", months = 1 }}\n"),
            "\"stage\"",
            "not date",
        ),
        (format!("{base}{count}at_least = 1\nbase = \"2.1\"\n"), "\"2.1\"", "means nothing for kind"),
        (format!("{base}kind = \"every\"\nbase = \"2.2\"\nwhere = \"public\"\n"), "\"2.2\"", "no requirement `2.2`"),
        (format!("{base}kind = \"all_of\"\nof = [\"X\"]\n"), "\"X\"", "contains itself"),
        (format!("{base}kind = \"attested\"\nwaived_when = [\"hold\"]\n"), "\"hold\"", "did you mean `held`"),
        (format!("{base}kind = \"attested\"\nper = \"customer\"\n"), "\"customer\"", "unknown unit"),
        (
            "\n[[requirement]]\nid = \"2.1\"\ntitle = \"T\"\nsection = \"9\"\nkind = \"attested\"\n".to_owned(),
            "\"2.1\"",
            "used twice",
        ),
    ];
    for (appended, pointed, words) in cases {
        let text = format!("{HEAD}{appended}");
        let diagnostic = load("demo.toml", &text, &Picklists::default()).expect_err(&appended);
        assert_eq!(&text[diagnostic.span.clone()], pointed, "{diagnostic}");
        assert!(diagnostic.to_string().contains(words), "{diagnostic}");
        assert!(diagnostic.line() > HEAD.lines().count(), "{diagnostic}");
    }
}

#[test]
fn no_text_panics() {
    for end in 0..HEAD.len() {
        if HEAD.is_char_boundary(end) {
            let _ = load("demo.toml", &HEAD[..end], &Picklists::default());
        }
    }
}
