//! Step functions over all as-of dates.

use crate::{FIRST_DAY, Interval, LAST_DAY};

/// A function of the as-of date that changes only on some days.
///
/// ```text
///   starts  FIRST_DAY     d1        d2
///   values  v0            v1        v2        v2 holds up to LAST_DAY
/// ```
/// Neighbouring values differ; the first step starts on [`FIRST_DAY`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Steps<T> {
    steps: Vec<(i32, T)>,
}

/// A maximal stretch of as-of dates with one property.
pub type Run = Interval;

impl<T: Clone + PartialEq> Steps<T> {
    /// The same value on every date.
    pub fn constant(value: T) -> Self {
        Self { steps: vec![(FIRST_DAY, value)] }
    }

    /// From `(first day, value)` pairs in ascending order of days, the first at [`FIRST_DAY`]; equal neighbours merge.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (i32, T)>) -> Self {
        let mut steps: Vec<(i32, T)> = Vec::new();
        for (day, value) in pairs {
            match steps.last_mut() {
                Some(last) if last.0 == day => last.1 = value,
                Some(last) if last.1 == value => {}
                _ => steps.push((day, value)),
            }
        }
        // Overwriting a step of the same day can leave it equal to its predecessor.
        steps.dedup_by(|later, earlier| later.1 == earlier.1);
        debug_assert_eq!(steps.first().map(|step| step.0), Some(FIRST_DAY));
        Self { steps }
    }

    /// The value on `day`.
    pub fn at(&self, day: i32) -> &T {
        &self.steps[self.index_at(day)].1
    }

    /// Each step as the interval on which it holds, with its value.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Interval, &T)> {
        (0..self.steps.len()).map(|index| (self.interval(index), &self.steps[index].1))
    }

    /// How many steps.
    pub fn len(&self) -> usize {
        self.steps.len()
    }

    /// Never: a step function covers every date. Beside [`Self::len`] by convention.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Another value for each.
    pub fn map<U: Clone + PartialEq>(&self, f: impl Fn(&T) -> U) -> Steps<U> {
        Steps::from_pairs(self.steps.iter().map(|(day, value)| (*day, f(value))))
    }

    /// Both functions, combined date by date.
    pub fn zip<U: Clone + PartialEq, V: Clone + PartialEq>(
        &self,
        other: &Steps<U>,
        f: impl Fn(&T, &U) -> V,
    ) -> Steps<V> {
        let (mut left, mut right) = (0, 0);
        let mut steps: Vec<(i32, V)> = Vec::with_capacity(self.steps.len() + other.steps.len() - 1);
        let mut day = FIRST_DAY;
        loop {
            let value = f(&self.steps[left].1, &other.steps[right].1);
            if steps.last().is_none_or(|last| last.1 != value) {
                steps.push((day, value));
            }
            let next_left = self.steps.get(left + 1).map(|step| step.0);
            let next_right = other.steps.get(right + 1).map(|step| step.0);
            let Some(next) = [next_left, next_right].into_iter().flatten().min() else { break };
            left += usize::from(next_left == Some(next));
            right += usize::from(next_right == Some(next));
            day = next;
        }
        Steps { steps }
    }

    /// The first day after `day` on which `f` of the value differs from that on `day`.
    pub fn next_change<K: PartialEq>(&self, day: i32, f: impl Fn(&T) -> K) -> Option<i32> {
        let now = f(self.at(day));
        self.steps[self.index_at(day) + 1..].iter().find(|step| f(&step.1) != now).map(|step| step.0)
    }

    /// The maximal run of dates with `holds` that contains `day`, else the next one after it.
    pub fn run_at_or_after(&self, day: i32, holds: impl Fn(&T) -> bool) -> Option<Run> {
        let index = self.index_at(day);
        let start = (index..self.steps.len()).find(|i| holds(&self.steps[*i].1))?;
        let mut first = start;
        while first > 0 && holds(&self.steps[first - 1].1) {
            first -= 1;
        }
        let mut last = start;
        while last + 1 < self.steps.len() && holds(&self.steps[last + 1].1) {
            last += 1;
        }
        Interval::new(self.interval(first).from(), self.interval(last).until())
    }

    fn interval(&self, index: usize) -> Interval {
        let until = self.steps.get(index + 1).map_or(LAST_DAY, |next| next.0 - 1);
        Interval::new(self.steps[index].0, until).expect("steps lie within the calendar, in ascending order")
    }

    fn index_at(&self, day: i32) -> usize {
        self.steps.partition_point(|step| step.0 <= day).saturating_sub(1)
    }
}

#[cfg(test)]
mod tests {
    use super::Steps;
    use crate::{FIRST_DAY, LAST_DAY};

    #[test]
    fn runs_and_changes() {
        let steps = Steps::from_pairs([(FIRST_DAY, 0), (10, 1), (20, 2), (30, 0), (40, 1)]);
        let run = steps.run_at_or_after(15, |value| *value > 0).unwrap();
        assert_eq!((run.from(), run.until()), (10, 29));
        let next = steps.run_at_or_after(35, |value| *value > 0).unwrap();
        assert_eq!((next.from(), next.until()), (40, LAST_DAY));
        assert_eq!(steps.next_change(15, |value| *value > 0), Some(30));
        assert_eq!(steps.next_change(45, |value| *value > 0), None);
    }

    #[test]
    fn zip_cuts_at_both() {
        let left = Steps::from_pairs([(FIRST_DAY, 0), (10, 1)]);
        let right = Steps::from_pairs([(FIRST_DAY, 5), (10, 6), (20, 7)]);
        let sum = left.zip(&right, |a, b| a + b);
        assert_eq!((*sum.at(9), *sum.at(10), *sum.at(20)), (5, 7, 8));
        assert_eq!(sum.len(), 3);
    }
}
