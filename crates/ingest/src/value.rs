//! What one cell says: pure functions from text to values, one file per kind of value.

pub(crate) mod customer;
pub(crate) mod date;
pub(crate) mod error_value;
pub(crate) mod id;
pub(crate) mod mask;
pub(crate) mod money;
mod nobody;
pub(crate) mod person;
pub(crate) mod plain;
