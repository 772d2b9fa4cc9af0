"""Spark in local mode running the SQL that `aceq sql --dialect spark` prints; one session for all tests."""

import os
import sys
import time
from functools import cache
from pathlib import Path

import pyspark
from program import REPOSITORY
from pyspark.sql import DataFrame, SparkSession
from question import COLUMNS, Question

TITLE = f"Spark {pyspark.__version__}"
TYPES = {"VARCHAR": "string", "DATE": "date", "DECIMAL(18,2)": "decimal(18,2)", "BIGINT": "bigint"}
SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
}


@cache
def session() -> SparkSession:
    """The session; it ends with the process."""
    sys.path.insert(0, str(REPOSITORY / "spark"))
    import local_java

    local_java.use()
    os.environ["TZ"] = "UTC"
    time.tzset()
    return SparkSession.builder.master("local[2]").appName("aceq-tests").config(map=SETTINGS).getOrCreate()


def for_few_rows() -> None:
    """Settings that do not change a result: compiling a plan to Java takes longer than running it on some rows."""
    session().conf.set("spark.sql.codegen.wholeStage", "false")
    session().conf.set("spark.sql.codegen.factoryMode", "NO_CODEGEN")


def answer(question: Question, out: Path) -> None:
    """Writes the status rows to a folder of Parquet files."""
    register(question)
    for program in question.programs:
        checked(session().sql(question.sql("spark", program))).write.mode("append").parquet(str(out))


def register(question: Question) -> None:
    """Makes every table that the SQL may name a view."""
    for table, path in question.tables().items():
        session().read.parquet(str(path)).createOrReplaceTempView(table)


def checked(answers: DataFrame) -> DataFrame:
    """The answers, if they have the columns and types of the table."""
    found, wanted = dict(answers.dtypes), {name: TYPES[kind] for name, kind in COLUMNS.items()}
    if found != wanted:
        raise TypeError(f"the SQL answers with {found}, not with {wanted}")
    return answers
