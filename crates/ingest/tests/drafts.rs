//! Drafted mappings: they parse as they are, guess nothing, and serve with little help.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use aceq_ingest::{Chunk, Input, Mappings, Options, Recognised, Sink, SinkError, draft_mapping, read, recognise};
use aceq_model::{Finding, LedgerEntry, Reject, TableId};
use proptest::prelude::*;
use std::fs;
use std::path::PathBuf;

const SALESFORCE: &str = "\
\"Id\",\"Name\",\"StageName\",\"CloseDate\",\"Amount\",\"Account.Name\",\"awsapn__Partner_Central_Opportunity_Id__c\",\"awsapn__ACE_Stage__c\",\"awsapn__Target_Close_Date__c\"
\"0065g00000AbCdE\",\"Contact centre\",\"Closed Won\",\"2026-03-31\",\"120000\",\"Nordwind\",\"O1000001\",\"Launched\",\"2026-03-31\"
\"0065g00000AbCdF\",\"Data lake\",\"Proposal\",\"2026-05-31\",\"90000\",\"Sudwind\",\"O1000002\",\"Qualified\",\"2026-05-31\"
";

const HUBSPOT: &str = "\
Record ID;Deal Name;Deal Stage;Close Date;Associated Company;ace_deal_id;ace_stage;aws_stage;ace_expected_monthly_spend
901;Contact centre;closedwon;2026-03-31;Nordwind;O1000001;Launched;Launched;2500
902;Data lake;proposal;2026-05-31;Sudwind;;Qualified;Prospect;900
";

struct Written(#[expect(dead_code, reason = "the folder lasts as long as its file")] tempfile::TempDir, PathBuf);

fn written(name: &str, content: &str) -> Written {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    Written(folder, path)
}

fn draft(file: &Written, kind: Option<TableId>) -> String {
    draft_mapping(&Input::file(&file.1), None, kind, Mappings::builtin(), &Options::default()).unwrap()
}

/// Takes the `# ` off the line about a column.
fn with_column(draft: &str, column: &str) -> String {
    let commented = format!("# {column} = [");
    assert_eq!(draft.matches(&commented).count(), 1, "{draft}");
    draft.replace(&commented, &commented[2..])
}

#[derive(Default)]
struct Count(Vec<Reject>);

impl Sink for Count {
    fn rows(&mut self, _: Chunk) -> Result<(), SinkError> {
        Ok(())
    }

    fn restart(&mut self) {
        self.0.clear();
    }

    fn rejects(&mut self, rejects: Vec<Reject>) -> Result<(), SinkError> {
        self.0.extend(rejects);
        Ok(())
    }

    fn findings(&mut self, _: Vec<Finding>) -> Result<(), SinkError> {
        Ok(())
    }
}

fn read_with(file: &Written, mapping: &str) -> (Recognised, LedgerEntry, Vec<Reject>) {
    let mappings = Mappings::builtin().with_sources(&[("own.toml", mapping)]).unwrap();
    let (input, options) = (Input::file(&file.1), Options::default());
    let recognised = recognise(&input, &mappings, &options).unwrap().tables.remove(0);
    let mut sink = Count::default();
    let (_, ledger) = read(&input, &recognised, &mappings, &options, &mut sink).unwrap();
    (recognised, ledger, sink.0)
}

fn headers_of<'r>(recognised: &'r Recognised, column: &str) -> Vec<&'r str> {
    recognised.mapped.iter().filter(|field| field.column == column).map(|field| field.header.as_str()).collect()
}

#[test]
fn a_crm_with_the_connector_of_aws_is_read_after_one_line() {
    let file = written("salesforce.csv", SALESFORCE);
    let draft = draft(&file, None);
    // The ACE id is told by its cells; the record id of the CRM, called `Id`, is not taken for it.
    assert!(draft.contains("opportunity_id = [\"awsapn__Partner_Central_Opportunity_Id__c\"]  # its cells"), "{draft}");
    let (recognised, ledger, rejects) = read_with(&file, &with_column(&draft, "stage"));
    assert_eq!((recognised.mapping.as_str(), recognised.table), ("salesforce", TableId::Opportunities));
    assert_eq!(headers_of(&recognised, "stage"), ["awsapn__ACE_Stage__c"]);
    assert_eq!((ledger.accepted, rejects.len()), (2, 0));
}

