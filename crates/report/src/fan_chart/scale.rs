//! From numbers to pixels, and round numbers in between.

use plotters::coord::ranged1d::{KeyPointHint, KeyPointWeight, Ranged};
use plotters::coord::types::RangedCoordf64;

/// A vertical scale: numbers from bottom to top of a panel.
pub(crate) struct Scale {
    range: RangedCoordf64,
    /// Pixels of the least and of the largest number.
    pixels: (i32, i32),
}

impl Scale {
    /// `numbers`, with some room, on the pixels from `bottom` to `top`.
    pub(crate) fn around(numbers: impl Iterator<Item = f64> + Clone, (bottom, top): (i32, i32)) -> Self {
        let least = numbers.clone().fold(f64::INFINITY, f64::min);
        let most = numbers.fold(f64::NEG_INFINITY, f64::max);
        let air = ((most - least) * 0.08).max(if most == least { 1.0 } else { 0.0 });
        // Nothing is fewer than none.
        let from = if least >= 0.0 { (least - air).max(0.0) } else { least - air };
        Self::new(from, most + air, (bottom, top))
    }

    /// Exactly `from..to`.
    pub(crate) fn new(from: f64, to: f64, pixels: (i32, i32)) -> Self {
        Self { range: (from..to).into(), pixels }
    }

    pub(crate) fn at(&self, number: f64) -> i32 {
        self.range.map(&number, self.pixels)
    }

    /// Up to `most` round numbers within the scale.
    pub(crate) fn ticks(&self, most: usize) -> Vec<f64> {
        self.range.key_points(Hint(most))
    }
}

struct Hint(usize);

impl KeyPointHint for Hint {
    fn max_num_points(&self) -> usize {
        self.0
    }

    fn weight(&self) -> KeyPointWeight {
        KeyPointWeight::Any
    }
}

#[cfg(test)]
mod tests {
    use super::Scale;

    #[test]
    fn numbers_find_their_pixel_and_ticks_are_round() {
        let scale = Scale::new(0.0, 50.0, (200, 100));
        assert_eq!([0.0, 25.0, 50.0].map(|number| scale.at(number)), [200, 150, 100]);
        assert_eq!(scale.ticks(6), [0.0, 10.0, 20.0, 30.0, 40.0, 50.0]);
    }

    #[test]
    fn one_number_has_room_on_both_sides_and_counts_do_not_fall_below_none() {
        let scale = Scale::around([3.0].into_iter(), (200, 100));
        assert_eq!(scale.at(3.0), 150);
        let scale = Scale::around([0.0, 10.0].into_iter(), (200, 100));
        assert_eq!(scale.at(0.0), 200);
    }
}
