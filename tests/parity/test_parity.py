"""Whole worlds, every checklist, every column: the engine held against the SQL on DuckDB and on Spark."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest
import with_aceq
import with_duckdb
import with_spark
import with_spark_job
from difference import compare
from question import Question
from scratch import scratch
from worlds import World, asked

# The world lives around 2026-11-20. Dates: a leap day, month ends that windows are cut at, the day itself, one far ahead.
DATES = (date(2024, 2, 29), date(2026, 8, 31), date(2026, 11, 20), date(2027, 2, 28), date(2031, 6, 30))
WORLDS = (World(seed=1, partners=12, opportunities=120), World(seed=23, partners=40, opportunities=30))


@pytest.fixture(scope="module", autouse=True)
def quick_spark():
    """Each world is small."""
    with_spark.for_few_rows()


@pytest.mark.parametrize("engine", [with_duckdb, with_spark_job], ids=lambda engine: engine.__name__)
@pytest.mark.parametrize("world", WORLDS, ids=str)
def test_every_row_is_the_same(world: World, engine, record_property):
    """Rows compared, differences 0."""
    out = folder(world) / f"{engine.__name__}.parquet"
    engine.answer(question(world), out)
    compared = compare(ours(world), out, (with_aceq.TITLE, engine.TITLE))
    record_property("world", str(world))
    record_property("engine", engine.TITLE)
    record_property("compared", str(compared).splitlines()[0])
    assert compared.rows > world.partners * len(DATES)
    assert compared.differences == 0, str(compared)


@cache
def folder(world: World) -> Path:
    """Where everything about a world lies."""
    return scratch("parity")


@cache
def question(world: World) -> Question:
    """The world as a dataset, with what is asked of it."""
    return asked(world.publish(folder(world)), DATES)


@cache
def ours(world: World) -> Path:
    """What the engine answers."""
    out = folder(world) / "aceq.parquet"
    with_aceq.answer(question(world), out)
    return out
