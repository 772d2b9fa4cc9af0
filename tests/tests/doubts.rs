//! What must not pass in silence: lists of rejects that speak of other files, files that nobody can read, one export twice,
//! and names in clear beside pseudonyms.

use aceq_store::Dataset;
use aceq_tests::exports::{HEADER, findings, folder, ingest, stages, text};
use aceq_tests::program;
use arrow::array::AsArray;
use arrow::datatypes::Decimal128Type;
use std::fs;
use std::path::Path;

fn run_id(dataset: &Path) -> String {
    Dataset::open(dataset).expect("a dataset").manifest.run_id.0.clone()
}

#[test]
fn a_list_of_rejects_never_hits_another_record() {
    let before = folder(&[("deals.csv", &format!("{HEADER}O1,Launched,Foo,plenty\nO2,Launched,Bar,500\n"))]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    assert_eq!(ingest(before.path(), &dataset, &[]).0, Some(0));
    let list = fs::read_to_string(dataset.join("quality/rejects.csv")).expect("rejects.csv");
    let list = list.replace(",plenty,,", ",plenty,77,asked");
    let corrected = out.path().join("corrected.csv");
    fs::write(&corrected, &list).expect("the folder takes files");
    let corrections = ["--corrections", text(&corrected)];
    assert_eq!(ingest(before.path(), &dataset, &corrections).0, Some(0), "the files that it was made from");

    let rows = ["O0,Launched,New,500\nO1,Launched,Foo,plenty\n", "O1,Launched,Foo,lots\n"];
    for (rows, told) in rows.into_iter().zip(["is not rejected while it is read", "is `lots` now"]) {
        let after = folder(&[("deals.csv", &format!("{HEADER}{rows}"))]);
        let (code, said) = ingest(after.path(), &out.path().join("other"), &corrections);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("corrected.csv:2: mrr_usd of deals.csv:2") && said.contains(told), "{said}");
    }
}

