//! What a person and a program see of a forecast.

use super::{FORECAST_SCHEMA_ID, Forecast, expected, forecast_schema, short};
use crate::amount::Measure;
use crate::format::Format;
use crate::sample::{date, titles};
use crate::status_table::RequirementKind;
use aceq_model::{CountKey, DriverRow, ForecastBasis, ForecastRow, Status};
use serde_json::Value;
use std::collections::BTreeMap;
use unicode_width::UnicodeWidthStr;

const QUARTERS: [(&str, &str); 8] = [
    ("2026-12-31", "2026-Q4"),
    ("2027-03-31", "2027-Q1"),
    ("2027-06-30", "2027-Q2"),
    ("2027-09-30", "2027-Q3"),
    ("2027-12-31", "2027-Q4"),
    ("2028-03-31", "2028-Q1"),
    ("2028-06-30", "2028-Q2"),
    ("2028-09-30", "2028-Q3"),
];

fn row(id: &str, quarter: usize, p_met: f64) -> ForecastRow {
    ForecastRow {
        key: CountKey {
            partner_id: "P-1".to_owned(),
            program: "smb".to_owned(),
            version: "2025-08".to_owned(),
            requirement_id: id.to_owned(),
            reading: "adopted".to_owned(),
            member: None,
        },
        from: date("2026-11-20"),
        known_at: Some(date("2026-11-13")),
        as_of: date(QUARTERS[quarter].0),
        quarter: QUARTERS[quarter].1.to_owned(),
        held_status: Status::NotMet,
        held: 4800,
        required: 5000,
        expected: None,
        quantiles: None,
        p_met,
        p_met_at_most: p_met,
        basis: ForecastBasis::Drawn,
        is_sum: false,
    }
}

/// A count that chance decides: 62 %, then between 35 and 60 %.
fn rows() -> Vec<ForecastRow> {
    let count = |at: usize, p: f64| ForecastRow {
        held: 4800 - 100 * at as i64,
        expected: Some(50.25),
        quantiles: Some([4700, 5000, 5300]),
        basis: ForecastBasis::Exact,
        ..row("4.2", at, p)
    };
    let dates = |id: &str, at: usize| ForecastRow { basis: ForecastBasis::Calendar, ..row(id, at, 1.0) };
    let held = |at: usize| ForecastRow { basis: ForecastBasis::Held, held_status: Status::Met, ..row("5.1", at, 1.0) };
    vec![
        row("*", 0, 0.0004),
        row("*", 1, 0.0),
        count(0, 0.62),
        ForecastRow { p_met_at_most: 0.6, ..count(1, 0.35) },
        dates("4.1", 0),
        dates("4.1", 1),
        dates("4.3", 0),
        dates("4.3", 1),
        ForecastRow { p_met: 0.0, p_met_at_most: 0.0, ..dates("4.4", 0) },
        dates("4.4", 1),
        held(0),
        held(1),
    ]
}

fn driver(rank: u32, on: &str, moves: f64) -> DriverRow {
    DriverRow {
        key: row("4.2", 0, 0.0).key,
        as_of: date(on),
        rank,
        opportunity_id: format!("O{rank}"),
        label: format!("Customer {rank}"),
        stage: "Committed".to_owned(),
        target_close_date: Some(date("2026-12-15")),
        p_counts: 0.69,
        moves,
        source_file: "opportunities.csv".to_owned(),
        source_sheet: String::new(),
        source_line: 12,
    }
}

fn drivers() -> Vec<DriverRow> {
    let first = (1..=4).map(|rank| driver(rank, "2026-12-31", 0.31 / f64::from(rank)));
    first.chain([driver(1, "2027-03-31", 0.2)]).collect()
}

fn render(rows: &[ForecastRow], drivers: &[DriverRow], format: Format, width: u16) -> String {
    let titles = titles(&[
        ("*", "SMB Competency", RequirementKind::Combined),
        ("4.2", "Fifty launched opportunities for unique customers", RequirementKind::Counted),
    ]);
    let settings = BTreeMap::from([("draws".to_owned(), Value::from(10_000))]);
    let notes = ["2 opportunities without a stage are left out.".to_owned()];
    let verdict = Some("Not tested: fewer than 4 past quarters.");
    let forecast =
        Forecast { rows, drivers, titles: &titles, settings: &settings, notes: &notes, verdict, color: false, width };
    forecast.in_format(format)
}

