"""What the tests share: every world made once, every notebook run once in each of them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from pathlib import Path

import nbformat
import pytest
import worlds

sys.path.insert(0, str(worlds.REPOSITORY / "notebooks"))
import run  # noqa: E402  (the notebooks' own runner, found by the line above)

Executed = Callable[[str, Path], nbformat.NotebookNode]


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], worlds.World]:
    """A function from the name of a world to the world."""
    folder = tmp_path_factory.mktemp("worlds")
    return cache(lambda name: worlds.make(name, folder / name))


@pytest.fixture(scope="session")
def executed(world: Callable[[str], worlds.World]) -> Executed:
    """A function that gives a notebook with its outputs in a world; the notebooks of a world run two at a time."""

    @cache
    def all_of(name: str) -> dict[Path, Future[nbformat.NotebookNode]]:
        dataset = world(name).dataset
        pool = ThreadPoolExecutor(max_workers=2)
        return {path: pool.submit(run.executed, path, dataset) for path in run.NOTEBOOKS}

    return lambda name, path: all_of(name)[path].result()
