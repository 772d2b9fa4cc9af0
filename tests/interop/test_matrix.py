"""docs/interop.md shows what is compared. `ACEQ_UPDATE=1` (make matrix) writes it anew; else a stale page fails."""

import os

import matrix
from conftest import MATRIX


def test_the_matrix_is_current(compared, compared_sheets, compared_joins, pytestconfig):
    written = matrix.matrix(compared, compared_sheets)
    pytestconfig.stash[MATRIX] = written
    text = matrix.PAGE.read_text(encoding="utf-8")
    expected = matrix.page_with(text, "\n\n".join([written, matrix.types(), matrix.joins(compared_joins)]))
    if os.environ.get("ACEQ_UPDATE"):
        matrix.PAGE.write_text(expected, encoding="utf-8")
        text = expected
    assert text == expected, "docs/interop.md is not current: run `make matrix` and look at what changed"
