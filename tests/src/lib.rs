//! What the end-to-end tests share: hand-made buckets and a slow, independent evaluator to compare with.
//!
//! ```text
//!  literal ──▶ Bucket ──▶ naive::evaluate ──▶ NaiveRow   the answer straight from the definition
//!                  └────▶ the engine ───────▶ StatusRow  the answer under test
//! ```

pub mod literal;
pub mod naive;
