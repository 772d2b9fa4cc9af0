//! Exports that end before their list does: exactly where Partner Central stops giving out rows, or with a page that
//! says that another one follows.

use aceq_model::{FileRecord, Finding, FindingCode, LedgerEntry, Pages, Position};
use std::collections::BTreeMap;

/// Rows that Partner Central gives out at most.
const MOST: u64 = 1500;

/// The finding about a file of Partner Central with exactly that many data rows, whatever became of them.
pub fn truncated_export(file: &FileRecord, ledger: &LedgerEntry) -> Option<Finding> {
    let rows = ledger.decoded.saturating_sub(ledger.not_data);
    let from_portal = ["partner-central", "certification-export"].iter().any(|name| file.mapping.starts_with(name));
    let detail = format!("it has exactly {MOST} rows: export it in parts, for example by year of creation");
    (rows == MOST && from_portal).then(|| about(file, FindingCode::TruncatedExport, detail))
}

/// Findings about files whose pages all say that another one follows, where no file of the same kind and day in the
/// same folder holds a last page, nor is one of `empty`, files without records that are last pages. Two lists in one
/// folder cannot be told apart: the last page of one ends both.
pub fn missing_pages<'f>(files: impl Iterator<Item = &'f FileRecord>, empty: &[String]) -> Vec<Finding> {
    fn folder(path: &str) -> &str {
        path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }
    let mut lists: BTreeMap<_, Vec<&FileRecord>> = BTreeMap::new();
    for file in files.filter(|file| file.pages != Pages::default()) {
        lists.entry((folder(&file.path), &file.mapping, file.snapshot_date)).or_default().push(file);
    }
    lists.retain(|(of, ..), files| {
        files.iter().all(|file| file.pages.last == 0) && empty.iter().all(|file| folder(file) != *of)
    });
    let told = |file: &&FileRecord| {
        let pages = if file.pages.open == 1 { "its page says" } else { "all its pages say" };
        let detail = format!(
            "{pages} that another one follows: fetch the rest of the list, up to the page that names no next one"
        );
        about(file, FindingCode::MissingPages, detail)
    };
    lists.values().flatten().map(told).collect()
}

fn about(file: &FileRecord, code: FindingCode, detail: String) -> Finding {
    let position = Position { file: file.path.clone(), sheet: file.sheet.clone(), ..Position::default() };
    Finding {
        partner_id: String::new(),
        table: file.table,
        position,
        row_id: String::new(),
        column: None,
        code,
        detail,
    }
}

#[cfg(test)]
mod tests {
    use super::{missing_pages, truncated_export};
    use crate::literal::literal_file;
    use aceq_model::{FileRecord, LedgerEntry, Pages, TableId};

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

    #[test]
    fn a_list_needs_its_last_page() {
        let file = |path: &str, open, last| {
            let file = literal_file(TableId::Opportunities, path, None);
            FileRecord { pages: Pages { open, last }, ..file }
        };
        let told = |files: &[FileRecord]| -> Vec<String> {
            missing_pages(files.iter(), &["z/c.json".to_owned()])
                .into_iter()
                .map(|finding| finding.position.file)
                .collect()
        };
        assert!(told(&[file("a.json", 1, 0), file("b.json", 0, 1), file("c.csv", 0, 0)]).is_empty());
        assert!(told(&[file("a.json", 3, 1)]).is_empty());
        assert_eq!(told(&[file("a.json", 1, 0), file("b.json", 2, 0)]), ["a.json", "b.json"]);
        assert_eq!(told(&[file("x/a.json", 1, 0), file("y/b.json", 0, 1)]), ["x/a.json"], "another partner's list");
        assert!(told(&[file("z/a.json", 1, 0)]).is_empty(), "its last page holds no records");
    }
}
