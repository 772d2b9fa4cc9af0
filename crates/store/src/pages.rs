//! Texts that are made in one order and told in another, on disk once they outgrow a budget.

use crate::StoreError;
use std::io::{Read, Seek, SeekFrom, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use tempfile::SpooledTempFile;

/// Pages of text, each with a name, that wait until all are there; then they come back in the order of their names.
///
/// Memory holds the budget, the names and one page.
#[derive(Debug)]
pub struct Pages {
    folder: PathBuf,
    file: SpooledTempFile,
    end: u64,
    places: Vec<Place>,
}

/// Where a page lies.
#[derive(Debug)]
struct Place {
    name: String,
    start: u64,
    bytes: usize,
}

impl Pages {
    /// No pages. Up to `budget` bytes stay in memory; more go to a temporary file in `folder`, which has no name and
    /// vanishes with the process.
    pub fn new(folder: &Path, budget: usize) -> Self {
        let file = SpooledTempFile::new_in(budget, folder);
        Self { folder: folder.to_owned(), file, end: 0, places: Vec::new() }
    }

    /// Adds a page. Pages of one name come back in the order of the calls.
    ///
    /// # Errors
    /// When the pages have outgrown the budget and the temporary file cannot be written.
    pub fn push(&mut self, name: &str, text: &str) -> Result<(), StoreError> {
        self.file.write_all(text.as_bytes()).map_err(StoreError::io("write to", &self.folder))?;
        self.places.push(Place { name: name.to_owned(), start: self.end, bytes: text.len() });
        self.end += text.len() as u64;
        Ok(())
    }

    /// Hands over every page in the order of the names, until `use_page` breaks.
    ///
    /// # Errors
    /// When the temporary file cannot be read.
    pub fn for_each<B>(mut self, mut use_page: impl FnMut(&[u8]) -> ControlFlow<B>) -> Result<Option<B>, StoreError> {
        self.places.sort_by(|a, b| a.name.cmp(&b.name));
        let mut page = Vec::new();
        for place in &self.places {
            page.resize(place.bytes, 0);
            let read = self.file.seek(SeekFrom::Start(place.start)).and_then(|_| self.file.read_exact(&mut page));
            read.map_err(StoreError::io("read from", &self.folder))?;
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
