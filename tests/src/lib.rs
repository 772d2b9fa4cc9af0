//! What the end-to-end tests share: worlds to ask about, a slow, independent evaluator to compare with, the program.
//!
//! ```text
//!  literal ─────────┐
//!  world, pipeline ─┴▶ Bucket ──▶ naive::evaluate ──▶ NaiveRow ─┐ the answer straight from the definition
//!                        └──────▶ the engine ───────▶ StatusRow ┴▶ parity: where they differ
//! ```

pub mod anything;
pub mod exports;
pub mod interrupted;
pub mod literal;
pub mod mutated;
pub mod naive;
pub mod parity;
pub mod peak;
pub mod pipeline;
pub mod program;
pub mod rulebook;
pub mod world;
