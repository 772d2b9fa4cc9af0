"""Measures aceq beside DuckDB on the same files, in one run, and prints a Markdown table.

Run it with `make bench`. Only ratios within one run mean something: machines differ and are noisy.

The peer does less than aceq in every row: it casts the same columns of the same CSV files to Parquet, without
validation, rejects, customer identity, provenance or checklists.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ACEQ = Path("target/release/aceq")
AS_OF = "2026-11-20"

DUCKDB = """
import duckdb, sys
folder, out = sys.argv[1], sys.argv[2]
con = duckdb.connect()
con.execute("SET threads TO 2")
columns = '''"Opportunity id" AS opportunity_id, "Partner Id" AS partner_id, "Customer Company Name" AS customer_name,
  "Customer Website" AS website, "AWS Account ID" AS account, "Country" AS country, "Stage" AS stage,
  "Status" AS review_status, "Opportunity Ownership" AS origin, "Partner Primary Need from AWS" AS need,
  "Use Case" AS use_case, string_split("AWS Products", ';') AS products,
  TRY_CAST(replace(replace("Estimated AWS Monthly Recurring Revenue", '$', ''), ',', '') AS DECIMAL(18,2)) AS mrr,
  TRY_CAST(TRY_STRPTIME("Date Created", '%m/%d/%Y') AS DATE) AS created,
  TRY_CAST(TRY_STRPTIME("Target Close Date", '%m/%d/%Y') AS DATE) AS target'''
con.execute(f'''COPY (SELECT {columns} FROM read_csv('{folder}/partner-central/*/*opportunities-*.csv',
  all_varchar=true, header=true, union_by_name=true, quote='"', escape='"', ignore_errors=true))
  TO '{out}' (FORMAT parquet, COMPRESSION zstd)''')
"""


def measured(command):
    """Seconds and peak megabytes of one process."""
    started = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if status != 0:
        sys.exit(f"failed: {command}")
    return seconds, usage.ru_maxrss / 1024


def row(name, command, runs):
    results = [measured(command) for _ in range(runs)]
    seconds = statistics.median(result[0] for result in results)
    megabytes = max(result[1] for result in results)
    print(f"| {name} | {seconds:.3f} s | {megabytes:.0f} MB |", flush=True)
    return seconds


def generate(out, partners, opportunities, *more):
    command = [ACEQ, "generate", "--partners", partners, "--opportunities", opportunities, "--seed", 7, *more, out]
    subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        small, large = folder / "small", folder / "large"
        generate(small, 1, 1500)
        generate(large, 1000, 1000)
        size = sum(path.stat().st_size for path in large.rglob("*.csv")) / 1e6
        print(f"large world: 1,000 partners, 1,000,000 opportunities, {size:.0f} MB of CSV\n")
        print("| work | median | peak memory |\n|---|---|---|")
        row("1,500 opportunities, CSV to answer, five checklists", [ACEQ, "assess", small, "--as-of", AS_OF], 21)
        dataset = folder / "dataset"
        ours = row("large world: ingest", [ACEQ, "ingest", large, "--out", dataset], 3)
        peer_script = folder / "peer.py"
        peer_script.write_text(DUCKDB)
        peer = row("large world: DuckDB, opportunities only", [sys.executable, peer_script, large, folder / "peer.parquet"], 3)
        row("large world: assess from CSV", [ACEQ, "assess", large, "--as-of", AS_OF, "--format", "csv"], 1)
        row("large world: assess from the dataset", [ACEQ, "assess", dataset, "--as-of", AS_OF, "--format", "csv"], 3)
        every = ["--every", "quarter", "--from", "2024-01-01", "--to", "2029-12-31", "--format", "csv"]
        row("the same, 24 quarter ends", [ACEQ, "assess", dataset, *every], 1)
        print(f"\nDuckDB / aceq ingest: {peer / ours:.2f}")


main()
