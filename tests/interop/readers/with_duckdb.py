"""DuckDB, in SQL over the files."""

from datetime import UTC
from pathlib import Path

import duckdb
from joins import Join

TITLE = f"DuckDB {duckdb.__version__}"
TYPES = {
    "text": {"VARCHAR"},
    "flag": {"BOOLEAN"},
    "integer": {"INTEGER"},
    "long": {"BIGINT"},
    "decimal": {"DECIMAL(18,2)"},
    "date": {"DATE"},
    "timestamp": {"TIMESTAMP WITH TIME ZONE"},
    "list": {"VARCHAR[]"},
}


def types(path: Path) -> dict[str, str]:
    described = duckdb.connect().execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    return {name: kind for name, kind, *_ in described}


def rows(path: Path, kinds: dict[str, str]) -> list[tuple]:
    columns = ", ".join(cell(name, kind) for name, kind in kinds.items())
    found = duckdb.connect().execute(f"SELECT {columns} FROM read_parquet(?)", [str(path)]).fetchall()
    moments = [index for index, kind in enumerate(kinds.values()) if kind == "timestamp"]
    return [zoned(row, moments) for row in found]


def cell(name: str, kind: str) -> str:
    """Moments are fetched as what a clock in UTC shows: with a zone, DuckDB wants pytz, which it does not bring."""
    return f"\"{name}\" AT TIME ZONE 'UTC'" if kind == "timestamp" else f'"{name}"'


def zoned(row: tuple, moments: list[int]) -> tuple:
    """The row with the zone back on its moments."""
    return tuple(
        given.replace(tzinfo=UTC) if given is not None and index in moments else given
        for index, given in enumerate(row)
    )


def joined(join: Join, left: Path, right: Path, kinds: list[str]) -> list[tuple]:
    kept = [f'l."{name}"' for name in join.keep_left] + [f'r."{name}"' for name in join.keep_right]
    columns = [
        f"{name} AT TIME ZONE 'UTC'" if kind == "timestamp" else name for name, kind in zip(kept, kinds, strict=True)
    ]
    on = " AND ".join(f'l."{ours}" = r."{theirs}"' for ours, theirs in join.on)
    where = f"WHERE l.\"{join.where[0]}\" = '{join.where[1]}'" if join.where else ""
    text = f"SELECT {', '.join(columns)} FROM read_parquet(?) l JOIN read_parquet(?) r ON {on} {where}"
    moments = [index for index, kind in enumerate(kinds) if kind == "timestamp"]
    return [zoned(row, moments) for row in duckdb.connect().execute(text, [str(left), str(right)]).fetchall()]


def counted(path: Path, by: list[str]) -> list[tuple]:
    columns = ", ".join(f'"{name}"' for name in by)
    text = f"SELECT {columns}, count(*) FROM read_parquet(?) GROUP BY ALL"
    return duckdb.connect().execute(text, [str(path)]).fetchall()
