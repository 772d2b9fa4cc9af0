"""The job on the cores of this machine, with a Java that is found here or comes as a wheel.

.venv/bin/python spark/local.py --dataset export --tables tables.json --sql smb.sql --as-of 2026-12-31 --out result

Java may take 4 GB and listens on this machine alone; PYSPARK_SUBMIT_ARGS says otherwise. Spark would cut every step into
200 parts, which is for a cluster: here it is two for each core.
"""

import os
import sys

import local_java

local_java.use()
SETTINGS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.sql.shuffle.partitions": 2 * (os.cpu_count() or 1),
    "spark.ui.enabled": "false",
}
CONF = " ".join(f"--conf {name}={value}" for name, value in SETTINGS.items())
os.environ.setdefault("PYSPARK_SUBMIT_ARGS", f"--driver-memory 4g {CONF} pyspark-shell")

import requirement_status

requirement_status.main(sys.argv[1:])