#[test]
fn a_person_sees_chances_then_what_moves_them_then_what_to_know() {
    let expected = "\
P-1

SMB Competency · smb 2025-08, seen from 2026-11-20, newest snapshot of
    2026-11-13
                                                        2026-Q4  2027-Q1
*    the whole checklist                                   <1 %      0 %
4.2  Fifty launched opportunities for unique customers     62 %  35–60 %
       held, of 50                                           48       47
       expected                                            50.2     50.2
       10–90 %                                            47–53    47–53
4.4                                                         0 %    100 %
5.1                                                       100 %    100 %
       not forecast, held as it is
decided by dates alone, the same on every quarter end
  2 met: 4.1, 4.3

what moves it
4.2 on 2026-12-31
                             target      counts  moves
  O1  Customer 1  Committed  2026-12-15    69 %    +31
  O2  Customer 2  Committed  2026-12-15    69 %    +16
  O3  Customer 3  Committed  2026-12-15    69 %    +10

2 opportunities without a stage are left out.
Not tested: fewer than 4 past quarters.
";
    assert_eq!(render(&rows(), &drivers(), Format::Table, 80), expected);
}

#[test]
fn many_quarters_stand_in_blocks_of_equal_length() {
    let rows: Vec<ForecastRow> = (0..8).map(|at| row("*", at, 0.5)).collect();
    let shown = render(&rows, &[], Format::Table, 80);
    let headings: Vec<&str> = shown.lines().filter(|line| line.contains("-Q")).map(str::trim).collect();
    assert_eq!(headings, ["2026-Q4  2027-Q1  2027-Q2  2027-Q3", "2027-Q4  2028-Q1  2028-Q2  2028-Q3"]);
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mut rows = rows();
    for at in 2..8 {
        rows.push(ForecastRow { p_met_at_most: 0.999, ..row("4.2", at, 0.001) });
    }
    for row in &mut rows {
        row.key.partner_id = "社".repeat(60);
        row.quarter = format!("FY{}", row.quarter);
        row.is_sum = true;
    }
    let mut drivers = drivers();
    for driver in &mut drivers {
        driver.key.partner_id = "社".repeat(60);
        driver.label = "Gesellschaft für allerlei Dinge".repeat(4);
        driver.source_file = "folder/".repeat(20) + "file.csv";
    }
    for width in [40, 80, 120] {
        for line in render(&rows, &drivers, Format::Table, width).lines() {
            assert!(line.width() <= usize::from(width), "{width}: {line}");
        }
    }
}

#[test]
fn programs_get_four_decimals_and_the_schema_names_every_field() {
    let json = render(&rows(), &drivers(), Format::Json, 80);
    assert!(json.contains("\"p_met\":0.0004,\"p_met_at_most\":0.0004"), "{json}");
    assert!(json.contains("\"expected\":50.2500,\"p10\":47,\"p50\":50,\"p90\":53"), "{json}");
    let parsed: Value = serde_json::from_str(&json).expect("JSON");
    let schema: Value = serde_json::from_str(&forecast_schema()).expect("JSON");
    assert_eq!(
        (&parsed["schema"], &schema["$id"]),
        (&Value::from(FORECAST_SCHEMA_ID), &Value::from(FORECAST_SCHEMA_ID))
    );
    assert_eq!(parsed["settings"]["draws"], 10_000);
    let fields = |value: &Value| value.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(fields(&parsed), fields(&schema["properties"]));
    for list in ["forecast", "drivers"] {
        assert_eq!(fields(&parsed[list][0]), fields(&schema["properties"][list]["items"]["properties"]), "{list}");
    }
}

#[test]
fn sheets_hold_the_forecast_rows_alone() {
    let csv = render(&rows()[2..3], &drivers(), Format::Csv, 80);
    assert_eq!(
        csv,
        "partner_id,program,version,requirement_id,reading,member,from,known_at,as_of,quarter,held_status,held,required,\
         expected,p10,p50,p90,p_met,p_met_at_most,basis\r\n\
         P-1,smb,2025-08,4.2,adopted,,2026-11-20,2026-11-13,2026-12-31,2026-Q4,not_met,48,50,\
         50.2500,47,50,53,0.6200,0.6200,exact\r\n"
    );
    assert_eq!(super::drivers_csv(&drivers()).lines().count(), 6);
    assert!(render(&rows(), &[], Format::Markdown, 80).starts_with("| partner_id | program |"));
}

#[test]
fn sums_are_short() {
    let sums = [0, 90_000, 1_250_000, 125_000_000, -125_000_000].map(|cents| short(Measure::Sum, cents));
    assert_eq!(sums, ["0", "900", "12.5k", "1.25M", "-1.25M"]);
    assert_eq!(expected(Measure::Sum, 12_500.0), "12.5k");
    assert_eq!(expected(Measure::Count, 50.25), "50.2");
}
