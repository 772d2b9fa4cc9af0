//! Answers to the requirements that no data can show.

use crate::calendar::Calendar;
use crate::case_study;
use crate::csv_bytes::CsvBytes;
use crate::dice::{Dice, Topic};
use crate::partner::Partner;

pub(crate) const HEADER: &str = "Partner Id,Program,Requirement,Case Study Id,Met,Date,Evidence";

/// The requirements of one program that are answered, as lists with spaces between the ids.
struct Questions {
    /// Once for the partner.
    partner: &'static str,
    /// For each case study.
    every_case: &'static str,
    /// For the first case study, since one suffices; lists that programs share.
    one_case: &'static [&'static str],
}

fn questions(program: &str) -> Questions {
    let (partner, every_case, one_case): (_, _, &[&str]) = match program {
        "smb" => (SMB, "DOC-001", &[CUSTOMER_EXAMPLE, COMMON]),
        "amazon-connect-delivery" => ("1.1", DELIVERY_CASES, &[COMMON]),
        "amazon-connect-customer" => (CONNECT, CONNECT_CASES, &[CUSTOMER_EXAMPLE, COMMON]),
        "data-analytics" => (DATA, DATA_CASES, &[COMMON]),
        _ => (DCX, "DOC-1 DOC-4", &[]),
    };
    Questions { partner, every_case, one_case }
}

/// Asked of the partner by the SMB Competency.
const SMB: &str = "1.1 3.1 4.1 POV-001 POV-002 POV-003 POV-004 POV-005 PRJ-001 PRJ-002 PRJ-003 PRJ-004 PRJ-005 CSN-001 \
    CSN-002 SIBUS-001 PEO-001 PEO-002 GOV-001 GOV-002 TEC-001 TEC-002 TEC-003";

/// Asked of the partner by the Amazon Connect Customer Competency.
const CONNECT: &str = "1.1 3.1 POV-001 POV-002 POV-003 POV-004 POV-005 PRJ-001 PRJ-002 PRJ-003 PRJ-004 PRJ-005 CSN-001 \
    CSN-002 ACC-001 ACC-004 ACC-010 ACC-011 ACC-012 CCT-001 CCT-002 CCT-003 CCT-004 AICX-001 AICX-002 \
    AICX-003 AICX-004 AICX-005";

/// Asked of the partner by the Data and Analytics Competency.
const DATA: &str = "1.1 3.1 4.3 4.5 POV-001 POV-002 POV-003 POV-004 POV-005 PRJ-001 PRJ-002 PRJ-003 PRJ-004 PRJ-005 \
    CSN-001 CSN-002 PRDO-001 PRDO-002 PRDO-003 PRDO-004 PRDO-005 PRDO-006 PRDO-007 PRDO-008 PRID-002 \
    PRID-003 PRNET-001 PRNET-002 PRNET-003 PRHA-001 PRHA-002 PRTST-001 PRFM-001 PRRP-001 PRRP-004 \
    PRSVT-001";

/// Asked of the partner by the Digital Customer Experience Competency.
const DCX: &str = "1.3 3.1 4.1 4.2 4.4 4.5 5.1 FEAT-CM-1 FEAT-CM-2 FEAT-CM-3 FEAT-CM-4 FEAT-MA-1 FEAT-MA-2 FEAT-MA-3 \
    FEAT-DC-1 FEAT-DC-2 FEAT-DC-3 FEAT-DC-4 FEAT-DC-5 FEAT-DC-6 FEAT-C360-1 FEAT-C360-2 FEAT-C360-3 \
    FEAT-C360-6 DOC-2 DOC-3 SEC-1.1 SEC-1.2 SEC-1.3 SEC-1.4 SEC-1.5 SEC-1.7 SEC-1.8 SEC-1.9 SEC-1.10 \
    SEC-1.11 SEC-1.12 SEC-1.13 SEC-1.14 SEC-1.15 SEC-1.16 SEC-1.17 SEC-1.18 SEC-1.19 SEC-1.20 SEC-1.21 \
    SEC-1.22 SEC-1.23 SEC-1.24 SEC-1.25 SEC-1.26 REL-2.1 REL-2.2 REL-2.3 REL-2.4 REL-2.5 REL-2.6 REL-2.7 \
    REL-2.8 REL-2.10 REL-2.11 REL-2.12 OPS-3.1 OPS-3.2 OPS-3.3";

/// Asked of every case study by Amazon Connect Service Delivery.
const DELIVERY_CASES: &str = "3.1 CON-001 CON-002 CON-004 CON-005 CON-006 CON-008 CON-010 DOC-001";

/// Asked of every case study by the Amazon Connect Customer Competency.
const CONNECT_CASES: &str = "DOC-001 ACCCR-001 ACCCR-002 ACCCR-003 ACCCR-004 ACCCR-005 ACCCR-006 ACCCR-007";

/// Asked of every case study by the Data and Analytics Competency.
const DATA_CASES: &str = "DOC-001 EXCRI-001 EXMON-001 EXPE-001 EXPE-002 EXPE-004 EXPT-001";

/// About the customer, the solution and the outcome.
const CUSTOMER_EXAMPLE: &str = "UCR-001 UCR-002 UCR-003 UCR-004 PS-001 PS-002 PS-003 PS-004 PS-005 CO-001 CO-002";

/// The common customer example requirements.
const COMMON: &str = "ACCT-001 ACCT-002 OPE-001 OPE-002 OPE-003 NETSEC-001 NETSEC-002 REL-001 REL-002 COST-001";

/// Writes the answers of `partner`: some are missing, some are no, some were given twice.
pub(crate) fn write(partner: &Partner, calendar: &Calendar, csv: &mut CsvBytes) -> u64 {
    let mut dice = partner.dice(Topic::Programs);
    let mut rows = 0;
    for program in case_study::programs(partner.practice).split(';') {
        let asked = questions(program);
        let of_partner = asked.partner.split(' ').map(|requirement| (requirement, None));
        let of_first = asked.one_case.iter().flat_map(|list| list.split(' ')).map(|requirement| (requirement, Some(0)));
        let of_cases = (0..case_study::count(partner))
            .flat_map(|case| asked.every_case.split(' ').map(move |requirement| (requirement, Some(case))));
        for (requirement, case) in of_partner.chain(of_first).chain(of_cases) {
            rows += answer(partner, (program, requirement, case), calendar, &mut dice, csv);
        }
    }
    rows
}

fn answer(
    partner: &Partner,
    (program, requirement, case): (&str, &str, Option<u64>),
    calendar: &Calendar,
    dice: &mut Dice,
    csv: &mut CsvBytes,
) -> u64 {
    // A wholly diligent partner answers everything with yes, so that whole checklists can be met.
    let careless = 1000 - partner.diligence;
    if dice.happens(careless) {
        return 0;
    }
    let times = if dice.happens(careless / 5) { 2 } else { 1 };
    for _ in 0..times {
        partner.push_id(csv.field());
        csv.plain(program);
        csv.plain(requirement);
        match case {
            Some(case) => case_study::push_id(case, csv),
            None => csv.blank(),
        }
        csv.plain(if dice.happens(careless / 5) { "No" } else { "Yes" });
        csv.field().extend_from_slice(calendar.iso(calendar.snapshot - dice.between(0, 200)));
        csv.blank();
        csv.end_row();
    }
    times
}
