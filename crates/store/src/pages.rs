//! Texts that are made in one order and told in another, on disk once they outgrow a budget.

use crate::StoreError;
use crate::texts::Texts;
use std::ops::{ControlFlow, Range};
use std::path::Path;

/// Pages of text, each with a name, that wait until all are there; then they come back in the order of their names.
///
/// Memory holds the budget, the names and one page.
#[derive(Debug)]
pub struct Pages {
    texts: Texts,
    /// Name and place.
    pages: Vec<(String, Range<u64>)>,
}

impl Pages {
    /// No pages. Up to `budget` bytes stay in memory; more go to a temporary file in `folder`, which has no name and
    /// vanishes with the process.
    pub fn new(folder: &Path, budget: usize) -> Self {
        Self { texts: Texts::new(folder, budget), pages: Vec::new() }
    }

    /// Adds a page. Pages of one name come back in the order of the calls.
    ///
    /// # Errors
    /// When the pages have outgrown the budget and the temporary file cannot be written.
    pub fn push(&mut self, name: &str, text: &str) -> Result<(), StoreError> {
        let start = self.texts.end();
        self.texts.push(text)?;
        self.pages.push((name.to_owned(), start..self.texts.end()));
        Ok(())
    }

    /// Hands over every page in the order of the names, until `use_page` breaks.
    ///
    /// # Errors
    /// When the temporary file cannot be read.
    pub fn for_each<B>(mut self, mut use_page: impl FnMut(&[u8]) -> ControlFlow<B>) -> Result<Option<B>, StoreError> {
        self.pages.sort_by(|a, b| a.0.cmp(&b.0));
        let mut page = Vec::new();
        for (_, place) in self.pages {
            self.texts.read(place, &mut page)?;
            if let ControlFlow::Break(why) = use_page(&page) {
                return Ok(Some(why));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::Pages;
    use crate::StoreError;
    use proptest::collection::vec;
    use proptest::prelude::{Strategy, prop_assert_eq, proptest};
    use std::ops::ControlFlow;

    fn told(pages: Pages) -> Vec<String> {
        let mut told = Vec::new();
        let all = pages.for_each(|page| {
            told.push(String::from_utf8(page.to_vec()).expect("the text that was given"));
            ControlFlow::<()>::Continue(())
        });
        assert!(all.expect("readable").is_none());
        told
    }

    fn named_texts() -> impl Strategy<Value = Vec<(String, String)>> {
        vec(("[a-c]{0,2}", "[a-z€\n]{0,40}"), 0..30)
    }

    proptest! {
        #[test]
        fn pages_come_back_in_the_order_of_their_names_whatever_the_budget(pages in named_texts(), budget in 0_usize..300) {
            let folder = tempfile::tempdir().expect("a folder");
            let mut waiting = Pages::new(folder.path(), budget);
            for (name, text) in &pages {
                waiting.push(name, text).expect("room");
            }
            let mut sorted = pages;
            sorted.sort_by(|a, b| a.0.cmp(&b.0));
            prop_assert_eq!(told(waiting), sorted.into_iter().map(|(_, text)| text).collect::<Vec<_>>());
        }
    }

    #[test]
    fn whoever_breaks_sees_no_more_pages() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut pages = Pages::new(folder.path(), 1);
        ["b", "a", "c"].iter().for_each(|name| pages.push(name, name).expect("room"));
        let mut seen = Vec::new();
        let stopped = pages.for_each(|page| {
            seen.extend_from_slice(page);
            if seen.len() == 2 { ControlFlow::Break("enough") } else { ControlFlow::Continue(()) }
        });
        assert_eq!(stopped.expect("readable"), Some("enough"));
        assert_eq!(seen, b"ab");
    }

    #[test]
    fn a_folder_that_is_not_there_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let gone = folder.path().join("gone");
        let mut pages = Pages::new(&gone, 4);
        pages.push("a", "fits").expect("memory");
        let error = pages.push("b", "does not fit").expect_err("no such folder");
        assert!(matches!(error, StoreError::Io { .. }), "{error}");
        assert!(error.to_string().contains("gone"), "{error}");
    }
}
