//! What `data/README.md` tells about the sample world is what the program answers.

use aceq_tests::program;
use serde_json::Value;

/// Partner, requirement (program, id, member), as-of date; then the columns that the page tells.
struct Told {
    partner: &'static str,
    requirement: (&'static str, &'static str, Option<&'static str>),
    as_of: &'static str,
    columns: &'static [(&'static str, &'static str)],
}

const NORDLICHT: &str = "P-1001";
const BAYWATER: &str = "P-1002";
const KESTREL: &str = "P-1003";

const fn told(
    partner: &'static str,
    requirement: (&'static str, &'static str, Option<&'static str>),
    as_of: &'static str,
    columns: &'static [(&'static str, &'static str)],
) -> Told {
    Told { partner, requirement, as_of, columns }
}

const TODAY: &str = "2026-11-20";

const STORY: [Told; 21] = [
    told(
        NORDLICHT,
        ("smb", "SIBUS-002", None),
        TODAY,
        &[
            ("status", "met"),
            ("confirmed", "51"),
            ("possible", "52"),
            ("met_from", "2026-09-19"),
            ("met_until", "2027-02-13"),
        ],
    ),
    told(
        NORDLICHT,
        ("smb", "SIBUS-002", None),
        "2027-02-14",
        &[("status", "not_met"), ("confirmed", "48"), ("possible", "49")],
    ),
    told(NORDLICHT, ("smb", "SIBUS-002", None), "2026-11-19", &[("confirmed", "52")]),
    told(
        NORDLICHT,
        ("smb", "4.2", None),
        TODAY,
        &[
            ("status", "met"),
            ("confirmed", "57"),
            ("possible", "58"),
            ("met_from", "2026-06-23"),
            ("met_until", "2027-05-19"),
        ],
    ),
    told(NORDLICHT, ("smb", "4.2", None), "2026-11-19", &[("confirmed", "58")]),
    told(NORDLICHT, ("smb", "4.3", None), TODAY, &[("status", "unknown"), ("possible", "null"), ("required", "3")]),
    told(NORDLICHT, ("smb", "POV-001", None), TODAY, &[("status", "waived"), ("margin_days", "103")]),
    told(NORDLICHT, ("smb", "TEC-002", None), TODAY, &[("status", "not_met")]),
    told(BAYWATER, ("amazon-connect-delivery", "*", None), TODAY, &[("status", "met")]),
    told(
        BAYWATER,
        ("amazon-connect-customer", "ACC-007", None),
        TODAY,
        &[("status", "not_met"), ("confirmed", "11"), ("possible", "12")],
    ),
    told(
        BAYWATER,
        ("amazon-connect-customer", "ACC-007", Some("qualified-or-beyond")),
        TODAY,
        &[("status", "met"), ("confirmed", "7"), ("required", "5")],
    ),
    told(
        BAYWATER,
        ("amazon-connect-customer", "ACC-007", Some("partner-originated")),
        TODAY,
        &[("confirmed", "4"), ("required", "5")],
    ),
    told(BAYWATER, ("amazon-connect-customer", "ACC-005", None), TODAY, &[("confirmed", "6"), ("required", "7")]),
    told(
        BAYWATER,
        ("amazon-connect-customer", "ACC-005", Some("Amazon Connect Outbound Communications")),
        TODAY,
        &[("confirmed", "3")],
    ),
    told(
        BAYWATER,
        ("amazon-connect-customer", "ACC-003", None),
        TODAY,
        &[("status", "met"), ("confirmed", "5"), ("met_until", "2027-01-31")],
    ),
    told(
        BAYWATER,
        ("amazon-connect-customer", "ACC-002", None),
        TODAY,
        &[("status", "met"), ("met_until", "2026-12-10")],
    ),
    told(BAYWATER, ("amazon-connect-customer", "AICX-001", None), TODAY, &[("status", "not_applicable")]),
    told(
        BAYWATER,
        ("data-analytics", "4.1", None),
        TODAY,
        &[("status", "unknown"), ("confirmed", "3"), ("possible", "4")],
    ),
    told(BAYWATER, ("data-analytics", "4.6", None), TODAY, &[("confirmed", "3"), ("required", "4")]),
    told(BAYWATER, ("amazon-connect-customer", "CSN-002", None), TODAY, &[("status", "unknown")]),
    told(KESTREL, ("dcx-technology", "4.4", None), TODAY, &[("status", "unknown")]),
];

#[test]
fn the_page_about_the_sample_tells_the_truth() {
    let dates = ["--as-of", "2026-11-19", "--as-of", TODAY, "--as-of", "2027-02-14"];
    let output = program::stdout(&[&["assess", "data/sample", "--format", "json"], &dates[..]].concat());
    let rows: Vec<Value> = serde_json::from_str(&output).expect("one array of rows");
    let wrong: Vec<String> = STORY.iter().flat_map(|told| told.differences(&rows)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

impl Told {
    fn differences(&self, rows: &[Value]) -> Vec<String> {
        let (program, id, member) = self.requirement;
        let is_told = |row: &&Value| {
            row["partner_id"] == self.partner
                && row["program"] == program
                && row["requirement_id"] == id
                && row["member"].as_str() == member
                && row["as_of"] == self.as_of
                && row["reading"] == "adopted"
        };
        let row = rows.iter().find(is_told).unwrap_or_else(|| panic!("no row {program} {id} {member:?}"));
        let differs = |(column, expected): &(&str, &str)| {
            let found = row[column].as_str().map_or_else(|| row[column].to_string(), str::to_owned);
            let where_ = format!("{} {program} {id} {member:?} on {}", self.partner, self.as_of);
            (found != *expected).then(|| format!("{where_}: {column} is {found}, the page says {expected}"))
        };
        self.columns.iter().filter_map(differs).collect()
    }
}
