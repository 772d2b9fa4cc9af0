"""Runs the notebooks: executed copies, their pictures and a page of pictures; `--strip` clears stored outputs instead.

python notebooks/run.py [OUT]      dataset from ACEQ_DATASET, OUT is target/notebooks unless named
python notebooks/run.py --strip
"""

from __future__ import annotations

import base64
import html
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

HERE = Path(__file__).resolve().parent
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


def keep(path: Path, notebook: nbformat.NotebookNode, out: Path) -> list[str]:
    """Writes the executed copy and its pictures; returns the names of the pictures."""
    nbformat.write(notebook, out / path.name)
    names = []
    for name, png in pictures(notebook):
        names.append(f"{path.stem[:2]}-{name}.png")
        (out / names[-1]).write_bytes(png)
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


def main(arguments: list[str]) -> int:
    """Strips, or runs every notebook and keeps what it drew."""
    if arguments == ["--strip"]:
        for path in NOTEBOOKS:
            strip(path)
        return 0
    out = Path(arguments[0]) if arguments else HERE.parent / "target" / "notebooks"
    out.mkdir(parents=True, exist_ok=True)
    names: dict[str, list[str]] = {}
    for path in NOTEBOOKS:
        try:
            names[path.stem] = keep(path, executed(path), out)
        except CellExecutionError as error:
            print(f"{path.name}: {error.evalue}", file=sys.stderr)
            return 2
        print(f"{path.name}: {len(names[path.stem])} pictures")
    (out / "index.html").write_text(page(names), encoding="utf-8")
    print(f"pictures and executed notebooks: {out}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
