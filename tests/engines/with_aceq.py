"""The engine itself: polars for the conditions, step functions for the dates."""

from pathlib import Path

import duckdb
from program import aceq
from question import COLUMNS, Question

TITLE = "aceq (polars)"


def answer(question: Question, out: Path) -> None:
    """Writes the status rows to a Parquet file."""
    text = out.with_suffix(".csv")
    assess(question, text)
    collect(text, out)
    text.unlink()


def collect(text: Path, out: Path) -> None:
    """Turns the printed rows into a Parquet file; a column that is missing, out of place or of another type is an error."""
    with text.open() as file:
        header = file.readline().rstrip("\n").split(",")
    if header != list(COLUMNS):
        raise TypeError(f"aceq prints the columns {header}, not {list(COLUMNS)}")
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    rows = f"SELECT * FROM read_csv('{text}', header = true, columns = {{{types}}})"
    duckdb.sql(f"COPY ({rows}) TO '{out}' (FORMAT parquet)")


def assess(question: Question, out: Path) -> None:
    """Writes the status rows as CSV."""
    programs = [part for program in question.programs for part in ("--program", program)]
    aceq("assess", question.dataset, *programs, *question.rules(), *question.dates(), "--format", "csv", stdout=out)
