//! Bridge tables: the items of lists, one a row, for tools that take no lists.

use crate::schema::{Column, ColumnType, Table, TableId};

/// A bridge table and the list that it holds.
#[derive(Clone, Copy, Debug)]
pub struct Bridge {
    /// The bridge: the partner, the id of the row that holds the list, and the item.
    pub table: &'static Table,
    /// The table that has the list.
    pub of: TableId,
    /// The column that is the list.
    pub list: &'static str,
}

impl Bridge {
    /// The column of the bridge that holds the item.
    pub fn item(&self) -> &'static str {
        self.table.columns[2].name
    }

    /// The column, of both tables, that holds the id of the row.
    pub fn id(&self) -> &'static str {
        self.table.columns[1].name
    }
}

/// Every bridge, in the order of the reference page.
pub static BRIDGES: [Bridge; 7] = [
    Bridge { table: &OPPORTUNITY_PRODUCTS, of: TableId::Opportunities, list: "aws_products" },
    Bridge { table: &OPPORTUNITY_SOLUTIONS, of: TableId::Opportunities, list: "solutions" },
    Bridge { table: &OPPORTUNITY_PROGRAMS, of: TableId::Opportunities, list: "programs" },
    Bridge { table: &OPPORTUNITY_DELIVERY_MODELS, of: TableId::Opportunities, list: "delivery_models" },
    Bridge { table: &CASE_STUDY_PROGRAMS, of: TableId::CaseStudies, list: "programs" },
    Bridge { table: &CASE_STUDY_SERVICES, of: TableId::CaseStudies, list: "aws_services" },
    Bridge { table: &CASE_STUDY_FEATURES, of: TableId::CaseStudies, list: "features" },
];

const PARTNER: Column = text("partner_id", "", "The partner whose row it is.");
const OPPORTUNITY: Column = text("opportunity_id", "", "The opportunity that has the list.");
const CASE_STUDY: Column = text("case_study_id", "", "The case study that has the list.");

const fn text(name: &'static str, picklist: &'static str, doc: &'static str) -> Column {
    Column { name, ty: ColumnType::Text, doc, picklist, ingested: false, strict: "" }
}

const fn bridge(
    name: &'static str,
    grain: &'static str,
    key: &'static [&'static str],
    columns: &'static [Column],
) -> Table {
    Table { name, grain, columns, key }
}

static OPPORTUNITY_PRODUCTS: Table = bridge(
    "opportunity_products",
    "one row per opportunity and AWS product tagged",
    &["opportunity_id", "aws_product"],
    &[PARTNER, OPPORTUNITY, text("aws_product", "aws_product", "Code of the AWS product.")],
);

static OPPORTUNITY_SOLUTIONS: Table = bridge(
    "opportunity_solutions",
    "one row per opportunity and partner solution offered",
    &["opportunity_id", "solution"],
    &[PARTNER, OPPORTUNITY, text("solution", "", "Solution id, name or `Other`.")],
);

static OPPORTUNITY_PROGRAMS: Table = bridge(
    "opportunity_programs",
    "one row per opportunity and APN program tagged",
    &["opportunity_id", "program"],
    &[PARTNER, OPPORTUNITY, text("program", "", "APN program as written.")],
);

static OPPORTUNITY_DELIVERY_MODELS: Table = bridge(
    "opportunity_delivery_models",
    "one row per opportunity and delivery model",
    &["opportunity_id", "delivery_model"],
    &[PARTNER, OPPORTUNITY, text("delivery_model", "delivery_model", "Delivery model.")],
);

static CASE_STUDY_PROGRAMS: Table = bridge(
    "case_study_programs",
    "one row per case study and program that it is meant for",
    &["case_study_id", "program"],
    &[PARTNER, CASE_STUDY, text("program", "program", "Program id.")],
);

static CASE_STUDY_SERVICES: Table = bridge(
    "case_study_services",
    "one row per case study and AWS service used",
    &["case_study_id", "aws_service"],
    &[PARTNER, CASE_STUDY, text("aws_service", "aws_product", "Code of the AWS service.")],
);

static CASE_STUDY_FEATURES: Table = bridge(
    "case_study_features",
    "one row per case study and Amazon Connect feature used",
    &["case_study_id", "feature"],
    &[PARTNER, CASE_STUDY, text("feature", "feature", "Amazon Connect feature.")],
);

#[cfg(test)]
mod tests {
    use super::BRIDGES;
    use crate::ColumnType;

    #[test]
    fn every_list_of_an_export_has_a_bridge_with_the_ids_of_its_rows() {
        let lists = crate::TableId::ALL.into_iter().flat_map(|id| {
            let lists = id.schema().columns.iter().filter(|column| column.ty == ColumnType::TextList);
            lists.filter(|column| column.ingested).map(move |column| (id, column.name))
        });
        let bridged: Vec<_> = BRIDGES.iter().map(|bridge| (bridge.of, bridge.list)).collect();
        for list in lists {
            assert!(bridged.contains(&list), "{list:?}");
        }
        for bridge in &BRIDGES {
            assert_eq!(bridge.table.columns.len(), 3);
            assert!(bridge.of.schema().key == [bridge.id()], "{}", bridge.table.name);
            assert_eq!(bridge.table.key, [bridge.id(), bridge.item()]);
        }
    }
}
