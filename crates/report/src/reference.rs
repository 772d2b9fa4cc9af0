//! Reference pages, generated from `model`: the tables, and the codes of rejects and findings.

use crate::sheet::{escape_markdown, markdown_table};
use aceq_model::{ChangeReason, FindingCode, RejectReason, Table, tables::Folder};

/// `docs/reference/tables.md`: every table with its columns.
pub fn tables() -> String {
    let chapters = Folder::ALL.map(chapter);
    std::iter::once(INTRODUCTION.to_owned()).chain(chapters).collect()
}

/// `docs/reference/codes.md`: every reason for a reject and every kind of finding.
pub fn codes() -> String {
    let reasons = RejectReason::ALL.iter().map(|reason| (reason.code(), reason.words()));
    let findings = FindingCode::ALL.iter().map(|code| (code.code(), code.words()));
    let changes = ChangeReason::ALL.iter().map(|reason| (reason.code(), reason.words()));
    [
        "# Codes\n\n<!-- Generated; change `crates/model/src/ledger.rs` and `changes.rs`. -->\n\n",
        "## Rejects\n\nWhat could not be read. A rejected row is not used; a rejected cell is unknown.\n\n",
        &code_table("reason", reasons),
        "\n## Findings\n\nWhat was read and deserves a second look.\n\n",
        &code_table("code", findings),
        "\n## Changes\n\nWhy `aceq diff` says that a row or unit came, went or changed.\n\n",
        &code_table("reason", changes),
    ]
    .concat()
}

const INTRODUCTION: &str = "\
# Tables

<!-- Generated; change `crates/model/src/tables/`. -->

Null means unknown unless the description says otherwise. Every table is sorted by `partner_id` where it has one and
then by its key; canonical tables, bridges, `dim_partner` and `dim_customer` are clustered by partner bucket first, items
of a bridge keep the order of their list, and results of earlier runs come before those of later ones. Money is in USD.
`docs/dataset.md` tells how the tables join.

| type | Parquet |
|---|---|
| text | `STRING` |
| flag | `BOOLEAN` |
| integer, long | `INT32`, `INT64` |
| decimal(18,2) | `DECIMAL(18,2)` on `INT64` |
| date | `DATE` |
| timestamp (UTC, µs) | `TIMESTAMP(MICROS, UTC)` |
| list of text | `LIST` of `STRING`; items are never null |
";

fn chapter(folder: Folder) -> String {
    let (title, about) = match folder {
        Folder::Canonical => ("Canonical tables", "What the inputs say, in one form"),
        Folder::Quality => ("Quality tables", "What became of the input"),
        Folder::Results => ("Result tables", "What a run found"),
        Folder::Dimensions => ("Dimension tables", "What facts are grouped, filtered and named by"),
        Folder::Bridges => ("Bridge tables", "The items of lists, one a row, for tools that take no lists"),
    };
    let sections: String = folder.tables().into_iter().map(section).collect();
    format!("\n## {title}\n\n{about}: `{}/<table>.parquet`.\n{sections}", folder.name())
}

fn section(table: &Table) -> String {
    let ingested = table.columns.iter().any(|column| column.ingested);
    let listed = table.columns.iter().any(|column| !column.picklist.is_empty());
    let header: &[&str] = if ingested {
        &["column", "type", "from", "values", "description"]
    } else if listed {
        &["column", "type", "values", "description"]
    } else {
        &["column", "type", "description"]
    };
    let rows = table.columns.iter().map(|column| {
        let name = format!("`{}`", column.name);
        let from = if column.ingested { "input" } else { "derived" };
        let values = if column.picklist.is_empty() { String::new() } else { format!("`{}`", column.picklist) };
        let doc = column.doc.replace('|', "\\|");
        if ingested {
            vec![name, column.ty.name().to_owned(), from.to_owned(), values, doc]
        } else if listed {
            vec![name, column.ty.name().to_owned(), values, doc]
        } else {
            vec![name, column.ty.name().to_owned(), doc]
        }
    });
    let key: Vec<String> = table.full_key().iter().map(|column| format!("`{column}`")).collect();
    let grain = escape_markdown(table.grain);
    format!("\n### {}\n\nGrain: {grain}. Key: {}.\n\n{}", table.name, key.join(", "), markdown_table(header, rows))
}

fn code_table(heading: &str, codes: impl Iterator<Item = (&'static str, &'static str)>) -> String {
    let rows = codes.map(|(code, words)| vec![format!("`{code}`"), escape_markdown(words)]);
    markdown_table(&[heading, "meaning"], rows)
}

#[cfg(test)]
mod tests {
    use super::{codes, tables};
    use aceq_model::{FindingCode, RejectReason, tables as model};

    #[test]
    fn every_table_and_column_is_described() {
        let page = tables();
        for (_, table) in model::all() {
            let section = page.split(&format!("\n### {}\n", table.name)).nth(1).expect("a section");
            let section = section.split("\n### ").next().expect("its text");
            for column in table.columns {
                assert!(section.contains(&format!("| `{}` | {} |", column.name, column.ty.name())), "{}", column.name);
            }
        }
    }

    #[test]
    fn a_section_reads_like_this() {
        let expected = "
### customer_links

Grain: one row per reason that joins two customer records. Key: `partner_id`, `customer_key`, `strength`, `evidence`, \
`left_name`, `right_name`.

| column | type | description |
|---|---|---|
| `partner_id` | text | Partner. |
";
        assert!(tables().contains(expected));
        assert!(tables().contains("| `stage` | text | input | `stage` | Stage reported by the partner. |"));
    }

    #[test]
    fn every_code_is_explained() {
        let page = codes();
        let all =
            RejectReason::ALL.iter().map(|code| code.code()).chain(FindingCode::ALL.iter().map(|code| code.code()));
        assert!(all.into_iter().all(|code| page.contains(&format!("| `{code}` | "))));
    }
}
