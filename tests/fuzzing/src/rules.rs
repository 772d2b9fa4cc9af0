//! Rule files, worked cases, predicates, mappings and corrections.

use crate::reading::{options, outcome};
use crate::scratch::Scratch;
use aceq_checklist::{Diagnostic, Library, Rule, load, load_cases};
use aceq_ingest::{Corrections, Mappings, recognise};
use aceq_model::Picklists;
use std::sync::OnceLock;

fn picklists() -> &'static Picklists {
    static PICKLISTS: OnceLock<Picklists> = OnceLock::new();
    PICKLISTS.get_or_init(|| Mappings::builtin().picklists())
}

/// The text of a checklist.
pub(crate) fn checklist(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match load("fuzz.toml", &text, picklists()) {
        Err(diagnostic) => check(&diagnostic),
        Ok(checklist) => {
            let again = load("fuzz.toml", &text, picklists());
            assert!(
                again.is_ok_and(|again| format!("{again:?}") == format!("{checklist:?}")),
                "a second reading differs"
            );
            assert!(Library::new(vec![checklist]).is_ok(), "a library of one checklist");
        }
    }
}

/// The text of worked cases.
pub(crate) fn cases(bytes: &[u8]) {
    if let Err(diagnostic) = load_cases("fuzz.cases.toml", &String::from_utf8_lossy(bytes)) {
        check(&diagnostic);
    }
}

/// What `where` says of a rule that counts opportunities.
pub(crate) fn predicate(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let quoted = toml::Value::from(text.into_owned());
    let rule = format!("{RULE}where = {quoted}\n");
    match load("fuzz.toml", &rule, picklists()) {
        Err(diagnostic) => check(&diagnostic),
        Ok(checklist) => {
            let Rule::Count(count) = &checklist.requirements[0].rule else { panic!("the rule counts") };
            let table = aceq_model::TableId::Opportunities.schema();
            for column in count.terms.iter().flat_map(|term| term.predicate.columns()) {
                assert!(table.column(column.name).is_some(), "{} is no column of the table", column.name);
            }
        }
    }
}

const RULE: &str = "[checklist]\nprogram = \"smb\"\nversion = \"1\"\ntitle = \"T\"\npartner_types = [\"services\"]
released = 2025-08-29\naccepted = { from = 2025-08-29 }\nsource = { document = \"D\", checked = 2025-08-29 }\n
[[requirement]]\nid = \"1\"\ntitle = \"R\"\nsection = \"1\"\nkind = \"count\"\ntable = \"opportunities\"
count = \"rows\"\nat_least = 1\n";

fn check(diagnostic: &Diagnostic) {
    assert!(diagnostic.line() > 0 && diagnostic.column() > 0 && !diagnostic.to_string().is_empty());
    assert!(!diagnostic.message.is_empty(), "a mistake without a message");
    // What draws the caret cuts the text here.
    assert!(diagnostic.span.start <= diagnostic.span.end, "{:?}", diagnostic.span);
    assert!(diagnostic.span.end <= diagnostic.text.len(), "{:?} of {}", diagnostic.span, diagnostic.text.len());
}

/// The text of a mapping, and a file read by it.
pub(crate) fn mapping(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match Mappings::builtin().with_sources(&[("fuzz.toml", &text)]) {
        Err(error) => assert!(!error.to_string().is_empty(), "an error without a message"),
        Ok(mappings) => {
            let scratch = Scratch::new(include_bytes!("../../cmd/in/crm/salesforce.csv"));
            let (input, options) = (scratch.input(), options(1 << 16));
            let tables = recognise(&input, &mappings, &options).map(|found| found.tables).unwrap_or_default();
            for recognised in tables {
                let outcome = outcome(&input, &recognised, &mappings, &options).expect("a file that is there");
                assert!(outcome.ledger.balances(), "{:?}", outcome.ledger);
            }
        }
    }
}

/// A file of corrections.
pub(crate) fn corrections(bytes: &[u8]) {
    let scratch = Scratch::new(bytes);
    let told = || match Corrections::read(&scratch.path()) {
        Ok(corrections) => format!("{corrections:?}"),
        Err(error) => error.to_string(),
    };
    let first = told();
    assert!(!first.is_empty(), "an error without a message");
    assert_eq!(first, told(), "a second reading differs");
}
