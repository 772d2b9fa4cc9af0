//! Canonical tables: what the exports say, in one form.

use crate::schema::{Column, ColumnType, Table};

const fn ingested(name: &'static str, ty: ColumnType, picklist: &'static str, doc: &'static str) -> Column {
    Column { name, ty, doc, picklist, ingested: true, strict: "" }
}

const fn derived(name: &'static str, ty: ColumnType, picklist: &'static str, doc: &'static str) -> Column {
    Column { name, ty, doc, picklist, ingested: false, strict: "" }
}

const fn key(name: &'static str, strict: &'static str, doc: &'static str) -> Column {
    Column { name, ty: ColumnType::Text, doc, picklist: "", ingested: false, strict }
}

/// One row per partner and ACE opportunity.
pub static OPPORTUNITIES: Table = Table {
    name: "opportunities",
    grain: "one row per partner and ACE opportunity",
    key: &["opportunity_id"],
    columns: &[
        ingested("partner_id", ColumnType::Text, "", "The partner whose row it is."),
        ingested("opportunity_id", ColumnType::Text, "", "ACE id, `O` and digits."),
        ingested("partner_crm_id", ColumnType::Text, "", "Id in the partner's own CRM."),
        key(
            "customer_key",
            "customer_key_strict",
            "Customer after name resolution, by strong and weak evidence; null for masked customers.",
        ),
        derived(
            "customer_key_strict",
            ColumnType::Text,
            "",
            "Customer by strong evidence alone; refines `customer_key`.",
        ),
        ingested("customer_name", ColumnType::Text, "", "Customer company name as written."),
        ingested("customer_website", ColumnType::Text, "", "Customer website as written."),
        ingested(
            "customer_aws_account_id",
            ColumnType::Text,
            "",
            "AWS account id of the customer, 12 digits where it is one.",
        ),
        ingested("customer_duns", ColumnType::Text, "", "DUNS number of the customer, 9 digits."),
        ingested("customer_country", ColumnType::Text, "country", "Country, ISO 3166-1 alpha-2."),
        ingested("title", ColumnType::Text, "", "Partner project title."),
        ingested("stage", ColumnType::Text, "stage", "Stage reported by the partner."),
        derived(
            "stage_rank",
            ColumnType::Integer,
            "",
            "Place of the stage on the path, 0 (Prospect) to 5 (Launched); null for Closed Lost.",
        ),
        derived(
            "furthest_stage_rank",
            ColumnType::Integer,
            "",
            "Highest rank seen in any snapshot; null for a Closed Lost without history.",
        ),
        ingested("aws_stage", ColumnType::Text, "aws_stage", "Stage reported by AWS sales."),
        ingested(
            "review_status",
            ColumnType::Text,
            "review_status",
            "AWS's review of a partner referral; `None` where the export leaves it blank.",
        ),
        ingested(
            "acceptance_status",
            ColumnType::Text,
            "acceptance_status",
            "The partner's answer to an AWS referral.",
        ),
        derived(
            "registered",
            ColumnType::Flag,
            "",
            "Whether it counts as registered in ACE, from review status, origin and acceptance.",
        ),
        ingested(
            "origin",
            ColumnType::Text,
            "origin",
            "`Partner Referral` (partner-originated) or `AWS Referral` (AWS-originated).",
        ),
        ingested("involvement", ColumnType::Text, "involvement", "`Co-Sell` or `For Visibility Only`."),
        ingested(
            "opportunity_type",
            ColumnType::Text,
            "opportunity_type",
            "Net New Business, Flat Renewal or Expansion.",
        ),
        ingested("use_case", ColumnType::Text, "use_case", "Use case as AWS names it."),
        ingested("aws_products", ColumnType::TextList, "aws_product", "Codes of the AWS products tagged."),
        ingested("solutions", ColumnType::TextList, "", "Partner solutions offered: solution ids, names or `Other`."),
        ingested("delivery_models", ColumnType::TextList, "delivery_model", "Delivery models."),
        ingested("programs", ColumnType::TextList, "", "APN programs tagged."),
        ingested("mrr_usd", ColumnType::Decimal, "", "Estimated AWS monthly recurring revenue in USD."),
        ingested("annual_usd", ColumnType::Decimal, "", "Annual recurring revenue in USD where the source has one."),
        derived(
            "arr_usd",
            ColumnType::Decimal,
            "",
            "Annual recurring revenue in USD: 12 × `mrr_usd`, else `annual_usd`.",
        ),
        derived("arr_basis", ColumnType::Text, "", "`12×MRR` or `annual`."),
        ingested(
            "currency",
            ColumnType::Text,
            "",
            "ISO 4217 code of the amounts as written; `USD` where the source implies it.",
        ),
        ingested("created_date", ColumnType::Date, "", "Day the opportunity was created."),
        ingested("submitted_date", ColumnType::Date, "", "Day it was submitted for review."),
        ingested("decided_date", ColumnType::Date, "", "Day it was approved or rejected."),
        ingested("target_close_date", ColumnType::Date, "", "Partner's target close date."),
        ingested("aws_close_date", ColumnType::Date, "", "AWS's close date."),
        derived(
            "launch_date",
            ColumnType::Date,
            "",
            "Day of launch: the configured date column once the stage is Launched, else null.",
        ),
        ingested("last_modified", ColumnType::Timestamp, "", "Last modification at the source."),
        ingested("closed_lost_reason", ColumnType::Text, "", "Why it was lost."),
        ingested(
            "segment",
            ColumnType::Text,
            "segment",
            "AWS customer segment; from `customers`, else from the export.",
        ),
        derived(
            "annual_revenue_usd",
            ColumnType::Decimal,
            "",
            "The customer's annual revenue in USD, from `customers`.",
        ),
        derived("employees", ColumnType::Integer, "", "The customer's number of employees, from `customers`."),
        derived(
            "customer_type",
            ColumnType::Text,
            "customer_type",
            "Startup, ISV, Digital Native Business or other, from `customers`.",
        ),
        ingested("parent_opportunity_id", ColumnType::Text, "", "The opportunity that this one renews or expands."),
        ingested(
            "national_security",
            ColumnType::Flag,
            "",
            "Whether the opportunity is classified; such rows hide the customer.",
        ),
        ingested("masked", ColumnType::Flag, "", "Whether the source hides who the customer is; never null."),
        derived(
            "findings",
            ColumnType::TextList,
            "",
            "Codes of the findings about this row; empty when there is none.",
        ),
        derived("snapshot_date", ColumnType::Date, "", "Day of the export that the row comes from."),
        derived("source_file", ColumnType::Text, "", "File that the row comes from."),
        derived("source_sheet", ColumnType::Text, "", "Worksheet, empty for formats without sheets."),
        derived("source_line", ColumnType::Long, "", "Line on which the row starts, 1-based."),
    ],
};

