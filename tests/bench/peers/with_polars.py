"""Polars: scan_csv, the same casts, sink_parquet. Arguments: the export, the Parquet file to write.

The number of threads comes from POLARS_MAX_THREADS.
"""

import sys

import polars as pl
from columns import COLUMNS


def cast(name, header, kind):
    text = pl.col(header)
    match kind:
        case "digits":
            text = text.str.replace_all("[ -]", "")
        case "list":
            text = text.str.split(";")
        case "money":
            text = text.str.replace_all("[$, ]", "").cast(pl.Decimal(18, 2), strict=False)
        case "date":
            text = text.str.to_date("%m/%d/%Y", strict=False)
        case "timestamp":
            text = text.str.to_datetime("%m/%d/%Y", time_unit="us", strict=False)
    return text.alias(name)


export, out = sys.argv[1:]
rows = pl.scan_csv(export, infer_schema=False).select(cast(*column) for column in COLUMNS)
rows.sink_parquet(out, compression="zstd")
