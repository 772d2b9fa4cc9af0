//! One file in, typed rows out: recognises exports by their headers and reads them without losing a row.
//!
//! ```text
//!  discover ─▶ Input ─▶ recognise ─▶ Recognised ─▶ read ─▶ Sink: chunks, rejects, findings
//!                 (headers, mappings)               │        │
//!                                                   ▼        ▼
//!                                  FileRecord, LedgerEntry   settle(chunk, decisions) ─▶ rows in one reading
//! ```
//!
//! Bad data is data. A record that cannot be used is a [`aceq_model::Reject`], and so is a cell that cannot be read;
//! every record is counted in the [`aceq_model::LedgerEntry`], which balances. Nothing is guessed: the order of slash
//! dates and the meaning of `1.234` are decided for a whole column or not at all. That is known only at the end of the
//! file, so chunks carry both readings and [`settle`] picks one.
//!
//! ```
//! use aceq_ingest::{Chunk, Mappings, Options, Sink, SinkError, discover, read, recognise, settle};
//! use aceq_model::{Finding, Reject};
//!
//! #[derive(Default)]
//! struct Rows(Vec<Chunk>);
//!
//! impl Sink for Rows {
//!     fn rows(&mut self, chunk: Chunk) -> Result<(), SinkError> {
//!         self.0.push(chunk);
//!         Ok(())
//!     }
//!     fn restart(&mut self) {
//!         self.0.clear();
//!     }
//!     fn rejects(&mut self, _: Vec<Reject>) -> Result<(), SinkError> { Ok(()) }
//!     fn findings(&mut self, _: Vec<Finding>) -> Result<(), SinkError> { Ok(()) }
//! }
//!
//! let folder = tempfile::tempdir()?;
//! std::fs::write(folder.path().join("deals.csv"), "Opportunity Id,Stage,Target Close Date\nO1,launched,31/12/2026\n")?;
//! let (mappings, options) = (Mappings::builtin(), Options::default());
//! for input in discover(&[folder.path().to_owned()], folder.path(), &options.limits)?.inputs {
//!     let recognised = recognise(&input, mappings, &options)?.tables.remove(0);
//!     let mut rows = Rows::default();
//!     let (file, ledger) = read(&input, &recognised, mappings, &options, &mut rows)?;
//!     assert!(ledger.balances() && ledger.accepted == 1);
//!     let batch = settle(file.table, rows.0.remove(0).batch, &file.decisions);
//!     assert_eq!(batch.schema(), file.table.schema().ingested_schema());
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod assessment;
mod blank_space;
mod column;
mod corrections;
mod csv;
mod decode;
mod draft;
mod error;
mod evidence;
mod footer;
mod format;
mod formats;
mod grid;
mod header;
mod input;
mod mappings;
mod memo;
mod options;
mod plan;
mod pseudonym;
mod read;
mod recognise;
mod row;
mod rows;
mod settle;
mod snapshot;
mod source;
mod supply;
mod template;
mod text;
mod unpack;
mod value;

pub use corrections::{Action, CORRECTIONS_TEMPLATE, Corrections, CorrectionsError, Settles, StatedPlace, Statement};
pub use draft::draft_mapping;
pub use error::{IngestError, SinkError};
pub use format::Format;
pub use input::{Discovered, Input, Refused, Unpacked, discover, salvage_file};
pub use mappings::Mappings;
pub use options::{CaseStudyId, Limits, Options, Rate, RateError};
pub use pseudonym::{KeyTooShort, Pseudonyms, SHORTEST_KEY};
pub use read::{Chunk, Sink, read};
pub use recognise::{FieldRole, MappedHeader, OnlyWhen, Recognised, Tables, recognise};
pub use rows::write_rows;
pub use settle::settle;
pub use snapshot::is_called;
pub use supply::{Supplied, SupplyError, read_record, read_value};
pub use template::template;
pub use text::Encoding;
