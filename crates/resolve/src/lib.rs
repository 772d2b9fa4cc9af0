//! From typed rows of many files to one set of canonical rows: which row wins, who is one customer, what follows from
//! a row, and what looks suspicious.
//!
//! ```text
//!  Vec<TypedRows> ──▶ settle each table ──▶ customer identity ──▶ firmographics, ──▶ Bucket
//!   all files,         │ opportunities:      │ over all tables     derived columns,   │
//!   some partners      │   merged by column  │ that name           findings           ├ ledger moves, rejects
//!                      │ rosters: newest     │ customers                              ├ findings
//!                      │   snapshot          └ links                                  └ links, provenance
//!                      └ others: add up
//! ```
//!
//! Every row given is accepted (becomes a canonical row), merged (supplied values to one), superseded or rejected,
//! exactly once. The order of files and rows changes nothing.
//!
//! # Which rows stay
//!
//! | table | several files | rows are one row when they share |
//! |---|---|---|
//! | opportunities | merged column by column, newest first | partner and opportunity id |
//! | certifications, personnel | newest snapshot replaces older ones | every column (not if the person is unknown) |
//! | partners, offerings, designations, customers | newest snapshot replaces older ones | every column |
//! | completions | add up, column by column | person, credential, completion date (not if the person is unknown) |
//! | case_studies | add up, column by column | case study id |
//! | activities | add up | type, date, title, practice, person |
//! | attestations | add up | program, requirement, case study, date, answer |
//!
//! Of rows that are one, the newest stays: by snapshot date, last modification, content hash, line, unknown before
//! known. Rosters of one snapshot date add up, and so do rosters of unknown date; a snapshot date of which only a floor
//! is known counts as unknown.
//!
//! What the user states about a row ([`Correction`]) holds against every file: values are put in after versions were
//! compared and before anything is derived from them; an excluded row counts as superseded.
//!
//! # Who is one customer
//!
//! | strength | evidence |
//! |---|---|
//! | strong: both keys | the user's statement, name up to case, spaces and punctuation, AWS account id, DUNS |
//! | weak: `customer_key` alone | registrable domain of the website, name without legal suffixes and accents, one opportunity that has had both names |
//!
//! A row of which only a website is known is, by strong evidence, a customer of its own. Masked customers and rows that
//! say nothing have no key. Two names that the user declares different never share a key, whatever joins them: the
//! evidence between them gives way, in `customer_key` as little as possible (no customer is counted twice), in
//! `customer_key_strict` altogether (no customer is denied). Every join is in the links.
//!
//! ```
//! use aceq_model::TableId;
//! use aceq_resolve::{Settings, literal::{Literal, literal_file, typed_rows}, resolve};
//! use std::{collections::{BTreeMap, BTreeSet}, sync::Arc};
//!
//! let text = |text: &str| Literal::Text(text.to_owned());
//! let row = |id: &str, customer: &str| {
//!     BTreeMap::from([("partner_id", text("self")), ("opportunity_id", text(id)), ("customer_name", text(customer))])
//! };
//! let file = Arc::new(literal_file(TableId::Opportunities, "export.csv", None));
//! let rows = typed_rows(TableId::Opportunities, file, &[row("O1", "Acme Inc."), row("O2", "ACME INC")])?;
//! let resolved = resolve(&BTreeSet::from([TableId::Opportunities]), vec![rows], &[], &Settings::default());
//! assert_eq!(resolved.bucket.tables[&TableId::Opportunities].num_rows(), 2);
//! assert_eq!(resolved.links[0].customer_key.as_ref(), "acme-inc");
//! # Ok::<(), aceq_resolve::literal::LiteralError>(())
//! ```

mod attestations;
mod case_studies;
mod corrections;
mod firmographics;
mod frame;
mod identity;
pub mod literal;
mod moves;
mod notes;
mod opportunities;
mod partners;
mod people;
mod pile;
mod published;
mod records;
mod repeats;
mod resolve;
mod rosters;
mod settings;
mod truncated;
mod undated;

pub use corrections::{Change, Correction, RowAddress, Scope, SettledCell};
pub use identity::StatementsUsed;
pub use moves::{LedgerMoves, Moves};
pub use published::{CustomerLink, ProvenanceRow};
pub use resolve::{Resolved, resolve};
pub use settings::{LaunchDateColumn, Override, Settings};
pub use truncated::{missing_pages, truncated_export};
