//! Laws of worlds with a past: snapshots agree with each other, and the truth with what happens.

use super::{column, in_memory, parse, spec};
use crate::{Create, Spec, Summary, SynthError, generate_history};
use aceq_model::days_from_date;
use chrono::NaiveDate;
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};
use std::collections::BTreeMap;
use std::io::{self, Write};

type Files = BTreeMap<String, Vec<u8>>;

fn six(spec: &Spec, create: &mut Create<'_>) -> Result<Summary, SynthError> {
    generate_history(spec, 6, create)
}

fn three_years(spec: &Spec, create: &mut Create<'_>) -> Result<Summary, SynthError> {
    generate_history(spec, 36, create)
}

const NEWEST: &str = "exports/partner-central/2026-11-15/opportunities.csv";

/// An opportunity as a snapshot shows it.
struct Row {
    id: String,
    stage: String,
    target: NaiveDate,
    created: NaiveDate,
    modified: NaiveDate,
}

fn date(cell: &str) -> NaiveDate {
    NaiveDate::parse_from_str(cell, "%m/%d/%Y").unwrap()
}

/// Every snapshot with its day, oldest first.
fn snapshots(files: &Files) -> Vec<(NaiveDate, Vec<Row>)> {
    let exports = files.keys().filter_map(|path| {
        let day = path.strip_prefix("exports/partner-central/")?.strip_suffix("/opportunities.csv")?;
        Some((day.parse().unwrap(), rows(files, path)))
    });
    exports.collect()
}

fn rows(files: &Files, path: &str) -> Vec<Row> {
    let names = ["Opportunity id", "Stage", "Target Close Date", "Date Created", "Last Updated Date"];
    let [ids, stages, targets, created, modified] = names.map(|name| column(files, path, name));
    (0..ids.len())
        .map(|row| Row {
            id: ids[row].clone(),
            stage: stages[row].clone(),
            target: date(&targets[row]),
            created: date(&created[row]),
            modified: date(&modified[row]),
        })
        .collect()
}

fn is_open(stage: &str) -> bool {
    stage != "Launched" && stage != "Closed Lost"
}

/// Of every open deal, its chances by quarter and what became of it: partner, id, chances, outcome, day.
struct Told {
    partner: String,
    id: String,
    launched_by: Vec<f64>,
    outcome: String,
    day: Option<NaiveDate>,
}

