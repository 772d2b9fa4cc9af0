//! The checklists are sound, and every case beside them comes out as written: what the program says about them.

use aceq_tests::{program, rulebook};

#[test]
fn every_checklist_is_sound() {
    let checked = program::stdout(&["checklist", "check"]);
    assert_eq!(checked.lines().count(), rulebook::files().len(), "{checked}");
    for line in checked.lines() {
        assert!(line.starts_with("ok  "), "{line}");
        assert!(!line.ends_with(", 0 cases"), "no case beside it: {line}");
    }
}

#[test]
fn every_case_comes_out_as_written() {
    let told = program::stdout(&["checklist", "test"]);
    let summary = told.lines().last().unwrap_or_default();
    assert!(summary.ends_with(" passed, 0 failed"), "{told}");
    let passed: usize = summary.split(' ').next().and_then(|number| number.parse().ok()).unwrap_or(0);
    assert!(passed > 300, "{summary}");
}

/// The program holds the checklists that lie in the repository, not those of an earlier build.
#[test]
fn the_program_was_built_with_these_checklists() {
    let built_in = program::stdout(&["checklist", "show", "smb"]);
    assert_eq!(built_in, program::stdout(&["checklist", "show", "smb", "--checklists", "checklists"]));
    for rules in rulebook::all() {
        let (program, id) = (&rules.checklist.program, &rules.checklist.requirements[0].id);
        let built_in = program::stdout(&["checklist", "show", program, id]);
        assert_eq!(built_in, program::stdout(&["checklist", "show", program, id, "--checklists", "checklists"]));
    }
}
