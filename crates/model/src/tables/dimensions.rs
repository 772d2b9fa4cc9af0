//! Dimension tables: what facts are grouped, filtered and named by.

use crate::schema::{Column, ColumnType, Table};

const fn column(name: &'static str, ty: ColumnType, doc: &'static str) -> Column {
    Column { name, ty, doc, picklist: "", ingested: false, strict: "" }
}

const fn listed(name: &'static str, picklist: &'static str, doc: &'static str) -> Column {
    Column { name, ty: ColumnType::Text, doc, picklist, ingested: false, strict: "" }
}

/// The dimension tables, in the order of the reference page.
pub static DIMENSIONS: [&Table; 7] =
    [&DIM_DATE, &DIM_PARTNER, &DIM_CUSTOMER, &DIM_TABLE, &DIM_REQUIREMENT, &DIM_READING, &DIM_RUN];

/// One row per day of the years that the dataset speaks about.
pub static DIM_DATE: Table = Table {
    name: "dim_date",
    grain: "one row per day, in whole years from the first to the last date of the dataset between 1970 and 2100, and \
            the years of its as-of dates",
    key: &["date"],
    columns: &[
        column("date", ColumnType::Date, "The day."),
        column("year", ColumnType::Integer, "Calendar year."),
        column("quarter", ColumnType::Integer, "Quarter of the year, 1 to 4."),
        column("quarter_label", ColumnType::Text, "Quarter such as `2026-Q4`; sorts as time does."),
        column("quarter_start", ColumnType::Date, "First day of the quarter."),
        column("quarter_end", ColumnType::Date, "Last day of the quarter."),
        column("month", ColumnType::Integer, "Month of the year, 1 to 12."),
        column("month_label", ColumnType::Text, "Month such as `2026-11`; sorts as time does."),
        column("month_start", ColumnType::Date, "First day of the month."),
        column("month_end", ColumnType::Date, "Last day of the month."),
        column("iso_week", ColumnType::Integer, "Week of the year by ISO 8601, 1 to 53."),
        column("iso_weekday", ColumnType::Integer, "Day of the week by ISO 8601, 1 (Monday) to 7."),
        column("is_quarter_end", ColumnType::Flag, "Whether it is the last day of a quarter."),
        column(
            "fiscal_year",
            ColumnType::Integer,
            "Fiscal year, called after the calendar year in which it ends; `fiscal_year_start` says when it begins.",
        ),
        column("fiscal_quarter", ColumnType::Integer, "Quarter of the fiscal year, 1 to 4."),
        column("fiscal_quarter_label", ColumnType::Text, "Fiscal quarter such as `FY2026-Q4`; sorts as time does."),
    ],
};

/// One row per partner of the dataset, with or without rows.
pub static DIM_PARTNER: Table = Table {
    name: "dim_partner",
    grain: "one row per partner of the dataset, with or without rows",
    key: &[],
    columns: &[
        column("partner_id", ColumnType::Text, "The partner."),
        column("name", ColumnType::Text, "Name in the newest row of `partners` that has one."),
        listed("path", "path", "Partner path in the newest row of `partners`: the one that is valid last."),
        listed("path_stage", "path_stage", "Stage within the path, from the same row."),
        listed("tier", "tier", "Tier, from the same row."),
        listed("partner_type", "partner_type", "Services or Technology, from the same row."),
        listed("segment_category", "segment_category", "Answer about customer segments, from the same row."),
        listed("delivery_category", "delivery_category", "How the solution is delivered, from the same row."),
        column("valid_from", ColumnType::Date, "First day that row holds; 1900-01-01 where it is open."),
        column("valid_until", ColumnType::Date, "Last day that row holds; 9999-12-31 where it is open."),
    ],
};

