"""Two engines' answers, row for row and column for column."""

from dataclasses import dataclass
from pathlib import Path

import duckdb
from question import COLUMNS, KEY

SHOWN = 20


@dataclass(frozen=True)
class Comparison:
    """How many rows were held against each other, how many values differ, and the first of them in words."""

    rows: int
    differences: int
    shown: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"{self.rows} rows compared, {self.differences} differences", *self.shown])


def compare(left: Path, right: Path, names: tuple[str, str]) -> Comparison:
    """Holds every row of two answers against each other; a row that only one has is a difference."""
    connection = duckdb.connect()
    for side, path in (("l", left), ("r", right)):
        files = path / "*.parquet" if path.is_dir() else path
        # A member that is NULL is the requirement's own row; no name of a member is empty.
        connection.execute(f"CREATE VIEW {side} AS SELECT *, coalesce(member, '') AS joined FROM read_parquet('{files}')")
    on = " AND ".join(f"l.{name} = r.{name}" for name in KEY if name != "member")
    connection.execute(f"CREATE TABLE pairs AS SELECT l, r FROM l FULL JOIN r ON {on} AND l.joined = r.joined")
    differing = " UNION ALL ".join([repeated("l", names[0]), repeated("r", names[1]), missing(), *map(unequal, values())])
    connection.execute(f"CREATE TABLE differing AS {differing}")
    rows = number(connection, "SELECT count(*) FROM pairs")
    shown = connection.execute(f"SELECT * FROM differing ORDER BY ALL LIMIT {SHOWN}").fetchall()
    in_words = tuple(words(row, names) for row in shown)
    return Comparison(rows, number(connection, "SELECT count(*) FROM differing"), in_words)


def values() -> list[str]:
    """The columns that are no part of the key."""
    return [name for name in COLUMNS if name not in KEY]


def unequal(column: str) -> str:
    """The pairs that differ in a column."""
    said = f"CAST(l.{column} AS VARCHAR), CAST(r.{column} AS VARCHAR)"
    both = "l.partner_id IS NOT NULL AND r.partner_id IS NOT NULL"
    return f"SELECT {key('l')}, '{column}', {said} FROM pairs WHERE {both} AND l.{column} IS DISTINCT FROM r.{column}"


def missing() -> str:
    """The rows that only one engine has."""
    either = ", ".join(f"coalesce(l.{name}, r.{name}) AS {name}" for name in KEY)
    has = "CASE WHEN {0}.partner_id IS NULL THEN 'missing' ELSE 'there' END"
    alone = "l.partner_id IS NULL OR r.partner_id IS NULL"
    return f"SELECT {either}, 'row' AS name, {has.format('l')} AS l, {has.format('r')} AS r FROM pairs WHERE {alone}"


def repeated(side: str, engine: str) -> str:
    """Keys that one engine gives more than once."""
    name = engine.replace("'", "''")
    return (
        f"SELECT {key(side)}, 'rows of {name}', CAST(count(*) AS VARCHAR), '1' FROM {side} "
        f"GROUP BY {key(side)} HAVING count(*) > 1"
    )


def key(side: str) -> str:
    """The key of one side."""
    return ", ".join(f"{side}.{name}" for name in KEY)


def words(row: tuple, names: tuple[str, str]) -> str:
    """One difference, for people."""
    partner, program, version, requirement, reading, as_of, member, column, left, right = row
    where = f"{partner} {program} {version} {requirement} ({reading}{'' if member is None else f', {member}'}) on {as_of}"
    return f"{where}: {column} is {left} by {names[0]}, {right} by {names[1]}"


def number(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    """The only value of a query."""
    found = connection.execute(query).fetchone()
    return 0 if found is None else int(found[0])
