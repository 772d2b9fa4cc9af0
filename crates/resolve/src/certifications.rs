//! Certifications that contradict each other.

use crate::frame::Frame;
use crate::notes::Notes;
use aceq_model::FindingCode;
use arrow::array::Array;

/// Raises a finding on every row that says something else of the same award than the row before it. All of them are kept.
pub(crate) fn find_contradictions(certifications: &Frame, notes: &mut Notes) {
    let awards = certifications.comparable(certifications.table.key);
    let people = certifications.column("person_key");
    for row in 1..certifications.len() {
        if people.is_null(row) || awards.row(row) != awards.row(row - 1) {
            continue;
        }
        let differs = |name: &&&str| {
            let column = certifications.column(name);
            column.slice(row - 1, 1).to_data() != column.slice(row, 1).to_data()
        };
        let differing: Vec<&str> = ["level", "expiration_date"].iter().filter(differs).copied().collect();
        if !differing.is_empty() {
            let (first, second) = (certifications.position(row - 1), certifications.position(row));
            let detail = format!("{first} and {second} differ in {}", differing.join(", "));
            notes.raise(certifications, row, FindingCode::ContradictingRows, detail);
        }
    }
}
