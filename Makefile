# One verb per task. CI and hooks call these and nothing else. `make` alone lists them.
PY := .venv/bin/python
.DEFAULT_GOAL := help
.PHONY: release help setup demo check check-pyright check-mypy check-ruff check-borders check-layout test play replay bench boots boots-clean soak cover mutants mutate breaks readme asyncapi catalogs pictures lock words

help: ## list the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-11s %s\n", $$1, $$2}'

setup: ## install what is missing to work on this house
	@bash tests/run.sh --install-only

demo: ## run a commune of five hamlets on this machine
	@bash deploy/demo.sh

check: setup ## ruff, mypy, pyright, borders between the rooms, layout
	@$(MAKE) --no-print-directory --jobs=2 --output-sync=target check-pyright check-mypy check-ruff check-borders check-layout

# Mypy and Pyright take half a minute of one core each: two at a time.
check-pyright:
	.venv/bin/pyright
check-mypy:
	$(PY) -m mypy
check-ruff:
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
check-borders:
	.venv/bin/lint-imports
check-layout:
	$(PY) -m pytest -q tests/test_house.py

test: ## the whole default suite (also: bash tests/run.sh)
	@bash tests/run.sh

play: setup ## a prompt on a simulated commune: press, cut a cable, kill, +5m, jump a clock, and watch
	@$(PY) tests/street/play.py $(ARGS)

replay: ## re-run the core over a trace: make replay FILE=trace.jsonl
	$(PY) -m node.replay $(FILE)

bench: ## speed and memory, each as a ratio against a peer in the same run
	@bash tests/run.sh --install-bench
	$(PY) -m tests.bench $(ARGS)

boots: setup ## boot real Debians (BOOTS="bookworm trixie") and go the whole way through them, as root: make boots ARGS="-k fresh"
	@bash tests/run.sh --install-boots
	KENG_BOOTS="$(or $(BOOTS),bookworm trixie)" $(PY) -m pytest -v --timeout=0 tests/boots $(ARGS)

boots-clean: ## take away what `make boots` keeps: images, packages (~/.cache/keng/boots, or below KENG_CACHE)
	PYTHONPATH=tests python3 -m fakes.bootimage

soak: setup ## the long versions: noise, walks, the lab and its storm; then a year on the street: make soak STREET="--minutes 60"
	KENG_SOAK=1 $(PY) -m pytest -q -m "pure or soak" --timeout=0 tests $(ARGS)
	$(PY) -m tests.street.soak $(STREET)

cover: setup ## each branch of the pure cores is taken by their own tests, or this fails
	KENG_EXAMPLES=short $(PY) -m coverage run -m pytest -q tests/node/core tests/broker/core tests/joined/test_promises.py tests/joined/test_found.py
	$(PY) -m coverage report

mutants: setup ## break the cores on purpose, one line at a time, and see the tests fail
	$(PY) tests/mutants.py $(ARGS)

breaks: setup ## the same under real processes, a quarter of an hour: make breaks ARGS="--only killed --write"
	$(PY) tests/breaks.py $(ARGS)

mutate: ## change the pure cores' functions in every way mutmut knows: the score, and tests/MUTATION.md
	@bash tests/run.sh --install-mutate
	$(PY) tests/mutation/score.py $(ARGS)

.PHONY: arm arm-clean
arm: ## the node from its bundle, its tests and doctor, in an emulated Debian of a Pi's processor: make arm ARGS="--suite trixie --arch arm64"
	@bash tests/run.sh --install-arm
	$(PY) -m tests.arm $(ARGS)

arm-clean: ## delete the Debians, the bundle and the tools that `make arm` keeps in ~/.cache/keng
	$(PY) -m tests.arm --clean

catalogs: setup ## compile the console's English (broker/console/**/django.po)
	$(PY) tests/catalogs.py

pictures: setup ## take the README's pictures of the duty desk anew
	$(PY) tests/pictures.py

readme: setup ## draw the README's diagrams anew from the code
	$(PY) tests/readme.py

words: setup ## speak the sentences of a box anew (needs espeak-ng)
	PYTHONPATH=. $(PY) tests/words.py

release: ## a signed bundle for boxes: make release KEY=release.key [TO=keng-bundle]
	bash deploy/bundle.sh $(or $(TO),keng-bundle)
	.venv/bin/keng release sign $(or $(TO),keng-bundle) --key $(KEY)

asyncapi: setup ## write the AsyncAPI document anew from the code
	$(PY) -m wire.asyncapi > wire/asyncapi.yaml

lock: ## hold the libraries of an installed machine to versions and hashes: make lock ARGS=-U for newer ones
	@bash deploy/lock.sh $(ARGS)
