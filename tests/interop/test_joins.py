"""Every reader that joins makes the joins that people make, and finds exactly the rows that a pair-by-pair join finds."""

from collections import Counter

import pytest
import values
from joins import JOINS, naive
from readers import READERS


@pytest.mark.parametrize("join", JOINS, ids=lambda join: join.name)
@pytest.mark.parametrize("reader", READERS)
def test_joins_as_published(published, reader, join):
    made = 0
    for world in having(published, join):
        left, right = (world.published[name] for name in join.tables)
        kinds = [left.table.kinds[name] for name in join.keep_left] + [right.table.kinds[name] for name in join.keep_right]
        found = READERS[reader].joined(join, left.path, right.path, kinds)
        named = dict(zip(map(str, range(len(kinds))), kinds, strict=True))
        expected = naive(join, left.dicts(), right.dicts())
        assert Counter(values.rows(named, found)) == Counter(expected), world.name
        made += len(expected)
    assert made > 0


@pytest.mark.parametrize("join", [join for join in JOINS if join.one_each], ids=lambda join: join.name)
def test_keys_find_one_row_each(published, join):
    """No row is lost by such a join, and none is doubled."""
    for world in having(published, join):
        left, right = (world.published[name].dicts() for name in join.tables)
        asked = [row for row in left if join.where is None or row[join.where[0]] == join.where[1]]
        assert len(naive(join, asked, right)) == len(asked), world.name


def having(published, join):
    """The worlds that have both tables."""
    return [world for world in published.values() if all(name in world.published for name in join.tables)]
