"""pandas: read_csv with dtype=str, the same casts, to_parquet. Arguments: the export, the Parquet file to write.

Only the thirty columns are kept (`usecols`), as anybody would who runs out of memory; amounts become whole cents, since
pandas has no decimals of its own.
"""

import sys

import pandas as pd
import pyarrow
from columns import COLUMNS, HEADERS


def cast(cells, kind):
    match kind:
        case "digits":
            return cells.str.replace("[ -]", "", regex=True)
        case "list":
            return cells.str.split(";")
        case "money":
            amounts = pd.to_numeric(cells.str.replace("[$, ]", "", regex=True), errors="coerce")
            return (amounts * 100).round().astype("Int64")
        case "date" | "timestamp":
            return pd.to_datetime(cells, format="%m/%d/%Y", errors="coerce")
    return cells


pyarrow.set_cpu_count(2)
export, out = sys.argv[1:]
cells = pd.read_csv(export, dtype=str, usecols=HEADERS)
rows = pd.DataFrame({name: cast(cells.pop(header), kind) for name, header, kind in COLUMNS})
rows.to_parquet(out, compression="zstd", index=False)
