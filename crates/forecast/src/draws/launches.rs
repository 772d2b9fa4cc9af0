//! One opportunity's launches: for each draw by which cut it has launched.
//!
//! A draw launches by cut `c` when its random number `u` in [0, 1) is below `F(c)`. All cuts share one `u`, so that what
//! has launched stays launched. The 64 numbers of a word are compared digit by digit, the highest first, with the binary
//! digits of every `F(c)` at once; a draw is decided at the first digit that differs, so that 32 digits are there for the
//! precision (2⁻³²) while about eleven are drawn.
//!
//! ```text
//!   F(c) = .0110…    u of draw 1 = .0100…   below (third digit)
//!                    u of draw 2 = .1…      not below (first digit)
//! ```

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

/// Binary digits of a probability.
const DIGITS: usize = 32;

/// Words drawn from the stream at a time.
const CHUNK: usize = 64;

/// Per word and cut: which draws have launched.
pub(super) struct Launches {
    cuts: usize,
    masks: Vec<u64>,
}

/// The probabilities of all cuts, digit by digit.
struct Thresholds {
    cuts: usize,
    /// Per digit, highest first, and cut: all ones or all zeros.
    digits: Vec<u64>,
    /// Cuts by which it has launched for certain.
    certain: Vec<u64>,
    /// Cuts that need a number.
    open: Vec<u64>,
}

/// Random words.
struct Words {
    stream: ChaCha8Rng,
    chunk: [u64; CHUNK],
    used: usize,
}

impl Launches {
    /// Draws `words` words for the cumulative probabilities `by_cut`.
    pub(super) fn draw(stream: ChaCha8Rng, by_cut: &[f64], words: usize) -> Self {
        let thresholds = Thresholds::new(by_cut);
        let mut random = Words { stream, chunk: [0; CHUNK], used: CHUNK };
        let cuts = by_cut.len();
        let mut masks = vec![0; words * cuts];
        let mut undecided = vec![0; cuts];
        if cuts > 0 {
            masks.chunks_exact_mut(cuts).for_each(|below| thresholds.compare(&mut random, below, &mut undecided));
        }
        Self { cuts, masks }
    }

    /// The draws of a word that have launched by a cut.
    pub(super) fn by(&self, word: usize, cut: usize) -> u64 {
        if cut < self.cuts { self.masks[word * self.cuts + cut] } else { 0 }
    }

    /// The draws of a word that have launched, by cut.
    pub(super) fn word(&self, word: usize) -> &[u64] {
        &self.masks[word * self.cuts..(word + 1) * self.cuts]
    }
}

impl Thresholds {
    fn new(by_cut: &[f64]) -> Self {
        let scale = (1u64 << DIGITS) as f64;
        // A cumulative probability that falls is made to rise: rounding upstream must not undo a launch.
        let risen = by_cut.iter().scan(0u64, |highest, p| {
            let threshold = if p.is_nan() { 0 } else { (p.clamp(0.0, 1.0) * scale).round() as u64 };
            *highest = threshold.max(*highest);
            Some(*highest)
        });
        let thresholds: Vec<u64> = risen.collect();
        let all = |yes: bool| if yes { u64::MAX } else { 0 };
        let digits = (0..DIGITS).rev().flat_map(|digit| thresholds.iter().map(move |t| all(t >> digit & 1 == 1)));
        Self {
            cuts: by_cut.len(),
            digits: digits.collect(),
            certain: thresholds.iter().map(|t| all(*t >> DIGITS == 1)).collect(),
            open: thresholds.iter().map(|t| all(*t > 0 && *t >> DIGITS == 0)).collect(),
        }
    }

    fn compare(&self, random: &mut Words, below: &mut [u64], undecided: &mut [u64]) {
        below.copy_from_slice(&self.certain);
        undecided.copy_from_slice(&self.open);
        for digits in self.digits.chunks_exact(self.cuts) {
            if undecided.iter().fold(0, |any, mask| any | mask) == 0 {
                return;
            }
            let number = random.next();
            for ((below, undecided), digit) in below.iter_mut().zip(undecided.iter_mut()).zip(digits) {
                *below |= *undecided & !number & digit;
                *undecided &= !(number ^ digit);
            }
        }
    }
}

impl Words {
    fn next(&mut self) -> u64 {
        if self.used == CHUNK {
            self.chunk.iter_mut().for_each(|word| *word = self.stream.next_u64());
            self.used = 0;
        }
        self.used += 1;
        self.chunk[self.used - 1]
    }
}
