"""Spark in local mode running the SQL that `aceq sql --dialect spark` prints; one session for all tests."""

import os
import sys
import time
from functools import cache
from pathlib import Path

import pyspark
from program import REPOSITORY
from pyspark.sql import SparkSession
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


def answer(question: Question, out: Path) -> None:
    """Writes the status rows to a folder of Parquet files."""
    spark = session()
    for table, path in question.tables().items():
        spark.read.parquet(str(path)).createOrReplaceTempView(table)
    for program in question.programs:
        answers = spark.sql(question.sql("spark", program))
        found, wanted = dict(answers.dtypes), {name: TYPES[kind] for name, kind in COLUMNS.items()}
        if found != wanted:
            raise TypeError(f"the SQL answers with {found}, not with {wanted}")
        answers.write.mode("append").parquet(str(out))
