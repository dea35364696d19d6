# One command each; every one of them installs what it needs first.
export ORT_DISABLE_TELEMETRY := 1
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
DATA ?= ../shared/data
PYTHON ?= python3

.PHONY: run test bench accuracy judge lint format train lock pictures bundle clean

run: $(STAMP) ## the main job on rendered traffic, on http://127.0.0.1:8000
	$(BIN)/platetrail demo

test: $(STAMP) lint $(VENV)/.test-parts ## every test
	$(BIN)/pytest -q

bench: $(STAMP) $(VENV)/.test-parts ## speed and memory: one table
	$(BIN)/python -m tests.bench $(addprefix --roads ,$(wildcard $(DATA)/roads/hanoi.osm.pbf))

accuracy: $(STAMP) ## reading real photographs, what scores mean, and PaddleOCR beside it: tables
	$(BIN)/python -m tests.prepare_paddle
	$(BIN)/python -m tests.accuracy --data $(DATA)/dev --scorer $(DATA)/../tools/alpr_score.py \
	  --negatives $(DATA)/train/neg-streets --paddleocr .cache/paddleocr $(ACCURACY)

judge: $(STAMP) ## routes on traffic of SUMO whose truth is known: a table
	$(BIN)/pip install -q --no-deps -r requirements-judge.lock
	$(BIN)/python -m tests.judge --roads $(DATA)/roads/hanoi.osm.pbf $(JUDGE)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

train: $(STAMP) ## both models; takes up where it was stopped
	$(BIN)/pip install -q -r requirements-train.lock
	$(BIN)/python -m models.training.pseudo_labels --data $(DATA)/train
	$(BIN)/python -m models.training.train_detector --data $(DATA)/train
	$(BIN)/python -m models.training.train_reader --data $(DATA)/train
	$(BIN)/python -m models.training.export detector --data $(DATA)/train
	$(BIN)/python -m models.training.export reader --data $(DATA)/train
	$(BIN)/python -m models.training.calibrate --data $(DATA)/train

lock: ## choose the versions anew
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q pip-tools==7.5.1
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile -q --no-emit-index-url --no-emit-find-links --strip-extras --extra dev -o requirements.lock pyproject.toml
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile -q --no-emit-index-url --no-emit-find-links --strip-extras --extra train -c requirements.lock -o requirements-train.lock pyproject.toml
	CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/pip-compile -q --no-emit-index-url --no-emit-find-links --strip-extras --extra judge -c requirements.lock -o requirements-judge.lock pyproject.toml

bundle: $(STAMP) ## one archive that installs on machines without internet, in dist/
	$(BIN)/python docker/bundle/build.py

pictures: $(STAMP) $(VENV)/.test-parts ## the pictures of the README, from rendered traffic
	$(BIN)/python -m docs.take_pictures

clean:
	rm -rf $(VENV) .cache web/static/dist search/fonts node_modules dist

$(STAMP): requirements.lock pyproject.toml hatch_build.py web/package-lock.json
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install -q --no-deps -r requirements.lock
	$(BIN)/pip install -q --no-deps -e .
	touch $@

$(VENV)/.test-parts: $(STAMP) tests/install_parts
	tests/install_parts
	touch $@
