"""Every reader opens every table, and finds the columns, types, rows and values that were published."""

import pyarrow.parquet as parquet
import pytest
from documented import TABLES
from readers import READERS


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("reader", READERS)
def test_reads_as_published(compared, reader, table):
    assert compared(reader, table)


@pytest.mark.parametrize("table", TABLES)
def test_columns_are_described_in_the_file(published, table):
    """What the reference page says of a column is also in the file, where pyarrow and its kin show it."""
    for world in published.values():
        if table in world.published:
            schema = parquet.read_schema(world.published[table].path)
            said = {field.name: (field.metadata or {}).get(b"description", b"").decode() for field in schema}
            assert said == {column.name: column.description for column in TABLES[table].columns}, world.name


def test_every_file_is_in_the_manifest(published):
    """No table is there that was not compared."""
    for world in published.values():
        there = {str(path.relative_to(world.dataset)) for path in world.dataset.rglob("*.parquet")}
        assert there == {entry.table.path for entry in world.published.values()}, world.name


def test_every_world_has_every_kind_of_value(published):
    """The comparison means something: every documented type occurs, and occurs as null; lists occur empty and full."""
    seen: dict[str, set[str]] = {}
    for world in published.values():
        for entry in world.published.values():
            for row in entry.dicts():
                for name, given in row.items():
                    seen.setdefault(entry.table.kinds[name], set()).add(sort_of(given))
    assert seen["list"] == {"null", "empty", "value"}
    assert all(sorts >= {"null", "value"} for sorts in seen.values()), seen
    assert set(seen) == {kind for table in TABLES.values() for kind in table.kinds.values()}


def sort_of(given: object) -> str:
    """Null, an empty text or list, or a value."""
    if given is None:
        return "null"
    return "empty" if given in ("", ()) else "value"
