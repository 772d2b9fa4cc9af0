//! How many plans a list of swaps stands for.

use super::{Chosen, Swap};
use std::collections::BTreeMap;

impl Chosen {
    /// The number of plans it stands for, itself included; the largest `u64` where they are more.
    ///
    /// Any 2 of 15 deals: 15 · 14 / 2 = 105. Any 2 of 3 customers of which one has two deals: 1 + 2 + 2 = 5.
    pub fn plans(&self) -> u64 {
        let mut pools: BTreeMap<usize, Vec<&Swap>> = BTreeMap::new();
        for swap in &self.swaps {
            pools.entry(swap.pool).or_default().push(swap);
        }
        pools.values().map(|swaps| of_pool(swaps)).fold(1, u64::saturating_mul)
    }
}

/// Going through the things of a pool: in how many ways so many have been taken by each swap.
fn of_pool(swaps: &[&Swap]) -> u64 {
    let things = swaps.iter().map(|swap| swap.of.len()).max().unwrap_or(0);
    let mut counted: BTreeMap<Vec<usize>, u64> = BTreeMap::from([(vec![0; swaps.len()], 1)]);
    for thing in 0..things {
        let mut next = counted.clone();
        for (taken, plans) in counted {
            for (index, swap) in swaps.iter().enumerate().filter(|(index, swap)| taken[*index] < swap.take) {
                let mut more = taken.clone();
                more[index] += 1;
                let ways = swap.of[thing].ways.len() as u64;
                let sum = next.entry(more).or_insert(0);
                *sum = sum.saturating_add(plans.saturating_mul(ways));
            }
        }
        counted = next;
    }
    let all: Vec<usize> = swaps.iter().map(|swap| swap.take).collect();
    counted.get(&all).copied().unwrap_or(0)
}
