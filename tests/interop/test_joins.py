"""Every reader that joins makes the joins that people make, and finds the rows that a pair-by-pair join finds."""

from collections import Counter

import pytest
from documented import TABLES
from joins import JOINS, naive
from readers import READERS


@pytest.mark.parametrize("join", JOINS, ids=lambda join: join.name)
@pytest.mark.parametrize("reader", READERS)
def test_joins_as_published(compared_joins, reader, join):
    assert compared_joins(reader, join.name)


@pytest.mark.parametrize("join", [join for join in JOINS if join.one_each], ids=lambda join: join.name)
def test_keys_find_one_row_each(published, join):
    """No row is lost by such a join, and none is doubled."""
    for world in having(published, join):
        left, right = (world.published[name].dicts() for name in join.tables)
        asked = [row for row in left if join.where is None or row[join.where[0]] == join.where[1]]
        assert len(naive(join, asked, right)) == len(asked), world.name


# Columns that name a row of a dimension, wherever they stand; findings about whole files belong to no partner.
KEYS = {
    "partner_id": ("dim_partner", "partner_id"),
    "requirement_key": ("dim_requirement", "requirement_key"),
    "run_id": ("dim_run", "run_id"),
    "as_of": ("dim_date", "date"),
}


@pytest.mark.parametrize("column", KEYS)
def test_every_fact_finds_its_dimension(published, column):
    """In every table that has the column, every value of it is one row of the dimension, and no fact lacks it."""
    dimension, key = KEYS[column]
    found = 0
    for world in published.values():
        known = Counter(row[key] for row in world.published[dimension].dicts())
        assert set(known.values()) == {1}, world.name
        for entry in world.published.values():
            if column in entry.table.names and entry.table.folder != "quality":
                assert {row[column] for row in entry.dicts()} <= known.keys(), f"{entry.table.name} of {world.name}"
                found += len(entry.rows)
    assert found > 0


# Bridge → the table and the list whose items it holds.
BRIDGES = {
    "opportunity_products": ("opportunities", "opportunity_id", "aws_products"),
    "opportunity_solutions": ("opportunities", "opportunity_id", "solutions"),
    "opportunity_programs": ("opportunities", "opportunity_id", "programs"),
    "opportunity_delivery_models": ("opportunities", "opportunity_id", "delivery_models"),
    "case_study_programs": ("case_studies", "case_study_id", "programs"),
    "case_study_services": ("case_studies", "case_study_id", "aws_services"),
    "case_study_features": ("case_studies", "case_study_id", "features"),
}


def test_every_bridge_is_known():
    assert set(BRIDGES) == {name for name, table in TABLES.items() if table.folder == "bridges"}


@pytest.mark.parametrize("bridge", BRIDGES)
def test_bridges_hold_the_items_of_lists(published, bridge):
    """One row per item, each item once: an item that a list repeats is one row."""
    table, key, column = BRIDGES[bridge]
    for world in (each for each in published.values() if table in each.published):
        items = {
            (row["partner_id"], row[key], item) for row in world.published[table].dicts() for item in row[column] or ()
        }
        assert Counter(world.published[bridge].rows) == Counter(dict.fromkeys(items, 1)), world.name


def having(published, join):
    """The worlds that have both tables."""
    return [world for world in published.values() if all(name in world.published for name in join.tables)]
