//! Checklists as data: rule files become checked, typed requirements and predicate trees.
//! The same requirements as SQL text for DuckDB and Spark: [`status_query`].
//!
//! ```text
//!  checklists/smb/2025-08.toml ──▶ file (serde shapes, with spans)
//!                                    │ load: names, types, picklists, references
//!                                    ▼
//!                                  Checklist { conditions, requirements { Rule, alternatives } }
//!                                    │ Library: which version answers for an as-of date?
//!                                    ▼
//!                                  the engine
//! ```
//!
//! Whatever is wrong with a rule file is a [`Diagnostic`] that points at the place and says what to do. What comes
//! out of [`load`] needs no further checks: every column exists, every comparison is between equal types, every
//! literal is a value that the data can hold.

mod cases;
mod checklist;
mod diagnostic;
mod file;
mod library;
mod load;
mod predicate;
mod sql;

pub use cases::{Case, CaseRow, CaseValue, Cases, Expectation, MemberExpectation, load_cases};
pub use checklist::{
    Accepted, Alternative, AttestedRule, AttestedUnit, Checklist, Combination, Condition, CountRule, Having, Member,
    Members, Requirement, Role, Rule, RuleWindow, Source, Unit, Until,
};
pub use diagnostic::{Diagnostic, suggest};
pub use library::{Answer, Library, LibraryError, Warning};
pub use load::{load, load_with_sets};
pub use predicate::{Comparison, Literal, Operand, Predicate, Term};
pub use sql::{Dialect, SqlQuestion, status_query};
