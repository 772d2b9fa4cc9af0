//! A pipeline with one stage and habits: quick closes in the first fortnight, the rest in months three to five.
//!
//! Nothing but the time since the engagement tells deals apart, which is all that plain competing risks look at: the launch
//! model has nothing to win here and must not lose.

#[path = "world/dice.rs"]
mod dice;
mod pipeline;

use aceq_forecast::State;
use dice::Dice;
use pipeline::{Closed, Sale, at_date};

fn sales(seed: u64) -> Vec<Sale> {
    let mut dice = Dice::new(seed);
    let sale = |index: i32| {
        let engaged = index / 20;
        let days = match dice.below(100) {
            0..35 => Some(1 + dice.below(14)),
            35..80 => Some(60 + dice.below(80)),
            // Left to lie, never closed.
            _ => None,
        };
        let end = if dice.unit() < 0.63 { State::Launched } else { State::Lost };
        Sale { seller: 0, engaged, moves: vec![], closed: days.map(|days| Closed { day: engaged + days, end }) }
    };
    (0..8_000).map(sale).collect()
}

#[test]
fn habits_are_learnt() {
    let (mut own, mut plain) = (0.0, 0.0);
    for seed in 1..=3 {
        let sales = sales(seed);
        for date in [180, 225, 270, 300] {
            let result = at_date(&sales, date, 91);
            let shown = result.scores.iter().map(|s| format!("{} ×{:.2} {:.4}", s.method, s.ratio, s.brier));
            println!("day {date}: {} open, {} won; {}", result.open, result.won, shown.collect::<Vec<_>>().join("; "));
            plain += result.scores[1].brier;
            own += result.scores[2].brier;
            assert!((0.8..1.2).contains(&result.scores[2].ratio), "{}", result.scores[2].ratio);
        }
    }
    println!("sum {own} {plain}");
    assert!(own < plain * 1.02, "{own} {plain}");
}
