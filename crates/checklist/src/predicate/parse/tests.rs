//! The predicate language by example: what is read, what is refused, and where the finger points.

use super::{Scope, parse};
use aceq_model::{Picklist, Picklists, TableId};
use std::collections::BTreeMap;

fn scope_test<T>(test: impl FnOnce(&Scope<'_>) -> T) -> T {
    let sets = BTreeMap::from([
        ("not_smb".to_owned(), vec!["Startup".to_owned(), "ISV".to_owned()]),
        ("none".to_owned(), vec![]),
    ]);
    let stages = ["Launched", "Qualified"].map(str::to_owned);
    let picklists =
        Picklists(BTreeMap::from([("stage".to_owned(), Picklist { values: stages.into_iter().collect() })]));
    test(&Scope { table: TableId::Opportunities.schema(), sets: &sets, picklists: &picklists })
}

#[test]
fn reads() {
    // text → canonical form of each top-level term
    let cases: &[(&str, &[&str])] = &[
        ("stage = 'Launched' AND registered", &["(stage = 'Launched')", "registered"]),
        ("arr_usd > 1000", &["(arr_usd > 1000.00)"]),
        ("arr_usd >= 416.66", &["(arr_usd >= 416.66)"]),
        ("employees BETWEEN 1 AND 499", &["((employees >= 1) AND (employees <= 499))"]),
        ("customer_type NOT IN (:not_smb)", &["(NOT (customer_type IN ('Startup', 'ISV')))"]),
        ("origin IN ('a', 'b') OR NOT masked", &["((origin IN ('a', 'b')) OR (NOT masked))"]),
        ("use_case LIKE 'Big Data%'", &["(use_case LIKE 'Big Data%')"]),
        ("has_any(aws_products, :not_smb)", &["has_any(aws_products, ('Startup', 'ISV'))"]),
        ("has_any(aws_products, ('A', 'B'))", &["has_any(aws_products, ('A', 'B'))"]),
        ("maybe(list_length(solutions) > 0)", &["maybe((list_length(solutions) > 0))"]),
        ("COALESCE(employees < 5, segment = 'SMB')", &["COALESCE((employees < 5), (segment = 'SMB'))"]),
        ("COALESCE(segment, 'x') = 'x'", &["(COALESCE(segment, 'x') = 'x')"]),
        ("launch_date IS NOT NULL", &["(NOT (launch_date IS NULL))"]),
        ("masked = FALSE", &["(NOT masked)"]),
        ("customer_name = 'O''Hara'", &["(customer_name = 'O''Hara')"]),
    ];
    for (text, expected) in cases {
        let terms = scope_test(|scope| parse(text, scope)).unwrap_or_else(|m| panic!("{text}: {}", m.message));
        let shown: Vec<String> = terms.iter().map(|term| term.predicate.to_string()).collect();
        assert_eq!(&shown, expected, "{text}");
    }
}

#[test]
fn terms_keep_their_text() {
    let text = "stage IN ('Launched')\n  AND COALESCE(employees < 5,\n   segment = 'SMB') AND NOT masked AND segment NOT IN ('x')";
    let terms = scope_test(|scope| parse(text, scope)).unwrap();
    let texts: Vec<&str> = terms.iter().map(|term| term.text.as_str()).collect();
    assert_eq!(texts[0], "stage IN ('Launched')");
    assert_eq!(texts[1], "COALESCE(employees < 5, segment = 'SMB')");
    assert_eq!(texts[2..], ["NOT masked", "segment NOT IN ('x')"]);
}

#[test]
fn refuses() {
    // text, the part the finger points at, a part of the message or help
    let cases = [
        ("arr_usd > 1000 ANDD x = 1", "ANDD", "did you mean `AND`"),
        ("arr_usd >> 1000", "", ""),
        ("arr_usd == 1000", "arr_usd == 1000", "write `=`"),
        ("arr > 1000", "arr", "did you mean `arr_usd`"),
        ("arr_usd > 1000.005", "1000.005", "at most two decimals"),
        ("arr_usd > '1000'", "'1000'", "of type decimal"),
        ("stage = 'Lanched'", "'Lanched'", "did you mean `Launched`"),
        ("stage < 'Launched'", "stage < 'Launched'", "no order"),
        ("origin IN (:nosuch)", ":nosuch", "no set"),
        ("origin IN (:none)", "", "empty set"),
        ("origin IN ('a', NULL)", "NULL", "text"),
        ("origin LIKE 'a\\%'", "'a\\%'", "backslash"),
        ("aws_products = 'x'", "'x'", "has_any"),
        ("created_date > '2020-01-01'", "'2020-01-01'", "window"),
        ("stage", "stage", "not flag"),
        ("lower(stage) = 'launched'", "lower(stage)", "not part of"),
        ("\"stage\" = 'Launched'", "\"stage\"", "quoted"),
        ("stage::text = 'x'", "", ""),
        ("stage = 'Launched' -- why", "--", "comments"),
        ("'x'", "'x'", "no condition"),
        ("(SELECT 1) = 1", "", ""),
        ("", "", ""),
    ];
    for (text, pointed, words) in cases {
        let mistake = scope_test(|scope| parse(text, scope)).expect_err(text);
        let said = format!("{} / {}", mistake.message, mistake.help);
        assert!(said.contains(words), "{text}: {said}");
        if !pointed.is_empty() {
            assert_eq!(&text[mistake.span.clone()], pointed, "{text}: {said}");
        }
    }
}

/// A chain is a tree as deep as it is long: all that walks it must come back.
#[test]
fn a_chain_is_read_up_to_the_limit_and_refused_beyond_it() {
    for (word, terms) in [(" OR ", 1), (" AND ", 500)] {
        let longest = vec!["masked"; 500].join(word);
        assert_eq!(scope_test(|scope| parse(&longest, scope).unwrap().len()), terms, "{word}");
        let beyond = vec!["masked"; 100_000].join(word);
        let mistake = scope_test(|scope| parse(&beyond, scope).unwrap_err());
        assert!(mistake.message.contains("8192 is the limit"), "{}", mistake.message);
    }
}
