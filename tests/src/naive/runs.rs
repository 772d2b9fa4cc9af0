//! When a requirement is met, from when, until when, and how long the status stays: read off daily answers.
//!
//! ```text
//!   day      1 2 3 4 5 6 7 8 9
//!   met      . . ■ ■ ■ . . ■ ■ │ what follows the span is not seen
//!   as of 4      └─▶ from 3 until 5, margin 2
//!   as of 6                └─▶ from 8 until 9 or later, margin 2
//! ```

use super::NaiveLine;
use aceq_model::Status;
use chrono::{Days, NaiveDate, TimeDelta};

/// What a span of days tells about the end of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// This very day.
    On(NaiveDate),
    /// This day, the first of the span, or an earlier one, or never.
    AtOrBefore(NaiveDate),
    /// This day, the last of the span, or a later one, or never.
    AtOrAfter(NaiveDate),
    /// No run follows within the span: a day after this one, or never.
    After(NaiveDate),
}

/// What a span of days tells about the next change of status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Margin {
    /// In so many days.
    Days(i64),
    /// In so many days or more, or never.
    AtLeast(i64),
}

/// The run of days with status `met` that contains an as-of date, else the next one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its first day.
    pub met_from: End,
    /// Its last day.
    pub met_until: End,
    /// Days from the as-of date to the next change of status, whatever the statuses.
    pub margin: Margin,
}

impl End {
    /// Whether `date` may be the end; `None` = there is none.
    pub fn admits(self, date: Option<NaiveDate>) -> bool {
        match self {
            Self::On(day) => date == Some(day),
            Self::AtOrBefore(day) => date.is_none_or(|date| date <= day),
            Self::AtOrAfter(day) => date.is_none_or(|date| date >= day),
            Self::After(day) => date.is_none_or(|date| date > day),
        }
    }
}

impl Margin {
    /// Whether `days` may be the margin; `None` = no change known.
    pub fn admits(self, days: Option<i64>) -> bool {
        match self {
            Self::Days(known) => days == Some(known),
            Self::AtLeast(least) => days.is_none_or(|days| days >= least),
        }
    }
}

/// The run that answers for `as_of`.
///
/// # Panics
/// When `as_of` lies outside the span.
pub fn run(line: &NaiveLine, as_of: NaiveDate) -> Run {
    let last = line.from + TimeDelta::days(line.answers.len() as i64 - 1);
    let (met_from, met_until) = match first_met(line, as_of, last) {
        None => (End::After(last), End::After(last)),
        Some(met) => (start(line, met), end(line, met, last)),
    };
    Run { met_from, met_until, margin: margin(line, as_of, last) }
}

/// The run that answers for each day of the span, in one pass from its end.
pub fn all_runs(line: &NaiveLine) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::with_capacity(line.answers.len());
    let mut as_of = line.from + TimeDelta::days(line.answers.len() as i64);
    for index in (0..line.answers.len()).rev() {
        as_of = as_of - Days::new(1);
        let same = |neighbour: &Run| Run { margin: one_day_more(neighbour.margin), ..*neighbour };
        let tomorrow = runs.last().filter(|_| line.answers[index].status == line.answers[index + 1].status);
        runs.push(tomorrow.map_or_else(|| run(line, as_of), same));
    }
    runs.reverse();
    runs
}

fn one_day_more(margin: Margin) -> Margin {
    match margin {
        Margin::Days(days) => Margin::Days(days + 1),
        Margin::AtLeast(days) => Margin::AtLeast(days + 1),
    }
}

fn is_met(line: &NaiveLine, day: NaiveDate) -> bool {
    line.on(day).status == Status::Met
}

fn first_met(line: &NaiveLine, as_of: NaiveDate, last: NaiveDate) -> Option<NaiveDate> {
    as_of.iter_days().take_while(|day| *day <= last).find(|day| is_met(line, *day))
}

fn start(line: &NaiveLine, met: NaiveDate) -> End {
    let mut day = met;
    while day > line.from && is_met(line, day - Days::new(1)) {
        day = day - Days::new(1);
    }
    if day == line.from { End::AtOrBefore(day) } else { End::On(day) }
}

