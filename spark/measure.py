"""How the Spark job grows: the same job on 1, 10 and 100 times as many partners, in local mode.

    .venv/bin/python spark/measure.py [--partners 20] [--opportunities 200] [--times 1 10 100]

Each size is a world of its own from `aceq generate`, published and exported by bucket. The job runs as a process of its
own, Java's start included, beside `aceq assess` on the same dataset. Prints the table that docs/benchmarks.md shows.
"""

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
TESTS = HERE.parent / "tests"
sys.path[:0] = [str(HERE), str(TESTS / "engines"), str(TESTS / "parity")]

import duckdb
from program import BUILT, aceq
from worlds import PROGRAMS, World, quarter_ends

DATES = quarter_ends(2026, 8)
HEAD = "| partners | opportunities | rows out | Spark job | memory | aceq assess | memory |\n|---|---|---|---|---|---|---|"


def main() -> None:
    """Measures every size, smallest first."""
    given = parsed()
    print(f"{len(PROGRAMS)} checklists, {len(DATES)} quarter ends from {DATES[0]}\n\n{HEAD}", flush=True)
    for times in given.times:
        with tempfile.TemporaryDirectory(prefix="aceq-spark-") as scratch:
            world = World(given.seed, given.partners * times, given.opportunities)
            print(line(world, Path(scratch), given.partners_per_bucket), flush=True)


def parsed() -> argparse.Namespace:
    """The sizes asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--partners", type=int, default=20)
    parser.add_argument("--opportunities", type=int, default=200)
    parser.add_argument("--times", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--partners-per-bucket", type=int, default=50)
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def line(world: World, folder: Path, partners_per_bucket: int) -> str:
    """One line of the table."""
    dataset = world.publish(folder)
    buckets = max(1, world.partners // partners_per_bucket)
    aceq("export", dataset, "--format", "parquet", "--buckets", buckets, "--out", folder / "export")
    spark, spark_memory = measured(job(folder), folder / "spark.log")
    ours, our_memory = measured(assess(dataset), folder / "aceq.csv")
    rows = duckdb.sql(f"SELECT count(*) FROM '{folder}/result/*.parquet'").fetchall()[0][0]
    sizes = f"{world.partners:,} | {world.partners * world.opportunities:,} | {rows:,}"
    return f"| {sizes} | {spark:.1f} s | {spark_memory:,} MB | {ours:.1f} s | {our_memory:,} MB |"


def job(folder: Path) -> list[str]:
    """The command of the job."""
    (folder / "tables.json").write_text(aceq("schema", "--format", "json-tables"))
    command = [sys.executable, HERE / "local.py", "--dataset", folder / "export", "--out", folder / "result"]
    command += ["--tables", folder / "tables.json", *dates()]
    for program in PROGRAMS:
        (folder / f"{program}.sql").write_text(aceq("sql", program, "--dialect", "spark", "--dates-from-table"))
        command += ["--sql", folder / f"{program}.sql"]
    return [str(part) for part in command]


def assess(dataset: Path) -> list[str]:
    """The command of our own answer."""
    return [os.environ.get("ACEQ", str(BUILT)), "assess", str(dataset), "--format", "csv", *dates()]


def dates() -> list[str]:
    """The application dates as arguments."""
    return [part for day in DATES for part in ("--as-of", day.isoformat())]


def measured(command: list[str], out: Path) -> tuple[float, int]:
    """Seconds and the largest memory (MB) of a command with all that it started."""
    start = time.perf_counter()
    with out.open("wb") as file, (out.parent / "stderr").open("wb") as errors:
        process = subprocess.Popen(command, stdout=file, stderr=errors)
        peak = watched(process)
    if process.returncode != 0:
        sys.exit((out.parent / "stderr").read_text()[-4000:])
    return time.perf_counter() - start, peak


def watched(process: subprocess.Popen) -> int:
    """The largest memory of a process and its children, looked at ten times a second (Linux)."""
    peak = 0
    while process.poll() is None:
        peak = max(peak, sum(resident(pid) for pid in family(process.pid)))
        time.sleep(0.1)
    return peak // (1 << 20)


def family(pid: int) -> list[int]:
    """A process and all that descend from it."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(one for child in children for one in family(int(child)))]


def resident(pid: int) -> int:
    """Bytes of memory that a process holds; none once it is gone."""
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * resource.getpagesize()
    except (OSError, IndexError):
        return 0


if __name__ == "__main__":
    main()
