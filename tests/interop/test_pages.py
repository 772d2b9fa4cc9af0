"""The pages in docs/open-in that say "run here" are run here, block by block, and print what they say."""

import contextlib
import io
import os
import re
import subprocess
import sys

import duckdb
import pages
import pytest
from readers import READERS, with_spark
from program import ACEQ

# Page → the reader whose version its first sentence names.
RUN = {"duckdb.md": "duckdb", "pandas.md": "pandas", "polars.md": "polars", "spark.md": "spark"}
RUN_BY_HAND = {"excel.md", "superset.md", "tableau.md"}
DOCUMENTED = {"power-bi.md", "quicksight-athena.md"}


@pytest.fixture
def desk(published, tmp_path, monkeypatch):
    """A folder with the sample's dataset in it, and `aceq` on the path."""
    (tmp_path / "dataset").symlink_to(published["sample"].dataset)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/aceq").symlink_to(ACEQ)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", RUN)
def test_blocks_print_what_the_page_says(desk, page):
    printed = in_a_process if page == "spark.md" else in_this_process
    names: dict[str, object] = {"__name__": page}
    compared = 0
    for block in pages.blocks(page):
        if block.language == "sh":
            subprocess.run(["sh", "-e", "-c", block.code], check=True)
        elif block.language == "python":
            found = printed(block.code, names)
            assert block.printed is None or stripped(found) == stripped(block.printed)
            compared += block.printed is not None
        elif block.language == "sql":
            assert rows(desk, block.code) == block.rows
            compared += 1
        else:
            pytest.fail(f"{page} has a block of {block.language or 'nothing'}, which nobody runs")
    assert compared > 0


def in_this_process(code: str, names: dict[str, object]) -> str:
    """What a block prints; the names it makes stay for the next one."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        exec(compile(code, str(names["__name__"]), "exec"), names)
    return out.getvalue()


def in_a_process(code: str, _names: dict[str, object]) -> str:
    """What a block prints in a process of its own: Spark looks for paths where its Java was started."""
    with_spark.use_java()
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout


def stripped(text: str) -> list[str]:
    """The lines of a text, without the white space that nobody sees."""
    return [line.rstrip() for line in text.rstrip().splitlines()]


def rows(desk, query: str) -> list[tuple[str, ...]]:
    """Head and rows of a query on the views of the page, as texts."""
    connection = duckdb.connect()
    connection.execute((desk / "views.sql").read_text(encoding="utf-8"))
    found = connection.execute(query)
    head = tuple(column[0] for column in found.description)
    return [head, *(tuple(str(cell) for cell in row) for row in found.fetchall())]


def test_every_page_says_at_once_whether_it_was_run():
    for path in pages.FOLDER.glob("*.md"):
        first = path.read_text(encoding="utf-8").split("\n\n")[1]
        if path.name in RUN:
            version = re.search(r"\d[\d.]*\d", READERS[RUN[path.name]].TITLE)[0]
            assert first.startswith("Run here with ") and version in first, path.name
        elif path.name in RUN_BY_HAND:
            assert "run here" in first.lower(), path.name
        elif path.name in DOCUMENTED:
            assert first.startswith("Follows ") and "not run here" in first, path.name
        else:
            assert path.name == "README.md", f"{path.name} is in no list of this test"


def test_every_page_is_linked():
    """From the list of pages, which the README and the page about the dataset link."""
    listed = (pages.FOLDER / "README.md").read_text(encoding="utf-8")
    for name in RUN.keys() | RUN_BY_HAND | DOCUMENTED:
        assert f"({name})" in listed, name
