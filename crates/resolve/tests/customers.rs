//! Who is one customer, and what is known about it.

#[expect(dead_code, reason = "each test file uses a part of it")]
mod support;

use aceq_model::TableId::{CaseStudies, Customers, Opportunities};
use aceq_resolve::{Override, Resolved, Settings};
use support::{export, findings, resolved, resolved_with, shown};

const HEADER: &str = "opportunity_id | customer_name | customer_website | customer_aws_account_id | customer_duns";

/// Opportunities O1, O2, … with these customers.
fn customers_with(settings: &Settings, rows: &[&str]) -> Resolved {
    let lines: Vec<_> = (1..).zip(rows).map(|(number, row)| format!("O{number} | {row}")).collect();
    resolved_with(vec![export(Opportunities, "a", "-", &format!("{HEADER}\n{}", lines.join("\n")))], settings)
}

fn keys(resolved: &Resolved) -> Vec<String> {
    shown(resolved, Opportunities, "customer_key | customer_key_strict")
}

#[test]
fn what_joins_and_what_does_not() {
    for (name, rows, expected) in [
        ("case, spaces, punctuation", ["Acme Inc. | - | - | -", "ACME INC | - | - | -"], ["acme-inc | acme-inc"; 2]),
        (
            "numbers tell apart",
            ["Nova 12 | - | - | -", "Nova 13 | - | - | -"],
            ["nova-12 | nova-12", "nova-13 | nova-13"],
        ),
        ("account", ["Acme | - | 111122223333 | -", "Beta | - | 111122223333 | -"], ["acme | acme"; 2]),
        ("DUNS", ["Acme | - | - | 123456789", "Beta | - | - | 123456789"], ["acme | acme"; 2]),
        ("half an account", ["Acme | - | 11112222 | -", "Beta | - | 11112222 | -"], ["acme | acme", "beta | beta"]),
        (
            "website, weakly",
            ["Acme | www.acme.example | - | -", "Beta | https://acme.example/x | - | -"],
            ["acme | acme", "acme | beta"],
        ),
        ("public mail", ["Acme | a@gmail.com | - | -", "Beta | b@gmail.com | - | -"], ["acme | acme", "beta | beta"]),
        (
            "legal suffix, weakly",
            ["Acme GmbH | - | - | -", "Acme Inc | - | - | -"],
            ["acme-gmbh | acme-gmbh", "acme-gmbh | acme-inc"],
        ),
        ("accents, weakly", ["Müller | - | - | -", "Muller | - | - | -"], ["muller | müller", "muller | muller"]),
        (
            "an account alone",
            ["- | - | 111122223333 | -", "- | - | - | -"],
            ["aws:111122223333 | aws:111122223333", "- | -"],
        ),
        (
            "a website alone is a customer of its own by strong evidence",
            ["- | acme.example | - | -", "- | acme.example | - | -"],
            ["web:acme.example | web:acme.example~O1", "web:acme.example | web:acme.example~O2"],
        ),
    ] {
        assert_eq!(keys(&customers_with(&Settings::default(), &rows)), expected, "{name}");
    }
}

#[test]
fn joining_is_transitive_and_tells_why() {
    let rows = [
        "Zeta | - | 111122223333 | -",
        "Acme | - | 111122223333 | 123456789",
        "Mu   | - | -            | 123456789",
        "ACME | - | -            | -",
    ];
    let resolved = customers_with(&Settings::default(), &rows);
    assert_eq!(keys(&resolved), ["acme | acme"; 4]);
    let links = resolved.links.iter().map(|link| {
        format!(
            "{} {} {} {}: {} – {}",
            link.customer_key, link.strength, link.evidence, link.value, link.left_name, link.right_name
        )
    });
    assert_eq!(
        links.collect::<Vec<_>>(),
        [
            "acme strong aws_account_id 111122223333: ACME – Zeta",
            "acme strong duns 123456789: ACME – Mu",
            "acme strong name acme: ACME – Acme",
        ]
    );
}

#[test]
fn links_grow_with_names_not_with_their_pairs() {
    let rows: Vec<_> = (0..100).map(|n| format!("Name {n} | acme.example | - | -")).collect();
    let rows: Vec<_> = rows.iter().map(String::as_str).collect();
    assert_eq!(customers_with(&Settings::default(), &rows).links.len(), 99);
}

#[test]
fn an_identifier_of_more_than_five_names_joins_nobody() {
    let rows: Vec<_> = (1..=6).map(|n| format!("Name {n} | - | 111122223333 | -")).collect();
    let mut rows: Vec<_> = rows.iter().map(String::as_str).collect();
    let five = customers_with(&Settings::default(), &rows[..5]);
    assert_eq!(keys(&five), ["name-1 | name-1"; 5]);
    rows.push("- | - | 111122223333 | -");
    let six = customers_with(&Settings::default(), &rows);
    assert_eq!(keys(&six)[0], "name-1 | name-1");
    assert_eq!(keys(&six)[5..], ["name-6 | name-6", "- | -"]);
    assert_eq!(findings(&six).len(), 7);
    assert_eq!(six.findings[0].detail, "AWS account id 111122223333 is carried by 6 customer names");
}

