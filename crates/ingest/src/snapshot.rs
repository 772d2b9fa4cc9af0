//! The day of an export: stated by the caller, by a folder, or by the preamble. Never the file's own time.

use crate::value::date::{Clock, DateCell, date_cell};
use crate::{Input, Options, Recognised};
use aceq_model::SnapshotSource;
use chrono::NaiveDate;
use std::path::Path;

/// The snapshot date as far as it is known before the rows are read.
///
/// Where nothing states it the date stays unknown: the newest modification date among the rows is only a floor
/// ([`SnapshotSource::Floor`]), and a floor must not be compared with real dates. Such a file counts as the oldest.
pub(crate) fn snapshot(
    input: &Input,
    recognised: &Recognised,
    options: &Options,
) -> Option<(NaiveDate, SnapshotSource)> {
    let stated = stated_for(&input.name, options.snapshot_dates.iter().map(|(end, date)| (end, *date)));
    let stated = stated.map(|date| (date, SnapshotSource::Stated));
    let folder = || dated_folder(input).map(|date| (date, SnapshotSource::Folder));
    let inside = || recognised.date_inside.map(|date| (date, SnapshotSource::Inside));
    stated.or_else(folder).or_else(inside)
}

/// Whether `end`, as it stands under `[snapshots]`, is the end of a file's name: the name, perhaps with folders above it. One
/// that is packed may be called by what is in it.
pub fn is_called(name: &str, end: &str) -> bool {
    let is_end = |name: &str| name.strip_suffix(end).is_some_and(|above| above.is_empty() || above.ends_with('/'));
    !end.is_empty() && (is_end(name) || name.strip_suffix(".gz").is_some_and(is_end))
}

/// What is stated of the file: where several ends of its name are, the longest counts.
pub(crate) fn stated_for<'s, T>(name: &str, statements: impl IntoIterator<Item = (&'s String, T)>) -> Option<T> {
    let about = statements.into_iter().filter(|(end, _)| is_called(name, end));
    about.max_by_key(|(end, _)| end.len()).map(|(_, stated)| stated)
}

/// The innermost folder above the file that is named `YYYY-MM-DD`; as the path was given, else as the disk has it.
fn dated_folder(input: &Input) -> Option<NaiveDate> {
    let innermost = |path: &Path| path.ancestors().skip(1).find_map(|folder| iso_date(folder.file_name()?.to_str()?));
    innermost(&input.place()).or_else(|| innermost(&input.real_place()?))
}

fn iso_date(name: &str) -> Option<NaiveDate> {
    let shaped = name.len() == 10
        && name.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    shaped.then(|| name.parse().ok())?
}

/// The day that the lines above the header state: one day, in one reading, beside a word about exporting.
pub(crate) fn stated_in(preamble: &[String]) -> Option<NaiveDate> {
    const WORDS: [&str; 8] =
        ["generated", "exported", "as of", "snapshot", "downloaded", "report date", "export date", "run on"];
    let speaks = |line: &&String| WORDS.iter().any(|word| line.to_ascii_lowercase().contains(word));
    let mut days: Vec<NaiveDate> = preamble.iter().filter(speaks).flat_map(|line| days_in(line)).collect();
    days.sort_unstable();
    days.dedup();
    if let [day] = days[..] { Some(day) } else { None }
}

fn days_in(line: &str) -> Vec<NaiveDate> {
    let words = line.split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | ';' | ':' | '(' | ')'));
    let day = |word: &str| match date_cell(word.trim_end_matches('.'), Clock::Local) {
        Some(DateCell::Plain(moment)) => Some(moment.date()),
        _ => None,
    };
    words.filter_map(day).collect()
}

#[cfg(test)]
mod tests {
    use super::{dated_folder, stated_in};
    use crate::Input;
    use std::path::Path;

    #[test]
    fn the_innermost_dated_folder_counts() {
        let day = |path: &str| dated_folder(&Input::file(Path::new(path))).map(|day| day.to_string());
        assert_eq!(day("/x/2026-01-02/a/2026-03-04/b/f.csv").as_deref(), Some("2026-03-04"));
        assert_eq!(day("/x/2026-13-01/2026-01-02.csv"), None);
        assert_eq!(day("/x/v2026-01-02/f.csv"), None);
    }

    #[test]
    fn a_preamble_states_one_day_or_none() {
        let day = |lines: &[&str]| {
            let lines: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
            stated_in(&lines).map(|day| day.to_string())
        };
        assert_eq!(day(&["Opportunities", "Generated on: 2026-11-20 08:00"]).as_deref(), Some("2026-11-20"));
        assert_eq!(day(&["Exported 20-Nov-2026"]).as_deref(), Some("2026-11-20"));
        assert_eq!(day(&["Created after 2024-01-01"]), None, "a filter is no day of export");
        assert_eq!(day(&["Exported 11/10/2026"]), None, "two readings");
        assert_eq!(day(&["Exported 2026-11-20, as of 2026-11-19"]), None, "two days");
    }
}
