"""Runs every folder of Python tests, each in a process of its own, and ends with one line for all of them.

    .venv/bin/python tests/python.py                 every folder below tests/ that holds test_*.py
    .venv/bin/python tests/python.py interop         one of them
    .venv/bin/python tests/python.py interop -k spark     with arguments for pytest

Folders run apart because each may start its own Spark, and because their modules may bear the same names. A
skipped test is a failure: what a test needs is installed, or the run says what is missing.
"""

import subprocess
import sys
import tempfile
import xml.etree.ElementTree as xml
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Outcome:
    """What became of the tests of one folder."""

    folder: str
    tests: int
    failed: int
    skipped: int
    code: int

    @property
    def good(self) -> bool:
        return self.code == 0 and self.failed == 0 and self.skipped == 0 and self.tests > 0


def main(arguments: list[str]) -> int:
    """Runs the folders, the named one or all."""
    named = [argument for argument in arguments[:1] if argument in folders()]
    outcomes = [run(folder, arguments[len(named) :]) for folder in named or folders()]
    print(closing_line(outcomes))
    return 0 if outcomes and all(outcome.good for outcome in outcomes) else 1


def folders() -> list[str]:
    """The folders that hold Python tests."""
    return sorted({path.parent.name for path in TESTS.glob("*/test_*.py")})


def run(folder: str, options: list[str]) -> Outcome:
    """Runs one folder."""
    print(f"tests/{folder}", flush=True)
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch, "report.xml")
        command = [sys.executable, "-m", "pytest", "--quiet", f"--junit-xml={report}", str(TESTS / folder), *options]
        code = subprocess.run(command, check=False, cwd=TESTS.parent).returncode
        suite = xml.parse(report).getroot().find("testsuite") if report.exists() else None
    counts = {} if suite is None else suite.attrib
    failed = int(counts.get("failures", 0)) + int(counts.get("errors", 0))
    return Outcome(folder, int(counts.get("tests", 0)), failed, int(counts.get("skipped", 0)), code)


def closing_line(outcomes: list[Outcome]) -> str:
    """One line for all folders."""
    tests, failed, skipped = (
        sum(getattr(each, count) for each in outcomes) for count in ("tests", "failed", "skipped")
    )
    bad = [each.folder for each in outcomes if not each.good]
    verdict = f"NOT ok: {', '.join(bad)}" if bad or not outcomes else "ok"
    where = ", ".join(each.folder for each in outcomes)
    counts = f"{tests} run, {failed} failed, {skipped} skipped"
    return f"python tests: {verdict}. {counts}, in {len(outcomes)} folders ({where})"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