fn stated(left: &str, right: &str) -> Override {
    Override { partner_id: None, left: left.to_owned(), right: right.to_owned(), reason: "the user says so".to_owned() }
}

#[test]
fn the_user_joins_names() {
    let settings = Settings { same: vec![stated("Acme", "beta!")], ..Settings::default() };
    let resolved = customers_with(&settings, &["Acme | - | - | -", "Beta | - | - | -"]);
    assert_eq!(keys(&resolved), ["acme | acme"; 2]);
    assert_eq!((resolved.links[0].evidence, resolved.links[0].value.as_str()), ("stated", "the user says so"));
    let other = Override { partner_id: Some("P9".to_owned()), ..stated("Acme", "Beta") };
    let settings = Settings { same: vec![other], ..Settings::default() };
    let resolved = customers_with(&settings, &["Acme | - | - | -", "Beta | - | - | -"]);
    assert_eq!(keys(&resolved), ["acme | acme", "beta | beta"], "said about another partner");
}

#[test]
fn names_declared_different_stay_apart_whatever_joins_them() {
    for (name, rows, expected) in [
        (
            "one account",
            vec!["Acme | - | 111122223333 | -", "Beta | - | 111122223333 | -"],
            vec!["acme | acme", "beta | beta"],
        ),
        (
            "one website",
            vec!["Acme | x.example | - | -", "Beta | x.example | - | -"],
            vec!["acme | acme", "beta | beta"],
        ),
        (
            "a third name in the account: with one of them, so that it is not counted twice; apart by strong evidence",
            vec!["Acme | - | 111122223333 | -", "Beta | - | 111122223333 | -", "Zeta | - | 111122223333 | -"],
            vec!["acme | acme", "beta | beta", "acme | zeta"],
        ),
        (
            "through a third name",
            vec!["Acme | - | 111122223333 | -", "Mu | - | 111122223333 | 123456789", "Beta | - | - | 123456789"],
            vec!["acme | acme", "acme | acme", "beta | beta"],
        ),
        (
            "strong evidence before weak",
            vec!["Acme | x.example | - | -", "Mu | x.example | 111122223333 | -", "Beta | - | 111122223333 | -"],
            vec!["acme | acme", "beta | beta", "beta | beta"],
        ),
    ] {
        let settings = Settings { different: vec![stated("Acme", "Beta")], ..Settings::default() };
        let resolved = customers_with(&settings, &rows);
        assert_eq!(keys(&resolved), expected, "{name}");
    }
    let settings = Settings { different: vec![stated("a", "b")], same: vec![stated("A", "B")], ..Settings::default() };
    let both = customers_with(&settings, &["A | - | - | -", "B | - | - | -"]);
    assert_eq!(keys(&both), ["a | a", "b | b"], "different is stronger than same");
}

#[test]
fn masked_customers_have_no_key() {
    let rows =
        export(Opportunities, "a", "-", "opportunity_id | customer_name | masked\nO1 | Acme | yes\nO2 | Acme | no");
    assert_eq!(shown(&resolved(vec![rows]), Opportunities, "customer_key"), ["-", "acme"]);
}

#[test]
fn customers_are_the_same_in_every_table() {
    let resolved = resolved(vec![
        export(
            Opportunities,
            "o",
            "-",
            "opportunity_id | customer_name | customer_aws_account_id\nO1 | Zeta | 111122223333",
        ),
        export(CaseStudies, "c", "-", "case_study_id | customer_name\nC1 | Acme AG"),
        export(Customers, "f", "-", "customer_name | customer_aws_account_id\nAcme | 111122223333"),
    ]);
    let columns = "customer_key | customer_key_strict";
    assert_eq!(shown(&resolved, Opportunities, columns), ["acme | acme"]);
    assert_eq!(shown(&resolved, CaseStudies, columns), ["acme | acme-ag"]);
    assert_eq!(shown(&resolved, Customers, columns), ["acme | acme"]);
}

const FIGURES: &str = "segment | annual_revenue_usd | employees | customer_type";

fn figures(customers: &str) -> Resolved {
    figures_beside("Enterprise", customers)
}

fn figures_beside(segment: &str, customers: &str) -> Resolved {
    let opportunities = format!(
        "opportunity_id | customer_name | segment
        O1 | Acme Inc | {segment}
        O2 | Acme GmbH | {segment}
        O3 | Other | {segment}"
    );
    let header = "customer_name | segment | annual_revenue_usd | employees | customer_type";
    resolved(vec![
        export(Opportunities, "o", "-", &opportunities),
        export(Customers, "f", "-", &format!("{header}\n{customers}")),
    ])
}