/// One row per partner, person, certification and award.
pub static CERTIFICATIONS: Table = Table {
    name: "certifications",
    grain: "one row per partner, person, certification and award",
    key: &["person_key", "certification", "award_date"],
    columns: &[
        ingested("partner_id", ColumnType::Text, "", "The partner whose row it is."),
        ingested("person_name", ColumnType::Text, "", "Name as written."),
        ingested("email", ColumnType::Text, "", "E-mail address as written."),
        ingested("masked", ColumnType::Flag, "", "Whether the source hides who the person is; never null."),
        derived(
            "person_key",
            ColumnType::Text,
            "",
            "Key that tells people apart: address in lower case, else name; null for masked people.",
        ),
        ingested("certification", ColumnType::Text, "certification", "Canonical certification name."),
        ingested(
            "level",
            ColumnType::Text,
            "certification_level",
            "Foundational, Associate, Professional or Specialty.",
        ),
        ingested("award_date", ColumnType::Date, "", "Day of the first award."),
        ingested(
            "expiration_date",
            ColumnType::Date,
            "",
            "First day on which it is no longer valid; null is unknown, not endless.",
        ),
        derived(
            "findings",
            ColumnType::TextList,
            "",
            "Codes of the findings about this row; empty when there is none.",
        ),
        derived("snapshot_date", ColumnType::Date, "", "Day of the export that the row comes from."),
        derived("source_file", ColumnType::Text, "", "File that the row comes from."),
        derived("source_sheet", ColumnType::Text, "", "Worksheet, empty for formats without sheets."),
        derived("source_line", ColumnType::Long, "", "Line on which the row starts, 1-based."),
    ],
};

