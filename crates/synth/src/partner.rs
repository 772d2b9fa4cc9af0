//! One invented partner: what it is good at, and how much it has.

use crate::Spec;
use crate::csv_bytes::push_number;
use crate::dice::{Dice, Topic, mix};

/// What a partner is good at; decides what it sells, whom it trains and what it applies for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Practice {
    SmallBusiness,
    ContactCenter,
    Data,
    Software,
}

/// A partner.
pub(crate) struct Partner {
    /// From 1.
    pub(crate) number: u32,
    pub(crate) practice: Practice,
    /// Rows in the newest opportunity exports.
    pub(crate) opportunities: u64,
    /// Number in the id of its first opportunity; ids differ between partners too.
    pub(crate) first_opportunity: u64,
    /// Customers it knows.
    pub(crate) customers: u64,
    /// Share of launched opportunities, per thousand.
    pub(crate) launched: u32,
    /// Share of small businesses among its customers, per thousand.
    pub(crate) small: u32,
    /// How well it prepares an application, per thousand: answers given, training done, papers at hand.
    pub(crate) diligence: u32,
    /// Where its fixed facts start.
    pub(crate) key: u64,
    pub(crate) seed: u64,
}

impl Partner {
    pub(crate) fn new(spec: &Spec, number: u32) -> Self {
        let mut dice = Dice::new(spec.seed, number, Topic::Profile);
        let practice =
            dice.pick(&[Practice::SmallBusiness, Practice::ContactCenter, Practice::Data, Practice::Software]);
        Self {
            number,
            practice,
            opportunities: spec.opportunities,
            first_opportunity: 10_000_000 + u64::from(number - 1) * spec.opportunities,
            customers: spec.opportunities / 3 * 2 + 3,
            launched: dice.between(200, 600) as u32,
            small: if practice == Practice::SmallBusiness { 900 } else { dice.between(100, 600) as u32 },
            diligence: dice.between(600, 1100).min(1000) as u32,
            key: mix(spec.seed, u64::from(number)),
            seed: spec.seed,
        }
    }

    /// Its stream for a topic.
    pub(crate) fn dice(&self, topic: Topic) -> Dice {
        Dice::new(self.seed, self.number, topic)
    }

    /// Appends `P-0000017`.
    pub(crate) fn push_id(&self, bytes: &mut Vec<u8>) {
        bytes.extend_from_slice(b"P-");
        push_number(bytes, u64::from(self.number), 7);
    }

    /// Number in the id of its `index`-th opportunity.
    pub(crate) fn opportunity_number(&self, index: u64) -> u64 {
        self.first_opportunity + index
    }

    /// The customer of its `index`-th opportunity. Squaring the draw makes some customers come back often.
    pub(crate) fn customer_of(&self, index: u64) -> u64 {
        let draw = mix(self.key ^ 0x00c0_ffee, index);
        let uniform = draw % self.customers;
        if draw >> 62 == 0 { uniform * uniform / self.customers.max(1) } else { uniform }
    }
}