/// One row per partner and customer after name resolution.
pub static DIM_CUSTOMER: Table = Table {
    name: "dim_customer",
    grain: "one row per partner and customer after name resolution",
    key: &["customer_key"],
    columns: &[
        column("partner_id", ColumnType::Text, "The partner whose customer it is."),
        column("customer_key", ColumnType::Text, "Key of the customer, unique within the partner."),
        column(
            "customer_name",
            ColumnType::Text,
            "Name as written in the first row that has one: of `customers`, else of `opportunities`, else of \
             `case_studies`, each in its order. So are the columns below.",
        ),
        listed("country", "country", "Country, ISO 3166-1 alpha-2."),
        listed("segment", "segment", "AWS customer segment."),
        listed("customer_type", "customer_type", "Startup, ISV, Digital Native Business or other."),
        column("annual_revenue_usd", ColumnType::Decimal, "Annual revenue in USD."),
        column("employees", ColumnType::Integer, "Number of employees."),
        column("website", ColumnType::Text, "Website as written."),
        column("aws_account_id", ColumnType::Text, "AWS account id, 12 digits where it is one."),
        column("duns", ColumnType::Text, "DUNS number, 9 digits."),
    ],
};

/// One row per table that a dataset can hold.
pub static DIM_TABLE: Table = Table {
    name: "dim_table",
    grain: "one row per table that a dataset can hold",
    key: &["table_name"],
    columns: &[
        column("table_name", ColumnType::Text, "Name of the table and of its file."),
        column("folder", ColumnType::Text, "Folder of the file: canonical, quality, results, dimensions or bridges."),
        column("grain", ColumnType::Text, "What one row is."),
        column(
            "given",
            ColumnType::Flag,
            "Whether the dataset has it. FALSE of a canonical table: no file of that kind was ever given, so what it \
             would say is unknown, not none.",
        ),
        column("row_count", ColumnType::Long, "Number of rows; null where it was not given."),
    ],
};

/// One row per requirement of every checklist that was assessed.
pub static DIM_REQUIREMENT: Table = Table {
    name: "dim_requirement",
    grain: "one row per checklist version and requirement; requirement `*` is the whole checklist",
    key: &["requirement_key"],
    columns: &[
        column("requirement_key", ColumnType::Text, "Program, version and requirement, such as `smb/2025-08/4.2`."),
        column("program", ColumnType::Text, "Program id, such as `smb`."),
        column("version", ColumnType::Text, "Checklist version."),
        column("program_title", ColumnType::Text, "Title of the program."),
        column("requirement_id", ColumnType::Text, "Requirement id as in the document; `*` is the whole checklist."),
        column("title", ColumnType::Text, "The requirement in words."),
        column("section", ColumnType::Text, "Section of the document; empty for the whole checklist."),
        column(
            "kind",
            ColumnType::Text,
            "How it is decided: counted, combined (of others), attested (by self-assessment); whole for `*`.",
        ),
        column(
            "role",
            ColumnType::Text,
            "required, part (serves another requirement) or advice (the checklist holds without it); whole for `*`.",
        ),
        column("sort_order", ColumnType::Integer, "Place in the document, from 1; 0 for the whole checklist."),
        column("document", ColumnType::Text, "Document that the rules come from."),
        column("checked", ColumnType::Date, "Day on which the rule was last compared with the document."),
    ],
};

/// One row per requirement and reading.
pub static DIM_READING: Table = Table {
    name: "dim_reading",
    grain: "one row per requirement and reading",
    key: &["requirement_key", "reading"],
    columns: &[
        column("requirement_key", ColumnType::Text, "The requirement."),
        column("reading", ColumnType::Text, "`adopted`, or the name of the alternative reading."),
        column(
            "description",
            ColumnType::Text,
            "How the text of the document is understood; null where it leaves nothing to understand.",
        ),
    ],
};

/// One row per run whose results the dataset holds.
pub static DIM_RUN: Table = Table {
    name: "dim_run",
    grain: "one row per run whose results the dataset holds",
    key: &["run_id"],
    columns: &[
        column("run_id", ColumnType::Text, "Hash of contents, rules, settings, as-of dates and tool version."),
        column("sequence", ColumnType::Integer, "1 for the run that was appended first, and so on."),
        column("tool_version", ColumnType::Text, "Version of aceq."),
        column("first_as_of", ColumnType::Date, "First as-of date that the run answers."),
        column("last_as_of", ColumnType::Date, "Last as-of date that the run answers."),
        column("inputs", ColumnType::Integer, "Number of files and sheets that the run has read."),
        column(
            "is_latest",
            ColumnType::Flag,
            "Whether it is the newest run: canonical and quality tables are its own.",
        ),
    ],
};
