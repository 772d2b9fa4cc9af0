//! What of an opportunity the launch model looks at, and what it does not: every forecast names the latter.

/// Columns of `opportunities` and `stage_history` that the launch model uses.
pub const USED: [&str; 5] = ["stage", "origin", "created_date", "target_close_date", "launch_date"];

/// Columns that might tell something about a launch and that the launch model does not use, with the reason.
pub const NOT_USED: [(&str, &str); 8] = [
    ("aws_stage", "AWS sales keeps it on a path of its own, and it is often missing"),
    ("aws_close_date", "given for few opportunities"),
    ("review_status", "decides whether a launch counts, not when it comes"),
    ("mrr_usd", "the amount is an estimate that changes while the opportunity is open"),
    ("customer_key", "deals of one customer are taken as independent"),
    ("aws_products", "too many values for the data of most partners"),
    ("opportunity_type", "not in every export"),
    ("last_modified", "silence tells less than it seems where exports touch every row"),
];

#[cfg(test)]
mod tests {
    use super::{NOT_USED, USED};
    use aceq_model::TableId;

    #[test]
    fn every_name_is_a_column() {
        let columns = TableId::Opportunities.schema().columns;
        for name in USED.iter().chain(NOT_USED.iter().map(|(name, _)| name)) {
            assert!(columns.iter().any(|column| column.name == *name), "{name}");
        }
    }
}
