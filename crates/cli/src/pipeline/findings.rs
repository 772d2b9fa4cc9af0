//! Which findings of reading are about the rows of a bucket.

use aceq_model::{FindingAt, TypedRows};
use aceq_store::Findings;
use arrow::array::AsArray;
use arrow::datatypes::Int64Type;
use std::collections::BTreeMap;

/// File and sheet.
type Place<'f> = (&'f str, &'f str);

/// Findings by file and sheet, in the order of lines.
pub(super) type ByFile<'f> = BTreeMap<Place<'f>, Vec<FindingAt<'f>>>;

/// Findings by file and sheet, in the order of lines.
pub(super) fn findings_by_file(findings: &Findings) -> ByFile<'_> {
    let mut by_file = ByFile::new();
    findings.places().for_each(|at| by_file.entry((at.file, at.sheet)).or_default().push(at));
    by_file.values_mut().for_each(|list| list.sort_by_key(|at| at.line));
    by_file
}

/// The findings about these very rows: a bucket looks at its own lines, not at every finding of every file.
pub(super) fn findings_about<'f>(rows: &TypedRows, by_file: &ByFile<'f>) -> Vec<FindingAt<'f>> {
    let Some(list) = by_file.get(&(rows.file.path.as_str(), rows.file.sheet.as_str())) else { return Vec::new() };
    let at = |line: u64| {
        let start = list.partition_point(|found| found.line < line);
        list[start..].iter().copied().take_while(move |found| found.line == line)
    };
    let lines = rows.batch["source_line"].as_primitive::<Int64Type>();
    lines.values().iter().flat_map(|line| at(line.unsigned_abs())).collect()
}
