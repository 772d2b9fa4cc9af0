//! Opportunities: one row of many versions, what follows from it, and what looks suspicious.

mod annual;
mod derive;
mod exports;
mod history;
mod merge;
mod suspect;
mod twins;

pub(crate) use derive::derive;
pub(crate) use merge::{History, Renamed, merge};
pub(crate) use suspect::suspect;
