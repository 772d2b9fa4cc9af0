//! Quality and result tables: what a run publishes beside the canonical tables.

use crate::schema::{Column, ColumnType, Table};

const fn column(name: &'static str, ty: ColumnType, doc: &'static str) -> Column {
    Column { name, ty, doc, picklist: "", ingested: false, strict: "" }
}

/// The requirement of a result row, by one column.
const REQUIREMENT_KEY: Column = column(
    "requirement_key",
    ColumnType::Text,
    "Program, version and requirement, such as `smb/2025-08/4.2`, as in `dim_requirement`.",
);

/// The run of a result row.
const RUN_ID: Column = column("run_id", ColumnType::Text, "The run that found it, as in `dim_run`.");

/// Whether a result row is the one to look at.
const IS_LATEST: Column = column(
    "is_latest",
    ColumnType::Flag,
    "Whether no newer run of the dataset answers this program and as-of date (of a timeline or forecast: this program).",
);

/// The result tables, in the order of the reference page.
pub static RESULTS: [&Table; 6] =
    [&REQUIREMENT_STATUS, &TIMELINES, &EVIDENCE, &NEAR_MISSES, &FORECAST, &FORECAST_DRIVERS];

/// The quality tables, in the order of the reference page.
pub static QUALITY: [&Table; 6] = [&REJECTS, &FINDINGS, &LEDGER, &PROVENANCE, &CUSTOMER_LINKS, &STAGE_HISTORY];

/// One row per partner, requirement, reading, member and as-of date.
pub static REQUIREMENT_STATUS: Table = Table {
    name: "requirement_status",
    grain: "one row per run, partner, requirement, reading, member and as-of date",
    key: &["program", "version", "requirement_id", "reading", "as_of", "member", "run_id"],
    columns: &[
        column("partner_id", ColumnType::Text, "The partner assessed."),
        column("program", ColumnType::Text, "Program id, such as `smb`."),
        column("version", ColumnType::Text, "Checklist version."),
        column("requirement_id", ColumnType::Text, "Requirement id as in the document; `*` is the whole checklist."),
        column("reading", ColumnType::Text, "`adopted`, or the name of the alternative reading."),
        column("as_of", ColumnType::Date, "The application date."),
        column("status", ColumnType::Text, "met, not_met, unknown, waived or not_applicable."),
        column("confirmed", ColumnType::Decimal, "Lower bound of the count."),
        column("possible", ColumnType::Decimal, "Upper bound of the count; null = unbounded."),
        column("required", ColumnType::Decimal, "The count asked for."),
        column("shortfall", ColumnType::Decimal, "max(0, required − confirmed)."),
        column(
            "member",
            ColumnType::Text,
            "Value or sub-minimum of an `each` or `of_which` row; null on the requirement's own row.",
        ),
        column(
            "met_from",
            ColumnType::Date,
            "First day of the met run that holds the as-of date, or of the next one; null = since ever, or none.",
        ),
        column("met_until", ColumnType::Date, "Last day of that run, inclusive; null = never lost on present data."),
        column(
            "margin_days",
            ColumnType::Long,
            "Days until the status changes on present data; null = no change known.",
        ),
        column(
            "counted_with_findings",
            ColumnType::Long,
            "Confirmed rows that carry a finding; null for rows that combine others.",
        ),
        REQUIREMENT_KEY,
        RUN_ID,
        IS_LATEST,
    ],
};

/// One row per partner, requirement, reading, member and step.
pub static TIMELINES: Table = Table {
    name: "timelines",
    grain: "one row per run, partner, requirement, reading, member and step",
    key: &["program", "version", "requirement_id", "reading", "member", "from_date", "run_id"],
    columns: &[
        column("partner_id", ColumnType::Text, "The partner assessed."),
        column("program", ColumnType::Text, "Program id, such as `smb`."),
        column("version", ColumnType::Text, "Checklist version."),
        column("requirement_id", ColumnType::Text, "Requirement id as in the document; `*` is the whole checklist."),
        column("reading", ColumnType::Text, "`adopted`, or the name of the alternative reading."),
        column("member", ColumnType::Text, "As in `requirement_status`."),
        column("from_date", ColumnType::Date, "First as-of date of the step; 1900-01-01 = since ever."),
        column("until_date", ColumnType::Date, "Last as-of date of the step, inclusive; 9999-12-31 = for good."),
        column("status", ColumnType::Text, "The answer during the step."),
        column("confirmed", ColumnType::Decimal, "Lower bound of the count."),
        column("possible", ColumnType::Decimal, "Upper bound of the count; null = unbounded."),
        column("required", ColumnType::Decimal, "The count asked for."),
        REQUIREMENT_KEY,
        RUN_ID,
        IS_LATEST,
    ],
};

