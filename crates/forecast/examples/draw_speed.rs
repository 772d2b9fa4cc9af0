//! Draws for many partners: how long does it take? Run it under `time`.
//!
//! `cargo run --release -p aceq-forecast --example draw_speed`

use aceq_forecast::{Condition, DrawKey, DrawPlan, DrawnCount, DrawnUnit, OpenOpportunity, draw_all};

const PARTNERS: u32 = 1_000;
const OPEN: usize = 200;
const QUARTERS: usize = 8;
const DRAWS: u32 = 10_000;

fn main() {
    let plans: Vec<DrawPlan> = (0..PARTNERS).map(plan).collect();
    let drawn = draw_all(&plans, DRAWS);
    let held: u64 = drawn.iter().flat_map(|drawn| &drawn.held[0]).map(|held| u64::from(*held)).sum();
    assert!(held > 0, "some checklist was met in some draw");
}

/// Two counts over 150 customers, of which every fourth has two deals, and both as one condition.
fn plan(partner: u32) -> DrawPlan {
    let open = (0..OPEN).map(|index| OpenOpportunity {
        number: index as u64,
        launched_by: (1..=QUARTERS).map(|quarter| chance(partner, index, quarter)).collect(),
    });
    let count = |every: usize| DrawnCount {
        certain: vec![20; QUARTERS],
        too_early: vec![None; QUARTERS],
        units: (0..OPEN * 3 / 4)
            .filter(|unit| unit % every == 0)
            .map(|unit| DrawnUnit {
                open: (unit..OPEN).step_by(OPEN * 3 / 4).map(Into::into).collect(),
                sure_on: vec![],
            })
            .collect(),
    };
    DrawPlan {
        key: DrawKey { seed: 1, partner_id: format!("partner {partner}"), program: "smb".to_owned() },
        cuts: (1..=QUARTERS as i32).map(|quarter| quarter * 91).collect(),
        dates: (0..QUARTERS).collect(),
        open: open.collect(),
        counts: vec![count(1), count(2)],
        conditions: vec![Condition::All(vec![Condition::AtLeast(0, 50), Condition::AtLeast(1, 35)])],
    }
}

/// Between 2 and 60 % by the end, more of it early for some.
fn chance(partner: u32, index: usize, quarter: usize) -> f64 {
    let end = 0.02 + 0.58 * f64::from((partner * 31 + index as u32 * 17) % 97) / 97.0;
    end * (1.0 - (-0.35 * quarter as f64).exp())
}