#[test]
fn records_on_one_line_are_corrected_one_by_one() {
    let records = r#"[{"Opportunity Id": "O1", "Stage": "Launched", "MRR": "plenty"}, {"Opportunity Id": "O2", "Stage": "Launched", "MRR": "500"}]"#;
    let exports = folder(&[("deals.json", records)]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let corrected = out.path().join("c.csv");
    fs::write(&corrected, "Action,Source File,Source Line,Column,Value,Reason\nexclude,deals.json,1,,,a test\n")
        .expect("the folder takes files");
    let dataset = out.path().join("dataset");
    assert_eq!(ingest(exports.path(), &dataset, &["--corrections", text(&corrected)]).0, Some(0));
    assert_eq!(stages(&dataset), ["O2 Launched"]);
}

#[test]
fn a_file_that_cannot_be_read_is_a_reject() {
    let good = format!("{HEADER}O1,Launched,Foo,500\n");
    let exports = folder(&[
        ("deals.csv", &good),
        (
            "old.xls",
            "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet><Table><Row><Cell><Data>Stage & more",
        ),
        ("readme.txt", "Nothing to see here."),
    ]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    let (code, said) = ingest(exports.path(), &dataset, &["--fail-on", "rejects"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("unreadable_file  old.xls") && !said.contains("unreadable_file  readme"), "{said}");
    let list = fs::read_to_string(dataset.join("quality/rejects.csv")).expect("rejects.csv");
    assert!(list.contains("old.xls,,0,,unreadable_file,\"save or export the file anew"), "{list}");
    let (code, said) = ingest(exports.path(), &out.path().join("strict"), &["--strict"]);
    assert_eq!(code, Some(2), "{said}");
    assert!(!out.path().join("strict").exists());
}

#[test]
fn two_files_put_into_one_are_none_in_a_folder_and_an_error_by_name() {
    let good = format!("{HEADER}O1,Launched,Foo,500\n");
    let both = format!(
        "{good}Stage,Opportunity Id,Customer Company Name,Estimated AWS Monthly Recurring Revenue\nLaunched,O2,Bar,500\n"
    );
    let exports = folder(&[("a.csv", &both), ("b.csv", &good)]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    let (code, said) = ingest(exports.path(), &dataset, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("unreadable_file  a.csv:3"), "{said}");
    assert_eq!(stages(&dataset), ["O1 Launched"]);
    let (code, said) = ingest(&exports.path().join("a.csv"), &out.path().join("named"), &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("a.csv:3: a second header begins here"), "{said}");
}

#[test]
fn a_state_that_came_back_is_the_newest() {
    let (one, other) = (format!("{HEADER}O1,Prospect,Foo,500\n"), format!("{HEADER}O1,Committed,Foo,500\n"));
    let exports = folder(&[
        ("2026-01-31/deals.csv", &one),
        ("2026-02-28/deals.csv", &other),
        ("2026-03-31/deals.csv", &one),
        ("2026-03-31/copy.csv", &one),
    ]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    let (code, said) = ingest(exports.path(), &dataset, &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("deals.csv was not used: the same content as 2026-03-31/copy.csv"), "{said}");
    assert_eq!(stages(&dataset), ["O1 Prospect"]);

    let days = |first: &str, second: &str| {
        let exports = folder(&[(&format!("{first}/a.csv"), &one), (&format!("{second}/b.csv"), &other)]);
        let dataset = out.path().join(first);
        assert_eq!(ingest(exports.path(), &dataset, &[]).0, Some(0));
        (stages(&dataset), run_id(&dataset))
    };
    let (early, late) = (days("2026-01-31", "2026-02-28"), days("2026-02-28", "2026-01-31"));
    assert_eq!((early.0, late.0), (vec!["O1 Committed".to_owned()], vec!["O1 Prospect".to_owned()]));
    assert_ne!(early.1, late.1, "the day of an export is part of what a run was made of");
}

#[test]
fn two_states_of_one_day_are_told() {
    let exports = folder(&[
        ("2026-03-31/a.csv", &format!("{HEADER}O1,Launched,Foo,500\n")),
        ("2026-03-31/b.csv", &format!("{HEADER}O1,Closed Lost,Foo,500\n")),
    ]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let (code, said) = ingest(exports.path(), &out.path().join("dataset"), &[]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("contradicting_rows"), "{said}");
}

#[test]
fn a_dataset_with_rejects_is_not_strict() {
    let exports = folder(&[("deals.csv", &format!("{HEADER}O1,Launched,Foo,plenty\n"))]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    assert_eq!(ingest(exports.path(), &dataset, &[]).0, Some(0));
    let assess = |limit: &[&str]| {
        program::run(&[&["assess", text(&dataset), "--program", "smb", "--as-of", "2026-03-31"], limit].concat())
    };
    let strict = assess(&["--strict"]);
    assert_eq!(strict.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&strict.stderr).contains("1 row(s), cell(s) or file(s) could not be read when"));
    assert_eq!(assess(&["--max-rejects", "1"]).status.code(), Some(0));
}

#[test]
fn no_run_with_pseudonyms_is_added_to_names_in_clear() {
    let exports = folder(&[
        ("deals.csv", &format!("{HEADER}O1,Launched,Foo,500\n")),
        ("key", "a key of more than sixteen bytes"),
        ("other", "another key of more than sixteen"),
    ]);
    let config = |name: &str, more: &str| {
        let path = exports.path().join(name);
        let settings = format!(
            "inputs = [\"deals.csv\"]\nout = \"dataset\"\nas_of = [\"2026-03-31\"]\nprograms = [\"smb\"]\nappend = true\n{more}"
        );
        fs::write(&path, settings).expect("the folder takes files");
        let output = program::run(&["run", "--config", text(&path)]);
        (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (code, said) = config("a.toml", "");
    assert_eq!(code, Some(0), "{said}");
    let clear = run_id(&exports.path().join("dataset"));
    let (code, said) = config("b.toml", "pseudonymise = \"key\"\n");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("name persons in another way"), "{said}");
    let mut ids = vec![clear];
    for key in ["key", "other"] {
        fs::remove_dir_all(exports.path().join("dataset")).expect("it is there");
        let (code, said) = config("c.toml", &format!("pseudonymise = \"{key}\"\n"));
        assert_eq!(code, Some(0), "{said}");
        ids.push(run_id(&exports.path().join("dataset")));
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 3, "keys change what is published");
}

#[test]
fn a_list_without_its_last_page_is_told() {
    let page = |id: u32, more: &str| {
        format!(
            r#"{{"OpportunitySummaries": [{{"Id": "O{id}", "Catalog": "AWS", "LifeCycle": {{"Stage": "Launched"}}}}]{more}}}"#
        )
    };
    let more = r#", "NextToken": "abc""#;
    let exports = folder(&[
        ("a/1.json", &page(1, more)),
        ("a/2.json", &page(2, more)),
        ("b/1.json", &page(3, more)),
        ("b/2.json", &page(4, "")),
    ]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    let (code, said) = ingest(exports.path(), &dataset, &[]);
    assert_eq!((code, stages(&dataset).len()), (Some(0), 4), "{said}");
    let told = said.lines().map(|line| line.split_whitespace().collect::<Vec<_>>());
    assert!(told.clone().any(|words| words == ["2", "missing_pages", "a/1.json"]), "{said}");
}

#[test]
fn a_list_of_rejects_of_several_snapshots_changes_each_where_it_stands() {
    let exports = folder(&[
        (
            "2026-01-31/deals.csv",
            &format!("{HEADER}O1,Launched,Foo,plenty\nO2,Launched,Bar,lots\nO3,Launched,Baz,many\n"),
        ),
        ("2026-06-30/deals.csv", &format!("{HEADER}O1,Launched,Foo,500\nO2,Launched,Bar,loads\n")),
        ("2026-01-31/people.csv", "Person Name,Certification,Award Date\nAda,Some Certification,someday\n"),
        ("2026-06-30/people.csv", "Person Name,Certification,Award Date\nAda,Some Certification,2025-01-01\n"),
    ]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    assert_eq!(ingest(exports.path(), &dataset, &[]).0, Some(0));
    let mut list = fs::read_to_string(dataset.join("quality/rejects.csv")).expect("rejects.csv");
    for (raw, value) in [("plenty", "77"), ("lots", "88"), ("many", "99"), ("loads", "111"), ("someday", "2024-02-02")]
    {
        assert!(list.contains(&format!(",{raw},,")), "{list}");
        list = list.replace(&format!(",{raw},,"), &format!(",{raw},{value},asked"));
    }
    let corrected = out.path().join("corrected.csv");
    fs::write(&corrected, &list).expect("the folder takes files");
    let (code, said) = ingest(exports.path(), &dataset, &["--corrections", text(&corrected), "--strict"]);
    assert_eq!(code, Some(0), "{said}");
    let dataset = Dataset::open(&dataset).expect("a dataset");
    let mut rows = Vec::new();
    for bucket in dataset.buckets().map(|bucket| bucket.expect("a bucket")) {
        let deals = bucket.table(aceq_model::TableId::Opportunities).expect("opportunities").clone();
        let (ids, amounts) =
            (deals["opportunity_id"].as_string::<i32>(), deals["mrr_usd"].as_primitive::<Decimal128Type>());
        rows.extend((0..deals.num_rows()).map(|row| format!("{} {}", ids.value(row), amounts.value(row) / 100)));
        let people = bucket.table(aceq_model::TableId::Certifications).expect("certifications");
        assert_eq!(people.num_rows(), 1);
    }
    // What a newer export says of O1 is newer than what an older one should have said.
    assert_eq!(rows, ["O1 500", "O2 111", "O3 99"]);
}

#[test]
fn corrections_that_cannot_be_meant_end_the_run() {
    let exports =
        folder(&[("deals.csv", &format!("{HEADER}O1,Launched,Foo,500\nO2,Launched,Bar,500\nO3,Launched,Baz,500\n"))]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let header = "Action,Partner Id,Table,Row Id,Source File,Source Sheet,Source Line,Column,Value,Reason";
    let cases = [
        ("exclude,,opportunities,O1,deals.csv,,3,,,the line is that of O2", "c.csv:2"),
        ("supply,,opportunities,O1,,,,mrr_usd,1,200.00,a comma too many", "c.csv:2: it has more cells than the header"),
        ("exclude,,opportunities,O1,,,,,,\"a quote\nexclude,,opportunities,O2,,,,,,another", "c.csv:2: a quote opens"),
        (
            "same,,,Foo,,,,,Bar,a\nsame,,,Bar,,,,,Baz,b\ndifferent,,,Foo,,,,,Baz,c",
            "c.csv:4: other statements make the two names",
        ),
        (
            "supply,,opportunities,O1,,,,mrr_usd,1,a\nsupply,,,,deals.csv,,2,mrr_usd,2,b",
            "c.csv:3: it says something else",
        ),
    ];
    for (lines, told) in cases {
        let corrections = out.path().join("c.csv");
        fs::write(&corrections, format!("{header}\n{lines}\n")).expect("the folder takes files");
        let (code, said) = ingest(exports.path(), &out.path().join("dataset"), &["--corrections", text(&corrections)]);
        assert_eq!(code, Some(2), "{lines}\n{said}");
        assert!(said.contains(told), "{lines}\n{said}");
    }
}

#[test]
fn a_canonical_table_knows_its_day_and_that_it_names_nobody() {
    let exports = folder(&[("2026-11-15/deals.csv", &format!("{HEADER}O1,Launched,Foo,500\n"))]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    assert_eq!(ingest(exports.path(), &dataset, &[]).0, Some(0));
    let older = folder(&[("2026-01-15/deals.csv", &format!("{HEADER}O1,Qualified,Foo,400\n"))]);
    fs::copy(dataset.join("canonical/opportunities.parquet"), older.path().join("own.parquet")).expect("a copy");
    let (code, said) = ingest(older.path(), &dataset, &["--strict"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(!said.contains("undated_export") && said.contains("no rejects"), "{said}");
    assert_eq!(stages(&dataset), ["O1 Launched"]);
}

#[test]
fn what_would_pass_unseen_is_told() {
    let header = "Partner Id,Opportunity Id,Stage,Customer Company Name\n";
    let exports = folder(&[("deals.csv", &format!("{header}P-1,O1,Launched,Foo\np-1,O2,Launched,Bar\n"))]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let mapping = out.path().join("crm.toml");
    let text_of = "name = \"crm\"\ntable = \"opportunities\"\nsignature = [\"opportunity_id\"]\nheaders = [\"Deal\"]\n\
                   [columns]\nopportunity_id = [\"Deal\"]\n";
    fs::write(&mapping, text_of).expect("the folder takes files");
    let (code, said) = ingest(exports.path(), &out.path().join("dataset"), &["--mapping", text(&mapping)]);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("similar_partners") && said.contains("the mapping `crm` was not used"), "{said}");
}

#[test]
fn corrections_are_read_as_spreadsheets_save_them() {
    let exports = folder(&[("deals.csv", &format!("{HEADER}O1,Launched,Foo,500\n"))]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let list = "Action,Table,Row Id,Column,Value,Reason\nsupply,opportunities,O1,stage,Committed,gefragt: Müller\n";
    let wide: Vec<u8> = "\u{FEFF}".encode_utf16().chain(list.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let western: Vec<u8> = list.chars().map(|letter| u8::try_from(u32::from(letter)).expect("Latin 1")).collect();
    for bytes in [wide, western] {
        let corrections = out.path().join("c.csv");
        fs::write(&corrections, bytes).expect("the folder takes files");
        let dataset = out.path().join("dataset");
        let (code, said) = ingest(exports.path(), &dataset, &["--corrections", text(&corrections)]);
        assert_eq!(code, Some(0), "{said}");
        assert_eq!(stages(&dataset), ["O1 Committed"]);
    }
    let damaged = out.path().join("d.csv");
    let bytes: Vec<u8> = list.chars().map(|letter| if letter == 'ü' { 0x81 } else { letter as u8 }).collect();
    fs::write(&damaged, bytes).expect("the folder takes files");
    let (code, said) = ingest(exports.path(), &out.path().join("other"), &["--corrections", text(&damaged)]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("d.csv:1: it holds bytes that are no text"), "{said}");
}

#[test]
fn a_gzip_file_that_breaks_off_is_shown_as_far_as_it_goes() {
    let out = tempfile::tempdir().expect("a folder for the test");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    let rows: String = (0..9000).map(|row| format!("O{row},Launched,Foo,{row}\n")).collect();
    std::io::Write::write_all(&mut packed, format!("{HEADER}{rows}").as_bytes()).expect("memory takes bytes");
    let packed = packed.finish().expect("memory takes bytes");
    let path = out.path().join("deals.csv.gz");
    fs::write(&path, &packed[..packed.len() / 2]).expect("the folder takes files");
    let output = program::run(&["sniff", text(&path), "--rows"]);
    let shown = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(2));
    assert!(shown.contains("O100,Launched,Foo,100") && !shown.contains("O8999,"), "{} lines", shown.lines().count());
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot be decoded"));
}

/// Codes on each opportunity.
fn marks(dataset: &Path) -> Vec<String> {
    let dataset = Dataset::open(dataset).expect("a dataset");
    let buckets = dataset.buckets().map(|bucket| bucket.expect("a bucket"));
    let rows = buckets.flat_map(|bucket| {
        let rows = bucket.table(aceq_model::TableId::Opportunities).expect("opportunities").clone();
        let (ids, lists) = (rows["opportunity_id"].as_string::<i32>(), rows["findings"].as_list::<i32>());
        let codes = |row| lists.value(row).as_string::<i32>().iter().flatten().collect::<Vec<_>>().join(" ");
        (0..rows.num_rows()).map(|row| format!("{}: {}", ids.value(row), codes(row))).collect::<Vec<_>>()
    });
    rows.collect()
}

#[test]
fn a_correction_settles_what_was_found_of_the_cell() {
    let header =
        "Opportunity Id,Stage,Customer Company Name,Estimated AWS Monthly Recurring Revenue,Opportunity Type,Country\n";
    let old = format!("{header}O1,Nearly,Foo,500,Magic,Germany\n");
    let new = format!("{header}O1,Nearly there,Foo,500,Magic,Germany\nO2,Nearly,Bar,55.1234,Expansion,Germany\n");
    let exports = folder(&[("2026-01-31/deals.csv", &old), ("2026-06-30/deals.csv", &new)]);
    let out = tempfile::tempdir().expect("a folder for the test");
    let dataset = out.path().join("dataset");
    assert_eq!(ingest(exports.path(), &dataset, &[]).0, Some(0));
    let of_o1 = [
        "O1 opportunity_type unknown_value",
        "O1 opportunity_type unknown_value",
        "O1 stage unknown_value",
        "O1 stage unknown_value",
    ];
    let of_o2 = ["O2 mrr_usd amount_truncated", "O2 stage unknown_value"];
    let sorted = |dataset: &Path| {
        let mut all = findings(dataset);
        all.sort();
        all
    };
    assert_eq!(sorted(&dataset), [&of_o1[..], &of_o2].concat());
    assert_eq!(marks(&dataset), ["O1: unknown_value", "O2: amount_truncated unknown_value"]);

    let corrections = out.path().join("c.csv");
    let given = |lines: &str| {
        let head = "Action,Table,Row Id,Source File,Source Line,Column,Value,Reason\n";
        fs::write(&corrections, format!("{head}{lines}")).expect("the folder takes files");
        let (code, said) = ingest(exports.path(), &dataset, &["--corrections", text(&corrections)]);
        assert_eq!(code, Some(0), "{said}");
        (sorted(&dataset), marks(&dataset))
    };
    // The row with all its versions; other columns and rows keep what was found.
    let (all, marked) = given("supply,opportunities,O1,,,stage,Committed,asked\n");
    assert_eq!(all, [&of_o1[..2], &of_o2].concat());
    assert_eq!(marked, ["O1: unknown_value", "O2: amount_truncated unknown_value"]);
    let both =
        "supply,opportunities,O1,,,stage,Committed,asked\nsupply,opportunities,O1,,,opportunity_type,Expansion,asked\n";
    let (all, marked) = given(both);
    assert_eq!((all, marked[0].as_str()), (of_o2.map(str::to_owned).to_vec(), "O1: "));
    let (all, marked) = given("supply,opportunities,,2026-06-30/deals.csv,3,mrr_usd,55.12,asked\n");
    assert_eq!(all, [&of_o1[..], &of_o2[1..]].concat());
    assert_eq!(marked[1], "O2: unknown_value");
    // What is left out is told, and nothing else about it.
    let (all, marked) = given("exclude,opportunities,O1,,,,,a test\n");
    assert_eq!(all, [&["O1 - excluded_row"][..], &of_o2].concat());
    assert_eq!(marked.len(), 1);
}
