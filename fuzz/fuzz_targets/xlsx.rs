//! libFuzzer target `xlsx`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (aceq_fuzzing::target("xlsx").run)(bytes));
