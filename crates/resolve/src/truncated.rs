//! Exports that end exactly where Partner Central stops giving out rows.

use aceq_model::{FileRecord, Finding, FindingCode, LedgerEntry, Position};

/// Rows that Partner Central gives out at most.
const MOST: u64 = 1500;

/// The finding about a file of Partner Central with exactly that many data rows, whatever became of them.
pub fn truncated_export(file: &FileRecord, ledger: &LedgerEntry) -> Option<Finding> {
    let rows = ledger.decoded.saturating_sub(ledger.not_data);
    let from_portal = ["partner-central", "certification-export"].iter().any(|name| file.mapping.starts_with(name));
    (rows == MOST && from_portal).then(|| Finding {
        partner_id: String::new(),
        table: file.table,
        position: Position { file: file.path.clone(), sheet: file.sheet.clone(), ..Position::default() },
        row_id: String::new(),
        code: FindingCode::TruncatedExport,
        detail: format!("it has exactly {MOST} rows: export it in parts, for example by year of creation"),
    })
}

#[cfg(test)]
mod tests {
    use super::truncated_export;
    use crate::literal::literal_file;
    use aceq_model::{FileRecord, LedgerEntry, TableId};

    #[test]
    fn exactly_the_limit_and_from_partner_central() {
        let told = |mapping: &str, decoded| {
            let file =
                FileRecord { mapping: mapping.to_owned(), ..literal_file(TableId::Opportunities, "deals.csv", None) };
            truncated_export(&file, &LedgerEntry { decoded, not_data: 1, ..LedgerEntry::default() }).is_some()
        };
        assert!(told("partner-central-legacy", 1501));
        assert!(!told("partner-central", 1500));
        assert!(!told("partner-central", 1502));
        assert!(!told("opportunities", 1501), "an own list may have as many rows as it likes");
    }
}
