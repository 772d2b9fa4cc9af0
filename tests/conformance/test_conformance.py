"""The same cases on polars, DuckDB and Spark: each engine against what the case says, and against each other."""

from functools import cache
from pathlib import Path
from shutil import copy

import duckdb
import pytest
import with_aceq
import with_duckdb
import with_spark
from difference import compare
from exports import dataset
from question import COLUMNS, Question
from reading import Case, World, expected, worlds
from scratch import scratch

ENGINES = (with_aceq, with_duckdb, with_spark)
WORLDS = worlds()
CASES = [(world, case) for world in WORLDS for case in world.cases]
PROGRAM = "smb"


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.__name__)
@pytest.mark.parametrize("world, case", CASES, ids=[f"{case.partner} {case.name}" for _, case in CASES])
def test_case(world: World, case: Case, engine, record_property):
    """The engine says what the case expects."""
    record_property("topic", world.topic)
    record_property("engine", engine.TITLE)
    rows = rows_of(world, engine)
    for member, columns in expected(case).items():
        row = rows[(case.partner, case.requirement, case.reading, case.as_of, member)]
        assert {name: row[name] for name in columns} == columns, f"{case.requirement} {member or ''}"


@pytest.mark.parametrize("engine", ENGINES[1:], ids=lambda engine: engine.__name__)
@pytest.mark.parametrize("world", WORLDS, ids=[world.name for world in WORLDS])
def test_every_row_is_the_same(world: World, engine):
    """Every requirement for the rows of every case on the dates of every case, all columns."""
    compared = compare(answers(world, with_aceq), answers(world, engine), (with_aceq.TITLE, engine.TITLE))
    assert compared.rows > 0
    assert compared.differences == 0, str(compared)


@pytest.fixture(scope="module", autouse=True)
def quick_spark():
    """Each world is small."""
    with_spark.for_few_rows()


@cache
def question(world: World) -> Question:
    """The dataset and the rules of some cases."""
    folder = scratch("conformance")
    (folder / "rules").mkdir()
    copy(world.rules, folder / "rules")
    dates = tuple(sorted({case.as_of for case in world.cases}))
    return Question(dataset(world, folder), (PROGRAM,), dates, folder / "rules")


@cache
def answers(world: World, engine) -> Path:
    """What an engine answers."""
    asked = question(world)
    out = asked.dataset.parent / f"{engine.__name__}.parquet"
    engine.answer(asked, out)
    return out


@cache
def rows_of(world: World, engine) -> dict[tuple, dict[str, object]]:
    """The same, by partner, requirement, reading, date and member."""
    path = answers(world, engine)
    found = duckdb.sql(f"SELECT {', '.join(COLUMNS)} FROM '{path / '*.parquet' if path.is_dir() else path}'").fetchall()
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in found]
    key = ("partner_id", "requirement_id", "reading", "as_of", "member")
    return {tuple(row[name] for name in key): row for row in rows}
