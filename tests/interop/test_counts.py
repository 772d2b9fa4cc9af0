"""What readers count in the published results is what `aceq assess` answers from the exports."""

import json
from collections import Counter
from decimal import Decimal

import pytest
from readers import READERS
from worlds import AS_OF, NAMES, aceq

# One answer: a requirement of a checklist, as read, on a day.
ANSWER = ["partner_id", "program", "version", "requirement_id", "reading", "as_of", "member"]
COUNTS = ("confirmed", "possible", "required", "shortfall")


@pytest.fixture(scope="module")
def assessed(published):
    """What `aceq assess` prints from the exports of each world, not from the dataset."""
    days = [argument for day in AS_OF for argument in ("--as-of", day)]
    settings = {name: published[name].dataset.parent for name in NAMES}
    printed = {
        name: aceq("assess", published[name].inputs, *days, "--format", "json", cwd=settings[name]) for name in NAMES
    }
    return {name: [exact(row) for row in json.loads(text)] for name, text in printed.items()}


def exact(row):
    """An answer with its counts as decimals."""
    return {name: Decimal(given) if name in COUNTS and given is not None else given for name, given in row.items()}


@pytest.mark.parametrize("world", NAMES)
def test_published_answers_are_those_of_assess(published, assessed, world):
    """Every answer and every column; files are sorted by day before member, the command by member before day."""
    wanted = assessed[world][0].keys()
    found = [
        {name: plain(row[name]) for name in wanted} for row in published[world].published["requirement_status"].dicts()
    ]
    assert len(found) == len(assessed[world])
    assert by_answer(found) == by_answer(assessed[world])


@pytest.mark.parametrize("world", NAMES)
@pytest.mark.parametrize("reader", READERS)
def test_every_reader_counts_the_same_answers(published, assessed, reader, world):
    by = ["partner_id", "program", "as_of", "status"]
    expected = Counter(tuple(row[name] for name in by) for row in assessed[world])
    assert counts(reader, published[world], "requirement_status", by) == expected


@pytest.mark.parametrize("world", NAMES)
@pytest.mark.parametrize("reader", READERS)
def test_evidence_proves_what_is_confirmed(published, assessed, reader, world):
    """Where an answer counts rows of its own rather than combining others, each counted unit has a row of evidence."""
    counting = [row for row in assessed[world] if row["counted_with_findings"] is not None]
    expected = {tuple(row[name] for name in ANSWER): int(row["confirmed"]) for row in counting if row["confirmed"] > 0}
    found = counts(reader, published[world], "evidence", ANSWER)
    assert {key: count for key, count in found.items() if key in expected} == expected
    assert not {
        key for key in found if key in {tuple(row[name] for name in ANSWER) for row in counting} - expected.keys()
    }


def by_answer(rows):
    """Rows by what makes them one answer."""
    return {tuple(row[name] for name in ANSWER): row for row in rows}


def counts(reader, world, table, by):
    """Rows of each group, by the texts of the group's columns."""
    found = READERS[reader].counted(world.published[table].path, by)
    return {tuple(plain(cell) for cell in row[:-1]): row[-1] for row in found}


def plain(given):
    """A value as JSON shows it, decimals aside."""
    return given.isoformat() if hasattr(given, "isoformat") else given
