"""What aceq reads: `aceq sniff FILE --rows`, every record exactly as decoded, nothing filtered, as RFC 4180 CSV."""

import csv
import io
import os
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
ACEQ = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release/aceq"

# A cell may be longer than Python's csv expects.
csv.field_size_limit(1 << 30)


class Refused(Exception):
    """aceq says that it cannot read the file."""


def run(*arguments):
    """The bytes that aceq prints; raises when it does not end well."""
    command = [os.environ.get("ACEQ", ACEQ), *arguments]
    done = subprocess.run([str(part) for part in command], capture_output=True, check=False, cwd=REPOSITORY)
    if done.returncode == 2:
        raise Refused(done.stderr.decode(errors="replace"))
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


def rows(path, sheet=None):
    """Every record of a file, or of one of its sheets."""
    named = [] if sheet is None else ["--sheet", sheet]
    printed = run("sniff", path, "--rows", *named).decode("utf-8")
    return list(csv.reader(io.StringIO(printed, newline=""), strict=True))
