"""The datasets that the notebooks are run on, from the story of the sample to next to nothing."""

from __future__ import annotations

import json
import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from program import REPOSITORY, aceq

AS_OF = "2026-11-20"
ONE_PARTNER = (
    "Partner Id,Name,Path,Path Stage,Tier,Partner Type\nP-9,Lone Partner,Services,Validated,Advanced,Services\n"
)
NAMES = ("sample", "many", "lone", "unanswered")


@dataclass(frozen=True)
class World:
    """A dataset of Parquet files alone, and the exports it was made of."""

    name: str
    inputs: Path
    dataset: Path

    def assessed(self) -> list[dict]:
        """What `aceq assess --format json` prints of the exports, without alternative readings and sub-minimums."""
        printed = aceq("assess", self.inputs, "--as-of", AS_OF, "--format", "json")
        return [row for row in json.loads(printed) if row["reading"] == "adopted" and row["member"] is None]


def make(name: str, folder: Path) -> World:
    """Makes one world."""
    folder.mkdir(exist_ok=True)
    inputs = exports(name, folder)
    settings, out = usual_settings(inputs, folder / "published"), folder / "published"
    if name == "many":
        run(settings.replace(AS_OF, "2026-08-15"), folder)
    run(settings, folder)
    parquet_only(out, folder / "dataset")
    if name == "unanswered":
        empty_results(folder / "dataset" / "results")
    return World(name, inputs, folder / "dataset")


def exports(name: str, folder: Path) -> Path:
    """The exports of a world: the sample, thirty partners (with an earlier run in the dataset), or a single line."""
    if name in ("sample", "unanswered"):
        return REPOSITORY / "data" / "sample"
    made = folder / "exports"
    if name == "many":
        aceq("generate", "--partners", 30, "--opportunities", 150, "--seed", 7, made)
    else:
        made.mkdir()
        (made / "partners.csv").write_text(ONE_PARTNER, encoding="utf-8")
    return made


def usual_settings(inputs: Path, out: Path) -> str:
    """The settings beside the notebooks, for other inputs and another folder."""
    text = (REPOSITORY / "notebooks" / "aceq.toml").read_text(encoding="utf-8")
    usual = tomllib.loads(text)
    assert (usual["inputs"], usual["out"]) == (["../data/sample"], "../dataset"), "the README names these folders"
    return text.replace('"../data/sample"', json.dumps(str(inputs))).replace('"../dataset"', json.dumps(str(out)))


def run(settings: str, folder: Path) -> None:
    """Publishes, beside the results of earlier runs where there are any."""
    (folder / "aceq.toml").write_text(settings, encoding="utf-8")
    aceq("run", "--append", "-c", folder / "aceq.toml")


def parquet_only(source: Path, target: Path) -> None:
    """A copy without manifest and CSV, so that a notebook that reads anything else fails."""
    for path in source.rglob("*.parquet"):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)


def empty_results(results: Path) -> None:
    """The same tables without a row, as when every partner is filtered out."""
    for path in results.glob("*.parquet"):
        pl.read_parquet(path).clear().write_parquet(path)
