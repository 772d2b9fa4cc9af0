//! What is derived from canonical rows while they are published: bridges and dimensions, bucket by bucket.
//!
//! ```text
//!  Bucket ──▶ bridges       one row per item of a list      opportunity_products, …
//!         ├─▶ dim_customer  one row per partner, customer
//!         └─▶ dim_partner   one row per partner
//!  every batch written ──▶ Years ──▶ dim_date,  tables written ──▶ dim_table     (when the dataset is complete)
//! ```

mod bridges;
mod calendar;
mod customers;
mod inventory;
mod partners;
#[cfg(test)]
mod tests;

pub(crate) use bridges::items;
pub use calendar::FiscalYearStart;
pub(crate) use calendar::{Years, days};
pub(crate) use customers::customers;
pub(crate) use inventory::inventory;
pub(crate) use partners::partners;
