//! The order of requirements, as a reader of the checklist expects it: `*`, 2.1, 2.2, 2.10, ACC-002, ACC-010.

use aceq_model::{CountKey, EvidenceRow, Natural, NearMissRow, StatusRow};

/// The reading that answers; the others stand beside it.
pub(crate) const ADOPTED: &str = "adopted";

/// The requirement that is the whole checklist.
pub(crate) const WHOLE: &str = "*";

/// The stated order of `requirement_status`.
pub(crate) fn statuses(rows: &[StatusRow]) -> Vec<&StatusRow> {
    sorted(rows, |row| {
        let StatusRow { partner_id, program, version, requirement_id, reading, member, as_of, .. } = row;
        ((partner_id, program, version), Natural(requirement_id), (reading != ADOPTED, reading), member, *as_of)
    })
}

/// The order of evidence: as the statuses, then by unit and row.
pub(crate) fn evidence(rows: &[EvidenceRow]) -> Vec<&EvidenceRow> {
    sorted(rows, |row| {
        let EvidenceRow { partner_id, program, version, requirement_id, reading, member, as_of, .. } = row;
        let place = ((partner_id, program, version), Natural(requirement_id), (reading != ADOPTED, reading));
        (place, *as_of, member, (&row.unit, &row.row_id, &row.source_file, row.source_line))
    })
}

/// The order of near misses: as the statuses, then by unit and row.
pub(crate) fn near_misses(rows: &[NearMissRow]) -> Vec<&NearMissRow> {
    sorted(rows, |row| {
        let NearMissRow { partner_id, program, version, requirement_id, reading, as_of, .. } = row;
        let place = ((partner_id, program, version), Natural(requirement_id), (reading != ADOPTED, reading));
        (place, *as_of, (&row.unit, &row.row_id, &row.source_file, row.source_line))
    })
}

/// Where a count stands: as the statuses, the requirement's own count before its members.
pub(crate) fn key(key: &CountKey) -> impl Ord + '_ {
    let CountKey { partner_id, program, version, requirement_id, reading, member } = key;
    ((partner_id, program, version), Natural(requirement_id), (reading != ADOPTED, reading), member)
}

pub(crate) fn sorted<'a, T, K: Ord>(rows: &'a [T], key: impl Fn(&'a T) -> K) -> Vec<&'a T> {
    let mut rows: Vec<&T> = rows.iter().collect();
    rows.sort_by_key(|row| key(row));
    rows
}

#[cfg(test)]
mod tests {
    use aceq_model::Natural;
    use proptest::prelude::{prop_assert_eq, proptest};

    #[test]
    fn numbers_compare_by_value() {
        let mut ids = ["ACC-010", "2.10", "SIBUS-002", "*", "2.1", "ACC-002", "2", "10.1", "2.2", "2.01"].map(Natural);
        ids.sort();
        assert_eq!(
            ids.map(|id| id.0),
            ["*", "2", "2.01", "2.1", "2.2", "2.10", "10.1", "ACC-002", "ACC-010", "SIBUS-002"]
        );
    }

    proptest! {
        #[test]
        fn any_two_ids_have_one_order(a in "[*a0-2.-]{0,6}", b in "[*a0-2.-]{0,6}", c in "[*a0-2.-]{0,6}") {
            let (a, b, c) = (Natural(&a), Natural(&b), Natural(&c));
            prop_assert_eq!(a.cmp(&b), b.cmp(&a).reverse());
            prop_assert_eq!(a.cmp(&b).is_eq(), a == b);
            let mut ids = [a, b, c];
            ids.sort();
            prop_assert_eq!(ids[0] <= ids[2], true);
        }
    }
}
