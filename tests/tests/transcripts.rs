//! The command line by transcript: README.md, `docs/sources.md` and `tests/cmd/*.md`, run from the root of the repository.

use aceq_tests::program;

#[test]
fn transcripts() {
    std::env::set_current_dir(program::repository()).expect("the repository is there");
    trycmd::TestCases::new()
        .register_bin("aceq", program::path())
        .env("NO_COLOR", "1")
        .case("README.md")
        .case("docs/sources.md")
        .case("tests/cmd/*.md");
}
