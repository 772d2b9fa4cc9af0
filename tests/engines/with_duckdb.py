"""DuckDB running the SQL that `aceq sql --dialect duckdb` prints."""

from pathlib import Path

import duckdb
from question import COLUMNS, Question

TITLE = f"DuckDB {duckdb.__version__}"


def answer(question: Question, out: Path) -> None:
    """Writes the status rows to a Parquet file."""
    connection = duckdb.connect()
    for table, path in question.tables().items():
        connection.execute(f"CREATE VIEW {table} AS SELECT * FROM '{path}'")
    for program in question.programs:
        connection.execute(into(question.sql("duckdb", program), first=program == question.programs[0]))
    found = {name: kind for name, kind, *_ in connection.execute("DESCRIBE answers").fetchall()}
    if found != COLUMNS:
        raise TypeError(f"the SQL answers with {found}, not with {COLUMNS}")
    connection.execute(f"COPY answers TO '{out}' (FORMAT parquet)")


def into(query: str, first: bool) -> str:
    """A statement that keeps the answers of a query."""
    query = query.rstrip().rstrip(";")
    return f"CREATE TABLE answers AS {query}" if first else f"INSERT INTO answers {query}"
