"""Polars, as lazy frames."""

from pathlib import Path

import polars
from joins import Join

TITLE = f"Polars {polars.__version__}"
TYPES = {
    "text": {"String"},
    "flag": {"Boolean"},
    "integer": {"Int32"},
    "long": {"Int64"},
    "decimal": {"Decimal(precision=18, scale=2)"},
    "date": {"Date"},
    "timestamp": {"Datetime(time_unit='us', time_zone='UTC')"},
    "list": {"List(String)"},
}


def types(path: Path) -> dict[str, str]:
    return {name: str(kind) for name, kind in polars.scan_parquet(path).collect_schema().items()}


def rows(path: Path, kinds: dict[str, str]) -> list[tuple]:
    return polars.scan_parquet(path).select(list(kinds)).collect().rows()


def joined(join: Join, left: Path, right: Path, kinds: list[str]) -> list[tuple]:
    ours, theirs = polars.scan_parquet(left), polars.scan_parquet(right)
    if join.where:
        ours = ours.filter(polars.col(join.where[0]) == join.where[1])
    theirs = theirs.select(polars.all().name.prefix("r_"))
    both = ours.join(
        theirs, left_on=join.left_keys, right_on=[f"r_{name}" for name in join.right_keys], how="inner", coalesce=False
    )
    return both.select([*join.keep_left, *(f"r_{name}" for name in join.keep_right)]).collect().rows()


def counted(path: Path, by: list[str]) -> list[tuple]:
    return polars.scan_parquet(path).group_by(by).agg(polars.len()).collect().rows()
