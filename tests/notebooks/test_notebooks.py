"""The notebooks run on any dataset, draw every chart, say what `aceq assess` says and are stored without outputs."""

from __future__ import annotations

import base64
import csv
import datetime as dt
import io
import json
import re
import struct
import zlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
import run
import worlds
from nbclient.exceptions import CellExecutionError

PNG = b"\x89PNG\r\n\x1a\n"
FOLDER = worlds.REPOSITORY / "notebooks"
every_notebook = pytest.mark.parametrize("path", run.NOTEBOOKS, ids=lambda path: path.stem)
every_world = pytest.mark.parametrize("name", worlds.NAMES)

Executed = Callable[[str, Path], nbformat.NotebookNode]
Worlds = Callable[[str], worlds.World]


def notebook(number: str) -> Path:
    """The notebook of that number."""
    return next(path for path in run.NOTEBOOKS if path.name.startswith(number))


def outputs(cells: nbformat.NotebookNode) -> list[tuple[str, nbformat.NotebookNode]]:
    """Each output with the id of its cell."""
    return [(cell.id, output) for cell in cells.cells for output in cell.get("outputs", [])]


def result(executed: nbformat.NotebookNode, cell: str) -> list[dict[str, str]]:
    """The rows that a cell with the tag `result` shows."""
    (found,) = [each for each in executed.cells if each.id == cell]
    assert "result" in found.metadata.get("tags", []), f"{cell} is checked here, so it carries the tag `result`"
    (output,) = found.outputs
    return list(csv.DictReader(io.StringIO(output.data["text/plain"])))


def test_there_are_five_in_order() -> None:
    assert [path.name[:3] for path in run.NOTEBOOKS] == ["01-", "02-", "03-", "04-", "05-"]


@every_world
@every_notebook
def test_runs_without_error_or_warning(executed: Executed, name: str, path: Path) -> None:
    """An error ends the run; a warning would be written to stderr."""
    talk = [output for _, output in outputs(executed(name, path)) if output.output_type in ("stream", "error")]
    assert talk == []


@every_world
@every_notebook
def test_every_chart_is_drawn_or_says_why_not(executed: Executed, name: str, path: Path) -> None:
    """A chart without rows becomes a sentence; in the sample every chart has rows."""
    drawing = [cell for cell in executed(name, path).cells if "charts.show(" in cell.source]
    assert drawing, "a notebook without a picture is not worth its name"
    for cell in drawing:
        (output,) = cell.outputs
        if "image/png" in output.data:
            assert base64.b64decode(output.data["image/png"]).startswith(PNG)
        else:
            assert output.data["text/markdown"].startswith("**") and name != "sample", cell.id


@every_notebook
def test_is_stored_without_outputs(path: Path) -> None:
    """`python notebooks/run.py --strip` clears what a run left."""
    stored = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(stored)
    code = [cell for cell in stored.cells if cell.cell_type == "code"]
    assert [cell.id for cell in code if cell.outputs or cell.execution_count is not None] == []


@every_notebook
def test_is_short_and_plain(path: Path) -> None:
    """Lines fit a screen; nothing names a machine or reads a file by itself (the worlds hold Parquet alone)."""
    text = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)
    assert [line for line in text.splitlines() if len(line) > 120] == []
    assert re.findall(r"/tmp|/home|C:\\|https?:|read_(?:csv|json|excel|text)|(?<![\w.])open\(", text) == []


@pytest.mark.parametrize("name", ["sample", "many", "lone"])
def test_readiness_counts_what_assess_counts(executed: Executed, world: Worlds, name: str) -> None:
    rows = [row for row in world(name).assessed() if row["requirement_id"] != "*"]
    expected = Counter((row["partner_id"], row["program"], row["status"]) for row in rows)
    shown = result(executed(name, notebook("01")), "status-counts")
    assert {(row["partner_id"], row["program"], row["status"]): int(row["requirements"]) for row in shown} == expected


