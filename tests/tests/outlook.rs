//! What launches would change, against evaluating rows that have launched; the calendar against the timelines.

use aceq_metrics::{Engine, PLACES_PER_ARRIVAL, Timeline};
use aceq_model::{Bucket, CalendarEvent, Comes, Status, TableId, days_from_date, stage_rank};
use aceq_tests::pipeline::read_folder;
use aceq_tests::rulebook;
use aceq_tests::world::{read_generated, sample};
use aceq_timeline::{
    Doubt, LaunchDates, LaunchPart, Level, Logic, Outlook, RowOutlook, StakeUnit, Steps, Truth, Window, months_before,
};
use arrow::array::{Array, ArrayRef, AsArray, Date32Array, Int32Array, RecordBatch, StringArray};
use chrono::NaiveDate;
use std::collections::BTreeSet;
use std::sync::Arc;

fn day(text: &str) -> i32 {
    days_from_date(text.parse().expect("a date"))
}

/// Partners, opportunities per partner, seed.
const WORLDS: [(u32, u64, u64); 4] = [(3, 60, 1), (2, 150, 10), (4, 50, 6), (8, 12, 12)];

fn worlds() -> Vec<Bucket> {
    let generated = WORLDS.map(|(partners, opportunities, seed)| read_generated(partners, opportunities, seed).bucket);
    std::iter::once(read_folder(&sample()).bucket).chain(generated).collect()
}

/// Units that count on a day when the opportunities in `launched` have launched on `on`.
fn counted(level: &Level, launched: &BTreeSet<usize>, on: i32, day: i32) -> i64 {
    let counts = |(open, dates): &(usize, LaunchDates)| {
        launched.contains(open)
            && on <= day
            && match dates {
                LaunchDates::From(interval) => interval.contains(day),
                LaunchDates::Window(Window::UpToAsOf) => true,
                LaunchDates::Window(Window::Months(months)) => {
                    let date = aceq_model::date_from_days(day).expect("a date");
                    months_before(date, *months).is_some_and(|first| days_from_date(first) <= on)
                }
            }
    };
    let comes =
        |unit: &&StakeUnit| unit.sure.iter().any(|interval| interval.contains(day)) || unit.launches.iter().any(counts);
    *level.sure.at(day) + level.units.iter().filter(comes).count() as i64
}

fn holds(outlook: &Outlook, logic: &Logic, doubt: Doubt, launched: &BTreeSet<usize>, on: i32, day: i32) -> bool {
    logic.holds(day, doubt, &|count| {
        let count = &outlook.counts[count];
        counted(count.level(doubt), launched, on, day) >= count.required
    })
}

fn satisfied(status: Status, doubt: Doubt) -> bool {
    match doubt {
        Doubt::Against => status.satisfied() == Some(true),
        Doubt::InFavour => status.satisfied() != Some(false),
    }
}

/// The opportunities with every `nth` open one launched on `on`, and which those are, per partner.
fn launch(bucket: &Bucket, nth: usize, on: i32) -> (Bucket, Vec<BTreeSet<usize>>) {
    let batch = &bucket.tables[&TableId::Opportunities];
    let text = |name: &str| -> &StringArray { batch[name].as_string() };
    let (partners, stages) = (text("partner_id"), text("stage"));
    let mut open_so_far: Vec<usize> = vec![0; bucket.partners.len()];
    let mut launched: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); bucket.partners.len()];
    let is_launched: Vec<bool> = (0..batch.num_rows())
        .map(|row| {
            let open = !stages.is_null(row) && stage_rank(stages.value(row)).is_some_and(|rank| rank < 5);
            let partner = bucket.partners.iter().position(|id| id == partners.value(row)).expect("it is listed");
            if !open {
                return false;
            }
            open_so_far[partner] += 1;
            let place = open_so_far[partner] - 1;
            place.is_multiple_of(nth) && launched[partner].insert(place)
        })
        .collect();
    let mut columns = batch.columns().to_vec();
    let mut set = |name: &str, column: ArrayRef| columns[batch.schema().index_of(name).expect("a column")] = column;
    let pick = |row: usize, now: Option<i32>, then: i32| if is_launched[row] { Some(then) } else { now };
    let stage: StringArray = stages
        .iter()
        .zip(&is_launched)
        .map(|(stage, launched)| if *launched { Some("Launched") } else { stage })
        .collect();
    set("stage", Arc::new(stage));
    for name in ["stage_rank", "furthest_stage_rank"] {
        let ranks: &Int32Array = batch[name].as_any().downcast_ref().expect("an integer");
        let ranks: Int32Array = ranks.iter().enumerate().map(|(row, rank)| pick(row, rank, 5)).collect();
        set(name, Arc::new(ranks));
    }
    let dates: &Date32Array = batch["launch_date"].as_any().downcast_ref().expect("a date");
    let dates: Date32Array = dates.iter().enumerate().map(|(row, date)| pick(row, date, on)).collect();
    set("launch_date", Arc::new(dates));
    let batch = RecordBatch::try_new(batch.schema(), columns).expect("the same columns");
    let mut bucket = bucket.clone();
    bucket.tables.insert(TableId::Opportunities, batch);
    (bucket, launched)
}

