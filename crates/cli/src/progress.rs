//! A progress bar on a terminal, and only when reading takes longer than a second.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::RefCell;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Bytes read so far.
pub struct Progress {
    started: Instant,
    state: RefCell<State>,
    enabled: bool,
}

struct State {
    total: u64,
    done: u64,
    bar: Option<ProgressBar>,
}

const PATIENCE: Duration = Duration::from_secs(1);

impl Progress {
    /// On stderr, where it is a terminal.
    #[expect(clippy::disallowed_methods, reason = "a progress bar measures time; no result depends on it")]
    pub fn new() -> Self {
        let state = RefCell::new(State { total: 0, done: 0, bar: None });
        Self { started: Instant::now(), state, enabled: std::io::stderr().is_terminal() }
    }

    /// How many bytes there are.
    pub fn start(&self, total: u64) {
        self.state.borrow_mut().total = total;
    }

    /// That many more were read.
    pub fn advance(&self, bytes: u64) {
        let mut state = self.state.borrow_mut();
        state.done += bytes;
        if self.enabled && state.bar.is_none() && self.started.elapsed() > PATIENCE {
            let bar = ProgressBar::with_draw_target(Some(state.total), ProgressDrawTarget::stderr());
            let style = ProgressStyle::with_template("reading {bar:30} {bytes}/{total_bytes} {eta}");
            bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
            state.bar = Some(bar);
        }
        if let Some(bar) = &state.bar {
            bar.set_position(state.done);
        }
    }

    /// Everything is read.
    pub fn finish(&self) {
        if let Some(bar) = self.state.borrow_mut().bar.take() {
            bar.finish_and_clear();
        }
    }
}