fn end(line: &NaiveLine, met: NaiveDate, last: NaiveDate) -> End {
    let mut day = met;
    while day < last && is_met(line, day + Days::new(1)) {
        day = day + Days::new(1);
    }
    if day == last { End::AtOrAfter(day) } else { End::On(day) }
}

fn margin(line: &NaiveLine, as_of: NaiveDate, last: NaiveDate) -> Margin {
    let today = line.on(as_of).status;
    let change = as_of.iter_days().take_while(|day| *day <= last).find(|day| line.on(*day).status != today);
    match change {
        Some(day) => Margin::Days((day - as_of).num_days()),
        None => Margin::AtLeast((last - as_of).num_days() + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Answer, NaiveLine};
    use super::{End, Margin, Run, all_runs, run};
    use aceq_model::Status;
    use chrono::NaiveDate;

    /// September 2026; `m` is met, `w` waived, `u` unknown, `.` not met.
    fn line(statuses: &str) -> NaiveLine {
        let answers = statuses.chars().map(|letter| Answer {
            status: match letter {
                'm' => Status::Met,
                'w' => Status::Waived,
                'u' => Status::Unknown,
                _ => Status::NotMet,
            },
            confirmed: 0,
            possible: None,
            required: 100,
        });
        NaiveLine {
            partner_id: "self".to_owned(),
            program: "p".to_owned(),
            version: "1".to_owned(),
            requirement_id: "r".to_owned(),
            reading: "adopted".to_owned(),
            member: None,
            from: september(1),
            answers: answers.collect(),
        }
    }

    fn september(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 9, day).expect("September has 30 days")
    }

    fn expect(statuses: &str, as_of: u32, met_from: End, met_until: End, margin: Margin) {
        assert_eq!(
            run(&line(statuses), september(as_of)),
            Run { met_from, met_until, margin },
            "{statuses} on {as_of}"
        );
    }

    #[test]
    fn one_pass_says_the_same_as_day_by_day() {
        for statuses in ["m", ".", "..mmm..mm", "mm.u.m.", "wmw", "mmm", "m..", "uuwm.mmu"] {
            let line = line(statuses);
            let day_by_day: Vec<Run> = (1..=statuses.len()).map(|day| run(&line, september(day as u32))).collect();
            assert_eq!(all_runs(&line), day_by_day, "{statuses}");
        }
    }

    #[test]
    fn a_run_within_the_span_has_both_ends() {
        for as_of in [3, 4, 5] {
            expect(
                "..mmm..mm",
                as_of,
                End::On(september(3)),
                End::On(september(5)),
                Margin::Days(6 - i64::from(as_of)),
            );
        }
    }

    #[test]
    fn when_it_is_not_met_the_next_run_answers() {
        expect("..mmm..mm", 6, End::On(september(8)), End::AtOrAfter(september(9)), Margin::Days(2));
        expect("mm.u.m.", 3, End::On(september(6)), End::On(september(6)), Margin::Days(1));
    }

    #[test]
    fn what_lies_beyond_the_span_stays_open() {
        expect("mmm", 2, End::AtOrBefore(september(1)), End::AtOrAfter(september(3)), Margin::AtLeast(2));
        expect("m..", 2, End::After(september(3)), End::After(september(3)), Margin::AtLeast(2));
    }

    #[test]
    fn waived_is_not_met() {
        expect("wmw", 1, End::On(september(2)), End::On(september(2)), Margin::Days(1));
        expect("mw.", 2, End::After(september(3)), End::After(september(3)), Margin::Days(1));
    }

    #[test]
    fn open_ends_admit_what_the_span_cannot_rule_out() {
        assert!(End::On(september(3)).admits(Some(september(3))) && !End::On(september(3)).admits(None));
        assert!(
            End::AtOrBefore(september(3)).admits(None) && !End::AtOrBefore(september(3)).admits(Some(september(4)))
        );
        assert!(End::AtOrAfter(september(3)).admits(Some(september(3))));
        assert!(!End::After(september(3)).admits(Some(september(3))) && End::After(september(3)).admits(None));
        assert!(Margin::AtLeast(2).admits(Some(2)) && !Margin::AtLeast(2).admits(Some(1)));
        assert!(Margin::Days(2).admits(Some(2)) && !Margin::Days(2).admits(None));
    }
}
