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
    types = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    # Every row is read with the same types; a column that is missing or out of place is an error.
    duckdb.sql(
        f"COPY (SELECT * FROM read_csv('{text}', header = true, columns = {{{types}}})) TO '{out}' (FORMAT parquet)"
    )
    text.unlink()


def assess(question: Question, out: Path) -> None:
    """Writes the status rows as CSV."""
    programs = [part for program in question.programs for part in ("--program", program)]
    aceq("assess", question.dataset, *programs, *question.rules(), *question.dates(), "--format", "csv", stdout=out)
