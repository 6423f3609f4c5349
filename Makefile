# Every command of the README and of CI. Python 3.11 or later and make are all a machine needs.
PYTHON ?= python3
DATA ?= ../shared/data
ONLY ?=
BUNDLE ?= models/2026.5
BUILD := build
LIGHT := $(BUILD)/venv-light
FULL := $(BUILD)/venv
export OMP_NUM_THREADS ?= 2
export HF_HUB_OFFLINE := 1
export MLFLOW_DISABLE_TELEMETRY := true
export BONAFIT_TRACKING ?= $(abspath $(BUILD))/tracking
export TOKENIZERS_PARALLELISM := false

.PHONY: faults sbom help score wheels train train-sample reproduce test test-light check format judge benchmark benchmark-speed docs sample clean

help:
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 14

$(LIGHT)/test-ready: $(LIGHT)/ready
	$(LIGHT)/bin/pip install --quiet --disable-pip-version-check -e '.[test-light]'
	@touch $@

$(LIGHT)/ready: pyproject.toml
	$(PYTHON) -m venv $(LIGHT)
	$(LIGHT)/bin/pip install --quiet --disable-pip-version-check -e .
	@touch $@

# torch first and exactly: left to the resolver it brings gigabytes of CUDA packages
$(FULL)/ready: pyproject.toml
	$(PYTHON) -m venv $(FULL)
	$(FULL)/bin/pip install --quiet --disable-pip-version-check torch==2.13.0
	$(FULL)/bin/pip install --quiet --disable-pip-version-check -e '.[train,adapt,report,sign,spark,track,test]'
	@touch $@

score: $(LIGHT)/ready ## score the invented sample for its brief with the published bundle
	@mkdir -p $(BUILD)
	$(LIGHT)/bin/bonafit score examples/creators.jsonl --brief examples/brief.toml --bundle $(BUNDLE) \
		--out $(BUILD)/scores.jsonl --cache $(BUILD)/vectors

# pip install build/wheels/bonafit-*.whl finds the bundle with --find-links; a checkout has it in models/ and needs none
wheels: $(LIGHT)/ready ## build the two wheels, bonafit and the bundle it requires, into build/wheels; prints their sizes
	rm -rf $(BUILD)/wheels
	BUNDLE=$(abspath $(BUNDLE)) $(LIGHT)/bin/pip wheel --quiet --disable-pip-version-check --no-deps \
		--wheel-dir $(BUILD)/wheels ./distributions/bonafit-bundle
	BONAFIT_REQUIRES=bonafit-bundle==$(notdir $(BUNDLE)) $(LIGHT)/bin/pip wheel --quiet --disable-pip-version-check \
		--no-deps --wheel-dir $(BUILD)/wheels .
	@wc -c $(BUILD)/wheels/*.whl

train: $(FULL)/ready ## train the published bundle again, from the public sets in DATA into build/models
	rm -rf $(BUILD)/models/$(notdir $(BUNDLE))
	$(FULL)/bin/bonafit train --config training/published.toml --name $(notdir $(BUNDLE)) --data $(DATA) \
		--out $(BUILD)/models

train-sample: $(FULL)/ready ## fit the niche head on the invented pairs and outcomes in examples/, over the published bundle
	rm -rf $(BUILD)/sample/own
	$(FULL)/bin/bonafit train --own examples/creators.jsonl --pairs examples/pairs.csv --outcomes examples/outcomes.csv \
		--invented --base $(BUNDLE) --out $(BUILD)/sample --no-tracking

reproduce: train ## train the published bundle again and compare it, figure by figure
	$(FULL)/bin/python -m bonafit_training.publishing.reproduce $(BUNDLE) $(BUILD)/models/$(notdir $(BUNDLE))

test: $(FULL)/ready ## run the tests
	BONAFIT_DATA=$(abspath $(DATA)) $(FULL)/bin/python -m pytest

test-light: $(LIGHT)/test-ready ## run the quick tests of the scoring package, without torch: minutes from a bare clone
	$(LIGHT)/bin/python -m pytest -m 'not slow'

check: $(FULL)/ready ## format, lint, types, direction of imports, structure
	$(FULL)/bin/ruff format --check .
	$(FULL)/bin/ruff check .
	$(FULL)/bin/mypy
	$(FULL)/bin/lint-imports
	$(FULL)/bin/python benchmarks/structure.py

format: $(FULL)/ready ## rewrite files in the house format
	$(FULL)/bin/ruff format .
	$(FULL)/bin/ruff check --fix .

faults: $(FULL)/ready ## files mutated, runs killed, stores damaged, disks full, bundles attacked: tried, survived, lost; MINUTES, SCALE
	$(FULL)/bin/python benchmarks/faults/run.py --bundle $(BUNDLE) --minutes $(or $(MINUTES),8) --scale $(or $(SCALE),1)

sbom: $(LIGHT)/ready ## what the light package brings with it, as CycloneDX in build/sbom.json
	$(LIGHT)/bin/pip install --quiet --disable-pip-version-check cyclonedx-bom
	$(LIGHT)/bin/cyclonedx-py environment $(LIGHT)/bin/python --of JSON -o $(BUILD)/sbom.json

judge: $(FULL)/ready ## the judgement contract over invented creators: every rule, mean and worst case, known orders; TABLE=yes keeps it
	$(FULL)/bin/python benchmarks/judge/run.py --bundle $(BUNDLE) $(if $(TABLE),--publish,--strict)

benchmark: $(FULL)/ready ## accuracy beside baselines; DATA=folder, ONLY=part of a row's key
	$(FULL)/bin/python benchmarks/run.py --data $(DATA) --only '$(ONLY)'

benchmark-speed: $(FULL)/ready ## speed beside peers and the machine's limits; SPEED_INDEX, SPEED_PEER, SPEED_STREAM bound it
	$(FULL)/bin/python benchmarks/run.py --data $(DATA) --only speed/
	$(FULL)/bin/python benchmarks/speed/plot.py

docs: $(FULL)/ready ## write the pages and schemas in docs/ that come from the code
	$(FULL)/bin/python -m bonafit.cli.reference > docs/cli.md
	$(FULL)/bin/python -m bonafit.explanations.documented > docs/flags.md
	$(FULL)/bin/python -m bonafit.io.documented docs/formats.md
	$(FULL)/bin/python -m bonafit.commercial.documented docs/methods/commercial.md
	$(FULL)/bin/python -m bonafit.scorer.flat > docs/table.md
	$(FULL)/bin/python -m bonafit.schemas scoring/bonafit/schemas docs/schemas
	test ! -d $(DATA) || $(FULL)/bin/python -m bonafit_training.data.documented $(DATA) > docs/data.md

sample: $(FULL)/ready ## write the invented sample in examples/ again
	$(FULL)/bin/python -m bonafit_training.sample.creators --n 200 --seed 7 --out examples
	$(FULL)/bin/python -m bonafit_training.sample.agency --creators examples/creators.jsonl --out examples/agency

clean: ## remove everything that these commands made
	rm -rf $(BUILD)
