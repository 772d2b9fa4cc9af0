"""Folders for what a run of tests makes once and uses many times."""

from atexit import register
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp


def scratch(name: str) -> Path:
    """A folder that lasts as long as this run of Python."""
    folder = Path(mkdtemp(prefix=f"aceq-{name}-"))
    register(rmtree, folder, ignore_errors=True)
    return folder
