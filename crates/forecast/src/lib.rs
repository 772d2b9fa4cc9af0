//! Forecasts of requirements: when open opportunities launch, how many units will count, and how good that was.
//!
//! ```text
//!  what snapshots showed ─▶ Episode ─▶ Exposures ─▶ LaunchModel ─▶ LaunchCurve per open opportunity
//!                                      (landmarks)   (+ Defaults)      │
//!                          intervals of rows that exist ───────────────┤
//!                                                                      ▼
//!                        CountDistribution per requirement (exact)   Draws (joint conditions)
//!                                                                      │
//!                                        what happened later ──▶ brier, log_score, calibration, coverage
//! ```
//!
//! ```
//! use aceq_forecast::{
//!     CountDistribution, Defaults, Episode, Exposures, History, Ignored, Landmarks, LaunchCurve, LaunchModel, Origin, Seen,
//!     Stage, State,
//! };
//! use std::collections::BTreeMap;
//!
//! // Snapshots on days 0, 30 and 60 showed one opportunity in Prospect, then in Committed.
//! let shown = |first, last, stage| Seen {
//!     first: Some(first),
//!     last: Some(last),
//!     state: Some(State::Open(stage)),
//!     target: None,
//! };
//! let seen = vec![shown(0, 30, Stage::Prospect), shown(60, 60, Stage::Committed)];
//! let history = History { partner: 1, origin: Origin::Partner, created: Some(-10), seen };
//! let mut ignored = Ignored::default();
//! let episode = Episode::new(&history, &mut ignored).expect("it was seen open");
//! // What three snapshots of one opportunity teach is next to nothing: the documented defaults answer.
//! let snapshots = BTreeMap::from([(1, vec![0, 30, 60])]);
//! let exposures = Exposures::new(std::slice::from_ref(&episode), &snapshots, Landmarks::default());
//! let model = LaunchModel::fitted(&exposures, &Defaults::default());
//! let known = episode.known_on(60).expect("open on day 60");
//! let launched = LaunchCurve::new(&model, 1, &known, 60 + 182).launched_by(60 + 182);
//! assert!((0.7..0.95).contains(&launched), "{launched}");
//! // 49 customers count anyway, 50 are required.
//! assert_eq!(CountDistribution::new(49, [launched]).at_least(50), launched);
//! ```
//!
//! Everything is a pure function of its arguments. Days are `i32` days since 1970-01-01. Probabilities are `f64` inside
//! and leave through [`rounded`].

mod ahead;
mod cell;
mod defaults;
mod draws;
mod episode;
mod exposure;
mod frailty;
mod hazard;
mod inputs;
mod launch;
mod opportunity;
mod plan;
mod poisson_binomial;
mod quarter;
mod rounding;
mod score;
mod tested;
mod units;

pub use ahead::{AheadDriver, AheadRow, Looking, look_ahead};
pub use cell::{BANDS, CELLS, Cell, Design, Due, OLD, PARAMETERS, PERIOD_DAYS, Parameter, band_of};
pub use defaults::{Defaults, Prior, StageRates};
pub use draws::{
    Condition, DrawKey, DrawPlan, Drawn, DrawnCount, DrawnLaunch, DrawnUnit, OpenOpportunity, Together, cuts_for, draw,
    draw_all,
};
pub use episode::{End, Episode, Ignored, Known, Outcome, When};
pub use exposure::{Exposures, Landmarks, Periods};
pub use frailty::{Factors, Shrinkage};
pub use hazard::{Fit, FitEnd, Hazards, LaunchModel};
pub use inputs::{NOT_USED, USED};
pub use launch::{LaunchCurve, MOST_WEEKS};
pub use opportunity::{History, Origin, Seen, Stage, State};
pub use plan::{
    Blocking, Chosen, Listed, MOST_POINTS, NotProven, Obstacle, PlanAction, PlanCount, PlanGoal, PlanLimits,
    PlanProblem, PlanUnit, Planned, Plans, Preference, Swap, holds, plan,
};
pub use poisson_binomial::CountDistribution;
pub use quarter::{FiscalYearStart, MonthError, Quarter};
pub use rounding::{rounded, rounded_chance, rounded_count};
pub use score::{
    CalibrationBin, Happened, Judged, JudgedInterval, LOG_SCORE_FLOOR, brier, calibration, coverage, log_score, skill,
};
pub use tested::{backtest_calibration, backtest_scores};
pub use units::{count_distribution, day_before_window, launch_probability, leverage, unit_probability};