/// Days around which something may change: every quarter of three years, and the days beside.
fn days() -> Vec<i32> {
    (day("2025-01-01")..day("2028-12-31")).step_by(29).collect()
}

#[test]
fn without_launches_the_outlook_is_the_timeline() {
    let rules = rulebook::all();
    for bucket in worlds() {
        let engine = Engine::new(rules.iter().map(|rules| &rules.checklist).collect());
        let evaluation = engine.evaluate(&bucket).expect("it can be evaluated");
        let launches = engine.as_if_launched(&bucket).expect("it can be evaluated");
        let mut at_stake = 0;
        for partner in 0..evaluation.partners.len() {
            for checklist in 0..rules.len() {
                let outlook = evaluation.outlook(&launches, checklist, partner, &[]);
                let timelines = &evaluation.partners[partner].checklists[checklist];
                assert_eq!(outlook.rows.len(), timelines.len());
                at_stake += outlook.counts.len();
                for (row, timeline) in outlook.rows.iter().zip(timelines) {
                    for day in days() {
                        for doubt in [Doubt::Against, Doubt::InFavour] {
                            let outcome = timeline.steps.at(day);
                            let here = holds(&outlook, &row.logic, doubt, &BTreeSet::new(), 0, day);
                            assert_eq!(here, satisfied(outcome.status, doubt), "{timeline:?} on {day} {doubt:?}");
                        }
                        if let Some(count) = row.count {
                            let sure = counted(&outlook.counts[count].confirmed, &BTreeSet::new(), 0, day);
                            assert_eq!(sure * 100, timeline.steps.at(day).bounds.confirmed, "{timeline:?} on {day}");
                        }
                    }
                }
            }
        }
        assert!(at_stake > 0, "nothing hangs on launches");
    }
}

#[test]
fn launches_change_what_rows_that_have_launched_change() {
    let rules = rulebook::all();
    let on = day("2026-12-05");
    for bucket in worlds() {
        for nth in [1, 3] {
            let (then, launched) = launch(&bucket, nth, on);
            let engine = Engine::new(rules.iter().map(|rules| &rules.checklist).collect());
            let evaluation = engine.evaluate(&bucket).expect("it can be evaluated");
            let launches = engine.as_if_launched(&bucket).expect("it can be evaluated");
            let expected = engine.evaluate(&then).expect("it can be evaluated");
            for (partner, launched) in launched.iter().enumerate() {
                for checklist in 0..rules.len() {
                    let outlook = evaluation.outlook(&launches, checklist, partner, &[]);
                    assert_same(&outlook, &expected.partners[partner].checklists[checklist], launched, on);
                }
            }
        }
    }
}

/// From `on` on, the outlook with these launches says what the timelines of rows that have launched say.
fn assert_same(outlook: &Outlook, expected: &[Timeline], launched: &BTreeSet<usize>, on: i32) {
    // What is added up over launches is not followed, and says so.
    let followed = |(row, _): &(&RowOutlook, &Timeline)| row.part == LaunchPart::Followed;
    for (row, timeline) in outlook.rows.iter().zip(expected).filter(followed) {
        for day in days().into_iter().filter(|day| *day >= on) {
            let outcome = timeline.steps.at(day);
            for doubt in [Doubt::Against, Doubt::InFavour] {
                let here = holds(outlook, &row.logic, doubt, launched, on, day);
                assert_eq!(here, satisfied(outcome.status, doubt), "{timeline:?} on {day} {doubt:?}");
            }
            if let Some(count) = row.count.map(|count| &outlook.counts[count]) {
                let here = counted(&count.confirmed, launched, on, day);
                assert_eq!(here * 100, outcome.bounds.confirmed, "{timeline:?} on {day}");
                let here = counted(&count.possible, launched, on, day);
                assert_eq!(Some(here * 100), outcome.bounds.possible, "{timeline:?} on {day}");
            }
        }
    }
}

