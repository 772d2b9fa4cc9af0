//! The program run to its end, with the most memory that it took.

use crate::program;
use std::fs;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

/// How a run ended.
#[derive(Debug)]
pub struct Ended {
    /// Exit code; none when it was killed.
    pub code: Option<i32>,
    /// What it said on both of its outputs.
    pub said: String,
    /// The most memory that it held at a time, in bytes, as the system counts it.
    pub peak: u64,
}

/// Runs the program in the root of the repository. What it takes in its last two milliseconds goes unseen.
///
/// # Panics
/// When it cannot be started.
pub fn run(arguments: &[&str]) -> Ended {
    let said = tempfile::NamedTempFile::new().expect("a temporary file");
    let output = || Stdio::from(said.reopen().expect("the temporary file can be opened"));
    let mut command = Command::new(program::path());
    command.args(arguments).current_dir(program::repository()).env("NO_COLOR", "1").env_remove("COLUMNS");
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(output()).spawn().expect("it starts");
    let mut peak = 0;
    let code = loop {
        peak = peak.max(held(&child));
        if let Some(status) = child.try_wait().expect("the program can be asked") {
            break status.code();
        }
        sleep(Duration::from_millis(2));
    };
    let said = fs::read(said.path()).expect("what was said can be read");
    Ended { code, said: String::from_utf8_lossy(&said).into_owned(), peak }
}

/// `VmHWM` of a running program, 0 where the system tells none.
fn held(child: &Child) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or_default() * 1024
}