#[test]
fn a_crm_without_it_is_read_after_one_line() {
    let file = written("hubspot.csv", HUBSPOT);
    let (recognised, ledger, rejects) = read_with(&file, &with_column(&draft(&file, None), "mrr_usd"));
    assert_eq!(recognised.mapping, "hubspot");
    assert_eq!(headers_of(&recognised, "mrr_usd"), ["ace_expected_monthly_spend"]);
    // A deal that was never shared has no ACE id, so it is no opportunity here.
    assert_eq!((ledger.accepted, ledger.rejected, rejects.len()), (1, 1, 1));
}

#[test]
fn what_is_only_alike_is_a_remark() {
    let file = written("deals.csv", "Oportunity Id,Stage,Customr\n1,Launched,Nordwind\n");
    let draft = draft(&file, None);
    assert!(draft.contains("\nstage = [\"Stage\"]\n"), "{draft}");
    assert!(draft.contains("\n# opportunity_id = [\"Oportunity Id\"]  # 0."), "{draft}");
    assert!(draft.contains("\n#   \"Customr\" ~ customer_name (0."), "{draft}");
    let mappings = Mappings::builtin().with_sources(&[("own.toml", &draft)]).unwrap();
    let unusable = recognise(&Input::file(&file.1), &mappings, &Options::default());
    assert!(unusable.is_err(), "a column without which no row can be used is never guessed");
}

#[test]
fn the_kind_is_found_or_stated() {
    let file = written("people.csv", "Full name,E-mail,Certificate,Awarded on\nA,a@example.com,X,2026-01-01\n");
    assert!(draft(&file, None).contains("table = \"certifications\""));
    assert!(draft(&file, Some(TableId::Personnel)).contains("table = \"personnel\""));
}

#[test]
fn a_mapping_of_ones_own_comes_before_the_built_in_ones() {
    let content = "Opportunity Id,Stage,AWS Stage,Phase,MRR,Customer\nO1,Qualified,Prospect,Launched,5,Nordwind\n";
    let file = written("deals.csv", content);
    let own = "name = \"own\"\ntable = \"opportunities\"\nsignature = [\"opportunity_id\"]\nheaders = [\"Phase\"]\n\
               ignored = [\"Stage\"]\n[columns]\nopportunity_id = [\"Opportunity Id\"]\nstage = [\"Phase\"]\n";
    let (recognised, ..) = read_with(&file, own);
    assert_eq!((recognised.mapping.as_str(), headers_of(&recognised, "stage")), ("own", vec!["Phase"]));
}

proptest! {
    /// Whatever the headers, the draft is a mapping that parses.
    #[test]
    fn drafts_parse(headers in prop::collection::vec("\\PC{1,12}|[\"\\\\#=\\[\\]\u{1}\u{7f} a-z]{1,12}", 2..6)) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&headers).unwrap();
        writer.write_record(headers.iter().map(|_| "1")).unwrap();
        let file = written("any.csv", &String::from_utf8(writer.into_inner().unwrap()).unwrap());
        let draft = draft_mapping(&Input::file(&file.1), None, None, Mappings::builtin(), &Options::default());
        if let Ok(draft) = draft {
            let parsed = Mappings::builtin().with_sources(&[("own.toml", &draft)]);
            prop_assert!(parsed.is_ok(), "{draft}\n{}", parsed.unwrap_err());
        }
    }
}

/// Labels of a report say `Stage` for that of the sales process, too.
#[test]
fn of_two_stages_neither_is_chosen() {
    let report = "\"Opportunity Name\",\"ACE Stage\",\"Stage\",\"Partner Central Opportunity ID\"\n\"Deal\",\"Launched\",\"Closed Won\",\"O1\"\n";
    let draft = draft(&written("report.csv", report), None);
    assert!(!draft.contains("\nstage = ["), "{draft}");
    let offered = draft.lines().find(|line| line.starts_with("# stage = [")).unwrap_or_default();
    assert!(offered.contains("\"Stage\"") && offered.contains("\"ACE Stage\""), "{draft}");
}
