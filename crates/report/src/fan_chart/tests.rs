//! What the picture of a forecast holds, and that none of its texts are in each other's way.

use super::{FanChart, fan_chart};
use crate::picture::{INK, Lettering, room};
use crate::sample::{date, titles};
use crate::status_table::RequirementKind;
use aceq_model::{CountKey, ForecastBasis, ForecastRow, Status};

fn row(id: &str, at: usize, p_met: f64, quantiles: Option<[i64; 3]>) -> ForecastRow {
    let (year, quarter) = (2027 + at as i64 / 4, at % 4);
    let ends = ["03-31", "06-30", "09-30", "12-31"];
    ForecastRow {
        key: CountKey {
            partner_id: "P-1".to_owned(),
            program: "smb".to_owned(),
            version: "2025-08".to_owned(),
            requirement_id: id.to_owned(),
            reading: "adopted".to_owned(),
            member: None,
        },
        from: date("2026-11-20"),
        known_at: None,
        as_of: date(&format!("{year}-{}", ends[quarter])),
        quarter: format!("FY{year}-Q{}", quarter + 1),
        held_status: Status::Met,
        held: 4800,
        required: 5000,
        expected: None,
        quantiles,
        p_met,
        p_met_at_most: p_met,
        basis: ForecastBasis::Exact,
        is_sum: false,
    }
}

fn chart(rows: &[ForecastRow], panels: usize) -> Option<String> {
    let titles = titles(&[
        ("*", "SMB Competency of a long name that goes on and on and on and on", RequirementKind::Combined),
        (
            "4.2",
            "Fifty launched opportunities for unique customers & <others> in at least two regions",
            RequirementKind::Counted,
        ),
    ]);
    fan_chart(&FanChart {
        rows,
        titles: &titles,
        partner_id: "P-1",
        program: "smb",
        version: "2025-08",
        panels,
        new_deals: "New opportunities are not part of it.",
    })
}

/// `quarters` quarters of one uncertain count and of the whole checklist; all labels on the right would stand on one place.
fn crowded(quarters: usize) -> Vec<ForecastRow> {
    let of = |at: usize| {
        let count = row("4.2", at, 0.351, Some([4990, 5000, 5010]));
        let whole = row("*", at, 0.002, None);
        [ForecastRow { p_met_at_most: 0.999, held: 5000, ..count }, ForecastRow { p_met_at_most: 0.6, ..whole }]
    };
    (0..quarters).flat_map(of).collect()
}

#[test]
fn uncertain_counts_and_the_whole_checklist_have_a_panel() {
    let mut rows = crowded(2);
    rows.push(ForecastRow { basis: ForecastBasis::Calendar, ..row("4.1", 0, 1.0, Some([100, 100, 100])) });
    rows.push(row("5.1", 0, 0.5, Some([0, 100, 200])));
    let svg = chart(&rows, 4).expect("a picture");
    for text in ["\n5.1\n", "\nThe whole checklist\n", "\n35–&gt;99\n", "\nasked for 50\n", "\nFY2027-Q2\n"] {
        assert!(svg.contains(text), "{text}: {svg}");
    }
    assert!(!svg.contains("\n4.1"), "dates alone decide it");
    assert!(svg.contains("&amp; &lt;others&gt;"));
    assert!(svg.contains("<desc id=\"desc\">Probability of being met on each quarter end, partner P-1. 4.2  Fifty"));
    assert_eq!(Some(svg), chart(&rows, 4), "the same bytes");
}

#[test]
fn where_there_are_too_many_the_most_open_are_drawn() {
    let rows = [
        row("4.1", 0, 0.9, Some([0, 100, 200])),
        row("4.2", 0, 0.5, Some([0, 100, 200])),
        row("4.3", 0, 0.1, Some([0, 100, 200])),
    ];
    let svg = chart(&rows, 1).expect("a picture");
    assert!(svg.contains("\n4.2") && !svg.contains("\n4.1\n") && !svg.contains("\n4.3\n"), "{svg}");
    assert!(svg.contains("2 more uncertain counts are not drawn"));
}

#[test]
fn without_chance_there_is_no_picture() {
    assert_eq!(chart(&[], 4), None);
    assert_eq!(chart(&[ForecastRow { basis: ForecastBasis::Calendar, ..row("4.1", 0, 1.0, None) }], 4), None);
}

#[test]
fn no_text_is_clipped_or_in_the_way_of_another() {
    for quarters in [1, 2, 4, 8, 12] {
        for is_sum in [false, true] {
            let mut rows = crowded(quarters);
            for row in rows.iter_mut().filter(|row| is_sum && row.quantiles.is_some()) {
                row.is_sum = true;
                row.quantiles = row.quantiles.map(|counts| counts.map(|count| count * 123_457));
                (row.held, row.required) = (row.held * 123_457, row.required * 123_457);
            }
            let svg = chart(&rows, 4).expect("a picture");
            let boxes: Vec<TextBox> = texts(&svg);
            assert!(boxes.len() > 10, "texts were found");
            let (width, height) = (number(&svg, "width"), number(&svg, "height"));
            for (at, one) in boxes.iter().enumerate() {
                let inside = one.left >= 0 && one.top >= 0 && one.right <= width && one.bottom <= height;
                assert!(inside, "{quarters} quarters, {width} × {height}: {} at {one:?}", one.text);
                for other in &boxes[..at] {
                    assert!(!one.touches(other), "{quarters} quarters: {} {one:?}, {} {other:?}", one.text, other.text);
                }
            }
        }
    }
}

/// Where a text stands, in pixels.
#[derive(Debug)]
struct TextBox {
    text: String,
    left: i32,
    right: i32,
    top: i32,
    bottom: i32,
}

impl TextBox {
    fn touches(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }
}

fn texts(svg: &str) -> Vec<TextBox> {
    svg.split("<text ").skip(1).map(text_box).collect()
}

fn text_box(element: &str) -> TextBox {
    let text = element.split('\n').nth(1).expect("a text stands on a line of its own");
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let (x, y, size) = (number(element, "x"), number(element, "y"), number(element, "font-size"));
    let lettering = Lettering::new(size, INK);
    let lettering = if element.contains("font-weight=\"bold\"") { lettering.bold() } else { lettering };
    let wide = room(&text, lettering);
    let left = match attribute(element, "text-anchor") {
        "start" => x,
        "middle" => x - wide / 2,
        _ => x - wide,
    };
    let top = match attribute(element, "dy") {
        "0.76em" => y,
        "0.5ex" => y - size / 2,
        _ => y - size,
    };
    TextBox { text, left, right: left + wide, top, bottom: top + size }
}

fn number(element: &str, name: &str) -> i32 {
    attribute(element, name).parse::<f64>().expect("a number").round() as i32
}

fn attribute<'e>(element: &'e str, name: &str) -> &'e str {
    let start = format!("{name}=\"");
    let found = element.match_indices(&start).find(|(at, _)| *at == 0 || element.as_bytes()[at - 1] == b' ');
    let (at, _) = found.expect("an attribute");
    element[at + start.len()..].split('"').next().expect("a value")
}