/// One row per partner, requirement, reading, member, as-of date and counted unit.
pub static EVIDENCE: Table = Table {
    name: "evidence",
    grain: "one row per run, partner, requirement, reading, member, as-of date and counted unit",
    key: &["program", "version", "requirement_id", "reading", "as_of", "member", "unit", "run_id"],
    columns: &[
        column("partner_id", ColumnType::Text, "The partner assessed."),
        column("program", ColumnType::Text, "Program id, such as `smb`."),
        column("version", ColumnType::Text, "Checklist version."),
        column("requirement_id", ColumnType::Text, "Requirement id as in the document; `*` is the whole checklist."),
        column("reading", ColumnType::Text, "`adopted`, or the name of the alternative reading."),
        column("as_of", ColumnType::Date, "The application date."),
        column("member", ColumnType::Text, "Value or sub-minimum the row counts for; null for the main count."),
        column("unit", ColumnType::Text, "The counted unit: customer, person or row."),
        column("table", ColumnType::Text, "Table of the row."),
        column("row_id", ColumnType::Text, "The row's own id."),
        column("label", ColumnType::Text, "What a person would call it."),
        column("counts_from", ColumnType::Date, "First as-of date on which the row counts; null = since ever."),
        column("counts_until", ColumnType::Date, "Last as-of date on which the row counts; null = for good."),
        column("arr_usd", ColumnType::Decimal, "Annual recurring revenue in USD (opportunities only)."),
        column("findings", ColumnType::Text, "Codes of findings about the row, joined by `;`."),
        column("source_file", ColumnType::Text, "File of the row."),
        column("source_sheet", ColumnType::Text, "Worksheet, empty for formats without sheets."),
        column("source_line", ColumnType::Long, "Line of the row."),
        REQUIREMENT_KEY,
        RUN_ID,
        IS_LATEST,
    ],
};

/// One row per partner, requirement, reading, as-of date and row that fails exactly one condition.
pub static NEAR_MISSES: Table = Table {
    name: "near_misses",
    grain: "one row per run, partner, requirement, reading, as-of date and row that fails exactly one condition",
    key: &["program", "version", "requirement_id", "reading", "as_of", "unit", "row_id", "run_id"],
    columns: &[
        column("partner_id", ColumnType::Text, "The partner assessed."),
        column("program", ColumnType::Text, "Program id, such as `smb`."),
        column("version", ColumnType::Text, "Checklist version."),
        column("requirement_id", ColumnType::Text, "Requirement id as in the document; `*` is the whole checklist."),
        column("reading", ColumnType::Text, "`adopted`, or the name of the alternative reading."),
        column("as_of", ColumnType::Date, "The application date."),
        column("unit", ColumnType::Text, "The unit that would count."),
        column("table", ColumnType::Text, "Table of the row."),
        column("row_id", ColumnType::Text, "The row's own id."),
        column("label", ColumnType::Text, "What a person would call it."),
        column("condition", ColumnType::Text, "The condition that fails."),
        column("actual", ColumnType::Text, "The row's values in it."),
        column("cure", ColumnType::Text, "The date or value that would cure it."),
        column("source_file", ColumnType::Text, "File of the row."),
        column("source_sheet", ColumnType::Text, "Worksheet, empty for formats without sheets."),
        column("source_line", ColumnType::Long, "Line of the row."),
        REQUIREMENT_KEY,
        RUN_ID,
        IS_LATEST,
    ],
};

