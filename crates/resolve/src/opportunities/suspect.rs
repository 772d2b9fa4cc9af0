//! Opportunities that deserve a second look. The day that counts as today is the newest snapshot of the partner's
//! opportunities, or the newest modification where no snapshot is dated; never the clock.

use crate::frame::Frame;
use crate::identity::{AccountDoubt, account_doubt, tidy};
use crate::notes::Notes;
use crate::opportunities::merge::History;
use crate::opportunities::{annual, twins};
use crate::settings::Settings;
use aceq_model::{Cents, FindingCode, date_from_days, days_from_date, stage_rank};
use arrow::array::{ArrayAccessor, BooleanArray, Date32Array, Decimal128Array, StringArray};
use chrono::Months;

/// How an opportunity ended, by one of the two stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Course {
    Open,
    Launched,
    Lost,
}

/// The columns looked at, each looked up once.
struct Looked<'a> {
    stage: &'a StringArray,
    aws_stage: &'a StringArray,
    segment: &'a StringArray,
    customer_type: &'a StringArray,
    account: &'a StringArray,
    monthly: &'a Decimal128Array,
    annual: &'a Decimal128Array,
    revenue: &'a Decimal128Array,
    target: &'a Date32Array,
    launch: &'a Date32Array,
    masked: Option<&'a BooleanArray>,
}

impl<'a> Looked<'a> {
    fn at(frame: &'a Frame) -> Self {
        Self {
            stage: frame.text("stage"),
            aws_stage: frame.text("aws_stage"),
            segment: frame.text("segment"),
            customer_type: frame.text("customer_type"),
            account: frame.text("customer_aws_account_id"),
            monthly: frame.decimal("mrr_usd"),
            annual: frame.decimal("annual_usd"),
            revenue: frame.decimal("annual_revenue_usd"),
            target: frame.date("target_close_date"),
            launch: frame.date("launch_date"),
            masked: frame.has("masked").then(|| frame.flag("masked")),
        }
    }
}

/// Raises the findings about single opportunities and about twins among them; `frame` must be derived.
pub(crate) fn suspect(frame: &Frame, history: &History, settings: &Settings, notes: &mut Notes) {
    for (row, code, detail) in &history.found {
        notes.raise(frame, *row as usize, *code, detail.clone());
    }
    let looked = Looked::at(frame);
    for row in 0..frame.len() {
        let today = history.exports.reference[frame.partners[row] as usize];
        let found = [
            zero_amount(&looked, row),
            annual_mismatch(&looked, row),
            segment_disagrees(&looked, row),
            stage_disagrees(&looked, row),
            lead(&looked, row),
            without_account(&looked, row, history.account_given[row]),
            history.launched_since.get(&(row as u32)).and_then(|since| launch_moved(&looked, row, *since)),
            today.and_then(|today| at_odds_with_today(&looked, row, today, settings.launched_long_ago_years)),
        ];
        found.into_iter().flatten().for_each(|(code, detail)| notes.raise(frame, row, code, detail));
    }
    twins::find(frame, notes);
    annual::find(frame, settings, notes);
}

type Found = Option<(FindingCode, String)>;

/// A cell of a text, date or decimal column.
pub(crate) fn cell<A: ArrayAccessor>(column: A, row: usize) -> Option<A::Item> {
    column.is_valid(row).then(|| column.value(row))
}

/// An amount as it is written.
pub(crate) fn usd(amount: i128) -> String {
    i64::try_from(amount).map_or_else(|_| amount.to_string(), |cents| Cents(cents).to_string())
}

fn zero_amount(looked: &Looked<'_>, row: usize) -> Found {
    let zero = cell(looked.monthly, row) == Some(0);
    zero.then(|| (FindingCode::ZeroAmount, "mrr_usd is 0.00".to_owned()))
}