@pytest.mark.parametrize("name", ["sample", "many"])
def test_readiness_lists_what_assess_calls_met(executed: Executed, world: Worlds, name: str) -> None:
    rows = [row for row in world(name).assessed() if row["requirement_id"] == "*" and row["status"] == "met"]
    expected = sorted((str(row["required"]), row["met_until"] or "", str(row["margin_days"] or "")) for row in rows)
    shown = result(executed(name, notebook("01")), "ready")
    assert (
        sorted((row["requirements"].removesuffix(".0"), row["met until"], row["days left"]) for row in shown)
        == expected
    )


@pytest.mark.parametrize("name", ["sample", "many"])
def test_a_loss_follows_the_last_day_that_assess_names(executed: Executed, world: Worlds, name: str) -> None:
    assessed = {(row["partner_id"], row["program"], row["requirement_id"]): row for row in world(name).assessed()}
    shown = result(executed(name, notebook("03")), "first")
    assert shown, "something rolls off in this world"
    for row in shown:
        answer = assessed[row["partner"], row["program"], row["requirement"]]
        assert answer["status"] == "met"
        assert dt.date.fromisoformat(answer["met_until"]) + dt.timedelta(days=1) == dt.date.fromisoformat(
            row["lost on"]
        )
        assert (float(row["confirmed"]), float(row["required"])) == (answer["confirmed"], answer["required"])


def test_the_sample_loses_three_customers_on_one_day(executed: Executed) -> None:
    """data/README.md tells the story: 51 of 50, and 48 from 14 February 2027 on."""
    shown = result(executed("sample", notebook("03")), "first")
    (smb,) = [row for row in shown if row["requirement"] == "SIBUS-002"]
    assert (smb["lost on"], smb["confirmed"], smb["then"]) == ("2027-02-14", "51.0", "48.0")
    leaving = [
        row for row in result(executed("sample", notebook("03")), "to-replace") if row["requirement"] == "SIBUS-002"
    ]
    assert {row["row"] for row in leaving} == {
        "Bernsteinweg Optik Oy",
        "Fjordwind Handel GmbH",
        "Heidekrug Gartenbau AG",
    }


@every_world
def test_every_record_is_accounted_for(executed: Executed, name: str) -> None:
    (balance,) = result(executed(name, notebook("04")), "balance")
    assert (int(balance["files"]) > 0, balance["unaccounted"]) == (True, "0")


@every_world
def test_every_join_finds_its_dimension_once(executed: Executed, name: str) -> None:
    joins = result(executed(name, notebook("05")), "joins")
    assert len(joins) > 10
    assert [row for row in joins if (row["without match"], float(row["doubled"])) != ("0", 0.0)] == []


def test_a_missing_dataset_is_explained(tmp_path: Path) -> None:
    with pytest.raises(CellExecutionError) as failed:
        run.executed(notebook("01"), tmp_path / "nowhere")
    assert "does not exist" in failed.value.evalue
    assert "aceq run -c notebooks/aceq.toml" in failed.value.evalue
    assert "Traceback" not in str(failed.value)


def test_a_smaller_picture_is_the_same_picture(executed: Executed) -> None:
    """What the docs show was packed anew; vl-convert's own decoder is not at hand, so the pixels are compared."""
    (_, png), *_ = run.pictures(executed("sample", notebook("01")))
    packed = run.smaller(png)
    assert len(packed) < len(png) / 2
    assert pixels(packed) == pixels(png)


def pixels(png: bytes) -> tuple[bytes, bytes]:
    """Header and unpacked pixels of a PNG, by its chunks (length, kind, data, checksum)."""
    header, data, start = b"", b"", len(PNG)
    while start < len(png):
        (length,), kind = struct.unpack_from(">I", png, start), png[start + 4 : start + 8]
        body = png[start + 8 : start + 8 + length]
        assert struct.unpack_from(">I", png, start + 8 + length) == (zlib.crc32(kind + body),)
        header, data = (body if kind == b"IHDR" else header), data + (body if kind == b"IDAT" else b"")
        start += 12 + length
    return header, zlib.decompress(data)


def test_strip_clears_what_a_run_left(tmp_path: Path) -> None:
    left = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", execution_count=3)])
    left.cells[0].outputs = [nbformat.v4.new_output("stream", text="1")]
    path = tmp_path / "left.ipynb"
    nbformat.write(left, path)
    run.strip(path)
    (cell,) = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert (cell["outputs"], cell["execution_count"]) == ([], None)