/// One row per partner, person, credential and completion.
pub static COMPLETIONS: Table = Table {
    name: "completions",
    grain: "one row per partner, person, credential and completion",
    key: &["person_key", "credential", "completed_date"],
    columns: &[
        ingested("partner_id", ColumnType::Text, "", "The partner whose row it is."),
        ingested("person_name", ColumnType::Text, "", "Name as written."),
        ingested("email", ColumnType::Text, "", "E-mail address as written."),
        ingested("masked", ColumnType::Flag, "", "Whether the source hides who the person is; never null."),
        derived(
            "person_key",
            ColumnType::Text,
            "",
            "Key that tells people apart: address in lower case, else name; null for masked people.",
        ),
        ingested("role", ColumnType::Text, "role", "Role of the person."),
        ingested("technical", ColumnType::Flag, "", "Whether the person works in a technical role."),
        ingested("credential", ColumnType::Text, "credential", "Canonical name of the badge, course or accreditation."),
        ingested("credential_type", ColumnType::Text, "credential_type", "Badge, Course or Accreditation."),
        ingested("completed_date", ColumnType::Date, "", "Day of completion."),
        ingested("expiration_date", ColumnType::Date, "", "Expiration, where the credential has one."),
        derived(
            "findings",
            ColumnType::TextList,
            "",
            "Codes of the findings about this row; empty when there is none.",
        ),
        derived("snapshot_date", ColumnType::Date, "", "Day of the export that the row comes from."),
        derived("source_file", ColumnType::Text, "", "File that the row comes from."),
        derived("source_sheet", ColumnType::Text, "", "Worksheet, empty for formats without sheets."),
        derived("source_line", ColumnType::Long, "", "Line on which the row starts, 1-based."),
    ],
};

/// One row per partner and case study.
pub static CASE_STUDIES: Table = Table {
    name: "case_studies",
    grain: "one row per partner and case study",
    key: &["case_study_id"],
    columns: &[
        ingested("partner_id", ColumnType::Text, "", "The partner whose row it is."),
        ingested("case_study_id", ColumnType::Text, "", "Id of the case study, as the attestations name it."),
        ingested("customer_name", ColumnType::Text, "", "Customer as written."),
        ingested(
            "customer_aws_account_id",
            ColumnType::Text,
            "",
            "AWS account id of the customer, 12 digits where it is one.",
        ),
        key("customer_key", "customer_key_strict", "Customer after name resolution; null for masked customers."),
        derived(
            "customer_key_strict",
            ColumnType::Text,
            "",
            "Customer by strong evidence alone; refines `customer_key`.",
        ),
        ingested("masked", ColumnType::Flag, "", "Whether the source hides who the customer is; never null."),
        ingested("programs", ColumnType::TextList, "program", "Ids of the programs that the case study is meant for."),
        ingested("category", ColumnType::Text, "case_study_category", "Category of the application it belongs to."),
        ingested("title", ColumnType::Text, "", "Title."),
        ingested("public", ColumnType::Flag, "", "Whether it is published (an anonymised one may be)."),
        ingested("url", ColumnType::Text, "", "Where it is published; an empty text where the cell is blank."),
        ingested("status", ColumnType::Text, "case_study_status", "Production, Pilot, Proof of Concept or Retired."),
        ingested("deployed_date", ColumnType::Date, "", "Day the deployment went into production."),
        ingested("still_active", ColumnType::Flag, "", "Whether the deployment still runs."),
        ingested(
            "ace_opportunity_id",
            ColumnType::Text,
            "",
            "ACE opportunity that belongs to it; an empty text where the cell is blank.",
        ),
        derived(
            "ace_opportunity_exists",
            ColumnType::Flag,
            "",
            "Whether the partner's opportunities hold that id; null without opportunities.",
        ),
        ingested("aws_services", ColumnType::TextList, "aws_product", "Codes of the AWS services used."),
        ingested("features", ColumnType::TextList, "feature", "Amazon Connect features used."),
        ingested("agents", ColumnType::Integer, "", "Number of contact-centre agents."),
        ingested("mrr_usd", ColumnType::Decimal, "", "AWS monthly recurring revenue in USD."),
        ingested("primary_delivery_partner", ColumnType::Flag, "", "Whether the partner led the delivery."),
        ingested("architecture_diagram", ColumnType::Flag, "", "Whether an architecture diagram is at hand."),
        ingested("kpis", ColumnType::Integer, "", "Number of measured KPIs described."),
        ingested("migration", ColumnType::Flag, "", "Whether it is a migration."),
        ingested(
            "wafr_high_risk_issues",
            ColumnType::Integer,
            "",
            "High-risk issues left in the Well-Architected review; null without a review.",
        ),
        derived(
            "findings",
            ColumnType::TextList,
            "",
            "Codes of the findings about this row; empty when there is none.",
        ),
        derived("snapshot_date", ColumnType::Date, "", "Day of the export that the row comes from."),
        derived("source_file", ColumnType::Text, "", "File that the row comes from."),
        derived("source_sheet", ColumnType::Text, "", "Worksheet, empty for formats without sheets."),
        derived("source_line", ColumnType::Long, "", "Line on which the row starts, 1-based."),
    ],
};

