"""pyarrow, as a dataset with its expressions and joins."""

from pathlib import Path

import pyarrow
import pyarrow.compute as compute
import pyarrow.dataset as arrow_dataset
import pyarrow.parquet as parquet
from joins import Join

TITLE = f"pyarrow {pyarrow.__version__}"
TYPES = {
    "text": {"string"},
    "flag": {"bool"},
    "integer": {"int32"},
    "long": {"int64"},
    "decimal": {"decimal128(18, 2)"},
    "date": {"date32[day]"},
    "timestamp": {"timestamp[us, tz=UTC]"},
    "list": {"list<element: string not null>"},
}


def types(path: Path) -> dict[str, str]:
    return {field.name: str(field.type) for field in parquet.read_schema(path)}


def rows(path: Path, kinds: dict[str, str]) -> list[tuple]:
    table = arrow_dataset.dataset(path, format="parquet").to_table(columns=list(kinds))
    return [tuple(row.values()) for row in table.to_pylist()]


def joined(join: Join, left: Path, right: Path, kinds: list[str]) -> list[tuple]:
    """pyarrow joins no table that holds lists, so each side brings its keys and the number of its row."""
    condition = compute.field(join.where[0]) == join.where[1] if join.where else None
    ours = arrow_dataset.dataset(left, format="parquet").to_table(filter=condition)
    theirs = arrow_dataset.dataset(right, format="parquet").to_table()
    pairs = numbered(ours, join.left_keys, "left_row").join(
        numbered(theirs, join.right_keys, "right_row"),
        keys=join.left_keys,
        right_keys=join.right_keys,
        join_type="inner",
    )
    kept_left = ours.select(list(join.keep_left)).take(pairs["left_row"]).to_pylist()
    kept_right = theirs.select(list(join.keep_right)).take(pairs["right_row"]).to_pylist()
    return [tuple(a.values()) + tuple(b.values()) for a, b in zip(kept_left, kept_right, strict=True)]


def numbered(table: pyarrow.Table, keys: list[str], name: str) -> pyarrow.Table:
    """The key columns of a table, with the number of each row."""
    return table.select(keys).append_column(name, pyarrow.array(range(len(table)), pyarrow.int64()))


def counted(path: Path, by: list[str]) -> list[tuple]:
    groups = parquet.read_table(path, columns=by).group_by(by).aggregate([([], "count_all")])
    return [tuple(row[name] for name in [*by, "count_all"]) for row in groups.to_pylist()]