#[test]
fn a_row_of_customers_beats_the_export() {
    let resolved = figures("Acme Inc | SMB | 5000000.00 | 100 | Other");
    let expected = ["SMB | 5000000.00 | 100 | Other", "SMB | 5000000.00 | 100 | Other", "Enterprise | - | - | -"];
    assert_eq!(shown(&resolved, Opportunities, FIGURES), expected);
    assert_eq!(findings(&resolved), ["O1: segment_disagrees", "O2: segment_disagrees"]);
    assert_eq!(resolved.findings[0].detail, "segment is SMB in the list of customers, Enterprise in the export");
}

#[test]
fn the_strict_identity_keeps_its_own_figures() {
    let resolved = figures("Acme Inc | - | 5000000.00 | - | -\nAcme GmbH | - | 7000000.00 | 100 | -");
    let expected = ["Enterprise | 5000000.00 | 100 | -", "Enterprise | 7000000.00 | 100 | -", "Enterprise | - | - | -"];
    assert_eq!(shown(&resolved, Opportunities, FIGURES), expected);
    assert_eq!(findings(&resolved), ["Acme GmbH: customer_conflict", "Acme Inc: customer_conflict"]);
}

#[test]
fn rows_that_disagree_make_the_figure_unknown() {
    let resolved = figures("Acme Inc | SMB | 5000000.00 | 100 | -\nACME, INC. | Enterprise | 5000000.00 | 200 | Other");
    assert_eq!(shown(&resolved, Opportunities, FIGURES)[0], "- | 5000000.00 | - | Other");
    assert_eq!(
        resolved.findings[0].detail,
        "customer acme-gmbh: segment is Enterprise and SMB; employees is 100 and 200"
    );
}

#[test]
fn figures_and_segment_that_disagree() {
    for (row, disagrees) in [
        ("Other | SMB | 99999999.99 | - | Other", false),
        ("Other | SMB | 100000000.00 | - | -", true),
        ("Other | SMB | 1.00 | - | Startup", true),
        ("Other | Enterprise | 1.00 | - | Other", true),
        ("Other | Enterprise | 1.00 | - | -", false),
        ("Other | Startup | 1.00 | - | Startup", false),
    ] {
        let expected: &[&str] = if disagrees { &["O3: segment_disagrees"] } else { &[] };
        assert_eq!(findings(&figures_beside("-", row)), expected, "{row}");
    }
}

#[test]
fn opportunities_that_case_studies_name() {
    let case_studies = "case_study_id | ace_opportunity_id\nC1 | O1\nC2 | O9\nC3 |\nC4 | -";
    let columns = "case_study_id | ace_opportunity_exists | findings";
    let alone = resolved(vec![export(CaseStudies, "c", "-", case_studies)]);
    assert_eq!(shown(&alone, CaseStudies, columns), ["C1 | - | []", "C2 | - | []", "C3 | - | []", "C4 | - | []"]);
    let both = resolved(vec![
        export(CaseStudies, "c", "-", case_studies),
        export(Opportunities, "o", "-", "opportunity_id\nO1\nO10"),
    ]);
    assert_eq!(
        shown(&both, CaseStudies, columns),
        ["C1 | true | []", "C2 | false | unknown_case_opportunity", "C3 | false | []", "C4 | - | []"]
    );
}

#[test]
fn an_opportunity_that_has_had_two_names_may_be_of_one_customer() {
    let header = "opportunity_id | stage | customer_name";
    let resolved = resolved(vec![
        export(
            Opportunities,
            "a",
            "2026-01-31",
            &format!("{header}\nO1 | Launched | Nova Retail\nO2 | Launched | Nova Retail"),
        ),
        export(Opportunities, "b", "2026-02-28", &format!("{header}\nO2 | Launched | Quellmarkt Holding")),
    ]);
    assert_eq!(
        shown(&resolved, Opportunities, "customer_key | customer_key_strict"),
        ["nova-retail | nova-retail", "nova-retail | quellmarkt-holding"]
    );
    let [link] = resolved.links.as_slice() else { panic!("{:?}", resolved.links) };
    assert_eq!((link.strength, link.evidence, link.value.as_str()), ("weak", "opportunity", "O2: Nova Retail"));
}

#[test]
fn a_name_that_nobody_has_any_more_joins_those_who_had_it_unless_they_are_many() {
    let header = "opportunity_id | stage | customer_name";
    let keys_of = |count: usize| {
        let old: Vec<_> = (0..count).map(|at| format!("O{at} | Launched | To be named")).collect();
        let new: Vec<_> = (0..count).map(|at| format!("O{at} | Launched | Customer {at}")).collect();
        let file =
            |name, day, rows: Vec<String>| export(Opportunities, name, day, &format!("{header}\n{}", rows.join("\n")));
        let resolved = resolved(vec![file("a", "2026-01-31", old), file("b", "2026-02-28", new)]);
        let mut keys = shown(&resolved, Opportunities, "customer_key");
        keys.dedup();
        keys.len()
    };
    assert_eq!((keys_of(2), keys_of(5), keys_of(6)), (1, 1, 6));
}
