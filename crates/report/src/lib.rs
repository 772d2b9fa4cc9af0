//! Results in, text out: what `aceq` shows a person, what it hands to programs, and the reference pages.
//!
//! ```text
//!  StatusRow ──▶ StatusPages ──▶ terminal, 80 columns        ┐
//!                            └─▶ JSON, CSV, Markdown        │ all sorted, all pure:
//!  EvidenceRow, NearMissRow ──▶ evidence, near_misses        │ no clock, no terminal, no file
//!  CountDiff ──▶ Diff: sentences, JSON, CSV, Markdown        │
//!  CalendarRow ──▶ Calendar, and iCalendar                   │
//!  ForecastRow, DriverRow ──▶ Forecast, and a fan chart      │
//!  BacktestScore … ──▶ Backtest, verdict, calibration plot   │
//!  PlanStep, PlanStatus ──▶ Plan                             │
//!  Tally, LedgerEntry ──▶ summaries                          │
//!  model::tables, codes ──▶ reference pages                  ┘
//! ```
//!
//! ```
//! use aceq_report::Format;
//! assert_eq!("markdown".parse(), Ok(Format::Markdown));
//! ```

mod amount;
mod backtest;
mod calendar;
mod chance;
mod deals;
mod diff;
mod evidence;
pub mod export;
mod fan_chart;
mod forecast;
mod format;
mod order;
mod picture;
mod plan;
mod quality;
pub mod reference;
mod rejects_csv;
#[cfg(test)]
mod sample;
pub mod schema;
mod screen;
mod sheet;
mod status_sheet;
mod status_table;

pub use backtest::{
    BACKTEST_SCHEMA_ID, Backtest, backtest_csv, backtest_json, backtest_rows_csv, calibration_plot, verdict,
};
pub use calendar::{Calendar, calendar_csv, calendar_ics, calendar_json, calendar_markdown};
pub use deals::Deals;
pub use diff::{DIFF_SCHEMA_ID, Diff, DiffSide, Shown, diff_schema};
pub use evidence::{evidence, near_misses};
pub use fan_chart::{FanChart, fan_chart};
pub use forecast::{
    FORECAST_SCHEMA_ID, Forecast, drivers_csv, forecast_csv, forecast_json, forecast_markdown, forecast_schema,
};
pub use format::{Format, UnknownFormat};
pub use plan::{PLAN_SCHEMA_ID, Plan, plan_csv, plan_json};
pub use quality::{findings_summary, ledger_summary, rejects_summary};
pub use rejects_csv::{reject_advice, rejects_csv, rejects_csv_header};
pub use sheet::Frame;
pub use status_sheet::{STATUS_SCHEMA_ID, status_schema};
pub use status_table::{RequirementInfo, RequirementInfos, RequirementKind, StatusPages, Weight};