fn truth(files: &Files) -> (Vec<NaiveDate>, Vec<Told>) {
    let path = "truth/launch_probabilities.csv";
    let chances = column(files, path, "launched_by");
    let ends: Vec<NaiveDate> =
        column(files, path, "quarter_end").iter().take(8).map(|end| end.parse().unwrap()).collect();
    let (_, outcomes) = parse(&files["truth/outcomes.csv"]);
    assert_eq!(outcomes.len() * 8, chances.len());
    let ids = column(files, path, "opportunity_id");
    let told = outcomes.iter().enumerate().map(|(deal, row)| {
        assert!(ids[8 * deal..8 * deal + 8].iter().all(|id| *id == row[1]));
        let launched_by = chances[8 * deal..8 * deal + 8].iter().map(|chance| chance.parse().unwrap()).collect();
        let day = (!row[3].is_empty()).then(|| row[3].parse().unwrap());
        Told { partner: row[0].to_owned(), id: row[1].to_owned(), launched_by, outcome: row[2].to_owned(), day }
    });
    (ends, told.collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_same_spec_gives_the_same_past_and_future(partners in 0u32..3, deals in 0u64..30, seed in any::<u64>()) {
        prop_assert_eq!(in_memory(six, &spec(partners, deals, seed)), in_memory(six, &spec(partners, deals, seed)));
    }

    #[test]
    fn a_partners_past_does_not_depend_on_those_after_it(partners in 0u32..3, deals in 0u64..30, seed in any::<u64>()) {
        let (_, fewer) = in_memory(six, &spec(partners, deals, seed));
        let (_, more) = in_memory(six, &spec(partners + 1, deals, seed));
        for (path, bytes) in &fewer {
            prop_assert!(more[path].starts_with(bytes), "{}", path);
        }
    }

    #[test]
    fn snapshots_agree_with_each_other(deals in 0u64..60, seed in any::<u64>()) {
        let (summary, files) = in_memory(six, &spec(2, deals, seed));
        for file in &summary.files {
            prop_assert_eq!(parse(&files[&file.path]).1.len() as u64, file.rows, "{}", &file.path);
        }
        let mut before: BTreeMap<String, Row> = BTreeMap::new();
        for (day, rows) in snapshots(&files) {
            prop_assert!(before.len() <= rows.len(), "nothing leaves the exports");
            for row in rows {
                prop_assert!(row.created <= row.modified && row.modified <= day);
                prop_assert!(is_open(&row.stage) || row.target <= day, "{} ended later than it is shown", row.id);
                if let Some(older) = before.get(&row.id) {
                    prop_assert_eq!(older.created, row.created);
                    prop_assert!(older.modified <= row.modified);
                    let moved = (&older.stage, older.target) != (&row.stage, row.target);
                    prop_assert!(!moved || (is_open(&older.stage) && row.modified > older.modified));
                }
                before.insert(row.id.clone(), row);
            }
        }
    }
}

#[test]
fn chances_are_told_of_the_open_deals_and_rise_with_time() {
    let (_, files) = in_memory(six, &spec(4, 100, 3));
    let open: Vec<_> = rows(&files, NEWEST).into_iter().filter(|row| is_open(&row.stage)).map(|row| row.id).collect();
    let (ends, told) = truth(&files);
    assert_eq!(told.iter().map(|deal| deal.id.as_str()).collect::<Vec<_>>(), open);
    assert_eq!([ends[0], ends[7]].map(|end| end.to_string()), ["2026-12-31", "2028-09-30"]);
    for deal in &told {
        assert!(deal.launched_by.is_sorted(), "{}", deal.id);
        assert!(deal.launched_by.iter().all(|chance| (0.0..=1.0).contains(chance)), "{}", deal.id);
        assert_eq!(deal.day.is_some(), deal.outcome != "open", "{}", deal.id);
        assert!(deal.day.is_none_or(|day| days_from_date(day) > days_from_date("2026-11-15".parse().unwrap())));
    }
}

#[test]
fn what_launched_was_seen_open_before_and_put_off_at_times() {
    let (_, files) = in_memory(three_years, &spec(10, 200, 8));
    let snapshots = snapshots(&files);
    assert_eq!(snapshots.len(), 36);
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut targets: BTreeMap<&str, Vec<NaiveDate>> = BTreeMap::new();
    for row in snapshots.iter().flat_map(|(_, rows)| rows).filter(|row| is_open(&row.stage)) {
        *seen.entry(&row.id).or_default() += 1;
        targets.entry(&row.id).or_default().push(row.target);
    }
    let (first, newest) = (snapshots[0].0, &snapshots[35].1);
    let launched: Vec<_> = newest.iter().filter(|row| row.stage == "Launched" && row.target > first).collect();
    let open_before = launched.iter().filter(|row| seen.contains_key(row.id.as_str())).count();
    assert!(open_before * 100 > launched.len() * 95, "{open_before} of {}", launched.len());
    let put_off = targets.values().filter(|targets| targets.windows(2).any(|pair| pair[0] < pair[1])).count();
    assert!(put_off * 100 > targets.len() * 20, "{put_off} of {}", targets.len());
    // What launched more than 24 months ago has left the windows.
    let gone = newest.iter().filter(|row| row.stage == "Launched" && row.target < "2024-11-20".parse().unwrap());
    assert!(gone.count() > 500);
}

#[test]
fn the_truth_is_what_happens() {
    let (_, files) = in_memory(six, &spec(100, 40, 21));
    let (ends, told) = truth(&files);
    let launched = |deal: &&Told, end| deal.outcome == "launched" && deal.day.is_some_and(|day| day <= end);
    for (quarter, end) in ends.iter().enumerate() {
        // Deals of like chances together: each tenth of the scale within four standard errors, and all deals too.
        for bin in 0..=10 {
            let of_bin = |deal: &&Told| bin == 10 || (deal.launched_by[quarter] * 10.0) as usize == bin;
            let deals: Vec<_> = told.iter().filter(of_bin).collect();
            let chances = deals.iter().map(|deal| deal.launched_by[quarter]);
            let (expected, variance) = chances.fold((0.0, 0.0), |(e, v), p| (e + p, v + p * (1.0 - p)));
            let happened = deals.iter().filter(|deal| launched(deal, *end)).count() as f64;
            let error = 4.0 * f64::sqrt(variance) + 0.5;
            assert!((happened - expected).abs() <= error, "{bin} by {end}: {happened} of {expected} ± {error}");
        }
    }
    assert!(told.len() > 2_000, "{} deals", told.len());
    // The sums per partner are those of its deals.
    let (_, sums) = parse(&files["truth/launches.csv"]);
    for row in sums {
        let quarter = ends.iter().position(|end| end.to_string() == row[1]).unwrap();
        let deals: Vec<_> = told.iter().filter(|deal| deal.partner == row[0]).collect();
        let expected: f64 = deals.iter().map(|deal| deal.launched_by[quarter]).sum();
        assert!((row[2].parse::<f64>().unwrap() - expected).abs() < 1e-3);
        assert_eq!(row[3], deals.iter().filter(|deal| launched(deal, ends[quarter])).count().to_string());
    }
}

#[test]
fn a_number_of_snapshots_that_cannot_be_made_is_refused() {
    let sink = &mut |_: &str| Ok(Box::new(io::sink()) as Box<dyn Write>);
    for snapshots in [0, 101] {
        let refused = generate_history(&spec(1, 1, 1), snapshots, sink);
        assert!(matches!(refused, Err(SynthError::Snapshots(number)) if number == snapshots));
    }
    let oldest = "1950-01-01".parse().unwrap();
    assert!(generate_history(&Spec { as_of: oldest, ..spec(2, 100, 1) }, 100, sink).is_ok());
}