/// More than a cent per month apart.
fn annual_mismatch(looked: &Looked<'_>, row: usize) -> Found {
    let monthly = cell(looked.monthly, row)?;
    let annual = cell(looked.annual, row)?;
    let detail = || format!("annual_usd is {}, 12 × {} is {}", usd(annual), usd(monthly), usd(12 * monthly));
    ((annual - 12 * monthly).abs() > 12).then(|| (FindingCode::AnnualMismatch, detail()))
}

/// USD 100 million, in cents.
const SMB_REVENUE: i128 = 100_000_000 * 100;
const NOT_SMB: [&str; 3] = ["Startup", "ISV", "Digital Native Business"];

fn segment_disagrees(looked: &Looked<'_>, row: usize) -> Found {
    let segment = cell(looked.segment, row)?;
    let revenue = cell(looked.revenue, row);
    let customer_type = cell(looked.customer_type, row);
    let small = smb_by_figures(revenue, customer_type)?;
    let detail = || {
        let revenue = revenue.map_or("unknown".to_owned(), usd);
        let customer_type = customer_type.unwrap_or("unknown");
        format!("segment is {segment}; annual revenue and customer type are {revenue}, {customer_type}")
    };
    (small != (segment == "SMB")).then(|| (FindingCode::SegmentDisagrees, detail()))
}

