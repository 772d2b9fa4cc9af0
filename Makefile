# Every target is what CI calls or what a person needs; `make` alone lists them.
CARGO ?= cargo
# One profile everywhere: the engine under the queries takes minutes to build and is slow without optimisation.
PROFILE = --release --locked

.PHONY: help run build check test differential fuzz gen bench lock clean

help:
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

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
	$(MAKE) differential

differential: build .venv/installed ## the same files read by Python's csv, DuckDB, pandas, openpyxl (needs Python 3 with venv)
	.venv/bin/python -m pytest --quiet -p no:cacheprovider tests/differential

TARGET ?= csv
SECONDS ?= 60
fuzz: build fuzz/tools/bin/cargo-fuzz ## hand a reader anything: make fuzz TARGET=json SECONDS=60; see docs/fuzzing.md
	ACEQ_SEEDS=$(CURDIR)/fuzz/seeds $(CARGO) test $(PROFILE) --workspace --test fuzz_smoke
	mkdir -p fuzz/corpus/$(TARGET)
	cd fuzz && PATH="$(CURDIR)/fuzz/tools/bin:$$PATH" $(CARGO) fuzz run --sanitizer none $(TARGET) corpus/$(TARGET) \
		seeds/$(TARGET) -- -max_total_time=$(SECONDS) -timeout=20 -rss_limit_mb=2048 -max_len=65536

fuzz/tools/bin/cargo-fuzz:
	$(CARGO) install cargo-fuzz --version 0.13.2 --locked --root fuzz/tools

gen: build ## write docs/reference anew
	ACEQ_UPDATE=1 $(CARGO) test $(PROFILE) --workspace --test reference

bench: build .venv/installed ## measure, beside DuckDB, Polars and pandas on the same file
	.venv/bin/python tests/bench/bench.py

# Other readers, notebooks and Spark, pinned with everything they need; installed once, and again when the lock changes.
.venv/installed: requirements.lock
	python3 -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	touch $@

lock: .venv/installed ## write requirements.lock anew from pyproject.toml
	.venv/bin/pip install --quiet --disable-pip-version-check uv==0.13.8
	.venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --universal \
		pyproject.toml --output-file requirements.lock

clean: ## remove what was built
	$(CARGO) clean
