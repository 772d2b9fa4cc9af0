"""pandas with the types of Arrow: `pandas.read_parquet(path, dtype_backend="pyarrow")`, which keeps every type."""

from pathlib import Path

import pandas
from joins import Join

from readers import with_pandas

TITLE = f"pandas {pandas.__version__}, Arrow types"
TYPES = {
    "text": {"string[pyarrow]"},
    "flag": {"bool[pyarrow]"},
    "integer": {"int32[pyarrow]"},
    "long": {"int64[pyarrow]"},
    "decimal": {"decimal128(18, 2)[pyarrow]"},
    "date": {"date32[day][pyarrow]"},
    "timestamp": {"timestamp[us, tz=UTC][pyarrow]"},
    "list": {"list<element: string not null>[pyarrow]"},
}


def read(path: Path) -> pandas.DataFrame:
    return pandas.read_parquet(path, dtype_backend="pyarrow")


def types(path: Path) -> dict[str, str]:
    return {name: str(kind) for name, kind in read(path).dtypes.items()}


def rows(path: Path, kinds: dict[str, str]) -> list[tuple]:
    return with_pandas.plain(read(path)[list(kinds)], list(kinds.values()))


def joined(join: Join, left: Path, right: Path, kinds: list[str]) -> list[tuple]:
    return with_pandas.merged(join, read(left), read(right), kinds)


def counted(path: Path, by: list[str]) -> list[tuple]:
    return with_pandas.groups(read(path), by)
