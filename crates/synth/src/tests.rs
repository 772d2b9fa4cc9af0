//! Laws of synthetic worlds.

mod history;

use crate::{Create, Spec, Summary, SynthError, generate, generate_wide};
use chrono::NaiveDate;
use proptest::prelude::{ProptestConfig, any, prop_assert, prop_assert_eq, proptest};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::rc::Rc;

type Files = BTreeMap<String, Rc<RefCell<Vec<u8>>>>;

struct Memory(Rc<RefCell<Vec<u8>>>);

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn spec(partners: u32, opportunities: u64, seed: u64) -> Spec {
    let as_of = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
    Spec { partners, opportunities, seed, as_of, row_bytes: None }
}

fn world(spec: &Spec) -> (Summary, BTreeMap<String, Vec<u8>>) {
    in_memory(generate, spec)
}

fn wide(spec: &Spec) -> (Summary, BTreeMap<String, Vec<u8>>) {
    in_memory(generate_wide, spec)
}

type Generate = fn(&Spec, &mut Create<'_>) -> Result<Summary, SynthError>;

fn in_memory(generate: Generate, spec: &Spec) -> (Summary, BTreeMap<String, Vec<u8>>) {
    let mut files = Files::new();
    let summary = generate(spec, &mut |path: &str| {
        let bytes = Rc::<RefCell<Vec<u8>>>::default();
        assert!(files.insert(path.to_owned(), Rc::clone(&bytes)).is_none(), "{path} was created twice");
        Ok(Box::new(Memory(bytes)))
    });
    let summary = summary.unwrap();
    (summary, files.into_iter().map(|(path, bytes)| (path, bytes.take())).collect())
}

/// Header and rows, as a strict CSV reader sees them.
fn parse(bytes: &[u8]) -> (csv::StringRecord, Vec<csv::StringRecord>) {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers().unwrap().clone();
    let rows = reader.records().collect::<Result<Vec<_>, _>>().unwrap();
    (header, rows)
}

fn column(files: &BTreeMap<String, Vec<u8>>, path: &str, name: &str) -> Vec<String> {
    let (header, rows) = parse(&files[path]);
    let at = header.iter().position(|column| column == name).unwrap();
    rows.iter().map(|row| row[at].to_owned()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_same_spec_gives_the_same_bytes(partners in 0u32..5, deals in 0u64..60, seed in any::<u64>()) {
        prop_assert_eq!(world(&spec(partners, deals, seed)), world(&spec(partners, deals, seed)));
    }

    #[test]
    fn a_partner_does_not_depend_on_those_after_it(partners in 0u32..5, deals in 0u64..60, seed in any::<u64>()) {
        let (_, fewer) = world(&spec(partners, deals, seed));
        let (_, more) = world(&spec(partners + 1, deals, seed));
        for (path, bytes) in &fewer {
            prop_assert!(more[path].starts_with(bytes), "{}", path);
        }
    }

    #[test]
    fn every_row_has_the_width_of_its_header_and_is_counted(
        partners in 0u32..5,
        deals in 0u64..80,
        seed in any::<u64>(),
        row_bytes in proptest::option::of(0u32..3000),
        days in -20_000i32..20_000,
    ) {
        let as_of = aceq_model::date_from_days(20_777 + days).unwrap().max(NaiveDate::from_ymd_opt(1950, 1, 1).unwrap());
        let (summary, files) = world(&Spec { row_bytes, as_of, ..spec(partners, deals, seed) });
        prop_assert_eq!(summary.files.len(), files.len());
        for file in &summary.files {
            prop_assert_eq!(parse(&files[&file.path]).1.len() as u64, file.rows, "{}", file.path);
            prop_assert_eq!(files[&file.path].len() as u64, file.bytes, "{}", file.path);
        }
        let newest: u64 = summary.files.iter().filter(|file| file.path.contains("/opportunities-")).map(|f| f.rows).sum();
        prop_assert_eq!(newest, u64::from(partners) * deals);
    }

    #[test]
    fn a_wide_export_is_one_file_of_the_rows_asked_for(
        partners in 0u32..5,
        deals in 0u64..80,
        seed in any::<u64>(),
        row_bytes in proptest::option::of(0u32..3000),
    ) {
        let spec = Spec { row_bytes, ..spec(partners, deals, seed) };
        let (summary, files) = wide(&spec);
        let bytes = &files[WIDE];
        let (header, rows) = parse(bytes);
        prop_assert_eq!((header.len(), rows.len() as u64), (68, u64::from(partners) * deals));
        prop_assert_eq!(summary.files.iter().map(|file| file.bytes).collect::<Vec<_>>(), [bytes.len() as u64]);
        prop_assert_eq!(summary.rows(WIDE), Some(rows.len() as u64));
        prop_assert_eq!(&wide(&spec).1, &files);
    }
}

/// The path of a wide export.
const WIDE: &str = "partner-central/2026-11-15/export.csv";

#[test]
fn a_world_has_every_table() {
    let (summary, _) = world(&spec(1, 10, 1));
    let paths: Vec<&str> = summary.files.iter().map(|file| file.path.as_str()).collect();
    let expected = [
        "partner-central/2026-08-15/open-opportunities-000.csv",
        "partner-central/2026-11-15/certifications.csv",
        "partner-central/2026-11-15/opportunities-000.csv",
        "programs/2026-11-15/activities.csv",
        "programs/2026-11-15/attestations.csv",
        "programs/2026-11-15/case-studies.csv",
        "programs/2026-11-15/designations.csv",
        "programs/2026-11-15/offerings.csv",
        "programs/2026-11-15/partners.csv",
        "rosters/2026-11-15/completions.csv",
        "rosters/2026-11-15/customers.csv",
        "rosters/2026-11-15/personnel.csv",
    ];
    assert_eq!(paths, expected);
}

#[test]
fn large_exports_go_on_in_a_second_file() {
    let (summary, _) = world(&spec(2, 150_000, 3));
    assert_eq!(summary.rows("partner-central/2026-11-15/opportunities-000.csv"), Some(250_000));
    assert_eq!(summary.rows("partner-central/2026-11-15/opportunities-001.csv"), Some(50_000));
}

#[test]
fn rows_have_about_the_size_asked_for() {
    for wanted in [1400, 2500] {
        let (summary, _) = world(&Spec { row_bytes: Some(wanted), ..spec(2, 500, 5) });
        let file = summary.files.iter().find(|file| file.path.contains("/opportunities-")).unwrap();
        let average = file.bytes / file.rows;
        assert!(average.abs_diff(u64::from(wanted)) < 120, "{average} instead of {wanted}");
    }
}

#[test]
fn rows_of_a_wide_export_take_1400_bytes_on_average_unless_told_otherwise() {
    for (asked, wanted) in [(None, 1400), (Some(1000), 1000), (Some(3000), 3000)] {
        let (summary, _) = wide(&Spec { row_bytes: asked, ..spec(4, 1000, 5) });
        let average = summary.files[0].bytes / summary.files[0].rows;
        assert!(average.abs_diff(wanted) < 70, "{average} instead of {wanted}");
    }
}

#[test]
fn a_wide_export_has_blank_cells_and_texts_that_need_a_reader() {
    let (_, files) = wide(&spec(4, 500, 9));
    let (_, rows) = parse(&files[WIDE]);
    let blank = rows.iter().flat_map(|row| row.iter()).filter(|cell| cell.is_empty()).count();
    let share = blank * 100 / (rows.len() * 68);
    assert!((30..50).contains(&share), "{share} % of the cells are blank");
    let texts = column(&files, WIDE, "Project Description/Business Need");
    for trouble in ["\"", "\n- ", ",", "\r\n", "ä"] {
        assert!(texts.iter().any(|text| text.contains(trouble)), "no text has {trouble:?}");
    }
    assert!(texts.iter().any(String::is_empty));
    assert!(texts.iter().any(|text| text.len() > 900));
}

#[test]
fn edges_and_mess_occur() {
    let (_, files) = world(&spec(12, 400, 11));
    let path = "partner-central/2026-11-15/opportunities-000.csv";
    let dates = column(&files, path, "Target Close Date");
    for edge in ["11/19/2024", "11/20/2024", "11/21/2024", "02/28/2025", "08/31/2026"] {
        assert!(dates.iter().any(|date| date == edge), "no row is dated {edge}");
    }
    assert!(dates.iter().any(|date| date == "tbd"));
    let amounts = column(&files, path, "Estimated AWS Monthly Recurring Revenue");
    for amount in ["", "416.66", "$416.67", "83.34"] {
        assert!(amounts.iter().any(|cell| cell == amount), "no row has the amount `{amount}`");
    }
    let ids = column(&files, path, "Opportunity id");
    assert!(ids.iter().any(String::is_empty));
    assert!(ids.windows(2).any(|pair| pair[0] == pair[1] && !pair[0].is_empty()), "no row is repeated");
    assert!(column(&files, path, "Customer Company Name").iter().any(|name| name == "Accept to View"));
    let people = column(&files, "partner-central/2026-11-15/certifications.csv", "User Name");
    assert!(people.iter().any(|name| name == "xxxxxx"));
}

#[test]
fn case_studies_name_opportunities_of_their_partner() {
    let (_, files) = world(&spec(6, 50, 2));
    let ids = column(&files, "partner-central/2026-11-15/opportunities-000.csv", "Opportunity id");
    let named = column(&files, "programs/2026-11-15/case-studies.csv", "ACE Opportunity ID");
    let known = named.iter().filter(|id| ids.contains(id)).count();
    assert!(known * 10 > named.len() * 7, "{known} of {}", named.len());
}

#[test]
fn partner_ids_sort_as_their_numbers_do() {
    let (_, files) = world(&spec(12, 1, 2));
    let ids = column(&files, "programs/2026-11-15/partners.csv", "Partner Id");
    assert_eq!(ids[9], "P-0000010");
    assert!(ids.is_sorted());
}

#[test]
fn what_cannot_be_made_is_refused() {
    let sink = &mut |_: &str| Ok(Box::new(io::sink()) as Box<dyn Write>);
    let too_many = Spec { partners: 10_000_000, ..spec(1, 1, 1) };
    assert!(matches!(generate(&too_many, sink), Err(SynthError::TooManyPartners(_))));
    let too_early = Spec { as_of: NaiveDate::from_ymd_opt(1949, 12, 31).unwrap(), ..spec(1, 1, 1) };
    assert!(matches!(generate(&too_early, sink), Err(SynthError::AsOfOutOfRange(_))));
}

#[test]
fn a_sink_that_fails_is_named() {
    let error = generate(&spec(1, 1, 1), &mut |_: &str| Err(io::Error::other("disk full"))).unwrap_err();
    assert!(error.to_string().starts_with("cannot create `partner-central/"), "{error}");
}
