"""The job on the cores of this machine, with a Java that is found here or comes as a wheel.

.venv/bin/python spark/local.py --dataset export --tables tables.json --sql smb.sql --as-of 2026-12-31 --out result

Java may take 4 GB, or what PYSPARK_SUBMIT_ARGS says.
"""

import os
import sys

import local_java

local_java.use()
os.environ.setdefault("PYSPARK_SUBMIT_ARGS", "--driver-memory 4g --conf spark.ui.enabled=false pyspark-shell")

import requirement_status

requirement_status.main(sys.argv[1:])
