//! What may be handed anything at all: one function per kind of input, which must never panic, hang or take all memory.
//!
//! ```text
//!  seeds ──▶ Mutations ──┐
//!                        ├──▶ Target::run(&[u8]) ──▶ a law is broken: panic
//!  libFuzzer (fuzz/) ────┘
//! ```
//!
//! Every target holds laws while it is at it: ledgers balance, a second reading gives the same, what is printed as CSV
//! is CSV. It depends on ingest and checklist alone, so that the targets build without the query engine.

mod everything;
mod files;
mod mutations;
mod parts;
mod reading;
mod rules;
mod scratch;
pub mod seeds;
mod values;

pub use everything::Everything;
pub use mutations::Mutations;

/// A kind of input.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Name: that of the libFuzzer target.
    pub name: &'static str,
    /// Takes any bytes.
    ///
    /// # Panics
    /// When a law is broken.
    pub run: fn(&[u8]),
}

/// Every target.
pub const TARGETS: [Target; 18] = [
    Target { name: "archives", run: files::archive },
    Target { name: "cases", run: rules::cases },
    Target { name: "checklists", run: rules::checklist },
    Target { name: "corrections", run: rules::corrections },
    Target { name: "csv", run: files::table },
    Target { name: "dates", run: values::date },
    Target { name: "dialect", run: files::dialect },
    Target { name: "html", run: files::table },
    Target { name: "json", run: files::table },
    Target { name: "mappings", run: rules::mapping },
    Target { name: "money", run: values::amount },
    Target { name: "ods", run: files::ods },
    Target { name: "parquet", run: files::table },
    Target { name: "predicates", run: rules::predicate },
    Target { name: "selfassessment", run: files::self_assessment },
    Target { name: "spreadsheetml", run: files::table },
    Target { name: "xls", run: files::table },
    Target { name: "xlsx", run: files::xlsx },
];

/// The target with this name.
///
/// # Panics
/// When there is none.
pub fn target(name: &str) -> Target {
    let found = TARGETS.into_iter().find(|target| target.name == name);
    found.unwrap_or_else(|| panic!("there is no target {name}"))
}
