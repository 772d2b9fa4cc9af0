//! The mapping files that come with the program, compiled in.

macro_rules! files {
    ($folder:literal: $($name:literal),* $(,)?) => {
        &[$((concat!($name, ".toml"), include_str!(concat!("../../../../mappings/", $folder, "/", $name, ".toml")))),*]
    };
}

/// Source mappings: a mapping comes after the one it extends; at equal fit the later one is chosen.
pub(super) const SOURCES: &[(&str, &str)] = files!(
    "sources":
    "opportunities",
    "certifications",
    "completions",
    "case_studies",
    "customers",
    "personnel",
    "activities",
    "designations",
    "offerings",
    "partners",
    "partner-names",
    "attestations",
    "partner-analytics",
    "selling-api",
    "selling-api-aws-summary",
    "api-sample",
    "aws-side-report",
    "bulk-template",
    "partner-central",
    "partner-central-legacy",
    "crm-integration",
    "certification-export",
    "credly-bulk",
    "credly-badges",
);

/// Picklists.
pub(super) const VALUES: &[(&str, &str)] = files!(
    "values":
    "acceptance_status",
    "activity_type",
    "aws_product",
    "aws_stage",
    "case_study_category",
    "case_study_status",
    "certification",
    "certification_level",
    "country",
    "credential",
    "credential_type",
    "customer_type",
    "delivery_category",
    "delivery_model",
    "designation",
    "designation_type",
    "feature",
    "involvement",
    "offering_type",
    "opportunity_type",
    "origin",
    "partner_type",
    "path",
    "path_stage",
    "practice",
    "program",
    "review_status",
    "role",
    "segment",
    "segment_category",
    "stage",
    "tier",
    "use_case",
);
