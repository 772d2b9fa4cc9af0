"""Runs the notebooks: executed copies, their pictures and a page of pictures; `--strip` clears stored outputs instead.

python notebooks/run.py [OUT]      dataset from ACEQ_DATASET, OUT is target/notebooks unless named
python notebooks/run.py --strip
"""

from __future__ import annotations

import base64
import html
import os
import shutil
import struct
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "target" / "notebooks"
SHOWN = ("01-overview.png", "02-gaps.png", "03-steps.png")  # in README.md and notebooks/README.md
NOTEBOOKS = sorted(HERE.glob("[0-9][0-9]-*.ipynb"))


def executed(path: Path, dataset: Path | None = None) -> nbformat.NotebookNode:
    """The notebook with its outputs, of the named dataset or else of the usual one; the file stays as it is."""
    environment = os.environ | ({"ACEQ_DATASET": str(dataset)} if dataset else {})
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(HERE)}}
    quiet = ["--log-level=ERROR"]  # the kernel would warn about its own socket
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources=resources, extra_arguments=quiet)
    return client.execute(env=environment)


def pictures(notebook: nbformat.NotebookNode) -> Iterator[tuple[str, bytes]]:
    """The name of each cell that drew, and its PNG."""
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                yield cell.id, base64.b64decode(output.data["image/png"])


def smaller(png: bytes) -> bytes:
    """The same picture with its pixels packed tightly, about a fifth of the size."""
    chunks, start = [], 8
    while start < len(png):
        (length,) = struct.unpack_from(">I", png, start)
        chunks.append((png[start + 4 : start + 8], png[start + 8 : start + 8 + length]))
        start += 12 + length
    pixels = zlib.compress(zlib.decompress(b"".join(data for kind, data in chunks if kind == b"IDAT")), 9)
    kept = [chunk for chunk in chunks if chunk[0] not in (b"IDAT", b"IEND")]
    return png[:8] + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in [*kept, (b"IDAT", pixels), (b"IEND", b"")]
    )


def keep(path: Path, notebook: nbformat.NotebookNode, out: Path) -> list[str]:
    """Writes the executed copy and its pictures; returns the names of the pictures."""
    nbformat.write(notebook, out / path.name)
    names = []
    for name, png in pictures(notebook):
        names.append(f"{path.stem[:2]}-{name}.png")
        (out / names[-1]).write_bytes(smaller(png))
    return names


def page(names: dict[str, list[str]]) -> str:
    """One page with every picture."""
    body = "".join(
        f"<h2>{html.escape(stem)}</h2>" + "".join(f'<p><img src="{html.escape(name)}" width="900"></p>' for name in of)
        for stem, of in names.items()
    )
    return f"<!doctype html><meta charset='utf-8'><title>Notebooks</title>{body}\n"


def strip(path: Path) -> None:
    """Clears what a run left in the file."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    path.write_text(nbformat.writes(notebook) + "\n", encoding="utf-8")


def run_all() -> int:
    """Runs every notebook and keeps what it drew; 2 when one cannot run, with its own words."""
    OUT.mkdir(parents=True, exist_ok=True)
    names: dict[str, list[str]] = {}
    for path in NOTEBOOKS:
        try:
            names[path.stem] = keep(path, executed(path), OUT)
        except CellExecutionError as error:
            print(f"{path.name}: {error.evalue}", file=sys.stderr)
            return 2
        print(f"{path.name}: {len(names[path.stem])} pictures")
    (OUT / "index.html").write_text(page(names), encoding="utf-8")
    print(f"executed notebooks, pictures and index.html: {OUT}")
    return 0


def main(arguments: list[str]) -> int:
    """Strips, or runs every notebook."""
    if arguments == ["--strip"]:
        for path in NOTEBOOKS:
            strip(path)
        return 0
    if arguments not in ([], ["--docs"]):
        print(__doc__, file=sys.stderr)
        return 2
    code = run_all()
    for name in SHOWN if arguments and code == 0 else ():
        shutil.copyfile(OUT / name, HERE.parent / "docs" / "images" / name)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
