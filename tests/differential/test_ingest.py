"""What `ingest` publishes of a wide export, as PyArrow reads it, equals what Python's csv reads of that export."""

import csv
from datetime import date
from decimal import Decimal

import pyarrow.parquet as parquet
import pytest
from ours import run

# Canonical column, header: cells that are published as they are, white space around them aside.
TEXTS = {
    "partner_crm_id": "Partner CRM Unique Identifier",
    "stage": "Stage",
    "customer_name": "Customer Company Name",
    "title": "Partner Project Title",
    "use_case": "Use Case",
    "closed_lost_reason": "Closed Reason",
    "parent_opportunity_id": "Parent Opportunity ID",
}
DATES = {
    "target_close_date": "Target Close Date",
    "created_date": "Date Created",
    "submitted_date": "Date Submitted",
    "decided_date": "Date Approved/Rejected",
    "aws_close_date": "AWS Close Date",
}
MRR = "Estimated AWS Monthly Recurring Revenue"
HIDDEN = "Accept to View"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """The export, and the opportunities that ingest published of it, by id."""
    folder = tmp_path_factory.mktemp("wide")
    run("generate", "--wide", "--partners", 5, "--opportunities", 600, "--seed", 11, folder / "world")
    export = next((folder / "world").rglob("*.csv"))
    run("ingest", export, "--out", folder / "dataset")
    published = parquet.read_table(folder / "dataset/canonical/opportunities.parquet").to_pylist()
    return export, {row["opportunity_id"]: row for row in published}


@pytest.fixture(scope="module")
def read(world):
    """What Python's csv reads, by id; a repeated row is read once, a row without id never."""
    with world[0].open(newline="", encoding="utf-8") as file:
        return {row["Opportunity id"]: row for row in csv.DictReader(file, strict=True) if row["Opportunity id"]}


def test_the_same_opportunities(world, read):
    assert len(read) > 2_900
    assert world[1].keys() == read.keys()


@pytest.mark.parametrize("column", TEXTS)
def test_texts(world, read, column):
    for key, cells in read.items():
        said = cells[TEXTS[column]].strip()
        expected = None if said in ("", HIDDEN) else said
        assert world[1][key][column] == expected, key


@pytest.mark.parametrize("column", DATES)
def test_dates(world, read, column):
    """A cell that is no date is unknown; Python says which those are."""
    for key, cells in read.items():
        assert world[1][key][column] == as_date(cells[DATES[column]]), key


def as_date(cell):
    try:
        month, day, year = (int(part) for part in cell.split("/"))
        return date(year, month, day)
    except ValueError:
        return None


def test_amounts(world, read):
    amounts = 0
    for key, cells in read.items():
        cell = cells[MRR].replace("$", "").replace(",", "")
        expected = Decimal(cell) if cell else None
        amounts += expected is not None
        assert world[1][key]["mrr_usd"] == expected, key
    assert amounts > 2_800


def test_line_numbers(world):
    """Every row names the line on which its record begins."""
    lines = world[0].read_bytes().decode("utf-8").replace("\r\n", "\n").split("\n")
    for key, row in world[1].items():
        assert lines[row["source_line"] - 1].startswith(f"{key},"), key
