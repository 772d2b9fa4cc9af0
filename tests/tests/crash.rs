//! Whatever interrupts `ingest` and `run`, a whole dataset stands where one stood: the old one or the new one.
//!
//! The program is killed (SIGKILL) at many points: at every file that it is seen to make, at moments spread over its
//! running time, and around the step in which the new dataset takes the place of the old one.
#![cfg(target_os = "linux")]

use aceq_tests::interrupted::{Place, start, whole};
use aceq_tests::program::{self, stdout};
use aceq_tests::world::generated;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output};
use std::thread::sleep;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const SIGKILL: i32 = 9;

/// The commands that publish.
#[derive(Clone, Copy)]
enum Publishing {
    Ingest,
    Run,
    /// `run`, keeping the results of what it replaces.
    Append,
}

/// Two worlds that take each other's place, so that every attempt has something to change.
struct Replacing {
    place: Place,
    worlds: [TempDir; 2],
    commands: [Vec<String>; 2],
    /// The run id of each world's dataset.
    runs: [String; 2],
    /// How long an undisturbed run takes.
    takes: Duration,
}

impl Replacing {
    fn new(publishing: Publishing) -> Self {
        let place = Place::new();
        let worlds = [1, 2].map(|seed| generated(20, 300, seed));
        let commands = [&worlds[0], &worlds[1]].map(|world| command(publishing, world.path(), &place.dataset()));
        let mut new = Self { place, worlds, commands, runs: Default::default(), takes: Duration::ZERO };
        for world in [0, 1] {
            let started = now();
            assert!(new.start(world).wait().expect("the program ends").success());
            new.takes = now() - started;
            new.runs[world] = new.place.whole().expect("a dataset was published");
        }
        assert_ne!(new.runs[0], new.runs[1], "the worlds differ");
        new
    }

    /// Runs a command until `enough` says so of the files that it was seen to make, then kills it.
    fn kill_when(&self, world: usize, enough: impl Fn(&BTreeSet<PathBuf>) -> bool) {
        let before = self.place.files();
        let mut seen = BTreeSet::new();
        let mut child = self.start(world);
        while child.try_wait().expect("the program can be asked").is_none() {
            seen.extend(self.place.files().difference(&before).cloned());
            if enough(&seen) {
                child.kill().expect("the program can be killed");
            }
        }
    }

    fn start(&self, world: usize) -> Child {
        let arguments: Vec<&str> = self.commands[world].iter().map(String::as_str).collect();
        start(&arguments, self.worlds[world].path())
    }

    /// The world whose dataset stands there, which must be whole.
    fn standing(&self) -> usize {
        let run = self.place.whole().expect("a dataset stands where one stood");
        self.runs.iter().position(|known| *known == run).expect("it is the old one or the new one")
    }

    /// Starts the run that would replace what stands there, lets `interrupt` end it, and looks at what stands there.
    fn interrupted(&self, interrupt: impl FnOnce(usize)) {
        interrupt(1 - self.standing());
        self.standing();
    }

    /// The next run clears away what the killed ones left.
    fn finish(&self) {
        let world = 1 - self.standing();
        assert!(self.start(world).wait().expect("the program ends").success());
        assert_eq!(self.standing(), world);
        assert_eq!(self.place.names(), ["dataset"]);
    }
}

fn command(publishing: Publishing, world: &Path, dataset: &Path) -> Vec<String> {
    let words: Vec<&str> = match publishing {
        Publishing::Ingest => vec!["ingest", text(world), "--out", text(dataset)],
        Publishing::Run | Publishing::Append => {
            let settings = world.join("aceq.toml");
            let folders = ["partner-central", "rosters", "programs"].map(|folder| format!("\"{folder}\"")).join(", ");
            let content = format!("inputs = [{folders}]\nout = '{}'\nas_of = [2026-11-20]\n", dataset.display());
            fs::write(&settings, content).expect("settings can be written");
            if matches!(publishing, Publishing::Append) { vec!["run", "--append"] } else { vec!["run"] }
        }
    };
    words.into_iter().map(str::to_owned).collect()
}

fn text(path: &Path) -> &str {
    path.to_str().expect("temporary folders have plain names")
}

