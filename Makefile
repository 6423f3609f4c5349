# Every command of the README and of CI. Python 3.11 or later and make are all a machine needs.
PYTHON ?= python3
DATA ?= ../shared/data
ONLY ?=
BUNDLE ?= models/2026.8
BUILD := build
LIGHT := $(BUILD)/venv-light
FULL := $(BUILD)/venv
RELEASE := $(BUILD)/venv-release
export OMP_NUM_THREADS ?= 2
export HF_HUB_OFFLINE := 1
export MLFLOW_DISABLE_TELEMETRY := true
export BONAFIT_TRACKING ?= $(abspath $(BUILD))/tracking
export TOKENIZERS_PARALLELISM := false

# the package itself, nothing else: what it needs is in requirements/, by version and hash
INSTALL := install --quiet --disable-pip-version-check
ITSELF := $(INSTALL) --no-deps --no-build-isolation -e .
COMPILE := --quiet --generate-hashes --no-emit-index-url --no-emit-trusted-host --no-emit-find-links --strip-extras \
	--resolver backtracking

.PHONY: coverage faults mutants requirements lowest sbom help score wheels train train-sample reproduce test test-light test-quick check format judge \
	benchmark benchmark-speed docs sample clean

help:
	@grep -E '^[a-z-]+:.*## ' Makefile | sed 's/:.*## /\t/' | expand -t 14

$(LIGHT)/test-ready: $(LIGHT)/ready requirements/test-light.txt
	$(LIGHT)/bin/pip $(INSTALL) --require-hashes -r requirements/test-light.txt
	@touch $@

$(LIGHT)/ready: pyproject.toml requirements/build.txt requirements/light.txt
	$(PYTHON) -m venv $(LIGHT)
	$(LIGHT)/bin/pip $(INSTALL) --require-hashes -r requirements/build.txt
	$(LIGHT)/bin/pip $(INSTALL) --require-hashes -r requirements/light.txt
	$(LIGHT)/bin/pip $(ITSELF)
	@touch $@

# torch first and exactly, from wherever pip finds it: one build for processors, another for GPUs, of one version, and left
# to the resolver it brings gigabytes of CUDA packages; all else by hash, without looking for what it needs again
$(FULL)/ready: pyproject.toml requirements/build.txt requirements/full.txt
	$(PYTHON) -m venv $(FULL)
	$(FULL)/bin/pip $(INSTALL) torch==2.13.0
	$(FULL)/bin/pip $(INSTALL) --require-hashes -r requirements/build.txt
	$(FULL)/bin/pip $(INSTALL) --require-hashes --no-deps -r requirements/full.txt
	$(FULL)/bin/pip $(ITSELF)
	@touch $@

$(RELEASE)/ready: requirements/release.txt
	$(PYTHON) -m venv $(RELEASE)
	$(RELEASE)/bin/pip $(INSTALL) --require-hashes -r requirements/release.txt
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

test-quick: $(FULL)/ready ## the quick tests of both packages, in under 90 s: all but those marked slow
	$(FULL)/bin/python -m pytest -q -m 'not slow'

# three tests look at what a process loads or forks, which measuring changes
coverage: $(FULL)/ready ## branch coverage of bonafit by the whole of the tests, those of loading and forking left out: about 25 minutes
	$(FULL)/bin/coverage erase
	BONAFIT_DATA=$(abspath $(DATA)) $(FULL)/bin/coverage run -m pytest -q -k 'not a_fork and not loads_what_it_needs'
	$(FULL)/bin/coverage combine -q
	$(FULL)/bin/coverage report --fail-under 95

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

faults: $(FULL)/ready ## files mutated, runs killed, stores damaged, disks full, bundles attacked: tried, survived, lost; MINUTES, SCALE, SEED, ONLY, SUM
	$(FULL)/bin/python benchmarks/faults/run.py --bundle $(BUNDLE) --minutes $(or $(MINUTES),12) --scale $(or $(SCALE),1) \
		--seed $(or $(SEED),7) --only "$(ONLY)" $(if $(SUM),--sum $(SUM))

mutants: $(FULL)/ready ## change combination, additive models, calibration and share correction in small ways: how many changes tests notice
	rm -rf $(BUILD)/mutants && mkdir -p $(BUILD)/mutants
	cp -r scoring/bonafit tests benchmarks/mutants/pyproject.toml benchmarks/mutants/told.py $(BUILD)/mutants
	cd $(BUILD)/mutants && PYTHONPATH= $(abspath $(FULL))/bin/mutmut run --max-children 2 > log.txt
	cd $(BUILD)/mutants && $(abspath $(FULL))/bin/python told.py 0.9

requirements: export CUSTOM_COMPILE_COMMAND := make requirements
requirements: $(RELEASE)/ready ## write requirements/ again: every package of the environments here, by version and hash
	$(RELEASE)/bin/pip-compile $(COMPILE) --build-deps-for editable --only-build-deps -o requirements/build.txt pyproject.toml
	$(RELEASE)/bin/pip-compile $(COMPILE) --allow-unsafe -o requirements/light.txt pyproject.toml
	$(RELEASE)/bin/pip-compile $(COMPILE) --allow-unsafe --extra test-light -o requirements/test-light.txt pyproject.toml
	$(RELEASE)/bin/pip-compile $(COMPILE) --unsafe-package torch -o requirements/full.txt pyproject.toml \
		$(addprefix --extra ,train adapt report sign spark track test)
	$(RELEASE)/bin/pip-compile $(COMPILE) --allow-unsafe -o requirements/release.txt requirements/release.in

lowest: $(RELEASE)/ready ## the quick tests on the lowest versions that pyproject.toml allows, in build/venv-lowest
	rm -rf $(BUILD)/venv-lowest
	$(PYTHON) -m venv $(BUILD)/venv-lowest
	$(RELEASE)/bin/uv pip compile --quiet --resolution lowest-direct --extra test-light -o $(BUILD)/lowest.txt pyproject.toml
	$(BUILD)/venv-lowest/bin/pip $(INSTALL) -r $(BUILD)/lowest.txt
	$(BUILD)/venv-lowest/bin/pip $(INSTALL) --require-hashes -r requirements/build.txt
	$(BUILD)/venv-lowest/bin/pip $(ITSELF)
	$(BUILD)/venv-lowest/bin/python -m pytest -q -m 'not slow'

sbom: $(LIGHT)/ready $(RELEASE)/ready ## what the light package brings with it, as CycloneDX in build/sbom.json
	$(RELEASE)/bin/cyclonedx-py environment $(LIGHT)/bin/python --pyproject pyproject.toml --of JSON -o $(BUILD)/sbom.json

judge: $(FULL)/ready ## the judgement contract over invented creators: every rule, mean and worst case, known orders; TABLE=yes keeps it
	$(FULL)/bin/python benchmarks/judge/run.py --bundle $(BUNDLE) $(if $(TABLE),--publish,--strict)

benchmark: $(FULL)/ready ## accuracy beside baselines; DATA=folder, ONLY=part of a row's key
	$(FULL)/bin/python benchmarks/run.py --data $(DATA) --only '$(ONLY)'

benchmark-speed: $(FULL)/ready ## speed beside peers and the machine's limits; SPEED_INDEX, SPEED_PEER, SPEED_STREAM, SPEED_LARGE_TABLE bound it
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
