//! Pictures as SVG: a canvas in pixels on which charts are drawn, with a title and a description for who cannot see it.
//!
//! Colours are those of Okabe and Ito, which stay apart for colour-blind eyes; shades differ as well, so that a grey
//! copy says the same. No font is read: the viewer chooses one, and room is kept for a wide one.

use plotters::coord::Shift;
use plotters::prelude::{
    Circle, DrawingArea, IntoDrawingArea, PathElement, Polygon, RGBAColor, RGBColor, Rectangle, SVGBackend, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontFamily, FontStyle, IntoFont, ShapeStyle, TextStyle};
use unicode_width::UnicodeWidthChar;

/// A place in pixels, from the upper left corner.
pub(crate) type Place = (i32, i32);

pub(crate) const WHITE: RGBColor = RGBColor(255, 255, 255);
pub(crate) const INK: RGBColor = RGBColor(32, 32, 32);
pub(crate) const FAINT: RGBColor = RGBColor(96, 96, 96);
pub(crate) const RULE: RGBColor = RGBColor(221, 221, 221);
pub(crate) const BLUE: RGBColor = RGBColor(0, 114, 178);
pub(crate) const VERMILION: RGBColor = RGBColor(190, 75, 0);

/// Where a text stands beside its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Beside {
    /// To the right of it, at half height.
    Right,
    /// To the left of it, at half height.
    Left,
    /// Above, in the middle.
    Above,
    /// Below, in the middle.
    Below,
}

/// How a text looks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lettering {
    pub(crate) size: i32,
    pub(crate) color: RGBColor,
    pub(crate) is_bold: bool,
}

impl Lettering {
    pub(crate) const fn new(size: i32, color: RGBColor) -> Self {
        Self { size, color, is_bold: false }
    }

    pub(crate) const fn bold(self) -> Self {
        Self { is_bold: true, ..self }
    }
}

/// A canvas of some size.
pub(crate) struct Canvas<'c> {
    area: DrawingArea<SVGBackend<'c>, Shift>,
}

/// The picture that `draw` makes, as an SVG document with a title and a description.
pub(crate) fn picture(size: (u32, u32), title: &str, description: &str, draw: impl FnOnce(&Canvas<'_>)) -> String {
    let mut svg = String::new();
    {
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&WHITE).expect(IN_MEMORY);
        let canvas = Canvas { area };
        draw(&canvas);
        canvas.area.present().expect(IN_MEMORY);
    }
    let (open, body) = svg.split_once(">\n").expect("a document begins with its tag");
    let (title, description) = (escaped(title), escaped(description));
    format!(
        "{open} role=\"img\" aria-labelledby=\"title desc\">\n<title id=\"title\">{title}</title>\n\
         <desc id=\"desc\">{description}</desc>\n{body}"
    )
}

const IN_MEMORY: &str = "writing to memory cannot fail";

impl Canvas<'_> {
    pub(crate) fn text(&self, text: &str, at: Place, beside: Beside, lettering: Lettering) {
        let (h, v) = match beside {
            Beside::Right => (HPos::Left, VPos::Center),
            Beside::Left => (HPos::Right, VPos::Center),
            Beside::Above => (HPos::Center, VPos::Bottom),
            Beside::Below => (HPos::Center, VPos::Top),
        };
        let weight = if lettering.is_bold { FontStyle::Bold } else { FontStyle::Normal };
        // The backend divides sizes by 1.24.
        let font = (FontFamily::SansSerif, f64::from(lettering.size) * 1.24, weight).into_font();
        let style = TextStyle::from(font).color(&lettering.color).pos(Pos::new(h, v));
        self.area.draw(&Text::new(allowed(text), at, style)).expect(IN_MEMORY);
    }

    pub(crate) fn line(&self, points: &[Place], color: RGBColor, width: u32) {
        self.area.draw(&PathElement::new(points.to_vec(), stroke(color, width))).expect(IN_MEMORY);
    }

    /// A dashed line. Lengths come from square roots alone, which are the same on every machine.
    pub(crate) fn dashes(&self, points: &[Place], color: RGBColor, width: u32) {
        const ON: f64 = 7.0;
        const PERIOD: f64 = 11.0;
        let mut walked = 0.0;
        for pair in points.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
            let length = (dx * dx + dy * dy).sqrt();
            let at = |along: f64| {
                let share = if length > 0.0 { along / length } else { 0.0 };
                (from.0 + (dx * share).round() as i32, from.1 + (dy * share).round() as i32)
            };
            let mut start = -(walked % PERIOD);
            while start < length {
                let (begin, end) = (start.max(0.0), (start + ON).min(length));
                if end > begin {
                    self.line(&[at(begin), at(end)], color, width);
                }
                start += PERIOD;
            }
            walked += length;
        }
    }

    pub(crate) fn area(&self, corners: &[Place], color: RGBColor, share: f64) {
        let color: RGBAColor = color.mix(share);
        self.area.draw(&Polygon::new(corners.to_vec(), color)).expect(IN_MEMORY);
    }

    pub(crate) fn frame(&self, from: Place, to: Place, color: RGBColor) {
        self.area.draw(&Rectangle::new([from, to], stroke(color, 1))).expect(IN_MEMORY);
    }

    /// A white ground, so that a text beside `at` stands off what is below it.
    pub(crate) fn ground(&self, text: &str, at: Place, beside: Beside, lettering: Lettering) {
        let (width, half) = (room(text, lettering), lettering.size / 2 + 1);
        let left = if beside == Beside::Left { at.0 - width } else { at.0 };
        let (top, bottom, right) = (at.1 - half, at.1 + half, left + width);
        self.area(&[(left, top), (right, top), (right, bottom), (left, bottom)], WHITE, 0.85);
    }

    /// A disc with a white rim, so that it stands off lines below it.
    pub(crate) fn disc(&self, at: Place, radius: i32, color: RGBColor) {
        self.area.draw(&Circle::new(at, radius + 1, WHITE.filled())).expect(IN_MEMORY);
        self.area.draw(&Circle::new(at, radius, color.filled())).expect(IN_MEMORY);
    }
}

