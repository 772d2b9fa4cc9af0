"""What was written by hand into exports is what the dataset holds: the reference of all readers, held by its source."""

import hard_world as hard
import pytest


@pytest.fixture(scope="module")
def tables(published):
    """The tables of the world of hard values, as rows by column name."""
    return {name: entry.dicts() for name, entry in published["hard"].published.items()}


@pytest.mark.parametrize("number", range(len(hard.TEXTS)))
def test_opportunities(tables, number):
    text = hard.TEXTS[number]
    row = next(row for row in tables["opportunities"] if row["opportunity_id"] == hard.opportunity_id(number))
    assert (row["title"], row["closed_lost_reason"], row["partner_crm_id"]) == (text, text, f"CRM {text}")
    assert row["mrr_usd"] == hard.nth(hard.AMOUNTS, number)
    assert row["arr_usd"] == 12 * hard.nth(hard.AMOUNTS, number)
    assert (row["created_date"], row["target_close_date"]) == (
        hard.nth(hard.DATES, number),
        hard.nth(hard.DATES, number + 1),
    )
    assert row["last_modified"] == hard.nth(hard.MOMENTS, number)
    assert row["solutions"] == tuple(hard.nth(hard.LISTS, number))
    assert row["programs"] == tuple(hard.nth(hard.LISTS, number + 1))


@pytest.mark.parametrize(
    ("table", "column"),
    [("activities", "title"), ("offerings", "description"), ("attestations", "evidence"), ("case_studies", "title")],
)
def test_texts_of_other_kinds(tables, table, column):
    found = {row[column] for row in tables[table] if row["partner_id"] == hard.PARTNER}
    assert found == set(hard.TEXTS)


def test_the_largest_amount(tables):
    found = {row["annual_revenue_usd"] for row in tables["customers"] if row["customer_name"] == hard.CUSTOMERS[1]}
    assert found == {hard.LARGEST}


def test_a_bare_row_is_null_wherever_it_may_be(tables):
    """Columns that its file does not have are unknown; only what is known of every row has a value."""
    row = next(row for row in tables["opportunities"] if row["partner_id"] == hard.BARE)
    known = {name for name, value in row.items() if value is not None}
    assert known == {"partner_id", "opportunity_id", "masked", "findings", "source_file", "source_sheet", "source_line"}
