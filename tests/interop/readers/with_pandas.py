"""pandas as most people use it: `pandas.read_parquet(path)`, with the types that it chooses itself.

Whole numbers with nulls become floats, nulls become NaN. Both are undone here, strictly: a float that is no whole
number is an error.
"""

from collections.abc import Callable
from pathlib import Path

import numpy
import pandas
from joins import Join

TITLE = f"pandas {pandas.__version__}"
TYPES = {
    "text": {"str"},
    "flag": {"bool", "object"},
    "integer": {"int32", "float64"},
    "long": {"int64", "float64"},
    "decimal": {"object"},
    "date": {"object"},
    "timestamp": {"datetime64[us, UTC]"},
    "list": {"object"},
}


def types(path: Path) -> dict[str, str]:
    return {name: str(kind) for name, kind in pandas.read_parquet(path).dtypes.items()}


def rows(path: Path, kinds: dict[str, str]) -> list[tuple]:
    return plain(pandas.read_parquet(path)[list(kinds)], list(kinds.values()))


def plain(frame: pandas.DataFrame, kinds: list[str]) -> list[tuple]:
    """The rows of a frame as plain values of Python."""
    columns = [[cell(kind, given) for given in frame.iloc[:, index]] for index, kind in enumerate(kinds)]
    return list(zip(*columns, strict=True))


def cell(kind: str, given: object) -> object:
    """One cell as a plain value of Python."""
    if isinstance(given, numpy.ndarray):
        return given.tolist()
    if given is None or given is pandas.NaT or given is pandas.NA or (isinstance(given, float) and numpy.isnan(given)):
        return None
    return CONVERSIONS.get(kind, lambda same: same)(given)


def whole(given: object) -> int:
    """A whole number, which may have come as a float."""
    assert int(given) == given, given
    return int(given)


CONVERSIONS: dict[str, Callable[[object], object]] = {
    "flag": bool,
    "integer": whole,
    "long": whole,
    "timestamp": pandas.Timestamp.to_pydatetime,
}


def joined(join: Join, left: Path, right: Path, kinds: list[str]) -> list[tuple]:
    return merged(join, pandas.read_parquet(left), pandas.read_parquet(right), kinds)


def merged(join: Join, ours: pandas.DataFrame, theirs: pandas.DataFrame, kinds: list[str]) -> list[tuple]:
    """The join of two frames. A merge takes two nulls for equal, so rows without a key are left out first."""
    if join.where:
        ours = ours[ours[join.where[0]] == join.where[1]]
    ours = ours.dropna(subset=join.left_keys).add_prefix("l_")
    theirs = theirs.dropna(subset=join.right_keys).add_prefix("r_")
    keys = {"left_on": [f"l_{name}" for name in join.left_keys], "right_on": [f"r_{name}" for name in join.right_keys]}
    kept = [f"l_{name}" for name in join.keep_left] + [f"r_{name}" for name in join.keep_right]
    return plain(ours.merge(theirs, how="inner", **keys)[kept], kinds)


def counted(path: Path, by: list[str]) -> list[tuple]:
    return groups(pandas.read_parquet(path), by)


def groups(frame: pandas.DataFrame, by: list[str]) -> list[tuple]:
    """Rows of each group. Groups without a member are groups as well, which pandas has to be told."""
    sizes = frame.groupby(by, dropna=False, observed=True).size().reset_index(name="rows")
    return plain(sizes, [*("text" for _ in by), "long"])
