//! The `aceq` program under test, as it was built beside the tests.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The root of the repository.
///
/// # Panics
/// When this package does not lie in a repository.
pub fn repository() -> PathBuf {
    let parent = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    parent.expect("the package lies in the repository").to_owned()
}

/// The program: `target/<profile>/aceq`, beside the folder that the running test lies in.
///
/// # Panics
/// When it was not built.
pub fn path() -> PathBuf {
    let test = std::env::current_exe().expect("the test knows where it lies");
    let profile = test.parent().and_then(Path::parent).expect("tests lie in target/<profile>/deps");
    let program = profile.join(format!("aceq{}", std::env::consts::EXE_SUFFIX));
    let built = program.is_file();
    assert!(built, "{} is missing: build it first, with `cargo build --release -p aceq-cli`", program.display());
    program
}

/// Runs the program in the root of the repository, without colours and without the user's settings.
///
/// # Panics
/// When it cannot be started.
pub fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(path());
    command.args(arguments).current_dir(repository()).env("NO_COLOR", "1").env_remove("COLUMNS");
    command.output().expect("the program starts")
}

/// What the program prints, when it must succeed.
///
/// # Panics
/// When it does not end with exit code 0.
pub fn stdout(arguments: &[&str]) -> String {
    let output = run(arguments);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "aceq {} ended with {}:\n{told}", arguments.join(" "), output.status);
    String::from_utf8(output.stdout).expect("output is UTF-8")
}