/// Text without the characters that XML does not allow, escaped or not.
fn allowed(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { ' ' } else { c }).collect()
}

fn escaped(text: &str) -> String {
    allowed(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn stroke(color: RGBColor, width: u32) -> ShapeStyle {
    ShapeStyle { color: color.to_rgba(), filled: false, stroke_width: width }
}

/// Pixels that a text needs in the widest of the usual fonts.
pub(crate) fn room(text: &str, lettering: Lettering) -> i32 {
    let ems: i32 = text.chars().map(hundredths_of_em).sum();
    let bold = if lettering.is_bold { 112 } else { 100 };
    ems * lettering.size * bold / 10_000 + 1
}

/// The width of a character, by kinds of them, as DejaVu Sans has it.
fn hundredths_of_em(c: char) -> i32 {
    match c {
        ' ' | '.' | ',' | ':' | ';' | '\'' | 'i' | 'j' | 'l' | 'f' | 't' | 'r' | '(' | ')' | '·' | '-' => 40,
        'm' | 'w' | 'M' | 'W' | '%' | '…' => 100,
        '0'..='9' | '$' | '_' => 64,
        c if c.is_ascii_uppercase() => 74,
        c if c.width().is_some_and(|columns| columns > 1) => 110,
        c if c.is_uppercase() => 80,
        '<' | '>' | '+' | '−' => 84,
        _ => 62,
    }
}

/// A text cut to a number of pixels.
pub(crate) fn fitting(text: &str, pixels: i32, lettering: Lettering) -> String {
    if room(text, lettering) <= pixels {
        return text.to_owned();
    }
    let mut kept = text.to_owned();
    while room(&kept, lettering) + room("…", lettering) > pixels && kept.pop().is_some() {}
    kept.trim_end().to_owned() + "…"
}

/// Heights at which labels stand without touching, as near as may be to where they belong, within `from..to`. They come
/// in any order and stay in the order of where they belong.
pub(crate) fn spread(wanted: &[i32], apart: i32, (from, to): (i32, i32)) -> Vec<i32> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|at| (wanted[*at], *at));
    let mut heights = wanted.to_vec();
    let mut least = from;
    for at in &order {
        heights[*at] = heights[*at].max(least);
        least = heights[*at] + apart;
    }
    let mut most = to;
    for at in order.iter().rev() {
        heights[*at] = heights[*at].min(most);
        most = heights[*at] - apart;
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::{Beside, INK, Lettering, fitting, picture, room, spread};

    #[test]
    fn labels_move_apart_and_stay_in_order() {
        assert_eq!(spread(&[50, 52, 51], 10, (0, 100)), [50, 70, 60]);
        assert_eq!(spread(&[95, 96], 10, (0, 100)), [90, 100]);
        assert_eq!(spread(&[10, 80], 10, (0, 100)), [10, 80]);
    }

    #[test]
    fn a_picture_says_what_it_is_and_escapes_what_it_is_told() {
        let draw = || {
            picture((20, 10), "A < B", "all & nothing", |canvas| {
                canvas.text("<P&1>", (1, 1), Beside::Right, Lettering::new(10, INK));
                canvas.dashes(&[(0, 0), (10, 0), (10, 5)], INK, 1);
            })
        };
        let svg = draw();
        assert!(svg.starts_with("<svg width=\"20\" height=\"10\""), "{svg}");
        assert!(svg.contains("<title id=\"title\">A &lt; B</title>\n<desc id=\"desc\">all &amp; nothing</desc>"));
        assert!(svg.contains("&lt;P&amp;1&gt;"));
        assert_eq!(svg, draw(), "the same bytes");
    }

    #[test]
    fn long_texts_are_cut() {
        let lettering = Lettering::new(10, INK);
        let cut = fitting("fifty launched opportunities", 64, lettering);
        assert!(cut.starts_with("fifty") && cut.ends_with('…') && room(&cut, lettering) <= 64, "{cut}");
        assert_eq!(fitting("fifty", 64, lettering), "fifty");
    }
}
