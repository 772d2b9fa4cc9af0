//! libFuzzer target `archives`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (aceq_fuzzing::target("archives").run)(bytes));
