//! What happens on a day, in words.

use crate::amount::Measure;
use crate::evidence::source;
use crate::order::{self, ADOPTED};
use aceq_model::{CalendarEvent, CalendarRow, CalendarUnit, Comes, CountKey, Status};

/// Whether a row is about the whole checklist.
pub(super) fn is_whole(key: &CountKey) -> bool {
    key.requirement_id == order::WHOLE
}

/// `48 of 50`; nothing for the whole checklist, whose count nobody asks for.
pub(super) fn count(row: &CalendarRow) -> String {
    let measure = Measure::of(row.is_sum);
    if is_whole(&row.key) {
        return String::new();
    }
    format!("{} of {}", measure.text(row.confirmed.1), measure.text(row.required))
}

/// `51 → 48 of 50: lost`.
pub(super) fn happens(row: &CalendarRow, is_first_of_many: bool) -> String {
    let event = event(row, is_first_of_many);
    if is_whole(&row.key) || row.event == CalendarEvent::VersionEnds {
        return event;
    }
    let measure = Measure::of(row.is_sum);
    let (before, after) = (measure.text(row.confirmed.0), measure.text(row.confirmed.1));
    let counts = if before == after { after } else { format!("{before} → {after}") };
    format!("{counts} of {}: {event}", measure.text(row.required))
}

fn event(row: &CalendarRow, is_first_of_many: bool) -> String {
    let (before, after) = (words(row.status.0), words(row.status.1));
    match row.event {
        CalendarEvent::Met => match row.until {
            Some(until) => format!("{after} until {until}"),
            None => format!("{after}, with no end known"),
        },
        CalendarEvent::Lost => {
            let first = if is_first_of_many { "first " } else { "" };
            let then = if row.status.1 == Status::Unknown { ", unknown" } else { "" };
            let what = if row.status.0 == Status::Waived { "no longer waived" } else { "lost" };
            format!("{first}{what}{then}")
        }
        CalendarEvent::Changed => format!("{before} → {after}"),
        CalendarEvent::Up | CalendarEvent::Down => format!("still {after}"),
        CalendarEvent::Expires => format!("a row ends, still {after}"),
        CalendarEvent::VersionEnds => match row.date.pred_opt() {
            Some(last) => format!("last applications on version {}: {last}", row.key.version),
            None => format!("no more applications on version {}", row.key.version),
        },
    }
}

fn words(status: Status) -> String {
    status.as_str().replace('_', " ")
}

/// `4.2`, `4.2 · architect`, `4.2, reading no-window`.
pub(super) fn name(key: &CountKey) -> String {
    let reading = if key.reading == ADOPTED { String::new() } else { format!(", reading {}", key.reading) };
    let member = key.member.as_ref().map(|member| format!(" · {member}")).unwrap_or_default();
    format!("{}{reading}{member}", key.requirement_id)
}

/// The same where nobody knows what `*` is.
pub(super) fn spoken(key: &CountKey) -> String {
    if is_whole(key) { "the whole checklist".to_owned() } else { name(key) }
}

/// `− Acme Ltd (O1000001)`.
pub(super) fn unit(unit: &CalendarUnit) -> String {
    let sign = match unit.side {
        Comes::In => "+",
        Comes::Out => "−",
    };
    let row = if unit.row_id.is_empty() { String::new() } else { format!(" ({})", unit.row_id) };
    format!("{sign} {}{row}", called(unit))
}

/// What a person would call it.
pub(super) fn called(unit: &CalendarUnit) -> &str {
    if unit.label.is_empty() { &unit.unit } else { &unit.label }
}

/// `folder/file.csv[Sheet]:12`.
pub(super) fn place(unit: &CalendarUnit) -> String {
    source(&unit.source_file, &unit.source_sheet, unit.source_line)
}
