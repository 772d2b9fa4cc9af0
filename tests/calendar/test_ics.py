"""The calendar as another program reads it: every change of the calendar's rows is an event, and nothing else is."""

import json
from datetime import date, timedelta
from functools import cache

import pytest
from icalendar import Calendar, Event
from program import aceq

QUESTION = ("forecast", "data/sample", "--as-of", "2026-11-20", "--calendar")
EVENTS = {"met", "lost", "version_ends"}
EXPIRING = {"certifications", "completions"}


@cache
def calendar() -> str:
    """What the program prints, ends of lines as they are."""
    return aceq(*QUESTION, "--format", "ics")


@cache
def rows() -> list[dict]:
    """The same as rows, in the reading that answers."""
    return [row for row in json.loads(aceq(*QUESTION, "--format", "json")) if row["reading"] == "adopted"]


@pytest.fixture(scope="module")
def events() -> list[Event]:
    """The events of the calendar, parsed by a program that nobody here wrote."""
    parsed = Calendar.from_ical(calendar())
    assert not parsed.errors, parsed.errors
    found = parsed.walk("VEVENT")
    assert all(not event.errors for event in found)
    return found


def test_every_line_ends_with_crlf_and_has_at_most_75_octets():
    lines = calendar().encode().split(b"\r\n")
    assert lines.pop() == b""
    assert all(b"\n" not in line and b"\r" not in line and len(line) <= 75 for line in lines)


def test_the_same_question_has_the_same_bytes():
    assert aceq(*QUESTION, "--format", "ics") == calendar()


def test_every_change_is_an_event_on_its_day(events):
    expected = sorted((row["date"], row["event"]) for row in rows() if row["event"] in EVENTS)
    found = sorted((str(event.decoded("DTSTART")), kind(event)) for event in events if kind(event) != "expiry")
    assert expected, "the sample has changes"
    assert found == expected


def test_every_expiry_is_an_event_on_its_day(events):
    expected = sorted(
        {
            (row["date"], row["partner_id"], unit["table"], unit["row_id"])
            for row in rows()
            for unit in row["units"]
            if unit["side"] == "out" and unit["table"] in EXPIRING
        }
    )
    found = [str(event.decoded("DTSTART")) for event in events if kind(event) == "expiry"]
    assert sorted(found) == [day for day, *_ in expected]


def test_events_are_whole_days_on_which_nobody_is_busy(events):
    for event in events:
        start = event.decoded("DTSTART")
        assert type(start) is date
        assert event.decoded("DTEND") == start + timedelta(days=1)
        assert event["TRANSP"] == "TRANSPARENT"


def test_names_are_unique_and_stamps_are_one(events):
    names = [str(event["UID"]) for event in events]
    assert len(set(names)) == len(names)
    assert len({event.decoded("DTSTAMP") for event in events}) == 1


def test_reminders_go_off_days_before(events):
    for event in events:
        alarms = event.walk("VALARM")
        assert alarms, event["UID"]
        for alarm in alarms:
            assert alarm["ACTION"] == "DISPLAY"
            assert str(alarm["DESCRIPTION"]) == str(event["SUMMARY"])
            before = alarm.decoded("TRIGGER")
            assert before <= timedelta(0)
            assert before % timedelta(days=1) == timedelta(0)


def test_texts_come_back_as_they_were(events):
    """Commas, semicolons and line ends are escaped; a description names the rows with their lines."""
    by_name = {str(event["UID"]): event for event in events}
    lost = [row for row in rows() if row["event"] == "lost" and row["requirement_id"] != "*"]
    for row in lost:
        summary = f"aceq: {row['program']} {row['requirement_id']}"
        likely = [event for event in by_name.values() if str(event["SUMMARY"]).startswith(summary)]
        likely = [event for event in likely if str(event.decoded("DTSTART")) == row["date"]]
        told = "\n".join(str(event["DESCRIPTION"]) for event in likely)
        for unit in row["units"][:20]:
            place = unit["file"] + (f"[{unit['sheet']}]" if unit["sheet"] else "") + f":{unit['line']}"
            assert f"{unit['label'] or unit['unit']}" in told
            assert place in told


def kind(event: Event) -> str:
    """`lost`, `met`, `version_ends` or `expiry`: the first part of an event's name."""
    return str(event["UID"]).split("/")[0].replace("%5F", "_")
