"""One large world on three engines: rows compared, differences, and the three times in one run.

    .venv/bin/python tests/parity/big.py [--partners 200] [--opportunities 200] [--seed 7]

Prints the table that docs/benchmarks.md shows, and ends with 1 when a value differs. Every engine starts from the same
published dataset and writes every row of `requirement_status` for all five checklists on 24 quarter ends.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "engines")]

import with_aceq
import with_duckdb
import with_spark
import with_spark_job
from difference import compare
from question import Question
from worlds import PROGRAMS, World, asked, quarter_ends

DATES = quarter_ends(2023, 24)


def main() -> int:
    """Generates, answers three times, compares."""
    world = parsed()
    with tempfile.TemporaryDirectory(prefix="aceq-parity-") as scratch:
        folder = Path(scratch)
        question = asked(world.publish(folder), DATES)
        times = measured(question, folder)
        by_date = date_by_date(question, folder)
        compared = {
            engine: compare(folder / "with_aceq", folder / engine.__name__, (with_aceq.TITLE, engine.TITLE))
            for engine in (with_duckdb, with_spark_job)
        }
    print(f"\n{world}, {len(DATES)} quarter ends from {DATES[0]} to {DATES[-1]}, {len(PROGRAMS)} checklists\n")
    print("| engine | time | times ours | rows compared | differences |\n|---|---|---|---|---|")
    for engine, seconds in times.items():
        rows, differences = (f"{compared[engine].rows:,}", compared[engine].differences) if engine in compared else ("", "")
        ratio = seconds / times[with_aceq]
        print(f"| {engine.TITLE} | {seconds:.1f} s | {ratio:.1f} | {rows} | {differences} |")
    print(f"| {with_duckdb.TITLE}, one date after the other | {by_date:.1f} s | {by_date / times[with_aceq]:.1f} | | |")
    for engine in compared.values():
        print(*engine.shown, sep="\n")
    return 1 if any(found.differences for found in compared.values()) else 0


def parsed() -> World:
    """The world asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--partners", type=int, default=200)
    parser.add_argument("--opportunities", type=int, default=200)
    parser.add_argument("--seed", type=int, default=7)
    return World(**vars(parser.parse_args()))


def measured(question: Question, folder: Path) -> dict:
    """Seconds of each engine; compiling the SQL, and the start of Spark's Java, are no part of them."""
    for dialect in ("duckdb", "spark"):
        for program in PROGRAMS:
            question.sql(dialect, program)
    question.tables()
    with_spark.session()
    ours = seconds(lambda: with_aceq.assess(question, folder / "ours.csv"))
    (folder / "with_aceq").mkdir()
    with_aceq.collect(folder / "ours.csv", folder / "with_aceq" / "rows.parquet")
    times = {with_aceq: ours}
    for engine in (with_duckdb, with_spark_job):
        out = folder / engine.__name__
        times[engine] = seconds(lambda engine=engine, out=out: engine.answer(question, out))
        print(f"{engine.TITLE}: {times[engine]:.1f} s", file=sys.stderr, flush=True)
    return times


def date_by_date(question: Question, folder: Path) -> float:
    """Seconds that DuckDB takes when it is asked for one date after the other, as by a query that filters by one date."""
    questions = [replace(question, as_of=(date,), compiled={}) for date in question.as_of]
    for one in questions:
        for program in PROGRAMS:
            one.sql("duckdb", program)

    def answer() -> None:
        for number, one in enumerate(questions):
            with_duckdb.answer(one, folder / f"date-{number}.parquet")

    return seconds(answer)


def seconds(work: Callable[[], None]) -> float:
    """How long it takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