/// The units that come, less those that go, are the change of the count; days without an entry change nothing.
#[test]
fn the_calendar_adds_up() {
    let rules = rulebook::all();
    let (from, until) = (day("2025-06-01"), day("2028-06-01"));
    for bucket in worlds() {
        let engine = Engine::new(rules.iter().map(|rules| &rules.checklist).collect());
        let evaluation = engine.evaluate(&bucket).expect("it can be evaluated");
        let mut changes = 0;
        for (partner, evaluated) in evaluation.partners.iter().enumerate() {
            for (checklist, rules) in rules.iter().enumerate() {
                let rows = evaluation.calendar(checklist, partner, from..=until);
                assert!(rows.is_sorted_by_key(|row| row.date));
                for row in &rows {
                    let moved = |side| row.units.iter().filter(|unit| unit.side == side).count() as i64;
                    let counts = !row.units.is_empty() && !row.is_sum && !row.key.reading.contains("per-customer");
                    if counts && row.event != CalendarEvent::Expires {
                        assert_eq!(
                            100 * (moved(Comes::In) - moved(Comes::Out)),
                            row.confirmed.1 - row.confirmed.0,
                            "{row:?}"
                        );
                        changes += 1;
                    }
                    let before = days_from_date(row.date) - 1;
                    if row.event == CalendarEvent::Lost {
                        assert!(row.status.0.satisfied() == Some(true) && row.status.1.satisfied() != Some(true));
                    }
                    let timeline = evaluated.checklists[checklist].iter().find(|one| {
                        let id = one.requirement.map_or("*", |index| rules.checklist.requirements[index].id.as_str());
                        id == row.key.requirement_id && one.reading == row.key.reading && one.member == row.key.member
                    });
                    let timeline = timeline.expect("every row is one of a timeline");
                    if !matches!(row.event, CalendarEvent::Expires | CalendarEvent::VersionEnds) {
                        assert_eq!(timeline.steps.at(before).status, row.status.0);
                        assert_eq!(timeline.steps.at(before + 1).status, row.status.1);
                    }
                    if let Some(until) = row.until {
                        let after = timeline.steps.at(days_from_date(until) + 1).status;
                        assert_ne!(after.satisfied(), Some(true), "{row:?}");
                    }
                }
            }
        }
        assert!(changes > 0, "nothing changes");
    }
}

/// Arrivals bring units of their own, each in two copies, or launches to customers that were there before.
#[test]
fn arrivals_add_units_and_take_none() {
    let rules = rulebook::all();
    let bucket = read_generated(3, 200, 4).bucket;
    let engine = Engine::new(rules.iter().map(|rules| &rules.checklist).collect());
    let evaluation = engine.evaluate(&bucket).expect("it can be evaluated");
    let launches = engine.as_if_launched(&bucket).expect("it can be evaluated");
    let date = |text: &str| text.parse::<NaiveDate>().expect("a date");
    let mut added = 0;
    for partner in 0..evaluation.partners.len() {
        let open = evaluation.open_rows(&launches, partner).len();
        let arrivals = evaluation.arrival_rows(partner, date("2026-11-20"), date("2028-11-20"));
        assert!(arrivals.iter().all(|arrival| arrival.created > date("2026-11-20")));
        for checklist in 0..rules.len() {
            let without = evaluation.outlook(&launches, checklist, partner, &[]);
            let with = evaluation.outlook(&launches, checklist, partner, &arrivals);
            let units =
                |outlook: &Outlook| outlook.counts.iter().map(|count| count.confirmed.units.len()).sum::<usize>();
            assert!(units(&with) >= units(&without));
            added += units(&with) - units(&without);
            let places = open..open + arrivals.len() * PLACES_PER_ARRIVAL;
            for unit in with.counts.iter().flat_map(|count| &count.confirmed.units) {
                let new = unit.launches.iter().filter(|(place, _)| places.contains(place)).count();
                let known = unit.launches.len() - new;
                assert!(known + unit.sure.len() > 0 || new <= places.len() / 2, "one copy of an arrival is one unit");
            }
        }
    }
    assert!(added > 0, "nothing arrives");
}

/// What never changes is folded: a checklist with an attested control that is unanswered cannot be met by launches.
#[test]
fn what_is_decided_needs_no_count() {
    let no = Logic::Decided(Steps::constant(Truth::False));
    let all = Logic::all(vec![no, Logic::Count(0)]);
    assert!(!all.holds(0, Doubt::InFavour, &|_| true));
}
