# Two commands are enough: `make run` starts the bot, `make test` runs all tests. Both set up what is missing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCK := requirements/all.txt
READY := $(VENV)/.ready

.PHONY: run test setup lint types contracts check browser train lock chaos soak clean

run: $(READY)
	$(BIN)/python -m bot run

test: $(READY) browser
	$(BIN)/python -m pytest -n auto

setup: $(READY)

$(READY): $(LOCK) requirements/uv.txt scripts/make-venv
	scripts/make-venv "$(PYTHON)" "$(VENV)"
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r $(LOCK)
	@touch $@

# The browser test drives Debian's chromium.
browser:
	@command -v chromium >/dev/null || scripts/apt-install chromium

lint: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)
	$(BIN)/mypy

contracts: $(READY)
	$(BIN)/lint-imports

check: $(READY)
	$(BIN)/python -m bot check

# Learns the weights that utterances are understood with out of knowledge_base/understanding/. Its libraries have a folder of their own.
TRAINING := .venv-train

train: $(TRAINING)/.ready
	$(TRAINING)/bin/python -m training

$(TRAINING)/.ready: requirements/train.txt requirements/uv.txt scripts/make-venv
	scripts/make-venv "$(PYTHON)" "$(TRAINING)"
	$(TRAINING)/bin/uv pip install --quiet --python $(TRAINING)/bin/python --require-hashes -r requirements/train.txt
	@touch $@

# Locks name versions and hashes only, never where packages come from.
lock: $(READY)
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml --group dev -c requirements/run.txt -o requirements/all.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" pyproject.toml --group train -c requirements/run.txt -o requirements/train.txt
	echo uv | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command "make lock" - -o requirements/uv.txt

# Long runs, not part of the tests: processes killed and surroundings that fail, generated input, memory over time.
chaos: $(READY)
	for delivery in polling webhook; do \
	    $(BIN)/python -m benchmarks.chaos --delivery $$delivery && \
	    $(BIN)/python -m benchmarks.chaos --delivery $$delivery --database postgresql --processes 3 && \
	    $(BIN)/python -m benchmarks.chaos --delivery $$delivery --stock || exit 1; \
	done
	$(BIN)/python -m benchmarks.faults
	$(BIN)/python -m benchmarks.fuzz

soak: $(READY)
	$(BIN)/python -m benchmarks.soak --minutes 60

clean:
	rm -rf $(VENV) $(TRAINING) data .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
