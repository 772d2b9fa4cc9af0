//! Texts of which a part is struck through, or a digit raised behind another. Whoever looks at the sheet sees two things; run
//! together they are a third one: a struck `500` before `60` is no 50060. Such parts keep a mark: `~~500~~60`, `700^1`.

use crate::formats::markup::{attribute, resolved};
use quick_xml::events::{BytesStart, Event};

/// A text being read, run by run.
#[derive(Default)]
pub(super) struct Runs {
    in_item: bool,
    in_text: bool,
    /// Depth of reading aids, whose text is not that of the cell.
    aids: u32,
    is_struck: bool,
    is_shifted: bool,
    /// The text of the run that is being read.
    run: String,
    plain: String,
    marked: String,
}

impl Runs {
    /// Takes note of an event. At the end of a text: the text with marks, if it has any.
    pub fn event(&mut self, event: &Event<'_>) -> Option<Option<String>> {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::Empty(tag) if self.in_item => self.format(tag),
            Event::Empty(tag) if matches!(tag.local_name().as_ref(), "si" | "is") => return Some(None),
            Event::Text(text) if self.in_text => self.run.push_str(&text.xml10_content()),
            Event::CData(text) if self.in_text => self.run.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) if self.in_text => self.run.push_str(&resolved(reference)),
            Event::End(tag) => return self.end(tag.local_name().as_ref()),
            _ => {}
        }
        None
    }

    fn start(&mut self, tag: &BytesStart<'_>) {
        match tag.local_name().as_ref() {
            "si" | "is" => *self = Self { in_item: true, ..Self::default() },
            _ if !self.in_item => {}
            "r" => (self.is_struck, self.is_shifted) = (false, false),
            "rPh" => self.aids += 1,
            "t" => self.in_text = self.aids == 0,
            _ => self.format(tag),
        }
    }

    fn format(&mut self, tag: &BytesStart<'_>) {
        let value = attribute(tag, "val");
        match tag.local_name().as_ref() {
            "strike" => self.is_struck = value.is_none_or(|value| value != "0" && value != "false"),
            "vertAlign" => self.is_shifted = value.is_some_and(|value| value != "baseline"),
            _ => {}
        }
    }

    fn end_run(&mut self) {
        let run = std::mem::take(&mut self.run);
        // `CO2` and `Acme®` are names, whatever is raised in them.
        let is_digit = |letter: Option<char>| letter.is_some_and(|letter| letter.is_ascii_digit());
        let is_footnote = self.is_shifted && is_digit(self.plain.chars().last()) && is_digit(run.chars().next());
        self.plain.push_str(&run);
        match (self.is_struck && !run.is_empty(), is_footnote) {
            (true, _) => self.marked.extend(["~~", &run, "~~"]),
            (false, true) => self.marked.extend(["^", &run]),
            (false, false) => self.marked.push_str(&run),
        }
    }

    fn end(&mut self, name: &str) -> Option<Option<String>> {
        match name {
            "t" => {
                self.in_text = false;
                self.end_run();
            }
            "rPh" => self.aids = self.aids.saturating_sub(1),
            "si" | "is" => {
                let Self { plain, marked, .. } = std::mem::take(self);
                return Some(Some(marked).filter(|marked| *marked != plain));
            }
            _ => {}
        }
        None
    }
}