#[expect(clippy::disallowed_methods, reason = "kills are spread over the time that a run takes")]
fn now() -> Instant {
    Instant::now()
}

/// Files and folders of a dataset while it is written; a run that makes fewer goes through.
const MADE: usize = 45;

fn killed_at_every_file_that_is_seen(publishing: Publishing) {
    let replacing = Replacing::new(publishing);
    let mut left_behind = 0;
    for number in 1..=MADE {
        replacing.interrupted(|world| replacing.kill_when(world, |seen| seen.len() >= number));
        left_behind += usize::from(replacing.place.names().len() > 1);
    }
    assert!(left_behind > 0, "no kill hit a run that was writing");
    replacing.finish();
}

fn killed_at_any_time(publishing: Publishing) {
    let replacing = Replacing::new(publishing);
    let mut killed = 0;
    for part in 0..40 {
        replacing.interrupted(|world| {
            let mut child = replacing.start(world);
            sleep(replacing.takes * part / 40);
            child.kill().expect("the program can be killed");
            let status = child.wait().expect("the program ends");
            killed += usize::from(status.signal() == Some(SIGKILL));
        });
    }
    assert!(killed > 0, "all runs were over before they could be killed");
    replacing.finish();
}

/// `run.json` is the last file to be made; what follows is the replacing.
fn killed_while_it_replaces(publishing: Publishing) {
    let replacing = Replacing::new(publishing);
    for part in 0..30 {
        let made = |seen: &BTreeSet<PathBuf>| seen.iter().any(|path| path.ends_with("run.json"));
        let a_little_later = |seen: &BTreeSet<PathBuf>| {
            let made = made(seen);
            if made {
                sleep(Duration::from_micros(200 * part));
            }
            made
        };
        replacing.interrupted(|world| replacing.kill_when(world, a_little_later));
    }
    replacing.finish();
}

#[test]
fn ingest_killed_at_every_file_that_is_seen() {
    killed_at_every_file_that_is_seen(Publishing::Ingest);
}

#[test]
fn ingest_killed_at_any_time() {
    killed_at_any_time(Publishing::Ingest);
}

#[test]
fn ingest_killed_while_it_replaces() {
    killed_while_it_replaces(Publishing::Ingest);
}

#[test]
fn run_killed_at_every_file_that_is_seen() {
    killed_at_every_file_that_is_seen(Publishing::Run);
}

#[test]
fn run_killed_at_any_time() {
    killed_at_any_time(Publishing::Run);
}

#[test]
fn run_killed_while_it_replaces() {
    killed_while_it_replaces(Publishing::Run);
}

#[test]
fn appending_killed_at_any_time() {
    killed_at_any_time(Publishing::Append);
}

#[test]
fn appending_killed_while_it_replaces() {
    killed_while_it_replaces(Publishing::Append);
}

#[test]
fn the_first_dataset_is_there_as_a_whole_or_not_at_all() {
    let world = generated(20, 300, 3);
    for number in 0..20 {
        let place = Place::new();
        let dataset = place.dataset();
        let mut child = start(&["ingest", text(world.path()), "--out", text(&dataset)], world.path());
        while child.try_wait().expect("the program can be asked").is_none() {
            if place.files().len() > number {
                child.kill().expect("the program can be killed");
            }
        }
        place.whole();
        stdout(&["ingest", text(world.path()), "--out", text(&dataset)]);
        assert!(place.whole().is_some());
        assert_eq!(place.names(), ["dataset"]);
    }
}

/// A dataset, and another world that is to replace it but cannot.
struct Refused {
    place: Place,
    world: TempDir,
    before: String,
}

impl Refused {
    fn new() -> Self {
        let (place, old) = (Place::new(), generated(3, 20, 1));
        stdout(&["ingest", text(old.path()), "--out", text(&place.dataset())]);
        let before = place.whole().expect("a dataset was published");
        Self { place, world: generated(20, 300, 2), before }
    }

    /// Runs `script` in a shell; `$@` is the command that would replace the dataset.
    fn shell(&self, script: &str) -> Output {
        let mut command = Command::new("sh");
        command.args(["-c", script, "sh", text(&program::path()), "ingest", text(self.world.path()), "--out"]);
        command.arg(self.place.dataset()).env("NO_COLOR", "1").output().expect("there is a shell")
    }

