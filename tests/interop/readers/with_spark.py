"""Spark in local mode, with one session for all tests."""

import os
import sys
import time
from datetime import UTC
from functools import cache
from pathlib import Path

import pyspark
from joins import Join
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

TITLE = f"Spark {pyspark.__version__}"
TYPES = {
    "text": {"string"},
    "flag": {"boolean"},
    "integer": {"int"},
    "long": {"bigint"},
    "decimal": {"decimal(18,2)"},
    "date": {"date"},
    "timestamp": {"timestamp"},
    "list": {"array<string>"},
}


def use_java() -> None:
    """Names a Java for Spark to this process and those that it starts."""
    sys.path.insert(0, str(Path(__file__).parents[3] / "spark"))
    import local_java

    local_java.use()


@cache
def session() -> SparkSession:
    """The session; it ends with the process."""
    use_java()
    # `collect` gives what a clock in the zone of the process shows.
    os.environ["TZ"] = "UTC"
    time.tzset()
    settings = {
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "2",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
    }
    builder = SparkSession.builder.master("local[2]").appName("aceq-interop")
    return builder.config(map=settings).getOrCreate()


def read(path: Path) -> DataFrame:
    return session().read.parquet(str(path))


def types(path: Path) -> dict[str, str]:
    return dict(read(path).dtypes)


def rows(path: Path, kinds: dict[str, str]) -> list[tuple]:
    return plain(read(path).select([F.col(name) for name in kinds]), list(kinds.values()))


def plain(frame: DataFrame, kinds: list[str]) -> list[tuple]:
    """The rows of a frame, with the zone on their moments."""
    moments = [index for index, kind in enumerate(kinds) if kind == "timestamp"]
    return [
        tuple(
            given.replace(tzinfo=UTC) if given is not None and index in moments else given
            for index, given in enumerate(row)
        )
        for row in frame.collect()
    ]


def joined(join: Join, left: Path, right: Path, kinds: list[str]) -> list[tuple]:
    ours, theirs = read(left).alias("l"), read(right).alias("r")
    if join.where:
        ours = ours.where(F.col(f"l.{join.where[0]}") == join.where[1])
    conditions = [F.col(f"l.{left_key}") == F.col(f"r.{right_key}") for left_key, right_key in join.on]
    kept = [F.col(f"l.{name}") for name in join.keep_left] + [F.col(f"r.{name}") for name in join.keep_right]
    return plain(ours.join(theirs, conditions, "inner").select(kept), kinds)


def counted(path: Path, by: list[str]) -> list[tuple]:
    return [tuple(row) for row in read(path).groupBy(by).count().collect()]
