"""Measures aceq, and beside it DuckDB, Polars and pandas on the same file with the same two threads, in one run.

Run it with `make bench`; `--help` lists what can be changed. It prints Markdown. Only ratios within one run mean
something: machines differ and are noisy, which is why the tools take turns.

The peers do less: they cast the cells that aceq reads and write them as Parquet (`peers/wide.sql` shows it), without
validation, rejects, findings, merging, customer identity or line numbers.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from measure import in_turns, limit_to_two_threads, print_table

HERE = Path(__file__).parent
AS_OF = "2026-11-20"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    built = Path(os.environ.get("CARGO_TARGET_DIR", "target")) / "release/aceq"
    parser.add_argument("--aceq", type=Path, default=built, help="the program (%(default)s)")
    parser.add_argument("--runs", type=int, default=5, help="rounds of the wide export (%(default)s)")
    parser.add_argument("--partners", type=int, default=1000, help="partners, 1,000 rows each (%(default)s)")
    parser.add_argument("--only", choices=["wide", "worlds"], help="one part of the run")
    parser.add_argument("--folder", type=Path, help="where the files go; needs about 8 GB (the usual temporary folder)")
    return parser.parse_args()


def generate(aceq, out, partners, opportunities, *more):
    command = [aceq, "generate", "--partners", partners, "--opportunities", opportunities, "--seed", 7, *more, out]
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
    return sum(path.stat().st_size for path in out.rglob("*.csv")) / 1e6


def peer(tool, *more):
    return [sys.executable, HERE / f"peers/with_{tool}.py", *more]


def wide(aceq, folder, partners, runs):
    """One wide export to Parquet, by everybody."""
    megabytes = generate(aceq, folder / "wide", partners, 1000, "--wide")
    export = next((folder / "wide").rglob("*.csv"))
    print(f"## One export: {partners * 1000:,} rows, 68 columns, {megabytes:,.0f} MB; {runs} rounds\n", flush=True)
    dataset, outs = (
        folder / "wide-dataset",
        {name: folder / f"{name}.parquet" for name in ["duckdb", "polars", "pandas"]},
    )
    costs = in_turns(
        {
            "`aceq ingest`, validated, with rejects and provenance": [aceq, "ingest", export, "--out", dataset],
            "DuckDB": peer("duckdb", "wide.sql", export, outs["duckdb"]),
            "Polars": peer("polars", export, outs["polars"]),
            "pandas": peer("pandas", export, outs["pandas"]),
        },
        runs,
    )
    print_table(costs, base="DuckDB")
    opportunities = dataset / "canonical/opportunities.parquet"
    subprocess.run([sys.executable, HERE / "same_results.py", opportunities, *outs.values()], check=True)
    print(flush=True)


def worlds(aceq, folder, partners):
    """Whole answers: a partner's everyday question, and a large world."""
    small, large, dataset = folder / "small", folder / "large", folder / "large-dataset"
    generate(aceq, small, 1, 1500)
    print("## One partner with 1,500 opportunities, CSV to answer, five checklists; 21 runs\n")
    print_table(in_turns({"`aceq assess`, whole process": [aceq, "assess", small, "--as-of", AS_OF]}, 21))
    megabytes = generate(aceq, large, partners, 1000)
    rows = f"{partners:,} partners, {partners * 1000:,} opportunities, {megabytes:,.0f} MB"
    print(f"## Large world: {rows}; 3 runs\n")
    csv = ["--format", "csv"]
    exports, out = large / "partner-central/*/*opportunities-*.csv", folder / "large.parquet"
    reading = {
        "`aceq ingest` of all tables to the published dataset": [aceq, "ingest", large, "--out", dataset],
        "DuckDB, opportunities only, 15 columns": peer("duckdb", "world.sql", exports, out),
    }
    print_table(in_turns(reading, 3))
    every_quarter = ["--every", "quarter", "--from", "2024-01-01", "--to", "2029-12-31"]
    questions = {
        "`aceq assess` from CSV, one date": [large, "--as-of", AS_OF],
        "`aceq assess` from the dataset, one date": [dataset, "--as-of", AS_OF],
        "the same, 24 quarter ends": [dataset, *every_quarter],
    }
    print_table(in_turns({name: [aceq, "assess", *question, *csv] for name, question in questions.items()}, 1))


def main():
    chosen = arguments()
    limit_to_two_threads()
    with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
        folder = Path(folder)
        if chosen.only != "worlds":
            wide(chosen.aceq, folder, chosen.partners, chosen.runs)
        if chosen.only != "wide":
            worlds(chosen.aceq, folder, chosen.partners)


main()