    /// The program said where and what to do, and nothing was lost or left.
    fn assert_told_and_untouched(&self, output: &Output) {
        assert_told(output, text(self.place.dataset().parent().expect("the place has a folder")));
        assert_eq!(self.place.whole().as_ref(), Some(&self.before));
        assert_eq!(self.place.names(), ["dataset"]);
    }
}

fn assert_told(output: &Output, place: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{told}");
    let message = told.lines().find(|line| line.starts_with("error: ")).unwrap_or_else(|| panic!("no message: {told}"));
    assert!(message.contains(place) && message.contains("choose another"), "{message}");
}

/// Files that may not grow are what a full disk looks like to the program, at whatever byte it happens.
#[test]
fn files_that_may_not_grow() {
    let refused = Refused::new();
    for blocks in [0, 1, 4, 16, 64] {
        let output = refused.shell(&format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$@\""));
        refused.assert_told_and_untouched(&output);
    }
}

/// Runs `script` where this process may mount; `None` where the system does not let it.
fn where_we_may_mount(refused: &Refused, script: &str) -> Option<Output> {
    let mount = ["--mount", "--map-root-user", "mount", "-t", "tmpfs", "none", "/tmp"];
    let allowed = Command::new("unshare").args(mount).output();
    let may_mount = allowed.is_ok_and(|output| output.status.success());
    may_mount.then(|| refused.shell(&format!("exec unshare --mount --map-root-user sh -c '{script}' \"$0\" \"$@\"")))
}

/// Without the right to mount, the limits above stand in for the full disk.
#[test]
fn a_full_disk() {
    let refused = Refused::new();
    let outside = tempfile::tempdir().expect("a temporary folder");
    let copy = outside.path().join("copy");
    for kilobytes in [300, 500, 700] {
        let (folder, copy) = (refused.place.dataset(), copy.join(kilobytes.to_string()));
        fs::create_dir_all(&copy).expect("a folder can be made");
        let parent = text(folder.parent().expect("the place has a folder"));
        let script = format!(
            "cp -r {parent}/dataset {copy}/before && mount -t tmpfs -o size={kilobytes}k none {parent} && \
             cp -r {copy}/before {parent}/dataset || exit 9; \"$@\"; code=$?; cp -r {parent}/. {copy}/after; exit $code",
            copy = copy.display()
        );
        let Some(output) = where_we_may_mount(&refused, &script) else { return };
        assert_told(&output, parent);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(told.contains("no space is left"), "{told}");
        assert_eq!(whole(&copy.join("after/dataset")), refused.before);
        assert_eq!(fs::read_dir(copy.join("after")).expect("a folder").count(), 1, "nothing is left beside it");
    }
}

#[test]
fn a_disk_that_is_read_only() {
    let refused = Refused::new();
    let parent = refused.place.dataset().parent().expect("the place has a folder").to_owned();
    let script = format!("mount --bind {0} {0} && mount -o remount,ro,bind {0} || exit 9; \"$@\"", parent.display());
    if let Some(output) = where_we_may_mount(&refused, &script) {
        refused.assert_told_and_untouched(&output);
    }
}

#[test]
fn folders_that_cannot_be_written() {
    let world = generated(2, 10, 1);
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    let below = file.path().join("dataset");
    let deeper = file.path().join("some/where/dataset");
    for out in [below, deeper, PathBuf::from("/proc/dataset"), PathBuf::from("/sys/dataset")] {
        let output = program::run(&["ingest", text(world.path()), "--out", text(&out)]);
        let place =
            if out.starts_with(file.path()) { text(file.path()) } else { text(out.parent().expect("a folder")) };
        assert_told(&output, place);
    }
}

#[test]
fn a_file_and_a_foreign_folder_are_left_alone() {
    let world = generated(2, 10, 1);
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("letter.txt");
    fs::write(&file, "Dear customer").expect("a file can be written");
    for out in [file.as_path(), folder.path()] {
        let output = program::run(&["ingest", text(world.path()), "--out", text(out)]);
        assert_eq!(output.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&output.stderr).contains(text(out)));
        assert_eq!(fs::read_to_string(&file).expect("the letter is there"), "Dear customer");
    }
}