/// One row per partner and customer record.
pub static CUSTOMERS: Table = Table {
    name: "customers",
    grain: "one row per partner and customer record",
    key: &["customer_name", "source_file", "source_line"],
    columns: &[
        ingested("partner_id", ColumnType::Text, "", "The partner whose row it is."),
        ingested("customer_name", ColumnType::Text, "", "Customer as written."),
        ingested("customer_website", ColumnType::Text, "", "Website as written."),
        ingested("customer_aws_account_id", ColumnType::Text, "", "AWS account id, 12 digits where it is one."),
        ingested("customer_duns", ColumnType::Text, "", "DUNS number, 9 digits."),
        ingested("customer_country", ColumnType::Text, "country", "Country, ISO 3166-1 alpha-2."),
        key("customer_key", "customer_key_strict", "Customer after name resolution."),
        derived("customer_key_strict", ColumnType::Text, "", "Customer by strong evidence alone."),
        ingested("segment", ColumnType::Text, "segment", "AWS customer segment."),
        ingested("annual_revenue_usd", ColumnType::Decimal, "", "Annual revenue in USD."),
        ingested("employees", ColumnType::Integer, "", "Number of employees."),
        ingested("customer_type", ColumnType::Text, "customer_type", "Startup, ISV, Digital Native Business or Other."),
        derived(
            "findings",
            ColumnType::TextList,
            "",
            "Codes of the findings about this row; empty when there is none.",
        ),
        derived("snapshot_date", ColumnType::Date, "", "Day of the export that the row comes from."),
        derived("source_file", ColumnType::Text, "", "File that the row comes from."),
        derived("source_sheet", ColumnType::Text, "", "Worksheet, empty for formats without sheets."),
        derived("source_line", ColumnType::Long, "", "Line on which the row starts, 1-based."),
    ],
};

