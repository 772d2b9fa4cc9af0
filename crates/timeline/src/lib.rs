//! Windows, intervals and step functions over as-of dates: the pure heart of `aceq`.
//!
//! A requirement asks "how many rows count on this application date?". Instead of asking it anew for every date,
//! each row says once *on which as-of dates it counts*, and a sweep over the ends of those intervals gives the
//! count for all dates:
//!
//! ```text
//!   launch d            last a with a − 24 months ≤ d
//!      ├──────────────────────┤            customer A, first deal
//!           ├──────────────────────┤       customer A, second deal   (united with the first)
//!                 ├──────────────────────┤ customer B
//!  count  0  1         2          …    1   0
//! ```
//!
//! Nothing here knows tables, rules or files. All days are `i32` days since 1970-01-01.
//!
//! ```
//! use aceq_timeline::{Months, Window};
//! use chrono::NaiveDate;
//! let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).expect("a date");
//! // Because months are clamped, the last day is not always "date + n months":
//! let eighteen = Window::Months(Months::new(18));
//! let interval = eighteen.interval(day(2025, 2, 28)).expect("within the calendar");
//! assert_eq!(interval.last_date(), Some(day(2026, 8, 31)));
//! ```

mod bounds;
mod interval;
mod months;
mod outlook;
mod span;
mod steps;
mod sweep;
mod truth;

pub use bounds::{Bounds, Outcome, combine};
pub use interval::{FIRST_DAY, Interval, LAST_DAY};
pub use months::{Months, Window, months_before};
pub use outlook::{CountOutlook, Doubt, LaunchDates, LaunchPart, Level, Logic, Outlook, RowOutlook, StakeUnit};
pub use span::Span;
pub use steps::{Run, Steps};
pub use sweep::{count_units, sum_rows, unite};
pub use truth::Truth;
