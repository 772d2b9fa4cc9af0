"""The readers under test: each a module with the same few functions, written as its users would write them.

TITLE       what the matrix calls it, with its version
TYPES       documented type → the type that the reader shows for it
types(path) → the type that it shows for each column, in order
rows(path, kinds) → every row, as values of Python
joined(join, left, right, kinds) → the rows of a join, see joins.py
counted(path, by) → the number of rows of each group, behind the values of the columns that make the groups
"""

from types import ModuleType

from readers import (
    with_duckdb,
    with_pandas,
    with_pandas_arrow,
    with_polars,
    with_pyarrow,
    with_spark,
)

READERS: dict[str, ModuleType] = {
    "duckdb": with_duckdb,
    "pyarrow": with_pyarrow,
    "pandas": with_pandas,
    "pandas-arrow": with_pandas_arrow,
    "polars": with_polars,
    "spark": with_spark,
}