/// Whether the figures make a customer SMB; one figure alone can rule it out.
fn smb_by_figures(revenue: Option<i128>, customer_type: Option<&str>) -> Option<bool> {
    let small = revenue.map(|revenue| revenue < SMB_REVENUE);
    let ordinary = customer_type.map(|kind| !NOT_SMB.contains(&kind));
    match (small, ordinary) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn course(stage: &str) -> Option<Course> {
    match (stage, stage_rank(stage)) {
        ("Launched", _) => Some(Course::Launched),
        ("Closed Lost", _) => Some(Course::Lost),
        (_, rank) => rank.map(|_| Course::Open),
    }
}

/// AWS's stages; one that leaves the matter to the partner, and one that no list holds, say nothing.
fn aws_course(stage: &str) -> Option<Course> {
    match stage {
        "Launched" | "Completed" => Some(Course::Launched),
        "Closed Lost" | "Closed Incomplete" => Some(Course::Lost),
        "Not Started"
        | "In Progress"
        | "Prospect"
        | "Engaged"
        | "Identified"
        | "Qualify"
        | "Research"
        | "Seller Engaged"
        | "Evaluating"
        | "Seller Registered"
        | "Term Sheet Negotiation"
        | "Contract Negotiation"
        | "Onboarding"
        | "Building Integration"
        | "Qualified"
        | "On-hold"
        | "Technical Validation"
        | "Business Validation"
        | "Committed" => Some(Course::Open),
        _ => None,
    }
}

fn stage_disagrees(looked: &Looked<'_>, row: usize) -> Found {
    let (stage, aws_stage) = (cell(looked.stage, row)?, cell(looked.aws_stage, row)?);
    let differ = course(stage)? != aws_course(aws_stage)?;
    differ.then(|| (FindingCode::StageDisagrees, format!("stage is {stage}, aws_stage is {aws_stage}")))
}

/// Statuses that leads have and opportunities do not, as [`crate::identity::tidy`] leaves them.
const LEAD_STATUSES: [&str; 9] = [
    "new",
    "contacted",
    "research",
    "unqualified",
    "disqualified",
    "nurturing",
    "converted",
    "convertedtoopportunity",
    "closedconverted",
];

fn lead(looked: &Looked<'_>, row: usize) -> Found {
    let stage = cell(looked.stage, row).filter(|stage| course(stage).is_none())?;
    let status = LEAD_STATUSES.contains(&tidy(stage).as_str());
    status.then(|| (FindingCode::LeadAmongOpportunities, format!("stage is `{stage}`, a status of leads")))
}

/// Only where some file has the column: an export without it says nothing. Nor does one that hides the customer.
fn without_account(looked: &Looked<'_>, row: usize, given: bool) -> Found {
    let launched = cell(looked.stage, row) == Some("Launched");
    let masked = looked.masked.and_then(|masked| cell(masked, row)) == Some(true);
    let account = cell(looked.account, row);
    let missing = given && account.is_none_or(|account| account_doubt(account) == Some(AccountDoubt::Placeholder));
    let detail = || match account {
        None => "customer_aws_account_id is blank or could not be read".to_owned(),
        Some(account) => format!("customer_aws_account_id is `{account}`, which is no account"),
    };
    (launched && missing && !masked).then(|| (FindingCode::LaunchedWithoutAccount, detail()))
}

fn at_odds_with_today(looked: &Looked<'_>, row: usize, today: i32, years: u32) -> Found {
    let stage = cell(looked.stage, row).and_then(course)?;
    let target = cell(looked.target, row);
    let launch = cell(looked.launch, row);
    match (stage, launch, target) {
        (Course::Open, _, Some(target)) if target < today => {
            Some((FindingCode::OpenPastTarget, format!("target_close_date {} lies before {}", day(target), day(today))))
        }
        (Course::Launched, Some(launch), _) if launch > today => {
            Some((FindingCode::LaunchedInFuture, format!("launch_date {} lies after {}", day(launch), day(today))))
        }
        (Course::Launched, Some(launch), _) if launch < years_before(today, years)? => {
            let detail = format!("launch_date {} lies more than {years} years before {}", day(launch), day(today));
            Some((FindingCode::LaunchedLongAgo, detail))
        }
        _ => None,
    }
}

/// Launched on the day of an older snapshot, and by a target date that was put off since then to be launched later than that; a day
/// apart is another time zone.
fn launch_moved(looked: &Looked<'_>, row: usize, (since, before): (i32, i32)) -> Found {
    let launch = cell(looked.launch, row).filter(|launch| *launch > since + 1)?;
    let target = cell(looked.target, row).filter(|target| *target > before)?;
    let detail = || {
        let (launch, target, since, before) = (day(launch), day(target), day(since), day(before));
        format!(
            "launch_date is {launch}; a snapshot of {since} said Launched, with the target date {before}, which is {target} now"
        )
    };
    (cell(looked.stage, row)? == "Launched").then(|| (FindingCode::LaunchMoved, detail()))
}

fn years_before(day: i32, years: u32) -> Option<i32> {
    let months = Months::new(years.checked_mul(12)?);
    Some(days_from_date(date_from_days(day)?.checked_sub_months(months)?))
}

fn day(days: i32) -> String {
    date_from_days(days).map_or_else(|| format!("day {days}"), |day| day.to_string())
}

#[cfg(test)]
mod tests {
    use super::{SMB_REVENUE, aws_course, course, smb_by_figures, years_before};

    #[test]
    fn one_figure_rules_smb_out_and_two_rule_it_in() {
        assert_eq!(smb_by_figures(Some(SMB_REVENUE), None), Some(false));
        assert_eq!(smb_by_figures(Some(SMB_REVENUE - 1), Some("Other")), Some(true));
        assert_eq!(smb_by_figures(Some(1), None), None);
        assert_eq!(smb_by_figures(None, Some("ISV")), Some(false));
    }

    #[test]
    fn open_stages_do_not_disagree_with_each_other() {
        assert_eq!(course("Qualified"), aws_course("Seller Engaged"));
        assert_ne!(course("Launched"), aws_course("Technical Validation"));
        assert_eq!(course("Launched"), aws_course("Completed"));
        assert_eq!(aws_course("Deferred to Partner"), None);
    }

    #[test]
    fn years_clamp_to_the_end_of_february() {
        // 2024-02-29 is day 19782; one year before is 2023-02-28, day 19416.
        assert_eq!(years_before(19_782, 1), Some(19_416));
    }
}
