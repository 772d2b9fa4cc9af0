//! libFuzzer target `predicates`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| (aceq_fuzzing::target("predicates").run)(bytes));