/// One row per partner, person, practice and assignment.
pub static PERSONNEL: Table = Table {
    name: "personnel",
    grain: "one row per partner, person, practice and assignment",
    key: &["person_key", "practice", "start_date"],
    columns: &[
        ingested("partner_id", ColumnType::Text, "", "The partner whose row it is."),
        ingested("person_name", ColumnType::Text, "", "Name as written."),
        ingested("email", ColumnType::Text, "", "E-mail address as written."),
        ingested("masked", ColumnType::Flag, "", "Whether the source hides who the person is; never null."),
        derived(
            "person_key",
            ColumnType::Text,
            "",
            "Key that tells people apart: address in lower case, else name; null for masked people.",
        ),
        ingested("role", ColumnType::Text, "role", "Role of the person."),
        ingested("practice", ColumnType::Text, "practice", "Practice the person is assigned to."),
        ingested("allocation_pct", ColumnType::Decimal, "", "Share of working time in the practice, percent."),
        ingested("start_date", ColumnType::Date, "", "First day of the assignment."),
        ingested("end_date", ColumnType::Date, "", "Last day of the assignment; 9999-12-31 where it is open."),
        derived(
            "findings",
            ColumnType::TextList,
            "",
            "Codes of the findings about this row; empty when there is none.",
        ),
        derived("snapshot_date", ColumnType::Date, "", "Day of the export that the row comes from."),
        derived("source_file", ColumnType::Text, "", "File that the row comes from."),
        derived("source_sheet", ColumnType::Text, "", "Worksheet, empty for formats without sheets."),
        derived("source_line", ColumnType::Long, "", "Line on which the row starts, 1-based."),
    ],
};

/// One row per partner and activity.
pub static ACTIVITIES: Table = Table {
    name: "activities",
    grain: "one row per partner and activity",
    key: &["activity_type", "activity_date", "title"],
    columns: &[
        ingested("partner_id", ColumnType::Text, "", "The partner whose row it is."),
        ingested("activity_type", ColumnType::Text, "activity_type", "Kind of activity."),
        ingested("title", ColumnType::Text, "", "Title."),
        ingested("url", ColumnType::Text, "", "Where it can be seen."),
        ingested("activity_date", ColumnType::Date, "", "Day of publication or of the event."),
        ingested("practice", ColumnType::Text, "practice", "Practice or program it belongs to."),
        ingested("person_name", ColumnType::Text, "", "Person who took part."),
        derived(
            "findings",
            ColumnType::TextList,
            "",
            "Codes of the findings about this row; empty when there is none.",
        ),
        derived("snapshot_date", ColumnType::Date, "", "Day of the export that the row comes from."),
        derived("source_file", ColumnType::Text, "", "File that the row comes from."),
        derived("source_sheet", ColumnType::Text, "", "Worksheet, empty for formats without sheets."),
        derived("source_line", ColumnType::Long, "", "Line on which the row starts, 1-based."),
    ],
};

/// One row per partner and specialization.
pub static DESIGNATIONS: Table = Table {
    name: "designations",
    grain: "one row per partner and specialization",
    key: &["designation", "achieved_date"],
    columns: &[
        ingested("partner_id", ColumnType::Text, "", "The partner whose row it is."),
        ingested("designation", ColumnType::Text, "designation", "Name of the specialization."),
        ingested(
            "designation_type",
            ColumnType::Text,
            "designation_type",
            "Competency, Service Delivery, Program or Foundational Technical Review.",
        ),
        ingested("achieved_date", ColumnType::Date, "", "Day it was achieved."),
        ingested(
            "expiration_date",
            ColumnType::Date,
            "",
            "First day it is no longer held; 9999-12-31 where it is still held.",
        ),
        derived(
            "findings",
            ColumnType::TextList,
            "",
            "Codes of the findings about this row; empty when there is none.",
        ),
        derived("snapshot_date", ColumnType::Date, "", "Day of the export that the row comes from."),
        derived("source_file", ColumnType::Text, "", "File that the row comes from."),
        derived("source_sheet", ColumnType::Text, "", "Worksheet, empty for formats without sheets."),
        derived("source_line", ColumnType::Long, "", "Line on which the row starts, 1-based."),
    ],
};