/// One row per partner, requirement, reading, member and quarter end.
pub static FORECAST: Table = Table {
    name: "forecast",
    grain: "one row per run, partner, requirement, reading, member and quarter end",
    key: &["program", "version", "requirement_id", "reading", "as_of", "member", "run_id"],
    columns: &[
        column("partner_id", ColumnType::Text, "The partner assessed."),
        column("program", ColumnType::Text, "Program id, such as `smb`."),
        column("version", ColumnType::Text, "Checklist version."),
        column("requirement_id", ColumnType::Text, "Requirement id as in the document; `*` is the whole checklist."),
        column("reading", ColumnType::Text, "`adopted`, or the name of the alternative reading."),
        column("as_of", ColumnType::Date, "The quarter end."),
        column("member", ColumnType::Text, "As in `requirement_status`."),
        column("quarter", ColumnType::Text, "Name of the quarter, such as `2027-Q1`, or `FY2027-Q4`."),
        column("forecast_from", ColumnType::Date, "The day from which the forecast looks ahead."),
        column("known_at", ColumnType::Date, "Day of the newest snapshot that it knows; null = no export has a day."),
        column("held_status", ColumnType::Text, "Status on the quarter end if nothing launches."),
        column("held", ColumnType::Decimal, "Confirmed count on the quarter end if nothing launches."),
        column("required", ColumnType::Decimal, "The count asked for."),
        column(
            "expected",
            ColumnType::Decimal,
            "Expected count; null where launches play no part in a count of its own.",
        ),
        column("p10", ColumnType::Decimal, "Count that is reached or exceeded nine times in ten; null as above."),
        column("p50", ColumnType::Decimal, "Median of the count; null as above."),
        column("p90", ColumnType::Decimal, "Count that is reached or exceeded at most one time in ten; null as above."),
        column(
            "p_met_pct",
            ColumnType::Decimal,
            "Probability in percent of being met, what is unknown counting against it.",
        ),
        column("p_met_at_most_pct", ColumnType::Decimal, "The same in percent if all that is unknown turned out well."),
        column("basis", ColumnType::Text, "calendar, exact, drawn, or held where launches are not followed."),
        REQUIREMENT_KEY,
        RUN_ID,
        IS_LATEST,
    ],
};

/// One row per forecast and open opportunity that moves it most.
pub static FORECAST_DRIVERS: Table = Table {
    name: "forecast_drivers",
    grain: "one row per run, partner, requirement, reading, member, quarter end and open opportunity that moves it most",
    key: &["program", "version", "requirement_id", "reading", "as_of", "member", "rank", "run_id"],
    columns: &[
        column("partner_id", ColumnType::Text, "The partner assessed."),
        column("program", ColumnType::Text, "Program id, such as `smb`."),
        column("version", ColumnType::Text, "Checklist version."),
        column("requirement_id", ColumnType::Text, "Requirement id as in the document; `*` is the whole checklist."),
        column("reading", ColumnType::Text, "`adopted`, or the name of the alternative reading."),
        column("as_of", ColumnType::Date, "The quarter end."),
        column("member", ColumnType::Text, "As in `requirement_status`."),
        column("rank", ColumnType::Long, "1 for the opportunity that moves the probability most."),
        column("opportunity_id", ColumnType::Text, "ACE id."),
        column("label", ColumnType::Text, "What a person would call it: the customer."),
        column("stage", ColumnType::Text, "Stage."),
        column("target_close_date", ColumnType::Date, "Target close date."),
        column(
            "p_counts_pct",
            ColumnType::Decimal,
            "Probability in percent that it launches such that it counts then.",
        ),
        column(
            "moves_pct",
            ColumnType::Decimal,
            "Percentage points between its launching for certain and its being lost.",
        ),
        column("source_file", ColumnType::Text, "File of the row."),
        column("source_sheet", ColumnType::Text, "Worksheet, empty for formats without sheets."),
        column("source_line", ColumnType::Long, "Line of the row."),
        REQUIREMENT_KEY,
        RUN_ID,
        IS_LATEST,
    ],
};

/// One row per row or cell that could not be read.
pub static REJECTS: Table = Table {
    name: "rejects",
    grain: "one row per row or cell that could not be read",
    key: &["source_file", "source_sheet", "source_line", "column_name", "reason"],
    columns: &[
        column("source_file", ColumnType::Text, "File."),
        column("source_sheet", ColumnType::Text, "Worksheet, empty for formats without sheets."),
        column("source_line", ColumnType::Long, "Line on which the record starts, 1-based."),
        column(
            "source_byte",
            ColumnType::Long,
            "Byte offset of the record in the decoded text; null where there is none.",
        ),
        column(
            "column_name",
            ColumnType::Text,
            "Canonical column of a rejected cell; null when the whole row is rejected.",
        ),
        column("raw", ColumnType::Text, "The raw text, at most 2,000 characters."),
        column("reason", ColumnType::Text, "Reason code."),
    ],
};

/// One row per suspicious row, column or file.
pub static FINDINGS: Table = Table {
    name: "findings",
    grain: "one row per suspicious row, column or file",
    key: &["partner_id", "table", "row_id", "code", "source_file", "source_line"],
    columns: &[
        column("partner_id", ColumnType::Text, "Partner of the row; empty for a finding about a file."),
        column("table", ColumnType::Text, "Table it concerns."),
        column("row_id", ColumnType::Text, "The row's own id; empty for a finding about a file."),
        column(
            "column_name",
            ColumnType::Text,
            "Canonical column whose cell or cells it concerns; null for a finding about a row or a file.",
        ),
        column("code", ColumnType::Text, "Finding code."),
        column("detail", ColumnType::Text, "The particular case in words."),
        column("source_file", ColumnType::Text, "File."),
        column("source_sheet", ColumnType::Text, "Worksheet, empty for formats without sheets."),
        column("source_line", ColumnType::Long, "Line; 0 for a finding about a whole column or file."),
    ],
};

