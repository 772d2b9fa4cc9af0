//! From intervals of rows to counts for all dates, in O(n log n).

use crate::{FIRST_DAY, Interval, LAST_DAY, Steps};

/// For each as-of date, the number of distinct units with at least one interval that contains it.
///
/// `intervals` are `(unit, interval)` pairs in any order; they are sorted in place.
pub fn count_units(intervals: &mut [(u32, Interval)]) -> Steps<i64> {
    let mut events = Vec::with_capacity(2 * intervals.len());
    for (_, interval) in unite(intervals) {
        push_events(&mut events, interval, 1);
    }
    steps_of(events)
}

/// For each as-of date, the sum of the amounts whose interval contains it.
pub fn sum_rows(amounts: impl IntoIterator<Item = (Interval, i64)>) -> Steps<i64> {
    let mut events = Vec::new();
    for (interval, amount) in amounts {
        push_events(&mut events, interval, amount);
    }
    steps_of(events)
}

/// The intervals of each unit, united: disjoint, not touching, sorted by unit and day.
pub fn unite(intervals: &mut [(u32, Interval)]) -> Vec<(u32, Interval)> {
    intervals.sort_unstable();
    let mut united: Vec<(u32, Interval)> = Vec::with_capacity(intervals.len());
    for (unit, interval) in intervals.iter().copied() {
        match united.last_mut() {
            Some((last_unit, last)) if *last_unit == unit && interval.from() <= last.until().saturating_add(1) => {
                *last = Interval::new(last.from(), last.until().max(interval.until())).expect("grown, so not empty");
            }
            _ => united.push((unit, interval)),
        }
    }
    united
}

fn push_events(events: &mut Vec<(i32, i64)>, interval: Interval, amount: i64) {
    events.push((interval.from(), amount));
    if interval.until() < LAST_DAY {
        events.push((interval.until() + 1, -amount));
    }
}

fn steps_of(mut events: Vec<(i32, i64)>) -> Steps<i64> {
    if events.is_empty() {
        return Steps::constant(0);
    }
    events.sort_unstable_by_key(|event| event.0);
    // The running total may leave an i64 for a while; cutting it there would make the order of events matter.
    let running = events.iter().scan(0i128, |total, (day, change)| {
        *total += i128::from(*change);
        Some((*day, (*total).clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64))
    });
    Steps::from_pairs(std::iter::once((FIRST_DAY, 0)).chain(running))
}

#[cfg(test)]
mod tests {
    use super::{count_units, sum_rows};
    use crate::Interval;
    use proptest::prelude::{prop, prop_assert_eq, proptest};

    #[test]
    fn sums_beyond_the_largest_number_stop_there_and_come_back() {
        let from = |day| Interval::new(day, 20).unwrap();
        let sums = sum_rows([(from(1), i64::MAX), (from(1), i64::MAX), (Interval::new(1, 30).unwrap(), 7)]);
        assert_eq!((*sums.at(5), *sums.at(25)), (i64::MAX, 7));
    }

    proptest! {
        #[test]
        fn counts_equal_counting_by_hand(
            rows in prop::collection::vec((0u32..5, 0i32..60, 0i32..40), 0..40),
            shuffled in prop::collection::vec(0usize..40, 0..40),
        ) {
            let mut intervals: Vec<(u32, Interval)> =
                rows.iter().map(|(unit, from, len)| (*unit, Interval::new(*from, from + len).unwrap())).collect();
            let original = intervals.clone();
            for (i, j) in shuffled.iter().enumerate() {
                if i < intervals.len() && *j < intervals.len() { intervals.swap(i, *j); }
            }
            let steps = count_units(&mut intervals);
            let sums = sum_rows(original.iter().map(|(unit, interval)| (*interval, i64::from(*unit))));
            for day in -2..105 {
                let inside = original.iter().filter(|(_, interval)| interval.contains(day));
                let units: std::collections::BTreeSet<u32> = inside.clone().map(|(unit, _)| *unit).collect();
                prop_assert_eq!(*steps.at(day), units.len() as i64);
                prop_assert_eq!(*sums.at(day), inside.map(|(unit, _)| i64::from(*unit)).sum::<i64>());
            }
        }
    }
}