/// One row per partner and offering.
pub static OFFERINGS: Table = Table {
    name: "offerings",
    grain: "one row per partner and offering",
    key: &["title"],
    columns: &[
        ingested("partner_id", ColumnType::Text, "", "The partner whose row it is."),
        ingested("title", ColumnType::Text, "", "Title of the listing or solution."),
        ingested("description", ColumnType::Text, "", "Description; an empty text where the cell is blank."),
        ingested("url", ColumnType::Text, "", "Where it is listed."),
        ingested("offering_type", ColumnType::Text, "offering_type", "Kind of offering."),
        ingested("active", ColumnType::Flag, "", "Whether it is active and visible."),
        ingested("listed_date", ColumnType::Date, "", "Day it was listed."),
        derived(
            "findings",
            ColumnType::TextList,
            "",
            "Codes of the findings about this row; empty when there is none.",
        ),
        derived("snapshot_date", ColumnType::Date, "", "Day of the export that the row comes from."),
        derived("source_file", ColumnType::Text, "", "File that the row comes from."),
        derived("source_sheet", ColumnType::Text, "", "Worksheet, empty for formats without sheets."),
        derived("source_line", ColumnType::Long, "", "Line on which the row starts, 1-based."),
    ],
};

/// One row per partner and period of validity.
pub static PARTNERS: Table = Table {
    name: "partners",
    grain: "one row per partner and period of validity",
    key: &["path", "valid_from"],
    columns: &[
        ingested("partner_id", ColumnType::Text, "", "The partner whose row it is."),
        ingested("name", ColumnType::Text, "", "Name of the partner."),
        ingested("path", ColumnType::Text, "path", "Partner path."),
        ingested("path_stage", ColumnType::Text, "path_stage", "Stage within the path."),
        ingested("tier", ColumnType::Text, "tier", "Tier."),
        ingested("partner_type", ColumnType::Text, "partner_type", "Services or Technology."),
        ingested(
            "segment_category",
            ColumnType::Text,
            "segment_category",
            "Solution segment of a Digital Customer Experience application.",
        ),
        ingested("delivery_category", ColumnType::Text, "delivery_category", "How the solution is delivered."),
        ingested("valid_from", ColumnType::Date, "", "First day the row holds; 1900-01-01 where it is open."),
        ingested("valid_until", ColumnType::Date, "", "Last day the row holds; 9999-12-31 where it is open."),
        derived(
            "findings",
            ColumnType::TextList,
            "",
            "Codes of the findings about this row; empty when there is none.",
        ),
        derived("snapshot_date", ColumnType::Date, "", "Day of the export that the row comes from."),
        derived("source_file", ColumnType::Text, "", "File that the row comes from."),
        derived("source_sheet", ColumnType::Text, "", "Worksheet, empty for formats without sheets."),
        derived("source_line", ColumnType::Long, "", "Line on which the row starts, 1-based."),
    ],
};

/// One row per partner, program, requirement, case study and answer.
pub static ATTESTATIONS: Table = Table {
    name: "attestations",
    grain: "one row per partner, program, requirement, case study and answer",
    key: &["program", "requirement_id", "case_study_id", "answer_date"],
    columns: &[
        ingested("partner_id", ColumnType::Text, "", "The partner whose row it is."),
        ingested("program", ColumnType::Text, "program", "Program id."),
        ingested("requirement_id", ColumnType::Text, "", "Requirement id as in the document."),
        ingested(
            "case_study_id",
            ColumnType::Text,
            "",
            "Case study the answer is about; `*` for the partner as a whole.",
        ),
        ingested("met", ColumnType::Flag, "", "The answer."),
        ingested("answer_date", ColumnType::Date, "", "Day of the answer."),
        ingested("evidence", ColumnType::Text, "", "Where the evidence is."),
        derived(
            "findings",
            ColumnType::TextList,
            "",
            "Codes of the findings about this row; empty when there is none.",
        ),
        derived("snapshot_date", ColumnType::Date, "", "Day of the export that the row comes from."),
        derived("source_file", ColumnType::Text, "", "File that the row comes from."),
        derived("source_sheet", ColumnType::Text, "", "Worksheet, empty for formats without sheets."),
        derived("source_line", ColumnType::Long, "", "Line on which the row starts, 1-based."),
    ],
};
