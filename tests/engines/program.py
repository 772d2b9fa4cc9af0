"""The command `aceq`, as built here or as the variable ACEQ names it."""

import os
import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
BUILT = Path(os.environ.get("CARGO_TARGET_DIR", REPOSITORY / "target")) / "release/aceq"
ACEQ = Path(os.environ.get("ACEQ", BUILT))


def aceq(*arguments: object, cwd: Path = REPOSITORY, stdout: Path | None = None) -> str:
    """What `aceq` prints, or nothing when it prints to a file; raises with its message when it does not end well."""
    command = [str(part) for part in (ACEQ, *arguments)]
    if not Path(command[0]).exists():
        raise SystemExit(f"there is no {command[0]}: build it with `make build`, or name one in ACEQ")
    if stdout is None:
        return checked(command, subprocess.run(command, capture_output=True, check=False, cwd=cwd))
    with stdout.open("wb") as file:
        return checked(command, subprocess.run(command, stdout=file, stderr=subprocess.PIPE, check=False, cwd=cwd))


def checked(command: list[str], done: subprocess.CompletedProcess[bytes]) -> str:
    """What was printed, if all went well."""
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr.decode(errors='replace')}")
    return (done.stdout or b"").decode()