/// One row per file and sheet; decoded = accepted + merged + superseded + rejected + not_data.
pub static LEDGER: Table = Table {
    name: "ledger",
    grain: "one row per file and sheet; decoded = accepted + merged + superseded + rejected + not_data",
    key: &["source_file", "source_sheet"],
    columns: &[
        column("source_file", ColumnType::Text, "File."),
        column("source_sheet", ColumnType::Text, "Worksheet, empty for formats without sheets."),
        column("table", ColumnType::Text, "Table the file fills."),
        column("decoded", ColumnType::Long, "Records that the decoder delivered."),
        column("accepted", ColumnType::Long, "Records that became a canonical row."),
        column("merged", ColumnType::Long, "Records whose columns went into another file's row."),
        column(
            "superseded",
            ColumnType::Long,
            "Records that a newer state or an exact duplicate replaced, or that a correction excludes.",
        ),
        column("rejected", ColumnType::Long, "Records that could not be used."),
        column("not_data", ColumnType::Long, "Titles, headers, totals, blank lines."),
    ],
};

/// One row per column of a canonical row that comes from another file than the row itself.
pub static PROVENANCE: Table = Table {
    name: "provenance",
    grain: "one row per column of a canonical row that comes from another file than the row itself",
    key: &["partner_id", "table", "row_id", "column_name"],
    columns: &[
        column("partner_id", ColumnType::Text, "Partner of the row."),
        column("table", ColumnType::Text, "Table of the row."),
        column("row_id", ColumnType::Text, "The row's own id."),
        column("column_name", ColumnType::Text, "Column."),
        column("source_file", ColumnType::Text, "File of the value; the corrections file for a corrected cell."),
        column("source_sheet", ColumnType::Text, "Worksheet, empty for formats without sheets."),
        column("source_line", ColumnType::Long, "Line of the row."),
    ],
};

/// One row per reason that joins two customer records.
pub static CUSTOMER_LINKS: Table = Table {
    name: "customer_links",
    grain: "one row per reason that joins two customer records",
    key: &["partner_id", "customer_key", "strength", "evidence", "left_name", "right_name"],
    columns: &[
        column("partner_id", ColumnType::Text, "Partner."),
        column("customer_key", ColumnType::Text, "The customer that both belong to."),
        column("strength", ColumnType::Text, "strong or weak."),
        column(
            "evidence",
            ColumnType::Text,
            "aws_account_id, duns, name, stated (by the user), website, similar_name or opportunity (one opportunity has had both names).",
        ),
        column("value", ColumnType::Text, "The value they share; the reason given, for a statement of the user."),
        column("left_name", ColumnType::Text, "One customer name."),
        column("right_name", ColumnType::Text, "The other customer name."),
    ],
};

/// One row per change of an opportunity's stage, AWS stage, review status or target close date.
pub static STAGE_HISTORY: Table = Table {
    name: "stage_history",
    grain: "one row per change of an opportunity's stage, AWS stage, review status or target close date",
    key: &["opportunity_id", "step"],
    columns: &[
        column("partner_id", ColumnType::Text, "Partner."),
        column("opportunity_id", ColumnType::Text, "ACE id."),
        column("step", ColumnType::Long, "1 for the oldest state that is known, 2 for the next, and so on."),
        column("stage", ColumnType::Text, "Stage reported by the partner."),
        column("aws_stage", ColumnType::Text, "Stage reported by AWS sales."),
        column("review_status", ColumnType::Text, "AWS's review of the opportunity."),
        column(
            "target_close_date",
            ColumnType::Date,
            "Target close date as these snapshots show it; once launched, ACE's day of the launch.",
        ),
        column(
            "known_from",
            ColumnType::Date,
            "Day of the oldest snapshot in a row that shows this state; null where that export has no known day, which \
             counts as older than every known one.",
        ),
        column(
            "last_seen",
            ColumnType::Date,
            "Day of the newest snapshot that holds the opportunity and says nothing else (a blank cell says nothing); null as above.",
        ),
        column(
            "snapshot_source",
            ColumnType::Text,
            "How the day is known: stated, folder, inside; floor or unknown where it is not.",
        ),
        column("source_file", ColumnType::Text, "File that first shows the state."),
        column("source_sheet", ColumnType::Text, "Worksheet, empty for formats without sheets."),
        column("source_line", ColumnType::Long, "Line of the row."),
    ],
};
