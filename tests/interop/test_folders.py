"""`aceq export --format parquet`: every reader opens a table's folder as one table and finds the published rows."""

from collections import Counter

import pytest
import values
from readers import READERS

# The sample has three partners, cut into buckets.
WORLDS = ("sample", "hard")


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("reader", READERS)
def test_folders_hold_the_same_rows(published, exported, reader, world):
    for name, entry in published[world].published.items():
        folder = exported[world] / "parquet" / entry.table.folder / name
        # DuckDB takes a pattern, the others a folder.
        place = folder / "**/*.parquet" if reader == "duckdb" else folder
        found = values.rows(entry.table.kinds, READERS[reader].rows(place, entry.table.kinds))
        assert Counter(found) == Counter(entry.rows), name
